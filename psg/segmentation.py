"""The segmenter alone: what `PSGFormer` is without its relation head, for stage one of videos."""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from mmdet.registry import MODELS
from torch import Tensor

from psg.parts.features import Features
from psg.parts.objects import Objects
from psg.parts.truth import Truth
from psg.postprocess import PostProcessing, source_of
from psg.samples import SceneGraphSample
from psg.scene_model import Autocast, OneStageModel
from psg.segmenters.queries import map_of
from scenegraph import SceneGraph


@MODELS.register_module()
class PanopticSegmenter(OneStageModel):
    """Segments with the states of their queries; its graphs have no relations.

    Predicted samples carry a `psg.segmenters.maps.PanopticMap` as `pred_map`, whose features are the
    queries after the last decoder layer: what a tracker compares.

    Args:
        backbone: see `PSGFormer`.
        neck: see `PSGFormer`.
        object_decoder: `MaskedObjectDecoder` or another that gives `psg.parts.objects.Objects`.
        vocabulary: see `SceneModel`; predicates are not used.
        postprocessing: arguments of `psg.postprocess.PostProcessing`.
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
        vocabulary: Mapping[str, Sequence[str]] | None = None,
        postprocessing: Mapping[str, Any] | None = None,
        autocast: Autocast = "auto",
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(backbone, neck, vocabulary, autocast, data_preprocessor, init_cfg)
        classes = {name: self.numbers[name] for name in ("num_things", "num_stuff")}
        self.object_decoder = MODELS.build(object_decoder, default_args=classes)
        self.postprocessing = PostProcessing(**(postprocessing or {}))
        self.to(memory_format=torch.channels_last)  # as `PSGFormer`

    def decode(self, features: Features, truth: Truth | None) -> Objects:
        """The objects of every picture."""
        return self.object_decoder(features, truth)

    def losses(self, decoded: Objects, truth: Truth) -> dict[str, Tensor]:
        """Losses of the object decoder."""
        return self.object_decoder.loss(decoded, truth)[0]

    def graph(self, decoded: Objects, picture: int, sample: SceneGraphSample) -> SceneGraph:
        """The segments of one picture of the batch at its original size; the sample gets its map too."""
        segments = self.postprocessing.segments(
            decoded.class_probabilities[picture],
            decoded.mask_logits[picture].float(),
            decoded.mask_stride,
            tuple(sample.img_shape[:2]),
            tuple(sample.ori_shape[:2]),
            len(self.vocabulary.things),
        )
        sample.pred_map = map_of(segments, self.vocabulary, decoded.queries[picture].float())
        source = sample.graph.source if "graph" in sample else source_of(sample)
        return SceneGraph(source, sample.pred_map.nodes, (), self.vocabulary)
