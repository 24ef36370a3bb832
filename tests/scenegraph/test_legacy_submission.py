"""Grading of challenge submissions as published."""

import json
import shutil

import numpy as np
import pytest

from scenegraph import InputError
from scenegraph.formats.psg import PSGFile
from scenegraph.legacy_submission import grade
from scenegraph.panoptic import read_id_map, write_id_map

TOLERANCE = 1e-9
GROUPS = {"": "", "_th": "_things", "_st": "_stuff"}


@pytest.fixture(scope="session")
def mini(golden):
    folder = golden / "psg" / "mini_psg"
    if not folder.is_dir():
        pytest.skip(f"needs {folder}")
    return folder


@pytest.fixture
def submission(mini, tmp_path):
    """A copy that a test may change."""
    return shutil.copytree(mini / "submission", tmp_path / "submission")


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


def test_the_number_of_entries_is_checked(mini, submission):
    change(submission, lambda entries: entries.pop())
    with pytest.raises(InputError, match="one entry for each"):
        grade(PSGFile.open(mini / "psg.json"), submission)


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda entry: entry.update(relations=[]), "cannot grade"),
        (lambda entry: entry["relations"].insert(0, [0, 1]), "three whole numbers"),
        (lambda entry: entry["relations"].insert(0, [0, 999, 1]), "segment positions"),
        (lambda entry: entry["relations"].insert(0, [0, 1, 999]), "a predicate"),
        (lambda entry: entry["segments_info"][0].update(category_id=0), "1-based"),
        (lambda entry: entry.update(pan_seg_file_name="../../psg.json"), "not a path inside"),
        (lambda entry: entry.update(pan_seg_file_name="missing.png"), "no such file"),
        (lambda entry: entry.pop("segments_info"), "segments_info"),
    ],
)
def test_broken_entries(mini, submission, edit, message):
    change(submission, lambda entries: edit(entries[0]))
    with pytest.raises(InputError, match=message):
        grade(PSGFile.open(mini / "psg.json"), submission)


def test_a_class_that_does_not_exist(mini, submission):
    entry = json.loads((submission / "relation.json").read_text())[0]
    path = submission / "panseg" / entry["pan_seg_file_name"]
    ids = read_id_map(path)
    ids[:2] = 999  # read as class 999 by the published grader
    write_id_map(path, ids)
    with pytest.raises(InputError, match="list every segment"):
        grade(PSGFile.open(mini / "psg.json"), submission)


def test_no_relation_is_graded_as_the_first_predicate(mini, submission):
    """The models write [0, 0, 0] where they find nothing; the grader counts it as predicate 1."""
    file = PSGFile.open(mini / "psg.json")
    change(submission, lambda entries: [entry.update(relations=[[0, 1, 0]]) for entry in entries])
    none = grade(file, submission)
    change(submission, lambda entries: [entry.update(relations=[[0, 1, 1]]) for entry in entries])
    assert grade(file, submission) == none


def test_black_pixels_are_an_object_of_the_first_class(mini, submission):
    """Unlisted black pixels become one more object of class 0: panoptic quality falls, recall stays."""
    file = PSGFile.open(mini / "psg.json")
    before = grade(file, submission)
    for entry in json.loads((submission / "relation.json").read_text()):
        path = submission / "panseg" / entry["pan_seg_file_name"]
        ids = read_id_map(path)
        listed = {each["id"] for each in entry["segments_info"]}
        largest = max(listed, key=lambda each: (ids == each).sum())
        columns = np.nonzero((ids == largest).any(axis=0))[0]
        ids[:, columns[:1]] = np.where(ids[:, columns[:1]] == largest, 0, ids[:, columns[:1]])
        write_id_map(path, ids)
    after = grade(file, submission)
    assert after["PQ_things"] < before["PQ_things"]
