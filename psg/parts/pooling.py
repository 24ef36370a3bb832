"""Features of objects from a map and their masks, without cutting regions out of it."""

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.layout import Layout

PLACES = 4
"""Numbers of a place within an object: x, y and their squares."""

LEAST = 1e-9
"""Cells outside a mask count as much: an empty mask looks everywhere alike."""


def cells_of(
    maps: Float[Tensor, "b c h w"], layout: Layout
) -> tuple[Float[Tensor, "b q h w"], Float[Tensor, "b q w"], Float[Tensor, "b q h"]]:
    """The masks at the size of a map, and how far its columns and rows lie from their centres.

    Distances are in standard deviations of the masks.
    """
    factor = layout.masks.shape[-1] // maps.shape[-1]
    rows, columns = (torch.arange(side, device=maps.device) + 0.5 for side in maps.shape[-2:])
    x, y = (layout.centre / factor).split(1, -1)
    x_spread, y_spread = (layout.spread / factor).clamp(min=0.5).split(1, -1)
    return functional.avg_pool2d(layout.masks, factor), (columns - x) / x_spread, (rows - y) / y_spread


def pool_under(maps: Float[Tensor, "b c h w"], layout: Layout) -> Float[Tensor, "b q d"]:
    """Mean of a map under every mask, and its first moments along x and y in standard deviations of the mask."""
    masks, x, y = cells_of(maps, layout)
    weights = masks / masks.sum((-2, -1), keepdim=True).clamp(min=1e-3)
    kinds = torch.stack((weights, weights * x[:, :, None, :], weights * y[:, :, :, None]), 2)
    return torch.einsum("bqkhw,bchw->bqkc", kinds.to(maps.dtype), maps).flatten(2)


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
        self, states: Float[Tensor, "b q d"], maps: Float[Tensor, "b c h w"], layout: Layout
    ) -> Float[Tensor, "b q d"]:
        """What is to be added to the states."""
        split = (self.number, -1)
        cells = maps.flatten(2).transpose(1, 2)
        query = self.query(states).unflatten(2, split).transpose(1, 2)
        key = self.key(cells).unflatten(2, split).permute(0, 2, 3, 1)
        masks, x, y = cells_of(maps, layout)
        masks = functional.max_pool2d(masks, 2 * self.reach + 1, stride=1, padding=self.reach)
        along_x, along_y = (torch.stack((each, each.square()), 2).to(query.dtype) for each in (x, y))
        of_x, of_y = self.place(states).unflatten(2, (self.number, 2, 2)).unbind(3)
        prior = (of_x @ along_x)[..., None, :] + (of_y @ along_y)[..., None]
        logits = query @ key * query.shape[-1] ** -0.5 + prior.flatten(3).transpose(1, 2)
        logits = logits + masks.clamp(min=LEAST).log().flatten(2)[:, None]
        seen = logits.softmax(-1).to(cells.dtype) @ cells[:, None]
        return self.output(seen.transpose(1, 2).flatten(2))
