"""A small convolutional backbone and pyramid that train from random weights in minutes."""

from collections.abc import Sequence

from jaxtyping import Bool, Float
from mmcv.cnn import ConvModule
from mmdet.models.backbones.resnet import BasicBlock
from mmdet.models.layers import ResLayer, SinePositionalEncoding
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.attention import EncoderLayer
from psg.parts.features import Features, padding_mask, picture_sizes, tokens

NORM = {"type": "BN"}
STRIDES = (2, 4, 8, 16)


@MODELS.register_module()
class CompactResNet(BaseModule):
    """A narrow ResNet without the early pooling of the ImageNet ones: maps at strides 2, 4, 8, 16.

    Things of ten pixels stay visible at stride 4, and the stride 2 map sharpens mask edges.

    Args:
        widths: channels at strides 2, 4, 8, 16.
        depths: residual blocks at strides 4, 8, 16.
    """

    def __init__(
        self, widths: Sequence[int] = (24, 48, 96, 160), depths: Sequence[int] = (1, 2, 2), init_cfg: dict | None = None
    ) -> None:
        super().__init__(init_cfg or [{"type": "Kaiming", "layer": "Conv2d"}])
        self.stem = ConvModule(3, widths[0], 3, stride=2, padding=1, norm_cfg=NORM)
        # Shortcuts average before they project (He et al. 2019, ResNet-D): nothing is skipped, and oneDNN writes
        # past its memory in the backward pass of strided 1x1 convolutions with under 16 channels (issue 6035).
        # A block that starts as the identity (last scale 0) trains faster from random weights.
        start = {"type": "Constant", "val": 0, "override": {"name": "norm2"}}
        self.stages = nn.ModuleList(
            ResLayer(BasicBlock, before, width, depth, stride=2, avg_down=True, norm_cfg=NORM, init_cfg=start)
            for before, width, depth in zip(widths[:-1], widths[1:], depths, strict=True)
        )

    def forward(self, images: Float[Tensor, "b 3 h w"]) -> tuple[Tensor, ...]:
        """Maps from fine to coarse."""
        maps = [self.stem(images)]
        for stage in self.stages:
            maps.append(stage(maps[-1]))
        return tuple(maps)


class TopDown(nn.Module):
    """One step of a feature pyramid (Lin et al. 2017): a finer map, enriched by the coarser one above it."""

    def __init__(self, fine: int, coarse: int, width: int) -> None:
        super().__init__()
        self.lateral = nn.Conv2d(fine, width, 1)
        self.down = nn.Conv2d(coarse, width, 1)

    def forward(self, fine: Float[Tensor, "b c h w"], coarse: Float[Tensor, "b d k l"]) -> Float[Tensor, "b e h w"]:
        """The sum of both, projected to one width, at the size of the finer."""
        return self.lateral(fine) + functional.interpolate(self.down(coarse), size=fine.shape[-2:], mode="nearest")


@MODELS.register_module()
class CompactPyramid(BaseModule):
    """Self-attention at stride 16, then a top-down path to stride 4 and per-pixel embeddings at stride 2.

    Args:
        in_channels: channels of the backbone at strides 2, 4, 8, 16.
        width: channels at strides 8 and 16, the memory of the decoders.
        fine_width: channels at stride 4.
        embedding: channels of the per-pixel embeddings.
        layers: encoder layers at stride 16.
        heads: attention heads.
        groups: groups of channels in the smoothing convolutions; 1x1 convolutions around them mix channels.
        fine_embedding: channels of the stride 2 branch that sharpens the embeddings.
    """

    def __init__(
        self,
        in_channels: Sequence[int] = (24, 48, 96, 160),
        width: int = 128,
        fine_width: int = 64,
        embedding: int = 32,
        layers: int = 1,
        heads: int = 4,
        groups: int = 4,
        fine_embedding: int = 16,
    ) -> None:
        super().__init__()
        self.position = SinePositionalEncoding(num_feats=width // 2, normalize=True)
        self.reduce = nn.Conv2d(in_channels[3], width, 1)
        self.encoder = nn.ModuleList(EncoderLayer(width, heads, 2 * width) for _ in range(layers))
        self.to_stride_8 = TopDown(in_channels[2], width, width)
        self.smooth_8 = ConvModule(width, width, 3, padding=1, groups=groups, norm_cfg=NORM)
        self.to_stride_4 = TopDown(in_channels[1], width, fine_width)
        self.smooth_4 = ConvModule(fine_width, fine_width, 3, padding=1, groups=groups, norm_cfg=NORM)
        self.embed = nn.Conv2d(fine_width, embedding, 1)
        self.to_stride_2 = TopDown(in_channels[0], fine_width, fine_embedding)
        self.sharpen = nn.Sequential(
            ConvModule(fine_embedding, fine_embedding, 3, padding=1, norm_cfg=NORM),
            nn.Conv2d(fine_embedding, embedding, 1),
        )

    def forward(
        self, maps: Sequence[Tensor], image_sizes: Sequence[tuple[int, int]], batch_size: tuple[int, int]
    ) -> Features:
        """Features with maps at strides 4, 8, 16, the backbone's own at 2, and pixels at 2, 4.

        Args:
            maps: of the backbone at strides 2, 4, 8, 16.
            image_sizes: (height, width) of every picture without padding.
            batch_size: (height, width) of the padded batch.
        """
        sizes = picture_sizes(image_sizes, maps[0].device)
        padding = {
            stride: padding_mask(sizes, batch_size, level.shape[-2:])
            for stride, level in zip(STRIDES, maps, strict=True)
        }
        padded = any(tuple(size) != tuple(batch_size) for size in image_sizes)

        def inside(values: Tensor, stride: int) -> Tensor:
            """Zeros in the padding, as convolutions see beyond the edge of a picture that fills its batch."""
            return values.masked_fill(padding[stride][:, None], 0) if padded else values

        # Pictures of one size share their positions, which are costly sines.
        distinct = slice(1) if len(set(image_sizes)) == 1 else slice(None)
        positions = {
            stride: self.position(padding[stride][distinct]).expand(len(sizes), -1, -1, -1) for stride in STRIDES[1:]
        }
        stride_2, stride_4, stride_8, stride_16 = (
            inside(level, stride) for stride, level in zip(STRIDES, maps, strict=True)
        )
        memory = inside(self._encode(self.reduce(stride_16), positions[16], padding[16]), 16)
        stride_8 = inside(self.smooth_8(inside(self.to_stride_8(stride_8, memory), 8)), 8)
        stride_4 = inside(self.smooth_4(inside(self.to_stride_4(stride_4, stride_8), 4)), 4)
        # Embeddings at stride 4, and the same sharpened by the edges that stride 2 still sees.
        coarse = self.embed(stride_4)
        edges = self.sharpen(inside(self.to_stride_2(stride_2, stride_4), 2))
        pixels = {4: coarse, 2: edges + functional.interpolate(coarse, size=edges.shape[-2:], mode="nearest")}
        maps = {2: stride_2, 4: stride_4, 8: stride_8, 16: memory}
        return Features(maps, padding, positions, memory, 16, sizes, padded, pixels)

    def _encode(
        self, memory: Float[Tensor, "b c h w"], positions: Float[Tensor, "b c h w"], padding: Bool[Tensor, "b h w"]
    ) -> Float[Tensor, "b c h w"]:
        sequence = tokens(memory)
        for layer in self.encoder:
            sequence = layer(sequence, tokens(positions), padding.flatten(1))
        return sequence.transpose(1, 2).unflatten(2, memory.shape[-2:])
