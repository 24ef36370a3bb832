"""Where the segments of a picture lie: boxes, outlines and who touches whom, from one pass over the id map."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int, Int64

from scenegraph import SceneGraph
from scenegraph.masks import Mask, paint

_REACH = 0.01
"""Segments touch if at most this share of the picture's longer side lies between them: annotators
leave seams of a few pixels."""

_FOOT = 0.25
"""The foot of a segment is the lowest, its head the highest quarter of its box."""


@dataclass(frozen=True)
class Layout:
    """Arrays over n segments and over ordered pairs (i, j); pixels, y downwards.

    A contact is a place on the outline of i where j lies within reach; shares are of all contacts of
    i that have the property, 0 where i has none.
    """

    boxes: Float64[np.ndarray, "n 4"]
    """xyxy."""
    areas: Float64[np.ndarray, " n"]
    size: tuple[int, int]
    """(height, width) of the picture."""
    contacts: Float64[np.ndarray, "n n"]
    """Length in pixels of the outline that i and j share; symmetric."""
    share: Float64[np.ndarray, "n n"]
    """Share of the outline of i that touches j."""
    foot: Float64[np.ndarray, "n n"]
    """Share of the outline of i's foot that touches j."""
    head: Float64[np.ndarray, "n n"]
    """Share of the outline of i's head that touches j."""
    above: Float64[np.ndarray, "n n"]
    """Of the outline that i and j share: the part where i lies above j, minus the part where it lies below; -1 to 1."""

    @property
    def widths(self) -> Float64[np.ndarray, " n"]:
        """Box widths."""
        return self.boxes[:, 2] - self.boxes[:, 0]

    @property
    def heights(self) -> Float64[np.ndarray, " n"]:
        """Box heights."""
        return self.boxes[:, 3] - self.boxes[:, 1]

    @property
    def bottoms(self) -> Float64[np.ndarray, " n"]:
        """Lower box edges."""
        return self.boxes[:, 3]

    @property
    def middles(self) -> Float64[np.ndarray, "n 2"]:
        """Box centres (x, y)."""
        return (self.boxes[:, :2] + self.boxes[:, 2:]) / 2

    def overlap(self, axis: int) -> Float64[np.ndarray, "n n"]:
        """Share of i's extent along x (axis 0) or y (axis 1) that lies within j's; negative: a gap, in extents of i."""
        low, high = self.boxes[:, axis], self.boxes[:, axis + 2]
        shared = np.minimum(high[:, None], high[None]) - np.maximum(low[:, None], low[None])
        return shared / np.maximum(high - low, 1)[:, None]


def measure(graph: SceneGraph) -> Layout:
    """The layout of the nodes of an image graph, in the order of its nodes; boxes only where a node has no mask."""
    height, width = graph.source.size
    segments = [node.region.segment(0) for node in graph.nodes]
    boxes = np.array([segment.box for segment in segments if segment], dtype=np.float64).reshape(-1, 4)
    areas = np.array([segment.area for segment in segments if segment], dtype=np.float64)
    masks = [segment.mask for segment in segments if segment and segment.mask is not None]
    return _measured(boxes, areas, masks if len(masks) == len(segments) else None, (height, width))


def measure_masks(masks: Sequence[Mask], size: tuple[int, int]) -> Layout:
    """The layout of the segments of a picture of (height, width)."""
    boxes = np.array([mask.box for mask in masks], dtype=np.float64).reshape(-1, 4)
    return _measured(boxes, np.array([mask.area for mask in masks], dtype=np.float64), masks, size)


def _measured(
    boxes: Float64[np.ndarray, "n 4"],
    areas: Float64[np.ndarray, " n"],
    masks: Sequence[Mask] | None,
    size: tuple[int, int],
) -> Layout:
    if masks is not None:
        first, second, rows, upright = _touching(paint(masks, *size), max(1, round(_REACH * max(size))))
    else:
        first, second, rows, upright = (np.zeros(0, dtype=np.int64) for _ in range(4))
    n = len(boxes)

    def count(chosen: Bool[np.ndarray, " pairs"]) -> Float64[np.ndarray, "n n"]:
        return np.bincount(first[chosen] * n + second[chosen], minlength=n * n).reshape(n, n).astype(np.float64)

    tops, bottoms = boxes[:, 1], boxes[:, 3]
    quarter = _FOOT * (bottoms - tops)
    total = count(rows >= 0)
    return Layout(
        boxes=boxes,
        areas=areas,
        size=size,
        contacts=total,
        share=_shares(total),
        foot=_shares(count(rows >= (bottoms - quarter)[first])),
        head=_shares(count(rows < (tops + quarter)[first])),
        above=np.divide(count(upright > 0) - count(upright < 0), total, out=np.zeros((n, n)), where=total > 0),
    )


def _shares(counts: Float64[np.ndarray, "n n"]) -> Float64[np.ndarray, "n n"]:
    totals = counts.sum(axis=1, keepdims=True)
    return np.divide(counts, totals, out=np.zeros_like(counts), where=totals > 0)


def _touching(
    ids: Int[np.ndarray, "h w"], reach: int
) -> tuple[
    Int64[np.ndarray, " pairs"], Int64[np.ndarray, " pairs"], Int64[np.ndarray, " pairs"], Int64[np.ndarray, " pairs"]
]:
    """All contacts (i, j), each from both sides: i, j, row of i's pixel, +1 if i is above j, -1 below, 0 beside.

    The map is compared with itself shifted by `reach` along each axis: a border of length L between
    two large regions counts about L * reach times, whichever axis, so shares come out right.
    """
    found = []
    for upright, (near, far) in (
        (1, (np.s_[:-reach], np.s_[reach:])),
        (0, (np.s_[:, :-reach], np.s_[:, reach:])),
    ):
        a, b = ids[near], ids[far]
        rows, columns = np.nonzero((a != b) & (a >= 0) & (b >= 0))
        i, j = a[rows, columns].astype(np.int64), b[rows, columns].astype(np.int64)
        signs = np.full(len(i), upright)
        found.append((i, j, rows, signs))
        found.append((j, i, rows + (reach if upright else 0), -signs))
    first, second, rows, signs = (np.concatenate(part) for part in zip(*found, strict=True))
    return first, second, rows, signs
