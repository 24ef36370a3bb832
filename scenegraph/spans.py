"""Time: half-open spans of frames, `[start, stop)`, counted from 0."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from scenegraph.errors import InputError


class Span(NamedTuple):
    """Frames start, start + 1, ..., stop - 1.

    >>> Span(3, 5).length, Span.inclusive(3, 5)
    (2, Span(start=3, stop=6))
    """

    start: int
    stop: int

    @classmethod
    def inclusive(cls, first: int, last: int) -> "Span":
        """From a first and a last frame, both included (how pvsg.json writes spans)."""
        return cls(first, last + 1)

    @property
    def length(self) -> int:
        """Number of frames."""
        return self.stop - self.start

    def seconds(self, fps: float) -> tuple[float, float]:
        """Start and end in seconds at `fps` frames a second."""
        return self.start / fps, self.stop / fps


Spans = tuple[Span, ...]


def merge(spans: Iterable[Span]) -> Spans:
    """Sorted, disjoint spans that cover the same frames; touching spans become one.

    >>> merge([Span(4, 6), Span(0, 2), Span(2, 3)])
    (Span(start=0, stop=3), Span(start=4, stop=6))
    """
    merged: list[Span] = []
    for span in sorted(span for span in spans if span.stop > span.start):
        if merged and span.start <= merged[-1].stop:
            merged[-1] = Span(merged[-1].start, max(merged[-1].stop, span.stop))
        else:
            merged.append(Span(*span))
    return tuple(merged)


def covered(spans: Iterable[Span]) -> int:
    """Number of distinct frames in the spans."""
    return sum(span.length for span in merge(spans))


def intersect(first: Iterable[Span], second: Iterable[Span]) -> Spans:
    """Frames that lie in both."""
    other = merge(second)
    return merge(Span(max(a.start, b.start), min(a.stop, b.stop)) for a in merge(first) for b in other)


def temporal_iou(first: Iterable[Span], second: Iterable[Span]) -> float:
    """Frames in both over frames in either; 0 if there are none.

    >>> temporal_iou([Span(0, 4)], [Span(2, 6)])
    0.3333333333333333
    """
    first, second = merge(first), merge(second)
    either = covered((*first, *second))
    return covered(intersect(first, second)) / either if either else 0.0


def from_frames(active: Bool[np.ndarray, " frames"]) -> Spans:
    """Spans of the frames where `active` is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([False], active, [False])).astype(np.int8)))
    return tuple(Span(int(start), int(stop)) for start, stop in edges.reshape(-1, 2))


def to_frames(spans: Iterable[Span], num_frames: int) -> Bool[np.ndarray, " num_frames"]:
    """A flag for every frame; frames outside the source are left out.

    Raises:
        InputError: the number of frames is negative.
    """
    if num_frames < 0:
        raise InputError(f"a source cannot have {num_frames} frames")
    active = np.zeros(num_frames, dtype=bool)
    for span in spans:
        active[max(span.start, 0) : max(span.stop, 0)] = True
    return active
