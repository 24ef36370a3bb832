"""What is said of a subject by a number: taller than 1.8 m, at least 2 m wide, closer than 3 m to the camera."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from assistant.bounded_steps import OPPOSITE, Bound, Measuring
from assistant.camera import camera
from assistant.dimensions import LENGTH, MORE, NEARER, NOUNS, PLAIN, Dimension
from assistant.programs import AllOf, Exists, Not
from assistant.sayings import Predication, Saying
from assistant.steps import Nodes, Pick, Quantity, Question, The
from assistant.units import OF_QUANTITY, WORDS

if TYPE_CHECKING:
    from assistant.word_list import WordList

_FRACTIONS = {"half a": 0.5, "half of a": 0.5, "a quarter of a": 0.25, "three quarters of a": 0.75, "a": 1.0, "an": 1.0}

BOUNDS: dict[str, Bound] = {
    **dict.fromkeys(("more than", "over", "above", "greater than", "larger than", "upwards of", "bigger than"), "more"),
    **dict.fromkeys(("in excess of", "exceeding", "exceed", "exceeds", "exceeded", "beyond", "higher than"), "more"),
    **dict.fromkeys(("less than", "under", "below", "fewer than", "smaller than", "lower than", "well under"), "less"),
    **dict.fromkeys(("at least", "no less than", "not less than", "a minimum of", "at the least"), "at least"),
    **dict.fromkeys(("no fewer than", "not under", "not below", "not smaller than"), "at least"),
    **dict.fromkeys(("at most", "no more than", "not more than", "up to", "a maximum of", "at the most"), "at most"),
    **dict.fromkeys(("not over", "not above", "not larger than"), "at most"),
}  # fmt: skip
_LENGTHS_AWAY: dict[str, Bound] = {
    **dict.fromkeys(("within", "inside", "within at most"), "at most"),
    **{f"{at} a {way} of": "at most" for at in ("within", "in", "inside") for way in ("radius", "distance", "circle")},
    **{f"{near} than": "less" for near in ("closer", "nearer")},
    **{f"{far} than": "more" for far in NEARER if NEARER[far] == NEARER["far"] and far != "far"},
    **{f"{no} {near} than": "at least" for no in ("no", "not") for near in ("closer", "nearer")},
    **{
        f"{no} {far} than": "at most"
        for no in ("no", "not")
        for far in NEARER
        if NEARER[far] == NEARER["far"] and far != "far"
    },
    "outside": "more",
}
"""Bounds of a distance alone, which need not say so once more."""
_BEHIND: dict[str, Bound] = {
    **{f"{and_} {more}": "at least" for and_ in ("or", "and") for more in ("more", "over", "above", "greater", "up")},
    **{f"{and_} {less}": "at most" for and_ in ("or", "and") for less in ("less", "under", "below", "fewer", "closer")},
    **{f"or {more}": "at least" for more in ("taller", "wider", "longer", "bigger", "larger", "deeper", "farther")},
    **{f"or {less}": "at most" for less in ("shorter", "narrower", "smaller", "nearer", "shallower")},
}
"""Bounds that stand behind the number: 2 m or more."""

_OF_ADJECTIVE: dict[str, Dimension] = {**PLAIN, "long": LENGTH, "high": PLAIN["tall"]}
_OF_COMPARATIVE: dict[str, Dimension] = {**MORE, "longer": LENGTH}
_AWAY = ("away", "off", "distant", "far", "far away", "far off")
_FROM = ("from", "of", "to", "in front of", "away from")
_CAMERA_IS_MEANT = 0.1
"""What it costs to measure from the camera where nothing says so: "closer than 2 m"."""


@dataclass(frozen=True)
class Amount:
    """Bounds of a number in a unit: at least 1 m and at most 2 m."""

    bounds: tuple[tuple[Bound, float], ...]
    unit: str

    def quantity(self, dimension: Dimension) -> Quantity | None:
        """The quantity that is meant, in metres or pixels as the unit says; None where it has another unit."""
        meant = dimension.flat if self.unit == "pixels" else dimension.solid
        if meant == "volume" and self.unit == "m":  # what is bigger than 2 m is so along its longest side
            meant = LENGTH.solid
        return meant if meant is not None and OF_QUANTITY.get(meant) == self.unit else None

    def of(self, dimension: Dimension) -> Saying | None:
        """That something has so much of a quantity."""
        quantity = self.quantity(dimension)
        return None if quantity is None else having(quantity, self)


def having(quantity: Quantity, amount: Amount) -> Saying:
    """That something has so much of a quantity; what it has not is measured as well."""
    saying = Saying(partial(_narrowed, quantity, amount.bounds), partial(_asked, quantity, amount.bounds))
    if len(amount.bounds) > 1:
        return saying
    ((how, number),) = amount.bounds
    narrow = partial(_narrowed, quantity, ((OPPOSITE[how], number),))
    return Saying(saying.narrow, saying.ask, Saying(narrow, partial(_denied, quantity, amount.bounds)))


def _narrowed(quantity: Quantity, bounds: tuple[tuple[Bound, float], ...], nodes: Nodes) -> Nodes:
    for how, number in bounds:
        nodes = Measuring(nodes, quantity, how, number)
    return nodes


def _asked(quantity: Quantity, bounds: tuple[tuple[Bound, float], ...], nodes: Nodes, every: bool) -> Question:
    """Is there one? Of what is named it is told either way, of several: that none of them is otherwise."""
    if not every and not isinstance(nodes, The | Pick):
        return Exists(_narrowed(quantity, bounds, nodes))
    meant = nodes if isinstance(nodes, The | Pick) else The(nodes, plural=True)
    parts: tuple[Question, ...] = tuple(
        Not(Exists(Measuring(meant, quantity, OPPOSITE[how], number)))
        if every
        else Exists(Measuring(meant, quantity, how, number))
        for how, number in bounds
    )
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _denied(quantity: Quantity, bounds: tuple[tuple[Bound, float], ...], nodes: Nodes, every: bool) -> Question:
    return Not(_asked(quantity, bounds, nodes, every))


def said_of_amounts(phrases: WordList, at: int) -> Iterator[Predication]:
    """Taller than 1.8 m, between 1 and 2 m wide, more than 3 m away, closer to the camera than 2 m."""
    for stop, dimension, amount in compared_with_amount(phrases, at):
        yield from _said(stop, amount.of(dimension))
    for stop, said in phrases.standing(at, NEARER):  # "closer to the camera than 2 m"
        here = camera(phrases, stop + 1) if phrases.word(stop) in ("to", "from") else None
        if here is not None and phrases.word(here) == "than":
            for end, number, unit in _number(phrases, here + 1):
                how: Bound = "less" if NEARER[said].least else "more"
                yield from _said(end, Amount(((how, number),), unit).of(NEARER[said]))
    for start in (at, *phrases.literals(at, ("at a distance of", "at a distance"))):
        for stop, amount in amounts(phrases, start):
            yield from _named_behind(phrases, stop, amount)
    for opened, bound in phrases.standing(at, _LENGTHS_AWAY):
        for stop, number, unit in _number(phrases, opened):
            amount = Amount(((_LENGTHS_AWAY[bound], number),), unit)
            away = phrases.after(stop, _AWAY) or stop
            yield from _said(away, amount.of(NEARER["far"]), _CAMERA_IS_MEANT)
            for from_ in phrases.literals(away, _FROM):
                here = camera(phrases, from_)
                if here is not None:
                    yield from _said(here, amount.of(NEARER["far"]))


def _said(stop: int, saying: Saying | None, cost: float = 0.0) -> Iterator[Predication]:
    if saying is not None:
        yield Predication(stop, (saying,), cost)


def _named_behind(phrases: WordList, stop: int, amount: Amount) -> Iterator[Predication]:
    """(At least 2 m) tall, in height, away, (away) from the camera."""
    dimension = _OF_ADJECTIVE.get(phrases.word(stop))
    if dimension is not None and not dimension.least:
        yield from _said(stop + 1, amount.of(dimension))
    for end, name in phrases.standing(stop + 1, NOUNS) if phrases.word(stop) in ("in", "of") else ():
        yield from _said(end, amount.of(NOUNS[name]))
    away = phrases.after(stop, _AWAY)
    if away is not None:
        yield from _said(away, amount.of(NEARER["far"]), _CAMERA_IS_MEANT)
    for from_ in phrases.literals(stop if away is None else away, _FROM):
        here = camera(phrases, from_)
        if here is not None:
            yield from _said(here, amount.of(NEARER["far"]))


def compared_with_amount(phrases: WordList, at: int) -> Iterator[tuple[int, Dimension, Amount]]:
    """Taller than 1.8 m, no wider than 50 cm, taller than 1 m and shorter than 2 m: each by itself."""
    denied = phrases.word(at) in ("no", "not")
    start = at + denied
    dimension = _OF_COMPARATIVE.get(phrases.word(start))
    if dimension is None or phrases.word(start + 1) != "than":
        return
    how: Bound = "less" if dimension.least else "more"
    for stop, number, unit in _number(phrases, start + 2):
        end = phrases.after(stop, tuple(f"in {name}" for name in NOUNS if NOUNS[name] == dimension)) or stop
        yield end, dimension, Amount(((OPPOSITE[how] if denied else how, number),), unit)


def amounts(phrases: WordList, at: int) -> Iterator[tuple[int, Amount]]:
    """At least 2 m, more than 50 cm, between 1 and 2 m, 2 m or more: (place after it, the amount)."""
    for start, said in phrases.standing(at, BOUNDS):
        for stop, number, unit in _number(phrases, start):
            yield stop, Amount(((BOUNDS[said], number),), unit)
    if phrases.word(at) in ("between", "from"):
        yield from _between(phrases, at + 1)
    elif phrases.word(at + 1) == "to" or phrases.word(at + 2) == "to":
        yield from _between(phrases, at)
    for stop, number, unit in _number(phrases, at):
        for end, said in phrases.standing(stop, _BEHIND):
            yield end, Amount(((_BEHIND[said], number),), unit)


def _between(phrases: WordList, at: int) -> Iterator[tuple[int, Amount]]:
    """(Between) 1 and 2 m, 50 cm and 1 m."""
    number = phrases.number(at)
    lows = [(at + 1, number, None)] if number is not None else []
    for middle, low, own in (*lows, *_number(phrases, at)):
        if phrases.word(middle) not in ("and", "to"):
            continue
        for stop, high, unit in _number(phrases, middle + 1):
            if own in (None, unit):
                factor = 1.0 if own is not None else high / (phrases.number(middle + 1) or high)
                yield stop, Amount((("at least", low * factor), ("at most", high)), unit)


def _number(phrases: WordList, at: int) -> Iterator[tuple[int, float, str]]:
    """2 m, half a metre, one and a half metres, 50 cm: (place after it, number, unit in which quantities are held)."""
    number = phrases.number(at)
    starts = [(at + 1, number)] if number is not None else []
    if number is not None and (end := phrases.literal(at + 1, "and a half")) is not None:
        starts.append((end, number + 0.5))
    starts += [(stop, _FRACTIONS[said]) for stop, said in phrases.standing(at, _FRACTIONS)]
    for start, value in starts:
        for stop, name in phrases.standing(start, WORDS):
            unit, factor = WORDS[name]
            yield stop, round(value * factor, 9), unit
