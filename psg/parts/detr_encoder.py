"""Neck of DETR: the coarsest map of the backbone, encoded by self-attention."""

from collections.abc import Sequence
from typing import Any

from jaxtyping import Float
from mmdet.models.layers import DetrTransformerEncoder, SinePositionalEncoding
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.parts.detr_layers import encoder_layers, initialise
from psg.parts.features import Features, padding_mask, picture_sizes, tokens


@MODELS.register_module()
class DETREncoder(BaseModule):
    """Carion et al. 2020, "End-to-End Object Detection with Transformers", section 3.2.

    Args:
        encoder: arguments of mmdet's `DetrTransformerEncoder`; those of DETR if not given.
        in_channels: channels of the backbone's coarsest map.
        dims: width of the encoder.
        strides: of the backbone's maps.
    """

    def __init__(
        self,
        encoder: dict[str, Any] | None = None,
        in_channels: int = 2048,
        dims: int = 256,
        strides: Sequence[int] = (4, 8, 16, 32),
    ) -> None:
        super().__init__()
        self.strides = tuple(strides)
        self.projection = nn.Conv2d(in_channels, dims, 1)
        self.position = SinePositionalEncoding(num_feats=dims // 2, normalize=True)
        self.encoder = DetrTransformerEncoder(**(encoder or encoder_layers(dims=dims)))

    def init_weights(self) -> None:
        """Xavier, as DETR does."""
        super().init_weights()
        initialise(self.encoder)

    def forward(
        self, maps: Sequence[Tensor], image_sizes: Sequence[tuple[int, int]], batch_size: tuple[int, int]
    ) -> Features:
        """The backbone's maps but the coarsest, which is projected, and the encoded memory.

        Args:
            maps: of the backbone from fine to coarse.
            image_sizes: (height, width) of every picture without padding.
            batch_size: (height, width) of the padded batch.
        """
        projected: Float[Tensor, "b c h w"] = self.projection(maps[-1])
        sizes = picture_sizes(image_sizes, projected.device)
        padding = padding_mask(sizes, batch_size, projected.shape[-2:])
        positions = self.position(padding)
        coarsest = self.strides[-1]
        encoded = self.encoder(
            query=tokens(projected), query_pos=tokens(positions), key_padding_mask=padding.flatten(1)
        )
        return Features(
            maps=dict(zip(self.strides, (*maps[:-1], projected), strict=True)),
            padding={coarsest: padding},
            positions={coarsest: positions},
            memory=encoded.transpose(1, 2).unflatten(2, projected.shape[-2:]),
            memory_stride=coarsest,
            sizes=sizes,
            padded=any(tuple(size) != tuple(batch_size) for size in image_sizes),
        )
