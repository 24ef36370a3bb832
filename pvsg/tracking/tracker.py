"""An online tracker: one frame of segments at a time, one assignment a frame.

Tracking by detection with query features (as MinVIS and IPS+T of PVSG do it), in one step instead of
several: overlap, motion, appearance and class of all tracks, also of those that were lost, meet in one
matrix, which the Hungarian method solves. Things are followed; stuff is one track a class.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from jaxtyping import Float32, Float64, Int64
from scipy.optimize import linear_sum_assignment

from psg.provenance import Settings, arguments_of
from psg.segmenters.maps import PanopticMap
from pvsg.tracked_frames import TrackedFrame
from pvsg.tracking.affinity import Affinity, class_agreement, cosine, expected_overlap
from pvsg.tracking.places import around, likeness
from pvsg.tracking.state import Seen, Tracks
from scenegraph import InputError, Mask, Vocabulary
from scenegraph.mask_geometry import union


class Tracker:
    """Gives the segments of successive frames the numbers of tracks.

    >>> tracker = Tracker()
    >>> for picture in video:  # doctest: +SKIP
    ...     frame = tracker.update(segmenter.segment(picture))

    What it remembers is some numbers and one mask a track, and tracks are forgotten (`patience`,
    `most`): memory and time of a frame do not depend on how many came before.

    Args:
        affinity: what counts how much: an `Affinity` or its arguments.
        least_affinity: a segment continues a track only from this on. 0.2: the class alone suffices for
            what is within reach, since most pictures show one thing of a class in one place.
        birth_score: an unknown segment of a lower score starts no track and is left out: what a
            segmenter is unsure of tends to be there in single frames only.
        patience: frames for which a lost track is remembered. 25: five seconds at the 5 frames a second
            of PVSG; the published tracker keeps them for a minute, and takes newcomers for them.
        lost_penalty: taken from the affinity of tracks that were not seen in the last frame, so that a
            track that was wins where both fit.
        memory: share of what is older in a track's appearance after a new frame; 0.9 remembers about ten frames.
            On 36 training videos of toyworld, with `Affinity.strangers` 0.7, true relations whose tubes are found rise
            from 0.718 (memory 0.7, strangers 0.85) to 0.745: what was hidden is known again.
        most: so many tracks are remembered at most; of more, those lost longest are forgotten.
        left_out: share of a segment's pixels that its box leaves out at every side. Segmenters give a thing stray
            pixels far away; its tight box then jumps by half a picture, and with it where the track is expected.

    Raises:
        InputError: a number is out of range.
    """

    def __init__(
        self,
        affinity: Affinity | Mapping[str, float] | None = None,
        least_affinity: float = 0.2,
        birth_score: float = 0.5,
        patience: int = 25,
        lost_penalty: float = 0.05,
        memory: float = 0.9,
        most: int = 1000,
        left_out: float = 0.05,
    ) -> None:
        for name, value, high in (
            ("left_out", left_out, 0.4),
            ("least_affinity", least_affinity, 1.0),
            ("birth_score", birth_score, 1.0),
            ("memory", memory, 1.0),
        ):
            if not 0 <= value <= high:
                raise InputError(f"{name}={value}; expected 0 to {high}")
        if patience < 0 or most < 1:
            raise InputError(f"patience={patience} and most={most}; expected 0 or more, and 1 or more")
        self.affinity = affinity if isinstance(affinity, Affinity) else Affinity.of(affinity or {})
        self.least_affinity, self.birth_score = least_affinity, birth_score
        self.patience, self.lost_penalty, self.memory, self.most = patience, lost_penalty, memory, most
        self.left_out = left_out
        self.reset()

    def reset(self) -> None:
        """Forget everything: the next frame begins a video."""
        self._tracks: Tracks | None = None
        self._stuff: dict[int, int] = {}
        self._next_id = 0
        self._frame = -1
        self._feature_size: int | None = None
        self._like: tuple[tuple[int, int], Vocabulary, bool, bool] | None = None

    def __len__(self) -> int:
        """Tracks that are remembered."""
        return (0 if self._tracks is None else len(self._tracks)) + len(self._stuff)

    @property
    def name(self) -> str:
        """What made the tracks; goes into the header of files."""
        return type(self).__name__

    @property
    def settings(self) -> Settings:
        """Its arguments, defaults among them; goes into the header of files."""
        return arguments_of(self)

    def update(self, found: PanopticMap, frame: int | None = None) -> TrackedFrame:
        """Number the segments of a frame.

        Args:
            found: its map; segments that a track has not and that are too unsure are left out. Of one with
                metres, place and size count too (`pvsg.tracking.places`), of one with colours these.
            frame: its number; None: the one after the last. Numbers that are left out are frames
                that are missing: the tracks move on meanwhile.

        Raises:
            InputError: the number does not rise, metres or colours come only sometimes, or size, vocabulary or features
                differ from earlier frames.
        """
        frame = self._frame + 1 if frame is None else frame
        self._check(found, frame)
        features = self._features(found, frame)
        nothing = np.zeros((len(found.nodes), 0))
        rows, colours = (nothing if each is None else each.astype(np.float64) for each in (found.metres, found.colours))
        things = np.flatnonzero(found.categories < len(found.vocabulary.things))
        masks = [found.nodes[place].region.mask for place in things]
        appearance = features[things].astype(np.float64)
        seen = Seen.of(masks, found.categories[things], appearance, rows[things], colours[things], self.left_out)
        ids = self._follow(seen, found.scores[things], frame, len(found.vocabulary.categories))
        self._frame = frame
        return self._tracked(found, features, rows, things, ids)

    def _check(self, found: PanopticMap, frame: int) -> None:
        if frame <= self._frame:
            raise InputError(f"frame {frame} came after frame {self._frame}; frames must come in order")
        like = (found.size, found.vocabulary, found.metres is not None, found.colours is not None)
        if self._like is not None and like[0] != self._like[0]:
            raise InputError(f"frame {frame} is {like[0]} pixels, the video {self._like[0]}; all frames need one size")
        if self._like is not None and like[1].categories != self._like[1].categories:
            raise InputError(f"frame {frame} has other categories than the frames before it")
        for place, what in ((2, "metres"), (3, "colours")):
            if self._like is not None and like[place] != self._like[place]:
                comes = "with" if like[place] else "without"
                raise InputError(f"frame {frame} comes {comes} {what}, the frames before do not")
        self._like = like

    def _features(self, found: PanopticMap, frame: int) -> Float32[np.ndarray, "n d"]:
        """One row a segment; no columns where the segmenter has none."""
        if not len(found.nodes):  # a frame without segments need not say how many features they would have
            return np.zeros((0, self._feature_size or 0), dtype=np.float32)
        features = np.zeros((len(found.nodes), 0), dtype=np.float32) if found.features is None else found.features
        if self._feature_size not in (None, features.shape[1]):
            raise InputError(
                f"frame {frame} has {features.shape[1]} features a segment, earlier frames {self._feature_size}"
            )
        self._feature_size = features.shape[1]
        return features

    def _follow(
        self, seen: Seen, scores: Float64[np.ndarray, " m"], frame: int, num_categories: int
    ) -> Int64[np.ndarray, " m"]:
        """The track of every thing, -1 where it is too unsure to begin one."""
        ids = np.full(len(seen.masks), -1, dtype=np.int64)
        tracks = self._tracks
        if tracks is not None:
            tracks = tracks.rows(frame - tracks.last_seen <= self.patience + 1).expected(frame - self._frame)
            track, segment = self._assigned(tracks, seen)
            ids[segment] = tracks.ids[track]
            lost = tracks.rows(np.setdiff1d(np.arange(len(tracks)), track))
            tracks = lost.joined(tracks.rows(track).continued(frame, seen.rows(segment), self.memory))
        born = np.flatnonzero((ids < 0) & (scores >= self.birth_score))
        if len(born):
            beginning = Tracks.new(self._next_id, frame, seen.rows(born), num_categories)
            tracks = beginning if tracks is None else tracks.joined(beginning)
            ids[born] = beginning.ids
            self._next_id += len(born)
        if tracks is not None and len(tracks) > self.most:
            tracks = tracks.rows(np.sort(np.argsort(-tracks.last_seen, kind="stable")[: self.most]))
        self._tracks = tracks
        return ids

    def _assigned(self, tracks: Tracks, seen: Seen) -> tuple[Int64[np.ndarray, " k"], Int64[np.ndarray, " k"]]:
        """Rows of tracks and segments that belong together."""
        if not (len(tracks) and len(seen.masks)):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        measured, painted = seen.metres.shape[1] > 0, seen.colours.shape[1] > 0
        centres = (tracks.seen.boxes[:, :2] + tracks.seen.boxes[:, 2:]) / 2
        affinity, within_reach = self.affinity(
            expected_overlap(tracks.seen.masks, centres, tracks.motion, seen.masks),
            tracks.motion.distance(seen.boxes),
            cosine(tracks.seen.features, seen.features) if seen.features.shape[1] else None,
            class_agreement(tracks.votes, seen.categories),
            tracks.places.distance(seen.metres) if measured else None,
            likeness(tracks.seen.metres, seen.metres) if measured else None,
            cosine(tracks.seen.colours, seen.colours) if painted else None,
        )
        affinity = affinity - self.lost_penalty * (tracks.last_seen < self._frame)[:, None]
        # Pairs that would be refused get nothing, so that they do not push good pairs aside.
        possible = within_reach & (affinity >= self.least_affinity)
        track, segment = linear_sum_assignment(np.where(possible, affinity, 0), maximize=True)
        taken = possible[track, segment]
        return track[taken], segment[taken]

    def _tracked(
        self,
        found: PanopticMap,
        features: Float32[np.ndarray, "n d"],
        metres: Float64[np.ndarray, "n k"],
        things: Int64[np.ndarray, " m"],
        ids: Int64[np.ndarray, " m"],
    ) -> TrackedFrame:
        """The frame: things that have a track, then stuff, one segment a class."""
        stuff = _Stuff.of(found, features, metres)
        for category in stuff.categories.tolist():
            if category not in self._stuff:
                self._stuff[category] = self._next_id
                self._next_id += 1
        things, ids = things[ids >= 0], ids[ids >= 0]
        stuff_ids = np.array([self._stuff[category] for category in stuff.categories.tolist()], dtype=np.int64)
        return TrackedFrame(
            self._frame,
            np.concatenate([ids, stuff_ids]),
            np.concatenate([found.categories[things], stuff.categories]),
            np.concatenate([found.scores[things], stuff.scores]).astype(np.float32),
            (*(found.nodes[place].region.mask for place in things), *stuff.masks),
            np.concatenate([features[things], stuff.features]).astype(np.float32),
            np.concatenate([metres[things], stuff.metres]).astype(np.float32) if metres.shape[1] else None,
        )


class _Stuff(NamedTuple):
    """The stuff of a frame, one segment a class."""

    categories: Int64[np.ndarray, " s"]
    scores: Float64[np.ndarray, " s"]
    masks: list[Mask]
    features: Float64[np.ndarray, "s d"]
    metres: Float64[np.ndarray, "s k"]

    @classmethod
    def of(
        cls, found: PanopticMap, features: Float32[np.ndarray, "n d"], metres: Float64[np.ndarray, "n k"]
    ) -> "_Stuff":
        """Segments of one class are joined; their features count by their pixels."""
        stuff = np.flatnonzero(found.categories >= len(found.vocabulary.things))
        masks = found.masks
        categories, group = np.unique(found.categories[stuff], return_inverse=True)
        owner = np.arange(len(categories))[:, None] == group[None]
        areas = np.array([masks[place].area for place in stuff], dtype=np.float64) * owner
        return cls(
            categories,
            (found.scores[stuff] * owner).max(axis=1, initial=0),
            [union([masks[place] for place in stuff[part]], *found.size) for part in owner],
            areas / areas.sum(axis=1, keepdims=True) @ features[stuff],
            np.array([around(metres[stuff[part]]) for part in owner]).reshape(len(categories), metres.shape[1]),
        )
