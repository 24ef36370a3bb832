"""Relation head that looks at every ordered pair of objects.

The pair-wise classifier of two-stage scene graph models (Zellers et al. 2018, Neural Motifs, section
4.3: subject and object are projected apart and joined), on the object queries of a one-stage model:
one small network over all pairs, without regions being cut out of the picture.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Float, Int64
from mmdet.registry import MODELS
from mmdet.utils import reduce_mean
from torch import Tensor, nn

from psg.long_tail.adjustment import LogitAdjustment
from psg.parts.features import Features
from psg.parts.layout import PAIR_NUMBERS, Layout
from psg.parts.object_states import ObjectStates
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth


@dataclass(frozen=True)
class PairRelations:
    """Predicate logits of every ordered pair of queries, background first."""

    logits: Float[Tensor, "b q q p"]


@MODELS.register_module()
class PairRelationHead(ObjectStates):
    """Predicates of every ordered pair of object queries.

    Args:
        num_predicates: predicates, without background.
        dims: width of the states of objects, see `ObjectStates`.
        map_dims: see `ObjectStates`.
        map_stride: see `ObjectStates`.
        hidden: width of the pair network.
        layers: see `ObjectStates`.
        heads: see `ObjectStates`.
        query_dims: see `ObjectStates`.
        weight: of the cross-entropy of predicates.
        background_weight: of pairs without relation in that cross-entropy.
        logit_adjustment: `train`, `test` and `counts` of `psg.long_tail.adjustment.LogitAdjustment`.
    """

    def __init__(
        self,
        num_predicates: int,
        dims: int = 128,
        map_dims: int = 64,
        map_stride: int = 4,
        hidden: int = 128,
        layers: int = 1,
        heads: int = 4,
        weight: float = 4.0,
        background_weight: float = 1.0,
        query_dims: int | None = None,
        logit_adjustment: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(dims, map_dims, map_stride, layers, heads, query_dims)
        self.adjustment = LogitAdjustment(num_predicates, **(logit_adjustment or {}))
        self.weight, self.background_weight = weight, background_weight
        self.subject = nn.Linear(dims, hidden)
        self.object = nn.Linear(dims, hidden)
        self.pair = nn.Linear(PAIR_NUMBERS, hidden)
        self.classify = nn.Sequential(
            nn.ReLU(), nn.Linear(hidden, hidden), nn.ReLU(), nn.Linear(hidden, num_predicates + 1)
        )

    def forward(self, features: Features, objects: Objects) -> PairRelations:
        """Logits of all ordered pairs."""
        layout = Layout.of(objects.coarse_logits.detach())
        states = self.states(features, objects, layout)
        pairs = self.subject(states)[:, :, None] + self.object(states)[:, None] + self.pair(layout.pairs())
        return PairRelations(self.classify(pairs).float())

    def loss(self, relations: PairRelations, truth: Truth, matched: Int64[Tensor, "l b g"]) -> dict[str, Tensor]:
        """Cross-entropy over the pairs of matched queries; several predicates of a pair share the target."""
        matched = matched[-1]
        rows = gather_queries(relations.logits, matched)
        logits = self.adjustment.for_loss(gather_queries(rows.transpose(1, 2), matched).transpose(1, 2))
        target = pair_targets(truth, logits.shape[-1])
        present = matched >= 0
        distinct = ~torch.eye(matched.shape[1], dtype=torch.bool, device=matched.device)
        counted = (present[:, :, None] & present[:, None] & distinct).float()
        weights = counted * torch.where(target[..., 0] > 0, self.background_weight, 1.0)
        entropy = -(target * logits.log_softmax(-1)).sum(-1)
        mean = (weights * entropy).sum() / reduce_mean(weights.sum()).clamp(min=1)
        return {"loss_predicate": self.weight * mean}

    def pair_probabilities(
        self, relations: PairRelations, picture: int, kept: Int64[Tensor, " n"]
    ) -> Float[Tensor, "n n p"]:
        """Probability of every predicate for the ordered pairs of some queries of one picture."""
        return self.adjustment.at_test(relations.logits[picture][kept][:, kept]).softmax(-1)[..., 1:]


def pair_targets(truth: Truth, channels: int) -> Float[Tensor, "b g g {channels}"]:
    """The distribution of predicates of every ordered pair of segments, background (channel 0) where there is none."""
    pictures, segments = truth.labels.shape
    target = torch.zeros(pictures, segments, segments, channels, device=truth.labels.device)
    if segments:
        counts = torch.tensor([len(rows) for rows in truth.relations])
        picture = torch.repeat_interleave(torch.arange(pictures), counts).to(target.device)
        subject, predicate, other = torch.cat(truth.relations).unbind(1)
        target[picture, subject, other, predicate + 1] = 1
    target[..., 0] = target.sum(-1) == 0
    return target / target.sum(-1, keepdim=True)
