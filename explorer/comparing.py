"""One predicted graph against the true one: what the strict protocol says about every relation of both."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from scenegraph import InputError, SceneGraph, strict, strict_video
from scenegraph.arrays import GraphArrays
from scenegraph.masks import iou_matrix
from scenegraph.matching import IOU_THRESHOLD, Matching, match
from scenegraph.recall import NEVER
from scenegraph.tube_overlap import compare_tubes
from scenegraph.video_arrays import VideoArrays

THRESHOLDS = (0.1, 0.5, 0.75)
"""Overlaps to choose from: the usual one, the lower one that papers on PVSG report too, and a demanding one."""

KS = (5, 10, 20, 50, 100)
"""Numbers of rows to choose from; a picture of PSG has five or six true relations."""

MOST = KS[-1]


@dataclass(frozen=True, eq=False)
class Comparison:
    """What the strict protocol says about one item.

    Attributes:
        truth_ranks: for every true relation, in graph order, the rank at which a row finds it, by
            threshold; `NEVER` where none of the first `MOST` does. A relation that is annotated twice is
            one truth, so both have its rank.
        order: positions of the predicted relations in the order of the ranks (graph constraint).
        nodes: (true id, predicted id) of the nodes that are one by class and overlap above 0.5.
    """

    truth_ranks: Int64[np.ndarray, "thresholds truths"]
    order: Int64[np.ndarray, " rows"]
    nodes: Int64[np.ndarray, "pairs 2"]


def compare(truth: SceneGraph, prediction: SceneGraph) -> Comparison:
    """Hold a prediction against the truth, at all of `THRESHOLDS`.

    Masks of an image that overlap are compared as they are; a node then still has one partner at most.

    Raises:
        InputError: the graphs differ in kind, size, length or vocabulary, or a node has a box only.
    """
    where = truth.source.uri
    first, second = truth.source, prediction.source
    if (first.kind, first.size, first.num_frames) != (second.kind, second.size, second.num_frames):
        raise InputError(
            f"{where}: the truth is {_told(truth)}, the prediction {_told(prediction)}; they cannot be compared"
        )
    truth.vocabulary.check_same(prediction.vocabulary, f"{where}: the prediction")
    if first.kind == "image":
        ranks, found, order, nodes = _pictures(truth, prediction)
    else:
        ranks, found, order, nodes = _videos(truth, prediction)
    ids = [[node.id for node in graph.nodes] for graph in (truth, prediction)]
    pairs = np.array([(ids[0][a], ids[1][b]) for a, b in zip(nodes.truth, nodes.prediction, strict=True)], np.int64)
    place = {tuple(triple): number for number, triple in enumerate(found.tolist())}
    position = {node.id: number for number, node in enumerate(truth.nodes)}
    triples = [(position[r.subject], r.predicate, position[r.object]) for r in truth.relations]
    rows = np.array([place[triple] for triple in triples], dtype=np.int64)
    return Comparison(
        truth_ranks=np.stack([each[rows] for each in ranks]).reshape(len(ranks), len(rows)),
        order=order[:MOST],
        nodes=pairs.reshape(-1, 2),
    )


def _pictures(
    truth: SceneGraph, prediction: SceneGraph
) -> tuple[list[Int64[np.ndarray, " truths"]], Int64[np.ndarray, "truths 3"], Int64[np.ndarray, " rows"], Matching]:
    true, rows = GraphArrays.of(truth), GraphArrays.of(prediction)
    if true.masks is None or rows.masks is None:
        raise InputError(f"{truth.source.uri}: a node has a box only; the strict protocol compares masks")
    iou = iou_matrix(true.masks, rows.masks)
    partners = [match(iou, true.categories, rows.categories, threshold) for threshold in THRESHOLDS]
    results = [strict.measure(true, rows, partner.truth_of(len(rows.categories))) for partner in partners]
    nodes = match(iou, true.categories, rows.categories, IOU_THRESHOLD)
    return [_within(each.ranks) for each in results], results[0].truths, strict.ranking(rows)[1], nodes


def _videos(
    truth: SceneGraph, prediction: SceneGraph
) -> tuple[list[Int64[np.ndarray, " truths"]], Int64[np.ndarray, "truths 3"], Int64[np.ndarray, " rows"], Matching]:
    true, rows = VideoArrays.of(truth), VideoArrays.of(prediction)
    overlap = compare_tubes(true.tubes, rows.tubes, true.num_frames)
    results = [strict_video.measure(true, rows, overlap, threshold, MOST) for threshold in THRESHOLDS]
    iou: Float64[np.ndarray, "n m"] = overlap.volume_iou()
    nodes = match(iou, true.categories, rows.categories, IOU_THRESHOLD)
    return [each.ranks for each in results], results[0].truths, strict_video.ranking(rows), nodes


def _within(ranks: Int64[np.ndarray, " truths"]) -> Int64[np.ndarray, " truths"]:
    return np.where(ranks < MOST, ranks, NEVER)


def _told(graph: SceneGraph) -> str:
    source = graph.source
    frames = "" if source.kind == "image" else f" of {source.num_frames} frames"
    return f"{'an' if source.kind == 'image' else 'a'} {source.kind}{frames}, {source.height} x {source.width}"
