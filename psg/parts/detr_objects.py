"""Object decoder of DETR, as PSGFormer was published with it.

Carion et al. 2020, "End-to-End Object Detection with Transformers": learned queries give classes and
boxes after every decoder layer, and masks from attention after the last. Losses and weights are those
of PSGFormer (Yang et al. 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Int64
from mmdet.models.layers import DetrTransformerDecoder
from mmdet.registry import MODELS
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from mmengine.model import BaseModule
from torch import Tensor, nn

from psg.parts.detr_head import DETRHead, Readings, box_losses, mask_losses
from psg.parts.detr_layers import decoder_layers, initialise
from psg.parts.features import Features, tokens
from psg.parts.matching import box_costs, class_cost, class_loss, hungarian
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth


@dataclass(frozen=True)
class DETRObjects(Objects):
    """Objects with boxes."""

    readings: Readings


@MODELS.register_module()
class DETRObjectDecoder(BaseModule):
    """Class, box and mask of every object query; needs the features of `DETREncoder`.

    Args:
        num_things: thing classes; with `num_stuff` the classes, things first.
        num_stuff: stuff classes.
        decoder: arguments of mmdet's `DetrTransformerDecoder`; those of DETR if not given.
        num_queries: object queries.
        dims: width of the queries and of the memory.
        heads: attention maps from which a mask is made.
        map_channels: channels of the backbone's maps from fine to coarse, without the coarsest.
        class_weight: of the cross-entropy of classes; `class_cost` is its weight in matching.
        no_object_weight: of the background class in that cross-entropy.
        box_weight: of the L1 loss of boxes, in loss and matching.
        giou_weight: of the generalised IoU loss of boxes, in loss and matching.
        dice_weight: of the dice loss of masks.
        focal_weight: of the focal loss of masks.
        class_cost: see `class_weight`.
    """

    def __init__(
        self,
        num_things: int,
        num_stuff: int,
        decoder: dict[str, Any] | None = None,
        num_queries: int = 100,
        dims: int = 256,
        heads: int = 8,
        map_channels: Sequence[int] = (256, 512, 1024),
        class_weight: float = 4.0,
        no_object_weight: float = 0.02,
        box_weight: float = 3.0,
        giou_weight: float = 2.0,
        dice_weight: float = 1.0,
        focal_weight: float = 1.0,
        class_cost: float = 4.0,
    ) -> None:
        super().__init__()
        self.num_classes = num_things + num_stuff
        self.class_weight, self.class_cost, self.no_object_weight = class_weight, class_cost, no_object_weight
        self.box_weight, self.giou_weight = box_weight, giou_weight
        self.dice_weight, self.focal_weight = dice_weight, focal_weight
        self.query_embedding = nn.Embedding(num_queries, dims)
        self.decoder = DetrTransformerDecoder(**(decoder or decoder_layers(dims=dims)))
        self.head = DETRHead(self.num_classes, dims, heads, map_channels)

    def init_weights(self) -> None:
        """Xavier for the decoder, as DETR does."""
        super().init_weights()
        initialise(self.decoder)

    def forward(self, features: Features, truth: Truth | None = None) -> DETRObjects:
        """Objects of every picture; the truth plays no part."""
        positions = self.query_embedding.weight[None].expand(len(features.memory), -1, -1)
        states = decoded(self.decoder, positions, features)
        readings, masks = self.head(states, features), self.head.masks(states[-1], features)
        return DETRObjects(
            queries=states[-1],
            positions=positions,
            class_logits=readings.class_logits,
            mask_logits=masks,
            mask_stride=readings.mask_stride,
            coarse_logits=masks,
            coarse_stride=readings.mask_stride,
            readings=readings,
        )

    @torch.no_grad()
    def match(self, objects: DETRObjects, truth: Truth) -> Int64[Tensor, "l b g"]:
        """The query that answers for every segment, layer by layer; masks play no part, as published."""
        distance, overlap = box_costs(bbox_cxcywh_to_xyxy(objects.readings.boxes), truth.boxes, objects.readings.scale)
        cost = self.class_cost * class_cost(objects.class_logits, truth.labels)
        return hungarian(cost + self.box_weight * distance + self.giou_weight * overlap, truth.counts)

    def loss(self, objects: DETRObjects, truth: Truth) -> tuple[dict[str, Tensor], Int64[Tensor, "l b g"]]:
        """Losses, each the sum over layers, and every layer's matching."""
        matched = self.match(objects, truth)
        distance, overlap = box_losses(objects.readings.boxes, matched, truth.boxes, objects.readings.scale)
        chosen = gather_queries(objects.mask_logits, matched[-1])
        dice, focal = mask_losses(chosen, truth.masks, matched[-1] >= 0)
        losses = {
            "loss_class": self.class_weight
            * class_loss(objects.class_logits, matched, truth.labels, self.num_classes, self.no_object_weight),
            "loss_box": self.box_weight * distance,
            "loss_giou": self.giou_weight * overlap,
            "loss_dice": self.dice_weight * dice,
            "loss_mask": self.focal_weight * focal,
        }
        return losses, matched


def decoded(decoder: DetrTransformerDecoder, positions: Tensor, features: Features) -> Tensor:
    """States [l, b, q, d] of queries, which start from zeros and are told apart by their positions [b, q, d]."""
    stride = features.memory_stride
    memory = tokens(features.memory)
    return decoder(
        query=torch.zeros_like(positions),
        key=memory,
        value=memory,
        query_pos=positions,
        key_pos=tokens(features.positions[stride]),
        key_padding_mask=features.padding[stride].flatten(1),
    )
