"""Facts about nodes and relations as plain JSON values, and walks over a graph: what tools give out."""

from collections import deque
from collections.abc import Iterable
from typing import Any, Literal

import numpy as np

from assistant.adjectives import spelling
from assistant.answers import NodeCitation, RelationCitation
from assistant.citing import Citations
from assistant.index import GraphIndex
from assistant.names import plain, shown_names
from scenegraph import InputError, Track4D
from scenegraph.spans import Span, intersect

MAX_ROWS = 200
"""Rows that one call lists; a language model reads no more at a time."""

Direction = Literal["out", "in", "both"]


def checked_node(index: GraphIndex, node: int) -> int:
    """A node id that the graph has.

    Raises:
        InputError: it has no such node.
    """
    return index.graph.node(node).id


def node_facts(index: GraphIndex, node: int) -> dict[str, Any]:
    """What is recorded of a node: name, box where it is first seen, frames, attributes, number of relations.

    Raises:
        InputError: there is no such node.
    """
    found = index.graph.node(checked_node(index, node))
    citation = _cited(index, node=node)
    assert isinstance(citation, NodeCitation)
    frames = found.region.frames
    facts: dict[str, Any] = {
        "id": node,
        "label": index.label(node),
        "category": index.graph.category_name(node),
        "is_thing": index.graph.vocabulary.is_thing(found.category),
        "score": round(float(found.score), 4),
        "box": citation.to_json()["box"],
        "first_frame": frames[0],
        "last_frame": frames[-1],
        "attributes": {str(name): value for name, value in found.recorded.items()},
        "relations": len(index.relations_of(node)),
    }
    if isinstance(found.region, Track4D):
        facts["position_metres"] = _rounded(_metres(found.region))
    return facts


def relation_facts(index: GraphIndex, position: int) -> dict[str, Any]:
    """A relation: its number, its ends with their labels, and when it holds."""
    citation = _cited(index, relation=position)
    assert isinstance(citation, RelationCitation)
    facts = citation.to_json()
    del facts["kind"]
    return {
        **facts,
        "subject_label": index.label(citation.subject),
        "object_label": index.label(citation.object),
        "spans": [list(span) for span in index.graph.relations[position].spans],
    }


def find_nodes(
    index: GraphIndex, category: str | None, attribute: str | None, value: str | None, frame: int | None
) -> list[int]:
    """Ids of nodes by category name, by an attribute's value, and by a frame in which they are seen.

    Categories are called as in the data or as answers call them (`grass` for `grass-merged`).

    Raises:
        InputError: the vocabulary has no such category, and the message lists those of the graph; or the source
            has no such frame.
    """
    wanted = None if category is None else _category_named(index, category)
    last = index.graph.source.num_frames - 1
    if frame is not None and not 0 <= frame <= last:
        raise InputError(f"there is no frame {frame}; the source has frames 0-{last}")
    name = None if attribute is None else spelling(attribute)
    kept = []
    for node in index.nodes:
        if wanted is not None and node.category != wanted:
            continue
        if frame is not None and node.region.segment(frame) is None:
            continue
        said = [spelling(str(v)) for k, v in node.recorded.items() if name in (None, spelling(str(k)))]
        if (name is not None and not said) or (value is not None and spelling(value) not in said):
            continue
        kept.append(node.id)
    return kept


def neighbours(index: GraphIndex, node: int, predicate: str | None, direction: Direction) -> list[int]:
    """Positions of the relations of a node, by predicate and direction.

    Raises:
        InputError: there is no such node or predicate.
    """
    checked_node(index, node)
    wanted = None if predicate is None else _predicate_named(index, predicate)
    found = []
    for position in index.relations_of(node):
        relation = index.graph.relations[position]
        if wanted is not None and relation.predicate != wanted:
            continue
        if (direction == "out" and relation.subject != node) or (direction == "in" and relation.object != node):
            continue
        found.append(position)
    return found


def shortest_path(index: GraphIndex, start: int, goal: int, longest: int) -> list[int] | None:
    """Positions of the relations on a shortest way between two nodes, in either direction; None if there is none.

    Raises:
        InputError: a node does not exist.
    """
    checked_node(index, start)
    checked_node(index, goal)
    came: dict[int, tuple[int, int]] = {}
    queue: deque[tuple[int, int]] = deque([(start, 0)])
    seen = {start}
    while queue:
        node, steps = queue.popleft()
        if node == goal:
            path = []
            while node != start:
                node, position = came[node]
                path.append(position)
            return path[::-1]
        if steps == longest:
            continue
        for position in index.relations_of(node):
            relation = index.graph.relations[position]
            other = relation.object if relation.subject == node else relation.subject
            if other not in seen:
                seen.add(other)
                came[other] = (node, position)
                queue.append((other, steps + 1))
    return None


def timeline(index: GraphIndex, nodes: Iterable[int], first: int | None, last: int | None) -> list[dict[str, Any]]:
    """What begins when: one row for every stretch of time in which a relation holds, in order.

    Args:
        index: the graph.
        nodes: only relations of these; all relations if there are none.
        first: only what holds from this frame on; None from the start.
        last: only what holds until this frame, included; None to the end.

    Raises:
        InputError: a node does not exist.
    """
    wanted = {checked_node(index, node) for node in nodes}
    frames, fps = index.graph.source.num_frames, index.graph.source.fps
    window = (Span(first or 0, frames if last is None else last + 1),)
    rows = []
    for position in np.flatnonzero(index.believed).tolist():
        relation = index.graph.relations[position]
        if wanted and not wanted & {relation.subject, relation.object}:
            continue
        for span in intersect(index.spans(position), window):
            rows.append((span.start, span.stop, position))
    return [
        {
            "frames": [start, stop],
            "seconds": None if fps is None else [round(edge, 3) for edge in Span(start, stop).seconds(fps)],
            "relation": position,
            "sentence": index.graph.sentence(index.graph.relations[position]),
        }
        for start, stop, position in sorted(rows)
    ]


def nearest(index: GraphIndex, node: int, category: str | None, frame: int | None) -> list[tuple[int, float, str]]:
    """Other nodes by their distance from a node: (id, distance, unit), the nearest first.

    The unit is metres between centres where both have a measured position, else pixels between the
    centres of the boxes; metres come before pixels. Nodes whose place is not known are left out.

    Raises:
        InputError: there is no such node or category, or the node is not seen in the frame.
    """
    own = index.graph.node(checked_node(index, node))
    at = own.region.frames[0] if frame is None else frame
    here = own.region.segment(at)
    if here is None:
        frames = own.region.frames
        raise InputError(f"node {node} is not seen in frame {at}; it is seen between {frames[0]} and {frames[-1]}")
    rows = []
    for other in find_nodes(index, category, None, None, None):
        beside = index.graph.node(other)
        region, there = beside.region, beside.region.segment(at)
        if other == node or there is None:
            continue
        if isinstance(own.region, Track4D) and isinstance(region, Track4D):
            places = own.region.position(at), region.position(at)
            if places[0] is not None and places[1] is not None:
                rows.append((0, float(np.linalg.norm(places[0] - places[1])), other))
                continue
        if not (own.located and beside.located):
            continue
        rows.append((1, float(np.hypot(*(np.array(_centre(here.box)) - _centre(there.box)))), other))
    return [(other, round(distance, 3), ("metres", "pixels")[unit]) for unit, distance, other in sorted(rows)]


def _category_named(index: GraphIndex, category: str) -> int:
    """The category of a name, as it is written in the data, as answers show it, or but for case and strokes.

    Raises:
        InputError: the vocabulary has none.
    """
    vocabulary = index.graph.vocabulary
    for names in (vocabulary.categories, shown_names(vocabulary), tuple(map(_bare, vocabulary.categories))):
        for said in (category, plain(category), _bare(category)):
            if said in names:
                return names.index(said)
    present = sorted({index.graph.category_name(node.id) for node in index.nodes})
    raise InputError(f"there is no category {category[:60]!r}; the graph has {', '.join(present[:60])}")


def _predicate_named(index: GraphIndex, predicate: str) -> int:
    """The predicate of a name, as it is written in the data, or but for case and strokes.

    Raises:
        InputError: the vocabulary has none.
    """
    names = index.graph.vocabulary.predicates
    for listed, said in ((names, predicate), (tuple(map(_bare, names)), _bare(predicate))):
        if said in listed:
            return listed.index(said)
    raise InputError(f"there is no predicate {predicate[:60]!r}; the graph has {', '.join(names[:60])}")


def _bare(name: str) -> str:
    return plain(name).replace("-", " ")


def _cited(index: GraphIndex, node: int | None = None, relation: int | None = None) -> NodeCitation | RelationCitation:
    citations = Citations(index)
    if node is not None:
        citations.node(node)
    elif relation is not None:
        citations.relation(relation)
    return citations.listed[0]


def _centre(box: tuple[float, float, float, float]) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _metres(region: Track4D) -> np.ndarray | None:
    return region.position(region.frames[0])


def _rounded(values: np.ndarray | None) -> list[float] | None:
    return None if values is None else [round(float(value), 3) for value in values]
