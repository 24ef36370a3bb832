"""Which way is up in the world of a recording: as `world.json` says it, or as the camera was held.

world.json, in the folder of the frames or above it, says one of:

    {"up": "z"}                     an axis of the poses' world: -y (OpenCV), y (ARKit, glTF), z (motion capture, ROS)
    {"up": [0.02, -0.98, -0.17]}    a direction in that world, as `groundgraph fuse --level` writes it
    {"gravity": [0.1, 9.7, 1.2]}    where things fall to, in that world, of any length

A direction that is no axis turns the world: all poses are turned so that the axis next to it points up, and places are
those of the turned world. Without the file up is the axis that the camera's own up is within 45 degrees of, on average:
people and robots hold cameras upright.
"""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Float, Float64

from scenegraph import checked_json
from scenegraph.cameras import Camera
from scenegraph.checked_json import checked, is_number, located
from scenegraph.errors import InputError
from scenegraph.graph import UPS

FILE = "world.json"

AXES: dict[str, tuple[float, float, float]] = {"-y": (0.0, -1.0, 0.0), "y": (0.0, 1.0, 0.0), "z": (0.0, 0.0, 1.0)}
"""Directions of `scenegraph.graph.UPS`."""

HELD = np.cos(np.deg2rad(45.0))
"""Cosine: the camera's up must be nearer to an axis than this to tell which one is up."""

_SHORTEST = 1e-9
"""A shorter vector is no direction."""


class Upright(NamedTuple):
    """The camera in a world of which an axis points up, that axis, and whether a file says so."""

    camera: Camera
    up: str
    declared: bool


def upright(root: Path, camera: Camera) -> Upright:
    """Which way is up in the world of a folder.

    Args:
        root: folder of the frames.
        camera: with poses, or places are the camera's own and up is -y.

    Raises:
        InputError: the file says no direction, or there are no poses that it could be about.
    """
    path = next((folder / FILE for folder in (root, root.parent) if (folder / FILE).is_file()), None)
    if path is None:
        return Upright(camera, _held(camera), declared=False)
    with located(str(path)):
        said = _said(checked_json.read(path))
        if camera.poses is None:
            raise InputError("it says which way is up, and the recording has no poses: give poses, or take it away")
        if isinstance(said, str):
            return Upright(camera, said, declared=True)
        return Upright(*turned(camera, said), declared=True)


def turned(camera: Camera, up: Float[np.ndarray, "3"]) -> tuple[Camera, str]:
    """The camera in a world turned so that the axis next to a direction points there, and that axis.

    >>> camera, axis = turned(Camera(1.0, 1.0, 0.0, 0.0, np.eye(4)[None]), np.array([0.0, 0.6, 0.8]))
    >>> axis, np.abs(camera.to_world(np.array([0.0, 0.6, 0.8]), 0)).round(6).tolist()
    ('z', [0.0, 0.0, 1.0])

    Args:
        camera: with poses.
        up: in the world of the poses, of any length but 0.

    Raises:
        InputError: the camera has no poses.
    """
    if camera.poses is None:
        raise InputError("only a camera with poses can be turned in its world; this one has none")
    up = np.asarray(up, dtype=np.float64) / np.linalg.norm(up)
    name = max(UPS, key=lambda each: float(np.dot(AXES[each], up)))
    turn = np.eye(4)
    turn[:3, :3] = _least_turn(up, np.array(AXES[name]))
    return replace(camera, poses=turn @ camera.poses), name


def _least_turn(start: Float64[np.ndarray, "3"], end: Float64[np.ndarray, "3"]) -> Float64[np.ndarray, "3 3"]:
    """The rotation by the least angle that takes one direction to another that is not its opposite (Rodrigues)."""
    x, y, z = np.cross(start, end)
    cross = np.array([[0, -z, y], [z, 0, -x], [-y, x, 0]])
    return np.eye(3) + cross + cross @ cross / (1 + float(start @ end))


def _held(camera: Camera) -> str:
    """The axis that the camera's up is near; OpenCV's where none is."""
    if camera.poses is None:
        return UPS[0]
    mean = -camera.poses[:, :3, 1].mean(axis=0)
    length = max(float(np.linalg.norm(mean)), _SHORTEST)
    return next((name for name in UPS if np.dot(AXES[name], mean) > HELD * length), UPS[0])


def _said(value: Any) -> str | Float64[np.ndarray, "3"]:
    """An axis or a direction."""
    checked(value, "object", "the file")
    if len(value) != 1 or not value.keys() <= {"up", "gravity"}:
        raise InputError(f'expected "up" or "gravity", found {json.dumps(value)[:80]}')
    ((name, found),) = value.items()
    if name == "up" and isinstance(found, str):
        if found not in UPS:
            raise InputError(f"up: expected one of {', '.join(UPS)} or three numbers, found {found!r}")
        return found
    if not (isinstance(found, list) and len(found) == 3 and all(map(is_number, found))):
        raise InputError(f"{name}: expected three numbers, found {json.dumps(found)[:80]}")
    vector = np.array(found, dtype=np.float64)
    if not np.isfinite(vector).all() or np.linalg.norm(vector) < _SHORTEST:
        raise InputError(f"{name}: {found} is no direction; expected three finite numbers that are not all 0")
    return vector if name == "up" else -vector
