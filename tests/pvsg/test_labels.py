"""Labels of tracks: by hand, and equal to the published relation set."""

import numpy as np
import pytest

from pvsg.labels import labels_of, match, ranges_of, transferred
from scenegraph import Mask, Relation, Segment, Span, Tube
from tests.scenegraph.golden_pvsg import expected, videos, words


@pytest.fixture(scope="module")
def folder(golden):
    return golden / "pvsg"


def published(video, vocabulary):
    """Matches, ranges and transferred relations of a golden video."""
    truth = video.truth
    frames = video.description["num_frames"]
    matched = match(truth.tubes, truth.categories, video.tubes, video.categories, frames)
    ranges = [ranges_of(each) for each in matched]
    relations = [
        Relation(s - 1, vocabulary.predicate_id(p), o - 1, spans=tuple(Span.inclusive(*span) for span in spans))
        for s, o, p, spans in video.description["relations"]
        if p in vocabulary.predicates
    ]
    return matched, ranges, transferred(relations, ranges, published=True)


def test_the_published_relation_set(folder):
    wanted, vocabulary = expected(folder)["relation_set"], words(folder)
    for video in videos(folder):
        matched, ranges, moved = published(video, vocabulary)
        ids = video.arrays["track_ids"].tolist()
        golden = wanted[video.name]
        tracks = [(str(track), int(video.categories[place])) for place, track in enumerate(ids) if video.tubes[place]]
        assert dict(tracks) == golden["tube_class"]
        found = {
            str(n + 1): {str(ids[m]): np.flatnonzero(frames).tolist() for m, frames in enumerate(each) if frames.any()}
            for n, each in enumerate(matched)
            if each.any()
        }
        assert found == golden["matched_frames"]
        listed = {
            str(n + 1): {str(ids[m]): {f"{a}-{b - 1}" for a, b in spans} for m, spans in each.items()}
            for n, each in enumerate(ranges)
            if each
        }
        assert listed == {
            n: {m: {spans} if isinstance(spans, str) else set(spans) for m, spans in each.items()}
            for n, each in golden["matched_ranges"].items()
            if each
        }
        rows = [[ids[s], ids[o], p, [list(span) for span in spans]] for (s, p, o), spans in moved.items()]
        assert sorted(rows) == sorted(golden["translated"])  # the published order is that of track ids as texts
        labels = labels_of(moved, video.arrays["query_present"])
        found = {
            (ids[s], ids[o], p): np.flatnonzero(on).tolist()
            for (s, p, o), on in zip(labels.triples.tolist(), labels.active, strict=True)
        }
        keys = ("subject_track", "object_track", "predicate")
        assert found == {tuple(each[key] for key in keys): each["span_frames"] for each in golden["training_relations"]}


def box_tube(columns):
    """A tube of two columns of an 8 x 8 picture: column by frame, None where it is not seen."""
    segments = {}
    for frame, column in enumerate(columns):
        if column is not None:
            array = np.zeros((8, 8), dtype=bool)
            array[:, column : column + 2] = True
            segments[frame] = Segment(Mask.from_array(array))
    return Tube(segments)


def test_by_hand():
    """Two objects, one of them in two tracks; the relation is cut to the tracks and loses no frame."""
    person, ball = box_tube([0] * 12), box_tube([4] * 12)
    early, late = box_tube([4] * 6 + [None] * 6), box_tube([None] * 6 + [4] * 6)
    classes = np.array([0, 1])
    matched = match([person, ball], classes, [person, early, late], np.array([0, 1, 1]), 12)
    assert matched.sum(axis=2).tolist() == [[12, 0, 0], [0, 6, 6]]
    ranges = [ranges_of(each) for each in matched]
    relation = Relation(0, 5, 1, spans=(Span(4, 9),))
    assert transferred([relation], ranges) == {(0, 5, 1): [Span(4, 6)], (0, 5, 2): [Span(6, 9)]}
    assert transferred([relation], ranges, published=True) == {(0, 5, 1): [Span(4, 6)], (0, 5, 2): [Span(6, 8)]}
    present = matched.any(axis=0)
    assert labels_of(transferred([relation], ranges), present).triples.tolist() == [[0, 5, 2]]
    both = labels_of(transferred([relation], ranges), present, shortest=1)
    assert [np.flatnonzero(row).tolist() for row in both.active] == [[4, 5], [6, 7, 8]]


def test_another_class_and_half_an_overlap_do_not_match():
    ball = box_tube([4] * 6)
    assert not match([ball], np.array([1]), [ball], np.array([0]), 6).any()
    assert not match([ball], np.array([1]), [box_tube([5] * 6)], np.array([1]), 6).any()


def test_nothing_to_label():
    none = np.zeros((0, 4), dtype=bool)
    assert match([], np.zeros(0, dtype=np.int64), [], np.zeros(0, dtype=np.int64), 4).shape == (0, 0, 4)
    assert labels_of({}, none).active.shape == (0, 4)
    assert ranges_of(none) == {}
