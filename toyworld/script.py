"""Time: what every entity does from when to when, written down by a script and looked up at any moment."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import atan2, cos, hypot, inf, sin
from random import Random

from toyworld.entities import ANIMATE, FREE, Entity, State, local_to_world
from toyworld.stories import held, on_top

SPEED = {"walk": 1.1, "run": 2.6, "drive": 2.4, "roll": 2.2}
"""Metres a second."""

STEPS = {"walk": 2.5, "run": 5.0}
"""Half steps a second."""

GRAVITY_ARC = 0.9
"""Metres that a thrown ball rises above the straight line at the middle of its flight."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One entity's activity in [start, stop) seconds, along a straight line.

    `begin` and `end` are x, y, z in metres; on a carrier, `begin` is the place in the carrier's frame
    (x, y) and the height above the ground, and both are equal.
    """

    start: float
    stop: float
    activity: str
    begin: tuple[float, float, float]
    end: tuple[float, float, float]
    heading: float
    carrier: int = FREE
    partner: int = FREE
    arms: str = "free"

    def at(self, time: float) -> tuple[float, float, float]:
        """Where the entity is, x, y, z."""
        if self.stop == inf or self.begin == self.end:
            return self.begin
        share = min(max((time - self.start) / (self.stop - self.start), 0.0), 1.0)
        x, y, z = (a + share * (b - a) for a, b in zip(self.begin, self.end, strict=True))
        return x, y, z + (4 * GRAVITY_ARC * share * (1 - share) if self.activity == "fly" else 0.0)


class Script:
    """Entities and their phases; `clock` is the time at which the next thing happens.

    >>> random = Random(0)
    >>> script = Script(random)
    >>> dog = script.add(Entity("dog", 1.0, 0), 0.0, 5.0, 0.0, "stand")
    >>> script.wait(1.0); script.wait_until(script.move(dog, 1.1, 5.0, "walk"))
    >>> script.states(1.5)[0].activity, round(script.clock, 6), script.states(9.0)[0].x
    ('walk', 2.0, 1.1)
    """

    def __init__(self, random: Random, start: float = 0.0) -> None:
        self.random = random
        self.start = start
        self.clock = start
        self.entities: list[Entity] = []
        self.phases: list[list[Phase]] = []

    def add(self, entity: Entity, x: float, y: float, heading: float, activity: str = "rest") -> int:
        """A new entity on the ground, from the beginning; returns its position."""
        self.entities.append(entity)
        self.phases.append([Phase(self.start, inf, activity, (x, y, 0.0), (x, y, 0.0), heading)])
        return len(self.entities) - 1

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.clock += seconds

    def wait_until(self, time: float) -> None:
        """Let time pass up to a moment; nothing happens if that is over."""
        self.clock = max(self.clock, time)

    def act(self, who: int, activity: str, **changes: object) -> None:
        """Begin an activity where one is; changes are fields of `Phase`."""
        x, y, z = self.place(who)
        here = (x, y, 0.0 if activity != "fly" else z)
        now = self.phases[who][-1]
        phase = Phase(self.clock, inf, activity, here, here, now.heading)
        self._begin(who, replace(phase, **changes))  # type: ignore[arg-type]

    def move(self, who: int, x: float, y: float, activity: str, after: str | None = None, **changes: object) -> float:
        """Begin to move in a straight line; returns the time of arrival, when `after` begins."""
        x0, y0, _ = self.place(who)
        distance = hypot(x - x0, y - y0)
        if distance < 0.05:
            return self.clock
        heading = atan2(y - y0, x - x0)
        arrival = self.clock + distance / SPEED[activity]
        phase = Phase(self.clock, arrival, activity, (x0, y0, 0.0), (x, y, 0.0), heading)
        self._begin(who, replace(phase, **changes))  # type: ignore[arg-type]
        kind = self.entities[who].kind
        rest = after or ("stand" if kind in ANIMATE else "park" if kind == "car" else "rest")
        self.phases[who].append(Phase(arrival, inf, rest, (x, y, 0.0), (x, y, 0.0), heading))
        return arrival

    def fly(
        self, who: int, start: tuple[float, float, float], stop: tuple[float, float, float], seconds: float
    ) -> float:
        """Begin to fly in an arc; returns the time of arrival."""
        arrival = self.clock + seconds
        heading = atan2(stop[1] - start[1], stop[0] - start[0])
        self._begin(who, Phase(self.clock, arrival, "fly", start, stop, heading))
        return arrival

    def put(
        self,
        who: int,
        carrier: int,
        local: tuple[float, float],
        height: float,
        activity: str = "rest",
        turn: float = 0.0,
    ) -> None:
        """Set one on another, `local` metres from its middle, turned by `turn` against it."""
        place = (*local, height)
        self._begin(who, Phase(self.clock, inf, activity, place, place, turn, carrier))

    def give(self, item: int, holder: int) -> None:
        """Put an item into somebody's hands."""
        self._begin(item, Phase(self.clock, inf, "held", (0.0, 0.0, 0.0), (0.0, 0.0, 0.0), 0.0, holder))

    def get_off(self, who: int, x: float, y: float, heading: float) -> None:
        """Leave what carries one and stand on the ground."""
        self._begin(who, Phase(self.clock, inf, "stand", (x, y, 0.0), (x, y, 0.0), heading))

    def drop(self, item: int, x: float, y: float, heading: float = 0.0) -> None:
        """Lay an item on the ground."""
        self._begin(item, Phase(self.clock, inf, "rest", (x, y, 0.0), (x, y, 0.0), heading))

    def place(self, who: int) -> tuple[float, float, float]:
        """Where one is now, x, y, z in the world."""
        state = self.states(self.clock)[who]
        return state.x, state.y, state.z

    def states(self, time: float) -> list[State]:
        """The states of all entities at a moment."""
        return states_at(self.entities, self.phases, time)

    def _begin(self, who: int, phase: Phase) -> None:
        phases = self.phases[who]
        while phases and phases[-1].start >= phase.start:
            phases.pop()
        if phases and phases[-1].stop > phase.start:
            last = phases[-1]
            carried = last.carrier != FREE
            phases[-1] = replace(last, stop=phase.start, end=last.begin if carried else last.at(phase.start))
        phases.append(phase)


def states_at(entities: Sequence[Entity], phases: Sequence[Sequence[Phase]], time: float) -> list[State]:
    """What the phases say about a moment; whoever carries is settled before what is carried."""
    current = [listed[max(bisect_right(listed, time, key=_start) - 1, 0)] for listed in phases]
    settled: dict[int, State] = {}

    def settle(who: int) -> State:
        if who not in settled:
            phase = current[who]
            settled[who] = _free(phase, time) if phase.carrier == FREE else _carried(entities, who, phase, time, settle)
        return settled[who]

    for who in range(len(entities)):
        settle(who)
    return [settled[who] for who in range(len(entities))]


def _start(phase: Phase) -> float:
    return phase.start


def _free(phase: Phase, time: float) -> State:
    x, y, z = phase.at(time)
    cycle = int((time - phase.start) * STEPS.get(phase.activity, 0.0))
    return State(x, y, z, phase.heading, phase.activity, cycle, FREE, phase.arms, phase.partner)


def _carried(entities: Sequence[Entity], who: int, phase: Phase, time: float, settle) -> State:  # noqa: ANN001
    carrier, base = entities[phase.carrier], settle(phase.carrier)
    if phase.activity == "held":
        return held(entities[who], carrier, base, phase.carrier)
    if phase.activity == "ride":
        x, y, z = local_to_world(base, carrier.scale, phase.begin)
        return State(x, y, z, base.heading, "ride", carrier=phase.carrier)
    state = on_top(base, phase.carrier, phase.begin[:2], phase.begin[2], activity=phase.activity)
    state.heading = base.heading + phase.heading
    return state


def ahead(state: State, metres: float) -> tuple[float, float]:
    """The ground point so many metres ahead of somebody."""
    return state.x + metres * cos(state.heading), state.y + metres * sin(state.heading)
