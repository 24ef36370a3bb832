"""Where a drawn cloud is looked at from: above (parallel rays, true lengths) or from a corner (perspective).

>>> cloud = PointCloud.of(np.random.default_rng(0).uniform(-1, 1, (1000, 3)))
>>> view = top_view(cloud, up=np.array([0.0, 0.0, 1.0]), width=100)
>>> round(view.scale), view.size  # pixels a metre; (height, width)
(47, (100, 100))
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64

from scenegraph import InputError
from scenegraph.point_cloud import PointCloud

WIDTH = 1000
"""Pixels: names can be read without enlarging."""

_MARGIN = 0.06
_OUTLIERS = 0.5
"""Percent of the points that may lie outside of a view at each end: one wrong depth must not shrink the rest."""

_FIELD = np.deg2rad(55.0)
_PITCH = np.deg2rad(35.0)
"""How far down the perspective looks: into a room over its tables."""

_AIMS = 4
"""Times that the view is aimed again: what is near fills more of a picture than what is far."""

_MOST_TALL = 1.5
"""Height of a picture in widths at most."""

_NEAR = 0.05


@dataclass(frozen=True, eq=False)
class View:
    """An upright camera.

    Attributes:
        pose: camera-to-world, OpenCV axes.
        size: (height, width) in pixels.
        scale: pixels a metre (parallel) or focal length in pixels (perspective).
        parallel: whether rays are parallel.
    """

    pose: Float64[np.ndarray, "4 4"]
    size: tuple[int, int]
    scale: float
    parallel: bool

    def project(self, points: Float[np.ndarray, "n 3"]) -> tuple[Float64[np.ndarray, "n 2"], Float64[np.ndarray, " n"]]:
        """Pixels (x, y) of world points and their distance along the axis; NaN where behind a perspective camera."""
        seen = (np.asarray(points, dtype=np.float64) - self.pose[:3, 3]) @ self.pose[:3, :3]
        z = seen[:, 2]
        middle = (np.array(self.size[::-1]) - 1) / 2
        if self.parallel:
            return seen[:, :2] * self.scale + middle, z
        z = np.where(z > _NEAR, z, np.nan)
        return seen[:, :2] / z[:, None] * self.scale + middle, z


def top_view(
    cloud: PointCloud,
    up: Float[np.ndarray, "3"],
    ahead: Float[np.ndarray, "3"] | None = None,
    width: int = WIDTH,
) -> View:
    """The cloud from above.

    Args:
        cloud: in world coordinates.
        up: up.
        ahead: what is up in the picture; the longer side of the cloud lies across if None.
        width: of the picture in pixels.

    Raises:
        InputError: there is no point.
    """
    points, middle = _within(cloud)
    level = _level_axes(points, up, ahead)
    pose = _pose(level[0], -level[1], -level[2], middle)
    seen = (points - middle) @ pose[:3, :3]
    low, high = seen.min(axis=0), seen.max(axis=0)
    pose[:3, 3] = middle + pose[:3, :3] @ np.array([*(low + high)[:2] / 2, low[2] - 1.0])
    length = np.maximum(high - low, 1e-3)[:2] * (1 + _MARGIN)
    scale = min(width / length[0], _MOST_TALL * width / length[1])
    return View(pose, (max(1, min(round(length[1] * scale), round(_MOST_TALL * width))), width), float(scale), True)


def perspective_view(
    cloud: PointCloud,
    up: Float[np.ndarray, "3"],
    ahead: Float[np.ndarray, "3"] | None = None,
    width: int = WIDTH,
    turned: float = 0.0,
) -> View:
    """The cloud from outside and above, so that all of it is in the picture.

    Args:
        cloud: in world coordinates.
        up: up.
        ahead: the level direction in which it looks, that of the cameras best; across the longer side if None.
        width: of the picture in pixels; its height is three quarters.
        turned: degrees by which the view is turned about up, to the left.

    Raises:
        InputError: there is no point.
    """
    points, middle = _within(cloud)
    _, forward, upward = _level_axes(points, up, ahead)
    angle = np.deg2rad(turned)
    forward = forward * np.cos(angle) + np.cross(upward, forward) * np.sin(angle)
    axis = forward * np.cos(_PITCH) - upward * np.sin(_PITCH)
    right = np.cross(forward, upward)
    pose = _pose(right, np.cross(axis, right), axis, middle)
    size = (round(width * 0.75), width)
    focal = width / 2 / np.tan(_FIELD / 2)
    room = np.array(size[::-1]) / 2 / focal * (1 - _MARGIN)
    eye = middle
    for _ in range(_AIMS):
        seen = (points - eye) @ pose[:3, :3]
        # The least distance at which every point lies within the sides.
        back = float(np.max(np.abs(seen[:, :2]) / room - seen[:, 2:]))
        eye = eye - axis * back
        slopes = seen[:, :2] / np.maximum(seen[:, 2:] + back, _NEAR)
        aside = (slopes.min(axis=0) + slopes.max(axis=0)) / 2 * np.median(seen[:, 2] + back)
        eye = eye + aside @ pose[:3, :2].T
    seen = (points - eye) @ pose[:3, :3]
    back = float(np.max(np.abs(seen[:, :2]) / room - seen[:, 2:]))
    least = 2 * _NEAR - float(seen[:, 2].min())
    pose[:3, 3] = eye - axis * max(back, least)
    return View(pose, size, float(focal), False)


def _within(cloud: PointCloud) -> tuple[Float64[np.ndarray, "n 3"], Float64[np.ndarray, "3"]]:
    """The points that a view must show, and their middle."""
    if not len(cloud):
        raise InputError("the cloud has no points; there is nothing to draw")
    points = cloud.points.astype(np.float64)
    low, high = np.percentile(points, [_OUTLIERS, 100 - _OUTLIERS], axis=0)
    points = np.clip(points, low, high)
    return points, (low + high) / 2


def _level_axes(
    points: Float64[np.ndarray, "n 3"], up: Float[np.ndarray, "3"], ahead: Float[np.ndarray, "3"] | None
) -> Float64[np.ndarray, "3 3"]:
    """Right, ahead and up, at right angles."""
    upward = np.asarray(up, dtype=np.float64) / np.linalg.norm(up)
    if ahead is not None:
        level = ahead - (ahead @ upward) * upward
        if np.linalg.norm(level) > 1e-3:
            forward = level / np.linalg.norm(level)
            return np.stack([np.cross(forward, upward), forward, upward])
    spread = points - points.mean(axis=0)
    spread = spread - (spread @ upward)[:, None] * upward
    values, axes = np.linalg.eigh(spread.T @ spread)
    # The longest axis across; for a cloud without width any level one.
    right = axes[:, 2] if values[2] > 0 else np.cross(upward, np.eye(3)[np.abs(upward).argmin()])
    right = right - (right @ upward) * upward
    right /= np.linalg.norm(right)
    right *= 1 if right[np.abs(right).argmax()] > 0 else -1
    return np.stack([right, np.cross(upward, right), upward])


def _pose(
    right: Float64[np.ndarray, "3"],
    down: Float64[np.ndarray, "3"],
    forward: Float64[np.ndarray, "3"],
    origin: Float64[np.ndarray, "3"],
) -> Float64[np.ndarray, "4 4"]:
    pose = np.eye(4)
    pose[:3, :3] = np.stack([right, down, forward], axis=1)
    pose[:3, 3] = origin
    return pose
