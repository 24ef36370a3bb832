"""The tracks of a video, or of a stretch of it, as what relation models compute with."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Bool, Float, Float32, Int64
from torch import Tensor

from psg.layout import measure_masks
from pvsg.tracked_frames import METRES
from pvsg.tracks import TrackedFrame, TrackedVideo
from scenegraph import Mask
from scenegraph.masks import paint

CONTACTS = 4
"""Numbers of a contact: the share of the outline, foot and head of i that touches j, and how far i is above."""


_ACROSS = 9
"""The number of `METRES` that is to the right of the camera."""


class Places(NamedTuple):
    """Where k segments of one frame are, and who touches whom: ordered pairs whose outlines meet."""

    centres: Float32[np.ndarray, "k 3"]
    first: Int64[np.ndarray, " c"]
    second: Int64[np.ndarray, " c"]
    values: Float32[np.ndarray, "c 4"]


class Clip(NamedTuple):
    """n tracks in t frames; `contact_*` are rows of all touching pairs of all frames.

    Boxes are in shares of the picture's width and height, and so are centres: the mean x and y of the mask's
    pixels and the square root of its area. They tremble less than the edges of boxes, which a single pixel
    moves. Rows of absent tracks are zeros. `metres` are rows of `pvsg.tracked_frames.METRES` numbers, NaN where
    they are not known; of none for videos without depth.
    """

    features: Float[Tensor, "n t d"]
    categories: Int64[Tensor, " n"]
    present: Bool[Tensor, "n t"]
    boxes: Float[Tensor, "n t 4"]
    centres: Float[Tensor, "n t 3"]
    metres: Float[Tensor, "n t m"]
    contact_places: Int64[Tensor, "c 3"]
    """Frame, first and second track by position."""
    contacts: Float[Tensor, "c 4"]

    @property
    def num_tracks(self) -> int:
        """Tracks, n."""
        return self.present.shape[0]

    @property
    def num_frames(self) -> int:
        """Frames, t."""
        return self.present.shape[1]

    def stretch(self, start: int, stop: int) -> "Clip":
        """Frames `start` to `stop` (exclusive), counted anew; all tracks stay."""
        inside = (self.contact_places[:, 0] >= start) & (self.contact_places[:, 0] < stop)
        places = self.contact_places[inside]
        return Clip(
            self.features[:, start:stop],
            self.categories,
            self.present[:, start:stop],
            self.boxes[:, start:stop],
            self.centres[:, start:stop],
            self.metres[:, start:stop],
            torch.cat((places[:, :1] - start, places[:, 1:]), 1),
            self.contacts[inside],
        )

    def of_tracks(self, kept: Int64[Tensor, " m"]) -> tuple["Clip", Int64[Tensor, " n"]]:
        """Some of the tracks, and the new position of every old one (-1: left out)."""
        place = torch.full((self.num_tracks,), -1, device=kept.device)
        place[kept] = torch.arange(len(kept), device=kept.device)
        first, second = place[self.contact_places[:, 1]], place[self.contact_places[:, 2]]
        inside = (first >= 0) & (second >= 0)
        places = torch.stack((self.contact_places[:, 0], first, second), 1)[inside]
        tracks = (each[kept] for each in self[: Clip._fields.index("contact_places")])
        return Clip(*tracks, places, self.contacts[inside]), place

    def mirrored(self) -> "Clip":
        """Left and right exchanged, in boxes and in what the camera sees; features and places in the world stay."""
        left, top, right, bottom = self.boxes.unbind(-1)
        boxes = torch.stack((1 - right, top, 1 - left, bottom), -1)
        across, down, extent = self.centres.unbind(-1)
        centres = torch.stack((1 - across, down, extent), -1)
        seen = self.present[..., None]
        metres = self.metres.clone()
        metres[..., _ACROSS : _ACROSS + 1].neg_()
        return self._replace(
            boxes=torch.where(seen, boxes, 0.0), centres=torch.where(seen, centres, 0.0), metres=metres
        )

    def pairs(self) -> Int64[Tensor, "p 2"]:
        """All ordered pairs of different tracks that are seen together in some frame."""
        seen = self.present.float()
        together = (seen @ seen.T > 0) & ~torch.eye(self.num_tracks, dtype=torch.bool, device=seen.device)
        return together.nonzero()


def places_of(masks: Sequence[Mask], size: tuple[int, int]) -> Places:
    """Where the segments of one frame of (height, width) are; positions are those of the masks."""
    found = measure_masks(masks, size)
    first, second = np.nonzero(found.contacts)
    values = [getattr(found, name)[first, second] for name in ("share", "foot", "head", "above")]
    return Places(_centres(masks, size), first, second, np.stack(values, axis=1).astype(np.float32))


def _centres(masks: Sequence[Mask], size: tuple[int, int]) -> Float32[np.ndarray, "k 3"]:
    height, width = size
    ids = paint(masks, height, width)
    rows, columns = np.nonzero(ids >= 0)
    owner = ids[rows, columns]
    pixels = np.bincount(owner, minlength=len(masks))
    sums = [np.bincount(owner, weights=each + 0.5, minlength=len(masks)) for each in (columns, rows)]
    means = [each / np.maximum(pixels, 1) / side for each, side in zip(sums, (width, height), strict=True)]
    return np.stack([*means, np.sqrt(pixels / (height * width))], axis=1).astype(np.float32)


def clip_of_video(video: TrackedVideo) -> Clip:
    """A whole video."""
    places, values = [], []
    centres = np.zeros((*video.present.shape, 3), dtype=np.float32)
    for frame in range(video.num_frames):
        tracks = np.flatnonzero(video.present[:, frame])
        masks = [video.tubes[track].segment(frame).mask for track in tracks]
        found = places_of(masks, video.size)
        centres[tracks, frame] = found.centres
        places.append(np.stack([np.full(len(found.first), frame), tracks[found.first], tracks[found.second]], axis=1))
        values.append(found.values)
    metres = np.zeros((*video.present.shape, 0), dtype=np.float32) if video.metres is None else video.metres
    arrays = (video.features, video.categories, video.present, video.boxes, centres, metres)
    return _clip(*arrays, video.size, places, values)


def clip_of_frames(
    frames: Sequence[TrackedFrame],
    found: Sequence[Places],
    start: int,
    stop: int,
    size: tuple[int, int],
    categories: dict[int, int],
) -> tuple[Clip, Int64[np.ndarray, " n"]]:
    """Frames `start` to `stop` of a stream, of which `frames` holds some; others are without tracks.

    Args:
        frames: in order, within the stretch.
        found: the places of each of them.
        start: the first frame of the stretch; may be negative, before the stream.
        stop: behind its last frame.
        size: (height, width) of the frames.
        categories: by track id.

    Returns:
        The clip, and the track id of each of its rows.
    """
    ids = np.unique(np.concatenate([np.zeros(0, dtype=np.int64), *(frame.tracks for frame in frames)]))
    dims = frames[0].features.shape[1] if frames else 0
    shape = (len(ids), stop - start)
    present, boxes = np.zeros(shape, dtype=bool), np.zeros((*shape, 4), dtype=np.float32)
    features, centres = np.zeros((*shape, dims), dtype=np.float32), np.zeros((*shape, 3), dtype=np.float32)
    measured = METRES if frames and frames[0].metres is not None else 0
    metres = np.full((*shape, measured), np.nan, dtype=np.float32)
    places, values = [], []
    for frame, touching in zip(frames, found, strict=True):
        at, rows = frame.frame - start, np.searchsorted(ids, frame.tracks)
        present[rows, at] = True
        boxes[rows, at], features[rows, at], centres[rows, at] = frame.boxes, frame.features, touching.centres
        if measured:
            metres[rows, at] = frame.metres
        places.append(np.stack([np.full(len(touching.first), at), rows[touching.first], rows[touching.second]], axis=1))
        values.append(touching.values)
    labels = np.array([categories[track] for track in ids.tolist()], dtype=np.int64)
    return _clip(features, labels, present, boxes, centres, metres, size, places, values), ids


def _clip(
    features: Float32[np.ndarray, "n t d"],
    categories: Int64[np.ndarray, " n"],
    present: Bool[np.ndarray, "n t"],
    boxes: Float32[np.ndarray, "n t 4"],
    centres: Float32[np.ndarray, "n t 3"],
    metres: Float32[np.ndarray, "n t m"],
    size: tuple[int, int],
    places: list[np.ndarray],
    values: list[np.ndarray],
) -> Clip:
    height, width = size
    scale = np.array([width, height, width, height], dtype=np.float32)
    return Clip(
        torch.from_numpy(features),
        torch.from_numpy(categories),
        torch.from_numpy(present),
        torch.from_numpy(boxes / scale),
        torch.from_numpy(centres),
        torch.from_numpy(metres),
        torch.from_numpy(np.concatenate([np.zeros((0, 3), dtype=np.int64), *places])),
        torch.from_numpy(np.concatenate([np.zeros((0, CONTACTS), dtype=np.float32), *values])),
    )
