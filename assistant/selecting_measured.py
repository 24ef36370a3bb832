"""Running the node steps that compare quantities and places: amounts, within, in space."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.answers import Reason
from assistant.bounded_steps import ManyRelated
from assistant.measured_programs import IsInSpace
from assistant.outcomes import Failure, Halfway, Measured, Placement, first_failure
from assistant.quantities import TOLERANCE
from assistant.selection import Links, Refused, Selection
from assistant.space import axis_of, between, lies
from assistant.steps import InBetween, InSpace, MostRelated, Moved, Nodes, Step, Within

if TYPE_CHECKING:
    from assistant.selecting import Selector

MAX_PAIRS = 2_000_000
"""Pairs of tracks times frames that one step compares: some 50 MB and 50 ms."""


def most_related(selector: Selector, step: MostRelated) -> Selection:
    """The nodes that stand in a relation to most of the others."""
    base, other = selector.select(step.nodes), selector.select(step.others)
    links = selector.links(base, step.predicate, other)
    if len(links.near):
        numbers = _partners(links, len(base.mask))
        links = links.where(numbers[links.near] == numbers.max())
    return selector.linked(step, base, other, links, bool(step.predicate.forward or step.predicate.converse))


def many_related(selector: Selector, step: ManyRelated) -> Selection:
    """The nodes that stand in a relation to so many of the others."""
    base, other = selector.select(step.nodes), selector.select(step.others)
    links = selector.links(base, step.predicate, other)
    numbers = _partners(links, len(base.mask))
    enough = (numbers >= step.number) if step.at_least else (numbers == step.number)
    known = bool(step.predicate.forward or step.predicate.converse)
    return selector.linked(step, base, other, links.where(enough[links.near]), known)


def _partners(links: Links, size: int) -> Int64[np.ndarray, " nodes"]:
    """With how many different nodes each node is linked."""
    pairs = np.unique(np.stack((links.near, links.far)), axis=1)
    return np.bincount(pairs[0], minlength=size)


def within(selector: Selector, step: Within) -> Selection:
    """The nodes at most so many metres away from one of the others."""
    base, other, lengths, errors = apart(selector, step, step.nodes, step.others)
    return near(selector, step, base, other, lengths, errors, lengths <= step.metres + TOLERANCE)


def in_space(selector: Selector, step: InSpace) -> Selection:
    """The nodes that lie in a direction of one of the others in space."""
    base, other = selector.select(step.nodes), selector.select(step.others)
    pairs = space_pairs(selector, base, other, step)
    selection = selector.linked(step, base, other, pairs.links(base, other))
    selection = replace(selection, measures=pairs.measures(selector.index.ids, base, other, pairs.yes))
    if not pairs.known.any() and base.failure is None and other.failure is None:
        return Selection(step, selection.mask, base, failure=Failure(step, Reason.NOT_MEASURED))
    return selection


def in_between(selector: Selector, step: InBetween) -> Selection:
    """The nodes that lie between one of the first and one of the second, in the picture where there are no metres."""
    base, *ends = (selector.select(nodes) for nodes in (step.nodes, step.first, step.second))
    space = selector.index.space
    at, centres, apart_from = _spots(selector, step, base, *ends)
    found = between(*centres) & apart_from
    mask = np.zeros_like(base.mask)
    mask[at[0][found.any(axis=(1, 2))]] = True
    measures: dict[Measured, None] = {}
    for end, axis in ((1, 2), (2, 1)) if space.measured else ():
        lengths, errors = space.distances(at[0], at[end], selector.window)
        for row, column in zip(*np.nonzero(found.any(axis=axis) & ~np.isnan(lengths)), strict=True):
            near, far = int(selector.index.ids[at[0][row]]), int(selector.index.ids[at[end][column]])
            length, error = float(lengths[row, column]), error_of(errors[row, column])
            measures[Measured(near, far, "distance", length, error)] = None
    failure = first_failure(base.failure, *(end.failure for end in ends))
    if failure is None and not mask.any():
        known = all((~np.isnan(own)).any() for own in centres)
        failure = Failure(step, Reason.ABSENT_OBJECT if known else Reason.NOT_MEASURED)
    claimed, presumed = (
        tuple(dict.fromkeys(word for side in (base, *ends) for word in getattr(side, name)))
        for name in ("claimed", "presumed")
    )
    return Selection(
        *(step, mask, base),
        measures=tuple(measures),
        placements=() if space.measured else tuple(_halfway(selector, found, at)),
        claimed=claimed,
        presumed=presumed,
        failure=failure,
    )


def halfway_ends(selector: Selector, step: InBetween) -> list[tuple[int, int, int]] | None:
    """For each node the first two others that it might lie between, by id; None where not all places are known.

    Raises:
        Refused: there are too many to compare.
    """
    at, centres, distinct = _spots(
        selector, step, *(selector.select(nodes) for nodes in (step.nodes, step.first, step.second))
    )
    if any(np.isnan(own).any() for own in centres) or not distinct.any(axis=(1, 2)).all():
        return None
    ids = selector.index.ids
    first, second = np.divmod(distinct.reshape(len(distinct), -1).argmax(axis=1), distinct.shape[2])
    ends = ids[at[0]], ids[at[1][first]], ids[at[2][second]]
    return list(zip(*(own.tolist() for own in ends), strict=True))


def _spots(
    selector: Selector, step: InBetween, *sides: Selection
) -> tuple[list[Int64[np.ndarray, " _"]], list[Float64[np.ndarray, "_ axes"]], Bool[np.ndarray, "n a b"]]:
    """Positions of the nodes and of the two they may lie between, their centres, and which three are distinct.

    Raises:
        Refused: there are too many to compare.
    """
    at = [side.positions for side in sides]
    refuse_crowds(selector, len(at[0]) * len(at[1]) * len(at[2]), step)
    space = selector.index.space
    centres = [
        space.places(own, "world", selector.window, None)[0] if space.measured else _centres(selector, own)
        for own in at
    ]
    distinct = (at[1][:, None] != at[2][None, :]) & (at[0][:, None, None] != at[1][None, :, None])
    return at, centres, distinct & (at[0][:, None, None] != at[2][None, None, :])


def _centres(selector: Selector, at: Int64[np.ndarray, " n"]) -> Float64[np.ndarray, "n 2"]:
    """The centres of boxes in the picture."""
    boxes = selector.index.boxes(at, selector.window)
    return (boxes[:, :2] + boxes[:, 2:]) / 2


def _halfway(
    selector: Selector,
    found: Bool[np.ndarray, "n a b"],
    at: list[Int64[np.ndarray, " _"]],
) -> Iterator[Placement]:
    """For each node the first two that it lies between."""
    for row in np.flatnonzero(found.any(axis=(1, 2))):
        first, second = np.argwhere(found[row])[0]
        yield int(at[0][row]), Halfway(int(selector.index.ids[at[2][second]])), int(at[1][first])


def moved(selector: Selector, step: Moved) -> Selection:
    """The nodes that moved, or did not."""
    base = selector.select(step.nodes)
    at = base.positions
    went, known = selector.index.space.moved(at, selector.window)
    known &= selector.index.categories[at] < len(selector.index.graph.vocabulary.things)  # of stuff other parts show
    kept = known & (went != step.still)
    mask = np.zeros_like(base.mask)
    mask[at[kept]] = True
    lengths, errors = selector.index.space.displaced(at, selector.window)
    measures = tuple(
        Measured(int(selector.index.ids[node]), None, "displacement", float(length), error_of(error))
        for node, length, error in zip(at[kept], lengths[kept], errors[kept], strict=True)
    )
    failure = base.failure
    if failure is None and not mask.any():
        failure = Failure(step, Reason.ABSENT_OBJECT if known.any() else Reason.NOT_MEASURED)
    return Selection(step, mask, base, measures=measures, claimed=base.claimed, presumed=base.presumed, failure=failure)


class SpacePairs(NamedTuple):
    """Of two sets, bool (n, m): pairs that lie in a direction, that lie the other way, that can be compared.

    `offsets` are metres along the axis of the direction (0, 1, 2: right, down, ahead), from the second to the first.
    """

    yes: Bool[np.ndarray, "n m"]
    no: Bool[np.ndarray, "n m"]
    known: Bool[np.ndarray, "n m"]
    axis: int
    offsets: Float64[np.ndarray, "n m"]
    errors: Float64[np.ndarray, "n m"]

    def measures(
        self, ids: Int64[np.ndarray, " nodes"], near: Selection, far: Selection, chosen: Bool[np.ndarray, "n m"]
    ) -> tuple[Measured, ...]:
        """How far the nodes of some pairs are apart along the axis."""
        return tuple(
            Measured(
                int(ids[near.positions[a]]),
                int(ids[far.positions[b]]),
                "xyz"[self.axis],
                float(self.offsets[a, b]),
                float(self.errors[a, b]) or None,
            )
            for a, b in np.argwhere(chosen).tolist()
        )

    def links(self, near: Selection, far: Selection) -> Links:
        """The pairs that lie in the direction."""
        rows, columns = np.nonzero(self.yes)
        return Links(np.full(len(rows), -1), near.positions[rows], far.positions[columns])


def space_pairs(selector: Selector, near: Selection, far: Selection, step: InSpace | IsInSpace) -> SpacePairs:
    """How the nodes of two sets lie to each other in the view of a step.

    Raises:
        Refused: there are too many pairs, or what the view faces is not there.
    """
    at = near.positions, far.positions
    refuse_crowds(selector, len(at[0]) * len(at[1]), step)
    ways, errors = selector.index.space.offsets(*at, step.view, selector.window, faced(selector, step.facing))
    comparable = ~np.isnan(ways).any(axis=-1) & (at[0][:, None] != at[1][None, :])
    yes, no = lies(ways, errors, step.direction)
    axis = axis_of(step.direction)
    return SpacePairs(yes & comparable, no & comparable, comparable, axis, ways[..., axis], errors)


def faced(selector: Selector, facing: Nodes | None) -> Int64[np.ndarray, " k"] | None:
    """Positions of the nodes that a view faces, None for the other views.

    Raises:
        Refused: there are none.
    """
    if facing is None:
        return None
    found = selector.select(facing)
    if found.failure is not None:
        refused = Refused(found.failure.reason, facing)
        refused.failure = replace(found.failure, presupposed=True)
        raise refused
    return found.positions


def error_of(value: float) -> float | None:
    """A standard deviation, None where it is not known."""
    return None if np.isnan(value) else float(value)


def apart(
    selector: Selector, step: Step, nodes: Nodes, others: Nodes
) -> tuple[Selection, Selection, Float64[np.ndarray, "n m"], Float64[np.ndarray, "n m"]]:
    """Two sets and the metres between their nodes; NaN between a node and itself."""
    base, other = selector.select(nodes), selector.select(others)
    first, second = base.positions, other.positions
    refuse_crowds(selector, len(first) * len(second), step)
    lengths, errors = selector.index.space.distances(first, second, selector.window)
    lengths[first[:, None] == second[None, :]] = np.nan
    return base, other, lengths, errors


def refuse_crowds(selector: Selector, pairs: int, step: Step) -> None:
    """Refuse to compare so many pairs.

    Raises:
        Refused: there are too many.
    """
    if selector.index.space.too_long or pairs * max(selector.index.space.world.shape[1], 1) > MAX_PAIRS:
        raise Refused(Reason.TOO_MANY, step)


def near(
    selector: Selector,
    step: Nodes,
    base: Selection,
    other: Selection,
    lengths: Float64[np.ndarray, "n m"],
    errors: Float64[np.ndarray, "n m"],
    kept: Bool[np.ndarray, "n m"],
) -> Selection:
    """The nodes that are tied to others by metres."""
    first, second = base.positions, other.positions
    rows, columns = np.nonzero(kept)
    mask = np.zeros_like(base.mask)
    mask[first[rows]] = True
    failure = None
    if not mask.any():
        measurable = np.isfinite(lengths).any()
        reason = Reason.ABSENT_OBJECT if measurable else Reason.NOT_MEASURED
        failure = first_failure(base.failure, other.failure) or Failure(step, reason)
    links = Links(np.full(len(rows), -1), first[rows], second[columns])
    measures = tuple(distances(selector, base, other, lengths, errors, rows, columns))
    claimed = tuple(dict.fromkeys((*base.claimed, *other.claimed)))
    presumed = tuple(dict.fromkeys((*base.presumed, *other.presumed)))
    return Selection(step, mask, base, other, links, measures, claimed=claimed, presumed=presumed, failure=failure)


def distances(
    selector: Selector,
    base: Selection,
    other: Selection,
    lengths: Float64[np.ndarray, "n m"],
    errors: Float64[np.ndarray, "n m"],
    rows: Int64[np.ndarray, " k"],
    columns: Int64[np.ndarray, " k"],
) -> list[Measured]:
    """The metres between some pairs of nodes of two sets."""
    ids = selector.index.ids
    return [
        Measured(int(near), int(far), "distance", float(length), error_of(error))
        for near, far, length, error in zip(
            ids[base.positions[rows]],
            ids[other.positions[columns]],
            lengths[rows, columns],
            errors[rows, columns],
            strict=True,
        )
    ]


MEASURED_STEPS: dict[type[Nodes], Callable[..., Selection]] = {
    MostRelated: most_related,
    ManyRelated: many_related,
    Within: within,
    InSpace: in_space,
    InBetween: in_between,
    Moved: moved,
}
"""What runs each step: (selector, step) -> selection."""
