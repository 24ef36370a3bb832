"""How people say the names in a vocabulary.

Data sets write "grass-merged", "wall-other-merged", "door-stuff", "wall-brick", "not_looking_at";
people say grass, wall, door, brick wall, not looking at.
"""

import re
from functools import lru_cache

from scenegraph import Vocabulary

_MARKERS = {"merged", "other", "stuff", "things", "thing"}
"""Parts that data sets append to a name and that nobody says."""

_NOT_A_KIND_OF_THE_LAST_WORD = {"hot dog", "teddy bear"}
"""A hot dog is no dog; most other compounds are of the kind that their last word names."""

_SAID_THE_OTHER_WAY = {"window-blind"}
"""Names whose parts stand in the order in which people say them."""

_COPULA = re.compile(r"^(?:is|are|was|were) (?=.)")

_LONGEST = 60
"""Characters of a name that are shown; names from data may have any length."""


def printable(text: str, longest: int = 80) -> str:
    """A text from outside as one line that cannot steer a terminal, cut to a length that people read.

    >>> printable("red" + chr(27) + "[0m")
    'red [0m'
    """
    shown = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return shown if len(shown) <= longest else f"{shown[:longest]}..."


def on_screen(text: str) -> str:
    """A text of any length whose line breaks stay and whose other characters cannot steer a terminal.

    >>> on_screen("a" + chr(27) + "[0m" + chr(10) + "b").splitlines()
    ['a [0m', 'b']
    """
    return "".join(character if character.isprintable() or character == "\n" else " " for character in text)


@lru_cache(maxsize=4096)
def plain(name: str) -> str:
    """A name in lower case, with spaces for underscores and between the words of camelCase.

    Characters that cannot be printed become spaces, so that a name from data cannot steer a terminal. Predicates
    lose the "is" that some data puts in front.

    >>> plain("trafficLight"), plain("not_looking_at"), plain("isNear")
    ('traffic light', 'not looking at', 'near')
    """
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ")
    return _COPULA.sub("", printable(spaced.lower(), len(spaced))) or "unnamed"


def denied(predicate: str) -> str:
    """The predicate, as `plain` gives it, that says the opposite.

    >>> denied("looking at"), denied("not looking at")
    ('not looking at', 'looking at')
    """
    return predicate.removeprefix("not ") if predicate.startswith("not ") else f"not {predicate}"


def spoken(name: str) -> tuple[str, ...]:
    """Ways to say a category name, the best one first, the broadest last.

    >>> spoken("sky-other-merged"), spoken("wall-brick"), spoken("dining table")
    (('sky',), ('brick wall', 'wall brick', 'wall-brick', 'wall'), ('dining table', 'table'))
    >>> spoken("sofa/couch")
    ('sofa/couch', 'sofa', 'couch')
    """
    said = plain(name)
    if "/" in said:  # alternatives: which of them it is, the name leaves open
        return tuple(dict.fromkeys((said, *(part.strip() for part in said.split("/") if part.strip()))))
    parts = [part for part in said.split("-") if part]
    kept = [part for part in parts if part not in _MARKERS] or parts
    if len(kept) > 1:  # "wall-brick": the kind comes first, what sort of it after
        kind, sort = kept[0], " ".join(kept[1:])
        ways = [f"{sort} {kind}", f"{kind} {sort}", "-".join(kept), kind]
        if said in _SAID_THE_OTHER_WAY:
            ways[:2] = reversed(ways[:2])
    else:
        ways = [kept[0]] if kept else [said]
        words = ways[0].split()
        if len(words) > 1 and ways[0] not in _NOT_A_KIND_OF_THE_LAST_WORD:
            ways.append(words[-1])
    return tuple(dict.fromkeys(ways))


@lru_cache(maxsize=64)
def shown_names(vocabulary: Vocabulary) -> tuple[str, ...]:
    """One distinct name to show for each category: the spoken one, or the written one where two collide.

    >>> shown_names(Vocabulary(("tree",), ("tree-merged", "grass-merged"), ()))
    ('tree', 'tree-merged', 'grass')
    """
    first = [spoken(name)[0] for name in vocabulary.categories]
    written = {plain(name) for name in vocabulary.categories}
    shown = []
    for name, way in zip(vocabulary.categories, first, strict=True):
        taken = first.count(way) > 1 or (way in written and way != plain(name))
        shown.append(plain(name) if taken else way)
    short = [name if len(name) <= _LONGEST else f"{name[:_LONGEST]}..." for name in shown]
    return tuple(f"{name} ({position})" if short.count(name) > 1 else name for position, name in enumerate(short))
