"""Cars, furniture, things to hold, and trees. Sizes are a toy's: thick enough to be seen from afar."""

from functools import lru_cache
from math import cos, pi, sin

import numpy as np
from jaxtyping import Float32

from toyworld.shapes import Body, Builder, Point

PAINT, WINDOW, TYRE, LAMP, TRIM, REAR = range(6)
MAIN, SECOND, DARK, METAL = range(4)
TRUNK, LEAF, LEAF_LIT = range(3)

SEAT_HEIGHT = 0.50
TABLE_HEIGHT = 0.85
BALL_RADIUS = 0.33


@lru_cache(maxsize=4)
def car(variant: int) -> Body:
    """A car of 3.4 m: 0 saloon, 1 van. Its nose points along +x."""
    builder = Builder()
    builder.box((-1.7, -0.72, 0.32), (1.7, 0.72, 0.92), PAINT, taper=0.08)
    back, front, roof = (-1.15, 0.75, 1.5) if variant == 0 else (-1.62, 0.85, 1.68)
    builder.box((back, -0.66, 0.92), (front, 0.66, roof), PAINT, taper=0.28, skip="u")
    for side in (1, -1):
        _side_windows(builder, side * 0.67, back + 0.18, front - 0.2, roof)
        for x in (-1.05, 1.05):
            builder.limb((x, side * 0.66, 0.33), (x, side * 0.74, 0.33), 0.33, TYRE)
            builder.ball((x, side * 0.98, 0.33), 0.14, TRIM)
        builder.ball((1.62, side * 0.5, 0.68), 0.15, LAMP)
        builder.ball((-1.62, side * 0.55, 0.68), 0.12, REAR)
    slope = 0.28 * 0.12
    builder.face(
        (
            (front - slope, -0.56, 1.0),
            (front - slope, 0.56, 1.0),
            (front - 0.2, 0.56, roof - 0.1),
            (front - 0.2, -0.56, roof - 0.1),
        ),
        WINDOW,
    )
    builder.face(
        (
            (back + slope, 0.56, 1.0),
            (back + slope, -0.56, 1.0),
            (back + 0.2, -0.56, roof - 0.1),
            (back + 0.2, 0.56, roof - 0.1),
        ),
        WINDOW,
    )
    return builder.anchor("head", (1.4, 0.0, 0.7)).body()


def _side_windows(builder: Builder, y: float, back: float, front: float, roof: float) -> None:
    middle = (back + front) / 2
    for a, b, lean_a, lean_b in ((back, middle - 0.05, 0.18, 0.0), (middle + 0.05, front, 0.0, -0.22)):
        corners: tuple[Point, ...] = (
            (b, y, 1.0),
            (a, y, 1.0),
            (a + lean_a, y, roof - 0.1),
            (b + lean_b, y, roof - 0.1),
        )
        builder.face(corners if y > 0 else corners[::-1], WINDOW)


@lru_cache(maxsize=2)
def bench(variant: int) -> Body:
    """A bench of 1.9 m; whoever sits on it looks along +x."""
    builder = Builder()
    builder.box((-0.28, -0.95, SEAT_HEIGHT - 0.16), (0.32, 0.95, SEAT_HEIGHT), MAIN)
    builder.box((-0.34, -0.95, SEAT_HEIGHT), (-0.22, 0.95, 1.02 if variant == 0 else 0.85), SECOND, skip="u")
    for y in (-0.85, 0.63):
        builder.box((-0.26, y, 0.0), (0.28, y + 0.22, SEAT_HEIGHT - 0.16), DARK, skip="tu")
    return builder.body()


@lru_cache(maxsize=2)
def table(variant: int) -> Body:
    """A table of 1.9 x 1.0 m with room for a ball below it."""
    builder = Builder()
    builder.box((-0.5, -0.95, TABLE_HEIGHT - 0.18), (0.5, 0.95, TABLE_HEIGHT), MAIN)
    if variant == 0:
        for x in (-0.46, 0.26):
            for y in (-0.9, 0.68):
                builder.box((x, y, 0.0), (x + 0.22, y + 0.22, TABLE_HEIGHT - 0.18), SECOND, skip="tu")
    else:
        for y in (-0.88, 0.66):
            builder.box((-0.42, y, 0.0), (0.42, y + 0.22, TABLE_HEIGHT - 0.18), SECOND, skip="tu")
    return builder.body()


@lru_cache(maxsize=8)
def ball(variant: int) -> Body:
    """A ball with panels; the origin is its lowest point."""
    builder = Builder()
    builder.ball((0, 0, BALL_RADIUS), BALL_RADIUS, MAIN)
    for k in range(6):
        angle, tilt = k * pi / 3 + variant, (0.5, -0.3)[k % 2]
        inside = BALL_RADIUS * 0.72
        builder.ball(
            (inside * cos(angle) * cos(tilt), inside * sin(angle) * cos(tilt), BALL_RADIUS + inside * sin(tilt)),
            BALL_RADIUS * 0.34,
            SECOND,
        )
    return builder.body()


@lru_cache(maxsize=1)
def backpack() -> Body:
    """A backpack, 0.6 m wide, 0.7 m high, its pocket on the +x side."""
    builder = Builder()
    builder.box((-0.20, -0.30, 0.0), (0.16, 0.30, 0.52), MAIN, taper=0.03)
    builder.limb((-0.02, -0.17, 0.5), (-0.02, 0.17, 0.5), 0.17, MAIN)
    builder.box((0.16, -0.22, 0.05), (0.27, 0.22, 0.32), SECOND, taper=0.02)
    builder.limb((-0.02, -0.08, 0.68), (-0.02, 0.08, 0.68), 0.055, DARK)
    return builder.body()


@lru_cache(maxsize=2)
def umbrella(held: bool) -> Body:
    """An open umbrella. Held: the origin is the hand; otherwise it lies on its rim and handle."""
    builder = Builder()
    height, radius, ribs = 0.62, 0.85, 8
    ring = [(radius * cos(2 * pi * k / ribs), radius * sin(2 * pi * k / ribs), height) for k in range(ribs)]
    inner = [(x * 0.62, y * 0.62, height + 0.30) for x, y, _ in ring]
    top = (0.0, 0.0, height + 0.46)
    builder.limb((0, 0, -0.1), (0, 0, height + 0.5), 0.045, METAL)
    for k in range(ribs):
        a, b, c, d = ring[k], ring[(k + 1) % ribs], inner[(k + 1) % ribs], inner[k]
        material = MAIN if k % 2 else SECOND
        builder.face((a, b, c, d), material).face((d, c, top), material)
        builder.face((d, c, b, a), DARK).face((top, c, d), DARK)
    if held:
        return builder.body()
    return _tipped(builder.body(), 1.25)


def _tipped(body: Body, angle: float) -> Body:
    """Turned about y by `angle`, the top towards +x, and raised so that it lies on the ground."""

    def turn(points: Float32[np.ndarray, "*n 3"]) -> Float32[np.ndarray, "*n 3"]:
        turned = points.copy()
        turned[..., 0] = points[..., 0] * cos(angle) + points[..., 2] * sin(angle) - 0.6
        turned[..., 2] = -points[..., 0] * sin(angle) + points[..., 2] * cos(angle)
        return turned

    limbs = body.limbs.copy()
    limbs[:, :3], limbs[:, 3:6] = turn(limbs[:, :3]), turn(limbs[:, 3:6])
    faces = turn(body.faces)
    lowest = min(limbs[:, (2, 5)].min(), faces[..., 2].min())
    limbs[:, (2, 5)] -= lowest
    faces[..., 2] -= lowest
    return Body(limbs, body.limb_materials, faces, body.face_materials, {})


@lru_cache(maxsize=4)
def tree(variant: int) -> Body:
    """A tree: 0 and 1 broad-leaved, 2 and 3 conifers."""
    builder = Builder()
    if variant < 2:
        builder.limb((0, 0, 0), (0, 0, 1.9), 0.26, TRUNK, stop_radius=0.2)
        builder.ball((0, 0, 2.9), 1.25, LEAF)
        for k in range(4):
            angle = k * pi / 2 + 0.4 + variant
            builder.ball(
                (0.75 * cos(angle), 0.75 * sin(angle), 2.4 + 0.35 * (k % 2)), 0.85, LEAF if k % 2 else LEAF_LIT
            )
        return builder.body()
    builder.limb((0, 0, 0), (0, 0, 1.2), 0.22, TRUNK)
    for k in range(3):
        z = 1.45 + 0.85 * k
        builder.limb((0, 0, z), (0, 0, z + 1.5), 1.15 - 0.28 * k, LEAF if k % 2 else LEAF_LIT, stop_radius=0.06)
    return builder.body()
