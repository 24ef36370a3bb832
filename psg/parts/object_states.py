"""What a pair head knows about every object before it pairs them."""

from collections.abc import Mapping
from typing import Any

import torch
from jaxtyping import Float
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.parts.attention import EncoderLayer
from psg.parts.features import Features
from psg.parts.layout import OBJECT_NUMBERS, Layout
from psg.parts.objects import Objects
from psg.parts.pooling import Cells, Glimpses, Windows, pool_under


class ObjectStates(BaseModule):
    """The query of an object, the layout of its mask and the features under its mask, in one vector.

    The features are pooled to their mean and their first moments along x and y, which keep where in the
    object a feature is (legs, a front). Objects then look at each other.

    Args:
        dims: width of the states.
        query_dims: width of the queries; `dims` if None.
        map_dims: channels of the map at `map_stride`.
        map_stride: the map that is pooled under the masks; a multiple of the objects' `coarse_stride`.
        layers: self-attention layers among the objects.
        heads: their attention heads.
        glimpses: places that an object looks at besides, see `psg.parts.pooling.Glimpses`; 0 for none.
        reach: cells of the map around its mask where these may lie.
        window: arguments of `psg.parts.pooling.Windows`, for what lies around an object; None for none.
    """

    def __init__(
        self,
        dims: int,
        map_dims: int,
        map_stride: int = 4,
        layers: int = 1,
        heads: int = 4,
        query_dims: int | None = None,
        glimpses: int = 0,
        reach: int = 3,
        window: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.map_stride = map_stride
        self.from_query = nn.Linear(query_dims or dims, dims)
        self.from_layout = nn.Linear(OBJECT_NUMBERS, dims)
        self.from_map = nn.Linear(3 * map_dims, dims)
        self.norm = nn.LayerNorm(dims)
        self.glimpses = Glimpses(dims, map_dims, glimpses, reach=reach) if glimpses else None
        self.windows = Windows(dims, **window) if window else None
        self.layers = nn.ModuleList(EncoderLayer(dims, heads, 2 * dims) for _ in range(layers))

    def states(self, features: Features, objects: Objects, layout: Layout) -> Float[Tensor, "b q d"]:
        """One vector an object; `layout` is that of the objects' coarse masks."""
        picture_size = features.sizes.prod(-1).sqrt() / objects.coarse_stride
        maps = features.maps[self.map_stride]
        cells = Cells.of(maps, layout)
        pooled = pool_under(maps, cells)
        states = self.norm(
            self.from_query(objects.queries) + self.from_layout(layout.objects(picture_size)) + self.from_map(pooled)
        )
        if self.windows is not None:
            states = states + self.windows(features.maps[self.windows.map_stride], layout)
        if self.glimpses is not None:
            states = states + self.glimpses(states, maps, cells)
        for layer in self.layers:
            states = layer(states, torch.zeros_like(states))
        return states
