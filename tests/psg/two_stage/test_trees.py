import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from psg.two_stage.trees import DownwardCell, Forest, TreeDecoder, TreeLSTM, UpwardCell, spanning_trees


def scores(*counts, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return [torch.rand(count, count, generator=generator) for count in counts]


def plain_tree(table):
    """Parents and order, one comparison at a time."""
    root = max(range(len(table)), key=lambda node: sum(table[node]))
    parent, inside = {root: -1}, [root]
    while len(inside) < len(table):
        outside = [node for node in range(len(table)) if node not in parent]
        above, new = max(((a, b) for a in inside for b in outside), key=lambda pair: table[pair[0]][pair[1]])
        parent[new] = above
        inside.append(new)
    return [parent[node] for node in range(len(table))], inside


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 6), max_size=3), st.integers(0, 999))
def test_trees_of_a_batch_are_those_of_its_pictures(counts, seed):
    tables = scores(*counts, seed=seed)
    most = max(counts, default=0)
    padded = np.full((len(counts), most, most), -np.inf, dtype=np.float32)
    for place, table in enumerate(tables):
        padded[place, : len(table), : len(table)] = table.numpy()
    parent, joined = spanning_trees(padded, np.array(counts, dtype=np.int64))
    for place, table in enumerate(tables):
        if len(table):
            expected = plain_tree(table.tolist())
            assert (parent[place, : len(table)].tolist(), joined[place, : len(table)].tolist()) == expected


def test_first_child_left_siblings_right():
    """1 is the root; 0 joins it, then 2 joins 1 too, then 3 joins 0."""
    table = torch.tensor([[0.0, 0.1, 0.1, 0.3], [0.9, 0.9, 0.8, 0.2], [0.1, 0.1, 0.0, 0.1], [0.1, 0.1, 0.1, 0.0]])
    forest = Forest.of_scores([table])
    assert [level.tolist() for level in forest.levels] == [[1], [0], [2, 3]]
    assert [level.tolist() for level in forest.above] == [[-1], [0], [0, 0]]
    assert [level.tolist() for level in forest.left] == [[0], [1], [-1, -1]]
    assert [level.tolist() for level in forest.right] == [[-1], [0], [-1, -1]]


@pytest.mark.parametrize("cell", [UpwardCell, DownwardCell])
def test_a_batch_gives_what_its_pictures_give(cell):
    torch.manual_seed(0)
    tables, layer = scores(4, 0, 6, 1), cell(5, 3)
    inputs = torch.randn(11, 5)
    together = layer(inputs, Forest.of_scores(tables), torch.ones(11, 3)).split([4, 0, 6, 1])
    for table, rows, states in zip(tables, inputs.split([4, 0, 6, 1]), together, strict=True):
        torch.testing.assert_close(layer(rows, Forest.of_scores([table]), torch.ones(len(rows), 3)), states)


def test_directions():
    """On a chain (each node the child of the next) up hears those before, down those after."""
    table = torch.zeros(3, 3)
    table[2, 1], table[1, 0], table[2, 2] = 0.9, 0.8, 5.0
    forest, inputs = Forest.of_scores([table]), torch.randn(3, 4, requires_grad=True)
    assert [level.tolist() for level in forest.levels] == [[2], [1], [0]]
    for cell, heard in ((UpwardCell(4, 2), [0, 1]), (DownwardCell(4, 2), [1, 2])):
        (gradient,) = torch.autograd.grad(cell(inputs, forest, torch.ones(3, 2))[1].sum(), inputs)
        assert gradient.abs().sum(1).nonzero().flatten().tolist() == heard


def test_nothing_and_one_node():
    lstm, decoder = TreeLSTM(4, 6, 0.2), TreeDecoder(4, 6, torch.randn(5, 3), 0.2)
    for count in (0, 1):
        forest, inputs = Forest.of_scores(scores(count)), torch.randn(count, 4)
        assert lstm(inputs, forest).shape == (count, 6)
        logits, channels = decoder(inputs, forest, None)
        assert logits.shape == (count, 5) and channels.shape == (count,)
        assert (channels > 0).all()
    assert lstm(torch.randn(0, 4), Forest.of_scores([])).shape == (0, 6)


def test_given_names_are_passed_on():
    decoder = TreeDecoder(4, 6, torch.randn(5, 3), 0.0).eval()
    forest, inputs = Forest.of_scores(scores(3)), torch.randn(3, 4)
    targets = torch.tensor([3, 0, 2])  # the second is background: its best guess is passed on
    taught, channels = decoder(inputs, forest, targets)
    free, _ = decoder(inputs, forest, None)
    assert channels[0] == 3 and channels[2] == 2 and channels[1] > 0
    root = forest.levels[0]
    assert torch.equal(taught[root], free[root])
