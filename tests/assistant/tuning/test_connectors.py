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


@pytest.mark.parametrize(
    ("kind", "inputs", "outputs", "tokens"),
    [
        ("linear", 1024, 4096, 256),  # LLaVA: CLIP ViT-L/14 at 224 into Vicuna 7B
        ("mlp", 1024, 4096, 576),  # LLaVA-1.5: at 336
        ("qformer", 1408, 2560, 32),  # BLIP-2: 257 tokens of EVA ViT-g into OPT 2.7B
        ("perceiver", 1024, 4096, 64),  # Flamingo: 64 latents of any number of features
    ],
)
def test_shapes_of_the_sources(kind, inputs, outputs, tokens):
    read = tokens if kind in ("linear", "mlp") else 257
    with torch.device("meta"):  # shapes only: no memory, no arithmetic
        module = connector(kind, inputs, outputs)
        made, seen = module(torch.empty(1, read, inputs), torch.empty(1, read, dtype=torch.bool))
    assert made.shape == (1, tokens, outputs) and seen.shape == (1, tokens)


def test_shapes_of_gates_and_tubes_in_the_sources():
    with torch.device("meta"):
        gate = GatedCrossAttention(4096, 1024)  # Flamingo: words of the language model look at 64 latents
        looked = gate(torch.empty(1, 7, 4096), torch.empty(1, 64, 1024), torch.empty(1, 64, dtype=torch.bool))
        pooled = pooled_tubes(torch.empty(100, 256, 1024))  # Video-ChatGPT: 100 frames of 16 x 16 places: 356 tokens
    assert looked.shape == (1, 7, 4096) and pooled.shape == (356, 1024)
    assert connector("qformer", 6, 10, layers=1).queries.shape == (32, 768)


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
