"""Features of objects from a map and their masks, without cutting regions out of it."""

from dataclasses import dataclass

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.layout import Layout

PLACES = 4
"""Numbers of a place within an object: x, y and their squares."""

LEAST = 1e-9
"""Cells outside a mask count as much: an empty mask looks everywhere alike."""


@dataclass(frozen=True)
class Cells:
    """Masks at the size of a map, and how far its columns and rows lie from their centres, in standard deviations."""

    masks: Float[Tensor, "b q h w"]
    x: Float[Tensor, "b q w"]
    y: Float[Tensor, "b q h"]

    @classmethod
    def of(cls, maps: Float[Tensor, "b c h w"], layout: Layout) -> "Cells":
        """The masks of a layout on a map whose cells are whole multiples of theirs."""
        factor = layout.masks.shape[-1] // maps.shape[-1]
        rows, columns = (torch.arange(side, device=maps.device) + 0.5 for side in maps.shape[-2:])
        x, y = (layout.centre / factor).split(1, -1)
        x_spread, y_spread = (layout.spread / factor).clamp(min=0.5).split(1, -1)
        # Averaging single cells changes nothing and takes as long as a matrix product over all masks.
        masks = functional.avg_pool2d(layout.masks, factor) if factor > 1 else layout.masks
        return cls(masks, (columns - x) / x_spread, (rows - y) / y_spread)


def pool_under(maps: Float[Tensor, "b c h w"], cells: Cells) -> Float[Tensor, "b q d"]:
    """Mean of a map under every mask, and its first moments along x and y in standard deviations of the mask."""
    weights = cells.masks / cells.masks.sum((-2, -1), keepdim=True).clamp(min=1e-3)
    kinds = torch.stack((weights, weights * cells.x[:, :, None, :], weights * cells.y[:, :, :, None]), 2)
    return torch.einsum("bqkhw,bchw->bqkc", kinds.to(maps.dtype), maps).flatten(2)


def grown(masks: Float[Tensor, "b q h w"], reach: int) -> Float[Tensor, "b q h w"]:
    """The largest value in the square of `reach` cells around every cell.

    As `max_pool2d` with stride 1 gives, in two directions one after the other and by doubling: on a processor
    seventy times faster at 70 masks of 96 x 128 cells.
    """
    masks = functional.pad(masks, (reach,) * 4)
    for direction in (-1, -2):
        width = 1
        while width < 2 * reach + 1:
            step = min(width, 2 * reach + 1 - width)
            cells = masks.shape[direction] - step
            masks = torch.maximum(masks.narrow(direction, 0, cells), masks.narrow(direction, step, cells))
            width += step
    return masks


class Glimpses(nn.Module):
    """What an object looks at in and around its mask: a few places each, chosen by what is there and where it lies.

    A mean over a mask dilutes small marks (legs apart, an eye) that tell what a thing does, and never sees those
    beside it (the streaks behind a car that drives). Here every object attends to the cells under its own mask,
    grown a little, with one distribution a glimpse. Its logits are a product of state and feature, the logarithm of
    the grown mask, and a quadric of the place in the object (in standard deviations of the mask from its centre)
    whose coefficients come from the state.

    Args:
        dims: width of the states of objects.
        map_dims: channels of the map.
        number: glimpses an object.
        channels: of the product, a glimpse.
        reach: cells of the map around the mask that are looked at too.
    """

    def __init__(self, dims: int, map_dims: int, number: int, channels: int = 16, reach: int = 0) -> None:
        super().__init__()
        self.reach = reach
        self.number = number
        self.query = nn.Linear(dims, number * channels)
        self.place = nn.Linear(dims, number * PLACES)
        self.key = nn.Linear(map_dims, number * channels)
        self.output = nn.Linear(number * map_dims, dims)

    def forward(
        self, states: Float[Tensor, "b q d"], maps: Float[Tensor, "b c h w"], cells: Cells
    ) -> Float[Tensor, "b q d"]:
        """What is to be added to the states."""
        split = (self.number, -1)
        values = maps.flatten(2).transpose(1, 2)
        query = self.query(states).unflatten(2, split)
        key = self.key(values).unflatten(2, split)
        along_x, along_y = (torch.stack((each, each.square()), 2).to(query.dtype) for each in (cells.x, cells.y))
        of_x, of_y = self.place(states).unflatten(2, (self.number, 2, 2)).unbind(3)
        across, down = of_x @ along_x, of_y @ along_y
        inside = grown(cells.masks, self.reach).clamp(min=LEAST).log()
        scaled = query * query.shape[-1] ** -0.5
        seen = []
        # One after the other: in fresh memory for all of them at once, page faults cost as much as the products.
        for glimpse in range(self.number):
            logits = scaled[:, :, glimpse] @ key[:, :, glimpse].transpose(1, 2)
            logits = logits.unflatten(-1, maps.shape[-2:]) + inside
            logits += across[:, :, glimpse, None, :]
            logits += down[:, :, glimpse, :, None]
            seen.append(logits.flatten(2).softmax(-1).to(values.dtype) @ values)
        return self.output(torch.cat(seen, -1))


class Windows(nn.Module):
    """A square window on every object and its surroundings, at the scale of the object, looked at as a small picture.

    A mean over a mask dilutes small marks, and the smoothed maps that masks are made from forget what lies between
    segments. Here a grid is laid over every object, with room around it, and read by bilinear interpolation from a
    map of the backbone, as RoIAlign does (He et al. 2017, section 3); the mask of the object is one more channel.

    The last layer starts at zero: a window adds nothing before the segments are learned that it lies on.

    Args:
        dims: width of the states of objects.
        map_dims: channels of the map.
        map_stride: the map that is read.
        side: cells of the grid along either side; even.
        channels: that the map is projected to.
        hidden: channels of the convolution over a window.
        extent: half the side of a window, in standard deviations of the mask along its longer axis; a bar reaches
            1.7 of them from its centre.
    """

    def __init__(
        self,
        dims: int,
        map_dims: int,
        map_stride: int = 2,
        side: int = 16,
        channels: int = 24,
        hidden: int = 32,
        extent: float = 3.0,
    ) -> None:
        super().__init__()
        self.map_stride, self.extent = map_stride, extent
        self.project = nn.Conv2d(map_dims, channels, 1)
        self.look = nn.Sequential(
            nn.Conv2d(channels + 1, hidden, 3, stride=2, padding=1),
            nn.GroupNorm(4, hidden),
            nn.ReLU(),
            nn.Flatten(),
            nn.Linear(hidden * (side // 2) ** 2, dims),
            nn.ReLU(),
            nn.Linear(dims, dims),
        )
        nn.init.zeros_(self.look[-1].weight)
        steps = (torch.arange(side) + 0.5) / side * 2 - 1
        self.register_buffer("grid", torch.stack(torch.meshgrid(steps, steps, indexing="xy"), -1), persistent=False)

    def forward(self, maps: Float[Tensor, "b c h w"], layout: Layout) -> Float[Tensor, "b q d"]:
        """What is to be added to the states."""
        batch, queries = layout.masks.shape[:2]
        places = self.places(layout).to(maps.dtype)
        seen = functional.grid_sample(self.project(maps), places.flatten(1, 2), align_corners=False)
        seen = seen.unflatten(2, (queries, -1)).transpose(1, 2).flatten(0, 1)
        masks = layout.masks.to(maps.dtype).flatten(0, 1)[:, None]
        mask = functional.grid_sample(masks, places.flatten(0, 1), align_corners=False)
        return self.look(torch.cat((seen, mask), 1)).unflatten(0, (batch, queries))

    def places(self, layout: Layout) -> Float[Tensor, "b q side side 2"]:
        """Where the cells of the windows lie, (x, y) in -1 .. 1 over the picture; windows may reach beyond it."""
        size = layout.centre.new_tensor(layout.masks.shape[:-3:-1])
        half = self.extent * layout.spread.amax(-1).clamp(min=1.0)
        places = layout.centre[:, :, None, None] + half[:, :, None, None, None] * self.grid
        return places / size * 2 - 1
