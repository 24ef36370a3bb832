"""What lives in the world, and how it is at one moment."""

from dataclasses import dataclass, replace
from math import cos, sin
from random import Random

import numpy as np
from jaxtyping import Float32

from toyworld import bodies, props
from toyworld.shapes import Body, Point

FREE = -1
"""Carrier of whatever stands on the ground by itself."""

MOVING = frozenset({"walk", "run", "roll", "drive"})
PEOPLE = frozenset({"person", "child"})
ANIMATE = frozenset({"person", "child", "dog", "horse"})
ITEMS = frozenset({"ball", "umbrella", "backpack"})

HALF_SIZE: dict[str, tuple[float, float, float]] = {
    "person": (0.26, 0.30, 1.75),
    "child": (0.26, 0.30, 1.75),
    "dog": (0.72, 0.20, 1.05),
    "horse": (1.15, 0.36, 1.95),
    "car": (1.72, 0.78, 1.55),
    "bench": (0.34, 0.95, 1.02),
    "table": (0.50, 0.95, 0.85),
    "umbrella": (0.70, 0.70, 1.15),
    "ball": (0.33, 0.33, 0.66),
    "backpack": (0.22, 0.30, 0.72),
    "tree": (1.25, 1.25, 4.1),
}
"""Half length along the heading, half width, and height at scale 1, in metres."""

COLOURS: dict[str, tuple[float, float, float]] = {
    "red": (0.85, 0.13, 0.13),
    "orange": (0.95, 0.52, 0.08),
    "yellow": (0.96, 0.86, 0.12),
    "green": (0.10, 0.66, 0.28),
    "blue": (0.12, 0.28, 0.85),
    "purple": (0.52, 0.18, 0.70),
    "pink": (0.96, 0.48, 0.72),
    "white": (0.94, 0.94, 0.94),
    "black": (0.10, 0.10, 0.12),
    "grey": (0.55, 0.55, 0.58),
    "brown": (0.45, 0.27, 0.13),
}
_CLOTHES = ("red", "orange", "yellow", "green", "blue", "purple", "pink", "white", "black")
_BOTTOMS = ("blue", "black", "grey", "brown", "white")
_COATS = {"dog": ("brown", "black", "white", "grey", "orange"), "horse": ("brown", "black", "white", "grey")}
_WOODS = ("brown", "grey", "red", "green", "white")
_SKINS = ((0.96, 0.80, 0.69), (0.87, 0.66, 0.50), (0.66, 0.45, 0.31), (0.42, 0.27, 0.18))
_HAIRS = ((0.10, 0.07, 0.05), (0.35, 0.20, 0.08), (0.80, 0.65, 0.30), (0.55, 0.55, 0.55), (0.60, 0.25, 0.10))
SLOTS = 6


@dataclass(frozen=True, eq=False)
class Entity:
    """A person, an animal, an object or a tree, as far as its shape goes."""

    kind: str
    scale: float
    variant: int


@dataclass(frozen=True, eq=False)
class Coat:
    """What an entity wears: its main colour by name, and its colours by material, 0 to 1."""

    colour: str
    palette: Float32[np.ndarray, "6 3"]


@dataclass(slots=True)
class State:
    """An entity at one moment.

    `heading` is in radians from +x; `cycle` counts half steps; `carrier` is the position of the
    entity that holds or supports this one, `FREE` if the ground does; `arms` is a person's pose of
    the arms; `away` is the partner of an action (the ball that is kicked), `FREE` if there is none.
    """

    x: float
    y: float
    z: float = 0.0
    heading: float = 0.0
    activity: str = "rest"
    cycle: int = 0
    carrier: int = FREE
    arms: str = "free"
    partner: int = FREE

    def moved(self, **changes: object) -> "State":
        """A copy with some fields changed."""
        return replace(self, **changes)  # type: ignore[arg-type]


def local_to_world(state: State, scale: float, point: Point) -> tuple[float, float, float]:
    """A point of an entity's body in the world."""
    c, s = cos(state.heading) * scale, sin(state.heading) * scale
    x, y, z = point
    return state.x + c * x - s * y, state.y + s * x + c * y, state.z + scale * z


def half_extents(kind: str, scale: float, state: State, yaw: float) -> tuple[float, float]:
    """Half sizes to the right and away from a camera that looks along `yaw`, in metres."""
    length, width, _ = HALF_SIZE[kind]
    if state.activity == "lie" and kind in PEOPLE:
        length = 0.95
    elif state.activity in ("walk", "run", "squat") and kind in PEOPLE:
        length = 0.48
    turn = state.heading - yaw
    along, across = abs(cos(turn)), abs(sin(turn))
    return scale * (across * length + along * width), scale * (along * length + across * width)


def body_of(entity: Entity, state: State) -> Body:
    """The body of an entity in its present pose."""
    match entity.kind:
        case "person" | "child":
            return bodies.person(state.activity, state.arms, state.cycle % bodies.GAIT_STEPS)
        case "dog":
            return bodies.dog(state.activity, state.cycle % bodies.GAIT_STEPS)
        case "horse":
            return bodies.horse(state.activity, state.cycle % bodies.GAIT_STEPS)
        case "car":
            return props.car(entity.variant)
        case "bench":
            return props.bench(entity.variant)
        case "table":
            return props.table(entity.variant)
        case "umbrella":
            return props.umbrella(state.carrier != FREE and state.activity == "held")
        case "backpack":
            return props.backpack()
        case "tree":
            return props.tree(entity.variant)
    return props.ball(entity.variant)


_VARIANTS = {"car": 2, "bench": 2, "table": 2, "ball": 3, "tree": 4}
_SCALES = {
    "child": (0.70, 0.78),
    "car": (0.68, 0.76),
    "horse": (0.84, 0.92),
    "tree": (0.85, 1.25),
    "dog": (0.95, 1.12),
    "ball": (0.95, 1.20),
}


def make(kind: str, random: Random) -> Entity:
    """A new entity of a kind, with its own size and shape."""
    low, high = _SCALES.get(kind, (0.95, 1.05))
    return Entity(kind, low + (high - low) * random.random(), int(random.random() * _VARIANTS.get(kind, 1)))


def dress(kind: str, random: Random) -> Coat:
    """Colours for an entity of a kind."""
    colour, slots = _PALETTES.get(kind, _thing_palette)(kind, random)
    return Coat(colour, np.array(slots, dtype=np.float32) * np.float32(random.uniform(0.88, 1.12)))


_Palette = tuple[str, list[tuple[float, float, float]]]


def _person_palette(kind: str, random: Random) -> _Palette:
    top = random.choice(_CLOTHES)
    bottom = random.choice([name for name in _BOTTOMS if name != top])
    slots = [
        random.choice(_SKINS),
        random.choice(_HAIRS),
        COLOURS[top],
        COLOURS[bottom],
        (0.12, 0.1, 0.1),
        (1.0, 1.0, 1.0),
    ]
    return top, slots


def _animal_palette(kind: str, random: Random) -> _Palette:
    coat = random.choice(_COATS[kind])
    base = COLOURS[coat]
    shade = 0.45 if coat != "black" else 2.2
    dark = tuple(min(part * shade, 1.0) for part in base)
    pale = tuple(0.4 * part + 0.5 for part in base)
    collar = COLOURS[random.choice(("red", "blue", "yellow", "purple"))]
    return coat, [base, dark, pale, (0.15, 0.12, 0.1), (0.05, 0.05, 0.05), collar]


def _car_palette(kind: str, random: Random) -> _Palette:
    paint = random.choice(("red", "orange", "yellow", "green", "blue", "purple", "white", "black", "grey"))
    return paint, [
        COLOURS[paint],
        (0.20, 0.28, 0.36),
        (0.08, 0.08, 0.09),
        (1.0, 1.0, 0.75),
        (0.75, 0.75, 0.78),
        (0.7, 0.05, 0.05),
    ]


def _tree_palette(kind: str, random: Random) -> _Palette:
    leaf = random.choice(((0.08, 0.30, 0.10), (0.12, 0.36, 0.08), (0.05, 0.26, 0.16)))
    lit = tuple(part * 1.35 for part in leaf)
    return "green", [(0.34, 0.21, 0.11), leaf, lit, leaf, leaf, leaf]


def _thing_palette(kind: str, random: Random) -> _Palette:
    main = random.choice(_WOODS if kind in ("bench", "table") else _CLOTHES)
    base = COLOURS[main]
    if kind in ("bench", "table"):
        second = tuple(part * 0.75 for part in base)
    else:
        second = COLOURS[random.choice([name for name in ("white", "yellow", "black", "red", "blue") if name != main])]
    return main, [base, second, tuple(part * 0.45 for part in base), (0.6, 0.6, 0.62), base, base]


_PALETTES = {
    "person": _person_palette,
    "child": _person_palette,
    "dog": _animal_palette,
    "horse": _animal_palette,
    "car": _car_palette,
    "tree": _tree_palette,
}
