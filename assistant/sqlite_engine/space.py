"""Quantities and places as SQL: superlatives, nearest, within, in space, and the questions about them."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot
from typing import Any

from assistant.answers import Reason
from assistant.outcomes import Measured
from assistant.quantities import TOLERANCE
from assistant.selecting_measured import MAX_PAIRS
from assistant.sqlite_engine.nodes import Gap, Picked, Picker, Refusal, first_gap
from assistant.steps import InSpace, Nearest, Nodes, Superlative, Within

_IN = "IN (SELECT id FROM picked WHERE step = ?1)"
_FRAMES = "JOIN stretch ON stretch.w = ?2 AND frame >= stretch.start AND frame < stretch.stop"
_LENGTH = f"SELECT node, avg({{}}), NULL FROM size {_FRAMES} WHERE node {_IN} GROUP BY node"
_VOLUME = f"SELECT node, avg(width) * avg(height) * avg(depth), NULL FROM size {_FRAMES} WHERE node {_IN} GROUP BY node"
_BOX = f"SELECT node, {{}}, NULL FROM geometry WHERE w = ?2 AND node {_IN}"
_AWAY = f"""
SELECT node, avg(sqrt(cx * cx + cy * cy + cz * cz)), avg(coalesce(error, 0)) FROM place {_FRAMES}
WHERE node {_IN} AND cx IS NOT NULL GROUP BY node
"""
_DEGREE = f"""
SELECT node.id, (SELECT count(*) FROM tie JOIN active ON active.tie = tie.id AND active.w = ?2
                 WHERE tie.subject = node.id OR tie.object = node.id), NULL FROM node WHERE node.id {_IN}
"""
_SEEN = f"SELECT node.id, (SELECT coalesce(max(frames), 0) FROM geometry g WHERE g.w = ?2 AND g.node = node.id), NULL \
FROM node WHERE node.id {_IN}"
_TRAVELLED = f"""
WITH step AS (
  SELECT node, frame, sqrt((x - lag(x) OVER o) * (x - lag(x) OVER o) + (y - lag(y) OVER o) * (y - lag(y) OVER o)
                           + (z - lag(z) OVER o) * (z - lag(z) OVER o)) AS length
  FROM place {_FRAMES} WHERE node {_IN} WINDOW o AS (PARTITION BY node ORDER BY frame))
SELECT node, {{}}, NULL FROM step GROUP BY node HAVING count(*) > 1
"""
_APART = f"""
SELECT a.node, b.node,
       avg(sqrt((a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y) + (a.z - b.z) * (a.z - b.z))),
       avg(sqrt(a.error * a.error + b.error * b.error))
FROM place a JOIN place b ON a.frame = b.frame AND a.node <> b.node
JOIN stretch ON stretch.w = ?2 AND a.frame >= stretch.start AND a.frame < stretch.stop
WHERE a.node {_IN} AND b.node IN (SELECT id FROM picked WHERE step = ?3) GROUP BY a.node, b.node
"""
_CENTRES = f"""
SELECT node, avg({{0}}x), avg({{0}}y), avg({{0}}z), avg(coalesce(error, 0)) FROM place {_FRAMES}
WHERE node {_IN} AND {{0}}x IS NOT NULL GROUP BY node
"""
_STATEMENTS = {
    "area": _BOX.format("area"),
    "box width": _BOX.format("x2 - x1"),
    "box height": _BOX.format("y2 - y1"),
    "relations": _DEGREE,
    "frames seen": _SEEN,
    "width": _LENGTH.format("width"),
    "height": _LENGTH.format("height"),
    "depth": _LENGTH.format("depth"),
    "volume": _VOLUME,
    "distance": _AWAY,
    "path length": _TRAVELLED.format("sum(length)"),
    "speed": _TRAVELLED.format("sum(length) / (max(frame) - min(frame)) * ?3"),
}

Place = tuple[float, float, float, float]
_AXES = {"left of": (0, 1), "right of": (0, -1), "above": (1, 1), "below": (1, -1)}
_AXES |= {"in front of": (2, 1), "behind": (2, -1)}


def quantity(run: Picker, number: int, name: str) -> dict[int, tuple[float, float | None]]:
    """Node id to value and error, of the nodes of a set of which the quantity is known."""
    if name == "speed" and run.data.fps is None:
        return {}
    more = (run.data.fps,) if name == "speed" else ()
    rows = run.data.rows(_STATEMENTS[name], number, run.window, *more)
    return {node: (float(value), error) for node, value, error in rows if value is not None}


def distances(run: Picker, near: Picked, far: Picked) -> dict[tuple[int, int], tuple[float, float | None]]:
    """Metres and their error by pair of nodes that were measured in a common frame.

    Raises:
        Refusal: there are too many pairs.
    """
    refuse_crowds(run, near, far)
    rows = run.data.rows(_APART, near.number, run.window, far.number)
    return {(a, b): (length, error) for a, b, length, error in rows}


def refuse_crowds(run: Picker, near: Picked, far: Picked) -> None:
    """Refuse as many pairs as the other engine refuses: a bound of both, so that they can be compared."""
    tracked = run.data.value("SELECT EXISTS (SELECT 1 FROM place) OR EXISTS (SELECT 1 FROM size)")
    frames = run.data.frames if tracked else 1
    if len(run.ids(near)) * len(run.ids(far)) * frames > MAX_PAIRS:
        raise Refusal(Gap(Reason.TOO_MANY))


def centres(run: Picker, number: int, view: str, facing: Nodes | None) -> dict[int, Place]:
    """Node id to mean x, y, z and error in a view.

    Raises:
        Refusal: what the view faces is not there.
    """
    statement = _CENTRES.format("" if view == "world" else "c")
    if facing is None:
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in run.data.rows(statement, number, run.window)}
    faced = run.pick(facing)
    if faced.gap is not None:
        raise Refusal(faced.gap._replace(presupposed=True))
    targets = run.data.rows(statement, faced.number, run.window)
    if not targets:
        return {}
    across, along = (sum(row[axis] for row in targets) / len(targets) for axis in (1, 3))
    length = hypot(across, along)
    if length == 0:
        return {}
    across, along = across / length, along / length
    return {
        node: (x * along - z * across, y, x * across + z * along, error)
        for node, x, y, z, error in run.data.rows(statement, number, run.window)
    }


def directed(run: Picker, near: Picked, far: Picked, step: Any) -> tuple[set[tuple[int, int]], set, set]:
    """Pairs that lie in the step's direction, that lie the other way, and that can be compared.

    Raises:
        Refusal: there are too many pairs, or what the view faces is not there.
    """
    refuse_crowds(run, near, far)
    sides = [centres(run, side.number, step.view, step.facing) for side in (near, far)]
    axis, sign = _AXES[step.direction]
    yes, no, known = set(), set(), set()
    for a, one in sides[0].items():
        for b, other in sides[1].items():
            if a == b:
                continue
            known.add((a, b))
            ahead = sign * (other[axis] - one[axis])
            bound = hypot(one[3], other[3]) + TOLERANCE
            if ahead > bound:
                yes.add((a, b))
            elif -ahead > bound:
                no.add((a, b))
    return yes, no, known


def superlative(run: Picker, step: Superlative) -> Picked:
    """The nodes with most or least of a quantity."""
    base = run.pick(step.nodes)
    values = {node: value for node, (value, _) in quantity(run, base.number, step.quantity).items()}
    best = (min if step.least else max)(values.values(), default=0.0)
    number = run.put(node for node, value in values.items() if abs(value - best) <= TOLERANCE)
    gap = base.gap or (None if run.any(number) else Gap(Reason.NOT_MEASURED))
    return Picked(number, step, base, claimed=base.claimed, presumed=base.presumed, gap=gap)


def nearest(run: Picker, step: Nearest) -> Picked:
    """The nodes nearest to (farthest from) the nearest of the others."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    lengths = {pair: length for pair, (length, _) in distances(run, base, other).items()}
    own: dict[int, float] = {}
    for (node, _), length in lengths.items():
        own[node] = min(length, own.get(node, length))
    best = (max if step.farthest else min)(own.values(), default=0.0)
    kept = [
        pair
        for pair, length in lengths.items()
        if abs(own[pair[0]] - best) <= TOLERANCE and abs(length - best) <= TOLERANCE
    ]
    return _near(run, step, base, other, kept, bool(lengths))


def within(run: Picker, step: Within) -> Picked:
    """The nodes at most so many metres away from one of the others."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    lengths = distances(run, base, other)
    kept = [pair for pair, (length, _) in lengths.items() if length <= step.metres + TOLERANCE]
    return _near(run, step, base, other, kept, bool(lengths))


def in_space(run: Picker, step: InSpace) -> Picked:
    """The nodes that lie in a direction of one of the others in space."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    yes, _, known = directed(run, base, other, step)
    links = _link(run, yes)
    if not known and base.gap is None and other.gap is None:
        return Picked(links, step, base, gap=Gap(Reason.NOT_MEASURED))
    return run.joined(step, base, other, links)


def measures_of(run: Picker, picked: Picked, kept: int | None = None) -> set[Measured]:
    """The measures by which the nodes of a set (those in the set number `kept`) were singled out."""
    kept = picked.number if kept is None else kept
    found: set[Measured] = set()
    step, base = picked.step, picked.base
    if isinstance(step, Superlative) and base is not None:
        values = quantity(run, base.number, step.quantity)
        both = set(run.ids(kept)) & set(run.ids(picked))
        found |= {Measured(node, None, step.quantity, *values[node]) for node in both if node in values}
    if picked.linked and picked.other is not None:
        inside = "FROM link WHERE step = ? AND near IN (SELECT id FROM picked WHERE step = ?)"
        pairs = run.data.rows(f"SELECT near, far {inside}", picked.number, kept)
        if isinstance(step, Nearest | Within) and base is not None:
            lengths = distances(run, base, picked.other)
            found |= {Measured(a, b, "distance", *lengths[a, b]) for a, b in pairs}
        found |= measures_of(run, picked.other, run.put({far for _, far in pairs}))
    for part in picked.parts:
        found |= measures_of(run, part, run.put(set(run.ids(kept)) & set(run.ids(part))))
    return found | measures_of(run, base, kept) if base is not None else found


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {
    Superlative: superlative,
    Nearest: nearest,
    Within: within,
    InSpace: in_space,
}


def _near(
    run: Picker, step: Nearest | Within, base: Picked, other: Picked, kept: list[tuple[int, int]], measurable: bool
) -> Picked:
    picked = run.joined(step, base, other, _link(run, kept))
    if picked.gap is None:
        return picked
    reason = Reason.ABSENT_OBJECT if measurable else Reason.NOT_MEASURED
    gap = first_gap(base.gap, other.gap) or Gap(reason)
    return Picked(
        *(picked.number, step, base, other), linked=True, claimed=picked.claimed, presumed=picked.presumed, gap=gap
    )


def _link(run: Picker, pairs: Any) -> int:
    number = run.data.new_step()
    for near, far in pairs:
        run.data.run("INSERT INTO link VALUES (?, -1, ?, ?)", number, near, far)
    return number
