"""Which way is up, and where the floor is: the lowest of the large level planes, for tables are level too.

>>> plane = Plane(np.array([0.0, 0.0, 1.0]), -0.5)
>>> plane.heights(np.array([[3.0, 4.0, 2.5]])).tolist()
[2.0]
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64

from scenegraph import Camera, InputError
from scenegraph.point_cloud import PointCloud

LEVEL = np.cos(np.deg2rad(20.0))
"""Cosine: normals that differ less from up belong to level surfaces while up is only guessed."""

LEVEL_FOUND = np.cos(np.deg2rad(8.0))
"""The same once up is found."""

_ROUNDS = 10
"""Rounds in which up is refined; each takes the mean of the normals near the last one."""

SUPPORT = 0.1
"""A floor has this share of the points of the largest level plane at least: a footstool has not."""

BELOW = 0.02
"""At most this share of all points lies lower than a floor: under a table there is a room."""

THICKNESS = 0.03
"""Metres to both sides within which points belong to a plane: noise and voxels."""

LEAST_POINTS = 50


@dataclass(frozen=True, eq=False)
class Plane:
    """Points p with normal . p = offset; the normal has length 1 and points up."""

    normal: Float64[np.ndarray, "3"]
    offset: float
    spread: float = 0.0
    """Standard deviation of the points that made it, in metres."""

    def heights(self, points: Float[np.ndarray, "n 3"]) -> Float64[np.ndarray, " n"]:
        """Metres above the plane."""
        return np.asarray(points, dtype=np.float64) @ self.normal - self.offset


def camera_up(camera: Camera) -> Float64[np.ndarray, "3"]:
    """The mean of where up is in the pictures, in world coordinates; people and robots hold cameras upright.

    Without poses it is up in the camera's own axes.
    """
    if camera.poses is None:
        return np.array([0.0, -1.0, 0.0])
    return _unit(-camera.poses[:, :3, 1].mean(axis=0))


def find_up(cloud: PointCloud, guess: Float[np.ndarray, "3"]) -> Float64[np.ndarray, "3"]:
    """Up as the level surfaces near a guess have it.

    A camera that looks down at a table is tilted by up to 45 degrees and more; the surfaces tell better. The guess is
    moved step by step to where most normals are (mean shift), from wide to narrow.

    Args:
        cloud: with normals.
        guess: a direction less than 50 degrees off.

    Raises:
        InputError: the cloud has no normals.
    """
    normals = _normals(cloud)
    up = _unit(np.asarray(guess, dtype=np.float64))
    # From each side normals point to the camera: those of a floor up, those of a ceiling down.
    turned = normals * np.where(normals @ up < 0, -1.0, 1.0)[:, None]
    best, most = up, 0
    for start in _starts(up):
        found = start
        for width in np.linspace(LEVEL, LEVEL_FOUND, _ROUNDS):
            near = turned[turned @ found > width]
            if len(near) < LEAST_POINTS:
                break
            found = _unit(near.mean(axis=0))
        # Walls show as many normals as floors; what lies closer to the guess is preferred.
        count = int((turned @ found > LEVEL_FOUND).sum()) * max(float(found @ up), 0.0) ** 2
        if count > most:
            best, most = found, count
    return best


def find_floor(cloud: PointCloud, up: Float[np.ndarray, "3"]) -> Plane | None:
    """The plane of the floor: level, large, and with next to nothing below it; None where none is seen.

    Args:
        cloud: one point a voxel, so that points measure area; with normals.
        up: as `find_up` finds it.

    Raises:
        InputError: the cloud has no normals.
    """
    normals = _normals(cloud)
    up = _unit(np.asarray(up, dtype=np.float64))
    points = cloud.points.astype(np.float64)
    known = np.isfinite(cloud.normals).all(axis=1)  # type: ignore[union-attr]
    level = np.zeros(len(points), dtype=bool)
    level[known] = normals @ up > LEVEL_FOUND
    heights = points @ up
    if level.sum() < LEAST_POINTS:
        return None
    counts, edges = np.histogram(heights[level], np.arange(heights.min(), heights.max() + 2 * THICKNESS, THICKNESS))
    # Planes lie across the borders of bins.
    around = counts + np.r_[counts[1:], 0] + np.r_[0, counts[:-1]]
    lower = np.searchsorted(np.sort(heights), edges[:-1] - THICKNESS) / len(heights)
    peak = (around >= np.r_[0, around[:-1]]) & (around >= np.r_[around[1:], 0])
    fits = peak & (around >= max(SUPPORT * around.max(), LEAST_POINTS)) & (lower <= BELOW)
    if not fits.any():
        return None
    height = float(edges[np.flatnonzero(fits)[0]] + THICKNESS / 2)
    return _fitted(points[level], up, height)


def _fitted(points: Float64[np.ndarray, "n 3"], up: Float64[np.ndarray, "3"], height: float) -> Plane:
    """Least squares over what lies within the thickness, repeated as the plane moves; a few wrong points fall out."""
    plane = Plane(up, height)
    for _ in range(5):
        near = points[np.abs(plane.heights(points)) < 1.5 * THICKNESS]
        if len(near) < LEAST_POINTS:
            break
        middle = near.mean(axis=0)
        _, _, axes = np.linalg.svd(near - middle, full_matrices=False)
        normal = axes[2] * np.sign(axes[2] @ up)
        if normal @ up < LEVEL_FOUND:  # a strip along a wall says nothing about the tilt across
            normal = plane.normal
        plane = Plane(normal, float(normal @ middle), float(((near - middle) @ normal).std()))
    return plane


def _starts(up: Float64[np.ndarray, "3"]) -> Float64[np.ndarray, "starts 3"]:
    """The guess, and eight directions tilted by 30 degrees from it."""
    across = _unit(np.cross(up, np.eye(3)[np.abs(up).argmin()]))
    other = np.cross(up, across)
    angles = np.arange(8) * np.pi / 4
    tilted = np.cos(angles)[:, None] * across + np.sin(angles)[:, None] * other
    return np.stack([up, *(up * np.cos(np.pi / 6) + tilted * np.sin(np.pi / 6))])


def _normals(cloud: PointCloud) -> Float64[np.ndarray, "m 3"]:
    if cloud.normals is None:
        raise InputError("the cloud has no normals; fuse it from depth (`psg4d.fusion`), which gives them")
    normals = cloud.normals.astype(np.float64)
    return normals[np.isfinite(normals).all(axis=1)]


def _unit(vector: Float64[np.ndarray, "3"]) -> Float64[np.ndarray, "3"]:
    length = float(np.linalg.norm(vector))
    if not np.isfinite(length) or length < 1e-9:
        raise InputError(f"{vector.tolist()} is no direction; expected three finite numbers, not all 0")
    return vector / length
