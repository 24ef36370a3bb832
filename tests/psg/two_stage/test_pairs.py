import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from psg.two_stage.pairs import Pairs, Sampling, all_pairs, sample_pairs, stands_for


def rows(pairs):
    return {tuple(pair) for pair in pairs.tolist()}


def test_true_nodes():
    """0 -> 1 twice, 2 -> 0: every other pair is unrelated."""
    relations = torch.tensor([[0, 1, 1], [0, 3, 1], [2, 0, 0]])
    pairs, target = sample_pairs(relations, torch.eye(3), 4, Sampling())
    assert rows(pairs[:2]) == {(0, 1), (2, 0)} and rows(pairs) == rows(all_pairs(3)) and len(pairs) == 6
    wanted = dict(zip(map(tuple, pairs.tolist()), target.tolist(), strict=True))
    assert wanted[0, 1] == [0, 0, 0.5, 0, 0.5] and wanted[2, 0] == [0, 1, 0, 0, 0]
    assert wanted[1, 0] == wanted[1, 2] == [1, 0, 0, 0, 0]


def test_published_sampling_leaves_reversed_pairs_out():
    pairs, _ = sample_pairs(torch.tensor([[0, 1, 1]]), torch.eye(3), 4, Sampling(reverse=False))
    assert rows(pairs) == rows(all_pairs(3)) - {(1, 0)}


def test_several_nodes_stand_for_one_segment():
    """Segment 0 is nodes 0 and 1, segment 1 is node 2; at most one pair a relation is taught, none called unrelated."""
    overlap = torch.tensor([[0.9, 0.6, 0.0], [0.0, 0.0, 0.8]])
    relations = torch.tensor([[0, 2, 1]])
    pairs, target = sample_pairs(relations, overlap, 4, Sampling(per_relation=1))
    related = rows(pairs[target[:, 0] == 0])
    assert len(related) == 1 and related < {(0, 2), (1, 2)}
    assert rows(pairs) - related == rows(all_pairs(3)) - {(0, 2), (1, 2)}
    pairs, target = sample_pairs(relations, overlap, 4, Sampling())
    assert rows(pairs[target[:, 0] == 0]) == {(0, 2), (1, 2)}


def test_draws_follow_the_overlap():
    """Weights 0.9 * 0.8 and 0.6 * 0.8: the first is drawn in three of five."""
    overlap = torch.tensor([[0.9, 0.6, 0.0], [0.0, 0.0, 0.8]])
    generator = torch.Generator().manual_seed(0)
    drawn = [
        sample_pairs(torch.tensor([[0, 2, 1]]), overlap, 4, Sampling(per_relation=1), generator)[0][0, 0].item()
        for _ in range(300)
    ]
    assert drawn.count(0) / 300 == pytest.approx(0.6, abs=0.08)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 6), st.integers(1, 40), st.integers(0, 2**16), st.booleans())
def test_samples_are_ordered_pairs_with_distributions(nodes, most, seed, reverse):
    generator = torch.Generator().manual_seed(seed)
    ends = torch.randint(0, max(nodes, 1), (5 if nodes else 0, 3), generator=generator)
    sampling = Sampling(most=most, foreground=0.5, reverse=reverse)
    pairs, target = sample_pairs(ends, torch.eye(nodes), 6, sampling, generator)
    assert len(pairs) == len(target) <= most
    assert len(rows(pairs)) == len(pairs) and rows(pairs) <= rows(all_pairs(nodes))
    assert int((target[:, 0] == 0).sum()) <= most * 0.5
    torch.testing.assert_close(target.sum(1), torch.ones(len(target)))


def test_nodes_stand_for_segments_of_their_class_only():
    box = torch.tensor([[0.0, 0.0, 10.0, 10.0]])
    nodes = torch.tensor([[0.0, 0, 10, 10], [0, 0, 10, 10], [0, 0, 10, 4]])
    assert stands_for(box, torch.tensor([1]), nodes, torch.tensor([1, 2, 1])).tolist() == [[1, 0, 0]]


def test_pairs_of_a_batch_count_on():
    joined = Pairs.join([all_pairs(2), all_pairs(0), all_pairs(2)], (2, 0, 2))
    assert joined.counts == (2, 0, 2)
    assert joined.subject.tolist() == [0, 1, 2, 3] and joined.object.tolist() == [1, 0, 3, 2]
