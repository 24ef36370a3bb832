"""Running the node steps that pick by comparing: superlatives, extremes, the nearest; see `ranked_steps`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from jaxtyping import Bool, Float64

from assistant.layout import along
from assistant.outcomes import Measured
from assistant.quantities import TOLERANCE, measured
from assistant.ranking import ranks, unsettled
from assistant.selecting_measured import apart, distances, error_of, near
from assistant.selection import Selection
from assistant.steps import Extreme, Nearest, Nodes, Superlative

if TYPE_CHECKING:
    from assistant.selecting import Selector


def superlative(selector: Selector, step: Superlative) -> Selection:
    """The nodes with most or least of a quantity."""
    base = selector.select(step.nodes)
    at = base.positions
    values, errors = measured(selector.index, at, step.quantity, selector.window)

    def told(chosen: Bool[np.ndarray, " n"]) -> tuple[Measured, ...]:
        return tuple(
            Measured(int(selector.index.ids[node]), None, step.quantity, float(value), error_of(error))
            for node, value, error in zip(at[chosen], values[chosen], errors[chosen], strict=True)
        )

    return _picked(selector, step, base, -values if step.least else values, told)


def extreme(selector: Selector, step: Extreme) -> Selection:
    """The nodes that lie furthest to a side of the picture, or are the largest or smallest in it."""
    base = selector.select(step.nodes)
    at = base.positions
    boxes, areas = selector.index.boxes(at, selector.window), selector.index.areas(at, selector.window)
    return _picked(selector, step, base, along(boxes, areas, step.which), lambda chosen: (), tolerance=0.0)


def nearest(selector: Selector, step: Nearest) -> Selection:
    """The nodes nearest to (farthest from) the nearest of the others."""
    base, other, lengths, errors = apart(selector, step, step.nodes, step.others)
    own = np.where(np.isnan(lengths), np.inf, lengths).min(axis=1, initial=np.inf)  # infinite where it is not known
    found = ranks(own if step.farthest else -own, step, TOLERANCE)
    closest = lengths <= own[:, None] + TOLERANCE
    selection = near(selector, step, base, other, lengths, errors, found.chosen[:, None] & closest)
    if found.ahead.any():
        measures = distances(selector, base, other, lengths, errors, *np.nonzero(found.ahead[:, None] & closest))
        return replace(selection, ahead=_mask(base, found.ahead), ahead_measures=tuple(measures))
    if selection.failure is None or base.failure is not None or other.failure is not None:
        return selection
    comparable = (base.positions[:, None] != other.positions[None, :]).any(axis=1)  # all but what is the only other
    tied = tuple(selector.index.ids[base.positions[found.tied]].tolist())
    equal = distances(selector, base, other, lengths, errors, *np.nonzero(found.tied[:, None] & closest))
    all_known = bool(comparable.any() and np.isfinite(own[comparable]).all())
    return replace(selection, failure=unsettled(step, found, all_known, tied, tuple(equal)))


def _picked(
    selector: Selector,
    step: Superlative | Extreme,
    base: Selection,
    values: Float64[np.ndarray, " n"],
    told: Callable[[Bool[np.ndarray, " n"]], tuple[Measured, ...]],
    tolerance: float = TOLERANCE,
) -> Selection:
    """The nodes that have the rank of a step, or are the first few, by a value of each.

    Args:
        selector: of the graph.
        step: what picks.
        base: what it picks from.
        values: of the nodes of `base`, the largest come first; NaN where it is not known.
        told: the measures of some of these nodes, by which they are picked.
        tolerance: values closer than this are equal.
    """
    at, found = base.positions, ranks(values, step, tolerance)
    mask = _mask(base, found.chosen)
    failure = base.failure
    if failure is None and not mask.any():
        tied = tuple(selector.index.ids[at[found.tied]].tolist())
        failure = unsettled(step, found, bool(np.isfinite(values).all()), tied, told(found.tied))
    return Selection(
        *(step, mask, base),
        measures=told(found.chosen),
        claimed=base.claimed,
        presumed=base.presumed,
        failure=failure,
        ahead=_mask(base, found.ahead) if found.ahead.any() else None,
        ahead_measures=told(found.ahead),
    )


def _mask(base: Selection, chosen: Bool[np.ndarray, " n"]) -> Bool[np.ndarray, " nodes"]:
    """Some of the nodes of a set."""
    mask = np.zeros_like(base.mask)
    mask[base.positions[chosen]] = True
    return mask


RANKED_STEPS: dict[type[Nodes], Callable[..., Selection]] = {
    Superlative: superlative,
    Extreme: extreme,
    Nearest: nearest,
}
"""What runs each step: (selector, step) -> selection."""
