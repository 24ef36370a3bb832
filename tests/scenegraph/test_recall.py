"""Recall sums by hand."""

import math

import numpy as np
import pytest

from scenegraph import InputError
from scenegraph.recall import NEVER, RecallSums, checked_ks, ranks_of


def test_by_hand():
    """Two pictures: ranks 0, 3, never of predicates 0, 0, 2; and rank 1 of predicate 2."""
    sums = RecallSums(4, (1, 2, 4))
    sums.add(np.array([0, 3, NEVER]), np.array([0, 0, 2]))
    sums.add(np.array([1]), np.array([2]))
    assert sums.recall() == pytest.approx([(1 / 3 + 0) / 2, (1 / 3 + 1) / 2, (2 / 3 + 1) / 2])
    assert sums.per_predicate()[:, 0] == pytest.approx([0.5, 0.5, 1.0])
    assert sums.per_predicate()[:, 2] == pytest.approx([0.0, 0.5, 0.5])
    assert np.isnan(sums.per_predicate()[:, [1, 3]]).all()
    assert sums.mean_recall() == pytest.approx([0.25, 0.5, 0.75])
    assert sums.occurring.tolist() == [0, 2]
    assert sums.found[:, 0].tolist() == [1, 1, 2] and sums.truths.tolist() == [2, 0, 2, 0]
    recall, mean = sums.recall(), sums.mean_recall()
    assert sums.f1() == pytest.approx(2 * recall * mean / (recall + mean))


def test_nothing_found_and_nothing_there():
    sums = RecallSums(2, (5,))
    assert math.isnan(sums.recall()[0]) and math.isnan(sums.mean_recall()[0]) and math.isnan(sums.f1()[0])
    sums.add(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert sums.images == 0
    sums.add(np.array([NEVER]), np.array([1]))
    assert sums.recall()[0] == sums.mean_recall()[0] == sums.f1()[0] == 0.0


def test_merge():
    parts = [RecallSums(3, (1, 9)) for _ in range(3)]
    random = np.random.default_rng(0)
    for number in range(6):
        ranks, predicates = random.integers(0, 12, 4), random.integers(0, 3, 4)
        parts[number % 2].add(ranks, predicates)
        parts[2].add(ranks, predicates)
    parts[0].merge(parts[1])
    assert np.allclose(parts[0].recall(), parts[2].recall())
    assert np.allclose(parts[0].per_predicate(), parts[2].per_predicate())
    assert np.array_equal(parts[0].found, parts[2].found)
    for other in (RecallSums(3, (1,)), RecallSums(2, (1, 9))):
        with pytest.raises(InputError, match="cannot be merged"):
            parts[0].merge(other)


def test_numbers_of_rows():
    assert checked_ks([1, 20]) == (1, 20)
    for wrong in ([], [0], [-1, 2], [2, 1], [3, 3]):
        with pytest.raises(InputError, match="K = "):
            checked_ks(wrong)


def test_ranks():
    assert ranks_of(np.array([4, 2, 9]), np.array([2, 4, 4, 2])).tolist() == [1, 0, NEVER]
    assert ranks_of(np.array([1]), np.zeros(0, dtype=np.int64)).tolist() == [NEVER]
    assert ranks_of(np.zeros(0, dtype=np.int64), np.array([1])).tolist() == []
