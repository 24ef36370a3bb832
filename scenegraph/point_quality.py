"""Segmentation of points: average precision of instances, mIoU and accuracy of classes.

Average precision follows the ScanNet benchmark (Dai et al., ScanNet, CVPR 2017, and the evaluation
code of its instance task): AP is the mean over IoU thresholds 0.5, 0.55, ... 0.9, AP50 and AP25 are
single thresholds; the area under precision over recall is taken by the trapezoid rule from the point
(recall 0, precision 1) on; instances of fewer than 100 points are neither asked for nor counted; an
unmatched prediction is no error if more of it than the threshold lies on points that are unlabelled
or belong to such small instances. Equal scores are one point of the curve, so that the order of a
list decides nothing.

Predictions take, the best score first, the free true instance of their class that they overlap most.
From threshold 0.5 on that is the published rule, for then a prediction has one instance at most; at
0.25 the published code lets the order of the list choose instead.

>>> sums = ClassSums(2)
>>> sums.add(np.array([0, 0, 1, -1]), np.array([0, 1, 1, 1]))
>>> sums.values()["points/mIoU"], sums.values()["points/accuracy"]
(0.5, 0.6666666666666666)
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int, Int8, Int64, Integer

from scenegraph.errors import InputError
from scenegraph.matching import first_come
from scenegraph.panoptic import joint_histogram

AP_THRESHOLDS = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
"""IoU thresholds over which AP is the mean, as published."""

THRESHOLDS = (0.25, *AP_THRESHOLDS)

MIN_POINTS = 100
"""Smaller instances are not evaluated, as published: a handful of points says little about a mask."""

UNLABELLED = -1

_HIT, _MISS, _IGNORED = 1, 0, -1


@dataclass(frozen=True, eq=False)
class InstanceResult:
    """One scene: every counted prediction with what became of it, and the instances to be found by class.

    `state` is 1 for a hit, 0 for an error, -1 for a prediction that does not count, by threshold.
    """

    categories: Int64[np.ndarray, " predictions"]
    scores: Float64[np.ndarray, " predictions"]
    state: Int8[np.ndarray, "predictions thresholds"]
    truths: Int64[np.ndarray, " instances"]


def compare_instances(
    truth: Integer[np.ndarray, " points"],
    truth_categories: Int[np.ndarray, " n"],
    prediction: Bool[np.ndarray, "masks its_points"] | Integer[np.ndarray, " its_points"],
    predicted_categories: Int[np.ndarray, " m"],
    scores: Float64[np.ndarray, " its_m"],
    min_points: int = MIN_POINTS,
) -> InstanceResult:
    """Compare the predicted instances of one cloud with the true ones.

    Args:
        truth: position of the true instance of every point, -1 where the point is unlabelled.
        truth_categories: class of every true instance.
        prediction: one mask an instance (masks may overlap), or the position of the predicted instance
            of every point, -1 for none.
        predicted_categories: class of every prediction.
        scores: of the predictions.
        min_points: instances and predictions of fewer points are left out.

    Raises:
        InputError: the numbers of points or of predictions differ, or an instance has no class.
    """
    n, m = len(truth_categories), len(predicted_categories)
    _check(truth, n, prediction, m, scores)
    if prediction.dtype == bool:
        predicted_points = prediction.sum(axis=1).astype(np.int64)
        shared = np.zeros((n, m), dtype=np.int64)
        for row, mask in enumerate(prediction):
            shared[:, row] = np.bincount(truth[mask] + 1, minlength=n + 1)[1:]
    else:
        predicted_points = np.bincount(prediction[prediction >= 0], minlength=m)
        shared = joint_histogram(truth[None], prediction[None], n, m)
    counted = np.bincount(truth[truth >= 0], minlength=n)
    kept = predicted_points >= min_points
    return _compared(
        shared[:, kept],
        counted,
        predicted_points[kept],
        truth_categories,
        predicted_categories[kept].astype(np.int64),
        scores[kept],
        min_points,
    )


def _compared(
    shared: Int64[np.ndarray, "n m"],
    truth_points: Int64[np.ndarray, " n"],
    predicted_points: Int64[np.ndarray, " m"],
    truth_categories: Int[np.ndarray, " n"],
    predicted_categories: Int64[np.ndarray, " m"],
    scores: Float64[np.ndarray, " m"],
    min_points: int,
) -> InstanceResult:
    union = truth_points[:, None] + predicted_points[None, :] - shared
    iou = np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)
    small = truth_points < min_points
    same = truth_categories[:, None] == predicted_categories[None, :]
    iou = np.where(same & ~small[:, None], iou, 0.0)
    unlabelled = predicted_points - shared.sum(axis=0)
    on_small = (shared * (same & small[:, None])).sum(axis=0)
    ignorable = (unlabelled + on_small) / np.maximum(predicted_points, 1)
    state = np.full((len(scores), len(THRESHOLDS)), _MISS, dtype=np.int8)
    order = np.argsort(-scores, kind="stable")
    for at, threshold in enumerate(THRESHOLDS):
        truth, row = np.nonzero(iou[:, order] > threshold)
        best = np.lexsort((-iou[truth, order[row]], row))
        hits = row[best][first_come(row[best], truth[best])]
        state[order[hits], at] = _HIT
        unmatched = ~(iou > threshold).any(axis=0)
        state[unmatched & (ignorable > threshold), at] = _IGNORED
    return InstanceResult(predicted_categories, scores, state, truth_categories[~small].astype(np.int64))


def _check(truth: np.ndarray, n: int, prediction: np.ndarray, m: int, scores: np.ndarray) -> None:
    points = prediction.shape[-1]
    if len(truth) != points:
        raise InputError(f"the truth labels {len(truth)} points, the prediction {points}; expected the same cloud")
    if len(scores) != m or (prediction.ndim == 2 and len(prediction) != m):
        raise InputError(f"{m} classes of predictions came with {len(scores)} scores; expected one of each")
    if np.isnan(scores).any():
        raise InputError("a score is not a number; expected probabilities")
    labels = [("truth", truth, n)] + ([("prediction", prediction, m)] if prediction.ndim == 1 else [])
    for name, values, most in labels:
        if values.size and not UNLABELLED <= values.min() <= values.max() < most:
            raise InputError(
                f"the {name} labels points {values.min()} to {values.max()}; expected -1 (none) or 0 to {most - 1}, "
                "the positions of its instances"
            )


class InstanceSums:
    """Average precision over scenes: scores and hits of the counted predictions, instances by class."""

    def __init__(self, num_categories: int) -> None:
        self.num_categories = num_categories
        self.truths = np.zeros(num_categories, dtype=np.int64)
        self._results: list[InstanceResult] = []

    def add(self, result: InstanceResult) -> None:
        """Add one scene."""
        self.truths += np.bincount(result.truths, minlength=self.num_categories)
        self._results.append(result)

    def merge(self, other: "InstanceSums") -> None:
        """Add the scenes of other sums.

        Raises:
            InputError: they were made for another number of classes.
        """
        if self.num_categories != other.num_categories:
            raise InputError("average precisions of different class lists cannot be merged")
        self.truths += other.truths
        self._results += other._results

    def per_category(self) -> Float64[np.ndarray, "categories thresholds"]:
        """Average precision of every class at every threshold of `THRESHOLDS`; NaN where there is no instance."""
        precision = np.full((self.num_categories, len(THRESHOLDS)), np.nan)
        empty = [np.zeros(0, np.int64), np.zeros(0), np.zeros((0, len(THRESHOLDS)), np.int8)]
        rows = [(each.categories, each.scores, each.state) for each in self._results]
        categories, scores, state = (np.concatenate(each) for each in zip(empty, *rows, strict=True))
        for category in np.flatnonzero(self.truths):
            own = categories == category
            for at in range(len(THRESHOLDS)):
                counted = own & (state[:, at] != _IGNORED)
                hits = state[counted, at] == _HIT
                precision[category, at] = average_precision(scores[counted], hits, int(self.truths[category]))
        return precision

    def values(self) -> dict[str, float]:
        """AP, AP50 and AP25 over the classes that have instances, and how many classes those are."""
        table = self.per_category()[self.truths > 0]
        means = table.mean(axis=0) if len(table) else np.full(len(THRESHOLDS), np.nan)
        return {
            "points/AP": float(means[1:].mean()),
            "points/AP50": float(means[THRESHOLDS.index(0.5)]),
            "points/AP25": float(means[THRESHOLDS.index(0.25)]),
            "points/AP classes": float(len(table)),
            "points/instances": float(self.truths.sum()),
        }


def average_precision(scores: Float64[np.ndarray, " n"], hits: Bool[np.ndarray, " n"], truths: int) -> float:
    """Area under precision over recall, by the trapezoid rule from (recall 0, precision 1) on.

    Args:
        scores: of the predictions of one class.
        hits: whether each found an instance.
        truths: instances to be found, above 0.

    >>> average_precision(np.array([0.9, 0.8]), np.array([True, False]), 1)
    1.0
    """
    order = np.argsort(-scores, kind="stable")
    found = np.cumsum(hits[order])
    last = np.flatnonzero(np.diff(scores[order], append=-np.inf))  # equal scores are one point of the curve
    precision = np.concatenate(([1.0], found[last] / (last + 1)))
    recall = np.concatenate(([0.0], found[last] / truths))
    return float(np.trapezoid(precision, recall))


class ClassSums:
    """Confusion of the classes of points: mIoU and accuracy over the classes that the truth contains."""

    def __init__(self, num_categories: int) -> None:
        self.num_categories = num_categories
        self.confusion = np.zeros((num_categories, num_categories + 1), dtype=np.int64)

    def add(self, truth: Integer[np.ndarray, " points"], prediction: Integer[np.ndarray, " its_points"]) -> None:
        """Add one cloud: the class of every point, -1 for none; points without true class do not count.

        Raises:
            InputError: the numbers of points differ, or a class is out of range.
        """
        if truth.shape != prediction.shape:
            raise InputError(f"the truth has {len(truth)} points, the prediction {len(prediction)}")
        for name, labels in (("truth", truth), ("prediction", prediction)):
            if labels.size and not UNLABELLED <= labels.min() <= labels.max() < self.num_categories:
                raise InputError(
                    f"the {name} has classes {labels.min()} to {labels.max()}; "
                    f"expected -1 (none) or 0 to {self.num_categories - 1}"
                )
        known = truth >= 0
        cells = truth[known].astype(np.int64) * (self.num_categories + 1) + prediction[known] % (
            self.num_categories + 1
        )
        self.confusion += np.bincount(cells, minlength=self.confusion.size).reshape(self.confusion.shape)

    def merge(self, other: "ClassSums") -> None:
        """Add the clouds of other sums.

        Raises:
            InputError: they were made for another number of classes.
        """
        if self.num_categories != other.num_categories:
            raise InputError("confusions of different class lists cannot be merged")
        self.confusion += other.confusion

    def per_category(self) -> Float64[np.ndarray, " categories"]:
        """IoU of every class; NaN for a class that the truth does not contain."""
        right, truth = np.diag(self.confusion), self.confusion.sum(axis=1)
        union = truth + self.confusion[:, :-1].sum(axis=0) - right
        return np.divide(right, union, out=np.full(len(right), np.nan), where=truth > 0)

    def values(self) -> dict[str, float]:
        """mIoU, accuracy over points and mean accuracy over classes, and how many classes occur."""
        iou, right, truth = self.per_category(), np.diag(self.confusion), self.confusion.sum(axis=1)
        occurs = truth > 0
        some = bool(occurs.any())
        return {
            "points/mIoU": float(iou[occurs].mean()) if some else float("nan"),
            "points/accuracy": float(right.sum() / truth.sum()) if some else float("nan"),
            "points/mean accuracy": float((right[occurs] / truth[occurs]).mean()) if some else float("nan"),
            "points/classes": float(occurs.sum()),
        }
