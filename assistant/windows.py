"""From a stretch of time in a program to frames."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.answering_time import spans_of, taken_for_granted
from assistant.answers import Reason
from assistant.selection import Refused
from assistant.steps import Window
from assistant.timed_programs import After, Amid, Before, Edge, Frames, Occurrence, Seconds, While
from scenegraph.spans import Span, Spans, intersect, merge

if TYPE_CHECKING:
    from assistant.executor import Run


def frames_of(window: Window, run: Run) -> Spans:
    """The frames of a stretch of time, within the one that is asked about already; at least one.

    Raises:
        Refused: the source has no time, the stretch lies outside it, or an event is not in the graph.
    """
    if run.index.graph.source.kind == "image":
        raise Refused(Reason.TIME_NOT_RECORDED, window)
    spans = _frames(window, run)
    if run.window is not None:
        spans = intersect(spans, run.window)
    if not spans:
        raise Refused(Reason.OUTSIDE_TIME_RANGE, window)
    return spans


def _frames(window: Window, run: Run) -> Spans:
    frames = run.index.graph.source.num_frames
    match window:
        case Frames(first, last):
            return merge([Span(max(first, 0), min(frames if last is None else last, frames))])
        case Seconds(begin, end):
            return _seconds(window, run, begin, end)
        case Edge(which):
            return (Span(0, 1),) if which == "start" else (Span(frames - 1, frames),)
        case Before(event):
            return merge([Span(0, spans_of(run, event)[0].start)])
        case After(event):
            return merge([Span(spans_of(run, event)[-1].stop, frames)])
        case While(event):
            return spans_of(run, event)
        case Occurrence(event, number):
            spans = spans_of(run, event)
            if abs(number) > len(spans):
                raise taken_for_granted(window, Reason.ABSENT_RELATION)
            return (spans[number - 1 if number > 0 else number],)
        case Amid(one, other):
            over = spans_of(run, one)[0].stop
            start = next((span.start for span in spans_of(run, other) if span.start >= over), None)
            if start is None:
                raise taken_for_granted(window, Reason.ABSENT_RELATION)
            return merge([Span(over, start)])
    raise Refused(Reason.OUTSIDE_TIME_RANGE, window)


def _seconds(window: Window, run: Run, start: float, stop: float | None) -> Spans:
    source = run.index.graph.source
    if source.fps is None:
        raise Refused(Reason.TIME_NOT_RECORDED, window)
    if start < 0 and stop is None:  # counted from the end
        start = max(source.num_frames / source.fps + start, 0.0)
    if stop is not None and stop < start:
        return ()
    first = int(min(max(start, 0.0) * source.fps + 1e-9, source.num_frames))
    if stop == start:  # one moment; the very end belongs to the last frame
        if start < 0 or start > source.num_frames / source.fps + 1e-9:
            return ()
        moment = min(first, source.num_frames - 1)
        return (Span(moment, moment + 1),)
    last = source.num_frames if stop is None else int(min(-(-stop * source.fps // 1), source.num_frames))
    return merge([Span(first, last)])
