"""What comes first, second or among the first few, by the tables: see `ranked_steps` for the rule in words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from typing import Any, NamedTuple

from assistant.answers import Reason
from assistant.outcomes import Measured
from assistant.quantities import TOLERANCE
from assistant.ranked_steps import Ranked
from assistant.sqlite_engine.nodes import Gap, Picked, Picker
from assistant.sqlite_engine.space import distances, near_by, quantity
from assistant.steps import Extreme, Nearest, Nodes, Superlative

_EXTREMES = {
    "left": "-(x1 + x2) / 2",
    "right": "(x1 + x2) / 2",
    "top": "-(y1 + y2) / 2",
    "bottom": "(y1 + y2) / 2",
    "largest": "area",
    "smallest": "-area",
}
_RANKS = """
WITH worth AS (SELECT node, {0} AS value FROM geometry WHERE w = ? AND node IN (SELECT id FROM picked WHERE step = ?))
SELECT node, rank() OVER (ORDER BY value DESC) FROM worth WHERE value IS NOT NULL
"""


class _Places(NamedTuple):
    """Nodes that a step picks, those before them, and those that have one rank where another was asked for."""

    chosen: list[int]
    ahead: list[int]
    tied: list[int]

    @classmethod
    def of(cls, ranks: Mapping[int, int], step: Ranked) -> _Places:
        """What a step picks by the rank of each node."""
        last = max(step.rank, step.number)
        several = step.number > 1
        chosen = [node for node, rank in ranks.items() if (rank <= last if several else rank == last)]
        if chosen and (not several or len(chosen) == last):
            ahead = [] if several else [node for node, rank in ranks.items() if rank < last]
            return cls(chosen, ahead, [])
        shared = max((rank for rank in ranks.values() if rank <= last), default=0) if len(ranks) >= last else 0
        return cls([], [], [node for node, rank in ranks.items() if rank == shared])

    def gap(self, all_known: bool, measures: tuple[Measured, ...] = ()) -> Gap | None:
        """Why nothing is picked."""
        if self.chosen:
            return None
        if self.tied:
            return Gap(Reason.TIED, measures=measures, tied=tuple(sorted(self.tied)))
        return Gap(Reason.ABSENT_OBJECT if all_known else Reason.NOT_MEASURED)


def superlative(run: Picker, step: Superlative) -> Picked:
    """The nodes with most or least of a quantity, the second, the first few."""
    base = run.pick(step.nodes)
    values = quantity(run, base.number, step.quantity)
    sign = -1 if step.least else 1

    def told(nodes: Collection[int]) -> tuple[Measured, ...]:
        return tuple(Measured(node, None, step.quantity, *values[node]) for node in nodes)

    places = _Places.of(_ranked({node: sign * value for node, (value, _) in values.items()}), step)
    gap = base.gap or places.gap(len(values) == len(run.ids(base)), told(places.tied))
    return _picked(run, step, base, places, gap, told(places.ahead))


def extreme(run: Picker, step: Extreme) -> Picked:
    """The nodes furthest to a side, the largest, the smallest, the second, the first few."""
    base = run.pick(step.nodes)
    ranks = dict(run.data.rows(_RANKS.format(_EXTREMES[step.which]), run.window, base.number))
    places = _Places.of(ranks, step)
    gap = base.gap or places.gap(len(ranks) == len(run.ids(base)))
    return _picked(run, step, base, places, gap)


def _picked(
    run: Picker, step: Ranked, base: Picked, places: _Places, gap: Gap | None, measures: tuple[Measured, ...] = ()
) -> Picked:
    return Picked(
        *(run.put(places.chosen), step, base),
        claimed=base.claimed,
        presumed=base.presumed,
        gap=gap,
        ahead=tuple(places.ahead),
        ahead_measures=measures,
    )


def nearest(run: Picker, step: Nearest) -> Picked:
    """The nodes nearest to (farthest from) the nearest of the others, the second, the first few."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    lengths = distances(run, base, other)
    own: dict[int, float] = {}
    for (node, _), (length, _) in lengths.items():
        own[node] = min(length, own.get(node, length))
    places = _Places.of(_ranked({node: length if step.farthest else -length for node, length in own.items()}), step)

    def closest(nodes: Collection[int]) -> list[tuple[int, int]]:
        near = {node: own[node] + TOLERANCE for node in nodes}
        return [pair for pair, (length, _) in lengths.items() if pair[0] in near and length <= near[pair[0]]]

    def told(nodes: Collection[int]) -> tuple[Measured, ...]:
        return tuple(Measured(*pair, "distance", *lengths[pair]) for pair in closest(nodes))

    picked = near_by(run, step, base, other, closest(places.chosen), bool(lengths))
    if picked.gap is None or base.gap is not None or other.gap is not None:
        return replace(picked, ahead=tuple(places.ahead), ahead_measures=told(places.ahead))
    others = set(run.ids(other))
    comparable = [node for node in run.ids(base) if others - {node}]
    all_known = bool(comparable) and own.keys() >= set(comparable)
    return replace(picked, gap=places.gap(all_known, told(places.tied)))


def _ranked(values: Mapping[int, float]) -> dict[int, int]:
    """The rank of each node: one more than there are nodes with more."""
    ascending = sorted(values.values())
    return {node: 1 + len(values) - bisect_right(ascending, value + TOLERANCE) for node, value in values.items()}


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {
    Superlative: superlative,
    Extreme: extreme,
    Nearest: nearest,
}
