"""Object decoder of DETR, as PSGFormer was published with it.

Carion et al. 2020, "End-to-End Object Detection with Transformers": learned queries give classes and
boxes after every decoder layer, and masks from attention after the last. Losses and weights are those
of PSGFormer (Yang et al. 2022).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.models.layers import DetrTransformerDecoder
from mmdet.models.losses.dice_loss import dice_loss
from mmdet.models.losses.focal_loss import py_sigmoid_focal_loss
from mmdet.models.losses.iou_loss import giou_loss
from mmdet.registry import MODELS
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_xyxy_to_cxcywh
from mmdet.utils import reduce_mean
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.attention_masks import AttentionMap, MaskHead
from psg.parts.features import Features, tokens
from psg.parts.matching import box_costs, class_cost, class_loss, hungarian
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth

MASK_STRIDE = 4
TRUTH_STRIDE = 2
"""Masks are compared at half the size of the picture, as published."""


@dataclass(frozen=True)
class DETRObjects(Objects):
    """Objects with boxes: centre x, y, width, height in shares of the picture, layer by layer."""

    boxes: Float[Tensor, "l b q 4"]
    sizes: Float[Tensor, "b 2"]


@MODELS.register_module()
class DETRObjectDecoder(BaseModule):
    """Class, box and mask of every object query; needs the features of `DETREncoder`.

    Args:
        num_things: thing classes; with `num_stuff` the classes, things first.
        num_stuff: stuff classes.
        decoder: arguments of mmdet's `DetrTransformerDecoder`.
        num_queries: object queries.
        dims: width of the queries and of the memory.
        heads: attention maps from which a mask is made.
        map_channels: channels of the backbone's maps at strides 4, 8, 16.
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
        decoder: dict[str, Any],
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
        self.decoder = DetrTransformerDecoder(**decoder)
        self.classify = nn.Linear(dims, self.num_classes + 1)
        self.locate = nn.Sequential(
            nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, 4)
        )
        self.attention_map = AttentionMap(dims, heads)
        self.mask_head = MaskHead(dims, heads, tuple(reversed(map_channels)))

    def init_weights(self) -> None:
        """Xavier for the decoder, as DETR does."""
        super().init_weights()
        for parameter in self.decoder.parameters():
            if parameter.dim() > 1:
                nn.init.xavier_uniform_(parameter)

    def forward(self, features: Features, truth: Truth | None = None) -> DETRObjects:
        """Objects of every picture; the truth plays no part."""
        stride = features.memory_stride
        positions = self.query_embedding.weight[None].expand(len(features.memory), -1, -1)
        states = self.decoder(
            query=torch.zeros_like(positions),
            key=tokens(features.memory),
            value=tokens(features.memory),
            query_pos=positions,
            key_pos=tokens(features.positions[stride]),
            key_padding_mask=features.padding[stride].flatten(1),
        )
        attention = self.attention_map(states[-1], features.memory, features.padding[stride])
        finer = [features.maps[level] for level in (16, 8, 4)]
        masks = self.mask_head(features.maps[stride], attention, finer).float()
        return DETRObjects(
            queries=states[-1],
            positions=positions,
            class_logits=self.classify(states).float(),
            mask_logits=masks,
            mask_stride=MASK_STRIDE,
            coarse_logits=masks,
            coarse_stride=MASK_STRIDE,
            boxes=self.locate(states).float().sigmoid(),
            sizes=features.sizes,
        )

    @torch.no_grad()
    def match(self, objects: DETRObjects, truth: Truth) -> Int64[Tensor, "l b g"]:
        """The query that answers for every segment, layer by layer; masks play no part, as published."""
        distance, overlap = box_costs(bbox_cxcywh_to_xyxy(objects.boxes), truth.boxes, _scale(objects))
        cost = self.class_cost * class_cost(objects.class_logits, truth.labels)
        return hungarian(cost + self.box_weight * distance + self.giou_weight * overlap, truth.counts)

    def loss(self, objects: DETRObjects, truth: Truth) -> tuple[dict[str, Tensor], Int64[Tensor, "l b g"]]:
        """Losses, each the sum over layers, and every layer's matching."""
        matched = self.match(objects, truth)
        boxes = [
            self._box_losses(layer_boxes, assignment, truth, _scale(objects))
            for layer_boxes, assignment in zip(objects.boxes, matched, strict=True)
        ]
        dice, focal = self._mask_losses(objects.mask_logits, matched[-1], truth)
        losses = {
            "loss_class": self.class_weight
            * class_loss(objects.class_logits, matched, truth.labels, self.num_classes, self.no_object_weight),
            "loss_box": self.box_weight * sum(distance for distance, _ in boxes),
            "loss_giou": self.giou_weight * sum(giou for _, giou in boxes),
            "loss_dice": self.dice_weight * dice,
            "loss_mask": self.focal_weight * focal,
        }
        return losses, matched

    @staticmethod
    def _box_losses(
        boxes: Float[Tensor, "b q 4"], matched: Int64[Tensor, "b g"], truth: Truth, scale: Float[Tensor, "b 4"]
    ) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
        chosen = gather_queries(boxes, matched)
        weights = (matched >= 0).float()
        number = reduce_mean(weights.sum()).clamp(min=1)
        distance = (chosen - bbox_xyxy_to_cxcywh(truth.boxes / scale[:, None])).abs().sum(-1)
        pixels = bbox_cxcywh_to_xyxy(chosen) * scale[:, None]
        giou = giou_loss(pixels.flatten(0, 1), truth.boxes.flatten(0, 1), weights.flatten(), reduction="sum")
        return (distance * weights).sum() / number, giou / number

    @staticmethod
    def _mask_losses(
        logits: Float[Tensor, "b q h w"], matched: Int64[Tensor, "b g"], truth: Truth
    ) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
        # Segments become the batch of the resizing, which may be empty; channels may not.
        target = truth.masks[..., ::TRUTH_STRIDE, ::TRUTH_STRIDE].flatten(0, 1).float()
        chosen = gather_queries(logits, matched).flatten(0, 1)[:, None]
        chosen = functional.interpolate(chosen, size=target.shape[-2:], mode="bilinear")[:, 0]
        return attention_mask_losses(chosen.flatten(1), target.flatten(1), (matched >= 0).flatten())


def attention_mask_losses(
    logits: Float[Tensor, "n pixels"], target: Float[Tensor, "n pixels"], matched: Bool[Tensor, " n"]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Dice loss (Milletari et al. 2016) and focal loss (Lin et al. 2017), mean over matched masks."""
    weights = matched.float()
    number = reduce_mean(weights.sum()).clamp(min=1)
    dice = dice_loss(logits.sigmoid(), target, weights, eps=1.0, reduction="sum", naive_dice=True)
    focal = py_sigmoid_focal_loss(logits, target, gamma=2.0, alpha=0.25, reduction="none").mean(-1)
    return dice / number, (focal * weights).sum() / number


def _scale(objects: DETRObjects) -> Float[Tensor, "b 4"]:
    """Width, height, width, height of every picture."""
    return objects.sizes.flip(-1).repeat(1, 2)
