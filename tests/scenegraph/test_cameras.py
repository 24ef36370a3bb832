import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegraph import Camera, InputError


def turned(angle, place):
    pose = np.eye(4)
    pose[0, 0] = pose[2, 2] = np.cos(angle)
    pose[0, 2], pose[2, 0] = np.sin(angle), -np.sin(angle)
    pose[:3, 3] = place
    return pose


def test_the_principal_point_looks_straight_ahead():
    camera = Camera(fx=100.0, fy=100.0, cx=2.0, cy=1.0)
    points = camera.points(np.full((3, 5), 2.0))
    assert points[1, 2].tolist() == [0, 0, 2]
    assert points[1, 3].tolist() == [0.02, 0, 2]
    assert points[2, 2].tolist() == [0, 0.02, 2]


def test_missing_depth_has_no_point():
    camera = Camera(1.0, 1.0, 0.0, 0.0)
    assert np.isnan(camera.points(np.array([[0.0, np.nan, -1.0]]))).all()
    assert camera.points(np.zeros((0, 0))).shape == (0, 0, 3)


@given(
    st.floats(-3, 3),
    st.lists(st.floats(-5, 5), min_size=3, max_size=3),
    st.lists(st.floats(-4, 4), min_size=2, max_size=2),
    st.floats(0.1, 50),
)
def test_projection_and_pose_are_inverted(angle, place, sideways, depth):
    camera = Camera(500.0, 480.0, 320.0, 240.0, poses=turned(angle, place)[None])
    point = np.array([[*sideways, depth]])
    assert np.allclose(camera.to_camera(camera.to_world(point, 0), 0), point, atol=1e-9)
    pixel = camera.project(point)[0]
    assert np.allclose((pixel - (320, 240)) / (500, 480) * depth, sideways, atol=1e-6)


def test_points_behind_the_camera_have_no_pixel():
    assert np.isnan(Camera(1.0, 1.0, 0.0, 0.0).project(np.array([[0.0, 0.0, -1.0]]))).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda pose: pose.__setitem__((0, 0), 2.0), "frame 1: .* is no rotation"),
        (lambda pose: pose.__setitem__((0, 3), np.nan), "frame 1: .* not finite"),
        (lambda pose: pose.__setitem__((3, 0), 1.0), "frame 1: the last row"),
        (lambda pose: pose.__setitem__((slice(0, 3), 0), -pose[:3, 0]), "frame 1: .* is no rotation"),
    ],
)
def test_poses_that_cannot_be(change, message):
    poses = np.stack([np.eye(4), np.eye(4)])
    change(poses[1])
    with pytest.raises(InputError, match=message):
        Camera(1.0, 1.0, 0.0, 0.0, poses)


def test_frames_without_a_pose():
    with pytest.raises(InputError, match="no poses"):
        Camera(1.0, 1.0, 0.0, 0.0).to_world(np.zeros((1, 3)), 0)
    with pytest.raises(InputError, match="no pose for frame 1; the camera has 1"):
        Camera(1.0, 1.0, 0.0, 0.0, np.eye(4)[None]).to_camera(np.zeros((1, 3)), 1)
    with pytest.raises(InputError, match="focal lengths"):
        Camera(0.0, 1.0, 0.0, 0.0)
