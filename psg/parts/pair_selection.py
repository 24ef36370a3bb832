"""Which pairs of objects are worth a look: a thin score for every pair, before anything names predicates.

Pairs are many and relations few (60 objects have 1,770 pairs, of which one in twenty is related).
Yang et al. 2018, "Graph R-CNN" (section 3.2), score pairs by the product of a subject and of an object
projection; Wang et al. 2024, "Pair then Relation" (Pair-Net), show that what limits the recall of a
panoptic scene graph is finding the pairs, not naming their predicates.
"""

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.utils import reduce_mean
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.layout import PAIR_NUMBERS
from psg.parts.objects import gather_queries
from psg.parts.truth import Truth

_UNLIKELY = 1e-9
"""Least probability of an object in the ranking of pairs: keeps its logarithm finite."""


class PairSelection(nn.Module):
    """How likely every ordered pair is related: a thin product of subject and object, weighed by their layout.

    `sum_r subject_r * object_r * layout_r`: the first two say whether such things are related at all
    and are projected an object; the third says whether these two lie so, and a thin network gives it
    from a few numbers a pair. The product alone cannot tell near from far among many small objects.

    Args:
        dims: width of the states of objects.
        rank: terms of the sum.
    """

    def __init__(self, dims: int, rank: int = 32) -> None:
        super().__init__()
        self.subject = nn.Sequential(nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, rank))
        self.object = nn.Sequential(nn.Linear(dims, dims), nn.ReLU(), nn.Linear(dims, rank))
        self.layout = nn.Sequential(nn.Linear(PAIR_NUMBERS, rank), nn.ReLU(), nn.Linear(rank, rank))
        nn.init.ones_(self.layout[-1].bias)  # begins as the plain product

    def forward(self, states: Float[Tensor, "b q d"], numbers: Float[Tensor, "b q q n"]) -> Float[Tensor, "b q q"]:
        """Logits, [picture, subject, object], from `Layout.pairs`; the diagonal says nothing."""
        subjects, objects, layout = self.subject(states), self.object(states), self.layout(numbers)
        weighed = (layout * objects[:, None]) @ subjects[..., None]
        return weighed[..., 0].float() * subjects.shape[-1] ** -0.5


def candidates(
    logits: Float[Tensor, "b q q"], probabilities: Float[Tensor, "b q"], number: int
) -> Int64[Tensor, "b k 2"]:
    """The unordered pairs that are most likely related, best first.

    A pair is ranked by the better of its two directions times the probabilities that its ends are
    objects at all, as the rows of a graph are; background queries take no places from real objects.

    Args:
        logits: of `PairSelection`.
        probabilities: of the best class of every query.
        number: how many pairs are kept; all, if there are fewer.

    Returns:
        Queries (i, j) with i < j.

    >>> logits = torch.tensor([[[0.0, -3.0, 2.0], [-3.0, 0.0, -3.0], [-9.0, 1.0, 0.0]]])
    >>> candidates(logits, torch.ones(1, 3), 2).tolist()
    [[[0, 2], [1, 2]]]
    """
    queries = logits.shape[-1]
    first, second = torch.triu_indices(queries, queries, 1, device=logits.device)
    objects = probabilities.clamp(min=_UNLIKELY).log()
    either = functional.logsigmoid(torch.maximum(logits, logits.transpose(1, 2)))
    ranked = (either + objects[:, :, None] + objects[:, None])[:, first, second]
    chosen = ranked.topk(min(number, len(first)), dim=-1).indices
    return torch.stack((first[chosen], second[chosen]), -1)


def selection_loss(logits: Float[Tensor, "b q q"], truth: Truth, matched: Int64[Tensor, "b g"]) -> Float[Tensor, ""]:
    """Cross-entropy of being related, over ordered pairs of matched queries.

    Related and unrelated pairs weigh the same in all, however rare relations are: a pair that is lost
    here is lost, one that is kept for nothing costs a little time.
    """
    rows = gather_queries(logits, matched)
    chosen = gather_queries(rows.transpose(1, 2), matched).transpose(1, 2)
    related = related_pairs(truth)
    present = matched >= 0
    distinct = ~torch.eye(matched.shape[1], dtype=torch.bool, device=matched.device)
    counted = present[:, :, None] & present[:, None] & distinct
    entropy = functional.binary_cross_entropy_with_logits(chosen, related.float(), reduction="none")

    def mean(of: Bool[Tensor, "b g g"]) -> Float[Tensor, ""]:
        return (entropy * of).sum() / reduce_mean(of.sum().float()).clamp(min=1)

    return mean(counted & related) + mean(counted & ~related)


def related_pairs(truth: Truth) -> Bool[Tensor, "b g g"]:
    """Which ordered pairs of segments have a relation, [picture, subject, object]."""
    pictures, segments = truth.labels.shape
    related = torch.zeros(pictures, segments, segments, dtype=torch.bool, device=truth.labels.device)
    if segments:
        counts = torch.tensor([len(rows) for rows in truth.relations])
        picture = torch.repeat_interleave(torch.arange(pictures), counts).to(related.device)
        subject, _, other = torch.cat(truth.relations).unbind(1)
        related[picture, subject, other] = True
    return related
