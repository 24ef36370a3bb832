"""Whether two engines gave the same outcome."""

from collections.abc import Iterable
from math import isclose
from typing import Any

from assistant.outcomes import Measured, Outcome

TOLERANCE = 1e-6
"""Of measured values: relative, and absolute near 0."""


def disagreements(first: Outcome, second: Outcome) -> list[str]:
    """Every field in which two outcomes say something else; [] where they agree.

    Compared are status, reason, verdict, number, and as sets: nodes, relations, opposing relations,
    values, placements, measures, timings, orders, changes and the nodes that may be meant.
    """
    found = [
        f"{name}: {getattr(first, name)!r} against {getattr(second, name)!r}"
        for name in ("status", "reason", "verdict", "number")
        if getattr(first, name) != getattr(second, name)
    ]
    for name in ("nodes", "relations", "opposing", "placements", "order"):
        one, other = set(getattr(first, name)), set(getattr(second, name))
        if one != other:
            found.append(f"{name}: {_few(one - other)} against {_few(other - one)}")
    for name, seen in (("values", _values), ("timings", _timings), ("options", _options), ("change", _change)):
        if seen(first) != seen(second):
            found.append(f"{name}: {seen(first)} against {seen(second)}")
    if not _same_measures(first.measures, second.measures):
        found.append(f"measures: {_few(first.measures)} against {_few(second.measures)}")
    return found


def _values(outcome: Outcome) -> set[tuple[int, str, str]]:
    return {(node, name, str(value)) for node, name, value in outcome.values}


def _timings(outcome: Outcome) -> set[tuple[Any, ...]]:
    return {(each.subject, each.object, frozenset(each.relations), each.spans) for each in outcome.timings}


def _options(outcome: Outcome) -> set[tuple[Any, ...]]:
    return {(each.node, frozenset(each.answer)) for each in outcome.options}


def _change(outcome: Outcome) -> tuple[frozenset[int], ...]:
    return () if outcome.change is None else tuple(map(frozenset, outcome.change))


def _same_measures(first: tuple[Measured, ...], second: tuple[Measured, ...]) -> bool:
    """Whether they hold the same; from two viewpoints a quantity of two nodes has two values."""
    one, other = _different(first), _different(second)
    return len(one) == len(other) and all(map(_same_measure, one, other))


def _different(measures: Iterable[Measured]) -> list[Measured]:
    """Measures by quantity, nodes and value; what two steps measured of the same, to the last digit or two, is one."""
    kept: list[Measured] = []
    for measure in sorted(measures, key=_by_value):
        if not kept or not _same_measure(kept[-1], measure):
            kept.append(measure)
    return kept


def _same_measure(one: Measured, other: Measured) -> bool:
    return (
        one[:3] == other[:3]
        and _close(one.value, other.value)
        and _close(one.error, other.error)
        and one.frames == other.frames
    )


def _by_value(measured: Measured) -> tuple[int, int, str, float]:
    """Sorts measures of the same quantity and nodes by their values."""
    other = -1 if measured.other is None else measured.other
    return measured.node, other, measured.quantity, measured.value


def _close(first: float | None, second: float | None) -> bool:
    if first is None or second is None:
        return first is second
    return isclose(first, second, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _few(items: Iterable[Any]) -> str:
    listed = [str(item) for item in items]
    return ", ".join(listed[:4]) + (", ..." if len(listed) > 4 else "") or "nothing"
