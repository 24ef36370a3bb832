"""Shared voxels of tubes: by hand, against sets of voxels, and through the evaluation."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import Camera, InputError, Mask, Segment, Source, Tube
from scenegraph.tube_overlap import compare_tubes
from scenegraph.video_evaluation import VideoEvaluation
from scenegraph.voxel_overlap import compare_voxels, owners_of, voxels_of
from tests.factories import park_video

CAMERA = Camera(fx=10.0, fy=10.0, cx=0.0, cy=0.0)


def tube(*rows):
    """A tube of masks, one a frame; None where the node is not seen."""
    masks = {frame: Segment(Mask.from_array(np.array(row, bool))) for frame, row in enumerate(rows) if row is not None}
    return Tube(masks)


def test_near_pixels_share_voxels():
    """At 0.2 m ten pixels lie in 0.2 m, at 2 m in 2 m: voxels of 1 m make 1 of the near, 1 each of the far ones."""
    near, far = np.full((1, 20), 0.2), np.full((1, 20), 10.0)
    metres = np.where(np.arange(20) < 10, near, far)
    left = [[1] * 10 + [0] * 10]
    right = [[0] * 10 + [1] * 10]
    both = [[1] * 20]
    overlap = compare_voxels([tube(left), tube(right)], [tube(both)], lambda frame: metres, CAMERA, 1, 1.0)
    assert overlap.truth_areas.tolist() == [[1, 10]] and overlap.predicted_areas.tolist() == [[11]]
    assert overlap.shared.tolist() == [[[1], [10]]]
    pixels = compare_tubes([tube(left), tube(right)], [tube(both)], 1)
    assert pixels.volume_iou()[0, 0] == 0.5 and overlap.volume_iou()[0, 0] == pytest.approx(1 / 11)


def test_a_voxel_belongs_to_most_of_its_points():
    assert owners_of(np.array([0, 0, 0]), np.array([-1, -1, 1]), 2).tolist() == [-1]
    assert owners_of(np.array([0, 0, 0, 0]), np.array([1, 0, 1, 0]), 2).tolist() == [0]
    assert owners_of(np.zeros(0, int), np.zeros(0, int), 2).tolist() == []


def test_negative_coordinates_have_voxels_of_their_own():
    cells = voxels_of(np.array([[-0.01, 0, 0], [0.01, 0, 0], [0, -0.01, 0], [0, 0, -0.01]]), 0.05)
    assert len(set(cells.tolist())) == 4


def test_higher_priority_keeps_shared_pixels():
    both, metres = tube([[1, 1]]), np.array([[1.0, 9.0]])
    overlap = compare_voxels(
        [tube([[1, 0]])], [both, tube([[1, 0]])], lambda frame: metres, CAMERA, 1, 0.05, np.array([1, 0])
    )
    assert overlap.predicted_areas.tolist() == [[1, 1]] and overlap.shared.tolist() == [[[0, 1]]]


def test_bad_input():
    seen, metres = tube([[1, 0]]), np.ones((1, 2))
    with pytest.raises(InputError, match="edge above 0"):
        compare_voxels([seen], [seen], lambda frame: metres, CAMERA, 1, 0.0)
    with pytest.raises(InputError, match="no frame has depth"):
        compare_voxels([seen], [seen], lambda frame: np.zeros((1, 2)), CAMERA, 1)
    with pytest.raises(InputError, match=r"depth of \(1, 3\) pixels"):
        compare_voxels([seen], [seen], lambda frame: np.ones((1, 3)), CAMERA, 1)
    with pytest.raises(InputError, match="metres expected"):
        voxels_of(np.array([[1e9, 0, 0]]), 0.05)
    assert compare_voxels([], [], lambda frame: metres, CAMERA, 0).shared.shape == (0, 0, 0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_as_sets_of_voxels(seed):
    """Points, voxels and votes written out."""
    random = np.random.default_rng(seed)
    frames, size, voxel = 2, (4, 5), 0.3
    maps = [random.integers(-1, 3, (frames, *size)) for _ in range(2)]
    metres = random.choice([0.0, np.nan, 0.5, 1.0, 3.0], (frames, *size))
    tubes = [
        [Tube({f: Segment(Mask.from_array(side[f] == node)) for f in range(frames)}) for node in range(3)]
        for side in maps
    ]
    overlap = compare_voxels(*tubes, lambda frame: metres[frame], CAMERA, frames, voxel)
    for frame in range(frames):
        votes = [{}, {}]
        for y, x in np.ndindex(*size):
            z = metres[frame, y, x]
            if z > 0:
                cell = tuple(int(np.floor(c / voxel)) for c in (x / 10 * z, y / 10 * z, z))
                for side in range(2):
                    votes[side].setdefault(cell, Counter())[int(maps[side][frame, y, x])] += 1
        owner = [{c: min(v, key=lambda n: (-v[n], n)) for c, v in side.items()} for side in votes]
        for a in range(3):
            assert overlap.truth_areas[frame, a] == sum(n == a for n in owner[0].values())
            for b in range(3):
                assert overlap.shared[frame, a, b] == sum(owner[0][c] == a and owner[1][c] == b for c in owner[0])


def in_space():
    graph = park_video()
    return replace(graph, source=Source("rgbd", "park", 20, 30, 10, 5.0, CAMERA))


def test_the_truth_itself_is_found():
    graph = in_space()
    evaluation = VideoEvaluation(graph.vocabulary, ks=(20,), voxel=0.1)
    part = VideoEvaluation(graph.vocabulary, ks=(20,), voxel=0.1)
    part.add(graph, graph, lambda frame: np.full((20, 30), 2.0))
    evaluation.merge(part)
    values = evaluation.report().values
    assert values["strict voxels/R@20"] == values["strict voxels, vIoU 0.1/R@20"] == 1.0
    assert "strict voxels" in evaluation.report().table()
    with pytest.raises(InputError, match="merged"):
        evaluation.merge(VideoEvaluation(graph.vocabulary, ks=(20,)))


def test_voxels_need_depth_and_a_camera():
    graph = in_space()
    evaluation = VideoEvaluation(graph.vocabulary, voxel=0.1)
    with pytest.raises(InputError, match="voxels need depth"):
        evaluation.add(graph, graph)
    flat = park_video()
    with pytest.raises(InputError, match="voxels need a camera"):
        evaluation.add(flat, flat, lambda frame: np.ones((20, 30)))
    with pytest.raises(InputError, match="above 0"):
        VideoEvaluation(graph.vocabulary, voxel=-1.0)
