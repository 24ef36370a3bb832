"""How well every segment of a frame continues every track: overlap, motion, appearance and class."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64

from pvsg.tracking.motion import Motion
from scenegraph import InputError, Mask
from scenegraph.mask_geometry import window
from scenegraph.masks import iou_matrix

_NO_APPEARANCE = 1e-12


@dataclass(frozen=True)
class Affinity:
    """What counts how much when a segment may continue a track.

    The affinity of a track and a segment is the weighted mean of what is known of them, each from 0 to 1.

    Attributes:
        overlap: weight of the IoU of masks, the track's moved to where it is expected. At 5 frames a second
            most things overlap themselves, and two things of one map hardly ever: the strongest hint.
        motion: weight of exp(-d / 2), d the mean squared deviation of the box from the expected one in
            standard deviations: decides for small and quick things, which do not overlap themselves.
        appearance: weight of the similarity of query features, see `strangers`; not used where the
            segmenter has none. As much as overlap: it also finds what was hidden for a while.
        category: weight of the share of the track's frames that had the segment's class. Less than the
            others: segmenters confuse child and adult from frame to frame, and two children are not one.
        strangers: cosine of features that counts as no similarity at all. Of the segmenter of
            configs/pvsg_segmenter.py one thing has 0.98 in successive frames (median; 0.87 at the lowest
            twentieth), different things of one class 0.72 (0.88 at the highest twentieth). A value below
            these lets a thing that turned or is half hidden keep its track (`Tracker.memory` has figures).
        colours: weight of the likeness of colours, see `unlike`; not used where they are not known. The most: of two
            things of a class it tells best which is which. On 24 training videos of configs/psg4d.py true relations
            whose tubes are found rise from 0.787 (without) to 0.863 (2), 0.868 (3) and 0.863 (4).
        unlike: Bhattacharyya coefficient of colours that counts as no likeness. One thing has 0.96 in successive
            frames and 0.93 after 20 (medians; 0.74 at the lowest twentieth), two things of a class 0.39 (median).
        gate: squared Mahalanobis distance of the boxes beyond which a segment that does not overlap the
            track is out of its reach, whatever it looks like. 18.47: 99.9% of a chi-squared
            distribution with 4 degrees of freedom, so that a thing that turns is not lost.
        place: with depth, weight of exp(-d / 2), d the mean squared deviation in metres from the expected place in
            standard deviations. As much as overlap: two things that pass in the picture are apart in metres.
        size: with depth, weight of how alike the extents in metres are. Less: what is seen of a thing changes.
        place_gate: squared Mahalanobis distance in metres within which a segment is within reach wherever it is in the
            picture; beyond four times of it (twice the distance) it never is. 16.27: 99.9% of a
            chi-squared distribution with 3 degrees of freedom.

    Raises:
        InputError: a weight or a threshold is out of range.
    """

    overlap: float = 1.0
    motion: float = 0.5
    appearance: float = 1.0
    category: float = 0.5
    strangers: float = 0.7
    colours: float = 3.0
    unlike: float = 0.5
    gate: float = 18.47
    place: float = 1.0
    size: float = 0.25
    place_gate: float = 16.27

    def __post_init__(self) -> None:
        weights = (self.overlap, self.motion, self.appearance, self.category, self.colours)
        others = (*weights, self.gate, self.place, self.size, self.place_gate)
        if min(others) < 0 or sum(weights) == 0 or not (-1 <= self.strangers < 1 and -1 <= self.unlike < 1):
            raise InputError(
                f"{self}: expected weights of 0 or more that are not all 0, strangers and unlike from -1 to below 1, "
                "and gates of 0 or more"
            )

    @classmethod
    def of(cls, options: Mapping[str, float]) -> "Affinity":
        """From arguments by name, as configs write them.

        Raises:
            InputError: a name is unknown or a value out of range.
        """
        known = [each.name for each in fields(cls)]
        unknown = [name for name in options if name not in known]
        if unknown:
            raise InputError(f"affinity has no {', '.join(unknown)}; it has {', '.join(known)}")
        return cls(**options)

    def __call__(
        self,
        overlap: Float64[np.ndarray, "n m"],
        distance: Float64[np.ndarray, "n m"],
        similarity: Float64[np.ndarray, "n m"] | None,
        agreement: Float64[np.ndarray, "n m"],
        apart: Float64[np.ndarray, "n m"] | None = None,
        alike: Float64[np.ndarray, "n m"] | None = None,
        painted: Float64[np.ndarray, "n m"] | None = None,
    ) -> tuple[Float64[np.ndarray, "n m"], Bool[np.ndarray, "n m"]]:
        """The affinity of every track and segment, and whether the segment is within the track's reach.

        Args:
            overlap: IoU of masks.
            distance: squared Mahalanobis distance of boxes.
            similarity: cosine of features, or None.
            agreement: share of the track's frames that had the segment's class.
            apart: squared Mahalanobis distance in metres, NaN where one of the two has no depth; None without depth.
            alike: likeness of extents, likewise.
            painted: Bhattacharyya coefficient of colours, or None.
        """
        terms = [
            (self.overlap, overlap),
            (self.motion, np.exp(-distance / 8)),  # 4 numbers a box, half the mean of their squares
            (self.category, agreement),
        ]
        if similarity is not None:
            terms.append((self.appearance, _above(self.strangers, similarity)))
        if painted is not None:
            terms.append((self.colours, _above(self.unlike, painted)))
        near = (overlap > 0) | (distance <= self.gate)
        if apart is not None and alike is not None:
            terms += [(self.place, np.exp(-apart / 6)), (self.size, alike)]  # 3 numbers a place
            # What is not known (NaN) is neither near nor too far.
            near = (near & ~(apart > 4 * self.place_gate)) | (apart <= self.place_gate)
        total = sum(weight * ~np.isnan(term) for weight, term in terms)
        mean = sum(weight * np.nan_to_num(term) for weight, term in terms) / np.maximum(total, _NO_APPEARANCE)
        return np.asarray(mean), near


def _above(nothing: float, likeness: Float64[np.ndarray, "n m"]) -> Float64[np.ndarray, "n m"]:
    """From 0 for what counts as no likeness to 1 for equality."""
    return np.clip((likeness - nothing) / (1 - nothing), 0, 1)


def expected_overlap(
    masks: Sequence[Mask],
    centres: Float64[np.ndarray, "n 2"],
    motion: Motion,
    segments: Sequence[Mask],
) -> Float64[np.ndarray, "n m"]:
    """IoU of every segment with every mask moved to where its box is expected.

    Args:
        masks: of the tracks, where they were last seen.
        centres: x, y of the middle of their boxes then.
        motion: where the boxes are expected now.
        segments: of this frame.
    """
    shifts = np.rint(motion.centres - centres).astype(np.int64)
    # A shift costs microseconds a mask: it is done on run lengths.
    moved = [
        window(mask, -down, -right, *mask.size) if right or down else mask
        for mask, (right, down) in zip(masks, shifts.tolist(), strict=True)
    ]
    return iou_matrix(moved, segments)


def cosine(first: Float[np.ndarray, "n d"], second: Float[np.ndarray, "m d"]) -> Float64[np.ndarray, "n m"]:
    """Cosine of every pair of rows; 0 where one of them is zero.

    >>> cosine(np.array([[2.0, 0.0], [0.0, 0.0]]), np.array([[1.0, 0.0]])).tolist()
    [[1.0], [0.0]]
    """
    return normalised(first) @ normalised(second).T


def normalised(rows: Float[np.ndarray, "n d"]) -> Float64[np.ndarray, "n d"]:
    """Rows of length 1; rows of zeros stay."""
    rows = rows.astype(np.float64)
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _NO_APPEARANCE)


def class_agreement(
    votes: Float64[np.ndarray, "n categories"], categories: Int64[np.ndarray, " m"]
) -> Float64[np.ndarray, "n m"]:
    """The share of every track's frames that had the class of every segment."""
    return votes[:, categories] / np.maximum(votes.sum(axis=1, keepdims=True), 1)
