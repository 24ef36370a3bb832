"""PairFlash: our fast model of panoptic scene graphs.

    pictures -> segmenter (frozen or tuned) -> object queries, masks
                        queries, layouts, pooled features -> candidate pairs -> both directions in one pass
                        masks at their own resolution -> one id map, its borders alone enlarged

It is `PSGFormer` with `PairFlashHead`, post-processing that merges masks where they are small, and any
part of the segmenter frozen: EoMT for photos (`configs/psg/pairflash_eomt.py`), the compact
convolutional segmenter where everything is learned from nothing (`configs/pairflash.py`).
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mmdet.registry import MODELS
from torch import Tensor

from psg.parts.features import Features
from psg.parts.objects import Objects
from psg.parts.truth import Truth
from psg.psgformer import PSGFormer
from scenegraph import InputError

PARTS = ("backbone", "neck", "object_decoder")
"""What can be frozen: the segmenter."""


@MODELS.register_module()
class PairFlash(PSGFormer):
    """Candidate pairs, each looked at once, on the queries of one segmenter.

    Args:
        frozen: parts that keep their weights ("backbone", "neck", "object_decoder"): they stay in
            evaluation mode, get no gradients, and a frozen object decoder costs no losses.
        postprocessing: as for `PSGFormer`; masks are merged at their own resolution unless it says
            otherwise.
        parts: the other arguments of `PSGFormer`; the usual relation head is `PairFlashHead`.

    Raises:
        InputError: there is no vocabulary, or `frozen` names another part.
    """

    def __init__(
        self, *, frozen: Sequence[str] = (), postprocessing: Mapping[str, Any] | None = None, **parts: Any
    ) -> None:
        unknown = [name for name in frozen if name not in PARTS]
        if unknown:
            raise InputError(f"frozen={unknown}: expected some of {', '.join(PARTS)}")
        super().__init__(postprocessing={"merge_at": "masks", **(postprocessing or {})}, **parts)
        self.frozen = tuple(frozen)
        for part in self._frozen_parts():
            part.requires_grad_(False)
        self.train()

    def _frozen_parts(self) -> Iterable[Any]:
        return (getattr(self, name) for name in self.frozen)

    def train(self, mode: bool = True) -> "PairFlash":
        """Frozen parts stay in evaluation mode."""
        super().train(mode)
        for part in self._frozen_parts():
            part.train(False)
        return self

    def decode(self, features: Features, truth: Truth | None) -> tuple[Objects, Any]:
        """As `PSGFormer`; a frozen object decoder works as in prediction."""
        return super().decode(features, None if "object_decoder" in self.frozen else truth)

    def losses(self, decoded: tuple[Objects, Any], truth: Truth) -> dict[str, Tensor]:
        """As `PSGFormer`; of a frozen object decoder only the matching is needed."""
        if "object_decoder" not in self.frozen:
            return super().losses(decoded, truth)
        objects, relations = decoded
        return self.relation_head.loss(relations, truth, self.object_decoder.match(objects, truth))
