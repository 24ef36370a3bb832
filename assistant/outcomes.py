"""What running a program gives: data only, no wording.

Any engine that runs programs gives an `Outcome`, so that engines can be compared and one module
(`wording`) can put every outcome into words.
"""

from dataclasses import dataclass, field
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.steps import Direction, Question, Step
from scenegraph.spans import Spans


@dataclass(frozen=True)
class Failure:
    """The step that found nothing.

    `known` is False where the vocabulary has no such name at all, so that even a complete graph
    cannot tell; `presupposed` where the question takes the thing for granted ("the horse").
    """

    step: Step
    reason: Reason
    known: bool = True
    presupposed: bool = False


def first_failure(*failures: Failure | None) -> Failure | None:
    """The failure to tell of: what the question takes for granted comes before what it asks about."""
    found = [failure for failure in failures if failure is not None]
    return next((failure for failure in found if failure.presupposed), found[0] if found else None)


@dataclass(frozen=True)
class Option:
    """One of several nodes that may be meant, and the nodes that the answer would then be."""

    node: int
    answer: tuple[int, ...] = ()


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
        placements: (node id, direction, node id) that follow from the boxes.
        timings: when, for each pair.
        options: what may be meant when ambiguous; in an answer, candidates that were passed over.
        failure: the step that found nothing.
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
    placements: tuple[tuple[int, Direction, int], ...] = ()
    timings: tuple[Timing, ...] = ()
    options: tuple[Option, ...] = ()
    failure: Failure | None = None
    assumed: tuple[str, ...] = ()
    window: Spans | None = None
    opposing: tuple[int, ...] = ()
    parts: "tuple[Outcome, ...]" = ()
    trace: tuple[str, ...] = field(default=(), compare=False)
