"""Convolutions over the cubes that hold something, and a U-Net of them."""

import math
from collections.abc import Sequence
from itertools import pairwise

import torch
from jaxtyping import Float
from torch import Tensor, nn

from psg4d.points.voxels import OFFSETS, Level


class CubeConvolution(nn.Module):
    """A convolution over 3 x 3 x 3 cubes that has values only where there were some (submanifold).

    Graham et al. 2018, "3D Semantic Segmentation with Submanifold Sparse Convolutional Networks". For each
    of the 27 offsets the touching cubes are gathered, multiplied and added: one product of the touching
    pairs, whose number grows with the cubes (a surface has about 9 neighbours a cube).

    Args:
        inputs: channels.
        outputs: channels.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(len(OFFSETS), inputs, outputs))
        nn.init.normal_(self.weight, std=math.sqrt(2 / (9 * inputs)))

    def forward(self, values: Float[Tensor, "v c"], level: Level) -> Float[Tensor, "v d"]:
        """New values of the same cubes."""
        middle = len(OFFSETS) // 2
        total = values @ self.weight[middle]
        for number, (here, there) in enumerate(level.pairs):
            total = total.index_add(0, here, values[there] @ self.weight[number])
            total = total.index_add(0, there, values[here] @ self.weight[len(OFFSETS) - 1 - number])
        return total


class Halving(nn.Module):
    """To cubes of twice the side, and back: one matrix for each of the eight places in the larger cube.

    Args:
        fine: channels of the smaller cubes.
        coarse: channels of the larger cubes.
    """

    def __init__(self, fine: int, coarse: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(8, fine, coarse) / math.sqrt(2 * fine))
        self.up = nn.Parameter(torch.randn(8, coarse, fine) / math.sqrt(coarse))

    def coarser(self, values: Float[Tensor, "v c"], level: Level, count: int) -> Float[Tensor, "w d"]:
        """Values of the larger cubes, of which there are `count`."""
        total = values.new_zeros(count, self.down.shape[2])
        for octant in range(8):
            inside = (level.octant == octant).nonzero()[:, 0]
            total = total.index_add(0, level.parent[inside], values[inside] @ self.down[octant])
        return total

    def finer(self, values: Float[Tensor, "w d"], level: Level) -> Float[Tensor, "v c"]:
        """Values of the smaller cubes."""
        total = values.new_zeros(level.count, self.up.shape[2])
        for octant in range(8):
            inside = (level.octant == octant).nonzero()[:, 0]
            total = total.index_add(0, inside, values[level.parent[inside]] @ self.up[octant])
        return total


class CubeBlock(nn.Module):
    """Two normalised convolutions around a shortcut (He et al. 2016, pre-activation).

    Layer normalisation, unlike DKNet's batch normalisation, knows no batch: one cube, or none, will do.

    Args:
        inputs: channels.
        outputs: channels.
    """

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList((nn.LayerNorm(inputs), nn.LayerNorm(outputs)))
        self.convolutions = nn.ModuleList((CubeConvolution(inputs, outputs), CubeConvolution(outputs, outputs)))
        self.shortcut = nn.Identity() if inputs == outputs else nn.Linear(inputs, outputs, bias=False)

    def forward(self, values: Float[Tensor, "v c"], level: Level) -> Float[Tensor, "v d"]:
        """New values of the same cubes."""
        changed = values
        for norm, convolution in zip(self.norms, self.convolutions, strict=True):
            changed = convolution(norm(changed).relu(), level)
        return self.shortcut(values) + changed


class SparseUNet(nn.Module):
    """A U-Net over cubes: every level halves the resolution (DKNet: seven levels, 32 to 224 channels).

    Args:
        inputs: channels of the cubes.
        widths: channels of every level.
        blocks: residual blocks a level and direction.
    """

    def __init__(self, inputs: int, widths: Sequence[int] = (32, 64, 96, 128), blocks: int = 1) -> None:
        super().__init__()
        self.num_levels = len(widths)
        self.first = CubeConvolution(inputs, widths[0])
        self.before = nn.ModuleList(nn.ModuleList(CubeBlock(width, width) for _ in range(blocks)) for width in widths)
        self.between = nn.ModuleList(Halving(*pair) for pair in pairwise(widths))
        self.after = nn.ModuleList(
            nn.ModuleList(CubeBlock(width if number else 2 * width, width) for number in range(blocks))
            for width in widths[:-1]
        )
        self.norm = nn.LayerNorm(widths[0])

    def forward(self, values: Float[Tensor, "v c"], levels: Sequence[Level]) -> Float[Tensor, "v w"]:
        """Features of the cubes of the first level."""
        values, kept = self.first(values, levels[0]), []
        for number, level in enumerate(levels):
            for block in self.before[number]:
                values = block(values, level)
            if number < self.num_levels - 1:
                kept.append(values)
                values = self.between[number].coarser(values, level, levels[number + 1].count)
        for number in reversed(range(self.num_levels - 1)):
            values = torch.cat((kept[number], self.between[number].finer(values, levels[number])), 1)
            for block in self.after[number]:
                values = block(values, levels[number])
        return self.norm(values)
