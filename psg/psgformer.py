"""PSGFormer: from pictures to panoptic scene graphs in one pass.

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV): a picture is encoded once; one decoder
turns object queries into classes and masks, another finds the relations among those objects.

    pictures -> backbone -> neck -> object decoder -> relation head -> post-processing -> SceneGraph

Every arrow is an argument. `configs/_base_/models` holds the published combination
(`DETREncoder`, `DETRObjectDecoder`, `RelationQueryDecoder`) and one that learns from nothing in
minutes (`CompactResNet`, `CompactPyramid`, `MaskedObjectDecoder`, `PairRelationHead`).
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from mmdet.registry import MODELS
from torch import Tensor

from psg.parts.features import Features
from psg.parts.objects import Objects
from psg.parts.truth import Truth
from psg.postprocess import PostProcessing
from psg.published import PublishedPostProcessing, chosen_triplets
from psg.samples import SceneGraphSample
from psg.scene_model import Autocast, OneStageModel
from scenegraph import SceneGraph


@MODELS.register_module()
class PSGFormer(OneStageModel):
    """A one-stage panoptic scene graph model.

    Args:
        backbone: gives feature maps of the pictures.
        neck: gives `psg.parts.features.Features` from them; for example `CompactPyramid`.
        object_decoder: `MaskedObjectDecoder` or `DETRObjectDecoder`.
        relation_head: `PairRelationHead` or `RelationQueryDecoder`.
        vocabulary: see `SceneModel`.
        postprocessing: arguments of `psg.postprocess.PostProcessing`; where `published`, of
            `psg.published.PublishedPostProcessing`.
        published: make graphs as the published code does, with its mistakes, for comparison; needs
            `RelationQueryDecoder`.
        autocast: see `SceneModel`.
        data_preprocessor: see `psg.preprocessor.ScenePreprocessor`.
        init_cfg: of mmengine.

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
        published: bool = False,
        autocast: Autocast = "auto",
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(backbone, neck, vocabulary, autocast, data_preprocessor, init_cfg)
        numbers = self.numbers
        predicates = {"num_predicates": numbers.pop("num_predicates")}
        self.object_decoder = MODELS.build(object_decoder, default_args=numbers)
        self.relation_head = MODELS.build(relation_head, default_args=predicates)
        self.published = published
        self.postprocessing = (PublishedPostProcessing if published else PostProcessing)(**(postprocessing or {}))
        # Convolutions on the CPU are a fifth faster with channels last; on a GPU bfloat16 wants them too.
        self.to(memory_format=torch.channels_last)

    def decode(self, features: Features, truth: Truth | None) -> tuple[Objects, Any]:
        """The objects, and the relation head's output."""
        objects = self.object_decoder(features, truth)
        return objects, self.relation_head(features, objects)

    def losses(self, decoded: tuple[Objects, Any], truth: Truth) -> dict[str, Tensor]:
        """Losses of the object decoder and of the relation head."""
        losses, matched = self.object_decoder.loss(decoded[0], truth)
        return losses | self.relation_head.loss(decoded[1], truth, matched)

    def graph(self, decoded: tuple[Objects, Any], picture: int, sample: SceneGraphSample) -> SceneGraph:
        """The graph of one picture of the batch, at its original size."""
        objects, relations = decoded
        if self.published:
            chosen = chosen_triplets(objects, self.relation_head.adjusted(relations), picture)
            return self.postprocessing.graph(chosen, sample, self.vocabulary)
        return self.postprocessing(
            objects,
            picture,
            lambda kept: self.relation_head.pair_probabilities(relations, picture, kept),
            sample,
            self.vocabulary,
        )
