"""Distances, sides and velocities: worked by hand, against plain loops, and where nothing is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegraph import InputError
from scenegraph.motion import velocities
from scenegraph.placement import (
    CAMERA_FRAME,
    centre_distances,
    directions,
    facing_frame,
    surface_distances,
    world_frame,
)

UP = np.array([0.0, 0.0, 1.0])
PLACES = np.array([[0.0, 0, 0], [2.0, 0, 0], [0, 3.0, 0], [0, 0, 1.5], [np.nan] * 3])


def test_distances_by_hand():
    sizes = np.full((5, 3), 1.0)
    centres, surfaces = centre_distances(PLACES), surface_distances(PLACES, sizes)
    assert centres[0, 1] == 2 and centres[1, 2] == pytest.approx(13**0.5) and np.isnan(centres[4]).all()
    assert surfaces[0, 1] == 1 and surfaces[0, 3] == 0.5 and surfaces[0, 0] == 0
    assert surfaces[1, 2] == pytest.approx((1 + 4) ** 0.5) and np.isnan(surfaces[:, 4]).all()
    assert surface_distances(np.zeros((0, 3)), np.zeros((0, 3))).shape == (0, 0)


def test_sides_depend_on_who_looks():
    """z up: looking along +y, x is to the right; from the other side it is to the left."""
    along = directions(PLACES, world_frame(UP, np.array([0.0, 1, 0])))
    assert along.right[1, 0] and not along.left[1, 0] and along.left[0, 1]
    assert along.behind[2, 0] and along.in_front[0, 2] and along.above[3, 0] and along.below[0, 3]
    back = directions(PLACES, world_frame(UP, np.array([0.0, -1, 0.3])))
    assert back.left[1, 0] and back.in_front[2, 0] and back.above[3, 0]
    for sides in along:
        assert not sides[4].any() and not sides[:, 4].any() and not sides.diagonal().any()


def test_facing_a_node():
    """One who stands at (2, 0, 0) and faces (0, 3, 0) has the origin on the left."""
    frame = facing_frame(PLACES[1], PLACES[2], UP)
    sides = directions(PLACES, frame)
    assert sides.left[0, 2] and not sides.right[0, 2]
    np.testing.assert_allclose(frame @ frame.T, np.eye(3), atol=1e-12)
    assert np.linalg.det(frame) == pytest.approx(1)
    with pytest.raises(InputError, match="no level direction"):
        facing_frame(PLACES[0], PLACES[3], UP)
    with pytest.raises(InputError, match="no level direction"):
        world_frame(np.zeros(3), UP)


def test_close_calls_are_no_side():
    places = np.array([[0.0, 0, 1], [0.01, 0, 1], [0.5, 0, 1]])
    assert directions(places, CAMERA_FRAME).right.tolist() == [[False] * 3, [False] * 3, [True, True, False]]
    unsure = np.array([[0.0, 0, 0], [0, 0, 0], [0.6, 0, 0]])
    assert not directions(places, CAMERA_FRAME, unsure).right.any()


@given(st.integers(0, 2**32 - 1))
def test_sides_are_opposite(seed):
    random = np.random.default_rng(seed)
    places, frame = random.normal(size=(6, 3)), world_frame(random.normal(size=3), random.normal(size=3))
    sides = directions(places, frame, np.abs(random.normal(size=(6, 3))))
    for one, other in ((sides.left, sides.right), (sides.above, sides.below), (sides.in_front, sides.behind)):
        assert (one == other.T).all() and not (one & other).any()


def plain_velocity(places, frames, fps, sigma, window, at, axis):
    """One weighted line by numpy's own fit."""
    rows = [i for i, frame in enumerate(frames) if abs(frame - frames[at]) / fps <= window + 1e-9]
    rows = [i for i in rows if np.isfinite(places[i, axis])]
    if len(rows) < 2:
        return np.nan
    times = np.array([frames[i] / fps for i in rows])
    return np.polyfit(times, places[rows, axis], 1, w=1 / sigma[rows, axis])[0]


@given(st.integers(0, 2**32 - 1))
def test_velocities_equal_plain_fits(seed):
    random = np.random.default_rng(seed)
    frames = np.flatnonzero(random.random(20) < 0.7).tolist()
    places, sigma = random.normal(size=(len(frames), 3)), random.uniform(0.01, 0.1, (len(frames), 3))
    places[random.random(len(frames)) < 0.2] = np.nan
    found = velocities(places, frames, 10.0, sigma, window=0.3)
    for at in range(len(frames)):
        expected = [plain_velocity(places, frames, 10.0, sigma, 0.3, at, axis) for axis in range(3)]
        np.testing.assert_allclose(found.values[at], expected, atol=1e-6)


def test_velocity_errors_are_what_noise_makes():
    """A node that moves at 1 m/s, measured 2,000 times: the spread of the slopes is the stated error."""
    random = np.random.default_rng(0)
    truth = np.linspace(0, 1, 11)[:, None] * np.array([1.0, 0, 0])
    slopes = [
        velocities(truth + random.normal(0, 0.02, truth.shape), range(11), 10.0, np.full(truth.shape, 0.02)).values[5]
        for _ in range(500)
    ]
    stated = velocities(truth, range(11), 10.0, np.full(truth.shape, 0.02)).errors[5]
    np.testing.assert_allclose(np.mean(slopes, axis=0), [1, 0, 0], atol=0.01)
    np.testing.assert_allclose(np.std(slopes, axis=0), stated, rtol=0.15)


def test_velocities_where_little_is_known():
    assert velocities(np.zeros((0, 3)), (), 10.0).values.shape == (0, 3)
    assert np.isnan(velocities(np.zeros((1, 3)), (4,), 10.0).values).all()
    assert np.isnan(velocities(np.full((3, 3), np.nan), (0, 1, 2), 10.0).errors).all()
    for fps, frames in ((0.0, (0, 1)), (10.0, (1, 0)), (10.0, (0, 1, 2))):
        with pytest.raises(InputError, match="ascending frames"):
            velocities(np.zeros((2, 3)), frames, fps)
