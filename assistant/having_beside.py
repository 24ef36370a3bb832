"""What something has beside it: a bench with a dog on it, people who have the car to their left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.directions import OPPOSITE, directions
from assistant.lexicon import Verb
from assistant.sayings import Predication, denied, directed, tied
from assistant.steps import SpaceDirection

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_STATES = ("gerund", "state")
_THEM, _THEIR = ("it", "them", "him", "her", "themselves", "itself"), ("its", "their", "his", "her")


def with_on_it(phrases: Phrases, at: int) -> list[Predication]:
    """(A bench) with a dog on it; (who) has a dog beside them, to their left."""
    found = []
    for thing in (*phrases.named(at), *phrases.cores(at)):
        start = thing.stop + (phrases.word(thing.stop) in ("being", "that", "standing", "sitting", "lying"))
        found += [
            Predication(end + 1, (denied(Predication(0, (there,))) if thing.none else there,), thing.cost - 0.1)
            for stop in {thing.stop, start}
            for end, entry in phrases.entries(stop)
            if isinstance(entry, Verb) and not entry.bare and entry.form in _STATES
            and phrases.word(end) in _THEM
            for there in (tied(entry.predicate.flipped(), thing),)
        ]  # fmt: skip
        found += [
            Predication(end, (directed(OPPOSITE[direction], thing.reference, phrases),), thing.cost - 0.1)
            for end, direction in _sides_of_them(phrases, start)
        ]
    return found


def _sides_of_them(phrases: Phrases, at: int) -> Iterator[tuple[int, SpaceDirection]]:
    """To the left of them, on its right side: the place after it, the direction."""
    for stop, direction in directions(phrases.tokens, at, in_space=phrases.vantage is not None):
        if phrases.word(stop) in _THEM:
            yield stop + 1, direction
    side = phrases.word(at + 2)
    if phrases.word(at) in ("to", "on", "at") and phrases.word(at + 1) in _THEIR and side in ("left", "right"):
        yield at + (4 if phrases.word(at + 3) == "side" else 3), "left of" if side == "left" else "right of"
