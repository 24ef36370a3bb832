"""Relations of videos from class pairs alone, by hand."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.video_frequency import VideoFrequencyModel, best_frames

WORDS = Vocabulary(things=("person", "ball"), stuff=(), predicates=("holding", "beside"))
PLACE = Segment.from_box((0, 0, 2, 2), height=4, width=4)


def film(*relations, frames=10, seen=range(10)):
    """A person and a ball, seen together in some frames."""
    nodes = (Node(1, 0, Tube(dict.fromkeys(range(frames), PLACE))), Node(2, 1, Tube(dict.fromkeys(seen, PLACE))))
    return SceneGraph(Source("video", "a", 4, 4, frames, 5.0), nodes, relations, WORDS)


def test_scores_are_shares_of_pairs_and_spans_the_usual_ones():
    films = [film(Relation(1, 0, 2, spans=(Span(0, 5),))), film(Relation(1, 0, 2, spans=(Span(0, 6),))), film()]
    model = VideoFrequencyModel(WORDS).fit(films)
    (relation,) = model.predict(film()).relations
    assert relation.triple == (1, 0, 2) and relation.score == pytest.approx(2 / 3)
    assert relation.spans == (Span(0, 6),)
    (relation,) = model.predict(film(seen=range(3, 10))).relations
    assert relation.spans == (Span(3, 6),)
    (relation,) = model.predict(film(frames=20, seen=range(20))).relations
    assert relation.spans == (Span(0, 12),)


def test_pairs_that_are_never_seen_together():
    model = VideoFrequencyModel(WORDS).fit([film(Relation(1, 1, 2))])
    apart = replace(film(), nodes=(film().nodes[0], Node(2, 0, Tube({3: PLACE}))))
    assert model.predict(apart).relations == ()
    assert model.predict(replace(film(), nodes=())).relations == ()


def test_other_names_are_refused():
    other = replace(film(), vocabulary=Vocabulary(("person", "ball"), (), ("holding",)))
    with pytest.raises(InputError, match="another vocabulary"):
        VideoFrequencyModel(WORDS).fit([other])


@given(arrays(np.float64, (1, 6), elements=st.floats(0, 1)))
def test_no_other_frames_promise_more(probable):
    def overlap(chosen):
        return probable[chosen].sum() / max(chosen.sum() + probable[~chosen].sum(), 1e-12)

    best = overlap(best_frames(probable))
    for bits in range(1, 64):
        chosen = np.array([[bool(bits >> frame & 1) for frame in range(6)]])
        assert overlap(chosen) <= best + 1e-9
