"""Questions about time that compare events: order, gaps, what happens, what changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from assistant.answering_events import ranked, timed
from assistant.answering_nodes import activities
from assistant.answering_sets import found, unrecorded
from assistant.answers import Reason, Status, Verdict
from assistant.outcomes import Change, Failure, Outcome, Timing
from assistant.selection import Refused
from assistant.steps import Event, Question, Step
from assistant.timed_programs import Allen, AllenOf, AllenRelation, Changed, Happens, Longest, Seen, TimeBetween, When
from scenegraph.spans import Span, Spans, covered, merge

if TYPE_CHECKING:
    from assistant.executor import Run


def seen(run: Run, question: Seen) -> Outcome:
    """Is one of the nodes seen (in the stretch of time)?"""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    if selection.claimed:
        return unrecorded(run, question, selection)
    if run.window is not None:
        visible = selection.mask & run.index.seen(run.window)
        if not visible.any():
            return run.absent(question, Failure(question, Reason.ABSENT_OBJECT))
        selection = replace(selection, mask=visible)
    return found(run, question, selection, verdict=Verdict.SUPPORTED)


def longest(run: Run, question: Longest) -> Outcome:
    """The events that take most (least) time; `number` says how many of the timings are theirs."""
    outcomes = [timed(run, question, event) for event in question.events]
    failed = next((outcome for outcome in outcomes if not outcome.timings), None)
    if failed is not None:
        return failed
    sign = 1 if question.least else -1
    timings = sorted(
        (timing for outcome in outcomes for timing in outcome.timings), key=lambda each: sign * covered(each.spans)
    )
    return ranked(run, question, timings, [covered(timing.spans) for timing in timings])


def allen(run: Run, question: Allen) -> Outcome:
    """Does a span of the first event lie like this to a span of the second?"""
    outcome = _ordered(run, question, question.first, question.second)
    fitting = tuple(row for row in outcome.order if row[1] == question.relation)
    verdict = Verdict.SUPPORTED if fitting else Verdict.CONTRADICTED
    return replace(outcome, verdict=verdict, order=fitting or outcome.order)


def allen_of(run: Run, question: AllenOf) -> Outcome:
    """How does every span of the first event lie to every span of the second?"""
    return _ordered(run, question, question.first, question.second)


def time_between(run: Run, question: TimeBetween) -> Outcome:
    """The frames from the first end of one event to the next beginning of another."""
    outcome = _ordered(run, question, question.first, question.second)
    first, second = spans_of(run, question.first), spans_of(run, question.second)
    following = next((span for span in second if span.start >= first[0].stop), None)
    if following is None:
        return run.absent(question, Failure(question, Reason.ABSENT_RELATION), relations=outcome.relations)
    order = tuple(row for row in outcome.order if row[0] == first[0] and row[2] == following)
    return replace(outcome, number=following.start - first[0].stop, order=order)


def happens(run: Run, question: Happens) -> Outcome:
    """What the nodes take part in, in the order in which it begins, or the first or last of it."""
    if run.index.graph.source.kind == "image":
        raise Refused(Reason.TIME_NOT_RECORDED, question)
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    index = run.index
    touching = selection.mask[index.subjects] | selection.mask[index.objects]
    relations = run.selector.in_order(np.flatnonzero(activities(run) & touching))
    if not relations:
        return run.absent(question, Failure(question, Reason.ABSENT_RELATION), assumed=selection.assumed)
    timings = sorted((_timing_of(run, at) for at in relations), key=lambda timing: timing.spans[0].start)
    if question.which != "all":
        timings = _at_an_end(run, timings, question.which)
    outcome = ranked(run, question, timings, [0] * len(timings))
    return replace(outcome, assumed=selection.assumed)


def changed(run: Run, question: Changed, before: Spans, after: Spans) -> Outcome:
    """The relations and nodes that are in one stretch of time and not in the other."""
    selection = run.selector.select(question.nodes)
    if selection.failure is not None:
        return run.absent(question, selection.failure)
    index, mask = run.index, selection.mask
    touching = mask[index.subjects] | mask[index.objects]
    sides = [np.flatnonzero(index.active(window) & touching) for window in (before, after)]
    size = np.array([len(index.ids), len(index.graph.vocabulary.predicates)], dtype=np.int64)
    keys = [(index.subjects[at] * size[0] + index.objects[at]) * size[1] + index.predicates[at] for at in sides]
    ended = run.selector.in_order(sides[0][~np.isin(keys[0], keys[1])])
    begun = run.selector.in_order(sides[1][~np.isin(keys[1], keys[0])])
    earlier, later = index.seen(before) & mask, index.seen(after) & mask
    appeared, gone = index.ids[later & ~earlier].tolist(), index.ids[earlier & ~later].tolist()
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=(*appeared, *gone),
        relations=(*begun, *ended),
        number=len(begun) + len(ended) + len(appeared) + len(gone),
        change=Change(tuple(begun), tuple(ended), tuple(appeared), tuple(gone)),
        assumed=selection.assumed,
        window=run.window,
    )


def spans_of(run: Run, event: Event) -> Spans:
    """The frames in which an event happens, for any pair of its nodes; at least one span.

    Raises:
        Refused: it is not in the graph.
    """
    outcome = timed(run, When(event), event)
    spans = merge(span for timing in outcome.timings for span in timing.spans)
    if not spans:
        raise taken_for_granted(event, outcome.reason or Reason.ABSENT_RELATION, outcome.failure)
    return spans


def taken_for_granted(step: Step, reason: Reason, failure: Failure | None = None) -> Refused:
    """The refusal of a question that takes something for granted that the graph does not show."""
    refused = Refused(reason, step)
    refused.failure = replace(failure or refused.failure, presupposed=True)
    return refused


def allen_relation(first: Span, second: Span) -> AllenRelation:
    """How one span lies to another (Allen 1983, figure 2).

    >>> allen_relation(Span(0, 3), Span(3, 5)), allen_relation(Span(1, 2), Span(0, 4))
    ('meets', 'during')
    """
    if first.stop <= second.start:
        return "meets" if first.stop == second.start else "before"
    if second.stop <= first.start:
        return "met by" if second.stop == first.start else "after"
    if first.start == second.start:
        return "equals" if first.stop == second.stop else "starts" if first.stop < second.stop else "started by"
    if first.stop == second.stop:
        return "finishes" if first.start > second.start else "finished by"
    if first.start < second.start:
        return "contains" if first.stop > second.stop else "overlaps"
    return "during" if first.stop < second.stop else "overlapped by"


def _ordered(run: Run, question: Question, first: Event, second: Event) -> Outcome:
    """Both events with their timings, and how their spans lie to each other."""
    spans = spans_of(run, first), spans_of(run, second)
    outcomes = [timed(run, question, event) for event in (first, second)]
    timings = tuple(timing for outcome in outcomes for timing in outcome.timings)
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(dict.fromkeys(timing.subject for timing in timings)),
        relations=tuple(dict.fromkeys(at for timing in timings for at in timing.relations)),
        context=tuple(dict.fromkeys(timing.object for timing in timings)),
        timings=timings,
        order=tuple((a, allen_relation(a, b), b) for a in spans[0] for b in spans[1]),
        assumed=tuple(dict.fromkeys(word for outcome in outcomes for word in outcome.assumed)),
        window=run.window,
    )


def _at_an_end(run: Run, timings: list[Timing], which: Literal["first", "last"]) -> list[Timing]:
    """Those that begin first (last) within the stretch of time; all of them where all went on before."""
    window = run.index.whole if run.window is None else run.window
    begins: list[int | None] = []
    for timing in timings:
        spans = run.index.spans(timing.relations[0])
        inside = [span.start for span in spans if any(part.start <= span.start < part.stop for part in window)]
        begins.append(None if not inside else inside[0] if which == "first" else inside[-1])
    known = [begin for begin in begins if begin is not None]
    if not known:
        return timings
    chosen = min(known) if which == "first" else max(known)
    return [timing for timing, begin in zip(timings, begins, strict=True) if begin == chosen]


def _timing_of(run: Run, at: int) -> Timing:
    relation = run.index.graph.relations[at]
    return Timing(relation.subject, relation.object, (at,), run.index.spans(at, run.window))
