"""What DETR says about a query: its class, its box, its mask; and the losses of boxes and masks.

Carion et al. 2020, "End-to-End Object Detection with Transformers": classes and boxes after every
decoder layer, masks from attention after the last.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from jaxtyping import Bool, Float, Int64
from mmdet.models.losses.dice_loss import dice_loss
from mmdet.models.losses.focal_loss import py_sigmoid_focal_loss
from mmdet.models.losses.iou_loss import giou_loss
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy, bbox_xyxy_to_cxcywh
from mmdet.utils import reduce_mean
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.attention_masks import AttentionMap, MaskHead
from psg.parts.features import Features
from psg.parts.objects import gather_queries

FINER = (2, 4, 8)
"""The maps that sharpen masks are so many times finer than the memory; the last gives the masks their size."""

TRUTH_STRIDE = 2
"""Masks are compared at half the size of the picture, as published."""


@dataclass(frozen=True)
class Readings:
    """Classes (background last) and boxes of queries, layer by layer.

    Boxes are centre x, y, width, height in shares of the picture; the masks of the same queries come
    at `mask_stride`.
    """

    class_logits: Float[Tensor, "l b q k"]
    boxes: Float[Tensor, "l b q 4"]
    sizes: Float[Tensor, "b 2"]
    mask_stride: int

    @property
    def scale(self) -> Float[Tensor, "b 4"]:
        """Width, height, width, height of every picture in pixels."""
        return self.sizes.flip(-1).repeat(1, 2)

    @property
    def class_probabilities(self) -> Float[Tensor, "b q classes"]:
        """Of the last layer, without the background."""
        return self.class_logits[-1].softmax(-1)[..., :-1]


class DETRHead(nn.Module):
    """Class, box and mask of queries.

    Args:
        num_classes: without background.
        dims: width of the queries and of the memory.
        heads: attention maps from which a mask is made.
        map_channels: channels of the backbone's maps from fine to coarse, without the coarsest.
    """

    def __init__(self, num_classes: int, dims: int, heads: int, map_channels: Sequence[int]) -> None:
        super().__init__()
        self.classify = nn.Linear(dims, num_classes + 1)
        self.locate = nn.Sequential(
            nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, 4)
        )
        self.attention_map = AttentionMap(dims, heads)
        self.mask_head = MaskHead(dims, heads, tuple(reversed(map_channels)))

    def forward(self, states: Float[Tensor, "l b q d"], features: Features) -> Readings:
        """Classes and boxes after every layer."""
        boxes = self.locate(states).float().sigmoid()
        return Readings(self.classify(states).float(), boxes, features.sizes, features.memory_stride // FINER[-1])

    def masks(self, queries: Float[Tensor, "b q d"], features: Features) -> Float[Tensor, "b q h w"]:
        """Mask logits of queries over the padded batch at `mask_stride`: the costly part of the head."""
        stride = features.memory_stride
        attention = self.attention_map(queries, features.memory, features.padding[stride])
        finer = [features.maps[stride // times] for times in FINER]
        return self.mask_head(features.maps[stride], attention, finer).float()


def box_losses(
    boxes: Float[Tensor, "l b q 4"],
    matched: Int64[Tensor, "l b g"],
    truth: Float[Tensor, "b g 4"],
    scale: Float[Tensor, "b 4"],
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """L1 of centre boxes in shares of the picture and 1 - generalised IoU: mean over matched boxes, sum over layers.

    Args:
        boxes: predicted (centre x, y, width, height in shares), layer by layer.
        matched: the query that answers for every truth, below 0 for none.
        truth: true boxes, xyxy in pixels.
        scale: width, height, width, height of every picture in pixels.
    """
    distance, overlap = boxes.new_zeros(()), boxes.new_zeros(())
    wanted = bbox_xyxy_to_cxcywh(truth / scale[:, None])
    for of_layer, answering in zip(boxes, matched, strict=True):
        chosen = gather_queries(of_layer, answering)
        weights = (answering >= 0).float()
        number = reduce_mean(weights.sum()).clamp(min=1)
        distance = distance + ((chosen - wanted).abs().sum(-1) * weights).sum() / number
        pixels = bbox_cxcywh_to_xyxy(chosen) * scale[:, None]
        giou = giou_loss(pixels.flatten(0, 1), truth.flatten(0, 1), weights.flatten(), reduction="sum")
        overlap = overlap + giou / number
    return distance, overlap


def mask_losses(
    logits: Float[Tensor, "b g h w"], masks: Bool[Tensor, "b g height width"], matched: Bool[Tensor, "b g"]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Dice and focal loss of masks against true ones of the padded batch, mean over the matched."""
    # Segments become the batch of the resizing, which may be empty; channels may not.
    target = masks[..., ::TRUTH_STRIDE, ::TRUTH_STRIDE].flatten(0, 1).float()
    resized = functional.interpolate(logits.flatten(0, 1)[:, None], size=target.shape[-2:], mode="bilinear")[:, 0]
    return attention_mask_losses(resized.flatten(1), target.flatten(1), matched.flatten())


def attention_mask_losses(
    logits: Float[Tensor, "n pixels"], target: Float[Tensor, "n pixels"], matched: Bool[Tensor, " n"]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Dice loss (Milletari et al. 2016) and focal loss (Lin et al. 2017), mean over matched masks."""
    weights = matched.float()
    number = reduce_mean(weights.sum()).clamp(min=1)
    dice = dice_loss(logits.sigmoid(), target, weights, eps=1.0, reduction="sum", naive_dice=True)
    focal = py_sigmoid_focal_loss(logits, target, gamma=2.0, alpha=0.25, reduction="none").mean(-1)
    return dice / number, (focal * weights).sum() / number
