import json

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import files
from scenegraph.drawing import draw, draw_pair
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


def test_long_tables_are_cut(tmp_path, capsys):
    graph = park()
    files.save(graph.__class__(graph.source, graph.nodes, graph.relations * 15, graph.vocabulary), tmp_path / "a.json")
    assert main(["show", str(tmp_path / "a.json")]) == 0
    assert "... 20 more (--all shows them)" in capsys.readouterr().out
    assert main(["show", str(tmp_path / "a.json"), "--all"]) == 0
    assert "more" not in capsys.readouterr().out
