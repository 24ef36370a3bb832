"""A subset of pictures in which predicates have a long tail."""

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph import InputError

_STEEPEST = 1e6
"""Times `imbalance`; with fewer pictures than that, a steeper fall changes nothing."""

_STEPS = 20
"""Of the bisection: the fall is found within a factor of 1.00002."""


def long_tailed(
    counts: Int64[np.ndarray, "pictures predicates"], imbalance: float, seed: int = 0
) -> Int64[np.ndarray, " kept"]:
    """Pictures such that the predicates' numbers of pictures fall off exponentially.

    As CIFAR-LT (Cui et al., "Class-Balanced Loss Based on Effective Number of Samples", CVPR 2019,
    section 5.1), with several classes a picture: the k-th of K predicates, by the number of pictures
    that have it, may be in n * m ** (-k / (K - 1)) pictures, at least 1, where n is the number of the
    commonest. Pictures are drawn in random order; one that would give a predicate more than that is
    left out. Pictures are kept or left whole: no relation that can be seen loses its label. Where
    predicates stand together in pictures the commonest falls short of n, so m is made larger than
    `imbalance` until the commonest is that much commoner than the rarest; or as far as the pictures go.

    Args:
        counts: see `counts_by_picture`.
        imbalance: how much commoner the commonest may be than the rarest predicate; at least 1.
        seed: of the order.

    Returns:
        Positions of the pictures that are kept, ascending.

    Raises:
        InputError: `imbalance` is below 1.

    >>> rows = np.array([[1, 0]] * 90 + [[1, 1]] * 10)
    >>> kept = long_tailed(rows, imbalance=50)
    >>> (rows[kept] > 0).sum(axis=0).tolist()
    [91, 1]
    """
    if not 1 <= imbalance < np.inf:  # false for NaN too
        raise InputError(
            f"long_tail={imbalance}: expected how much commoner the commonest is than the rarest, 1 or more"
        )
    present = counts > 0
    pictures = present.sum(axis=0)
    occurring = np.flatnonzero(pictures)
    order = occurring[np.argsort(-pictures[occurring], kind="stable")]
    steps = np.arange(len(order)) / max(len(order) - 1, 1)
    shuffled = np.random.default_rng(seed).permutation(len(counts))

    def drawn(steepness: float) -> Int64[np.ndarray, " kept"]:
        most = np.zeros(counts.shape[1])
        most[order] = pictures.max(initial=0) * steepness**-steps
        return _drawn(present, shuffled, most)

    def reached(kept: Int64[np.ndarray, " kept"]) -> bool:
        numbers = present[kept].sum(axis=0)[occurring]
        return not len(numbers) or bool(numbers.max() >= imbalance * max(numbers.min(), 1))

    kept = drawn(imbalance)
    if not reached(kept):
        low, high = 0.0, np.log(_STEEPEST)  # of what `imbalance` is multiplied by
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if reached(drawn(imbalance * np.exp(middle))) else (middle, high)
        kept = drawn(imbalance * np.exp(high))
    return np.sort(kept)


def _drawn(
    present: Bool[np.ndarray, "pictures predicates"],
    shuffled: Int64[np.ndarray, " pictures"],
    most: Float64[np.ndarray, " predicates"],
) -> Int64[np.ndarray, " kept"]:
    """The pictures, taken in an order, that give no predicate more than `most` pictures (rounded down, at least 1)."""
    left = np.maximum(np.floor(most + 1e-9), 1).astype(np.int64)
    kept = []
    for picture in shuffled:
        row = present[picture]
        if left[row].all():
            left -= row
            kept.append(picture)
    return np.array(kept, dtype=np.int64)
