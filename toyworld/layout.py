"""Puts groups on the ground so that everything can be seen and no relation is a matter of opinion."""

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf, pi
from random import Random

from toyworld import rules
from toyworld.entities import FREE, HALF_SIZE, Coat, Entity, State, dress, make
from toyworld.ground import GRASS, ROAD, SAND, SEA, Ground, Strip
from toyworld.relations import Moment, ground_end
from toyworld.rules import Spot, Verdict
from toyworld.stories import STORIES, Group, Story, company
from toyworld.views import View

NEAREST, FARTHEST = 5.4, 9.8
"""Metres from the camera between which things stand; trees stand behind."""

TRIES = 22
"""Places tried for a group before it is given up."""

Box = tuple[float, float, float, float]


@dataclass
class Layout:
    """A world at one moment. `group_of[i]` is the group of entity i; they come and go together."""

    ground: Ground
    view: View
    entities: list[Entity] = field(default_factory=list)
    states: list[State] = field(default_factory=list)
    coats: list[Coat] = field(default_factory=list)
    group_of: list[int] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    spots: list[Spot] = field(default_factory=list)
    aways: list[float] = field(default_factory=list)
    grounded: list[bool] = field(default_factory=list)


COMPANY: dict[str, float] = {
    "bench": 0.8,
    "table": 0.8,
    "horse": 0.7,
    "car": 0.8,
    "person": 0.45,
    "child": 0.45,
    "dog": 0.3,
}
"""How often the first of a group gets company, if there is room."""


def still(random: Random, size: tuple[int, int]) -> Layout:
    """A world for one picture."""
    height = random.uniform(3.0, 3.7)
    layout = Layout(make_ground(random), View(0.0, 0.0, height, pi / 2, random.uniform(0.24, 0.30), size))
    wanted = random.choices((5, 6, 7, 8), (20, 30, 30, 20))[0]
    stories, bounds = list(STORIES), list(accumulate(STORIES.values()))
    for number in range(wanted):
        story = stories[bisect(bounds, random.random() * bounds[-1])]
        first = len(layout.entities)
        if settle(layout, story, random, number):
            chance = COMPANY.get(layout.entities[first].kind, 0.0)
            while random.random() < chance:
                chance *= 0.5
                join(layout, first, random, number)
    for number in range(random.choices((0, 1, 2, 3), (15, 30, 35, 20))[0]):
        away = random.uniform(FARTHEST + 1.8, FARTHEST + 5.5)
        tree = State(random.uniform(-0.5, 0.5) * away, away, 0.0, random.uniform(0, 2 * pi))
        if layout.ground.around(tree.x, tree.y, 0.4) in (GRASS, SAND):
            _admit(layout, [make("tree", random)], [tree], wanted + number, random)
    return layout


def make_ground(random: Random) -> Ground:
    """Grass or sand, perhaps a patch of the other, a road, the sea at the far end."""
    base, other = (GRASS, SAND) if random.random() < 0.6 else (SAND, GRASS)
    strips = []
    if random.random() < 0.55:
        angle = random.choice(
            (random.uniform(-0.6, 0.6), pi + random.uniform(-0.6, 0.6), pi / 2 + random.uniform(-0.2, 0.2))
        )
        low = random.uniform(7.0, 9.0) if abs(angle - pi / 2) < 0.3 else random.uniform(-1.5, 1.5)
        strips.append(Strip(other, angle, low, inf))
    if random.random() < 0.3:
        strips.append(Strip(SEA, pi / 2 + random.uniform(-0.12, 0.12), random.uniform(13.0, 18.0), inf))
    if random.random() < 0.62:
        if random.random() < 0.7:
            angle, low = pi / 2 + random.uniform(-0.15, 0.15), random.uniform(6.0, 9.5)
        else:
            angle = random.uniform(-0.45, 0.45)
            low = random.uniform(-2.5, 1.0)
        strips.append(Strip(ROAD, angle, low, low + random.uniform(2.4, 3.0)))
    return Ground(base, tuple(strips))


def settle(layout: Layout, story: Story, random: Random, number: int) -> bool:
    """Try places for a story until one is clear; whether one was found."""
    for _ in range(TRIES):
        away = NEAREST + (FARTHEST - NEAREST) * random.random() ** 0.8
        right = random.uniform(-0.42, 0.42) * away * layout.view.size[1] / layout.view.focal
        if _crowded(layout, right, away):
            continue
        group = story(random, right, away, layout.ground)
        if _clear(layout, group, number):
            _admit(layout, group.entities, group.states, number, random)
            return True
    return False


def join(layout: Layout, first: int, random: Random, number: int) -> bool:
    """Try to bring company to an entity that is there; whether there was room."""
    for _ in range(TRIES):
        entity, state = company(random, layout.entities[first], layout.states[first])
        if _clear(layout, Group([entity], [state]), number):
            _admit(layout, [entity], [state], number, random)
            return True
    return False


def _crowded(layout: Layout, right: float, away: float) -> bool:
    """A quick look: is there room for the body of a person?"""
    scale = layout.view.focal / away
    middle, foot = layout.view.centre[0] + right * scale, layout.view.horizon + layout.view.height * scale
    box = (middle - 0.3 * scale, foot - 1.2 * scale, middle + 0.3 * scale, foot)
    return any(
        not _apart(box, away, True, *other) for other in zip(layout.boxes, layout.aways, layout.grounded, strict=True)
    )


def _admit(layout: Layout, entities: Sequence[Entity], states: Sequence[State], number: int, random: Random) -> None:
    first = len(layout.entities)
    for entity, state in zip(entities, states, strict=True):
        if state.carrier != FREE:
            state.carrier += first
        if state.partner != FREE:
            state.partner += first
        layout.entities.append(entity)
        layout.states.append(state)
        layout.coats.append(dress(entity.kind, random))
        layout.group_of.append(number)
        layout.boxes.append(picture_box(entity, state, layout.view))
        layout.spots.append(rules.spot_of(entity, state, layout.view))
        layout.aways.append(state.y)
        layout.grounded.append(state.carrier == FREE)


def picture_box(entity: Entity, state: State, view: View) -> Box:
    """The box that an entity roughly covers on the picture, xyxy pixels."""
    spot = rules.spot_of(entity, state, view)
    tall = HALF_SIZE[entity.kind][2] * entity.scale * {"lie": 0.35, "squat": 0.6, "sit": 0.6}.get(state.activity, 1.0)
    scale = view.focal / spot.away
    middle = view.centre[0] + spot.right * scale
    foot = view.horizon + (view.height - state.z) * scale
    return middle - spot.half_right * scale, foot - tall * scale, middle + spot.half_right * scale, foot


def _clear(layout: Layout, group: Group, number: int) -> bool:
    """Whether newcomers fit: inside the picture, apart from the other groups, every rule decided."""
    view = layout.view
    height, width = view.size
    boxes = [picture_box(entity, state, view) for entity, state in zip(group.entities, group.states, strict=True)]
    for (x1, y1, x2, y2), state in zip(boxes, group.states, strict=True):
        out = 0.12 * (x2 - x1)
        if x1 < -out or x2 > width - 1 + out or y2 > height + 1 or y1 < 0 or state.y < NEAREST - 0.4:
            return False
    there = list(zip(layout.boxes, layout.aways, layout.grounded, layout.group_of, strict=True))
    for box, state in zip(boxes, group.states, strict=True):
        grounded = state.carrier == FREE
        for other, away, other_grounded, other_number in there:
            if other_number != number and not _apart(box, state.y, grounded, other, away, other_grounded):
                return False
    own = [position for position, other_number in enumerate(layout.group_of) if other_number == number]
    entities = [layout.entities[position] for position in own] + group.entities
    first = own[0] if own else 0
    states = [_shifted(layout.states[position], -first) for position in own] + group.states
    moment = Moment(entities, states, layout.ground, view)
    facts, unclear = moment.facts()
    if unclear or any(fact.object == ground_end(SEA) for fact in facts):
        return False
    return _decided(layout, moment, number, len(own))


def _shifted(state: State, by: int) -> State:
    if state.carrier == FREE and state.partner == FREE:
        return state
    carrier = state.carrier + by if state.carrier != FREE else FREE
    return state.moved(carrier=carrier, partner=state.partner + by if state.partner != FREE else FREE)


def _apart(box: Box, away: float, grounded: bool, other: Box, other_away: float, other_grounded: bool) -> bool:
    """Boxes of different groups may not overlap, unless the nearer clearly hides a part of the farther."""
    wide = min(box[2], other[2]) - max(box[0], other[0])
    high = min(box[3], other[3]) - max(box[1], other[1])
    if wide <= 0 or high <= 0:
        return True
    far = box if away > other_away else other
    share = wide * high / max((far[2] - far[0]) * (far[3] - far[1]), 1.0)
    if not (grounded and other_grounded):
        return share < 0.35
    return 0.22 < share < 0.6 and abs(away - other_away) > 0.9


def _decided(layout: Layout, moment: Moment, number: int, old: int) -> bool:
    """Whether every rule between newcomers and other groups is clear, whichever way."""
    there = [
        (position, layout.states[position], layout.spots[position])
        for position, other_number in enumerate(layout.group_of)
        if other_number != number and layout.entities[position].kind != "tree"
    ]
    for state, spot in zip(moment.states[old:], moment.spots[old:], strict=True):
        for _, other_state, other in there:
            for first, second in ((spot, other), (other, spot)):
                if rules.neighbours(first, second)[1] is Verdict.UNCLEAR:
                    return False
            for (who, at), whom in (((state, spot), (0, other_state, other)), ((other_state, other), (0, state, spot))):
                for rule in (rules.gaze, rules.chase):
                    if rule(who, at, [whom], layout.view)[1] is Verdict.UNCLEAR:
                        return False
    return True
