"""Does something happen in every frame?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Bool

from assistant.answering_events import timed
from assistant.answering_nodes import is_singular
from assistant.answering_sets import unrecorded
from assistant.answers import Reason, Status, Verdict
from assistant.contradictions import MAX_PAIRS, contradictions
from assistant.outcomes import Failure, Outcome, Timing
from assistant.programs import Holds, IsPlaced
from assistant.selection import Selection
from assistant.steps import Event, The
from assistant.timed_programs import Always, Seen
from scenegraph.spans import Span, Spans, covered, intersect, merge, to_frames

if TYPE_CHECKING:
    from assistant.executor import Run


def always(run: Run, question: Always) -> Outcome:
    """Yes if it happens in every frame, no if in one of them it is told that it does not.

    What a frame tells is what the event, asked of that frame alone, is answered with: boxes tell either way, relations
    that cannot hold together tell against each other, and any other frame that no span covers is left open, unless the
    graph is complete.
    """
    event, outcome = question.event, timed(run, question, question.event)
    near, far = (run.selector.select(nodes) for nodes in _ends(event))
    if near.failure is not None or far.failure is not None:
        return outcome
    lasting = _lasting(run, event, outcome.timings, (near, far))
    if lasting:
        claimed = tuple(dict.fromkeys((*near.claimed, *far.claimed)))
        if claimed:
            return unrecorded(run, question, near).with_(assumed=claimed)
        return _of_timings(outcome, lasting).with_(verdict=Verdict.SUPPORTED)
    told: dict[str, Any] = {
        "nodes": tuple(run.index.ids[near.positions].tolist()),
        "context": tuple(run.index.ids[far.positions].tolist()),
        "relations": outcome.relations,
        "timings": outcome.timings,
        "assumed": outcome.assumed,
    }
    against = _against(run, event, outcome.timings, near, far)
    if against is not None:
        return Outcome(
            question, Status.ANSWERED, None, Verdict.CONTRADICTED, opposing=against, window=run.window, **told
        )
    if not outcome.timings:
        return outcome
    reason = Reason.ABSENT_RELATION if isinstance(event, Holds) else Reason.NOT_MEASURED
    return run.absent(question, Failure(question, Reason.ABSENT_OBJECT if isinstance(event, Seen) else reason), **told)


def _ends(event: Event) -> tuple[Any, Any]:
    if isinstance(event, Seen):
        return event.nodes, event.nodes
    assert isinstance(event, Holds | IsPlaced)
    return (event.subjects, event.objects) if isinstance(event, Holds) else (event.nodes, event.others)


def _asked(run: Run) -> Spans:
    return run.index.whole if run.window is None else run.window


def _of_each(event: Event) -> bool:
    """Whether it must be so of each of the nodes: "are the cats visible throughout" asks for all of them."""
    if isinstance(event, Seen):
        return isinstance(event.nodes, The) and event.nodes.plural
    return bool(getattr(event, "every", False))


def _lasting(
    run: Run, event: Event, timings: tuple[Timing, ...], ends: tuple[Selection, Selection]
) -> tuple[Timing, ...]:
    """The timings that together fill all the time that is asked about; none if they do not.

    They are those of any pair, but of the same node where one is meant, and of each subject where all are.
    """
    every = _of_each(event)
    groups: dict[tuple[int | None, int | None], list[Timing]] = {}
    for timing in timings:
        subject = timing.subject if every or is_singular(ends[0]) else None
        groups.setdefault((subject, timing.object if is_singular(ends[1]) else None), []).append(timing)
    full = [
        group
        for group in groups.values()
        if covered(merge(span for timing in group for span in timing.spans)) == covered(_asked(run))
    ]
    lasting = tuple(timing for group in full for timing in group)
    if every and {timing.subject for timing in lasting} != set(run.index.ids[ends[0].positions].tolist()):
        return ()
    return lasting


def _of_timings(outcome: Outcome, timings: tuple[Timing, ...]) -> Outcome:
    return outcome.with_(
        nodes=tuple(dict.fromkeys(timing.subject for timing in timings)),
        relations=tuple(dict.fromkeys(at for timing in timings for at in timing.relations)),
        context=tuple(dict.fromkeys(timing.object for timing in timings)),
        timings=timings,
    )


def _against(
    run: Run, event: Event, timings: tuple[Timing, ...], near: Selection, far: Selection
) -> tuple[int, ...] | None:
    """Relations by which it does not happen in some frame (none where boxes tell); None where nothing tells."""
    if isinstance(event, IsPlaced):
        return () if _elsewhere(run, event, timings, near, far).any() else None
    if isinstance(event, Holds):
        return next(_excluded(run, event, timings, near, far), None)
    return None


def _elsewhere(
    run: Run, event: IsPlaced, timings: tuple[Timing, ...], near: Selection, far: Selection
) -> Bool[np.ndarray, " frames"]:
    """The frames in which all boxes are known and none (one, where all are meant) lies there."""
    frames = run.index.graph.source.num_frames
    asked = to_frames(_asked(run), frames)
    others = np.logical_and.reduce([to_frames(_presence(run, int(at)), frames) for at in far.positions])
    barred = []
    for at in near.positions:
        lying = [span for timing in timings if timing.subject == run.index.ids[at] for span in timing.spans]
        seen = to_frames(_presence(run, int(at)), frames)
        barred.append(asked & others & seen & ~to_frames(lying, frames))
    return (np.logical_or if event.every else np.logical_and).reduce(barred)


def _excluded(
    run: Run, event: Holds, timings: tuple[Timing, ...], near: Selection, far: Selection
) -> Iterator[tuple[int, ...]]:
    """The relations that rule it out in a frame, for the first frame of each stretch in which they do not change."""
    if len(near.positions) * len(far.positions) > MAX_PAIRS:
        return
    index, asked = run.index, _asked(run)
    touching = (near.mask | far.mask)[index.subjects]
    spans = [span for at in np.flatnonzero(touching) for span in index.spans(int(at), asked)]
    for frame in sorted({edge for span in (*asked, *spans) for edge in span}):
        now = (Span(frame, frame + 1),)
        if not intersect(now, asked):
            continue
        met = {timing.subject for timing in timings if intersect(timing.spans, now)}
        if met and not event.every:
            continue
        left = np.array([at for at in near.positions if index.ids[at] not in met], dtype=np.int64)
        against = contradictions(index, left, event.predicate, far.positions, now)
        if against:
            yield tuple(run.selector.in_order(np.array(against)))


def _presence(run: Run, position: int) -> Spans:
    """The frames in which the box of a node is known."""
    return run.index.presence(position) if run.index.nodes[position].located else ()
