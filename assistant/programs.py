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

from assistant.bounded_steps import Exceeding, ManyRelated, Measuring
from assistant.measured_programs import (
    Bearing,
    Compare,
    CompareCounts,
    CompareDistances,
    Coordinates,
    Distance,
    IsInSpace,
    Measure,
)
from assistant.steps import (
    Called,
    Direction,
    Event,
    Except,
    Extreme,
    Find,
    Having,
    InBetween,
    InPicture,
    InSpace,
    Intersection,
    MostRelated,
    Moved,
    Nearest,
    Nodes,
    Part,
    Pick,
    Placed,
    Predicate,
    Question,
    Related,
    Sharing,
    Step,
    Superlative,
    The,
    Union,
    Within,
    YesNoQuestion,
    walk,
)
from assistant.timed_programs import (
    After,
    Allen,
    AllenOf,
    Always,
    Amid,
    Before,
    Changed,
    During,
    Edge,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Occurrence,
    Seconds,
    Seen,
    TimeBetween,
    When,
    While,
    inner,
)

Author = Literal["parser", "language model", "caller"]


@dataclass(frozen=True)
class Exists(YesNoQuestion):
    """Is there such a node?"""

    nodes: Nodes


@dataclass(frozen=True)
class Count(Question):
    """How many such nodes are there?"""

    nodes: Nodes


@dataclass(frozen=True)
class CountIs(YesNoQuestion):
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
class IsA(YesNoQuestion):
    """Is the node of one of these categories?"""

    nodes: Nodes
    categories: tuple[str, ...]
    word: str = field(default="", compare=False)


@dataclass(frozen=True)
class HasAttribute(YesNoQuestion):
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
class Not(YesNoQuestion):
    """The opposite of a yes/no question."""

    question: Question


@dataclass(frozen=True)
class AllOf(YesNoQuestion):
    """Several yes/no questions that must all hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class AnyOf(YesNoQuestion):
    """Several yes/no questions of which one must hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class ExactlyOneOf(YesNoQuestion):
    """Several yes/no questions of which exactly one must hold."""

    questions: tuple[Question, ...]


@dataclass(frozen=True)
class Alike(YesNoQuestion):
    """Have all of the nodes the same value of an attribute (all different values)? "kind" is the category."""

    nodes: Nodes
    attribute: str
    different: bool = False


@dataclass(frozen=True)
class Common(Question):
    """Which attribute values, the kind among them, do all of the nodes share?"""

    nodes: Nodes


@dataclass(frozen=True)
class ChooseValue(Question):
    """Which of these values does an attribute of the node have?"""

    nodes: Nodes
    values: tuple[str, ...]
    attribute: str | None = None


@dataclass(frozen=True)
class ChoosePart(Question):
    """In which of these parts of the picture does the node lie?"""

    nodes: Nodes
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Choose(Question):
    """Multiple choice: which of these texts is the answer to the question?"""

    question: Question
    options: tuple[str, ...]


@dataclass(frozen=True)
class MoreBy(Question):
    """By how much is the first number (a count, a duration, how often) larger than the second?"""

    first: Question
    second: Question


@dataclass(frozen=True)
class Path(Question):
    """Over which shortest chain of relations, read in either direction, are these nodes tied to those?"""

    nodes: Nodes
    others: Nodes


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
    *(Find, Pick, The, Called, Having, Related, Placed, Extreme, InPicture, Sharing),
    *(Union, Intersection, Except),
    *(Superlative, Measuring, Exceeding, MostRelated, ManyRelated, Nearest, Within, InSpace, InBetween, Moved),
    *(Exists, Count, CountIs, Which, Holds, IsPlaced, IsA, HasAttribute, AttributeOf, ChooseValue, Alike, Common),
    *(ChoosePart,),
    *(Doing, Locate, Between, Path, Describe, Summarise, Not, AllOf, AnyOf, ExactlyOneOf, MoreBy, Choose),
    *(Measure, Distance, Coordinates, Bearing, Compare, CompareDistances, CompareCounts, IsInSpace),
    *(Seen, Always, When, HowLong, HowOften, First, Longest, Allen, AllenOf, TimeBetween, Happens, Changed, During),
    *(Frames, Seconds, Edge, Before, After, While, Occurrence, Amid),
)
"""Every operation: what `program_json` reads and what the JSON Schema for language models lists."""
BY_OPERATION: dict[str, type[Step]] = {step.operation(): step for step in STEPS}


def kind_of(question: Question) -> type[Question]:
    """What is asked, whatever the stretch of time; of a difference, what it is the difference of."""
    while isinstance(question, During | MoreBy):
        question = question.question if isinstance(question, During) else question.first
    return type(question)


def asks_yes_or_no(question: Question) -> bool:
    """Whether a question is answered by yes or no."""
    return isinstance(inner(question), YesNoQuestion)


def rests_on_absence(step: Step) -> bool:
    """Whether nodes are left out because of relations or attributes, which a graph may lack.

    >>> rests_on_absence(Except(Find(("dog",)), Pick((3,))))
    False
    """
    open_steps = (Related, Having, Sharing, Called, MostRelated, ManyRelated)
    return any(
        isinstance(found, Except) and any(isinstance(left_out, open_steps) for left_out in walk(found.others))
        for found in walk(step)
    )
