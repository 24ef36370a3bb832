"""Which pairs of nodes are looked at, and what they should say.

The sampling of Yang et al. 2022 (from Zellers et al. 2018 and Tang et al. 2020): related pairs, up to a
quarter of the sample, and random unrelated ones.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.structures.bbox import bbox_overlaps
from torch import Tensor

SAME = 0.5
"""A node stands for a true segment if it has its class and their boxes have a higher IoU."""


@dataclass(frozen=True)
class Pairs:
    """Ordered pairs of a batch, one picture after the other; `subject` and `object` are rows of `Nodes`."""

    subject: Int64[Tensor, " m"]
    object: Int64[Tensor, " m"]
    counts: tuple[int, ...]

    @classmethod
    def join(cls, pictures: Sequence[Int64[Tensor, "_ 2"]], node_counts: Sequence[int]) -> "Pairs":
        """Pairs of a batch from those of its pictures, whose nodes count from 0 in each."""
        starts = [sum(node_counts[:position]) for position in range(len(node_counts))]
        rows = torch.cat([pairs + start for pairs, start in zip(pictures, starts, strict=True)])
        return cls(rows[:, 0], rows[:, 1], tuple(len(pairs) for pairs in pictures))


@dataclass(frozen=True)
class Sampling:
    """How pairs are drawn in training.

    Attributes:
        most: pairs a picture.
        foreground: the largest share of related pairs among them.
        per_relation: a true relation is taught on at most so many pairs of nodes that stand for its ends.
        reverse: pairs that are related only the other way round count as unrelated. The published code
            leaves them out if the nodes are the true ones, and then nothing teaches the direction.
    """

    most: int = 1024
    foreground: float = 0.25
    per_relation: int = 4
    reverse: bool = True


def all_pairs(count: int, device: torch.device | str = "cpu") -> Int64[Tensor, "m 2"]:
    """All ordered pairs of different nodes, row by row.

    >>> all_pairs(2).tolist()
    [[0, 1], [1, 0]]
    """
    return (~torch.eye(count, dtype=torch.bool, device=device)).nonzero()


def sample_pairs(
    relations: Int64[Tensor, "r 3"],
    overlap: Float[Tensor, "g n"],
    num_predicates: int,
    sampling: Sampling,
    generator: torch.Generator | None = None,
) -> tuple[Int64[Tensor, "m 2"], Float[Tensor, "m p"]]:
    """Pairs of one picture to learn from, related ones first, and their targets.

    Args:
        relations: (subject, predicate, object), rows of `overlap`.
        overlap: how well node n stands for true segment g, 0 where it does not (`stands_for`); the unit
            matrix where the nodes are the true segments.
        num_predicates: without background.
        sampling: see there.
        generator: of the draws; torch's global one if None.

    Returns:
        Ordered pairs of nodes, and a distribution over background (first) and predicates for each; the
        predicates of one pair share it.
    """
    nodes = overlap.shape[1]
    drawn, standing = _draw(relations, overlap, sampling.per_relation, generator)
    target = overlap.new_zeros(nodes * nodes, num_predicates + 1)
    target[drawn[:, 0], drawn[:, 1] + 1] = 1
    related = target.any(1).nonzero().flatten()
    most_related = int(sampling.most * sampling.foreground)
    if len(related) > most_related:
        related = _shuffled(related, generator)[:most_related]
    free = ~torch.eye(nodes, dtype=torch.bool, device=overlap.device) & ~standing
    if not sampling.reverse:
        free &= ~standing.T
    unrelated = _shuffled(free.flatten().nonzero().flatten(), generator)[: sampling.most - len(related)]
    target[unrelated, 0] = 1
    rows = torch.cat((related, unrelated))
    wanted = target[rows]
    return torch.stack((rows // max(nodes, 1), rows % max(nodes, 1)), 1), wanted / wanted.sum(1, keepdim=True)


def stands_for(
    true_boxes: Float[Tensor, "g 4"],
    true_labels: Int64[Tensor, " g"],
    boxes: Float[Tensor, "n 4"],
    labels: Int64[Tensor, " n"],
) -> Float[Tensor, "g n"]:
    """IoU of every true box with every node's, where it exceeds `SAME` and the classes agree; else 0.

    >>> box = torch.tensor([[0.0, 0.0, 2.0, 2.0]])
    >>> stands_for(box, torch.tensor([3]), box.repeat(2, 1), torch.tensor([3, 4])).tolist()
    [[1.0, 0.0]]
    """
    iou = bbox_overlaps(true_boxes, boxes)
    return iou * ((iou > SAME) & (true_labels[:, None] == labels[None]))


def _draw(
    relations: Int64[Tensor, "r 3"], overlap: Float[Tensor, "g n"], most: int, generator: torch.Generator | None
) -> tuple[Int64[Tensor, "d 2"], Bool[Tensor, "n n"]]:
    """Rows (place of the pair in the n x n table, predicate), and all pairs that stand for some relation.

    A draw without replacement in proportion to weights is the top of their logarithms plus Gumbel noise
    (Kool et al. 2019, "Stochastic Beams", section 2.3).
    """
    nodes = overlap.shape[1]
    subject, predicate, other = relations.unbind(1)
    weights = overlap[subject][:, :, None] * overlap[other][:, None]
    weights = weights.masked_fill(torch.eye(nodes, dtype=torch.bool, device=overlap.device), 0).flatten(1)
    standing = (weights > 0).any(0).reshape(nodes, nodes)
    noise = torch.rand(weights.shape, generator=generator, device=weights.device).clamp(min=1e-20)
    keys = torch.where(weights > 0, weights.log() - (-noise.log()).log(), -torch.inf)
    values, place = keys.topk(min(most, keys.shape[1]), dim=1)
    relation, column = (values > -torch.inf).nonzero(as_tuple=True)
    return torch.stack((place[relation, column], predicate[relation]), 1), standing


def _shuffled(rows: Int64[Tensor, " n"], generator: torch.Generator | None) -> Int64[Tensor, " n"]:
    return rows[torch.randperm(len(rows), generator=generator, device=rows.device)]
