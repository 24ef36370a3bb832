"""Questions about the number of nodes: is there one, how many, are there so many."""

from __future__ import annotations

from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Outcome
from assistant.programs import Count, CountIs, Exists
from assistant.sqlite_engine.about_nodes import found
from assistant.sqlite_engine.none import none_by_kind, none_of
from assistant.sqlite_engine.run import Run


def exists(run: Run, question: Exists) -> Outcome:
    """Is there such a node?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        none = none_of(run, question, question.nodes, picked)
        return run.absent(question, picked.gap) if none is None else none
    if picked.claimed:
        return run.unrecorded(question, picked)
    return found(run, question, picked, verdict=Verdict.SUPPORTED)


def count(run: Run, question: Count) -> Outcome:
    """How many are there?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        none = none_of(run, question, question.nodes, picked)
        if none is not None:
            return none.with_(verdict=None, number=0, nodes=())
        if none_by_kind(run, question.nodes):
            return Outcome(question, Status.ANSWERED, number=0)
        return run.absent(question, picked.gap, number=0)
    if picked.claimed:
        return run.unrecorded(question, picked)
    return found(run, question, picked, number=len(run.picker.ids(picked)))


def count_is(run: Run, question: CountIs) -> Outcome:
    """Are there that many?"""
    picked = run.picker.pick(question.nodes)
    if picked.claimed and picked.gap is None:
        return run.unrecorded(question, picked)
    none = none_of(run, question, question.nodes, picked)
    if none is not None:
        told = Verdict.SUPPORTED if question.number == 0 else Verdict.CONTRADICTED
        return none.with_(verdict=told if none.status is Status.ANSWERED else none.verdict, number=0)
    number = len(run.picker.ids(picked))
    none_of_none = number == question.number == 0 and run.closed_world
    if picked.gap is not None and not none_of_none:
        return run.absent(question, picked.gap, number=number)
    enough = number >= question.number if question.at_least else number == question.number
    if not enough and number < question.number and not run.closed_world:
        outcome = found(run, question, picked, verdict=Verdict.NOT_IN_GRAPH, number=number)
        return outcome.with_(
            status=Status.UNANSWERABLE, reason=Reason.ABSENT_OBJECT, placements=(), measures=(), options=()
        )
    return found(run, question, picked, verdict=Verdict.SUPPORTED if enough else Verdict.CONTRADICTED, number=number)
