"""Relations of videos from class pairs alone: what a video model must add something to.

The counterpart of `scenegraph.frequency`: which predicates a pair of classes bears comes from counts,
and so do the spans, from when in a video such a relation tends to hold.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph.frequency import MOST_RELATIONS
from scenegraph.graph import Relation, SceneGraph
from scenegraph.spans import from_frames
from scenegraph.video_arrays import active_frames
from scenegraph.vocabulary import Vocabulary

PARTS = 10
"""A video is divided into so many parts, for which activity is counted."""


class VideoFrequencyModel:
    """Counts of predicates by (subject category, object category), and of the parts in which they hold.

    Args:
        vocabulary: of all graphs.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        categories, predicates = len(vocabulary.categories), len(vocabulary.predicates)
        self.pairs: Int64[np.ndarray, "c c"] = np.zeros((categories, categories), dtype=np.int64)
        self.related: Int64[np.ndarray, "c c p"] = np.zeros((categories, categories, predicates), dtype=np.int64)
        shape = (categories, categories, predicates, PARTS)
        self.active: Int64[np.ndarray, "c c p parts"] = np.zeros(shape, dtype=np.int64)
        """Frames in which a relation holds."""
        self.seen: Int64[np.ndarray, "c c p parts"] = np.zeros(shape, dtype=np.int64)
        """Frames in which both ends of a relation are seen, whether it holds or not."""

    def fit(self, graphs: Iterable[SceneGraph]) -> "VideoFrequencyModel":
        """Add the counts of true video graphs; may be called again with more. Returns itself.

        Raises:
            InputError: a graph has another vocabulary.
        """
        for graph in graphs:
            self.vocabulary.check_same(graph.vocabulary, f"frequency model: {graph.source.uri}")
            categories, position, present = _nodes(graph)
            together = present.astype(np.int64) @ present.T.astype(np.int64) > 0
            np.fill_diagonal(together, False)
            first, second = np.nonzero(together)
            np.add.at(self.pairs, (categories[first], categories[second]), 1)
            part = _parts(graph.source.num_frames)
            active = active_frames(graph.relations, graph.source.num_frames)
            for relation, frames in zip(graph.relations, active, strict=True):
                ends = position[relation.subject], position[relation.object]
                cell = (categories[ends[0]], categories[ends[1]], relation.predicate)
                both = present[ends[0]] & present[ends[1]]
                self.related[cell] += ends[0] != ends[1]
                self.active[cell] += np.bincount(part[frames & both], minlength=PARTS)
                self.seen[cell] += np.bincount(part[both], minlength=PARTS)
        return self

    def predict(self, graph: SceneGraph, most: int = MOST_RELATIONS) -> SceneGraph:
        """The same nodes with the most probable relations, best first.

        A relation's score is the share of its class pair's pairs that bear it, times the scores of its
        nodes; its spans are the frames that promise the largest temporal IoU with the truth.

        Raises:
            InputError: the graph has another vocabulary.
        """
        self.vocabulary.check_same(graph.vocabulary, f"frequency model: {graph.source.uri}")
        categories, _, present = _nodes(graph)
        certainty = np.array([node.score for node in graph.nodes])
        first, second = np.nonzero((present.astype(np.int64) @ present.T.astype(np.int64) > 0) & ~_same(len(present)))
        cells = categories[first], categories[second]
        scores = self.related[cells] / np.maximum(self.pairs[cells], 1)[:, None]
        scores = np.minimum(scores, 1.0) * (certainty[first] * certainty[second])[:, None]
        order = np.argsort(-scores, axis=None, kind="stable")[:most]
        order = order[scores.ravel()[order] > 0]
        pair, predicate = np.unravel_index(order, scores.shape)
        holds = self.active[*(cell[pair] for cell in cells), predicate] / np.maximum(
            self.seen[*(cell[pair] for cell in cells), predicate], 1
        )
        together = present[first[pair]] & present[second[pair]]
        probable = holds[:, _parts(graph.source.num_frames)] * together
        frames = best_frames(probable) & together
        ids = [node.id for node in graph.nodes]
        relations = [
            Relation(ids[first[p]], int(which), ids[second[p]], float(scores[p, which]), from_frames(on))
            for p, which, on in zip(pair, predicate, frames, strict=True)
            if on.any()
        ]
        return replace(graph, relations=tuple(relations))


def best_frames(probable: Float64[np.ndarray, "rows t"]) -> Bool[np.ndarray, "rows t"]:
    """The frames whose expected temporal IoU with the truth is largest, given how probable each frame is.

    Of every number of frames the most probable ones are best, so a sort finds them.

    >>> best_frames(np.array([[0.9, 0.8, 0.1], [0.2, 0.2, 0.2]])).tolist()
    [[True, True, False], [True, True, True]]
    """
    order = np.argsort(-probable, axis=1, kind="stable")
    ranked = np.take_along_axis(probable, order, axis=1)
    inside = ranked.cumsum(axis=1)
    frames = np.arange(1, probable.shape[1] + 1)
    overlap = inside / (frames + inside[:, -1:] - inside)
    last = probable.shape[1] - 1 - overlap[:, ::-1].argmax(axis=1) if probable.size else np.zeros(0, dtype=np.int64)
    chosen = np.zeros(probable.shape, dtype=bool)
    np.put_along_axis(chosen, order, frames[None] <= last[:, None] + 1, axis=1)
    return chosen


def _parts(num_frames: int) -> Int64[np.ndarray, " t"]:
    return np.arange(num_frames) * PARTS // num_frames


def _same(count: int) -> Bool[np.ndarray, "n n"]:
    return np.eye(count, dtype=bool)


def _nodes(graph: SceneGraph) -> tuple[Int64[np.ndarray, " n"], dict[int, int], Bool[np.ndarray, "n t"]]:
    """Categories, position by id, and the frames in which every node is seen."""
    present = np.zeros((len(graph.nodes), graph.source.num_frames), dtype=bool)
    for row, node in enumerate(graph.nodes):
        present[row, list(node.region.frames)] = True
    categories = np.array([node.category for node in graph.nodes], dtype=np.int64)
    return categories, {node.id: row for row, node in enumerate(graph.nodes)}, present
