"""`groundgraph predict` of videos."""

import json

import cv2
import pytest
import torch
from PIL import Image

import pvsg.predictor
from groundgraph.main import main
from psg.checkpoints import read_checkpoint
from scenegraph import files
from tests.pvsg.segmenter import Halves
from tests.pvsg.test_predictor import SIZE, pictures


@pytest.fixture
def clip(tmp_path, monkeypatch):
    """A video of 12 frames at 10 a second."""
    monkeypatch.setattr(pvsg.predictor, "segmenter_of", lambda source, words, device: Halves(words))
    path = tmp_path / "clip.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10.0, SIZE[::-1])
    for picture in pictures():
        writer.write(picture)
    writer.release()
    return path


def test_a_video(run, clip, capsys):
    out = clip.parent / "graphs"
    command = ["predict", str(clip), "--checkpoint", str(run), "--segmenter", "halves:", "--out", str(out)]
    assert main([*command, "--top-k", "5", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    graph = files.load(out / "clip.scenegraph.json")
    assert graph.source.kind == "video" and graph.source.num_frames == entry["frames"] == 6
    assert len(graph.relations) == len(entry["relations"]) <= 5
    written = (out / "clip.scenegraph.json").stat().st_mtime_ns
    assert main([*command, "--top-k", "5", "--resume"]) == 0
    assert (out / "clip.scenegraph.json").stat().st_mtime_ns == written
    assert "clip.avi: 6 frames" in capsys.readouterr().out
    assert main([*command, "--fps", "10", "--resume"]) == 0
    assert files.load(out / "clip.scenegraph.json").source.num_frames == 12


def test_other_weights_of_the_same_name_are_another_run(run, clip, tmp_path):
    """As after training once more in the same folder."""
    checkpoint, out = tmp_path / "best_iter_4.pth", tmp_path / "graphs"
    command = ["predict", str(clip), "--segmenter", "halves:", "--out", str(out), "--checkpoint", str(checkpoint)]
    content = read_checkpoint(run)
    written = []
    for factor in (1.0, 1.0, 0.5):
        weights = {name: factor * value for name, value in content["state_dict"].items()}
        torch.save({**content, "state_dict": weights}, checkpoint)
        assert main([*command, "--resume"]) == 0
        written.append((out / "clip.scenegraph.json").stat().st_mtime_ns)
    assert written[0] == written[1] < written[2]


def test_a_video_that_ends_in_the_middle(run, clip, capsys):
    """It becomes a valid graph of what there is, and the command says so."""
    cut = clip.with_name("cut.avi")
    cut.write_bytes(b"00dc".join(clip.read_bytes().split(b"00dc")[:7]))  # six of its pictures
    out = clip.parent / "graphs"
    assert main(["predict", str(cut), "--checkpoint", str(run), "--segmenter", "halves:", "--out", str(out)]) == 0
    graph = files.load(out / "cut.scenegraph.json")
    found = graph.source.num_frames
    assert 1 <= found < 6 and graph.metadata["promised_frames"] == 6
    assert f"cut.avi: ends after {found} of about 6 frames; it may be cut off" in capsys.readouterr().err


def test_a_folder_of_frames_is_a_video(run, clip, capsys):
    """For a checkpoint of videos; a single picture is none."""
    frames = clip.with_name("walk.1")
    frames.mkdir()
    for number, picture in enumerate(pictures()[:5]):
        Image.fromarray(picture).save(frames / f"{number:04d}.png")
    out = clip.parent / "graphs"
    command = ["--checkpoint", str(run), "--segmenter", "halves:", "--out", str(out)]
    assert main(["predict", str(frames), *command]) == 0
    assert files.load(out / "walk.1.scenegraph.json").source.num_frames == 5
    assert "walk.1: 5 frames" in capsys.readouterr().out
    assert main(["predict", str(frames / "0000.png"), "--checkpoint", str(run)]) == 2
    assert "VideoRelationModel, which finds relations in videos, not in single pictures" in capsys.readouterr().err


def test_an_animation_is_a_video(run, clip, capsys):
    """For a checkpoint of videos; for one of pictures a GIF is a picture."""
    film = clip.with_name("walk.gif")
    first, *others = (Image.fromarray(picture) for picture in pictures())
    first.save(film, save_all=True, append_images=others, duration=100)
    out = clip.parent / "graphs"
    assert main(["predict", str(film), "--checkpoint", str(run), "--segmenter", "halves:", "--out", str(out)]) == 0
    graph = files.load(out / "walk.scenegraph.json")
    assert (graph.source.kind, graph.source.num_frames, graph.source.fps) == ("video", 6, 5.0)


def test_live(run, clip, capsys, monkeypatch):
    """What is seen in every frame, by track, and what holds in it."""
    monkeypatch.setattr(pvsg.predictor, "segmenter_of_training", lambda *_: "halves:")
    assert main(["live", str(clip), "--model", str(run), "--json", "--out", str(clip.with_name("live.avi"))]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["frame"] for row in rows] == list(range(12))
    assert all(set(row["nodes"]) == {"sky-1", "grass-1", "ball-1"} for row in rows)
    assert clip.with_name("live.avi").stat().st_size


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--tile", "64", "--checkpoint", "x"], "--tile: is for photos"),
        ([], "a video needs --checkpoint"),
        (["--checkpoint", "none.pth"], "none.pth: there is no such checkpoint"),
        (["photo.jpg"], "are photos"),
    ],
)
def test_what_videos_do_not_take(clip, options, message, capsys, monkeypatch):
    monkeypatch.chdir(clip.parent)
    (clip.parent / "photo.jpg").touch()
    assert main(["predict", str(clip), *options]) == 2
    assert message in capsys.readouterr().err
    assert not (clip.parent / "predictions").exists()
