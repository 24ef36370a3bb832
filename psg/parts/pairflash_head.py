"""Relation head of PairFlash: few pairs, each looked at once for both directions.

Three ideas make it fast. Pairs are chosen by a thin score before anything looks at them
(`psg.parts.pair_selection`). Subject and object are projected an object, not a pair. And what holds
from i to j and what holds from j to i come out of one pass: the first layer of a directed head is
split into the part that swapping the ends keeps and the part that it negates,

    even = (f(i, j) + f(j, i)) / 2      odd = (f(i, j) - f(j, i)) / 2,

the wide layers work on `even` alone, and `odd`, gated by them, is added for one direction and
subtracted for the other. So the result does not depend on which end is called i: swapping the ends
swaps the outputs exactly.
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
from psg.parts.pair_relations import pair_targets
from psg.parts.pair_selection import PairSelection, candidates, selection_loss
from psg.parts.truth import Truth


@dataclass(frozen=True)
class CandidateRelations:
    """What the head says about b pictures of q queries.

    `selection` are logits of being related, [picture, subject, object]. `pairs` are the queries (i, j)
    of the k candidates and `logits` their predicates, background first: [..., 0, :] from i to j,
    [..., 1, :] from j to i; in training there are no candidates (k = 0), the loss chooses its own pairs.
    `states` and `numbers` are what pairs are made of.
    """

    selection: Float[Tensor, "b q q"]
    pairs: Int64[Tensor, "b k 2"]
    logits: Float[Tensor, "b k 2 p"]
    states: Float[Tensor, "b q d"]
    numbers: Float[Tensor, "b q q n"]


class BothWays(nn.Module):
    """Predicates of unordered pairs in both directions.

    Args:
        dims: width of the states of objects.
        hidden: width of the network.
        outputs: predicates and background.
    """

    def __init__(self, dims: int, hidden: int, outputs: int) -> None:
        super().__init__()
        self.subject = nn.Linear(dims, hidden)
        self.object = nn.Linear(dims, hidden)
        self.pair = nn.Linear(PAIR_NUMBERS, hidden)
        self.trunk = nn.Linear(hidden, 2 * hidden)
        self.even = nn.Linear(hidden, outputs)
        self.odd = nn.Linear(hidden, outputs, bias=False)

    def forward(
        self,
        states: Float[Tensor, "b q d"],
        numbers: Float[Tensor, "b q q n"],
        pairs: Int64[Tensor, "b k 2"],
    ) -> Float[Tensor, "b k 2 p"]:
        """Logits from i to j and from j to i; `numbers` are those of ordered pairs (`Layout.pairs`)."""
        first, second = pairs.unbind(-1)
        queries = states.shape[1]
        subject, other = self.subject(states), self.object(states)
        flat = numbers.flatten(1, 2)
        there, back = (
            (gather_queries(subject, start) + gather_queries(other, end)) + self.pair(gather_queries(flat, cell))
            for start, end, cell in (
                (first, second, first * queries + second),
                (second, first, second * queries + first),
            )
        )
        there, back = there.relu(), back.relu()
        even, odd = (there + back) / 2, (there - back) / 2
        mixed, gate = self.trunk(even).chunk(2, -1)
        kept, turned = self.even(mixed.relu()), self.odd(odd * gate.sigmoid())
        return torch.stack((kept + turned, kept - turned), 2)


@MODELS.register_module()
class PairFlashHead(ObjectStates):
    """Predicates of the candidate pairs, both directions at once.

    Args:
        num_predicates: predicates, without background.
        dims: width of the states of objects, see `ObjectStates`.
        map_dims: see `ObjectStates`.
        map_stride: see `ObjectStates`.
        hidden: width of the pair network.
        rank: terms of the score that chooses the candidates.
        num_pairs: so many unordered pairs a picture are looked at: a quarter of those of 60 objects.
            A fixed number makes time and shapes the same for every picture.
        layers: see `ObjectStates`.
        heads: see `ObjectStates`.
        query_dims: see `ObjectStates`.
        glimpses: see `ObjectStates`.
        reach: see `ObjectStates`.
        window: see `ObjectStates`.
        weight: of the cross-entropy of predicates.
        background_weight: of pairs without relation in that cross-entropy.
        selection_weight: of the cross-entropy of being related.
        activity_weight: of the cross-entropy of what an object does, told from its state alone: most pairs are
            unrelated, and the few that tell parked from driving would teach the states little. Only in training.
        logit_adjustment: `train`, `test` and `counts` of `psg.long_tail.adjustment.LogitAdjustment`.
    """

    def __init__(
        self,
        num_predicates: int,
        dims: int = 128,
        map_dims: int = 64,
        map_stride: int = 4,
        hidden: int = 128,
        rank: int = 32,
        num_pairs: int = 440,
        layers: int = 1,
        heads: int = 4,
        query_dims: int | None = None,
        glimpses: int = 0,
        reach: int = 3,
        window: Mapping[str, Any] | None = None,
        weight: float = 4.0,
        background_weight: float = 1.0,
        selection_weight: float = 0.5,
        activity_weight: float = 0.0,
        logit_adjustment: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(dims, map_dims, map_stride, layers, heads, query_dims, glimpses, reach, window)
        self.adjustment = LogitAdjustment(num_predicates, **(logit_adjustment or {}))
        self.num_pairs = num_pairs
        self.weight, self.background_weight = weight, background_weight
        self.selection_weight = selection_weight
        self.activity_weight = activity_weight
        self.activity = nn.Linear(dims, num_predicates) if activity_weight else None
        self.select = PairSelection(dims, rank)
        self.classify = BothWays(dims, hidden, num_predicates + 1)

    def forward(self, features: Features, objects: Objects) -> CandidateRelations:
        """Candidates and their predicates; in training what the loss needs to choose its own pairs."""
        layout = Layout.of(objects.coarse_logits.detach())
        states = self.states(features, objects, layout)
        numbers = layout.pairs()
        selection = self.select(states, numbers)
        number = 0 if self.training else self.num_pairs
        pairs = candidates(selection, objects.class_probabilities.amax(-1), number)
        logits = self.classify(states, numbers, pairs).float()
        return CandidateRelations(selection, pairs, logits, states, numbers)

    def loss(self, relations: CandidateRelations, truth: Truth, matched: Int64[Tensor, "l b g"]) -> dict[str, Tensor]:
        """Over the pairs of queries that answer for segments, candidates or not.

        Several predicates of a pair share the target of its cross-entropy.
        """
        matched = matched[-1]
        segments = matched.shape[1]
        first, second = torch.triu_indices(segments, segments, 1, device=matched.device)
        pairs = torch.stack((matched[:, first], matched[:, second]), -1)
        # Losses are computed outside of autocast, whose states may be bfloat16.
        logits = self.classify(relations.states.float(), relations.numbers.float(), pairs.clamp(min=0))
        logits = self.adjustment.for_loss(logits)
        wanted = pair_targets(truth, logits.shape[-1])
        target = torch.stack((wanted[:, first, second], wanted[:, second, first]), 2)
        counted = (pairs >= 0).all(-1, keepdim=True).float()
        weights = counted * torch.where(target[..., 0] > 0, self.background_weight, 1.0)
        entropy = -(target * logits.log_softmax(-1)).sum(-1)
        mean = (weights * entropy).sum() / reduce_mean(weights.sum()).clamp(min=1)
        selection = selection_loss(relations.selection, truth, matched)
        losses = {"loss_predicate": self.weight * mean, "loss_selection": self.selection_weight * selection}
        if self.activity is not None:
            losses["loss_activity"] = self.activity_weight * self._activity_loss(relations, wanted, matched)
        return losses

    def _activity_loss(
        self, relations: CandidateRelations, wanted: Float[Tensor, "b g g p1"], matched: Int64[Tensor, "b g"]
    ) -> Tensor:
        """Over the segments that are the subject of something; their predicates share the target."""
        does = wanted[..., 1:].sum(2)
        total = does.sum(-1, keepdim=True)
        counted = (total[..., 0] > 0) & (matched >= 0)
        logits = self.activity(gather_queries(relations.states.float(), matched))
        entropy = -(does / total.clamp(min=1) * logits.log_softmax(-1)).sum(-1)
        return (entropy * counted).sum() / reduce_mean(counted.sum().float()).clamp(min=1)

    def pair_probabilities(
        self, relations: CandidateRelations, picture: int, kept: Int64[Tensor, " n"]
    ) -> Float[Tensor, "n n p"]:
        """Probability of every predicate for the ordered pairs of some queries; 0 for those that are no candidates."""
        logits = self.adjustment.at_test(relations.logits[picture])
        return ordered(relations.pairs[picture], logits, relations.states.shape[1])[kept][:, kept]


def ordered(
    pairs: Int64[Tensor, "k 2"], logits: Float[Tensor, "k 2 p1"], queries: int
) -> Float[Tensor, "{queries} {queries} p"]:
    """Probabilities of predicates without background by (subject, object), from candidates and their logits."""
    first, second = pairs.unbind(-1)
    probabilities = logits.softmax(-1)[..., 1:]
    table = probabilities.new_zeros(queries, queries, probabilities.shape[-1])
    table[first, second] = probabilities[:, 0]
    table[second, first] = probabilities[:, 1]
    return table
