"""What a file of a cloud holds besides its points."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from scenegraph.errors import InputError
from scenegraph.point_cloud import PointCloud

MAX_BYTES = 4 << 30
"""Larger files are refused: 200 million points."""

UP = np.array([0.0, -1.0, 0.0])
"""Where up is if nobody says: OpenCV axes have y down."""


@dataclass(frozen=True, eq=False)
class CloudFile:
    """A cloud, which way is up in it, and the names of its nodes.

    Raises:
        InputError: `up` is no direction.
    """

    cloud: PointCloud
    up: Float64[np.ndarray, "3"] = field(default_factory=UP.copy)
    names: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        up = np.asarray(self.up, dtype=np.float64)
        length = float(np.linalg.norm(up))
        if up.shape != (3,) or not np.isfinite(length) or length < 1e-9:
            raise InputError(f"up is {up.tolist()}; expected three finite numbers, not all 0")
        object.__setattr__(self, "up", up / length)


def read_bytes(path: Path) -> bytes:
    """The content of a file.

    Raises:
        InputError: it is missing, a folder, or too large.
    """
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{path}: {size:,} bytes; at most {MAX_BYTES:,} are read")
        return path.read_bytes()
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None


def cloud_of_columns(columns: Mapping[str, np.ndarray], where: str) -> PointCloud:
    """A cloud of named columns as PLY and PCD files have them; points that are not finite are left out.

    The id of the node is the first there is of `node`, `instance`, `instance_id`, `object_id`, `label`,
    `semantic`.

    Raises:
        InputError: x, y or z is missing, a column has no numbers, or an id or a colour is not finite.
    """
    missing = [axis for axis in "xyz" if axis not in columns]
    if missing:
        raise InputError(f"{where}: points have no {', '.join(missing)}; found {', '.join(columns) or 'nothing'}")
    for column in columns:
        _require_numbers(columns[column], column, where)
    points = np.stack([columns[axis] for axis in "xyz"], axis=1).astype(np.float32)
    colours = _stacked(columns, _COLOUR_COLUMNS, np.float64)
    if colours is not None and columns["red"].dtype.kind == "f":
        colours = colours * 255
    normals = _stacked(columns, ("nx", "ny", "nz"), np.float32)
    if normals is None:
        normals = _stacked(columns, ("normal_x", "normal_y", "normal_z"), np.float32)
    name = next((name for name in _NODE_COLUMNS if name in columns), None)
    nodes = None if name is None else columns[name]
    if nodes is not None and len(nodes) and not -(2**31) <= nodes.min() <= nodes.max() < 2**31:
        raise InputError(f"{where}: ids of nodes in column {name!r} do not fit into 32 bits")
    colours = None if colours is None else colours.round().clip(0, 255)
    kept = np.asarray(np.isfinite(points).all(axis=1))
    whole = PointCloud.of(np.where(kept[:, None], points, 0), colours, nodes, normals)
    return whole if kept.all() else whole[kept]


_COLOUR_COLUMNS = ("red", "green", "blue")
_NODE_COLUMNS = ("node", "instance", "instance_id", "object_id", "label", "semantic")


def _require_numbers(values: np.ndarray, column: str, where: str) -> None:
    """Refuse what would become another number unseen; places and normals may be NaN: none."""
    if values.dtype.kind not in "biuf":
        raise InputError(f"{where}: column {column!r} holds {values.dtype.name}; expected numbers")
    if column in (*_NODE_COLUMNS, *_COLOUR_COLUMNS) and not np.isfinite(values).all():
        wrong = int((~np.isfinite(values)).sum())
        raise InputError(f"{where}: column {column!r} is not finite at {wrong} of {len(values)} points")


def _stacked(columns: Mapping[str, np.ndarray], names: tuple[str, ...], kind: type) -> np.ndarray | None:
    if not all(name in columns for name in names):
        return None
    return np.stack([columns[name] for name in names], axis=1).astype(kind)
