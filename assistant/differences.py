"""The difference of two graphs: they become two moments of one, which any program can ask about.

answer = difference(yesterday, today)
joined(before, after)     # frame 0 is the first graph, frame 1 the second
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from jaxtyping import Float64

from assistant.answers import GroundedAnswer
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.programs import Program
from assistant.timed_programs import Changed, Frames
from assistant.wording import compose
from scenegraph import InputError, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.masks import iou_matrix
from scenegraph.matching import match

BEFORE, AFTER = Frames(0, 1), Frames(1, 2)
"""The two moments of a joined graph."""


def difference(
    before: SceneGraph,
    after: SceneGraph,
    pairs: Mapping[int, int] | None = None,
    min_score: float = 0.3,
) -> GroundedAnswer:
    """Which relations and nodes came and went from one graph to the other.

    The answer's citations are of `joined(before, after, pairs)`: relations in frame 0 are those of the
    first graph, in frame 1 those of the second.

    Raises:
        InputError: `pairs` names a node that is not there or names one twice.
    """
    index = GraphIndex(joined(before, after, pairs), min_score)
    outcome = Executor(index).run(Changed(BEFORE, AFTER))
    pictures = before.source.kind == after.source.kind == "image"
    moments = tuple(f"in the {place} {'picture' if pictures else 'graph'}" for place in ("first", "second"))
    return compose(index, outcome, Program(outcome.question, "caller", outcome.trace), moments=moments)


def joined(before: SceneGraph, after: SceneGraph, pairs: Mapping[int, int] | None = None) -> SceneGraph:
    """One graph of two frames, the first graph and the second; nodes that are the same have one id.

    Args:
        before: its nodes keep their ids. Of a video, every node stands where it is first seen.
        after: nodes that are new get ids above all of the first graph's.
        pairs: node of `before` to the node of `after` that is the same; by default `same_nodes`.

    Raises:
        InputError: `pairs` names a node that is not there or names one twice.
    """
    pairs = same_nodes(before, after) if pairs is None else pairs
    for first, second in pairs.items():
        before.node(first), after.node(second)
    if len(set(pairs.values())) < len(pairs):
        raise InputError("`pairs` gives one node of the second graph to several of the first; expected one to one")
    vocabulary = _union(before.vocabulary, after.vocabulary)
    ids = _new_ids(before, after, pairs)
    segments: dict[int, dict[int, Segment]] = {}
    nodes: dict[int, Node] = {}
    own = {node.id: node.id for node in before.nodes}
    for frame, (graph, renamed) in enumerate(((before, own), (after, ids))):
        for node in graph.nodes:
            name, new = graph.vocabulary.categories[node.category], renamed[node.id]
            segments.setdefault(new, {})[frame] = _scaled(_segment(node), before.source.size)
            nodes.setdefault(new, replace(node, id=new, category=vocabulary.category_id(name)))
    ties = (*_ties(before, vocabulary, own, 0), *_ties(after, vocabulary, ids, 1))
    source = Source("video", f"{before.source.uri} and {after.source.uri}", *before.source.size, num_frames=2)
    placed = tuple(replace(node, region=Tube(segments[new])) for new, node in nodes.items())
    return SceneGraph(source, placed, ties, vocabulary)


def _new_ids(before: SceneGraph, after: SceneGraph, pairs: Mapping[int, int]) -> dict[int, int]:
    """Ids of the second graph's nodes in the joined graph: the partner's, or a new one."""
    ids = {second: first for first, second in pairs.items()}
    fresh = max((node.id for node in before.nodes), default=-1) + 1
    for node in after.nodes:
        if node.id not in ids:
            ids[node.id] = fresh
            fresh += 1
    return ids


def same_nodes(before: SceneGraph, after: SceneGraph) -> dict[int, int]:
    """Nodes that are taken to be the same: of one category and more than half overlapping in pictures of one size.

    Those of videos, and of pictures of different sizes, by equal id and category.
    """
    if before.source.kind != "image" or after.source.kind != "image" or before.source.size != after.source.size:
        there = {node.id: after.category_name(node.id) for node in after.nodes}
        return {node.id: node.id for node in before.nodes if there.get(node.id) == before.category_name(node.id)}
    vocabulary = _union(before.vocabulary, after.vocabulary)
    kinds = [
        np.array([vocabulary.category_id(graph.category_name(node.id)) for node in graph.nodes], dtype=np.int64)
        for graph in (before, after)
    ]
    segments = [[_segment(node) for node in graph.nodes] for graph in (before, after)]
    found = match(_overlap(segments[0], segments[1]), kinds[0], kinds[1])
    return {before.nodes[a].id: after.nodes[b].id for a, b in zip(found.truth, found.prediction, strict=True)}


def _union(first: Vocabulary, second: Vocabulary) -> Vocabulary:
    """The names of both; what the first calls a thing stays one."""
    things = dict.fromkeys((*first.things, *(name for name in second.things if name not in first.stuff)))
    stuff = dict.fromkeys((*first.stuff, *(name for name in second.stuff if name not in things)))
    return Vocabulary(tuple(things), tuple(stuff), tuple(dict.fromkeys((*first.predicates, *second.predicates))))


def _segment(node: Node) -> Segment:
    """Where a node is first seen."""
    segment = node.region.segment(node.region.frames[0])
    assert segment is not None
    return segment


def _scaled(segment: Segment, size: tuple[int, int]) -> Segment:
    """A segment in a picture of another size: its box, or itself where the sizes are equal."""
    if segment.size == size:
        return segment
    down, across = size[0] / segment.size[0], size[1] / segment.size[1]
    x1, y1, x2, y2 = segment.box
    return Segment.from_box((x1 * across, y1 * down, x2 * across, y2 * down), *size)


def _overlap(first: list[Segment], second: list[Segment]) -> Float64[np.ndarray, "n m"]:
    """Intersection over union of masks, or of boxes where a segment has no mask."""
    masks = [[segment.mask for segment in side if segment.mask is not None] for side in (first, second)]
    if len(masks[0]) == len(first) and len(masks[1]) == len(second):
        return iou_matrix(masks[0], masks[1]) if first and second else np.zeros((len(first), len(second)))
    one, other = (np.array([segment.box for segment in side]).reshape(-1, 4) for side in (first, second))
    low, high = np.maximum(one[:, None, :2], other[None, :, :2]), np.minimum(one[:, None, 2:], other[None, :, 2:])
    shared = (high - low).clip(0).prod(axis=-1)
    areas = [(boxes[:, 2:] - boxes[:, :2]).prod(axis=-1) for boxes in (one, other)]
    union = areas[0][:, None] + areas[1][None, :] - shared
    return np.divide(shared, union, out=np.zeros_like(shared), where=union > 0)


def _ties(graph: SceneGraph, vocabulary: Vocabulary, ids: Mapping[int, int], frame: int) -> Iterable[Relation]:
    """The relations of a graph in one frame, under the new ids and names."""
    for tie in graph.relations:
        predicate = vocabulary.predicate_id(graph.predicate_name(tie))
        yield Relation(ids[tie.subject], predicate, ids[tie.object], tie.score, (Span(frame, frame + 1),))
