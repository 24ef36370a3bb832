"""The published losses of stage two."""

import torch
from jaxtyping import Bool, Float
from torch import Tensor, nn


def zlpr(logits: Float[Tensor, "rows n"], truth: Bool[Tensor, "rows n"]) -> Float[Tensor, ""]:
    """Zero-bounded log-sum-exp for several labels a row, mean over the rows; 0 without rows.

    log(1 + sum over negatives of exp(s)) + log(1 + sum over positives of exp(-s)): positives are pushed
    above 0 and negatives below, so 0 is the threshold (Su et al. 2022, "ZLPR", equation 6).

    >>> round(float(zlpr(torch.zeros(1, 3), torch.tensor([[True, False, False]]))), 4)  # log 2 + log 3
    1.7918
    """
    if not len(logits):
        return logits.sum() * 0
    zero = logits.new_zeros(len(logits), 1)
    negatives = torch.cat((logits.masked_fill(truth, -torch.inf), zero), 1)
    positives = torch.cat(((-logits).masked_fill(~truth, -torch.inf), zero), 1)
    return (negatives.logsumexp(1) + positives.logsumexp(1)).mean()


def weighted_cross_entropy(
    logits: Float[Tensor, "p c"], truth: Bool[Tensor, "p c"], counts: Float[Tensor, " c"]
) -> Float[Tensor, ""]:
    """Binary cross entropy in which a predicate's positives weigh sum(counts) / count; 0 without rows."""
    if not len(logits):
        return logits.sum() * 0
    return nn.functional.binary_cross_entropy_with_logits(logits, truth.to(logits), pos_weight=counts.sum() / counts)


def span_loss(logits: Float[Tensor, "p t c"], active: Bool[Tensor, "p t c"]) -> Float[Tensor, ""]:
    """ZLPR over time of the predicates that hold at some time; spans of others learn nothing."""
    rows = active.any(1)
    return zlpr(logits.mT[rows], active.mT[rows])
