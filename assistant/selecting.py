"""Running the steps that give sets of nodes, with everything each node rests on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Bool, Int64

from assistant.adjectives import attribute_named, spelled, spelling
from assistant.answers import Reason
from assistant.index import GraphIndex
from assistant.layout import placed
from assistant.outcomes import Failure, Measured, Sight, first_failure
from assistant.selecting_amounts import AMOUNT_STEPS
from assistant.selecting_layout import LAYOUT_STEPS, MAX_PAIRS, overlapping
from assistant.selecting_measured import MEASURED_STEPS
from assistant.selecting_ranked import RANKED_STEPS
from assistant.selection import Evidence, Links, Refused, Selection
from assistant.steps import (
    Called,
    Direction,
    Event,
    Except,
    Find,
    Having,
    InSpace,
    Intersection,
    Nodes,
    Pick,
    Placed,
    Predicate,
    Related,
    Step,
    The,
    Union,
    children,
)
from scenegraph.spans import Spans


class Selector:
    """Runs node steps over one graph, within one stretch of time, each step once."""

    def __init__(self, index: GraphIndex, window: Spans | None = None, trace: list[str] | None = None) -> None:
        self.index = index
        self.window = window
        self.trace = trace
        self.active = None if window is None else index.active(window)
        self._done: dict[Nodes, tuple[str, Selection]] = {}

    def select(self, step: Nodes) -> Selection:
        """The nodes of a step.

        Raises:
            Refused: the step cannot be run on this graph.
        """
        if step not in self._done:
            selection = _RUN[type(step)](self, step)
            name = "" if self.trace is None else f"N{len(self.trace)}"
            self._done[step] = name, selection
            if self.trace is not None:
                self.trace.append(f"{name} = {self.line(step)}: {self._found(selection)}")
        return self._done[step][1]

    def line(self, step: Step) -> str:
        """A step in one line, with the names of the steps that were run before it."""
        names: dict[Step, str] = {
            done: name for done, (name, _) in self._done.items() if not isinstance(done, Find) and done != step
        }
        return step.written(names)

    def links(self, near: Selection, predicate: Predicate, far: Selection) -> Links:
        """The relations that tie nodes of two sets, read in the predicate's direction."""
        index = self.index
        ahead, back = index.with_predicates(predicate.forward), index.with_predicates(predicate.converse)
        if self.active is not None:
            ahead, back = ahead[self.active[ahead]], back[self.active[back]]
        ahead = ahead[near.mask[index.subjects[ahead]] & far.mask[index.objects[ahead]]]
        back = back[near.mask[index.objects[back]] & far.mask[index.subjects[back]]]
        return Links(
            np.concatenate((ahead, back)),
            np.concatenate((index.subjects[ahead], index.objects[back])),
            np.concatenate((index.objects[ahead], index.subjects[back])),
        )

    def placements(
        self, near: Selection, direction: Direction, far: Selection, step: Step
    ) -> tuple[Links, Bool[np.ndarray, "n m"]]:
        """The pairs of two sets of which the first lies in a direction of the second; which can be compared.

        Raises:
            Refused: there are too many pairs to compare.
        """
        first, second = near.positions, far.positions
        if len(first) * len(second) > MAX_PAIRS:
            raise Refused(Reason.TOO_MANY, step)
        boxes = self.index.boxes(first, self.window), self.index.boxes(second, self.window)
        together = overlapping(self, first, second) if direction == "overlapping" else placed(*boxes, direction)
        rows, columns = np.nonzero(together)
        known = ~np.isnan(boxes[0][:, :1]) & ~np.isnan(boxes[1][None, :, 0])
        return Links(np.full(len(rows), -1), first[rows], second[columns]), known

    def evidence(self, selection: Selection, mask: Bool[np.ndarray, " nodes"]) -> Evidence:
        """What some nodes of a selection rest on, the outermost step first."""
        evidence = Evidence([], [], [])
        for used, kept in self._used(selection, mask):
            links = None if used.links is None else used.links.where(kept[used.links.near])
            evidence.measures.extend(self._measures(used, kept, links))
            evidence.placements.extend(each for each in used.placements if kept[each[0]])
            if used.ahead is not None and (kept & used.mask).any():
                evidence.context.extend(np.flatnonzero(used.ahead).tolist())
                evidence.measures.extend(used.ahead_measures)
            if links is None:
                continue
            evidence.relations.extend(self.in_order(links.relations[links.relations >= 0]))
            evidence.context.extend(np.unique(links.far).tolist())
            if isinstance(used.step, Placed | InSpace):
                step = used.step
                direction = step.direction if isinstance(step, Placed) else Sight(step.direction, step.view)
                evidence.placements.extend(
                    (int(near), direction, int(far)) for near, far in zip(links.near, links.far, strict=True)
                )
        evidence.relations = list(dict.fromkeys(evidence.relations))
        evidence.context = list(dict.fromkeys(evidence.context))
        evidence.measures = list(dict.fromkeys(evidence.measures))
        evidence.placements = list(dict.fromkeys(evidence.placements))
        return evidence

    def _measures(self, used: Selection, kept: Bool[np.ndarray, " nodes"], links: Links | None) -> Iterator[Measured]:
        """What was measured of the nodes that are kept, between them and others, and of what they are held against."""
        if used.measures:
            near = set(self.index.ids[kept].tolist())
            far = near if links is None else near.union(self.index.ids[np.unique(links.far)].tolist())
            yield from (each for each in used.measures if each.node in (far if each.other is None else near))

    def searched(self, step: Step) -> tuple[int, ...]:
        """Ids of the nodes among which a step found nothing: those of the sets that it names.

        Where a step names no set, or any node at all, the whole graph was searched: no node of it is singled out.
        """
        found: set[int] = set()
        for part in children(step):
            if isinstance(part, Event):
                found |= set(self.searched(part))
            elif isinstance(part, Nodes) and part != Find(None):
                found |= set(self.index.ids[self.select(part).positions].tolist())
        return tuple(sorted(found))

    def in_order(self, relations: Int64[np.ndarray, " k"]) -> list[int]:
        """Relation positions in an order that does not depend on how the graph lists them."""
        listed = np.unique(relations)
        return listed[np.argsort(self.index.rank[listed])].tolist()

    def _used(
        self, selection: Selection, mask: Bool[np.ndarray, " nodes"]
    ) -> Iterator[tuple[Selection, Bool[np.ndarray, " nodes"]]]:
        yield selection, mask
        for part in selection.parts:
            yield from self._used(part, mask & part.mask)
        if selection.links is not None and selection.other is not None:
            far = np.zeros_like(mask)
            far[selection.links.far[mask[selection.links.near]]] = True
            yield from self._used(selection.other, far)
        if selection.base is not None:
            yield from self._used(selection.base, mask)

    def _found(self, selection: Selection) -> str:
        ids = self.index.ids[selection.positions]
        listed = ", ".join(map(str, ids[:6])) + (", ..." if len(ids) > 6 else "")
        count = f"{len(ids)} node{'' if len(ids) == 1 else 's'}"
        if selection.links is not None and (real := np.unique(selection.links.relations)).size and real[-1] >= 0:
            count += f" by {len(real)} relation{'' if len(real) == 1 else 's'}"
        return f"{count} ({listed})" if len(ids) else "none"

    def _find(self, step: Find) -> Selection:
        if step.categories is None:
            mask = np.ones(len(self.index.ids), dtype=bool)
        else:
            mask = self.index.of_categories(step.categories)
        if self.window is not None:
            mask = mask & self.index.seen(self.window)
        known = step.categories is None or any(map(self.index.has_category, step.categories))
        return Selection(step, mask, failure=None if mask.any() else Failure(step, Reason.ABSENT_OBJECT, known))

    def _pick(self, step: Pick) -> Selection:
        mask = np.zeros(len(self.index.ids), dtype=bool)
        mask[self.index.positions(step.nodes)] = True
        if step.categories is not None:
            mask &= self.index.of_categories(step.categories)
        failure = None if mask.any() else Failure(step, Reason.ABSENT_OBJECT, known=False, presupposed=True)
        return Selection(step, mask, failure=failure)

    def _the(self, step: The) -> Selection:
        base = self.select(step.nodes)
        failure = None if base.failure is None else replace(base.failure, presupposed=True)
        return Selection(step, base.mask, base=base, presumed=base.assumed, failure=failure)

    def _called(self, step: Called) -> Selection:
        base = self.select(step.nodes)
        wanted = spelling(step.name)
        said = np.zeros_like(base.mask)
        for values in self.index.owners.values():
            said[values.get(wanted, [])] = True
        if (said & base.mask).any():
            return Selection(step, said & base.mask, base=base, presumed=base.presumed)
        claimed = (*base.claimed, step.name) if base.mask.any() else base.claimed
        failure = None if base.failure is None else replace(base.failure, step=step)
        return Selection(step, base.mask, base=base, claimed=claimed, presumed=base.presumed, failure=failure)

    def _having(self, step: Having) -> Selection:
        base = self.select(step.nodes)
        recorded, matches = having(self.index, step.value, step.attribute)
        mask = base.mask & matches
        failure = base.failure
        if failure is None and not mask.any():
            known = (base.mask & recorded).any()
            failure = Failure(step, Reason.ABSENT_OBJECT if known else Reason.ATTRIBUTE_NOT_RECORDED, known=bool(known))
        return Selection(step, mask, base=base, claimed=base.claimed, presumed=base.presumed, failure=failure)

    def _related(self, step: Related) -> Selection:
        base, other = self.select(step.nodes), self.select(step.others)
        links = self.links(base, step.predicate, other)
        known = bool(step.predicate.forward or step.predicate.converse)
        return self.linked(step, base, other, links, known)

    def _placed(self, step: Placed) -> Selection:
        base, other = self.select(step.nodes), self.select(step.others)
        links, known = self.placements(base, step.direction, other, step)
        selection = self.linked(step, base, other, links)
        if not known.any() and base.failure is None and other.failure is None:
            return Selection(step, selection.mask, base, failure=Failure(step, Reason.NOT_MEASURED))
        return selection

    def linked(self, step: Nodes, base: Selection, other: Selection, links: Links, known: bool = True) -> Selection:
        """The nodes of one set that are tied to nodes of the other."""
        mask = np.zeros_like(base.mask)
        mask[links.near] = True
        failure = None
        if not mask.any():
            failure = first_failure(base.failure, other.failure) or Failure(step, Reason.ABSENT_RELATION, known)
        claimed = tuple(dict.fromkeys((*base.claimed, *other.claimed)))
        presumed = tuple(dict.fromkeys((*base.presumed, *other.presumed)))
        return Selection(step, mask, base, other, links, claimed=claimed, presumed=presumed, failure=failure)

    def _union(self, step: Union) -> Selection:
        parts = tuple(self.select(part) for part in step.parts)
        mask = np.zeros(len(self.index.ids), dtype=bool)
        for part in parts:
            mask |= part.mask
        failures = [part.failure for part in parts if part.failure is not None]
        failure = None if mask.any() else failures[0] if failures else Failure(step, Reason.ABSENT_OBJECT)
        return self._of_parts(step, mask, parts, failure)

    def _intersection(self, step: Intersection) -> Selection:
        parts = tuple(self.select(part) for part in step.parts)
        mask = np.logical_and.reduce([part.mask for part in parts])
        failure = None
        if not mask.any():  # no nodes by id are a place in which nothing lies, not something that is not there
            failures = [part.failure for part in parts if part.step != Pick(())]
            failure = first_failure(*failures) or Failure(step, Reason.ABSENT_OBJECT)
        return self._of_parts(step, mask, parts, failure)

    def _of_parts(
        self, step: Nodes, mask: Bool[np.ndarray, " nodes"], parts: tuple[Selection, ...], failure: Failure | None
    ) -> Selection:
        claimed = tuple(dict.fromkeys(word for part in parts for word in part.claimed))
        presumed = tuple(dict.fromkeys(word for part in parts for word in part.presumed))
        return Selection(step, mask, parts=parts, claimed=claimed, presumed=presumed, failure=failure)

    def _except(self, step: Except) -> Selection:
        base, others = self.select(step.nodes), self.select(step.others)
        mask = base.mask & ~others.mask
        taken_for_granted = others.failure if others.failure is not None and others.failure.presupposed else None
        failure = taken_for_granted or base.failure
        if failure is None and not mask.any():
            failure = Failure(step, Reason.ABSENT_OBJECT)
        if failure is not None:
            mask = np.zeros_like(mask)
        return Selection(step, mask, base=base, claimed=base.claimed, presumed=base.presumed, failure=failure)


_RUN: dict[type[Nodes], Callable[[Any, Any], Selection]] = {
    Find: Selector._find,
    Pick: Selector._pick,
    The: Selector._the,
    Called: Selector._called,
    Having: Selector._having,
    Related: Selector._related,
    Placed: Selector._placed,
    Union: Selector._union,
    Intersection: Selector._intersection,
    Except: Selector._except,
    **LAYOUT_STEPS,
    **AMOUNT_STEPS,
    **MEASURED_STEPS,
    **RANKED_STEPS,
}


def having(
    index: GraphIndex, value: str, attribute: str | None
) -> tuple[Bool[np.ndarray, " nodes"], Bool[np.ndarray, " nodes"]]:
    """Nodes for which the attribute (any, if None) is recorded, and those for which it has the value."""
    recorded, matches = np.zeros(len(index.ids), dtype=bool), np.zeros(len(index.ids), dtype=bool)
    wanted = spelling(value)
    for name, places in index.recorded.items():
        if attribute is None or name == spelling(attribute):
            recorded[places] = True
            matches[index.owners[name].get(wanted, [])] = True
    return recorded, matches


def has_value(attributes: Mapping[str, Any], value: str, attribute: str | None) -> bool:
    """Whether one of a node's attributes (any, if None) has the value.

    >>> has_value({"Color": ["Red", "white"]}, "red", "colour"), has_value({"material": "glass"}, "red", None)
    (True, False)
    """
    wanted, named = spelling(value), attribute and spelling(attribute)
    return any(
        wanted in spelled(found)
        for name, found in attributes.items()
        if named is None or attribute_named(str(name), found) == named
    )
