"""Tubes of whole videos from a trained video segmenter, clip by clip."""

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import UInt8
from tqdm import tqdm

from psg.loading import TrainedModel
from pvsg.track_files import TrackWriter, is_made
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

    def frames(self, pictures: Iterable[ImageSource]) -> Iterator[TrackedFrame]:
        """The tracked frames of a video, each as soon as its clip is complete; one clip is held at a time.

        Raises:
            InputError: a picture cannot be read or has another size than the first.
        """
        linker = ClipLinker(**self.linker_options)
        clip: list[UInt8[np.ndarray, "height width 3"]] = []
        first, new, size = 0, 0, None
        for source in pictures:
            picture = read_image(source)
            size = size or picture.shape[:2]
            if picture.shape[:2] != size:
                raise InputError(f"frame {first + len(clip)} is {picture.shape[:2]} pixels, the video {size}")
            clip.append(picture)
            new += 1
            if len(clip) == self.length:
                yield from linker.update(self._segments(clip, first), len(self.vocabulary.categories))
                first += self.length - self.shared
                clip, new = clip[self.length - self.shared :], 0
        if new:
            yield from linker.update(self._segments(clip, first), len(self.vocabulary.categories))

    def track(
        self,
        pictures: Iterable[ImageSource],
        path: str | Path,
        name: str | None = None,
        fps: float | None = None,
        progress: bool = True,
    ) -> Path:
        """The tracks of a video as a file of `pvsg.tracks`; nothing is done if it is there already.

        Raises:
            InputError: there is no frame, one cannot be read, or the file was made of something else.
        """
        path = Path(path)
        name = path.name.partition(".")[0] if name is None else name
        if is_made(path, name, self.name):
            return path
        remaining = iter(pictures)
        with located(name):
            first = next(remaining, None)
            if first is None:
                raise InputError("the video has no frames")
            first = read_image(first)
            header = TracksHeader(
                name, *first.shape[:2], self.vocabulary, fps, feature_size=self.feature_size, made_by=self.name
            )
            with TrackWriter(path, header) as writer, tqdm(desc=name, unit=" frames", disable=not progress) as bar:
                for frame in self.frames(chain([first], remaining)):
                    writer.write(frame)
                    bar.update()
        return path

    @torch.inference_mode()
    def _segments(self, clip: list[UInt8[np.ndarray, "height width 3"]], first: int) -> ClipSegments:
        (sample,) = self.trained.samples([{**tall(clip), "img_path": ""}])
        return ClipSegments.of_map(sample.pred_map, first, len(clip), clip[0].shape[0])
