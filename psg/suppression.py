"""Greedy suppression without a loop over the rows: which row stands for which."""

import torch
from jaxtyping import Bool, Int64
from torch import Tensor


def leaders(similar: Bool[Tensor, "n n"]) -> Int64[Tensor, " n"]:
    """For every row the first leading row that it resembles; a row leads if it resembles no leader before it.

    The result of walking through the rows from the best to the worst. Whether a row leads depends on
    rows before it only, so repeating the rule for all rows at once settles after as many rounds as the
    longest chain of changes, two or three as a rule.

    Args:
        similar: symmetric; rows sorted from the best to the worst. The diagonal does not matter.

    >>> chain = torch.tensor([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=torch.bool)
    >>> leaders(chain).tolist()
    [0, 0, 2]
    """
    before = similar.triu(1)
    leads = torch.ones(len(similar), dtype=torch.bool, device=similar.device)
    for _ in range(len(similar)):
        settled = ~(before & leads[:, None]).any(0)
        if torch.equal(settled, leads):
            break
        leads = settled
    if not len(similar):
        return torch.zeros(0, dtype=torch.int64, device=similar.device)
    resembles = (before & leads[:, None]) | torch.eye(len(similar), dtype=torch.bool, device=similar.device)
    return resembles.int().argmax(0)
