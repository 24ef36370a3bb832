"""Masks from attention: the segmentation branch of DETR.

Carion et al. 2020, section 4.4 and figure 8: where each query looks in the encoded picture, refined
by a small convolutional network that climbs the backbone's maps back to stride 4.
"""

from collections.abc import Sequence

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn
from torch.nn import functional

_GROUPS = 8


class AttentionMap(nn.Module):
    """Where queries look, one map a head; heads and cells share one softmax."""

    def __init__(self, dims: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.query = nn.Linear(dims, dims)
        self.key = nn.Linear(dims, dims)

    def forward(
        self,
        queries: Float[Tensor, "b q d"],
        memory: Float[Tensor, "b d h w"],
        padding: Bool[Tensor, "b h w"],
    ) -> Float[Tensor, "b q n h w"]:
        """Attention of every query and head to every cell; 0 in the padding."""
        split = (self.heads, -1)
        query = self.query(queries).unflatten(2, split)
        key = self.key(memory.flatten(2).transpose(1, 2)).unflatten(2, split)
        logits = torch.einsum("bqnc,bmnc->bqnm", query, key) * query.shape[-1] ** -0.5
        logits = logits.masked_fill(padding.flatten(1)[:, None, None], -torch.inf)
        return logits.flatten(2).softmax(-1).reshape(*logits.shape[:3], *memory.shape[-2:])


class MaskHead(nn.Module):
    """From the projected map and a query's attention maps to its mask at stride 4.

    Args:
        dims: channels of the projected map.
        heads: attention maps a query.
        in_channels: channels of the backbone's maps from coarse to fine (strides 16, 8, 4).
    """

    def __init__(self, dims: int, heads: int, in_channels: Sequence[int]) -> None:
        super().__init__()
        widths = [dims + heads, dims // 2, dims // 4, dims // 8, dims // 16]
        self.convolutions = nn.ModuleList(
            nn.Conv2d(before, width, 3, padding=1)
            for before, width in zip((dims + heads, *widths[:-1]), widths, strict=True)
        )
        self.norms = nn.ModuleList(nn.GroupNorm(_GROUPS, width) for width in widths)
        self.adapters = nn.ModuleList(
            nn.Conv2d(channels, width, 1) for channels, width in zip(in_channels, widths[1:-1], strict=True)
        )
        self.output = nn.Conv2d(widths[-1], 1, 3, padding=1)

    def forward(
        self,
        projected: Float[Tensor, "b d h w"],
        attention: Float[Tensor, "b q n h w"],
        maps: Sequence[Tensor],
    ) -> Float[Tensor, "b q hm wm"]:
        """Mask logits; `maps` from coarse to fine (strides 16, 8, 4)."""
        batch, queries = attention.shape[:2]

        def for_each_query(values: Tensor) -> Tensor:
            return values[:, None].expand(-1, queries, -1, -1, -1).flatten(0, 1)

        hidden = torch.cat((for_each_query(projected), attention.flatten(0, 1)), 1)
        hidden = self._step(1, self._step(0, hidden))
        for level, (adapter, finer) in enumerate(zip(self.adapters, maps, strict=True)):
            enlarged = functional.interpolate(hidden, size=finer.shape[-2:], mode="nearest")
            hidden = self._step(2 + level, for_each_query(adapter(finer)) + enlarged)
        return self.output(hidden)[:, 0].unflatten(0, (batch, queries))

    def _step(self, index: int, hidden: Float[Tensor, "n c h w"]) -> Float[Tensor, "n d h w"]:
        return functional.relu(self.norms[index](self.convolutions[index](hidden)))
