"""A graph as arrays, so that every step of a program is a few vector operations.

Nodes have positions in ascending order of id and relations keep their positions in the graph; the
order in which a file lists its nodes therefore never shows in an answer.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.adjectives import spelling
from assistant.names import shown_names
from scenegraph import SceneGraph
from scenegraph.spans import Span, Spans, intersect, merge


class GraphIndex:
    """Arrays over one graph.

    Attributes:
        ids: int64 (nodes,), ascending node ids.
        categories: int64 (nodes,), category ids.
        subjects, predicates, objects: int64 (relations,); subjects and objects are positions in `ids`.
    """

    def __init__(self, graph: SceneGraph) -> None:
        self.graph = graph
        self.nodes = sorted(graph.nodes, key=lambda node: node.id)
        self.ids = np.array([node.id for node in self.nodes], dtype=np.int64)
        self.categories = np.array([node.category for node in self.nodes], dtype=np.int64)
        triples = np.array([relation.triple for relation in graph.relations], dtype=np.int64).reshape(-1, 3)
        self.subjects = np.searchsorted(self.ids, triples[:, 0])
        self.predicates = triples[:, 1]
        self.objects = np.searchsorted(self.ids, triples[:, 2])
        self.whole: Spans = (Span(0, graph.source.num_frames),)
        self._category_ids = {name: at for at, name in enumerate(graph.vocabulary.categories)}
        self._predicate_ids = {name: at for at, name in enumerate(graph.vocabulary.predicates)}

    def positions(self, ids: Iterable[int]) -> Int64[np.ndarray, " k"]:
        """Positions of node ids; ids that the graph does not have are left out."""
        wanted = np.array(sorted(set(ids)), dtype=np.int64)
        return np.flatnonzero(np.isin(self.ids, wanted))

    def position(self, node_id: int) -> int:
        """Position of a node id that the graph has."""
        return int(np.searchsorted(self.ids, node_id))

    def label(self, node_id: int) -> str:
        """How answers call a node; `node 17` for an id that the graph does not have."""
        at = self.position(node_id)
        return self.shown[at] if at < len(self.ids) and self.ids[at] == node_id else f"node {node_id}"

    def of_categories(self, names: Iterable[str]) -> Bool[np.ndarray, " nodes"]:
        """Nodes of any of these categories; names that the vocabulary lacks match nothing."""
        wanted = np.zeros(len(self._category_ids), dtype=bool)
        wanted[[self._category_ids[name] for name in names if name in self._category_ids]] = True
        return wanted[self.categories]

    def of_predicates(self, names: Iterable[str]) -> Bool[np.ndarray, " relations"]:
        """Relations with any of these predicates; names that the vocabulary lacks match nothing."""
        wanted = np.zeros(len(self._predicate_ids), dtype=bool)
        wanted[[self._predicate_ids[name] for name in names if name in self._predicate_ids]] = True
        return wanted[self.predicates]

    def has_predicate(self, name: str) -> bool:
        """Whether the vocabulary has this predicate."""
        return name in self._predicate_ids

    def has_category(self, name: str) -> bool:
        """Whether the vocabulary has this category."""
        return name in self._category_ids

    def spans(self, relation: int, window: Spans | None = None) -> Spans:
        """The frames in which a relation holds, within a window; the whole source where none are given."""
        own = self.graph.relations[relation].spans or self.whole
        return merge(own) if window is None else intersect(own, window)

    def active(self, window: Spans) -> Bool[np.ndarray, " relations"]:
        """Relations that hold in at least one frame of a window."""
        owners, starts, stops = self._span_table
        hit = np.zeros(len(owners), dtype=bool)
        for span in window:
            hit |= (starts < span.stop) & (stops > span.start)
        active = np.zeros(len(self.graph.relations), dtype=bool)
        active[owners[hit]] = True
        return active

    def seen(self, window: Spans) -> Bool[np.ndarray, " nodes"]:
        """Nodes that are seen in at least one frame of a window."""
        return np.array([_first_in(node.region.frames, window) is not None for node in self.nodes], dtype=bool)

    def boxes(self, window: Spans | None = None) -> Float64[np.ndarray, "nodes 4"]:
        """Xyxy in pixels: the mean box over the frames (of a window) in which a node is seen, else NaN."""
        return self._whole_geometry[0] if window is None else self._geometry(window)[0]

    def areas(self, window: Spans | None = None) -> Float64[np.ndarray, " nodes"]:
        """Pixels: the mean over the frames (of a window) in which a node is seen, else NaN."""
        return self._whole_geometry[1] if window is None else self._geometry(window)[1]

    def first_box(self, position: int) -> tuple[int, tuple[float, float, float, float] | None]:
        """The first frame in which a node is seen, and its box there."""
        region = self.nodes[position].region
        segment = region.segment(region.frames[0])
        return region.frames[0], None if segment is None else segment.box

    @cached_property
    def shown(self) -> list[str]:
        """How each node is called in answers: `grass-1` for `grass-merged-1`, by position."""
        names = shown_names(self.graph.vocabulary)
        return [f"{names[node.category]}-{self.graph.label(node.id).rpartition('-')[2]}" for node in self.nodes]

    @cached_property
    def called(self) -> dict[str, int]:
        """Node ids by every name of a node: as answers show it and as files label it, in lower case."""
        names = {label.lower(): node.id for label, node in zip(self.shown, self.nodes, strict=True)}
        for node in self.nodes:
            names.setdefault(self.graph.label(node.id).lower(), node.id)
        return names

    @cached_property
    def attributes(self) -> dict[str, list[tuple[int, Any]]]:
        """Recorded attributes by name, in one spelling: (position of the node, value)."""
        table: dict[str, list[tuple[int, Any]]] = {}
        for position, node in enumerate(self.nodes):
            for name, value in node.attributes.items():
                table.setdefault(spelling(str(name)), []).append((position, value))
        return table

    @cached_property
    def _span_table(self) -> tuple[Int64[np.ndarray, " k"], Int64[np.ndarray, " k"], Int64[np.ndarray, " k"]]:
        rows = [
            (position, span.start, span.stop)
            for position, relation in enumerate(self.graph.relations)
            for span in relation.spans or self.whole
        ]
        table = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return table[:, 0], table[:, 1], table[:, 2]

    @cached_property
    def _whole_geometry(self) -> tuple[Float64[np.ndarray, "nodes 4"], Float64[np.ndarray, " nodes"]]:
        return self._geometry(self.whole)

    def _geometry(self, window: Spans) -> tuple[Float64[np.ndarray, "nodes 4"], Float64[np.ndarray, " nodes"]]:
        boxes = np.full((len(self.nodes), 4), np.nan)
        areas = np.full(len(self.nodes), np.nan)
        for position, node in enumerate(self.nodes):
            frames = node.region.frames
            segments = [
                node.region.segment(frame)
                for span in window
                for frame in frames[bisect_left(frames, span.start) : bisect_left(frames, span.stop)]
            ]
            known = [segment for segment in segments if segment is not None]
            if known:
                boxes[position] = np.mean([segment.box for segment in known], axis=0)
                areas[position] = np.mean([segment.area for segment in known])
        return boxes, areas


def _first_in(frames: tuple[int, ...], window: Spans) -> int | None:
    for span in window:
        at = bisect_left(frames, span.start)
        if at < len(frames) and frames[at] < span.stop:
            return frames[at]
    return None
