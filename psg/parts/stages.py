"""ResNets stage by stage, with the map of their stem: what a pyramid needs that begins at stride 2."""

from collections.abc import Callable

from jaxtyping import Float
from mmdet.models.backbones import ResNet
from mmdet.registry import MODELS
from torch import Tensor, nn

from psg.parts.compact import CompactResNet
from scenegraph import InputError


def stages_of(backbone: nn.Module) -> list[Callable[[Tensor], Tensor]]:
    """The stem and the stages of a backbone, each a function from map to map.

    Raises:
        InputError: the backbone is of an unknown kind.
    """
    if isinstance(backbone, CompactResNet):
        return [backbone.stem, *backbone.stages]
    if isinstance(backbone, ResNet):
        first, *rest = (getattr(backbone, name) for name in backbone.res_layers)
        return [lambda images: _stem(backbone, images), lambda maps: first(backbone.maxpool(maps)), *rest]
    raise InputError(f"a stream of kind {type(backbone).__name__}; expected CompactResNet or ResNet")


@MODELS.register_module()
class StemResNet(ResNet):
    """mmdet's ResNet, whose maps begin with that of the stem: strides 2, 4, 8 and 16 with three stages.

    Takes the arguments of `ResNet` but for `out_indices`: all stages are given. Published weights of ImageNet fit.
    """

    def forward(self, images: Float[Tensor, "b 3 h w"]) -> tuple[Tensor, ...]:
        """Maps from fine to coarse."""
        maps = [images]
        for stage in stages_of(self):
            maps.append(stage(maps[-1]))
        return tuple(maps[1:])


def _stem(backbone: ResNet, images: Float[Tensor, "b c h w"]) -> Float[Tensor, "b d k l"]:
    if backbone.deep_stem:
        return backbone.stem(images)
    return backbone.relu(backbone.norm1(backbone.conv1(images)))
