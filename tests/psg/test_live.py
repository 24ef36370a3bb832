"""A generated video watched while it runs."""

import json

import cv2
import numpy as np
import pytest

from groundgraph import live as command
from groundgraph.main import main
from psg.live import Moment, annotated, frames, watch
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source
from scenegraph.panoptic import masks_from_ids
from scenegraph.video_files import VideoWriter
from tests import factories

HEIGHT, WIDTH, COUNT = 48, 64, 5


def shade(number):
    return 40 * number + 20


@pytest.fixture(scope="module")
def video(tmp_path_factory):
    """Five frames, each brighter than the one before."""
    path = tmp_path_factory.mktemp("video") / "film.avi"
    with VideoWriter(path, 10.0) as recording:
        for number in range(COUNT):
            recording.add(np.full((HEIGHT, WIDTH, 3), (shade(number), 0, 0), dtype=np.uint8))
    return path


def two_halves(picture):
    """A person on the left of a dog, whatever the picture shows."""
    ids = np.zeros(picture.shape[:2], dtype=np.int32)
    ids[:, ids.shape[1] // 2 :] = 1
    nodes = tuple(Node(i, i, Segment(mask), 0.9) for i, mask in enumerate(masks_from_ids(ids, range(2))))
    source = Source("image", "", *picture.shape[:2])
    return SceneGraph(source, nodes, (Relation(0, 1, 1, 0.8),), factories.VOCABULARY)


def test_every_frame_of_a_file_in_order_as_rgb(video):
    seen = list(frames(str(video)))
    assert [number for number, _ in seen] == list(range(COUNT))
    for number, picture in seen:
        assert picture.shape == (HEIGHT, WIDTH, 3) and picture.dtype == np.uint8
        red, green, blue = picture.reshape(-1, 3).mean(0)
        assert red == pytest.approx(shade(number), abs=8) and green < 12 and blue < 12


def test_graphs_with_a_rate(video):
    moments = list(watch(str(video), two_halves))
    assert [moment.number for moment in moments] == list(range(COUNT))
    assert all(moment.rate > 0 and len(moment.graph.nodes) == 2 for moment in moments)


@pytest.mark.parametrize(("every", "limit", "numbers"), [(2, None, [0, 2, 4]), (1, 2, [0, 1]), (3, 1, [0])])
def test_fewer_frames(video, every, limit, numbers):
    assert [moment.number for moment in watch(str(video), two_halves, every, limit)] == numbers


@pytest.mark.parametrize("content", [None, b"no video"])
def test_sources_that_cannot_be_opened(tmp_path, content):
    path = tmp_path / "film.mp4"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InputError, match="film"):
        list(watch(str(path), two_halves))


def test_a_drawing_says_the_rate():
    picture = np.zeros((HEIGHT, 200, 3), dtype=np.uint8)
    graph = two_halves(picture)
    slow, fast = (annotated(Moment(0, picture, graph, rate)) for rate in (1.0, 88.8))
    assert slow.shape == fast.shape and (slow != fast).any()
    empty = SceneGraph(graph.source, (), (), graph.vocabulary)
    assert annotated(Moment(0, picture, empty, 5.0)).any()


class TestCommand:
    @pytest.fixture(autouse=True)
    def halves(self, monkeypatch):
        monkeypatch.setattr(command, "predictor", lambda path, device, open_files: two_halves)

    def test_a_line_of_json_a_frame(self, video, capsys):
        assert main(["live", str(video), "--model", "any.pth", "--json"]) == 0
        captured = capsys.readouterr()
        rows = [json.loads(line) for line in captured.out.splitlines()]
        assert [row["frame"] for row in rows] == list(range(COUNT))
        assert rows[0]["relations"][0]["score"] == 0.8 and len(rows[0]["nodes"]) == 2
        assert f"{COUNT} frames" in captured.err

    def test_an_annotated_video(self, video, tmp_path, capsys):
        out = tmp_path / "graph.avi"
        assert main(["live", str(video), "--model", "any.pth", "--out", str(out), "--frames", "3"]) == 0
        assert capsys.readouterr().out == ""
        capture = cv2.VideoCapture(str(out))
        assert capture.get(cv2.CAP_PROP_FRAME_COUNT) == 3

    def test_printed_lines(self, video, capsys):
        assert main(["live", str(video), "--model", "any.pth"]) == 0
        assert "frames a second" in capsys.readouterr().out

    @pytest.mark.parametrize("wrong", [["--every", "0"], ["--frames", "0"], ["--fps", "0"], ["--out", "film.txt"]])
    def test_wrong_options(self, video, wrong, capsys):
        assert main(["live", str(video), "--model", "any.pth", *wrong]) == 2
        assert "groundgraph: " in capsys.readouterr().err

    def test_no_display(self, video, monkeypatch, capsys):
        for name in ("DISPLAY", "WAYLAND_DISPLAY"):
            monkeypatch.delenv(name, raising=False)
        monkeypatch.setattr(command.sys, "platform", "linux")
        assert main(["live", str(video), "--model", "any.pth", "--show"]) == 2
        assert "no display" in capsys.readouterr().err


def test_no_such_model(video, tmp_path, capsys):
    assert main(["live", str(video), "--model", str(tmp_path / "none.pth")]) == 2
    assert "no such file" in capsys.readouterr().err
