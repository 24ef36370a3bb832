"""A world that goes on for a while: ground, entities with their phases, and a camera that moves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from math import cos, pi, sin
from random import Random

from toyworld.entities import FREE, Coat, Entity, State, dress, make
from toyworld.episodes import EPISODES, Territory
from toyworld.ground import GRASS, SAND, SEA, Ground
from toyworld.layout import FARTHEST, NEAREST, make_ground
from toyworld.script import Phase, Script, states_at
from toyworld.stories import YAW
from toyworld.views import View

TRIES = 30
"""Places tried for an episode before it is given up."""

BEFORE = 4.0
"""Seconds, at most, that an episode has been going on when the clip begins."""

_PIVOT = 8.0
"""Metres ahead of the first camera: what an orbit turns around."""


@dataclass(frozen=True)
class CameraPath:
    """How the camera moves during a clip: still, pan, dolly or orbit, symmetrical about its middle.

    `reach` is the whole change: radians for pan and orbit, metres for dolly.
    """

    kind: str
    reach: float
    height: float
    pitch: float

    def view(self, share: float, size: tuple[int, int]) -> View:
        """The view after a share of the clip, 0 to 1."""
        swing = self.reach * (share - 0.5)
        x, y, yaw = 0.0, 0.0, YAW
        if self.kind == "pan":
            yaw += swing
        elif self.kind == "dolly":
            x = swing
        elif self.kind == "orbit":
            x, y, yaw = _PIVOT * sin(swing), _PIVOT * (1 - cos(swing)), YAW + swing
        return View(x, y, self.height, yaw, self.pitch, size)


@dataclass(frozen=True, eq=False)
class World:
    """Everything that a clip is rendered from."""

    ground: Ground
    path: CameraPath
    entities: Sequence[Entity]
    coats: Sequence[Coat]
    phases: Sequence[Sequence[Phase]]

    def states(self, time: float) -> list[State]:
        """How everybody is at a time in seconds."""
        return states_at(self.entities, self.phases, time)


def make_world(random: Random, seconds: float) -> World:
    """A world in which something happens for so many seconds."""
    ground = make_ground(random)
    path = _camera_path(random)
    entities: list[Entity] = []
    phases: list[list[Phase]] = []
    for episode, home in _plan(random, ground):
        script = Script(random, -random.uniform(0.0, BEFORE))
        episode(script, home, ground, seconds)
        first = len(entities)
        entities += script.entities
        phases += [[_moved(phase, first) for phase in listed] for listed in script.phases]
    script = Script(random)
    for _ in range(random.choices((0, 1, 2, 3), (15, 30, 35, 20))[0]):
        away = random.uniform(FARTHEST + 1.8, FARTHEST + 5.5)
        x = random.uniform(-0.5, 0.5) * away
        if ground.around(x, away, 0.4) in (GRASS, SAND):
            script.add(make("tree", random), x, away, random.uniform(0, 2 * pi))
    entities += script.entities
    phases += script.phases
    return World(ground, path, entities, [dress(entity.kind, random) for entity in entities], phases)


def _plan(random: Random, ground: Ground) -> list[tuple]:
    """Episodes with a territory each, apart from one another and from the sea."""
    episodes, weights = list(EPISODES), list(accumulate(weight for weight, _, _ in EPISODES.values()))
    plan: list[tuple] = []
    for _ in range(random.choices((3, 4, 5), (25, 45, 30))[0]):
        episode = random.choices(episodes, cum_weights=weights)[0]
        _, half_right, half_away = EPISODES[episode]
        for _ in range(TRIES):
            away = random.uniform(NEAREST + 0.6, FARTHEST)
            reach = max(0.42 * away - 0.6 * half_right, 0.2)
            home = Territory(random.uniform(-reach, reach), away, half_right, half_away)
            if ground.at(home.x, home.y + half_away) == SEA or any(home.overlaps(other) for _, other in plan):
                continue
            plan.append((episode, home))
            break
    return plan


def _camera_path(random: Random) -> CameraPath:
    kind = random.choice(("still", "pan", "dolly", "orbit"))
    reach = {"still": 0.0, "pan": 0.22, "dolly": 1.6, "orbit": 0.45}[kind] * random.choice((-1, 1))
    return CameraPath(kind, reach * random.uniform(0.6, 1.0), random.uniform(3.0, 3.7), random.uniform(0.24, 0.30))


def _moved(phase: Phase, by: int) -> Phase:
    """A phase whose carrier and partner count from elsewhere."""
    return replace(
        phase,
        carrier=phase.carrier + by if phase.carrier != FREE else FREE,
        partner=phase.partner + by if phase.partner != FREE else FREE,
    )
