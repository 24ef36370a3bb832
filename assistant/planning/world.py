"""From a scene graph to what a planner knows: what things afford, where they are, how far apart.

A thing is where the latest relation says: held by somebody, in or on something; of several in the same
frame the most telling and best scored one. What the graph says nothing about stands on the ground.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from assistant.index import GraphIndex
from assistant.names import plain
from assistant.planning.facts import FLOOR, ROBOT, START, Fact, Name, State
from assistant.planning.kinds import Kind, kind_of, shown_kind
from assistant.verbs import COVERS
from scenegraph import Relation, SceneGraph

ON = frozenset({"on", *COVERS["on"], "on top of"}) - {"painted on"}
IN = frozenset({"in", "inside", "inside of", "within"})
HELD = frozenset({"holding", "carrying", "wearing", "grabbing", "gripping", "swinging", "clutching", "has"})
BESIDE = frozenset({"beside", "next to", "near", "adjacent to"})

_TELLING = {"has": 3, "in": 2, "on": 1}
"""Of relations that end in the same frame: what is in a hand is there, whatever else it is on."""

_STATES = {"open": "open", "opened": "open", "closed": "closed", "shut": "closed", "locked": "closed"}


@dataclass(frozen=True)
class Robot:
    """The robot, which is no node of the graph.

    Attributes:
        place: the node where it stands.
        holding: what it holds.
        hands: how many things it can hold.
        put: (thing, place) of what it left on the ground, which no relation tells as exactly.
        grounds: (place, ground) of where it has been, for what stood there may be carried away.
    """

    place: int = START
    holding: tuple[int, ...] = ()
    hands: int = 1
    put: tuple[tuple[int, int], ...] = ()
    grounds: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Link:
    """Where a thing is: `name` on, in or has; `other` supports, contains or holds it."""

    name: str
    other: int
    score: float


class World:
    """What one graph says about the things in it, at one moment.

    Args:
        graph: the graph.
        robot: the robot in it.
        frame: the moment; the last frame if None.
    """

    def __init__(self, graph: SceneGraph, robot: Robot | None = None, frame: int | None = None) -> None:
        self.graph, self.robot = graph, robot or Robot()
        self.frame = graph.source.num_frames - 1 if frame is None else frame
        self.index = GraphIndex(graph)
        self.links, self.beside = self._read()
        for thing in self.robot.holding:
            self.links.pop(thing, None)
        self._without_circles()
        self._inside_with_what_carries()

    def label(self, node: int) -> str:
        """What a node is called."""
        return self.index.label(node)

    @cached_property
    def kinds(self) -> dict[int, Kind]:
        """What every node affords."""
        under = {name: {link.other for link in self.links.values() if link.name == name} for name in ("on", "in")}
        held = {thing for thing, link in self.links.items() if link.name == "has"} | set(self.robot.holding)
        longest = self._longest_sides()
        kinds = {}
        for node, side in zip(self.index.nodes, longest, strict=True):
            thing = self.graph.vocabulary.is_thing(node.category)
            kind = kind_of(self.graph.category_name(node.id), thing, None if np.isnan(side) else float(side))
            kinds[node.id] = shown_kind(kind, node.id in under["on"], node.id in under["in"], node.id in held)
        return kinds

    @cached_property
    def on_top(self) -> dict[int, tuple[int, ...]]:
        """The things on each thing."""
        found = defaultdict(list)
        for thing, link in self.links.items():
            if link.name == "on":
                found[link.other].append(thing)
        return {under: tuple(sorted(things)) for under, things in found.items()}

    def kind(self, node: int) -> Kind:
        """What a node affords; the floor supports."""
        return self.kinds.get(node, Kind(supports=True, ground=True))

    def place(self, node: int) -> int:
        """Where one goes to reach a node: what it stands on at last, itself where that is the ground."""
        link = self.links.get(node)
        while link is not None and not self.kind(link.other).ground:
            node = link.other
            link = self.links.get(node)
        return dict(self.robot.put).get(node, node)

    def ground(self, place: int) -> int:
        """The ground at a place."""
        known = dict(self.robot.grounds)
        if place in known:
            return known[place]
        if place != START and self.kind(place).ground:
            return place
        link = self.links.get(place)
        return link.other if link is not None and link.name == "on" else FLOOR

    def reachable(self, place: int) -> bool:
        """Whether a robot can go to a place: it is no water and stands in none."""
        return place == START or (self.kind(place).reachable and self._walked(place))

    def is_open(self, node: int) -> bool | None:
        """Whether something that opens is open; None where the graph does not say."""
        said = {str(value).lower() for value in self.graph.node(node).attributes.values()}
        states = {_STATES[word] for word in said if word in _STATES}
        return None if len(states) != 1 else states == {"open"}

    def locked(self, node: int) -> bool:
        """Whether the graph says that something is locked."""
        return any(str(value).lower() == "locked" for value in self.graph.node(node).attributes.values())

    def metres(self, first: int, second: int) -> float | None:
        """How far apart two places are; None where one of them was not measured."""
        ends = [
            self._camera if place == START else self._centres[self.index.position(place)] for place in (first, second)
        ]
        length = float(np.linalg.norm(ends[0] - ends[1]))
        return None if np.isnan(length) else length

    def facts(self, things: Iterable[int]) -> State:
        """What is so of the robot and of some things."""
        robot = self.robot
        found = [Fact("at", ROBOT, robot.place), Fact("reachable", START)]
        found += [Fact("grips", ROBOT, thing, hand) for hand, thing in enumerate(robot.holding)]
        found += [Fact("holds", ROBOT, thing) for thing in robot.holding]
        found += [Fact("free", ROBOT, hand=hand) for hand in range(len(robot.holding), robot.hands)]
        for node in things:
            found += self._of(node)
        return frozenset(found)

    def confidence(self, fact: Fact) -> float:
        """How sure the graph is of a fact: 1 where no score speaks."""
        thing, other = (fact.object, fact.subject) if fact.name == "has" else (fact.subject, fact.object)
        link = self.links.get(thing)
        if link is not None and (link.name, link.other) == (fact.name, other):
            return link.score
        if fact.name == "at" and fact.object >= 0:
            return self.graph.node(fact.object).score
        return 1.0

    def _of(self, node: int) -> list[Fact]:
        kind, link = self.kind(node), self.links.get(node)
        affords: tuple[Name, ...] = ("graspable", "supports", "contains", "opens", "person")
        found = [Fact(name, node) for name in affords if getattr(kind, name)]
        found += [Fact("reachable", place) for place in {node, self.place(node)} if self.reachable(place)]
        if node < 0:
            return found
        if not self.locked(node):
            found.append(Fact("unlocked", node))
        if kind.opens:
            found.append(Fact("open" if self.is_open(node) else "closed", node))
        if link is not None and link.name == "has":
            found.append(Fact("has", link.other, node))
        elif link is not None and link.name == "in":
            found.append(Fact("in", node, link.other))
        elif node not in self.robot.holding:
            found.append(Fact("on", node, link.other if link is not None else FLOOR))
            found.append(Fact("at", node, self.place(node)))
        found += [Fact("beside", node, other) for other in self.beside.get(node, ())]
        return found

    def _read(self) -> tuple[dict[int, Link], dict[int, set[int]]]:
        best: dict[int, tuple[tuple[int, int, float], Link]] = {}
        beside: dict[int, set[int]] = defaultdict(set)
        for relation in self.graph.relations:
            last = self._last(relation)
            name = plain(self.graph.predicate_name(relation))
            if last is None or relation.subject == relation.object:
                continue
            if name in BESIDE and last >= self.frame:
                beside[relation.subject].add(relation.object)
                beside[relation.object].add(relation.subject)
            kind = "on" if name in ON else "in" if name in IN else "has" if name in HELD else None
            if kind is None:
                continue
            thing, other = relation.subject, relation.object
            if kind == "has":
                thing, other = other, thing
            score = relation.score * self.graph.node(thing).score * self.graph.node(other).score
            key = (last, _TELLING[kind], score)
            if thing not in best or key > best[thing][0]:
                best[thing] = (key, Link(kind, other, score))
        return {thing: link for thing, (_, link) in best.items()}, dict(beside)

    def _last(self, relation: Relation) -> int | None:
        """The last frame up to the moment in which a relation holds; None if it does not yet."""
        if not relation.spans:
            return self.frame
        ends = [min(span.stop - 1, self.frame) for span in relation.spans if span.start <= self.frame]
        return max(ends, default=None)

    def _without_circles(self) -> None:
        """Leave out links that lead back to where they start: nothing stands on itself."""
        for thing in sorted(self.links):
            seen, at = {thing}, self.links.get(thing)
            while at is not None:
                if at.other in seen:
                    del self.links[thing]
                    break
                seen.add(at.other)
                at = self.links.get(at.other)

    def _inside_with_what_carries(self) -> None:
        """What stands on a tray in a cupboard is in the cupboard: it is taken out of there, not off the tray."""
        for thing in sorted(self.links):
            link = self.links[thing]
            while link.name == "on" and self.kind(link.other).graspable and link.other in self.links:
                link = self.links[link.other]
                if link.name == "in":
                    self.links[thing] = replace(link, score=link.score * self.links[thing].score)

    def _walked(self, place: int) -> bool:
        ground = self.ground(place)
        return ground == FLOOR or self.kind(ground).reachable

    @cached_property
    def _centres(self) -> np.ndarray:
        every = np.arange(len(self.index.ids))
        if not self._measured:
            return np.full((len(every), 3), np.nan)
        return self.index.space.places(every, "world", None, None)[0]

    @property
    def _measured(self) -> bool:
        return self.graph.source.kind == "rgbd"

    @cached_property
    def _camera(self) -> np.ndarray:
        camera = self.graph.source.camera
        if camera is None or camera.poses is None:
            return np.zeros(3) if self._measured else np.full(3, np.nan)
        return camera.poses[min(self.frame, len(camera.poses) - 1), :3, 3]

    def _longest_sides(self) -> np.ndarray:
        every = np.arange(len(self.index.ids))
        if not self._measured:
            return np.full(len(every), np.nan)
        return self.index.space.lengths(every, None).max(axis=1, initial=-np.inf) if len(every) else np.zeros(0)
