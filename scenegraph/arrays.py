"""A scene graph as arrays: what the metrics compute with.

Nodes are named by their position here, so that an array can be indexed with them; positions follow
the order of `SceneGraph.nodes`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int64

from scenegraph.errors import InputError
from scenegraph.graph import Relation, SceneGraph
from scenegraph.masks import MaskSet
from scenegraph.regions import Segment


@dataclass(frozen=True, eq=False)
class GraphArrays:
    """Nodes and relations of an image graph, in the order of the graph.

    `triples` are (subject, predicate, object) with node positions. `crowd` tells the nodes that
    stand for many things at once (COCO's `iscrowd`, kept as an attribute of the node).
    """

    categories: Int64[np.ndarray, " nodes"]
    node_scores: Float64[np.ndarray, " nodes"]
    crowd: Bool[np.ndarray, " nodes"]
    segments: tuple[Segment, ...]
    triples: Int64[np.ndarray, "relations 3"]
    scores: Float64[np.ndarray, " relations"]

    @classmethod
    def of(cls, graph: SceneGraph) -> "GraphArrays":
        """The arrays of an image graph.

        Raises:
            InputError: the graph describes a video.
        """
        if graph.source.kind != "image":
            raise InputError(f"{graph.source.uri}: a {graph.source.kind} graph; this metric needs image graphs")
        return cls(
            categories=np.array([node.category for node in graph.nodes], dtype=np.int64),
            node_scores=np.array([node.score for node in graph.nodes], dtype=np.float64),
            crowd=np.array([bool(node.attributes.get("iscrowd")) for node in graph.nodes], dtype=bool),
            segments=tuple(segment for node in graph.nodes if (segment := node.region.segment()) is not None),
            triples=triples(graph.relations, {node.id: position for position, node in enumerate(graph.nodes)}),
            scores=np.array([relation.score for relation in graph.relations], dtype=np.float64),
        )

    @cached_property
    def masks(self) -> MaskSet | None:
        """The masks of the nodes; None if any node has a box only."""
        masks = MaskSet(segment.mask for segment in self.segments if segment.mask is not None)
        return masks if len(masks) == len(self.segments) else None

    @cached_property
    def boxes(self) -> Float32[np.ndarray, "nodes 4"]:
        """Boxes, xyxy in pixels."""
        return np.array([segment.box for segment in self.segments], dtype=np.float32).reshape(-1, 4)

    def restricted_to(self, kept: Bool[np.ndarray, " nodes"]) -> "GraphArrays":
        """The kept nodes and the relations among them."""
        position = np.cumsum(kept) - 1
        among = kept[self.triples[:, 0]] & kept[self.triples[:, 2]]
        moved = self.triples[among]
        moved[:, 0], moved[:, 2] = position[moved[:, 0]], position[moved[:, 2]]
        return GraphArrays(
            categories=self.categories[kept],
            node_scores=self.node_scores[kept],
            crowd=self.crowd[kept],
            segments=tuple(self.segments[node] for node in np.flatnonzero(kept)),
            triples=moved,
            scores=self.scores[among],
        )


def triples(relations: Sequence[Relation], position: Mapping[int, int]) -> Int64[np.ndarray, "relations 3"]:
    """(subject position, predicate, object position) of relations, in order."""
    rows = [(position[each.subject], each.predicate, position[each.object]) for each in relations]
    return np.array(rows, dtype=np.int64).reshape(-1, 3)


def given_nodes(truth: SceneGraph, prediction: SceneGraph) -> GraphArrays:
    """The prediction on the nodes of the truth, found by their ids (the PredCls setting).

    Masks and classes of the predicted nodes are not looked at, except that a class must not differ.

    Raises:
        InputError: the prediction has a node that the truth does not have, or with another class.
    """
    position = {node.id: place for place, node in enumerate(truth.nodes)}
    for node in prediction.nodes:
        if node.id not in position or truth.nodes[position[node.id]].category != node.category:
            raise InputError(
                f"{prediction.source.uri}: node {node.id} ({prediction.category_name(node.id)}) is not a node of the "
                "truth; PredCls is measured on the true nodes, with their ids and classes (use mode sgdet otherwise)"
            )
    return replace(
        GraphArrays.of(truth),
        triples=triples(prediction.relations, position),
        scores=np.array([relation.score for relation in prediction.relations], dtype=np.float64),
    )
