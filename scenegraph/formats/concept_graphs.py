"""Reads the JSON of ConceptGraphs (Gu et al., ICRA 2024): objects of a map, and the relations beside them.

| objects | relations, looked for in the same folder |
|---|---|
| `scene_graph.json`: a list of id, bbox_extent, bbox_center, possible_tags, object_tag, caption | `cfslam_object_relations.json`: "a on b", "b in a", ... |
| `obj_json_NAME.json`: an object of id, object_tag, object_caption, bbox_extent, bbox_center | `edge_json_NAME.json`: object_1_id, relationship, object_2_id |

Loses: points and features, which stand in pickles (`pcd_*.pkl.gz`, `*_edges.pkl`) that are not read; the
turn of oriented boxes, whose `bbox_extent` is along the box's own axes and is taken as it is; possible
tags that are not the chosen one stay as an attribute. Extents are rounded to centimetres or decimetres in
the files themselves.
"""  # noqa: E501 - a table

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenegraph import checked_json
from scenegraph.checked_json import checked, field, is_number, located
from scenegraph.errors import InputError
from scenegraph.formats.placed_objects import PlacedObject, graph_of_objects
from scenegraph.graph import SceneGraph

_ORDER = {"a": ("object1", "object2"), "b": ("object2", "object1")}
_SPOKEN = re.compile(r"^([ab]) (.+) ([ab])$")
_NO_RELATION = ("none of these", "FAIL")

PICKLES = (".pkl", ".gz", ".pickle")


def read_concept_graphs(path: str | Path) -> SceneGraph:
    """The graph of a map.

    Args:
        path: `scene_graph.json` or `obj_json_NAME.json`.

    Raises:
        InputError: the file is a pickle, missing, or of another kind; the message says where.
    """
    path = Path(path)
    if path.suffix.lower() in PICKLES:
        raise InputError(
            f"{path}: a pickle runs whatever its author put into it, so it is not read; let ConceptGraphs write JSON "
            "(build_scenegraph_cfslam.py --mode generate-scenegraph-json, or save_objects_json: true), and convert that"
        )
    value = checked_json.read(path)
    with located(str(path)):
        listed = list(value.values()) if isinstance(value, dict) else checked(value, "list", "the file")
        objects = [_object(coded, f"object {position}") for position, coded in enumerate(listed)]
        if not objects:
            raise InputError("there is no object in it")
        beside = _relations_beside(path)
    triples: list[tuple[int, str, int]] = []
    if beside is not None:
        with located(str(beside)):
            triples = list(_relations(checked_json.read(beside)))
    with located(str(beside or path)):
        return graph_of_objects(path.stem, objects, triples, {"format": "concept-graphs"})


def _object(coded: Any, where: str) -> PlacedObject:
    checked(coded, "object", where)
    attributes: dict[str, Any] = {}
    caption = coded.get("caption", coded.get("object_caption"))
    if isinstance(caption, str) and caption:
        attributes["caption"] = caption
    tags = coded.get("possible_tags")
    if isinstance(tags, list) and all(isinstance(tag, str) for tag in tags):
        attributes["possible_tags"] = tags
    return PlacedObject(
        field(coded, "id", "whole number", where),
        field(coded, "object_tag", "text", where) or "object",
        _numbers(coded, "bbox_center", where),
        [abs(side) for side in _numbers(coded, "bbox_extent", where)],
        attributes,
    )


def _numbers(coded: dict[str, Any], key: str, where: str) -> list[float]:
    values = field(coded, key, "list", where)
    if len(values) != 3 or not all(map(is_number, values)):
        raise InputError(f"{where}.{key}: expected three numbers, metres, found {str(values)[:60]}")
    return [float(value) for value in values]


def _relations_beside(path: Path) -> Path | None:
    names = ["cfslam_object_relations.json"]
    if path.name.startswith("obj_json"):
        names = [path.name.replace("obj_json", "edge_json", 1)]
    return next((path.with_name(name) for name in names if path.with_name(name).is_file()), None)


def _relations(value: Any) -> Iterator[tuple[int, str, int]]:
    """Triples of both kinds of files; answers that are no relation are left out."""
    listed = list(value.values()) if isinstance(value, dict) else checked(value, "list", "the file")
    for position, coded in enumerate(listed):
        where = f"relation {position}"
        checked(coded, "object", where)
        if "object_relation" in coded:
            spoken = field(coded, "object_relation", "text", where)
            if spoken in _NO_RELATION:
                continue
            match = _SPOKEN.match(spoken)
            if match is None or match[1] == match[3]:
                raise InputError(f"{where}.object_relation: {spoken!r}; expected such as 'a on b' or 'b in a'")
            first, second = (
                _id(field(coded, end, "object", where), "id", f"{where}.{end}") for end in _ORDER[match[1]]
            )
            yield first, match[2], second
        else:
            yield _id(coded, "object_1_id", where), _predicate(coded, where), _id(coded, "object_2_id", where)


def _id(coded: dict[str, Any], key: str, where: str) -> int:
    number: int = field(coded, key, "whole number", where)
    return number


def _predicate(coded: dict[str, Any], where: str) -> str:
    """What the edge is called; older files have the whole sentence only."""
    for key in ("relationship", "rel_type"):
        if isinstance(coded.get(key), str) and coded[key]:
            return str(coded[key])
    sentence: str = field(coded, "edge_description", "text", where)
    first, second = (str(coded.get(f"object_{end}_tag", "")) for end in (1, 2))
    predicate = sentence.removeprefix(first).removesuffix(second).strip()
    if not predicate:
        raise InputError(f"{where}: no relation in {sentence!r}")
    return predicate
