"""Questions about sets of nodes: is there, how many, which, and the whole graph."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Reason, Status, Verdict
from assistant.bounded_steps import OPPOSITE, Measuring
from assistant.outcomes import Failure, Option, Outcome
from assistant.programs import Count, CountIs, Exists, Summarise, Which
from assistant.selection import Selection
from assistant.steps import InPicture, Moved, Nodes, Pick, Question, The

if TYPE_CHECKING:
    from assistant.executor import Run


def exists(run: Run, question: Exists) -> Outcome:
    """Is there such a node?"""
    selection = run.selector.select(question.nodes)
    opposite = None if selection.failure is None else _opposite(run, question.nodes)
    if opposite is not None:
        return found(run, question, opposite, verdict=Verdict.CONTRADICTED)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    if selection.claimed:
        return unrecorded(run, question, selection)
    return found(run, question, selection, verdict=Verdict.SUPPORTED)


def _opposite(run: Run, step: Nodes) -> Selection | None:
    """Of given things asked whether they moved, lie somewhere, or measure so much: that all of them do not."""
    if not isinstance(step, Moved | InPicture | Measuring) or not isinstance(step.nodes, The | Pick):
        return None
    other = run.selector.select(_turned(step))
    if other.failure is not None or other.claimed or other.base is None:
        return None
    return other if np.array_equal(other.mask, other.base.mask) else None


def _turned(step: Moved | InPicture | Measuring) -> Nodes:
    """What keeps the nodes of which it is not so."""
    match step:
        case Moved():
            return replace(step, still=not step.still)
        case InPicture():
            return replace(step, outside=not step.outside)
        case Measuring():
            return replace(step, how=OPPOSITE[step.how])


def count(run: Run, question: Count) -> Outcome:
    """How many such nodes are there?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure, number=0)
    if selection.claimed:
        return unrecorded(run, question, selection)
    return found(run, question, selection, number=int(selection.mask.sum()))


def count_is(run: Run, question: CountIs) -> Outcome:
    """Are there that many? An open graph may lack some, so it can only exceed a number, not miss it."""
    selection = run.selector.select(question.nodes)
    if selection.claimed and selection.failure is None:
        return unrecorded(run, question, selection)
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


def which(run: Run, question: Which) -> Outcome:
    """Which nodes are these?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    if selection.claimed:
        return unrecorded(run, question, selection)
    return found(run, question, selection)


def summarise(run: Run, question: Summarise) -> Outcome:
    """Everything in the graph."""
    index = run.index
    nodes = np.ones(len(index.ids), dtype=bool) if run.window is None else index.seen(run.window)
    if not nodes.any():
        return run.absent(question, Failure(question, Reason.ABSENT_OBJECT, known=False))
    active = np.flatnonzero(index.believed if run.window is None else index.active(run.window))
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(index.ids[nodes].tolist()),
        relations=tuple(run.selector.in_order(active)),
        window=run.window,
    )


def found(
    run: Run, question: Question, selection: Selection, verdict: Verdict | None = None, number: int | None = None
) -> Outcome:
    """The outcome where there are such nodes, with what they rest on; ambiguous if the referent is."""
    evidence = run.selector.evidence(selection, selection.mask)
    options = _options(run, selection) if verdict is None else ()
    ambiguous = len(options) > 1
    return Outcome(
        question,
        Status.AMBIGUOUS if ambiguous else Status.ANSWERED,
        Reason.AMBIGUOUS_REFERENT if ambiguous else None,
        verdict,
        nodes=tuple(run.index.ids[selection.positions].tolist()),
        relations=tuple(evidence.relations),
        context=tuple(run.index.ids[evidence.context].tolist()),
        number=number,
        placements=tuple((int(run.index.ids[a]), way, int(run.index.ids[b])) for a, way, b in evidence.placements),
        measures=tuple(evidence.measures),
        options=options,
        assumed=selection.assumed,
        window=run.window,
    )


def unrecorded(run: Run, question: Question, selection: Selection) -> Outcome:
    """The graph has such nodes but does not say whether the narrower word fits them ("woman")."""
    return Outcome(
        *(question, Status.UNANSWERABLE, Reason.ATTRIBUTE_NOT_RECORDED, Verdict.NOT_IN_GRAPH),
        nodes=tuple(run.index.ids[selection.positions].tolist()),
        relations=tuple(run.selector.evidence(selection, selection.mask).relations),
        assumed=selection.claimed,
        window=run.window,
    )


def _options(run: Run, selection: Selection) -> tuple[Option, ...]:
    """What "the person" may mean where it matters: candidates with different answers."""
    links, other = selection.links, selection.other
    if links is None or other is None or not isinstance(other.step, The) or other.step.plural:
        return ()
    ids = run.index.ids
    order = np.lexsort((links.near, links.far))
    near, far = links.near[order], links.far[order]
    meant, starts = np.unique(far, return_index=True)
    groups = np.split(near, starts[1:])
    answers = {int(node): tuple(ids[np.unique(group)].tolist()) for node, group in zip(meant, groups, strict=True)}
    if len(set(answers.values())) < 2 or isinstance(other.step.nodes, Pick):
        return ()
    return tuple(Option(int(ids[far]), answer) for far, answer in sorted(answers.items()))
