"""English for places in a picture: sides, extremes and directions."""

from assistant.steps import Direction, Extremum

SIDES: dict[str, Extremum] = {
    **dict.fromkeys(("left", "leftmost", "left-most", "left-hand"), "left"),
    **dict.fromkeys(("right", "rightmost", "right-most", "right-hand"), "right"),
    **dict.fromkeys(("top", "topmost", "highest"), "top"),
    **dict.fromkeys(("bottom", "bottommost", "lowest"), "bottom"),
    **dict.fromkeys(("largest", "biggest"), "largest"),
    "smallest": "smallest",
}
_SIDEWAYS: tuple[str, ...] = (
    "{0} of",
    "to the {0} of",
    "on the {0} of",
    "at the {0} of",
    "{0} from",
    "on the {0} side of",
)
_SIDEWAYS += ("to the {0} side of", "at the {0} side of", "on the {0} hand side of", "on the {0}-hand side of")
_SAID_DIRECTIONS: dict[Direction, tuple[str, ...]] = {
    "left of": tuple(phrase.format("left") for phrase in _SIDEWAYS),
    "right of": tuple(phrase.format("right") for phrase in _SIDEWAYS),
    "above": ("above", "higher than", "higher up than"),
    "below": ("below", "lower than", "lower down than"),
}
DIRECTIONS: tuple[tuple[tuple[str, ...], Direction], ...] = tuple(
    (tuple(phrase.split()), direction) for direction, phrases in _SAID_DIRECTIONS.items() for phrase in phrases
)
"""Words of each direction, longest phrases as good as short ones."""
