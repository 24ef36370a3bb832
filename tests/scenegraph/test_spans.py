"""Half-open spans against sets of frames."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Span
from scenegraph.spans import covered, from_frames, intersect, merge, temporal_iou, to_frames

# The type checker looks at random elements of the sequences that strategies build.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

any_spans = st.lists(st.builds(Span, st.integers(-3, 12), st.integers(-3, 12)), max_size=5)


def frames_of(spans):
    return {frame for span in spans for frame in range(span.start, span.stop)}


def test_both_ways_to_write_a_span():
    assert Span.inclusive(3, 5) == Span(3, 6)
    assert Span(3, 6).length == 3
    assert Span(5, 10).seconds(5.0) == (1.0, 2.0)


@settings(max_examples=150, deadline=None)
@given(any_spans)
def test_merge(spans):
    merged = merge(spans)
    assert frames_of(merged) == frames_of(spans)
    assert covered(spans) == len(frames_of(spans))
    assert all(span.length > 0 for span in merged)
    assert all(a.stop < b.start for a, b in pairwise(merged))
    assert merge(merged) == merged


@settings(max_examples=150, deadline=None)
@given(any_spans, any_spans)
def test_intersection_and_overlap(first, second):
    a, b = frames_of(first), frames_of(second)
    assert frames_of(intersect(first, second)) == a & b
    assert intersect(first, second) == intersect(second, first) == merge(intersect(first, second))
    assert temporal_iou(first, second) == (len(a & b) / len(a | b) if a | b else 0.0)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.booleans(), max_size=12))
def test_frames_give_spans_back(active):
    spans = from_frames(np.array(active, dtype=bool))
    assert spans == merge(spans)
    assert to_frames(spans, len(active)).tolist() == active


@settings(max_examples=100, deadline=None)
@given(any_spans, st.integers(0, 10))
def test_frames_outside_the_source_are_left_out(spans, count):
    assert np.flatnonzero(to_frames(spans, count)).tolist() == sorted(frames_of(spans) & set(range(count)))


def test_nothing():
    assert merge([]) == () and covered([]) == 0 and intersect([], [Span(0, 2)]) == ()
    assert temporal_iou([], []) == 0.0 and temporal_iou([Span(2, 2)], [Span(2, 2)]) == 0.0
    assert from_frames(np.zeros(0, dtype=bool)) == () and len(to_frames([Span(0, 5)], 0)) == 0
    with pytest.raises(InputError, match="-1 frames"):
        to_frames([], -1)
