"""How fast tracked nodes move, in metres a second, and how sure that is.

>>> rows = np.array([[0.0, 0, 2], [0.1, 0, 2], [0.2, 0, 2]])
>>> speed = velocities(rows, (0, 1, 2), fps=10.0, uncertainty=np.full((3, 3), 0.01))
>>> speed.values[1].round(2).tolist(), float(speed.errors[1, 0].round(2))
([1.0, 0.0, 0.0], 0.07)
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float64

from scenegraph.errors import InputError

WINDOW = 0.5
"""Seconds to both sides over which a velocity is taken: single steps are noise, people turn within a second."""


class Velocities(NamedTuple):
    """Metres a second by frame, and their standard deviations; NaN where fewer than two frames were measured."""

    values: Float64[np.ndarray, "frames 3"]
    errors: Float64[np.ndarray, "frames 3"]


def velocities(
    positions: Float[np.ndarray, "frames 3"],
    frames: Sequence[int],
    fps: float,
    uncertainty: Float[np.ndarray, "frames 3"] | None = None,
    window: float = WINDOW,
) -> Velocities:
    """Slope of the line through the places around every frame, each weighted by its uncertainty.

    Weighted least squares (Bevington and Robinson, Data Reduction and Error Analysis, 2003, section 6.3), all
    frames at once by running sums. Uncertainties count as independent from frame to frame; where they share
    a part (a sensor that measures too far) the stated error is too large, never too small.

    Args:
        positions: metres; NaN rows where nothing was measured.
        frames: their numbers, ascending.
        fps: frames a second.
        uncertainty: standard deviation of the positions; 1 cm if None.
        window: seconds to both sides.

    Raises:
        InputError: lengths differ, frames do not ascend, or fps or window is not above 0.
    """
    times = np.asarray(frames, dtype=np.float64) / fps if fps > 0 else np.zeros(0)
    sigma = np.full(positions.shape, 0.01) if uncertainty is None else np.asarray(uncertainty, dtype=np.float64)
    if len(times) != len(positions) or sigma.shape != positions.shape or not window > 0 or (np.diff(times) <= 0).any():
        raise InputError(
            f"{len(positions)} places, {sigma.shape} uncertainties, {len(frames)} frames at {fps} a second, window "
            f"{window} s; expected as many of each, ascending frames, numbers above 0"
        )
    measured = np.isfinite(positions) & np.isfinite(sigma)
    weights = np.where(measured, 1 / np.maximum(sigma, 1e-6) ** 2, 0.0)
    places = np.where(measured, positions, 0.0)
    # Half a step of room: frames that are exactly a window away belong to it, however they are rounded.
    reach = window + 0.5 / fps
    low, high = np.searchsorted(times, times - reach), np.searchsorted(times, times + reach, side="right")

    def around(values: np.ndarray) -> np.ndarray:
        sums = np.concatenate([np.zeros((1, 3)), np.cumsum(values, axis=0)])
        return np.asarray(sums[high] - sums[low])

    t = times[:, None]
    total = np.maximum(around(weights), 1e-300)
    middle, place = around(weights * t) / total, around(weights * places) / total
    spread = around(weights * t**2) - total * middle**2
    slope = around(weights * t * places) - total * middle * place
    known = (around(measured.astype(np.float64)) >= 2) & (spread > 0)
    values = np.divide(slope, spread, out=np.full(slope.shape, np.nan), where=known)
    errors = np.sqrt(np.divide(1.0, spread, out=np.full(slope.shape, np.nan), where=known))
    return Velocities(values, errors)
