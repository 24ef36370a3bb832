"""What every object decoder says about a batch, whatever its architecture."""

from dataclasses import dataclass

import torch
from jaxtyping import Float, Int64
from torch import Tensor


@dataclass(frozen=True)
class Objects:
    """q object hypotheses for each of b pictures.

    `queries` and `positions` are the decoder's last state and what it added to place it;
    `class_logits` have the background last, leading axis = decoder layer, last = final;
    `mask_logits` cover the padded batch at `mask_stride`, `coarse_logits` the same masks at
    `coarse_stride` for what needs their shape only.
    """

    queries: Float[Tensor, "b q d"]
    positions: Float[Tensor, "b q d"]
    class_logits: Float[Tensor, "l b q k"]
    mask_logits: Float[Tensor, "b q h w"]
    mask_stride: int
    coarse_logits: Float[Tensor, "b q hc wc"]
    coarse_stride: int

    @property
    def class_probabilities(self) -> Float[Tensor, "b q classes"]:
        """Of the last layer, without the background."""
        return self.class_logits[-1].float().softmax(-1)[..., :-1]


def gather_queries(values: Tensor, chosen: Int64[Tensor, "b n"]) -> Tensor:
    """Rows [b, n, ...] of values [b, q, ...]; positions below 0 (padding) give row 0."""
    batch, queries = values.shape[:2]
    first = torch.arange(batch, device=chosen.device)[:, None] * queries
    rows = values.flatten(0, 1).index_select(0, (first + chosen.clamp(min=0)).flatten())
    return rows.reshape(*chosen.shape, *values.shape[2:])
