"""Boxes as numbers that a network reads: codes, overlaps and rectangles.

Boxes are xyxy in pixels of the network's picture, right and lower edges exclusive. Sources: Zellers et
al. 2018, "Neural Motifs" (rectangles of a union, section 4.2), Tang et al. 2019, "VCTree" (codes of boxes
and of their overlaps), as used by Yang et al. 2022, "Panoptic Scene Graph Generation".
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from torch import Tensor

BOX_NUMBERS = 9
OVERLAP_NUMBERS = 6
_EPSILON = 1e-9


def sizes_of_rows(
    image_sizes: Sequence[tuple[int, int]], picture: Int64[Tensor, " n"], like: Float[Tensor, "..."]
) -> Float[Tensor, "n 2"]:
    """(height, width) of the picture that every row belongs to."""
    return like.new_tensor(list(image_sizes)).reshape(-1, 2)[picture]


def union_boxes(first: Float[Tensor, "m 4"], second: Float[Tensor, "m 4"]) -> Float[Tensor, "m 4"]:
    """The smallest box around two.

    >>> union_boxes(torch.tensor([[0.0, 1.0, 2.0, 3.0]]), torch.tensor([[1.0, 0.0, 4.0, 2.0]])).tolist()
    [[0.0, 0.0, 4.0, 3.0]]
    """
    return torch.cat((torch.minimum(first[:, :2], second[:, :2]), torch.maximum(first[:, 2:], second[:, 2:])), 1)


def box_code(boxes: Float[Tensor, "n 4"], sizes: Float[Tensor, "n 2"]) -> Float[Tensor, "n 9"]:
    """Width, height, centre, corners and area of boxes, in shares of the picture.

    Widths and heights count both edge pixels, as published.
    """
    height, width = sizes.unbind(1)
    scale = torch.stack((width, height), 1)
    extent = boxes[:, 2:] - boxes[:, :2] + 1
    centre = boxes[:, :2] + 0.5 * extent
    area = extent.prod(1, keepdim=True) / scale.prod(1, keepdim=True)
    return torch.cat((extent / scale, centre / scale, boxes[:, :2] / scale, boxes[:, 2:] / scale, area), 1)


def overlap_code(
    boxes: Float[Tensor, "n 4"], sizes: Float[Tensor, "n 2"], picture: Int64[Tensor, " n"]
) -> Float[Tensor, "n 6"]:
    """How every box meets the boxes of its picture, itself included.

    How many it meets, the sum of the intersections (in shares of the picture) and of the IoUs, the means of
    both, and its own area. Intersections and IoUs count both edge pixels, as published.
    """
    inclusive = (boxes[:, 2:] - boxes[:, :2] + 1).prod(1)
    low = torch.maximum(boxes[:, None, :2], boxes[None, :, :2])
    high = torch.minimum(boxes[:, None, 2:], boxes[None, :, 2:])
    shared = (high - low + 1).clamp(min=0).prod(2) * (picture[:, None] == picture[None])
    iou = shared / (inclusive[:, None] + inclusive[None] - shared).clamp(min=_EPSILON)
    area = (boxes[:, 2:] - boxes[:, :2]).prod(1)
    pixels = sizes.prod(1)
    met = (shared > 0).to(boxes.dtype).sum(1)
    covered, similar = shared.sum(1) / pixels, iou.sum(1)
    means = covered / (met + _EPSILON), similar / (met + _EPSILON)
    return torch.stack((met, covered, similar, *means, area / pixels), 1)


def rectangles(
    subjects: Float[Tensor, "m 4"],
    objects: Float[Tensor, "m 4"],
    sizes: Float[Tensor, "m 2"],
    side: int,
    published: bool = False,
) -> Float[Tensor, "m 2 {side} {side}"]:
    """Subject and object as filled rectangles on a grid of side x side cells over the picture.

    Args:
        subjects: boxes of the subjects.
        objects: boxes of the objects.
        sizes: (height, width) of their pictures.
        side: cells along each axis.
        published: the published code compares the columns of the object with x1 to y1 and its rows with x2
            to y2; True does the same, for published weights.

    >>> box = torch.tensor([[0.0, 0.0, 2.0, 1.0]])
    >>> rectangles(box, box + 2, torch.tensor([[4.0, 4.0]]), 4)[0, 0].int().tolist()
    [[1, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 0], [0, 0, 0, 0]]
    """
    scale = side / sizes.flip(1).repeat(1, 2)
    object_edges = objects * scale
    if published:
        object_edges = object_edges[:, [0, 2, 1, 3]]
    edges = torch.stack((subjects * scale, object_edges), 1)
    low, high = edges[..., :2].floor(), edges[..., 2:].ceil()
    cells = torch.arange(side, device=edges.device)
    inside = (cells >= low[..., None]) & (cells <= high[..., None])
    columns, rows = inside.unbind(2)
    return (rows[..., :, None] & columns[..., None, :]).to(subjects.dtype)
