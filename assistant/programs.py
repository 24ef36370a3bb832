"""The typed program language that questions are turned into.

A program is a tree of frozen steps. Steps of kind `Nodes` give sets of nodes, steps of kind
`Question` give the answer, steps of kind `Window` give a stretch of time. Programs name categories and
predicates by their vocabulary names and nodes by id, so they can be stored, compared, run on another
graph, written by a language model and read by a person:

>>> rider = Related(Find(("person",)), Predicate(("riding",)), The(Find(("horse",))))
>>> Which(rider).line
'which(related(find(person), riding, the(find(horse))))'

Two steps are equal when they compute the same; how the asker worded them (`word`) does not count.
`program_json` holds the JSON form.
"""

from dataclasses import dataclass, field
from typing import Any, Literal

from assistant.steps import (
    Called,
    Direction,
    Event,
    Extreme,
    Find,
    Having,
    Nodes,
    Pick,
    Placed,
    Predicate,
    Question,
    Related,
    Step,
    The,
    Union,
    Window,
)

Author = Literal["parser", "language model", "caller"]


@dataclass(frozen=True)
class Exists(Question):
    """Is there such a node?"""

    nodes: Nodes


@dataclass(frozen=True)
class Count(Question):
    """How many such nodes are there?"""

    nodes: Nodes


@dataclass(frozen=True)
class CountIs(Question):
    """Are there that many such nodes (exactly, or at least)?"""

    nodes: Nodes
    number: int
    at_least: bool = False


@dataclass(frozen=True)
class Which(Question):
    """Who, what, which: which nodes are these?"""

    nodes: Nodes


@dataclass(frozen=True)
class Holds(Event):
    """Is one of the subjects in the relation to one of the objects? With `every`: are all subjects?"""

    subjects: Nodes
    predicate: Predicate
    objects: Nodes
    every: bool = False


@dataclass(frozen=True)
class IsPlaced(Event):
    """Does one of the nodes (every one of them) lie in that direction of one of the others?"""

    nodes: Nodes
    direction: Direction
    others: Nodes
    every: bool = False


@dataclass(frozen=True)
class IsA(Question):
    """Is the node of one of these categories?"""

    nodes: Nodes
    categories: tuple[str, ...]
    word: str = field(default="", compare=False)


@dataclass(frozen=True)
class HasAttribute(Question):
    """Does an attribute of the node have this value?"""

    nodes: Nodes
    value: str
    attribute: str | None = None


@dataclass(frozen=True)
class AttributeOf(Question):
    """What is the value of this attribute of the node?"""

    nodes: Nodes
    attribute: str


@dataclass(frozen=True)
class Doing(Question):
    """What are these nodes doing? Their relations as subject, activities first."""

    nodes: Nodes


@dataclass(frozen=True)
class Locate(Question):
    """Where are these nodes? Spatial relations first, then other relations, then the part of the picture."""

    nodes: Nodes


@dataclass(frozen=True)
class Between(Question):
    """Which relations join these nodes and those, in either direction?"""

    nodes: Nodes
    others: Nodes


@dataclass(frozen=True)
class Describe(Question):
    """What does the graph record of these nodes?"""

    nodes: Nodes


@dataclass(frozen=True)
class Summarise(Question):
    """What does the whole graph show?"""


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
class Not(Question):
    """The opposite of a yes/no question."""

    question: Question


@dataclass(frozen=True)
class AllOf(Question):
    """Several yes/no questions that must all hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class AnyOf(Question):
    """Several yes/no questions of which one must hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class During(Question):
    """A question asked of a stretch of time only."""

    question: Question
    window: Window


@dataclass(frozen=True)
class Frames(Window):
    """Frames start, ..., stop - 1; to the end of the source where stop is None."""

    start: int
    stop: int | None = None


@dataclass(frozen=True)
class Seconds(Window):
    """From start to stop in seconds, to the end where stop is None; equal values mean that very moment."""

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
class Program:
    """A question with who wrote it and the trace of its execution."""

    question: Question
    author: Author = "parser"
    trace: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The readable one-line form of the question."""
        return self.question.line

    def to_json(self) -> dict[str, Any]:
        """Author, one-line form, tree and trace as plain JSON values."""
        from assistant.program_json import to_json

        return {
            "author": self.author,
            "line": self.line,
            "tree": to_json(self.question),
            "trace": list(self.trace),
        }


STEPS: tuple[type[Step], ...] = (
    *(Find, Pick, The, Called, Having, Related, Placed, Extreme, Union),
    *(Exists, Count, CountIs, Which, Holds, IsPlaced, IsA, HasAttribute, AttributeOf),
    *(Doing, Locate, Between, Describe, Summarise, When, HowLong, HowOften, First, Not, AllOf, AnyOf, During),
    *(Frames, Seconds, Edge, Before, After, While),
)
"""Every operation: what `program_json` reads and what the JSON Schema for language models lists."""


def asks_yes_or_no(question: Question) -> bool:
    """Whether a question is answered by yes or no."""
    if isinstance(question, During):
        return asks_yes_or_no(question.question)
    return isinstance(question, Exists | CountIs | Holds | IsPlaced | IsA | HasAttribute | Not | AllOf | AnyOf)
