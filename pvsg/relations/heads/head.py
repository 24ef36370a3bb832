"""What the relation heads share, and the head that looks at one frame at a time."""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float
from mmdet.registry import MODELS
from torch import Tensor, nn


class PairLogits(NamedTuple):
    """Of p pairs in t frames: which predicate it is, and whether it holds."""

    predicates: Float[Tensor, "p t c"]
    spans: Float[Tensor, "p t c"]

    @property
    def overall(self) -> Float[Tensor, "p c"]:
        """Predicate logits of the whole video: the highest of all frames."""
        return self.predicates.amax(1)


@MODELS.register_module()
class FrameHead(nn.Module):
    """OpenPVSG's "vanilla" head: two layers and two outputs, each frame by itself.

    The other published heads change what goes in, `over_time`. What is computed of a frame depends on
    `past` frames before and `future` frames after it; None is all of them.

    Args:
        dims: width of a pair.
        num_predicates: outputs.
        published: frames in which a track is missing count like others.
    """

    past: int | None = 0
    future: int | None = 0
    uses_layout = False
    """Whether `forward` needs the layout of the pairs, see `pvsg.relations.layout`."""

    def __init__(self, dims: int, num_predicates: int, published: bool = False) -> None:
        super().__init__()
        self.first = nn.Linear(dims, dims // 2)
        self.second = nn.Linear(dims // 2, dims // 4)
        self.spans = nn.Linear(dims // 4, num_predicates)
        self.predicates = nn.Linear(dims // 4, num_predicates)
        self.published = published

    def forward(
        self,
        pairs: Float[Tensor, "p t d"],
        present: Bool[Tensor, "p t"],
        layout: Float[Tensor, "p t g"] | None = None,
    ) -> PairLogits:
        """Logits of pairs; where one of a pair is missing they mean nothing unless `published`."""
        if not self.published:
            pairs = torch.where(present[..., None], pairs, 0.0)
        hidden = self.second(self.first(self.over_time(pairs, present)).relu()).relu()
        return PairLogits(self.predicates(hidden), self.spans(hidden))

    def over_time(self, pairs: Float[Tensor, "p t d"], present: Bool[Tensor, "p t"]) -> Float[Tensor, "p t d"]:
        """What frames learn from each other: nothing."""
        return pairs
