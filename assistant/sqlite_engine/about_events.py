"""Questions about relations and about time."""

from __future__ import annotations

import json
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.names import plain
from assistant.outcomes import Change, Option, Outcome, Timing
from assistant.programs import Holds, IsPlaced
from assistant.sqlite_engine.about_nodes import placements_of
from assistant.sqlite_engine.database import Pairs
from assistant.sqlite_engine.nodes import LYING, Gap, Picked, Refusal, first_gap
from assistant.sqlite_engine.run import Run, as_spans
from assistant.sqlite_engine.space import measures_of
from assistant.steps import Event, Predicate, Question
from assistant.timed_programs import (
    Allen,
    AllenOf,
    Changed,
    First,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Seen,
    TimeBetween,
    When,
)

_MAX_CONTRADICTED_PAIRS = 16
_MAX_TIMED_PAIRS = 64

_AGAINST = """
SELECT DISTINCT tie.id FROM excludes JOIN tie ON tie.predicate = excludes.other
WHERE excludes.name = ?1 AND ((how = 'reverse' AND tie.subject = ?3 AND tie.object = ?2)
                           OR (how = 'subject' AND tie.subject = ?2)
                           OR (how = 'pair' AND tie.subject = ?2 AND tie.object = ?3))
"""
_SIDE_BY_SIDE = """
SELECT a.frame, a.frame + 1 FROM seen a JOIN seen b ON a.frame = b.frame WHERE a.node = ? AND b.node = ? AND """
_PRESENCE = """
SELECT min(frame), max(frame) + 1 FROM (SELECT frame, frame - row_number() OVER (ORDER BY frame) AS island
                                        FROM seen WHERE node = ?) GROUP BY island ORDER BY 1
"""
_BEGINNING = """
WITH begin AS (
  SELECT tie, span.start AS frame FROM span JOIN stretch ON stretch.w = ?1
  AND span.start >= stretch.start AND span.start < stretch.stop WHERE tie IN (SELECT value FROM json_each(?2)))
SELECT DISTINCT tie FROM begin WHERE frame = (SELECT {0}(frame) FROM begin)
"""
_ALLEN = """
SELECT CASE
  WHEN ?2 < ?3 THEN 'before' WHEN ?2 = ?3 THEN 'meets' WHEN ?4 < ?1 THEN 'after' WHEN ?4 = ?1 THEN 'met by'
  WHEN ?1 = ?3 AND ?2 = ?4 THEN 'equals'
  WHEN ?1 = ?3 THEN CASE WHEN ?2 < ?4 THEN 'starts' ELSE 'started by' END
  WHEN ?2 = ?4 THEN CASE WHEN ?1 > ?3 THEN 'finishes' ELSE 'finished by' END
  WHEN ?1 < ?3 AND ?2 > ?4 THEN 'contains' WHEN ?1 > ?3 AND ?2 < ?4 THEN 'during'
  WHEN ?1 < ?3 THEN 'overlaps' ELSE 'overlapped by' END
"""


def holds(run: Run, question: Holds) -> Outcome:
    """Is one of the subjects (every one) in the relation to one of the objects?"""
    near, far = run.picker.pick(question.subjects), run.picker.pick(question.objects)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    links = run.picker.tied(near, question.predicate, far)
    met = set(run.data.column("SELECT near FROM link WHERE step = ?", links))
    subjects = set(run.picker.ids(near))
    ties = tuple(sorted(set(run.data.column("SELECT tie FROM link WHERE step = ?", links))))
    if met and (met == subjects or not question.every):
        return _tied(run, question, near, far, links)
    left = subjects - met if question.every else subjects
    against = contradicting(run, left, question.predicate, run.picker.ids(far))
    if against:
        return Outcome(
            *(question, Status.ANSWERED, None, Verdict.CONTRADICTED), opposing=tuple(against), relations=ties
        )
    known = bool(question.predicate.forward or question.predicate.converse)
    gap = Gap(Reason.ABSENT_RELATION, known)
    return run.absent(question, gap, nodes=tuple(sorted(subjects)), relations=ties)


def is_placed(run: Run, question: IsPlaced) -> Outcome:
    """Does one of the nodes (every one) lie in that direction of one of the others?"""
    near, far = run.picker.pick(question.nodes), run.picker.pick(question.others)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    links = run.picker.placed(near, question.direction, far)
    met, ours = set(run.data.column("SELECT near FROM link WHERE step = ?", links)), set(run.picker.ids(near))
    if met and (met == ours or not question.every):
        return _tied(run, question, near, far, links)
    comparable = run.picker.boxed(near) if run.picker.boxed(far) == set(run.picker.ids(far)) else set()
    if not (comparable - met if question.every else comparable == ours):
        return run.absent(question, Gap(Reason.NOT_MEASURED), nodes=tuple(sorted(ours)))
    return Outcome(question, Status.ANSWERED, None, Verdict.CONTRADICTED, nodes=tuple(sorted(ours)))


def seen(run: Run, question: Seen) -> Outcome:
    """Is one of the nodes seen?"""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    if picked.claimed:
        return run.unrecorded(question, picked)
    visible = [
        node
        for node in run.picker.ids(picked)
        if run.window == 0 or run.data.value("SELECT 1 FROM geometry WHERE w = ? AND node = ?", run.window, node)
    ]
    if not visible:
        return run.absent(question, Gap(Reason.ABSENT_OBJECT))
    kept = run.picker.put(visible)
    return Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED),
        nodes=tuple(visible),
        relations=tuple(sorted(run.picker.evidence(picked, kept))),
        placements=tuple(placements_of(run, picked, kept)),
        measures=tuple(measures_of(run.picker, picked, kept)),
    )


def when(run: Run, question: When) -> Outcome:
    """In which frames?"""
    return timed(run, question, question.event)


def how_long(run: Run, question: HowLong) -> Outcome:
    """For how many frames?"""
    outcome = _of_one_pair(run, timed(run, question, question.event))
    if outcome.status is not Status.ANSWERED or not outcome.timings:
        return outcome
    return outcome.with_(number=sum(stop - start for start, stop in outcome.timings[0].spans))


def how_often(run: Run, question: HowOften) -> Outcome:
    """In how many stretches?"""
    outcome = _of_one_pair(run, timed(run, question, question.event))
    if outcome.status is not Status.ANSWERED:
        return outcome
    return outcome.with_(number=len(outcome.timings[0].spans) if outcome.timings else 0)


def ranked(run: Run, question: First | Longest) -> Outcome:
    """The events that begin first, end last, take most or least time."""
    outcomes = [timed(run, question, event) for event in question.events]
    for outcome in outcomes:
        if not outcome.timings:
            return outcome
    timings = tuple(timing for outcome in outcomes for timing in outcome.timings)

    def worth(timing: Timing) -> int:
        if isinstance(question, First):
            return -timing.spans[-1][1] if question.last else timing.spans[0][0]
        frames = sum(stop - start for start, stop in timing.spans)
        return frames if question.least else -frames

    best = min(map(worth, timings))
    return _of_timings(question, timings, [timing for timing in timings if worth(timing) == best])


def ordered(run: Run, question: Allen | AllenOf | TimeBetween) -> Outcome:
    """How the spans of two events lie to each other, and what passes between them."""
    spans = spans_of(run, question.first), spans_of(run, question.second)
    outcomes = [timed(run, question, event) for event in (question.first, question.second)]
    timings = tuple(timing for outcome in outcomes for timing in outcome.timings)
    order = tuple((a, run.data.value(_ALLEN, *a, *b), b) for a in spans[0] for b in spans[1])
    outcome = _of_timings(question, timings, list(timings)).with_(number=None, order=order)
    if isinstance(question, Allen):
        fitting = tuple(row for row in order if row[1] == question.relation)
        verdict = Verdict.SUPPORTED if fitting else Verdict.CONTRADICTED
        return outcome.with_(verdict=verdict, order=fitting or order)
    if isinstance(question, TimeBetween):
        end = spans[0][0][1]
        begins = [start for start, _ in spans[1] if start >= end]
        if not begins:
            return run.absent(question, Gap(Reason.ABSENT_RELATION), relations=outcome.relations)
        kept = tuple(row for row in order if row[0] == spans[0][0] and row[2][0] == begins[0])
        return outcome.with_(number=begins[0] - end, order=kept)
    return outcome


def happens(run: Run, question: Happens) -> Outcome:
    """What the nodes take part in."""
    if run.data.kind == "image":
        raise Refusal(Gap(Reason.TIME_NOT_RECORDED))
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    inside = "SELECT id FROM picked WHERE step = ?"
    ties = run.active(
        f"predicate.activity AND (tie.subject IN ({inside}) OR tie.object IN ({inside}))", *[picked.number] * 2
    )
    if not ties:
        return run.absent(question, Gap(Reason.ABSENT_RELATION))
    timings = []
    for tie in sorted(ties):
        ((subject, other),) = run.data.rows("SELECT subject, object FROM tie WHERE id = ?", tie)
        timings.append(Timing(subject, other, (tie,), as_spans(_spans(run, [tie]))))
    if question.which != "all":
        best = run.data.column(
            _BEGINNING.format("min" if question.which == "first" else "max"), run.window, json.dumps(sorted(ties))
        )
        timings = [timing for timing in timings if timing.relations[0] in best or not best]
    outcome = _of_timings(question, tuple(timings), timings)
    return outcome.with_(context=outcome.relations)


def changed(run: Run, question: Changed, before: Pairs, after: Pairs) -> Outcome:
    """What came and what went."""
    picked = run.picker.pick(question.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    inside = "SELECT id FROM picked WHERE step = ?"
    sides = []
    for spans in (before, after):
        window = run.data.new_window(spans)
        ties = run.data.rows(
            "SELECT tie.subject, tie.predicate, tie.object, tie.id FROM tie JOIN active ON active.tie = tie.id "
            f"AND active.w = ? WHERE tie.subject IN ({inside}) OR tie.object IN ({inside})",
            *(window, picked.number, picked.number),
        )
        nodes = run.data.column(f"SELECT node FROM geometry WHERE w = ? AND node IN ({inside})", window, picked.number)
        sides.append((ties, set(nodes)))
    (old, earlier), (new, later) = sides
    ended = sorted(row[3] for row in old if row[:3] not in {other[:3] for other in new})
    begun = sorted(row[3] for row in new if row[:3] not in {other[:3] for other in old})
    appeared, gone = sorted(later - earlier), sorted(earlier - later)
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=(*appeared, *gone),
        relations=(*begun, *ended),
        number=len(begun) + len(ended) + len(appeared) + len(gone),
        change=Change(tuple(begun), tuple(ended), tuple(appeared), tuple(gone)),
    )


def spans_of(run: Run, event: Event) -> tuple[Any, ...]:
    """The frames of an event, for any of its pairs; at least one span.

    Raises:
        Refusal: it is not in the graph.
    """
    outcome = timed(run, When(event), event)
    spans = run.data.merged(span for timing in outcome.timings for span in timing.spans)
    if not spans:
        raise Refusal(Gap(outcome.reason or _gap_of(run, event), presupposed=True, measures=outcome.measures))
    return as_spans(spans)


def timed(run: Run, question: Question, event: Event) -> Outcome:
    """The frames of an event by pair of nodes.

    Raises:
        Refusal: the source has no time, or there are too many pairs.
    """
    if run.data.kind == "image":
        raise Refusal(Gap(Reason.TIME_NOT_RECORDED))
    if isinstance(event, Seen):
        return _timed_presence(run, question, event)
    assert isinstance(event, Holds | IsPlaced)
    ends = (event.subjects, event.objects) if isinstance(event, Holds) else (event.nodes, event.others)
    near, far = map(run.picker.pick, ends)
    gap = first_gap(near.gap, far.gap)
    if gap is not None:
        return run.absent(question, gap)
    timings = _tie_times(run, event, near, far) if isinstance(event, Holds) else _box_times(run, event, near, far)
    if not timings:
        known = not isinstance(event, Holds) or bool(event.predicate.forward or event.predicate.converse)
        nowhere = run.data.nowhere() & {*run.picker.ids(near), *run.picker.ids(far)}
        hidden = nowhere and not isinstance(event, Holds)
        return run.absent(question, Gap(Reason.NOT_MEASURED if hidden else Reason.ABSENT_RELATION, known))
    return _of_timings(question, tuple(timings), timings).with_(number=None)


def _tie_times(run: Run, event: Holds, near: Picked, far: Picked) -> list[Timing]:
    links = run.picker.tied(near, event.predicate, far)
    pairs = run.data.rows("SELECT DISTINCT near, far FROM link WHERE step = ? ORDER BY near, far", links)
    timings = []
    for a, b in pairs:
        ties = run.data.column("SELECT DISTINCT tie FROM link WHERE step = ? AND near = ? AND far = ?", links, a, b)
        timings.append(Timing(a, b, tuple(sorted(ties)), as_spans(_spans(run, ties))))
    return timings


def _box_times(run: Run, event: IsPlaced, near: Picked, far: Picked) -> list[Timing]:
    nowhere = run.data.nowhere()
    ends = [[node for node in run.picker.ids(side) if node not in nowhere] for side in (near, far)]
    pairs = [(a, b) for a in ends[0] for b in ends[1] if a != b]
    if len(pairs) > _MAX_TIMED_PAIRS:
        raise Refusal(Gap(Reason.TOO_MANY))
    timings = []
    for a, b in pairs:
        frames = run.data.rows(f"{_SIDE_BY_SIDE}{LYING[event.direction]}", a, b)
        spans = run.data.clipped(run.data.merged(frames), run.window)
        if spans:
            timings.append(Timing(a, b, (), as_spans(spans)))
    return timings


def _timed_presence(run: Run, question: Question, event: Seen) -> Outcome:
    picked = run.picker.pick(event.nodes)
    if picked.gap is not None:
        return run.absent(question, picked.gap)
    timings = []
    for node in run.picker.ids(picked):
        spans = run.data.clipped(run.data.rows(_PRESENCE, node), run.window)
        if spans:
            timings.append(Timing(node, node, (), as_spans(spans)))
    if not timings:
        return run.absent(question, Gap(Reason.ABSENT_OBJECT))
    return _of_timings(question, tuple(timings), timings).with_(number=None)


def _gap_of(run: Run, event: Event) -> Reason:
    """Why a complete graph answers that an event never happens."""
    open_world = Run(run.data, False, run.window)
    return timed(open_world, When(event), event).reason or Reason.ABSENT_RELATION


def _spans(run: Run, ties: list[int]) -> Pairs:
    inside = "SELECT start, stop FROM span WHERE tie IN (SELECT value FROM json_each(?))"
    return run.data.clipped(run.data.merged(run.data.rows(inside, json.dumps(ties))), run.window)


def _of_timings(question: Question, timings: tuple[Timing, ...], winners: list[Timing]) -> Outcome:
    return Outcome(
        *(question, Status.ANSWERED),
        nodes=tuple(sorted({timing.subject for timing in winners})),
        relations=tuple(sorted({tie for timing in timings for tie in timing.relations})),
        number=len(winners),
        timings=timings,
    )


def _of_one_pair(run: Run, outcome: Outcome) -> Outcome:
    if len({timing.spans for timing in outcome.timings}) < 2:
        return outcome
    subjects = sorted({timing.subject for timing in outcome.timings})
    objects = sorted({timing.object for timing in outcome.timings})
    return run.ambiguous(outcome, tuple(subjects if len(subjects) > 1 else objects))


def _tied(run: Run, question: Holds | IsPlaced, near: Picked, far: Picked, links: int) -> Outcome:
    """It holds: what says so, and what both ends rest on."""
    pairs = run.data.rows("SELECT near, far FROM link WHERE step = ?", links)
    ends = run.picker.put({a for a, _ in pairs}), run.picker.put({b for _, b in pairs})
    ties = {tie for tie in run.data.column("SELECT tie FROM link WHERE step = ?", links) if tie >= 0}
    placements: set[tuple[int, Any, int]] = set()
    if isinstance(question, IsPlaced):
        placements |= {(a, question.direction, b) for a, b in pairs}
    measures = set()
    for picked, kept in zip((near, far), ends, strict=True):
        ties |= run.picker.evidence(picked, kept)
        placements |= placements_of(run, picked, kept)
        measures |= measures_of(run.picker, picked, kept)
    if near.claimed or far.claimed:
        return run.unrecorded(question, near, ties)
    passed = set(run.picker.ids(near)) - {a for a, _ in pairs}
    return Outcome(
        *(question, Status.ANSWERED, None, Verdict.SUPPORTED),
        nodes=run.picker.ids(ends[0]),
        relations=tuple(sorted(ties)),
        placements=tuple(placements),
        measures=tuple(measures),
        options=tuple(Option(node) for node in sorted(passed)) if near.singular else (),
    )


def contradicting(run: Run, subjects: set[int], predicate: Predicate, objects: tuple[int, ...]) -> list[int]:
    """Relations by which no subject can be in the relation to any object, all of the time; [] if one can."""
    pairs = [(a, b) for a in subjects for b in objects if a != b]
    if not pairs or len(pairs) > _MAX_CONTRADICTED_PAIRS:
        return []
    against: set[int] = set()
    for a, b in pairs:
        found = _excluded(run, predicate.forward, a, b) | _excluded(run, predicate.converse, b, a)
        if not found:
            return []
        against |= found
    return sorted(against)


def _excluded(run: Run, names: tuple[str, ...], subject: int, other: int) -> set[int]:
    asked = run.data.value("SELECT sum(stop - start) FROM stretch WHERE w = ?", run.window)
    found: set[int] = set()
    for name in names:
        ties = [
            tie
            for tie in run.data.column(_AGAINST, plain(name), subject, other)
            if sum(stop - start for start, stop in _spans(run, [tie])) == asked
        ]
        if not ties:
            return set()
        found.update(ties)
    return found
