"""The forms of English questions about places in metres: where from, what moved, what is between, whose view."""

from collections.abc import Iterator

from assistant.auxiliaries import BE
from assistant.camera import is_camera
from assistant.grammar import Phrases
from assistant.lexicon import Noun
from assistant.measured_programs import Bearing, IsInSpace, Measure
from assistant.programs import Which
from assistant.steps import Find, InBetween, InSpace, Nodes, Question, SpaceDirection, walk
from assistant.yes_no import Reading

_FROM = ("relative to", "in relation to", "with respect to", "as seen from", "seen from", "from")
_CAMERA = ("the camera", "the viewer", "the robot", "here", "me", "us")
_WHERE = ("where", "in which direction", "in what direction", "which way", "how far and in which direction")
_STARTED = ("from where it started", "from where it was first", "from where it began", "from its first place")
_SIDES: dict[str, SpaceDirection] = {
    **dict.fromkeys(("left of", "to the left of", "on the left of"), "left of"),
    **dict.fromkeys(("right of", "to the right of", "on the right of"), "right of"),
    **dict.fromkeys(("in front of", "before"), "in front of"),
    **dict.fromkeys(("behind", "in back of"), "behind"),
    **dict.fromkeys(("above", "higher than"), "above"),
    **dict.fromkeys(("below", "lower than"), "below"),
}


def space_views(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Every such question that starts at a word."""
    yield from _bearings(phrases, at)
    yield from _moves(phrases, at)
    yield from _betweens(phrases, at)
    for reading in _placed(phrases, at) if phrases.measured else ():
        if _only_measured(phrases, reading.question):
            yield Reading(reading.stop, reading.question, reading.cost - 0.3)


def _only_measured(phrases: Phrases, question: Question) -> bool:
    """Whether a question asks what is before or behind what, of a graph with metres but without such relations."""
    directions = {step.direction for step in walk(question) if isinstance(step, IsInSpace | InSpace)}
    verbs = [verb.predicate for way in directions & {"in front of", "behind"} for verb in phrases.verbs(way)]
    return bool(verbs) and not any(predicate.forward or predicate.converse for predicate in verbs)


def _bearings(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Where is the dog from the camera, relative to the car?"""
    start = phrases.after(at, _WHERE)
    if start is None or phrases.word(start) not in BE:
        return
    doing = phrases.tokens[-1].endswith("ing")  # "which way is it looking" asks what it does
    for thing in phrases.noun_phrases(start + 1):
        if phrases.word(at) != "where" and not doing:
            yield Reading(thing.stop, Bearing(thing.reference), thing.cost)
        for stop in phrases.literals(thing.stop, _FROM):
            for end in phrases.literals(stop, _CAMERA):
                yield Reading(end, Bearing(thing.reference), thing.cost - 0.1)
            for other in phrases.noun_phrases(stop):
                if is_camera(other.nodes):
                    continue
                yield Reading(other.stop, Bearing(thing.reference, other.reference), thing.cost + other.cost - 0.1)


def _moves(phrases: Phrases, at: int) -> Iterator[Reading]:
    """How far is the dog from where it started?"""
    far = phrases.literal(at, "how far")
    for thing in phrases.noun_phrases(far + 1) if far is not None and phrases.word(far) in BE else ():
        for stop in phrases.literals(thing.stop, _STARTED):
            yield Reading(stop, Measure(thing.reference, "displacement"), thing.cost - 0.1)


def _betweens(phrases: Phrases, at: int) -> Iterator[Reading]:
    """What is between the dog and the car?"""
    for start, nodes, cost in _asked(phrases, at):
        begin = start + 1 if phrases.word(start) in (*BE, "lies", "stands") else start
        for stop, first, second, more in _ends(phrases, begin):
            yield Reading(stop, Which(InBetween(nodes, first, second)), cost + more)


def _ends(phrases: Phrases, at: int) -> Iterator[tuple[int, Nodes, Nodes, float]]:
    if phrases.word(at) != "between":
        return
    for first in phrases.noun_phrases(at + 1):
        for second in phrases.noun_phrases(first.stop + 1) if phrases.word(first.stop) == "and" else ():
            if not is_camera(first.nodes) and not is_camera(second.nodes):
                yield second.stop, first.reference, second.reference, first.cost + second.cost + 0.1


def _placed(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Is the dog left of the car; who is behind the car: to be seen from somewhere."""
    for thing in phrases.noun_phrases(at + 1) if phrases.word(at) in BE else ():
        for stop, direction, others, cost in _sides(phrases, thing.stop):
            yield Reading(stop, IsInSpace(thing.reference, direction, others), thing.cost + cost)
    for start, nodes, cost in _asked(phrases, at):
        for stop, direction, others, more in _sides(phrases, start + 1) if phrases.word(start) in BE else ():
            yield Reading(stop, Which(InSpace(nodes, direction, others)), cost + more)


def _sides(phrases: Phrases, at: int) -> Iterator[tuple[int, SpaceDirection, Nodes, float]]:
    for stop, said in phrases.standing(at, _SIDES):
        for other in phrases.noun_phrases(stop):
            yield other.stop, _SIDES[said], other.reference, other.cost


def _asked(phrases: Phrases, at: int) -> Iterator[tuple[int, Nodes, float]]:
    """Who, what, which people: (place after it, the nodes that may be the answer, cost)."""
    word = phrases.word(at)
    if word == "who":
        for _, entry in phrases.lexicon.at(["person"], 0):
            if isinstance(entry, Noun):
                yield at + 1, Find(entry.categories, word="person"), 0.0
    if word == "what":
        yield at + 1, Find(None), 0.0
    if word in ("what", "which"):
        for phrase in phrases.cores(at + 1):
            if not phrase.definite:
                yield phrase.stop, phrase.nodes, phrase.cost
        for phrase in phrases.noun_phrases(at + 2) if phrases.word(at + 1) == "of" else ():
            if phrase.definite and phrase.plural:  # "which of the dogs"
                yield phrase.stop, phrase.nodes, phrase.cost - 0.1
