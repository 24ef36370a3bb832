"""Numbers that move steadily: a Kalman filter with constant velocity, for all tracks at once.

What the numbers are, and how noisy, is said by who uses it: boxes in pixels (`pvsg.tracking.motion`), places in
metres (`pvsg.tracking.places`).
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int64


@dataclass(frozen=True, eq=False)
class ConstantVelocity:
    """d numbers of n tracks with their velocities a frame, and how certain they are.

    Attributes:
        mean: the numbers, then the velocity of each.
        covariance: of the mean. The numbers do not depend on one another, so each has a 2 x 2 matrix (value
            and velocity).
    """

    mean: Float64[np.ndarray, "n state"]
    covariance: Float64[np.ndarray, "n d 2 2"]

    @classmethod
    def standing(
        cls,
        values: Float64[np.ndarray, "n d"],
        deviation: Float64[np.ndarray, "n d"],
        velocity_deviation: Float64[np.ndarray, "n d"],
    ) -> "ConstantVelocity":
        """Seen for the first time: standing still, with a velocity that is not known."""
        covariance = np.zeros((*values.shape, 2, 2))
        covariance[..., 0, 0] = deviation**2
        covariance[..., 1, 1] = velocity_deviation**2
        return cls(np.concatenate([values, np.zeros_like(values)], axis=1), covariance)

    def __len__(self) -> int:
        return len(self.mean)

    @property
    def values(self) -> Float64[np.ndarray, "n d"]:
        """The numbers, without velocities."""
        return self.mean[:, : self.covariance.shape[1]]

    def moved(
        self,
        frames: int,
        deviation: Float64[np.ndarray, "n d"],
        velocity_deviation: Float64[np.ndarray, "n d"],
    ) -> "ConstantVelocity":
        """Some frames later; the deviations are what a frame adds to a value and to a velocity."""
        step = np.array([[1.0, frames], [0.0, 1.0]])
        count = self.covariance.shape[1]
        mean = self.mean.copy()
        mean[:, :count] += frames * mean[:, count:]
        covariance = step @ self.covariance @ step.T
        covariance[..., 0, 0] += frames * deviation**2
        covariance[..., 1, 1] += frames * velocity_deviation**2
        return type(self)(mean, covariance)

    def corrected(self, seen: Float64[np.ndarray, "n d"], deviation: Float64[np.ndarray, "n d"]) -> "ConstantVelocity":
        """After each track was seen; `deviation` is that of what was measured."""
        certainty = self.covariance[..., 0, 0] + deviation**2
        gain = self.covariance[..., 0] / certainty[..., None]
        change = gain * (seen - self.values)[..., None]
        mean = self.mean + np.concatenate([change[..., 0], change[..., 1]], axis=1)
        covariance = self.covariance - gain[..., :, None] * gain[..., None, :] * certainty[..., None, None]
        return type(self)(mean, covariance)

    def deviation(
        self, seen: Float64[np.ndarray, "m d"], deviation: Float64[np.ndarray, "n d"]
    ) -> Float64[np.ndarray, "n m"]:
        """Squared Mahalanobis distance of every track to everything seen."""
        surprise = seen[None] - self.values[:, None]
        return (surprise**2 / (self.covariance[..., 0, 0] + deviation**2)[:, None]).sum(-1)

    def rows(self, kept: Int64[np.ndarray, " kept"] | Bool[np.ndarray, " n"]) -> "ConstantVelocity":
        """Some of the tracks."""
        return type(self)(self.mean[kept], self.covariance[kept])

    def joined(self, other: "ConstantVelocity") -> "ConstantVelocity":
        """These tracks and then others."""
        mean, covariance = (np.concatenate([getattr(each, name) for each in (self, other)]) for name in _FIELDS)
        return type(self)(mean, covariance)


_FIELDS = ("mean", "covariance")
