"""From pictures with depth to one normalised batch."""

from typing import Any

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model.utils import stack_batch
from torch import Tensor

from psg.preprocessor import ScenePreprocessor

FARTHEST = 100.0
"""Metres; what is measured beyond tells nothing and would stretch the scale."""
_USUAL = 4.0
"""Metres that the absolute channel puts at 0: the middle of a room, the near end of a street."""
_SPREAD = 0.05
"""Added to the spread of log depth: a wall seen straight on has none."""
_LIMIT = 3.0
"""Both channels are cut here, so that single wrong depths cannot dominate."""
_TO_DEVIATION = 1.4826
"""A median absolute deviation of a normal distribution times this is its standard deviation."""


def depth_channels(depth: Float[Tensor, "h w"]) -> Float[Tensor, "3 h w"]:
    """What a network sees of depth: log depth against the frame's own median, log depth, and where it was measured.

    The first is robust: median and median absolute deviation do not move with a few wrong depths, and
    neither does it with the scale of the camera. The second keeps the metres. Both are 0 where nothing was
    measured (0, NaN, infinite, or beyond `FARTHEST`), and the third says so.

    Args:
        depth: metres.

    >>> channels = depth_channels(torch.tensor([[0.0, 4.0, 4.0, 4.0]]))
    >>> channels[:, 0].tolist()
    [[0.0, 0.0, 0.0, 0.0], [0.0, 0.0, 0.0, 0.0], [0.0, 1.0, 1.0, 1.0]]
    """
    measured = torch.isfinite(depth) & (depth > 0) & (depth < FARTHEST)
    logs = torch.where(measured, depth, _USUAL).log()
    known = logs[measured]
    if len(known):
        median = known.median()
        spread = (known - median).abs().median() * _TO_DEVIATION + _SPREAD
        relative = ((logs - median) / spread).clamp(-_LIMIT, _LIMIT)
    else:
        relative = torch.zeros_like(logs)
    absolute = (logs - torch.tensor(_USUAL).log()).clamp(-_LIMIT, _LIMIT)
    zero = torch.zeros_like(logs)
    return torch.stack((torch.where(measured, relative, zero), torch.where(measured, absolute, zero), measured.float()))


@MODELS.register_module()
class RGBDPreprocessor(ScenePreprocessor):
    """`ScenePreprocessor` of pictures whose fourth channel is depth in metres.

    Takes `{"inputs": [float32 [4, h, w], ...], ...}` (R, G, B from 0 to 255, depth) and gives `inputs`
    float32 [b, 6, H, W]: normalised colour and `depth_channels`; the padding is 0 in all of them.
    """

    def forward(self, data: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """See the class."""
        pictures = data["inputs"]
        colour = super().forward({**data, "inputs": [picture[:3] for picture in pictures]}, training)
        depths = [depth_channels(picture[3].to(self.device).float()) for picture in pictures]
        depth = stack_batch(depths, self.pad_size_divisor, 0.0)
        return colour | {"inputs": torch.cat((colour["inputs"], depth), 1)}
