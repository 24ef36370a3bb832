"""Puts groups on the ground so that everything can be seen and no relation is a matter of opinion."""

from bisect import bisect
from dataclasses import dataclass, field
from itertools import accumulate
from math import inf, pi
from random import Random

from toyworld import rules
from toyworld.entities import FREE, HALF_SIZE, Coat, Entity, State, dress, make
from toyworld.ground import GRASS, ROAD, SAND, SEA, Ground, Strip
from toyworld.relations import Moment, ground_end
from toyworld.rules import Spot, Verdict
from toyworld.stories import STORIES, Story, company
from toyworld.views import View

NEAREST, FARTHEST = 5.6, 10.0
"""Metres from the camera between which things stand; trees stand behind."""

FULL = 10
"""Things in a picture from which on no further group is tried: there is hardly room, and much would be hidden."""

TRIES = 26
"""Places tried for a group before it is given up."""

Box = tuple[float, float, float, float]


@dataclass(eq=False, slots=True)
class Member:
    """An entity in its place; `group` is the story that it belongs to, `box` roughly what it covers, xyxy pixels."""

    entity: Entity
    state: State
    group: int
    spot: Spot
    box: Box
    coat: Coat | None = None


@dataclass
class Layout:
    """A world at one moment; entities are known by their position in `members`."""

    ground: Ground
    view: View
    members: list[Member] = field(default_factory=list)

    @property
    def entities(self) -> list[Entity]:
        """The entities alone."""
        return [member.entity for member in self.members]

    @property
    def states(self) -> list[State]:
        """Their states alone."""
        return [member.state for member in self.members]


COMPANY: dict[str, float] = {
    **{"bench": 0.85, "table": 0.85, "horse": 0.75, "car": 0.85},
    **{"person": 0.45, "child": 0.45, "dog": 0.3},
}
"""How often the first of a group gets company, if there is room; another one less often."""


def still(random: Random, size: tuple[int, int]) -> Layout:
    """A world for one picture."""
    height = random.uniform(3.0, 3.7)
    layout = Layout(make_ground(random), View(0.0, 0.0, height, pi / 2, random.uniform(0.24, 0.30), size))
    wanted = random.choices((6, 7, 8, 9), (20, 30, 30, 20))[0]
    stories, bounds = list(STORIES), list(accumulate(STORIES.values()))
    for number in range(wanted):
        if len(layout.members) >= FULL:
            break
        story = stories[bisect(bounds, random.random() * bounds[-1])]
        first = len(layout.members)
        if settle(layout, story, random, number):
            chance = COMPANY.get(layout.members[first].entity.kind, 0.0)
            while random.random() < chance:
                chance *= 0.6
                join(layout, first, random)
    for number in range(random.choices((0, 1, 2, 3), (15, 30, 35, 20))[0]):
        away = random.uniform(FARTHEST + 1.8, FARTHEST + 5.5)
        tree = State(random.uniform(-0.5, 0.5) * away, away, 0.0, random.uniform(0, 2 * pi))
        if layout.ground.around(tree.x, tree.y, 0.4) in (GRASS, SAND):
            _admit(layout, [_member(make("tree", random), tree, wanted + number, layout.view)], random)
    return layout


def make_ground(random: Random) -> Ground:
    """Grass or sand, perhaps a patch of the other, a road, the sea at the far end."""
    base, other = (GRASS, SAND) if random.random() < 0.6 else (SAND, GRASS)
    strips = []
    if random.random() < 0.7:
        angle = random.choice(
            (random.uniform(-0.6, 0.6), pi + random.uniform(-0.6, 0.6), pi / 2 + random.uniform(-0.2, 0.2))
        )
        low = random.uniform(7.0, 9.0) if abs(angle - pi / 2) < 0.3 else random.uniform(-1.5, 1.5)
        strips.append(Strip(other, angle, low, inf))
    if random.random() < 0.3:
        strips.append(Strip(SEA, pi / 2 + random.uniform(-0.12, 0.12), random.uniform(13.0, 18.0), inf))
    if random.random() < 0.7:
        if random.random() < 0.7:
            angle, low = pi / 2 + random.uniform(-0.15, 0.15), random.uniform(6.0, 9.5)
        else:
            angle = random.uniform(-0.45, 0.45)
            low = random.uniform(-2.5, 1.0)
        strips.append(Strip(ROAD, angle, low, low + random.uniform(2.4, 3.0)))
    return Ground(base, tuple(strips))


def settle(layout: Layout, story: Story, random: Random, number: int) -> bool:
    """Try places for a story until one is clear; whether one was found."""
    view = layout.view
    for _ in range(TRIES):
        away = NEAREST + (FARTHEST - NEAREST) * random.random() ** 0.8
        right = random.uniform(-0.42, 0.42) * away * view.size[1] / view.focal
        if _crowded(layout, right, away):
            continue
        group = story(random, right, away, layout.ground)
        newcomers = [
            _member(entity, state, number, view) for entity, state in zip(group.entities, group.states, strict=True)
        ]
        if _fits(layout, newcomers):
            _admit(layout, newcomers, random)
            return True
    return False


def join(layout: Layout, first: int, random: Random) -> bool:
    """Try to bring company to a member; whether there was room."""
    host = layout.members[first]
    for _ in range(TRIES):
        entity, state = company(random, host.entity, host.state)
        newcomer = _member(entity, state, host.group, layout.view)
        if _fits(layout, [newcomer]):
            _admit(layout, [newcomer], random)
            return True
    return False


def _member(entity: Entity, state: State, group: int, view: View) -> Member:
    spot = rules.spot_of(entity, state, view)
    tall = HALF_SIZE[entity.kind][2] * entity.scale * _TALL.get(state.activity, 1.0)
    scale = view.focal / spot.away
    middle = view.centre[0] + spot.right * scale
    foot = view.horizon + (view.height - state.z) * scale
    half = spot.half_right * scale
    return Member(entity, state, group, spot, (middle - half, foot - tall * scale, middle + half, foot))


_TALL = {"lie": 0.35, "squat": 0.6, "sit": 0.6}
"""Height in a pose, over the height when standing."""


def _crowded(layout: Layout, right: float, away: float) -> bool:
    """A quick look before a story is made: is there room for the body of a person?"""
    scale = layout.view.focal / away
    middle, foot = layout.view.centre[0] + right * scale, layout.view.horizon + layout.view.height * scale
    x1, y1, x2 = middle - 0.3 * scale, foot - 1.2 * scale, middle + 0.3 * scale
    for member in layout.members:
        left, top, end, low = member.box
        if x2 > left and x1 < end and foot > top and y1 < low:
            spot = Spot("person", right, away, 0.3, 0.3, True)
            if not _apart(spot, (x1, y1, x2, foot), member.spot, member.box):
                return True
    return False


def _admit(layout: Layout, newcomers: list[Member], random: Random) -> None:
    """Take newcomers in; from now on their carriers and partners are positions in the layout."""
    first = len(layout.members)
    for member in newcomers:
        if member.state.carrier != FREE:
            member.state.carrier += first
        if member.state.partner != FREE:
            member.state.partner += first
        member.coat = dress(member.entity.kind, random)
        layout.members.append(member)


def _fits(layout: Layout, newcomers: list[Member]) -> bool:
    """Whether newcomers fit: inside the picture, apart from the other groups, every rule decided."""
    height, width = layout.view.size
    for member in newcomers:
        x1, y1, x2, y2 = member.box
        out = 0.12 * (x2 - x1)
        if x1 < -out or x2 > width - 1 + out or y2 > height + 1 or y1 < 0 or member.spot.away < NEAREST - 0.4:
            return False
    number = newcomers[0].group
    others = [member for member in layout.members if member.group != number]
    for member in newcomers:
        for other in others:
            if not _apart(member.spot, member.box, other.spot, other.box):
                return False
    first = next((position for position, member in enumerate(layout.members) if member.group == number), 0)
    own = [member for member in layout.members if member.group == number]
    states = [_shifted(member.state, -first) for member in own] + [member.state for member in newcomers]
    moment = Moment([member.entity for member in (*own, *newcomers)], states, layout.ground, layout.view)
    facts, unclear = moment.facts()
    if unclear or any(fact.object == ground_end(SEA) for fact in facts):
        return False
    return all(_decided(member, other, layout.view) for member in newcomers for other in others)


def _shifted(state: State, by: int) -> State:
    """A state whose carrier and partner count from elsewhere."""
    if state.carrier == FREE and state.partner == FREE:
        return state
    carrier = state.carrier + by if state.carrier != FREE else FREE
    return state.moved(carrier=carrier, partner=state.partner + by if state.partner != FREE else FREE)


def _apart(spot: Spot, box: Box, other: Spot, other_box: Box) -> bool:
    """Boxes of different groups may not overlap, unless the nearer clearly hides a part of the farther."""
    x1, y1, x2, y2 = box
    left, top, right, low = other_box
    if x2 <= left or right <= x1 or y2 <= top or low <= y1:
        return True
    wide, high = min(x2, right) - max(x1, left), min(y2, low) - max(y1, top)
    far = box if spot.away > other.away else other_box
    share = wide * high / max((far[2] - far[0]) * (far[3] - far[1]), 1.0)
    if not (spot.grounded and other.grounded):
        return share < 0.35
    return 0.28 < share < 0.6 and abs(spot.away - other.away) > 0.9


def _decided(member: Member, other: Member, view: View) -> bool:
    """Whether every rule between two of different groups is clear, whichever way."""
    if other.entity.kind == "tree":
        return True
    for first, second in ((member, other), (other, member)):
        if rules.near(first.spot, second.spot) and rules.neighbours(first.spot, second.spot)[1] is Verdict.UNCLEAR:
            return False
        for predicate, rule in (("looking at", rules.gaze), ("chasing", rules.chase)):
            if not rules.attends(predicate, first.spot, first.state):
                continue
            if rule(first.state, first.spot, [(0, second.state, second.spot)], view)[1] is Verdict.UNCLEAR:
                return False
    return True
