"""From an RGB-D recording to its scene graph in space and time, at once or while it runs."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from tqdm import tqdm

import psg4d.relations.model  # noqa: F401 - registers the model that checkpoints name
from psg.loading import TrainedModel
from psg.provenance import Settings, weights_digest
from psg4d.frame import RGBDFrame
from psg4d.given import GivenMasks
from psg4d.recordings import Recording
from psg4d.segmenters import RGBDSegmenter, rgbd_segmenter_of
from psg4d.tracks import TRUE_MASKS
from pvsg.predictor import STRIDE, VideoStream, segmenter_of_training
from pvsg.relations.model import VideoRelationModel
from pvsg.track_origin import check_weights
from pvsg.tracked_frames import TrackedFrame, TracksHeader
from pvsg.tracking import SegmenterAndTracker, Tracker
from scenegraph import Camera, InputError, Region, Relation, SceneGraph, Segment, Source, Track4D, Tube, Vocabulary


class Follower(Protocol):
    """What turns frames into tracks.

    Attributes:
        name: what made the tracks.
        settings: that it had; goes into files of tracks.
        vocabulary: the names that categories index.
    """

    name: str
    settings: Settings
    vocabulary: Vocabulary

    def update(self, frame: RGBDFrame, number: int) -> TrackedFrame:
        """What is seen in the next frame."""


class SegmentingFollower:
    """Finds the segments of a frame and follows them in metres.

    Args:
        segmenter: of RGB-D frames.
        tracker: arguments of `Tracker`.
    """

    def __init__(self, segmenter: RGBDSegmenter, tracker: Mapping[str, Any]) -> None:
        self.segmenter, self.tracker = segmenter, Tracker(**tracker)
        self.vocabulary = segmenter.vocabulary
        maker = SegmenterAndTracker(segmenter, self.tracker)
        self.name, self.settings = maker.name, maker.settings

    def update(self, frame: RGBDFrame, number: int) -> TrackedFrame:
        """What is seen in the next frame."""
        return self.tracker.update(self.segmenter.segment_many([frame])[0], number)


class RGBDPredictor:
    """Segmenter or given masks, tracker in metres and relation model in a row.

    >>> from psg4d.predictor import RGBDPredictor
    >>> predictor = RGBDPredictor("work_dirs/psg4d")  # doctest: +SKIP
    >>> graph = predictor.predict("redkitchen/seq-01")  # doctest: +SKIP
    >>> RGBDPredictor(masks="redkitchen/masks").predict("redkitchen/seq-01")  # doctest: +SKIP
    >>> with predictor.stream(fps=5.0) as stream:  # doctest: +SKIP
    ...     for colour, depth, pose in robot:
    ...         now = stream.update(RGBDFrame(colour, depth, camera, pose))

    Args:
        checkpoint: of the relation model: a file that tools/train.py wrote, or its work folder. None: graphs
            have nodes in metres and no relations.
        segmenter: what finds the segments: a segmenter, or a text for `psg4d.segmenters.rgbd_segmenter_of`.
            None takes the one that made the training tracks.
        masks: in place of a segmenter: a folder of given masks, see `psg4d.given`.
        device: "cpu", "cuda:1", ...; a GPU if there is one.
        tracker: arguments of `Tracker`; those of the training tracks by default.

    Raises:
        InputError: nothing says where the segments are, a file is missing or does not fit, or the segments have
            other categories or features than the model.
    """

    def __init__(
        self,
        checkpoint: str | Path | None = None,
        segmenter: RGBDSegmenter | str | None = None,
        masks: str | Path | None = None,
        device: Any = None,
        tracker: dict[str, Any] | None = None,
    ) -> None:
        if masks is not None and segmenter is not None:
            raise InputError("give either masks or a segmenter; both say where the segments are")
        if checkpoint is None and masks is None and segmenter is None:
            raise InputError("nothing to predict with: give a checkpoint, a segmenter, or a folder of masks")
        self.model: VideoRelationModel | None = None
        self.checkpoint, stage_one = None, {}
        if checkpoint is not None:
            trained = TrainedModel(None, checkpoint, device)
            if not isinstance(trained.model, VideoRelationModel):
                raise InputError(
                    f"{checkpoint}: a {type(trained.model).__name__}, which is no relation model of videos"
                )
            self.model, self.checkpoint = trained.model.eval(), trained.path
            stage_one = trained.description.get("stage_one") or {}
        self.masks, self.tracker_options = masks, stage_one.get("tracker") if tracker is None else tracker
        self.segmenter: RGBDSegmenter | None = None
        if masks is None:
            self.segmenter = _segmenter(segmenter, stage_one, checkpoint, self.model, device)
        self.follower()  # refuses what is not possible before the recording begins

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that graphs use."""
        return self.follower().vocabulary if self.model is None else self.model.vocabulary

    @property
    def feature_size(self) -> int:
        """Columns of the features of tracks that the model looks at; those that there are without a model."""
        return 0 if self.model is None else self.model.feature_size

    @cached_property
    def description(self) -> dict[str, Any]:
        """What made a graph, for its metadata: names, and settings with digests of the weights."""
        follower = self.follower()
        made: dict[str, Any] = {"segmenter": follower.name, "settings": dict(follower.settings)}
        if self.model is not None:
            made |= {"model": type(self.model).__name__, "checkpoint": self.checkpoint.name}
            made["settings"]["weights"] = weights_digest(self.model)
        return made

    def follower(self) -> Follower:
        """What turns the frames of one recording into tracks.

        Raises:
            InputError: as for the class.
        """
        words = None if self.model is None else self.model.vocabulary
        if self.masks is None:
            made: Follower = SegmentingFollower(self.segmenter, self.tracker_options or {})
        else:
            made = GivenMasks(self.masks, words)
            if self.feature_size:
                raise InputError(
                    f"{self.checkpoint}: looks at {self.feature_size} features of every segment, which given masks "
                    "have not; train configs/psg4d_true_masks.py for them"
                )
        if words is not None and made.vocabulary.categories != words.categories:
            raise InputError(f"{made.name}: its categories are not those of {self.checkpoint}")
        return made

    def stream(
        self,
        name: str = "",
        fps: float | None = None,
        stride: int = STRIDE,
        tracks: str | Path | None = None,
    ) -> "RGBDStream":
        """A recording whose frames are to come one by one; memory does not grow with their number.

        Args:
            name: of the recording, for its graph.
            fps: frames a second, if they are known.
            stride: see `pvsg.relations.stream.RelationStream`.
            tracks: a file for its tracks (NAME.tracks.parquet); a temporary one if None.
        """
        return RGBDStream(self, name, fps, stride, tracks)

    def predict(self, recording: Recording | str | Path, progress: bool = True) -> SceneGraph:
        """The graph of a whole recording: its nodes are 4D tracks, in the world if there are poses.

        Args:
            recording: an open one, or a path for `Recording.open`.
            progress: show a bar (on stderr).

        Raises:
            InputError: the recording cannot be read, is empty, or does not fit the given masks.
        """
        recording = recording if isinstance(recording, Recording) else Recording.open(recording)
        source = recording.source
        with self.stream(source.uri, source.fps, stride=32) as stream:
            if isinstance(stream.follower, GivenMasks):
                stream.follower.check(len(recording))
            for frame in tqdm(recording, "frames", len(recording), unit=" frames", disable=not progress):
                stream.track(frame)
            return replace(stream.finish(), source=source)


def _segmenter(
    given: RGBDSegmenter | str | None,
    stage_one: Mapping[str, Any],
    checkpoint: str | Path | None,
    model: VideoRelationModel | None,
    device: Any,
) -> RGBDSegmenter:
    if isinstance(given, RGBDSegmenter):
        return given
    of_training = given is None
    if given is None:
        given = segmenter_of_training(stage_one, checkpoint)
        if given == TRUE_MASKS:
            raise InputError(f"{checkpoint}: was trained on true masks; give masks (--masks DIR) or a segmenter")
        if not stage_one.get("segmenter"):
            given = given.replace("groundgraph:", "rgbd:", 1)
    made = rgbd_segmenter_of(given, None if model is None else model.vocabulary, device)
    if of_training:
        check_weights(made.settings, stage_one, str(checkpoint))
    return made


class RGBDStream(VideoStream):
    """One recording while it runs; use it in a `with` block. See `pvsg.predictor.VideoStream`.

    Frames are `psg4d.frame.RGBDFrame`; None is one that is missing.

    Args:
        predictor: the models.
        name: of the recording.
        fps: frames a second, or None.
        stride: see `RelationStream`.
        tracks: a file for the tracks; None for a temporary one.
    """

    def __init__(
        self, predictor: RGBDPredictor, name: str, fps: float | None, stride: int, tracks: str | Path | None
    ) -> None:
        super().__init__(predictor, name, fps, stride, tracks)
        self.follower = predictor.follower()
        self._camera: Camera | None = None
        self._poses: list[np.ndarray | None] = []

    def opened(self, picture: RGBDFrame) -> tuple[RGBDFrame, tuple[int, int]]:
        """The frame, checked."""
        frame = picture.check(f"frame {self.num_frames} of {self.name or 'the recording'}")
        self._camera = self._camera or frame.camera
        self._poses.append(frame.pose)
        if (frame.pose is None) != (self._poses[0] is None):
            raise InputError(f"frame {self.num_frames}: poses must be there for all frames or for none")
        return frame, frame.colour.shape[:2]

    def followed(self, image: RGBDFrame) -> TrackedFrame:
        """What is seen in the next frame, with the numbers of its tracks."""
        frame = self.follower.update(image, self.num_frames)
        if not len(frame) or frame.features.shape[1] == self.predictor.feature_size:
            return frame
        if self.predictor.feature_size:
            raise InputError(
                f"{self.follower.name}: {frame.features.shape[1]} features a segment; the model looks at "
                f"{self.predictor.feature_size}"
            )
        return replace(frame, features=frame.features[:, :0])

    def nothing(self, frame: int) -> TrackedFrame:
        """A frame in which nothing is seen."""
        self._poses += [self._poses[-1] if self._poses else None] * (frame + 1 - len(self._poses))
        return TrackedFrame.empty(frame, self.predictor.feature_size, metres=True)

    def source(self) -> Source:
        """What the graph describes, with the camera as far as it is known."""
        camera = self._camera
        if camera is not None:
            posed = bool(self._poses) and self._poses[0] is not None
            camera = replace(camera, poses=np.stack(self._poses) if posed else None)
        return Source("rgbd", self.name, *self._size, self.num_frames, self.fps, camera)

    def regions(self, frame: TrackedFrame) -> list[Region]:
        """Where every track of a frame is, in metres."""
        tubes = [Tube({frame.frame: Segment(mask)}) for mask in frame.masks]
        rows = frame.metres.astype(np.float64)
        return [
            Track4D(tube, row[None, :3], row[None, 3:6], row[None, 6:9]) for tube, row in zip(tubes, rows, strict=True)
        ]

    def relating(self, size: tuple[int, int], stride: int, categories: Mapping[int, int] | None = None) -> Any:
        """What finds the relations; without a model, what counts the categories only."""
        return Unrelated() if self.predictor.model is None else super().relating(size, stride, categories)

    def header(self, size: tuple[int, int]) -> TracksHeader:
        """Of the file of tracks."""
        made = (self.predictor.feature_size, self.follower.name, True, self.follower.settings)
        return TracksHeader(self.name, *size, self.predictor.vocabulary, self.fps, None, *made)


class Unrelated:
    """In place of `RelationStream` where there is no relation model."""

    answered = 0

    def __init__(self) -> None:
        self._votes: dict[int, Counter[int]] = {}

    def update(self, frame: TrackedFrame) -> None:
        """Count the categories of the tracks."""
        for track, category in zip(frame.tracks.tolist(), frame.categories.tolist(), strict=True):
            self._votes.setdefault(track, Counter())[category] += 1

    def finish(self, num_frames: int) -> None:
        """Nothing is left to do."""

    def category(self, track: int) -> int:
        """What most frames of a track said so far; of equally many the first."""
        return self._votes[track].most_common(1)[0][0]

    def settled(self, categories: Mapping[int, int]) -> bool:
        """There is nothing to find anew."""
        return True

    def active(self) -> list[Any]:
        """None."""
        return []

    def relations(self, certainty: Mapping[int, float] | None = None) -> tuple[Relation, ...]:
        """None."""
        return ()
