"""Quantities and places as SQL: within, in space, and the questions about them."""

from __future__ import annotations

from collections.abc import Callable
from math import hypot, sqrt
from typing import Any

from assistant.answers import Reason
from assistant.bounded_steps import Exceeding, Measuring
from assistant.outcomes import Halfway, Measured
from assistant.quantities import TOLERANCE
from assistant.selecting_measured import MAX_PAIRS
from assistant.space import MOVED, SURELY
from assistant.sqlite_engine.measuring import (
    APART,
    AWAY_FROM_START,
    CENTRES,
    ENDS,
    FRAMES,
    LATEST,
    LATEST_PAIR,
    RESTS,
    RESTS_PAIR,
    STATEMENTS,
)
from assistant.sqlite_engine.nodes import Gap, Picked, Picker, Refusal, first_gap
from assistant.steps import EXTENTS, METRIC, InBetween, InSpace, Moved, Nearest, Nodes, Superlative, Within
from scenegraph.spans import Span

Place = tuple[float, float, float, float]
_AXES = {"left of": (0, 1), "right of": (0, -1), "above": (1, 1), "below": (1, -1)}
_AXES |= {"in front of": (2, 1), "behind": (2, -1)}
UPRIGHT: dict[str, Callable[[float, float, float], tuple[float, float, float]]] = {
    "-y": lambda x, y, z: (x, y, z),
    "y": lambda x, y, z: (x, -y, -z),
    "z": lambda x, y, z: (x, -z, y),
}
"""Right, down and ahead of a way along the axes of a world, by the axis that points up."""


def quantity(run: Picker, number: int, name: str) -> dict[int, tuple[float, float | None]]:
    """Node id to value and error, of the nodes of a set of which the quantity is known."""
    if name == "speed" and run.data.fps is None:
        return {}
    if name == "displacement":
        rows = run.data.rows(ENDS, number, run.window)
        return {node: (sqrt(x * x + y * y + z * z), _both(one, two)) for node, x, y, z, one, two in rows}
    more = (run.data.fps,) if name == "speed" else ()
    rows = run.data.rows(STATEMENTS[name], number, run.window, *more)
    return {node: (float(value), error) for node, value, error in rows if value is not None}


def distances(run: Picker, near: Picked, far: Picked) -> dict[tuple[int, int], tuple[float, float | None]]:
    """Metres and their error by pair of nodes that were measured in a common frame.

    Raises:
        Refusal: there are too many pairs.
    """
    refuse_crowds(run, near, far)
    rows = run.data.rows(APART, near.number, run.window, far.number)
    return {(a, b): (length, error) for a, b, length, error in rows}


def each_nearest(run: Picker, base: Picked, other: Picked) -> set[Measured] | None:
    """The distance of each node from the nearest of the others, if all are known."""
    lengths = distances(run, base, other)
    near, far = run.ids(base), run.ids(other)
    pairs = [(a, b) for a in near for b in far if a != b]
    if any(pair not in lengths for pair in pairs) or {a for a, _ in pairs} != set(near):
        return None
    best = {node: min(lengths[pair][0] for pair in pairs if pair[0] == node) for node in near}
    return {Measured(a, b, "distance", *lengths[a, b]) for a, b in pairs if lengths[a, b][0] <= best[a] + TOLERANCE}


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
    statement = CENTRES.format("" if view == "world" else "c")
    if facing is None or view == "from":
        return {row[0]: (row[1], row[2], row[3], row[4]) for row in run.data.rows(statement, number, run.window)}
    targets = _faced(run, facing, view)
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


def as_measures(places: dict[int, Place]) -> tuple[Measured, ...]:
    """Places as measures, axis by axis."""
    return tuple(
        Measured(node, None, axis, value, place[3] or None)
        for node, place in places.items()
        for axis, value in zip("xyz", place[:3], strict=True)
    )


def _faced(run: Picker, facing: Nodes, view: str) -> list[Any]:
    """Mean places and errors of the nodes that a view names.

    Raises:
        Refusal: they are not there.
    """
    faced = run.pick(facing)
    if faced.gap is not None:
        raise Refusal(faced.gap._replace(presupposed=True))
    return run.data.rows(CENTRES.format("" if view == "world" else "c"), faced.number, run.window)


def directed(run: Picker, near: Picked, far: Picked, step: Any) -> tuple[set[tuple[int, int]], set, dict]:
    """Pairs that lie in the step's direction, that lie the other way, and measures of those that can be compared.

    Raises:
        Refusal: there are too many pairs, or what the view faces is not there.
    """
    refuse_crowds(run, near, far)
    sides = [centres(run, side.number, step.view, step.facing) for side in (near, far)]
    axis, sign = _AXES[step.direction]
    viewers = _faced(run, step.facing, "camera") if step.view == "from" else []
    yes, no, known = set(), set(), {}
    for a, one in sides[0].items():
        for b, other in sides[1].items():
            way = _as_seen(one, other, viewers) if step.view == "from" else _way(one, other)
            if a == b or way is None:
                continue
            if step.view == "world":
                way = (*UPRIGHT[run.data.up](*way[:3]), way[3])
            known[a, b] = Measured(a, b, "xyz"[axis], way[axis], way[3] or None)
            ahead, bound = -sign * way[axis], way[3] + TOLERANCE
            if ahead > bound:
                yes.add((a, b))
            elif -ahead > bound:
                no.add((a, b))
    return yes, no, known


def _way(one: Place, other: Place) -> Place:
    """From the other to the one, and the error."""
    return (one[0] - other[0], one[1] - other[1], one[2] - other[2], hypot(one[3], other[3]))


def _as_seen(one: Place, other: Place, viewers: list[Any]) -> Place | None:
    """From the other to the one, for somebody who stands amid the viewers and looks at the other."""
    if not viewers:
        return None
    x, z, spread = (sum(row[at] for row in viewers) / len(viewers) for at in (1, 3, 4))
    ahead = complex(other[0] - x, other[2] - z)
    if abs(ahead) == 0:
        return None
    way = _way(one, other)
    turned = complex(way[0], way[2]) * complex(0, 1) / (ahead / abs(ahead))  # forward becomes the axis z
    error = hypot(way[3], hypot(way[0], way[2]) * hypot(spread, other[3]) / abs(ahead))
    return (turned.real, way[1], turned.imag, error)


def latest(run: Picker, near: Picked, far: Picked | None, view: str) -> list[Measured]:
    """Distance and way at the last moment at which they were measured, from the camera or from the others.

    Raises:
        Refusal: there are too many pairs.
    """
    axes = "" if view == "world" else "c"
    if far is None:
        rows = run.data.rows(LATEST.format(axes), near.number, run.window)
    else:
        refuse_crowds(run, near, far)
        rows = run.data.rows(LATEST_PAIR.format(axes), near.number, run.window, far.number)
    found = []
    for node, other, frame, x, y, z, one, two in rows:
        error, spans = _both(one, two), (Span(frame, frame + 1),)
        if view == "world":
            x, y, z = UPRIGHT[run.data.up](x, y, z)
        values = (("distance", sqrt(x * x + y * y + z * z)), ("x", x), ("y", y), ("z", z))
        found += [Measured(node, other, name, value, error, spans) for name, value in values]
    return found


def framed(run: Picker, each: Measured) -> Measured:
    """A measure in metres with the frames that it rests on."""
    if each.frames or each.quantity not in (*METRIC, "x", "y", "z"):
        return each
    table, column = ("size", "width") if each.quantity in EXTENTS else ("place", "x")
    if each.quantity == "distance" and each.other is None:
        column = "cx"
    if each.other is not None and each.quantity in ("x", "y", "z"):  # of the mean place of each
        rows = [
            row for node in each[:2] for row in run.data.rows(RESTS.format(table, FRAMES, column), node, run.window)
        ]
    else:
        others = () if each.other is None else (each.other,)
        statement = (RESTS_PAIR if others else RESTS).format(table, FRAMES, column)
        rows = run.data.rows(statement, each.node, run.window, *others)
    frames = run.data.merged(rows)
    return each._replace(frames=tuple(Span(start, stop) for start, stop in frames))


def _both(one: float | None, two: float | None) -> float | None:
    return None if one is None or two is None else hypot(one, two)


def within(run: Picker, step: Within) -> Picked:
    """The nodes at most so many metres away from one of the others."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    lengths = distances(run, base, other)
    kept = [pair for pair, (length, _) in lengths.items() if length <= step.metres + TOLERANCE]
    return near_by(run, step, base, other, kept, bool(lengths))


def in_space(run: Picker, step: InSpace) -> Picked:
    """The nodes that lie in a direction of one of the others in space."""
    base, other = run.pick(step.nodes), run.pick(step.others)
    yes, _, known = directed(run, base, other, step)
    links = link(run, yes)
    if not known and base.gap is None and other.gap is None:
        return Picked(links, step, base, gap=Gap(Reason.NOT_MEASURED))
    return run.joined(step, base, other, links)


def in_between(run: Picker, step: InBetween) -> Picked:
    """The nodes that lie between one of the first and one of the second."""
    base, *ends = (run.pick(nodes) for nodes in (step.nodes, step.first, step.second))
    pairs = _straddled(run, base, ends)
    gap = first_gap(base.gap, *(end.gap for end in ends))
    if gap is None and not pairs:
        known = all(centred(run, side) for side in (base, *ends))
        gap = Gap(Reason.ABSENT_OBJECT if known else Reason.NOT_MEASURED)
    claimed, presumed = (
        tuple(dict.fromkeys(word for side in (base, *ends) for word in getattr(side, name)))
        for name in ("claimed", "presumed")
    )
    kept = run.put({node for node, _, _ in pairs})
    placements = []
    for node in () if in_metres(run) else run.ids(kept):
        one, two = min((one, two) for near, one, two in pairs if near == node)
        placements.append((node, Halfway(two), one))
    return Picked(kept, step, base, placements=tuple(placements), claimed=claimed, presumed=presumed, gap=gap)


def in_metres(run: Picker) -> bool:
    """Whether anything was measured at all; else the picture tells what is between what."""
    return bool(run.data.value("SELECT EXISTS (SELECT 1 FROM place)"))


def centred(run: Picker, side: Picked) -> dict[int, tuple[float, ...]]:
    """Node id to the centre, in the world or in the picture."""
    if in_metres(run):
        return {node: place[:3] for node, place in centres(run, side.number, "world", None).items()}
    inside = "node IN (SELECT id FROM picked WHERE step = ?)"
    statement = f"SELECT node, (x1 + x2) / 2, (y1 + y2) / 2 FROM geometry WHERE w = ? AND x1 IS NOT NULL AND {inside}"
    return {node: (x, y) for node, x, y in run.data.rows(statement, run.window, side.number)}


def _straddled(run: Picker, base: Picked, ends: list[Picked]) -> set[tuple[int, int, int]]:
    """(node, first, second) where the node lies between the two.

    Raises:
        Refusal: there are too many.
    """
    tracked = run.data.value("SELECT EXISTS (SELECT 1 FROM place) OR EXISTS (SELECT 1 FROM size)")
    sizes = [len(run.ids(side)) for side in (base, *ends)]
    if sizes[0] * sizes[1] * sizes[2] * (run.data.frames if tracked else 1) > MAX_PAIRS:
        raise Refusal(Gap(Reason.TOO_MANY))
    places = [centred(run, side) for side in (base, *ends)]
    found = set()
    for node, at in places[0].items():
        for one, there in places[1].items():
            for two, beyond in places[2].items():
                if len({node, one, two}) == 3 and _opposite(at, there, beyond):
                    found.add((node, one, two))
    return found


def _opposite(at: tuple[float, ...], one: tuple[float, ...], two: tuple[float, ...]) -> bool:
    """Whether two places lie more than 120 degrees apart, seen from a third."""
    ways = [[there - here for here, there in zip(at, other, strict=True)] for other in (one, two)]
    lengths = [sqrt(sum(part * part for part in way)) for way in ways]
    product = sum(a * b for a, b in zip(*ways, strict=True))
    return product < -0.5 * lengths[0] * lengths[1] - 1e-9


def moved(run: Picker, step: Moved) -> Picked:
    """The nodes that moved, or did not."""
    base = run.pick(step.nodes)
    rows = run.data.rows(AWAY_FROM_START, base.number, run.window, MOVED, SURELY)
    kept = [node for node, went in rows if bool(went) != step.still]
    gap = base.gap or (None if kept else Gap(Reason.ABSENT_OBJECT if rows else Reason.NOT_MEASURED))
    return Picked(run.put(kept), step, base, claimed=base.claimed, presumed=base.presumed, gap=gap)


def measures_of(run: Picker, picked: Picked, kept: int | None = None) -> set[Measured]:
    """The measures by which the nodes of a set (those in the set number `kept`) were singled out."""
    kept = picked.number if kept is None else kept
    found: set[Measured] = set()
    step, base = picked.step, picked.base
    if picked.ahead and not set(run.ids(kept)).isdisjoint(run.ids(picked)):
        found |= set(picked.ahead_measures)
    if isinstance(step, Superlative | Measuring | Moved) and base is not None:
        name = "displacement" if isinstance(step, Moved) else step.quantity
        values = quantity(run, base.number, name)
        both = set(run.ids(kept)) & set(run.ids(picked))
        found |= {Measured(node, None, name, *values[node]) for node in both if node in values}
    if isinstance(step, InBetween) and base is not None and in_metres(run):
        ends = [run.pick(nodes) for nodes in (step.first, step.second)]
        both = set(run.ids(kept)) & set(run.ids(picked))
        apart = [distances(run, base, end) for end in ends]
        for straddled in _straddled(run, base, ends):
            for far, known in zip(straddled[1:], apart, strict=True):
                if straddled[0] in both and (straddled[0], far) in known:
                    found.add(Measured(straddled[0], far, "distance", *known[straddled[0], far]))
    if picked.linked and picked.other is not None:
        inside = "FROM link WHERE step = ? AND near IN (SELECT id FROM picked WHERE step = ?)"
        pairs = run.data.rows(f"SELECT near, far {inside}", picked.number, kept)
        found |= _measures_of_pairs(run, picked, picked.other, pairs) if base is not None else set()
        found |= measures_of(run, picked.other, run.put({far for _, far in pairs}))
    for part in picked.parts:
        found |= measures_of(run, part, run.put(set(run.ids(kept)) & set(run.ids(part))))
    return found | measures_of(run, base, kept) if base is not None else found


def _measures_of_pairs(run: Picker, picked: Picked, other: Picked, pairs: list[tuple[int, int]]) -> set[Measured]:
    """The measures by which nodes were tied to those of another set."""
    step, base = picked.step, picked.base
    assert base is not None
    if isinstance(step, Exceeding):
        sides = (base, {near for near, _ in pairs}), (other, {far for _, far in pairs})
        known = [(nodes, quantity(run, side.number, step.quantity)) for side, nodes in sides]
        return {Measured(node, None, step.quantity, *values[node]) for nodes, values in known for node in nodes}
    if isinstance(step, Nearest | Within):
        lengths = distances(run, base, other)
        return {Measured(a, b, "distance", *lengths[a, b]) for a, b in pairs}
    if isinstance(step, InSpace):
        offsets = directed(run, base, other, step)[2]
        return {offsets[pair] for pair in pairs}
    return set()


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {
    Within: within,
    InSpace: in_space,
    InBetween: in_between,
    Moved: moved,
}


def near_by(
    run: Picker, step: Nearest | Within, base: Picked, other: Picked, kept: list[tuple[int, int]], measurable: bool
) -> Picked:
    """The set of nodes that metres tie to another set."""
    picked = run.joined(step, base, other, link(run, kept))
    if picked.gap is None:
        return picked
    reason = Reason.ABSENT_OBJECT if measurable else Reason.NOT_MEASURED
    gap = first_gap(base.gap, other.gap) or Gap(reason)
    return Picked(
        *(picked.number, step, base, other), linked=True, claimed=picked.claimed, presumed=picked.presumed, gap=gap
    )


def link(run: Picker, pairs: Any) -> int:
    """The number of the links between pairs of nodes that no relation ties."""
    number = run.data.new_step()
    for near, far in pairs:
        run.data.run("INSERT INTO link VALUES (?, -1, ?, ?)", number, near, far)
    return number
