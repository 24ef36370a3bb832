"""Two-stage scene graph models: segments first, then the relations among them.

    picture -> frozen or learning backbone and pyramid ─┐
       └─> segmenter (or the true segments) -> nodes ───┴─> RelationTrunk -> ranked triples -> SceneGraph

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV), section 5.1: IMP, Motifs, VCTree and GPSNet on
panoptic segments.
"""

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np
import torch
from jaxtyping import Float, Int64
from mmdet.registry import MODELS
from torch import Tensor, nn

from psg.postprocess import source_of
from psg.samples import SceneGraphSample
from psg.scene_model import Autocast, SceneModel
from psg.two_stage import gpsnet, imp, motifs, trunk, vctree  # noqa: F401 - registers what configs name
from psg.two_stage.nodes import Nodes, PictureNodes
from psg.two_stage.ranking import Ranked
from scenegraph import InputError, Node, Relation, SceneGraph, Segment


@MODELS.register_module()
class TwoStage(SceneModel):
    """Relations among segments that are given, or that a segmenter finds.

    Args:
        backbone: gives feature maps of the pictures.
        neck: makes a pyramid of them, such as mmdet's `FPN`; maps from fine to coarse.
        head: `RelationTrunk` with its arguments.
        vocabulary: see `SceneModel`.
        mode: "predcls" takes the true segments and categories, "sgcls" the true segments; both need truth
            in prediction too. "sgdet" takes the segments of `segmenter`.
        segmenter: what finds the segments in SGDet: a text for `psg.segmenters.segmenter_of` such as
            "groundgraph:work_dirs/psgformer" or "eomt:models/eomt". It is never trained, and not part of
            this model's checkpoints.
        frozen: keep backbone and neck as they are loaded, as the published recipe does.
        predicates_per_pair: rows an ordered pair; 1 for the graph-constraint protocol.
        max_relations: at most so many rows are kept, the best.
        autocast: of backbone and neck, see `SceneModel`; the head is float32.
        data_preprocessor: see `psg.preprocessor.ScenePreprocessor`.
        init_cfg: of mmengine.

    Raises:
        InputError: there is no vocabulary, or the mode is none of the three.
    """

    def __init__(
        self,
        backbone: dict[str, Any],
        neck: dict[str, Any],
        head: dict[str, Any],
        vocabulary: Mapping[str, Sequence[str]] | None = None,
        mode: str = "predcls",
        segmenter: str | None = None,
        frozen: bool = False,
        predicates_per_pair: int = 1,
        max_relations: int = 100,
        autocast: Autocast = "auto",
        data_preprocessor: dict[str, Any] | None = None,
        init_cfg: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(backbone, neck, vocabulary, autocast, data_preprocessor, init_cfg)
        self.head = MODELS.build(head, default_args={"vocabulary": self.vocabulary, "mode": mode})
        self.mode, self.segmenter_text, self.frozen = mode, segmenter, frozen
        self.predicates_per_pair, self.max_relations = predicates_per_pair, max_relations
        for part in self._pyramid if frozen else ():
            part.requires_grad_(False)

    @property
    def _pyramid(self) -> tuple[nn.Module, nn.Module]:
        return self.backbone, self.neck

    @cached_property
    def segmenter(self) -> Any:
        """The `psg.segmenters.Segmenter` that finds the segments, loaded when it is first needed.

        Raises:
            InputError: none is named, or it cannot be loaded.
        """
        if self.segmenter_text is None:
            raise InputError(
                "SGDet needs segments: name what finds them, for example "
                "--cfg-options model.segmenter=groundgraph:work_dirs/psgformer"
            )
        from psg.segmenters import segmenter_of  # it may be a model itself, which needs all models to be known

        return segmenter_of(self.segmenter_text, self.vocabulary, next(self.head.parameters()).device)

    def train(self, mode: bool = True) -> "TwoStage":
        """Frozen parts stay as they are, their normalisation too."""
        super().train(mode)
        for part in self._pyramid if self.frozen else ():
            part.eval()
        return self

    def forward(
        self,
        inputs: Float[Tensor, "b 3 h w"],
        data_samples: Sequence[SceneGraphSample] | None = None,
        mode: Literal["tensor", "loss", "predict"] = "tensor",
    ) -> Any:
        """One batch from the preprocessor.

        Returns:
            For "tensor" the maps of the pyramid; for "loss" a dict of losses (the samples need
            `gt_instances` and `gt_relations`); for "predict" the samples with `pred_graph` set at their
            `ori_shape`.

        Raises:
            InputError: PredCls or SGCls shall predict without truth, or the segmenter fails.
        """
        with self._precision(inputs.device), torch.no_grad() if self.frozen else nullcontext():
            maps = [level.float() for level in self.neck(self.backbone(inputs))]
        if mode == "loss":
            return self._losses(maps, inputs, data_samples)
        if mode == "predict":
            return self._predict(maps, inputs, data_samples)
        return maps

    def _losses(
        self, maps: list[Tensor], inputs: Float[Tensor, "b 3 h w"], samples: Sequence[SceneGraphSample]
    ) -> dict[str, Tensor]:
        truth = [PictureNodes.of_truth(sample) for sample in samples]
        if self.mode == "sgcls":
            truth = [nodes.unnamed(len(self.vocabulary.categories)) for nodes in truth]
        true_nodes = nodes = self._joined(truth, samples)
        if self.mode == "sgdet":
            nodes = self._joined(self._found(inputs, samples), samples)
        return self.head.loss(maps, nodes, true_nodes, [sample.gt_relations for sample in samples])

    def _predict(
        self, maps: list[Tensor], inputs: Float[Tensor, "b 3 h w"], samples: Sequence[SceneGraphSample]
    ) -> Sequence[SceneGraphSample]:
        pictures = self._found(inputs, samples) if self.mode == "sgdet" else self._given(samples, inputs.device)
        nodes = self._joined(pictures, samples)
        ranked = self.head.ranked(maps, nodes, self.predicates_per_pair, self.max_relations)
        for sample, picture, rows in zip(samples, pictures, ranked, strict=True):
            sample.pred_graph = self._graph(sample, picture, rows)
        return samples

    @torch.no_grad()
    def pair_probabilities(
        self, inputs: Float[Tensor, "b 3 h w"], samples: Sequence[SceneGraphSample]
    ) -> list[tuple[Float[Tensor, "n 4"], Int64[Tensor, "m 2"], Float[Tensor, "m p"]]]:
        """What the model says about all ordered pairs of the given segments (PredCls or SGCls).

        Args:
            inputs: a batch from the preprocessor.
            samples: with their true `graph`.

        Returns:
            For every picture the boxes of its nodes (xyxy in pixels of `inputs`), the pairs (places of subject
            and object in the graph), and the probabilities of background (first) and predicates, adjusted as
            predictions are.
        """
        pictures = self._given(samples, inputs.device)
        ranked = self.head.ranked(self(inputs, samples), self._joined(pictures, samples))
        return [(nodes.boxes, rows.pairs, rows.probabilities) for nodes, rows in zip(pictures, ranked, strict=True)]

    def _joined(self, pictures: Sequence[PictureNodes], samples: Sequence[SceneGraphSample]) -> Nodes:
        sizes = [sample.img_shape[:2] for sample in samples]
        return Nodes.join(pictures, sizes, len(self.vocabulary.categories))

    def _given(self, samples: Sequence[SceneGraphSample], device: torch.device) -> list[PictureNodes]:
        """The true segments at prediction."""
        missing = [str(sample.get("img_id", "a picture")) for sample in samples if "graph" not in sample]
        if missing:
            raise InputError(
                f"{missing[0]}: has no true segments, which a model in the mode {self.mode!r} is given; use "
                "--cfg-options model.mode=sgdet model.segmenter=... for pictures alone"
            )
        nodes = [PictureNodes.of_graph(sample.graph, sample, device) for sample in samples]
        return nodes if self.mode == "predcls" else [each.unnamed(len(self.vocabulary.categories)) for each in nodes]

    def _found(self, inputs: Float[Tensor, "b 3 h w"], samples: Sequence[SceneGraphSample]) -> list[PictureNodes]:
        """The segments that the segmenter finds."""
        pictures = zip(self._segmented(inputs, samples), samples, strict=True)
        published = self.head.published
        return [PictureNodes.of_found(found, sample, inputs.device, published) for found, sample in pictures]

    @torch.no_grad()
    def _segmented(self, inputs: Float[Tensor, "b 3 h w"], samples: Sequence[SceneGraphSample]) -> list[SceneGraph]:
        """What the segmenter says of the very pictures that the network sees: flipped, resized, without padding."""
        given = str(self.segmenter_text).startswith("maps:")
        if given and any(sample.get("flip") for sample in samples):
            raise InputError("given maps show the pictures as they are, not flipped; train on them without SceneFlip")
        preprocessor = self.data_preprocessor
        pixels = (inputs * preprocessor.std + preprocessor.mean).round().clamp(0, 255).to(torch.uint8)
        pictures = [
            np.ascontiguousarray(
                picture[:, : sample.img_shape[0], : sample.img_shape[1]].permute(1, 2, 0).cpu().numpy()
            )
            for picture, sample in zip(pixels, samples, strict=True)
        ]
        names = [Path(sample.get("img_path") or "").name for sample in samples]
        return [found.graph() for found in self.segmenter.segment_many(pictures, names)]

    def _graph(self, sample: SceneGraphSample, nodes: PictureNodes, rows: Ranked) -> SceneGraph:
        segments, ids = nodes.segments, nodes.ids or tuple(range(len(nodes.segments)))
        # The published code refines categories and then reports those of the detector.
        kept = self.head.known or (self.mode == "sgdet" and self.head.published)
        categories = (nodes.labels if kept else rows.categories).tolist()
        described: list[tuple[int, int, Segment, float]] = list(
            zip(ids, categories, segments, rows.object_scores.clamp(0, 1).tolist(), strict=True)
        )
        said = zip(rows.pairs.tolist(), rows.predicates.tolist(), rows.scores.clamp(0, 1).tolist(), strict=True)
        return SceneGraph(
            sample.graph.source if "graph" in sample else source_of(sample),
            tuple(Node(number, category, segment, score) for number, category, segment, score in described),
            tuple(Relation(ids[subject], predicate, ids[other], score) for (subject, other), predicate, score in said),
            self.vocabulary,
        )
