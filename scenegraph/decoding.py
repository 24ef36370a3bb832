"""A `scenegraph/1` value as a scene graph, every part checked and every error with its place."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from jaxtyping import Float64, Int32

from scenegraph.cameras import Camera
from scenegraph.checked_json import checked, described, field, located, names, only_keys
from scenegraph.encoding import SCHEMA
from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.masks import Mask
from scenegraph.panoptic import MAX_PIXELS, masks_from_ids
from scenegraph.regions import Region, Segment, Track4D, Tube
from scenegraph.spans import Span
from scenegraph.vocabulary import Vocabulary

MAX_FRAMES = 10_000_000
"""Longer sources are refused (23 days at 5 frames a second): a typing error must not claim all memory."""

ReadPanoptic = Callable[[str], Int32[np.ndarray, "height width"]]
"""From the name in a file to the id map of the PNG."""

_TOP = frozenset({"schema", "source", "vocabulary", "panoptic", "nodes", "relations", "metadata"})
_SOURCE = frozenset({"kind", "uri", "height", "width", "num_frames", "fps", "camera", "up"})
_CAMERA = frozenset({"fx", "fy", "cx", "cy", "poses"})
_VOCABULARY = frozenset({"things", "stuff", "predicates"})
_NODE = frozenset({"id", "category", "category_name", "score", "attributes", "mask", "box", "segment", "tube", "track"})
_PLACE = ("mask", "box", "segment", "tube")
_TUBE_ITEM = frozenset({"frame", "mask", "box"})
_TRACK = frozenset({"positions", "extents", "uncertainty"})
_RELATION = frozenset({"subject", "predicate", "object", "predicate_name", "score", "spans"})

_FOREIGN = (
    ({"data", "predicate_classes"}, "a psg.json"),
    ({"data", "objects", "relations", "split"}, "a pvsg.json"),
    ({"images", "annotations", "categories"}, "a COCO file"),
)


def graph_from_json(value: Any, read_panoptic: ReadPanoptic | None = None) -> SceneGraph:
    """The graph that a parsed `scenegraph/1` text describes.

    Args:
        value: what `json.loads` gave.
        read_panoptic: reads the PNG that the file names; None where there is no folder to look in.

    Raises:
        InputError: the value is another format or version, a key is missing, unknown or of the wrong
            type, or the parts do not fit together; the message begins with the place.
    """
    _check_schema(value)
    only_keys(value, _TOP, "")
    source = _source(field(value, "source", "object"))
    vocabulary = _vocabulary(field(value, "vocabulary", "object"))
    coded_nodes = field(value, "nodes", "list")
    painted = _painted_masks(value, coded_nodes, source, read_panoptic)
    nodes = [_node(coded, f"nodes[{i}]", source, vocabulary, painted) for i, coded in enumerate(coded_nodes)]
    coded_relations = field(value, "relations", "list")
    relations = [_relation(coded, f"relations[{i}]", vocabulary) for i, coded in enumerate(coded_relations)]
    metadata = field(value, "metadata", "object", default={})
    return SceneGraph(source, tuple(nodes), tuple(relations), vocabulary, metadata)


def _check_schema(value: Any) -> None:
    if not isinstance(value, dict):
        raise InputError(f'expected an object with "schema": "{SCHEMA}", found {described(value)}')
    schema = value.get("schema")
    if schema == SCHEMA:
        return
    if isinstance(schema, str) and schema.startswith("scenegraph/"):
        raise InputError(f"written as {schema!r}; this program reads {SCHEMA!r}: use the program that wrote it")
    for keys, name in _FOREIGN:
        if keys <= value.keys():
            raise InputError(f"this is {name}, not a scene graph file; `groundgraph convert` makes graphs of it")
    raise InputError(f'not a scene graph file: expected "schema": "{SCHEMA}", found {described(value)}')


def _source(coded: dict[str, Any]) -> Source:
    only_keys(coded, _SOURCE, "source")
    height, width = (field(coded, key, "whole number", "source") for key in ("height", "width"))
    frames = field(coded, "num_frames", "whole number", "source", 1)
    if height * width > MAX_PIXELS or frames > MAX_FRAMES:
        raise InputError(
            f"source: {height} x {width} pixels, {frames} frames; at most {MAX_PIXELS:,} pixels and "
            f"{MAX_FRAMES:,} frames are read"
        )
    fps, camera = coded.get("fps"), coded.get("camera")
    with located("source"):
        return Source(
            field(coded, "kind", "text"),
            field(coded, "uri", "text"),
            height,
            width,
            frames,
            None if fps is None else float(checked(fps, "number", "fps")),
            None if camera is None else _camera(checked(camera, "object", "camera")),
            field(coded, "up", "text", "source", "-y"),
        )


def _camera(coded: dict[str, Any]) -> Camera:
    only_keys(coded, _CAMERA, "camera")
    fx, fy, cx, cy = (float(field(coded, key, "number", "camera")) for key in ("fx", "fy", "cx", "cy"))
    poses = coded.get("poses")
    if poses is not None:
        checked(poses, "list", "camera.poses")
        for frame, pose in enumerate(poses):
            place = f"camera.poses[{frame}]"
            rows = [checked(row, "list", place) for row in checked(pose, "list", place)]
            if [len(row) for row in rows] != [4, 4, 4, 4]:
                raise InputError(f"{place}: expected 4 rows of 4 numbers")
            for row in rows:
                for number in row:
                    checked(number, "number", place)
        poses = np.array(poses, dtype=np.float64).reshape(-1, 4, 4)
    return Camera(fx, fy, cx, cy, poses)


def _vocabulary(coded: dict[str, Any]) -> Vocabulary:
    only_keys(coded, _VOCABULARY, "vocabulary")
    things, stuff, predicates = (names(coded, key, "vocabulary") for key in ("things", "stuff", "predicates"))
    with located("vocabulary"):
        return Vocabulary(things, stuff, predicates)


def _painted_masks(
    value: dict[str, Any], nodes: Sequence[Any], source: Source, read_panoptic: ReadPanoptic | None
) -> dict[int, Mask]:
    """The masks of the segments that nodes refer to by their id in the panoptic PNG."""
    wanted = []
    for position, node in enumerate(nodes):
        if isinstance(node, dict) and "segment" in node:
            wanted.append(field(node, "segment", "whole number", f"nodes[{position}]"))
            if wanted[-1] < 1:
                raise InputError(f"nodes[{position}].segment: {wanted[-1]}; expected 1 or more, 0 is void in the PNG")
    if "panoptic" not in value:
        if wanted:
            raise InputError("nodes refer to segments of a panoptic PNG, but the key 'panoptic' is missing")
        return {}
    name = field(value, "panoptic", "text")
    if read_panoptic is None:
        raise InputError(f"the masks are in {name!r} beside the file: read the file (`load`), not only its text")
    if len(set(wanted)) < len(wanted):
        raise InputError(f"panoptic: two nodes refer to the same segment of {name!r}")
    ids = read_panoptic(name)
    if ids.shape != source.size:
        raise InputError(f"panoptic: {name} is {ids.shape} pixels (height, width); the source is {source.size}")
    return listed_masks(ids, wanted, name)


def listed_masks(ids: Int32[np.ndarray, "height width"], wanted: Sequence[int], name: str) -> dict[int, Mask]:
    """The masks of an id map by id, after checking that the map and the list name the same ids; 0 is void.

    Raises:
        InputError: the map has ids that are not listed, or a listed id has no pixel.
    """
    masks = dict(zip(wanted, masks_from_ids(ids, wanted), strict=True))
    absent = [segment for segment, mask in masks.items() if mask.area == 0]
    if absent:
        raise InputError(f"{name}: the listed ids {some(absent)} have no pixel in the picture")
    # Listed ids are distinct, so equal totals mean that every pixel that is not void is listed.
    if sum(mask.area for mask in masks.values()) != np.count_nonzero(ids):
        unlisted = np.setdiff1d(ids, np.array([0, *wanted]))
        if len(unlisted):
            raise InputError(f"{name}: pixels have the ids {some(unlisted.tolist())}, which are not listed")
    return masks


def some(values: Sequence[object]) -> str:
    """The first values of a list, for a message."""
    return ", ".join(map(str, values[:8])) + (f" and {len(values) - 8} more" if len(values) > 8 else "")


def _node(coded: Any, where: str, source: Source, vocabulary: Vocabulary, painted: dict[int, Mask]) -> Node:
    checked(coded, "object", where)
    only_keys(coded, _NODE, where)
    category = field(coded, "category", "whole number", where)
    _check_name(coded, "category", category, vocabulary.categories, where)
    region = _region(coded, where, source, painted)
    score = field(coded, "score", "number", where, 1.0)
    attributes = field(coded, "attributes", "object", where, {})
    return Node(field(coded, "id", "whole number", where), category, region, float(score), attributes)


def _check_name(coded: dict[str, Any], key: str, number: int, known: Sequence[str], where: str) -> None:
    """Numbers bind, names are for readers; a file in which they disagree was edited by halves."""
    if not 0 <= number < len(known):
        raise InputError(f"{where}.{key}: {number} is not in the vocabulary, which has 0-{len(known) - 1}")
    name = coded.get(f"{key}_name", known[number])
    if name != known[number]:
        raise InputError(f"{where}.{key}_name: {name!r}, but {key} {number} is {known[number]!r} in the vocabulary")


def _region(coded: dict[str, Any], where: str, source: Source, painted: dict[int, Mask]) -> Region:
    given = [key for key in _PLACE if key in coded]
    if len(given) != 1:
        raise InputError(f"{where}: expected one of the keys {', '.join(_PLACE)}, found {given or 'none of them'}")
    if "track" in coded and "tube" not in coded:
        raise InputError(f"{where}: a 'track' needs a 'tube'")
    if given == ["segment"]:
        return Segment(painted[coded["segment"]])
    if given != ["tube"]:
        return _segment(coded, where, source)
    segments: dict[int, Segment] = {}
    for position, item in enumerate(field(coded, "tube", "list", where)):
        place = f"{where}.tube[{position}]"
        checked(item, "object", place)
        only_keys(item, _TUBE_ITEM, place)
        frame = field(item, "frame", "whole number", place)
        if frame in segments:
            raise InputError(f"{place}.frame: frame {frame} stands twice in the tube")
        segments[frame] = _segment(item, place, source)
    with located(f"{where}.tube"):
        tube = Tube(segments)
    return _track(field(coded, "track", "object", where), where, tube) if "track" in coded else tube


def _segment(coded: dict[str, Any], where: str, source: Source) -> Segment:
    if "mask" in coded:
        mask = field(coded, "mask", "object", where)
        size = field(mask, "size", "list", f"{where}.mask")
        if size != list(source.size):
            raise InputError(f"{where}.mask.size: {size}; the source is {list(source.size)}")
        if not isinstance(mask.get("counts"), str | list):
            checked(mask.get("counts"), "text", f"{where}.mask.counts")
        with located(f"{where}.mask.counts"):
            return Segment(Mask.from_coco(mask))
    box = field(coded, "box", "list", where)
    if len(box) != 4:
        raise InputError(f"{where}.box: expected x1, y1, x2, y2, found {described(box)}")
    x1, y1, x2, y2 = (float(checked(edge, "number", f"{where}.box")) for edge in box)
    with located(f"{where}.box"):
        return Segment.from_box((x1, y1, x2, y2), *source.size)


def _track(coded: dict[str, Any], where: str, tube: Tube) -> Track4D:
    place = f"{where}.track"
    only_keys(coded, _TRACK, place)
    positions, extents = (_rows(field(coded, key, "list", place), f"{place}.{key}") for key in ("positions", "extents"))
    uncertainty = coded.get("uncertainty")
    with located(place):
        rows = None if uncertainty is None else _rows(checked(uncertainty, "list", "uncertainty"), "uncertainty")
        return Track4D(tube, positions, extents, rows)


def _rows(coded: list[Any], where: str) -> Float64[np.ndarray, "frames 3"]:
    for position, row in enumerate(coded):
        if not isinstance(row, list) or len(row) != 3:
            raise InputError(f"{where}[{position}]: expected 3 numbers (or null), found {described(row)}")
        for number in row:
            if number is not None:
                checked(number, "number", f"{where}[{position}]")
    return np.array(coded, dtype=np.float64).reshape(-1, 3)  # null becomes NaN


def _relation(coded: Any, where: str, vocabulary: Vocabulary) -> Relation:
    checked(coded, "object", where)
    only_keys(coded, _RELATION, where)
    subject, predicate, target = (
        field(coded, key, "whole number", where) for key in ("subject", "predicate", "object")
    )
    _check_name(coded, "predicate", predicate, vocabulary.predicates, where)
    spans = []
    for position, span in enumerate(field(coded, "spans", "list", where, [])):
        place = f"{where}.spans[{position}]"
        if len(checked(span, "list", place)) != 2:
            raise InputError(f"{place}: expected [start, stop], found {described(span)}")
        spans.append(Span(*(checked(edge, "whole number", place) for edge in span)))
    return Relation(subject, predicate, target, float(field(coded, "score", "number", where, 1.0)), tuple(spans))
