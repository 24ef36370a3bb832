"""What the page shows of a comparison is what the strict protocol says, item by item and in total."""

import shutil
from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

from explorer.columns import read_table
from explorer.comparing import KS, THRESHOLDS, compare
from explorer.comparisons import NOT_COMPARED, NOT_FOUND
from explorer.index import build
from scenegraph import InputError, Relation, Segment, files
from scenegraph.evaluation import Evaluation
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.recall import NEVER
from scenegraph.video_evaluation import VideoEvaluation
from tests import factories
from tests.explorer.scenes import rgbd_video, write_predictions, write_rgbd, write_truth, write_video


def test_numbers_are_those_of_the_evaluation(scenes):
    numbers = scenes.manifest.sets[1].comparison
    for row, threshold in enumerate(THRESHOLDS):
        evaluation = Evaluation(scenes.truth[0].vocabulary, ks=KS, threshold=threshold)
        for truth, predicted in zip(scenes.truth, scenes.predicted, strict=True):
            evaluation.add(truth, predicted)
        values = evaluation.report().values
        assert numbers["recall"][row] == pytest.approx([values[f"strict/R@{k}"] for k in KS], abs=1e-6)
        assert numbers["mean_recall"][row] == pytest.approx([values[f"strict/mR@{k}"] for k in KS], abs=1e-6)
    assert (numbers["items"], numbers["failed"]) == (len(scenes.truth), 0)


def triples(graph):
    return [(r.subject, r.predicate, r.object) for r in graph.relations]


def test_states_of_relations_equal_a_count_by_hand(scenes):
    """The painted predictions keep nodes and ids, so a true relation is found where its triple is predicted best."""
    columns = scenes.manifest.columns(scenes.index)
    truth, rows = (read_table(columns / f"{name}.relations.parquet") for name in ("truth", "model"))
    ranks = pq.read_table(columns / "model.truth_ranks.parquet")["rank_50"].to_numpy()
    own = pq.read_table(columns / "model.ranks.parquet")
    finds, order = own["truth_50"].to_numpy(), own["rank"].to_numpy()
    for item, (true, predicted) in enumerate(zip(scenes.truth, scenes.predicted, strict=True)):
        best: dict[tuple[int, int], int] = {}
        for place in np.argsort([-r.score for r in predicted.relations], kind="stable"):
            best.setdefault((predicted.relations[place].subject, predicted.relations[place].object), int(place))
        kept = list(best.values())
        here = truth["item"].to_numpy() == item
        expected = [
            kept.index(place) if (place := best.get((s, o))) is not None and triples(predicted)[place][1] == p else None
            for s, p, o in triples(true)
        ]
        assert [None if rank == NOT_FOUND else rank for rank in ranks[here]] == expected
        there = rows["item"].to_numpy() == item
        assert order[there].tolist() == [
            kept.index(place) if place in kept else NOT_FOUND for place in range(len(predicted.relations))
        ]
        for place, found in enumerate(finds[there]):
            assert (found >= 0) == (place in kept and triples(predicted)[place] in triples(true))
            assert found < 0 or triples(true)[found] == triples(predicted)[place]


def test_scores_of_items_add_up(scenes):
    scores = pq.read_table(scenes.manifest.columns(scenes.index) / "model.scores.parquet")
    shares = scores["found_50_20"].to_numpy() / np.maximum(scores["truths"].to_numpy(), 1)
    recall = shares[scores["truths"].to_numpy() > 0].mean()
    assert recall == pytest.approx(scenes.manifest.sets[1].comparison["recall"][1][KS.index(20)], abs=1e-6)
    predicates = pq.read_table(scenes.manifest.columns(scenes.index) / "model.predicates.parquet")
    mean = predicates["recall_50_20"].to_numpy().mean()
    assert mean == pytest.approx(scenes.manifest.sets[1].comparison["mean_recall"][1][KS.index(20)], abs=1e-6)


def test_videos_are_compared_by_the_strict_video_protocol(tmp_path):
    truth = write_video(tmp_path / "data")
    shifted = [replace(relation, score=0.9 - 0.1 * i) for i, relation in enumerate(truth.relations)]
    shifted[0] = replace(shifted[0], predicate=(shifted[0].predicate + 1) % len(truth.vocabulary.predicates))
    guess = replace(truth, relations=tuple(shifted), metadata={})
    (tmp_path / "model").mkdir()
    name = PVSGFile.open(tmp_path / "data" / "pvsg.json").videos[0].video_id
    files.save(guess, tmp_path / "model" / f"{name}.scenegraph.json")
    manifest = build({"truth": tmp_path / "data", "model": tmp_path / "model"}, tmp_path / "index", progress=False)
    read = PVSGFile.open(tmp_path / "data" / "pvsg.json").graph(0)
    evaluation = VideoEvaluation(read.vocabulary, ks=KS, thresholds=THRESHOLDS, overlaps="measure")
    evaluation.add(read, guess)
    values = evaluation.report().values
    recall = manifest.sets[1].comparison["recall"]
    assert recall[0] == pytest.approx([values[f"strict video/R@{k}"] for k in KS], abs=1e-6)
    assert 0 < recall[1][2] < 1


def test_only_what_changed_is_compared_again(tmp_path, monkeypatch):
    truth = write_truth(tmp_path / "data", 6)
    write_predictions(tmp_path / "model", truth)
    sources = {"truth": tmp_path / "data", "model": tmp_path / "model"}
    first = build(sources, tmp_path / "index", progress=False)
    changed = tmp_path / "model" / "scene-002.scenegraph.json"
    graph = files.load(changed)
    files.save(replace(graph, relations=graph.relations[:1]), changed)
    compared = []

    def noted(true, predicted):
        compared.append(predicted.source.uri)
        return compare(true, predicted)

    monkeypatch.setattr("explorer.comparisons.compare", noted)
    again = build(sources, tmp_path / "index", progress=False)
    assert compared == ["scene-002.jpg"]
    shutil.rmtree(tmp_path / "index")
    fresh = build(sources, tmp_path / "index", progress=False)
    assert again.sets[1].comparison == fresh.sets[1].comparison != first.sets[1].comparison


def test_what_cannot_be_compared_is_said(tmp_path):
    truth = write_truth(tmp_path / "data", 3)
    model = tmp_path / "model"
    write_predictions(model, truth)
    boxes = replace(
        truth[1],
        nodes=tuple(replace(n, region=Segment.from_box(n.region.box, *truth[1].source.size)) for n in truth[1].nodes),
    )
    files.save(boxes, model / "scene-001.scenegraph.json")
    (model / "scene-002.scenegraph.json").unlink()
    manifest = build({"truth": tmp_path / "data", "model": model}, tmp_path / "index", progress=False)
    numbers = manifest.sets[1].comparison
    assert (numbers["items"], numbers["missing"], numbers["failed"]) == (2, 1, 1)
    assert "box only" in numbers["problems"][0]
    columns = manifest.columns(tmp_path / "index")
    item = read_table(columns / "truth.relations.parquet")["item"].to_numpy()
    ranks = pq.read_table(columns / "model.truth_ranks.parquet")["rank_50"].to_numpy()
    assert set(ranks[item == 1]) == {NOT_COMPARED}
    assert set(ranks[item == 2]) == {NOT_FOUND}  # the model was run on its split and gave nothing


def test_a_prediction_of_a_split_owes_all_of_it(tmp_path):
    """A model that was run on the test pictures, and left one out, and wrote one that cannot be read."""
    truth = write_truth(tmp_path / "data", 8)  # even ones are the test split
    predicted = write_predictions(tmp_path / "model", truth)
    for number in (1, 2, 3, 5, 7):
        (tmp_path / "model" / f"scene-{number:03d}.scenegraph.json").unlink()
    (tmp_path / "model" / "scene-004.scenegraph.json").write_text("{")
    manifest = build({"truth": tmp_path / "data", "model": tmp_path / "model"}, tmp_path / "index", progress=False)
    evaluation = Evaluation(truth[0].vocabulary, ks=KS, threshold=0.5)
    for number in (0, 2, 4, 6):
        guess = predicted[number]
        evaluation.add(truth[number], replace(guess, relations=()) if number in (2, 4) else guess)
    numbers = manifest.sets[1].comparison
    assert (numbers["items"], numbers["missing"], numbers["failed"]) == (4, 2, 0)
    assert numbers["splits"] == ["test"]
    expected = [evaluation.report().values[f"strict/R@{k}"] for k in KS]
    assert numbers["recall"][THRESHOLDS.index(0.5)] == pytest.approx(expected, abs=1e-6)
    columns = manifest.columns(tmp_path / "index")
    item = read_table(columns / "truth.relations.parquet")["item"].to_numpy()
    ranks = pq.read_table(columns / "model.truth_ranks.parquet")["rank_50"].to_numpy()
    assert set(ranks[item % 2 == 1]) == {NOT_COMPARED}
    assert set(ranks[(item == 2) | (item == 4)]) == {NOT_FOUND}


def test_a_split_of_another_data_set_is_another_split(tmp_path):
    truth = write_truth(tmp_path / "images", 4)
    video, depths = rgbd_video()
    write_rgbd(tmp_path / "videos", video, depths)
    write_predictions(tmp_path / "model", truth)
    sources = {"truth": [tmp_path / "images", tmp_path / "videos"], "model": tmp_path / "model"}
    manifest = build(sources, tmp_path / "index", progress=False)
    numbers = manifest.sets[1].comparison
    assert (manifest.items, numbers["items"], numbers["missing"]) == (5, 4, 0)
    assert numbers["splits"] == ["test", "train"]


def test_where_no_split_is_named_all_of_the_truth_is_owed(tmp_path):
    graphs = [replace(factories.park(), source=replace(factories.park().source, uri=f"{i}.png")) for i in range(3)]
    for folder, kept in (("truth", graphs), ("model", graphs[:1])):
        (tmp_path / folder).mkdir()
        for graph in kept:
            files.save(graph, tmp_path / folder / f"{graph.source.uri[0]}.scenegraph.json")
    sources = {"truth": tmp_path / "truth", "model": tmp_path / "model"}
    numbers = build(sources, tmp_path / "index", progress=False).sets[1].comparison
    assert (numbers["items"], numbers["missing"], numbers["splits"]) == (3, 2, [])
    assert numbers["recall"][1][-1] == pytest.approx(1 / 3, abs=1e-6)


def test_repeated_truths_count_once_and_self_relations_are_rows():
    park = factories.park()
    truth = replace(park, relations=(Relation(0, 0, 2), Relation(0, 0, 2), Relation(1, 1, 1)))
    found = compare(truth, replace(park, relations=(Relation(1, 1, 1, 0.9), Relation(0, 0, 2, 0.5))))
    assert found.truth_ranks[1].tolist() == [1, 1, 0]
    assert found.nodes.tolist() == [[node.id, node.id] for node in park.nodes]
    nothing = compare(truth, replace(park, relations=()))
    assert set(nothing.truth_ranks.ravel()) == {NEVER} and len(nothing.order) == 0
    empty = compare(replace(park, nodes=(), relations=()), park)
    assert empty.truth_ranks.shape == (len(THRESHOLDS), 0) and len(empty.nodes) == 0


def test_graphs_of_other_pictures_are_refused():
    park = factories.park()
    other = replace(park, source=replace(park.source, height=3, width=3), nodes=(), relations=())
    with pytest.raises(InputError, match="they cannot be compared"):
        compare(park, other)
