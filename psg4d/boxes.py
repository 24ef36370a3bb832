"""Oriented boxes of the nodes of a cloud: upright, and turned about up so that they cover least ground.

>>> square = np.stack(np.meshgrid([0.0, 1.0], [0.0, 2.0], [0.0, 0.5]), axis=-1).reshape(-1, 3)
>>> box = upright_box(square, up=np.array([0.0, 0.0, 1.0]))
>>> sorted(box.extent.round(6).tolist()), box.centre.tolist()
([0.5, 1.0, 2.0], [0.5, 1.0, 0.25])
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64
from scipy.spatial import ConvexHull, QhullError

from scenegraph.placement import world_frame
from scenegraph.point_cloud import PointCloud

TRIM = 0.01
"""Share of the points that may lie beyond each side: single wrong points must not set a size."""

LEAST_POINTS = 10


@dataclass(frozen=True, eq=False)
class Box:
    """Centre, size along its own axes, and these axes as rows (long side, short side, up), in metres."""

    centre: Float64[np.ndarray, "3"]
    extent: Float64[np.ndarray, "3"]
    axes: Float64[np.ndarray, "3 3"]

    @property
    def corners(self) -> Float64[np.ndarray, "8 3"]:
        """The corners in world coordinates."""
        signs = np.stack(np.meshgrid(*[(-0.5, 0.5)] * 3, indexing="ij"), axis=-1).reshape(-1, 3)
        return np.asarray(self.centre + (signs * self.extent) @ self.axes)


def upright_box(points: Float[np.ndarray, "n 3"], up: Float[np.ndarray, "3"], trim: float = 0.0) -> Box:
    """The box of least ground area that stands upright around points.

    One side of it lies along an edge of the convex hull of the points on the ground (Freeman and Shapira,
    CACM 1975), so that only these directions are tried.

    Args:
        points: at least one.
        up: up.
        trim: share of the points that may lie beyond each side.
    """
    points = np.asarray(points, dtype=np.float64)
    first = np.eye(3)[np.abs(np.asarray(up)).argmin()]
    level = world_frame(up, first)
    frame = np.stack([level[0], level[2], -level[1]])  # two level axes and up
    flat = points @ frame[:2].T
    angles = _edge_angles(flat)
    turned = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    across = np.stack([-np.sin(angles), np.cos(angles)], axis=-1)
    sizes = [np.ptp(np.quantile(flat @ axis.T, [trim, 1 - trim], axis=0), axis=0) for axis in (turned, across)]
    best = int((sizes[0] * sizes[1] + 1e-9 * (sizes[0] + sizes[1])).argmin())
    sides = [turned[best], across[best]] if sizes[0][best] >= sizes[1][best] else [across[best], -turned[best]]
    axes = np.stack([sides[0] @ frame[:2], sides[1] @ frame[:2], frame[2]])
    low, high = np.quantile(points @ axes.T, [trim, 1 - trim], axis=0)
    return Box((low + high) / 2 @ axes, high - low, axes)


def node_boxes(cloud: PointCloud, up: Float[np.ndarray, "3"]) -> dict[int, Box]:
    """The box of every node with enough points, by node id."""
    order = np.argsort(cloud.nodes, kind="stable")
    ids, starts = np.unique(cloud.nodes[order], return_index=True)
    parts = np.split(order, starts[1:]) if len(ids) else []
    return {
        int(node): upright_box(cloud.points[part], up, TRIM)
        for node, part in zip(ids, parts, strict=True)
        if node >= 0 and len(part) >= LEAST_POINTS
    }


def _edge_angles(flat: Float64[np.ndarray, "n 2"]) -> Float64[np.ndarray, " edges"]:
    """Directions of the edges of the convex hull; those of the longest spread where there is no area."""
    try:
        corners = flat[ConvexHull(flat).vertices]
    except (QhullError, ValueError):
        spread = flat - flat.mean(axis=0)
        _, _, axes = np.linalg.svd(spread, full_matrices=True)
        return np.array([np.arctan2(axes[0, 1], axes[0, 0])])
    edges = np.roll(corners, -1, axis=0) - corners
    return np.unique(np.arctan2(edges[:, 1], edges[:, 0]) % (np.pi / 2))
