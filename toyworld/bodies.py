"""People, dogs and horses in the poses of their activities.

A pose must tell its activity in one still picture: legs together when standing, apart when walking,
bent and wide when running, folded when sitting. `cycle` counts half steps; the two half steps of a
gait differ in which leg leads, and the stride never closes completely.
"""

from functools import lru_cache
from math import cos, sin

from toyworld.shapes import Body, Builder, Point

SKIN, HAIR, TOP, BOTTOM, SHOE, ACCENT = range(6)
COAT, DARK, PALE, HOOF, EYE, COLLAR = range(6)

GAIT_STEPS = 4
"""Distinct pictures of a gait cycle: two half steps, each wide and less wide."""

SADDLE = (-0.05, 0.0, 1.32)
"""Where a rider sits on a horse."""

_LEG, _SHIN, _TRUNK, _ARM, _FOREARM = 0.42, 0.42, 0.46, 0.30, 0.28


def _stride(cycle: int) -> float:
    """-1 to 1, never near 0."""
    return (1.0, 0.75, -1.0, -0.75)[cycle % GAIT_STEPS]


def _swing(start: Point, length: float, angle: float) -> Point:
    """The end of a bone hanging down from `start`, swung forward by `angle` radians."""
    return (start[0] + length * sin(angle), start[1], start[2] - length * cos(angle))


@lru_cache(maxsize=256)
def person(activity: str, arms: str, cycle: int) -> Body:
    """A person. `arms`: free, front (holding), low (carrying), high (umbrella, throwing).

    The origin is under the feet, except for sit and ride (the point that is sat on).
    """
    builder = Builder()
    s = _stride(cycle)
    lean, hip, left, right = _person_frame(activity, s)
    shoulder = (hip[0] + _TRUNK * sin(lean), 0.0, hip[2] + _TRUNK * cos(lean))
    for side, (thigh, bend) in ((1, left), (-1, right)):
        spread = 0.26 if activity == "ride" else 0.10
        start = (hip[0], side * spread * 0.7, hip[2])
        knee = _swing((start[0], side * spread, start[2]), _LEG, thigh)
        foot = _swing(knee, _SHIN, thigh - bend)
        builder.limb(start, knee, 0.115, BOTTOM, stop_radius=0.095)
        builder.limb(knee, foot, 0.095, BOTTOM, stop_radius=0.08)
        builder.limb(foot, (foot[0] + 0.12, foot[1], foot[2] - 0.01), 0.075, SHOE)
    low = (hip[0], 0.0, hip[2] + 0.08)
    builder.limb(low, shoulder, 0.19, TOP, stop_radius=0.21, stripes=2.0)
    hands = [_person_arm(builder, shoulder, side, activity, arms, s) for side in (1, -1)]
    head = (shoulder[0] + 0.22 * sin(lean) + 0.03, 0.0, shoulder[2] + 0.33)
    builder.ball(head, 0.175, SKIN)
    builder.ball((head[0] - 0.055, 0.0, head[2] + 0.055), 0.185, HAIR)
    builder.ball((head[0] + 0.18, 0.0, head[2] - 0.02), 0.05, SKIN)
    for side in (1, -1):
        builder.ball((head[0] + 0.145, side * 0.07, head[2] + 0.03), 0.03, SHOE)
    grip = hands[1] if arms == "high" else tuple((a + b) / 2 for a, b in zip(*hands, strict=True))
    builder.anchor("hand", grip).anchor("foot", (0.62, -0.1, 0.0)).anchor("head", head)
    return _laid_down(builder.body()) if activity == "lie" else builder.body()


def _person_frame(activity: str, s: float) -> tuple[float, Point, tuple[float, float], tuple[float, float]]:
    """Trunk lean, hip, and (thigh, knee bend) of the left and the right leg."""
    upright = (0.0, 0.0, 0.91)
    if activity == "walk":
        return 0.06, (0.0, 0.0, 0.86), (0.52 * s, 0.05 if s > 0 else 0.3), (-0.52 * s, 0.3 if s > 0 else 0.05)
    if activity == "run":
        lead, trail = (1.05, 1.15), (-0.55, 1.0)
        return 0.38, (0.0, 0.0, 0.88), lead if s > 0 else trail, trail if s > 0 else lead
    if activity == "sit":
        return -0.08, (0.0, 0.0, 0.12), (1.5, 1.5), (1.5, 1.5)
    if activity == "squat":  # sitting on the ground, legs stretched out
        return -0.15, (-0.2, 0.0, 0.14), (1.5, 0.05), (1.42, 0.0)
    if activity == "ride":
        return 0.0, (0.0, 0.0, 0.06), (0.75, 0.85), (0.75, 0.85)
    if activity == "kick":
        return -0.25, (0.0, 0.0, 0.88), (-0.12, 0.1), (0.95, 0.05)
    if activity == "lean":
        return 0.45, (-0.32, 0.0, 0.85), (-0.35, 0.0), (-0.42, 0.05)
    return 0.0, upright, (0.0, 0.0), (0.0, 0.0)


def _person_arm(builder: Builder, shoulder: Point, side: int, activity: str, arms: str, s: float) -> Point:
    """Draw one arm and return its hand."""
    forward, bend = 0.12, 0.15
    if arms == "front":
        forward, bend = 1.1, 0.45
    elif arms == "low":
        forward, bend = 0.42, 0.5
    elif arms == "high":
        forward, bend = (1.2, 1.5) if side < 0 else (0.12, 0.15)
    elif arms == "up":
        forward, bend = 2.5, 0.2
    elif activity == "run":
        forward, bend = -0.75 * side * s, 1.5
    elif activity == "walk":
        forward, bend = -0.45 * side * s, 0.2
    elif activity in ("lean", "ride"):
        forward, bend = 1.0, 0.3
    elif activity == "kick":
        forward, bend = -0.6 * side, 0.3
    elif activity in ("sit", "squat"):
        forward, bend = 0.5, 0.6
    start = (shoulder[0], side * 0.235, shoulder[2] - 0.02)
    out = 0.05 if arms == "free" else -0.10
    elbow = _swing(start, _ARM, forward)
    elbow = (elbow[0], elbow[1] + side * out, elbow[2])
    hand = _swing(elbow, _FOREARM, forward + bend)
    builder.limb(start, elbow, 0.082, TOP, stop_radius=0.075)
    builder.limb(elbow, hand, 0.072, SKIN, stop_radius=0.078)
    return hand


def _laid_down(body: Body) -> Body:
    """The standing body on its back: up becomes along x, centred on the origin."""
    limbs = body.limbs.copy()
    for x in (0, 3):
        along, up = limbs[:, x].copy(), limbs[:, x + 2].copy()
        limbs[:, x], limbs[:, x + 2] = up - 0.85, along + 0.20
    return Body(limbs, body.limb_materials, body.faces, body.face_materials, {})


@lru_cache(maxsize=64)
def dog(activity: str, cycle: int) -> Body:
    """A dog of about 0.75 m at the shoulder (toy proportions)."""
    builder = Builder()
    s = _stride(cycle)
    if activity == "sit":
        back, chest, angles = (-0.34, 0.0, 0.20), (0.12, 0.0, 0.52), (0.05, 0.05, 1.3, 1.3)
    elif activity == "lie":
        back, chest, angles = (-0.38, 0.0, 0.17), (0.32, 0.0, 0.18), (1.5, 1.5, 1.5, 1.5)
    elif activity == "run":
        back, chest, angles = (-0.40, 0.0, 0.48), (0.36, 0.0, 0.54), (0.95, 0.7, -0.95, -0.7)
    elif activity == "walk":
        back, chest, angles = (-0.36, 0.0, 0.46), (0.32, 0.0, 0.48), (0.55 * s, -0.5 * s, -0.55 * s, 0.5 * s)
    else:
        back, chest, angles = (-0.36, 0.0, 0.46), (0.32, 0.0, 0.48), (0.0, 0.0, 0.0, 0.0)
    builder.limb(back, chest, 0.19, COAT, stop_radius=0.21, stripes=2.0)
    for index, angle in enumerate(angles):
        root = chest if index < 2 else back
        side = 0.12 if index % 2 else -0.12
        start = (root[0], side, root[2] - 0.06)
        length = max(start[2] - 0.07, 0.25) if activity != "sit" or index < 2 else 0.3
        builder.limb(start, _swing(start, length, angle), 0.085, COAT, stop_radius=0.075)
    lift = 0.30 if activity == "lie" else 0.36
    head = (chest[0] + 0.26, 0.0, chest[2] + lift)
    builder.limb(chest, head, 0.14, COAT, stop_radius=0.15)
    builder.limb(chest, (head[0] - 0.1, 0.0, head[2] - 0.13), 0.18, COLLAR)
    builder.ball(head, 0.18, COAT)
    builder.limb(head, (head[0] + 0.25, 0.0, head[2] - 0.05), 0.12, PALE, stop_radius=0.085)
    builder.ball((head[0] + 0.33, 0.0, head[2] - 0.04), 0.05, EYE)
    for side in (1, -1):
        builder.limb(
            (head[0] - 0.05, side * 0.14, head[2] + 0.12), (head[0] - 0.1, side * 0.17, head[2] - 0.1), 0.07, DARK
        )
        builder.ball((head[0] + 0.12, side * 0.1, head[2] + 0.08), 0.035, EYE)
    up = 0.55 if activity in ("walk", "run", "stand") else 0.1
    builder.limb((back[0] - 0.14, 0.0, back[2] + 0.05), (back[0] - 0.42, 0.0, back[2] + 0.05 + up * 0.5), 0.07, DARK)
    return builder.anchor("head", head).body()


@lru_cache(maxsize=32)
def horse(activity: str, cycle: int) -> Body:
    """A horse of about 1.35 m at the back."""
    builder = Builder()
    s = _stride(cycle)
    angles = {
        "walk": ((0.5 * s, 0.1), (-0.45 * s, 0.3), (-0.5 * s, 0.1), (0.45 * s, 0.3)),
        "run": ((1.0, 0.5), (0.75, 1.0), (-0.95, 0.2), (-0.75, 0.3)),
    }.get(activity, ((0.0, 0.0),) * 4)
    back, chest = (-0.62, 0.0, 0.98), (0.58, 0.0, 1.0)
    builder.limb(back, chest, 0.33, COAT, stop_radius=0.31)
    for index, (angle, bend) in enumerate(angles):
        root = chest if index < 2 else back
        start = (root[0], 0.17 if index % 2 else -0.17, root[2] - 0.15)
        knee = _swing(start, 0.40, angle)
        hoof = _swing(knee, 0.36, angle - bend)
        builder.limb(start, knee, 0.14, COAT, stop_radius=0.105)
        builder.limb(knee, hoof, 0.1, COAT, stop_radius=0.085)
        builder.ball((hoof[0] + 0.02, hoof[1], hoof[2] - 0.02), 0.105, HOOF)
    head = (1.12, 0.0, 1.72) if activity != "run" else (1.28, 0.0, 1.58)
    builder.limb((chest[0], 0.0, chest[2] + 0.1), head, 0.23, COAT, stop_radius=0.15)
    builder.limb(
        (chest[0] - 0.12, 0.0, chest[2] + 0.28), (head[0] - 0.15, 0.0, head[2] + 0.12), 0.15, DARK, stop_radius=0.1
    )
    builder.limb(head, (head[0] + 0.36, 0.0, head[2] - 0.26), 0.16, COAT, stop_radius=0.11)
    builder.ball((head[0] + 0.42, 0.0, head[2] - 0.29), 0.1, PALE)
    for side in (1, -1):
        builder.limb(
            (head[0] - 0.03, side * 0.09, head[2] + 0.1), (head[0] - 0.03, side * 0.11, head[2] + 0.26), 0.06, DARK
        )
        builder.ball((head[0] + 0.12, side * 0.13, head[2]), 0.035, EYE)
    trail = -0.45 if activity == "run" else -0.12
    builder.limb((back[0] - 0.28, 0.0, back[2] + 0.2), (back[0] - 0.45 + trail, 0.0, back[2] - 0.3 - trail), 0.11, DARK)
    builder.limb((-0.22, 0.0, 1.1), (0.12, 0.0, 1.1), 0.27, COLLAR)
    return builder.anchor("head", head).anchor("saddle", SADDLE).body()
