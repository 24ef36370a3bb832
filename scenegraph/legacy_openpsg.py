"""The published protocol `openpsg`, kept so that old tables can be compared.

What the evaluation code of Yang et al. (Panoptic Scene Graph Generation, ECCV 2022) computes,
with its properties, some of which reward repetition and abstention; `scenegraph.strict` has none of
these:

* rows rank in the order of the graph, scores are not looked at;
* "graph constraint" means one predicate a row: pairs, masks and triples may be repeated, masks may
  overlap, one row may find several true relations, and each true relation counts as often as it is
  written;
* a row finds a true relation if the three names are equal and the IoU of both regions is at least
  0.5 (phrdet: the IoU of the two unions);
* pictures with true relations but without predicted ones are left out of the average;
* mR is the sum over the predicates divided by the number of all predicates of the vocabulary.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from jaxtyping import Bool, Float, Float32, Float64, Int64

from scenegraph.arrays import GraphArrays
from scenegraph.errors import InputError
from scenegraph.masks import MaskSet, intersections, unions
from scenegraph.recall import NEVER, RecallSums

IOU_THRESHOLD = 0.5
"""Reached, not exceeded, in this protocol."""

UNCONSTRAINED_ROWS = 100
"""Without graph constraint only this many rows of a picture are looked at (all of them for A@K)."""

_SMALLEST_UNION = np.float32(1e-6)
"""Square pixels; keeps the IoU of two empty boxes defined."""


@dataclass(frozen=True, eq=False)
class LegacyResult:
    """One picture: for every true relation, as often as it is written, the rank at which it is found.

    `union_ranks` are those of phrdet; `kept_ranks` those among the rows whose pair is a true pair
    (for A@K, on true nodes). Ranks count from 0; `NEVER` means not found. `skipped`: the published
    code leaves the picture out because nothing was predicted.
    """

    predicates: Int64[np.ndarray, " truths"]
    ranks: Int64[np.ndarray, " truths"]
    union_ranks: Int64[np.ndarray, " truths"]
    kept_ranks: Int64[np.ndarray, " truths"]
    skipped: bool


def measure(
    truth: GraphArrays,
    prediction: GraphArrays,
    shared: Int64[np.ndarray, "n m"] | None = None,
    mode: str = "sgdet",
    regions: Literal["mask", "box"] = "mask",
) -> LegacyResult:
    """Find the true relations of one picture among the rows of a prediction.

    Args:
        truth: true nodes and relations.
        prediction: predicted nodes and rows, best first; in PredCls on the true nodes (`given_nodes`).
        shared: `masks.intersections` of true and predicted masks, if known.
        mode: "sgdet" or "predcls"; phrdet belongs to the first, A@K to the second.
        regions: compare masks, or boxes as the published PredCls configurations do.

    Raises:
        InputError: masks are compared and a node has a box only.
    """
    predicates = truth.triples[:, 1]
    never = np.full(len(predicates), NEVER, dtype=np.int64)
    if not len(predicates) or not len(prediction.triples):
        return LegacyResult(predicates, never, never, never, skipped=len(predicates) > 0)
    equal = _names(truth)[:, None] == _names(prediction)[None, :]
    overlap = _BoxOverlap(truth, prediction) if regions == "box" else _MaskOverlap(truth, prediction, shared)
    subject = overlap.iou[truth.triples[:, 0]][:, prediction.triples[:, 0]] >= IOU_THRESHOLD
    object_ = overlap.iou[truth.triples[:, 2]][:, prediction.triples[:, 2]] >= IOU_THRESHOLD
    hits = equal & subject & object_
    union_ranks = kept_ranks = never
    if mode == "sgdet":
        candidates = np.flatnonzero(equal.any(axis=0))
        union_iou = overlap.union_iou(truth.triples[:, [0, 2]], prediction.triples[candidates][:, [0, 2]])
        union_ranks = _first_hits(equal[:, candidates] & (union_iou >= IOU_THRESHOLD), candidates)
    else:
        nodes = len(truth.categories)
        pairs, true_pairs = (each[:, 0] * nodes + each[:, 2] for each in (prediction.triples, truth.triples))
        kept = np.isin(pairs, true_pairs)
        kept_ranks = _first_hits(hits[:, kept], np.arange(kept.sum()))
    return LegacyResult(predicates, _first_hits(hits, np.arange(hits.shape[1])), union_ranks, kept_ranks, skipped=False)


class LegacySums:
    """Running sums of the published protocol.

    Args:
        num_predicates: all predicates of the vocabulary; the divisor of mR.
        ks: numbers of rows to look at.
        mode: "sgdet" adds phrdet, "predcls" adds the pair accuracy A@K.
        skip_empty: leave pictures without predicted rows out, as published; else they count 0.
    """

    def __init__(self, num_predicates: int, ks: tuple[int, ...], mode: str = "sgdet", skip_empty: bool = True) -> None:
        self.mode = mode
        self.skip_empty = skip_empty
        self.images_skipped = 0
        self.triplets = RecallSums(num_predicates, ks)
        self.unions = RecallSums(num_predicates, ks)
        self.kept = RecallSums(num_predicates, ks)

    def add(self, result: LegacyResult) -> None:
        """Add one picture."""
        if result.skipped and self.skip_empty:
            self.images_skipped += 1
            return
        self.triplets.add(result.ranks, result.predicates)
        if self.mode == "sgdet":
            self.unions.add(result.union_ranks, result.predicates)
        else:
            self.kept.add(result.kept_ranks, result.predicates)

    def merge(self, other: "LegacySums") -> None:
        """Add the pictures of other sums."""
        for name in ("triplets", "unions", "kept"):
            getattr(self, name).merge(getattr(other, name))
        self.images_skipped += other.images_skipped

    def pair_accuracy(self) -> Float64[np.ndarray, " ks"]:
        """A@K: true relations found among the rows on true pairs, pooled over pictures."""
        total = self.kept.truths.sum()
        return self.kept.found.sum(axis=1) / total if total else np.full(len(self.kept.ks), np.nan)

    def values(self) -> dict[str, float]:
        """Every number of the protocol, as "legacy openpsg/NAME"."""
        tables = {"R": self.triplets.recall(), "mR": mean_over_all(self.triplets)}
        if self.mode == "sgdet":
            tables |= {"phrdet R": self.unions.recall(), "phrdet mR": mean_over_all(self.unions)}
        else:
            tables["A"] = self.pair_accuracy()
        values = {
            f"legacy openpsg/{name}@{k}": float(number)
            for name, numbers in tables.items()
            for k, number in zip(self.triplets.ks, numbers, strict=True)
        }
        values["legacy openpsg/images_counted"] = float(self.triplets.images)
        values["legacy openpsg/images_skipped"] = float(self.images_skipped)
        return values


def mean_over_all(sums: RecallSums) -> Float64[np.ndarray, " ks"]:
    """The published mR@K: predicates that never occur count 0."""
    return np.nansum(sums.per_predicate(), axis=1) / sums.num_predicates


def unconstrained_rows(
    pairs: Int64[np.ndarray, "rows 2"],
    probabilities: Float[np.ndarray, "rows predicates"],
    node_scores: Float[np.ndarray, " nodes"],
) -> Int64[np.ndarray, "combinations 3"]:
    """All (subject, predicate, object) of a picture, best first, without graph constraint.

    The score is that of the subject times that of the object times the probability of the predicate.

    Args:
        pairs: (subject, object) node positions.
        probabilities: of every predicate, without a background column.
        node_scores: of every node.
    """
    scores = (node_scores[pairs[:, 0]] * node_scores[pairs[:, 1]])[:, None] * probabilities
    row, predicate = np.unravel_index(np.argsort(-scores, axis=None, kind="stable"), scores.shape)
    return np.stack([pairs[row, 0], predicate, pairs[row, 1]], axis=1)


class _MaskOverlap:
    """IoU of masks and of unions of two masks, by pixels."""

    def __init__(self, truth: GraphArrays, prediction: GraphArrays, shared: Int64[np.ndarray, "n m"] | None) -> None:
        if truth.masks is None or prediction.masks is None:
            raise InputError('a node has a box only; compare boxes with regions="box"')
        self._truth, self._prediction = truth.masks, prediction.masks
        self._shared = intersections(truth.masks, prediction.masks) if shared is None else shared
        self.iou = _share(self._shared, self._truth.areas, self._prediction.areas)

    def union_iou(
        self, truth_pairs: Int64[np.ndarray, "g 2"], predicted_pairs: Int64[np.ndarray, "r 2"]
    ) -> Float64[np.ndarray, "g r"]:
        """IoU of the union of every true pair with the union of every predicted pair."""
        truth, truth_parts = self._parts(self._truth, truth_pairs)
        prediction, predicted_parts = self._parts(self._prediction, predicted_pairs)
        unchanged = truth is self._truth and prediction is self._prediction
        shared = self._shared if unchanged else intersections(truth, prediction)
        return _share(
            truth_parts @ shared @ predicted_parts.T, truth_parts @ truth.areas, predicted_parts @ prediction.areas
        )

    def _parts(self, masks: MaskSet, pairs: Int64[np.ndarray, "n 2"]) -> tuple[MaskSet, Float64[np.ndarray, "n parts"]]:
        """Masks that make up the unions, none shared by two of one union, and which of them each union has."""
        if not masks.disjoint:
            return MaskSet(unions(masks, pairs)), np.eye(len(pairs))
        parts = np.zeros((len(pairs), len(masks)))
        np.put_along_axis(parts, pairs, 1.0, axis=1)
        return masks, parts


class _BoxOverlap:
    """IoU of boxes and of the boxes around two boxes, in float32 as published."""

    def __init__(self, truth: GraphArrays, prediction: GraphArrays) -> None:
        self._truth, self._prediction = truth.boxes, prediction.boxes
        self.iou = _box_iou(truth.boxes, prediction.boxes)

    def union_iou(
        self, truth_pairs: Int64[np.ndarray, "g 2"], predicted_pairs: Int64[np.ndarray, "r 2"]
    ) -> Float32[np.ndarray, "g r"]:
        """IoU of the box around every true pair with the box around every predicted pair."""
        return _box_iou(_around(self._truth[truth_pairs]), _around(self._prediction[predicted_pairs]))


def _around(pairs: Float32[np.ndarray, "n 2 4"]) -> Float32[np.ndarray, "n 4"]:
    return np.concatenate([pairs[:, :, :2].min(axis=1), pairs[:, :, 2:].max(axis=1)], axis=1)


def _box_iou(first: Float32[np.ndarray, "n 4"], second: Float32[np.ndarray, "m 4"]) -> Float32[np.ndarray, "n m"]:
    corner = np.minimum(first[:, None, 2:], second[None, :, 2:]) - np.maximum(first[:, None, :2], second[None, :, :2])
    shared = corner.clip(min=0).prod(axis=-1)
    areas = [(boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]) for boxes in (first, second)]
    return shared / np.maximum(areas[0][:, None] + areas[1][None, :] - shared, _SMALLEST_UNION)


def _share(
    shared: Float[np.ndarray, "n m"] | Int64[np.ndarray, "n m"],
    first: Float[np.ndarray, " n"] | Int64[np.ndarray, " n"],
    second: Float[np.ndarray, " m"] | Int64[np.ndarray, " m"],
) -> Float64[np.ndarray, "n m"]:
    union = first[:, None] + second[None, :] - shared
    return np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)


def _names(arrays: GraphArrays) -> Int64[np.ndarray, " rows"]:
    """One number for (subject class, predicate, object class)."""
    subject, predicate, object_ = arrays.triples.T
    return (arrays.categories[subject] << 40) + (predicate << 20) + arrays.categories[object_]


def _first_hits(hits: Bool[np.ndarray, "g r"], ranks: Int64[np.ndarray, " r"]) -> Int64[np.ndarray, " g"]:
    """For every true relation the rank of the first row that hits it."""
    if not hits.shape[1]:
        return np.full(len(hits), NEVER, dtype=np.int64)
    return np.where(hits.any(axis=1), ranks[hits.argmax(axis=1)], NEVER)
