"""Questions about time, and the steps that give a stretch of time.

An event is a yes/no question that holds in some frames: a relation, a placement, or a node being seen.
"""

from dataclasses import dataclass
from typing import Literal

from assistant.steps import Event, Find, Nodes, Question, Window, YesNoQuestion

# fmt: off
AllenRelation = Literal[
    "before", "after", "meets", "met by", "overlaps", "overlapped by", "starts", "started by",
    "during", "contains", "finishes", "finished by", "equals",
]
# fmt: on
"""The thirteen ways in which two spans can lie (Allen, Maintaining knowledge about temporal intervals, 1983)."""


ANY_NODES = Find(None)


@dataclass(frozen=True)
class Seen(Event):
    """Is one of the nodes seen?"""

    nodes: Nodes


@dataclass(frozen=True)
class Always(YesNoQuestion):
    """Does the event happen in every frame? Where one node is meant ("the dog"), it must be the same one throughout.

    Where several are meant ("the dogs"), each of them must be seen throughout.
    """

    event: Event


@dataclass(frozen=True)
class When(Question):
    """In which frames does the event happen?"""

    event: Event


@dataclass(frozen=True)
class HowLong(Question):
    """For how many frames does the event happen?"""

    event: Event


@dataclass(frozen=True)
class HowOften(Question):
    """In how many separate stretches of time does the event happen?"""

    event: Event


@dataclass(frozen=True)
class First(Question):
    """Which of the events begins first? With `last`: which ends last?"""

    events: tuple[Event, ...]
    last: bool = False


@dataclass(frozen=True)
class Longest(Question):
    """Which of the events takes most time? With `least`: which takes least?"""

    events: tuple[Event, ...]
    least: bool = False


@dataclass(frozen=True)
class Allen(YesNoQuestion):
    """Does a span of the first event lie like this to a span of the second?"""

    first: Event
    relation: AllenRelation
    second: Event


@dataclass(frozen=True)
class AllenOf(Question):
    """How does every span of the first event lie to every span of the second?"""

    first: Event
    second: Event


@dataclass(frozen=True)
class TimeBetween(Question):
    """How many frames pass from the first end of one event to the next beginning of another?"""

    first: Event
    second: Event


@dataclass(frozen=True)
class Happens(Question):
    """What happens (to these nodes): activities in the order in which they begin, or the first or last of them.

    First and last are told by the beginnings that lie in the stretch of time that is asked about; what
    went on before does not begin there, and is told only where nothing begins.
    """

    nodes: Nodes = ANY_NODES
    which: Literal["all", "first", "last"] = "all"


@dataclass(frozen=True)
class Changed(Question):
    """Which relations (of these nodes) and nodes are there in one stretch of time and not in the other?"""

    before: Window
    after: Window
    nodes: Nodes = ANY_NODES


@dataclass(frozen=True)
class During(Question):
    """A question asked of a stretch of time only."""

    question: Question
    window: Window


def inner(question: Question) -> Question:
    """A question without the stretch of time that it is asked of."""
    while isinstance(question, During):
        question = question.question
    return question


@dataclass(frozen=True)
class Frames(Window):
    """Frames start, ..., stop - 1; to the end of the source where stop is None."""

    start: int
    stop: int | None = None


@dataclass(frozen=True)
class Seconds(Window):
    """From start to stop in seconds; equal values mean that very moment.

    Where stop is None, to the end; a negative start is then counted from the end: the last so many seconds.
    """

    start: float
    stop: float | None = None


@dataclass(frozen=True)
class Edge(Window):
    """The first or the last moment of the source."""

    which: Literal["start", "end"]


@dataclass(frozen=True)
class Before(Window):
    """All time before the event first starts."""

    event: Event


@dataclass(frozen=True)
class After(Window):
    """All time after the event has ended for the last time."""

    event: Event


@dataclass(frozen=True)
class While(Window):
    """The time in which the event happens."""

    event: Event


@dataclass(frozen=True)
class Occurrence(Window):
    """The n-th time that the event happens, counted from 1; from the end where negative (-1 is the last)."""

    event: Event
    number: int


@dataclass(frozen=True)
class Amid(Window):
    """From the first end of one event to the next beginning of another."""

    first: Event
    second: Event
