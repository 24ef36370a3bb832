"""A simulator of what a robot does to a scene graph: actions are checked, done, or fail.

Nothing is taken on trust from the planner: what must be so before an action is looked up in the graph as
it is now, and what an action brings about is written into the graph as relations and attributes, from
which the next plan is made. With `noise` some actions fail as real ones do: a way is not found, a grip
does not hold, what was to be put somewhere falls on the ground. With `drift` somebody moves things about.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

from assistant.names import plain
from assistant.planning.actions import Action
from assistant.planning.facts import FLOOR, ROBOT, START, Fact
from assistant.planning.world import BESIDE, HELD, IN, ON, Link, Robot, World
from assistant.predicate_kinds import is_spatial
from scenegraph import InputError, Node, Relation, SceneGraph, Vocabulary

_WRITTEN = {"on": "on", "in": "in", "has": "holding", "beside": "beside"}
"""Predicates that are written into the graph, added to its vocabulary where it has none of them."""

_FALLS = frozenset({"put on", "put in", "put beside", "hand to"})


@dataclass(frozen=True)
class Result:
    """What came of an action: whether it was done, what happened, and how long it took in seconds."""

    done: bool
    said: str
    seconds: float


class Simulator:
    """A world with a robot in it.

    Args:
        graph: how the world is; of a video, what holds at `frame`.
        robot: the robot.
        frame: the moment, the last frame if None.
        noise: the chance of every action to fail, 0 to 1.
        drift: the chance, at every action, that somebody moves one of the things named by `loose`.
        seed: where chance begins; the same seed gives the same run.

    Raises:
        InputError: a chance is none.
    """

    def __init__(
        self,
        graph: SceneGraph,
        robot: Robot | None = None,
        frame: int | None = None,
        noise: float = 0.0,
        drift: float = 0.0,
        seed: int = 0,
    ) -> None:
        for name, chance in (("noise", noise), ("drift", drift)):
            if not 0 <= chance <= 1:
                raise InputError(f"{name} is {chance}; expected a chance from 0 to 1")
        self.noise, self.drift, self.random = noise, drift, Random(seed)
        self.robot = robot or Robot()
        world = World(graph, self.robot, frame)
        self.graph = _snapshot(world)
        self.seconds = 0.0
        self.loose: tuple[int, ...] = tuple(node for node, kind in sorted(world.kinds.items()) if kind.graspable)

    def do(self, action: Action) -> Result:
        """Do an action, or fail."""
        self.seconds += action.seconds
        if self.drift and self.random.random() < self.drift:
            self._somebody_moves()
        world = World(self.graph, self.robot)
        label, there = world.label, _facts(world, action)
        lacking = sorted(action.needs - there)
        if lacking:
            told = f"could not {action.said(label)}: it is not so that {lacking[0].said(label)}"
            return Result(False, told, action.seconds)
        if self.noise and self.random.random() < self.noise:
            return Result(False, self._fail(world, action), action.seconds)
        for fact in sorted(action.removes):
            self._no_longer(fact)
        for fact in sorted(action.adds, key=lambda fact: (fact.name == "beside", fact)):  # first on the ground
            self._now(fact)
        return Result(True, action.said(label), action.seconds)

    def move(self, thing: int, name: str, other: int) -> None:
        """Somebody puts a thing on, in or beside another one, or takes it (`has`).

        Raises:
            InputError: the graph has no such node, or the thing cannot be moved there.
        """
        world = World(self.graph, self.robot)
        for node in (thing, other):
            if node != FLOOR and not len(world.index.positions([node])):
                raise InputError(f"there is no node {node} in the graph")
        if name not in _WRITTEN or thing == other or thing < 0:
            raise InputError(f"node {thing} cannot be moved {name} node {other}; expected on, in, beside, has")
        if thing in self.robot.holding:
            self._let_go(thing)
        self.robot = replace(self.robot, put=tuple(pair for pair in self.robot.put if pair[0] != thing))
        if name == "beside":
            self._place(thing, Link("on", world.ground(world.place(other)), 1.0), (other,))
        else:
            self._place(thing, Link(name, other, 1.0))

    def _fail(self, world: World, action: Action) -> str:
        """What happens when an action goes wrong."""
        label = world.label
        if action.name not in _FALLS:
            return f"failed to {action.said(label)}"
        thing = action.nodes[0]
        self._let_go(thing)
        self._on_ground(thing, world)
        return f"failed to {action.said(label)}: {label(thing)} fell on the ground"

    def _somebody_moves(self) -> None:
        world = World(self.graph, self.robot)
        supports = [node for node, kind in sorted(world.kinds.items()) if kind.supports and not kind.ground]
        things = [thing for thing in self.loose if thing not in self.robot.holding and not world.on_top.get(thing)]
        if things and supports:
            thing = self.random.choice(things)
            self.move(thing, "on", self.random.choice([node for node in supports if node != thing] or [FLOOR]))

    def _now(self, fact: Fact) -> None:
        robot = self.robot
        if fact.name == "at" and fact.subject == ROBOT:
            grounds = {**dict(robot.grounds), **{fact.object: World(self.graph, robot).ground(fact.object)}}
            self.robot = replace(robot, place=fact.object, grounds=tuple(grounds.items()))
        elif fact.name == "grips":
            self._take(fact.object)
        elif fact.name in ("open", "closed"):
            node = self.graph.node(fact.subject)
            attributes = {name: value for name, value in node.attributes.items() if name != "state"}
            self._replace_node(replace(node, attributes={**attributes, "state": fact.name}))
        elif fact.name in ("on", "in"):
            self._settle(fact.subject, Link(fact.name, fact.object, 1.0))
        elif fact.name == "has":
            self._settle(fact.object, Link("has", fact.subject, 1.0))
        elif fact.name == "beside":
            self._relate(fact.subject, "beside", fact.object)

    def _no_longer(self, fact: Fact) -> None:
        if fact.name == "grips":
            self._let_go(fact.object)

    def _take(self, thing: int) -> None:
        self.robot = replace(
            self.robot,
            holding=(*self.robot.holding, thing),
            put=tuple(pair for pair in self.robot.put if pair[0] != thing),
        )
        self._place(thing, None)

    def _let_go(self, thing: int) -> None:
        self.robot = replace(self.robot, holding=tuple(held for held in self.robot.holding if held != thing))

    def _settle(self, thing: int, link: Link) -> None:
        """Put a thing where an action says; the robot keeps in mind where on the ground that was."""
        world = World(self.graph, self.robot)
        self._place(thing, link)
        if link.name == "on" and world.kind(link.other).ground:
            self.robot = replace(self.robot, put=(*self.robot.put, (thing, self.robot.place)))

    def _on_ground(self, thing: int, world: World) -> None:
        self._settle(thing, Link("on", world.ground(self.robot.place), 1.0))

    def _place(self, thing: int, link: Link | None, beside: Sequence[int] = ()) -> None:
        """Write into the graph where a thing is, and leave out what no longer holds of it."""
        kept = [relation for relation in self.graph.relations if not self._placing(relation, thing)]
        self.graph = replace(self.graph, relations=tuple(kept))
        if link is not None and link.other != FLOOR:
            ends = (link.other, thing) if link.name == "has" else (thing, link.other)
            self._relate(ends[0], link.name, ends[1])
        for other in beside:
            self._relate(thing, "beside", other)

    def _placing(self, relation: Relation, thing: int) -> bool:
        """Whether a relation says where a thing is, or where something is by it, but not what is on or in it."""
        if thing not in (relation.subject, relation.object):
            return False
        name = plain(self.graph.predicate_name(relation))
        if name in HELD:
            return relation.object == thing
        if name in ON | IN:
            return relation.subject == thing
        return name in BESIDE or is_spatial(name)

    def _relate(self, subject: int, name: str, other: int) -> None:
        graph = self.graph
        predicate = _WRITTEN[name]
        if predicate not in graph.vocabulary.predicates:
            words = graph.vocabulary
            graph = replace(graph, vocabulary=Vocabulary(words.things, words.stuff, (*words.predicates, predicate)))
        added = Relation(subject, graph.vocabulary.predicate_id(predicate), other)
        self.graph = replace(graph, relations=(*graph.relations, added))

    def _replace_node(self, changed: Node) -> None:
        nodes = tuple(changed if node.id == changed.id else node for node in self.graph.nodes)
        self.graph = replace(self.graph, nodes=nodes)


def _facts(world: World, action: Action) -> frozenset[Fact]:
    """What is so, of all that an action asks for."""
    things = {node for fact in action.needs for node in (fact.subject, fact.object) if node not in (ROBOT, START)}
    so = world.facts(sorted(things))
    apart = {
        fact
        for fact in action.needs
        if fact.name == "off" and world.links.get(fact.subject, Link("", ROBOT, 0)).other != fact.object
    }
    return so | apart


def _snapshot(world: World) -> SceneGraph:
    """The graph as it is at one moment: every relation that says where a thing is, and what else holds then."""
    graph = world.graph
    kept = []
    for relation in graph.relations:
        name = plain(graph.predicate_name(relation))
        now = not relation.spans or any(span.start <= world.frame < span.stop for span in relation.spans)
        if now and name not in ON | IN | HELD:
            kept.append(replace(relation, spans=()))
    for thing, link in sorted(world.links.items()):
        names = {"on": ON, "in": IN, "has": HELD}[link.name]
        ends = (link.other, thing) if link.name == "has" else (thing, link.other)
        said = [
            relation
            for relation in graph.relations
            if (relation.subject, relation.object) == ends and plain(graph.predicate_name(relation)) in names
        ]
        kept.append(replace(max(said, key=lambda relation: relation.score), spans=()))
    return replace(graph, relations=tuple(kept))
