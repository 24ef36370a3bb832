"""Segments in metres: worked by hand, against a plain loop, on noise, on bad input and on toyworld."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from psg4d.lifter import Lifter
from psg4d.lifting import LEAST_PIXELS, RENDERED, DepthNoise, lift
from scenegraph import Camera, InputError
from toyworld.clips import video

CAMERA = Camera(100.0, 100.0, 39.5, 29.5)
TURNED = np.array([[0.0, 0, 1, 5], [0, 1, 0, 6], [-1, 0, 0, 7], [0, 0, 0, 1]])
"""The camera looks along the x axis of the world from (5, 6, 7)."""


def board(depth=2.0):
    """A board of 20 x 20 pixels in the middle of a 60 x 80 picture, alone."""
    ids = np.full((60, 80), -1)
    ids[20:40, 30:50] = 0
    return ids, np.full((60, 80), depth, dtype=np.float32)


def test_board_by_hand():
    ids, depth = board()
    found = lift(ids, depth, CAMERA, 1, noise=RENDERED)
    # Pixels 30 to 49 lie at (30 - 39.5) / 100 * 2 = -0.19 to 0.19 m; 1 % of 400 pixels beyond each end is less
    # than a column of 20.
    np.testing.assert_allclose(found.positions, [[0, 0, 2]], atol=1e-6)
    np.testing.assert_allclose(found.extents, [[0.38, 0.38, 0]], atol=1e-6)
    assert found.pixels.tolist() == [400]
    assert 0 < found.uncertainty[0, 0] < 0.02 and found.uncertainty[0, 2] < 1e-6


def test_world_axes():
    ids, depth = board()
    found = lift(ids, depth, CAMERA, 1, pose=TURNED, noise=RENDERED)
    # 2 m ahead is 2 m along world x; the width of the board lies along world z.
    np.testing.assert_allclose(found.positions, [[7, 6, 7]], atol=1e-6)
    np.testing.assert_allclose(found.extents, [[0, 0.38, 0.38]], atol=1e-6)
    noisy = lift(ids, depth, CAMERA, 1, pose=TURNED, noise=DepthNoise(0.05, 0.0))
    assert noisy.uncertainty[0, 0] == pytest.approx(0.05, rel=0.01) and noisy.uncertainty[0, 1] < 0.02


def test_no_depth_gives_nan():
    ids, depth = board()
    ids[0, :LEAST_PIXELS] = 1
    ids[1, : LEAST_PIXELS - 1] = 2
    depth[ids == 0] = 0
    found = lift(ids, depth, CAMERA, 4)
    known = [not np.isnan(row).any() for row in found.positions]
    assert known == [False, True, False, False]
    assert all(np.isnan(rows[0]).all() for rows in found[:3]) and found.pixels.tolist() == [0, LEAST_PIXELS, 0, 0]
    depth[:] = np.nan
    assert np.isnan(lift(ids, depth, CAMERA, 4).positions).all()


def test_zero_sizes():
    nothing = lift(np.zeros((0, 0), dtype=int), np.zeros((0, 0), dtype=np.float32), CAMERA, 0)
    assert nothing.positions.shape == (0, 3) and nothing.pixels.shape == (0,)
    assert lift(*board(), CAMERA, 0).extents.shape == (0, 3)


def test_depth_that_bleeds_over_the_border_of_a_mask_does_not_count():
    """A mask 2 pixels too large before a wall at 4 m, and sensor pixels in mid-air."""
    random = np.random.default_rng(0)
    ids = np.full((60, 80), 1)
    depth = np.full((60, 80), 4.0, dtype=np.float32)
    depth[20:40, 30:50] = 2.0
    ids[18:42, 28:52] = 0
    depth[20:40, 29] = random.uniform(2.2, 3.8, 20)
    depth[19, 30:50] = random.uniform(2.2, 3.8, 20)
    found = lift(ids, depth, CAMERA, 2, noise=RENDERED)
    assert found.positions[0, 2] == pytest.approx(2.0, abs=0.01) and found.extents[0, 2] < 0.02
    np.testing.assert_allclose(found.extents[0, :2], 0.38, atol=0.05)
    naive = depth[ids == 0]
    assert (naive.max() + naive.min()) / 2 == pytest.approx(3.0, abs=0.01)  # a metre off


def test_a_second_large_part_counts():
    """A cupboard behind a pillar is seen on both of its sides, and one side is 30 cm farther."""
    ids, depth = board()
    depth[20:40, 30:38] = 2.3
    ids[:, 38:42] = 1
    found = lift(ids, depth, CAMERA, 2, noise=RENDERED)
    assert found.extents[0, 2] == pytest.approx(0.3, abs=1e-3)


def test_solid_bodies_have_a_back():
    ids, depth = board()
    found = lift(ids, depth, CAMERA, 1, solid=np.array([True]), noise=RENDERED)
    assert found.extents[0, 2] == pytest.approx(0.28, abs=0.02)  # 0.7 of its width
    assert found.positions[0, 2] == pytest.approx(2.14, abs=0.01)
    assert found.uncertainty[0, 2] == pytest.approx(0.25 * 0.4, rel=0.05)


def test_bad_input():
    ids, depth = board()
    with pytest.raises(InputError, match="register depth to colour"):
        lift(ids, depth[1:], CAMERA, 1)
    with pytest.raises(InputError, match="below 0 m"):
        lift(ids, depth - 3, CAMERA, 1)
    with pytest.raises(InputError, match="no rotation"):
        lift(ids, depth, CAMERA, 1, pose=np.diag([2.0, 1, 1, 1]))


def plain(ids, depth, count):
    """Centre and size of all measured points of every segment, mask by mask."""
    points = CAMERA.points(depth)
    middle, size = np.full((count, 3), np.nan), np.full((count, 3), np.nan)
    for at in range(count):
        own = points[(ids == at) & (depth > 0)]
        if len(own) >= LEAST_PIXELS:
            middle[at], size[at] = (own.min(0) + own.max(0)) / 2, np.ptp(own, axis=0)
    return middle, size


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(0, 6))
def test_equals_a_plain_loop_where_nothing_bleeds(seed, count):
    """Strips of slowly varying depth, few enough pixels for no trimming."""
    random = np.random.default_rng(seed)
    ids = np.repeat(random.integers(-1, max(count, 1), 12), 7)[None].repeat(8, 0)[:, :80]
    depth = (3 + 0.001 * random.random((8, 80))).astype(np.float32)
    depth[random.random((8, 80)) < 0.1] = 0
    keep = np.isin(ids, np.flatnonzero(np.bincount(ids[ids >= 0], minlength=1) <= 100))
    ids = np.where(keep, ids, -1)
    found = lift(ids, depth, CAMERA, count, noise=RENDERED)
    middle, size = plain(ids, depth, count)
    np.testing.assert_allclose(found.positions, middle, atol=1e-6)
    np.testing.assert_allclose(found.extents, size, atol=1e-6)


def test_lifter_makes_tracks():
    lifter = Lifter(CAMERA, solid=())
    ids, depth = board()
    for frame, ahead in ((0, 2.0), (1, 2.5), (3, 3.0)):
        lifter.add(frame, ids, depth * 0 + np.float32(ahead), [4])
    lifter.add(5, ids, depth * 0, [4])
    lifter.add(6, np.full((60, 80), -1), depth, [4])
    (track,) = lifter.tracks().values()
    assert track.frames == (0, 1, 3, 5)
    np.testing.assert_allclose(track.positions[:, 2], [2, 2.5, 3, np.nan])
    assert track.position(5) is None and track.segment(3).area == 400
    lifter.forget([4])
    assert not lifter.tracks()


def test_lifter_refuses():
    lifter = Lifter(Camera(100.0, 100.0, 39.5, 29.5, np.tile(np.eye(4), (2, 1, 1))))
    ids, depth = board()
    lifter.add(1, ids, depth, [0])
    with pytest.raises(InputError, match="ascending order"):
        lifter.add(0, ids, depth, [0])
    with pytest.raises(InputError, match="no pose for frame 2"):
        lifter.add(2, ids, depth, [0])
    with pytest.raises(InputError, match="two segments"):
        lifter.add(3, ids, depth, [0, 0])
    free = Lifter(CAMERA)
    free.add(0, ids, depth, [0])
    with pytest.raises(InputError, match="for all frames or for none"):
        free.add(1, ids, depth, [0], pose=np.eye(4))


def test_toyworld_distances():
    """Distances between things in worlds that nothing was tuned on: within 5 % at the median."""
    errors = []
    for seed in range(8811, 8819):
        clip = video(seed, frames=2, fps=0.2, rgbd=True)
        graph, camera = clip.graph, clip.camera
        nodes = [node.id for node in graph.nodes]
        things = {node.id for node in graph.nodes if graph.vocabulary.is_thing(node.category)}
        table = np.full(max(nodes) + 1, -1)
        table[nodes] = np.arange(len(nodes))
        lifter = Lifter(camera, things, RENDERED)
        for frame in range(2):
            shown = clip[frame]
            lifter.add(frame, table[shown.ids], shown.depth, nodes)
        tracks = lifter.tracks()
        assert {node: tracks[node].frames for node in nodes} == {node.id: node.region.frames for node in graph.nodes}
        for frame in range(2):
            seen = [n for n in sorted(things) if tracks[n].position(frame) is not None]
            found = np.array([tracks[n].position(frame) for n in seen])
            truth = np.array([graph.node(n).region.position(frame) for n in seen])
            first, second = np.triu_indices(len(seen), 1)
            ours, real = (np.linalg.norm(p[first] - p[second], axis=1) for p in (found, truth))
            errors += (np.abs(ours - real) / real).tolist()
    assert len(errors) > 100 and np.median(errors) < 0.05


def test_what_is_cut_off_is_less_sure():
    """A board at the left edge, and one behind a nearer pole: their middle is not known across, it is up and down."""
    ids, depth = board()
    whole = lift(ids, depth, CAMERA, 1, noise=RENDERED).uncertainty[0]
    at_edge = lift(np.roll(ids, -30, axis=1), depth, CAMERA, 1, noise=RENDERED).uncertainty[0]
    depth[:, 50:55] = 1.0
    hidden = lift(ids, depth, CAMERA, 1, noise=RENDERED).uncertainty[0]
    for cut in (at_edge, hidden):
        assert cut[0] > 0.15 > 9 * whole[0] and cut[1] == pytest.approx(whole[1], abs=1e-6)
    depth[:, 50:55] = 3.0  # farther: nothing hides
    np.testing.assert_allclose(lift(ids, depth, CAMERA, 1, noise=RENDERED).uncertainty[0], whole)
