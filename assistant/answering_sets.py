"""Questions about sets of nodes: which, and the whole graph; what every question about a set is answered with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Failure, Option, Outcome
from assistant.programs import Summarise, Which
from assistant.selection import Selection
from assistant.steps import Pick, Question, The

if TYPE_CHECKING:
    from assistant.executor import Run


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
