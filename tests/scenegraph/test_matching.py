"""One-to-one matching of nodes."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Node, SceneGraph, Segment
from scenegraph.matching import match, match_nodes
from tests.factories import VOCABULARY, park
from tests.scenegraph import plain_strict

# The type checker looks at random elements of the sequences that strategies build.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")


def test_graph_against_itself():
    matching = match_nodes(park(), park())
    assert matching.truth.tolist() == matching.prediction.tolist() == [0, 1, 2, 3, 4]
    assert matching.iou.tolist() == [1.0] * 5 and len(matching) == 5
    assert matching.truth_of(5).tolist() == [0, 1, 2, 3, 4]


def test_class_and_threshold():
    iou = np.array([[0.5, 0.51], [0.9, 0.0]])
    matching = match(iou, np.array([1, 2]), np.array([1, 1]))
    assert (matching.truth.tolist(), matching.prediction.tolist()) == ([0], [1])
    assert matching.truth_of(2).tolist() == [-1, 0]
    assert len(match(iou, np.array([1, 2]), np.array([2, 1]), threshold=0.95)) == 0
    assert match(iou, np.array([1, 1]), np.array([1, 1]), threshold=0.4).truth_of(2).tolist() == [1, 0]


def test_the_largest_overlap_is_taken_first():
    iou = np.array([[0.9, 0.8, 0.0], [0.85, 0.0, 0.6]])
    matching = match(iou, np.zeros(2, dtype=int), np.zeros(3, dtype=int))
    assert (matching.truth.tolist(), matching.prediction.tolist()) == ([0, 1], [0, 2])
    assert matching.iou.tolist() == [0.9, 0.6]


def test_ties_go_to_the_first():
    matching = match(np.full((2, 3), 0.7), np.zeros(2, dtype=int), np.zeros(3, dtype=int))
    assert (matching.truth.tolist(), matching.prediction.tolist()) == ([0, 1], [0, 1])


def plain_match(iou, truth_categories, predicted_categories, threshold):
    """The greedy choice in its own words."""
    candidates = [
        (-iou[t, p], t, p)
        for t in range(iou.shape[0])
        for p in range(iou.shape[1])
        if iou[t, p] > threshold and truth_categories[t] == predicted_categories[p]
    ]
    chosen = []
    for _, t, p in sorted(candidates):
        if all(t != other and p != another for other, another in chosen):
            chosen.append((t, p))
    return sorted(chosen)


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 2**32 - 1), st.sampled_from([0.1, 0.5, 0.9]))
def test_equals_a_plain_greedy_choice(n, m, seed, threshold):
    random = np.random.default_rng(seed)
    iou = random.integers(0, 8, (n, m)) / 8  # few values, so that ties are common
    kinds, predicted_kinds = random.integers(0, 2, n), random.integers(0, 2, m)
    matching = match(iou, kinds, predicted_kinds, threshold)
    assert list(zip(matching.truth.tolist(), matching.prediction.tolist(), strict=True)) == plain_match(
        iou, kinds, predicted_kinds, threshold
    )


@settings(max_examples=60, deadline=None)
@given(plain_strict.pairs())
def test_maps_without_overlap_leave_no_choice(pair):
    truth, prediction = pair
    matching = match_nodes(truth, prediction)
    expected = plain_strict.match(truth, prediction)
    assert dict(zip(matching.prediction.tolist(), matching.truth.tolist(), strict=True)) == expected


def test_nothing_to_match():
    empty = SceneGraph(park().source, (), (), VOCABULARY)
    assert len(match_nodes(empty, park())) == len(match_nodes(park(), empty)) == len(match_nodes(empty, empty)) == 0


def test_boxes_are_refused():
    box = SceneGraph(park().source, (Node(0, 0, Segment.from_box((0, 0, 1, 1), 20, 30)),), (), VOCABULARY)
    with pytest.raises(InputError, match="a box only"):
        match_nodes(park(), box)
