"""`groundgraph evaluate` on small data sets, from the command line's entry."""

import json

import numpy as np
import pytest

from groundgraph.main import main
from scenegraph import Relation, SceneGraph, Source, files
from scenegraph.formats.psg import PSGWriter
from scenegraph.masks import paint
from scenegraph.panoptic import write_id_map
from tests.factories import VOCABULARY, park


def named(graph, name, relations=None):
    source = Source("image", f"pictures/{name}.jpg", *graph.source.size)
    return SceneGraph(source, graph.nodes, graph.relations if relations is None else relations, graph.vocabulary)


@pytest.fixture
def data(tmp_path):
    """Two test pictures and one for training, and perfect predictions for the test pictures."""
    predictions = tmp_path / "predictions"
    predictions.mkdir()
    with PSGWriter(tmp_path / "data", VOCABULARY) as writer:
        for name, test in (("a", True), ("b", True), ("c", False)):
            writer.add(named(park(), name), np.zeros((20, 30, 3), dtype=np.uint8), test=test)
            if test:
                files.save(named(park(), name), predictions / f"{name}.scenegraph.json")
    return tmp_path


def evaluate(data, *options):
    return main(["evaluate", str(data / "data" / "psg.json"), str(data / "predictions"), *options])


def test_table(data, capsys):
    assert evaluate(data, "--legacy", "--per-predicate") == 0
    out, err = capsys.readouterr()
    assert "strict sgdet" in out and "legacy openpsg" in out and "chasing" in out
    assert "2 pictures, 0 of them without prediction" in out
    assert "evaluating" in err  # the progress bar


def test_json(data, capsys):
    assert evaluate(data, "--json", "--quiet", "--ks", "50", "5", "--subset", "state=on, holding") == 0
    out, err = capsys.readouterr()
    value = json.loads(out)
    assert err == ""
    assert value["values"]["strict/R@5"] == value["values"]["PQ"] == value["values"]["strict[state]/mR@50"] == 1.0
    assert [row["predicate"] for row in value["per_predicate"]] == list(VOCABULARY.predicates)


def test_missing_and_further_predictions_are_said(data, capsys):
    (data / "predictions" / "b.scenegraph.json").rename(data / "predictions" / "other.scenegraph.json")
    assert evaluate(data, "--json", "--quiet") == 0
    out, err = capsys.readouterr()
    values = json.loads(out)["values"]
    assert values["strict/R@20"] == 0.5 and values["images_without_prediction"] == 1
    assert "1 of 2 pictures have no prediction" in err and "1 predictions belong to no picture" in err


def test_other_split(data, capsys):
    files.save(named(park(), "c"), data / "predictions" / "c.scenegraph.json")
    assert evaluate(data, "--json", "--quiet", "--split", "train") == 0
    out, err = capsys.readouterr()
    assert json.loads(out)["values"]["images"] == 1.0 and "2 predictions belong to no picture" in err


def test_folders_of_graphs(data, capsys):
    truth = data / "truth" / "part"
    truth.mkdir(parents=True)
    wrong = tuple(Relation(each.object, each.predicate, each.subject) for each in park().relations)
    files.save(named(park(), "a"), truth / "a.scenegraph.json")
    files.save(named(park(), "b", wrong), truth / "b.scenegraph.json")
    for mode in ("sgdet", "predcls"):
        arguments = ["evaluate", str(data / "truth"), str(data / "predictions"), "--json", "--quiet", "--mode", mode]
        assert main(arguments) == 0
        assert json.loads(capsys.readouterr().out)["values"]["strict/R@20"] == 0.5


def test_a_submission_is_graded(data, capsys):
    submission = data / "submission"
    (submission / "panseg").mkdir(parents=True)
    graph = park()
    ids = paint([node.region.mask for node in graph.nodes], *graph.source.size) + 1
    write_id_map(submission / "panseg" / "0.png", np.where(ids == 0, len(VOCABULARY.categories), ids))
    entry = {
        "relations": [[each.subject, each.object, each.predicate + 1] for each in graph.relations],
        "segments_info": [{"id": i + 1, "category_id": node.category + 1} for i, node in enumerate(graph.nodes)],
        "pan_seg_file_name": "0.png",
    }
    (submission / "relation.json").write_text(json.dumps([entry, entry]))
    psg = str(data / "data" / "psg.json")
    assert main(["evaluate", psg, str(submission)]) == 0
    assert "the published grade" in capsys.readouterr().out
    assert main(["evaluate", psg, str(submission), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["values"]["legacy openpsg/R@20"] == 1.0
    assert main(["evaluate", str(data / "data"), str(submission)]) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--ks", "0"], "K ="),
        (["--subset", "state"], "NAME=PREDICATE"),
        (["--subset", "state=flying"], "no predicate 'flying'"),
    ],
)
def test_wrong_options(data, capsys, options, message):
    assert evaluate(data, *options) == 2
    assert message in capsys.readouterr().err


def test_broken_input_has_a_message(data, capsys):
    psg, predictions = data / "data" / "psg.json", data / "predictions"
    empty = data / "empty"
    empty.mkdir()
    for truth, folder, message in (
        (data / "nothing.json", predictions, "no such file"),
        (psg, data / "nothing", "no such folder"),
        (psg, empty, "expected the predicted graphs"),
        (empty, predictions, "expected the true graphs"),
    ):
        assert main(["evaluate", str(truth), str(folder)]) == 2
        assert message in capsys.readouterr().err
    for name in ("a", "b"):
        (predictions / f"{name}.scenegraph.json").rename(predictions / f"{name}2.scenegraph.json")
    assert evaluate(data) == 2
    assert "no prediction has the name of a true picture" in capsys.readouterr().err


def test_a_broken_prediction_is_named(data, capsys):
    path = data / "predictions" / "b.scenegraph.json"
    path.write_text(path.read_text()[:100])
    assert evaluate(data, "--quiet") == 2
    err = capsys.readouterr().err
    assert "b.scenegraph.json" in err and "cut off" in err


def test_two_predictions_of_one_name(data, capsys):
    (data / "predictions" / "again").mkdir()
    files.save(named(park(), "a"), data / "predictions" / "again" / "a.scenegraph.json")
    assert evaluate(data, "--quiet") == 2
    assert "several predictions are named 'a'" in capsys.readouterr().err


def test_two_pictures_of_one_name(data, capsys):
    for folder in ("one", "two"):
        (data / "truth" / folder).mkdir(parents=True)
        files.save(named(park(), "a"), data / "truth" / folder / "a.scenegraph.json")
    assert main(["evaluate", str(data / "truth"), str(data / "predictions")]) == 2
    assert "belongs to several pictures" in capsys.readouterr().err


def test_a_split_without_pictures(tmp_path, capsys):
    with PSGWriter(tmp_path / "data", VOCABULARY) as writer:
        writer.add(named(park(), "a"), np.zeros((20, 30, 3), dtype=np.uint8))
    files.save(park(), tmp_path / "a.scenegraph.json")
    assert main(["evaluate", str(tmp_path / "data" / "psg.json"), str(tmp_path)]) == 2
    assert "no picture of the split 'test'" in capsys.readouterr().err
