"""The strict protocol: hand-worked cases, properties, and equality with a plain slow implementation."""

import math
import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.evaluation import Evaluation
from tests.factories import VOCABULARY, park, park_video, rectangle
from tests.scenegraph import plain_strict

# beartype picks the items that it looks at by chance; it does not change what the strategies make.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")

KS = (1, 2, 3, 5, 20)


def evaluate(pictures, **options):
    options = {"ks": KS, "overlaps": "reject"} | options
    evaluation = Evaluation(VOCABULARY, **options)
    for truth, prediction in pictures:
        evaluation.add(truth, prediction)
    return evaluation.report()


def strict(pictures, **options):
    values = evaluate(pictures, **options).values
    return {key.removeprefix("strict/"): value for key, value in values.items() if key.startswith("strict/")}


def with_relations(graph, *rows):
    return SceneGraph(graph.source, graph.nodes, tuple(Relation(*row) for row in rows), graph.vocabulary)


@settings(max_examples=60, deadline=None)
@given(st.lists(plain_strict.pairs(), min_size=1, max_size=3))
def test_equals_a_plain_implementation(pictures):
    found = strict(pictures)
    for name, value in plain_strict.evaluate(pictures, KS).items():
        assert found[name] == pytest.approx(value, nan_ok=True), name


@settings(max_examples=40, deadline=None)
@given(plain_strict.pairs())
def test_predcls_equals_a_plain_implementation(pair):
    truth, prediction = pair
    prediction = with_relations(
        truth,
        *[
            (row.subject, row.predicate, row.object, row.score)
            for row in prediction.relations
            if max(row.subject, row.object) < len(truth.nodes)
        ],
    )
    found = strict([(truth, prediction)], mode="predcls")
    themselves = plain_strict.evaluate(
        [(truth, prediction)], KS, partners=lambda truth, _: {node.id: node.id for node in truth.nodes}
    )
    for name, value in themselves.items():
        assert found[name] == pytest.approx(value, nan_ok=True), name


@settings(max_examples=40, deadline=None)
@given(plain_strict.graphs(distinct=True))
def test_truth_against_itself_is_perfect(graph):
    """Wherever a true relation joins nodes that have pixels; a node without pixels cannot be found."""
    empty = {node.id for node in graph.nodes if node.region.mask.area == 0}
    graph = graph.restricted_to(node.id for node in graph.nodes if node.id not in empty)
    report = evaluate([(graph, graph)], legacy=True)
    for name in ("strict/R", "strict/mR", "strict/F1", "strict/ngR", "strict/ngmR", "strict/pair_recall"):
        value = report.values[f"{name}@20"]
        assert value == 1.0 if graph.relations else math.isnan(value)
    assert report.values["PQ"] == 1.0 if graph.nodes else math.isnan(report.values["PQ"])


@settings(max_examples=40, deadline=None)
@given(plain_strict.pairs(), st.randoms(use_true_random=False))
def test_numbering_and_order_of_nodes_do_not_matter(pair, random):
    truth, prediction = pair
    before = evaluate([(truth, prediction)]).values
    after = evaluate([(renumbered(truth, random), renumbered(prediction, random))]).values
    assert after == pytest.approx(before, nan_ok=True)


def renumbered(graph, random):
    fresh = random.sample(range(100), len(graph.nodes))
    new = {node.id: fresh[place] for place, node in enumerate(graph.nodes)}
    nodes = [Node(new[node.id], node.category, node.region, node.score) for node in graph.nodes]
    random.shuffle(nodes)
    relations = tuple(Relation(new[r.subject], r.predicate, new[r.object], r.score) for r in graph.relations)
    return SceneGraph(graph.source, tuple(nodes), relations, graph.vocabulary)


@settings(max_examples=40, deadline=None)
@given(plain_strict.pairs())
def test_more_rows_never_find_less_and_the_ceiling_holds(pair):
    values = strict([pair])
    for name in ("R", "mR", "ngR", "ngmR", "pair_recall"):
        numbers = [values[f"{name}@{k}"] for k in KS]
        assert all(math.isnan(number) for number in numbers) or numbers == sorted(numbers)
    if values["truths"]:
        assert values["R@20"] <= values["ceiling"] + 1e-12
        assert values["ngR@20"] <= values["ng_ceiling"] + 1e-12
        assert values["ngmR@20"] <= values["ng_mean_ceiling"] + 1e-12


def test_one_row_a_pair():
    """Two true predicates on one pair: with graph constraint one of them can be found, without both."""
    truth = with_relations(park(), (0, 0, 3), (0, 2, 3))
    prediction = with_relations(park(), (0, 0, 3, 0.9), (0, 2, 3, 0.8))
    values = strict([(truth, prediction)])
    assert values["R@20"] == 0.5 and values["ceiling"] == 0.5
    assert values["ngR@1"] == 0.5 and values["ngR@2"] == 1.0 and values["ng_ceiling"] == 1.0
    assert values["pair_recall@1"] == 1.0
    assert values["mR@20"] == 0.5 and values["ngmR@20"] == 1.0


def test_the_best_predicate_of_a_pair_decides():
    truth = with_relations(park(), (0, 0, 3))
    wrong_first = with_relations(park(), (0, 0, 3, 0.4), (0, 1, 3, 0.6))
    values = strict([(truth, wrong_first)])
    assert values["R@20"] == 0.0 and values["ngR@2"] == 1.0 and values["pair_recall@1"] == 1.0


def test_rank_is_by_score_and_ties_keep_their_order():
    truth = with_relations(park(), (0, 0, 3))
    late = with_relations(park(), (1, 0, 3, 0.2), (0, 0, 3, 0.9))
    assert strict([(truth, late)])["R@1"] == 1.0
    tied = with_relations(park(), (1, 0, 3, 0.5), (0, 0, 3, 0.5))
    assert strict([(truth, tied)])["R@1"] == 0.0
    assert strict([(truth, tied)])["R@2"] == 1.0


def test_direction_matters():
    truth = with_relations(park(), (0, 0, 3))
    assert strict([(truth, with_relations(park(), (3, 0, 0)))])["R@20"] == 0.0


def test_a_repeated_truth_counts_once():
    truth = with_relations(park(), (0, 0, 3), (0, 0, 3), (1, 0, 3))
    values = strict([(truth, with_relations(park(), (0, 0, 3)))])
    assert values["truths"] == 2 and values["R@20"] == 0.5


def test_self_relations():
    truth = with_relations(park(), (0, 1, 0))
    assert strict([(truth, truth)])["R@1"] == 1.0
    assert strict([(truth, with_relations(park(), (0, 1, 1)))])["R@20"] == 0.0
    assert strict([(with_relations(park(), (0, 1, 1)), truth)])["R@20"] == 0.0


def test_pictures_average_with_equal_weight():
    """Worked by hand: 1 of 1 and 1 of 3 found: R = (1 + 1/3) / 2; predicate 0: (1 + 0) / 2, 1: 1, 2: 0."""
    first = with_relations(park(), (0, 0, 3))
    second = with_relations(park(), (0, 0, 3), (0, 1, 2), (1, 2, 3))
    found = with_relations(park(), (0, 1, 2))
    values = strict([(first, first), (second, found)])
    assert values["R@20"] == pytest.approx(2 / 3)
    assert values["mR@20"] == pytest.approx((0.5 + 1 + 0) / 3)
    assert values["F1@20"] == pytest.approx(2 * (2 / 3) * 0.5 / (2 / 3 + 0.5))
    assert values["predicates"] == 3


def test_pictures_without_truth_or_prediction():
    """Without true relations a picture has no recall; without prediction it counts 0."""
    bare = with_relations(park())
    empty = SceneGraph(park().source, (), (), VOCABULARY)
    assert strict([(park(), park()), (bare, park())])["R@20"] == 1.0
    for nothing in (None, empty, bare):
        assert strict([(park(), park()), (park(), nothing)])["R@20"] == 0.5
    report = evaluate([(bare, bare)])
    assert math.isnan(report.values["strict/R@20"]) and report.values["strict/images"] == 0
    assert report.values["PQ"] == 1.0
    assert evaluate([(park(), None)]).values["PQ"] == 0.0
    assert evaluate([(park(), None), (park(), empty)]).values["images_without_prediction"] == 2


def test_no_pictures_at_all():
    report = evaluate([])
    assert math.isnan(report.values["strict/R@20"]) and report.values["images"] == 0
    assert "-" in report.table() and report.predicate_table()
    assert evaluate([], mode="predcls", legacy=True).table()


def test_exactly_half_overlap_is_no_match():
    source = Source("image", "a.png", 2, 4)

    def one_person(x1, x2):
        nodes = (Node(0, 0, Segment(rectangle(2, 4, x1, 0, x2, 1))), Node(1, 3, Segment(rectangle(2, 4, 0, 1, 4, 2))))
        return SceneGraph(source, nodes, (Relation(0, 0, 1),), VOCABULARY)

    assert strict([(one_person(0, 4), one_person(0, 2))])["R@20"] == 0.0
    assert strict([(one_person(0, 4), one_person(0, 3))])["R@20"] == 1.0
    assert strict([(one_person(0, 4), one_person(0, 3))], threshold=0.8)["R@20"] == 0.0


def test_subsets_of_predicates():
    """Predicates 1 and 3 apart: picture one has one of them (found), picture two has both (one found)."""
    first = with_relations(park(), (0, 0, 3), (0, 1, 2))
    second = with_relations(park(), (0, 1, 2), (1, 3, 2))
    found = with_relations(park(), (0, 1, 2))
    subsets = {"state": ("holding", "chasing"), "on / beside": ("on", "beside")}
    report = evaluate([(first, found), (second, found)], subsets=subsets)
    assert "strict[state]: these predicates only, 2 occur" in report.table() and "strict[on / beside]" in report.table()
    assert report.values["strict[state]/R@20"] == pytest.approx((1 + 0.5) / 2)
    assert report.values["strict[state]/mR@20"] == pytest.approx((1 + 0) / 2)
    later = report.subset(["holding", "chasing"])
    assert later["mR@20"] == report.values["strict[state]/mR@20"]
    assert later["pooled R@20"] == pytest.approx(2 / 3) and later["truths"] == 3
    assert math.isnan(report.subset(["beside"])["mR@20"])
    with pytest.raises(InputError, match="'flying'"):
        report.subset(["flying"])
    with pytest.raises(InputError, match="'flying'"):
        evaluate([], subsets={"state": ("flying",)})


def test_per_predicate_rows():
    report = evaluate([(park(), with_relations(park(), (0, 0, 3), (0, 1, 2)))])
    rows = {row.name: row for row in report.per_predicate}
    assert [row.name for row in report.per_predicate] == list(VOCABULARY.predicates)
    assert (rows["on"].truths, rows["on"].images, rows["on"].recall[20]) == (2, 1, 0.5)
    assert rows["holding"].free_recall[20] == 1.0 and math.isnan(rows["beside"].recall[20])
    assert "beside" not in report.predicate_table() and "holding" in report.predicate_table()


@settings(max_examples=20, deadline=None)
@given(st.lists(plain_strict.pairs(), max_size=4), st.integers(0, 4))
def test_merged_parts_equal_the_whole(pictures, cut):
    options = {"legacy": True, "subsets": {"some": ("on",)}, "ks": KS}
    whole = evaluate(pictures, **options)
    first, second = Evaluation(VOCABULARY, **options), Evaluation(VOCABULARY, **options)
    for truth, prediction in pictures[:cut]:
        first.add(truth, prediction)
    for truth, prediction in pictures[cut:]:
        second.add_result(pickle.loads(pickle.dumps(second.measure(truth, prediction))))
    first.merge(pickle.loads(pickle.dumps(second)))
    assert first.report().values == pytest.approx(whole.values, nan_ok=True)


def test_the_state_does_not_grow():
    evaluation = Evaluation(VOCABULARY, legacy=True)
    evaluation.add(park(), park())
    size = len(pickle.dumps(evaluation))
    for _ in range(50):
        evaluation.add(park(), park())
    assert len(pickle.dumps(evaluation)) < size + 200


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"ks": ()}, "K ="),
        ({"ks": (0, 20)}, "K ="),
        ({"ks": (50, 20)}, "K ="),
        ({"ks": (20, 20)}, "K ="),
        ({"threshold": 1.0}, "threshold"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(InputError, match=message):
        Evaluation(VOCABULARY, **options)


def test_graphs_that_cannot_be_compared():
    larger = SceneGraph(Source("image", "park.png", 21, 30), (), (), VOCABULARY)
    other = SceneGraph(park().source, (), (), Vocabulary(("person",), (), ("on",)))
    for prediction, message in ((larger, "at the size"), (other, "another vocabulary")):
        with pytest.raises(InputError, match=message):
            evaluate([(park(), prediction)])
    with pytest.raises(InputError, match="needs image graphs"):
        evaluate([(park_video(), park_video())])
    box = SceneGraph(park().source, (Node(0, 0, Segment.from_box((0, 0, 1, 1), 20, 30)),), (), VOCABULARY)
    for pair in ((box, park()), (park(), box)):
        with pytest.raises(InputError, match="a box only"):
            evaluate([pair])
    assert strict([(with_relations(box, (0, 0, 0)), with_relations(box, (0, 0, 0)))], mode="predcls")["R@1"] == 1.0


def test_predcls_needs_the_true_nodes():
    truth = park()
    stranger = SceneGraph(truth.source, (Node(9, 0, truth.nodes[0].region),), (), VOCABULARY)
    other_class = SceneGraph(truth.source, (Node(0, 1, truth.nodes[0].region),), (), VOCABULARY)
    for prediction in (stranger, other_class):
        with pytest.raises(InputError, match="PredCls"):
            evaluate([(truth, prediction)], mode="predcls")


def test_merge_needs_equal_options():
    with pytest.raises(InputError, match="cannot be merged"):
        Evaluation(VOCABULARY).merge(Evaluation(VOCABULARY, ks=(20,)))


def test_the_report_names_its_protocols():
    report = evaluate([(park(), park())], legacy=True, overlaps="merge")
    table = report.table()
    for text in ("IoU > 0.5", "overlaps=merge", "repeated=best", "legacy openpsg", "ceiling", "PQ", "pair_recall"):
        assert text in table
    assert "NaN" not in report.json() and '"strict/R@20": 1.0' in report.json()
    assert np.isfinite(report.values["strict/R@20"])
