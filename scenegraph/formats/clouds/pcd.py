"""Clouds as PCD files of the Point Cloud Library, version 0.7, ASCII or binary.

Loses: names and up, which the format has no place for. Compressed data (LZF) is refused with the way out.
"""

from pathlib import Path

import numpy as np

from scenegraph.errors import InputError
from scenegraph.formats.clouds.cloud_file import CloudFile, cloud_of_columns, read_bytes

_HEAD_BYTES = 1 << 16


def read_pcd(path: Path) -> CloudFile:
    """The points of a PCD file.

    Raises:
        InputError: the file is missing, cut off, compressed, or no PCD.
    """
    content = read_bytes(path)
    at = content.find(b"DATA ", 0, _HEAD_BYTES)
    stop = content.find(b"\n", max(at, 0)) + 1
    if at < 0 or not stop:
        raise InputError(f"{path}: not a PCD file: no line 'DATA ascii' or 'DATA binary'")
    lines = [line.split() for line in content[:stop].decode("ascii", errors="replace").splitlines()]
    head = {line[0]: line[1:] for line in lines if line and not line[0].startswith("#")}
    try:
        names, kinds = head["FIELDS"], [kind + size for kind, size in zip(head["TYPE"], head["SIZE"], strict=True)]
        counts = [int(each) for each in head.get("COUNT", ["1"] * len(names))]
        rows = int(head["POINTS"][0]) if "POINTS" in head else int(head["WIDTH"][0]) * int(head["HEIGHT"][0])
        types = [_TYPES[kind] for kind in kinds]
        layout = np.dtype([(n, t, (c,)) for n, t, c in zip(_distinct(names), types, counts, strict=True)])
    except (KeyError, ValueError, IndexError, TypeError):
        raise InputError(f"{path}: the PCD header lacks FIELDS, SIZE, TYPE or POINTS, or they do not fit") from None
    kind = head["DATA"][0] if head["DATA"] else ""
    if kind == "binary":
        if rows < 0 or len(content) - stop < rows * layout.itemsize:
            raise InputError(f"{path}: {rows:,} points announced, {len(content) - stop:,} bytes there; is it cut off?")
        table = np.frombuffer(content, layout, rows, stop)
        columns = {name: table[name][:, 0] for name in layout.names or () if table[name].shape[1]}
    elif kind == "ascii":
        columns = _text_columns(path, content[stop:], rows, list(layout.names or ()), counts, types)
    else:
        raise InputError(
            f"{path}: its data is {kind!r}; write it uncompressed: "
            "open3d.io.write_point_cloud(NAME.pcd, cloud, compressed=False)"
        )
    return CloudFile(cloud_of_columns(_with_colours(columns), str(path)))


_TYPES = {"F4": "<f4", "F8": "<f8", "U1": "u1", "U2": "<u2", "U4": "<u4", "I1": "i1", "I2": "<i2", "I4": "<i4"}


def _distinct(names: list[str]) -> list[str]:
    """Names of columns; padding is called "_" any number of times."""
    return [f"_{at}" if name == "_" else name for at, name in enumerate(names)]


def _text_columns(
    path: Path, content: bytes, rows: int, names: list[str], counts: list[int], types: list[str]
) -> dict[str, np.ndarray]:
    width = sum(counts)
    try:
        numbers = np.array(content.split()[: max(rows, 0) * width], dtype=np.float64).reshape(rows, width)
    except ValueError:
        raise InputError(f"{path}: expected {rows:,} points of {width} numbers; is it cut off?") from None
    first = np.cumsum([0, *counts[:-1]])
    with np.errstate(invalid="ignore"):
        return {
            name: numbers[:, at].astype(kind)
            for name, at, kind, n in zip(names, first, types, counts, strict=True)
            if n
        }


def _with_colours(columns: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """Red, green and blue out of the packed column `rgb` or `rgba`: 0x00RRGGBB, often kept as the bits of a float."""
    packed = columns.get("rgb", columns.get("rgba"))
    if packed is None:
        return columns
    bits = packed.astype("<f4").view("<u4") if packed.dtype.kind == "f" else packed.astype("<u4")
    shades = {
        name: ((bits >> shift) & 255).astype(np.uint8) for name, shift in (("red", 16), ("green", 8), ("blue", 0))
    }
    return columns | shades
