"""Grading of challenge submissions as published."""

import json

import numpy as np
import pytest

from scenegraph import InputError
from scenegraph.formats.psg import PSGFile, PSGWriter
from scenegraph.legacy_submission import GRADED_RELATIONS, PUBLISHED_KS, grade
from scenegraph.masks import paint
from scenegraph.panoptic import read_id_map, write_id_map
from tests.factories import park

TOLERANCE = 1e-9
GROUPS = {"": "", "_th": "_things", "_st": "_stuff"}


@pytest.fixture(scope="session")
def mini(golden):
    folder = golden / "psg" / "mini_psg"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")
    return folder


@pytest.fixture
def park_file(tmp_path):
    """A data set of one test picture."""
    graph = park()
    with PSGWriter(tmp_path / "data", graph.vocabulary) as writer:
        writer.add(graph, np.zeros((*graph.source.size, 3), dtype=np.uint8), test=True)
    return PSGFile.open(tmp_path / "data" / "psg.json")


@pytest.fixture
def submission(park_file, tmp_path):
    """The truth of that picture as a submission."""
    graph = park_file.graph(0)
    folder = tmp_path / "submission"
    (folder / "panseg").mkdir(parents=True)
    write_id_map(folder / "panseg" / "0.png", paint([node.region.mask for node in graph.nodes], *graph.source.size) + 1)
    entry = {
        "relations": [[each.subject, each.object, each.predicate + 1] for each in graph.relations],
        "segments_info": [
            {"id": place + 1, "category_id": node.category + 1} for place, node in enumerate(graph.nodes)
        ],
        "pan_seg_file_name": "0.png",
    }
    # Unlabelled pixels have to be listed: black would be read as an object of the first class.
    ids = read_id_map(folder / "panseg" / "0.png")
    write_id_map(folder / "panseg" / "0.png", np.where(ids == 0, len(graph.vocabulary.categories), ids))
    (folder / "relation.json").write_text(json.dumps([entry]))
    return folder


def change(folder, edit):
    path = folder / "relation.json"
    entries = json.loads(path.read_text())
    edit(entries)
    path.write_text(json.dumps(entries))


def test_golden(golden, mini):
    expected = json.loads((golden / "psg" / "expected_mini_psg.json").read_text())["grade"]
    ks = sorted({int(key.rsplit("_", 1)[1]) for key in expected if "recall" in key})
    values = grade(PSGFile.open(mini / "psg.json"), mini / "submission", ks)
    for key, value in expected.items():
        if "recall" in key:
            name, k = key.removeprefix("sgdet_").rsplit("_", 1)
            name = {"recall_R": "R", "mean_recall_mR": "mR"}[name]
            assert values[f"legacy openpsg/{name}@{k}"] == pytest.approx(value, abs=TOLERANCE), key
        else:
            group = key[2:]
            assert 100 * values[f"{key[:2]}{GROUPS[group]}"] == pytest.approx(value, abs=100 * TOLERANCE), key


def test_the_truth_is_perfect(park_file, submission):
    values = grade(park_file, submission, progress=True)
    assert values["legacy openpsg/R@20"] == values["PQ"] == 1.0
    assert set(PUBLISHED_KS) == {int(key.split("@")[1]) for key in values if key.startswith("legacy openpsg/R@")}


def test_the_number_of_entries_is_checked(park_file, submission):
    change(submission, lambda entries: entries.pop())
    with pytest.raises(InputError, match="one entry for each"):
        grade(park_file, submission)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda entry: entry.update(relations=[]), "cannot grade"),
        (lambda entry: entry["relations"].insert(0, [0, 1]), "three whole numbers"),
        (lambda entry: entry["relations"].insert(0, [0, 999, 1]), "segment positions"),
        (lambda entry: entry["relations"].insert(0, [0, 1, 999]), "a predicate"),
        (lambda entry: entry["segments_info"][0].update(category_id=0), "1-based"),
        (lambda entry: entry.update(pan_seg_file_name="../../data/psg.json"), "not a path inside"),
        (lambda entry: entry.update(pan_seg_file_name="missing.png"), "no such file"),
        (lambda entry: entry.pop("segments_info"), "segments_info"),
    ],
)
def test_broken_entries(park_file, submission, edit, message):
    change(submission, lambda entries: edit(entries[0]))
    with pytest.raises(InputError, match=message):
        grade(park_file, submission)


def test_a_class_that_does_not_exist(park_file, submission):
    path = submission / "panseg" / "0.png"
    ids = read_id_map(path)
    ids[:2] = 999  # read as class 999 by the published grader
    write_id_map(path, ids)
    with pytest.raises(InputError, match="list every segment"):
        grade(park_file, submission)


def test_only_the_first_rows_are_graded(park_file, submission):
    right = json.loads((submission / "relation.json").read_text())[0]["relations"]
    change(submission, lambda entries: entries[0].update(relations=[[0, 0, 1]] * GRADED_RELATIONS + right))
    assert grade(park_file, submission)["legacy openpsg/R@100"] == 0.0


def test_no_relation_is_graded_as_the_first_predicate(park_file, submission):
    """The models write [0, 0, 0] where they find nothing; the grader counts predicate 0 as predicate 1."""
    change(submission, lambda entries: entries[0].update(relations=[[0, 3, 0]]))  # person, on, grass
    assert grade(park_file, submission)["legacy openpsg/R@20"] == 0.25


def test_black_pixels_are_an_object_of_the_first_class(park_file, submission):
    before = grade(park_file, submission)
    path = submission / "panseg" / "0.png"
    ids = read_id_map(path)
    write_id_map(path, np.where(ids == 4, 0, ids))  # the grass turns black; id 1 is the person, class 0
    change(submission, lambda entries: entries[0]["segments_info"].pop(3))
    change(submission, lambda entries: entries[0].update(relations=[[0, 2, 2]]))
    after = grade(park_file, submission)
    assert before["PQ_things"] == 1.0
    assert after["PQ_things"] < 1.0  # black joined the person
