"""Parts of the picture and equal values as SQL."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from assistant.adjectives import spelling
from assistant.answers import Reason
from assistant.outcomes import Shared, Spot
from assistant.selecting_layout import MAX_PAIRS
from assistant.sqlite_engine.nodes import Gap, Picked, Picker, Refusal
from assistant.steps import KIND, InPicture, Nodes, Sharing

# Twice the centre of a box against thirds and halves of twice the picture: see `layout.in_part` for the rule.
_PARTS = {
    "left": "(x1 + x2) * 3 < 2 * ?1",
    "right": "(x1 + x2) * 3 >= 4 * ?1",
    "top": "(y1 + y2) * 3 < 2 * ?2",
    "bottom": "(y1 + y2) * 3 >= 4 * ?2",
    "left half": "x1 + x2 < ?1",
    "right half": "x1 + x2 > ?1",
    "top half": "y1 + y2 < ?2",
    "bottom half": "y1 + y2 > ?2",
}
_PARTS["middle"] = " AND ".join(f"NOT {_PARTS[side]}" for side in ("left", "right", "top", "bottom"))
_LYING_IN = """
SELECT node FROM geometry WHERE w = ?3 AND x1 IS NOT NULL AND node IN (SELECT id FROM picked WHERE step = ?4)
AND ?1 + ?2 > 0 AND ({0})
"""
_SAME_VALUE = """
SELECT DISTINCT a.node, a.value, b.node FROM item a JOIN item b ON a.name = b.name AND a.value = b.value
WHERE a.name = ?1 AND NOT a.empty AND NOT b.empty AND a.node IN (SELECT id FROM picked WHERE step = ?2)
AND b.node IN (SELECT id FROM picked WHERE step = ?3) AND a.node NOT IN (SELECT id FROM picked WHERE step = ?3)
"""
_SAME_KIND = """
SELECT a.id, a.category, b.id FROM node a JOIN node b ON a.category = b.category
WHERE a.id IN (SELECT id FROM picked WHERE step = ?1) AND b.id IN (SELECT id FROM picked WHERE step = ?2)
AND a.id NOT IN (SELECT id FROM picked WHERE step = ?2)
"""
_LEFT_OVER = "SELECT id FROM picked WHERE step = ?1 EXCEPT SELECT id FROM picked WHERE step = ?2"
_RECORDED = """
SELECT EXISTS (SELECT 1 FROM item WHERE name = ? AND NOT empty AND node IN (SELECT id FROM picked WHERE step = ?))
"""


def lying_in(run: Picker, number: int, part: str) -> list[int]:
    """The nodes of a set that lie in a part of the picture."""
    condition = _PARTS.get(part) or " AND ".join(_PARTS[side] for side in part.split())
    return run.data.column(_LYING_IN.format(condition), run.data.width, run.data.height, run.window, number)


def in_picture(run: Picker, step: InPicture) -> Picked:
    """The nodes that lie in a part of the picture, or elsewhere in it."""
    base = run.pick(step.nodes)
    inside = set(lying_in(run, base.number, step.part))
    boxed = run.boxed(base)
    kept = boxed - inside if step.outside else inside
    return Picked(
        *(run.put(kept), step, base),
        placements=tuple((node, Spot(step.part, step.outside), node) for node in kept),
        claimed=base.claimed,
        presumed=base.presumed,
        gap=base.gap or (None if kept else Gap(Reason.ABSENT_OBJECT if boxed else Reason.NOT_MEASURED)),
    )


def sharing(run: Picker, step: Sharing) -> Picked:
    """The nodes that have the same value of an attribute as one of the others.

    Raises:
        Refusal: there are too many pairs.
    """
    base, other = run.pick(step.nodes), run.pick(step.others)
    if len(run.ids(base)) * len(run.ids(other)) > MAX_PAIRS:
        raise Refusal(Gap(Reason.TOO_MANY))
    name = spelling(step.attribute)
    sides = base.number, other.number
    rows = run.data.rows(_SAME_KIND, *sides) if name == KIND else run.data.rows(_SAME_VALUE, name, *sides)
    links = run.data.new_step()
    for near, far in {(near, far) for near, _, far in rows}:
        run.data.run("INSERT INTO link VALUES (?, -1, ?, ?)", links, near, far)
    picked = run.joined(step, base, other, links)
    gap = base.gap or other.gap
    if gap is not None and not rows:
        gap = picked.gap
    elif not rows:
        left = run.put(run.data.column(_LEFT_OVER, *sides))
        told = name == KIND or all(run.data.value(_RECORDED, name, side) for side in (left, other.number))
        known = told or not run.any(left)
        gap = Gap(Reason.ABSENT_OBJECT if known else Reason.ATTRIBUTE_NOT_RECORDED, known)
    placements = tuple((near, Shared(name, value), far) for near, value, far in rows)
    return Picked(
        *(links, step, base, other),
        linked=True,
        placements=placements,
        claimed=picked.claimed,
        presumed=picked.presumed,
        gap=None if rows else gap,
    )


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {InPicture: in_picture, Sharing: sharing}
