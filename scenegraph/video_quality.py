"""Quality of panoptic tubes: VPQ and STQ, and PQ of single frames as VPQ with windows of one frame.

* VPQ (Kim et al., Video Panoptic Segmentation, CVPR 2020, section 4): in every window of k frames,
  slid by one frame, tubes cut to the window are matched as the segments of a picture are (same class,
  IoU above 0.5); PQ follows from the sums over all windows and videos; VPQ is its mean over k.
* STQ (Weber et al., STEP: Segmenting and Tracking Every Pixel, NeurIPS 2021, section 4):
  sqrt(AQ x SQ). SQ is the mean IoU of the classes over all pixels. AQ, whatever the classes, is over
  the true tubes of things: sum of (shared pixels x IoU) over the predicted tubes of things, divided
  by the size of the true tube; then the mean of the true tubes.

Pixels without a true node are void: they belong to no predicted tube here, and an unmatched predicted
tube that lies on void by more than half is no error.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph.panoptic_quality import QualityResult, QualitySums
from scenegraph.tube_overlap import TubeOverlap

WINDOWS = (1, 2, 4, 6)
"""Frames of a window, as in the evaluations on VIPSeg; one frame is plain PQ."""


@dataclass(frozen=True, eq=False)
class TubeQuality:
    """One video: what every window length found, class overlaps, and association of the true things."""

    windows: dict[int, QualityResult]
    class_shared: Int64[np.ndarray, " categories"]
    class_union: Int64[np.ndarray, " categories"]
    association: Float64[np.ndarray, " true_things"]


def measure(
    overlap: TubeOverlap,
    truth_categories: Int64[np.ndarray, " n"],
    predicted_categories: Int64[np.ndarray, " m"],
    is_thing: Bool[np.ndarray, " categories"],
    windows: tuple[int, ...] = WINDOWS,
) -> TubeQuality:
    """Compare the tubes of one video, which do not overlap on either side.

    Args:
        overlap: pixels that they share.
        truth_categories: classes of the true tubes.
        predicted_categories: classes of the predicted tubes.
        is_thing: of every class.
        windows: frames of a window; a video that is shorter is one window.
    """
    void = overlap.predicted_areas - overlap.shared.sum(axis=1)
    shared, truth, prediction = (
        each.sum(axis=0, dtype=np.int64) for each in (overlap.shared, overlap.truth_areas, overlap.predicted_areas)
    )
    prediction -= void.sum(axis=0)
    classes = len(is_thing)
    by_class = np.zeros(classes, dtype=np.int64)
    first, second = np.nonzero(truth_categories[:, None] == predicted_categories[None, :])
    np.add.at(by_class, truth_categories[first], shared[first, second])
    union = -by_class
    np.add.at(union, truth_categories, truth)
    np.add.at(union, predicted_categories, prediction)
    return TubeQuality(
        windows={
            window: _in_windows(overlap, void, truth_categories, predicted_categories, window) for window in windows
        },
        class_shared=by_class,
        class_union=union,
        association=_association(
            shared[is_thing[truth_categories]][:, is_thing[predicted_categories]],
            truth[is_thing[truth_categories]],
            prediction[is_thing[predicted_categories]],
        ),
    )


class TubeQualitySums:
    """Running sums of VPQ and STQ: some numbers a class, however many videos are added."""

    def __init__(self, is_thing: Bool[np.ndarray, " categories"], windows: tuple[int, ...] = WINDOWS) -> None:
        self.windows = {window: QualitySums(is_thing) for window in windows}
        self.class_shared, self.class_union = np.zeros((2, len(is_thing)), dtype=np.int64)
        self.association = 0.0
        self.tubes = 0

    def add(self, result: TubeQuality) -> None:
        """Add one video."""
        for window, sums in self.windows.items():
            sums.add(result.windows[window])
        self.class_shared += result.class_shared
        self.class_union += result.class_union
        self.association += float(result.association.sum())
        self.tubes += len(result.association)

    def merge(self, other: "TubeQualitySums") -> None:
        """Add the videos of other sums."""
        for window, sums in self.windows.items():
            sums.merge(other.windows[window])
        self.class_shared += other.class_shared
        self.class_union += other.class_union
        self.association += other.association
        self.tubes += other.tubes

    def values(self) -> dict[str, float]:
        """VPQ, VPQ of every window, STQ with its parts; fractions, NaN where nothing can be said."""
        values: dict[str, float] = {}
        for group in ("", "_things", "_stuff"):
            each = [sums.values()[f"PQ{group}"] for sums in self.windows.values()]
            values[f"VPQ{group}"] = float(np.mean(each))
            values |= {f"VPQ{group}[{k}]": value for k, value in zip(self.windows, each, strict=True)}
        known = self.class_union > 0
        segmentation = float((self.class_shared[known] / self.class_union[known]).mean()) if known.any() else np.nan
        association = self.association / self.tubes if self.tubes else np.nan
        return values | {
            "STQ": float(np.sqrt(association * segmentation)),
            "STQ/AQ": float(association),
            "STQ/SQ": segmentation,
        }


def _association(
    shared: Int64[np.ndarray, "n m"], truth: Int64[np.ndarray, " n"], prediction: Int64[np.ndarray, " m"]
) -> Float64[np.ndarray, " seen"]:
    """The association of every true thing that is seen."""
    union = truth[:, None] + prediction[None, :] - shared
    iou = np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)
    seen = truth > 0
    return (shared * iou).sum(axis=1)[seen] / truth[seen]


def _in_windows(
    overlap: TubeOverlap,
    void: Int64[np.ndarray, "frames m"],
    truth_categories: Int64[np.ndarray, " n"],
    predicted_categories: Int64[np.ndarray, " m"],
    window: int,
) -> QualityResult:
    """Match the tubes in every window of some frames; void pixels are left out of the union."""
    shared, truth, prediction, empty = (
        _sliding_sum(each, window) for each in (overlap.shared, overlap.truth_areas, overlap.predicted_areas, void)
    )
    union = truth[:, :, None] + (prediction - empty)[:, None, :] - shared
    iou = np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)
    matched = (iou > 0.5) & (truth_categories[:, None] == predicted_categories[None, :])
    place, true_node, node = np.nonzero(matched)
    unmatched = (prediction > 0) & ~matched.any(axis=1) & ~(2 * empty > prediction)
    missed = (truth > 0) & ~matched.any(axis=2)
    return QualityResult(
        matched=truth_categories[true_node],
        iou=iou[place, true_node, node],
        false_positives=predicted_categories[np.nonzero(unmatched)[1]],
        false_negatives=truth_categories[np.nonzero(missed)[1]],
    )


def _sliding_sum(values: np.ndarray, window: int) -> np.ndarray:
    """Sums over every `window` successive frames, or over all where there are fewer."""
    if window == 1:
        return values.astype(np.int64)
    sums = np.cumsum(values, axis=0, dtype=np.int64)
    last = min(window, len(values)) - 1
    result = sums[last:].copy()
    result[1:] -= sums[: len(result) - 1]
    return result
