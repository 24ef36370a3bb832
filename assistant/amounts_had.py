"""What a subject has, covers or does by a number: a height of more than 2 m, over 500 pixels, 3 m of its way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.amounts import amounts, compared_with_amount, having
from assistant.comparing import COVERS, GOES
from assistant.dimensions import NOUNS, PATH, PLAIN
from assistant.lexicon import Form
from assistant.sayings import Predication

if TYPE_CHECKING:
    from assistant.grammar import Phrases

HAVING: dict[str, frozenset[Form]] = {
    **dict.fromkeys(("has", "have", "had"), frozenset({"third", "base", "past"})),
    **dict.fromkeys(("with", "having", "of"), frozenset({"gerund", "state"})),
}
_MEASURES: dict[str, frozenset[Form]] = {
    **dict.fromkeys(("measures", "measure", "measured", "reaches", "reach"), frozenset({"third", "base", "past"})),
    "measuring": frozenset({"gerund", "state"}),
}
_EXCEEDS: dict[str, frozenset[Form]] = {
    **dict.fromkeys(("exceeds", "exceed", "exceeded"), frozenset({"third", "base", "past"})),
    "exceeding": frozenset({"gerund", "state"}),
}
"""Verbs that are a bound themselves."""
GONE: dict[str, frozenset[Form]] = {
    **dict.fromkeys(("moves", "moved", "travels", "travelled", "traveled", "goes", "went", "covers", "covered"),
                    frozenset({"third", "past"})),
    **dict.fromkeys(("move", "travel", "go", "cover"), frozenset({"base"})),
    **dict.fromkeys(("moved", "travelled", "traveled", "gone", "covered"), frozenset({"participle", "past"})),
}  # fmt: skip
COVERING = (*COVERS, "covering", "occupying", "filling", "taking up")
OF = ("of", "that is", "which is", "is")


def had_by_amount(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[Predication]:
    """With a height of more than 2 m; has a speed over 2 m/s; covers at least 500 pixels; moved more than 3 m."""
    word = phrases.word(at)
    for table, read in _READ_BY:
        if word in table and forms & table[word]:
            yield from read(phrases, at)
    covers = phrases.after(at, COVERING)
    for stop, amount in () if covers is None else amounts(phrases, covers):
        if amount.unit == "pixels":
            yield Predication(stop, (having("area", amount),))
    if word in GOES:
        yield from _speeds(phrases, at + 1)


def _measures(phrases: Phrases, at: int) -> Iterator[Predication]:
    """Measures more than 2 m in height."""
    yield from _in_size(phrases, at + 1)


def _in_size(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Measures) more than 2 m in height, exceeds 2 m in height."""
    for stop, amount in amounts(phrases, at):
        for end, name in phrases.standing(stop + 1, NOUNS) if phrases.word(stop) in ("in", "of") else ():
            quantity = amount.quantity(NOUNS[name])
            if quantity is not None:
                yield Predication(end, (having(quantity, amount),))


def _goes(phrases: Phrases, at: int) -> Iterator[Predication]:
    """Moved more than 3 m."""
    for stop, amount in amounts(phrases, at + 1):
        quantity = amount.quantity(PATH)
        if quantity is not None:
            yield Predication(stop, (having(quantity, amount),))


def _has(phrases: Phrases, at: int) -> Iterator[Predication]:
    """With a height of more than 2 m, has a height greater than 2 m, an area of at least 500 pixels."""
    yield from sized(phrases, at + 1 + (phrases.word(at + 1) in ("a", "an", "the")))


def sized(phrases: Phrases, at: int, links: tuple[str, ...] = OF) -> Iterator[Predication]:
    """(A) height (of) more than 2 m; (whose) height is more than 2 m."""
    for named, name in phrases.standing(at, NOUNS):
        for linked in {named, phrases.after(named, links) or named}:
            for stop, amount in amounts(phrases, linked):
                quantity = amount.quantity(NOUNS[name])
                if quantity is not None:
                    yield Predication(stop, (having(quantity, amount),))


def _speeds(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Moves) faster than 2 m/s, at more than 2 m/s, with a speed of over 2 m/s."""
    fast = PLAIN["fast"]
    for stop, dimension, amount in compared_with_amount(phrases, at):
        quantity = amount.quantity(dimension)
        if quantity == fast.solid:
            yield Predication(stop, (having(quantity, amount),))
    for opened in {at, phrases.after(at, ("at", "at a speed of", "with a speed of", "at a pace of")) or at}:
        for stop, amount in amounts(phrases, opened):
            quantity = amount.quantity(fast)
            if quantity is not None:
                yield Predication(stop, (having(quantity, amount),))


_READ_BY = ((HAVING, _has), (_MEASURES, _measures), (_EXCEEDS, _in_size), (GONE, _goes))
"""What reads on from a verb, by its forms."""
