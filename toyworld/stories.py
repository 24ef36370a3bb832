"""Small groups of entities that do something together at one moment.

A story fills a `Group` around an anchor point. Directions are those of the camera at time 0: it
stands at the origin and looks along +y, so x is to the right and y is away.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from math import cos, pi, sin
from random import Random

from toyworld.entities import FREE, ITEMS, Entity, State, body_of, half_extents, local_to_world, make
from toyworld.ground import ROAD, Ground
from toyworld.props import SEAT_HEIGHT, TABLE_HEIGHT

TO_CAMERA = -pi / 2
YAW = pi / 2
"""Where the camera looks at time 0."""


@dataclass
class Group:
    """Entities with their states; `State.carrier` and `State.partner` are positions in the group."""

    entities: list[Entity] = field(default_factory=list)
    states: list[State] = field(default_factory=list)

    def add(self, entity: Entity, state: State) -> int:
        """Add one and return its position."""
        self.entities.append(entity)
        self.states.append(state)
        return len(self.entities) - 1


Story = Callable[[Random, float, float, Ground], Group]


def sideways(random: Random, spread: float = 0.35) -> float:
    """A heading to the left or to the right, where a stride is seen best."""
    return random.choice((0.0, pi)) + random.uniform(-spread, spread)


def held(item: Entity, holder: Entity, holder_state: State, carrier: int) -> State:
    """Where an item is that is in somebody's hands; sets the holder's arms."""
    if item.kind == "umbrella":
        holder_state.arms = "high"
        drop = 0.0
    else:
        holder_state.arms = "low" if holder_state.activity in ("walk", "run") else "front"
        drop = {"ball": 0.33, "backpack": 0.45}[item.kind] * item.scale
    hand = body_of(holder, holder_state).anchors["hand"]
    reach = 0.0 if item.kind == "umbrella" else 0.22
    x, y, z = local_to_world(holder_state, holder.scale, (hand[0] + reach, hand[1], hand[2]))
    return State(x, y, max(z - drop, 0.0), holder_state.heading, "held", 0, carrier)


def on_top(carrier_state: State, carrier: int, local: tuple[float, float], height: float, **changes: object) -> State:
    """A state at rest on something, `local` metres from its middle."""
    c, s = cos(carrier_state.heading), sin(carrier_state.heading)
    x = carrier_state.x + c * local[0] - s * local[1]
    y = carrier_state.y + s * local[0] + c * local[1]
    return State(x, y, height, carrier_state.heading, carrier=carrier).moved(**changes)


def next_to(
    random: Random, target: Entity, target_state: State, newcomer: Entity, state: State, gap: tuple[float, float]
) -> None:
    """Move a state to the left or to the right of an entity, so many metres between their sides."""
    half, _ = half_extents(target.kind, target.scale, target_state, YAW)
    own, _ = half_extents(newcomer.kind, newcomer.scale, state, YAW)
    side = random.choice((-1, 1))
    state.x = target_state.x + side * (half + own + random.uniform(*gap))
    state.y = target_state.y + random.uniform(-0.3, 0.3)


def _person(random: Random) -> Entity:
    return make("child" if random.random() < 0.3 else "person", random)


def _standing(random: Random, x: float, y: float) -> State:
    return State(x, y, 0.0, random.choice((TO_CAMERA, TO_CAMERA + 0.5, TO_CAMERA - 0.5, 0.0, pi)), "stand")


def company(random: Random, target: Entity, state: State) -> tuple[Entity, State]:
    """Somebody beside, in front of, or looking at an entity, or a thing left beside it."""
    kind, where = random.random(), random.random()
    placed = State(state.x, state.y, 0.0, sideways(random), cycle=random.randrange(4))
    if kind < 0.2:
        newcomer = make(random.choice(("ball", "backpack", "umbrella")), random)
        placed.heading = TO_CAMERA
    elif kind < 0.45:
        newcomer = make("dog", random)
        placed.activity = random.choice(("stand", "walk", "run", "sit", "lie"))
    else:
        newcomer = _person(random)
        placed.activity = random.choices(("stand", "walk", "run", "squat", "lie"), (17, 30, 16, 22, 15))[0]
        if placed.activity == "stand" and random.random() < 0.7:
            placed.heading = TO_CAMERA + random.uniform(-0.5, 0.5)
    if where < 0.45:
        next_to(random, target, state, newcomer, placed, (0.05, 0.45))
    elif where < 0.72 or kind < 0.2:
        half, deep = half_extents(target.kind, target.scale, state, YAW)
        own, _ = half_extents(newcomer.kind, newcomer.scale, placed, YAW)
        # Aside, so that a good part of the one behind stays in sight.
        placed.x += random.choice((-1, 1)) * random.uniform(0.35, 0.75) * (half + own)
        placed.y -= deep + random.uniform(0.7, 1.1)
    else:
        placed.activity = "stand" if kind > 0.6 else ("squat", "sit")[newcomer.kind == "dog"]
        next_to(random, target, state, newcomer, placed, (1.15, 2.2))
        placed.heading = 0.0 if placed.x < state.x else pi
    return newcomer, placed


def stroller(random: Random, x: float, y: float, ground: Ground) -> Group:
    """One person who stands, walks, runs, sits or lies, perhaps with something in the hands or dropped."""
    group, entity = Group(), _person(random)
    activity = random.choices(("stand", "walk", "run", "squat", "lie"), (22, 28, 22, 15, 13))[0]
    state = State(x, y, 0.0, sideways(random), activity, random.randrange(4))
    if activity == "stand":
        state = _standing(random, x, y)
    person = group.add(entity, state)
    luck = random.random()
    if activity in ("stand", "walk", "run") and luck < 0.8:
        item = make(random.choice(("ball", "umbrella", "backpack")), random)
        if luck < (0.72 if activity == "stand" else 0.6):
            group.add(item, held(item, entity, state, person))
        else:
            rest = State(x, y, 0.0, random.uniform(-0.4, 0.4) + TO_CAMERA)
            next_to(random, entity, state, item, rest, (0.05, 0.45))
            group.add(item, rest)
    return group


def meeting(random: Random, x: float, y: float, ground: Ground) -> Group:
    """Two who face each other, or one who looks at another."""
    group = Group()
    first, second = _person(random), random.choice((_person, _person, lambda r: make("dog", r)))(random)
    gap = random.uniform(1.2, 2.2) / 2 + 0.3
    flip = random.choice((-1, 1))
    facing = 0.0 if flip > 0 else pi
    group.add(first, State(x - flip * gap, y, 0.0, facing, "stand"))
    away = (pi + facing) if random.random() < 0.5 else TO_CAMERA
    activity = random.choice(("stand", "sit", "lie", "walk") if second.kind == "dog" else ("stand", "walk", "squat"))
    if activity != "stand":
        away = sideways(random, 0.2)
    group.add(second, State(x + flip * gap, y + random.uniform(-0.2, 0.2), 0.0, away, activity))
    return group


def seat(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A bench with somebody on it, beside it, in front of it, or with something left on it."""
    group = Group()
    entity, state = make("bench", random), State(x, y, 0.0, TO_CAMERA + random.uniform(-0.6, 0.6))
    bench = group.add(entity, state)
    height = SEAT_HEIGHT * entity.scale
    mode = random.choices(("sit", "lie", "dog", "item", "by"), (34, 16, 12, 14, 24))[0]
    if mode == "sit":
        shift = random.uniform(-0.55, 0.55)
        group.add(_person(random), on_top(state, bench, (0.08, shift), height, activity="sit"))
        if random.random() < 0.3:
            item = make(random.choice(("ball", "backpack")), random)
            group.add(item, on_top(state, bench, (0.05, shift - 0.85 if shift > 0 else shift + 0.85), height))
    elif mode == "lie":
        turned = state.heading + random.choice((-1, 1)) * pi / 2
        group.add(make("person", random), on_top(state, bench, (0.06, 0.0), height, activity="lie", heading=turned))
    elif mode == "dog":
        turned = state.heading + random.choice((-1, 1)) * pi / 2
        activity = random.choice(("lie", "sit"))
        group.add(make("dog", random), on_top(state, bench, (0.06, 0.0), height, activity=activity, heading=turned))
    elif mode == "item":
        item = make(random.choice(("ball", "backpack")), random)
        group.add(item, on_top(state, bench, (0.05, random.uniform(-0.6, 0.6)), height))
    return group


def desk(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A table with something on it, under it or beside it, and perhaps somebody near."""
    group = Group()
    entity, state = make("table", random), State(x, y, 0.0, TO_CAMERA + random.uniform(-0.3, 0.3))
    table = group.add(entity, state)
    mode = random.choices(("on", "under", "beside", "none"), (32, 54, 9, 5))[0]
    item = make(random.choice(("ball", "backpack")), random)
    shift = random.uniform(-0.55, 0.55)
    if mode == "on":
        group.add(item, on_top(state, table, (0.0, shift), TABLE_HEIGHT * entity.scale))
    elif mode == "under":
        group.add(item, on_top(state, FREE, (0.2, shift * 0.6), 0.0))
    elif mode == "beside":
        rest = State(x, y, 0.0, TO_CAMERA)
        next_to(random, entity, state, item, rest, (0.05, 0.45))
        group.add(item, rest)
    return group


def stable(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A horse that stands, walks or runs, ridden or with somebody near."""
    group = Group()
    activity = random.choices(("stand", "walk", "run"), (30, 36, 34))[0]
    entity, state = make("horse", random), State(x, y, 0.0, sideways(random, 0.3), activity, random.randrange(4))
    horse = group.add(entity, state)
    if random.random() < 0.62:
        saddle = local_to_world(state, entity.scale, (-0.05, 0.0, 1.30))
        group.add(_person(random), State(*saddle, state.heading, "ride", carrier=horse))
    return group


def garage(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A car that drives or is parked, on a road or off it, perhaps with somebody near."""
    group = Group()
    roads = [strip for strip in ground.strips if strip.kind == ROAD]
    heading = sideways(random, 0.5)
    if roads and random.random() < 0.6:
        road = roads[-1]
        middle = (road.low + road.high) / 2 - road.offset(x, y)
        x, y = x + middle * cos(road.angle), y + middle * sin(road.angle)
        heading = road.angle + random.choice((-1, 1)) * pi / 2
    activity = "drive" if random.random() < 0.5 else "park"
    group.add(make("car", random), State(x, y, 0.0, heading, activity))
    return group


def kennel(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A dog alone, or one that chases, watches or lies beside something."""
    group = Group()
    activity = random.choices(("stand", "walk", "run", "sit", "lie"), (18, 22, 24, 20, 16))[0]
    dog, state = make("dog", random), State(x, y, 0.0, sideways(random, 0.2), activity, random.randrange(4))
    group.add(dog, state)
    luck = random.random()
    if activity == "run" and luck < 0.6:
        target, what = (make("ball", random), "roll") if luck < 0.35 else (_person(random), "run")
        distance = 0.72 * dog.scale + random.uniform(0.6, 1.5) + (0.48 if what == "run" else 0.33)
        x, y = x + cos(state.heading) * distance, y + sin(state.heading) * distance
        group.add(target, State(x, y, 0.0, state.heading, what, random.randrange(4)))
    elif activity in ("stand", "sit") and luck < 0.5:
        target = make(random.choice(tuple(sorted(ITEMS))), random)
        distance = 0.72 * dog.scale + random.uniform(1.2, 2.1) + 0.4
        x, y = x + cos(state.heading) * distance, y + sin(state.heading) * distance
        group.add(target, State(x, y, 0.0, TO_CAMERA))
    elif luck > 0.6:
        target = make(random.choice(("ball", "backpack")), random)
        rest = State(x, y, 0.0, TO_CAMERA)
        next_to(random, dog, state, target, rest, (0.05, 0.45))
        group.add(target, rest)
    return group


def left_behind(random: Random, x: float, y: float, ground: Ground) -> Group:
    """A thing that lies about."""
    group = Group()
    group.add(make(random.choice(("ball", "umbrella", "backpack")), random), State(x, y, 0.0, TO_CAMERA))
    return group


STORIES: dict[Story, float] = {
    stroller: 34,
    meeting: 6,
    seat: 12,
    desk: 17,
    stable: 17,
    garage: 17,
    kennel: 7,
    left_behind: 1,
}
"""How often each story is told."""
