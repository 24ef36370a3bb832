"""Two backbones side by side, for colour and for depth."""

from collections.abc import Sequence
from typing import Any

from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn.functional import adaptive_avg_pool2d

from psg.parts.stages import stages_of
from psg4d.rgbd.gate import SeparationAggregationGate
from scenegraph import InputError

MEASURED = 2
"""The channel of depth that says where there is one, see `psg4d.rgbd.preprocessor.depth_channels`."""


@MODELS.register_module()
class TwoStreams(BaseModule):
    """The backbone of PSG4DFormer's RGB-D branch (Yang et al. 2023, "4D Panoptic Scene Graph Generation", 4.1).

    Each stream is a `CompactResNet` or an mmdet `ResNet`; after every stage, the stem included, a
    `SeparationAggregationGate` joins them. A ResNet gives maps at strides 2 (stem), 4, 8 ...

    Args:
        colour: config of the backbone for colour.
        depth: config of the backbone for depth; False leaves depth out altogether: the ablation without
            depth, of a single stream without gates.
        widths: channels after every stage.
        shared_shortcuts: both streams use the same strided shortcuts, as the published code does.
        init_cfg: of mmengine.

    Raises:
        InputError: a backbone is of another kind or has another number of stages.
    """

    def __init__(
        self,
        colour: dict[str, Any],
        depth: dict[str, Any] | bool,
        widths: Sequence[int],
        shared_shortcuts: bool = False,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(init_cfg)
        self.colour = MODELS.build(colour)
        self.depth = MODELS.build(colour if depth is True else depth) if depth else None
        self.gates = nn.ModuleList(SeparationAggregationGate(width) for width in widths if depth)
        for stream in (self.colour, self.depth):
            if stream is not None and len(stages_of(stream)) != len(widths):
                raise InputError(
                    f"{len(widths)} widths for a backbone of {len(stages_of(stream))} stages with its stem"
                )
        if shared_shortcuts and self.depth is not None:
            share_shortcuts(self.colour, self.depth)

    def forward(self, inputs: Float[Tensor, "b 6 h w"]) -> tuple[Tensor, ...]:
        """The joined maps from fine to coarse; channels are those of `RGBDPreprocessor`."""
        colour, depth = inputs[:, :3], inputs[:, 3:]
        measured = depth[:, MEASURED : MEASURED + 1]
        maps = []
        if self.depth is None:
            for stage in stages_of(self.colour):
                colour = stage(colour)
                maps.append(colour)
            return tuple(maps)
        for gate, first, second in zip(self.gates, stages_of(self.colour), stages_of(self.depth), strict=True):
            colour, depth = first(colour), second(depth)
            joined, colour, depth = gate(colour, depth, adaptive_avg_pool2d(measured, depth.shape[-2:]))
            maps.append(joined)
        return tuple(maps)


def share_shortcuts(first: nn.Module, second: nn.Module) -> None:
    """Let two ResNets use the same projections in their shortcuts (those of the first)."""
    for name in first.res_layers:
        for mine, other in zip(getattr(first, name), getattr(second, name), strict=True):
            if mine.downsample is not None:
                other.downsample = mine.downsample
