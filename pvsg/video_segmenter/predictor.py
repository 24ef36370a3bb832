"""Tubes of whole videos from a trained video segmenter, clip by clip."""

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from tqdm import tqdm

from psg.loading import TrainedModel
from psg.provenance import Settings, arguments_of, flat, weights_digest
from pvsg.track_files import TrackWriter
from pvsg.track_origin import is_made
from pvsg.tracked_frames import TrackedFrame, TracksHeader
from pvsg.video_segmenter.clips import tall
from pvsg.video_segmenter.linking import ClipLinker, ClipSegments
from pvsg.video_segmenter.model import VideoSegmenter
from scenegraph import InputError, Vocabulary
from scenegraph.checked_json import located
from scenegraph.images import ImageSource, read_image


class VideoSegmenterPredictor:
    """A trained `VideoSegmenter`, ready for videos of any length.

    >>> predictor = VideoSegmenterPredictor("work_dirs/pvsg_video_segmenter")  # doctest: +SKIP
    >>> predictor.track(pictures, "clip.tracks.parquet")  # doctest: +SKIP

    Args:
        checkpoint: a file that tools/train.py wrote, or its work folder.
        length: frames of a clip: those of training work best.
        shared: frames that a clip shares with the one before, by which they are linked.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        linker: arguments of `ClipLinker`.

    Raises:
        InputError: the checkpoint is of another model, or a number is out of range.
    """

    def __init__(
        self,
        checkpoint: str | Path,
        length: int = 3,
        shared: int = 1,
        device: Any = None,
        linker: dict[str, Any] | None = None,
    ) -> None:
        if not 0 <= shared < length:
            raise InputError(f"clips of {length} frames cannot share {shared}; expected 0 to {length - 1}")
        self.trained = TrainedModel(None, checkpoint, device)
        if not isinstance(self.trained.model, VideoSegmenter):
            raise InputError(f"{checkpoint}: a {type(self.trained.model).__name__}; expected a VideoSegmenter")
        self.length, self.shared, self.linker_options = length, shared, dict(linker or {})

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that categories index."""
        return self.trained.model.vocabulary

    @property
    def feature_size(self) -> int:
        """Numbers that say what a query knew."""
        return self.trained.model.object_decoder.classify.in_features

    @property
    def name(self) -> str:
        """What made the tracks."""
        return f"VideoSegmenter {self.trained.path.name}, clips of {self.length} that share {self.shared}"

    @cached_property
    def settings(self) -> Settings:
        """A digest of the weights, and how clips are linked."""
        linker = arguments_of(ClipLinker(**self.linker_options))
        return flat({"segmenter": {"weights": weights_digest(self.trained.model)}, "linker": linker})

    def frames(self, pictures: Iterable[ImageSource | None]) -> Iterator[TrackedFrame]:
        """The tracked frames of a video, each as soon as its clip is complete; one clip is held at a time.

        Args:
            pictures: in order; None for a missing frame, in which nothing is seen (its neighbour stands in
                for it in the clip).

        Raises:
            InputError: a picture cannot be read or has another size than the first.
        """
        linker = ClipLinker(**self.linker_options)
        clip: list[UInt8[np.ndarray, "height width 3"]] = []
        first, new, early = 0, 0, 0
        missing: set[int] = set()
        for source in pictures:
            if source is None:
                missing.add(first + len(clip) + early)
            if source is None and not clip:
                early += 1  # nothing is known of the pictures yet
                continue
            picture = clip[-1] if source is None else read_image(source)
            if clip and picture.shape != clip[-1].shape:
                raise InputError(
                    f"frame {first + len(clip)} is {picture.shape[:2]} pixels, the video {clip[-1].shape[:2]}"
                )
            for each in [picture] * (1 + early):
                clip.append(each)
                new += 1
                if len(clip) == self.length:
                    yield from self._linked(linker, clip, first, missing)
                    first += self.length - self.shared
                    clip, new = clip[self.length - self.shared :], 0
            early = 0
        if new:
            yield from self._linked(linker, clip, first, missing)

    def _linked(
        self, linker: ClipLinker, clip: list[UInt8[np.ndarray, "height width 3"]], first: int, missing: set[int]
    ) -> Iterator[TrackedFrame]:
        """The new frames of a clip."""
        for frame in linker.update(self._segments(clip, first), len(self.vocabulary.categories)):
            yield TrackedFrame.empty(frame.frame, self.feature_size) if frame.frame in missing else frame
            missing.discard(frame.frame)

    def track(
        self,
        pictures: Iterable[ImageSource | None],
        path: str | Path,
        name: str | None = None,
        fps: float | None = None,
        num_frames: int | None = None,
        progress: bool = True,
    ) -> Path:
        """The tracks of a video as a file of `pvsg.tracks`; as `pvsg.tracking.track_video`.

        Raises:
            InputError: there is no frame, one cannot be read, or the file was made of something else.
        """
        path = Path(path)
        name = path.name.partition(".")[0] if name is None else name
        if is_made(path, name, self.name, self.settings):
            return path
        early, remaining = [], iter(pictures)
        with located(name):
            for source in remaining:
                early.append(source)
                if source is not None:
                    break
            else:
                raise InputError("the video has no frames that could be read")
            size = read_image(early[-1]).shape[:2]
            made = (self.feature_size, self.name, False, self.settings)
            header = TracksHeader(name, *size, self.vocabulary, fps, num_frames, *made)
            with TrackWriter(path, header) as writer, tqdm(desc=name, total=num_frames, disable=not progress) as bar:
                for frame in self.frames(chain(early, remaining)):
                    writer.write(frame)
                    bar.update()
        return path

    @torch.inference_mode()
    def _segments(self, clip: list[UInt8[np.ndarray, "height width 3"]], first: int) -> ClipSegments:
        (sample,) = self.trained.samples([{**tall(clip), "img_path": ""}])
        return ClipSegments.of_map(sample.pred_map, first, len(clip), clip[0].shape[0])
