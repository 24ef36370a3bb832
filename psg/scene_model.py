"""What all models share (vocabulary, backbone, neck, precision), and the three modes of the one-stage models."""

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModel
from torch import Tensor

import psg.parts  # noqa: F401 - registers the parts that configs name
from psg.parts.features import Features
from psg.parts.truth import Truth
from psg.precision import has_fast_bfloat16
from psg.preprocessor import ScenePreprocessor
from psg.samples import SceneGraphSample
from scenegraph import InputError, SceneGraph, Vocabulary

Autocast = Literal["auto", "off", "bfloat16"]


class SceneModel(BaseModel):
    """A model of pictures: names, backbone, neck and precision; subclasses say what follows.

    Args:
        backbone: gives feature maps of the pictures.
        neck: makes of them what the subclass works on.
        vocabulary: `things`, `stuff` and `predicates`: lists of names, read from the data set. They
            size the heads and name what is predicted, so a checkpoint's config suffices to use it.
        autocast: "bfloat16" computes convolutions and products in bfloat16; "auto" does so where the
            processor has instructions for it (1.8 times faster convolutions); "off" leaves precision
            to the caller. Losses are float32 always. mmengine's own mixed precision needs a GPU.
        data_preprocessor: see `psg.preprocessor.ScenePreprocessor`.

    Raises:
        InputError: there is no vocabulary.
    """

    def __init__(
        self,
        backbone: dict[str, Any],
        neck: dict[str, Any],
        vocabulary: Mapping[str, Sequence[str]] | None,
        autocast: Autocast,
        data_preprocessor: dict[str, Any] | None,
        init_cfg: dict[str, Any] | None,
    ) -> None:
        super().__init__(MODELS.build(data_preprocessor or {"type": ScenePreprocessor}), init_cfg)
        if vocabulary is None:
            raise InputError(
                "the model has no vocabulary; tools/train.py takes it from the data set, elsewhere give "
                "model.vocabulary = dict(things=[...], stuff=[...], predicates=[...])"
            )
        self.vocabulary = Vocabulary.of_names(vocabulary)
        self.backbone = MODELS.build(backbone)
        self.neck = MODELS.build(neck)
        self.autocast = autocast

    @property
    def numbers(self) -> dict[str, int]:
        """How many things, stuff classes and predicates there are: arguments of decoders and heads."""
        return {f"num_{kind}": len(names) for kind, names in self.vocabulary.names.items()}

    def _precision(self, device: torch.device) -> AbstractContextManager[Any]:
        if self.autocast == "off" or (self.autocast == "auto" and not has_fast_bfloat16(device)):
            return nullcontext()
        return torch.autocast(device.type, torch.bfloat16)


class OneStageModel(SceneModel):
    """A model that says nodes and relations at once: backbone, a neck that gives `Features`, decoding, graph."""

    def forward(
        self,
        inputs: Float[Tensor, "b c h w"],
        data_samples: Sequence[SceneGraphSample] | None = None,
        mode: Literal["tensor", "loss", "predict"] = "tensor",
    ) -> Any:
        """One batch from the preprocessor.

        Returns:
            For "tensor" what `decode` returns; for "loss" a dict of losses (the samples need
            `gt_instances` and `gt_relations`); for "predict" the samples with `pred_graph` set at
            their `ori_shape`.
        """
        truth = Truth.of(data_samples, tuple(inputs.shape[-2:])) if mode == "loss" else None
        with self._precision(inputs.device):
            decoded = self.decode(self.encode(inputs, data_samples), truth)
        if mode == "loss":
            return self.losses(decoded, truth)
        if mode == "predict":
            for picture, sample in enumerate(data_samples):
                sample.pred_graph = self.graph(decoded, picture, sample)
            return data_samples
        return decoded

    def encode(self, inputs: Float[Tensor, "b c h w"], data_samples: Sequence[SceneGraphSample] | None) -> Features:
        """The neck's features of a batch; without samples every picture fills it."""
        batch_size = (inputs.shape[-2], inputs.shape[-1])
        image_sizes = [sample.img_shape[:2] for sample in data_samples] if data_samples else [batch_size] * len(inputs)
        maps = self.backbone(inputs.contiguous(memory_format=torch.channels_last))
        return self.neck(maps, image_sizes, batch_size)

    @abstractmethod
    def decode(self, features: Features, truth: Truth | None) -> Any:
        """What the model says about a batch; the truth is there in training, for decoders that use it."""

    @abstractmethod
    def losses(self, decoded: Any, truth: Truth) -> dict[str, Tensor]:
        """Losses of what `decode` returned."""

    @abstractmethod
    def graph(self, decoded: Any, picture: int, sample: SceneGraphSample) -> SceneGraph:
        """The graph of one picture of the batch, at its original size."""
