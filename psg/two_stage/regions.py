"""Features of nodes and of pairs of nodes, cut out of a feature pyramid.

A node is what RoIAlign (He et al. 2017) takes from its box; a pair is what it takes from the box around
both, plus where the two lie in the picture as two rectangles (Zellers et al. 2018, section 4.2).
"""

from collections.abc import Sequence

import torch
from jaxtyping import Float, Int64
from mmcv.cnn import ConvModule
from mmcv.ops import RoIAlign
from torch import Tensor, nn

from psg.two_stage.geometry import rectangles

_SAMPLES_PER_BIN = 2
_TINY = 1e-6
"""Added before rounding down to a level, so that a box of exactly a level's size does not fall below it."""


class RegionPooling(nn.Module):
    """RoIAlign on the level of a pyramid that fits the size of a box.

    Args:
        strides: of the maps, fine to coarse, each twice the one before.
        side: cells of the result along each axis.
        finest: boxes whose side (the root of the area) is below twice this many pixels use the finest
            map (Lin et al. 2017, Feature Pyramid Networks, equation 1).
    """

    def __init__(self, strides: Sequence[int], side: int, finest: float) -> None:
        super().__init__()
        self.side, self.finest = side, finest
        self.levels = [
            RoIAlign(side, 1 / stride, _SAMPLES_PER_BIN, pool_mode="avg", aligned=True) for stride in strides
        ]

    def forward(
        self, maps: Sequence[Tensor], boxes: Float[Tensor, "r 4"], picture: Int64[Tensor, " r"]
    ) -> Float[Tensor, "r c side side"]:
        """Features [r, c, side, side] of boxes (pixels) of the pictures with numbers `picture`."""
        pooled = maps[0].new_zeros(len(boxes), maps[0].shape[1], self.side, self.side)
        if not len(boxes):
            return pooled
        rows = torch.cat((picture[:, None].to(boxes.dtype), boxes), 1)
        extent = (boxes[:, 2:] - boxes[:, :2] + 1).clamp(min=1)
        level_of = (extent.prod(1).sqrt() / self.finest + _TINY).log2().floor().clamp(0, len(self.levels) - 1)
        for level, (align, level_map) in enumerate(zip(self.levels, maps, strict=True)):
            chosen = (level_of == level).nonzero().flatten()
            if len(chosen):
                pooled = pooled.index_copy(0, chosen, align(level_map, rows[chosen]).to(pooled.dtype))
        return pooled


def projection(channels: int, side: int, hidden: int) -> nn.Sequential:
    """Two layers from pooled cells to one vector."""
    return nn.Sequential(nn.Linear(channels * side**2, hidden), nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU())


class NodeRegions(nn.Module):
    """A vector for every node; see `psg.two_stage.trunk.RelationTrunk` for the arguments."""

    def __init__(self, strides: Sequence[int], channels: int, side: int, finest: float, hidden: int) -> None:
        super().__init__()
        self.pool = RegionPooling(strides, side, finest)
        self.project = projection(channels, side, hidden)

    def forward(
        self, maps: Sequence[Tensor], boxes: Float[Tensor, "n 4"], picture: Int64[Tensor, " n"]
    ) -> Float[Tensor, "n d"]:
        """Features of boxes in pixels."""
        return self.project(self.pool(maps, boxes, picture).flatten(1))


class UnionRegions(nn.Module):
    """A vector for every pair of nodes: the box around both, and where both lie.

    Args:
        strides: see `RegionPooling`.
        channels: of the maps.
        side: see `RegionPooling`; the rectangles are drawn on 4 x side - 1 cells.
        finest: see `RegionPooling`.
        hidden: width of the result.
        published: see `psg.two_stage.geometry.rectangles`.
    """

    def __init__(
        self, strides: Sequence[int], channels: int, side: int, finest: float, hidden: int, published: bool = False
    ) -> None:
        super().__init__()
        self.pool = RegionPooling(strides, side, finest)
        self.project = projection(channels, side, hidden)
        self.side, self.published = 4 * side - 1, published
        order, norm = ("conv", "act", "norm"), {"type": "BN"}
        self.rectangles = nn.Sequential(
            ConvModule(2, channels // 2, 7, stride=2, padding=3, norm_cfg=norm, order=order),
            nn.MaxPool2d(3, stride=2, padding=1),
            ConvModule(channels // 2, channels, 3, padding=1, norm_cfg=norm, order=order),
        )
        self.hidden = hidden

    def forward(
        self,
        maps: Sequence[Tensor],
        union: Float[Tensor, "m 4"],
        subjects: Float[Tensor, "m 4"],
        objects: Float[Tensor, "m 4"],
        picture: Int64[Tensor, " m"],
        sizes: Float[Tensor, "m 2"],
    ) -> Float[Tensor, "m d"]:
        """Features of pairs; boxes in pixels, `sizes` are (height, width) of their pictures."""
        if not len(union):  # nothing whose statistics could be normalised
            return maps[0].new_zeros(0, self.hidden)
        drawn = rectangles(subjects, objects, sizes, self.side, self.published)
        pooled = self.pool(maps, union, picture) + self.rectangles(drawn.to(maps[0].dtype))
        return self.project(pooled.flatten(1))
