"""Questions about the number of nodes: is there one, how many, are there so many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answering_none import none_by_kind, none_of
from assistant.answering_sets import found, unrecorded
from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Failure, Outcome
from assistant.programs import Count, CountIs, Exists

if TYPE_CHECKING:
    from assistant.executor import Run


def exists(run: Run, question: Exists) -> Outcome:
    """Is there such a node?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        none = none_of(run, question, question.nodes, selection.failure)
        return run.absent(question, selection.failure) if none is None else none
    if selection.claimed:
        return unrecorded(run, question, selection)
    return found(run, question, selection, verdict=Verdict.SUPPORTED)


def count(run: Run, question: Count) -> Outcome:
    """How many such nodes are there?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        none = none_of(run, question, question.nodes, selection.failure)
        if none is not None:
            return none.with_(verdict=None, number=0, nodes=(), searched=none.nodes)
        others = none_by_kind(run, question.nodes)
        if others is not None:
            return Outcome(question, Status.ANSWERED, number=0, searched=others, window=run.window)
        return run.absent(question, selection.failure, number=0)
    if selection.claimed:
        return unrecorded(run, question, selection)
    return found(run, question, selection, number=int(selection.mask.sum()))


def count_is(run: Run, question: CountIs) -> Outcome:
    """Are there that many? An open graph may lack some, so it can only exceed a number, not miss it."""
    selection = run.selector.select(question.nodes)
    if selection.claimed and selection.failure is None:
        return unrecorded(run, question, selection)
    none = None if selection.failure is None else none_of(run, question, question.nodes, selection.failure)
    if none is not None:
        told = Verdict.SUPPORTED if question.number == 0 else Verdict.CONTRADICTED
        return none.with_(verdict=told if none.status is Status.ANSWERED else none.verdict, number=0)
    number = int(selection.mask.sum())
    if selection.failure is not None and not (number == question.number == 0 and run.closed_world):
        return run.absent(question, selection.failure, number=number)
    enough = number == question.number or (question.at_least and number > question.number)
    if not enough and number < question.number and not run.closed_world:
        failure = Failure(question, Reason.ABSENT_OBJECT)
        outcome = found(run, question, selection, number=number)
        return Outcome(
            *(question, Status.UNANSWERABLE, failure.reason, Verdict.NOT_IN_GRAPH),
            nodes=outcome.nodes,
            relations=outcome.relations,
            context=outcome.context,
            number=number,
            failure=failure,
            window=run.window,
        )
    verdict = Verdict.SUPPORTED if enough else Verdict.CONTRADICTED
    outcome = found(run, question, selection, verdict=verdict, number=number)
    if selection.failure is not None:
        return outcome.with_(searched=run.selector.searched(selection.failure.step))
    return outcome
