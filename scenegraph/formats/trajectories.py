"""Camera-to-world poses in text files: 4 x 4 matrices, Open3D trajectories, TUM trajectories."""

from itertools import pairwise
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from scenegraph.cameras import check_pose
from scenegraph.checked_json import read_text
from scenegraph.errors import InputError

_QUATERNION_TOLERANCE = 1e-2
"""How far a quaternion of few digits may be from length 1."""

Poses = Float64[np.ndarray, "frames 4 4"]


def read_numbers(path: str | Path, columns: int | None = None) -> Float64[np.ndarray, "rows columns"]:
    """A table of numbers; blank lines and what follows `#` are left out.

    Raises:
        InputError: the file is missing, holds what is no number, or has rows of another length.
    """
    lines = [line.split("#")[0].replace(",", " ").split() for line in read_text(path).splitlines()]
    rows = [line for line in lines if line]
    try:
        numbers = np.array(rows, dtype=np.float64)
    except ValueError:
        raise InputError(f"{path}: expected rows of numbers, all of one length") from None
    if not rows or (columns is not None and numbers.shape[1] != columns):
        found = f"{len(rows)} rows of {numbers.shape[1]}" if rows else "nothing"
        raise InputError(f"{path}: {found}; expected rows of {columns or 'some'} numbers")
    return numbers


def read_pose(path: str | Path) -> Float64[np.ndarray, "4 4"]:
    """One pose as four rows of four numbers.

    Raises:
        InputError: the file is missing, or holds no rigid transform.
    """
    pose = read_numbers(path, 4)
    if pose.shape != (4, 4):
        raise InputError(f"{path}: {len(pose)} rows; expected the 4 x 4 matrix of a camera-to-world pose")
    check_pose(pose, str(path))
    return pose


def read_open3d(path: str | Path) -> Poses:
    """An Open3D trajectory: a line of three whole numbers, of which the first counts, then a matrix, a frame.

    Raises:
        InputError: the file is missing or cut off, frames are out of order, or a pose is no rigid transform.
    """
    lines = [line.split() for line in read_text(path).splitlines() if line.strip()]
    if not lines or len(lines) % 5:
        raise InputError(f"{path}: no camera trajectory: {len(lines)} lines; expected 5 a frame. Is it cut off?")
    try:
        frames = [int(lines[first][0]) for first in range(0, len(lines), 5)]
        poses = np.array([lines[first + 1 : first + 5] for first in range(0, len(lines), 5)], dtype=np.float64)
    except ValueError as error:
        raise InputError(f"{path}: no camera trajectory ({error})") from None
    if poses.shape[1:] != (4, 4):
        raise InputError(f"{path}: no camera trajectory: rows of {poses.shape[-1]} numbers; expected 4")
    for before, frame in pairwise(frames):
        if frame <= before:
            raise InputError(f"{path}: frames out of order: {frame} follows {before}; sort the trajectory by frame")
    for frame, pose in zip(frames, poses, strict=True):
        check_pose(pose, f"{path}: frame {frame}")
    return poses


def open3d_text(poses: Poses) -> str:
    """Poses as an Open3D trajectory."""
    lines = []
    for frame, pose in enumerate(poses):
        lines.append(f"{frame} {frame} {frame + 1}")
        lines += [" ".join(f"{number:.17g}" for number in row) for row in pose.tolist()]
    return "\n".join(lines) + "\n"


def read_tum(path: str | Path) -> tuple[Float64[np.ndarray, " frames"], Poses]:
    """A TUM trajectory, rows of `seconds tx ty tz qx qy qz qw`: times, ascending, and poses.

    Raises:
        InputError: the file is missing, times are out of order, or a quaternion has no length of 1.
    """
    rows = read_numbers(path, 8)
    times, shifts, turns = rows[:, 0], rows[:, 1:4], rows[:, 4:]
    if not np.isfinite(rows).all():
        raise InputError(f"{path}: row {int(np.argmin(np.isfinite(rows).all(axis=1)))} holds NaN or infinity")
    back = np.flatnonzero(np.diff(times) <= 0)
    if len(back):
        raise InputError(
            f"{path}: times out of order: {times[back[0] + 1]:f} follows {times[back[0]]:f}; sort the rows"
        )
    lengths = np.linalg.norm(turns, axis=1)
    wrong = np.flatnonzero(np.abs(lengths - 1) > _QUATERNION_TOLERANCE)
    if len(wrong):
        raise InputError(
            f"{path}: at {times[wrong[0]]:f} s the quaternion has the length {lengths[wrong[0]]:.3g}; expected 1, "
            "in the order qx qy qz qw"
        )
    x, y, z, w = (turns / lengths[:, None]).T
    poses = np.tile(np.eye(4), (len(rows), 1, 1))
    poses[:, :3, :3] = np.stack(
        [
            np.stack([1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)], axis=-1),
            np.stack([2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)], axis=-1),
            np.stack([2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)], axis=-1),
        ],
        axis=1,
    )
    poses[:, :3, 3] = shifts
    return times, poses
