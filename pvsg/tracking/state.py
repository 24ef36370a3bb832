"""What a tracker remembers: one row a track, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from jaxtyping import Bool, Float64, Int64

from pvsg.tracking.affinity import normalised
from pvsg.tracking.motion import Motion
from pvsg.tracking.places import Places
from scenegraph import Mask
from scenegraph.mask_geometry import core_box

VOTES = 20.0
"""Frames over which the class of a track is counted: older ones fade, so that votes do not grow for ever."""


@dataclass(frozen=True, eq=False)
class Seen:
    """m segments of a frame that are things."""

    masks: tuple[Mask, ...]
    boxes: Float64[np.ndarray, "m 4"]
    categories: Int64[np.ndarray, " m"]
    features: Float64[np.ndarray, "m d"]
    metres: Float64[np.ndarray, "m k"]
    """Rows as in `pvsg.tracking.places`; of no numbers where there is no depth."""
    colours: Float64[np.ndarray, "m c"]
    """Rows as in `psg.segmenters.colours`; of no numbers where they are not known."""

    @classmethod
    def of(
        cls,
        masks: Sequence[Mask],
        categories: Int64[np.ndarray, " m"],
        features: Float64[np.ndarray, "m d"],
        metres: Float64[np.ndarray, "m k"] | None = None,
        colours: Float64[np.ndarray, "m c"] | None = None,
        left_out: float = 0.0,
    ) -> "Seen":
        """With the boxes of the masks, see `scenegraph.mask_geometry.core_box`; features are made of length 1."""
        boxes = np.array([core_box(mask, left_out) for mask in masks], dtype=np.float64).reshape(-1, 4)
        nothing = np.zeros((len(masks), 0))
        metres, colours = (nothing if rows is None else rows for rows in (metres, colours))
        return cls(tuple(masks), boxes, categories, normalised(features), metres, colours)

    def rows(self, kept: Int64[np.ndarray, " kept"]) -> "Seen":
        """Some of the segments, in the order given."""
        masks = tuple(self.masks[place] for place in kept)
        return Seen(masks, *(getattr(self, name)[kept] for name in _NUMBERS))


_NUMBERS = ("boxes", "categories", "features", "metres", "colours")


@dataclass(frozen=True, eq=False)
class Tracks:
    """n tracks of things; what they take does not depend on how long they were seen.

    Attributes:
        ids: their numbers.
        last_seen: the frame in which each was last seen.
        motion: where they are expected in the picture.
        places: where they are expected in metres.
        votes: how often each had each class, the last `VOTES` frames counting most.
        seen: the segment in which each was last seen; its features and colours are means over time.
    """

    ids: Int64[np.ndarray, " n"]
    last_seen: Int64[np.ndarray, " n"]
    motion: Motion
    places: Places
    votes: Float64[np.ndarray, "n categories"]
    seen: Seen

    @classmethod
    def new(cls, first_id: int, frame: int, seen: Seen, num_categories: int) -> "Tracks":
        """Tracks that begin with these segments."""
        count = len(seen.masks)
        ids = np.arange(first_id, first_id + count, dtype=np.int64)
        votes = np.eye(num_categories)[seen.categories]
        return cls(
            ids, np.full(count, frame, dtype=np.int64), Motion.of(seen.boxes), Places.of(seen.metres), votes, seen
        )

    def __len__(self) -> int:
        return len(self.ids)

    def rows(self, kept: Int64[np.ndarray, " kept"] | Bool[np.ndarray, " n"]) -> "Tracks":
        """Some of the tracks."""
        places = np.flatnonzero(kept) if kept.dtype == bool else kept
        return Tracks(
            self.ids[places],
            self.last_seen[places],
            self.motion.rows(places),
            self.places.rows(places),
            self.votes[places],
            self.seen.rows(places),
        )

    def joined(self, other: "Tracks") -> "Tracks":
        """These tracks and then others."""
        seen = Seen(
            self.seen.masks + other.seen.masks,
            *(np.concatenate([getattr(self.seen, name), getattr(other.seen, name)]) for name in _NUMBERS),
        )
        return Tracks(
            np.concatenate([self.ids, other.ids]),
            np.concatenate([self.last_seen, other.last_seen]),
            self.motion.joined(other.motion),
            self.places.joined(other.places),
            np.concatenate([self.votes, other.votes]),
            seen,
        )

    def expected(self, frames: int) -> "Tracks":
        """The same tracks where they are expected some frames later."""
        return replace(self, motion=self.motion.predicted(frames), places=self.places.predicted(frames))

    def continued(self, frame: int, seen: Seen, memory: float) -> "Tracks":
        """Every track after it was seen in one segment; `memory` is the share that older appearance keeps."""
        features, colours = (
            normalised(memory * old + (1 - memory) * new)
            for old, new in ((self.seen.features, seen.features), (self.seen.colours, seen.colours))
        )
        votes = self.votes * (1 - 1 / VOTES)
        votes[np.arange(len(self)), seen.categories] += 1
        return Tracks(
            self.ids,
            np.full(len(self), frame, dtype=np.int64),
            self.motion.updated(seen.boxes),
            self.places.updated(seen.metres),
            votes,
            replace(seen, features=features, colours=colours),
        )
