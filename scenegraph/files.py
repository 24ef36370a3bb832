"""Scene graphs on disk: NAME.scenegraph.json, optionally with its masks in a panoptic PNG beside it.

The format is `"schema": "scenegraph/1"`, described by `scenegraph.schema.json` (`json_schema()`).
In short: a node says where it is by one of `mask` (COCO run lengths), `box` (x1, y1, x2, y2),
`segment` (its id in the panoptic PNG that the file names) or `tube` (a mask or box a frame, with a
`track` in metres where there is depth). Ids bind; `category_name` and `predicate_name` are there for
readers and must agree with them.
"""

import hashlib
import json
import re
from functools import cache
from pathlib import Path
from typing import Any, Literal

import numpy as np
from jaxtyping import Int32

from scenegraph import checked_json
from scenegraph.checked_json import inside, located
from scenegraph.decoding import graph_from_json
from scenegraph.encoding import SCHEMA, dumps, segment_json, text_of
from scenegraph.errors import InputError
from scenegraph.graph import SceneGraph
from scenegraph.masks import Mask, overlapping, paint
from scenegraph.panoptic import id_map_png, read_id_map
from scenegraph.regions import Segment
from scenegraph.storage import write_atomically

__all__ = ["SCHEMA", "dumps", "json_schema", "load", "loads", "save"]

MAX_BYTES = 1 << 30
"""Larger graph files are refused; an hour of video with forty nodes takes about a third of this."""

_SUFFIXES = (".scenegraph.json", ".json")


def loads(text: str) -> SceneGraph:
    """The graph of a text that `dumps` wrote (masks inside the text).

    Raises:
        InputError: the text is truncated, foreign, of another version, or does not describe a graph.
    """
    return graph_from_json(checked_json.parse(text))


def load(path: str | Path) -> SceneGraph:
    """Read a graph, and the panoptic PNG beside it where the file names one.

    Raises:
        InputError: the file is missing, truncated, foreign, of another version or inconsistent, or
            the PNG is missing, outside the folder, or disagrees with the listed segments.
    """
    path = Path(path)
    value = checked_json.read(path, MAX_BYTES)

    def read_panoptic(name: str) -> Int32[np.ndarray, "height width"]:
        return read_id_map(inside(path.parent, name, "panoptic"))

    with located(str(path)):
        return graph_from_json(value, read_panoptic)


def save(graph: SceneGraph, path: str | Path, masks: Literal["rle", "png"] = "rle") -> None:
    """Write a graph, whole or not at all; an older file stays as it was if anything fails.

    Args:
        graph: the graph; metadata and attributes must be JSON values.
        path: usually NAME.scenegraph.json.
        masks: "rle" writes masks into the file. "png" paints them into NAME.DIGEST.png beside it
            (id = node position + 1), smaller and viewable; for images whose segments do not overlap.

    Raises:
        InputError: the graph holds what JSON cannot, does not suit `masks="png"`, or the file cannot
            be written (missing folder, full disk).
    """
    path = Path(path)
    if masks == "rle":
        write_atomically(path, dumps(graph).encode("utf-8"))
        return
    if masks != "png":
        raise InputError(f"masks={masks!r}; expected 'rle' or 'png'")
    _save_with_png(graph, path)


@cache
def json_schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of `scenegraph/1` files."""
    schema: dict[str, Any] = json.loads(Path(__file__).with_name("scenegraph.schema.json").read_text("utf-8"))
    return schema


def _save_with_png(graph: SceneGraph, path: Path) -> None:
    content, regions = _paint(graph)
    stem = next((path.name.removesuffix(suffix) for suffix in _SUFFIXES if path.name.endswith(suffix)), path.name)
    # The digest in the name keeps an older file and its PNG together until the new file is in place.
    name = f"{stem}.{hashlib.sha256(content).hexdigest()[:12]}.png"
    text = text_of(graph, regions, panoptic=name).encode("utf-8")
    png, replaced = path.with_name(name), _own_png(path, stem)
    was_there = png.exists()
    write_atomically(png, content)
    try:
        write_atomically(path, text)
    except InputError:
        if not was_there:
            png.unlink(missing_ok=True)
        raise
    if replaced is not None and replaced != png:
        replaced.unlink(missing_ok=True)


def _paint(graph: SceneGraph) -> tuple[bytes, list[dict[str, Any]]]:
    """The panoptic PNG of an image graph, and every node's reference into it."""
    if graph.source.kind != "image":
        raise InputError(f"masks='png' is for images; a graph of kind {graph.source.kind!r} needs masks='rle'")
    masks: dict[int, Mask] = {}
    regions: list[dict[str, Any]] = []
    for position, node in enumerate(graph.nodes):
        region = node.region
        if isinstance(region, Segment) and region.mask is not None and region.mask.area:
            masks[position] = region.mask
            regions.append({"segment": position + 1})
        else:  # a box, or a mask without pixels, cannot be painted
            regions.append(segment_json(region))  # type: ignore[arg-type]  # image graphs hold segments
    if overlapping(list(masks.values())):
        raise InputError("masks='png' cannot hold segments that overlap; use masks='rle'")
    lookup = np.array([0, *(position + 1 for position in masks)], dtype=np.int32)
    return id_map_png(lookup[paint(list(masks.values()), *graph.source.size) + 1]), regions


def _own_png(path: Path, stem: str) -> Path | None:
    """The PNG that an older file at this path refers to, if this module named it."""
    try:
        name = checked_json.read(path, MAX_BYTES).get("panoptic")
    except (InputError, AttributeError):
        return None  # no older file, or one that is not ours
    if isinstance(name, str) and re.fullmatch(re.escape(stem) + r"\.[0-9a-f]{12}\.png", name):
        return path.with_name(name)
    return None
