"""Clouds as PLY (Stanford): read in all three encodings, written as binary little endian.

Written are x y z, normals where known, red green blue and `node`, the id of the point's node, -1 for
none; up and the names stand in comments. Loses: of a graph everything but the names. Open3D, MeshLab and
CloudCompare read the points and colours; Open3D's tensor reader (`open3d.t.io`) also `node`, its older
one leaves it out.
"""

from pathlib import Path

import numpy as np

from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import UP, CloudFile, cloud_of_columns, read_bytes
from scenegraph.storage import write_atomically

_TYPES = {
    "char": "i1",
    "int8": "i1",
    "uchar": "u1",
    "uint8": "u1",
    "short": "i2",
    "int16": "i2",
    "ushort": "u2",
    "uint16": "u2",
    "int": "i4",
    "int32": "i4",
    "uint": "u4",
    "uint32": "u4",
    "float": "f4",
    "float32": "f4",
    "double": "f8",
    "float64": "f8",
}
_ORDERS = {"binary_little_endian": "<", "binary_big_endian": ">", "ascii": "="}
_HEAD_BYTES = 1 << 20


def write_ply(path: Path, made: CloudFile) -> None:
    """Write a cloud as binary PLY.

    Raises:
        InputError: the file cannot be written.
    """
    cloud = made.cloud
    fields = [(axis, "<f4") for axis in ("x", "y", "z")]
    if cloud.normals is not None:
        fields += [(axis, "<f4") for axis in ("nx", "ny", "nz")]
    fields += [(name, "u1") for name in ("red", "green", "blue")] + [("node", "<i4")]
    rows = np.zeros(len(cloud), dtype=fields)
    for at, axis in enumerate("xyz"):
        rows[axis] = cloud.points[:, at]
        if cloud.normals is not None:
            rows[f"n{axis}"] = np.nan_to_num(cloud.normals[:, at])  # 0 0 0: none, as PLY files have it
    for at, name in enumerate(("red", "green", "blue")):
        rows[name] = cloud.colours[:, at]
    rows["node"] = cloud.nodes
    kinds = {"<f4": "float", "u1": "uchar", "<i4": "int"}
    lines = ["ply", "format binary_little_endian 1.0", "comment up " + " ".join(f"{axis:.9g}" for axis in made.up)]
    lines += [f"comment node {node} {' '.join(name.split())}" for node, name in made.names.items()]
    lines += [f"element vertex {len(cloud)}", *(f"property {kinds[kind]} {name}" for name, kind in fields)]
    write_atomically(path, ("\n".join([*lines, "end_header", ""])).encode("utf-8") + rows.tobytes())


def read_ply(path: Path) -> CloudFile:
    """The points of a PLY file.

    Raises:
        InputError: the file is missing, cut off, no PLY, or its points are not its first element.
    """
    content = read_bytes(path)
    order, count, fields, comments, start = _head(path, content)
    if order == "=":
        rows = _text_rows(path, content[start:], count, len(fields))
        columns = {name: rows[:, at].astype(kind) for at, (name, kind) in enumerate(fields)}
    else:
        layout = np.dtype([(name, order + kind) for name, kind in fields])
        if len(content) - start < count * layout.itemsize:
            raise InputError(
                f"{path}: {count:,} points announced, {len(content) - start:,} bytes there; is it cut off?"
            )
        table = np.frombuffer(content, layout, count, start)
        columns = {name: table[name] for name, _ in fields}
    names, up = _notes(path, comments)
    return CloudFile(cloud_of_columns(columns, str(path)), up, names)


def _head(path: Path, content: bytes) -> tuple[str, int, list[tuple[str, str]], list[list[str]], int]:
    """Byte order, number of points, their columns, comments, and where the points begin."""
    end = content.find(b"end_header", 0, _HEAD_BYTES)
    stop = content.find(b"\n", max(end, 0)) + 1
    if not content.startswith(b"ply") or end < 0 or not stop:
        raise InputError(f"{path}: not a PLY file: no header that begins with 'ply' and ends with 'end_header'")
    lines = [line.split() for line in content[:end].decode("utf-8", errors="replace").splitlines()]
    words = {line[0]: line for line in lines if line}
    order = _ORDERS.get((words.get("format") or ["", ""])[1])
    elements = [line for line in lines if line and line[0] == "element"]
    if order is None or not elements or any(len(line) != 3 or not line[2].isdecimal() for line in elements):
        raise InputError(f"{path}: the PLY header has no format or no elements that can be read")
    if elements[0][1] != "vertex":
        raise InputError(f"{path}: the points ('vertex') must be the first element; found {elements[0][1]!r}")
    fields: list[tuple[str, str]] = []
    inside = False
    for line in lines:
        if line[:1] == ["element"]:
            inside = line[1] == "vertex"
        elif inside and line[:1] == ["property"]:
            if len(line) != 3 or line[1] not in _TYPES:
                raise InputError(f"{path}: a point has a column {' '.join(line[1:])!r}; expected one number a column")
            fields.append((line[2], _TYPES[line[1]]))
    if len({name for name, _ in fields}) < len(fields):
        raise InputError(f"{path}: two columns of the points have one name")
    return order, int(elements[0][2]), fields, [line[1:] for line in lines if line[:1] == ["comment"]], stop


def _text_rows(path: Path, content: bytes, count: int, columns: int) -> np.ndarray:
    try:
        numbers = np.array(content.split()[: count * columns], dtype=np.float64)
    except ValueError:
        raise InputError(f"{path}: the points hold what is no number") from None
    if len(numbers) < count * columns:
        raise InputError(
            f"{path}: {count:,} points announced, {len(numbers) // max(columns, 1):,} there; is it cut off?"
        )
    return numbers.reshape(count, columns)


def _notes(path: Path, comments: list[list[str]]) -> tuple[dict[int, str], np.ndarray]:
    names = {
        int(words[1]): " ".join(words[2:])
        for words in comments
        if len(words) > 2 and words[0] == "node" and words[1].isdecimal()
    }
    up = next((words[1:] for words in comments if words[:1] == ["up"] and len(words) == 4), None)
    if up is None:
        return names, UP.copy()
    try:
        return names, np.array(up, dtype=np.float64)
    except ValueError:
        raise InputError(f"{path}: the comment 'up {' '.join(up)}' holds no three numbers") from None
