"""Relation head of PSGFormer: relation queries that each choose a subject, an object and a predicate.

Yang et al. 2022, "Panoptic Scene Graph Generation", section 4.2: a second decoder reads the picture
with relation queries; the cosine of a relation query and a projected object query, over a
temperature, says how well that object fits as its subject (or object).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.models.layers import DetrTransformerDecoder
from mmdet.registry import MODELS
from mmdet.utils import reduce_mean
from mmengine.model import BaseModule
from torch import Tensor, nn
from torch.nn import functional

from psg.long_tail.adjustment import LogitAdjustment
from psg.parts.detr_layers import decoder_layers, initialise
from psg.parts.features import Features, tokens
from psg.parts.matching import UNMATCHED, class_loss, hungarian, id_costs
from psg.parts.objects import Objects, gather_queries
from psg.parts.truth import Truth

TEMPERATURE = 0.1
_CHUNK = 16
"""Relation queries whose pairs are compared at a time in `pair_probabilities`: bounds its memory."""


@dataclass(frozen=True)
class QueryRelations:
    """What r relation queries say; leading axis = decoder layer, last = final.

    `predicate_logits` have the background first; `subject_scores` and `object_scores` are logits over
    the q object queries.
    """

    predicate_logits: Float[Tensor, "l b r p"]
    subject_scores: Float[Tensor, "l b r q"]
    object_scores: Float[Tensor, "l b r q"]


@MODELS.register_module()
class RelationQueryDecoder(BaseModule):
    """Relation queries over the picture, and which objects they join.

    Args:
        num_predicates: predicates, without background.
        num_queries: relation queries; `PSGFormer` as published has as many as object queries.
        decoder: arguments of mmdet's `DetrTransformerDecoder`; those of DETR if not given.
        dims: width of the queries.
        attend_objects: relation queries also read the object queries; as published they do not.
        choose_from: what the right subject competes with in the loss: "matched" (as published), the
            object queries that answer for a segment, or "all" object queries, as when predicting.
        ends: which queries are the ends of a true relation when the predicates of a layer are matched:
            those that answered for the segments after the "last" object layer, or after the "same"
            layer (as published; needs as many object layers).
        supervise: supervise the choice after the "last" layer (as published) or after "every" one.
        predicate_weight: of the cross-entropy of predicates.
        choice_weight: of the cross-entropies of subject and of object.
        no_relation_weight: of the background in the cross-entropy of predicates.
        logit_adjustment: `train`, `test` and `counts` of `psg.long_tail.adjustment.LogitAdjustment`. Queries are
            matched by what they say, unadjusted.
    """

    def __init__(
        self,
        num_predicates: int,
        decoder: dict[str, Any] | None = None,
        num_queries: int = 100,
        dims: int = 256,
        attend_objects: bool = False,
        choose_from: Literal["matched", "all"] = "matched",
        ends: Literal["last", "same"] = "last",
        supervise: Literal["last", "every"] = "last",
        predicate_weight: float = 2.0,
        choice_weight: float = 2.0,
        no_relation_weight: float = 0.02,
        logit_adjustment: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.adjustment = LogitAdjustment(num_predicates, **(logit_adjustment or {}))
        self.num_predicates = num_predicates
        self.attend_objects, self.choose_from = attend_objects, choose_from
        self.ends, self.supervise = ends, supervise
        self.predicate_weight, self.choice_weight = predicate_weight, choice_weight
        self.no_relation_weight = no_relation_weight
        self.query_embedding = nn.Embedding(num_queries, dims)
        self.decoder = DetrTransformerDecoder(**(decoder or decoder_layers(dims=dims)))
        self.subject = nn.Sequential(nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, dims))
        self.object = nn.Sequential(nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, dims))
        self.classify = nn.Linear(dims, num_predicates + 1)

    def init_weights(self) -> None:
        """Xavier for the decoder, as DETR does."""
        super().init_weights()
        initialise(self.decoder)

    def forward(self, features: Features, objects: Objects) -> QueryRelations:
        """Predicates and choices of every relation query."""
        memory, positions = tokens(features.memory), tokens(features.positions[features.memory_stride])
        padding = features.padding[features.memory_stride].flatten(1)
        if self.attend_objects:
            memory = torch.cat((memory, objects.queries), 1)
            positions = torch.cat((positions, objects.positions), 1)
            padding = functional.pad(padding, (0, objects.queries.shape[1]))
        query_positions = self.query_embedding.weight[None].expand(len(memory), -1, -1)
        states = self.decoder(
            query=torch.zeros_like(query_positions),
            key=memory,
            value=memory,
            query_pos=query_positions,
            key_pos=positions,
            key_padding_mask=padding,
        )
        return QueryRelations(
            self.classify(states).float(),
            _cosine(states, self.subject(objects.queries)),
            _cosine(states, self.object(objects.queries)),
        )

    def loss(self, relations: QueryRelations, truth: Truth, matched: Int64[Tensor, "lo b g"]) -> dict[str, Tensor]:
        """Losses, given the object query that answers for every segment after each object layer."""
        subjects, objects, channels = true_relations(truth, matched[-1])
        answering = self._match(relations, truth, matched)
        answering = torch.where((subjects >= 0) & (objects >= 0), answering, UNMATCHED)
        candidates = self._candidates(matched[-1], relations.subject_scores.shape[-1])
        layers = range(len(answering)) if self.supervise == "every" else [len(answering) - 1]
        losses = {
            f"loss_{end}": self.choice_weight
            * sum(choice_loss(scores[layer], chosen, answering[layer], candidates) for layer in layers)
            for end, scores, chosen in (
                ("subject", relations.subject_scores, subjects),
                ("object", relations.object_scores, objects),
            )
        }
        logits = self.adjustment.for_loss(relations.predicate_logits)
        losses["loss_predicate"] = self.predicate_weight * class_loss(
            logits, answering, channels, background=0, background_weight=self.no_relation_weight
        )
        return losses

    @torch.no_grad()
    def _match(
        self, relations: QueryRelations, truth: Truth, matched: Int64[Tensor, "lo b g"]
    ) -> Int64[Tensor, "l b m"]:
        """The relation query that answers for every true relation, layer by layer.

        The choices are those of the last layer always, as published; the predicates those of each.
        """
        choices = relations.subject_scores[-1], relations.object_scores[-1]
        costs = []
        for layer, logits in enumerate(relations.predicate_logits):
            of_layer = matched[layer if self.ends == "same" else -1]
            subjects, objects, channels = true_relations(truth, of_layer.clamp(min=0))
            costs.append(id_costs(*choices, logits, subjects, objects, channels))
        return hungarian(torch.stack(costs), [len(rows) for rows in truth.relations])

    def _candidates(self, matched: Int64[Tensor, "b g"], queries: int) -> Bool[Tensor, "b q"]:
        if self.choose_from == "all":
            return torch.ones(len(matched), queries, dtype=torch.bool, device=matched.device)
        flags = torch.zeros(len(matched), queries + 1, dtype=torch.bool, device=matched.device)
        slots = torch.where(matched >= 0, matched, queries)  # one more slot swallows what is unmatched
        return flags.scatter(1, slots, True)[:, :queries]

    def adjusted(self, relations: QueryRelations) -> QueryRelations:
        """The same with logits as predictions should be made from them."""
        return replace(relations, predicate_logits=self.adjustment.at_test(relations.predicate_logits))

    def pair_probabilities(
        self, relations: QueryRelations, picture: int, kept: Int64[Tensor, " n"]
    ) -> Float[Tensor, "n n p"]:
        """For every ordered pair of some object queries, the best product of both choices and the predicate."""
        subject = relations.subject_scores[-1, picture].softmax(-1)[:, kept]
        other = relations.object_scores[-1, picture].softmax(-1)[:, kept]
        predicate = self.adjustment.at_test(relations.predicate_logits[-1, picture]).softmax(-1)[:, 1:]
        best = predicate.new_zeros(len(kept), len(kept), self.num_predicates)
        for chunk in range(0, len(predicate), _CHUNK):
            part = slice(chunk, chunk + _CHUNK)
            pairs = subject[part, :, None, None] * other[part, None, :, None] * predicate[part, None, None, :]
            best = torch.maximum(best, pairs.amax(0))
        return best


def _cosine(states: Float[Tensor, "l b r d"], projected: Float[Tensor, "b q d"]) -> Float[Tensor, "l b r q"]:
    """Cosine over temperature, in float32."""
    states = functional.normalize(states.float(), dim=-1)
    projected = functional.normalize(projected.float(), dim=-1)
    return states @ projected.transpose(-1, -2) / TEMPERATURE


def true_relations(
    truth: Truth, matched: Int64[Tensor, "b g"]
) -> tuple[Int64[Tensor, "b m"], Int64[Tensor, "b m"], Int64[Tensor, "b m"]]:
    """Subject query, object query and predicate channel of the true relations, padded to the largest number."""
    rows = nn.utils.rnn.pad_sequence(list(truth.relations), batch_first=True)
    if not rows.shape[1] or not matched.shape[1]:
        empty = matched.new_zeros(len(matched), 0)
        return empty, empty, empty
    subject, predicate, other = rows.unbind(-1)
    return matched.gather(1, subject), matched.gather(1, other), predicate + 1


def choice_loss(
    scores: Float[Tensor, "b r q"],
    chosen: Int64[Tensor, "b m"],
    answering: Int64[Tensor, "b m"],
    candidates: Bool[Tensor, "b q"],
) -> Float[Tensor, ""]:
    """Cross-entropy of the right object query among the candidates, mean over the true relations that are answered."""
    rows = gather_queries(scores, answering)
    entropy = rows.masked_fill(~candidates[:, None], -torch.inf).logsumexp(-1)
    entropy = entropy - rows.gather(-1, chosen.clamp(min=0)[..., None])[..., 0]
    answered = answering >= 0
    number = reduce_mean(answered.sum().float()).clamp(min=1)
    return torch.where(answered, entropy, 0).sum() / number
