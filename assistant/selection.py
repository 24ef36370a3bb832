"""A set of nodes and how it came about: what the node steps of the indexed engine give."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Bool, Int64

from assistant.answers import Reason
from assistant.outcomes import Failure, Measured, Placement
from assistant.steps import Nodes, Step


class Refused(Exception):
    """A step that cannot be run on this graph, for a typed reason."""

    def __init__(self, reason: Reason, step: Step) -> None:
        super().__init__(str(reason))
        self.failure = Failure(step, reason)


@dataclass(frozen=True, eq=False)
class Links:
    """What ties nodes to others: relation positions (-1 where boxes tell), near and far node positions."""

    relations: Int64[np.ndarray, " k"]
    near: Int64[np.ndarray, " k"]
    far: Int64[np.ndarray, " k"]

    def where(self, keep: Bool[np.ndarray, " k"]) -> Links:
        """Some of the links."""
        return Links(self.relations[keep], self.near[keep], self.far[keep])


@dataclass(frozen=True, eq=False)
class Selection:
    """A set of nodes and how it came about.

    `claimed` are words that say more than the graph records; under a definite article they become
    `presumed`: the asker uses them to point, not to ask. `placements` name nodes by position. `ahead` are
    the nodes that come before those that have a rank.
    """

    step: Nodes
    mask: Bool[np.ndarray, " nodes"]
    base: Selection | None = None
    other: Selection | None = None
    links: Links | None = None
    measures: tuple[Measured, ...] = ()
    placements: tuple[Placement, ...] = ()
    parts: tuple[Selection, ...] = ()
    claimed: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    failure: Failure | None = None
    ahead: Bool[np.ndarray, " nodes"] | None = None
    ahead_measures: tuple[Measured, ...] = ()

    @property
    def positions(self) -> Int64[np.ndarray, " k"]:
        """Positions of the nodes, ascending."""
        return np.flatnonzero(self.mask)

    @property
    def empty(self) -> bool:
        """Whether there is no such node."""
        return not self.mask.any()

    @property
    def assumed(self) -> tuple[str, ...]:
        """All words that say more than the graph records."""
        return tuple(dict.fromkeys((*self.claimed, *self.presumed)))


@dataclass
class Evidence:
    """What a set of nodes rests on: relations, further nodes (positions), placements, and measures (by node id)."""

    relations: list[int]
    context: list[int]
    placements: list[Placement]
    measures: list[Measured] = field(default_factory=list)
