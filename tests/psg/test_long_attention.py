"""Attention by plain products equals torch's own, whatever way it is done."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from psg.parts import long_attention


def parts(dtype=torch.float32, shift=0.0):
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 3, 37, 16, generator=generator) for _ in range(3))
    key = key + shift * torch.randn(1, 3, 1, 16, generator=generator)
    return [part.to(dtype) for part in (query, key, value)]


@pytest.mark.parametrize("step", [1, 4, 100])
def test_blocks_of_heads_change_nothing(step):
    query, key, value = parts()
    expected = functional.scaled_dot_product_attention(query, key, value, scale=0.3)
    torch.testing.assert_close(long_attention.plain_attention(query, key, value, 0.3, step), expected)


@pytest.mark.parametrize(("shift", "most"), [(0.0, 1.5), (10.0, 1.1)])
def test_rounding_scores_adds_little_to_rounding_what_they_are_made_of(shift, most):
    exact = functional.scaled_dot_product_attention(*(part.double() for part in parts(shift=shift)))
    given = parts(torch.bfloat16, shift)
    fused = functional.scaled_dot_product_attention(*given).double() - exact
    plain = long_attention.plain_attention(*given, 0.25, 2).double() - exact
    assert plain.square().mean().sqrt() <= most * fused.square().mean().sqrt()


@pytest.mark.parametrize("gains", [False, True])
def test_masks_and_gradients_go_to_torchs_attention(gains, monkeypatch):
    monkeypatch.setattr(long_attention, "_gains", lambda device, dtype: gains)
    query, key, value = parts()
    module = nn.Module()
    mask = torch.zeros(2, 1, 37, 37)
    mask[..., 5:] = -1e9
    for given in (
        (query, key, value, mask),
        (query.clone().requires_grad_(), key, value, None),
        (query, key, value, None),
    ):
        expected = functional.scaled_dot_product_attention(*given).transpose(1, 2)
        mixed, weights = long_attention.long_attention(module, *given, is_causal=False, dropout=0.0)
        torch.testing.assert_close(mixed, expected)
        assert weights is None
