"""From a list of pictures to one padded, normalised batch."""

from typing import Any

from mmdet.registry import MODELS
from mmengine.model import ImgDataPreprocessor

IMAGENET_MEAN = (123.675, 116.28, 103.53)
IMAGENET_STD = (58.395, 57.12, 57.375)


@MODELS.register_module()
class ScenePreprocessor(ImgDataPreprocessor):
    """Moves a batch to the model's device, normalises it, pads it on the right and below, stacks it.

    Takes what mmengine's `pseudo_collate` makes of data set items: `{"inputs": [uint8 [3, h, w] RGB, ...],
    "data_samples": [SceneGraphSample, ...]}`, and gives `{"inputs": float32 [b, 3, H, W],
    "data_samples": [...]}` with `batch_input_shape` (H, W) in every sample. H and W are the largest of
    the batch, rounded up.

    Args:
        mean: mean of R, G, B in 0 to 255.
        std: standard deviation of R, G, B.
        pad_size_divisor: H and W become multiples of it; the largest stride of the model.
        pad_value: of the padding, after normalisation: 0 is the mean colour.
        non_blocking: copy to the device asynchronously.
    """

    def __init__(
        self,
        mean: tuple[float, ...] = IMAGENET_MEAN,
        std: tuple[float, ...] = IMAGENET_STD,
        pad_size_divisor: int = 32,
        pad_value: float = 0.0,
        non_blocking: bool = False,
    ) -> None:
        super().__init__(
            mean=mean, std=std, pad_size_divisor=pad_size_divisor, pad_value=pad_value, non_blocking=non_blocking
        )

    def forward(self, data: dict[str, Any], training: bool = False) -> dict[str, Any]:
        """See the class; samples that come without data stay None."""
        data = super().forward(data, training)
        for sample in data["data_samples"] or ():
            sample.set_metainfo({"batch_input_shape": tuple(data["inputs"].shape[-2:])})
        return data
