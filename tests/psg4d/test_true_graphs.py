"""True graphs of PSG4D with places in metres, against where the simulated world says that things are."""

import numpy as np
import pytest

from assistant import Assistant
from groundgraph.main import main
from psg4d.true_graphs import measured_graph
from psg4d.videos import PSG4DFile
from scenegraph import InputError, Track4D, files
from toyworld import scenes
from toyworld.datasets import PSG4D, ensure_psg4d, seeds

SETTINGS = {"frames": 2, "fps": 0.5, "size": (96, 120)}


@pytest.fixture(scope="module", params=["gta", "hoi"])
def written(request, tmp_path_factory):
    root = tmp_path_factory.mktemp(request.param)
    return ensure_psg4d(root, request.param, train=1, test=0, seed=3, workers=1, progress=False, **SETTINGS)


def test_distances_are_those_of_the_world(written):
    (number,) = seeds("train", 1, 3)
    truth = scenes.video(number, SETTINGS["frames"], SETTINGS["fps"], SETTINGS["size"], PSG4D, True).graph
    graph = measured_graph(PSG4DFile.open(written), 0)
    assert len(graph.nodes) == len(truth.nodes) and all(isinstance(node.region, Track4D) for node in graph.nodes)
    rows = [
        (node.region.position(0), truth.nodes[at].region.position(0))
        for at, node in enumerate(graph.nodes)
        if graph.vocabulary.is_thing(node.category) and node.region.position(0) is not None
    ]
    found, real = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    first, second = np.triu_indices(len(rows), 1)
    ours, theirs = (np.linalg.norm(side[first] - side[second], axis=1) for side in (found, real))
    assert len(ours) >= 3 and np.median(np.abs(ours - theirs) / theirs) < 0.1


def test_the_command_makes_graphs_that_answer_in_metres(written, tmp_path, capsys):
    assert main(["convert", str(written), str(tmp_path), "--metres", "--quiet"]) == 0
    (path,) = tmp_path.glob("*.scenegraph.json")
    assistant = Assistant(files.load(path))
    things = [label for label, node in zip(assistant.index.shown, assistant.index.nodes, strict=True)
              if assistant.graph.vocabulary.is_thing(node.category)]  # fmt: skip
    answer = assistant.ask(f"How far is {things[0]} from {things[1]}?")
    assert answer.status == "answered" and answer.measures[0].unit == "m"
    capsys.readouterr()
    assert main(["convert", str(path), str(tmp_path / "again"), "--metres"]) == 2
    assert "only PSG4D has the depth" in capsys.readouterr().err


def test_depth_of_another_size_is_refused(written, monkeypatch):
    file = PSG4DFile.open(written)
    depth = file.file.depth
    monkeypatch.setattr(file.file, "depth", lambda index, frame: depth(index, frame)[1:])
    with pytest.raises(InputError, match="depth is"):
        measured_graph(file, 0)
