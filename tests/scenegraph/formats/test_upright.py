"""Which way is up in RGB-D folders: as a file says it, or as the camera was held."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegraph import Camera, InputError
from scenegraph.formats.rgbd import RGBDFolder, validate
from scenegraph.formats.rgbd.upright import AXES, turned
from tests.scenegraph.formats.test_rgbd import camera, seven_scenes

POINT = np.array([0.3, -0.2, 2.0])


@pytest.fixture
def room(tmp_path):
    seven_scenes(tmp_path)
    return tmp_path


def to_z_up(room):
    """The same recording in a world whose z points up."""
    turn = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    for frame, pose in enumerate(camera().poses):
        np.savetxt(room / f"frame-{frame + 8:06d}.pose.txt", turn @ pose)


def test_an_axis_is_taken_as_it_is_said(room):
    to_z_up(room)
    assert RGBDFolder.open(room).up == "z"  # the camera was held upright
    poses = RGBDFolder.open(room).camera.poses
    (room / "world.json").write_text('{"up": "y"}')
    folder = RGBDFolder.open(room)
    assert folder.up_declared and folder.source.up == "y" and np.array_equal(folder.camera.poses, poses)


def test_a_camera_that_looks_down_tells_nothing(room):
    down = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
    down[:3, :3] = [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]  # its up is along the world's x
    for frame in range(5):
        np.savetxt(room / f"frame-{frame + 8:06d}.pose.txt", down)
    assert RGBDFolder.open(room).up == "-y"
    for path in room.glob("*.pose.txt"):
        path.unlink()
    assert RGBDFolder.open(room).source.up == "-y"


@pytest.mark.parametrize("said", [{"up": [0.1, -0.9, 0.2]}, {"gravity": [-1.0, 9.0, -2.0]}])
def test_a_direction_turns_the_world(room, said):
    before = RGBDFolder.open(room)
    (room / "world.json").write_text(json.dumps(said))
    after = RGBDFolder.open(room)
    up = np.array([0.1, -0.9, 0.2]) / np.linalg.norm([0.1, -0.9, 0.2])
    moved = after.camera.to_world(before.camera.to_camera(POINT, 2), 2)
    raised = after.camera.to_world(before.camera.to_camera(POINT + up, 2), 2)
    assert after.source.up == "-y" and np.allclose(raised - moved, (0, -1, 0), atol=1e-6)
    assert validate(room, progress=False) == []


@given(st.tuples(*[st.floats(-1, 1) for _ in range(3)]).filter(lambda each: np.linalg.norm(each) > 0.01))
def test_every_direction_becomes_an_axis(up):
    poses = np.eye(4)[None]
    found, axis = turned(Camera(1.0, 1.0, 0.0, 0.0, poses), np.array(up))
    unit = np.array(up) / np.linalg.norm(up)
    assert np.allclose(found.poses[0, :3, :3] @ unit, AXES[axis], atol=1e-6)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"up": "x"}', "up: expected one of -y, y, z or three numbers, found 'x'"),
        ('{"up": [0, 0, 0]}', "is no direction"),
        ('{"up": [0, 1]}', "expected three numbers"),
        ('{"gravity": "down"}', "gravity: expected three numbers"),
        ('{"up": "y", "gravity": [0, 1, 0]}', 'expected "up" or "gravity"'),
        ("[1, 2, 3]", "object"),
        ("{", "world.json"),
    ],
)
def test_what_is_no_direction(room, text, message):
    (room / "world.json").write_text(text)
    with pytest.raises(InputError, match=r"world\.json") as raised:
        RGBDFolder.open(room)
    assert message in str(raised.value)


def test_up_without_poses_means_nothing(room):
    for path in room.glob("*.pose.txt"):
        path.unlink()
    (room / "world.json").write_text('{"up": "z"}')
    with pytest.raises(InputError, match=r"world\.json: it says which way is up, and the recording has no poses"):
        RGBDFolder.open(room)
