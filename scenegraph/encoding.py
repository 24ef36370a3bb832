"""A scene graph as the text of a `scenegraph/1` file.

Equal graphs give equal texts: keys have a fixed order, numbers one spelling, and every node and
relation stands on a line of its own, so that files can be compared line by line.
"""

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from jaxtyping import Float64

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.masks import Mask
from scenegraph.regions import Segment, Track4D, Tube

SCHEMA = "scenegraph/1"


def dumps(graph: SceneGraph) -> str:
    """The text of a graph, masks as COCO run lengths.

    Raises:
        InputError: metadata or attributes hold what JSON cannot (NaN, arrays, keys that are no text).

    >>> from scenegraph import Source, Vocabulary
    >>> empty = SceneGraph(Source("image", "a.png", 2, 3), (), (), Vocabulary(("cat",), (), ()))
    >>> dumps(empty).splitlines()[1]
    ' "schema": "scenegraph/1",'
    """
    return text_of(graph, [_region(node, f"node {node.id}") for node in graph.nodes])


def text_of(graph: SceneGraph, regions: Iterable[dict[str, Any]], panoptic: str | None = None) -> str:
    """The text of a graph whose regions are encoded already, in node order.

    `panoptic` names the PNG that regions of the form `{"segment": id}` refer to.

    Raises:
        InputError: as `dumps`.
    """
    members = [("schema", _compact(SCHEMA)), ("source", _compact(_source(graph.source)))]
    vocabulary = graph.vocabulary
    lists = [f'"{kind}": {_compact(names)}' for kind, names in vocabulary.names.items()]
    members.append(("vocabulary", _lines("{}", lists)))
    if panoptic is not None:
        members.append(("panoptic", _compact(panoptic)))
    nodes = [_compact(_node(graph, node, region)) for node, region in zip(graph.nodes, regions, strict=True)]
    members.append(("nodes", _lines("[]", nodes)))
    members.append(("relations", _lines("[]", [_compact(_relation(graph, relation)) for relation in graph.relations])))
    if graph.metadata:
        members.append(("metadata", _compact(_plain(graph.metadata, "metadata"))))
    text = "{\n" + ",\n".join(f' "{key}": {value}' for key, value in members) + "\n}\n"
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(f"the graph holds a text that is not Unicode ({text[error.start : error.end]!r})") from None
    return text


def _compact(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _lines(brackets: str, items: list[str]) -> str:
    if not items:
        return brackets
    return brackets[0] + "\n  " + ",\n  ".join(items) + "\n " + brackets[1]


def _source(source: Source) -> dict[str, Any]:
    coded: dict[str, Any] = {
        "kind": source.kind,
        "uri": source.uri,
        "height": int(source.height),
        "width": int(source.width),
        "num_frames": int(source.num_frames),
    }
    if source.fps is not None:
        coded["fps"] = _number(source.fps, "source.fps")
    if source.camera is not None:
        coded["camera"] = _camera(source.camera)
    if source.up != "-y":
        coded["up"] = source.up
    return coded


def _camera(camera: Camera) -> dict[str, Any]:
    coded: dict[str, Any] = {key: _number(getattr(camera, key), f"camera.{key}") for key in ("fx", "fy", "cx", "cy")}
    if camera.poses is not None:
        coded["poses"] = (camera.poses + 0.0).tolist()
    return coded


def _node(graph: SceneGraph, node: Node, region: dict[str, Any]) -> dict[str, Any]:
    coded: dict[str, Any] = {
        "id": int(node.id),
        "category": int(node.category),
        "category_name": graph.vocabulary.categories[node.category],
        "score": _number(node.score, f"node {node.id} score"),
        **region,
    }
    if node.attributes:
        coded["attributes"] = _plain(node.attributes, f"node {node.id} attributes")
    return coded


def _region(node: Node, where: str) -> dict[str, Any]:
    region = node.region
    if isinstance(region, Segment):
        return segment_json(region)
    tube = region.tube if isinstance(region, Track4D) else region
    if not isinstance(tube, Tube):
        raise InputError(f"{where}: a {type(tube).__name__} cannot be written; expected a Segment, Tube or Track4D")
    coded: dict[str, Any] = {
        "tube": [{"frame": int(frame), **segment_json(segment)} for frame, segment in tube.segments.items()]
    }
    if isinstance(region, Track4D):
        coded["track"] = {
            name: _rows(rows, f"{where} {name}")
            for name in ("positions", "extents", "uncertainty")
            if (rows := getattr(region, name)) is not None
        }
    return coded


def segment_json(segment: Segment) -> dict[str, Any]:
    """`{"mask": COCO run lengths}`, or `{"box": [x1, y1, x2, y2]}` where the segment has no mask."""
    if isinstance(segment.mask, Mask):
        return {"mask": segment.mask.to_coco()}
    return {"box": [_number(edge, "box") for edge in segment.box]}


def _rows(rows: Float64[np.ndarray, "frames 3"], where: str) -> list[list[float | None]]:
    if np.isinf(rows).any():
        raise InputError(f"{where}: infinite numbers cannot be written; NaN stands for a length that is not known")
    return [[None if math.isnan(value) else value for value in row] for row in (rows + 0.0).tolist()]


def _relation(graph: SceneGraph, relation: Relation) -> dict[str, Any]:
    coded: dict[str, Any] = {
        "subject": int(relation.subject),
        "predicate": int(relation.predicate),
        "object": int(relation.object),
        "predicate_name": graph.predicate_name(relation),
        "score": _number(relation.score, "score"),
    }
    if relation.spans:
        coded["spans"] = [[int(span.start), int(span.stop)] for span in relation.spans]
    return coded


def _number(value: float, where: str) -> float:
    value = float(value) + 0.0  # -0.0 and 0.0 are equal, so they are written alike
    if not math.isfinite(value):
        raise InputError(f"{where}: {value} cannot be written; JSON knows finite numbers only")
    return value


def _plain(value: Any, where: str) -> Any:
    """A JSON value with sorted keys; tuples become lists."""
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str):
                raise InputError(f"{where}: the key {key!r} is no text; JSON keys are texts")
        return {key: _plain(value[key], f"{where}.{key}") for key in sorted(value)}
    if isinstance(value, list | tuple):
        return [_plain(item, f"{where}[{position}]") for position, item in enumerate(value)]
    raise InputError(
        f"{where}: {value!r} ({type(value).__name__}) cannot be written; expected texts, finite numbers, "
        "true, false, null, lists and mappings of these"
    )
