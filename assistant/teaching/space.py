"""Templates in metres, for graphs that hold positions: (lesson) -> turns."""

from collections.abc import Iterator
from math import ceil

from assistant.measured_programs import Compare, Distance, IsInSpace, Measure
from assistant.programs import Which
from assistant.steps import Except, Find, Nearest, Pick, Quantity, Within
from assistant.teaching.lesson import Lesson
from assistant.teaching.pictures import YES
from assistant.teaching.samples import Turn, told

_SIZES: tuple[tuple[Quantity, str], ...] = (("height", "high"), ("width", "wide"), ("depth", "deep"))
_PAIRS = 8
"""Pairs that one template draws from a graph."""


def _pairs(lesson: Lesson) -> Iterator[tuple[int, int]]:
    nodes = lesson.nodes()
    for _ in range(_PAIRS if len(nodes) > 1 else 0):
        first, second = lesson.random.sample(nodes, 2)
        yield first, second


def distance(lesson: Lesson) -> Iterator[Turn]:
    """How far is the dog from the ball?"""
    for first, second in _pairs(lesson):
        program = Distance(Pick((first,)), Pick((second,)))
        outcome = lesson.answered(program)
        if outcome is None or len(outcome.measures) != 1:
            continue
        value = outcome.measures[0].value
        pair = lesson.name(first), lesson.name(second)
        forms = (
            f"{pair[0]} is {value:.1f} m away from {pair[1]}",
            f"the distance between {pair[0]} and {pair[1]} is {value:.1f} m",
            f"there are {value:.1f} metres between {pair[0]} and {pair[1]}",
        )
        statement = lesson.computed(lesson.random.choice(forms), program)
        bound = lesson.said(f"{pair[0]} is within {_above(value)} metres of {pair[1]}")
        if statement is not None and bound is not None:
            answer = told(lesson.random.choice(("", "", "About that:", "On average,")), [statement])
            yield lesson.turn("distance", answer, [statement, bound], program, S=pair[0], O=pair[1])


def _above(value: float) -> str:
    """The next tenth of a metre."""
    return f"{ceil(value * 10 + 1e-6) / 10:.1f}"


def camera_distance(lesson: Lesson) -> Iterator[Turn]:
    """How far is the dog from the camera?"""
    for node in lesson.shuffled(lesson.nodes()):
        program = Measure(Pick((node,)), "distance")
        outcome = lesson.answered(program)
        if outcome is not None and len(outcome.measures) == 1:
            value, name = outcome.measures[0].value, lesson.name(node)
            forms = (f"{name} is {value:.1f} m away from the camera", f"it is {value:.1f} metres to {name}")
            statement = lesson.computed(lesson.random.choice(forms), program)
            if statement is not None:
                yield lesson.turn("camera distance", told("", [statement]), [statement], program, S=name)


def nearer(lesson: Lesson) -> Iterator[Turn]:
    """Which is nearer to the camera?"""
    for first, second in _pairs(lesson):
        program = Compare(Pick((first,)), "distance", "less", Pick((second,)))
        if lesson.answered(program) is None:
            continue
        pair = lesson.name(first), lesson.name(second)
        statement = lesson.said(f"{pair[0]} is nearer to the camera than {pair[1]}") or lesson.said(
            f"{pair[1]} is nearer to the camera than {pair[0]}"
        )
        if statement is not None:
            yield lesson.turn("nearer", told("", [statement]), [statement], program, S=pair[0], O=pair[1])


def nearest(lesson: Lesson) -> Iterator[Turn]:
    """What is nearest to the dog?"""
    things = tuple(sorted({lesson.category(node) for node in lesson.nodes()}))
    for node in lesson.shuffled(lesson.nodes()):
        program = Which(Nearest(Except(Find(things), Pick((node,))), Pick((node,))))
        outcome = lesson.answered(program)
        if outcome is None or len(outcome.nodes) != 1:
            continue
        name, other = lesson.name(node), lesson.name(outcome.nodes[0])
        statement = lesson.computed(f"{other} is the nearest to {name}", program)
        far = Distance(Pick((node,)), Pick(outcome.nodes))
        measured = lesson.answered(far)
        if statement is None or measured is None or len(measured.measures) != 1:
            continue
        value = lesson.computed(f"it is {measured.measures[0].value:.1f} m away", far)
        if value is not None:
            answer = f"{told('', [statement])} {told('', [value])}"
            yield lesson.turn("nearest", answer, [statement, value], program, S=name)


def within(lesson: Lesson) -> Iterator[Turn]:
    """Is the dog within 3 metres of the ball?"""
    for first, second in _pairs(lesson):
        outcome = lesson.answered(Distance(Pick((first,)), Pick((second,))))
        if outcome is None or len(outcome.measures) != 1:
            continue
        metres = float(ceil(outcome.measures[0].value) + lesson.random.randrange(3))
        pair = lesson.name(first), lesson.name(second)
        statement = lesson.said(f"{pair[0]} is within {metres:g} metres of {pair[1]}")
        if statement is not None:
            program = Which(Within(Pick((first,)), metres, Pick((second,))))
            answer = told(lesson.random.choice(YES), [statement])
            yield lesson.turn("within", answer, [statement], program, S=pair[0], O=pair[1], m=f"{metres:g}")


def in_front_or_behind(lesson: Lesson) -> Iterator[Turn]:
    """Is the dog in front of the ball or behind it?"""
    for first, second in _pairs(lesson):
        pair = lesson.name(first), lesson.name(second)
        for way in ("in front of", "behind"):
            program = IsInSpace(Pick((first,)), way, Pick((second,)))
            outcome = lesson.answered(program)
            if outcome is None or outcome.verdict != "supported":
                continue
            statement = lesson.computed(f"{pair[0]} is {way} {pair[1]}, as the camera sees it", program)
            if statement is not None:
                slots = {"S": pair[0], "O": pair[1]}
                yield lesson.turn("in front or behind", told("", [statement]), [statement], program, **slots)


def size(lesson: Lesson) -> Iterator[Turn]:
    """How high is the dog?"""
    for node in lesson.shuffled(lesson.nodes()):
        quantity, adjective = lesson.random.choice(_SIZES)
        program = Measure(Pick((node,)), quantity)
        outcome = lesson.answered(program)
        if outcome is None or len(outcome.measures) != 1:
            continue
        value, name = outcome.measures[0].value, lesson.name(node)
        forms = (f"{name} is {value:.1f} m {adjective}", f"the {quantity} of {name} is {value:.1f} m")
        statement = lesson.computed(lesson.random.choice(forms), program)
        if statement is not None:
            slots = {"S": name, "adjective": adjective, "quantity": quantity}
            yield lesson.turn("size", told("", [statement]), [statement], program, **slots)


FAMILIES = (distance, camera_distance, nearer, nearest, within, in_front_or_behind, size)
