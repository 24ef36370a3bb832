"""What running a program gives: data only, no wording.

Any engine that runs programs gives an `Outcome`, so that engines can be compared and one module
(`wording`) can put every outcome into words.
"""

from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from assistant.answers import Reason, Status, Verdict
from assistant.steps import Direction, Part, Question, SpaceDirection, Step, View
from scenegraph.spans import Span, Spans


@dataclass(frozen=True)
class Failure:
    """The step that found nothing.

    `known` is False where the vocabulary has no such name at all, so that even a complete graph
    cannot tell; `presupposed` where the question takes the thing for granted ("the horse"). `measures`
    are those that are too close to a number to tell, or equal; `tied` are nodes (ids) that are equal, so that
    none of them has the rank that is asked for.
    """

    step: Step
    reason: Reason
    known: bool = True
    presupposed: bool = False
    measures: "tuple[Measured, ...]" = ()
    tied: tuple[int, ...] = ()


def first_failure(*failures: Failure | None) -> Failure | None:
    """The failure to tell of: what the question takes for granted comes before what it asks about."""
    found = [failure for failure in failures if failure is not None]
    return next((failure for failure in found if failure.presupposed), found[0] if found else None)


@dataclass(frozen=True)
class Option:
    """One of several nodes that may be meant, and the nodes that the answer would then be."""

    node: int
    answer: tuple[int, ...] = ()


class Sight(NamedTuple):
    """A direction in space, in a view."""

    direction: SpaceDirection
    view: View


class Spot(NamedTuple):
    """A part of the picture; with `outside`: all of the picture but it."""

    part: Part
    outside: bool = False


class Shared(NamedTuple):
    """A value of an attribute that two nodes have."""

    attribute: str
    value: str


class Halfway(NamedTuple):
    """Between the node of a placement and another one (by id), in the picture or in metres; with `apart`: not so."""

    other: int
    apart: bool = False
    pictured: bool = True


Placement = tuple[int, Direction | Sight | Spot | Shared | Halfway, int]
"""(node id, what ties it to the other, node id): a direction, a shared value; a spot, of one node that stands twice."""


class Measured(NamedTuple):
    """A quantity of a node, or between two nodes, with one standard deviation where it is known.

    `frames` are those that a quantity in metres rests on.
    """

    node: int
    other: int | None
    quantity: str
    value: float
    error: float | None = None
    frames: Spans = ()


class Change(NamedTuple):
    """Relations (positions) and nodes (ids) that came and went."""

    begun: tuple[int, ...] = ()
    ended: tuple[int, ...] = ()
    appeared: tuple[int, ...] = ()
    gone: tuple[int, ...] = ()


@dataclass(frozen=True)
class Timing:
    """When a pair of nodes is in the relation that was asked about."""

    subject: int
    object: int
    relations: tuple[int, ...]
    spans: Spans


@dataclass(frozen=True)
class Outcome:
    """The result of a question.

    Attributes:
        question: what was asked, without the stretch of time.
        status: answered, unanswerable or ambiguous.
        reason: why there is no answer.
        verdict: of a yes/no question; None for others.
        nodes: ids of the nodes that are the answer.
        relations: positions of the relations that the answer rests on, those that say it first.
        context: ids of further nodes that the answer rests on.
        number: of how many, how often.
        values: (node id, attribute, value) of attribute questions.
        placements: what follows from boxes, from positions in metres or from equal values.
        measures: quantities, with their errors.
        timings: when, for each pair.
        order: how spans of two events lie to each other.
        change: what came and went.
        options: what may be meant when ambiguous; in an answer, candidates that were passed over; what is tied.
        failure: the step that found nothing.
        searched: ids of the nodes among which it found nothing, where that settles the question.
        assumed: words that say more than the graph records.
        window: the frames that were asked about, None for the whole source.
        opposing: relations that contradict the question.
        parts: outcomes of the parts of a joint question.
        trace: what was executed, step by step.
    """

    question: Question
    status: Status
    reason: Reason | None = None
    verdict: Verdict | None = None
    nodes: tuple[int, ...] = ()
    relations: tuple[int, ...] = ()
    context: tuple[int, ...] = ()
    number: int | None = None
    values: tuple[tuple[int, str, Any], ...] = ()
    placements: tuple[Placement, ...] = ()
    measures: tuple[Measured, ...] = ()
    timings: tuple[Timing, ...] = ()
    order: tuple[tuple[Span, str, Span], ...] = ()
    change: Change | None = None
    options: tuple[Option, ...] = ()
    failure: Failure | None = None
    searched: tuple[int, ...] = ()
    assumed: tuple[str, ...] = ()
    window: Spans | None = None
    opposing: tuple[int, ...] = ()
    parts: "tuple[Outcome, ...]" = ()
    trace: tuple[str, ...] = field(default=(), compare=False)

    def with_(self, **changed: Any) -> "Outcome":
        """The same outcome but for some fields."""
        return replace(self, **changed)


def difference(question: Question, first: Outcome, second: Outcome) -> Outcome:
    """The outcome of one number less another; where one of them is not known, that is the outcome."""
    unknown = next((part for part in (first, second) if part.status is not Status.ANSWERED), None)
    if unknown is not None:
        return unknown.with_(question=question, number=None, parts=(first, second))
    gathered: dict[str, Any] = {
        name: tuple(dict.fromkeys((*getattr(first, name), *getattr(second, name))))
        for name in ("nodes", "relations", "context", "placements", "measures", "timings", "assumed")
    }
    number = (first.number or 0) - (second.number or 0)
    return Outcome(question, Status.ANSWERED, number=number, window=first.window, parts=(first, second), **gathered)
