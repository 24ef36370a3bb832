"""`groundgraph explore` as a person uses it."""

import pytest

from explorer.manifest import Manifest
from groundgraph.main import main
from tests.explorer.scenes import write_truth, write_video


def test_builds_and_reuses_an_index(scenes, tmp_path, capsys):
    given = [
        "explore",
        str(scenes.data),
        "--predictions",
        f"model={scenes.predictions}",
        "--out",
        str(tmp_path / "index"),
    ]
    assert main([*given, "--build-only", "--thumbnails", "--quiet"]) == 0
    captured = capsys.readouterr()
    assert captured.out.strip() == str(tmp_path / "index")
    assert "24 items; truth 24 graphs" in captured.err
    manifest = Manifest.read(tmp_path / "index")
    assert [graphs.name for graphs in manifest.sets] == ["truth", "model"] and manifest.title == "data"
    assert len(list((tmp_path / "index" / "thumbnails").glob("*/*.jpg"))) == 24
    assert main(["explore", str(tmp_path / "index"), "--build-only", "--quiet"]) == 0


def test_graphs_alone_are_not_called_the_truth(scenes, tmp_path):
    given = ["explore", str(scenes.predictions), "--out", str(tmp_path / "i"), "--build-only", "--quiet"]
    assert main(given) == 0
    assert [graphs.name for graphs in Manifest.read(tmp_path / "i").sets] == ["graphs"]
    assert Manifest.read(tmp_path / "i").missing_pictures == 24
    images = ["--images", str(scenes.data / "images")]
    assert (
        main(["explore", str(scenes.predictions), *images, "--out", str(tmp_path / "i"), "--build-only", "--quiet"])
        == 0
    )
    assert Manifest.read(tmp_path / "i").missing_pictures == 0


def test_several_data_sets_become_one_index(tmp_path):
    write_truth(tmp_path / "pictures", 3)
    write_video(tmp_path / "videos")
    out = tmp_path / "all"
    given = ["explore", "build", str(tmp_path / "pictures"), str(tmp_path / "videos"), "--out", str(out), "--quiet"]
    assert main(given) == 0  # and serves nothing
    manifest = Manifest.read(out)
    assert (manifest.items, manifest.kinds, manifest.title) == (4, ("image", "video"), "pictures")
    assert [graphs.name for graphs in manifest.sets] == ["truth"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["nowhere"], "no such file or folder"),
        (["."], "holds nothing to explore"),
        ([".", "--predictions", "model"], "expected NAME=DIR"),
        ([".", "--predictions", "truth=."], "two sets named 'truth'"),
        ([".", "--at", "person"], "expected the end of an address of the page"),
    ],
)
def test_mistakes_are_explained(arguments, message, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["explore", *arguments, "--out", "index"]) == 2
    assert message in capsys.readouterr().err


def test_an_index_takes_no_further_sets(scenes, capsys):
    assert main(["explore", str(scenes.index), "--predictions", f"other={scenes.predictions}"]) == 2
    assert "is an index already" in capsys.readouterr().err
