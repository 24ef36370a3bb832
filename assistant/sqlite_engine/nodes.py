"""Node steps as SQL: every step fills rows of the table `picked`, and `link` where it ties nodes to others."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from assistant.adjectives import spelling
from assistant.answers import Reason
from assistant.bounded_steps import ManyRelated
from assistant.outcomes import Measured, Placement
from assistant.program_check import MAX_INTEGER
from assistant.sqlite_engine.database import Database
from assistant.steps import (
    Called,
    Except,
    Find,
    Having,
    Intersection,
    MostRelated,
    Nodes,
    Pick,
    Placed,
    Predicate,
    Related,
    The,
    Union,
)

# Centres are compared with edges as the eye sees them: see `layout.placed` for the rule in words.
_PLACED = """
SELECT DISTINCT ?1, -1, a.node, b.node FROM geometry a JOIN geometry b ON a.w = ?2 AND b.w = ?2
WHERE a.node IN (SELECT id FROM picked WHERE step = ?3) AND b.node IN (SELECT id FROM picked WHERE step = ?4) AND """
_IN_ONE_FRAME = """
SELECT DISTINCT ?1, -1, a.node, b.node FROM seen a JOIN seen b ON a.frame = b.frame AND a.node <> b.node
JOIN stretch s ON s.w = ?2 AND a.frame >= s.start AND a.frame < s.stop
WHERE a.node IN (SELECT id FROM picked WHERE step = ?3) AND b.node IN (SELECT id FROM picked WHERE step = ?4) AND """
_LEFT = "({0}.x1 + {0}.x2) / 2 <= {1}.x1 AND {0}.x2 <= ({1}.x1 + {1}.x2) / 2 AND {0}.x1 + {0}.x2 < {1}.x1 + {1}.x2"
_ABOVE = "({0}.y1 + {0}.y2) / 2 <= {1}.y1 AND {0}.y2 <= ({1}.y1 + {1}.y2) / 2 AND {0}.y1 + {0}.y2 < {1}.y1 + {1}.y2"
LYING = {
    "left of": _LEFT.format("a", "b"),
    "right of": _LEFT.format("b", "a"),
    "above": _ABOVE.format("a", "b"),
    "below": _ABOVE.format("b", "a"),
    "overlapping": "max(a.x1, b.x1) < min(a.x2, b.x2) AND max(a.y1, b.y1) < min(a.y2, b.y2)",
}
_FORWARD = """
INSERT INTO link SELECT ?1, tie.id, tie.subject, tie.object
FROM tie JOIN active ON active.tie = tie.id AND active.w = ?2
WHERE tie.predicate IN (SELECT value FROM json_each(?3)) AND tie.subject IN (SELECT id FROM picked WHERE step = ?4)
AND tie.object IN (SELECT id FROM picked WHERE step = ?5)
"""
_BACKWARD = """
INSERT INTO link SELECT ?1, tie.id, tie.object, tie.subject
FROM tie JOIN active ON active.tie = tie.id AND active.w = ?2
WHERE tie.predicate IN (SELECT value FROM json_each(?3)) AND tie.object IN (SELECT id FROM picked WHERE step = ?4)
AND tie.subject IN (SELECT id FROM picked WHERE step = ?5)
"""
_MOST = """
WITH number AS (SELECT near, count(DISTINCT far) AS n FROM link WHERE step = ?1 GROUP BY near)
DELETE FROM link WHERE step = ?1 AND near NOT IN (SELECT near FROM number WHERE n = (SELECT max(n) FROM number))
"""

_MANY = """
WITH number AS (SELECT near, count(DISTINCT far) AS n FROM link WHERE step = ?1 GROUP BY near)
DELETE FROM link WHERE step = ?1 AND near NOT IN (SELECT near FROM number WHERE n BETWEEN ?2 AND ?3)
"""


class Gap(NamedTuple):
    """Why a step found nothing."""

    reason: Reason
    known: bool = True
    presupposed: bool = False
    measures: tuple[Measured, ...] = ()
    tied: tuple[int, ...] = ()


class Refusal(Exception):
    """A step that cannot be run."""

    def __init__(self, gap: Gap) -> None:
        super().__init__(str(gap.reason))
        self.gap = gap


@dataclass(frozen=True)
class Picked:
    """A set of nodes: rows of `picked` with this number, and how it came about; `ahead` come before it."""

    number: int
    step: Nodes
    base: Picked | None = None
    other: Picked | None = None
    parts: tuple[Picked, ...] = ()
    linked: bool = False
    placements: tuple[Placement, ...] = ()
    claimed: tuple[str, ...] = ()
    presumed: tuple[str, ...] = ()
    gap: Gap | None = None
    ahead: tuple[int, ...] = ()
    ahead_measures: tuple[Measured, ...] = ()

    @property
    def singular(self) -> bool:
        """Whether one node is meant ("the dog")."""
        return isinstance(self.step, The) and not self.step.plural


@dataclass
class Picker:
    """Runs node steps in one stretch of time."""

    data: Database
    steps: dict[type[Nodes], Callable[[Picker, Any], Picked]]
    window: int = 0
    done: dict[Nodes, Picked] = field(default_factory=dict)

    def pick(self, step: Nodes) -> Picked:
        """The nodes of a step.

        Raises:
            Refusal: the step cannot be run.
        """
        if step not in self.done:
            self.done[step] = self.steps[type(step)](self, step)
        return self.done[step]

    def ids(self, picked: Picked | int) -> tuple[int, ...]:
        """The node ids of a set, ascending."""
        number = picked if isinstance(picked, int) else picked.number
        return tuple(self.data.column("SELECT id FROM picked WHERE step = ? ORDER BY id", number))

    def put(self, ids: Iterable[int]) -> int:
        """A new set of given nodes."""
        number = self.data.new_step()
        statement = "INSERT OR IGNORE INTO picked SELECT ?, value FROM json_each(?)"
        self.data.run(statement, number, json.dumps(list(ids)))
        return number

    def tied(self, near: Picked, predicate: Predicate, far: Picked) -> int:
        """The number of the links between two sets."""
        number = self.data.new_step()
        for statement, names in ((_FORWARD, predicate.forward), (_BACKWARD, predicate.converse)):
            if names:
                self.data.run(statement, number, self.window, json.dumps(names), near.number, far.number)
        return number

    def placed(self, near: Picked, direction: str, far: Picked) -> int:
        """The number of the links between nodes of which the first lies in a direction of the second."""
        number = self.data.new_step()
        pairs = _IN_ONE_FRAME if direction == "overlapping" else _PLACED
        statement = f"INSERT INTO link {pairs}{LYING[direction]}"
        self.data.run(statement, number, self.window, near.number, far.number)
        return number

    def boxed(self, picked: Picked) -> set[int]:
        """Those of a set of which the stretch of time has boxes."""
        boxes = "SELECT node FROM geometry WHERE w = ? AND x1 IS NOT NULL"
        inside = f"{boxes} AND node IN (SELECT id FROM picked WHERE step = ?)"
        return set(self.data.column(inside, self.window, picked.number))

    def joined(self, step: Nodes, base: Picked, other: Picked, links: int, known: bool = True) -> Picked:
        """The set of nodes that links tie to another set."""
        self.data.run("INSERT INTO picked SELECT DISTINCT step, near FROM link WHERE step = ?", links)
        gap = None
        if not self.any(links):
            gap = first_gap(base.gap, other.gap) or Gap(Reason.ABSENT_RELATION, known)
        return Picked(
            *(links, step, base, other),
            linked=True,
            claimed=_both(base.claimed, other.claimed),
            presumed=_both(base.presumed, other.presumed),
            gap=gap,
        )

    def any(self, number: int) -> bool:
        """Whether a set has a node."""
        return bool(self.data.value("SELECT EXISTS (SELECT 1 FROM picked WHERE step = ?)", number))

    def evidence(self, picked: Picked, kept: int | None = None) -> set[int]:
        """The relations that the nodes of a set (those in the set number `kept`) rest on."""
        kept = picked.number if kept is None else kept
        found: set[int] = set()
        for part in picked.parts:
            both = "SELECT id FROM picked WHERE step = ? INTERSECT SELECT id FROM picked WHERE step = ?"
            found |= self.evidence(part, self.put(self.data.column(both, kept, part.number)))
        if picked.linked and picked.other is not None:
            inside = "FROM link WHERE step = ? AND near IN (SELECT id FROM picked WHERE step = ?)"
            found |= {tie for tie in self.data.column(f"SELECT tie {inside}", picked.number, kept) if tie >= 0}
            far = self.data.column(f"SELECT DISTINCT far {inside}", picked.number, kept)
            found |= self.evidence(picked.other, self.put(far))
        return found | self.evidence(picked.base, kept) if picked.base is not None else found


def first_gap(*gaps: Gap | None) -> Gap | None:
    """The gap to tell of: what is taken for granted first."""
    found = [gap for gap in gaps if gap is not None]
    return next((gap for gap in found if gap.presupposed), found[0] if found else None)


def _both(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*first, *second)))


def _find(run: Picker, step: Find) -> Picked:
    number = run.data.new_step()
    seen = "(?2 = 0 OR id IN (SELECT node FROM geometry WHERE w = ?2))"
    if step.categories is None:
        run.data.run(f"INSERT INTO picked SELECT ?1, id FROM node WHERE {seen}", number, run.window)
        known = True
    else:
        names = json.dumps(step.categories)
        inside = "category IN (SELECT value FROM json_each(?3))"
        statement = f"INSERT INTO picked SELECT ?1, id FROM node WHERE {seen} AND {inside}"
        run.data.run(statement, number, run.window, names)
        known = bool(
            run.data.value(
                "SELECT EXISTS (SELECT 1 FROM category WHERE name IN (SELECT value FROM json_each(?)))", names
            )
        )
    return Picked(number, step, gap=None if run.any(number) else Gap(Reason.ABSENT_OBJECT, known))


def _pick(run: Picker, step: Pick) -> Picked:
    number = run.data.new_step()
    inside = "id IN (SELECT value FROM json_each(?2))"
    if step.categories is not None:
        inside += " AND category IN (SELECT value FROM json_each(?3))"
    statement = f"INSERT INTO picked SELECT ?1, id FROM node WHERE {inside}"
    names = () if step.categories is None else (json.dumps(step.categories),)
    run.data.run(statement, number, json.dumps(step.nodes), *names)
    return Picked(number, step, gap=None if run.any(number) else Gap(Reason.ABSENT_OBJECT, False, True))


def _the(run: Picker, step: The) -> Picked:
    base = run.pick(step.nodes)
    gap = None if base.gap is None else base.gap._replace(presupposed=True)
    return Picked(base.number, step, base, presumed=_both(base.claimed, base.presumed), gap=gap)


def _called(run: Picker, step: Called) -> Picked:
    base = run.pick(step.nodes)
    statement = (
        "SELECT id FROM picked WHERE step = ? AND id IN (SELECT node FROM item WHERE value = ?)"  # of any attribute
    )
    said = run.data.column(statement, base.number, spelling(step.name))
    if said:
        return Picked(run.put(said), step, base, presumed=base.presumed)
    claimed = (*base.claimed, step.name) if run.any(base.number) else base.claimed
    return Picked(base.number, step, base, claimed=claimed, presumed=base.presumed, gap=base.gap)


def _having(run: Picker, step: Having) -> Picked:
    base = run.pick(step.nodes)
    name = None if step.attribute is None else spelling(step.attribute)
    inside = "SELECT id FROM picked WHERE step = ?1 AND id IN (SELECT node FROM {} WHERE (?2 IS NULL OR name = ?2)"
    matching = run.data.column(inside.format("item") + " AND value = ?3)", base.number, name, spelling(step.value))
    gap = base.gap
    if gap is None and not matching:
        known = bool(run.data.column(inside.format("attribute") + ")", base.number, name))
        gap = Gap(Reason.ABSENT_OBJECT if known else Reason.ATTRIBUTE_NOT_RECORDED, known)
    return Picked(run.put(matching), step, base, claimed=base.claimed, presumed=base.presumed, gap=gap)


def _related(run: Picker, step: Related) -> Picked:
    base, other = run.pick(step.nodes), run.pick(step.others)
    known = bool(step.predicate.forward or step.predicate.converse)
    return run.joined(step, base, other, run.tied(base, step.predicate, other), known)


def _placed(run: Picker, step: Placed) -> Picked:
    base, other = run.pick(step.nodes), run.pick(step.others)
    links = run.placed(base, step.direction, other)
    if base.gap is None and other.gap is None and not (run.boxed(base) and run.boxed(other)):
        return Picked(links, step, base, gap=Gap(Reason.NOT_MEASURED))
    return run.joined(step, base, other, links)


def _most_related(run: Picker, step: MostRelated) -> Picked:
    base, other = run.pick(step.nodes), run.pick(step.others)
    links = run.tied(base, step.predicate, other)
    run.data.run(_MOST, links)
    return run.joined(step, base, other, links, bool(step.predicate.forward or step.predicate.converse))


def _many_related(run: Picker, step: ManyRelated) -> Picked:
    base, other = run.pick(step.nodes), run.pick(step.others)
    links = run.tied(base, step.predicate, other)
    run.data.run(_MANY, links, step.number, MAX_INTEGER if step.at_least else step.number)
    return run.joined(step, base, other, links, bool(step.predicate.forward or step.predicate.converse))


def _of_parts(run: Picker, step: Nodes, parts: tuple[Picked, ...], ids: Iterable[int], gap: Gap | None) -> Picked:
    number = run.put(ids)
    claimed = tuple(dict.fromkeys(word for part in parts for word in part.claimed))
    presumed = tuple(dict.fromkeys(word for part in parts for word in part.presumed))
    return Picked(number, step, parts=parts, claimed=claimed, presumed=presumed, gap=None if run.any(number) else gap)


def _union(run: Picker, step: Union) -> Picked:
    parts = tuple(map(run.pick, step.parts))
    gaps = [part.gap for part in parts if part.gap is not None]
    ids = {node for part in parts for node in run.ids(part)}
    return _of_parts(run, step, parts, ids, gaps[0] if gaps else Gap(Reason.ABSENT_OBJECT))


def _intersection(run: Picker, step: Intersection) -> Picked:
    parts = tuple(map(run.pick, step.parts))
    statement = " INTERSECT ".join(["SELECT id FROM picked WHERE step = ?"] * len(parts))
    ids = run.data.column(statement, *(part.number for part in parts))
    gap = first_gap(*(part.gap for part in parts if part.step != Pick(()))) or Gap(Reason.ABSENT_OBJECT)
    return _of_parts(run, step, parts, ids, gap)


def _except(run: Picker, step: Except) -> Picked:
    base, others = run.pick(step.nodes), run.pick(step.others)
    statement = "SELECT id FROM picked WHERE step = ? EXCEPT SELECT id FROM picked WHERE step = ?"
    left = run.data.column(statement, base.number, others.number)
    gap = others.gap if others.gap is not None and others.gap.presupposed else base.gap
    if gap is None and not left:
        gap = Gap(Reason.ABSENT_OBJECT)
    return Picked(
        run.put(left if gap is None else ()), step, base, claimed=base.claimed, presumed=base.presumed, gap=gap
    )


STEPS: dict[type[Nodes], Callable[[Picker, Any], Picked]] = {
    Find: _find,
    Pick: _pick,
    The: _the,
    Called: _called,
    Having: _having,
    Related: _related,
    Placed: _placed,
    MostRelated: _most_related,
    ManyRelated: _many_related,
    Union: _union,
    Intersection: _intersection,
    Except: _except,
}
