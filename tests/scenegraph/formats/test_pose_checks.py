"""Depth and poses of PSG4D's layouts that do not belong together, in a room whose depth is exact."""

import numpy as np
import pytest

from scenegraph import Mask, Node, SceneGraph, Segment, Source, Tube, Vocabulary
from scenegraph.formats.pose_checks import Neighbours
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter, validate
from tests.scenegraph.formats.test_rgbd import FRAMES, SIZE, camera, colour, depth

WORDS = Vocabulary(("chair",), ("floor",), ("on",))


def written(root, writer, view):
    mask = np.zeros(SIZE, dtype=bool)
    mask[50:] = True
    floor = Node(7, 1, Tube(dict.fromkeys(range(FRAMES), Segment(Mask.from_array(mask)))))
    graph = SceneGraph(Source("rgbd", "ZY1/H1/T1", *SIZE, FRAMES, 5.0, view), (floor,), (), WORDS)
    with writer(root, WORDS) as out:
        out.add(graph, ((colour(frame), depth(frame).astype(np.float32)) for frame in range(FRAMES)))
    return out.path


@pytest.fixture(params=["gta", "hoi"])
def data_set(request, tmp_path):
    writer, reader = {"gta": (GTAWriter, GTAFile), "hoi": (HOIWriter, HOIFile)}[request.param]

    def check(view):
        path = written(tmp_path, writer, view)
        return [p for p in validate(reader.open(path), progress=False) if p.field in ("poses", "depth", "camera")]

    return check


def edited(edit):
    view = camera()
    poses = np.array(view.poses)
    return type(view)(view.fx, view.fy, view.cx, view.cy, edit(poses))


def test_what_belongs_together_is_sound(data_set):
    assert data_set(camera()) == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda poses: poses[[0, 4, 2, 3, 1]], "frames 1: depth and poses differ from the frames before and after"),
        (lambda poses: poses[::-1], "with the poses in reverse they differ by 0."),
        (np.linalg.inv, "expected camera-to-world poses: invert them"),
        (lambda poses: poses * np.array([[1, 1, 1, 1000]] * 3 + [[1, 1, 1, 1]]), "divided by 1000"),
        (lambda poses: poses * np.array([[1, 1, 1, 2]] * 3 + [[1, 1, 1, 1]]), "with depth times 2 they differ by 0."),
    ],
)
def test_poses_of_other_frames_axes_and_units_are_told(data_set, edit, message):
    found = data_set(edited(edit))
    assert message in str(found[0]) and found[0].severity == "error"


def test_a_lens_that_changes_is_told(tmp_path):
    path = written(tmp_path, GTAWriter, camera())
    rage = tmp_path / "rage_matrices/T1/000003.npz"
    with np.load(rage) as stored:
        values = dict(stored)
    zoom = np.diag([1.2, 1.2, 1.0, 1.0])
    new = {"P": values["P"] @ zoom, "P_inv": np.linalg.inv(zoom) @ values["P_inv"]}
    view = values["VP"] @ values["P_inv"]
    np.savez(rage, **new, VP=view @ new["P"], VP_inv=np.linalg.inv(view @ new["P"]))
    (found,) = [problem for problem in validate(GTAFile.open(path), progress=False) if problem.field == "camera"]
    assert "frame 3: P is not that of frame 0" in found.message and found.severity == "warning"


def test_a_camera_that_only_turns_more_quickly_is_sound():
    """Neighbours differ by the depth's own noise; three times that in one place is no other frame."""
    neighbours = Neighbours(camera(), dict(enumerate((0.004, 0.004, 0.012, 0.013, 0.005), start=1)))
    assert list(neighbours.findings()) == []
    neighbours = Neighbours(camera(), dict(enumerate((0.004, 0.004, 0.12, 0.13, 0.005), start=1)))
    ((place, message, severity),) = neighbours.findings()
    assert (place, severity) == ("poses", "error") and message.startswith("frames 3: ")
    assert list(Neighbours(camera()).findings()) == []


def test_a_frame_that_differs_a_little_from_neighbours_that_fit_each_other_is_told():
    """Of a camera that hardly moves: an exchanged frame differs from both by 1 %, and these by 0.4 %."""
    errors = dict(enumerate((0.003, 0.010, 0.011, 0.003), start=1))
    assert list(Neighbours(camera(), errors, {2: 0.012}).findings()) == []
    ((_, message, severity),) = Neighbours(camera(), errors, {2: 0.004}).findings()
    assert severity == "warning" and message.startswith("frames 2: ")
