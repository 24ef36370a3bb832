"""Questions in metres: how far, how tall, how fast, the distance between, the coordinates of."""

from collections.abc import Iterator

from assistant.auxiliaries import BE, DO
from assistant.camera import camera, is_camera
from assistant.dimensions import NOUNS, PATH, PLAIN
from assistant.grammar import Phrases
from assistant.likeness import pair
from assistant.measured_programs import Coordinates, Distance, Measure
from assistant.programs import AttributeOf
from assistant.readings import Reading
from assistant.steps import Nodes, Quantity, Question
from assistant.units import METRES

_FAR = (
    *("how far away", "how far", "how close", "how near", "how distant", "how many metres away", "how many metres"),
    *("how many meters away", "how many meters", "at what distance", "at which distance", "how many m"),
)
_DISTANCE = tuple(
    f"{opening}{noun}"
    for opening in (
        *("what is the ", "tell me the ", "give me the ", "measure the ", "compute the ", "estimate the ", "the "),
        *("what ", "which "),
    )
    for noun in ("distance", "separation", "gap", "shortest distance", "distance in metres", "distance in meters")
)
_APART = ("how far apart", "how many metres apart", "how many meters apart", "how close together", "how far away")
_AWAY = ("away", "away in metres", "in metres", "off", "from here", "away from here", "away from the camera")
_MOVES = ("moving", "going", "travelling", "traveling", "running", "driving", "walking", "flying", "now")
_COVERS = ("move", "travel", "go", "get", "walk", "run", "drive")
_CLOSE = ("how close", "how near")
_HOW_FAR = ("how far", "how many metres", "how many meters", "what distance", "which distance")
_NAMES_SIZE = ("what is the", "how much is the", "give me the", "tell me the", "measure the", "the")
_PIXELS = ("in pixels", "in the picture in pixels", "measured in pixels")
_IN_METRES = tuple(f"in {unit}" for unit in METRES)


def space_questions(phrases: Phrases, at: int, recorded: frozenset[str]) -> Iterator[Reading]:
    """Every question in metres that starts at a word."""
    yield from _distances(phrases, at)
    yield from _coordinates(phrases, at)
    yield from _sizes(phrases, at, recorded)
    yield from _ways(phrases, at)


def _distances(phrases: Phrases, at: int) -> Iterator[Reading]:
    for start, opening in phrases.standing(at, _FAR):
        several = opening in _CLOSE and any(thing.plural for thing in phrases.cores(start + 1))
        for reading in _far(phrases, start):
            if not several or isinstance(reading.question, Distance):  # "how close are the dogs": to each other
                yield reading
    for start in phrases.literals(at, _APART):
        for stop, first, second in pair(phrases, start + 1) if phrases.word(start) in BE else ():
            end = phrases.after(stop, ("from each other", "apart")) or stop
            yield Reading(end, Distance(first.reference, second.reference), first.cost + second.cost)
    for named in phrases.literals(at, _DISTANCE):
        start = phrases.literal(named, "is there") or named
        if phrases.word(start) in ("between", "from", "of", "to"):
            yield from _distance(phrases, start)


def _far(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(How far) is the dog from the car, from the car is the dog; (tell me how far) the dog is from the car."""
    for first in phrases.things(at + 1) if phrases.word(at) in BE else ():
        yield from _from_there(phrases, first.stop, first.reference, first.cost)
    for first in phrases.things(at):
        if phrases.word(first.stop) in BE:
            yield from _from_there(phrases, first.stop + 1, first.reference, first.cost)
    if phrases.word(at) != "from":
        return
    here = camera(phrases, at + 1)
    for thing in phrases.things(here + 1) if here is not None and phrases.word(here) in BE else ():
        yield Reading(thing.stop, Measure(thing.reference, "distance"), thing.cost)
    for other in phrases.things(at + 1):
        for thing in phrases.things(other.stop + 1) if phrases.word(other.stop) in BE else ():
            yield from _apart(thing.stop, thing.reference, other.reference, thing.cost + other.cost)


def _distance(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(The distance) between the dog and the car, from the camera to the car, of the car."""
    for stop, first, second in pair(phrases, at + 1):
        yield from _apart(stop, first.reference, second.reference, first.cost + second.cost)
    here = camera(phrases, at + 1)
    for thing in () if here is None or phrases.word(here) not in ("to", "and") else phrases.things(here + 1):
        yield Reading(thing.stop, Measure(thing.reference, "distance"), thing.cost)
    for first in phrases.things(at + 1):
        if phrases.word(first.stop) in ("to", "from", "and"):
            yield from _from_there(phrases, first.stop, first.reference, first.cost)
        elif phrases.word(at) in ("of", "to"):
            yield Reading(first.stop, Measure(first.reference, "distance"), first.cost)


def _from_there(phrases: Phrases, at: int, nodes: Nodes, cost: float) -> Iterator[Reading]:
    """(How far is the dog) away, from the camera, from the car."""
    start = at + 1 if phrases.word(at) == "away" else at
    yield Reading(start, Measure(nodes, "distance"), cost)
    for stop in phrases.literals(at, _AWAY):
        yield Reading(stop, Measure(nodes, "distance"), cost)
    if phrases.word(start) not in ("from", "to", "and"):
        return
    here = camera(phrases, start + 1)
    if here is not None:
        yield Reading(here, Measure(nodes, "distance"), cost)
    for second in phrases.things(start + 1):
        yield from _apart(second.stop, nodes, second.reference, cost + second.cost)


def _apart(stop: int, one: Nodes, other: Nodes, cost: float) -> Iterator[Reading]:
    """How far two things are from each other; the camera is none of the things."""
    if not is_camera(one) and not is_camera(other):
        yield Reading(stop, Distance(one, other), cost)


def _coordinates(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Where in space, in metres, is the dog?"""
    where = phrases.word(at) == "where" and phrases.word(at + 1) in BE
    for thing in phrases.things(at + 2) if where else ():
        for stop in phrases.literals(thing.stop, ("in space", "in 3 d", "in metres", "in meters", "in 3 d space")):
            yield Reading(stop, Coordinates(thing.reference), thing.cost)


def _sizes(phrases: Phrases, at: int, recorded: frozenset[str]) -> Iterator[Reading]:
    """How tall is the dog? What is the width of the car (in pixels)? How fast is the ball moving?"""
    if phrases.word(at) == "how" and phrases.word(at + 1) in PLAIN and phrases.word(at + 2) in BE:
        dimension = PLAIN[phrases.word(at + 1)]
        for thing in phrases.things(at + 3):
            moving = phrases.word(thing.stop) in _MOVES and dimension.solid == "speed"
            end = thing.stop + 1 if moving else thing.stop
            yield from _sized(phrases, end, thing.reference, dimension.solid, dimension.flat, thing.cost)
    for start in phrases.literals(at, _NAMES_SIZE):
        for stop, name in phrases.standing(start, NOUNS):
            for thing in phrases.things(stop + 1) if phrases.word(stop) == "of" and name != "distance" else ():
                if name in recorded:
                    yield Reading(thing.stop, AttributeOf(thing.reference, name), thing.cost - 0.1)
                yield from _sized(phrases, thing.stop, thing.reference, NOUNS[name].solid, NOUNS[name].flat, thing.cost)
    for start in phrases.literals(at, ("what is", "what was", "how much is", "how large is", "tell me", "give me")):
        for owner in phrases.things(start):
            for stop, name in phrases.standing(owner.stop + 1, NOUNS) if phrases.word(owner.stop) == "'s" else ():
                if name not in ("distance", *recorded):
                    nodes = owner.reference
                    yield from _sized(phrases, stop, nodes, NOUNS[name].solid, NOUNS[name].flat, owner.cost)


def _sized(
    phrases: Phrases, at: int, nodes: Nodes, solid: Quantity, flat: Quantity | None, cost: float
) -> Iterator[Reading]:
    measure: Question = Measure(nodes, solid)
    yield Reading(at, measure, cost - 0.05)
    for stop in phrases.literals(at, _IN_METRES):
        yield Reading(stop, measure, cost)
    if flat is not None:
        for stop in phrases.literals(at, _PIXELS):
            yield Reading(stop, Measure(nodes, flat), cost)


def _ways(phrases: Phrases, at: int) -> Iterator[Reading]:
    """How far does the ball travel?"""
    for start, opening in phrases.standing(at, _HOW_FAR):
        if phrases.word(start) not in DO:
            continue
        for thing in phrases.things(start + 1):
            covers = (*_COVERS, "cover") if "distance" in opening else _COVERS
            if phrases.word(thing.stop) in covers:
                yield Reading(thing.stop + 1, Measure(thing.reference, PATH.solid), thing.cost)
