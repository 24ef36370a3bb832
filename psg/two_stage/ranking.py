"""From logits to ranked triples.

A triple's score is the probability of its predicate times those of both categories (Yang et al. 2022;
Zellers et al. 2018, section 5); backgrounds are never predicted, they only take probability away.
"""

from dataclasses import dataclass

from jaxtyping import Float, Int64
from torch import Tensor


@dataclass(frozen=True)
class Ranked:
    """The rows of one picture, best first; categories and predicates are 0-based."""

    categories: Int64[Tensor, " n"]
    object_scores: Float[Tensor, " n"]
    pairs: Int64[Tensor, "r 2"]
    predicates: Int64[Tensor, " r"]
    scores: Float[Tensor, " r"]
    probabilities: Float[Tensor, "r p"]
    """Of all predicates of the row's pair, background first."""


def rank(
    object_logits: Float[Tensor, "n k"],
    relation_logits: Float[Tensor, "m p"],
    pairs: Int64[Tensor, "m 2"],
    predicates_per_pair: int = 1,
    most: int | None = None,
) -> Ranked:
    """Rank the predicates of pairs.

    Args:
        object_logits: background first.
        relation_logits: background first.
        pairs: (subject, object), rows of `object_logits`.
        predicates_per_pair: rows a pair; 1 for the graph-constraint protocol.
        most: keep at most so many rows; None keeps all.
    """
    object_scores, categories = object_logits.softmax(-1)[:, 1:].max(-1)
    probabilities = relation_logits.softmax(-1)
    best, predicates = probabilities[:, 1:].topk(min(predicates_per_pair, probabilities.shape[1] - 1))
    ends = object_scores[pairs].prod(-1, keepdim=True)
    scores, order = (best * ends).flatten().sort(descending=True, stable=True)
    order = order[:most]
    row = order // max(best.shape[1], 1)
    return Ranked(categories, object_scores, pairs[row], predicates.flatten()[order], scores[:most], probabilities[row])
