"""Object decoder with masked attention: queries look where their last mask was, and say it better.

Cheng et al. 2022, "Masked-attention Mask Transformer" (Mask2Former), section 3, made small: the masks
are products of queries and per-pixel embeddings, and every layer is supervised. The queries of
things start on the peaks of a map of centres (`psg.parts.centres`), those of stuff are learned.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.models.losses.dice_loss import dice_loss
from mmdet.registry import MODELS
from mmdet.utils import reduce_mean
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.attention import DecoderLayer, FeedForward
from psg.parts.centres import CentreHead, CentreQueries, centre_loss, centre_targets
from psg.parts.features import Features, tokens
from psg.parts.matching import class_cost, class_loss, hungarian, mask_costs
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth

PIXEL_STRIDE = 2
COARSE_STRIDE = 4
"""Masks are matched, supervised in early layers and turned into attention at this stride."""
_OUTSIDE = -20.0
"""Logit of masks in the padding: no loss, no attention, no segment there."""


@dataclass(frozen=True)
class MaskedObjects(Objects):
    """Objects, and what only this decoder's loss needs.

    `layer_logits` are the masks of every layer at `COARSE_STRIDE`.
    """

    layer_logits: tuple[Tensor, ...]
    heat_logits: Float[Tensor, "b t hc wc"]
    semantic_logits: Float[Tensor, "b c hc wc"]
    padding: Bool[Tensor, "b hc wc"]


@MODELS.register_module()
class MaskedObjectDecoder(BaseModule):
    """Class and mask of every object query; needs maps at stride 4 and pixels at stride 2.

    Args:
        num_things: thing classes; with `num_stuff` the classes, things first.
        num_stuff: stuff classes.
        dims: width of the queries and of the maps at `strides`.
        fine_dims: channels of the map at stride 4.
        embedding: channels of the per-pixel embeddings.
        num_centres: queries that start on centres of things.
        num_learned: learned queries, for stuff and for things without a peak.
        true_centres: in training, queries start on all true centres too, so that the decoder learns
            from the first step; the map alone finds few of them for thousands of pictures.
        strides: the map that each layer attends to.
        heads: attention heads.
        class_weight: of the cross-entropy of classes, in loss and matching.
        no_object_weight: of the background class in that cross-entropy.
        entropy_weight: of the binary cross-entropy of masks, in loss and matching.
        dice_weight: of the dice loss of masks, in loss and matching.
        semantic_weight: of an auxiliary semantic segmentation at stride 4.
        centre_weight: of the map of centres.
    """

    def __init__(
        self,
        num_things: int,
        num_stuff: int,
        dims: int = 128,
        fine_dims: int = 64,
        embedding: int = 32,
        num_centres: int = 16,
        num_learned: int = 8,
        true_centres: bool = True,
        strides: Sequence[int] = (16, 8, 16),
        heads: int = 4,
        class_weight: float = 2.0,
        no_object_weight: float = 0.1,
        entropy_weight: float = 5.0,
        dice_weight: float = 5.0,
        semantic_weight: float = 2.0,
        centre_weight: float = 1.0,
    ) -> None:
        super().__init__()
        self.num_things, self.num_classes = num_things, num_things + num_stuff
        self.true_centres = true_centres
        self.strides = tuple(strides)
        self.class_weight, self.no_object_weight = class_weight, no_object_weight
        self.entropy_weight, self.dice_weight = entropy_weight, dice_weight
        self.semantic_weight, self.centre_weight = semantic_weight, centre_weight
        self.centres = CentreHead(num_things, num_centres, fine_dims, dims)
        self.learned = nn.Embedding(num_learned, dims)
        self.learned_positions = nn.Embedding(num_learned, dims)
        self.layers = nn.ModuleList(DecoderLayer(dims, heads, 2 * dims, dims) for _ in self.strides)
        self.norm = nn.LayerNorm(dims)
        self.classify = nn.Linear(dims, self.num_classes + 1)
        self.to_mask = nn.Sequential(FeedForward(dims, dims), nn.ReLU(), nn.Linear(dims, embedding))
        self.semantic = nn.Conv2d(fine_dims, self.num_classes, 1)

    def forward(self, features: Features, truth: Truth | None = None) -> MaskedObjects:
        """Objects of every picture; in training the truth shows where things are, see `true_centres`."""
        fine, padding = features.maps[COARSE_STRIDE], features.padding[COARSE_STRIDE]
        centres = self.start(features, truth)
        queries = torch.cat((centres.queries, self._repeated(self.learned, fine)), 1)
        positions = torch.cat((centres.positions, self._repeated(self.learned_positions, fine)), 1)
        states = [self.norm(queries)]
        masks = [self._masks(states[-1], features, COARSE_STRIDE)]
        for layer, stride in zip(self.layers, self.strides, strict=True):
            blocked = blocked_cells(masks[-1], features.padding[stride], stride // COARSE_STRIDE)
            memory, memory_positions = tokens(features.maps[stride]), tokens(features.positions[stride])
            queries = layer(queries, positions, memory, memory_positions, blocked)
            states.append(self.norm(queries))
            masks.append(self._masks(states[-1], features, COARSE_STRIDE))
        return MaskedObjects(
            queries=states[-1],
            positions=positions,
            class_logits=self.classify(torch.stack(states)).float(),
            mask_logits=self._masks(states[-1], features, PIXEL_STRIDE),
            mask_stride=PIXEL_STRIDE,
            coarse_logits=masks[-1],
            coarse_stride=COARSE_STRIDE,
            layer_logits=tuple(masks),
            heat_logits=centres.heat_logits,
            semantic_logits=self.semantic(fine).float(),
            padding=padding,
        )

    def start(self, features: Features, truth: Truth | None) -> CentreQueries:
        """The queries that start on things; see `true_centres`."""
        fine, padding = features.maps[COARSE_STRIDE], features.padding[COARSE_STRIDE]
        target = centre_targets(truth, self.num_things, COARSE_STRIDE) if truth and self.true_centres else None
        return self.centres(fine, features.positions[COARSE_STRIDE], padding, target)

    @staticmethod
    def _repeated(embedding: nn.Embedding, like: Float[Tensor, "b c h w"]) -> Float[Tensor, "b n d"]:
        return embedding.weight[None].expand(len(like), -1, -1)

    def _masks(self, states: Float[Tensor, "b q d"], features: Features, stride: int) -> Float[Tensor, "b q h w"]:
        pixels = features.pixels[stride]
        logits = (self.to_mask(states) @ pixels.flatten(2)).unflatten(2, pixels.shape[-2:]).float()
        return logits.masked_fill(features.padding[stride][:, None], _OUTSIDE) if features.padded else logits

    @torch.no_grad()
    def match(self, objects: MaskedObjects, truth: Truth) -> Int64[Tensor, "l b g"]:
        """The query that answers for every segment, layer by layer."""
        masks = truth.masks_at(COARSE_STRIDE)
        costs = [mask_costs(logits, masks) for logits in objects.layer_logits]
        entropy, dice = (torch.stack(cost) for cost in zip(*costs, strict=True))
        cost = self.class_weight * class_cost(objects.class_logits, truth.labels)
        return hungarian(cost + self.entropy_weight * entropy + self.dice_weight * dice, truth.counts)

    def loss(self, objects: MaskedObjects, truth: Truth) -> tuple[dict[str, Tensor], Int64[Tensor, "l b g"]]:
        """Losses, each the sum over layers, and every layer's matching."""
        matched = self.match(objects, truth)
        losses = {
            "loss_class": self.class_weight
            * class_loss(objects.class_logits, matched, truth.labels, self.num_classes, self.no_object_weight)
        }
        entropy, dice = self._mask_losses(objects, matched, truth)
        losses["loss_mask"], losses["loss_dice"] = self.entropy_weight * entropy, self.dice_weight * dice
        losses["loss_centre"] = self.centre_weight * self.start_loss(objects, truth)
        losses["loss_semantic"] = self.semantic_weight * semantic_loss(
            objects.semantic_logits, truth.labels, truth.masks_at(COARSE_STRIDE)
        )
        return losses, matched

    def start_loss(self, objects: MaskedObjects, truth: Truth) -> Float[Tensor, ""]:
        """Loss of the map on whose peaks queries start."""
        return centre_loss(objects.heat_logits, truth, COARSE_STRIDE, objects.padding)

    def _mask_losses(
        self, objects: MaskedObjects, matched: Int64[Tensor, "l b g"], truth: Truth
    ) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
        early = [(logits, COARSE_STRIDE) for logits in objects.layer_logits[:-1]]
        layers = zip((*early, (objects.mask_logits, PIXEL_STRIDE)), matched, strict=True)
        losses = [
            mask_losses(gather_queries(logits, assignment), truth.masks_at(stride), assignment >= 0)
            for (logits, stride), assignment in layers
        ]
        return sum(entropy for entropy, _ in losses), sum(dice for _, dice in losses)


def blocked_cells(
    mask_logits: Float[Tensor, "b q h w"], padding: Bool[Tensor, "b hs ws"], factor: int
) -> Bool[Tensor, "b q hs*ws"]:
    """The cells that a query may not attend to: those without any pixel of its mask, and padding.

    A coarse cell counts as seen if any of its finer cells is in the mask, so that small things keep
    theirs; a query whose mask is empty sees the whole picture.
    """
    logits = mask_logits.detach()
    if factor > 1:
        logits = functional.max_pool2d(logits, factor)
    unseen = (logits < 0).flatten(2)
    padding = padding.flatten(1)[:, None]
    return (unseen & ~(unseen | padding).all(-1, keepdim=True)) | padding


def mask_losses(
    logits: Float[Tensor, "b g h w"], masks: Float[Tensor, "b g h w"], matched: Bool[Tensor, "b g"]
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Binary cross-entropy (mean over cells) and dice loss, mean over matched segments."""
    logits, masks, weights = logits.flatten(0, 1).flatten(1), masks.flatten(0, 1).flatten(1), matched.flatten().float()
    number = reduce_mean(weights.sum()).clamp(min=1)
    entropy = functional.binary_cross_entropy_with_logits(logits, masks, reduction="none").mean(-1)
    dice = dice_loss(logits.sigmoid(), masks, weights, eps=1.0, reduction="sum", naive_dice=True)
    return (entropy * weights).sum() / number, dice / number


def semantic_loss(
    logits: Float[Tensor, "b c h w"], labels: Int64[Tensor, "b g"], masks: Float[Tensor, "b g h w"]
) -> Float[Tensor, ""]:
    """Cross-entropy of the class of every cell that one segment covers to at least a half."""
    if masks.shape[1] == 0:
        return logits.sum() * 0
    share, owner = masks.max(1)
    target = labels.gather(1, owner.flatten(1)).reshape(owner.shape)
    clear = share >= 0.5
    entropy = functional.cross_entropy(logits, target, reduction="none")
    return (entropy * clear).sum() / clear.sum().clamp(min=1)
