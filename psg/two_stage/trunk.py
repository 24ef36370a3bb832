"""The trunk that IMP, Motifs, VCTree and GPSNet share: from boxes to logits, losses and ranks.

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV), section 5.1: features of nodes and of pairs are
cut out of a feature pyramid, a model reasons about them, pairs get predicates.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from jaxtyping import Float, Int64
from mmdet.models.task_modules.assigners import MaxIoUAssigner
from mmdet.registry import MODELS
from mmengine.model import BaseModule
from mmengine.structures import InstanceData
from torch import Tensor
from torch.nn import functional

from psg.long_tail.adjustment import LogitAdjustment
from psg.long_tail.effect import TotalDirectEffect
from psg.two_stage.frequency import FrequencyBias
from psg.two_stage.geometry import sizes_of_rows, union_boxes
from psg.two_stage.nodes import Nodes
from psg.two_stage.pairs import Pairs, Sampling, all_pairs, sample_pairs, stands_for
from psg.two_stage.ranking import Ranked, rank
from psg.two_stage.reasoning import Reasoned, Scene, as_given, certain
from psg.two_stage.regions import NodeRegions, UnionRegions
from scenegraph import InputError, Vocabulary

MODES = ("predcls", "sgcls", "sgdet")
"""PredCls: segments and categories are given. SGCls: segments are. SGDet: nothing is."""


@MODELS.register_module()
class RelationTrunk(BaseModule):
    """Relations among given nodes.

    Args:
        vocabulary: names; they size the classifiers.
        reasoning: `IMP`, `Motifs`, `VCTree` or `GPSNet` with its arguments.
        mode: one of `MODES`.
        strides: of the feature maps, fine to coarse.
        channels: of the feature maps.
        side: cells of a region along each axis.
        finest: see `psg.two_stage.regions.RegionPooling`; pixels.
        hidden: width of node and union features.
        sampling: arguments of `psg.two_stage.pairs.Sampling`.
        object_weight: of the cross-entropy of categories.
        predicate_weight: of the cross-entropy of predicates.
        refine: in SGDet, say anew what the nodes are; False keeps the segmenter's categories and scores, and
            then a model trained in PredCls serves any segmenter.
        frequency: a psg.json whose class pairs bias the predicates; None leaves them alone.
        logit_adjustment: `train`, `test` and `counts` of `psg.long_tail.adjustment.LogitAdjustment`.
        total_direct_effect: `strength`, `wipe` and `rate` of `psg.long_tail.effect.TotalDirectEffect`; it comes
            before the adjustment of logits.
        published: do as the published code does where it is wrong (rectangles, attention of pairs that are
            not looked at, row of the frequency table, reversed pairs neither related nor unrelated,
            enlarged padding, refined categories not reported), for published weights and numbers.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        reasoning: dict[str, Any],
        mode: str = "predcls",
        strides: Sequence[int] = (4, 8, 16, 32),
        channels: int = 256,
        side: int = 7,
        finest: float = 56.0,
        hidden: int = 1024,
        sampling: dict[str, Any] | None = None,
        object_weight: float = 1.0,
        predicate_weight: float = 1.0,
        refine: bool = True,
        frequency: str | None = None,
        logit_adjustment: Mapping[str, Any] | None = None,
        total_direct_effect: Mapping[str, Any] | None = None,
        published: bool = False,
    ) -> None:
        super().__init__()
        if mode not in MODES:
            raise InputError(f"mode={mode!r}; expected one of {', '.join(MODES)}")
        if mode == "sgcls" and not refine:
            raise InputError("in SGCls categories are what is asked for; refine=False is for SGDet")
        self.vocabulary, self.mode, self.refine, self.published = vocabulary, mode, refine, published
        self.object_weight, self.predicate_weight = object_weight, predicate_weight
        self.sampling = Sampling(**{"reverse": not (published and mode != "sgdet"), **(sampling or {})})
        self.node_regions = NodeRegions(strides, channels, side, finest, hidden)
        self.union_regions = UnionRegions(strides, channels, side, finest, hidden, published)
        self.levels = len(strides)
        categories, predicates = len(vocabulary.categories), len(vocabulary.predicates)
        given = {"object_channels": categories + 1, "predicate_channels": predicates + 1, "regions": hidden}
        kind = reasoning["type"]
        if kind != "IMP":
            given["names"] = list(vocabulary.categories)
        if kind == "GPSNet":
            given["published"] = published
        self.reasoning = MODELS.build(reasoning, default_args=given)
        self.adjustment = LogitAdjustment(predicates, **(logit_adjustment or {}))
        self.effect = TotalDirectEffect(hidden, **(total_direct_effect or {}))
        self.frequency_file = frequency
        # The published GPSNet alone looks into the right row.
        shifted = published and kind != "GPSNet"
        self.frequency = FrequencyBias(categories, predicates + 1, shifted) if frequency else None

    @property
    def known(self) -> bool:
        """Whether the model takes the categories of its nodes as they are."""
        return self.mode == "predcls" or not self.refine

    def init_weights(self) -> None:
        """Also count the class pairs of the psg.json, which takes a while and a loaded model has in its weights."""
        super().init_weights()
        if self.frequency is not None:
            self.frequency.count(self.frequency_file, self.vocabulary)

    def forward(
        self,
        maps: Sequence[Tensor],
        nodes: Nodes,
        pairs: Pairs,
        targets: Int64[Tensor, " n"] | None = None,
        related: tuple[Tensor, ...] = (),
    ) -> tuple[Scene, Reasoned]:
        """Logits of nodes and pairs.

        Args:
            maps: the pyramid at `strides`, float [b, c, h, w]; further maps are ignored.
            nodes: of the batch.
            pairs: of nodes.
            targets: in training, what the nodes are (0: background), for models that are told the last name.
            related: in training, bool [n, n] for every picture.
        """
        maps, picture = maps[: self.levels], nodes.picture
        subjects, objects = nodes.boxes[pairs.subject], nodes.boxes[pairs.object]
        owner = picture[pairs.subject]
        sizes = sizes_of_rows(nodes.image_sizes, owner, nodes.boxes)
        regions = self.node_regions(maps, nodes.boxes, picture)
        unions = self.union_regions(maps, union_boxes(subjects, objects), subjects, objects, owner, sizes)
        scene = Scene(nodes, pairs, regions, unions, self.known, targets, related)
        return scene, self._biased(self.reasoning(scene), scene)

    def _biased(self, reasoned: Reasoned, scene: Scene) -> Reasoned:
        object_logits, relation_logits = reasoned.object_logits, reasoned.relation_logits
        if self.mode == "predcls":
            object_logits = certain(scene.nodes.labels, object_logits.shape[1], object_logits)
        elif self.known:
            object_logits = as_given(scene.nodes.probabilities)
        if self.frequency is not None:
            labels = reasoned.channels - 1
            bias = self.frequency(labels[scene.pairs.subject], labels[scene.pairs.object])
            relation_logits = relation_logits + bias
        return Reasoned(object_logits, relation_logits, reasoned.channels, reasoned.losses, reasoned.states)

    def _direct(self, scene: Scene, reasoned: Reasoned) -> Float[Tensor, "m p"]:
        """Relation logits, less what the model says without looking if that is wanted."""
        logits = reasoned.relation_logits.float()
        if not self.effect.strength:
            return logits
        imagined = self.effect.imagined(scene, reasoned)
        return self.effect.direct(logits, self._biased(self.reasoning(imagined), imagined).relation_logits.float())

    def loss(
        self,
        maps: Sequence[Tensor],
        nodes: Nodes,
        true_nodes: Nodes,
        relations: Sequence[Int64[Tensor, "_ 3"]],
    ) -> dict[str, Tensor]:
        """Losses of a batch.

        Args:
            maps: see `forward`.
            nodes: what the model looks at.
            true_nodes: the truth; the same as `nodes` except in SGDet.
            relations: (subject, predicate, object) of every picture, rows of its true nodes.
        """
        targets, overlaps = self._targets(nodes, true_nodes)
        predicates = len(self.vocabulary.predicates)
        drawn = [
            sample_pairs(rows, overlap, predicates, self.sampling)
            for rows, overlap in zip(relations, overlaps, strict=True)
        ]
        pairs = Pairs.join([rows for rows, _ in drawn], nodes.counts)
        wanted = torch.cat([target for _, target in drawn])
        related = tuple(
            _table(rows[target[:, 0] == 0], count) for (rows, target), count in zip(drawn, nodes.counts, strict=True)
        )
        scene, reasoned = self(maps, nodes, pairs, targets, related)
        self.effect.observe(scene.regions, scene.unions)
        logits = self.adjustment.for_loss(reasoned.relation_logits.float())
        entropy = -(wanted * logits.log_softmax(-1)).sum() / max(len(wanted), 1)
        losses = {"loss_predicate": self.predicate_weight * entropy, **reasoned.losses}
        if not self.known:
            total = functional.cross_entropy(reasoned.object_logits.float(), targets, reduction="sum")
            losses["loss_object"] = self.object_weight * total / max(len(targets), 1)
        return losses

    def _targets(self, nodes: Nodes, true_nodes: Nodes) -> tuple[Int64[Tensor, " n"], list[Tensor]]:
        """The channel that every node should say, and for every picture which nodes stand for which segments."""
        if self.mode != "sgdet":
            return nodes.labels + 1, [torch.eye(count, device=nodes.boxes.device) for count in nodes.counts]
        assigner = MaxIoUAssigner(pos_iou_thr=0.5, neg_iou_thr=0.5, min_pos_iou=0.5)
        split = [
            list(zip(batch.boxes.split(batch.counts), batch.labels.split(batch.counts), strict=True))
            for batch in (nodes, true_nodes)
        ]
        targets, overlaps = [], []
        for (boxes, labels), (true_boxes, true_labels) in zip(*split, strict=True):
            truth = InstanceData(bboxes=true_boxes, labels=true_labels)
            assigned = assigner.assign(InstanceData(priors=boxes), truth).labels
            targets.append((assigned + 1).clamp(min=0))
            overlaps.append(stands_for(true_boxes, true_labels, boxes, labels))
        return torch.cat(targets), overlaps

    @torch.no_grad()
    def ranked(
        self, maps: Sequence[Tensor], nodes: Nodes, predicates_per_pair: int = 1, most: int | None = None
    ) -> list[Ranked]:
        """The ranked triples of every picture; pairs are rows of its nodes.

        Args:
            maps: see `forward`.
            nodes: of the batch.
            predicates_per_pair: see `psg.two_stage.ranking.rank`.
            most: see there.
        """
        device = nodes.boxes.device
        local = [all_pairs(count, device) for count in nodes.counts]
        scene, reasoned = self(maps, nodes, Pairs.join(local, nodes.counts))
        found = zip(
            reasoned.object_logits.float().split(nodes.counts),
            self.adjustment.at_test(self._direct(scene, reasoned)).split(scene.pairs.counts),
            local,
            strict=True,
        )
        return [rank(objects, logits, pairs, predicates_per_pair, most) for objects, logits, pairs in found]


def _table(pairs: Int64[Tensor, "m 2"], count: int) -> Tensor:
    """Pairs as a bool [count, count] table."""
    table = torch.zeros(count, count, dtype=torch.bool, device=pairs.device)
    table[pairs[:, 0], pairs[:, 1]] = True
    return table
