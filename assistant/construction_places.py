"""The constructions of English that ask where something is in metres: which way, at what coordinates."""

from __future__ import annotations

from assistant.construction_programs import Builds
from assistant.measured_programs import Bearing, Coordinates
from assistant.steps import Find, Moved, Nodes, Question, Related, View

TELL_WHAT = (
    "(what is|what was|how big is|how large is|how wide is|how great is|how long is|how long was|how much is|how "
    "big was|"
    "$TELL|$TELL me|$TELL us|measure|estimate|calculate|compute|work out|determine|find out|get|i need)?"
)
STANDS = "(stand|lie|sit|rest|stay)"
RESTING = "(located|situated|placed|positioned|standing|lying|sitting|found|parked|resting)?"
_WAY = (
    "(in which direction|in what direction|which direction|what direction|which way|at which bearing|at what bearing|"
    "on what bearing|on which bearing|what bearing|under what bearing|in what direction exactly)"
)
_HOW_FAR = "(how far|how far away|how far off|at what distance|at which distance|how many $METRES)"
WHICH_WAY = f"({_WAY}|{_WAY} and {_HOW_FAR}|{_HOW_FAR} and (where|{_WAY}))"
FROM = "(from|relative to|in relation to|with respect to|seen from|as seen from|away from)"
_BEARING = (
    "(bearing|distance and bearing|bearing and distance|direction and distance|distance and direction|bearing "
    "and range|"
    "range and bearing)"
)
_ALL = "(exact|3 d|metric|spatial|xyz|x y z|x y and z)?"
_XYZ = "xyz|xyz position|xyz location|x y z position|x y z|x y and z|3 d position"
_COORDINATES = f"(the)? {_ALL} (coordinates|coordinate|{_XYZ}|3 d location|metric position)"
_SHOW = "(what are|what is|which are|$TELL|$TELL me|$TELL us|read out|compute|calculate|i need|get)?"


def bearing(thing: Nodes, other: Nodes | None = None) -> Question | None:
    """Where something is from another thing; "which way is the dog looking" asks what it does."""
    inner = getattr(thing, "nodes", thing)
    if isinstance(inner, Moved) or (isinstance(inner, Related) and inner.others == Find(None)):
        return None
    return Bearing(thing, other)


def _coordinates(view: View) -> Builds:
    """Where something is, along the axes of the camera or the world."""
    return lambda thing: Coordinates(thing, view)


_BEARINGS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        bearing,
        (
            f"{WHICH_WAY} $BE <thing> {RESTING} (in)?",
            f"{WHICH_WAY} $DO <thing> {STANDS}",
            f"{TELL_WHAT} (the)? {_BEARING} (of|to|towards|for) <thing>",
            "what bearing $DO <thing> have",
            f"{TELL_WHAT} <thing> 's {_BEARING}",
        ),
    ),
    (
        lambda thing, spot: bearing(thing, spot),
        (
            f"{WHICH_WAY} {FROM} <spot> $BE <thing> {RESTING}",
            f"where (relative to|in relation to|with respect to) <spot> $BE <thing> {RESTING}",
            f"{WHICH_WAY} {FROM} <spot> $DO <thing> {STANDS}",
            f"{WHICH_WAY} $BE <thing> {RESTING} (in)? {FROM} <spot>",
            f"{WHICH_WAY} $DO <thing> {STANDS} {FROM} <spot>",
            f"{TELL_WHAT} (the)? {_BEARING} (of|to|towards|for) <thing> {FROM} <spot>",
            f"{TELL_WHAT} (the)? ({_BEARING}|direction) from <spot> (to|towards) <thing>",
            f"{TELL_WHAT} (the)? direction (of|to|towards) <thing> {FROM} <spot>",
            f"what bearing $DO <thing> have {FROM} <spot>",
            f"{TELL_WHAT} <thing> 's ({_BEARING}|direction) {FROM} <spot>",
        ),
    ),
)
_PLACES: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda thing, frame="camera": Coordinates(thing, frame),
        (
            f"{_SHOW} {_COORDINATES} (values)? of <thing> (<frame>)?",
            f"{_SHOW} <thing> 's {_ALL} (coordinates|{_XYZ}) (<frame>)?",
            f"{_SHOW} (the)? (position|location|place) of <thing> <frame>",
            f"{_SHOW} <thing> 's (position|location|place) <frame>",
            "what (x y z|x y and z|xyz)? (coordinates|values|x y z|x y and z) $DO <thing> have (<frame>)?",
            f"(at|on) (what|which) {_ALL} (coordinates|position) $BE <thing> {RESTING} (<frame>)?",
            f"where <frame> $BE <thing> {RESTING}",
            f"where $BE <thing> {RESTING} <frame>",
        ),
    ),
    (
        _coordinates("world"),
        (
            f"{_SHOW} (the)? world (frame|space)? (coordinates|position|location|place) of <thing>",
            f"{_SHOW} <thing> 's world (frame|space)? (coordinates|position|location|place)",
            "what world coordinates $DO <thing> have",
        ),
    ),
    (
        _coordinates("camera"),
        (
            f"{_SHOW} (the)? camera (frame|space)? coordinates of <thing>",
            f"{_SHOW} <thing> 's camera (frame|space)? coordinates",
            "what camera coordinates $DO <thing> have",
        ),
    ),
)
PLACES = (*_BEARINGS, *_PLACES)
"""What is built, and the forms that ask for it."""
