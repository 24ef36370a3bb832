"""Steps that keep nodes by a number: how much of a quantity they have, how many others they are tied to."""

from dataclasses import dataclass
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
class ManyRelated(Nodes):
    """Nodes that stand in a relation to that many of the others (exactly, or at least)."""

    nodes: Nodes
    predicate: Predicate
    others: Nodes
    number: int
    at_least: bool = False
