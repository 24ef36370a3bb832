"""Pinhole cameras: pixels and depth to points in metres, and back.

Axes follow OpenCV: x to the right, y down, z forward; a pose is camera-to-world, 4 x 4, in metres.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Float64

from scenegraph.errors import InputError

_ROTATION_TOLERANCE = 1e-3
"""Poses stored as text with few digits still pass; scaled or sheared matrices do not."""


@dataclass(frozen=True, eq=False)
class Camera:
    """Intrinsics in pixels and, optionally, one camera-to-world pose a frame.

    Shapes: `poses` is (frames, 4, 4) float64 or None when the camera's place is not known.

    Raises:
        InputError: a focal length is not positive or a pose is not a rigid transform.
    """

    fx: float
    fy: float
    cx: float
    cy: float
    poses: Float64[np.ndarray, "frames 4 4"] | None = None

    def __post_init__(self) -> None:
        intrinsics = (self.fx, self.fy, self.cx, self.cy)
        if not all(np.isfinite(intrinsics)) or self.fx <= 0 or self.fy <= 0:
            raise InputError(
                f"camera fx={self.fx}, fy={self.fy}, cx={self.cx}, cy={self.cy}: expected finite numbers, "
                "focal lengths above 0, all in pixels"
            )
        if self.poses is not None:
            poses = np.array(self.poses, dtype=np.float64)
            if poses.ndim != 3 or poses.shape[1:] != (4, 4):
                raise InputError(f"camera poses have shape {poses.shape}; expected (frames, 4, 4)")
            for frame, pose in enumerate(poses):
                check_pose(pose, f"frame {frame}")
            poses.setflags(write=False)
            object.__setattr__(self, "poses", poses)

    @property
    def matrix(self) -> Float64[np.ndarray, "3 3"]:
        """The intrinsic matrix."""
        return np.array([[self.fx, 0, self.cx], [0, self.fy, self.cy], [0, 0, 1.0]])

    def points(self, depth: Float[np.ndarray, "height width"]) -> Float64[np.ndarray, "height width 3"]:
        """Camera-frame points in metres of a depth map (z in metres; 0 and NaN give NaN points)."""
        height, width = depth.shape
        z = np.where(np.isfinite(depth) & (depth > 0), depth, np.nan).astype(np.float64)
        x = (np.arange(width) - self.cx) / self.fx * z
        y = ((np.arange(height) - self.cy) / self.fy)[:, None] * z
        return np.stack([x, y, z], axis=-1)

    def project(self, points: Float[np.ndarray, "*n 3"]) -> Float64[np.ndarray, "*n 2"]:
        """Pixels (x, y) of camera-frame points; NaN for points that are not in front of the camera."""
        z = np.where(points[..., 2] > 0, points[..., 2], np.nan)
        x = points[..., 0] / z * self.fx + self.cx
        y = points[..., 1] / z * self.fy + self.cy
        return np.stack([x, y], axis=-1)

    def to_world(self, points: Float[np.ndarray, "*n 3"], frame: int) -> Float64[np.ndarray, "*n 3"]:
        """Camera-frame points of a frame in world coordinates.

        Raises:
            InputError: the camera has no pose for that frame.
        """
        pose = self._pose(frame)
        return points @ pose[:3, :3].T + pose[:3, 3]

    def to_camera(self, points: Float[np.ndarray, "*n 3"], frame: int) -> Float64[np.ndarray, "*n 3"]:
        """World points in the camera coordinates of a frame.

        Raises:
            InputError: the camera has no pose for that frame.
        """
        pose = self._pose(frame)
        return (points - pose[:3, 3]) @ pose[:3, :3]

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Camera):
            return NotImplemented
        mine, theirs = self.poses, other.poses
        same_poses = mine is theirs or (mine is not None and theirs is not None and np.array_equal(mine, theirs))
        return same_poses and (self.fx, self.fy, self.cx, self.cy) == (other.fx, other.fy, other.cx, other.cy)

    def __hash__(self) -> int:
        return hash((self.fx, self.fy, self.cx, self.cy))

    def _pose(self, frame: int) -> Float64[np.ndarray, "4 4"]:
        if self.poses is None:
            raise InputError("this camera has no poses; world coordinates need camera-to-world poses")
        if not 0 <= frame < len(self.poses):
            raise InputError(f"there is no pose for frame {frame}; the camera has {len(self.poses)} poses")
        return self.poses[frame]


def check_pose(pose: Float[np.ndarray, "4 4"], where: str) -> None:
    """Refuse a matrix that is not a rigid camera-to-world transform.

    Raises:
        InputError: numbers are missing, the rotation is no rotation or the last row is not 0 0 0 1.
    """
    rotation = pose[:3, :3]
    if not np.isfinite(pose).all():
        raise InputError(
            f"{where}: the pose holds numbers that are not finite; was the camera lost there? Take such frames away"
        )
    if not np.allclose(rotation @ rotation.T, np.eye(3), atol=_ROTATION_TOLERANCE) or np.linalg.det(rotation) < 0:
        raise InputError(
            f"{where}: the upper left 3 x 3 of the pose is no rotation; expected camera-to-world, neither scaled nor "
            "mirrored"
        )
    if not np.allclose(pose[3], (0, 0, 0, 1), atol=_ROTATION_TOLERANCE):
        turned = "; is the matrix transposed?" if np.allclose(pose[:3, 3], 0) else ""
        raise InputError(f"{where}: the last row of the pose is {pose[3].tolist()}; expected 0 0 0 1{turned}")
