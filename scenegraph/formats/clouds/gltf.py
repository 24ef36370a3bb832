"""Clouds as binary glTF 2.0 (GLB): what the explorer's view reads, and every viewer of glTF.

One mesh of POINTS with POSITION, COLOR_0 and, per point, the id of its node in `_NODE_ID` (a float, as
the format has no whole numbers of 32 bits for own attributes: exact up to 16,777,216; -1 for none).
Positions stay in world coordinates; the matrix of the scene's node turns them so that up is +y, as glTF
has it. `extras.groundgraph` of that node has up and the names. Loses: normals, and of a graph everything
but names. (Khronos Group, glTF 2.0 Specification, sections 3.6, 3.7 and 4.4.)
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float64

from scenegraph.checked_json import checked, field, is_number, is_whole, located, parse
from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import UP, CloudFile, read_bytes
from scenegraph.point_cloud import PointCloud
from scenegraph.storage import write_atomically

_MAGIC, _JSON, _BIN = 0x46546C67, 0x4E4F534A, 0x004E4942
_POINTS = 0
_ARRAY_BUFFER = 34962
_TYPES = {5120: "i1", 5121: "u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
_LENGTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
_LARGEST_ID = 1 << 24


def write_glb(path: Path, made: CloudFile) -> None:
    """Write a cloud as GLB.

    Raises:
        InputError: an id is too large, or the file cannot be written.
    """
    cloud = made.cloud
    if cloud.nodes.max(initial=0) > _LARGEST_ID:
        raise InputError(f"{path}: node id {cloud.nodes.max()}; glTF holds ids up to {_LARGEST_ID:,} exactly")
    colours = np.full((len(cloud), 4), 255, dtype=np.uint8)
    colours[:, :3] = cloud.colours
    arrays: dict[str, tuple[np.ndarray, dict[str, Any]]] = {
        "POSITION": (cloud.points.astype("<f4"), {"componentType": 5126, "type": "VEC3"}),
        "COLOR_0": (colours, {"componentType": 5121, "type": "VEC4", "normalized": True}),
        "_NODE_ID": (cloud.nodes.astype("<f4"), {"componentType": 5126, "type": "SCALAR"}),
    }
    views, accessors, blocks, offset = [], [], [], 0
    for position, (array, described) in enumerate(arrays.values()):
        block = array.tobytes()
        views.append({"buffer": 0, "byteOffset": offset, "byteLength": len(block), "target": _ARRAY_BUFFER})
        accessors.append({"bufferView": position, "count": len(cloud)} | described)
        blocks.append(block)
        offset += len(block)  # all elements have 4, 8 or 12 bytes: everything stays aligned
    accessors[0] |= {"min": cloud.points.min(axis=0).tolist(), "max": cloud.points.max(axis=0).tolist()}
    extras = {"up": made.up.tolist(), "names": {str(node): name for node, name in made.names.items()}}
    matrix = np.eye(4)
    matrix[:3, :3] = _upright(made.up)
    document = {
        "asset": {"version": "2.0", "generator": "groundgraph"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "matrix": matrix.T.ravel().tolist(), "extras": {"groundgraph": extras}}],
        "meshes": [
            {"primitives": [{"attributes": {name: at for at, name in enumerate(arrays)}, "mode": _POINTS}]},
        ],
        "buffers": [{"byteLength": offset}],
        "bufferViews": views,
        "accessors": accessors,
    }
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    total = 12 + 8 + len(text) + 8 + offset
    head = struct.pack("<III", _MAGIC, 2, total) + struct.pack("<II", len(text), _JSON) + text
    write_atomically(path, b"".join([head, struct.pack("<II", offset, _BIN), *blocks]))


def read_glb(path: Path) -> CloudFile:
    """The first points of a GLB file; points that others wrote have no node ids.

    Raises:
        InputError: the file is missing, cut off, no GLB, or has no points.
    """
    document, binary = _chunks(path, read_bytes(path))
    with located(str(path)):
        meshes = field(document, "meshes", "list", default=[])
        found = [
            (at, primitive)
            for at, mesh in enumerate(meshes)
            for primitive in field(checked(mesh, "object", "mesh"), "primitives", "list")
            if checked(primitive, "object", "primitive").get("mode", 4) == _POINTS
        ]
        if not found:
            raise InputError("there are no points in it (a mesh of triangles?); expected a primitive of mode 0")
        mesh_at, primitive = found[0]
        attributes = field(primitive, "attributes", "object", "primitive")
        positions = _accessor(document, binary, attributes, "POSITION", 3)
        if positions is None:
            raise InputError("the points have no POSITION")
        colours = _accessor(document, binary, attributes, "COLOR_0", 4)
        if colours is None:
            colours = _accessor(document, binary, attributes, "COLOR_0", 3)
        ids = _accessor(document, binary, attributes, "_NODE_ID", 1)
        extras = _extras(document, mesh_at)
        if colours is not None:
            colours = _bytes_of(colours)[:, :3]
        kept = np.isfinite(positions).all(axis=1)
        nodes = None if ids is None else np.nan_to_num(ids[:, 0], nan=-1)[kept].clip(-1, _LARGEST_ID).astype(np.int32)
        cloud = PointCloud.of(positions[kept], None if colours is None else colours[kept], nodes)
        return CloudFile(cloud, *extras)


def _bytes_of(colours: np.ndarray) -> np.ndarray:
    """Colours of any of the three component types of glTF as bytes; all of them mean 0 to 1."""
    if colours.dtype == np.uint8:
        return colours
    top = 1.0 if colours.dtype.kind == "f" else 65535.0
    shares = np.nan_to_num(colours.astype(np.float64) / top).clip(0, 1)
    return (shares * 255).round().astype(np.uint8)


def _chunks(path: Path, content: bytes) -> tuple[dict[str, Any], bytes]:
    if len(content) < 20 or struct.unpack_from("<I", content)[0] != _MAGIC:
        raise InputError(f"{path}: not a GLB file (binary glTF 2.0)")
    _, version, total = struct.unpack_from("<III", content)
    if version != 2 or total > len(content):
        raise InputError(f"{path}: version {version}, {len(content):,} of {total:,} bytes; is it cut off?")
    parts: dict[int, bytes] = {}
    offset = 12
    while offset + 8 <= total:
        length, kind = struct.unpack_from("<II", content, offset)
        if offset + 8 + length > total:
            raise InputError(f"{path}: a part of it reaches beyond its end; is it cut off?")
        parts.setdefault(kind, content[offset + 8 : offset + 8 + length])
        offset += 8 + length + (-length % 4)
    with located(str(path)):
        try:
            document = checked(parse(parts.get(_JSON, b"").decode("utf-8")), "object", "the JSON part")
        except UnicodeDecodeError:
            raise InputError("its JSON part is no UTF-8 text") from None
    return document, parts.get(_BIN, b"")


def _accessor(
    document: dict[str, Any], binary: bytes, attributes: dict[str, Any], name: str, length: int
) -> np.ndarray | None:
    """The rows of an attribute, or None where there is none of that length."""
    if name not in attributes:
        return None
    accessor = _entry(document, "accessors", attributes[name], name)
    if _LENGTHS.get(accessor.get("type", "")) != length:
        return None
    kind = _TYPES.get(accessor.get("componentType", 0))
    if kind is None or "sparse" in accessor or "bufferView" not in accessor:
        raise InputError(f"{name}: an accessor of component type {accessor.get('componentType')} cannot be read")
    view = _entry(document, "bufferViews", accessor["bufferView"], name)
    if view.get("buffer", 0) != 0:
        raise InputError(f"{name}: it lies in another file; store the file as GLB with everything inside")
    count = field(accessor, "count", "whole number", name)
    item = np.dtype(kind).itemsize * length
    stride = field(view, "byteStride", "whole number", name, item)
    start = field(view, "byteOffset", "whole number", name, 0) + field(accessor, "byteOffset", "whole number", name, 0)
    if count < 0 or start < 0 or stride < item or (count and start + stride * (count - 1) + item > len(binary)):
        raise InputError(f"{name}: {count:,} rows reach beyond the {len(binary):,} bytes that the file holds")
    if not count:
        return np.zeros((0, length), dtype=kind)
    rows: np.ndarray = np.ndarray((count, length), kind, binary, start, (stride, np.dtype(kind).itemsize))
    return rows.copy()


def _entry(document: dict[str, Any], key: str, position: Any, name: str) -> dict[str, Any]:
    entries = field(document, key, "list")
    if not is_whole(position, 0, len(entries) - 1):
        raise InputError(f"{name}: names {key} {position}; there are {len(entries)}")
    entry: dict[str, Any] = checked(entries[position], "object", f"{key}[{position}]")
    return entry


def _extras(document: dict[str, Any], mesh_at: int) -> tuple[Float64[np.ndarray, "3"], dict[int, str]]:
    """Up and names as we write them; what others wrote is taken to be upright as glTF has it."""
    for node in field(document, "nodes", "list", default=[]):
        if isinstance(node, dict) and node.get("mesh") == mesh_at:
            extras = node.get("extras")
            own = extras.get("groundgraph") if isinstance(extras, dict) else None
            if isinstance(own, dict):
                up, names = own.get("up"), own.get("names", {})
                if not (isinstance(up, list) and len(up) == 3 and all(map(is_number, up))):
                    up = UP.tolist()
                texts = names.items() if isinstance(names, dict) else ()
                return np.array(up, dtype=np.float64), {
                    int(node): text for node, text in texts if node.isdecimal() and isinstance(text, str)
                }
    return np.array([0.0, 1.0, 0.0]), {}


def _upright(up: Float64[np.ndarray, "3"]) -> Float64[np.ndarray, "3 3"]:
    """The rotation that turns up to +y by the shortest way (Rodrigues)."""
    target = np.array([0.0, 1.0, 0.0])
    axis, cosine = np.cross(up, target), float(up @ target)
    if cosine < -1 + 1e-9:
        return np.diag([1.0, -1.0, -1.0])
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    rotation: Float64[np.ndarray, "3 3"] = np.eye(3) + cross + cross @ cross / (1 + cosine)
    return rotation
