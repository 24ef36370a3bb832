"""The published protocol equals the published code on every golden number."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.baselines.plain_openpsg import PlainOpenPSG
from scenegraph import InputError, Mask, Segment
from scenegraph.legacy_openpsg import (
    UNCONSTRAINED_ROWS,
    LegacySums,
    mean_over_all,
    measure,
    unconstrained_rows,
)
from scenegraph.recall import NEVER
from tests.scenegraph import golden_psg

TOLERANCE = 1e-9
BOX_TOLERANCE = 1e-6


@pytest.fixture(scope="session")
def psg(golden):
    if not (golden / "psg" / "expected_sgg.json").is_file():
        pytest.skip(f"needs {golden / 'psg'}")
    return golden / "psg"


def ks_of(block) -> tuple[int, ...]:
    return tuple(sorted(int(k) for k in block["R"]))


def evaluate(folder, pictures, ks, mode="sgdet", skip_empty=True):
    """Running sums over (truth, prediction), and the recall of every counted picture."""
    sums = LegacySums(golden_psg.num_predicates(folder), ks, mode, skip_empty)
    each = []
    for truth, prediction, regions in pictures:
        result = measure(truth, prediction, mode=mode, regions=regions)
        sums.add(result)
        if len(result.predicates) and not (result.skipped and skip_empty):
            each.append(result)
    return sums, each


def check_block(block, sums, results, ranks, tolerance=TOLERANCE):
    """Every number of a block of the expected file: R, mR, images, per image, per predicate."""
    ks = ks_of(block)
    assert sums.images == block["images_counted"]
    for place, k in enumerate(ks):
        if block["R"][str(k)] is None:
            assert np.isnan(sums.recall()[place])
        else:
            assert sums.recall()[place] == pytest.approx(block["R"][str(k)], abs=tolerance)
        assert mean_over_all(sums)[place] == pytest.approx(block["mR"][str(k)], abs=tolerance)
        if "per_image_recall_of_counted_images" in block:
            found = [(getattr(result, ranks) < k).mean() for result in results]
            expected = block["per_image_recall_of_counted_images"][str(k)]
            assert found == pytest.approx(expected, abs=tolerance)
        if "per_predicate_recall" in block:
            table = np.nan_to_num(sums.per_predicate()[place])
            assert table == pytest.approx(np.array(block["per_predicate_recall"][str(k)]), abs=tolerance)
    if "images_with_predicate_in_gt" in block:
        assert sums.predicate_images.tolist() == block["images_with_predicate_in_gt"]


def check_returned(returned, mode, sums, tolerance=TOLERANCE):
    """The dictionary of the published code, whose names end in the number K."""
    names = {"recall_R": sums.triplets.recall(), "mean_recall_mR": mean_over_all(sums.triplets)}
    names["accuracy_hit_A"] = sums.pair_accuracy()
    assert returned
    for key, value in returned.items():
        name, k = key.removeprefix(f"{mode}_").rsplit("_", 1)
        assert names[name][sums.triplets.ks.index(int(k))] == pytest.approx(value, abs=tolerance), key


def masks(pictures, mode):
    return [(picture.truth, picture.predictions[mode], "mask") for picture in pictures]


@pytest.mark.parametrize("mode", ["sgdet", "predcls"])
def test_main(psg, mode):
    expected = golden_psg.expected(psg)["main"][mode]
    pictures = masks(golden_psg.mask_set(psg, "main"), mode)
    sums, results = evaluate(psg, pictures, ks_of(expected[mode]), mode)
    check_block(expected[mode], sums.triplets, results, "ranks")
    check_returned(expected["returned"], mode, sums)
    if "phrdet" in expected:
        check_block(expected["phrdet"], sums.unions, results, "union_ranks")
    if "pair_accuracy" in expected:
        for k, value in expected["pair_accuracy"].items():
            assert sums.pair_accuracy()[sums.kept.ks.index(int(k))] == pytest.approx(value, abs=TOLERANCE)


def test_edge_together(psg):
    expected = golden_psg.expected(psg)["edge"]["sgdet_all"]
    sums, results = evaluate(psg, masks(golden_psg.mask_set(psg, "edge"), "sgdet"), ks_of(expected["sgdet"]))
    check_block(expected["sgdet"], sums.triplets, results, "ranks")
    check_block(expected["phrdet"], sums.unions, results, "union_ranks")
    check_returned(expected["returned"], "sgdet", sums)


def test_edge_each_alone(psg):
    expected = golden_psg.expected(psg)["edge"]["each_alone"]
    pictures = golden_psg.mask_set(psg, "edge")
    assert {picture.name for picture in pictures} == set(expected)
    for picture in pictures:
        blocks = expected[picture.name]
        sums, results = evaluate(psg, masks([picture], "sgdet"), ks_of(blocks["sgdet"]))
        check_block(blocks["sgdet"], sums.triplets, results, "ranks")
        check_block(blocks["phrdet"], sums.unions, results, "union_ranks")


def test_edge_with_skipped_pictures_as_zero(psg):
    expected = golden_psg.expected(psg)["edge"]["alternative_skipped_as_zero"]
    pictures = masks(golden_psg.mask_set(psg, "edge"), "sgdet")
    sums, results = evaluate(psg, pictures, ks_of(expected), skip_empty=False)
    check_block({**expected, "images_counted": expected["images_with_gt"]}, sums.triplets, results, "ranks")
    assert sums.images_skipped == 0


@pytest.mark.parametrize("mode", ["sgdet", "predcls"])
def test_boxes_with_graph_constraint(psg, mode):
    expected = golden_psg.expected(psg)["dist"][mode]
    pictures = []
    for each in golden_psg.box_set(psg):
        best = each.probabilities[mode].argmax(axis=1)
        rows = np.stack([each.pairs[mode][:, 0], best, each.pairs[mode][:, 1]], axis=1)
        pictures.append((each.truth, golden_psg.with_rows(each.nodes[mode], rows), "box"))
    sums, results = evaluate(psg, pictures, ks_of(expected[mode]), mode)
    check_block(expected[mode], sums.triplets, results, "ranks", BOX_TOLERANCE)
    check_returned(expected["returned"], mode, sums, BOX_TOLERANCE)
    if "phrdet" in expected:
        check_block(expected["phrdet"], sums.unions, results, "union_ranks", BOX_TOLERANCE)
    for k, value in expected.get("pair_accuracy", {}).items():
        assert sums.pair_accuracy()[sums.kept.ks.index(int(k))] == pytest.approx(value, abs=BOX_TOLERANCE)


@pytest.mark.parametrize("mode", ["sgdet", "predcls"])
def test_boxes_without_graph_constraint(psg, mode):
    expected = golden_psg.expected(psg)["dist"][mode]
    ranked = [
        (each, unconstrained_rows(each.pairs[mode], each.probabilities[mode], each.scores[mode]))
        for each in golden_psg.box_set(psg)
    ]
    ks = ks_of(expected["no_graph_constraint"])
    with_rows = golden_psg.with_rows
    first = [(each.truth, with_rows(each.nodes[mode], rows[:UNCONSTRAINED_ROWS]), "box") for each, rows in ranked]
    sums, results = evaluate(psg, first, ks, mode)
    check_block(expected["no_graph_constraint"], sums.triplets, results, "ranks", BOX_TOLERANCE)
    if "no_graph_constraint_phrdet" in expected:
        check_block(expected["no_graph_constraint_phrdet"], sums.unions, results, "union_ranks", BOX_TOLERANCE)
    everything = [(each.truth, with_rows(each.nodes[mode], rows), "box") for each, rows in ranked]
    sums, _ = evaluate(psg, everything, ks, mode)
    for k, value in expected.get("no_graph_constraint_pair_accuracy", {}).items():
        assert sums.pair_accuracy()[ks.index(int(k))] == pytest.approx(value, abs=BOX_TOLERANCE)


def test_known_intersections_change_nothing(psg):
    """The evaluation hands over the intersections of maps without overlap; the numbers are the same."""
    for picture in golden_psg.mask_set(psg, "main"):
        truth = picture.truth
        rows = golden_psg.with_rows(truth, truth.triples[::-1])
        shared = np.diag(truth.masks.areas)
        known, found = measure(truth, rows, shared), measure(truth, rows)
        assert known.ranks.tolist() == found.ranks.tolist()
        assert known.union_ranks.tolist() == found.union_ranks.tolist()


def test_merged_sums_equal_one_pass(psg):
    pictures = masks(golden_psg.mask_set(psg, "edge"), "sgdet")
    whole, _ = evaluate(psg, pictures, (20, 50))
    first, _ = evaluate(psg, pictures[:7], (20, 50))
    second, _ = evaluate(psg, pictures[7:], (20, 50))
    first.merge(second)
    assert first.values() == pytest.approx(whole.values(), nan_ok=True)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.booleans())
@pytest.mark.filterwarnings("ignore:invalid value")  # the plain one divides 0 by 0 for two empty masks
def test_equals_plain_loops(seed, truth_overlaps):
    """The loops of the benchmark, on masks that overlap, pairs of one node, repeated rows."""
    random = np.random.default_rng(seed)

    def graph(overlaps, rows):
        nodes = random.integers(1, 5)
        ids = random.integers(-1, nodes, (3, 4))
        stack = random.random((nodes, 3, 4)) < 0.6 if overlaps else ids == np.arange(nodes)[:, None, None]
        triplets = random.integers(0, (nodes, nodes, 2), (rows, 3)).tolist()
        return golden_psg.arrays(random.integers(0, 2, nodes), [Segment(Mask.from_array(m)) for m in stack], triplets)

    truth, prediction = graph(truth_overlaps, random.integers(1, 5)), graph(True, random.integers(1, 9))
    plain = PlainOpenPSG(2, (1, 3, 9))
    sides = [(each.triples, each.categories, [mask.array() for mask in each.masks]) for each in (truth, prediction)]
    plain.add(*sides[0], *sides[1])
    sums = LegacySums(2, (1, 3, 9))
    sums.add(measure(truth, prediction))
    assert {f"legacy openpsg/{name}": value for name, value in plain.values().items()} == pytest.approx(
        {name: value for name, value in sums.values().items() if "images" not in name}
    )


def test_overlapping_truth():
    """phrdet by hand: both unions are the whole 4 x 1 picture, although the single masks differ."""

    def segments(*rows):
        return [Segment(Mask.from_array(np.array([row], dtype=bool))) for row in rows]

    truth = golden_psg.arrays([0, 1], segments([1, 1, 1, 0], [0, 1, 1, 1]), [[0, 1, 5]])
    prediction = golden_psg.arrays([0, 1], segments([1, 0, 0, 0], [0, 1, 1, 1]), [[0, 1, 5]])
    result = measure(truth, prediction)
    assert result.ranks.tolist() == [NEVER]
    assert result.union_ranks.tolist() == [0]


def test_a_box_among_masks_is_refused():
    box = golden_psg.arrays([0], [Segment.from_box((0, 0, 1, 1), 4, 4)], [[0, 0, 1]])
    with pytest.raises(InputError, match='regions="box"'):
        measure(box, box)
    assert measure(box, box, regions="box").ranks.tolist() == [0]
