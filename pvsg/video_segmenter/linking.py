"""From the segments of successive clips to tracks: clips share frames, and the segments that agree there are one.

Queries of two clips are matched by the overlap of their masks in the shared frames, the cosine of their
features, and their class, in one assignment (as MinVIS, Huang et al. 2022, matches queries of frames,
with masks besides).
"""

from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Float32, Float64, Int64
from scipy.optimize import linear_sum_assignment

from psg.segmenters import PanopticMap
from pvsg.tracked_frames import TrackedFrame
from pvsg.tracking.affinity import class_agreement, cosine, normalised
from pvsg.tracking.state import VOTES
from scenegraph import InputError, Mask
from scenegraph.mask_geometry import window
from scenegraph.masks import MaskSet, intersections


@dataclass(frozen=True, eq=False)
class ClipSegments:
    """What a clip shows: n segments over some frames.

    Attributes:
        first: number of the clip's first frame.
        masks: of every frame, one a segment; empty where it is not seen.
        categories: category ids.
        scores: probabilities.
        features: of the queries.
    """

    first: int
    masks: tuple[tuple[Mask, ...], ...]
    categories: Int64[np.ndarray, " n"]
    scores: Float64[np.ndarray, " n"]
    features: Float32[np.ndarray, "n d"]

    @classmethod
    def of_map(cls, found: PanopticMap, first: int, length: int, height: int) -> "ClipSegments":
        """From the map of a tall picture, of whose frames the first `height` rows are the picture's.

        Raises:
            InputError: the map has no features.
        """
        if found.features is None:
            raise InputError("the segments of a clip have no features; expected those of a VideoSegmenter")
        rows = found.height // length
        masks = tuple(
            tuple(window(mask, frame * rows, 0, height, found.width) for mask in found.masks) for frame in range(length)
        )
        return cls(first, masks, found.categories, found.scores, found.features)


class ClipLinker:
    """Gives the segments of successive clips the numbers of tracks, and the frames one after another.

    A clip may begin at a frame that the one before had too: then only its new frames come out.
    What is remembered does not grow: features and votes of a track, and the masks of the last clip.

    Args:
        overlap: weight of the IoU of masks in shared frames.
        appearance: weight of the similarity of features.
        category: weight of the share of a track's clips that had the segment's class.
        strangers: cosine that counts as no similarity, see `pvsg.tracking.affinity.Affinity`.
        least_affinity: a segment continues a track only from this on; half of what could be, so that
            neither class nor features alone suffice where masks say nothing.
        patience: frames for which a lost track is remembered.
    """

    def __init__(
        self,
        overlap: float = 1.0,
        appearance: float = 0.5,
        category: float = 0.25,
        strangers: float = 0.7,
        least_affinity: float = 0.3,
        patience: int = 25,
    ) -> None:
        self.overlap, self.appearance, self.category = overlap, appearance, category
        self.strangers, self.least_affinity, self.patience = strangers, least_affinity, patience
        self._next_id, self._next_frame = 0, 0
        self._known: _Known | None = None

    def update(self, clip: ClipSegments, num_categories: int) -> list[TrackedFrame]:
        """The new frames of a clip.

        Raises:
            InputError: the clip begins after the next frame, or has no new one.
        """
        stop = clip.first + len(clip.masks)
        if clip.first > self._next_frame or stop <= self._next_frame:
            raise InputError(f"a clip of frames {clip.first} to {stop - 1} came; expected frame {self._next_frame}")
        ids = self._linked(clip, num_categories)
        frames = []
        for number in range(self._next_frame, stop):
            masks = clip.masks[number - clip.first]
            seen = np.flatnonzero([mask.area > 0 for mask in masks])
            frames.append(
                TrackedFrame(
                    number,
                    ids[seen],
                    clip.categories[seen],
                    clip.scores[seen].astype(np.float32),
                    tuple(masks[place] for place in seen),
                    clip.features[seen],
                )
            )
        self._next_frame = stop
        return frames

    def _linked(self, clip: ClipSegments, num_categories: int) -> Int64[np.ndarray, " n"]:
        ids = np.full(len(clip.categories), -1, dtype=np.int64)
        known = self._known
        if known is not None:
            known = known.rows(clip.first - known.last_seen <= self.patience)
            affinity = self._affinity(known, clip)
            row, segment = linear_sum_assignment(np.where(affinity >= self.least_affinity, affinity, 0), maximize=True)
            taken = affinity[row, segment] >= self.least_affinity
            ids[segment[taken]] = known.ids[row[taken]]
        born = ids < 0
        ids[born] = np.arange(self._next_id, self._next_id + born.sum())
        self._next_id += int(born.sum())
        new = _Known.of(clip, ids, num_categories)
        self._known = new if known is None else new.after(known)
        return ids

    def _affinity(self, known: "_Known", clip: ClipSegments) -> Float64[np.ndarray, "n m"]:
        similarity = np.clip((cosine(known.features, clip.features) - self.strangers) / (1 - self.strangers), 0, 1)
        shared = _shared_iou(known, clip)
        # Where two clips share no frame, or a track is in none of them, masks say nothing.
        weighed = self.overlap * (known.masks_at is not None)
        total = weighed + self.appearance + self.category
        agreement = class_agreement(known.votes, clip.categories)
        return (weighed * shared + self.appearance * similarity + self.category * agreement) / total


@dataclass(frozen=True, eq=False)
class _Known:
    """The tracks that a linker remembers; the first `present` of them are those of the last clip."""

    ids: Int64[np.ndarray, " n"]
    last_seen: Int64[np.ndarray, " n"]
    votes: Float64[np.ndarray, "n categories"]
    features: Float64[np.ndarray, "n d"]
    masks_at: ClipSegments | None
    row_in_clip: Int64[np.ndarray, " n"]

    @classmethod
    def of(cls, clip: ClipSegments, ids: Int64[np.ndarray, " n"], num_categories: int) -> "_Known":
        """What a clip alone says of its segments."""
        count = len(ids)
        last = np.full(count, clip.first + len(clip.masks) - 1, dtype=np.int64)
        return cls(
            ids, last, np.eye(num_categories)[clip.categories], normalised(clip.features), clip, np.arange(count)
        )

    def rows(self, kept: np.ndarray) -> "_Known":
        """Some of the tracks."""
        names = ("ids", "last_seen", "votes", "features", "row_in_clip")
        return replace(self, **{name: getattr(self, name)[kept] for name in names})

    def after(self, before: "_Known") -> "_Known":
        """These tracks with what is remembered of earlier clips, and the tracks that were not seen any more."""
        position = {number: row for row, number in enumerate(before.ids.tolist())}
        earlier = np.array([position.get(number, -1) for number in self.ids.tolist()], dtype=np.int64)
        again = earlier >= 0
        votes, features = self.votes.copy(), self.features.copy()
        votes[again] += (1 - 1 / VOTES) * before.votes[earlier[again]]
        features[again] = normalised(features[again] + before.features[earlier[again]])
        lost = before.rows(~np.isin(before.ids, self.ids))
        return _Known(
            np.concatenate([self.ids, lost.ids]),
            np.concatenate([self.last_seen, lost.last_seen]),
            np.concatenate([votes, lost.votes]),
            np.concatenate([features, lost.features]),
            self.masks_at,
            np.concatenate([self.row_in_clip, np.full(len(lost.ids), -1, dtype=np.int64)]),
        )


def _shared_iou(known: _Known, clip: ClipSegments) -> Float64[np.ndarray, "n m"]:
    """IoU over the frames that the last clip and this one share; 0 for tracks that the last clip did not have."""
    result = np.zeros((len(known.ids), len(clip.categories)))
    last = known.masks_at
    if last is None or not result.size:
        return result
    rows = np.flatnonzero(known.row_in_clip >= 0)
    both, first, second = 0, 0, 0
    for number in range(max(last.first, clip.first), min(last.first + len(last.masks), clip.first + len(clip.masks))):
        own = MaskSet(last.masks[number - last.first][place] for place in known.row_in_clip[rows])
        new = MaskSet(clip.masks[number - clip.first])
        both = both + intersections(own, new)
        first, second = first + own.areas, second + new.areas
    if isinstance(both, int):  # no frame is shared
        return result
    union = first[:, None] + second[None] - both
    result[rows] = np.divide(both, union, out=np.zeros(both.shape), where=union > 0)
    return result
