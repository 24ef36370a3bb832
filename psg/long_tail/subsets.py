"""A subset of pictures in which predicates have a long tail."""

import numpy as np
from jaxtyping import Int64

from scenegraph import InputError


def long_tailed(
    counts: Int64[np.ndarray, "pictures predicates"], imbalance: float, seed: int = 0
) -> Int64[np.ndarray, " kept"]:
    """Pictures such that the predicates' numbers of pictures fall off exponentially.

    As CIFAR-LT (Cui et al., "Class-Balanced Loss Based on Effective Number of Samples", CVPR 2019,
    section 5.1), with several classes a picture: the k-th of K predicates, by the number of pictures
    that have it, may be in n * imbalance ** (-k / (K - 1)) pictures, where n is the number of the
    commonest, at least 1. Pictures are drawn in random order; one that would give a predicate more
    than that is left out. Pictures are kept or left whole: no relation that can be seen loses its
    label. Predicates that stand together in pictures keep the result from reaching every number.

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
    [92, 2]
    """
    if not 1 <= imbalance < np.inf:  # false for NaN too
        raise InputError(
            f"long_tail={imbalance}: expected how much commoner the commonest is than the rarest, 1 or more"
        )
    present = counts > 0
    pictures = present.sum(axis=0)
    occurring = np.flatnonzero(pictures)
    order = occurring[np.argsort(-pictures[occurring], kind="stable")]
    most = np.zeros(counts.shape[1], dtype=np.int64)
    falls = imbalance ** (-np.arange(len(order)) / max(len(order) - 1, 1))
    most[order] = np.maximum(np.floor(pictures.max(initial=0) * falls + 1e-9), 1)
    taken = np.zeros_like(most)
    kept = []
    for picture in np.random.default_rng(seed).permutation(len(counts)):
        if (taken + present[picture] <= most)[present[picture]].all():
            taken += present[picture]
            kept.append(picture)
    return np.sort(np.array(kept, dtype=np.int64))
