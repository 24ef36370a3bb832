"""Neck of DETR: the coarsest map of the backbone, encoded by self-attention."""

from collections.abc import Sequence
from typing import Any

from jaxtyping import Float
from mmdet.models.layers import DetrTransformerEncoder, SinePositionalEncoding
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.parts.features import Features, padding_mask, picture_sizes, tokens

STRIDES = (4, 8, 16, 32)


@MODELS.register_module()
class DETREncoder(BaseModule):
    """Carion et al. 2020, "End-to-End Object Detection with Transformers", section 3.2.

    Args:
        encoder: arguments of mmdet's `DetrTransformerEncoder`.
        in_channels: channels of the backbone's map at stride 32.
        dims: width of the encoder.
    """

    def __init__(self, encoder: dict[str, Any], in_channels: int = 2048, dims: int = 256) -> None:
        super().__init__()
        self.projection = nn.Conv2d(in_channels, dims, 1)
        self.position = SinePositionalEncoding(num_feats=dims // 2, normalize=True)
        self.encoder = DetrTransformerEncoder(**encoder)

    def init_weights(self) -> None:
        """Xavier, as DETR does."""
        super().init_weights()
        for parameter in self.encoder.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(
        self, maps: Sequence[Tensor], image_sizes: Sequence[tuple[int, int]], batch_size: tuple[int, int]
    ) -> Features:
        """The backbone's maps at strides 4, 8, 16, the projected one at 32, and the encoded memory.

        Args:
            maps: of the backbone at strides 4, 8, 16, 32.
            image_sizes: (height, width) of every picture without padding.
            batch_size: (height, width) of the padded batch.
        """
        projected: Float[Tensor, "b c h w"] = self.projection(maps[-1])
        sizes = picture_sizes(image_sizes, projected.device)
        padding = padding_mask(sizes, batch_size, projected.shape[-2:])
        positions = self.position(padding)
        encoded = self.encoder(
            query=tokens(projected), query_pos=tokens(positions), key_padding_mask=padding.flatten(1)
        )
        return Features(
            maps=dict(zip(STRIDES, (*maps[:-1], projected), strict=True)),
            padding={32: padding},
            positions={32: positions},
            memory=encoded.transpose(1, 2).unflatten(2, projected.shape[-2:]),
            memory_stride=32,
            sizes=sizes,
            padded=any(tuple(size) != tuple(batch_size) for size in image_sizes),
        )
