"""Whole videos through segmenter and tracker, into files."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any, Protocol, runtime_checkable

from tqdm import tqdm

from psg.provenance import Settings, flat
from psg.segmenters import PanopticMap, Segmenter
from pvsg.track_files import SUFFIX, TrackWriter
from pvsg.track_origin import is_made
from pvsg.tracked_frames import TracksHeader
from pvsg.tracking.tracker import Tracker
from scenegraph import InputError, Vocabulary
from scenegraph.checked_json import located
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.images import ImageSource
from scenegraph.storage import made_folder


def track_video(
    frames: Iterable[ImageSource | None],
    segmenter: Segmenter,
    tracker: Tracker,
    path: str | Path,
    name: str | None = None,
    fps: float | None = None,
    num_frames: int | None = None,
    batch_size: int = 4,
    progress: bool = True,
) -> Path:
    """The tracks of a video as a file of `pvsg.tracks`; nothing is done if it is there already.

    Args:
        frames: the pictures in order (paths, arrays uint8 [height, width, 3] RGB ...); None for a frame
            that is missing: the file says that nothing was seen in it. Some are held at a time.
        segmenter: finds the segments.
        tracker: follows them; it is reset first.
        path: the file, NAME.tracks.parquet.
        name: of the video; by default that of the file.
        fps: frames a second, where known.
        num_frames: of the video, where known; frames that do not come any more count as missing.
        batch_size: frames that the segmenter looks at together.
        progress: show a bar.

    Raises:
        InputError: there is no frame, one cannot be read or has another size than the first, or the
            file is there but was made of something else or with other settings. No file is left.
    """
    path = Path(path)
    name = path.name.partition(".")[0] if name is None else name
    maker = SegmenterAndTracker(segmenter, tracker)
    if is_made(path, name, maker.name, maker.settings):
        return path
    tracker.reset()
    maps = _segmented(frames, segmenter, batch_size)
    with located(name):
        missing, first = _first(maps)
        size = 0 if first.features is None else first.features.shape[1]
        made = (maker.name, first.metres is not None, maker.settings)
        header = TracksHeader(name, *first.size, first.vocabulary, fps, num_frames, size, *made)
        with TrackWriter(path, header) as writer, tqdm(total=num_frames, desc=name, disable=not progress) as bar:
            bar.update(missing)
            number = missing
            for number, found in enumerate(chain([first], maps), start=missing):
                if found is not None:
                    writer.write(tracker.update(found, number))
                bar.update()
            writer.end(number + 1)
    return path


@runtime_checkable
class TrackMaker(Protocol):
    """What turns the pictures of a video into a file of tracks."""

    name: str
    settings: Settings
    vocabulary: Vocabulary

    def track(
        self,
        pictures: Iterable[ImageSource | None],
        path: str | Path,
        name: str | None = None,
        fps: float | None = None,
        num_frames: int | None = None,
        progress: bool = True,
    ) -> Path:
        """As `track_video`."""


@dataclass(frozen=True, eq=False)
class SegmenterAndTracker:
    """The first way to tracks: an image segmenter and a tracker; the other is `pvsg.video_segmenter.predictor`."""

    segmenter: Segmenter
    tracker: Tracker

    @property
    def name(self) -> str:
        """What makes the tracks."""
        return f"{self.segmenter.name}, {self.tracker.name}"

    @property
    def settings(self) -> Settings:
        """Those of both."""
        return flat({"segmenter": self.segmenter.settings, "tracker": self.tracker.settings})

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that categories index."""
        return self.segmenter.vocabulary

    def track(self, pictures: Iterable[ImageSource | None], path: str | Path, *arguments: Any, **options: Any) -> Path:
        """As `track_video`."""
        return track_video(pictures, self.segmenter, self.tracker, path, *arguments, **options)


def make_tracks(
    file: PVSGFile, indices: Sequence[int], maker: TrackMaker, folder: str | Path, progress: bool = True
) -> list[Path]:
    """The tracks of videos of a data set, one file VIDEO_ID.tracks.parquet each; those that are there stay.

    Args:
        file: the data set; frames without a picture count as missing.
        indices: records of the videos.
        maker: a `SegmenterAndTracker` or a `VideoSegmenterPredictor`, under the vocabulary of the file.
        folder: made if needed.
        progress: show a bar of the videos.

    Raises:
        InputError: the maker has other categories, or as `track_video`; finished videos stay.
    """
    if maker.vocabulary.categories != file.vocabulary.categories:
        raise InputError(f"{maker.name}: its categories are not those of {file.path}")
    made_folder(folder)
    paths = []
    for index in tqdm(indices, "tracking", unit=" videos", disable=not progress):
        source, name = file.graph(index, masks=False).source, file.videos[index].video_id
        numbered = {int(path.stem): path for path in file.frame_paths(index)}
        pictures = (numbered.get(frame) for frame in range(source.num_frames))
        path = Path(folder) / f"{name}{SUFFIX}"
        paths.append(maker.track(pictures, path, name, source.fps, num_frames=source.num_frames, progress=False))
    return paths


def track_videos(
    file: PVSGFile,
    indices: Sequence[int],
    segmenter: Segmenter,
    tracker: Tracker,
    folder: str | Path,
    progress: bool = True,
) -> list[Path]:
    """`make_tracks` with an image segmenter and a tracker."""
    return make_tracks(file, indices, SegmenterAndTracker(segmenter, tracker), folder, progress)


def _segmented(
    frames: Iterable[ImageSource | None], segmenter: Segmenter, batch_size: int
) -> Iterator[PanopticMap | None]:
    remaining = iter(frames)
    while batch := list(islice(remaining, batch_size)):
        found = iter(segmenter.segment_many([frame for frame in batch if frame is not None], colours=True))
        yield from (None if frame is None else next(found) for frame in batch)


def _first(maps: Iterator[PanopticMap | None]) -> tuple[int, PanopticMap]:
    """Missing frames before the first that is there, and its map."""
    for number, found in enumerate(maps):
        if found is not None:
            return number, found
    raise InputError("the video has no frames that could be read")
