"""What a subject has, covers or does, held against others: a greater height than the man, seen longer than the dog."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.amounts import BOUNDS
from assistant.amounts_had import COVERING, GONE, HAVING, OF
from assistant.bounded_steps import Bound
from assistant.comparing import AREA, GOES, MORE_OR_LESS, VISIBLE
from assistant.comparing_sets import held_against
from assistant.dimensions import MORE, NOUNS, PATH
from assistant.lexicon import Form
from assistant.sayings import Predication

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_IN_VIEW = (*VISIBLE, "in view", "in the view", "in shot", "in the shot", "on screen", "on the screen")
_LONGER: dict[str, Bound] = {
    **{f"{said} than": "more" for said in ("longer", "for longer", "for a longer time", "for more time")},
    **{f"{said} than": "less" for said in ("for a shorter time", "for less time", "less long", "for less long")},
    **{f"{at} more frames than": "more" for at in ("in", "for")},
    **{f"{at} fewer frames than": "less" for at in ("in", "for")},
}
_FARTHER: dict[str, Bound] = {"farther than": "more", "further than": "more", "less far than": "less"}
_THAN = ("than", "than that of")


def had_by_others(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[Predication]:
    """(Which) moves faster than the car, went farther, is seen longer, has a greater height, covers more area."""
    if "than" not in phrases.tokens:
        return
    word = phrases.word(at)
    if word in GOES and phrases.word(at + 2) == "than" and phrases.word(at + 1) in MORE:
        dimension = MORE[phrases.word(at + 1)]
        if dimension.solid == "speed":
            yield from held_against(phrases, at + 3, dimension.solid, "less" if dimension.least else "more")
    for stop, said in phrases.standing(at + 1, _FARTHER) if forms & GONE.get(word, frozenset()) else ():
        yield from held_against(phrases, stop, PATH.solid, _FARTHER[said])
    shown = phrases.after(at, _IN_VIEW)
    for stop, said in () if shown is None else phrases.standing(shown, _LONGER):
        yield from held_against(phrases, stop, "frames seen", _LONGER[said])
    covers = phrases.after(at, COVERING)
    if covers is not None and phrases.word(covers) in ("more", "less") and phrases.word(covers + 1) in AREA:
        for stop in phrases.literals(covers + 2, _THAN):
            yield from held_against(phrases, stop, "area", "more" if phrases.word(covers) == "more" else "less")
    if forms & HAVING.get(word, frozenset()):
        start = at + 1 + (phrases.word(at + 1) in ("a", "an", "the"))
        yield from _has_more(phrases, start)
        yield from sized_against(phrases, start)


def _has_more(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Has a) greater height than the man."""
    less = MORE_OR_LESS.get(phrases.word(at))
    for named, name in () if less is None else phrases.standing(at + 1, NOUNS):
        for stop in phrases.literals(named, _THAN):
            yield from held_against(phrases, stop, NOUNS[name].quantity(phrases.measured), "less" if less else "more")


def sized_against(phrases: Phrases, at: int, links: tuple[str, ...] = OF) -> Iterator[Predication]:
    """(Whose) height is greater than that of the man, exceeds it; (has a) height greater than that of the man."""
    for named, name in phrases.standing(at, NOUNS):
        for linked in {named, phrases.after(named, links) or named}:
            for opened, bound in phrases.standing(linked, BOUNDS):
                for stop in phrases.literals(opened, ("that of", f"the {name} of")):
                    yield from held_against(phrases, stop, NOUNS[name].quantity(phrases.measured), BOUNDS[bound])
