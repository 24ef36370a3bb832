"""Triplet decoder of PSGTR: every query is one relation with its own subject and object.

Yang et al. 2022, "Panoptic Scene Graph Generation" (ECCV), section 4.1: DETR with queries that give two
classes, two boxes, two masks and a predicate. One matching serves all of them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from jaxtyping import Float, Int64
from mmdet.models.layers import DetrTransformerDecoder
from mmdet.registry import MODELS
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmdet.utils import reduce_mean
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.long_tail.adjustment import LogitAdjustment
from psg.parts.detr_head import DETRHead, Readings, box_losses, mask_losses
from psg.parts.detr_layers import decoder_layers, initialise
from psg.parts.detr_objects import decoded
from psg.parts.features import Features
from psg.parts.matching import box_costs, class_cost, class_loss, hungarian
from psg.parts.objects import gather_queries
from psg.parts.truth import Truth

ENDS = ("subject", "object")


@dataclass(frozen=True)
class Triplets:
    """What q triplet queries say; leading axis = decoder layer, last = final.

    `predicate_logits` have the background first; `subject` and `object` are classes and boxes. Masks
    cover the padded batch, one a query; or, in training, one a true relation: `matched` is then the
    query that answers for it, and the masks are those of the last layer.
    """

    predicate_logits: Float[Tensor, "l b q p"]
    subject: Readings
    object: Readings
    subject_masks: Float[Tensor, "b n h w"]
    object_masks: Float[Tensor, "b n h w"]
    matched: Int64[Tensor, "l b m"] | None = None


@dataclass(frozen=True)
class TrueTriplets:
    """True relations of b pictures, padded to the largest number m: indexes of segments, channel of the predicate."""

    subject: Int64[Tensor, "b m"]
    object: Int64[Tensor, "b m"]
    channels: Int64[Tensor, "b m"]

    @classmethod
    def of(cls, truth: Truth) -> "TrueTriplets":
        """The relations of a batch."""
        rows = nn.utils.rnn.pad_sequence(list(truth.relations), batch_first=True)
        return cls(rows[..., 0], rows[..., 2], rows[..., 1] + 1)


@MODELS.register_module()
class TripletDecoder(BaseModule):
    """Triplet queries over the picture; needs the features of `DETREncoder`.

    In training, masks are computed for the matched queries only: the others are in no loss, and the
    mask heads need most of the memory.

    Args:
        num_things: thing classes; with `num_stuff` the classes, things first.
        num_stuff: stuff classes.
        num_predicates: predicates, without background.
        published: train as the published code does: ends learn their class from matched queries only,
            so that nothing tells an end that is not there (its `no_object_weight` is unused), and the
            focal loss of masks is left out.
        decoder: arguments of mmdet's `DetrTransformerDecoder`; those of DETR if not given.
        num_queries: triplet queries.
        dims: width of the queries and of the memory.
        heads: attention maps from which a mask is made.
        map_channels: channels of the backbone's maps from fine to coarse, without the coarsest.
        class_weight: of the cross-entropy of both classes, in loss and matching.
        no_object_weight: of the background class in that cross-entropy.
        predicate_weight: of the cross-entropy of predicates, in loss and matching.
        no_relation_weight: of the background in that cross-entropy.
        box_weight: of the L1 loss of boxes, in loss and matching.
        giou_weight: of the generalised IoU loss of boxes, in loss and matching.
        dice_weight: of the dice loss of masks.
        focal_weight: of the focal loss of masks.
        names_cost: weight in matching of the mean of the three class costs, against the mean of both
            ends' box costs.
        logit_adjustment: `train`, `test` and `counts` of `psg.long_tail.adjustment.LogitAdjustment`. Queries are
            matched by what they say, unadjusted.
    """

    def __init__(
        self,
        num_things: int,
        num_stuff: int,
        num_predicates: int,
        published: bool = False,
        decoder: dict[str, Any] | None = None,
        num_queries: int = 100,
        dims: int = 256,
        heads: int = 8,
        map_channels: Sequence[int] = (256, 512, 1024),
        class_weight: float = 1.0,
        no_object_weight: float = 0.02,
        predicate_weight: float = 2.0,
        no_relation_weight: float = 0.02,
        box_weight: float = 5.0,
        giou_weight: float = 2.0,
        dice_weight: float = 1.0,
        focal_weight: float = 1.0,
        names_cost: float = 1.2,
        logit_adjustment: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.adjustment = LogitAdjustment(num_predicates, **(logit_adjustment or {}))
        self.num_classes = num_things + num_stuff
        self.published = published
        self.class_weight, self.no_object_weight = class_weight, no_object_weight
        self.predicate_weight, self.no_relation_weight = predicate_weight, no_relation_weight
        self.box_weight, self.giou_weight = box_weight, giou_weight
        self.dice_weight, self.focal_weight = dice_weight, focal_weight
        self.names_cost = names_cost
        self.query_embedding = nn.Embedding(num_queries, dims)
        self.decoder = DetrTransformerDecoder(**(decoder or decoder_layers(dims=dims)))
        self.subject = DETRHead(self.num_classes, dims, heads, map_channels)
        self.object = DETRHead(self.num_classes, dims, heads, map_channels)
        self.classify = nn.Linear(dims, num_predicates + 1)

    def init_weights(self) -> None:
        """Xavier for the decoder, as DETR does."""
        super().init_weights()
        initialise(self.decoder)

    def forward(self, features: Features, truth: Truth | None = None) -> Triplets:
        """Triplets of every picture; with the truth they are matched, and have the masks of matched queries."""
        positions = self.query_embedding.weight[None].expand(len(features.memory), -1, -1)
        states = decoded(self.decoder, positions, features)
        predicates = self.classify(states).float()
        ends = [head(states, features) for head in (self.subject, self.object)]
        queries, matched = states[-1], None
        if truth is not None:
            matched = self.match(predicates, *ends, truth)
            queries = gather_queries(queries, matched[-1])
        masks = [head.masks(queries, features) for head in (self.subject, self.object)]
        return Triplets(predicates, *ends, *masks, matched)

    @torch.no_grad()
    def match(
        self, predicate_logits: Float[Tensor, "l b q p"], subject: Readings, object: Readings, truth: Truth
    ) -> Int64[Tensor, "l b m"]:
        """The query that answers for every true relation, layer by layer; masks play no part, as published."""
        return hungarian(
            self.matching_costs(predicate_logits, subject, object, truth), [len(rows) for rows in truth.relations]
        )

    def matching_costs(
        self, predicate_logits: Float[Tensor, "l b q p"], subject: Readings, object: Readings, truth: Truth
    ) -> Float[Tensor, "l b q m"]:
        """What it costs that a query answers for a true relation: names and boxes."""
        true = TrueTriplets.of(truth)
        names = self.predicate_weight * class_cost(predicate_logits, true.channels)
        places = 0
        for objects, segments in ((subject, true.subject), (object, true.object)):
            names = names + self.class_weight * class_cost(objects.class_logits, true_values(truth.labels, segments))
            boxes = bbox_cxcywh_to_xyxy(objects.boxes)
            distance, overlap = box_costs(boxes, true_values(truth.boxes, segments), objects.scale)
            places = places + self.box_weight * distance + self.giou_weight * overlap
        return self.names_cost * names / 3 + places / 2

    def loss(self, triplets: Triplets, truth: Truth) -> dict[str, Tensor]:
        """Losses, each the sum over layers."""
        true, matched = TrueTriplets.of(truth), triplets.matched
        logits = self.adjustment.for_loss(triplets.predicate_logits)
        losses = {
            "loss_predicate": self.predicate_weight
            * class_loss(logits, matched, true.channels, 0, self.no_relation_weight)
        }
        for end in ENDS:
            objects: Readings = getattr(triplets, end)
            segments = getattr(true, end)
            labels, masks = true_values(truth.labels, segments), true_values(truth.masks, segments)
            distance, overlap = box_losses(objects.boxes, matched, true_values(truth.boxes, segments), objects.scale)
            dice, focal = mask_losses(getattr(triplets, f"{end}_masks"), masks, matched[-1] >= 0)
            losses |= {
                f"loss_{end}_class": self.class_weight * self._class_loss(objects.class_logits, matched, labels),
                f"loss_{end}_box": self.box_weight * distance,
                f"loss_{end}_giou": self.giou_weight * overlap,
                f"loss_{end}_dice": self.dice_weight * dice,
            }
            if not self.published:
                losses[f"loss_{end}_mask"] = self.focal_weight * focal
        return losses

    def adjusted(self, triplets: Triplets) -> Triplets:
        """The same with logits as predictions should be made from them."""
        return replace(triplets, predicate_logits=self.adjustment.at_test(triplets.predicate_logits))

    def _class_loss(
        self, logits: Float[Tensor, "l b q k"], matched: Int64[Tensor, "l b m"], labels: Int64[Tensor, "b m"]
    ) -> Float[Tensor, ""]:
        if not self.published:
            return class_loss(logits, matched, labels, self.num_classes, self.no_object_weight)
        chosen = gather_queries(logits.flatten(0, 1), matched.flatten(0, 1))
        wanted = labels.expand(matched.shape).flatten(0, 1)
        entropy = functional.cross_entropy(chosen.flatten(0, 1), wanted.flatten(), reduction="none")
        answered = (matched >= 0).float()
        number = reduce_mean(answered[-1].sum()).clamp(min=1)
        return (entropy * answered.flatten()).sum() / number


def true_values(values: Tensor, segments: Int64[Tensor, "b m"]) -> Tensor:
    """Rows [b, m, ...] of the segments' values [b, g, ...], also where a batch has no segments."""
    if not values.shape[1]:
        return values.new_zeros(*segments.shape, *values.shape[2:])
    return gather_queries(values, segments)
