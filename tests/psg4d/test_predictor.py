"""From RGB-D recordings to graphs in space and time: given masks, trained models, streams, the command."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from psg.training import train
from psg4d.frame import RGBDFrame
from psg4d.predictor import RGBDPredictor
from psg4d.recordings import Recording
from psg4d.segmenters import ColourSegmenter
from psg4d.videos import PSG4DFile
from scenegraph import Camera, InputError, Track4D, Vocabulary, files
from scenegraph.formats.rgbd import RGBDFolder
from tests.psg4d.test_training import relations, true_tracks  # noqa: F401 - a fixture
from tests.pvsg.segmenter import FEATURES, Halves

CAMERA = Camera(100.0, 100.0, 19.5, 14.5)


def folder(root, frames=6, speed=0.08):
    """A red box that moves to the right in front of a wall, as an Open3D folder with given masks."""
    for name in ("color", "depth", "masks"):
        (root / name).mkdir(parents=True)
    for number in range(frames):
        ids = np.ones((30, 40), np.uint8)
        left = 10 + round(number * speed * CAMERA.fx / 2)
        ids[10:20, left : left + 10] = 2
        colour = np.full((30, 40, 3), 90, np.uint8)
        colour[ids == 2] = (250, 0, 0)
        Image.fromarray(colour).save(root / "color" / f"{number:05d}.png")
        Image.fromarray(np.where(ids == 2, 2000, 4000).astype(np.uint16)).save(root / "depth" / f"{number:05d}.png")
        Image.fromarray(ids).save(root / "masks" / f"{number:05d}.png")
    (root / "intrinsics.txt").write_text("100 100 19.5 14.5\n")
    objects = {"objects": {"1": "wall", "2": "box"}, "stuff": ["wall"]}
    (root / "masks" / "objects.json").write_text(json.dumps(objects))
    return root


def test_given_masks_give_metres(tmp_path):
    root = folder(tmp_path / "room")
    graph = RGBDPredictor(masks=root / "masks").predict(root, progress=False)
    assert graph.source.kind == "rgbd" and graph.source.num_frames == 6 and graph.source.camera is not None
    wall, box = graph.nodes
    assert (graph.label(wall.id), graph.label(box.id)) == ("wall-1", "box-1")
    assert isinstance(box.region, Track4D)
    assert np.allclose(np.diff(box.region.positions[:, 0]), 0.08, atol=0.01)
    assert box.region.extents[0, 0] == pytest.approx(0.2, abs=0.02)
    assert wall.region.positions[0, 2] == pytest.approx(4.0, abs=0.01)
    assert graph.relations == () and graph.metadata["segmenter"] == "given masks"


def test_a_stream_says_where_things_are_now(tmp_path):
    recording = Recording.open(folder(tmp_path / "room"))
    with RGBDPredictor(masks=tmp_path / "room" / "masks").stream("room", 5.0) as stream:
        for number, frame in enumerate(recording):
            now = stream.update(frame)
            assert now.nodes[1].region.frames == (number,)
        assert stream.finish().nodes[1].region.positions.shape == (6, 3)


def test_a_segmenter_of_colours_and_the_tracker(tmp_path):
    recording = Recording.open(folder(tmp_path / "room"))
    words = Vocabulary(("ball",), ("sky", "grass"), ())
    graph = RGBDPredictor(segmenter=ColourSegmenter(Halves(words))).predict(recording, progress=False)
    balls = [node for node in graph.nodes if graph.label(node.id).startswith("ball")]
    assert len(balls) == 1 and balls[0].region.positions[0, 2] == pytest.approx(2.1, abs=0.15)


def test_a_frame_in_which_nothing_is_seen_fits_every_model(tmp_path):
    """It has no features, also as the first one, when nobody knows how many there will be."""
    words = Vocabulary(("ball",), ("sky", "grass"), ())
    predictor = RGBDPredictor(segmenter=ColourSegmenter(Halves(words)))
    predictor.model = SimpleNamespace(feature_size=FEATURES, vocabulary=words)
    stream, (first, second, *_) = predictor.stream(), Recording.open(folder(tmp_path / "room"))
    assert len(stream.followed(first._replace(colour=np.zeros_like(first.colour)))) == 0
    stream.num_frames = 1
    assert stream.followed(second).features.shape[1] == FEATURES
    predictor.model.feature_size = 7
    stream.num_frames = 2
    with pytest.raises(InputError, match="32 features a segment; the model looks at 7"):
        stream.followed(second)


def test_without_depth_or_camera(tmp_path):
    root = folder(tmp_path / "room")
    for path in (root / "depth").iterdir():
        Image.fromarray(np.zeros((30, 40), np.uint16)).save(path)
    graph = RGBDPredictor(masks=root / "masks").predict(root, progress=False)
    assert all(np.isnan(node.region.positions).all() for node in graph.nodes)
    colour = np.full((30, 40, 3), 90, np.uint8)
    with RGBDPredictor(masks=root / "masks").stream() as stream:
        stream.update(RGBDFrame(colour, np.ones((30, 40), np.float32)))
        assert np.isnan(stream.finish().nodes[0].region.positions).all()


def test_what_does_not_fit(tmp_path):
    root = folder(tmp_path / "room")
    with pytest.raises(InputError, match="nothing to predict with"):
        RGBDPredictor()
    with pytest.raises(InputError, match="no such folder of masks"):
        RGBDPredictor(masks=tmp_path / "none")
    predictor = RGBDPredictor(masks=root / "masks")
    (root / "masks" / "00005.png").unlink()
    with pytest.raises(InputError, match=r"5 masks .* for 6 frames"):
        predictor.predict(root, progress=False)
    Image.fromarray(np.full((30, 40), 7, np.uint8)).save(root / "masks" / "00005.png")
    with pytest.raises(InputError, match=r"ids \[7\] are not in objects\.json"):
        RGBDPredictor(masks=root / "masks").predict(root, progress=False)
    Image.fromarray(np.ones((3, 4), np.uint8)).save(root / "masks" / "00005.png")
    with pytest.raises(InputError, match=r"\(3, 4\) pixels"):
        RGBDPredictor(masks=root / "masks").predict(root, progress=False)
    frames = list(Recording.open(root))
    with predictor.stream() as stream, pytest.raises(InputError, match="poses must be there for all"):
        stream.update(frames[0])
        stream.update(frames[1]._replace(pose=np.eye(4)))
    with predictor.stream() as stream, pytest.raises(InputError, match=r"depth is \(29, 40\)"):
        stream.update(frames[0]._replace(depth=frames[0].depth[1:]))


def test_relations_of_a_trained_model(rgbd_config, true_tracks, hoi_json, tmp_path):  # noqa: F811
    """A model on given masks finds, on the masks of a data set, what evaluation finds on its tracks."""
    config = relations(rgbd_config, true_tracks)
    config.work_dir = str(tmp_path / "work")
    best = train(config)
    with pytest.raises(InputError, match="true masks; give masks"):
        RGBDPredictor(best)
    file = PSG4DFile.open(hoi_json)
    truth = file.graph(0)
    masks = tmp_path / "masks"
    masks.mkdir()
    names = {str(node.id): truth.vocabulary.categories[node.category] for node in truth.nodes}
    (masks / "objects.json").write_text(json.dumps({"objects": names}))
    for frame in range(truth.source.num_frames):
        ids = np.zeros(truth.source.size, np.uint8)
        for number, mask in file.masks(0, frame, truth.source).items():
            ids[mask.array()] = number
        Image.fromarray(ids).save(masks / f"{frame:04d}.png")
    graph = RGBDPredictor(best, masks=masks).predict(Recording.open(hoi_json, 0), progress=False)
    assert graph.vocabulary == truth.vocabulary and len(graph.relations) > 0
    assert graph.source == truth.source
    for node in truth.nodes:
        assert graph.node(node.id).region.tube == node.region
        positions = graph.node(node.id).region.positions
        assert positions.shape == (len(node.region.frames), 3)


def masks_of(recording, root):
    """Simple masks of a real room: the nearest fifth, the middle and the back of every frame, by depth."""
    root.mkdir()
    for number, frame in enumerate(recording):
        near, far = np.percentile(frame.depth[frame.depth > 0], (20, 60))
        ids = np.digitize(frame.depth, (1e-6, near, far)).astype(np.uint8)
        Image.fromarray(ids).save(root / f"{number:04d}.png")
    names = {"1": "table", "2": "cupboard", "3": "wall"}
    (root / "objects.json").write_text(json.dumps({"objects": names, "stuff": ["wall"]}))
    return root


def test_the_command_on_a_real_recording(real_data, tmp_path):
    whole, root = next((real_data / "rgbd").iterdir()), tmp_path / "room"
    root.mkdir()
    shutil.copy(whole / "camera-intrinsics.txt", root)
    for frame in range(150, 165, 5):  # of 15 frames, to save time
        for path in (whole / "rgbd-frames").glob(f"frame-{frame:06d}.*"):
            shutil.copy(path, root)
    recording = RGBDFolder.open(root)
    masks = masks_of((RGBDFrame(*each) for each in recording), tmp_path / "masks")
    command = [sys.executable, "-m", "groundgraph.main", "predict", str(root), "--masks", str(masks), "--json"]
    done = subprocess.run([*command, "--out", str(tmp_path / "out")], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    (entry,) = json.loads(done.stdout)
    graph = files.load(entry["graph"])
    assert graph.source.num_frames == len(recording) == 3 and len(graph.nodes) == 3
    table, _, wall = (graph.node(number).region for number in (1, 2, 3))
    # In a room, in front of the camera, the near nearer than the far; the world stands still while the camera moves.
    eye = recording.camera.poses[:, :3, 3]
    assert (np.linalg.norm(table.positions - eye, axis=1) < np.linalg.norm(wall.positions - eye, axis=1)).all()
    assert np.linalg.norm(wall.positions - eye, axis=1).max() < 6
    assert replace(graph.source, uri="") == replace(recording.source, uri="")


def test_the_command_refuses_what_means_nothing(tmp_path, capsys):
    from groundgraph.main import main

    root = folder(tmp_path / "room")
    for options, said in (
        ([], "needs --masks DIR"),
        (["--masks", str(root / "masks"), "--tile", "64"], "--tile: is not for RGB-D recordings"),
        (["--checkpoint", str(tmp_path / "none.pth")], "no such checkpoint file"),
    ):
        assert main(["predict", str(root), *options]) == 2
        assert said in capsys.readouterr().err
    picture = next((root / "color").iterdir())
    assert main(["predict", str(picture), "--masks", str(root / "masks")]) == 2
    assert "is for RGB-D recordings" in capsys.readouterr().err


def test_the_command_refuses_depth_that_cannot_be(tmp_path, capsys):
    """Without a place for anything, or with places ten times too far away: no graph, unless it is wanted."""
    from groundgraph.main import main

    root = folder(tmp_path / "room")
    command = ["predict", str(root), "--masks", str(root / "masks"), "--out", str(tmp_path / "out")]
    for path in (root / "depth").iterdir():
        Image.fromarray(np.zeros_like(np.asarray(Image.open(path)))).save(path)
    assert main(command) == 2
    said = capsys.readouterr().err
    assert "room: depth: 00000.png: frame 0: no pixel has a depth" in said and "--unchecked" in said
    assert not (tmp_path / "out").exists()
    assert main([*command, "--unchecked"]) == 0
    assert "no depth" in capsys.readouterr().out
    assert main([*command, "--unchecked", "--resume", "--units", "500"]) == 0  # other units are another graph
    assert files.load(tmp_path / "out" / "room.scenegraph.json").metadata["units"] == 500
