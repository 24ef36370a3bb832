"""Where the camera is: a pinhole view without roll, in a world with z up and the ground at z = 0."""

from dataclasses import dataclass
from functools import cached_property
from math import cos, sin

import numpy as np
from jaxtyping import Float32, Float64

from scenegraph import Camera

FOCAL_PER_WIDTH = 1.25
"""Focal length over picture width: about 44 degrees from left to right."""


@dataclass(frozen=True)
class View:
    """A camera at (x, y, height) metres, looking along `yaw` (radians from +x), down by `pitch` radians.

    >>> view = View(x=0.0, y=0.0, height=3.0, yaw=0.0, pitch=0.1, size=(128, 160))
    >>> view.camera_points(np.array([[5.0, 0.0, 3.0]], dtype=np.float32)).astype(float).round(2).tolist()
    [[0.0, -0.5, 4.98]]
    """

    x: float
    y: float
    height: float
    yaw: float
    pitch: float
    size: tuple[int, int]

    @cached_property
    def focal(self) -> float:
        """Focal length in pixels."""
        return FOCAL_PER_WIDTH * self.size[1]

    @cached_property
    def centre(self) -> tuple[float, float]:
        """Principal point (x, y) in pixels; pixel centres have whole numbers."""
        return (self.size[1] - 1) / 2, (self.size[0] - 1) / 2

    @cached_property
    def rotation(self) -> Float64[np.ndarray, "3 3"]:
        """Camera-to-world rotation; columns are the camera's right, down and forward in the world."""
        c, s, cp, sp = cos(self.yaw), sin(self.yaw), cos(self.pitch), sin(self.pitch)
        return np.array([[s, -c * sp, c * cp], [-c, -s * sp, s * cp], [0.0, -cp, -sp]])

    @cached_property
    def _direction(self) -> tuple[float, float]:
        return cos(self.yaw), sin(self.yaw)

    @property
    def pose(self) -> Float64[np.ndarray, "4 4"]:
        """Camera-to-world transform."""
        pose = np.eye(4)
        pose[:3, :3] = self.rotation
        pose[:3, 3] = self.x, self.y, self.height
        return pose

    @cached_property
    def horizon(self) -> float:
        """The picture row of the horizon (it may lie outside the picture)."""
        return self.centre[1] - self.focal * sin(self.pitch) / cos(self.pitch)

    def camera_points(self, points: Float32[np.ndarray, "*n 3"]) -> Float32[np.ndarray, "*n 3"]:
        """World points in camera axes (x right, y down, z forward), metres."""
        rotation = self.rotation.astype(np.float32)
        return (points - np.array((self.x, self.y, self.height), dtype=np.float32)) @ rotation

    def on_ground(self, right: float, away: float) -> tuple[float, float]:
        """The ground point `right` metres to the right and `away` metres ahead of the camera's foot."""
        c, s = self._direction
        return self.x + away * c + right * s, self.y + away * s - right * c

    def seen_from(self, x: float, y: float) -> tuple[float, float]:
        """(right, away) of a ground point: the inverse of `on_ground`."""
        c, s = self._direction
        return (x - self.x) * s - (y - self.y) * c, (x - self.x) * c + (y - self.y) * s


def camera_of(views: list[View]) -> Camera:
    """The project's camera for one view a frame.

    The intrinsics are those of the first view; all views of a clip share one picture size.
    """
    first = views[0]
    cx, cy = first.centre
    return Camera(first.focal, first.focal, cx, cy, np.stack([view.pose for view in views]))
