"""Running the node steps that keep nodes by how much they have: more than a number, more than others have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain, repeat, zip_longest
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.answers import Reason
from assistant.bounded_steps import OPPOSITE, Bound, Exceeding, Measuring
from assistant.outcomes import Failure, Measured, first_failure
from assistant.quantities import Order, measured, order
from assistant.selecting_layout import MAX_PAIRS
from assistant.selection import Links, Refused, Selection
from assistant.steps import Nodes

if TYPE_CHECKING:
    from assistant.selecting import Selector


def measuring(selector: Selector, step: Measuring) -> Selection:
    """The nodes with surely more (less, at least, at most) of a quantity than an amount."""
    base = selector.select(step.nodes)
    at = base.positions
    values, errors = measured(selector.index, at, step.quantity, selector.window)
    found = order(values - step.amount, errors)
    so = _bounded(found, step.how)
    mask = np.zeros_like(base.mask)
    mask[at[so]] = True
    close, measures = (
        tuple(_told(selector, at[shown], step, values[shown], errors[shown])) for shown in (found.open, so)
    )
    failure = base.failure
    if failure is None and not so.any():
        unknown = Reason.NOT_MEASURED if np.isnan(values).any() else Reason.ABSENT_OBJECT
        failure = Failure(step, Reason.WITHIN_ERROR if close else unknown, measures=close)
    return Selection(step, mask, base, measures=measures, claimed=base.claimed, presumed=base.presumed, failure=failure)


class _Told(NamedTuple):
    """Of which nodes it is so, of which nobody can tell for the error of measurement, or for want of a measure."""

    yes: Bool[np.ndarray, " n"]
    close: Bool[np.ndarray, " n"]
    unknown: Bool[np.ndarray, " n"]


def exceeding(selector: Selector, step: Exceeding) -> Selection:
    """The nodes with surely more (less, at least, at most) of a quantity than one (each) of the others."""
    base, other = selector.select(step.nodes), selector.select(step.others)
    near, far = base.positions, other.positions
    if len(near) * len(far) > MAX_PAIRS:
        raise Refused(Reason.TOO_MANY, step)
    (one, one_errors), (two, two_errors) = (
        measured(selector.index, at, step.quantity, selector.window) for at in (near, far)
    )
    spread = np.hypot(np.nan_to_num(one_errors)[:, None], np.nan_to_num(two_errors)[None, :])
    found = order(one[:, None] - two[None, :], spread)
    apart = near[:, None] != far[None, :]
    so = _bounded(found, step.how) & apart
    told = _of_each(so, _bounded(found, OPPOSITE[step.how]) & apart, found.open & apart, apart, step.every)

    def shown(pairs: Bool[np.ndarray, "n m"]) -> tuple[Measured, ...]:
        """What was measured of the nodes of some pairs, of either side in turn: a list that is cut short shows both."""
        sides = (
            _told(selector, at[some], step, values[some], errors[some])
            for at, values, errors, some in (
                (near, one, one_errors, pairs.any(axis=1)),
                (far, two, two_errors, pairs.any(axis=0)),
            )
        )
        return tuple(dict.fromkeys(each for each in chain.from_iterable(zip_longest(*sides)) if each is not None))

    kept = so & told.yes[:, None]
    mask = np.zeros_like(base.mask)
    mask[near[told.yes]] = True
    failure = first_failure(base.failure, other.failure)
    if failure is None and not told.yes.any():
        unknown = Reason.NOT_MEASURED if told.unknown.any() else Reason.ABSENT_OBJECT
        close = shown(found.open & apart & told.close[:, None])
        failure = Failure(step, Reason.WITHIN_ERROR if close else unknown, measures=close)
    rows, columns = np.nonzero(kept)
    return Selection(
        *(step, mask, base, other),
        links=Links(np.full(len(rows), -1), near[rows], far[columns]),
        measures=shown(kept),
        claimed=tuple(dict.fromkeys((*base.claimed, *other.claimed))),
        presumed=tuple(dict.fromkeys((*base.presumed, *other.presumed))),
        failure=failure,
    )


def _of_each(
    so: Bool[np.ndarray, "n m"],
    not_so: Bool[np.ndarray, "n m"],
    close: Bool[np.ndarray, "n m"],
    apart: Bool[np.ndarray, "n m"],
    every: bool,
) -> _Told:
    """What pairs of different nodes tell of each node; without another one beside it, that it is not so."""
    if every:
        yes = (so | ~apart).all(axis=1) & apart.any(axis=1)
        no = not_so.any(axis=1) | ~apart.any(axis=1)
    else:
        yes, no = so.any(axis=1), (not_so | ~apart).all(axis=1)
    unsure = ~yes & ~no & close.any(axis=1)
    return _Told(yes, unsure, ~(yes | no | unsure))


def _bounded(found: Order, how: Bound) -> Bool[np.ndarray, "*shape"]:
    """Which numbers are surely more (less, at least, at most) than those that they are held against."""
    return {
        "more": found.more,
        "less": found.less,
        "at least": found.more | found.equal,
        "at most": found.less | found.equal,
    }[how]


def _told(
    selector: Selector,
    at: Int64[np.ndarray, " k"],
    step: Measuring | Exceeding,
    values: Float64[np.ndarray, " k"],
    errors: Float64[np.ndarray, " k"],
) -> Iterator[Measured]:
    """What was measured of some nodes (by position); of thousands made without a step of Python for each."""
    spreads = errors.astype(object)
    spreads[np.isnan(errors)] = None
    ids, quantities = selector.index.ids[at].tolist(), repeat(step.quantity)
    return map(Measured, ids, repeat(None), quantities, values.tolist(), spreads.tolist())


AMOUNT_STEPS: dict[type[Nodes], Callable[..., Selection]] = {Measuring: measuring, Exceeding: exceeding}
"""What runs each step: (selector, step) -> selection."""
