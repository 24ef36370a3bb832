"""Does something happen in every frame, asked of the SQLite database?"""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from assistant.answers import Reason, Status, Verdict
from assistant.contradictions import MAX_PAIRS
from assistant.outcomes import Outcome, Timing
from assistant.programs import Holds, IsPlaced
from assistant.sqlite_engine.about_events import contradicting, timed
from assistant.sqlite_engine.nodes import Gap, Picked
from assistant.sqlite_engine.run import Run
from assistant.steps import Event, The
from assistant.timed_programs import Always, Seen

_EDGES = """
SELECT start AS frame FROM stretch WHERE w = ?1 UNION SELECT span.start FROM span UNION SELECT span.stop FROM span
ORDER BY 1
"""
_BOXED = "SELECT frame FROM seen WHERE node = ? AND x1 IS NOT NULL"


def always(run: Run, question: Always) -> Outcome:
    """In every frame of the stretch of time?"""
    event = question.event
    outcome = timed(run, question, event)
    near, far = _ends(run, event)
    if near.gap is not None or far.gap is not None:
        return outcome
    asked = _asked(run)
    lasting = _lasting(event, outcome.timings, near, far, asked, run)
    if lasting:
        if near.claimed or far.claimed:
            return run.unrecorded(question, near)
        return outcome.with_(
            verdict=Verdict.SUPPORTED,
            nodes=tuple({timing.subject for timing in lasting}),
            relations=tuple({tie for timing in lasting for tie in timing.relations}),
            timings=tuple(lasting),
        )
    told: dict[str, Any] = {
        "nodes": run.picker.ids(near),
        "relations": outcome.relations,
        "timings": outcome.timings,
    }
    against: tuple[int, ...] | None = None
    if isinstance(event, IsPlaced) and _seen_elsewhere(run, event, outcome.timings, near, far, asked):
        against = ()
    if isinstance(event, Holds):
        against = _ruled_out(run, event, outcome.timings, near, far, asked)
    if against is not None:
        return Outcome(question, Status.ANSWERED, None, Verdict.CONTRADICTED, opposing=against, **told)
    if not outcome.timings:
        return outcome
    reasons = {Holds: Reason.ABSENT_RELATION, IsPlaced: Reason.NOT_MEASURED, Seen: Reason.ABSENT_OBJECT}
    return run.absent(question, Gap(reasons[type(event)]), **told)


def _ends(run: Run, event: Event) -> tuple[Picked, Picked]:
    if isinstance(event, Holds):
        return run.picker.pick(event.subjects), run.picker.pick(event.objects)
    if isinstance(event, IsPlaced):
        return run.picker.pick(event.nodes), run.picker.pick(event.others)
    assert isinstance(event, Seen)
    return run.picker.pick(event.nodes), run.picker.pick(event.nodes)


def _asked(run: Run) -> set[int]:
    stretches = run.data.rows("SELECT start, stop FROM stretch WHERE w = ?", run.window)
    return {frame for start, stop in stretches for frame in range(start, stop)}


def _during(timing: Timing) -> set[int]:
    return {frame for start, stop in timing.spans for frame in range(start, stop)}


def _lasting(
    event: Event, timings: tuple[Timing, ...], near: Picked, far: Picked, asked: set[int], run: Run
) -> list[Timing]:
    """The timings that leave no frame open: of the same node where one is meant, of each where all are."""
    named = isinstance(event, Seen) and isinstance(near.step, The) and not near.singular
    every = named or getattr(event, "every", False)  # of the cats each is to be seen
    filled: defaultdict[Any, set[int]] = defaultdict(set)

    def whose(timing: Timing) -> tuple[int, int]:
        return (
            timing.subject if near.singular or every else -1,
            timing.object if far.singular else -1,
        )

    for timing in timings:
        filled[whose(timing)] |= _during(timing)
    found = [timing for timing in timings if asked <= filled[whose(timing)]]
    complete = not every or {timing.subject for timing in found} == set(run.picker.ids(near))
    return found if complete else []


def _seen_elsewhere(
    run: Run, event: IsPlaced, timings: tuple[Timing, ...], near: Picked, far: Picked, asked: set[int]
) -> bool:
    """Whether in one frame all boxes are known and none (one, where all are meant) lies there."""
    boxed = {node: set(run.data.column(_BOXED, node)) & asked for node in (*run.picker.ids(near), *run.picker.ids(far))}
    for frame in asked:
        if not all(frame in boxed[node] for node in run.picker.ids(far)):
            continue
        away = [
            frame in boxed[node] and not any(timing.subject == node and frame in _during(timing) for timing in timings)
            for node in run.picker.ids(near)
        ]
        if any(away) if event.every else all(away):
            return True
    return False


def _ruled_out(
    run: Run, event: Holds, timings: tuple[Timing, ...], near: Picked, far: Picked, asked: set[int]
) -> tuple[int, ...] | None:
    """The relations that rule it out in the first frame in which some do."""
    subjects, objects = run.picker.ids(near), run.picker.ids(far)
    if len(subjects) * len(objects) > MAX_PAIRS:
        return None
    for frame in run.data.column(_EDGES, run.window):
        if frame not in asked:
            continue
        met = {timing.subject for timing in timings if frame in _during(timing)}
        if not met or event.every:
            moment = Run(run.data, run.closed_world, run.data.new_window(((frame, frame + 1),)))
            against = contradicting(moment, set(subjects) - met, event.predicate, objects)
            if against:
                return tuple(against)
    return None
