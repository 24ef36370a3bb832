"""Overlapping masks and repeated rows: every choice, worked by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source
from scenegraph.arrays import GraphArrays
from scenegraph.evaluation import Evaluation
from scenegraph.masks import overlapping
from scenegraph.overlaps import OVERLAPS, without_overlaps
from tests.factories import VOCABULARY, park, rectangle

PERSON, DOG, GRASS = 0, 1, 3


def graph(nodes, relations=(), height=1, width=8):
    """Nodes are (category, first column, column after the last, score) of a picture of one row."""
    return SceneGraph(
        Source("image", "row.png", height, width),
        tuple(
            Node(place, category, Segment(rectangle(height, width, x1, 0, x2, height)), score)
            for place, (category, x1, x2, score) in enumerate(nodes)
        ),
        tuple(Relation(*row) for row in relations),
        VOCABULARY,
    )


def separated(given_graph, overlaps):
    arrays = without_overlaps(GraphArrays.of(given_graph), overlaps, "row.png")
    columns = [np.flatnonzero(mask.array().any(axis=0)).tolist() for mask in arrays.masks]
    return arrays, columns


TWO = [(PERSON, 0, 5, 0.4), (DOG, 3, 8, 0.9)]


@pytest.mark.parametrize(
    ("overlaps", "columns"),
    [
        ("first", [[0, 1, 2, 3, 4], [5, 6, 7]]),
        ("highest", [[0, 1, 2], [3, 4, 5, 6, 7]]),
        ("merge", [[0, 1, 2], [3, 4, 5, 6, 7]]),
        ("measure", [[0, 1, 2, 3, 4], [3, 4, 5, 6, 7]]),
    ],
)
def test_shared_pixels(overlaps, columns):
    assert separated(graph(TWO), overlaps)[1] == columns


def test_reject_says_what_to_do():
    with pytest.raises(InputError, match=r'row\.png: masks of the graph overlap.*overlaps="highest"'):
        separated(graph(TWO), "reject")
    assert separated(graph([(PERSON, 0, 3, 0.4), (DOG, 3, 8, 0.9)]), "reject")[1] == [[0, 1, 2], [3, 4, 5, 6, 7]]


def test_equal_scores_go_to_the_first():
    same = [(PERSON, 0, 5, 0.5), (DOG, 3, 8, 0.5)]
    assert separated(graph(same), "highest")[1] == [[0, 1, 2, 3, 4], [5, 6, 7]]


def test_a_node_that_loses_all_pixels_goes_with_its_relations():
    covered = graph(
        [(DOG, 2, 4, 0.1), (PERSON, 0, 5, 0.9), (GRASS, 5, 8, 0.9)],
        [(0, 0, 2, 0.9), (1, 0, 2, 0.8), (1, 1, 0, 0.7), (2, 2, 1, 0.6)],
    )
    arrays, columns = separated(covered, "highest")
    assert columns == [[0, 1, 2, 3, 4], [5, 6, 7]]
    assert arrays.triples.tolist() == [[0, 0, 1], [1, 2, 0]]
    assert arrays.scores.tolist() == [0.8, 0.6]
    assert arrays.categories.tolist() == [PERSON, GRASS]


def test_merge_joins_the_masks_of_one_object():
    """Two masks of one person (IoU 4/5) become one; their relations are put together."""
    copies = graph(
        [(PERSON, 0, 5, 0.6), (PERSON, 0, 4, 0.9), (PERSON, 5, 6, 0.3), (GRASS, 6, 8, 0.9)],
        [(0, 0, 3, 0.9), (1, 1, 3, 0.8), (0, 2, 1, 0.7), (2, 2, 3, 0.6), (1, 3, 1, 0.5)],
    )
    arrays, columns = separated(copies, "merge")
    assert columns == [[0, 1, 2, 3], [5], [6, 7]]
    # "0 beside 1" spoke of one person only and is gone; a relation of a node with itself stays.
    assert arrays.triples.tolist() == [[0, 0, 2], [0, 1, 2], [1, 2, 2], [0, 3, 0]]
    other_class = graph([(PERSON, 0, 5, 0.6), (DOG, 0, 4, 0.9)])
    assert separated(other_class, "merge")[1] == [[4], [0, 1, 2, 3]]


def test_graphs_without_overlap_are_left_alone():
    arrays = GraphArrays.of(park())
    for overlaps in OVERLAPS:
        assert without_overlaps(arrays, overlaps, "park") is arrays
    empty = GraphArrays.of(SceneGraph(park().source, (), (), VOCABULARY))
    assert without_overlaps(empty, "reject", "park") is empty


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 1), st.integers(0, 8), st.integers(0, 8), st.sampled_from([0.2, 0.5, 0.9]))),
    st.sampled_from(["first", "highest", "merge"]),
)
def test_the_result_never_overlaps_and_loses_no_pixel(nodes, overlaps):
    given_graph = graph([(category, min(a, b), max(a, b), score) for category, a, b, score in nodes])
    arrays, columns = separated(given_graph, overlaps)
    assert not overlapping(arrays.masks)
    if overlaps != "merge":
        before = {column for node in given_graph.nodes for column in range(*map(int, node.region.box[::2]))}
        assert {column for each in columns for column in each} == before


def evaluate(truth, prediction, **options):
    evaluation = Evaluation(VOCABULARY, ks=(1, 2, 20), **options)
    evaluation.add(truth, prediction)
    return evaluation.report().values


def test_the_evaluation_counts_what_it_removed():
    truth = graph([(PERSON, 0, 5, 1.0), (GRASS, 5, 8, 1.0)], [(0, 0, 1)])
    copies = graph(
        [(PERSON, 0, 5, 0.9), (PERSON, 0, 5, 0.8), (GRASS, 5, 8, 0.9)],
        [(0, 1, 2, 0.9), (1, 0, 2, 0.8), (0, 1, 2, 0.7)],
    )
    highest = evaluate(truth, copies, overlaps="highest")
    assert (highest["strict/nodes_removed"], highest["strict/rows_removed"]) == (1, 2)
    assert highest["strict/ngR@20"] == 0.0 and highest["PQ"] == 1.0
    merged = evaluate(truth, copies, overlaps="merge")
    assert (merged["strict/nodes_removed"], merged["strict/rows_removed"]) == (1, 1)
    assert merged["strict/R@20"] == 0.0 and merged["strict/ngR@2"] == 1.0
    measured = evaluate(truth, copies, overlaps="measure")
    assert "PQ" not in measured and measured["strict/nodes_removed"] == 0
    with pytest.raises(InputError, match=r"prediction of row\.png: masks"):
        evaluate(truth, copies)
    with pytest.raises(InputError, match=r"truth of row\.png: masks"):
        evaluate(copies, truth)


def test_repeated_rows_can_be_refused():
    truth = graph([(PERSON, 0, 5, 1.0), (GRASS, 5, 8, 1.0)], [(0, 0, 1)])
    twice = graph([(PERSON, 0, 5, 1.0), (GRASS, 5, 8, 1.0)], [(0, 0, 1, 0.2), (0, 0, 1, 0.7), (1, 0, 0, 0.5)])
    values = evaluate(truth, twice)
    assert values["strict/R@1"] == 1.0 and values["strict/rows_removed"] == 1
    with pytest.raises(InputError, match="repeated relations"):
        evaluate(truth, twice, repeated="reject")
    for options in ({"overlaps": "sometimes"}, {"repeated": "often"}, {"mode": "sgcls"}):
        with pytest.raises(InputError, match="expected one of"):
            Evaluation(VOCABULARY, **options)


def test_masks_without_pixels_are_no_overlap():
    nothing = Segment(Mask.from_array(np.zeros((1, 8), dtype=bool)))
    nodes = (Node(0, PERSON, nothing), Node(1, PERSON, nothing), Node(2, DOG, Segment(rectangle(1, 8, 0, 0, 8, 1))))
    both = SceneGraph(Source("image", "row.png", 1, 8), nodes, (Relation(0, 0, 1),), VOCABULARY)
    arrays, columns = separated(both, "reject")
    assert columns == [[], [], list(range(8))] and len(arrays.triples) == 1
