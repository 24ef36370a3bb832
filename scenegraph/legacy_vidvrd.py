"""The published protocol `vidvrd`: mAP and R@K of video relations, in PVSG and PSG4D for masks.

(Shang et al., Video Visual Relation Detection, ACM MM 2017, section 5.1; tubes in place of boxes.)
Predictions in the order of their scores take the free true relation of equal names with the largest
overlap, the smaller volume IoU of subject and object within their spans, if it reaches the
threshold. R@K is pooled over videos; mAP is the mean over videos of the area under the
precision-recall curve. Videos without true relations are left out.
"""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float64, Int64

from scenegraph.strict_video import find
from scenegraph.tube_overlap import TubeOverlap
from scenegraph.video_arrays import VideoArrays

THRESHOLD = 0.5


@dataclass(frozen=True, eq=False)
class VidVRDResult:
    """One video: how many true relations, how many rows, and the ranks (from 0) of those that hit."""

    truths: int
    rows: int
    hits: Int64[np.ndarray, " hits"]

    @property
    def average_precision(self) -> float:
        """The area under the curve whose precision never rises again (all-point interpolation)."""
        precision = np.arange(1, len(self.hits) + 1) / (self.hits + 1)
        return float(np.maximum.accumulate(precision[::-1]).sum() / self.truths) if self.truths else float("nan")


def measure(
    truth: VideoArrays, prediction: VideoArrays, overlap: TubeOverlap, threshold: float = THRESHOLD
) -> VidVRDResult:
    """What the protocol says about one video; true relations count as often as they are written."""
    _, rows = find(truth, prediction.ranked(), overlap, threshold)
    return VidVRDResult(len(truth.triples), len(prediction.triples), rows)


class VidVRDSums:
    """Running sums of the protocol."""

    def __init__(self, ks: tuple[int, ...]) -> None:
        self.ks = ks
        self.found = np.zeros(len(ks), dtype=np.int64)
        self.truths = 0
        self.videos = 0
        self.precision = 0.0

    def add(self, result: VidVRDResult) -> None:
        """Add one video."""
        if not result.truths:
            return
        self.videos += 1
        self.truths += result.truths
        self.precision += result.average_precision
        self.found += (result.hits[None, :] < np.array(self.ks)[:, None]).sum(axis=1)

    def merge(self, other: "VidVRDSums") -> None:
        """Add the videos of other sums."""
        for name in ("found", "truths", "videos", "precision"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def recall(self) -> Float64[np.ndarray, " ks"]:
        """R@K; NaN without true relations."""
        return self.found / self.truths if self.truths else np.full(len(self.ks), np.nan)

    def values(self) -> dict[str, float]:
        """Every number of the protocol, as "legacy vidvrd/NAME"."""
        values = {f"legacy vidvrd/R@{k}": float(each) for k, each in zip(self.ks, self.recall(), strict=True)}
        return values | {"legacy vidvrd/mAP": self.precision / self.videos if self.videos else float("nan")}
