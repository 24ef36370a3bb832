"""Whether a goal can be reached, by trying everything: plain breadth-first search over a small world.

Written apart from the planner, for its benchmark and tests: other state, other rules in other words, no
estimate, no choice of what matters. It is told what the things are, and how they stand.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


@dataclass
class Things:
    """A world: what the things are and where.

    `where` maps a thing to ("on", other), ("in", other) or ("with", other); what is missing there stands
    on the ground. `ground` are nodes that are ground, `wet` those that nobody walks on.
    """

    movable: set[int] = field(default_factory=set)
    flat: set[int] = field(default_factory=set)
    hollow: set[int] = field(default_factory=set)
    doors: set[int] = field(default_factory=set)
    people: set[int] = field(default_factory=set)
    locked: set[int] = field(default_factory=set)
    ajar: set[int] = field(default_factory=set)
    ground: set[int] = field(default_factory=set)
    wet: set[int] = field(default_factory=set)
    where: dict[int, tuple[str, int]] = field(default_factory=dict)


class Scene(NamedTuple):
    """One state: the robot's spot, its load, places of the movable things, open doors.

    A place is ("on" | "in" | "with", other) or ("ground", spot).
    """

    spot: int
    load: int | None
    places: tuple[tuple[int, tuple[str, int]], ...]
    ajar: frozenset[int]


START = -3
Goal = list[tuple]
"""Conditions ("on", a, b), ("in", a, b), ("with", a, person), ("load", a), ("beside", a, b), ("spot", a),
("ajar", a), ("shut", a), ("off", a, b)."""


class Oracle:
    """Tries everything in one world.

    Args:
        things: the world.
        stirred: the movable things that may be moved; the others stay.
        spots: where the robot may go, and where things may be put, besides the ground.
    """

    def __init__(self, things: Things, stirred: set[int], spots: set[int]) -> None:
        self.things, self.stirred, self.near = things, stirred & things.movable, stirred | spots
        self.spots = {self.root(spot, things.where) for spot in spots} | {START}

    def shortest(self, goal: Goal, most: int = 8_000) -> tuple[str, int]:
        """("solvable", number of steps), ("unsolvable", 0), or ("undecided", 0) after that many states."""
        things = self.things
        first = Scene(
            START,
            None,
            tuple(sorted((t, things.where.get(t, ("ground", t))) for t in self.stirred)),
            frozenset(things.ajar & things.doors),
        )
        seen, line = {first}, deque([(first, 0)])
        while line:
            scene, steps = line.popleft()
            if self.holds(scene, goal):
                return "solvable", steps
            for after in self.moves(scene):
                if after not in seen:
                    if len(seen) >= most:
                        return "undecided", 0
                    seen.add(after)
                    line.append((after, steps + 1))
        return "unsolvable", 0

    def root(self, thing: int, where: dict[int, tuple[str, int]]) -> int:
        """Where one stands to reach a thing."""
        while thing in where:
            relation, other = where[thing]
            if relation == "ground":
                return other
            if other in self.things.ground:
                return thing
            thing = other
        return thing

    def moves(self, scene: Scene) -> Iterator[Scene]:
        """Every scene that one step leads to."""
        things, where = self.things, {**self.things.where, **dict(scene.places)}
        for spot in self.spots:
            base = self.things.where.get(spot, ("", -2))[1]
            if spot != scene.spot and base not in things.wet and spot not in things.wet:
                yield scene._replace(spot=spot)
        for door in things.doors:
            if scene.load is None and self.root(door, where) == scene.spot and self.free(door, where):
                if door in scene.ajar:
                    yield scene._replace(ajar=scene.ajar - {door})
                elif door not in things.locked:
                    yield scene._replace(ajar=scene.ajar | {door})
        if scene.load is None:
            yield from self.takes(scene, where)
        else:
            yield from self.puts(scene, where)

    def takes(self, scene: Scene, where: dict[int, tuple[str, int]]) -> Iterator[Scene]:
        """Scenes after something was taken."""
        for thing in self.stirred:
            relation, other = where[thing]
            covered = any(place == ("on", thing) for place in where.values())
            if covered or self.root(thing, where) != scene.spot:
                continue
            if relation == "in" and not (self.accessible(other, scene) and self.free(other, where)):
                continue
            if relation == "with" and other not in self.things.people:
                continue
            yield scene._replace(load=thing, places=tuple(p for p in scene.places if p[0] != thing))

    def puts(self, scene: Scene, where: dict[int, tuple[str, int]]) -> Iterator[Scene]:
        """Scenes after the load was put somewhere."""
        load = scene.load
        assert load is not None
        where = {thing: place for thing, place in where.items() if thing != load}
        spots: list[tuple[str, int]] = [("ground", scene.spot)]
        every = (self.things.flat | self.things.hollow | self.things.people) & self.near - self.things.ground - {load}
        for other in every:
            if self.root(other, where) != scene.spot or not self.free(other, where):
                continue
            if other in self.things.flat:
                spots.append(("on", other))
            if other in self.things.hollow and self.accessible(other, scene):
                spots.append(("in", other))
            if other in self.things.people:
                spots.append(("with", other))
        for place in spots:
            yield scene._replace(load=None, places=tuple(sorted((*scene.places, (load, place)))))

    def accessible(self, box: int, scene: Scene) -> bool:
        """Whether a hand gets into a box."""
        return box not in self.things.doors or box in scene.ajar

    def free(self, thing: int, where: dict[int, tuple[str, int]]) -> bool:
        """Whether a thing that can be moved stands, rather than being in something or in a hand."""
        if thing not in self.stirred:
            return True
        return thing in where and where[thing][0] in ("on", "ground")

    def holds(self, scene: Scene, goal: Goal) -> bool:
        """Whether all conditions are so."""
        where = {**self.things.where, **dict(scene.places)}
        return all(self.so(scene, where, condition) for condition in goal)

    def so(self, scene: Scene, where: dict[int, tuple[str, int]], condition: tuple) -> bool:
        """Whether one condition is so."""
        kind, thing, *rest = condition
        if kind == "load":
            return scene.load == thing
        if kind == "spot":
            return scene.spot == self.root(thing, where)
        if kind in ("ajar", "shut"):
            return (thing in scene.ajar) == (kind == "ajar") and thing in self.things.doors
        if kind == "off":
            return scene.load == thing or where.get(thing, ("", -9))[1] != rest[0]
        if scene.load == thing or thing not in where:
            return False
        if kind == "beside":
            return where[thing] == ("ground", self.root(rest[0], where))
        if kind == "on" and rest[0] in self.things.ground:
            spot = where[thing][1] if where[thing][0] == "ground" else None
            return where[thing] == ("on", rest[0]) or (
                spot is not None and self.things.where.get(spot, ("", spot))[1] == rest[0]
            )
        return where[thing] == (kind, rest[0])
