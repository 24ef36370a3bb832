"""Features of objects from a map and their masks, without cutting regions out of it."""

import torch
from jaxtyping import Float
from torch import Tensor
from torch.nn import functional

from psg.parts.layout import Layout


def pool_under(maps: Float[Tensor, "b c h w"], layout: Layout) -> Float[Tensor, "b q d"]:
    """Mean of a map under every mask, and its first moments along x and y in standard deviations of the mask."""
    factor = layout.masks.shape[-1] // maps.shape[-1]
    masks = functional.avg_pool2d(layout.masks, factor)
    rows, columns = (torch.arange(side, device=maps.device) + 0.5 for side in masks.shape[-2:])
    x, y = (layout.centre / factor).split(1, -1)
    x_spread, y_spread = (layout.spread / factor).clamp(min=0.5).split(1, -1)
    weights = masks / masks.sum((-2, -1), keepdim=True).clamp(min=1e-3)
    along_x = weights * ((columns - x) / x_spread)[:, :, None, :]
    along_y = weights * ((rows - y) / y_spread)[:, :, :, None]
    kinds = torch.stack((weights, along_x, along_y), 2)
    return torch.einsum("bqkhw,bchw->bqkc", kinds.to(maps.dtype), maps).flatten(2)
