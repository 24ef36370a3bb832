"""Spot the difference: of two pictures, or of two moments of a video."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from assistant.differences import AFTER, BEFORE, joined
from assistant.teaching.lesson import Lesson
from assistant.teaching.naming import Style
from assistant.teaching.samples import Statement, Turn, told
from assistant.timed_programs import Changed, Frames
from scenegraph import SceneGraph
from scenegraph.spans import Span

MOST = 4
"""Differences of one sort that an answer lists."""


@dataclass(frozen=True)
class Moment:
    """One of the two pictures: its frame, and how a clause about it is read back."""

    frame: int
    read: str

    @property
    def window(self) -> Frames:
        """The frame as a window."""
        return Frames(self.frame, self.frame + 1)


def of_pictures(before: SceneGraph, after: SceneGraph, random: Random, style: Style, min_score: float) -> Lesson:
    """A lesson about two graphs as two moments of one."""
    return Lesson(joined(before, after), random, style=style, min_score=min_score)


def of_joined(lesson: Lesson) -> Iterator[Turn]:
    """What differs between two pictures that were joined."""
    assert (BEFORE.start, AFTER.start) == (0, 1)
    yield from differences(lesson, Moment(0, "at the start"), Moment(1, "at the end"))


def of_moments(lesson: Lesson) -> Iterator[Turn]:
    """What differs between two frames of a video, shown as two pictures."""
    last = lesson.graph.source.num_frames
    if last > 3:
        first, second = sorted(lesson.random.sample(range(last), 2))
        yield from differences(lesson, Moment(first, f"in frame {first}"), Moment(second, f"in frame {second}"))


def differences(lesson: Lesson, first: Moment, second: Moment) -> Iterator[Turn]:
    """One turn that lists what only one of two moments shows."""
    program = Changed(first.window, second.window)
    outcome = lesson.answered(program)
    if outcome is None or outcome.change is None:
        return
    proof = lesson.computed("the change", program)
    only_first = [_in(lesson, at, first) for at in outcome.change.ended[:MOST]]
    only_second = [_in(lesson, at, second) for at in outcome.change.begun[:MOST]]
    gone = _nodes(lesson, outcome.change.gone[:MOST], program, "only the first picture shows")
    new = _nodes(lesson, outcome.change.appeared[:MOST], program, "only the second picture shows")
    kept = [[each for each in part if each is not None] for part in (gone, new, only_first, only_second)]
    leads = ("", "", "Only in the first picture,", "Only in the second picture,")
    parts = [told(lead, part) for lead, part in zip(leads, kept, strict=True) if part]
    statements = [statement for part in kept for statement in part]
    if proof is not None and parts:
        yield lesson.turn("difference", " ".join(parts), statements, program)


def _in(lesson: Lesson, relation: int, moment: Moment) -> Statement | None:
    """A relation that holds at a moment, told without the moment and read back with it."""
    proven = lesson.fact(relation, moment.read, Span(moment.frame, moment.frame + 1))
    if proven is None:
        return None
    text = proven.text.removesuffix(moment.read).strip()
    return Statement(text, proven.read, proven.program, proven.result, proven.ends)


def _nodes(lesson: Lesson, nodes: tuple[int, ...], program: Changed, words: str) -> list[Statement]:
    """Which nodes only one of them shows; the whole change is what proves it."""
    if not nodes:
        return []
    statement = lesson.computed(f"{words} {_listed([lesson.name(node) for node in nodes])}", program)
    return [] if statement is None else [statement]


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
