"""The strict protocol for videos: a prediction is one graph, its tubes one id map a frame.

* A predicted relation is a true one if subject class, predicate and object class are equal and the
  volume IoU of the subjects and that of the objects both reach the threshold. Each side's tube is cut
  to its own spans before it is compared: an active frame outside the truth adds to the union.
* One-to-one: rows in the order of their scores take the free true relation with the largest overlap
  (the smaller one of subject and object); a row finds one truth, a truth is found once.
* A triple that is repeated is one row, with the score and the spans of its best one. True triples
  that are repeated are one truth, which holds in the frames of all of them.
* With graph constraint (R, mR, F1) an ordered pair has one predicate at a time: in every frame the
  best-scored row of the pair that is active there; rows that keep no frame go. Without (ngR, ngmR)
  every row keeps its frames. With one frame this is the graph constraint of pictures.
* `ceiling` is what the same protocol gives for rows with the true predicates and the true spans on
  the best predicted tubes: what the segmentation and the tracking leave to the relations.
* A video without predictions counts 0; one without true relations has no recall.

A true relation whose subject or object is not seen in its spans stays in the denominator.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph.errors import InputError
from scenegraph.matching import first_come
from scenegraph.recall import NEVER
from scenegraph.strict import StrictResult
from scenegraph.tube_overlap import TubeOverlap
from scenegraph.video_arrays import VideoArrays

THRESHOLDS = (0.5, 0.1)
"""Volume IoU to be reached: the usual one, and the one that later papers on PVSG report beside it."""


def measure(
    truth: VideoArrays,
    prediction: VideoArrays,
    overlap: TubeOverlap,
    threshold: float = THRESHOLDS[0],
    most: int = 100,
    repeated: str = "best",
    where: str = "the prediction",
) -> StrictResult:
    """Rank the rows of one video and find its true relations among them.

    Args:
        truth: the true graph.
        prediction: the predicted graph.
        overlap: pixels that true and predicted nodes share.
        threshold: volume IoU to be reached by subject and by object.
        most: rows to look at, the largest K.
        repeated: "best", or "reject" for an error where a triple is repeated.
        where: name of the video for the message.

    Raises:
        InputError: a triple is repeated and `repeated` is "reject".
    """
    truths = distinct_truths(truth)
    distinct = by_score(prediction)
    removed = len(prediction.triples) - len(distinct)
    if removed and repeated == "reject":
        raise InputError(f'{where}: repeated relations ({removed}); repeated="best" keeps the best score of each')
    rows = prediction.rows(distinct)
    constrained = one_predicate_at_a_time(rows)
    ideal = _ideal_rows(truths, rows, overlap)
    free, best = (each.rows(np.arange(min(most, len(each.triples)))) for each in (rows, constrained))
    return StrictResult(
        truths=truths.triples,
        ranks=_ranks(truths, best, overlap, threshold),
        free_ranks=_ranks(truths, free, overlap, threshold),
        reachable=_ranks(truths, ideal, overlap, threshold) != NEVER,
        choosable=_ranks(truths, one_predicate_at_a_time(ideal), overlap, threshold) != NEVER,
        pair_ranks=_pair_ranks(truths, best, overlap, threshold),
        rows_removed=removed,
        nodes_removed=0,
    )


def ranking(prediction: VideoArrays) -> Int64[np.ndarray, " best"]:
    """The rows of a prediction under graph constraint, the best first: positions of its relations.

    The ranks of `measure` count in this order.
    """
    distinct = by_score(prediction)
    return distinct[np.flatnonzero(_owned_frames(prediction.rows(distinct)).any(axis=1))]


def by_score(prediction: VideoArrays) -> Int64[np.ndarray, " distinct"]:
    """Positions of the distinct triples, each at its best score, the best first."""
    order = np.argsort(-prediction.scores, kind="stable")
    return order[_first_of_each(prediction.triples[order])]


def one_predicate_at_a_time(rows: VideoArrays) -> VideoArrays:
    """Rows, the best first, in which every frame of an ordered pair belongs to its first active row.

    Rows that keep no frame are left out.
    """
    active = _owned_frames(rows)
    return replace(rows, active=active).rows(np.flatnonzero(active.any(axis=1)))


def _owned_frames(rows: VideoArrays) -> Bool[np.ndarray, "rows frames"]:
    """The frames that each row keeps when an ordered pair has one predicate at a time."""
    pairs = np.unique(rows.triples[:, [0, 2]], axis=0, return_inverse=True)[1].reshape(-1)
    owner = np.full((pairs.max(initial=-1) + 1, rows.num_frames), -1, dtype=np.int32)
    row, frame = np.nonzero(rows.active[::-1])
    row = len(pairs) - 1 - row
    owner[pairs[row], frame] = row  # of several values for one place numpy keeps the last, here the best row
    return rows.active & (owner[pairs] == np.arange(len(pairs))[:, None])


def distinct_truths(truth: VideoArrays) -> VideoArrays:
    """True relations without repetition, each in the frames of all that say the same."""
    first, same = np.unique(truth.triples, axis=0, return_index=True, return_inverse=True)[1:]
    active = np.zeros((len(first), truth.num_frames), dtype=bool)
    np.logical_or.at(active, same.reshape(-1), truth.active)
    order = np.argsort(first)
    return replace(truth.rows(first[order]), active=active[order])


def _first_of_each(triples: Int64[np.ndarray, "rows 3"]) -> Int64[np.ndarray, " distinct"]:
    """Where each distinct triple comes first, in order."""
    return np.sort(np.unique(triples, axis=0, return_index=True)[1])


def _same_ends(truths: VideoArrays, rows: VideoArrays) -> Bool[np.ndarray, "truths rows"]:
    """Whether subject and object have equal classes, and are one node on both sides or on neither."""
    same = np.ones((len(truths.triples), len(rows.triples)), dtype=bool)
    for end in (0, 2):
        same &= truths.categories[truths.triples[:, None, end]] == rows.categories[rows.triples[None, :, end]]
    alone = [side.triples[:, 0] == side.triples[:, 2] for side in (truths, rows)]
    return same & (alone[0][:, None] == alone[1][None, :])


def _found(
    truths: VideoArrays,
    rows: VideoArrays,
    overlap: TubeOverlap,
    candidates: Bool[np.ndarray, "truths rows"],
    threshold: float,
) -> tuple[Int64[np.ndarray, " pairs"], Int64[np.ndarray, " pairs"], Float64[np.ndarray, " pairs"]]:
    """Truth, row and overlap of the candidates that reach the threshold, by row, then by overlap."""
    row, truth = np.nonzero(candidates.T)
    overlaps = np.ones(len(truth))
    for end in (0, 2):
        pairs = np.stack([truths.triples[truth, end], rows.triples[row, end]], axis=1)
        overlaps = np.minimum(overlaps, overlap.spanned_iou(pairs, truths.active[truth], rows.active[row]))
    kept = np.flatnonzero(overlaps >= threshold)
    kept = kept[np.lexsort((truth[kept], -overlaps[kept], row[kept]))]
    return truth[kept], row[kept], overlaps[kept]


def find(
    truths: VideoArrays, rows: VideoArrays, overlap: TubeOverlap, threshold: float
) -> tuple[Int64[np.ndarray, " found"], Int64[np.ndarray, " found"]]:
    """Match true relations with rows, the best first, one-to-one: positions of the pairs, by row."""
    candidates = _same_ends(truths, rows) & (truths.triples[:, None, 1] == rows.triples[None, :, 1])
    truth, row, _ = _found(truths, rows, overlap, candidates, threshold)
    chosen = first_come(row, truth)
    return truth[chosen], row[chosen]


def _ranks(
    truths: VideoArrays, rows: VideoArrays, overlap: TubeOverlap, threshold: float
) -> Int64[np.ndarray, " truths"]:
    ranks = np.full(len(truths.triples), NEVER, dtype=np.int64)
    truth, row = find(truths, rows, overlap, threshold)
    ranks[truth] = row
    return ranks


def _pair_ranks(
    truths: VideoArrays, rows: VideoArrays, overlap: TubeOverlap, threshold: float
) -> Int64[np.ndarray, " pairs"]:
    """For every distinct true pair the first row that finds one of its relations, whatever the predicate."""
    count, pair = np.unique(truths.triples[:, [0, 2]], axis=0, return_inverse=True)
    ranks = np.full(len(count), NEVER, dtype=np.int64)
    truth, row, _ = _found(truths, rows, overlap, _same_ends(truths, rows), threshold)
    np.minimum.at(ranks, pair.reshape(-1)[truth], row)
    return ranks


def iou_within_spans(
    truths: VideoArrays,
    tubes: VideoArrays,
    overlap: TubeOverlap,
    end: int,
    candidates: Bool[np.ndarray, "truths nodes"],
) -> Float64[np.ndarray, "truths nodes"]:
    """Volume IoU of one end of every true relation (0 subject, 2 object) with predicted tubes in its own spans.

    -1 where a tube is no candidate.
    """
    truth, node = np.nonzero(candidates)
    active = truths.active[truth]
    iou = np.full(candidates.shape, -1.0)
    iou[truth, node] = overlap.spanned_iou(np.stack([truths.triples[truth, end], node], axis=1), active, active)
    return iou


def _ideal_rows(truths: VideoArrays, prediction: VideoArrays, overlap: TubeOverlap) -> VideoArrays:
    """The true relations on the predicted tubes that overlap most within the true spans."""
    triples = truths.triples.copy()
    known = np.ones(len(triples), dtype=bool)
    for end in (0, 2):
        same = truths.categories[triples[:, end]][:, None] == prediction.categories[None, :]
        iou = iou_within_spans(truths, prediction, overlap, end, same)
        known &= same.any(axis=1)
        if iou.shape[1]:
            triples[:, end] = iou.argmax(axis=1)
    return replace(prediction, triples=triples[known], scores=np.ones(known.sum()), active=truths.active[known])
