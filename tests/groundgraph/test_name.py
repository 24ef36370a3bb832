"""`groundgraph name` with a tiny random CLIP."""

import json

import numpy as np
import pytest
from PIL import Image

from groundgraph.main import main
from scenegraph import files
from tests.factories import park


@pytest.fixture(scope="module")
def given(tmp_path_factory):
    """A graph, its photo and the folder of a model."""
    pytest.importorskip("transformers")
    from tests.psg.naming.tiny_clip import save_tiny_clip

    folder = tmp_path_factory.mktemp("name")
    files.save(park(), folder / "park.scenegraph.json")
    pixels = np.random.default_rng(0).integers(0, 256, (20, 30, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(folder / "park.png")
    return folder / "park.scenegraph.json", folder / "park.png", "--clip", save_tiny_clip(folder / "clip")


def name(*words):
    return main(["name", *map(str, words)])


def test_names_with_reasons(given, tmp_path, capsys):
    assert name(*given, "--out", tmp_path, "--json", "--device", "cpu") == 0
    printed = json.loads(capsys.readouterr().out)
    graph = files.load(tmp_path / "park.scenegraph.json")
    assert len(graph.vocabulary.categories) == 133 and graph.relations == park().relations
    assert [row["name"] for row in printed["nodes"]] == [graph.category_name(node.id) for node in graph.nodes]
    assert all(len(row["descriptors"]) == 3 for row in printed["nodes"])
    assert graph.metadata["naming"]["encoder"] == "clip"


def test_own_classes(given, tmp_path, capsys):
    own = tmp_path / "own.json"
    own.write_text('{"things": {"rocket": ["has fins"]}, "stuff": {"lava": ["glows"]}}')
    words = ("--descriptors", own, "--crop", "masked", "--within-kind", "--top", "1", "--device", "cpu")
    assert name(*given, *words, "--out", tmp_path) == 0
    graph = files.load(tmp_path / "park.scenegraph.json")
    assert [graph.category_name(node.id) for node in graph.nodes] == ["rocket"] * 3 + ["lava"] * 2
    assert "rocket (was person): has fins" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("--template", "nothing"), "{name} and {descriptor}"),
        (("--clip", "none"), "no such folder"),
        (("--descriptors", "none.json"), "none.json"),
        (("--top", "-1"), "top is -1"),
    ],
)
def test_wrong_options(given, tmp_path, capsys, words, message):
    assert name(*given, *words, "--out", tmp_path / "out") == 2
    assert message in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
