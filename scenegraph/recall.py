"""Recall at K, mean recall and F1 from the ranks at which the true relations were found.

A protocol decides at which rank (0 = best) a prediction finds a true relation; what follows is the
same for all of them. Averages are taken as in the literature (Tang et al., Unbiased Scene Graph
Generation, CVPR 2020, section 5; Yang et al., Panoptic Scene Graph Generation, ECCV 2022, section 5):

* R@K: the share of a picture's true relations found among its first K rows, averaged over pictures.
* mR@K: for every predicate the same over the pictures that contain it; then the mean of predicates.
* F1@K: the harmonic mean of R@K and mR@K.
"""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float64, Int64

from scenegraph.errors import InputError

NEVER = np.iinfo(np.int64).max
"""The rank of a true relation that no row finds."""


def checked_ks(ks: Sequence[int]) -> tuple[int, ...]:
    """Numbers of rows to look at: whole, above 0, ascending, distinct.

    Raises:
        InputError: they are not.
    """
    if not ks or any(int(k) != k or k < 1 for k in ks) or sorted(set(ks)) != list(ks):
        raise InputError(f"K = {list(ks)}; expected ascending whole numbers from 1, such as 20, 50, 100")
    return tuple(int(k) for k in ks)


class RecallSums:
    """Running sums over pictures: a few small arrays, however many pictures are added."""

    def __init__(self, num_predicates: int, ks: Sequence[int]) -> None:
        self.ks = checked_ks(ks)
        self.num_predicates = num_predicates
        self.images = 0
        self.image_recall = np.zeros(len(self.ks))
        self.predicate_recall = np.zeros((len(self.ks), num_predicates))
        self.predicate_images = np.zeros(num_predicates, dtype=np.int64)
        self.found = np.zeros((len(self.ks), num_predicates), dtype=np.int64)
        self.truths = np.zeros(num_predicates, dtype=np.int64)
        self._limits = np.array(self.ks)[:, None]
        self._offsets = np.arange(len(self.ks))[:, None] * num_predicates

    def add(self, ranks: Int64[np.ndarray, " truths"], predicates: Int64[np.ndarray, " truths"]) -> None:
        """Add one picture: the rank at which each true relation was found, and its predicate.

        A picture without true relations has no recall and is left out.
        """
        if not len(ranks):
            return
        hits = ranks < self._limits
        totals = np.bincount(predicates, minlength=self.num_predicates)
        found = np.bincount((self._offsets + predicates)[hits], minlength=self.found.size).reshape(self.found.shape)
        self.images += 1
        self.image_recall += hits.sum(axis=1) / len(ranks)
        self.predicate_recall += found / np.maximum(totals, 1)
        self.predicate_images += totals > 0
        self.found += found
        self.truths += totals

    def merge(self, other: "RecallSums") -> None:
        """Add the pictures of other sums.

        Raises:
            InputError: they were made for other K or another number of predicates.
        """
        if (self.ks, self.num_predicates) != (other.ks, other.num_predicates):
            raise InputError("recall sums with different K or numbers of predicates cannot be merged")
        for name in ("images", "image_recall", "predicate_recall", "predicate_images", "found", "truths"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def recall(self) -> Float64[np.ndarray, " ks"]:
        """R@K; NaN if no picture has a true relation."""
        return self.image_recall / self.images if self.images else np.full(len(self.ks), np.nan)

    def per_predicate(self) -> Float64[np.ndarray, "ks predicates"]:
        """Recall of every predicate, averaged over the pictures that contain it; NaN where none does."""
        known = self.predicate_images > 0
        result = np.full(self.predicate_recall.shape, np.nan)
        return np.divide(self.predicate_recall, self.predicate_images, out=result, where=known)

    @property
    def occurring(self) -> Int64[np.ndarray, " occurring"]:
        """The predicates that the truth contains."""
        return np.flatnonzero(self.predicate_images)

    def mean_recall(self) -> Float64[np.ndarray, " ks"]:
        """mR@K over the predicates that occur; NaN if none does."""
        if not len(self.occurring):
            return np.full(len(self.ks), np.nan)
        return self.per_predicate()[:, self.occurring].mean(axis=1)

    def f1(self) -> Float64[np.ndarray, " ks"]:
        """F1@K; 0 where both parts are 0."""
        recall, mean_recall = self.recall(), self.mean_recall()
        both = recall + mean_recall
        return np.divide(2 * recall * mean_recall, both, out=np.where(np.isnan(both), np.nan, 0.0), where=both > 0)


def ranks_of(wanted: Int64[np.ndarray, " n"], rows: Int64[np.ndarray, " m"]) -> Int64[np.ndarray, " n"]:
    """The first position of every wanted value among the rows; `NEVER` where it is missing.

    >>> ranks_of(np.array([7, 5]), np.array([3, 7, 7])).tolist() == [1, NEVER]
    True
    """
    if not len(rows):
        return np.full(len(wanted), NEVER, dtype=np.int64)
    order = np.argsort(rows, kind="stable")
    place = np.minimum(np.searchsorted(rows[order], wanted), len(rows) - 1)
    first = order[place]
    return np.where(rows[first] == wanted, first, NEVER)
