"""Attention among the thousands of patches of a picture, by the quickest way a processor has.

Processors that multiply bfloat16 but have no matrix tiles (AVX-512 BF16 without AMX) run torch's fused
attention at the speed of float32. There two plain products take two thirds of the time. Their scores
are rounded to bfloat16, which adds little to the rounding of queries and keys once what is common to
all keys is taken out of them: it adds the same number to all scores of a query, which softmax does not
see, but makes them large and their rounding coarse (Zhang et al. 2025, "SageAttention", section 4.2).
"""

from functools import cache
from typing import Any

import torch
from jaxtyping import Float
from torch import Tensor, nn
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

NAME = "psg_long_attention"
"""What a transformers config calls it."""

_SCORES = 1 << 23
"""Scores that are held at a time (16 MB): larger blocks come from the system page by page, which takes longer."""


def long_attention(
    module: nn.Module,
    query: Float[Tensor, "b heads n d"],
    key: Float[Tensor, "b heads n d"],
    value: Float[Tensor, "b heads n d"],
    attention_mask: Tensor | None,
    scaling: float | None = None,
    **options: Any,
) -> tuple[Float[Tensor, "b n heads d"], None]:
    """An attention function of transformers: torch's own attention unless plain products are quicker."""
    heads = _SCORES // query.shape[2] ** 2
    if attention_mask is not None or query.requires_grad or not heads or not _gains(query.device, query.dtype):
        return sdpa_attention_forward(module, query, key, value, attention_mask, scaling=scaling, **options)
    mixed = plain_attention(query, key, value, query.shape[-1] ** -0.5 if scaling is None else scaling, heads)
    return mixed.transpose(1, 2).contiguous(), None


def plain_attention(
    query: Float[Tensor, "b heads n d"],
    key: Float[Tensor, "b heads n d"],
    value: Float[Tensor, "b heads n d"],
    scaling: float,
    step: int,
) -> Float[Tensor, "b heads n d"]:
    """softmax(query key^T scaling) value, `step` heads at a time."""
    centred = key - key.mean(2, keepdim=True)
    heads = zip(*(part.flatten(0, 1).split(step) for part in (query * scaling, centred, value)), strict=True)
    mixed = [(queries @ keys.mT).softmax(-1) @ values for queries, keys, values in heads]
    return torch.cat(mixed).unflatten(0, query.shape[:2])


@cache
def _gains(device: torch.device, dtype: torch.dtype) -> bool:
    if device.type != "cpu" or dtype != torch.bfloat16:
        return False
    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16")) and not capabilities.get("amx_bf16")


ALL_ATTENTION_FUNCTIONS.register(NAME, long_attention)
