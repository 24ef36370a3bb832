"""Graphs as the published one-stage code makes them, with what surprises in it, for comparison.

Yang et al. 2022 (PSG), the post-processing of PSGTR and PSGFormer. What differs from `psg.postprocess`:

* rows rank by the probability of the predicate alone, and say the most probable predicate of their
  query whatever they were chosen for: a query that is chosen twice gives the same row twice;
* every pixel belongs to a segment, the one with the highest mask logit; nothing is left empty;
* segments of one class that is mistaken for the background never appear: the last but one class for
  PSGTR, the last for PSGFormer;
* masks of a padded batch are enlarged with their padding, hence slightly squeezed; a picture without
  any row is all of the second class; a segment may be related to itself.

The published code enlarges all masks to full size, by nearest neighbour. Every pixel then repeats a
cell, so everything is decided on the cells, weighted by how many pixels repeat them: equal results
from a sixteenth of the work or less, and only the final map is full-size.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from mmdet.structures.bbox import bbox_cxcywh_to_xyxy
from torch import Tensor
from torch.nn import functional

from psg.parts.detr_objects import DETRObjects
from psg.parts.relation_queries import QueryRelations
from psg.parts.triplets import Triplets
from psg.postprocess import source_of
from psg.samples import SceneGraphSample
from psg.suppression import leaders
from psg.winners import first_highest_
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.masks import Mask
from scenegraph.panoptic import masks_from_ids

PSGTR_RULES = {"object_score": 0.5, "predicate_score": 0.3, "without_repetitions": True, "lost_class": -2}
"""Where the published post-processing of PSGTR differs from that of PSGFormer."""

_BLOCK = 4096
"""Cells that are compared at a time."""


@dataclass(frozen=True)
class Candidates:
    """Relation queries r and hypotheses e for their ends, of one picture.

    `class_logits` have the background last, `predicate_logits` first. `ends` are the hypotheses that
    every relation query has as subject and as object; `shared` tells that these are a common pool, as
    in PSGFormer, and not each query's own. `mask_logits` cover the padded picture, `boxes` are centre
    boxes in shares of it.
    """

    class_logits: Float[Tensor, "e k"]
    mask_logits: Float[Tensor, "e h w"]
    boxes: Float[Tensor, "e 4"]
    predicate_logits: Float[Tensor, "r p"]
    ends: Int64[Tensor, "2 r"]
    shared: bool


@dataclass(frozen=True)
class Rows:
    """t rows, best first: the hypotheses of both ends, the chosen predicate, and all probabilities (background first).

    `categories` and `class_scores` are those of both ends.
    """

    ends: Int64[Tensor, "2 t"]
    categories: Int64[Tensor, "2 t"]
    class_scores: Float[Tensor, "2 t"]
    predicates: Int64[Tensor, " t"]
    distributions: Float[Tensor, "t p"]

    def __getitem__(self, chosen: Tensor) -> "Rows":
        pairs = (values[:, chosen] for values in (self.ends, self.categories, self.class_scores))
        return Rows(*pairs, self.predicates[chosen], self.distributions[chosen])

    @property
    def scores(self) -> Float[Tensor, " t"]:
        """The probability of the chosen predicate, by which rows rank."""
        return self.distributions.gather(1, self.predicates[:, None] + 1)[:, 0]


@dataclass(frozen=True)
class Panoptic:
    """A full-size map of segments 0 to n - 1 without empty pixels, and rows between them.

    `pairs` are the segments of every row's subject and object.
    """

    ids: Int64[Tensor, "height width"]
    categories: Int64[Tensor, " n"]
    scores: Float[Tensor, " n"]
    pairs: Int64[Tensor, "t 2"]
    rows: Rows


def chosen_triplets(objects: DETRObjects, relations: QueryRelations, picture: int) -> Candidates:
    """The candidates of PSGFormer: each relation query's most similar object queries."""
    scores = relations.subject_scores, relations.object_scores
    return Candidates(
        objects.class_logits[-1, picture],
        objects.mask_logits[picture],
        objects.readings.boxes[-1, picture],
        relations.predicate_logits[-1, picture],
        torch.stack([of_end[-1, picture].argmax(-1) for of_end in scores]),
        shared=True,
    )


def own_triplets(triplets: Triplets, picture: int) -> Candidates:
    """The candidates of PSGTR: each query's own subject and object."""
    ends = triplets.subject, triplets.object
    queries = triplets.predicate_logits.shape[2]
    return Candidates(
        torch.cat([end.class_logits[-1, picture] for end in ends]),
        torch.cat((triplets.subject_masks[picture], triplets.object_masks[picture])),
        torch.cat([end.boxes[-1, picture] for end in ends]),
        triplets.predicate_logits[-1, picture],
        torch.arange(2 * queries, device=ends[0].boxes.device).reshape(2, queries),
        shared=False,
    )


@dataclass(frozen=True)
class PublishedPostProcessing:
    """How the published code makes a graph; the defaults are those of PSGFormer.

    Attributes:
        panoptic: merge the masks into one map; else every row brings its own two masks, which may
            overlap and repeat: the setting of the published tables.
        max_relations: rows that are chosen, over all queries and predicates.
        mask_probability: pixels above it belong to a mask when masks are compared.
        duplicate_iou: things of a class whose masks overlap more are one segment.
        object_score: rows with a less probable end do not come into the map.
        predicate_score: nor do rows with a less probable predicate.
        without_repetitions: drop rows that repeat the names and both masks of a better one.
        lost_class: category, counted from the end, that is mistaken for the background.
    """

    panoptic: bool = True
    max_relations: int = 100
    mask_probability: float = 0.85
    duplicate_iou: float = 0.5
    object_score: float = 0.0
    predicate_score: float = 0.0
    without_repetitions: bool = False
    lost_class: int = -1

    @torch.no_grad()
    def graph(self, candidates: Candidates, sample: SceneGraphSample, vocabulary: Vocabulary) -> SceneGraph:
        """The graph of one picture at its original size, rows in the published order."""
        size = sample.ori_shape[:2]
        rows = self.rows(candidates, size)
        source = sample.graph.source if "graph" in sample else source_of(sample)
        if not self.panoptic:
            pairs = torch.arange(rows.ends.numel()).reshape(2, -1).T
            categories, scores = rows.categories.flatten(), rows.class_scores.flatten()
            return _graph(self.masks(candidates, rows, size), categories, scores, pairs, rows, source, vocabulary)
        merged = self.merge(candidates, rows, size, len(vocabulary.things))
        masks = masks_from_ids(merged.ids.cpu().numpy(), range(len(merged.categories)))
        return _graph(masks, merged.categories, merged.scores, merged.pairs, merged.rows, source, vocabulary)

    def rows(self, candidates: Candidates, size: tuple[int, int]) -> Rows:
        """The most probable predicates of all queries; several may come from one query.

        Args:
            candidates: of one picture.
            size: (height, width) of the original picture, at which repeated masks are compared.
        """
        scores, categories = candidates.class_logits.softmax(-1)[:, :-1].max(-1)
        distributions = candidates.predicate_logits.softmax(-1)
        flat = distributions[:, 1:].flatten()
        best = flat.topk(min(self.max_relations, len(flat))).indices
        queries = best // (distributions.shape[1] - 1)
        ends = candidates.ends[:, queries]
        predicates = best % (distributions.shape[1] - 1)
        rows = Rows(ends, categories[ends], scores[ends], predicates, distributions[queries])
        return rows[self._first_of_kind(candidates, rows, size)] if self.without_repetitions else rows

    def _first_of_kind(self, candidates: Candidates, rows: Rows, size: tuple[int, int]) -> Bool[Tensor, " t"]:
        names = torch.stack((*rows.categories, rows.predicates))
        similar = (names[:, :, None] == names[:, None]).all(0)
        repeated = (similar.sum(0) > 1).nonzero()[:, 0]
        among = similar[repeated[:, None], repeated]
        for of_end, categories in zip(rows.ends[:, repeated], rows.categories[:, repeated], strict=True):
            among &= self._overlapping(candidates.mask_logits, of_end, categories, size)
        similar[repeated[:, None], repeated] = among
        return leaders(similar) == torch.arange(len(similar), device=similar.device)

    def _overlapping(
        self,
        logits: Float[Tensor, "e h w"],
        chosen: Int64[Tensor, " n"],
        categories: Int64[Tensor, " n"],
        size: tuple[int, int],
    ) -> Bool[Tensor, "n n"]:
        """Which of the chosen masks have one category and an IoU above `duplicate_iou` at the original size.

        Masks of different categories are never compared: a product of matrices for every category that
        occurs more than once.
        """
        _, kind, members = categories.unique(return_inverse=True, return_counts=True)
        pool, place = chosen.unique(return_inverse=True)
        similar = torch.zeros(len(pool), len(pool), dtype=torch.bool, device=logits.device)
        kind = torch.where(members[kind] > 1, kind, -1)
        kinds = torch.zeros_like(pool).scatter_(0, place, kind)
        order = kinds.argsort()[(kinds < 0).sum() :]
        members = kinds[order].unique_consecutive(return_counts=True)[1].tolist()
        # Sums of integers below 2^24 are exact in float32: pictures up to 16 million pixels.
        weights = torch.outer(*(repeats(cells, pixels).float() for cells, pixels in _axes(logits, size)))
        weights = weights.flatten().to(logits.device)
        for same in order.split(members):
            # Ones and zeros in place, since new tensors of truth values take ten times as long on a processor.
            masks = logits.index_select(0, pool[same]).float().flatten(1).gt_(self._threshold)
            shared = (masks * weights) @ masks.T
            area = shared.diagonal()
            similar[same[:, None], same] = shared / (area[:, None] + area - shared) > self.duplicate_iou
        return similar[place[:, None], place[None]]

    @property
    def _threshold(self) -> float:
        """The logit of `mask_probability`."""
        return math.log(self.mask_probability / (1 - self.mask_probability))

    def masks(self, candidates: Candidates, rows: Rows, size: tuple[int, int]) -> list[Mask]:
        """The masks of all subjects, then of all objects, at the original size."""
        logits = candidates.mask_logits[rows.ends.flatten()]
        cells = (logits > self._threshold).cpu().numpy()
        down, across = (sources(before, after).numpy() for before, after in _axes(logits, size))
        return [Mask.from_array(mask[down][:, across]) for mask in cells]

    def merge(self, candidates: Candidates, rows: Rows, size: tuple[int, int], num_things: int) -> Panoptic:
        """One map of segments, and the rows whose ends are in it.

        Args:
            candidates: of one picture.
            rows: of the same picture.
            size: (height, width) of the map.
            num_things: categories below it are things; all others become one segment a class.
        """
        lost = candidates.class_logits.shape[1] - 1 + self.lost_class
        certain = (rows.class_scores > self.object_score).all(0) & (rows.scores > self.predicate_score)
        rows = rows[certain & (rows.categories != lost).all(0)]
        if not len(rows.predicates):
            return _nothing(rows, size)
        pool, segments = rows.ends.flatten(), torch.arange(rows.ends.numel(), device=rows.ends.device)
        if candidates.shared:
            pool, segments = pool.unique(return_inverse=True)
        scores, categories = candidates.class_logits[pool].softmax(-1)[:, :-1].max(-1)
        same = categories[:, None] == categories[None]
        things = (categories < num_things).nonzero()[:, 0]
        overlapping = self._overlapping(candidates.mask_logits, pool[things], categories[things], size)
        same[things[:, None], things] &= overlapping
        owner = leaders(same)
        cells = owner[_best(candidates.mask_logits, pool)]
        axes = _axes(candidates.mask_logits, size)
        # A cell that no pixel repeats (pictures smaller than their maps) leaves no segment.
        pixels = torch.outer(*(repeats(before, after).double() for before, after in axes)).to(cells.device)
        found = torch.bincount(cells.flatten(), pixels.flatten(), minlength=len(owner)).nonzero()[:, 0]
        number = torch.full_like(owner, -1)
        number[found] = torch.arange(len(found), device=found.device)
        row_of, column_of = (sources(before, after).to(cells.device) for before, after in axes)
        ids = number[cells].index_select(1, column_of).index_select(0, row_of)
        pairs = number[owner][segments.reshape(2, -1)].T
        present = (pairs >= 0).all(1)
        return Panoptic(ids, categories[found], scores[found], pairs[present], rows[present])


def boxes_of(candidates: Candidates, rows: Rows, sample: SceneGraphSample) -> Float[Tensor, "ends 5"]:
    """Boxes (xyxy in pixels of the original picture, clipped) and class scores of subjects, then objects."""
    height, width = sample.img_shape[:2]
    limits = torch.tensor([width, height, width, height], device=candidates.boxes.device)
    corners = (bbox_cxcywh_to_xyxy(candidates.boxes[rows.ends.flatten()]) * limits).clamp(min=0)
    factor = corners.new_tensor(sample.scale_factor).repeat(2)
    return torch.cat((torch.minimum(corners, limits) / factor, rows.class_scores.flatten()[:, None]), 1)


def sources(cells: int, pixels: int) -> Int64[Tensor, " pixels"]:
    """The cell that every pixel repeats in nearest-neighbour resizing, along one axis.

    >>> sources(2, 5).tolist()
    [0, 0, 0, 1, 1]
    """
    return functional.interpolate(torch.arange(cells).float()[None, None], size=pixels, mode="nearest")[0, 0].long()


def repeats(cells: int, pixels: int) -> Int64[Tensor, " cells"]:
    """How many pixels repeat every cell in nearest-neighbour resizing, along one axis."""
    return torch.bincount(sources(cells, pixels), minlength=cells)


def _best(logits: Float[Tensor, "e h w"], pool: Int64[Tensor, " n"]) -> Int64[Tensor, "h w"]:
    """For every cell the position in the pool of the mask with the highest logit; of equal masks, the first."""
    different, place = pool.unique(return_inverse=True)
    places = torch.arange(len(pool), device=pool.device)
    first = torch.full_like(different, len(pool)).scatter_reduce_(0, place, places, "amin")
    order = first.argsort()
    # In blocks that stay in the cache.
    blocks = logits.flatten(1).split(_BLOCK, 1)
    best = torch.cat([first_highest_(block.index_select(0, different[order]).float()) for block in blocks])
    return first[order][best].reshape(logits.shape[1:])


def _axes(logits: Float[Tensor, "n h w"], size: tuple[int, int]) -> list[tuple[int, int]]:
    return list(zip(logits.shape[1:], size, strict=True))


def _nothing(rows: Rows, size: tuple[int, int]) -> Panoptic:
    """The published map of a picture without rows: all of the second class."""
    ids = torch.zeros(size, dtype=torch.int64)
    return Panoptic(ids, torch.ones(1, dtype=torch.int64), torch.zeros(1), ids.new_zeros(0, 2), rows)


def _graph(
    masks: list[Mask],
    categories: Int64[Tensor, " n"],
    scores: Float[Tensor, " n"],
    pairs: Int64[Tensor, "t 2"],
    rows: Rows,
    source: Source,
    vocabulary: Vocabulary,
) -> SceneGraph:
    nodes: list[Any] = list(zip(masks, categories.tolist(), scores.tolist(), strict=True))
    said = rows.distributions[:, 1:].argmax(1).tolist()
    listed = zip(pairs.tolist(), said, rows.scores.tolist(), strict=True)
    return SceneGraph(
        source,
        tuple(Node(place, category, Segment(mask), score) for place, (mask, category, score) in enumerate(nodes)),
        tuple(Relation(subject, predicate, other, score) for (subject, other), predicate, score in listed),
        vocabulary,
    )
