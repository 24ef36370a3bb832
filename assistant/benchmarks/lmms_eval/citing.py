"""What a model said, read from its text: an answer, with the things, relations and times that it rests on.

The prompt asks for JSON; the text is not trusted. What cannot be read is left out and counted.
"""

import json
import re
from dataclasses import dataclass, field
from typing import Any

from scenegraph import InputError
from scenegraph.checked_json import is_number, is_whole
from scenegraph.masks import Box, Mask

_NODE = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "category": {"type": "string"},
        "frame": {"type": "integer"},
        "box": {"type": "array", "items": {"type": "number"}, "minItems": 4, "maxItems": 4},
    },
    "required": ["id", "category", "frame", "box"],
}
_MASK = {
    "type": "object",
    "properties": {"size": {"type": "array", "items": {"type": "integer"}}, "counts": {"type": "string"}},
    "required": ["size", "counts"],
}
_RELATION = {
    "type": "object",
    "properties": {"subject": {"type": "integer"}, "predicate": {"type": "string"}, "object": {"type": "integer"}},
    "required": ["subject", "predicate", "object"],
}
_TIME = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}

MAX_CITED = 200
"""Nodes, relations or times of one answer that are looked at."""


def schema(video: bool) -> dict[str, Any]:
    """What an answer has to look like.

    Args:
        video: with times in seconds, and boxes only; else a thing may come with a mask (COCO run lengths).
    """
    node = _NODE if video else {**_NODE, "properties": {**_NODE["properties"], "mask": _MASK}}  # type: ignore[dict-item]
    properties: dict[str, Any] = {
        "answer": {"type": ["string", "null"]},
        "cited_nodes": {"type": "array", "items": node},
        "relations": {"type": "array", "items": _RELATION},
    }
    if video:
        properties["seconds"] = {"type": "array", "items": _TIME}
    return {"type": "object", "properties": properties, "required": list(properties)}


@dataclass(frozen=True)
class CitedNode:
    """A thing that an answer points at; `mask` where it has one, else `box` (xyxy, pixels) in `frame`."""

    id: int
    category: str
    frame: int
    mask: Mask | None
    box: Box | None


@dataclass(frozen=True)
class Said:
    """An answer with what it rests on.

    Attributes:
        answer: the bare answer; None for "cannot be answered".
        readable: whether the text held the JSON that was asked for; else `answer` is the whole text.
        nodes: things, distinct by id.
        relations: (id of the subject, predicate, id of the object).
        seconds: stretches of time.
        malformed: entries that could not be read and are left out.
    """

    answer: str | None
    readable: bool
    nodes: tuple[CitedNode, ...] = ()
    relations: tuple[tuple[int, str, int], ...] = ()
    seconds: tuple[tuple[float, float], ...] = ()
    malformed: int = field(default=0)


def read_said(text: str) -> Said:
    """Read a reply; words and fences around the JSON are passed over.

    >>> read_said('Here: {"answer": "dog", "cited_nodes": [], "relations": [[1]]}').malformed
    1
    >>> read_said("a dog")
    Said(answer='a dog', readable=False, nodes=(), relations=(), seconds=(), malformed=0)
    """
    value = _object_in(text)
    if value is None or "answer" not in value:
        return Said(text.strip(), False)
    answer = value["answer"]
    if isinstance(answer, bool):
        answer = "yes" if answer else "no"
    nodes = [_node(each) for each in _listed(value, "cited_nodes")]
    relations = [_relation(each) for each in _listed(value, "relations")]
    seconds = [_stretch(each) for each in _listed(value, "seconds")]
    distinct = {node.id: node for node in nodes if node is not None}
    kept = tuple(dict.fromkeys(each for each in relations if each is not None))
    bad = sum(each is None for each in (*nodes, *relations, *seconds))
    return Said(
        None if answer is None else str(answer),
        True,
        tuple(distinct.values()),
        kept,
        tuple(each for each in seconds if each is not None),
        bad,
    )


def _object_in(text: str) -> dict[str, Any] | None:
    """The first JSON object of a text."""
    decoder = json.JSONDecoder()
    for found in re.finditer(r"\{", text):
        try:
            value, _ = decoder.raw_decode(text, found.start())
        except (ValueError, RecursionError):
            continue
        return value if isinstance(value, dict) else None
    return None


def _listed(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    return found[:MAX_CITED] if isinstance(found, list) else []


def _node(value: Any) -> CitedNode | None:
    if not isinstance(value, dict) or not is_whole(value.get("id")) or not isinstance(value.get("category"), str):
        return None
    frame, mask = value.get("frame", 0), None
    if value.get("mask") is not None:
        try:
            mask = Mask.from_coco(value["mask"])
        except (InputError, TypeError, KeyError):
            return None
    box = _box(value.get("box"))
    if not is_whole(frame, 0) or (mask is None and box is None):
        return None
    return CitedNode(value["id"], value["category"], frame, mask, box)


def _box(value: Any) -> Box | None:
    """Four numbers that enclose an area."""
    if not isinstance(value, list) or len(value) != 4 or not all(is_number(edge) for edge in value):
        return None
    x1, y1, x2, y2 = map(float, value)
    return (x1, y1, x2, y2) if x1 < x2 and y1 < y2 else None


def _relation(value: Any) -> tuple[int, str, int] | None:
    if not isinstance(value, dict) or not isinstance(value.get("predicate"), str):
        return None
    ends = value.get("subject"), value.get("object")
    return (ends[0], value["predicate"], ends[1]) if is_whole(ends[0]) and is_whole(ends[1]) else None


def _stretch(value: Any) -> tuple[float, float] | None:
    if not isinstance(value, list) or len(value) != 2 or not all(is_number(each) for each in value):
        return None
    return (float(value[0]), float(value[1])) if value[0] < value[1] else None
