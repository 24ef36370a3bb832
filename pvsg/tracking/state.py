"""What a tracker remembers: one row a track, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from pvsg.tracking.affinity import normalised
from pvsg.tracking.motion import Motion
from scenegraph import Mask

VOTES = 20.0
"""Frames over which the class of a track is counted: older ones fade, so that votes do not grow for ever."""


@dataclass(frozen=True, eq=False)
class Seen:
    """m segments of a frame that are things."""

    masks: tuple[Mask, ...]
    boxes: Float64[np.ndarray, "m 4"]
    categories: Int64[np.ndarray, " m"]
    features: Float64[np.ndarray, "m d"]

    @classmethod
    def of(
        cls, masks: Sequence[Mask], categories: Int64[np.ndarray, " m"], features: Float64[np.ndarray, "m d"]
    ) -> "Seen":
        """With the tight boxes of the masks; features are made of length 1."""
        boxes = np.array([mask.box for mask in masks], dtype=np.float64).reshape(-1, 4)
        return cls(tuple(masks), boxes, categories, normalised(features))

    def rows(self, kept: Int64[np.ndarray, " kept"]) -> "Seen":
        """Some of the segments, in the order given."""
        masks = tuple(self.masks[place] for place in kept)
        return Seen(masks, self.boxes[kept], self.categories[kept], self.features[kept])


@dataclass(frozen=True, eq=False)
class Tracks:
    """n tracks of things; what they take does not depend on how long they were seen.

    Attributes:
        ids: their numbers.
        last_seen: the frame in which each was last seen.
        motion: where they are expected.
        votes: how often each had each class, the last `VOTES` frames counting most.
        seen: the segment in which each was last seen; its features are means over time.
    """

    ids: Int64[np.ndarray, " n"]
    last_seen: Int64[np.ndarray, " n"]
    motion: Motion
    votes: Float64[np.ndarray, "n categories"]
    seen: Seen

    @classmethod
    def new(cls, first_id: int, frame: int, seen: Seen, num_categories: int) -> "Tracks":
        """Tracks that begin with these segments."""
        count = len(seen.masks)
        ids = np.arange(first_id, first_id + count, dtype=np.int64)
        votes = np.eye(num_categories)[seen.categories]
        return cls(ids, np.full(count, frame, dtype=np.int64), Motion.of(seen.boxes), votes, seen)

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, kept: Int64[np.ndarray, " kept"] | Bool[np.ndarray, " n"]) -> "Tracks":
        """Some of the tracks."""
        places = np.flatnonzero(kept) if kept.dtype == bool else kept
        return Tracks(
            self.ids[places],
            self.last_seen[places],
            self.motion.rows(places),
            self.votes[places],
            self.seen.rows(places),
        )

    def joined(self, other: "Tracks") -> "Tracks":
        """These tracks and then others."""
        seen = Seen(
            self.seen.masks + other.seen.masks,
            np.concatenate([self.seen.boxes, other.seen.boxes]),
            np.concatenate([self.seen.categories, other.seen.categories]),
            np.concatenate([self.seen.features, other.seen.features]),
        )
        return Tracks(
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.last_seen, other.last_seen]),
            self.motion.joined(other.motion),
            np.concatenate([self.votes, other.votes]),
            seen,
        )

    def expected(self, frames: int) -> "Tracks":
        """The same tracks where they are expected some frames later."""
        return replace(self, motion=self.motion.predicted(frames))

    def continued(self, frame: int, seen: Seen, memory: float) -> "Tracks":
        """Every track after it was seen in one segment; `memory` is the share that older features keep."""
        features = normalised(memory * self.seen.features + (1 - memory) * seen.features)
        votes = self.votes * (1 - 1 / VOTES)
        votes[np.arange(len(self)), seen.categories] += 1
        return Tracks(
            self.ids,
            np.full(len(self), frame, dtype=np.int64),
            self.motion.updated(seen.boxes),
            votes,
            replace(seen, features=features),
        )
