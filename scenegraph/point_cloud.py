"""A point cloud that knows which node of a graph each point belongs to."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float32, Float64, Int32, UInt8

from scenegraph.errors import InputError

UNLABELLED = -1
"""Node id of points that belong to no node."""


@dataclass(frozen=True, eq=False)
class PointCloud:
    """Points in metres with their colour and the id of their node.

    Shapes: `points` float32 (n, 3), in world coordinates where the frames had poses; `colours` uint8 RGB
    (n, 3); `nodes` int32 (n,), `UNLABELLED` for none; `normals` float32 (n, 3) of length 1, or NaN rows
    where none is known, or None.

    Raises:
        InputError: arrays differ in length, or a point is not finite.

    >>> cloud = PointCloud.of(np.zeros((2, 3)))
    >>> len(cloud), cloud.nodes.tolist()
    (2, [-1, -1])
    """

    points: Float32[np.ndarray, "n 3"]
    colours: UInt8[np.ndarray, "_n 3"]
    nodes: Int32[np.ndarray, " _n"]
    normals: Float32[np.ndarray, "_n 3"] | None = None

    def __post_init__(self) -> None:
        count = len(self.points)
        shapes = {"points": (count, 3), "colours": (count, 3), "nodes": (count,)}
        if self.normals is not None:
            shapes["normals"] = (count, 3)
        for name, shape in shapes.items():
            array = getattr(self, name)
            if array.shape != shape:
                raise InputError(f"{name} of a cloud have shape {array.shape}; expected {shape}")
        if not np.isfinite(self.points).all():
            wrong = int((~np.isfinite(self.points).all(axis=1)).sum())
            raise InputError(f"{wrong} of {count} points are not finite; leave them out")

    @classmethod
    def of(
        cls,
        points: np.ndarray | list,
        colours: np.ndarray | list | None = None,
        nodes: np.ndarray | list | None = None,
        normals: np.ndarray | list | None = None,
    ) -> "PointCloud":
        """A cloud of arrays of any number type; grey and without nodes where they are not given."""
        points = np.asarray(points, dtype=np.float32)
        count = len(points)
        return cls(
            points,
            np.full((count, 3), 160, dtype=np.uint8) if colours is None else np.asarray(colours, dtype=np.uint8),
            np.full(count, UNLABELLED, dtype=np.int32) if nodes is None else np.asarray(nodes, dtype=np.int32),
            None if normals is None else np.asarray(normals, dtype=np.float32),
        )

    def __len__(self) -> int:
        return len(self.points)

    def __getitem__(self, chosen: Bool[np.ndarray, " n"] | np.ndarray) -> "PointCloud":
        """The points that a mask or positions choose."""
        normals = None if self.normals is None else self.normals[chosen]
        return PointCloud(self.points[chosen], self.colours[chosen], self.nodes[chosen], normals)

    @property
    def bounds(self) -> Float64[np.ndarray, "2 3"]:
        """Lowest and highest coordinates; NaN where there are no points."""
        if not len(self):
            return np.full((2, 3), np.nan)
        return np.stack([self.points.min(axis=0), self.points.max(axis=0)]).astype(np.float64)
