"""How boxes lie to each other: distances between surfaces, and left, right, ahead, behind, above and below.

Everything is worked out for all pairs at once, from centres and sizes in metres as a `Track4D` has them.
Which way is left depends on who looks: a frame of reference is a rotation whose rows are right, down and
ahead, as in a camera.

>>> centres = np.array([[0.0, 0, 2], [1.0, 0, 2]])
>>> float(surface_distances(centres, np.full((2, 3), 0.4))[0, 1].round(6))
0.6
>>> to = directions(centres, CAMERA_FRAME)
>>> to.right[1, 0], to.right[0, 1]  # the second lies to the right of the first
(np.True_, np.False_)
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64

from scenegraph.errors import InputError

CAMERA_FRAME = np.eye(3)
"""Right, down and ahead of places in camera coordinates."""

CLEARLY = 0.02
"""Metres by which one lies to a side at least: below that neither does."""


class Directions(NamedTuple):
    """Whether i lies to a side of j, for all pairs; false where a place is not known."""

    left: Bool[np.ndarray, "n n"]
    right: Bool[np.ndarray, "n n"]
    above: Bool[np.ndarray, "n n"]
    below: Bool[np.ndarray, "n n"]
    in_front: Bool[np.ndarray, "n n"]
    behind: Bool[np.ndarray, "n n"]


def centre_distances(positions: Float[np.ndarray, "n 3"]) -> Float64[np.ndarray, "n n"]:
    """Metres between centres; NaN where a place is not known."""
    apart = positions[:, None].astype(np.float64) - positions[None]
    return np.asarray(np.sqrt((apart**2).sum(axis=-1)))


def surface_distances(
    positions: Float[np.ndarray, "n 3"], extents: Float[np.ndarray, "n 3"]
) -> Float64[np.ndarray, "n n"]:
    """Metres between the surfaces of boxes along the axes; 0 where they touch or overlap, NaN where not known."""
    apart = np.abs(positions[:, None].astype(np.float64) - positions[None])
    gaps = apart - (extents[:, None] + extents[None]) / 2
    return np.asarray(np.sqrt((np.maximum(gaps, 0) ** 2).sum(axis=-1)))


def world_frame(up: Float[np.ndarray, "3"], ahead: Float[np.ndarray, "3"]) -> Float64[np.ndarray, "3 3"]:
    """Right, down and ahead, level, of one who looks along `ahead` in a world whose up is known.

    Raises:
        InputError: the two are parallel, or one is no direction.
    """
    upward = np.asarray(up, dtype=np.float64)
    level = np.asarray(ahead, dtype=np.float64)
    height = float(np.linalg.norm(upward))
    if height > 0:
        upward = upward / height
        level = level - (level @ upward) * upward
    length = float(np.linalg.norm(level))
    if not (np.isfinite(length) and np.isfinite(height) and height > 0 and length > 1e-9):
        raise InputError(f"up {np.asarray(up).tolist()} and ahead {np.asarray(ahead).tolist()} span no level direction")
    level = level / length
    return np.stack([np.cross(level, upward), -upward, level])


def facing_frame(
    viewer: Float[np.ndarray, "3"], target: Float[np.ndarray, "3"], up: Float[np.ndarray, "3"]
) -> Float64[np.ndarray, "3 3"]:
    """Right, down and ahead of one who stands at `viewer` and faces `target`.

    Raises:
        InputError: the target is right above or below the viewer.
    """
    return world_frame(up, np.asarray(target, dtype=np.float64) - np.asarray(viewer, dtype=np.float64))


def directions(
    positions: Float[np.ndarray, "n 3"],
    frame: Float[np.ndarray, "3 3"],
    uncertainty: Float[np.ndarray, "n 3"] | None = None,
    clearly: float = CLEARLY,
) -> Directions:
    """Which of all pairs lies where, in a frame of reference.

    Args:
        positions: metres.
        frame: rows are right, down and ahead.
        uncertainty: standard deviation of the positions: a pair that differs by less than both together lies to
            no side.
        clearly: metres by which it must differ at least.
    """
    apart = (positions[:, None].astype(np.float64) - positions[None]) @ frame.T
    errors = np.zeros(positions.shape) if uncertainty is None else np.nan_to_num(uncertainty)
    variance = errors**2 @ (frame.T**2)
    least = np.maximum(np.sqrt(variance[:, None] + variance[None]), clearly)
    x, y, z = np.moveaxis(apart, -1, 0)
    by_x, by_y, by_z = np.moveaxis(least, -1, 0)
    return Directions(x < -by_x, x > by_x, y < -by_y, y > by_y, z < -by_z, z > by_z)
