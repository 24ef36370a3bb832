"""PSGFormer: from pictures to panoptic scene graphs in one pass.

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV): a picture is encoded once; one decoder
turns object queries into classes and masks, another finds the relations among those objects.

    pictures -> backbone -> neck -> object decoder -> relation head -> post-processing -> SceneGraph

Every arrow is an argument. `configs/_base_/models` holds the published combination
(`DETREncoder`, `DETRObjectDecoder`, `RelationQueryDecoder`) and one that learns from nothing in
minutes (`CompactResNet`, `CompactPyramid`, `MaskedObjectDecoder`, `PairRelationHead`).
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Literal

import torch
from jaxtyping import Float
from mmdet.registry import MODELS
from mmengine.model import BaseModel
from torch import Tensor

import psg.parts  # noqa: F401 - registers the parts that configs name
from psg.parts.objects import Objects
from psg.parts.truth import Truth
from psg.postprocess import PostProcessing
from psg.precision import has_fast_bfloat16
from psg.preprocessor import ScenePreprocessor
from psg.samples import SceneGraphSample
from scenegraph import InputError, Vocabulary

Autocast = Literal["auto", "off", "bfloat16"]


@MODELS.register_module()
class PSGFormer(BaseModel):
    """A one-stage panoptic scene graph model.

    Args:
        vocabulary: `things`, `stuff` and `predicates`: lists of names, read from the data set. They
            size the heads and name what is predicted, so a checkpoint's config suffices to use it.
        backbone: gives feature maps of the pictures.
        neck: gives `psg.parts.features.Features` from them; for example `CompactPyramid`.
        object_decoder: `MaskedObjectDecoder` or `DETRObjectDecoder`.
        relation_head: `PairRelationHead` or `RelationQueryDecoder`.
        postprocessing: arguments of `psg.postprocess.PostProcessing`.
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
        object_decoder: dict[str, Any],
        relation_head: dict[str, Any],
        vocabulary: Mapping[str, Sequence[str]] | None = None,
        postprocessing: Mapping[str, Any] | None = None,
        autocast: Autocast = "auto",
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(MODELS.build(data_preprocessor or {"type": ScenePreprocessor}), init_cfg)
        if vocabulary is None:
            raise InputError(
                "the model has no vocabulary; tools/train.py takes it from the data set, elsewhere give "
                "model.vocabulary = dict(things=[...], stuff=[...], predicates=[...])"
            )
        self.vocabulary = Vocabulary(*(tuple(vocabulary[kind]) for kind in ("things", "stuff", "predicates")))
        classes = {"num_things": len(self.vocabulary.things), "num_stuff": len(self.vocabulary.stuff)}
        predicates = {"num_predicates": len(self.vocabulary.predicates)}
        self.backbone = MODELS.build(backbone)
        self.neck = MODELS.build(neck)
        self.object_decoder = MODELS.build(object_decoder, default_args=classes)
        self.relation_head = MODELS.build(relation_head, default_args=predicates)
        self.postprocessing = PostProcessing(**(postprocessing or {}))
        self.autocast = autocast
        # Convolutions on the CPU are a fifth faster with channels last; on a GPU bfloat16 wants them too.
        self.to(memory_format=torch.channels_last)

    def forward(
        self,
        inputs: Float[Tensor, "b 3 h w"],
        data_samples: Sequence[SceneGraphSample] | None = None,
        mode: Literal["tensor", "loss", "predict"] = "tensor",
    ) -> Any:
        """One batch from the preprocessor.

        Returns:
            For "tensor" the `Objects` and the relation head's output; for "loss" a dict of losses
            (the samples need `gt_instances` and `gt_relations`); for "predict" the samples with
            `pred_graph` set at their `ori_shape`.
        """
        batch_size = (inputs.shape[-2], inputs.shape[-1])
        image_sizes = [sample.img_shape[:2] for sample in data_samples] if data_samples else [batch_size] * len(inputs)
        truth = Truth.of(data_samples, batch_size) if mode == "loss" else None
        inputs = inputs.contiguous(memory_format=torch.channels_last)
        with self._precision(inputs.device):
            features = self.neck(self.backbone(inputs), image_sizes, batch_size)
            objects = self.object_decoder(features, truth)
            relations = self.relation_head(features, objects)
        if mode == "loss":
            return self._loss(objects, relations, truth)
        if mode == "predict":
            return self._predict(objects, relations, data_samples)
        return objects, relations

    def _loss(self, objects: Objects, relations: Any, truth: Truth) -> dict[str, Tensor]:
        losses, matched = self.object_decoder.loss(objects, truth)
        return losses | self.relation_head.loss(relations, truth, matched)

    def _predict(
        self, objects: Objects, relations: Any, samples: Sequence[SceneGraphSample]
    ) -> Sequence[SceneGraphSample]:
        for picture, sample in enumerate(samples):
            sample.pred_graph = self.postprocessing(
                objects,
                picture,
                lambda kept, picture=picture: self.relation_head.pair_probabilities(relations, picture, kept),
                sample,
                self.vocabulary,
            )
        return samples

    def _precision(self, device: torch.device) -> AbstractContextManager[Any]:
        if self.autocast == "off" or (self.autocast == "auto" and not has_fast_bfloat16(device)):
            return nullcontext()
        return torch.autocast(device.type, torch.bfloat16)
