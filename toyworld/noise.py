"""One table of noise that every texture looks up; made once from a fixed seed."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, Int

SIDE = 256
"""A power of two, so that wrapping around is a bit mask."""


@lru_cache(maxsize=1)
def bank() -> Float32[np.ndarray, "256 256"]:
    """Uniform noise, 0 to 1, half of it smoothed over 2 x 2."""
    raw = np.random.default_rng(20221023).random((SIDE, SIDE), dtype=np.float32)
    smooth = (raw + np.roll(raw, 1, 0) + np.roll(raw, 1, 1) + np.roll(raw, (1, 1), (0, 1))) / 4
    return (0.5 * raw + 0.5 * smooth).astype(np.float32)


def lookup(row: Int[np.ndarray, "*a"], column: Int[np.ndarray, "*b"]) -> Float32[np.ndarray, "*c"]:
    """Noise at whole coordinates, which wrap around; the two arrays are broadcast."""
    return bank().ravel().take(((row & (SIDE - 1)) << 8) | (column & (SIDE - 1)))


@lru_cache(maxsize=1)
def grain() -> Float32[np.ndarray, "512 512"]:
    """Normal noise of standard deviation 1: the sensor's grain, cut at a random place for every picture."""
    return np.random.default_rng(20231015).standard_normal((512, 512), dtype=np.float32)
