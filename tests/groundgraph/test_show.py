import json

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import files
from scenegraph.drawing import draw, draw_pair
from scenegraph.video_files import VideoWriter, read_video
from tests.factories import park, park_video


@pytest.fixture
def folder(tmp_path):
    files.save(park(), tmp_path / "park.scenegraph.json")
    files.save(park_video(), tmp_path / "video.scenegraph.json")
    Image.fromarray(np.full((20, 30, 3), 99, dtype=np.uint8)).save(tmp_path / "park.png")
    return tmp_path


def test_tables(folder, capsys):
    assert main(["show", str(folder / "park.scenegraph.json")]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "park.png (image, 20 x 30 pixels)"
    assert lines[2] == "5 nodes" and lines[3].split()[:2] == ["id", "name"]
    assert lines[5].split() == ["1", "dog-1", "0.80", "48", "20", "10", "28", "16"]
    assert lines[-2].split() == ["2", "dog-1", "chasing", "ball-1", "0.70"]
    assert main(["show", str(folder / "video.scenegraph.json")]) == 0
    assert "0-3 8-9" in capsys.readouterr().out


def test_json(folder, capsys):
    assert main(["show", str(folder / "park.scenegraph.json"), "--json"]) == 0
    value = json.loads(capsys.readouterr().out)
    assert value["relations"][2]["sentence"] == "dog-1 chasing ball-1"
    assert value["nodes"][2]["attributes"] == {"colour": "red"} and value["nodes"][2]["box"] == [10, 8, 13, 11]


def test_drawings(folder, capsys):
    graph, image = str(folder / "park.scenegraph.json"), np.full((20, 30, 3), 99, dtype=np.uint8)
    assert main(["show", graph, "--image", str(folder / "park.png"), "--arrows", "1"]) == 0
    path = folder / "park.drawing.png"
    assert capsys.readouterr().out.strip() == str(path)
    assert np.array_equal(np.array(Image.open(path)), draw(park(), image, arrows=1))
    out = folder / "pair.png"
    assert main(["show", graph, "--image", str(folder / "park.png"), "--pair", "1", "--out", str(out)]) == 0
    assert np.array_equal(np.array(Image.open(out)), draw_pair(park(), park().relations[1], image))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--pair", "1"], "give --image PHOTO"),
        (["--image", "{}/park.png", "--pair", "9"], "no relation 9; the graph has 4"),
        (["--image", "{}/park.png", "--out", "{}/a.jpg"], "ends with .png"),
        (["--image", "{}/park.scenegraph.json"], "not a picture"),
        (["--image", "{}/park.png", "--frame", "3"], "no frame 3"),
        (["--image", "{}/park.png", "--out", "{}/none/a.png"], "could not be written"),
    ],
)
def test_bad_input(folder, options, message, capsys):
    arguments = [option.format(folder) for option in options]
    before = sorted(folder.rglob("*"))
    assert main(["show", str(folder / "park.scenegraph.json"), *arguments]) == 2
    assert message in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == before


def test_videos(folder, capsys):
    graph, frames = folder / "video.scenegraph.json", folder / "park.mp4"
    for number in range(10):
        frames.mkdir(exist_ok=True)
        Image.fromarray(np.full((20, 30, 3), 20 * number, dtype=np.uint8)).save(frames / f"{number}.png")
    # the source's name, park.mp4, is the folder's
    assert main(["show", str(graph), "--out", str(folder / "a.gif"), "--quiet", "--frames", "2"]) == 0
    assert capsys.readouterr().out.strip() == str(folder / "a.gif")
    with Image.open(folder / "a.gif") as animation:
        assert animation.n_frames == 2
    assert main(["show", str(graph), "--image", str(frames), "--out", str(folder / "drawn"), "--start", "8"]) == 0
    assert sorted(path.name for path in (folder / "drawn").iterdir()) == ["0008.png", "0009.png"]
    film = folder / "film.avi"
    with VideoWriter(film, 5.0) as writer:
        for _ in range(10):
            writer.add(np.full((20, 30, 3), 120, dtype=np.uint8))
    assert main(["show", str(graph), "--image", str(film), "--out", str(folder / "b.mp4"), "--quiet"]) == 0
    assert len(list(read_video(folder / "b.mp4"))) == 10
    capsys.readouterr()
    before = sorted(folder.rglob("*"))
    (frames / "3.png").unlink()
    for options, message in (
        (["--out", "c.mp4"], "9 pictures; the graph has 10 frames"),
        (["--out", "c.mp4", "--image", "none"], "there is no such file or folder"),
        (["--out", "c.txt", "--image", "film.avi"], "ends in .mp4"),
        (["--out", "c.gif", "--image", "film.avi", "--start", "12"], "the source has frames 0-9"),
        (["--out", "c.gif", "--image", "park.png", "--start", "2"], "0 pictures for the frames 2 to 9"),
    ):
        given = [str(folder / option) if "." in option or option == "none" else option for option in options]
        assert main(["show", str(graph), *given]) == 2
        assert message in capsys.readouterr().err
    assert sorted(folder.rglob("*")) == sorted(set(before) - {frames / "3.png"})


def test_long_tables_are_cut(tmp_path, capsys):
    graph = park()
    files.save(graph.__class__(graph.source, graph.nodes, graph.relations * 15, graph.vocabulary), tmp_path / "a.json")
    assert main(["show", str(tmp_path / "a.json")]) == 0
    assert "... 20 more (--all shows them)" in capsys.readouterr().out
    assert main(["show", str(tmp_path / "a.json"), "--all"]) == 0
    assert "more" not in capsys.readouterr().out
