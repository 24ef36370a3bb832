"""Numbers against others: more, less, equal, or within the error of measurement; nodes by how much they have."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import hypot
from typing import Any, Literal

from assistant.answers import Reason
from assistant.bounded_steps import Exceeding, Measuring
from assistant.outcomes import Measured
from assistant.quantities import TOLERANCE
from assistant.selecting_layout import MAX_PAIRS
from assistant.sqlite_engine.nodes import Gap, Picked, Picker, Refusal, first_gap
from assistant.sqlite_engine.space import link, quantity
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


def exceeding(run: Picker, step: Exceeding) -> Picked:
    """The nodes with surely more (less, at least, at most) of a quantity than one (each) of the others."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    near, far = run.ids(base), run.ids(other)
    if len(near) * len(far) > MAX_PAIRS:
        raise Refusal(Gap(Reason.TOO_MANY))
    one, two = (quantity(run, side.number, step.quantity) for side in (base, other))
    pairs: list[tuple[int, int]] = []
    close: dict[Measured, None] = {}
    unknown = False
    for node in near:
        said = {beside: _against(one.get(node), two.get(beside), step.how) for beside in far if beside != node}
        ways = set(said.values())
        no, yes = (("no", "yes"), ("yes", "no"))[not step.every]
        decided = "no" if not ways else no if no in ways else yes if ways == {yes} else ""
        if decided == "yes":
            pairs += [(node, beside) for beside, way in said.items() if way == "yes"]
        elif not decided and "open" in ways:
            near_it = [beside for beside, way in said.items() if way == "open"]
            close |= dict.fromkeys(
                Measured(each, None, step.quantity, *known[each])
                for each, known in ((node, one), *((beside, two) for beside in near_it))
            )
        elif not decided:
            unknown = True
    picked = run.joined(step, base, other, link(run, pairs))
    if pairs:
        return picked
    reason = Reason.WITHIN_ERROR if close else Reason.NOT_MEASURED if unknown else Reason.ABSENT_OBJECT
    return replace(picked, gap=first_gap(base.gap, other.gap) or Gap(reason, measures=tuple(close)))


def _against(one: Number | None, other: Number | None, how: str) -> str:
    """What `ordered` tells of two values; "unknown" where one of them was not measured."""
    return "unknown" if one is None or other is None else ordered(one, other, how)


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {Measuring: measuring, Exceeding: exceeding}
