"""What was seen in one frame of a video, and what is known of the whole video."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float32, Int64

from scenegraph import InputError, Mask, Source, Vocabulary

FORMAT = "tracks/1"

METRES = 12
"""Numbers of where a segment is in metres, along three axes each: position, extent, uncertainty of the position,
and position as the camera of the frame sees it (x right, y down, z forward). The first three are of the world where
the camera has poses, of the camera otherwise. NaN where no depth was measured."""


@dataclass(frozen=True, eq=False)
class TrackedFrame:
    """What was seen in one frame: k segments, each with the number of its track.

    Attributes:
        frame: number of the frame, from 0.
        tracks: ids of the tracks, 0 or more, distinct.
        categories: category ids.
        scores: probabilities.
        masks: of one size; what they share is not checked here.
        features: what the segmenter's query knew; no columns where it has none.
        metres: with depth, where every segment is; see `METRES`.

    Raises:
        InputError: lengths differ, an id repeats or is negative, or the masks have several sizes.
    """

    frame: int
    tracks: Int64[np.ndarray, " k"]
    categories: Int64[np.ndarray, " k"]
    scores: Float32[np.ndarray, " k"]
    masks: tuple[Mask, ...]
    features: Float32[np.ndarray, "k d"]
    metres: Float32[np.ndarray, "k 12"] | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "masks", tuple(self.masks))
        columns = (self.tracks, self.categories, self.scores, self.masks, self.features, self.metres)
        if len({len(each) for each in columns if each is not None}) > 1:
            raise InputError(
                f"frame {self.frame}: tracks, categories, scores, masks, features and metres differ in number"
            )
        if self.frame < 0 or (self.tracks < 0).any():
            raise InputError(f"frame {self.frame} and its tracks must be counted from 0")
        if len(np.unique(self.tracks)) < len(self.tracks):
            raise InputError(f"frame {self.frame}: a track has several segments; expected one")
        if len(sizes := {mask.size for mask in self.masks}) > 1:
            raise InputError(f"frame {self.frame}: masks of different sizes {sorted(sizes)}")

    @classmethod
    def empty(cls, frame: int, feature_size: int = 0, metres: bool = False) -> "TrackedFrame":
        """A frame in which nothing was seen."""
        none = np.zeros(0, dtype=np.int64)
        nothing = np.zeros((0, feature_size), dtype=np.float32)
        places = np.zeros((0, METRES), dtype=np.float32) if metres else None
        return cls(frame, none, none, np.zeros(0, dtype=np.float32), (), nothing, places)

    def __len__(self) -> int:
        return len(self.tracks)

    @property
    def boxes(self) -> Float32[np.ndarray, "k 4"]:
        """Tight boxes of the masks, xyxy in pixels."""
        return np.array([mask.box for mask in self.masks], dtype=np.float32).reshape(-1, 4)


@dataclass(frozen=True)
class TracksHeader:
    """What a file says of the whole video.

    Attributes:
        name: of the video.
        height: of the frames, pixels.
        width: of the frames, pixels.
        vocabulary: the names that category ids index.
        fps: frames a second; None where it is not known.
        num_frames: frames of the video; None while it is not known.
        feature_size: columns of `TrackedFrame.features`.
        made_by: what made the tracks: segmenter, tracker, checkpoint.
        settings: that it had, by dotted name, among them a digest of the segmenter's weights; none in files of
            earlier versions.
        metres: whether frames have `TrackedFrame.metres`.

    Raises:
        InputError: a number is out of range.
    """

    name: str
    height: int
    width: int
    vocabulary: Vocabulary
    fps: float | None = None
    num_frames: int | None = None
    feature_size: int = 0
    made_by: str = ""
    metres: bool = False
    settings: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        Source("video", self.name, self.height, self.width, fps=self.fps)  # checks size and rate
        if self.feature_size < 0 or (self.num_frames or 0) < 0:
            raise InputError(f"{self.name}: {self.feature_size} features and {self.num_frames} frames are not possible")

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    def as_json(self) -> dict[str, Any]:
        """JSON values; `of_json` is the way back."""
        fields = ("name", "height", "width", "fps", "num_frames", "feature_size", "made_by")
        described = {name: getattr(self, name) for name in fields} | ({"metres": True} if self.metres else {})
        described |= {"settings": dict(self.settings)} if self.settings else {}
        return {"format": FORMAT, **described, "vocabulary": self.vocabulary.names}

    @classmethod
    def of_json(cls, value: Mapping[str, Any]) -> "TracksHeader":
        """From JSON values.

        Raises:
            InputError: the format is another one, or a field is missing or wrong.
        """
        if not isinstance(value, dict) or value.get("format") != FORMAT:
            came = value.get("format") if isinstance(value, dict) else None
            raise InputError(f"tracks of format {came!r}; this version reads {FORMAT!r}")
        expected = {
            "name": str,
            "height": int,
            "width": int,
            "num_frames": int,
            "feature_size": int,
            "made_by": str,
        }
        for name, kind in expected.items():
            if not isinstance(value.get(name), kind) or isinstance(value[name], bool):
                raise InputError(f"the header's {name} is {value.get(name)!r}; expected {kind.__name__}")
        names, fps = value.get("vocabulary"), value.get("fps")
        if not isinstance(names, dict) or not all(isinstance(each, list) for each in names.values()):
            raise InputError("the header's vocabulary must be lists of names: things, stuff and predicates")
        if fps is not None and not isinstance(fps, (int, float)):
            raise InputError(f"the header's fps is {fps!r}; expected a number or null")
        words = Vocabulary(*(tuple(names.get(kind, ())) for kind in ("things", "stuff", "predicates")))
        settings = value.get("settings", {})
        if not isinstance(settings, dict):
            raise InputError(f"the header's settings are {settings!r}; expected values by name")
        metres = value.get("metres") is True  # files of videos without depth do not say it
        known = {name: value[name] for name in expected}
        return cls(**known, fps=fps, vocabulary=words, metres=metres, settings=settings)
