"""One table of noise that every texture looks up; made once from a fixed seed."""

from functools import lru_cache

import numpy as np
from jaxtyping import Float32, Int

SIDE = 256
"""A power of two, so that wrapping around is a bit mask."""


@lru_cache(maxsize=1)
def bank() -> Float32[np.ndarray, "256 256"]:
    """Noise, 0 to 1, at three scales: single cells, 2 x 2, and patches of 8 x 8."""
    random = np.random.default_rng(20221023)
    raw = random.random((SIDE, SIDE), dtype=np.float32)
    smooth = (raw + np.roll(raw, 1, 0) + np.roll(raw, 1, 1) + np.roll(raw, (1, 1), (0, 1))) / 4
    patches = random.random((SIDE // 8, SIDE // 8), dtype=np.float32).repeat(8, 0).repeat(8, 1)
    return (0.35 * raw + 0.35 * smooth + 0.3 * patches).astype(np.float32)


def lookup(row: Int[np.ndarray, "*a"], column: Int[np.ndarray, "*b"]) -> Float32[np.ndarray, "*c"]:
    """Noise at whole coordinates, which wrap around; the two arrays are broadcast."""
    return bank().ravel().take(((row & (SIDE - 1)) << 8) | (column & (SIDE - 1)))


@lru_cache(maxsize=1)
def grain() -> Float32[np.ndarray, "512 512"]:
    """Normal noise of standard deviation 1: the sensor's grain, cut at a random place for every picture."""
    return np.random.default_rng(20231015).standard_normal((512, 512), dtype=np.float32)
