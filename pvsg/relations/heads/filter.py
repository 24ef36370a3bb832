"""A head that smooths pairs over time."""

import torch
from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations.heads.head import FrameHead

_KERNEL = (0.25, 0.5, 1.0, 0.5, 0.25)
"""Its sum is 2.5, as published."""


@MODELS.register_module()
class FilterHead(FrameHead):
    """OpenPVSG's "handcrafted" head: every channel goes through one fixed filter over time."""

    past = future = len(_KERNEL) // 2

    def over_time(self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"]) -> Float[Tensor, "p t d"]:
        """Neighbouring frames, weighted; beyond the ends are zeros."""
        padded = nn.functional.pad(pairs, (0, 0, self.past, self.future))
        frames = pairs.shape[1]
        return torch.stack([weight * padded[:, at : at + frames] for at, weight in enumerate(_KERNEL)]).sum(0)
