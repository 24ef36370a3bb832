"""Reads the JSON of Spark-DSG (Hydra, Khronos; Hughes et al., RSS 2022): objects, rooms and buildings of a map.

Nodes of the layers of objects, rooms and buildings become nodes; an edge between layers becomes "in" (the
lower layer's node is in the upper one's), an edge within the rooms "connected to", within the objects
"beside". Their ids (a letter and a number in 64 bits) become the positions in the file; `symbol` keeps
what they were, such as O(12).

Loses: places, agents, the mesh, colours and features (counted in the metadata), and the turn of oriented
boxes, of which the size along the axes of the map is kept. Headers of versions before 1.0.3 store boxes
as min and max, which is read too.
"""

from pathlib import Path
from typing import Any

import numpy as np

from scenegraph import checked_json
from scenegraph.checked_json import checked, field, is_number, is_whole, located
from scenegraph.errors import InputError
from scenegraph.formats.placed_objects import PlacedObject, graph_of_objects, rotated_extent
from scenegraph.graph import SceneGraph

LAYERS = {2: "object", 4: "room", 5: "building"}
"""Layers that are read, by number, and what their nodes are called without a name; 3 are places."""

_WITHIN = {2: "beside", 4: "connected to", 5: "connected to"}
_UNNAMED = ("", "unknown")


def read_spark_dsg(path: str | Path) -> SceneGraph:
    """The graph of a map.

    Raises:
        InputError: the file is missing, cut off, or no Spark-DSG JSON; the message says where.
    """
    path = Path(path)
    value = checked_json.read(path)
    with located(str(path)):
        checked(value, "object", "the file")
        labels = _label_names(value)
        objects: list[PlacedObject] = []
        layers, ids, left_out = dict[int, int](), dict[int, int](), 0
        for position, coded in enumerate(field(value, "nodes", "list")):
            where = f"nodes[{position}]"
            checked(coded, "object", where)
            layer = field(coded, "layer", "whole number", where)
            # Agents are kept in layer 2 as well, in a partition of their own.
            if layer not in LAYERS or coded.get("partition", 0) or "timestamp" in coded:
                left_out += 1
                continue
            number = field(coded, "id", "whole number", where)
            if number in ids:
                raise InputError(f"{where}.id: {number} is there twice")
            ids[number] = len(objects)
            layers[number] = layer
            objects.append(_object(coded, len(objects), layer, labels.get(layer, {}), where))
        if not objects:
            raise InputError(f"there is no object, room or building among its {left_out} nodes")
        triples = []
        for position, coded in enumerate(field(value, "edges", "list")):
            where = f"edges[{position}]"
            checked(coded, "object", where)
            ends = [field(coded, key, "whole number", where) for key in ("source", "target")]
            if not all(end in ids for end in ends):
                continue  # of a place or an agent
            low, high = sorted(ends, key=lambda end: layers[end])  # stable: source first within a layer
            predicate = "in" if layers[low] != layers[high] else _WITHIN[layers[low]]
            triples.append((ids[low], predicate, ids[high]))
        metadata = {"format": "spark-dsg", "nodes_left_out": left_out}
        return graph_of_objects(path.stem, objects, triples, metadata)


def symbol(number: int) -> str:
    """The letter and the number that an id of 64 bits stands for.

    >>> symbol((79 << 56) + 12)
    'O(12)'
    """
    letter = chr((number >> 56) & 255)
    return f"{letter}({number & ((1 << 56) - 1)})" if letter.isalpha() else str(number)


def _object(coded: dict[str, Any], number: int, layer: int, labels: dict[int, str], where: str) -> PlacedObject:
    attributes = field(coded, "attributes", "object", where)
    place = f"{where}.attributes"
    name = attributes.get("name")
    label = attributes.get("semantic_label")
    # Names in these files are symbols, such as O(12), more often than classes.
    named = isinstance(name, str) and name not in _UNNAMED and "(" not in name
    category = labels.get(label, "") if is_whole(label) else ""
    if not category:
        category = str(name) if named else f"{LAYERS[layer]} {label}" if is_whole(label, 0) and layer == 2 else ""
    position = _vector(attributes.get("position"), f"{place}.position")
    extent = [float("nan")] * 3
    box = attributes.get("bounding_box")
    if isinstance(box, dict) and box.get("type") not in (None, 0, "INVALID"):
        position, extent = _box(box, position, f"{place}.bounding_box")
    kept = {"symbol": symbol(coded["id"]), "layer": LAYERS[layer]} | ({"name": name} if named else {})
    return PlacedObject(number, category or LAYERS[layer], position, extent, kept)


def _box(box: dict[str, Any], position: list[float], where: str) -> tuple[list[float], list[float]]:
    """Centre and size along the axes of the map."""
    if "dimensions" in box:
        sides = _vector(box["dimensions"], f"{where}.dimensions")
    else:
        low, high = (_vector(box.get(end), f"{where}.{end}") for end in ("min", "max"))
        sides = [b - a for a, b in zip(low, high, strict=True)]
    if min(sides) < 0 or not np.isfinite(sides).all():
        return position, [float("nan")] * 3  # an empty box
    centre = _vector(box["world_P_center"], f"{where}.world_P_center") if "world_P_center" in box else position
    turned = box.get("world_R_center")
    return centre, sides if turned is None else rotated_extent(sides, _rotation(turned, f"{where}.world_R_center"))


def _vector(value: Any, where: str) -> list[float]:
    """Three numbers, as a list, as a list of lists of one, or as x, y and z."""
    if isinstance(value, dict):
        value = [value.get(axis) for axis in "xyz"]
    if isinstance(value, list):
        value = [each[0] if isinstance(each, list) and len(each) == 1 else each for each in value]
    if not isinstance(value, list) or len(value) != 3 or not all(map(is_number, value)):
        raise InputError(f"{where}: expected three numbers, found {str(value)[:60]}")
    return [float(each) for each in value]


def _rotation(value: Any, where: str) -> np.ndarray:
    if not isinstance(value, dict) or not all(is_number(value.get(axis)) for axis in "wxyz"):
        raise InputError(f"{where}: expected a quaternion w, x, y, z, found {str(value)[:60]}")
    w, x, y, z = (float(value[axis]) for axis in "wxyz")
    length = (w * w + x * x + y * y + z * z) ** 0.5
    if length < 1e-9:
        raise InputError(f"{where}: a quaternion of zeros")
    w, x, y, z = w / length, x / length, y / length, z / length
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
            [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
            [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
        ]
    )


def _label_names(value: dict[str, Any]) -> dict[int, dict[int, str]]:
    """Names of semantic labels by layer: `metadata.labelspaces` has lists of [label, name] under such as `_l2p0`."""
    metadata = value.get("metadata")
    spaces = metadata.get("labelspaces") if isinstance(metadata, dict) else None
    if not isinstance(spaces, dict):
        return {}
    found: dict[int, dict[int, str]] = {}
    for layer in LAYERS:
        entries = spaces.get(f"_l{layer}p0")
        rows = [row for row in entries if isinstance(row, list) and len(row) == 2] if isinstance(entries, list) else []
        found[layer] = {row[0]: row[1] for row in rows if is_whole(row[0]) and isinstance(row[1], str)}
    return found
