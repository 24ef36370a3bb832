"""A small map of segments made large: only pixels at borders look at the masks again."""

from itertools import product

import torch
from jaxtyping import Float, Int64
from torch import Tensor

from psg.winners import first_highest_

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
    top, down = _between(size[0], ids.shape[0], scale[0], ids.device)
    left, across = _between(size[1], ids.shape[1], scale[1], ids.device)
    segments = _squares(ids)
    mixed = (segments != segments[:1]).any(0)
    number = torch.where(mixed, mixed.flatten().cumsum(0).reshape(mixed.shape) - 1, NOTHING)
    square = number.index_select(1, left).index_select(0, top).flatten()
    border = (square >= 0).nonzero()[:, 0]
    square, y, x = square[border], border // size[1], border % size[1]
    candidates = segments[:, mixed]
    cells = _squares(torch.arange(ids.numel(), device=ids.device).reshape(ids.shape))[:, mixed]
    known = logits.flatten()[candidates.clamp(min=0)[:, None] * ids.numel() + cells]
    value = logits.new_zeros(4, len(border))
    for corner, (vertical, horizontal) in enumerate(product((1 - down, down), (1 - across, across))):
        value += known[:, corner].index_select(1, square) * (vertical[y] * horizontal[x])
    likely, candidates = value.sigmoid_(), candidates.index_select(1, square)
    weighted = torch.where(candidates >= 0, likely * scores[candidates.clamp(min=0)], -1.0)
    best = first_highest_(weighted)[None]
    chosen = torch.where(likely.gather(0, best) >= mask_probability, candidates.gather(0, best), NOTHING)
    enlarged = ids.index_select(1, left).index_select(0, top)
    enlarged.flatten()[border] = chosen[0]
    return enlarged


def _squares(cells: Int64[Tensor, "h w"]) -> Int64[Tensor, "4 h w"]:
    """Every cell, its right neighbour, the one below, and the one below that; beyond the edge the last repeats."""
    below, right = (torch.arange(1, side + 1, device=cells.device).clamp(max=side - 1) for side in cells.shape)
    return torch.stack((cells, cells[:, right], cells[below], cells[below][:, right]))


def _between(
    length: int, cells: int, scale: float, device: torch.device
) -> tuple[Int64[Tensor, " length"], Float[Tensor, " length"]]:
    """For every pixel of an axis the first of the two cells it lies between, and how near it is to the second."""
    place = ((torch.arange(length, device=device) + 0.5) / scale - 0.5).clamp(0, cells - 1)
    first = place.floor().long()
    return first, place - first
