"""Between our camera and GTA's matrices: view, projection and the projected depth that is stored.

Row vectors are multiplied from the left: `world @ VP` gives clip coordinates, divided by w they are x
and y from -1 to 1 (x to the right, y up, -1 and 1 at the centres of the outermost pixels) and a
depth that is 1 at the near plane and 0 infinitely far away. The stored depth d stands for the
projected depth d / 6 - 4e-5.
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Float64

from scenegraph.cameras import Camera
from scenegraph.errors import InputError

DEPTH_SCALE, DEPTH_OFFSET = 6.0, 4e-5
"""Projected depth = stored / DEPTH_SCALE - DEPTH_OFFSET, as the published tools have it."""

NEAR_PLANE = 0.15
"""Metres; where the projected depth of the matrices that we write is 1."""

_NONE = 1e-6
"""Where P[3, 3] is 0: float32 leaves this much of it."""

_FLIP = np.diag([1.0, -1.0, -1.0])
"""OpenCV axes (y down, z forward) to the view axes that we write (y up, z backward)."""


class Rage(NamedTuple):
    """The matrices of one frame, as `rage_matrices/*.npz` names them."""

    VP: Float64[np.ndarray, "4 4"]
    VP_inv: Float64[np.ndarray, "4 4"]
    P: Float64[np.ndarray, "4 4"]
    P_inv: Float64[np.ndarray, "4 4"]


def matrices(camera: Camera, frame: int, size: tuple[int, int]) -> Rage:
    """The matrices of a frame of a camera with poses; `size` is (height, width)."""
    height, width = size
    projection = np.zeros((4, 4))
    projection[0, 0] = 2 * camera.fx / (width - 1)
    projection[1, 1] = 2 * camera.fy / (height - 1)
    # z is negative in front of this view, so the shifts of the centre change their sign with it.
    projection[2, 0] = 1 - 2 * camera.cx / (width - 1)
    projection[2, 1] = 2 * camera.cy / (height - 1) - 1
    projection[3, 2], projection[2, 3] = NEAR_PLANE, -1.0
    to_world = np.eye(4)
    to_world[:3, :3] = _FLIP @ camera.poses[frame, :3, :3].T  # type: ignore[index]
    to_world[3, :3] = camera.poses[frame, :3, 3]  # type: ignore[index]
    view = np.linalg.inv(to_world)
    inverse = np.linalg.inv(projection)
    return Rage(view @ projection, inverse @ to_world, projection, inverse)


def camera_of(rages: list[Rage], size: tuple[int, int]) -> Camera:
    """The camera of a video from the matrices of its frames; intrinsics are those of the first.

    Raises:
        InputError: the projection is no perspective, or a view is no rigid transform.
    """
    height, width = size
    first = rages[0].P
    for frame, rage in enumerate(rages):
        if not rage.P[2, 3] or not rage.P[0, 0] or not rage.P[1, 1] or abs(rage.P[3, 3]) > _NONE * abs(rage.P[2, 3]):
            raise InputError(
                f"frame {frame}: P is no perspective projection of row vectors: expected P[2, 3], P[0, 0], P[1, 1] not "
                "0 and P[3, 3] 0; are P and VP exchanged?"
            )
    forward, sides = first[2, 3], (first[0, 0], first[1, 1])
    # View axes to OpenCV's: x to the right, y down, z forward.
    axes = np.diag([np.sign(sides[0]), -np.sign(sides[1]), np.sign(forward)])
    depth = abs(forward)
    fx, fy = abs(sides[0]) / depth * (width - 1) / 2, abs(sides[1]) / depth * (height - 1) / 2
    cx = (first[2, 0] / forward + 1) * (width - 1) / 2
    cy = (1 - first[2, 1] / forward) * (height - 1) / 2
    poses = np.tile(np.eye(4), (len(rages), 1, 1))
    for frame, (pose, rage) in enumerate(zip(poses, rages, strict=True)):
        try:
            to_world = np.linalg.inv(rage.VP @ rage.P_inv)
        except np.linalg.LinAlgError:
            raise InputError(f"frame {frame}: VP and P_inv give no view; one of them cannot be inverted") from None
        pose[:3, :3] = to_world[:3, :3].T @ axes
        pose[:3, 3] = to_world[3, :3]
    return Camera(float(fx), float(fy), float(cx), float(cy), poses)


def stored_depth(metres: Float32[np.ndarray, "height width"], rage: Rage) -> Float32[np.ndarray, "height width"]:
    """Depth in metres (0: none) as GTA stores it; what has no depth is infinitely far away."""
    forward = np.sign(rage.P[2, 3])
    some = metres > 0
    z = np.where(some, metres, 1.0).astype(np.float64) * forward
    projected = (z * rage.P[2, 2] + rage.P[3, 2]) / (z * rage.P[2, 3])
    return ((np.where(some, projected, 0.0) + DEPTH_OFFSET) * DEPTH_SCALE).astype(np.float32)


def metric_depth(stored: Float[np.ndarray, "height width"], rage: Rage) -> Float32[np.ndarray, "height width"]:
    """Stored depth in metres along the camera's axis; 0 where there is none (sky)."""
    projected = stored.astype(np.float64) / DEPTH_SCALE - DEPTH_OFFSET
    # projected = (z * P22 + P32) / (z * P23), solved for z.
    denominator = projected * rage.P[2, 3] - rage.P[2, 2]
    far = np.abs(denominator) < 1e-7  # float32 keeps no more of a depth that is stored near 0
    metres = rage.P[3, 2] / np.where(far, np.inf, denominator) * np.sign(rage.P[2, 3])
    return np.where(np.isfinite(metres) & (metres > 0), metres, 0.0).astype(np.float32)
