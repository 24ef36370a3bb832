"""Points in cubes of space, and which cubes touch."""

from itertools import product
from typing import NamedTuple

import torch
from jaxtyping import Float, Int64
from torch import Tensor

_SIDE = 1 << 18
"""Cubes along an axis that a key can tell apart; a batch has at most `_CLOUDS` clouds."""
_CLOUDS = 1 << 8

OFFSETS = tuple(product((-1, 0, 1), repeat=3))
"""The 27 cubes around a cube; number 13 is itself, and number k lies opposite of 26 - k."""


class Voxels(NamedTuple):
    """v cubes that hold points, in the order of their keys.

    Attributes:
        cells: cloud, and x, y, z of the cube, counted from 1.
        owner: the cube of every point.
        side: of a cube, metres.
        origin: where cell 0 begins, metres.
    """

    cells: Int64[Tensor, "v 4"]
    owner: Int64[Tensor, " n"]
    side: float
    origin: Float[Tensor, "3"]

    @property
    def centres(self) -> Float[Tensor, "v 3"]:
        """Of the cubes, metres."""
        return (self.cells[:, 1:].float() + 0.5) * self.side + self.origin

    def means(self, values: Float[Tensor, "n c"]) -> Float[Tensor, "v c"]:
        """The mean of what the points of every cube have."""
        total = values.new_zeros(len(self.cells), values.shape[1]).index_add_(0, self.owner, values)
        count = torch.bincount(self.owner, minlength=len(self.cells)).clamp(min=1)
        return total / count[:, None]


class Level(NamedTuple):
    """Cubes of one size: who touches whom, and which larger cube each lies in.

    Attributes:
        count: cubes.
        pairs: for the first 13 of `OFFSETS`, rows (cube, the cube at that offset from it).
        parent: the larger cube of each cube; empty at the last level.
        octant: where in it each lies, 0 to 7.
    """

    count: int
    pairs: tuple[Int64[Tensor, "2 _"], ...]
    parent: Int64[Tensor, " v"]
    octant: Int64[Tensor, " v"]


def voxelise(points: Float[Tensor, "n 3"], cloud: Int64[Tensor, " n"], side: float, most: int | None = None) -> Voxels:
    """The cubes that hold points.

    Args:
        points: metres.
        cloud: number of the cloud of each point, ascending.
        side: of a cube, metres.
        most: cubes at most: if there are more, cubes of twice the side are taken, until they suffice. So
            whatever the number of points and the size of the place, memory has a bound.

    >>> found = voxelise(torch.tensor([[0.0, 0, 0], [0.01, 0, 0], [1.0, 0, 0]]), torch.zeros(3, dtype=torch.int64), 0.1)
    >>> found.owner.tolist(), len(found.cells)
    ([0, 0, 1], 2)
    """
    origin = points.amin(0) - side if len(points) else points.new_zeros(3)
    while True:
        places = ((points - origin) / side).floor().long().clamp(1, _SIDE - 2)
        keys, owner = torch.unique(_keys(torch.cat((cloud[:, None], places), 1)), return_inverse=True)
        if most is None or len(keys) <= most:
            return Voxels(_cells(keys), owner, side, origin)
        side *= 2
        origin = points.amin(0) - side


def levels_of(cells: Int64[Tensor, "v 4"], count: int) -> list[Level]:
    """`count` levels, each of cubes of twice the side of those before."""
    found = []
    for number in range(count):
        keys = _keys(cells)
        pairs = tuple(_touching(keys, offset) for offset in OFFSETS[: len(OFFSETS) // 2])
        if number == count - 1:
            nothing = cells.new_zeros(0)
            found.append(Level(len(cells), pairs, nothing, nothing))
            break
        halves = torch.cat((cells[:, :1], cells[:, 1:] // 2 + 1), 1)  # again counted from 1
        above, parent = torch.unique(_keys(halves), return_inverse=True)
        octant = ((cells[:, 1:] & 1) * cells.new_tensor([4, 2, 1])).sum(1)
        found.append(Level(len(cells), pairs, parent, octant))
        cells = _cells(above)
    return found


def _touching(keys: Int64[Tensor, " v"], offset: tuple[int, int, int]) -> Int64[Tensor, "2 _"]:
    x, y, z = offset
    wanted = keys + (x * _SIDE + y) * _SIDE + z
    place = torch.searchsorted(keys, wanted).clamp(max=max(len(keys) - 1, 0))
    here = (keys[place] == wanted).nonzero()[:, 0]
    return torch.stack((here, place[here]))


def _keys(cells: Int64[Tensor, "v 4"]) -> Int64[Tensor, " v"]:
    cloud, x, y, z = cells.unbind(1)
    return ((cloud * _SIDE + x) * _SIDE + y) * _SIDE + z


def _cells(keys: Int64[Tensor, " v"]) -> Int64[Tensor, "v 4"]:
    columns = []
    for _ in range(3):
        columns.append(keys % _SIDE)
        keys = keys // _SIDE
    return torch.stack((keys, *columns[::-1]), 1)
