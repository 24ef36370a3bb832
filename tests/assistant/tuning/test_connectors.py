"""Shapes, masks and starting points of the connectors."""

import pytest
import torch

from assistant.tuning.connectors import KINDS, GatedCrossAttention, connector, pooled_tubes
from scenegraph import InputError

SMALL = {
    "linear": {},
    "mlp": {},
    "qformer": {"queries": 4, "dims": 8, "layers": 2, "heads": 2},
    "perceiver": {"latents": 4, "dims": 8, "layers": 2, "heads": 2},
}


def made(kind):
    torch.manual_seed(0)
    return connector(kind, 6, 10, **SMALL[kind]).eval()


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_shapes_and_gradients(kind):
    module = made(kind).train()
    seen = torch.tensor([[True, True, True], [True, False, False]])
    tokens, kept = module(torch.randn(2, 3, 6), seen)
    number = 3 if kind in ("linear", "mlp") else 4
    assert tokens.shape == (2, number, 10) and kept.shape == (2, number)
    tokens[kept].square().sum().backward()
    assert all(each.grad is not None and each.grad.isfinite().all() for each in module.parameters())


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_padding_changes_nothing(kind):
    module, tokens = made(kind), torch.randn(1, 3, 6)
    alone, kept = module(tokens[:, :2], torch.ones(1, 2, dtype=torch.bool))
    beside, seen = module(tokens, torch.tensor([[True, True, False]]))
    assert torch.allclose(alone[kept], beside[seen], atol=1e-6)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_an_empty_graph_gives_numbers(kind):
    tokens, _ = made(kind)(torch.zeros(1, 0, 6), torch.ones(1, 0, dtype=torch.bool))
    assert tokens.isfinite().all()


def test_sizes_of_the_sources():
    queries = connector("qformer", 1408, 4096, layers=1)
    assert queries.queries.shape == (32, 768)
    latents = connector("perceiver", 1024, 4096, layers=1)
    assert latents.latents.shape == (64, 1024)


def test_queries_cross_every_second_block():
    blocks = connector("qformer", 6, 10, queries=4, dims=8, layers=4, heads=2).blocks
    assert [block.cross_attention is not None for block in blocks] == [True, False, True, False]


def test_gates_start_closed_and_open():
    torch.manual_seed(0)
    gate, words = GatedCrossAttention(8, 6, heads=2), torch.randn(2, 5, 8)
    tokens, seen = torch.randn(2, 3, 6), torch.ones(2, 3, dtype=torch.bool)
    assert torch.equal(gate(words, tokens, seen), words)
    torch.nn.init.constant_(gate.attention_gate, 1.0)
    assert not torch.allclose(gate(words, tokens, seen), words)
    assert gate(words, tokens, ~seen).isfinite().all()


def test_tubes_are_pooled_over_time_and_over_places():
    tokens = torch.tensor([[[1.0], [3.0]], [[5.0], [7.0]], [[100.0], [100.0]]])
    pooled = pooled_tubes(tokens, torch.tensor([True, True, False]))
    assert pooled.squeeze(-1).tolist() == [2.0, 6.0, 0.0, 3.0, 5.0]
    assert pooled_tubes(torch.zeros(2, 0, 4, 8)).shape == (2, 4, 8)


def test_unknown_connectors_are_named():
    with pytest.raises(InputError, match="expected one of linear"):
        connector("conv", 1, 1)
    with pytest.raises(InputError, match="connector mlp"):
        connector("mlp", 1, 1, queries=3)
