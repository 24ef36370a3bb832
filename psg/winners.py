"""Which row is the highest at every place: the merging of masks, along the first axis."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor


def first_highest_(values: Float[Tensor, "n *places"]) -> Int64[Tensor, "*places"]:
    """The row that has the highest value at every place; of equal ones the first. Overwrites the values.

    What `values.argmax(0)` says, in a tenth of its time on a processor, where torch walks along the
    first axis element by element; every step here is one pass over whole rows. There must be a row;
    where a value is NaN, the last row is given.

    >>> first_highest_(torch.tensor([[1.0, 5.0, 2.0], [3.0, 5.0, 0.0]])).tolist()
    [1, 0, 0]
    """
    rows = len(values)
    ahead = torch.arange(rows, 0, -1, device=values.device).reshape(-1, *(1 for _ in values.shape[1:]))
    return (rows - values.eq_(values.amax(0)).mul_(ahead).amax(0).long()).clamp_(max=rows - 1)
