"""What is told of something by what is beside it: a bench with a dog on it, who has the car to the right of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.auxiliaries import AFTER_BE, BE, FINITE
from assistant.comparing import the_most
from assistant.directions import OPPOSITE, directions
from assistant.lexicon import Verb
from assistant.sayings import Predication, Saying, among, denied, directed, related, tied
from assistant.steps import MostRelated, Predicate, SpaceDirection

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_IT = frozenset({"it", "them", "him", "her", "themselves", "itself", "himself", "herself"})
_THEIR = frozenset({"its", "their", "his", "her"})
_STANDING = frozenset({"being", "standing", "sitting", "lying"})
_UNKNOWN = 0.2
"""What it costs to read a relation that the vocabulary lacks."""


def with_on_it(phrases: Phrases, at: int) -> list[Predication]:
    """(A bench) with a dog on it; (who) has a dog beside them, the car to their right, the most cups on it."""
    if _IT.isdisjoint(phrases.tokens[at:]):
        return []
    found: list[Predication] = []
    absent = [(thing, True) for thing in phrases.nobody(at)]
    for thing, none in (*((thing, thing.none) for thing in phrases.noun_phrases(at)), *absent):
        if thing.most:
            continue
        counted = thing.number is not None and not thing.definite and not none
        for end, beside, cost in _beside_it(phrases, thing.stop):
            found.append(_said(end, tied(beside, thing), thing.cost - 0.1 + cost, none))
        for end, direction in () if counted else _placed(phrases, thing.stop):
            found.append(_said(end, directed(direction, thing.reference, phrases), thing.cost - 0.05, none))
    return [*found, *_several(phrases, at), *_most_of_all(phrases, at)]


def _said(stop: int, saying: Saying, cost: float, none: bool) -> Predication:
    """What is said of something by a thing beside it, or by there being none."""
    said = Predication(stop, (saying,), cost)
    return replace(said, sayings=(denied(said),)) if none else said


def _several(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(A bench) with a dog and a cat on it."""
    for things in phrases.joined(at, ("and",)):
        if len(things) > 1 and not any(thing.none or thing.most or thing.number for thing in things):
            for end, beside, cost in _beside_it(phrases, things[-1].stop):
                sayings = tuple(related(beside, thing.reference) for thing in things)
                yield Predication(end, sayings, sum(thing.cost for thing in things) - 0.1 + cost)


def _beside_it(phrases: Phrases, at: int) -> Iterator[tuple[int, Predicate, float]]:
    """On it, being on it, that is on it, that stands beside them: (the place after it, how it stands to that)."""
    linked = phrases.word(at) in ("that", "which", "who")
    ways = [(at, AFTER_BE)]
    if linked:
        ways = [(at + 2, AFTER_BE)] if phrases.word(at + 1) in BE else [(at + 1, FINITE)]
    elif phrases.word(at) in _STANDING:
        ways = [(at, AFTER_BE), (at + 1, AFTER_BE)]
    for start, forms in ways:
        for end, entry in phrases.entries(start):
            if isinstance(entry, Verb) and not entry.bare and entry.form in forms and phrases.word(end) in _IT:
                known = bool(entry.predicate.forward or entry.predicate.converse)
                yield end + 1, entry.predicate.flipped(), 0.0 if known else _UNKNOWN


def _placed(phrases: Phrases, at: int) -> Iterator[tuple[int, SpaceDirection]]:
    """To the left of it: (the place after it, the direction)."""
    at += phrases.word(at) in _STANDING
    for end, direction in directions(phrases.tokens, at, in_space=phrases.vantage is not None):
        if phrases.word(end) in _IT and direction in OPPOSITE:
            yield end + 1, OPPOSITE[direction]
    side = phrases.word(at + 2)
    if phrases.word(at) in ("to", "on", "at") and phrases.word(at + 1) in _THEIR and side in ("left", "right"):
        yield at + 3 + (phrases.word(at + 3) == "side"), "right of" if side == "left" else "left of"


def _most_of_all(phrases: Phrases, at: int) -> Iterator[Predication]:
    """(Which bench) has the most dogs on it, the largest number of dogs kicking it?"""
    for thing in the_most(phrases, at):
        for end, beside, cost in _beside_it(phrases, thing.stop):
            saying = among(partial(MostRelated, predicate=beside, others=thing.nodes))
            yield Predication(end, (saying,), thing.cost - 0.1 + cost)
