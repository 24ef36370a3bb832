"""English for boxes that share some area: the cup overlaps the table, which things overlap, are they overlapping."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.lexicon import Form, Verb
from assistant.programs import HowLong, HowOften, IsPlaced, When, Which
from assistant.sayings import Predication, placed
from assistant.steps import Find, Placed, Question

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.steps import Nodes

_WORDS: dict[str, tuple[str, ...]] = {
    "state": ("overlapping", "overlapped by", "in overlap"),
    "third": ("overlaps", "overlapped"),
    "base": ("overlap",),
}
_KNOWN = 0.3
"""What it costs to ask for boxes where the vocabulary has a relation of that name."""


def said_of_overlap(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[Predication]:
    """What the subject overlaps in the picture."""
    if not phrases.word(at).startswith(("overlap", "in")):
        return
    known = any(isinstance(entry, Verb) and entry.predicate.forward for _, entry in phrases.entries(at))
    for stop in {end for form in forms for end in phrases.literals(at, _WORDS.get(form, ()))}:
        start = stop + 1 if phrases.word(stop) == "with" else stop
        for other in phrases.objects(start):
            yield Predication(other.stop, (placed("overlapping", other.reference),), other.cost + _KNOWN * known)


def _each_other(one: Nodes, other: Nodes) -> IsPlaced:
    return IsPlaced(one, "overlapping", other)


def _timed(wrap: Callable[[IsPlaced], Question], one: Nodes, other: Nodes) -> Question:
    return wrap(_each_other(one, other))


def _overlapped(thing: Nodes, kind: Nodes | None = None) -> Question:
    return Which(Placed(Find(None) if kind is None else kind, "overlapping", thing))


_OVERLAP = "(overlap|intersect)"
_EACH = "(each other|one another|with each other|with one another)?"
_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        _each_other,
        (
            f"$DO <thing:one> and <thing:other> {_OVERLAP} {_EACH}",
            f"$BE <thing:one> and <thing:other> (overlapping|in overlap) {_EACH}",
            "$BE there (an|any|some)? overlap (between|of) <thing:one> and <thing:other>",
        ),
    ),
    *(
        (
            partial(_timed, wrap),
            (
                f"{asking} $DO <thing:one> and <thing:other> {_OVERLAP} {_EACH}",
                f"{asking} $BE <thing:one> and <thing:other> (overlapping|in overlap) {_EACH}",
            ),
        )
        for wrap, asking in (
            (
                HowLong,
                "(how long|for how long|for how many seconds|for how many frames|how many seconds|how much time)",
            ),
            (When, "when"),
            (HowOften, "(how often|how many times)"),
        )
    ),
    (
        _overlapped,
        (
            "(what|which things|which objects|who) $DO <thing> overlap (with)?",
            "(what|which things|which objects|who) $BE <thing> overlapping (with)?",
            "(which|what) <kind> $DO <thing> overlap (with)?",
            "(which|what) <kind> $BE <thing> overlapping (with)?",
        ),
    ),
)

OVERLAPS = constructions(_FORMS)
"""Tried in no order: every reading counts."""
