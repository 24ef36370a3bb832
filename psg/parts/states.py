"""What a segment does or what is done to it, said from its query alone: a lesson for the features of segmenters."""

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn
from torch.nn import functional

from psg.parts.objects import gather_queries
from psg.parts.truth import Truth


class StateHead(nn.Module):
    """Which predicates a segment is the subject of, and which it is the object of.

    Classes and masks teach queries what a thing is and where. Relation models that see the queries alone
    (`pvsg.relations`) also need to know that it runs, sits or holds something; this loss keeps that in them.
    Used in training only.

    Args:
        dims: width of the queries.
        num_predicates: of the vocabulary.
        weight: of the loss.
    """

    def __init__(self, dims: int, num_predicates: int, weight: float) -> None:
        super().__init__()
        self.weight = weight
        self.classify = nn.Linear(dims, 2 * num_predicates)
        nn.init.constant_(self.classify.bias, -3.0)  # few predicates hold: training starts near their share

    def loss(self, queries: Float[Tensor, "b q d"], matched: Int64[Tensor, "b g"], truth: Truth) -> Float[Tensor, ""]:
        """Binary cross-entropy, summed over predicates, mean over matched segments.

        Args:
            queries: of the last layer.
            matched: the query that answers for every segment; below 0 for none.
            truth: segments with relations.
        """
        logits = self.classify(gather_queries(queries, matched)).float()
        known = (truth.present & (matched >= 0)).float()
        target = states_of(truth, logits.shape[-1] // 2).to(logits)
        entropy = functional.binary_cross_entropy_with_logits(logits, target, reduction="none").sum(-1)
        return self.weight * (entropy * known).sum() / known.sum().clamp(min=1)


def states_of(truth: Truth, num_predicates: int) -> Bool[Tensor, "b g p"]:
    """For every segment the predicates that it is the subject of, then those that it is the object of."""
    held = torch.zeros(*truth.labels.shape, 2 * num_predicates, dtype=torch.bool, device=truth.labels.device)
    for picture, relations in zip(held, truth.relations, strict=True):
        subject, predicate, object_ = relations.unbind(-1)
        picture[subject, predicate] = True
        picture[object_, num_predicates + predicate] = True
    return held
