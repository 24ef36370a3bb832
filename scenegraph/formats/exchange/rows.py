"""Nodes and relations as rows of plain values, which several formats write."""

import json
import re
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import quote

from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph
from scenegraph.masks import Box
from scenegraph.spans import Span

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def node_row(graph: SceneGraph, node: Node) -> dict[str, Any]:
    """A node: id, label, category, whether it is a thing, score, attributes, where it is first seen."""
    frame, box = first_seen(node)
    return {
        "id": node.id,
        "label": graph.label(node.id),
        "category": graph.category_name(node.id),
        "is_thing": graph.vocabulary.is_thing(node.category),
        "score": float(node.score),
        "attributes": dict(node.attributes),
        "first_frame": frame,
        "box": list(box),
    }


def relation_row(graph: SceneGraph, relation: Relation) -> dict[str, Any]:
    """A relation: ids of its ends, predicate, score, spans."""
    return {
        "subject": relation.subject,
        "predicate": graph.predicate_name(relation),
        "object": relation.object,
        "score": float(relation.score),
        "spans": [[span.start, span.stop] for span in relation.spans],
    }


def source_row(graph: SceneGraph) -> dict[str, Any]:
    """The source: kind, uri, size, frames and frames a second."""
    source = graph.source
    row = {"kind": source.kind, "uri": source.uri, "height": source.height, "width": source.width}
    return {**row, "num_frames": source.num_frames, "fps": source.fps}


def first_seen(node: Node) -> tuple[int, Box]:
    """The first frame in which a node is seen, and its box there (xyxy, pixels)."""
    frame = node.region.frames[0]
    segment = node.region.segment(frame)
    assert segment is not None  # by what `frames` means
    return frame, segment.box


def coded(value: Any) -> str:
    """A value as JSON text, for formats that hold scalars only."""
    return json_text(value, sort_keys=True, separators=(",", ":"))


def json_text(value: Any, **layout: Any) -> str:
    """JSON text of what a graph holds.

    Raises:
        InputError: a number is not finite, which JSON cannot hold.
    """
    try:
        return json.dumps(value, allow_nan=False, default=str, **layout)
    except ValueError:
        raise InputError("an attribute holds a number that is not finite; JSON has none") from None


def quoted(text: str, safe: str = "") -> str:
    """A text as part of an address; a half of a surrogate pair, which JSON may hold, is kept as its three bytes.

    >>> quoted("a b"), quoted(chr(0xD800))
    ('a%20b', '%ED%A0%80')
    """
    return quote(text, safe=safe, errors="surrogatepass")


def address(graph: SceneGraph) -> str:
    """A short name of the graph as part of an address.

    >>> from scenegraph import Source, Vocabulary
    >>> address(SceneGraph(Source("image", "a/my street.jpg", 4, 4), (), (), Vocabulary((), (), ())))
    'my%20street'
    """
    return quoted(PurePosixPath(graph.source.uri.replace("\\", "/")).stem or "graph")


def seconds(span: Span, fps: float) -> str:
    """A span as the seconds of a media fragment.

    >>> seconds(Span(60, 93), 5.0)
    't=12,18.6'
    """
    start, stop = (f"{edge:.3f}".rstrip("0").rstrip(".") for edge in span.seconds(fps))
    return f"t={start},{stop}"


def xml_text(text: str) -> str:
    """A text without the characters that XML cannot hold, each of which becomes a space."""
    return _NOT_XML.sub(" ", text)


def scalars(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row whose lists and objects are JSON texts, and whose missing values are left out."""
    return {
        key: coded(value) if isinstance(value, list | dict) else value
        for key, value in row.items()
        if value is not None
    }
