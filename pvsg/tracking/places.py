"""Where things will be in metres: for tracks of RGB-D videos.

A row of metres is what `pvsg.tracked_frames.METRES` says. Places are those of the world where the camera has
poses, so that a moving camera moves nothing.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64

from pvsg.tracking.constant_velocity import ConstantVelocity

SURFACE = 0.15
"""Share of a thing's extent by which its measured middle wanders: only a changing part of its surface is seen."""
SMALLEST = 0.05
"""Metres: no place is more certain than this."""
VELOCITY_NOISE = 0.4
"""Metres a frame that a velocity changes from one frame to the next. At 5 frames a second a person who starts
walking changes by 0.3, a ball that is thrown by 1 to 2."""
FIRST_VELOCITY = 1.0
"""Metres a frame, standard deviation of the velocity of what is seen for the first time."""


@dataclass(frozen=True, eq=False)
class Places(ConstantVelocity):
    """Positions of n tracks in metres; NaN for a track whose depth was never measured.

    Without metres (rows of no numbers) there are no positions, and everything is empty.

    >>> row = np.concatenate([[0.0, 0.0, 5.0], np.full(9, 0.1)])[None]
    >>> places = Places.of(row)
    >>> for step in (0.5, 1.0, 1.5):
    ...     row[0, 0] = step
    ...     places = places.predicted().updated(row)
    >>> places.predicted().values.round(1).tolist()
    [[2.0, 0.0, 5.0]]
    """

    @classmethod
    def of(cls, metres: Float64[np.ndarray, "n k"]) -> "Places":
        """Of segments seen for the first time."""
        noise = _noise(metres)
        return cls.standing(metres[:, :3], noise, np.full_like(noise, FIRST_VELOCITY))

    def predicted(self, frames: int = 1) -> "Places":
        """The same tracks some frames later."""
        return self.moved(frames, np.full_like(self.values, SMALLEST), np.full_like(self.values, VELOCITY_NOISE))

    def updated(self, metres: Float64[np.ndarray, "n k"]) -> "Places":
        """After each track was seen; one without depth stays as it was expected."""
        new, corrected = Places.of(metres), self.corrected(metres[:, :3], _noise(metres))
        seen, known = (~np.isnan(each).any(axis=1) for each in (metres[:, :3], self.values))
        both, first = seen & known, seen & ~known
        mean = np.where(both[:, None], corrected.mean, np.where(first[:, None], new.mean, self.mean))
        wide = (slice(None), None, None, None)
        covariance = np.where(both[wide], corrected.covariance, np.where(first[wide], new.covariance, self.covariance))
        return Places(mean, covariance)

    def distance(self, metres: Float64[np.ndarray, "m k"]) -> Float64[np.ndarray, "n m"]:
        """Squared Mahalanobis distance of every track to every segment, 3 degrees of freedom; NaN: not known."""
        noise = np.nan_to_num(_noise(metres), nan=SMALLEST)
        typical = noise.mean(axis=0, keepdims=True) if len(noise) else noise[:0]
        return self.deviation(metres[:, :3], np.broadcast_to(typical, self.values.shape))


def likeness(first: Float64[np.ndarray, "n k"], second: Float64[np.ndarray, "m k"]) -> Float64[np.ndarray, "n m"]:
    """How alike the extents of segments are, 1 for equal ones; NaN where one is not known.

    exp of minus the mean of |log ratio| over the axes; lengths under `SMALLEST` count as that.

    >>> one, two = (np.concatenate([np.zeros(3), np.full(3, size), np.zeros(6)])[None] for size in (1.0, 2.0))
    >>> likeness(one, two).round(3).tolist()
    [[0.5]]
    """
    logs = [np.log(np.maximum(each[:, 3:6], SMALLEST)) for each in (first, second)]
    return np.exp(-np.abs(logs[0][:, None] - logs[1][None]).mean(-1))


def around(metres: Float64[np.ndarray, "n k"]) -> Float64[np.ndarray, " k"]:
    """The row of what holds all of some segments: their common box; NaN where none of them is known.

    >>> left, right = ([x, 0, 0, 1, 1, 1, 0.1, 0.1, 0.1, x, 0, 3] for x in (0.0, 4.0))
    >>> around(np.array([left, right])).round(2).tolist()
    [2.0, 0.0, 0.0, 5.0, 1.0, 1.0, 0.1, 0.1, 0.1, 2.0, 0.0, 3.0]
    """
    known = metres[~np.isnan(metres).any(axis=1)]
    if not known.size:
        return np.full(metres.shape[1], np.nan)
    low, high = (known[:, :3] - known[:, 3:6] / 2).min(axis=0), (known[:, :3] + known[:, 3:6] / 2).max(axis=0)
    return np.concatenate([(low + high) / 2, high - low, known[:, 6:9].max(axis=0), known[:, 9:].mean(axis=0)])


def _noise(metres: Float64[np.ndarray, "n k"]) -> Float64[np.ndarray, "n d"]:
    return np.hypot(np.maximum(metres[:, 6:9], SMALLEST), SURFACE * metres[:, 3:6])
