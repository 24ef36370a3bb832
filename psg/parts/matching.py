"""Which prediction answers for which truth: Hungarian matching of a whole batch.

mmdet's HungarianAssigner matches one picture and one decoder layer at a time, each with a wait for
the device. Here the costs of all layers and pictures are made at once and leave the device once.
"""

from collections.abc import Sequence

import numpy as np
import torch
from jaxtyping import Float, Int64
from mmdet.structures.bbox import bbox_overlaps
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
    matched = np.full((*on_host.shape[:-2], on_host.shape[-1]), UNMATCHED, dtype=np.int64)
    for place in np.ndindex(on_host.shape[:-2]):
        predictions, truths = linear_sum_assignment(on_host[place][:, : counts[place[-1]]])
        matched[place][truths] = predictions
    return torch.from_numpy(matched).to(cost.device, non_blocking=True)


def class_cost(logits: Float[Tensor, "*l b q k"], labels: Int64[Tensor, "b g"]) -> Float[Tensor, "*l b q g"]:
    """Minus the probability of the true class (Carion et al. 2020, DETR, section 3.1)."""
    probabilities = logits.softmax(-1)
    wanted = labels[:, None].expand(*probabilities.shape[:-1], labels.shape[-1])
    return -probabilities.gather(-1, wanted)


def box_costs(
    boxes: Float[Tensor, "*l b q 4"], truth: Float[Tensor, "b g 4"], scale: Float[Tensor, "b 4"]
) -> tuple[Float[Tensor, "*l b q g"], Float[Tensor, "*l b q g"]]:
    """L1 distance of xyxy boxes in shares of the picture, and minus their generalised IoU (Rezatofighi et al. 2019).

    Args:
        boxes: predicted, in shares of the picture.
        truth: true boxes in pixels.
        scale: width, height, width, height of every picture in pixels.
    """
    shares = (truth / scale[:, None]).expand(*boxes.shape[:-2], *truth.shape[1:])
    distance = torch.cdist(boxes, shares, p=1)
    pixels = boxes * scale[:, None]
    return distance, -bbox_overlaps(pixels, truth.expand(*shares.shape), mode="giou")


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


def id_costs(
    subject_scores: Float[Tensor, "b r q"],
    object_scores: Float[Tensor, "b r q"],
    predicate_logits: Float[Tensor, "*l b r p"],
    subjects: Int64[Tensor, "b m"],
    objects: Int64[Tensor, "b m"],
    channels: Int64[Tensor, "b m"],
) -> Float[Tensor, "*l b r m"]:
    """Minus the sum of three probabilities: of both true ends and of the true predicate.

    The `IdMatcher` of PSGFormer (Yang et al. 2022, section 4.2): relation query r answers for relation
    m whose ends are object queries.

    Args:
        subject_scores: logits over object queries, of every relation query.
        object_scores: the same for the object.
        predicate_logits: of every relation query.
        subjects: object query that answers for the subject of every true relation.
        objects: object query that answers for its object.
        channels: channel of the true predicate in `predicate_logits`.
    """

    def chosen(logits: Tensor, wanted: Tensor) -> Tensor:
        probabilities = logits.softmax(-1)
        return probabilities.gather(-1, wanted[:, None].expand(*probabilities.shape[:-1], wanted.shape[-1]))

    ends = chosen(subject_scores, subjects) + chosen(object_scores, objects)
    return -(ends + chosen(predicate_logits, channels))


def class_targets(
    matched: Int64[Tensor, "*l b g"], labels: Int64[Tensor, "b g"], queries: int, background: int
) -> Int64[Tensor, "*l b {queries}"]:
    """The class that every prediction should say; `background` for those that answer for nothing."""
    targets = labels.new_full((*matched.shape[:-1], queries + 1), background)
    slots = torch.where(matched >= 0, matched, queries)  # one more slot swallows what is unmatched
    return targets.scatter(-1, slots, labels.expand(matched.shape))[..., :queries]


def class_loss(
    logits: Float[Tensor, "l b q k"],
    matched: Int64[Tensor, "l b g"],
    labels: Int64[Tensor, "b g"],
    background: int,
    background_weight: float,
) -> Float[Tensor, ""]:
    """Cross-entropy of what every prediction should say, `background` counting less; the sum over layers."""
    targets = class_targets(matched, labels, logits.shape[2], background)
    weights = logits.new_ones(logits.shape[-1])
    weights[background] = background_weight
    return len(logits) * functional.cross_entropy(logits.flatten(0, 2), targets.flatten(), weights)
