"""Relations from class pairs alone: the baseline that looks at no picture.

For every ordered pair of categories the share of its pairs, in the fitted graphs, that bear each
predicate. Zellers et al., Neural Motifs (CVPR 2018, section 3), showed how far such counts go; a
relation model is worth what it adds to them.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from jaxtyping import Float64, Int64

from scenegraph.errors import InputError
from scenegraph.graph import Relation, SceneGraph
from scenegraph.vocabulary import Vocabulary

MOST_RELATIONS = 200
"""Relations kept of a prediction: twice as many as the longest list that is measured."""


class FrequencyModel:
    """Counts of predicates by (subject category, object category).

    >>> from scenegraph import Mask, Node, Segment, Source
    >>> words = Vocabulary(things=("person",), stuff=("grass",), predicates=("on", "beside"))
    >>> place = Segment.from_box((0, 0, 2, 2), height=4, width=4)
    >>> nodes = (Node(0, 0, place), Node(1, 1, place))
    >>> truth = SceneGraph(Source("image", "a.png", 4, 4), nodes, (Relation(0, 0, 1),), words)
    >>> FrequencyModel(words).fit([truth]).predict(replace(truth, relations=())).relations
    (Relation(subject=0, predicate=0, object=1, score=1.0, spans=()),)
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        categories, predicates = len(vocabulary.categories), len(vocabulary.predicates)
        self.related: Int64[np.ndarray, "c c p"] = np.zeros((categories, categories, predicates), dtype=np.int64)
        self.pairs: Int64[np.ndarray, "c c"] = np.zeros((categories, categories), dtype=np.int64)

    def fit(self, graphs: Iterable[SceneGraph]) -> "FrequencyModel":
        """Add the counts of true graphs; may be called again with more. Returns itself.

        Raises:
            InputError: a graph has another vocabulary.
        """
        for graph in graphs:
            self._check(graph)
            categories = np.array([node.category for node in graph.nodes], dtype=np.int64)
            present = np.bincount(categories, minlength=len(self.pairs))
            self.pairs += np.outer(present, present) - np.diag(present)
            positions = {node.id: position for position, node in enumerate(graph.nodes)}
            triples = {relation.triple for relation in graph.relations if relation.subject != relation.object}
            for subject, predicate, object_ in triples:
                self.related[categories[positions[subject]], categories[positions[object_]], predicate] += 1
        return self

    @property
    def table(self) -> Float64[np.ndarray, "c c p"]:
        """Probability of each predicate for an ordered pair of nodes of two categories."""
        return self.related / np.maximum(self.pairs, 1)[:, :, None]

    def predict(self, graph: SceneGraph, most: int = MOST_RELATIONS) -> SceneGraph:
        """The same nodes with the most probable relations, best first.

        A relation's score is the probability of its class pair times the scores of its two nodes.

        Raises:
            InputError: the graph has another vocabulary.
        """
        self._check(graph)
        if len(graph.nodes) < 2:
            return replace(graph, relations=())
        ids = [node.id for node in graph.nodes]
        categories = np.array([node.category for node in graph.nodes])
        certainty = np.array([node.score for node in graph.nodes])
        counted = (
            self.related[categories[:, None], categories]
            / np.maximum(self.pairs[categories[:, None], categories], 1)[:, :, None]
        )
        scores = counted * (certainty[:, None] * certainty)[:, :, None]
        scores[np.arange(len(ids)), np.arange(len(ids))] = 0
        order = np.argsort(-scores, axis=None, kind="stable")[:most]
        order = order[scores.ravel()[order] > 0]
        subjects, objects, predicates = np.unravel_index(order, scores.shape)
        relations = tuple(
            Relation(ids[subject], int(predicate), ids[object_], float(min(score, 1.0)))
            for subject, object_, predicate, score in zip(
                subjects.tolist(), objects.tolist(), predicates, scores.ravel()[order], strict=True
            )
        )
        return replace(graph, relations=relations)

    def _check(self, graph: SceneGraph) -> None:
        if graph.vocabulary is not self.vocabulary and graph.vocabulary != self.vocabulary:
            raise InputError(
                f"{graph.source.uri!r} has another vocabulary than the frequency model; "
                "fit a model on graphs with the same names"
            )
