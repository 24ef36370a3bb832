"""The truth of a batch as padded tensors, made once a step."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from jaxtyping import Bool, Float, Int64, UInt8
from torch import Tensor
from torch.nn import functional
from torch.nn.utils.rnn import pad_sequence

from psg.samples import SceneGraphSample


@dataclass(frozen=True)
class Truth:
    """Segments and relations of b pictures, padded to the largest number g of segments.

    `labels` is 0 and `masks` is empty where `present` is False; `boxes` are xyxy in pixels.
    `relations[i]` are the (subject, predicate, object) rows of picture i, `counts[i]` its segments;
    `image_sizes` are (height, width) before padding to `batch_size`.
    """

    labels: Int64[Tensor, "b g"]
    present: Bool[Tensor, "b g"]
    boxes: Float[Tensor, "b g 4"]
    masks: Bool[Tensor, "b g height width"]
    relations: tuple[Tensor, ...]
    counts: tuple[int, ...]
    image_sizes: tuple[tuple[int, int], ...]
    _shares: dict[int, Tensor] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, samples: Sequence[SceneGraphSample], batch_size: tuple[int, int]) -> "Truth":
        """Collect the truth of samples that are already on the model's device."""
        instances = [sample.gt_instances for sample in samples]
        labels = [instance.labels for instance in instances]
        present = [torch.ones_like(label, dtype=torch.bool) for label in labels]
        height, width = batch_size
        masks = [
            functional.pad(mask, (0, width - mask.shape[2], 0, height - mask.shape[1]))
            for mask in (instance.masks for instance in instances)
        ]
        return cls(
            pad_sequence(labels, batch_first=True),
            pad_sequence(present, batch_first=True),
            pad_sequence([instance.bboxes for instance in instances], batch_first=True),
            pad_sequence(masks, batch_first=True),
            tuple(sample.gt_relations for sample in samples),
            tuple(len(label) for label in labels),
            tuple(tuple(sample.img_shape[:2]) for sample in samples),
        )

    @property
    def batch_size(self) -> tuple[int, int]:
        """(height, width) after padding."""
        return self.masks.shape[-2], self.masks.shape[-1]

    def masks_at(self, stride: int) -> Float[Tensor, "b g h w"]:
        """The share of every stride x stride cell that a segment covers, 0 to 1; stride is 1, 2, 4 or 8."""
        if stride not in self._shares:
            self._shares[stride] = self._covered(stride).float() / stride**2
        return self._shares[stride]

    def _covered(self, stride: int) -> UInt8[Tensor, "b g h w"]:
        """Pixels of every cell that a segment covers, from the sums of the next finer cells.

        Whole bytes are added, which costs a tenth of pooling floats on CPU.
        """
        if stride == 1:
            return self.masks.view(torch.uint8)
        finer = self._covered(stride // 2)
        finer = functional.pad(finer, (0, finer.shape[3] % 2, 0, finer.shape[2] % 2))
        rows = finer[:, :, ::2] + finer[:, :, 1::2]
        return rows[..., ::2] + rows[..., 1::2]
