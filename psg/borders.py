"""A small map of segments made large: only pixels at borders look at the masks again."""

import torch
from jaxtyping import Float, Int64
from torch import Tensor

NOTHING = -1


def enlarge_ids(
    ids: Int64[Tensor, "h w"],
    logits: Float[Tensor, "n h w"],
    scores: Float[Tensor, " n"],
    scale: tuple[float, float],
    size: tuple[int, int],
    mask_probability: float,
) -> Int64[Tensor, "height width"]:
    """A map of segments at another size, its borders where bilinear masks at that size would have them.

    A pixel between four cells of one segment belongs to it. Any other compares the segments of its
    four cells by their bilinear mask probability times score: 16 numbers a border pixel, where
    enlarging the masks takes n numbers every pixel. What is lost: a segment that wins a pixel
    without winning a cell beside it.

    Args:
        ids: the segment of every cell, 0 to n - 1, or `NOTHING`.
        logits: of the masks of the segments, on the same cells.
        scores: of the segments.
        scale: pixels a cell, vertically and horizontally.
        size: (height, width) of the result.
        mask_probability: border pixels whose best mask is less probable belong to nothing.

    >>> ids = torch.tensor([[0, 1]])
    >>> logits = torch.tensor([[[3.0, -1.0]], [[-3.0, 1.0]]])
    >>> enlarge_ids(ids, logits, torch.ones(2), (1.0, 4.0), (1, 8), 0.5).tolist()
    [[0, 0, 0, 0, 0, 1, 1, 1]]
    """
    if not len(scores):
        return ids.new_full(size, NOTHING)
    top, bottom, down = _between(size[0], ids.shape[0], scale[0], ids.device)
    left, right, across = _between(size[1], ids.shape[1], scale[1], ids.device)
    corners = torch.stack([ids[rows][:, columns] for rows in (top, bottom) for columns in (left, right)])
    enlarged = corners[0].clone()
    y, x = (corners != corners[:1]).any(0).nonzero(as_tuple=True)
    candidates = corners[:, y, x]
    there = candidates.clamp(min=0)
    value = logits.new_zeros(candidates.shape)
    for rows, vertical in ((top, 1 - down), (bottom, down)):
        for columns, horizontal in ((left, 1 - across), (right, across)):
            value += vertical[y] * horizontal[x] * logits[there, rows[y], columns[x]]
    likely = value.sigmoid()
    best = torch.where(candidates >= 0, likely * scores[there], -1.0).argmax(0, keepdim=True)
    chosen = candidates.gather(0, best)[0]
    enlarged[y, x] = torch.where(likely.gather(0, best)[0] >= mask_probability, chosen, NOTHING)
    return enlarged


def _between(
    length: int, cells: int, scale: float, device: torch.device
) -> tuple[Int64[Tensor, " length"], Int64[Tensor, " length"], Float[Tensor, " length"]]:
    """For every pixel of an axis the two cells it lies between, and how near it is to the second (0 to 1)."""
    place = ((torch.arange(length, device=device) + 0.5) / scale - 0.5).clamp(0, cells - 1)
    first = place.floor().long()
    return first, (first + 1).clamp(max=cells - 1), place - first
