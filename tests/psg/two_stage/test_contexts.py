"""What the models know of other nodes: sentences from right to left, attention to looked-at pairs."""

import pytest
import torch

from psg.two_stage.motifs import LabelDecoder, sentences
from psg.two_stage.nodes import Nodes
from psg.two_stage.pairs import Pairs
from psg.two_stage.reasoning import Scene
from tests.psg.two_stage import small


def nodes_at(*lefts, counts):
    """Nodes of 4 x 4 pixels with these left edges, one picture after the other."""
    left = torch.tensor(lefts, dtype=torch.float32)[:, None]
    boxes = torch.cat((left, torch.zeros_like(left), left + 4, torch.full_like(left, 4)), 1)
    labels = torch.arange(len(lefts)) % 5
    names = torch.nn.functional.one_hot(labels, 5).float()
    return Nodes(boxes, labels, names, counts, ((64, 96),) * len(counts))


def test_sentences_run_from_right_to_left_within_a_picture():
    order, lengths = sentences(nodes_at(0, 9, 5, 70, 2, counts=(3, 0, 2)))
    assert order.tolist() == [1, 2, 0, 3, 4] and lengths == (3, 2)
    order, lengths = sentences(nodes_at(counts=(0, 0)))
    assert order.tolist() == [] and lengths == ()


def test_a_name_is_heard_by_those_after_it_only():
    torch.manual_seed(0)
    decoder = LabelDecoder(3, 8, torch.randn(5, 4), 0.0).eval()
    nodes, inputs = nodes_at(0, 9, 5, counts=(3,)), torch.randn(3, 3)
    order, lengths = sentences(nodes)  # 1, 2, 0
    first, _ = decoder(inputs, order, lengths, torch.tensor([1, 2, 3]))
    second, channels = decoder(inputs, order, lengths, torch.tensor([1, 2, 4]))
    assert torch.equal(first[1:], second[1:]) and not torch.equal(first[0], second[0])
    assert channels.tolist() == [1, 2, 4]
    _, free = decoder(inputs, order, lengths, None)
    assert (free > 0).all()


@pytest.mark.parametrize("published", [False, True])
def test_attention_to_pairs_that_are_not_looked_at(published):
    """Of three nodes only 0 -> 1 is looked at; the fourth is in another picture."""
    reasoning = small.build("GPSNet", head={"published": published}).head.reasoning
    nodes = nodes_at(0, 9, 5, 0, counts=(3, 1))
    pairs = Pairs(torch.tensor([0]), torch.tensor([1]), (1, 0))
    scene = Scene(nodes, pairs, torch.randn(4, 32), torch.randn(1, 32), known=True)
    attention = reasoning._attention(scene, torch.randn(4, 32))
    if published:
        assert attention[1:].tolist() == [[0.5, 0, 0.5, 0], [0.5, 0.5, 0, 0], [0, 0, 0, 0]]
        assert attention[0, 2] > 0
    else:
        assert attention.tolist() == [[0, 1, 0, 0], [0] * 4, [0] * 4, [0] * 4]
