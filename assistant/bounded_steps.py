"""Steps that keep nodes by a number: how much they have, more than others have, how many others they are tied to."""

from dataclasses import dataclass, replace
from typing import Literal

from assistant.steps import Nodes, Predicate, Quantity

Bound = Literal["more", "less", "at least", "at most"]

OPPOSITE: dict[Bound, Bound] = {"more": "at most", "less": "at least", "at least": "less", "at most": "more"}
"""What is so of a number of which a bound is not."""


@dataclass(frozen=True)
class Measuring(Nodes):
    """Nodes with more (less, at least, at most) of a quantity than an amount in its own unit.

    What lies within the error of its measurement is neither more nor less, and is left out.
    """

    nodes: Nodes
    quantity: Quantity
    how: Bound
    amount: float


@dataclass(frozen=True)
class Exceeding(Nodes):
    """Nodes with surely more (less, at least, at most) of a quantity than one of the others (with `every`: than each).

    Nothing is held against itself, and what has no others beside itself exceeds nothing. What lies within the error of
    both measurements is neither more nor less.
    """

    nodes: Nodes
    quantity: Quantity
    how: Bound
    others: Nodes
    every: bool = False

    @property
    def opposite(self) -> "Exceeding":
        """The nodes of which it is surely not so: not more than one of them is at most as much as each."""
        return replace(self, how=OPPOSITE[self.how], every=not self.every)


@dataclass(frozen=True)
class ManyRelated(Nodes):
    """Nodes that stand in a relation to that many of the others (exactly, or at least)."""

    nodes: Nodes
    predicate: Predicate
    others: Nodes
    number: int
    at_least: bool = False
