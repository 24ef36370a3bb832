"""Data sets on disk: complete, resumable, the same however they are made."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import pytest

from scenegraph import InputError
from scenegraph.formats import psg, pvsg
from scenegraph.formats.psg4d import GTAFile, HOIFile
from toyworld import datasets, scenes
from toyworld.datasets import ensure_psg, ensure_psg4d, ensure_pvsg, seeds
from toyworld.questions import read_questions


def fingerprint(root):
    files = sorted(path for path in root.rglob("*") if path.is_file() and path.suffix != ".lock")
    return {str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def pictures_set(tmp_path_factory):
    return ensure_psg(tmp_path_factory.mktemp("toy") / "psg", train=4, test=2, progress=False, workers=1)


def test_pictures_are_a_valid_psg_data_set(pictures_set):
    assert psg.validate(pictures_set, progress=False) == []
    file = psg.PSGFile.open(pictures_set)
    assert (len(file.indices("train")), len(file.indices("test"))) == (4, 2)
    made = scenes.image(seeds("test", 1)[0]).graph
    read = file.graph(file.indices("test")[0])
    assert [node.region for node in read.nodes] == [node.region for node in made.nodes]
    assert read.relations == made.relations


def test_the_same_data_set_is_not_made_again_and_another_is_refused(pictures_set):
    before = pictures_set.stat().st_mtime_ns
    assert ensure_psg(pictures_set.parent, train=4, test=2, progress=False) == pictures_set
    assert pictures_set.stat().st_mtime_ns == before
    with pytest.raises(InputError, match=r"train 4 \(now 7\)"):
        ensure_psg(pictures_set.parent, train=7, test=2, progress=False)


def test_the_number_of_processes_does_not_matter(pictures_set, tmp_path):
    ensure_psg(tmp_path / "two", train=4, test=2, progress=False, workers=2)
    several = fingerprint(tmp_path / "two")
    assert several == fingerprint(pictures_set.parent)


def test_a_killed_run_continues(tmp_path):
    program = (
        "from toyworld.datasets import ensure_psg; "
        f"ensure_psg({str(tmp_path / 'killed')!r}, train=8, test=1, progress=False, workers=1)"
    )
    process = subprocess.Popen([sys.executable, "-c", program])
    journal = tmp_path / "killed" / "psg.json.partial"
    deadline = time.monotonic() + 60
    while not (journal.is_file() and journal.read_bytes().count(b"\n") > 2):
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    assert not (tmp_path / "killed" / "psg.json").exists()
    ensure_psg(tmp_path / "killed", train=8, test=1, progress=False, workers=1)
    assert not journal.exists()
    ensure_psg(tmp_path / "whole", train=8, test=1, progress=False, workers=1)
    assert fingerprint(tmp_path / "killed") == fingerprint(tmp_path / "whole")


def test_questions_lie_beside_and_name_what_is_there(pictures_set):
    asked = read_questions(pictures_set.with_name(datasets.QUESTIONS))
    file = psg.PSGFile.open(pictures_set)
    graphs = {file.graph(index).source.uri: file.graph(index) for index in file.indices("test")}
    assert {question.graph for question in asked} == set(graphs)
    for question in asked:
        graph = graphs[question.graph]
        assert all(graph.node(node) for node in question.nodes)
        assert all(0 <= relation < len(graph.relations) for relation in question.relations)


def test_videos_are_a_valid_pvsg_data_set(tmp_path):
    path = ensure_pvsg(tmp_path / "v", train=1, test=1, frames=6, progress=False, workers=1)
    assert pvsg.validate(path, progress=False) == []
    file = pvsg.PVSGFile.open(path)
    made, read = scenes.video(0, 6).graph, file.graph(file.indices("train")[0])
    assert [(n.id, n.category, n.region) for n in read.nodes] == [(n.id, n.category, n.region) for n in made.nodes]
    assert read.relations == made.relations
    assert read.metadata["summary"].endswith(".") and read.metadata["captions"]


@pytest.mark.parametrize(("layout", "reader"), [("gta", GTAFile), ("hoi", HOIFile)])
def test_rgbd_videos_in_both_layouts(tmp_path, layout, reader):
    path = ensure_psg4d(tmp_path / layout, layout, train=1, test=1, frames=3, progress=False, workers=1)
    file = reader.open(path)
    assert (len(file.indices("train")), len(file.indices("val"))) == (1, 1)
    assert file.graph(0).source.num_frames == 3


def test_bad_requests(tmp_path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(InputError, match="not empty"):
        ensure_psg(tmp_path / "other", train=1, test=1, progress=False)
    for wrong in ({"train": -1}, {"seed": -1}, {"size": (8, 8)}):
        with pytest.raises(InputError):
            ensure_psg(tmp_path / "new", progress=False, **wrong)
    with pytest.raises(InputError, match="frames"):
        ensure_pvsg(tmp_path / "new", frames=0, progress=False)
    with pytest.raises(InputError, match="layout"):
        ensure_psg4d(tmp_path / "new", "kinect", progress=False)
    assert not (tmp_path / "new").exists()


def test_a_spoilt_settings_file_is_named(tmp_path):
    (tmp_path / "toyworld.json").write_text("{")
    with pytest.raises(InputError, match=r"toyworld\.json"):
        ensure_psg(tmp_path, train=1, test=1, progress=False)


def test_worlds_of_splits_and_seeds_are_disjoint():
    ranges = [seeds(split, datasets.MOST, seed) for seed in (0, 1, 2) for split in ("train", "test")]
    assert all(max(a.start, b.start) >= min(a.stop, b.stop) for a in ranges for b in ranges if a is not b)
    assert json.dumps(list(seeds("test", 2, 5))) == "[184549376, 184549377]"
