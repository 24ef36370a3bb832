"""What is said of something that lies between two others: between the car and the tree, between the two cars."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from assistant.camera import others
from assistant.sayings import Predication, each
from assistant.steps import InBetween, Nodes

if TYPE_CHECKING:
    from assistant.grammar import Phrases


def said_between(phrases: Phrases, at: int) -> list[Predication]:
    """Between the car and the tree; between the two cars, which are both of them."""
    if phrases.word(at) != "between":
        return []
    return [
        Predication(stop, (each(partial(InBetween, first=first, second=second)),), cost)
        for stop, first, second, cost in _pairs(phrases, at + 1)
    ]


def _pairs(phrases: Phrases, at: int) -> Iterator[tuple[int, Nodes, Nodes, float]]:
    for first in others(phrases, at):
        for second in others(phrases, first.stop + 1) if phrases.word(first.stop) == "and" else ():
            yield second.stop, first.reference, second.reference, first.cost + second.cost
    for both in phrases.things(at):
        if both.plural and both.definite:
            yield both.stop, both.reference, both.reference, both.cost
