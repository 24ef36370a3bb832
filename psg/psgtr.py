"""PSGTR: relations straight from the picture, each with its own two masks.

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV), section 4.1.

    pictures -> backbone -> neck -> triplet decoder -> post-processing -> SceneGraph
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int64
from mmdet.registry import MODELS
from torch import Tensor

from psg.parts.features import Features
from psg.parts.triplets import Triplets
from psg.parts.truth import Truth
from psg.postprocess import PostProcessing
from psg.published import PSGTR_RULES, PublishedPostProcessing, own_triplets
from psg.samples import SceneGraphSample
from psg.scene_model import Autocast, OneStageModel
from scenegraph import SceneGraph


@MODELS.register_module()
class PSGTR(OneStageModel):
    """A one-stage panoptic scene graph model that finds whole triplets.

    Queries know nothing of each other: one thing is found as often as it is related. The graph is made
    by merging the ends of all queries into one map; an end counts by the probability of its class times
    that of any relation at all, and ends that show the same thing share one node.

    Args:
        backbone: gives four feature maps of the pictures, each half the size of the one before.
        neck: `DETREncoder`.
        triplet_decoder: `TripletDecoder`.
        vocabulary: see `SceneModel`.
        postprocessing: arguments of `psg.postprocess.PostProcessing`; where `published`, of
            `psg.published.PublishedPostProcessing`.
        published: train and make graphs as the published code does, with its mistakes, for comparison.
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
        triplet_decoder: dict[str, Any],
        vocabulary: Mapping[str, Sequence[str]] | None = None,
        postprocessing: Mapping[str, Any] | None = None,
        published: bool = False,
        autocast: Autocast = "auto",
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(backbone, neck, vocabulary, autocast, data_preprocessor, init_cfg)
        self.triplet_decoder = MODELS.build(triplet_decoder, default_args=self.numbers | {"published": published})
        self.published = published
        if published:
            self.postprocessing = PublishedPostProcessing(**(PSGTR_RULES | dict(postprocessing or {})))
        else:
            merging = {"duplicates": "merge", "max_objects": 2 * self.triplet_decoder.query_embedding.num_embeddings}
            self.postprocessing = PostProcessing(**(merging | dict(postprocessing or {})))
        self.to(memory_format=torch.channels_last)

    def decode(self, features: Features, truth: Truth | None) -> Triplets:
        """The triplets of every query."""
        return self.triplet_decoder(features, truth)

    def losses(self, decoded: Triplets, truth: Truth) -> dict[str, Tensor]:
        """Losses of the triplet decoder."""
        return self.triplet_decoder.loss(decoded, truth)

    def graph(self, decoded: Triplets, picture: int, sample: SceneGraphSample) -> SceneGraph:
        """The graph of one picture of the batch, at its original size."""
        decoded = self.triplet_decoder.adjusted(decoded)
        if self.published:
            return self.postprocessing.graph(own_triplets(decoded, picture), sample, self.vocabulary)
        predicates = decoded.predicate_logits[-1, picture].softmax(-1)
        related = 1 - predicates[:, :1]
        return self.postprocessing.of_hypotheses(
            torch.cat([end.class_probabilities[picture] * related for end in (decoded.subject, decoded.object)]),
            torch.cat((decoded.subject_masks[picture], decoded.object_masks[picture])),
            decoded.subject.mask_stride,
            lambda kept: pair_probabilities(predicates[:, 1:], kept),
            sample,
            self.vocabulary,
        )


def pair_probabilities(predicates: Float[Tensor, "q p"], kept: Int64[Tensor, " n"]) -> Float[Tensor, "n n p"]:
    """Predicates of the ordered pairs of some ends: those of the query whose subject and object they are, else 0.

    Args:
        predicates: of every query.
        kept: ends; the subjects of all queries are counted first, then the objects.
    """
    queries = len(predicates)
    query, is_object = kept % queries, kept >= queries
    together = (query[:, None] == query[None]) & ~is_object[:, None] & is_object[None]
    return together[..., None] * predicates[query][:, None]
