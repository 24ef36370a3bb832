"""What backbone and neck tell the decoders about a batch of pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float
from torch import Tensor


@dataclass(frozen=True)
class Features:
    """Feature maps by stride, and the encoded memory that decoders attend to.

    `maps[s]` is float [b, c, ceil(H / s), ceil(W / s)] for a batch padded to H x W, `padding[s]` bool
    [b, h, w] is True outside the pictures and `positions[s]` float [b, d, h, w] encodes where a cell
    is; channels may differ between strides. `memory` is the encoder's output at `memory_stride`,
    `sizes` are the (height, width) of the pictures in pixels, without padding.
    `pixels` are the embeddings by stride that mask queries are compared with, where a neck makes them.
    `padded` tells whether there is any padding at all: batches of equal pictures save the work.
    """

    maps: Mapping[int, Tensor]
    padding: Mapping[int, Tensor]
    positions: Mapping[int, Tensor]
    memory: Float[Tensor, "b c h w"]
    memory_stride: int
    sizes: Float[Tensor, "b 2"]
    padded: bool
    pixels: Mapping[int, Tensor] = field(default_factory=dict)


def picture_sizes(image_sizes: Sequence[tuple[int, int]], device: torch.device) -> Float[Tensor, "b 2"]:
    """(height, width) of every picture on the model's device."""
    return torch.tensor(image_sizes, dtype=torch.float32).reshape(-1, 2).to(device, non_blocking=True)


def padding_mask(
    sizes: Float[Tensor, "b 2"], batch_size: tuple[int, int], map_size: tuple[int, int]
) -> Bool[Tensor, "b h w"]:
    """Which cells of a map lie outside their picture.

    A cell belongs to the picture if the pixel at its upper left corner does: the nearest-neighbour
    reduction of the pixel mask, as DETR (Carion et al. 2020) does.

    Args:
        sizes: (height, width) of every picture before padding.
        batch_size: (height, width) after padding.
        map_size: (height, width) of the map.

    >>> padding_mask(torch.tensor([[4.0, 6.0]]), (8, 8), (2, 4)).int().tolist()
    [[[0, 0, 0, 1], [1, 1, 1, 1]]]
    """
    (height, width), (rows, columns) = batch_size, map_size
    top = torch.floor(torch.arange(rows, device=sizes.device) * (height / rows))
    left = torch.floor(torch.arange(columns, device=sizes.device) * (width / columns))
    return (top >= sizes[:, :1])[:, :, None] | (left >= sizes[:, 1:])[:, None, :]


def tokens(maps: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n c"]:
    """The cells of a map as a sequence, row by row."""
    return maps.flatten(2).transpose(1, 2)
