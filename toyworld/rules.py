"""When a relation holds: one rule a predicate, decided from the state of the world alone.

Every rule has a margin: between "holds" and "does not hold" lies a band of measurements in which a
person who sees the picture could not tell. `Verdict.UNCLEAR` names that band; still pictures avoid
it, videos pass through it and take the threshold.

Rules that need the picture (who covers whom) are in toyworld.relations.
"""

from dataclasses import dataclass
from enum import Enum
from math import cos, sin

from toyworld.entities import ANIMATE, FREE, ITEMS, MOVING, Entity, State, half_extents
from toyworld.views import View


class Verdict(Enum):
    """The answer of a rule."""

    NO = 0
    UNCLEAR = 1
    YES = 2


BESIDE_AWAY = (0.60, 0.85)
"""Metres in depth: beside up to the first, not beside from the second."""

BESIDE_GAP = (0.65, 1.05)
"""Metres between the sides, as seen from the camera."""

OVERLAP = -0.30
"""Metres; sides that overlap by more are not beside each other but behind one another."""

GAZE_REACH = (2.6, 3.1)
"""Metres from the eyes to the near side of what is looked at."""

GAZE_NEAREST = 0.75
"""Metres; nearer things are beside, in the hands or kicked rather than looked at."""

GAZE_PROFILE = (0.65, 0.80)
"""Sine of the angle between a gaze and the camera's axis: a face that is not in profile does not tell."""

GAZE_CONE = (0.30, 0.60)
"""Tangents of the angle to the line of sight."""

CHASE_REACH = (2.4, 3.0)

_RANK = {
    kind: rank
    for rank, kind in enumerate(("person", "dog", "horse", "backpack", "umbrella", "ball", "car", "bench", "table"))
}
_RANK["child"] = _RANK["person"]


@dataclass(slots=True)
class Spot:
    """Where an entity is as the camera sees the ground: metres right and away, and half sizes."""

    kind: str
    right: float
    away: float
    half_right: float
    half_away: float
    grounded: bool


def spot_of(entity: Entity, state: State, view: View) -> Spot:
    """An entity's place in camera-aligned ground coordinates."""
    right, away = view.seen_from(state.x, state.y)
    half_right, half_away = half_extents(entity.kind, entity.scale, state, view.yaw)
    grounded = state.carrier == FREE and state.activity not in ("fly", "held")
    return Spot(entity.kind, right, away, half_right, half_away, grounded)


def beside(subject: Spot, object_: Spot) -> Verdict:
    """Subject stands next to object, side by side as seen from the camera.

    Between two of one class, and from the heavier to the lighter, the relation is not written: it
    would only repeat the other direction.
    """
    apart = abs(subject.away - object_.away)
    if apart >= BESIDE_AWAY[1] or not (subject.grounded and object_.grounded):
        return Verdict.NO
    if _RANK.get(subject.kind, 99) >= _RANK.get(object_.kind, -1):
        return Verdict.NO
    gap = abs(subject.right - object_.right) - subject.half_right - object_.half_right
    if gap >= BESIDE_GAP[1] or gap < OVERLAP - 0.2:
        return Verdict.NO
    if apart <= BESIDE_AWAY[0] and OVERLAP <= gap <= BESIDE_GAP[0]:
        return Verdict.YES
    return Verdict.UNCLEAR


def over(table: Spot, item: Spot) -> Verdict:
    """A table stands over an item that lies on the ground."""
    if table.kind != "table" or item.kind not in ITEMS or not (table.grounded and item.grounded):
        return Verdict.NO
    inside_right = table.half_right - abs(table.right - item.right)
    inside_away = table.half_away - abs(table.away - item.away)
    if min(inside_right, inside_away) >= 0.2:
        return Verdict.YES
    return Verdict.NO if inside_right <= -item.half_right or inside_away <= -item.half_away else Verdict.UNCLEAR


NEIGHBOURHOOD = 1.4
"""Metres in depth beyond which no rule about neighbours can hold or be unclear."""


def near(one: Spot, two: Spot) -> bool:
    """Whether a rule about neighbours can say anything but no: a quick look before the rules."""
    return -NEIGHBOURHOOD < one.away - two.away < NEIGHBOURHOOD


def neighbours(subject: Spot, object_: Spot) -> tuple[str, Verdict]:
    """Whether subject is over or beside object, whichever can be said of two things on the ground."""
    if "table" in (subject.kind, object_.kind):
        verdict = over(subject, object_)
        if verdict is not Verdict.NO:
            return "over", verdict
        if over(object_, subject) is not Verdict.NO:
            return "beside", Verdict.NO
    return "beside", beside(subject, object_)


def attends(predicate: str, spot: Spot, state: State) -> bool:
    """Whether one can be "looking at" or "chasing" something at all, for its kind and activity."""
    if predicate == "chasing":
        return state.activity == "run" and spot.kind in ANIMATE
    return state.activity in ("stand", "sit", "squat") and spot.kind in ("person", "child", "dog")


def gaze(state: State, spot: Spot, others: list[tuple[int, State, Spot]], view: View) -> tuple[int, Verdict]:
    """Who is looked at: the nearest thing on the ground in the line of sight of one who stands or sits in profile.

    Returns its position and YES, or UNCLEAR if something lies near the edge of the line of sight, or
    (FREE, NO).
    """
    if not attends("looking at", spot, state):
        return FREE, Verdict.NO
    profile = abs(sin(state.heading - view.yaw))
    if profile < GAZE_PROFILE[0]:
        return FREE, Verdict.NO
    target, verdict = _nearest_ahead(state, spot, others, view, GAZE_REACH, GAZE_NEAREST)
    return target, Verdict.UNCLEAR if profile < GAZE_PROFILE[1] and verdict is Verdict.YES else verdict


def chase(state: State, spot: Spot, others: list[tuple[int, State, Spot]], view: View) -> tuple[int, Verdict]:
    """Who is chased: the nearest moving thing ahead of one who runs; returns as `gaze` does."""
    if not attends("chasing", spot, state):
        return FREE, Verdict.NO
    moving = [other for other in others if other[1].activity in MOVING and other[2].kind != "car"]
    return _nearest_ahead(state, spot, moving, view, CHASE_REACH, -0.2)


def _nearest_ahead(
    state: State,
    spot: Spot,
    others: list[tuple[int, State, Spot]],
    view: View,
    reach: tuple[float, float],
    nearest: float,
) -> tuple[int, Verdict]:
    turn = state.heading - view.yaw
    ahead_right, ahead_away = -sin(turn), cos(turn)
    best, best_gap, unclear = FREE, reach[1], False
    for position, _, other in others:
        if not other.grounded:
            continue
        right, away = other.right - spot.right, other.away - spot.away
        along = right * ahead_right + away * ahead_away
        if along <= 0:
            continue
        across = abs(right * ahead_away - away * ahead_right)
        half = abs(ahead_right) * other.half_right + abs(ahead_away) * other.half_away
        wide = abs(ahead_away) * other.half_right + abs(ahead_right) * other.half_away
        gap, lateral = along - half, max(across - 0.7 * wide, 0.0)
        if gap >= reach[1] or lateral >= GAZE_CONE[1] * along:
            continue
        if lateral > GAZE_CONE[0] * along or gap > reach[0] or (gap < best_gap < gap + 0.4):
            unclear = True
        if lateral <= GAZE_CONE[0] * along and gap < best_gap:
            best, best_gap = position, gap
    if best != FREE and best_gap < nearest:
        return FREE, Verdict.NO
    if unclear:
        return best if best_gap <= reach[0] else FREE, Verdict.UNCLEAR
    return (best, Verdict.YES) if best != FREE else (FREE, Verdict.NO)


def support(entity: Entity, state: State) -> str | None:
    """The predicate between an entity and what carries it, or None where it needs no saying."""
    kind, activity = entity.kind, state.activity
    if kind in ANIMATE:
        return _ANIMATE_SUPPORT.get(activity)
    if kind == "car":
        return "driving on" if activity == "drive" else "parked on"
    if kind in ITEMS and activity in ("rest", "roll"):
        return "on"
    return None


_ANIMATE_SUPPORT = {
    "stand": "standing on",
    "kick": "standing on",
    "throw": "standing on",
    "catch": "standing on",
    "lean": "standing on",
    "walk": "walking on",
    "run": "running on",
    "sit": "sitting on",
    "squat": "sitting on",
    "lie": "lying on",
    "ride": "riding",
}


DEEDS = {"kick": "kicking", "throw": "throwing", "catch": "catching"}
"""The predicate between one who does something with a partner, and that partner."""

PURSUIT_REACH = 4.5


def pursues(state: State, quarry: State) -> bool:
    """Whether one who runs after a partner still has it ahead, within reach and on the move."""
    right, away = quarry.x - state.x, quarry.y - state.y
    ahead = right * cos(state.heading) + away * sin(state.heading)
    return state.activity == "run" and quarry.activity in MOVING and 0 < ahead < PURSUIT_REACH


def grip(holder: State) -> str:
    """The predicate between a person and what is in the hands: carried by those who move."""
    return "carrying" if holder.activity in MOVING else "holding"
