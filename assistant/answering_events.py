"""Questions about relations: does it hold, when, for how long, how often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.answering_sets import unrecorded
from assistant.answers import Reason, Status, Verdict
from assistant.contradictions import contradictions
from assistant.layout import placed
from assistant.outcomes import Failure, Option, Outcome, Timing, first_failure
from assistant.programs import First, Holds, HowLong, HowOften, IsPlaced, When
from assistant.selection import Evidence, Links, Refused, Selection
from assistant.steps import Event, Question, The
from assistant.timed_programs import Seen
from scenegraph.spans import Spans, covered, from_frames, intersect, merge

if TYPE_CHECKING:
    from assistant.executor import Run

MAX_TIMED_PAIRS = 64
"""Pairs whose boxes are followed frame by frame to time a placement."""


def holds(run: Run, question: Holds) -> Outcome:
    """Is one of the subjects (every one of them) in the relation to one of the objects?"""
    subjects, objects = run.selector.select(question.subjects), run.selector.select(question.objects)
    failure = first_failure(subjects.failure, objects.failure)
    if failure is not None:
        return run.absent(question, failure)
    links = run.selector.links(subjects, question.predicate, objects)
    met = np.zeros_like(subjects.mask)
    met[links.near] = True
    complete = not question.every or bool((met == subjects.mask).all())
    if len(links.near) and complete:
        return _tied(run, question, subjects, objects, links)
    left = subjects.mask & ~met if question.every else subjects.mask
    against = contradictions(run.index, np.flatnonzero(left), question.predicate, objects.positions, run.window)
    if against:
        return Outcome(
            *(question, Status.ANSWERED, None, Verdict.CONTRADICTED),
            opposing=tuple(run.selector.in_order(np.array(against))),
            relations=tuple(run.selector.in_order(links.relations)),
            assumed=_assumed(subjects, objects),
            window=run.window,
        )
    known = bool(question.predicate.forward or question.predicate.converse)
    return run.absent(
        question,
        Failure(question, Reason.ABSENT_RELATION, known),
        nodes=tuple(run.index.ids[subjects.positions].tolist()),
        context=tuple(run.index.ids[objects.positions].tolist()),
        relations=tuple(run.selector.in_order(links.relations)),
        assumed=_assumed(subjects, objects),
    )


def is_placed(run: Run, question: IsPlaced) -> Outcome:
    """Does one of the nodes lie in that direction of one of the others? Boxes tell, where there are boxes."""
    nodes, others = run.selector.select(question.nodes), run.selector.select(question.others)
    failure = first_failure(nodes.failure, others.failure)
    if failure is not None:
        return run.absent(question, failure)
    links, known = run.selector.placements(nodes, question.direction, others, question)
    met = np.zeros_like(nodes.mask)
    met[links.near] = True
    if len(links.near) and (not question.every or (met == nodes.mask).all()):
        return _tied(run, question, nodes, others, links)
    told: dict[str, Any] = {
        "nodes": tuple(run.index.ids[nodes.positions].tolist()),
        "context": tuple(run.index.ids[others.positions].tolist()),
        "assumed": _assumed(nodes, others),
    }
    barred = known.all(axis=1) & ~met[nodes.positions]
    if not (barred.any() if question.every else barred.all()):
        return run.absent(question, Failure(question, Reason.NOT_MEASURED), **told)
    return Outcome(question, Status.ANSWERED, None, Verdict.CONTRADICTED, window=run.window, **told)


def when(run: Run, question: When) -> Outcome:
    """The frames in which the event happens, for each pair of nodes."""
    return timed(run, question, question.event)


def how_long(run: Run, question: HowLong) -> Outcome:
    """For how many frames the event happens."""
    outcome = _of_one_pair(timed(run, question, question.event))
    if outcome.status is not Status.ANSWERED or not outcome.timings:
        return outcome
    return replace(outcome, number=covered(outcome.timings[0].spans))


def how_often(run: Run, question: HowOften) -> Outcome:
    """In how many separate stretches the event happens."""
    outcome = _of_one_pair(timed(run, question, question.event))
    if outcome.status is not Status.ANSWERED:
        return outcome
    return replace(outcome, number=len(outcome.timings[0].spans) if outcome.timings else 0)


def first(run: Run, question: First) -> Outcome:
    """The events that begin first (or end last) of several; `number` says how many of the timings are theirs."""
    outcomes = [timed(run, question, event) for event in question.events]
    failed = next((outcome for outcome in outcomes if not outcome.timings), None)
    if failed is not None:
        return failed
    if not outcomes:
        return run.absent(question, Failure(question, Reason.ABSENT_RELATION, known=False))

    def moment(timing: Timing) -> int:
        return -timing.spans[-1].stop if question.last else timing.spans[0].start

    timings = sorted((timing for outcome in outcomes for timing in outcome.timings), key=moment)
    answer = ranked(run, question, timings, [moment(timing) for timing in timings])
    return replace(answer, assumed=tuple(dict.fromkeys(word for outcome in outcomes for word in outcome.assumed)))


def ranked(run: Run, question: Question, timings: Sequence[Timing], worth: Sequence[int]) -> Outcome:
    """Timings, the best first; those of equal worth win together."""
    winners = [timing for timing, value in zip(timings, worth, strict=True) if value == worth[0]]
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(dict.fromkeys(timing.subject for timing in winners)),
        relations=tuple(dict.fromkeys(at for timing in timings for at in timing.relations)),
        context=tuple(dict.fromkeys(end for timing in timings for end in (timing.subject, timing.object))),
        number=len(winners),
        timings=tuple(timings),
        window=run.window,
    )


def _tied(run: Run, question: Holds | IsPlaced, near: Selection, far: Selection, links: Links) -> Outcome:
    """The event holds: with the relations or placements that say so and what both ends rest on."""
    ids = run.index.ids
    evidence = _ends(run, question, near, far, links)
    claimed = tuple(dict.fromkeys((*near.claimed, *far.claimed)))
    if claimed:
        return replace(unrecorded(run, question, near), relations=tuple(evidence.relations), assumed=claimed)
    passed = near.mask.copy()
    passed[links.near] = False
    singular = isinstance(near.step, The) and not near.step.plural
    return Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED),
        nodes=tuple(ids[np.unique(links.near)].tolist()),
        relations=tuple(evidence.relations),
        context=tuple(ids[evidence.context].tolist()),
        placements=tuple((int(ids[a]), way, int(ids[b])) for a, way, b in evidence.placements),
        measures=tuple(evidence.measures),
        options=tuple(Option(int(ids[at])) for at in np.flatnonzero(passed)) if singular else (),
        assumed=_assumed(near, far),
        window=run.window,
    )


def _ends(run: Run, question: Holds | IsPlaced, near: Selection, far: Selection, links: Links) -> Evidence:
    """The links themselves, then what the nodes at either end rest on."""
    evidence = Evidence(run.selector.in_order(links.relations[links.relations >= 0]), np.unique(links.far).tolist(), [])
    if isinstance(question, IsPlaced):
        pairs = zip(links.near.tolist(), links.far.tolist(), strict=True)
        evidence.placements = [(first, question.direction, second) for first, second in pairs]
    for selection, ends in ((near, links.near), (far, links.far)):
        mask = np.zeros_like(selection.mask)
        mask[ends] = True
        more = run.selector.evidence(selection, mask)
        evidence.relations = list(dict.fromkeys((*evidence.relations, *more.relations)))
        evidence.context = list(dict.fromkeys((*evidence.context, *more.context)))
        evidence.placements += more.placements
        evidence.measures += more.measures
    return evidence


def timed(run: Run, question: Question, event: Event) -> Outcome:
    """The frames in which an event happens, for each pair of nodes.

    Raises:
        Refused: the source has no time, or there are too many pairs.
    """
    if run.index.graph.source.kind == "image":
        raise Refused(Reason.TIME_NOT_RECORDED, question)
    if isinstance(event, Seen):
        return _seen_times(run, question, event)
    assert isinstance(event, Holds | IsPlaced)
    ends = (event.subjects, event.objects) if isinstance(event, Holds) else (event.nodes, event.others)
    near, far = run.selector.select(ends[0]), run.selector.select(ends[1])
    failure = first_failure(near.failure, far.failure)
    if failure is not None:
        return run.absent(question, failure)
    timings = (
        _related_times(run, event, near, far) if isinstance(event, Holds) else _placed_times(run, event, near, far)
    )
    if not timings:
        known = not isinstance(event, Holds) or bool(event.predicate.forward or event.predicate.converse)
        located = isinstance(event, Holds) or all(
            run.index.nodes[at].located for at in (*near.positions, *far.positions)
        )
        return run.absent(question, Failure(event, Reason.ABSENT_RELATION if located else Reason.NOT_MEASURED, known))
    relations = dict.fromkeys(at for timing in timings for at in timing.relations)
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(dict.fromkeys(timing.subject for timing in timings)),
        relations=tuple(relations),
        context=tuple(dict.fromkeys(timing.object for timing in timings)),
        timings=tuple(timings),
        assumed=_assumed(near, far),
        window=run.window,
    )


def _seen_times(run: Run, question: Question, event: Seen) -> Outcome:
    selection = run.selector.select(event.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    timings = [
        Timing(int(run.index.ids[at]), int(run.index.ids[at]), (), spans)
        for at in selection.positions
        if (spans := run.index.presence(int(at), run.window))
    ]
    if not timings:
        return run.absent(question, Failure(event, Reason.ABSENT_OBJECT))
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(timing.subject for timing in timings),
        timings=tuple(timings),
        assumed=selection.assumed,
        window=run.window,
    )


def _related_times(run: Run, event: Holds, near: Selection, far: Selection) -> list[Timing]:
    links = run.selector.links(near, event.predicate, far)
    by_pair: dict[tuple[int, int], list[int]] = {}
    for relation, first, second in zip(links.relations, links.near, links.far, strict=True):
        by_pair.setdefault((int(first), int(second)), []).append(int(relation))
    ids = run.index.ids
    return [
        Timing(
            *(int(ids[first]), int(ids[second]), tuple(run.selector.in_order(np.array(relations)))),
            merge(span for relation in relations for span in run.index.spans(relation, run.window)),
        )
        for (first, second), relations in sorted(by_pair.items())
    ]


def _placed_times(run: Run, event: IsPlaced, near: Selection, far: Selection) -> list[Timing]:
    ends = ([int(at) for at in side.positions if run.index.nodes[at].located] for side in (near, far))
    pairs = [(a, b) for a, b in product(*ends) if a != b]
    if len(pairs) > MAX_TIMED_PAIRS:
        raise Refused(Reason.TOO_MANY, event)
    timings = []
    for first, second in pairs:
        spans = _placed_frames(run, event, first, second)
        if spans:
            timings.append(Timing(int(run.index.ids[first]), int(run.index.ids[second]), (), spans))
    return timings


def _placed_frames(run: Run, event: IsPlaced, first: int, second: int) -> Spans:
    regions = run.index.nodes[first].region, run.index.nodes[second].region
    frames = sorted(set(regions[0].frames) & set(regions[1].frames))
    boxes = [
        np.array([segment.box for frame in frames if (segment := region.segment(frame)) is not None]).reshape(-1, 4)
        for region in regions
    ]
    active = np.zeros(run.index.graph.source.num_frames, dtype=bool)
    for at, frame in enumerate(frames):
        active[frame] = placed(boxes[0][at : at + 1], boxes[1][at : at + 1], event.direction)[0, 0]
    spans = from_frames(active)
    return spans if run.window is None else intersect(spans, run.window)


def _of_one_pair(outcome: Outcome) -> Outcome:
    """An answer about one pair only: with several pairs and different times it is ambiguous which is meant."""
    if len({timing.spans for timing in outcome.timings}) < 2:
        return outcome
    subjects = dict.fromkeys(timing.subject for timing in outcome.timings)
    meant = subjects if len(subjects) > 1 else dict.fromkeys(timing.object for timing in outcome.timings)
    return replace(
        outcome,
        status=Status.AMBIGUOUS,
        reason=Reason.AMBIGUOUS_REFERENT,
        options=tuple(Option(node) for node in meant),
    )


def _assumed(*selections: Selection) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word for selection in selections for word in selection.assumed))
