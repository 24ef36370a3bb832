"""Running the node steps that find nodes by their place in the picture, or by a value that others have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Int64

from assistant.adjectives import spelling
from assistant.answers import Reason
from assistant.index import GraphIndex
from assistant.layout import in_part, placed
from assistant.outcomes import Failure, Shared, Spot
from assistant.selection import Links, Refused, Selection
from assistant.steps import KIND, InPicture, Nodes, Sharing

if TYPE_CHECKING:
    from assistant.selecting import Selector

MAX_PAIRS = 4_000_000
"""Pairs of nodes that one step compares: the whole of a graph of 2,000 nodes, some 50 ms."""


def in_picture(selector: Selector, step: InPicture) -> Selection:
    """The nodes that lie in a part of the picture, or elsewhere in it."""
    base = selector.select(step.nodes)
    at = base.positions
    boxes = selector.index.boxes(at, selector.window)
    source = selector.index.graph.source
    known = ~np.isnan(boxes[:, 0])
    kept = at[known & (in_part(boxes, step.part, source.height, source.width) != step.outside)]
    mask = np.zeros_like(base.mask)
    mask[kept] = True
    failure = base.failure
    if failure is None and not mask.any():
        failure = Failure(step, Reason.ABSENT_OBJECT if known.any() else Reason.NOT_MEASURED)
    return Selection(
        *(step, mask, base),
        placements=tuple((node, Spot(step.part, step.outside), node) for node in kept.tolist()),
        claimed=base.claimed,
        presumed=base.presumed,
        failure=failure,
    )


def sharing(selector: Selector, step: Sharing) -> Selection:
    """The nodes that have the same value of an attribute as one of the others.

    Raises:
        Refused: there are too many pairs to compare.
    """
    base, other = selector.select(step.nodes), selector.select(step.others)
    if len(base.positions) * len(other.positions) > MAX_PAIRS:
        raise Refused(Reason.TOO_MANY, step)
    name, apart = spelling(step.attribute), base.mask & ~other.mask
    owners = _owners(selector.index, name)
    found = [
        (int(near), Shared(name, value), int(far))
        for value, owned in owners.items()
        for near in np.flatnonzero(owned & apart)
        for far in np.flatnonzero(owned & other.mask)
    ]
    ends = np.array([(near, far) for near, _, far in found], dtype=np.int64).reshape(-1, 2)
    selection = selector.linked(step, base, other, Links(np.full(len(ends), -1), ends[:, 0], ends[:, 1]))
    failure = selection.failure
    if failure is not None and failure.step is step:
        recorded = np.logical_or.reduce([np.zeros_like(apart), *owners.values()])
        known = not apart.any() or bool((recorded & apart).any() and (recorded & other.mask).any())
        failure = Failure(step, Reason.ABSENT_OBJECT if known else Reason.ATTRIBUTE_NOT_RECORDED, known)
    return replace(selection, placements=tuple(found), failure=failure)


def overlapping(
    selector: Selector, first: Int64[np.ndarray, " n"], second: Int64[np.ndarray, " m"]
) -> Bool[np.ndarray, "n m"]:
    """Which boxes of two sets of nodes (by position) overlap in some frame; no node overlaps itself."""
    sides = [selector.index.frame_boxes(at, selector.window) for at in (first, second)]
    together = np.zeros((len(first), len(second)), dtype=bool)
    for frame in sides[0].keys() & sides[1].keys():
        (rows, boxes), (columns, others) = sides[0][frame], sides[1][frame]
        together[np.ix_(rows, columns)] |= placed(boxes, others, "overlapping")
    return together & (first[:, None] != second)


def _owners(index: GraphIndex, name: str) -> dict[str, Bool[np.ndarray, " nodes"]]:
    """Which nodes have each value of an attribute."""
    if name == KIND:
        categories = index.graph.vocabulary.categories
        return {categories[kind]: index.categories == kind for kind in np.unique(index.categories)}
    owners: dict[str, Bool[np.ndarray, " nodes"]] = {}
    for said, places in index.owners.get(name, {}).items():
        owners[said] = np.zeros(len(index.ids), dtype=bool)
        owners[said][places] = True
    return owners


LAYOUT_STEPS: dict[type[Nodes], Callable[..., Selection]] = {InPicture: in_picture, Sharing: sharing}
"""What runs each step: (selector, step) -> selection."""
