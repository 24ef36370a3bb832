"""Stories that go on: what happens on one piece of ground while a clip lasts.

An episode adds its entities to a script and lets them act until the script's clock has passed the
end. The camera looks along +y at the middle of the clip; moves are mostly sideways.
"""

from collections.abc import Callable
from dataclasses import dataclass
from math import atan2, cos, pi, sin
from random import Random

from toyworld.entities import make
from toyworld.ground import ROAD, Ground
from toyworld.props import SEAT_HEIGHT, TABLE_HEIGHT
from toyworld.script import Script, ahead
from toyworld.stories import TO_CAMERA

SADDLE = (-0.05, 0.0, 1.30)


@dataclass(frozen=True)
class Territory:
    """A piece of ground of its own: centre and half sizes, metres."""

    x: float
    y: float
    half_right: float
    half_away: float

    def point(self, random: Random, share: float = 1.0) -> tuple[float, float]:
        """Somewhere on it."""
        right, away = share * self.half_right, share * self.half_away
        return self.x + random.uniform(-right, right), self.y + random.uniform(-away, away)

    def overlaps(self, other: "Territory") -> bool:
        """Whether two pieces share ground."""
        return (
            abs(self.x - other.x) < self.half_right + other.half_right
            and abs(self.y - other.y) < self.half_away + other.half_away
        )


Episode = Callable[[Script, Territory, Ground, float], None]


def _person(random: Random) -> str:
    return "child" if random.random() < 0.35 else "person"


def _go(script: Script, who: int, x: float, y: float, gait: str = "walk") -> None:
    script.wait_until(script.move(who, x, y, gait))


def _beside(script: Script, who: int, x: float, y: float, gap: float, gait: str = "walk") -> None:
    """Go to the near side of a point and face it."""
    here = script.place(who)
    side = -1 if here[0] < x else 1
    _go(script, who, x + side * gap, y, gait)
    script.act(who, "stand", heading=0.0 if side < 0 else pi)


def stroll(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Somebody stands, walks, runs, sits and lies about, perhaps with something to carry, drop and fetch."""
    random = script.random
    person = script.add(
        make(_person(random), random), *home.point(random), random.choice((0.0, pi, TO_CAMERA)), "stand"
    )
    item = -1
    if random.random() < 0.6:
        item = script.add(make(random.choice(("ball", "backpack")), random), *home.point(random), TO_CAMERA)
        script.give(item, person)
    holding = item >= 0
    while script.clock < end:
        luck = random.random()
        if item >= 0 and luck < 0.35:
            if holding:
                state = script.states(script.clock)[person]
                script.drop(item, *ahead(state, 0.75), TO_CAMERA)
            else:
                x, y, _ = script.place(item)
                _beside(script, person, x, y, 0.75)
                script.wait(0.4)
                script.give(item, person)
            holding = not holding
            script.wait(random.uniform(0.8, 1.6))
        elif luck < 0.55:
            _go(script, person, *home.point(random))
        elif luck < 0.7:
            _go(script, person, *home.point(random), "run")
        elif luck < 0.85 or holding:
            script.act(person, "stand", heading=random.choice((0.0, pi, TO_CAMERA)))
            script.wait(random.uniform(0.8, 2.0))
        else:
            script.act(person, random.choice(("squat", "lie")), heading=random.choice((0.0, pi)))
            script.wait(random.uniform(1.6, 3.0))
            script.act(person, "stand")


def rest(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Somebody comes to a bench, sits down, perhaps lies down, gets up and stands about; a dog may wait there."""
    random = script.random
    seat = make("bench", random)
    bench = script.add(seat, home.x, home.y, TO_CAMERA + random.uniform(-0.4, 0.4))
    height = SEAT_HEIGHT * seat.scale
    side = random.choice((-1, 1))
    person = script.add(
        make(_person(random), random), home.x + side * 1.6, home.y - 0.5, 0.0 if side < 0 else pi, "stand"
    )
    if random.random() < 0.4:
        script.add(
            make("dog", random),
            home.x - side * 1.75,
            home.y - 0.3,
            random.choice((0.0, pi)),
            random.choice(("sit", "lie")),
        )
    script.wait(random.uniform(0.2, 1.5))
    while script.clock < end:
        shift = random.uniform(-0.5, 0.5)
        _go(script, person, home.x + shift, home.y - 0.65)
        script.put(person, bench, (0.08, shift), height, "sit")
        script.wait(random.uniform(1.8, 3.5))
        if random.random() < 0.35:
            script.put(person, bench, (0.06, 0.0), height, "lie", random.choice((-1, 1)) * pi / 2)
            script.wait(random.uniform(1.6, 3.0))
        script.get_off(person, home.x + shift, home.y - 0.65, TO_CAMERA)
        script.wait(0.6)
        side = random.choice((-1, 1))
        _go(script, person, home.x + side * 1.55, home.y - 0.1)
        script.act(person, "stand", heading=random.choice((TO_CAMERA, pi if side > 0 else 0.0)))
        script.wait(random.uniform(0.8, 2.0))


def football(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Somebody kicks a ball to and fro and runs after it."""
    random = script.random
    player = make(_person(random), random)
    ball_kind = make("ball", random)
    person = script.add(player, home.x - 0.8 * home.half_right, home.y, 0.0, "stand")
    ball = script.add(ball_kind, home.x, home.y, 0.0)
    reach = 0.66 * player.scale + 0.33 * ball_kind.scale
    while script.clock < end:
        x, y, _ = script.place(ball)
        flip = 1 if x < home.x else -1
        gait = random.choice(("walk", "run"))
        script.wait_until(script.move(person, x - flip * reach, y, gait))
        script.act(person, "stand", heading=0.0 if flip > 0 else pi)
        script.wait(random.uniform(0.2, 1.0))
        script.act(person, "kick", heading=0.0 if flip > 0 else pi, partner=ball)
        script.wait(0.3)
        goal = home.x + flip * random.uniform(0.5, 0.9) * home.half_right, home.y + random.uniform(-0.3, 0.3)
        stop = script.move(ball, *goal, "roll")
        script.wait(0.3)
        script.act(person, "stand")
        if random.random() < 0.5:
            script.wait_until(script.move(person, goal[0] - flip * 1.2, goal[1], "run", partner=ball))
        script.wait_until(stop if random.random() < 0.4 else script.clock)


def catch(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Two throw a ball to each other."""
    random = script.random
    apart = home.half_right * 0.85
    left = script.add(make(_person(random), random), home.x - apart, home.y, 0.0, "stand")
    right = script.add(make(_person(random), random), home.x + apart, home.y, pi, "stand")
    ball = script.add(make("ball", random), home.x, home.y, 0.0)
    thrower, catcher = left, right
    script.give(ball, thrower)
    while script.clock < end:
        script.wait(random.uniform(0.8, 1.6))
        script.act(thrower, "throw", arms="up", partner=ball)
        script.act(catcher, "catch", arms="front", partner=ball)
        start, stop = script.place(thrower), script.place(catcher)
        flip = 1 if thrower == left else -1
        arrival = script.fly(ball, (start[0] + flip * 0.3, start[1], 1.6), (stop[0] - flip * 0.5, stop[1], 1.0), 0.9)
        script.wait_until(arrival)
        script.act(thrower, "stand")
        script.act(catcher, "stand")
        script.give(ball, catcher)
        thrower, catcher = catcher, thrower


def ride(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Somebody walks up to a horse, mounts, rides to and fro, and gets off again."""
    random = script.random
    side = random.choice((-1, 1))
    mount = make("horse", random)
    horse = script.add(mount, home.x, home.y, random.choice((0.0, pi)), "stand")
    person = script.add(make("person", random), home.x + side * 1.6, home.y - 0.5, pi if side > 0 else 0.0, "stand")
    if random.random() < 0.5:
        script.put(person, horse, SADDLE[:2], SADDLE[2], "ride")
    else:
        script.wait(random.uniform(0.3, 1.5))
        _go(script, person, home.x, home.y - 0.75)
        script.wait(0.4)
        script.put(person, horse, SADDLE[:2], SADDLE[2], "ride")
    while script.clock < end:
        script.wait(random.uniform(0.5, 1.6))
        gait = random.choice(("walk", "run"))
        for _ in range(random.choice((1, 2))):
            flip = 1 if script.place(horse)[0] < home.x else -1
            script.wait_until(
                script.move(horse, home.x + flip * home.half_right * random.uniform(0.5, 1.0), home.y, gait)
            )
        script.wait(random.uniform(0.4, 1.2))
        if random.random() < 0.5:
            x, y, _ = script.place(horse)
            script.get_off(person, x, y - 0.75, TO_CAMERA)
            script.wait(random.uniform(0.8, 2.0))
            script.put(person, horse, SADDLE[:2], SADDLE[2], "ride")


def traffic(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """A car drives along the road (or across the field), stops for a while and drives on."""
    random = script.random
    roads = [strip for strip in ground.strips if strip.kind == ROAD]
    x, y, along = home.x, home.y, (1.0, 0.0)
    if roads:
        road = roads[-1]
        middle = (road.low + road.high) / 2 - road.offset(x, y)
        x, y = x + middle * cos(road.angle), y + middle * sin(road.angle)
        along = (-sin(road.angle), cos(road.angle))
    flip = random.choice((-1, 1))
    far = 5.5
    direction = (flip * along[0], flip * along[1])
    begin = (x - far * direction[0], y - far * direction[1]) if random.random() < 0.6 else (x, y)
    heading = pi + _angle(direction) if begin == (x, y) and random.random() < 0.3 else _angle(direction)
    car = script.add(make("car", random), *begin, heading, "park")
    script.wait(random.uniform(0.0, 2.5))
    while script.clock < end:
        _drive(script, car, x + random.uniform(-0.5, 0.5) * direction[0], y + random.uniform(-0.5, 0.5) * direction[1])
        script.wait(random.uniform(1.5, 4.0))
        _drive(script, car, x + far * direction[0], y + far * direction[1])
        script.wait(1.0)
        direction = (-direction[0], -direction[1])


def _drive(script: Script, car: int, x: float, y: float) -> None:
    script.wait_until(script.move(car, x, y, "drive"))


def _angle(direction: tuple[float, float]) -> float:
    return atan2(direction[1], direction[0])


def fetch(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """A dog chases a rolling ball or somebody who runs, then sits, lies, and watches."""
    random = script.random
    dog = script.add(make("dog", random), *home.point(random, 0.6), random.choice((0.0, pi)), "stand")
    runner = random.random() < 0.5
    what = make(_person(random) if runner else "ball", random)
    quarry = script.add(what, *home.point(random, 0.6), 0.0, "stand" if runner else "rest")
    while script.clock < end:
        flip = 1 if script.place(quarry)[0] < home.x else -1
        goal = home.x + flip * home.half_right * random.uniform(0.7, 1.0), home.y + random.uniform(-0.3, 0.3)
        stop = script.move(quarry, *goal, "run" if runner else "roll")
        script.wait(0.2)
        follow = script.move(dog, goal[0] - flip * 1.3, goal[1], "run", partner=quarry)
        script.wait_until(max(stop, follow))
        script.act(dog, random.choice(("sit", "stand", "lie")), heading=0.0 if flip > 0 else pi)
        if runner:
            script.act(quarry, "stand", heading=random.choice((pi if flip > 0 else 0.0, TO_CAMERA)))
        script.wait(random.uniform(1.0, 2.2))
        if random.random() < 0.4:
            _go(script, dog, *home.point(random, 0.8))


def errand(script: Script, home: Territory, ground: Ground, end: float) -> None:
    """Somebody takes a thing from a table, carries it off, lays it down, and brings it back or under the table."""
    random = script.random
    desk = make("table", random)
    table = script.add(desk, home.x, home.y, TO_CAMERA + random.uniform(-0.25, 0.25))
    item = script.add(make(random.choice(("ball", "backpack")), random), home.x, home.y, TO_CAMERA)
    side = random.choice((-1, 1))
    person = script.add(make(_person(random), random), home.x + side * 1.8, home.y, pi if side > 0 else 0.0, "stand")
    script.put(item, table, (0.0, side * random.uniform(0.2, 0.5)), TABLE_HEIGHT * desk.scale)
    script.wait(random.uniform(0.2, 1.2))
    while script.clock < end:
        _beside(script, person, home.x, home.y - 0.1, 1.4)
        script.wait(0.6)
        script.give(item, person)
        script.wait(random.uniform(0.6, 1.4))
        side = 1 if script.place(person)[0] > home.x else -1
        _go(script, person, home.x + side * random.uniform(1.9, 2.3), home.y - random.uniform(0.0, 0.4))
        if random.random() < 0.5:
            state = script.states(script.clock)[person]
            script.drop(item, *ahead(state, -0.75), TO_CAMERA)
            script.wait(random.uniform(0.8, 1.8))
            script.give(item, person)
            script.wait(0.6)
        _beside(script, person, home.x, home.y - 0.1, 1.4)
        script.wait(0.3)
        if random.random() < 0.6:
            script.put(item, table, (0.0, side * random.uniform(0.2, 0.5)), TABLE_HEIGHT * desk.scale)
        else:
            script.drop(item, home.x, home.y - 0.2, TO_CAMERA)
        script.wait(random.uniform(0.8, 1.6))


EPISODES: dict[Episode, tuple[float, float, float]] = {
    stroll: (22, 1.5, 0.7),
    rest: (16, 1.9, 0.8),
    football: (14, 1.8, 0.6),
    catch: (10, 1.6, 0.5),
    ride: (14, 1.9, 0.7),
    traffic: (14, 1.9, 0.9),
    fetch: (14, 1.9, 0.6),
    errand: (14, 2.0, 0.6),
}
"""How often each is told, and the half sizes of the ground that it needs."""
