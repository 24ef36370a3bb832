"""Greedy suppression without a loop over the rows: which row stands for which."""

import torch
from jaxtyping import Bool, Int64
from torch import Tensor


def leading(similar: Bool[Tensor, "n n"], free: Bool[Tensor, " n"]) -> Bool[Tensor, " n"]:
    """Which rows lead: free rows that resemble no leader before them.

    The result of walking through the rows from the best to the worst. Whether a row leads depends on
    rows before it only, so repeating the rule for all rows at once settles the first row, then the
    second, ...: as many rounds as the longest chain of changes, two or three as a rule.

    Args:
        similar: rows sorted from the best to the worst; only pairs (earlier, later) matter.
        free: other rows never lead.

    >>> chain = torch.tensor([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=torch.bool)
    >>> leading(chain, torch.tensor([True, True, True])).tolist()
    [True, False, True]
    """
    before = similar.triu(1)
    leads = free
    while True:
        settled = free & ~(before & leads[:, None]).any(0)
        if torch.equal(settled, leads):
            return leads
        leads = settled


def leaders(similar: Bool[Tensor, "n n"]) -> Int64[Tensor, " n"]:
    """For every row the first leading row that it resembles, itself if it leads; see `leading`.

    >>> chain = torch.tensor([[0, 1, 0], [1, 0, 1], [0, 1, 0]], dtype=torch.bool)
    >>> leaders(chain).tolist()
    [0, 0, 2]
    """
    if not len(similar):
        return torch.zeros(0, dtype=torch.int64, device=similar.device)
    itself = torch.eye(len(similar), dtype=torch.bool, device=similar.device)
    leads = leading(similar, itself.any(0))
    return (similar.triu(1) & leads[:, None] | itself).int().argmax(0)
