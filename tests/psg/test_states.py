"""What segments do, learned from queries: targets by hand, and a loss that falls."""

import pytest
import torch

from psg.parts.states import StateHead, states_of
from psg.parts.truth import Truth


@pytest.fixture
def truth():
    """Two pictures: a person (0) on grass (1) holding a ball (2); nothing related."""
    relations = (torch.tensor([[0, 0, 1], [0, 1, 2]]), torch.zeros(0, 3, dtype=torch.long))
    present = torch.tensor([[True, True, True], [True, False, False]])
    empty = torch.zeros(2, 3, 4), torch.zeros(2, 3, 4, 4, dtype=torch.bool)
    return Truth(torch.zeros(2, 3, dtype=torch.long), present, *empty, relations, (3, 1), ((4, 4), (4, 4)))


def test_subjects_and_objects(truth):
    held = states_of(truth, 2).int().tolist()
    assert held[0] == [[1, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]]
    assert held[1] == [[0, 0, 0, 0]] * 3


def test_only_matched_segments_count(truth):
    head = StateHead(8, 2, weight=2.0)
    queries = torch.randn(2, 5, 8)
    matched = torch.tensor([[4, -1, 0], [2, -1, -1]])
    logits = head.classify(torch.stack([queries[0, 4], queries[0, 0], queries[1, 2]]))
    target = torch.tensor([[1.0, 1, 0, 0], [0, 0, 0, 1], [0, 0, 0, 0]])
    entropy = torch.nn.functional.binary_cross_entropy_with_logits(logits, target, reduction="none")
    assert head.loss(queries, matched, truth).item() == pytest.approx(2 * entropy.sum(1).mean().item(), rel=1e-5)
    assert head.loss(queries, torch.full_like(matched, -1), truth) == 0


def test_it_learns(truth):
    torch.manual_seed(0)
    head, queries = StateHead(8, 2, weight=1.0), torch.randn(2, 3, 8)
    matched = torch.tensor([[0, 1, 2], [0, -1, -1]])
    optimizer = torch.optim.Adam(head.parameters(), lr=0.1)
    first = head.loss(queries, matched, truth).item()
    for _ in range(50):
        optimizer.zero_grad()
        loss = head.loss(queries, matched, truth)
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.2 * first
