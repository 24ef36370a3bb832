"""`groundgraph evaluate` on videos: pvsg.json and folders of graphs."""

import json
from dataclasses import replace

import numpy as np
import pytest

from groundgraph.main import main
from scenegraph import files
from scenegraph.formats.pvsg import PVSGWriter
from tests.factories import VOCABULARY, park, park_video
from toyworld import datasets


@pytest.fixture
def data(tmp_path):
    """pvsg.json with two videos to test, one for training; perfect predictions of the first."""
    (tmp_path / "predictions").mkdir()
    with PVSGWriter(tmp_path / "data", VOCABULARY) as writer:
        for name, split in (("1000_1", "val"), ("1000_2", "val"), ("1000_3", "train")):
            writer.add(named(name), [np.zeros((20, 30, 3), np.uint8)] * 10, split=split)
    files.save(named("1000_1"), tmp_path / "predictions" / "1000_1.scenegraph.json")
    return tmp_path


def named(name):
    graph = park_video()
    return replace(graph, source=replace(graph.source, uri=f"videos/{name}"))


def evaluate(truth, data, *options):
    return main(["evaluate", str(truth), str(data / "predictions"), "--quiet", *options])


def test_pvsg_json(data, capsys):
    assert evaluate(data / "data" / "pvsg.json", data, "--json", "--legacy", "--viou", "0.3") == 0
    out, err = capsys.readouterr()
    values = json.loads(out)["values"]
    assert values["videos"] == 2 and values["videos_without_prediction"] == 1
    assert values["strict video/R@20"] == values["legacy openpvsg-full/R@20"] == 0.5
    assert "1 of 2 pictures have no prediction" in err and "0.3" in json.loads(out)["protocol"]


def test_why(data, capsys):
    assert evaluate(data / "data" / "pvsg.json", data, "--why") == 0
    out = capsys.readouterr().out
    assert "what became of 6 true relations, vIoU 0.5, 20 rows a video" in out
    assert "found        50.0%" in out and "tube         50.0%" in out  # one of two videos has no prediction
    assert evaluate(data / "data" / "pvsg.json", data, "--why", "--json") == 2
    assert evaluate(data / "data" / "pvsg.json", data, "--why", "0") == 2
    assert "--why 0: expected 1 or more rows" in capsys.readouterr().err


def test_folder_of_truth(data, capsys):
    assert evaluate(data / "predictions", data, "--per-predicate", "--subset", "state=on") == 0
    out = capsys.readouterr().out
    assert "1 videos, 0 of them without prediction" in out and "STQ 1.0000" in out and "chasing" in out
    assert "strict video[state]" in out


def test_options_that_videos_do_not_have(data, capsys):
    for options in (("--mode", "predcls"), ("--overlaps", "merge"), ("--viou", "0")):
        assert evaluate(data / "predictions", data, *options) == 2
    assert "videos are measured on the predicted tubes" in capsys.readouterr().err


def test_an_image_among_the_videos(data, capsys):
    files.save(park(), data / "predictions" / "1000_1.scenegraph.json")
    assert evaluate(data / "data" / "pvsg.json", data) == 2
    assert "1000_1.scenegraph.json" in capsys.readouterr().err


@pytest.fixture(scope="module", params=["gta", "hoi"])
def spaces(request, tmp_path_factory):
    """A small RGB-D data set in one of the layouts of PSG4D, with the truth as predictions."""
    folder = tmp_path_factory.mktemp(request.param)
    path = datasets.ensure_psg4d(
        folder / "data", request.param, train=1, test=1, frames=4, size=(64, 80), workers=1, progress=False
    )
    assert main(["convert", str(path), str(folder / "predictions"), "--quiet"]) == 0
    return path


def test_psg4d_in_voxels(spaces, capsys):
    folder = spaces.parents[1]
    assert evaluate(spaces, folder, "--json", "--voxel", "0.1") == 0
    values = json.loads(capsys.readouterr().out)["values"]
    assert values["videos"] == 1 and values["strict voxels/R@100"] == values["strict video/R@100"] == 1.0
    assert evaluate(spaces, folder, "--json") == 0
    assert "strict voxels/R@100" not in json.loads(capsys.readouterr().out)["values"]


def test_voxels_need_depth(spaces, data, capsys):
    assert evaluate(spaces.parents[1] / "predictions", spaces.parents[1], "--voxel", "0.1") == 2
    assert "voxels need depth" in capsys.readouterr().err
    files.save(park(), data / "predictions" / "picture.scenegraph.json")
    (data / "predictions" / "1000_1.scenegraph.json").unlink()
    assert evaluate(data / "predictions", data, "--voxel", "0.1") == 2
    assert "pictures have no depth" in capsys.readouterr().err
