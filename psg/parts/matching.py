"""Which prediction answers for which truth: Hungarian matching of a whole batch.

mmdet's HungarianAssigner matches one picture and one decoder layer at a time, each with a wait for
the device. Here the costs of all layers and pictures are made at once and leave the device once.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int64
from scipy.optimize import linear_sum_assignment
from torch import Tensor
from torch.nn import functional

UNMATCHED = -1
_WORST = 1e6
"""Stands for a cost that is not a number: a diverged model then fails at the check of its loss, not here."""


def hungarian(cost: Float[Tensor, "*l b q g"], counts: Sequence[int]) -> Int64[Tensor, "*l b g"]:
    """For every truth the prediction that answers for it at the least total cost; no prediction twice.

    Args:
        cost: of prediction q answering for truth g, for b pictures and any number of layers.
        counts: how many of the g truths picture b has; the columns after them are padding.

    Returns:
        Positions of predictions on the device of `cost`; `UNMATCHED` for padding and for truths
        beyond the number of predictions.

    >>> hungarian(torch.tensor([[[0.0, 5.0], [1.0, 0.0]]]), [2]).tolist()
    [[0, 1]]
    """
    on_host = cost.detach().float().nan_to_num(_WORST, _WORST, -_WORST).cpu().numpy()
    layers = on_host.reshape(-1, *on_host.shape[-3:])
    matched = np.full((len(layers), layers.shape[1], layers.shape[3]), UNMATCHED, dtype=np.int64)
    for layer, of_layer in enumerate(layers):
        for picture, count in enumerate(counts):
            predictions, truths = linear_sum_assignment(of_layer[picture, :, :count])
            matched[layer, picture, truths] = predictions
    matched = matched.reshape(*on_host.shape[:-2], on_host.shape[-1])
    return torch.from_numpy(matched).to(cost.device, non_blocking=True)


def class_cost(logits: Float[Tensor, "*l b q k"], labels: Int64[Tensor, "b g"]) -> Float[Tensor, "*l b q g"]:
    """Minus the probability of the true class (Carion et al. 2020, DETR, section 3.1)."""
    probabilities = logits.softmax(-1)
    wanted = labels[:, None].expand(*probabilities.shape[:-1], labels.shape[-1])
    return -probabilities.gather(-1, wanted)


def mask_costs(
    logits: Float[Tensor, "*l b q h w"], masks: Float[Tensor, "b g h w"]
) -> tuple[Float[Tensor, "*l b q g"], Float[Tensor, "*l b q g"]]:
    """Mean binary cross-entropy, and dice distance, of every mask against every truth.

    Both are sums over pixels of products, so matrix products give all pairs (Cheng et al. 2022,
    Mask2Former, section 3.3); truths may be shares of a cell.
    """
    logits, masks = logits.flatten(-2), masks.flatten(-2)
    inside = functional.softplus(-logits)  # the entropy where the truth is 1; where it is 0 it is inside + logits
    outside = inside + logits
    entropy = (outside.sum(-1, keepdim=True) - logits @ masks.transpose(-1, -2)) / logits.shape[-1]
    probabilities = logits.sigmoid()
    overlap = probabilities @ masks.transpose(-1, -2)
    total = probabilities.sum(-1, keepdim=True) + masks.sum(-1)[..., None, :]
    return entropy, 1 - (2 * overlap + 1) / (total + 1)


def class_targets(
    matched: Int64[Tensor, "*l b g"], labels: Int64[Tensor, "b g"], queries: int, background: int
) -> Int64[Tensor, "*l b {queries}"]:
    """The class that every prediction should say; `background` for those that answer for nothing."""
    targets = labels.new_full((*matched.shape[:-1], queries + 1), background)
    slots = torch.where(matched >= 0, matched, queries)  # one more slot swallows what is unmatched
    return targets.scatter(-1, slots, labels.expand(matched.shape))[..., :queries]
