"""What the robot can do: typed actions with conditions before and effects after, grounded for a goal.

An action is applicable where all of its `needs` are so; then `removes` are no longer so and `adds` are.
Conditions on kinds ("can be taken up", "can be asked") are facts like the others, so that a goal that
cannot be reached names the one that is missing.

Only things that matter to a goal are grounded: those that the goal names, what holds, contains or covers
them, and what is in the robot's hands. Whatever must be out of the way can be put on the ground where the
robot stands, so no plan is lost by it; a graph of a thousand nodes gives a few dozen actions.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from assistant.planning.facts import FLOOR, ROBOT, START, Fact, State, named
from assistant.planning.world import World

Label = Callable[[int], str]

_SAID = {
    "go to": "go to {0}",
    "pick up": "pick up {0} from {1}",
    "take out": "take {0} out of {1}",
    "ask for": "ask {1} for {0}",
    "put on": "put {0} on {1}",
    "put in": "put {0} in {1}",
    "put beside": "put {0} down beside {1}",
    "hand to": "hand {0} to {1}",
    "open": "open {0}",
    "close": "close {0}",
}
"""Names of the actions and how they are said."""

SECONDS = {"go to": 2.0, "ask for": 6.0, "hand to": 6.0, "open": 8.0, "close": 6.0}
HANDLING = 8.0
"""Seconds of an action, for the robot's clock: of those not listed this, of going also one a metre."""

_PER_METRE = 0.01
"""What a metre of way costs beside an action: it decides between plans of equal length."""
_ON_THE_GROUND = 0.2
"""What it costs to leave on the ground what was put away from somewhere else."""


@dataclass(frozen=True)
class Action:
    """One thing that the robot can do.

    Attributes:
        name: go to, pick up, take out, ask for, put on, put in, put beside, hand to, open, close.
        nodes: what it is done to, in the order in which it is said.
        needs: what must be so before.
        adds: what is so after.
        removes: what is no longer so after.
        cost: about 1; more for long ways.
        seconds: how long it takes.
    """

    name: str
    nodes: tuple[int, ...]
    needs: State
    adds: State
    removes: State
    cost: float = 1.0
    seconds: float = HANDLING

    def said(self, label: Label) -> str:
        """As a sentence: "put cup-1 on table-1"."""
        return _SAID[self.name].format(*(named(node, label) for node in self.nodes))


def grounded(world: World, goals: Iterable[Fact]) -> list[Action]:
    """Every action that may matter to a goal."""
    return list(_Grounding(world, tuple(goals)).actions())


class _Grounding:
    """The actions of one goal in one world."""

    def __init__(self, world: World, goals: tuple[Fact, ...]) -> None:
        self.world, self.goals = world, goals
        self.moved: set[int] = set()
        self.things: set[int] = set(world.robot.holding)
        for fact in goals:
            for node in (fact.subject, fact.object):
                if node != ROBOT:
                    self._matter(node)
        moved = {fact.object if fact.name in ("has", "holds") else fact.subject for fact in goals
                 if fact.name in ("on", "in", "has", "holds", "beside", "off")}  # fmt: skip
        # What is put somewhere that can itself be carried needs it to stand: a book in a drawer holds no cup.
        where = {fact.object for fact in goals if fact.name in ("on", "in", "beside")}
        moved |= {thing for thing in where if world.kind(thing).graspable}
        for thing in (*moved, *world.robot.holding):
            self._move(thing)
        self.hands = range(world.robot.hands)
        self.ground = {place: world.ground(place) for place in self.places}

    @property
    def places(self) -> tuple[int, ...]:
        """Where the robot may have to go."""
        found = {self.world.place(thing) for thing in self.things if not self.world.kind(thing).ground}
        found |= {fact.object for fact in self.goals if fact.name == "on" and self.world.kind(fact.object).ground}
        found |= {fact.object for fact in self.goals if fact.name == "at" and fact.object != ROBOT}
        found = {self.world.place(place) if place >= 0 else place for place in found}
        return tuple(sorted({*found, self.world.robot.place, START} - {FLOOR}))

    def actions(self) -> Iterator[Action]:
        """All of them."""
        for place in self.places:
            yield from self._ways(place)
        for thing in sorted(self.moved):
            yield from self._takes(thing)
            yield from self._puts(thing)
        for thing in sorted(self.things):
            if self.world.kind(thing).opens or any(
                f.subject == thing and f.name in ("open", "closed") for f in self.goals
            ):
                yield from self._opens(thing)

    def _matter(self, node: int) -> None:
        """A node matters, and with it all that it is on, in or held by."""
        while node not in self.things:
            self.things.add(node)
            link = self.world.links.get(node)
            if link is None:
                return
            if link.name == "in" and self.world.kind(link.other).graspable:
                self._move(link.other)  # a bag in a cupboard must come out before what is in it
            node = link.other

    def _move(self, thing: int) -> None:
        """A thing may have to be moved, and so what is on it."""
        if thing in self.moved or thing < 0:
            return
        self.moved.add(thing)
        self._matter(thing)
        for above in self.world.on_top.get(thing, ()):
            if not self.world.kind(above).alive:
                self._move(above)

    def _ways(self, place: int) -> Iterator[Action]:
        for start in self.places:
            if start != place:
                metres = self.world.metres(start, place) or 0.0
                yield Action(
                    "go to",
                    (place,),
                    frozenset({Fact("at", ROBOT, start), Fact("reachable", place)}),
                    frozenset({Fact("at", ROBOT, place)}),
                    frozenset({Fact("at", ROBOT, start)}),
                    1 + _PER_METRE * min(metres, 100.0),
                    SECONDS["go to"] + metres,
                )

    def _supports(self, thing: int) -> set[int]:
        """On what a thing may be: where it is, where the goal wants it, what its present support stands on."""
        found = {fact.object for fact in self.goals if fact.name == "on" and fact.subject == thing}
        link = self.world.links.get(thing)
        while link is not None and link.name == "on":
            found.add(link.other)
            link = self.world.links.get(link.other)
        return {other for other in found if other != thing and not self.world.kind(other).ground}

    def _spots(self, node: int) -> tuple[int, ...]:
        """The places where a node may stand: one for what stays, all for what is moved."""
        return self.places if node in self.moved else (self.world.place(node),)

    def _standing(self, thing: int) -> Iterator[tuple[int, int, frozenset[Fact]]]:
        """(support, place, what must be so) for every way in which a thing may stand."""
        for support in sorted(self._supports(thing)):
            for place in self._spots(support):
                there = frozenset({Fact("at", support, place)}) if support in self.moved else frozenset()
                yield support, place, there
        for place in self.places:
            yield self.ground[place], place, frozenset()

    def _inside(self, thing: int) -> set[int]:
        found = {fact.object for fact in self.goals if fact.name == "in" and fact.subject == thing}
        link = self.world.links.get(thing)
        return found | ({link.other} if link is not None and link.name == "in" else set())

    def _holders(self, thing: int) -> set[int]:
        found = {fact.subject for fact in self.goals if fact.name == "has" and fact.object == thing}
        link = self.world.links.get(thing)
        return found | ({link.other} if link is not None and link.name == "has" else set())

    def _clear(self, thing: int) -> frozenset[Fact]:
        """What must be off a thing before it is taken up."""
        above = [other for other in self.moved if thing in self._supports(other)]
        alive = [other for other in self.world.on_top.get(thing, ()) if other not in self.moved]
        return frozenset(Fact("off", other, thing) for other in (*above, *alive))

    def _loose(self, thing: int) -> frozenset[Fact]:
        """What is no longer so once a thing is taken up."""
        near = {fact.object for fact in self.goals if fact.name == "beside" and fact.subject == thing}
        near |= self.world.beside.get(thing, set()) & self.things
        others = {fact.subject for fact in self.goals if fact.name == "beside" and fact.object == thing}
        return frozenset(
            (*(Fact("beside", thing, other) for other in near), *(Fact("beside", other, thing) for other in others))
        )

    def _takes(self, thing: int) -> Iterator[Action]:
        affords = frozenset({Fact("graspable", thing)}) | self._clear(thing)
        for hand in self.hands:
            free = Fact("free", ROBOT, hand=hand)
            gripped = frozenset({Fact("grips", ROBOT, thing, hand), Fact("holds", ROBOT, thing)})
            for support, place, _ in self._standing(thing):
                here = frozenset({Fact("at", ROBOT, place), Fact("at", thing, place), Fact("on", thing, support), free})
                yield Action(
                    *("pick up", (thing, support), here | affords),
                    gripped | {Fact("off", thing, support)},
                    frozenset({Fact("on", thing, support), Fact("at", thing, place), free}) | self._loose(thing),
                )
            for box in sorted(self._inside(thing)):
                for place in self._spots(box):
                    needs = {Fact("at", ROBOT, place), Fact("in", thing, box), free} | self._opened(box)
                    if box in self.moved:
                        needs.add(Fact("at", box, place))
                    yield Action(
                        *("take out", (thing, box), frozenset(needs) | affords),
                        gripped | {Fact("off", thing, box)},
                        frozenset({Fact("in", thing, box), free}),
                    )
            for holder in sorted(self._holders(thing)):
                asked = {Fact("at", ROBOT, self.world.place(holder)), Fact("has", holder, thing), free}
                yield Action(
                    *("ask for", (thing, holder), frozenset({*asked, Fact("person", holder)}) | affords),
                    gripped | {Fact("off", thing, holder)},
                    frozenset({Fact("has", holder, thing), free}),
                    seconds=SECONDS["ask for"],
                )

    def _puts(self, thing: int) -> Iterator[Action]:
        for hand in self.hands:
            gripped, free = Fact("grips", ROBOT, thing, hand), Fact("free", ROBOT, hand=hand)
            gone = frozenset({gripped, Fact("holds", ROBOT, thing)})
            for support, place, there in self._standing(thing):
                needs = {gripped, Fact("at", ROBOT, place)} | there
                on_ground = support == self.ground[place]
                if not on_ground:
                    needs.add(Fact("supports", support))
                adds = frozenset({Fact("on", thing, support), Fact("at", thing, place), free})
                removes = gone | {Fact("off", thing, support)}
                cost = 1 + _ON_THE_GROUND * (on_ground and Fact("on", thing, support) not in self.goals)
                yield Action("put on", (thing, support), frozenset(needs), adds, removes, cost)
            yield from self._puts_beside(thing, gripped, free, gone)
            for box in sorted(self._inside(thing)):
                for place in self._spots(box):
                    needs = {gripped, Fact("at", ROBOT, place), Fact("contains", box)} | self._opened(box)
                    if box in self.moved:
                        needs.add(Fact("at", box, place))
                    inside, left = frozenset({Fact("in", thing, box), free}), gone | {Fact("off", thing, box)}
                    yield Action("put in", (thing, box), frozenset(needs), inside, left)
            for holder in sorted(self._holders(thing)):
                them = {gripped, Fact("at", ROBOT, self.world.place(holder)), Fact("person", holder)}
                given, left = frozenset({Fact("has", holder, thing), free}), gone | {Fact("off", thing, holder)}
                yield Action("hand to", (thing, holder), frozenset(them), given, left, seconds=SECONDS["hand to"])

    def _puts_beside(self, thing: int, gripped: Fact, free: Fact, gone: State) -> Iterator[Action]:
        for fact in self.goals:
            if fact.name != "beside" or fact.subject != thing:
                continue
            for place in self._spots(fact.object):
                needs = {gripped, Fact("at", ROBOT, place)}
                if fact.object in self.moved:
                    needs.add(Fact("at", fact.object, place))
                adds = {fact, Fact("on", thing, self.ground[place]), Fact("at", thing, place), free}
                yield Action(*("put beside", (thing, fact.object), frozenset(needs), frozenset(adds), gone))

    def _opened(self, box: int) -> set[Fact]:
        return {Fact("open", box)} if self.world.kind(box).opens else set()

    def _opens(self, box: int) -> Iterator[Action]:
        for place in self._spots(box):
            here = {Fact("at", ROBOT, place), Fact("opens", box)}
            if box in self.moved:
                here.add(Fact("at", box, place))
            for hand in self.hands:
                free, shut, wide = Fact("free", ROBOT, hand=hand), Fact("closed", box), Fact("open", box)
                yield Action(
                    *("open", (box,), frozenset({*here, free, Fact("unlocked", box)})),
                    frozenset({wide}),
                    frozenset({shut}),
                    seconds=SECONDS["open"],
                )
                yield Action(
                    *("close", (box,), frozenset({*here, free})),
                    frozenset({shut}),
                    frozenset({wide}),
                    seconds=SECONDS["close"],
                )
