"""What relation models learn: which pairs, and by which losses."""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.registry import MODELS
from torch import Tensor, nn

from pvsg.relations.heads.head import PairLogits
from pvsg.relations.losses import span_loss, weighted_cross_entropy, zlpr
from scenegraph import InputError


class PairTruth(NamedTuple):
    """What is true of p pairs of tracks.

    `weights` make up for pairs that were left out.
    """

    pairs: Int64[Tensor, "p 2"]
    active: Bool[Tensor, "p t c"]
    together: Bool[Tensor, "p t"]
    weights: Float[Tensor, " p"]


def truth_of(
    pairs: Int64[Tensor, "p 2"],
    weights: Float[Tensor, " p"],
    triples: Int64[Tensor, "r 3"],
    active: Bool[Tensor, "r t"],
    present: Bool[Tensor, "n t"],
    num_predicates: int,
) -> PairTruth:
    """The labels of some pairs."""
    row = pairs.new_full((len(present), len(present)), -1)
    row[pairs[:, 0], pairs[:, 1]] = torch.arange(len(pairs), device=pairs.device)
    at = row[triples[:, 0], triples[:, 2]]
    known = at >= 0
    truth = torch.zeros(len(pairs), num_predicates, present.shape[1], dtype=torch.bool, device=pairs.device)
    truth[at[known], triples[known, 1]] = active[known]
    together = present[pairs[:, 0]] & present[pairs[:, 1]]
    return PairTruth(pairs, truth.mT, together, weights)


@MODELS.register_module()
class PublishedObjective(nn.Module):
    """OpenPVSG's training: true pairs only, each predicate of a pair once, spans of true predicates.

    Args:
        num_predicates: of the vocabulary.
        counts: relations of every predicate in the training data; tools/train.py counts them. Counting
            starts from 1, as published.
        most_pairs: pairs times frames a video; at least 50 pairs are taken.
        predicate_weight: of the predicate loss; the pair loss and the span loss weigh 1.
    """

    def __init__(
        self,
        num_predicates: int,
        counts: Sequence[int] | None = None,
        most_pairs: int = 10_000,
        predicate_weight: float = 5.0,
    ) -> None:
        super().__init__()
        counts = [0] * num_predicates if counts is None else list(counts)
        if len(counts) != num_predicates or min(counts, default=0) < 0:
            raise InputError(f"objective.counts has {len(counts)} numbers; expected {num_predicates}, of 0 or more")
        self.register_buffer("counts", torch.tensor(counts, dtype=torch.float32) + 1, persistent=False)
        self.most_pairs, self.predicate_weight = most_pairs, predicate_weight

    def chosen(
        self, candidates: Int64[Tensor, "m 2"], related: Bool[Tensor, " m"], num_frames: int
    ) -> tuple[Int64[Tensor, "p 2"], Float[Tensor, " p"]]:
        """A random part of the related pairs."""
        pairs = candidates[related]
        pairs = pairs[torch.randperm(len(pairs), device=pairs.device)[: max(50, self.most_pairs // num_frames)]]
        return pairs, torch.ones(len(pairs), device=pairs.device)

    def forward(self, logits: PairLogits, truth: PairTruth) -> dict[str, Tensor]:
        """The losses of one video; zeros without pairs."""
        if not len(truth.pairs):
            nothing = (logits.predicates.sum() + logits.spans.sum()) * 0
            return {"loss_predicate": nothing, "loss_span": nothing}
        predicate = weighted_cross_entropy(logits.overall, truth.active.any(1), self.counts)
        return {"loss_predicate": self.predicate_weight * predicate, "loss_span": span_loss(logits.spans, truth.active)}


def pair_loss(logits: Float[Tensor, "n n"], triples: Int64[Tensor, "r 3"]) -> Float[Tensor, ""]:
    """OpenPVSG's loss of the pair proposal: ZLPR with the whole matrix as one row."""
    truth = torch.zeros_like(logits, dtype=torch.bool)
    truth[triples[:, 0], triples[:, 2]] = True
    return zlpr(logits.reshape(1, -1), truth.reshape(1, -1))


@MODELS.register_module()
class ActivityObjective(nn.Module):
    """Ours: whether a predicate holds in a frame, of related and unrelated pairs alike.

    The cross entropy is not weighted by predicate or by outcome, so that the probabilities can be
    added up to an expected overlap, by which rows are ranked (`pvsg.relations.rows`). Of the pairs that
    are not related a random part is looked at, with the weight of all.

    Args:
        num_predicates: of the vocabulary.
        most_pairs: pairs a video that are looked at.
        predicate_weight: of the loss that says whether a predicate holds at any time.
    """

    def __init__(self, num_predicates: int, most_pairs: int = 96, predicate_weight: float = 0.2) -> None:
        super().__init__()
        self.most_pairs, self.predicate_weight = most_pairs, predicate_weight

    def chosen(
        self, candidates: Int64[Tensor, "m 2"], related: Bool[Tensor, " m"], num_frames: int
    ) -> tuple[Int64[Tensor, "p 2"], Float[Tensor, " p"]]:
        """All related pairs, as far as there is room, and some of the others."""
        parts, weights = [], []
        room = self.most_pairs
        for pairs in (candidates[related], candidates[~related]):
            kept = pairs[torch.randperm(len(pairs), device=pairs.device)[:room]]
            parts.append(kept)
            weights.append(torch.full((len(kept),), len(pairs) / max(len(kept), 1), device=pairs.device))
            room -= len(kept)
        return torch.cat(parts), torch.cat(weights)

    def forward(self, logits: PairLogits, truth: PairTruth) -> dict[str, Tensor]:
        """The losses of one video; zeros without pairs."""
        cross_entropy = nn.functional.binary_cross_entropy_with_logits
        weights = truth.weights[:, None] * truth.together
        frames = weights.sum().clamp(min=1)
        entropy = cross_entropy(logits.spans, truth.active.to(logits.spans), reduction="none").sum(-1)
        # Over frames without both tracks the maximum would be of numbers that mean nothing.
        seen = torch.where(truth.together[..., None], logits.predicates, -30.0).amax(1)
        overall = cross_entropy(seen, truth.active.any(1).to(seen), reduction="none").sum(-1)
        ever = (overall * truth.weights).sum() / truth.weights.sum().clamp(min=1)
        return {
            "loss_activity": (entropy * weights).sum() / frames,
            "loss_predicate": self.predicate_weight * ever,
        }
