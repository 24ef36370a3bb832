"""A video graph as arrays: what the video metrics compute with.

Nodes are named by their position here, as in `scenegraph.arrays`; time is a flag for every frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph.arrays import triples
from scenegraph.errors import InputError
from scenegraph.graph import Relation, SceneGraph
from scenegraph.regions import Track4D, Tube
from scenegraph.spans import Span


@dataclass(frozen=True, eq=False)
class VideoArrays:
    """Nodes and relations of a video graph, in the order of the graph.

    `triples` are (subject, predicate, object) with node positions, `active` the frames in which each
    of them holds. A tube that is None was never seen: no graph holds such a node, the published
    protocols do.
    """

    categories: Int64[np.ndarray, " nodes"]
    node_scores: Float64[np.ndarray, " nodes"]
    tubes: tuple[Tube | None, ...]
    triples: Int64[np.ndarray, "relations 3"]
    scores: Float64[np.ndarray, " relations"]
    active: Bool[np.ndarray, "relations frames"]

    @classmethod
    def of(cls, graph: SceneGraph) -> "VideoArrays":
        """The arrays of a video or RGB-D graph; of 4D tracks the tubes.

        Raises:
            InputError: the graph describes an image.
        """
        if graph.source.kind == "image":
            raise InputError(f"{graph.source.uri}: an image graph; this metric needs video graphs")
        return cls(
            categories=np.array([node.category for node in graph.nodes], dtype=np.int64),
            node_scores=np.array([node.score for node in graph.nodes], dtype=np.float64),
            tubes=tuple(_tube(node.region) for node in graph.nodes),
            triples=triples(graph.relations, {node.id: position for position, node in enumerate(graph.nodes)}),
            scores=np.array([relation.score for relation in graph.relations], dtype=np.float64),
            active=active_frames(graph.relations, graph.source.num_frames),
        )

    @property
    def num_frames(self) -> int:
        """Frames of the video."""
        return self.active.shape[1]

    def rows(self, kept: Int64[np.ndarray, " rows"]) -> "VideoArrays":
        """The same nodes with some of the relations, in the given order."""
        return replace(self, triples=self.triples[kept], scores=self.scores[kept], active=self.active[kept])

    def ranked(self) -> "VideoArrays":
        """Relations by score, the best first; equal scores keep their order."""
        return self.rows(np.argsort(-self.scores, kind="stable"))


def active_frames(relations: Sequence[Relation], num_frames: int) -> Bool[np.ndarray, "relations num_frames"]:
    """The frames in which every relation holds; a relation without spans holds in all of them."""
    edges = np.zeros((len(relations), num_frames + 1), dtype=np.int32)
    spans = [
        (row, span.start, span.stop)
        for row, relation in enumerate(relations)
        for span in relation.spans or (Span(0, num_frames),)
    ]
    if spans:
        row, start, stop = np.array(spans, dtype=np.int64).T
        np.add.at(edges, (row, start), 1)
        np.add.at(edges, (row, stop), -1)
    return edges[:, :-1].cumsum(axis=1) > 0


def _tube(region: object) -> Tube:
    tube = region.tube if isinstance(region, Track4D) else region
    assert isinstance(tube, Tube)  # `SceneGraph` lets nothing else into a video graph
    return tube
