"""From queries to a scene graph: one map without overlaps, one row an ordered pair.

Yang et al. 2022 (PSG) and Cheng et al. 2021 (MaskFormer, section 3.4) for the merging of masks: a
pixel goes to the mask with the highest product of class and mask probability. Everything is done on
whole tensors; masks are enlarged once, and only those of the queries that are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor

from psg.borders import enlarge_ids
from psg.parts.objects import Objects
from psg.samples import SceneGraphSample
from psg.suppression import leaders
from psg.winners import first_highest_
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.panoptic import masks_from_ids

PairProbabilities = Callable[[Int64[Tensor, " n"]], Float[Tensor, "n n p"]]
"""Probability of every predicate for the ordered pairs of chosen queries."""


@dataclass(frozen=True)
class Segments:
    """A map of ids 0 to n - 1 (-1: nothing) and what its segments are.

    `owner[k]` is the segment that query `queries[k]` went into.
    """

    ids: Int64[Tensor, "h w"]
    categories: Int64[Tensor, " n"]
    scores: Float[Tensor, " n"]
    queries: Int64[Tensor, " q"]
    owner: Int64[Tensor, " q"]


@dataclass(frozen=True)
class PostProcessing:
    """How predictions become a graph.

    Attributes:
        object_score: queries whose class is less probable are dropped.
        mask_probability: pixels whose best mask is less probable belong to nothing.
        duplicate_iou: of two things of one class whose masks overlap more, the less probable is a duplicate.
        duplicates: "drop" them with their relations, or "merge": their relations become those of the
            more probable, for models whose queries do not compete for things.
        visible_share: a segment that keeps less of its own mask, because others cover it, is dropped.
        smallest_area: smaller segments are dropped; pixels of the original picture.
        merge_at: where pixels are given to masks: at the size of the "picture", or on the cells of the
            "masks", after which only the borders of the map are enlarged (`psg.borders`).
        max_objects: at most so many queries are kept, the most probable.
        predicates_per_pair: rows an ordered pair; 1 for the graph-constraint protocol.
        max_relations: at most so many rows are kept, the most probable.
    """

    object_score: float = 0.3
    mask_probability: float = 0.4
    duplicate_iou: float = 0.7
    visible_share: float = 0.4
    smallest_area: int = 8
    duplicates: Literal["drop", "merge"] = "drop"
    merge_at: Literal["picture", "masks"] = "picture"
    max_objects: int = 100
    predicates_per_pair: int = 1
    max_relations: int = 100

    @torch.no_grad()
    def __call__(
        self,
        objects: Objects,
        picture: int,
        pair_probabilities: PairProbabilities,
        sample: SceneGraphSample,
        vocabulary: Vocabulary,
    ) -> SceneGraph:
        """The graph of one picture of a batch, at its original size; empty where nothing is found."""
        return self.of_hypotheses(
            objects.class_probabilities[picture],
            objects.mask_logits[picture],
            objects.mask_stride,
            pair_probabilities,
            sample,
            vocabulary,
        )

    @torch.no_grad()
    def of_hypotheses(
        self,
        class_probabilities: Float[Tensor, "q k"],
        mask_logits: Float[Tensor, "q h w"],
        mask_stride: int,
        pair_probabilities: PairProbabilities,
        sample: SceneGraphSample,
        vocabulary: Vocabulary,
    ) -> SceneGraph:
        """The same from the class probabilities (without background) and the masks of one picture's hypotheses."""
        segments = self.segments(
            class_probabilities,
            mask_logits.float(),
            mask_stride,
            tuple(sample.img_shape[:2]),
            tuple(sample.ori_shape[:2]),
            len(vocabulary.things),
        )
        triples, scores = self.triples(pair_probabilities(segments.queries), segments)
        source = sample.graph.source if "graph" in sample else source_of(sample)
        return _graph(segments, triples, scores, source, vocabulary)

    def segments(
        self,
        class_probabilities: Float[Tensor, "q k"],
        mask_logits: Float[Tensor, "q h w"],
        stride: int,
        image_size: tuple[int, int],
        original_size: tuple[int, int],
        num_things: int,
    ) -> Segments:
        """One map without overlaps from overlapping masks.

        Args:
            class_probabilities: of every query, without background.
            mask_logits: of every query over the padded picture, at `stride`.
            stride: pixels of the network's picture to a cell.
            image_size: (height, width) of the network's picture without padding.
            original_size: (height, width) of the map that is made.
            num_things: classes below it are things; queries of one stuff class become one segment.
        """
        scores, categories = class_probabilities.max(-1)
        order = scores.argsort(descending=True, stable=True)[: self.max_objects]
        order = order[scores[order] > self.object_score]
        leader = self._leaders(mask_logits[order], categories[order], num_things)
        leads = leader == torch.arange(len(leader), device=leader.device)
        queries = order if self.duplicates == "merge" else order[leads]
        order, leader = order[leads], (leads.cumsum(0) - 1)[leader if self.duplicates == "merge" else leads]
        scores, categories = scores[order], categories[order]
        owner, first = _group(categories, num_things)
        logits = _best_of_group(mask_logits[order], owner, len(first))
        scores, categories = scores[first], categories[first]  # of the most probable query of each
        ids, kept = self._merged(logits, scores, stride, image_size, original_size)
        renumbered = torch.where(kept, kept.cumsum(0) - 1, -1)
        owner = renumbered[owner][leader]
        return Segments(
            torch.where(ids >= 0, renumbered[ids.clamp(min=0)], -1) if len(kept) else ids,
            categories[kept],
            scores[kept],
            queries[owner >= 0],
            owner[owner >= 0],
        )

    def _merged(
        self,
        logits: Float[Tensor, "n h w"],
        scores: Float[Tensor, " n"],
        stride: int,
        image_size: tuple[int, int],
        original_size: tuple[int, int],
    ) -> tuple[Int64[Tensor, "height width"], Bool[Tensor, " n"]]:
        """The map at the original size before its segments are renumbered, and which are kept."""
        if self.merge_at == "picture":
            return self._fill(enlarge(logits, stride, image_size, original_size).sigmoid_(), scores, self.smallest_area)
        rows, columns = (-(-length // stride) for length in image_size)
        logits = logits[:, :rows, :columns]
        vertical, horizontal = (
            stride * wanted / given for wanted, given in zip(original_size, image_size, strict=True)
        )
        ids, kept = self._fill(logits.sigmoid(), scores, self.smallest_area / (vertical * horizontal))
        scale = (vertical, horizontal)
        return enlarge_ids(ids, logits, scores, scale, original_size, self.mask_probability), kept

    def _leaders(
        self, logits: Float[Tensor, "n h w"], categories: Int64[Tensor, " n"], num_things: int
    ) -> Int64[Tensor, " n"]:
        """The more probable thing of its class that every thing duplicates, else itself; rows are sorted.

        Overwrites the logits.
        """
        flat = logits.flatten(1).gt_(0)
        shared = flat @ flat.T
        area = shared.diagonal()
        iou = shared / (area[:, None] + area[None] - shared).clamp(min=1)
        same = (categories[:, None] == categories[None]) & (categories < num_things)
        return leaders((iou > self.duplicate_iou) & same)

    def _fill(
        self, likely: Float[Tensor, "n h w"], scores: Float[Tensor, " n"], smallest_area: float
    ) -> tuple[Int64[Tensor, "h w"], Bool[Tensor, " n"]]:
        """Every pixel to its most probable segment, twice: segments that the first pass leaves too little are out."""
        kept = torch.ones_like(scores, dtype=torch.bool)
        own = (likely >= self.mask_probability).sum((-2, -1))
        weighted = likely * scores[:, None, None]
        for _ in range(2):
            ids = self._best(likely, weighted, kept)
            area = torch.bincount(ids.flatten() + 1, minlength=len(scores) + 1)[1:]
            kept = kept & (area >= smallest_area) & (area >= self.visible_share * own)
        return torch.where((ids >= 0) & kept[ids.clamp(min=0)], ids, -1) if len(scores) else ids, kept

    def _best(
        self, likely: Float[Tensor, "n h w"], weighted: Float[Tensor, "n h w"], kept: Bool[Tensor, " n"]
    ) -> Int64[Tensor, "h w"]:
        if not len(kept):
            return torch.full(likely.shape[1:], -1, dtype=torch.int64, device=likely.device)
        ids = first_highest_(weighted.masked_fill(~kept[:, None, None], -1))
        probability = likely.gather(0, ids[None])[0]
        return torch.where((probability >= self.mask_probability) & kept[ids], ids, -1)

    def triples(
        self, probabilities: Float[Tensor, "q q p"], segments: Segments
    ) -> tuple[Int64[Tensor, "r 3"], Float[Tensor, " r"]]:
        """(subject, predicate, object) rows between segments, the most probable first, and their scores.

        The score is the product of the predicate's probability and those of both classes. Queries
        that went into one segment share its rows: the most probable counts.
        """
        count, predicates = len(segments.scores), probabilities.shape[-1]
        by_subject = _best_of_group(probabilities, segments.owner, count)
        merged = _best_of_group(by_subject.transpose(0, 1), segments.owner, count).transpose(0, 1)
        merged = merged * (segments.scores[:, None] * segments.scores[None])[..., None]
        merged = merged * ~torch.eye(count, dtype=torch.bool, device=merged.device)[..., None]
        scores, predicate = merged.topk(min(self.predicates_per_pair, predicates), dim=-1)
        scores, order = scores.flatten().sort(descending=True, stable=True)
        found = order[scores > 0][: self.max_relations]
        pair = found // predicate.shape[-1]
        triples = torch.stack((pair // max(count, 1), predicate.flatten()[found], pair % max(count, 1)), -1)
        return triples, scores[: len(found)]


def enlarge(
    logits: Float[Tensor, "n h w"], stride: int, image_size: tuple[int, int], original_size: tuple[int, int]
) -> Float[Tensor, "n height width"]:
    """Masks of a padded batch, bilinear at the picture's original size: padding cut and scale undone in one step.

    >>> enlarge(torch.zeros(2, 8, 8), stride=4, image_size=(20, 30), original_size=(40, 60)).shape
    torch.Size([2, 40, 60])
    """
    scales = [stride * wanted / given for wanted, given in zip(original_size, image_size, strict=True)]
    if not len(logits):
        return logits.new_zeros(0, *original_size)
    return torch.ops.aten.upsample_bilinear2d(logits[None], list(original_size), False, *scales)[0]


def _group(categories: Int64[Tensor, " q"], num_things: int) -> tuple[Int64[Tensor, " q"], Int64[Tensor, " n"]]:
    """Queries into segments: a thing is its own segment, queries of one stuff class share one.

    Returns:
        The segment of every query, and the first query of every segment; segments are numbered in
        the order of their first queries.
    """
    places = torch.arange(len(categories), device=categories.device)
    if not len(places):
        return places, places
    # The first query with the same key; the matrix is small, and stays on the device.
    keys = torch.where(categories < num_things, -1 - places, categories)
    first = (keys[:, None] == keys[None]).int().argmax(-1)
    leads = first == places
    return (leads.cumsum(0) - 1)[first], places[leads]


def _best_of_group(values: Tensor, owner: Int64[Tensor, " q"], count: int) -> Tensor:
    """Elementwise maximum [count, ...] over the rows of values [q, ...] that have one owner."""
    index = owner.reshape(-1, *(1 for _ in values.shape[1:])).expand_as(values)
    return values.new_full((count, *values.shape[1:]), -torch.inf).scatter_reduce(0, index, values, "amax")


def _graph(
    segments: Segments,
    triples: Int64[Tensor, "r 3"],
    scores: Float[Tensor, " r"],
    source: Source,
    vocabulary: Vocabulary,
) -> SceneGraph:
    ids = segments.ids.cpu().numpy().astype(np.int32)
    masks = masks_from_ids(ids, np.arange(len(segments.categories)))
    nodes = zip(masks, segments.categories.tolist(), segments.scores.tolist(), strict=True)
    rows = zip(triples.tolist(), scores.tolist(), strict=True)
    return SceneGraph(
        source,
        tuple(Node(position, category, Segment(mask), score) for position, (mask, category, score) in enumerate(nodes)),
        tuple(Relation(*triple, score) for triple, score in rows),
        vocabulary,
    )


def source_of(sample: SceneGraphSample) -> Source:
    """The source of a picture whose true graph is not known."""
    height, width = sample.ori_shape[:2]
    return Source("image", str(sample.get("img_path") or sample.get("img_id", "")), height, width)
