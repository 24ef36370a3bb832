"""A graph as arrays, so that every step of a program is a few vector operations.

Nodes have positions in ascending order of id and relations keep their positions in the graph; the
order in which a file lists its nodes therefore never shows in an answer.
"""

from bisect import bisect_left
from collections.abc import Iterable
from functools import cached_property
from itertools import chain
from typing import Any

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.adjectives import attribute_named, spelled
from assistant.names import shown_names
from assistant.predicate_kinds import is_activity, is_spatial
from assistant.space import Space
from scenegraph import SceneGraph
from scenegraph.masks import Box
from scenegraph.spans import Span, Spans, intersect, merge

_Stretches = tuple[Int64[np.ndarray, " k"], Int64[np.ndarray, " k"], Int64[np.ndarray, " k"]]
"""Whose they are, ascending; first frame; the frame behind the last."""


class GraphIndex:
    """Arrays over one graph.

    Attributes:
        ids: int64 (nodes,), ascending node ids.
        categories: int64 (nodes,), category ids.
        subjects, predicates, objects: int64 (relations,); subjects and objects are positions in `ids`.
        scores, relation_scores: float64 (nodes,) and (relations,), probabilities.
        believed: bool (relations,); the others have a score below `min_score` and are never found, but
            keep their numbers, so that what is cited can be looked up in the graph as it was given.
    """

    def __init__(self, graph: SceneGraph, min_score: float = 0.0) -> None:
        self.graph = graph
        self.nodes = sorted(graph.nodes, key=lambda node: node.id)
        self.ids = np.array([node.id for node in self.nodes], dtype=np.int64)
        self.categories = np.array([node.category for node in self.nodes], dtype=np.int64)
        triples = np.array([relation.triple for relation in graph.relations], dtype=np.int64).reshape(-1, 3)
        self.subjects = np.searchsorted(self.ids, triples[:, 0])
        self.predicates = triples[:, 1]
        self.objects = np.searchsorted(self.ids, triples[:, 2])
        self.scores = np.array([node.score for node in self.nodes], dtype=np.float64)
        self.relation_scores = np.array([relation.score for relation in graph.relations], dtype=np.float64)
        self.believed = self.relation_scores >= min_score
        self.whole: Spans = (Span(0, graph.source.num_frames),)
        self._places = {node.id: at for at, node in enumerate(self.nodes)}
        self._category_ids = {name: at for at, name in enumerate(graph.vocabulary.categories)}
        self._predicate_ids = {name: at for at, name in enumerate(graph.vocabulary.predicates)}

    def prepare(self) -> None:
        """Make now the tables that are otherwise made by the first question that needs them.

        Boxes are not among them: their cost is that of decoding masks, so each is measured when asked about.
        """
        tables = (
            "rank",
            "called",
            "recorded",
            "owners",
            "has_scores",
            "space",
            "_span_table",
            "_seen_table",
            "_by_predicate",
            "activities",
            "spatial",
        )
        for table in tables:
            getattr(self, table)

    def positions(self, ids: Iterable[int]) -> Int64[np.ndarray, " k"]:
        """Positions of node ids; ids that the graph does not have are left out."""
        wanted = np.array(sorted(set(ids)), dtype=np.int64)
        found = np.searchsorted(self.ids, wanted)
        return found[np.append(self.ids, -1)[found] == wanted]

    def position(self, node_id: int) -> int:
        """Position of a node id that the graph has."""
        return self._places[node_id]

    def label(self, node_id: int) -> str:
        """How answers call a node; `node 17` for an id that the graph does not have."""
        at = self._places.get(node_id)
        return f"node {node_id}" if at is None else self.shown[at]

    def of_categories(self, names: Iterable[str]) -> Bool[np.ndarray, " nodes"]:
        """Nodes of any of these categories; names that the vocabulary lacks match nothing."""
        wanted = np.zeros(len(self._category_ids), dtype=bool)
        wanted[[self._category_ids[name] for name in names if name in self._category_ids]] = True
        return wanted[self.categories]

    def of_predicates(self, names: Iterable[str]) -> Bool[np.ndarray, " relations"]:
        """Believed relations with any of these predicates; names that the vocabulary lacks match nothing."""
        found = np.zeros(len(self.graph.relations), dtype=bool)
        for kind in {self._predicate_ids[name] for name in names if name in self._predicate_ids}:
            found[self._by_predicate[kind]] = True
        return found

    @cached_property
    def activities(self) -> Bool[np.ndarray, " relations"]:
        """Believed relations that say what somebody does."""
        return self.of_predicates(filter(is_activity, self._predicate_ids))

    @cached_property
    def spatial(self) -> Bool[np.ndarray, " relations"]:
        """Believed relations that say where something is."""
        return self.of_predicates(filter(is_spatial, self._predicate_ids))

    def with_predicates(self, names: Iterable[str]) -> Int64[np.ndarray, " k"]:
        """Positions of the believed relations with any of these predicates, ascending."""
        kinds = {self._predicate_ids[name] for name in names if name in self._predicate_ids}
        listed = [self._by_predicate[kind] for kind in kinds]
        return listed[0] if len(listed) == 1 else np.sort(np.concatenate((np.zeros(0, dtype=np.int64), *listed)))

    @cached_property
    def _by_predicate(self) -> list[Int64[np.ndarray, " k"]]:
        """Positions of the believed relations of each predicate, ascending."""
        found = np.flatnonzero(self.believed)
        ordered = found[np.argsort(self.predicates[found], kind="stable")]
        bounds = np.searchsorted(self.predicates[ordered], np.arange(1, len(self._predicate_ids)))
        return np.split(ordered, bounds)

    def has_predicate(self, name: str) -> bool:
        """Whether the vocabulary has this predicate."""
        return name in self._predicate_ids

    def has_category(self, name: str) -> bool:
        """Whether the vocabulary has this category."""
        return name in self._category_ids

    def relations_of(self, node_id: int) -> list[int]:
        """Positions of the believed relations that start or end at a node, in their common order."""
        at = self.position(node_id)
        found = np.flatnonzero(((self.subjects == at) | (self.objects == at)) & self.believed)
        return found[np.argsort(self.rank[found])].tolist()

    def spans(self, relation: int, window: Spans | None = None) -> Spans:
        """The frames in which a relation holds, within a window; the whole source where none are given."""
        own = self.graph.relations[relation].spans or self.whole
        return merge(own) if window is None else intersect(own, window)

    def active(self, window: Spans) -> Bool[np.ndarray, " relations"]:
        """Believed relations that hold in at least one frame of a window."""
        return _within(self._span_table, len(self.graph.relations), window) & self.believed

    def seen(self, window: Spans) -> Bool[np.ndarray, " nodes"]:
        """Nodes that are seen in at least one frame of a window."""
        return _within(self._seen_table, len(self.nodes), window)

    def presence(self, position: int, window: Spans | None = None) -> Spans:
        """The frames in which a node is seen, within a window."""
        owners, starts, stops = self._seen_table
        rows = slice(*np.searchsorted(owners, (position, position + 1)))
        own = tuple(map(Span, starts[rows].tolist(), stops[rows].tolist()))
        return own if window is None else intersect(own, window)

    @cached_property
    def space(self) -> Space:
        """Where the nodes are in metres."""
        return Space(self.nodes, self.graph.source)

    def boxes(self, positions: Int64[np.ndarray, " k"], window: Spans | None = None) -> Float64[np.ndarray, "k 4"]:
        """Mean boxes: xyxy in pixels, the mean over the frames (of a window) in which a node is seen, else NaN."""
        return self._geometry(positions, window)[:, :4]

    def frame_boxes(
        self, positions: Int64[np.ndarray, " k"], window: Spans | None = None
    ) -> dict[int, tuple[Int64[np.ndarray, " n"], Float64[np.ndarray, "n 4"]]]:
        """By frame (of a window): which of the nodes are seen in it, by place in `positions`, and their boxes there."""
        found: dict[int, list[tuple[int, Box]]] = {}
        for at, position in enumerate(positions):
            region = self.nodes[position].region
            for frame in region.frames if self.nodes[position].located else ():
                inside = window is None or any(span.start <= frame < span.stop for span in window)
                if inside and (segment := region.segment(frame)) is not None:
                    found.setdefault(frame, []).append((at, segment.box))
        return {
            frame: (np.array([at for at, _ in seen], dtype=np.int64), np.array([box for _, box in seen], dtype=float))
            for frame, seen in found.items()
        }

    def areas(self, positions: Int64[np.ndarray, " k"], window: Spans | None = None) -> Float64[np.ndarray, " k"]:
        """Pixels: the mean over the frames (of a window) in which a node is seen, else NaN."""
        return self._geometry(positions, window)[:, 4]

    def first_box(self, position: int) -> tuple[int, tuple[float, float, float, float] | None]:
        """The first frame in which a node is seen, and its box there; None where its place is not known."""
        region = self.nodes[position].region
        segment = region.segment(region.frames[0]) if self.nodes[position].located else None
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
        return names | {name.replace("/", " / "): node for name, node in names.items() if "/" in name}

    @cached_property
    def attributes(self) -> dict[str, list[tuple[int, Any]]]:
        """Recorded attributes by name, in one spelling: (position of the node, value)."""
        table: dict[str, list[tuple[int, Any]]] = {}
        for position, node in enumerate(self.nodes):
            for name, value in node.recorded.items():
                table.setdefault(attribute_named(str(name), value), []).append((position, value))
        return table

    @cached_property
    def recorded(self) -> dict[str, Int64[np.ndarray, " k"]]:
        """Positions of the nodes for which an attribute is recorded, in the order of `attributes`."""
        return {name: np.array([at for at, _ in rows], dtype=np.int64) for name, rows in self.attributes.items()}

    @cached_property
    def owners(self) -> dict[str, dict[str, Int64[np.ndarray, " k"]]]:
        """Positions of the nodes that have a value, by attribute and value, each in one spelling."""
        found: dict[str, dict[str, list[int]]] = {}
        for name, rows in self.attributes.items():
            values = found.setdefault(name, {})
            for position, value in rows:
                for said in spelled(value):
                    values.setdefault(said, []).append(position)
        return {
            name: {said: np.array(places, dtype=np.int64) for said, places in values.items()}
            for name, values in found.items()
        }

    @cached_property
    def _seen_table(self) -> _Stretches:
        """The stretches of frames in which nodes are seen without a break."""
        lengths = [len(node.region.frames) for node in self.nodes]
        frames = np.fromiter(chain.from_iterable(node.region.frames for node in self.nodes), np.int64, sum(lengths))
        owners = np.repeat(np.arange(len(self.nodes)), lengths)
        broken = (owners[1:] != owners[:-1]) | (frames[1:] != frames[:-1] + 1)
        first, last = np.ones(len(frames), dtype=bool), np.ones(len(frames), dtype=bool)
        first[1:], last[:-1] = broken, broken
        return owners[first], frames[first], frames[last] + 1

    @cached_property
    def _span_table(self) -> _Stretches:
        rows = [
            (position, span.start, span.stop)
            for position, relation in enumerate(self.graph.relations)
            for span in relation.spans or self.whole
        ]
        owners, starts, stops = np.ascontiguousarray(np.array(rows, dtype=np.int64).reshape(-1, 3).T)
        return owners, starts, stops

    @cached_property
    def has_scores(self) -> bool:
        """Whether any score is below 1, as in predicted graphs."""
        return bool((self.scores < 1).any() or (self.relation_scores[self.believed] < 1).any())

    @cached_property
    def rank(self) -> Int64[np.ndarray, " relations"]:
        """Place of each relation in an order that does not depend on how the graph lists them."""
        spans = [relation.spans or self.whole for relation in self.graph.relations]
        starts = np.array([min(own)[0] for own in spans], dtype=np.int64)
        stops = np.array([max(own)[1] for own in spans], dtype=np.int64)
        order = np.lexsort((stops, starts, self.predicates, self.objects, self.subjects))
        rank = np.empty_like(order)
        rank[order] = np.arange(len(order))
        return rank

    @cached_property
    def _known_geometry(self) -> Float64[np.ndarray, "nodes 5"]:
        return np.full((len(self.nodes), 5), np.inf)  # infinite: not measured yet

    def _geometry(self, positions: Int64[np.ndarray, " k"], window: Spans | None) -> Float64[np.ndarray, "k 5"]:
        """Mean boxes and areas; those over the whole source are measured once."""
        if window is not None:
            return np.array([self._measured(int(at), window) for at in positions]).reshape(-1, 5)
        known = self._known_geometry
        for at in positions[np.isinf(known[positions, 0])]:
            known[at] = self._measured(int(at), self.whole)
        return known[positions]

    def _measured(self, position: int, window: Spans) -> list[float]:
        if not self.nodes[position].located:
            return [np.nan] * 5
        region = self.nodes[position].region
        frames = region.frames
        segments = [
            segment
            for span in window
            for frame in frames[bisect_left(frames, span.start) : bisect_left(frames, span.stop)]
            if (segment := region.segment(frame)) is not None
        ]
        if len(segments) == 1:
            return [*segments[0].box, segments[0].area]
        if not segments:
            return [np.nan] * 5
        return np.mean([(*segment.box, segment.area) for segment in segments], axis=0).tolist()


def _within(table: _Stretches, number: int, window: Spans) -> Bool[np.ndarray, " number"]:
    """Which of so many owners have a stretch that shares a frame with a window."""
    owners, starts, stops = table
    hit = np.zeros(len(owners), dtype=bool)
    for span in window:
        hit |= (starts < span.stop) & (stops > span.start)
    if len(owners) == number:  # each has one
        return hit
    found = np.zeros(number, dtype=bool)
    found[owners[hit]] = True
    return found
