"""VPQ and STQ by hand, and VPQ of one frame against the PQ of pictures."""

import numpy as np
import pytest

from scenegraph import Mask, Node, SceneGraph, Segment, Source, Tube, Vocabulary
from scenegraph.evaluation import Evaluation
from scenegraph.tube_overlap import compare_tubes
from scenegraph.video_evaluation import VideoEvaluation
from scenegraph.video_quality import TubeQualitySums, measure
from tests.factories import rectangle

WORDS = Vocabulary(("person", "dog"), ("grass",), ("on",))


def video(*tubes, frames=4):
    """Nodes from (category, {frame: (x1, y1, x2, y2)}) in a video of 4 x 8 pixels."""
    nodes = tuple(
        Node(i, category, Tube({frame: Segment(rectangle(4, 8, *box)) for frame, box in boxes.items()}))
        for i, (category, boxes) in enumerate(tubes)
    )
    return SceneGraph(Source("video", "clip", 4, 8, frames), nodes, (), WORDS)


def values(truth, prediction):
    evaluation = VideoEvaluation(WORDS, ks=(20,))
    evaluation.add(truth, prediction)
    return evaluation.report().values


LEFT, RIGHT = (0, 0, 4, 4), (4, 0, 8, 4)


def test_an_identity_switch():
    """One person of 16 pixels over 4 frames; the tracker gives it a new identity in the middle."""
    truth = video((0, dict.fromkeys(range(4), LEFT)), (2, dict.fromkeys(range(4), RIGHT)))
    switched = video(
        (0, dict.fromkeys((0, 1), LEFT)), (0, dict.fromkeys((2, 3), LEFT)), (2, dict.fromkeys(range(4), RIGHT))
    )
    found = values(truth, switched)
    assert found["VPQ[1]"] == 1.0
    # Windows of two frames: two are whole; in the third each half has IoU 1/2 and is an error: 2 / (2 + 1 + 0.5).
    assert found["VPQ_things[2]"] == pytest.approx(2 / 3.5)
    # All four frames: both halves have IoU 1/2, which is not above it.
    assert found["VPQ_things[4]"] == found["VPQ_things[6]"] == 0.0
    assert found["VPQ_stuff"] == 1.0
    # Each half holds 32 of 64 pixels at IoU 1/2: (32 / 2 + 32 / 2) / 64.
    assert found["STQ/AQ"] == pytest.approx(0.5) and found["STQ/SQ"] == 1.0
    assert found["STQ"] == pytest.approx(np.sqrt(0.5))


def test_a_wrong_class_keeps_the_association():
    truth = video((0, dict.fromkeys(range(4), LEFT)))
    found = values(truth, video((1, dict.fromkeys(range(4), LEFT))))
    assert found["STQ/AQ"] == 1.0 and found["STQ/SQ"] == found["VPQ"] == 0.0


def test_void_is_no_error():
    """Predictions where the truth is unlabelled: the tube on void alone is ignored, the other one not cut."""
    truth = video((0, {0: LEFT}), frames=1)
    wide = video((0, {0: (0, 0, 6, 4)}), (1, {0: (6, 0, 8, 4)}), frames=1)
    found = values(truth, wide)
    assert found["VPQ"] == found["STQ"] == 1.0


def test_windows_of_one_frame_are_pictures():
    random = np.random.default_rng(3)
    frames = [random.integers(0, 5, (2, 4, 8)) for _ in range(6)]
    kinds = (0, 0, 1, 2)
    pictures = Evaluation(WORDS, (20,))
    sides = []
    for side in (0, 1):
        maps = [np.where(random.random((4, 8)) < 0.8, ids[0], ids[side]) for ids in frames]
        tubes = []
        for i in range(4):
            tubes.append(Tube({f: Segment(Mask.from_array(maps[f] == i)) for f in range(6) if (maps[f] == i).any()}))
        sides.append(SceneGraph(Source("video", "v", 4, 8, 6), nodes_of(zip(kinds, tubes, strict=True)), (), WORDS))
    for frame in range(6):
        pair = []
        for graph in sides:
            seen = [(n.category, s) for n in graph.nodes if (s := n.region.segment(frame)) is not None]
            pair.append(SceneGraph(Source("image", "v", 4, 8), nodes_of(seen), (), WORDS))
        pictures.add(*pair)
    found, wanted = values(*sides), pictures.report().values
    for group in ("", "_things", "_stuff"):
        assert found[f"VPQ{group}[1]"] == pytest.approx(wanted[f"PQ{group}"], nan_ok=True)


def nodes_of(pairs):
    return tuple(Node(i, category, region) for i, (category, region) in enumerate(pairs))


def test_nothing():
    things = np.array([True, True, False])
    none = np.zeros(0, dtype=np.int64)
    sums = TubeQualitySums(things)
    sums.add(measure(compare_tubes((), (), 3), none, none, things))
    assert np.isnan(sums.values()["STQ"]) and np.isnan(sums.values()["VPQ"])
