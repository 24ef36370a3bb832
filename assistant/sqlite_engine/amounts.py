"""Numbers against others: more, less, equal, or within the error of measurement; nodes by how much they have."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import Any, Literal

from assistant.answers import Reason
from assistant.bounded_steps import Measuring
from assistant.outcomes import Measured
from assistant.quantities import TOLERANCE
from assistant.sqlite_engine.nodes import Gap, Picked, Picker
from assistant.sqlite_engine.space import quantity
from assistant.steps import Nodes

Number = tuple[float, float | None]
"""A value and its standard deviation."""


def ordered(one: Number, other: Number, how: str) -> Literal["yes", "no", "open"]:
    """Whether one value is more (less, equal, at least, at most); open where they lie within their error."""
    error = hypot(one[1] or 0.0, other[1] or 0.0)
    difference = one[0] - other[0]
    if abs(difference) <= max(error, TOLERANCE):
        return "open" if error > TOLERANCE else "yes" if how in ("equal", "at least", "at most") else "no"
    return "yes" if how in (("more", "at least") if difference > 0 else ("less", "at most")) else "no"


def measuring(run: Picker, step: Measuring) -> Picked:
    """The nodes with surely more (less, at least, at most) of a quantity than an amount."""
    base = run.pick(step.nodes)
    values = quantity(run, base.number, step.quantity)
    told = {node: ordered(value, (step.amount, None), step.how) for node, value in values.items()}
    kept = run.put(node for node, said in told.items() if said == "yes")
    gap = base.gap
    if gap is None and not run.any(kept):
        unknown = Reason.NOT_MEASURED if len(values) < len(run.ids(base)) else Reason.ABSENT_OBJECT
        close = tuple(
            Measured(node, None, step.quantity, *values[node]) for node, said in told.items() if said == "open"
        )
        gap = Gap(Reason.WITHIN_ERROR if close else unknown, measures=close)
    return Picked(kept, step, base, claimed=base.claimed, presumed=base.presumed, gap=gap)


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {Measuring: measuring}
