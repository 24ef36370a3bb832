"""What is said of a subject by two distances: closer to the dog than the ball, closer to the dog than to the ball."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from assistant.auxiliaries import BE
from assistant.camera import others
from assistant.dimensions import NEARER
from assistant.measured_programs import CompareDistances, Comparison
from assistant.sayings import Predication, asking

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.sayings import Phrase
    from assistant.steps import Nodes

_NEAR = tuple(said for said, dimension in NEARER.items() if dimension.least)
_FAR = (*(said for said, dimension in NEARER.items() if not dimension.least), "far away", "distant")
_THAN: dict[str, Comparison] = {
    **dict.fromkeys(_NEAR, "less"),
    **dict.fromkeys(_FAR, "more"),
    **{f"less {far}": "less" for far in _FAR},
    **{f"less {near}": "more" for near in _NEAR},
}
_AS: dict[str, Comparison] = {
    **{f"{as_} {said}": "equal" for as_ in ("as", "just as", "exactly as", "equally as") for said in (*_NEAR, *_FAR)},
    **{f"not {as_} {far}": "less" for as_ in ("as", "so", "quite as") for far in _FAR},
    **{f"not {as_} {near}": "more" for as_ in ("as", "so", "quite as") for near in _NEAR},
    **dict.fromkeys(("at the same distance", "the same distance", "at an equal distance"), "equal"),
}
_LINKS = (("than", _THAN), ("as", _AS))
_IT_IS = ("it is", "it was", "they are", "they were", "he is", "she is", "he was", "she was")
_LYING = ("located", "placed", "positioned", "situated")


def said_of_distances(phrases: Phrases, at: int) -> Iterator[Predication]:
    """All that may be said from a word on, after "is", of how near things are to each other.

    "closer to the dog than the ball (is)" measures both from the dog, "closer to the dog than to the ball" the
    dog and the ball from the subject.
    """
    at += phrases.word(at) in _LYING
    for link, openings in _LINKS:
        for start, said in phrases.standing(at, openings):
            for one in others(phrases, start + 1) if phrases.word(start) in ("to", "from") else ():
                if phrases.word(one.stop) == link:
                    yield from _compared(phrases, one, openings[said])


def _compared(phrases: Phrases, one: Phrase, how: Comparison) -> Iterator[Predication]:
    """(Closer to) one (than) another; (closer to) one (than to) another."""
    start = phrases.after(one.stop + 1, _IT_IS) or one.stop + 1
    of_subject = phrases.word(start) in ("to", "from")
    for other in others(phrases, start + of_subject):
        if of_subject:
            question = partial(_of_both, one, how, other)
        else:
            question = partial(CompareDistances, how=how, others=other.reference, target=one.reference)
        stop = other.stop + (not of_subject and phrases.word(other.stop) in BE)
        yield Predication(stop, (asking(question),), one.cost + other.cost, asks_only=True)


def _of_both(one: Phrase, how: Comparison, other: Phrase, nodes: Nodes) -> CompareDistances:
    return CompareDistances(one.reference, how, other.reference, nodes)
