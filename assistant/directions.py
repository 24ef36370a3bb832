"""English for places in a picture: sides, extremes and directions."""

from collections.abc import Iterator, Sequence

from assistant.steps import Extremum, Predicate, SpaceDirection
from assistant.verbs import VERTICAL

SIDES: dict[str, Extremum] = {
    **dict.fromkeys(("left", "leftmost", "left-most", "left-hand"), "left"),
    **dict.fromkeys(("right", "rightmost", "right-most", "right-hand"), "right"),
    **dict.fromkeys(("top", "topmost", "highest"), "top"),
    **dict.fromkeys(("bottom", "bottommost", "lowest"), "bottom"),
    **dict.fromkeys(("largest", "biggest"), "largest"),
    "smallest": "smallest",
}
OPPOSITE: dict[SpaceDirection, SpaceDirection] = {
    "left of": "right of",
    "right of": "left of",
    "above": "below",
    "below": "above",
    "in front of": "behind",
    "behind": "in front of",
}
_SIDEWAYS: tuple[str, ...] = (
    "{0} of",
    "to the {0} of",
    "on the {0} of",
    "at the {0} of",
    "{0} from",
    "on {0} of",
    "on the {0} side of",
)
_SIDEWAYS += ("to the {0} side of", "at the {0} side of", "on the {0} hand side of", "on the {0}-hand side of")
_SAID_DIRECTIONS: dict[SpaceDirection, tuple[str, ...]] = {
    "left of": tuple(phrase.format("left") for phrase in _SIDEWAYS),
    "right of": tuple(phrase.format("right") for phrase in _SIDEWAYS),
    "above": ("above", "higher than", "higher up than"),
    "below": ("below", "lower than", "lower down than"),
}
_IN_SPACE: dict[SpaceDirection, tuple[str, ...]] = {
    "above": ("over",),
    "below": ("under", "underneath", "beneath"),
    "in front of": ("in front of", "ahead of", "before"),
    "behind": ("behind", "in back of", "at the back of"),
}
"""Directions that are relations in a picture, and places only where a view in space is named."""
_PHRASES: dict[str, list[tuple[tuple[str, ...], SpaceDirection, bool]]] = {}
"""By their first word: all words, the direction, and whether they name it in space only."""
for _table, _only_space in ((_SAID_DIRECTIONS, False), (_IN_SPACE, True)):
    for _direction, _listed in _table.items():
        for _parts in map(str.split, _listed):
            _PHRASES.setdefault(_parts[0], []).append((tuple(_parts), _direction, _only_space))


def placing(predicate: Predicate) -> bool:
    """Whether a word says first of all where something lies, as no relation of the vocabulary says it.

    >>> placing(Predicate((), ("on",), "below")), placing(Predicate((), ("on", "over"), "below"))
    (True, False)
    """
    said = predicate.word.removeprefix("~") in ("above", "below")
    return said and VERTICAL.isdisjoint((*predicate.forward, *predicate.converse))


def directions(tokens: Sequence[str], at: int, in_space: bool = False) -> Iterator[tuple[int, SpaceDirection]]:
    """Every direction that is named at a word: (place after it, direction).

    >>> list(directions("to the left of it".split(), 0))
    [(4, 'left of')]
    """
    for words, direction, only_space in _PHRASES.get(tokens[at], ()) if at < len(tokens) else ():
        if tuple(tokens[at : at + len(words)]) == words and (in_space or not only_space):
            yield at + len(words), direction
