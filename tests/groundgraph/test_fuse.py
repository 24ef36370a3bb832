"""`groundgraph fuse` and `show --cloud`: folders and data sets, and input that does not fit together."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source, Tube, Vocabulary, files
from scenegraph.formats.clouds import read_cloud
from scenegraph.formats.rgbd import RGBDFolder
from tests.psg4d.rooms import CAMERA, POSES, SIZE, room_depth
from toyworld.datasets import ensure_psg4d


def write_room(root, poses=POSES, units=1000.0, intrinsics=True):
    """The room of planes as a folder in the layout of 7-Scenes."""
    root.mkdir()
    for frame, pose in enumerate(poses):
        depth, _ = room_depth(POSES[frame])
        name = root / f"frame-{frame:06d}"
        Image.fromarray((depth * units).round().clip(0, 65535).astype(np.uint16)).save(f"{name}.depth.png")
        Image.fromarray(np.full((*SIZE, 3), 90, dtype=np.uint8)).save(f"{name}.color.png")
        np.savetxt(f"{name}.pose.txt", pose)
    if intrinsics:
        (root / "camera-intrinsics.txt").write_text(f"{CAMERA.fx} {CAMERA.fy} {CAMERA.cx} {CAMERA.cy}\n")
    return root


def room_graph():
    names = Vocabulary(("table",), ("floor", "wall"), ("standing on", "beside"))
    categories = {0: 1, 1: 2, 2: 2, 3: 0}
    maps = [room_depth(pose)[1] for pose in POSES]
    nodes = tuple(
        Node(
            node,
            category,
            Tube(
                {frame: Segment(Mask.from_array(ids == node)) for frame, ids in enumerate(maps) if (ids == node).any()}
            ),
        )
        for node, category in categories.items()
    )
    return SceneGraph(
        Source("rgbd", "room", *SIZE, len(POSES), None, None), nodes, (Relation(3, 0, 0), Relation(1, 1, 2)), names
    )


def run(*arguments):
    return main([str(each) for each in arguments])


def test_folder_to_cloud_to_picture(tmp_path, capsys):
    room = write_room(tmp_path / "room")
    graph = tmp_path / "room.scenegraph.json"
    files.save(room_graph(), graph)
    out = tmp_path / "room.glb"
    assert run("fuse", room, "--graph", graph, "--voxel", "0.05", "--out", out, "--quiet", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    found = read_cloud(out)
    assert made["points"] == len(found.cloud) > 1000 and made["labelled"] == made["points"]
    assert made["reprojection_error"] < 0.01 and abs(made["floor"]["offset"]) < 0.02
    assert found.names == {0: "floor-1", 1: "wall-1", 2: "wall-2", 3: "table-1"}
    assert found.up @ (0, 0, 1) > 0.999
    table = found.cloud.points[found.cloud.nodes == 3]
    assert np.median(table[:, 2]) == pytest.approx(0.8, abs=0.01)
    corner = tmp_path / "corner.png"
    assert run("show", graph, "--cloud", out, "--out", corner, "--view", "perspective", "--turned", "20") == 0
    assert run("show", graph, "--cloud", out) == 0
    for picture in (corner, tmp_path / "room.cloud.png"):
        assert np.asarray(Image.open(picture)).std() > 10
    assert run("show", graph, "--cloud", out, "--image", room / "frame-000000.color.png") == 2
    assert run("show", graph, "--cloud", tmp_path / "none.glb") == 2
    assert "no such file" in capsys.readouterr().err
    other = room_graph()
    other = replace(other, nodes=(*other.nodes[:3], replace(other.nodes[3], category=2)))
    files.save(other, graph)
    assert run("show", graph, "--cloud", out) == 2
    assert "node 3 is table-1 there and a wall in" in capsys.readouterr().err


@pytest.mark.parametrize("layout", ["gta", "hoi"])
def test_both_layouts_of_psg4d(tmp_path, capsys, layout):
    options = {"train": 1, "test": 1, "frames": 2, "size": (64, 80), "progress": False, "workers": 1}
    path = ensure_psg4d(tmp_path / "data", layout, **options)
    assert run("fuse", path, "--voxel", "0.2", "--out", tmp_path / "a.ply", "--quiet", "--json") == 0
    made = json.loads(capsys.readouterr().out)
    found = read_cloud(tmp_path / "a.ply")
    assert made["frames"] == 2 and made["labelled"] > 0 and set(found.cloud.nodes.tolist()) - {-1} <= set(found.names)
    assert run("fuse", path, "--video", "7", "--out", tmp_path / "b.ply") == 2
    assert "there is no video '7'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "options", "message"),
    [
        ({}, ("--units", "5000"), "with 1000 units a metre in place of 5000"),
        ({"poses": np.linalg.inv(POSES)}, (), "invert them"),
        (
            {"poses": np.stack([np.diag([2.0, 2, 2, 1])] * 4)},
            (),
            "pose.txt: the upper left 3 x 3 of the pose is no rot",
        ),
        ({"poses": np.full((4, 4, 4), np.nan)}, (), "not finite"),
        ({"intrinsics": False}, (), "no intrinsics"),
        ({"units": 0.0}, (), "no pixel has a depth"),
        ({"units": 0.0}, ("--unchecked",), "are the depth files empty"),
        ({}, ("--voxel", "0"), "above 0"),
        ({}, ("--start", "9"), "no frame to fuse"),
        ({}, ("--out", "cloud.obj"), "written with the ending"),
        ({}, ("--graph", "missing.json"), "no such file"),
    ],
)
def test_bad_input(tmp_path, capsys, monkeypatch, change, options, message):
    monkeypatch.chdir(tmp_path)
    assert run("fuse", write_room(tmp_path / "room", **change), "--quiet", *options) == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.glob("*.glb"))


def test_parts_that_do_not_fit(tmp_path, capsys, monkeypatch):
    """Depth of another size, a graph of another recording, several frames without poses."""
    monkeypatch.chdir(tmp_path)
    room = write_room(tmp_path / "room")
    graph = tmp_path / "other.scenegraph.json"
    other = room_graph()
    files.save(SceneGraph(Source("rgbd", "x", *SIZE, 9), other.nodes, (), other.vocabulary), graph)
    assert run("fuse", room, "--graph", graph, "--quiet") == 2
    assert "the graph is of 9 frames" in capsys.readouterr().err
    Image.fromarray(np.ones((10, 10), dtype=np.uint16)).save(room / "frame-000001.depth.png")
    for unchecked in ((), ("--unchecked",)):
        assert run("fuse", room, "--quiet", *unchecked) == 2
        error = capsys.readouterr().err
        assert "depth is (10, 10)" in error and "register depth to colour" in error
    for path in room.glob("*.pose.txt"):
        path.unlink()
    assert run("fuse", room, "--quiet", "--unchecked") == 2
    assert "4 frames without camera poses" in capsys.readouterr().err
    assert run("fuse", room, "--quiet", "--unchecked", "--frames", "1") == 0
    assert len(read_cloud(tmp_path / "room.glb").cloud) > 100


def test_the_floor_says_which_way_is_up(tmp_path, capsys):
    """A room in a tilted world: --level writes the floor's normal, and everything after is level."""
    tilt = np.eye(4)
    tilt[:3, :3] = [[1, 0, 0], [0, np.cos(0.3), -np.sin(0.3)], [0, np.sin(0.3), np.cos(0.3)]]
    room, out = write_room(tmp_path / "room", [tilt @ pose for pose in POSES]), tmp_path / "room.ply"
    assert run("fuse", room, "--level", "--voxel", "0.05", "--out", out, "--quiet", "--json") == 0
    assert json.loads(capsys.readouterr().out)["up"] == [0, 0, 1]
    said = json.loads((room / "world.json").read_text())["up"]
    assert np.degrees(np.arccos(np.dot(said, tilt[:3, :3] @ (0, 0, 1)))) < 1
    folder = RGBDFolder.open(room)
    assert np.degrees(np.arccos(folder.camera.poses[0, :3, 1] @ POSES[0][:3, 1])) < 1
    assert run("fuse", room, "--level", "--out", out, "--quiet") == 2
    assert "says already which way is up" in capsys.readouterr().err


def test_the_floor_of_the_real_kitchen(real_data, tmp_path, capsys):
    frames = real_data / "rgbd" / "tsdf_fusion_7scenes_style"
    kitchen = tmp_path / "kitchen"
    shutil.copytree(frames / "rgbd-frames", kitchen)
    shutil.copy(frames / "camera-intrinsics.txt", kitchen)
    run_options = (
        "--voxel",
        "0.04",
        "--step",
        "7",
        "--out",
        tmp_path / "kitchen.glb",
        "--unchecked",
        "--quiet",
        "--json",
    )
    assert run("fuse", kitchen, "--level", *run_options) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["up"] == [0, -1, 0] and made["floor"] is not None
    # The camera is held 1.49 m above the floor (docs/results/space.md): now a matter of one coordinate.
    height = -(RGBDFolder.open(kitchen).camera.poses[0, 1, 3]) - made["floor"]["offset"]
    assert height == pytest.approx(1.49, abs=0.1)


def test_warnings_of_a_recording_are_told(tmp_path, capsys):
    """A recording without poses is read, and it is said what that means; so does `predict`."""
    room = write_room(tmp_path / "room")
    for pose in room.glob("*.pose.txt"):
        pose.unlink()
    masks = tmp_path / "masks"
    masks.mkdir()
    for frame in range(len(POSES)):
        Image.fromarray((room_depth(POSES[frame])[1] == 3).astype(np.uint8)).save(masks / f"{frame}.png")
    (masks / "objects.json").write_text('{"objects": {"1": "table"}}')
    told = "warning: room: poses: there are none; places are known in the camera's frame only"
    assert run("fuse", room, "--frames", "1", "--voxel", "0.1", "--out", tmp_path / "room.glb", "--quiet") == 0
    assert told in capsys.readouterr().err
    assert run("predict", room, "--masks", masks, "--out", tmp_path / "graphs") == 0
    assert told in capsys.readouterr().err
