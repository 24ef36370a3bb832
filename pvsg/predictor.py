"""From a video to its scene graph, at once or while it runs."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any

import numpy as np
from jaxtyping import UInt8
from tqdm import tqdm

from psg.checkpoints import checkpoint_file
from psg.live import frames as camera_frames
from psg.loading import TrainedModel
from psg.predictor import SegmenterSource
from psg.provenance import weights_digest
from psg.segmenters import Segmenter, segmenter_of
from pvsg.relations.model import VideoRelationModel
from pvsg.relations.stream import RelationStream
from pvsg.track_origin import check_weights
from pvsg.tracking import SegmenterAndTracker, Tracker
from pvsg.tracks import SUFFIX, TrackedFrame, TrackedVideo, TracksHeader, TrackWriter, read_frames
from scenegraph import InputError, Node, Region, Relation, SceneGraph, Segment, Source, Tube, Vocabulary
from scenegraph.images import ImageSource, pictures_in, read_image
from scenegraph.video_files import early_end, promised_frames, read_video, video_info

Picture = UInt8[np.ndarray, "height width 3"]

STRIDE = 4
"""Frames whose relations are found at a time: a quarter of the work of one at a time, and 0.6 s later at 5 a second."""

AGAIN = 32
"""Frames at a time where no one waits for answers."""

RATE = 5.0
"""Frames a second at which videos are looked at unless something else is said: the rate of PVSG."""


class VideoPredictor:
    """Segmenter, tracker and relation model in a row.

    >>> from pvsg.predictor import VideoPredictor
    >>> predictor = VideoPredictor("work_dirs/pvsg")  # doctest: +SKIP
    >>> graph = predictor.predict("clip.mp4")  # doctest: +SKIP
    >>> with predictor.stream(fps=5.0) as stream:  # doctest: +SKIP
    ...     for picture in camera:
    ...         now = stream.update(picture)

    Args:
        checkpoint: of the relation model: a file that tools/train.py wrote, or its work folder.
        segmenter: what finds the segments: a segmenter, a text for `psg.segmenters.segmenter_of`, or a
            function that makes one, given the vocabulary. None takes the one that made the training tracks.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        tracker: arguments of `Tracker`; those of the training tracks by default.

    Raises:
        InputError: a file is missing or does not fit, or the segmenter has other categories; or none was given and
            the one of the training tracks has other weights since.
    """

    def __init__(
        self,
        checkpoint: str | Path,
        segmenter: SegmenterSource | None = None,
        device: Any = None,
        tracker: dict[str, Any] | None = None,
    ) -> None:
        trained = TrainedModel(None, checkpoint, device)
        self.model, self.checkpoint = trained.model, trained.path
        if not isinstance(self.model, VideoRelationModel):
            raise InputError(f"{checkpoint}: a {type(self.model).__name__}, which is no relation model of videos")
        self.model.eval()
        stage_one = trained.description.get("stage_one") or {}
        self.tracker_options = dict(stage_one.get("tracker") or {}) if tracker is None else tracker
        try:  # what is not possible is refused before the video begins
            Tracker(**self.tracker_options)
        except TypeError as error:
            raise InputError(f"{checkpoint}: its tracker cannot be made by this version ({error})") from None
        source = segmenter_of_training(stage_one, checkpoint) if segmenter is None else segmenter
        if isinstance(source, str):
            source = partial(segmenter_of, source, device=device)
        self.segmenter = source if isinstance(source, Segmenter) else source(self.vocabulary)
        if segmenter is None:
            check_weights(self.segmenter.settings, stage_one, checkpoint)
        if self.segmenter.vocabulary.categories != self.vocabulary.categories:
            raise InputError(f"{self.segmenter.name}: its categories are not those of {self.checkpoint}")

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that graphs use."""
        return self.model.vocabulary

    @cached_property
    def description(self) -> dict[str, Any]:
        """What made a graph, for its metadata: names, and settings with digests of the weights."""
        made = {"model": type(self.model.head).__name__, "checkpoint": self.checkpoint.name}
        follower = SegmenterAndTracker(self.segmenter, Tracker(**self.tracker_options))
        settings = {"weights": weights_digest(self.model), **follower.settings}
        return made | {"segmenter": self.segmenter.name, "settings": settings}

    def stream(
        self, name: str = "", fps: float | None = None, stride: int = STRIDE, tracks: str | Path | None = None
    ) -> "VideoStream":
        """A video whose frames are to come one by one.

        Args:
            name: of the video, for its graph.
            fps: frames a second, if they are known.
            stride: see `RelationStream`.
            tracks: a file for its tracks (NAME.tracks.parquet); a temporary one if None.
        """
        return VideoStream(self, name, fps, stride, tracks)

    def predict(
        self,
        source: int | str | Path | Iterable[ImageSource | None],
        fps: float | None = None,
        name: str | None = None,
        progress: bool = True,
    ) -> SceneGraph:
        """The graph of a whole video; of one that ends early `metadata["promised_frames"]` says how many it promised.

        Args:
            source: a video file, a folder of pictures, or pictures in order (None: one is missing).
            fps: frames a second to look at in a video file (`RATE` if None, at most the file's own), or
                those of the pictures, if they are known.
            name: for the graph; the file's own by default.
            progress: show a bar (on stderr).

        Raises:
            InputError: the source cannot be read, is empty, or its pictures differ in size.
        """
        pictures, total, fps, own = opened(source, fps)
        with self.stream(own if name is None else name, fps, stride=AGAIN) as stream:
            for picture in tqdm(pictures, "frames", total, unit=" frames", disable=not progress):
                stream.track(picture)
            graph = stream.finish()
        if early_end(own, graph.source.num_frames, total) is None:
            return graph
        return replace(graph, metadata={**graph.metadata, "promised_frames": total})

    def watch(
        self, source: int | str | Path | Iterable[ImageSource | None], fps: float | None = None, stride: int = 1
    ) -> Iterator[SceneGraph]:
        """The graph of the moment after every frame, see `VideoStream.update`; use `stream` for the whole at the end.

        Args:
            source: the number of a camera, of which frames that come meanwhile are dropped; or as for `predict`.
            fps: as for `predict`; means nothing for a camera.
            stride: see `RelationStream`.

        Raises:
            InputError: there is no such camera, or as `predict`.
        """
        if isinstance(source, int):
            pictures: Iterable[ImageSource | None] = (picture for _, picture in camera_frames(str(source)))
            fps, own = None, f"camera {source}"
        else:
            pictures, _, fps, own = opened(source, fps)
        with self.stream(own, fps, stride) as stream:
            for picture in pictures:
                yield stream.update(picture)


class _Unfinished(Exception):
    """Tells the writer of tracks that they are not wanted."""


class VideoStream:
    """One video while it runs; use it in a `with` block.

    What is kept does not grow with the video but for the tracks, which go to a file, and the spans of
    relations. Relations of a frame are known `delay` frames later.

    Args:
        predictor: the models: a `VideoPredictor`; streams of other sources have theirs.
        name: of the video.
        fps: frames a second, or None.
        stride: see `RelationStream`.
        tracks: a file for the tracks; None for a temporary one.
    """

    def __init__(self, predictor: Any, name: str, fps: float | None, stride: int, tracks: str | Path | None) -> None:
        self.predictor, self.name, self.fps = predictor, name, fps
        self.num_frames = 0
        self._tracker = Tracker(**(predictor.tracker_options or {}))
        self._stride, self._path = stride, None if tracks is None else Path(tracks)
        self._relations: RelationStream | None = None
        self._writer: TrackWriter | None = None
        self._size = (0, 0)
        self._files, self._temporary = ExitStack(), ExitStack()

    @property
    def delay(self) -> int:
        """Frames by which answers are late at most."""
        return (getattr(self.predictor.model, "future", 0) or 0) + self._stride - 1

    def __enter__(self) -> "VideoStream":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the file of tracks; without `finish` it is not kept."""
        if self._writer is not None and kind is None:
            kind, error = _Unfinished, _Unfinished()
        try:
            self._files.__exit__(kind, error, trace)
        finally:
            self._temporary.close()

    def track(self, picture: Any) -> TrackedFrame:
        """Take the next frame, None for one that is missing; relations follow by themselves.

        Raises:
            InputError: the picture cannot be read, or has another size than the first.
        """
        if picture is None:
            self.num_frames += 1
            return self.nothing(self.num_frames - 1)
        image, size = self.opened(picture)
        if self._relations is None:
            self._begin(size)
        if size != self._size:
            raise InputError(
                f"frame {self.num_frames} of {self.name or 'the video'} has {size} pixels (height, width); "
                f"the frames before have {self._size}"
            )
        frame = self.followed(image)
        if not len(frame):  # a frame without segments has no features either
            frame = self.nothing(self.num_frames)
        self.num_frames += 1
        self._writer.write(frame)
        self._relations.update(frame)
        return frame

    def opened(self, picture: Any) -> tuple[Any, tuple[int, int]]:
        """A frame as the segmenter takes it, and its (height, width)."""
        image = read_image(picture)
        return image, image.shape[:2]

    def followed(self, image: Any) -> TrackedFrame:
        """What is seen in the next frame, with the numbers of its tracks."""
        (found,) = self.predictor.segmenter.segment_many([image], colours=True)
        return self._tracker.update(found, self.num_frames)

    def nothing(self, frame: int) -> TrackedFrame:
        """A frame in which nothing is seen."""
        return TrackedFrame.empty(frame, self.predictor.model.feature_size)

    def source(self) -> Source:
        """What the graph describes."""
        return Source("video", self.name, *self._size, self.num_frames, self.fps)

    def regions(self, frame: TrackedFrame) -> list[Region]:
        """Where every track of a frame is."""
        return [Tube({frame.frame: Segment(mask)}) for mask in frame.masks]

    def update(self, picture: Any) -> SceneGraph:
        """Take the next frame, None for one that is missing; returns the graph of this moment.

        Its nodes are what is seen in the frame, by track id; its relations those between them that hold in
        the newest frame that is answered, with the span since they began.

        Raises:
            InputError: as `track`.
        """
        frame = self.track(picture)
        relations = self._relations
        if relations is None:
            raise InputError(f"{self.name or 'the video'}: its first frame is missing, so its size is not known")
        nodes = tuple(
            Node(track, relations.category(track), region, score)
            for track, region, score in zip(
                frame.tracks.tolist(), self.regions(frame), frame.scores.tolist(), strict=True
            )
        )
        seen = {node.id for node in nodes}
        holding = [
            Relation(subject, predicate, object_, score, (span,))
            for subject, predicate, object_, score, span in relations.active()
            if subject in seen and object_ in seen
        ]
        best = tuple(sorted(holding, key=lambda relation: -relation.score))
        return SceneGraph(self.source(), nodes, best, self.predictor.vocabulary, {"answered": relations.answered})

    def finish(self) -> SceneGraph:
        """The graph of the whole video; nothing can follow.

        Where a track turned out to be something else than it seemed on the way, the relations are found once more, from
        the file of tracks: they are those of the whole video in any case.

        Raises:
            InputError: there was no frame.
        """
        if self._writer is None:
            raise InputError(f"{self.name or 'the video'}: has no frame that could be read")
        self._relations.finish(self.num_frames)
        self._writer.end(self.num_frames)
        path, self._writer = self._writer.path, None
        self._files.close()
        video = TrackedVideo.read(path, features=False)
        categories, certainty = (
            dict(zip(video.ids.tolist(), each.tolist(), strict=True)) for each in (video.categories, video.scores)
        )
        if not self._relations.settled(categories):
            self._relations = self.relating(self._size, AGAIN, categories)
            for frame in read_frames(path):
                self._relations.update(frame)
            self._relations.finish(self.num_frames)
        graph = video.graph(self._relations.relations(certainty), self.source())
        return replace(graph, metadata={**graph.metadata, **self.predictor.description})

    def relating(
        self, size: tuple[int, int], stride: int, categories: Mapping[int, int] | None = None
    ) -> RelationStream:
        """What finds the relations, of frames of (height, width); see `RelationStream`."""
        return RelationStream(self.predictor.model, size, stride, categories)

    def header(self, size: tuple[int, int]) -> TracksHeader:
        """Of the file of tracks."""
        maker = SegmenterAndTracker(self.predictor.segmenter, self._tracker)
        words, features = self.predictor.vocabulary, self.predictor.model.feature_size
        made = {"made_by": maker.name, "settings": maker.settings}
        return TracksHeader(self.name, *size, words, self.fps, feature_size=features, **made)

    def _begin(self, size: tuple[int, int]) -> None:
        self._size = size
        self._relations = self.relating(size, self._stride)
        path = self._path
        if path is None:
            path = Path(self._temporary.enter_context(TemporaryDirectory())) / f"stream{SUFFIX}"
        self._writer = self._files.enter_context(TrackWriter(path, self.header(size)))


def segmenter_of_training(stage_one: Mapping[str, Any], checkpoint: str | Path) -> str:
    """What made the training tracks, as text for `segmenter_of`."""
    if stage_one.get("segmenter"):
        return stage_one["segmenter"]
    if not stage_one.get("work_dir"):
        raise InputError(f"{checkpoint}: does not say what found its segments; give a segmenter")
    try:
        return f"groundgraph:{checkpoint_file(stage_one['work_dir'])}"
    except InputError as error:
        raise InputError(f"{error}. Or give another segmenter (--segmenter groundgraph:FILE)") from None


def opened(
    source: int | str | Path | Iterable[ImageSource | None], fps: float | None = None
) -> tuple[Iterable[ImageSource | None], int | None, float | None, str]:
    """(pictures, their number if it is known, frames a second if they are known, name) of a video.

    Raises:
        InputError: there is no such file or folder, it is no video, or a camera; or the rate is not above 0.
    """
    if fps is not None and not fps > 0:
        raise InputError(f"fps {fps}: expected more than 0 frames a second")
    if isinstance(source, int):
        raise InputError(
            f"{source}: expected a video file, a folder of pictures, or pictures in order; a camera has no end, so "
            f"it is watched: VideoPredictor.watch({source})"
        )
    if not isinstance(source, (str, Path)):
        return source, None, fps, ""
    path = Path(source)
    if path.is_dir():
        pictures = pictures_in(path)
        return pictures, len(pictures), fps, path.name
    info = video_info(path)
    rate = min(fps or RATE, info.fps) if info.fps > 0 else fps or RATE
    return read_video(path, rate), promised_frames(info, rate), rate, path.name
