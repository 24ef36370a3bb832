"""Panoptic quality: golden sets, hand-worked cases, a plain slow implementation."""

import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source
from scenegraph.arrays import GraphArrays
from scenegraph.masks import intersections
from scenegraph.panoptic import masks_from_ids, read_id_map
from scenegraph.panoptic_quality import QualitySums, compare_graphs, compare_maps
from tests.factories import VOCABULARY

TOLERANCE = 1e-9


def evaluate_folder(folder):
    """Sums over a folder in COCO's panoptic layout, and the category ids in their order."""
    truth, prediction = (json.loads((folder / name).read_text()) for name in ("gt.json", "pred.json"))
    categories = [each["id"] for each in truth["categories"]]
    position = {category: place for place, category in enumerate(categories)}
    sums = QualitySums(np.array([bool(each["isthing"]) for each in truth["categories"]]))
    predicted = {each["image_id"]: each for each in prediction["annotations"]}
    for annotation in truth["annotations"]:
        other = predicted[annotation["image_id"]]
        tables = [
            {each["id"]: position[each["category_id"]] for each in side["segments_info"]}
            for side in (annotation, other)
        ]
        sums.add(
            compare_maps(
                read_id_map(folder / "gt" / annotation["file_name"]),
                read_id_map(folder / "pred" / other["file_name"]),
                *tables,
                crowd=[each["id"] for each in annotation["segments_info"] if each["iscrowd"]],
            )
        )
    return sums, categories


@pytest.mark.parametrize("name", ["pq_coco2", "pq_synth"])
def test_golden(golden, name):
    folder = golden / "psg" / name
    if not folder.is_dir():
        pytest.skip(f"{folder} is not here (pq_coco2 holds real annotations and is not copied into the project)")
    expected = json.loads((golden / "psg" / "expected_pq.json").read_text())[name]
    sums, categories = evaluate_folder(folder)
    values = sums.values()
    for group, suffix in (("All", ""), ("Things", "_things"), ("Stuff", "_stuff")):
        for measure in ("pq", "sq", "rq"):
            assert values[f"{measure.upper()}{suffix}"] == pytest.approx(expected[group][measure], abs=TOLERANCE)
    tables = sums.per_category()
    assert int((~np.isnan(tables["PQ"])).sum()) == expected["All"]["n"]
    for place, category in enumerate(categories):
        row = expected["per_category"].get(str(category))
        if row is None:
            assert np.isnan(tables["PQ"][place])
            continue
        counts = (sums.true_positives[place], sums.false_positives[place], sums.false_negatives[place])
        assert counts == (row["tp"], row["fp"], row["fn"])
        assert sums.iou[place] == pytest.approx(row["iou_sum"], abs=TOLERANCE)
        for measure in ("pq", "sq", "rq"):
            assert tables[measure.upper()][place] == pytest.approx(row[measure], abs=TOLERANCE)


def quality(truth, prediction, truth_classes, predicted_classes, crowd=(), classes=3):
    sums = QualitySums(np.array([True, True, False][:classes]))
    sums.add(compare_maps(np.array(truth), np.array(prediction), truth_classes, predicted_classes, crowd))
    return sums


def test_equal_maps():
    sums = quality([[1, 1, 2, 0]], [[7, 7, 9, 0]], {1: 0, 2: 2}, {7: 0, 9: 2})
    assert sums.values() == {
        f"{name}{group}": 1.0 for group in ("", "_things", "_stuff") for name in ("PQ", "SQ", "RQ")
    }


def test_half_is_not_enough():
    sums = quality([[1, 1, 2, 2]], [[5, 6, 6, 6]], {1: 0, 2: 0}, {5: 0, 6: 0})
    # 5 has IoU 1/2 with 1: no match. 6 has 2/3 with 2: a match.
    assert (sums.true_positives[0], sums.false_positives[0], sums.false_negatives[0]) == (1, 1, 1)
    assert sums.values()["PQ"] == pytest.approx(2 / 3 / 2)


def test_void_is_left_out_of_the_union_and_forgives():
    sums = quality([[1, 0, 0, 0]], [[5, 5, 6, 6]], {1: 0}, {5: 0, 6: 1})
    assert sums.values()["SQ"] == 1.0  # 5 covers 1 and one void pixel
    assert sums.false_positives.sum() == 0  # 6 lies on void


def test_crowd_is_never_matched_and_forgives_its_class():
    sums = quality([[1, 1, 1, 1]], [[5, 5, 6, 6]], {1: 0}, {5: 0, 6: 1}, crowd=[1])
    assert sums.true_positives.sum() == sums.false_negatives.sum() == 0
    assert sums.false_positives.tolist() == [0, 1, 0]


def test_wrong_class():
    sums = quality([[1, 1]], [[5, 5]], {1: 0}, {5: 1})
    assert sums.values()["PQ"] == 0
    assert sums.false_positives.tolist() == [0, 1, 0]
    assert sums.false_negatives.tolist() == [1, 0, 0]


def test_nothing_at_all():
    sums = quality(np.zeros((0, 0), dtype=int), np.zeros((0, 0), dtype=int), {}, {})
    assert all(np.isnan(value) for value in sums.values().values())


@pytest.mark.parametrize("table", [{}, {1: 0, 4: 0}])
def test_a_table_that_does_not_fit_its_map(table):
    with pytest.raises(InputError, match="do not fit"):
        quality([[1, 1]], [[5, 5]], table, {5: 1})


def test_maps_of_different_size():
    with pytest.raises(InputError, match="cannot be compared"):
        quality([[1, 1]], [[5]], {1: 0}, {5: 0})


def test_merge_needs_equal_classes():
    with pytest.raises(InputError, match="different class lists"):
        QualitySums(np.array([True])).merge(QualitySums(np.array([False])))


maps = st.lists(st.integers(0, 4), min_size=12, max_size=12).map(lambda ids: np.array(ids).reshape(3, 4))
classes = st.lists(st.integers(0, 2), min_size=5, max_size=5)


def plain_quality(truth, prediction, truth_classes, predicted_classes, crowd):
    """Straight from the definition, pixel set by pixel set."""
    true = {each: truth == each for each in np.unique(truth).tolist() if each}
    predicted = {each: prediction == each for each in np.unique(prediction).tolist() if each}
    counts = np.zeros((4, 3))
    matched_truth, matched_prediction = set(), set()
    for t, true_mask in true.items():
        for p, mask in predicted.items():
            if t in crowd or truth_classes[t] != predicted_classes[p]:
                continue
            union = (true_mask | mask) & ~(mask & (truth == 0))
            iou = (true_mask & mask).sum() / union.sum()
            if iou > 0.5:
                counts[0, truth_classes[t]] += 1
                counts[3, truth_classes[t]] += iou
                matched_truth.add(t)
                matched_prediction.add(p)
    for t in true:
        if t not in matched_truth and t not in crowd:
            counts[2, truth_classes[t]] += 1
    crowd_of_class = {truth_classes[t]: t for t in true if t in crowd}
    for p, mask in predicted.items():
        if p not in matched_prediction:
            forgiven = (mask & (truth == 0)).sum()
            if predicted_classes[p] in crowd_of_class:
                forgiven += (mask & (truth == crowd_of_class[predicted_classes[p]])).sum()
            if not forgiven / mask.sum() > 0.5:
                counts[1, predicted_classes[p]] += 1
    return counts


@settings(max_examples=60, deadline=None)
@given(maps, maps, classes, classes, st.sets(st.integers(1, 4), max_size=2))
def test_equals_the_definition(truth, prediction, truth_classes, predicted_classes, crowd):
    tables = [
        {each: kinds[each] for each in np.unique(ids).tolist() if each}
        for ids, kinds in ((truth, truth_classes), (prediction, predicted_classes))
    ]
    sums = quality(truth, prediction, *tables, crowd=[each for each in crowd if each in tables[0]])
    expected = plain_quality(truth, prediction, truth_classes, predicted_classes, crowd)
    found = np.stack([sums.true_positives, sums.false_positives, sums.false_negatives, sums.iou])
    assert np.allclose(found, expected)


def graph_of(ids, kinds, crowd=()):
    present = [each for each in np.unique(ids).tolist() if each]
    nodes = [
        Node(each, kinds[each], Segment(mask), attributes={"iscrowd": True} if each in crowd else {})
        for each, mask in zip(present, masks_from_ids(ids, present), strict=True)
    ]
    return SceneGraph(Source("image", "a.png", *ids.shape), tuple(nodes), (), VOCABULARY)


@settings(max_examples=60, deadline=None)
@given(maps, maps, classes, classes, st.sets(st.integers(1, 4), max_size=2))
def test_graphs_equal_maps(truth, prediction, truth_classes, predicted_classes, crowd):
    """The way over graphs and run lengths gives what the way over id maps gives."""
    tables = [
        {each: kinds[each] for each in np.unique(ids).tolist() if each}
        for ids, kinds in ((truth, truth_classes), (prediction, predicted_classes))
    ]
    by_maps = quality(truth, prediction, *tables, crowd=[each for each in crowd if each in tables[0]])
    first = GraphArrays.of(graph_of(truth, truth_classes, crowd))
    second = GraphArrays.of(graph_of(prediction, predicted_classes))
    by_graphs = QualitySums(np.array([True, True, False]))
    by_graphs.add(compare_graphs(first, second, intersections(first.masks, second.masks)))
    assert by_graphs.values() == pytest.approx(by_maps.values(), nan_ok=True)


def test_nodes_without_pixels_are_not_in_a_map():
    empty = Segment(Mask.from_array(np.zeros((2, 2), dtype=bool)))
    full = Segment(Mask.from_array(np.ones((2, 2), dtype=bool)))
    graph = SceneGraph(Source("image", "a.png", 2, 2), (Node(0, 0, empty), Node(1, 1, full)), (), VOCABULARY)
    arrays = GraphArrays.of(graph)
    sums = QualitySums(np.array([True] * 5))
    sums.add(compare_graphs(arrays, arrays, intersections(arrays.masks, arrays.masks)))
    assert sums.values()["PQ"] == 1.0
    assert sums.true_positives.sum() == 1 and not sums.false_negatives.sum()
