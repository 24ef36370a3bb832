"""Evaluation of predicted video graphs: one pass over the videos, a fixed amount of memory.

The counterpart of `scenegraph.evaluation` with the same methods.

>>> from scenegraph import SceneGraph, Source, Vocabulary
>>> words = Vocabulary(things=("person",), stuff=("grass",), predicates=("on",))
>>> evaluation = VideoEvaluation(words, ks=(20,))
>>> empty = SceneGraph(Source("video", "a.mp4", 4, 4, num_frames=3), (), (), words)
>>> evaluation.add(empty, empty)
>>> evaluation.report().values["videos"]
1.0
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenegraph import legacy_openpvsg, legacy_vidvrd, strict_video, video_quality
from scenegraph.errors import InputError
from scenegraph.graph import SceneGraph
from scenegraph.legacy_openpvsg import PublishedResult, PublishedSums
from scenegraph.legacy_vidvrd import VidVRDResult, VidVRDSums
from scenegraph.recall import checked_ks
from scenegraph.strict import REPEATED, StrictResult, StrictSums
from scenegraph.strict_video import THRESHOLDS
from scenegraph.tube_overlap import VIDEO_OVERLAPS, TubeOverlap, compare_tubes
from scenegraph.video_arrays import VideoArrays
from scenegraph.video_quality import TubeQuality, TubeQualitySums
from scenegraph.video_report import VideoReport
from scenegraph.vocabulary import Vocabulary
from scenegraph.voxel_overlap import VOXEL, Depth, compare_voxels

DEFAULT_KS = (20, 50, 100)


@dataclass(frozen=True, eq=False)
class VideoResult:
    """Everything that the protocols say about one video; small, picklable, to be added to an evaluation."""

    strict: tuple[StrictResult, ...]
    voxels: tuple[StrictResult, ...]
    quality: TubeQuality | None
    full: PublishedResult | None
    vidvrd: VidVRDResult | None
    predicted: bool


class VideoEvaluation:
    """Adds up the strict video protocol, VPQ and STQ and, if asked for, the published protocols.

    Args:
        vocabulary: the names of truth and predictions.
        ks: numbers of rows to look at.
        thresholds: volume IoU to be reached; the first is the one of the plain names.
        legacy: also follow the published protocols `openpvsg-full` and `vidvrd`.
        overlaps: what to do with predicted tubes that overlap (see `tube_overlap.VIDEO_OVERLAPS`).
        repeated: what to do with repeated triples: "best" keeps the best, "reject" is an error.
        subsets: named groups of predicate names, for which R, mR and F1 are reported apart too.
        voxel: also follow the strict protocol in voxels of this edge in metres, for RGB-D videos
            (see `voxel_overlap`), as "strict voxels"; then every video comes with its depth.

    Raises:
        InputError: an option is not one of the above, or a subset names an unknown predicate.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        ks: Sequence[int] = DEFAULT_KS,
        thresholds: Sequence[float] = THRESHOLDS,
        legacy: bool = False,
        overlaps: str = "reject",
        repeated: str = "best",
        subsets: Mapping[str, Sequence[str]] | None = None,
        voxel: float | None = None,
    ) -> None:
        for name, value, allowed in (("overlaps", overlaps, VIDEO_OVERLAPS), ("repeated", repeated, REPEATED)):
            if value not in allowed:
                raise InputError(f"{name} is {value!r}; videos admit {', '.join(allowed)}")
        if not thresholds or not all(0 < each <= 1 for each in thresholds):
            raise InputError(f"thresholds are {list(thresholds)}; expected volume IoUs above 0, such as 0.5")
        if voxel is not None and not voxel > 0:
            raise InputError(f"voxels of {voxel} m; expected an edge above 0 in metres, such as {VOXEL}")
        self.vocabulary = vocabulary
        self.voxel = voxel
        self.ks = checked_ks(ks)
        self.thresholds = tuple(thresholds)
        self.legacy = legacy
        self.overlaps = overlaps
        self.repeated = repeated
        self.subsets = {name: tuple(predicates) for name, predicates in (subsets or {}).items()}
        self.videos = 0
        self.videos_without_prediction = 0
        count = len(vocabulary.predicates)
        self._strict = self._sums("strict video")
        self._voxels = self._sums("strict voxels") if voxel is not None else ()
        self._things = np.arange(len(vocabulary.categories)) < len(vocabulary.things)
        self._quality = TubeQualitySums(self._things) if overlaps != "measure" else None
        self._full = PublishedSums(count, self.ks) if legacy else None
        self._vidvrd = VidVRDSums(self.ks) if legacy else None

    def add(self, truth: SceneGraph, prediction: SceneGraph | None, depth: Depth | None = None) -> None:
        """Add one video; None stands for a video without prediction, which counts 0.

        Raises:
            InputError: see `measure`.
        """
        self.add_result(self.measure(truth, prediction, depth))

    def measure(self, truth: SceneGraph, prediction: SceneGraph | None, depth: Depth | None = None) -> VideoResult:
        """What the protocols say about one video, without adding it (for workers).

        `depth` gives the depth of a frame in metres; it is needed for voxels only.

        Raises:
            InputError: the graphs describe videos of different size or length, are image graphs, have
                another vocabulary, or have overlaps or repetitions that the options do not admit; voxels
                are asked for and there is no depth or no camera.
        """
        predicted = prediction is not None and len(prediction.nodes) > 0
        prediction = prediction if prediction is not None else replace(truth, nodes=(), relations=(), metadata={})
        self._check(truth, prediction)
        true, rows, where = VideoArrays.of(truth), VideoArrays.of(prediction), truth.source.uri
        overlap = compare_tubes(true.tubes, rows.tubes, true.num_frames, self.overlaps, rows.node_scores, where)
        results = self._found(true, rows, overlap, where)
        voxels: tuple[StrictResult, ...] = ()
        if self.voxel is not None:
            voxels = self._found(true, rows, self._in_voxels(truth, true, rows, depth), where)
        quality = None
        if self._quality is not None:
            quality = video_quality.measure(overlap, true.categories, rows.categories, self._things)
        full = vidvrd = None
        if self.legacy:
            raw = overlap
            if self.overlaps == "highest":
                raw = compare_tubes(true.tubes, rows.tubes, true.num_frames)
            unseen = legacy_openpvsg.unseen_relations(truth)
            full = legacy_openpvsg.measure_full(true, rows.ranked(), raw, unseen)
            vidvrd = legacy_vidvrd.measure(true, rows, raw)
        return VideoResult(results, voxels, quality, full, vidvrd, predicted)

    def _found(
        self, true: VideoArrays, rows: VideoArrays, overlap: TubeOverlap, where: str
    ) -> tuple[StrictResult, ...]:
        """What the strict protocol says at every threshold."""
        return tuple(
            strict_video.measure(true, rows, overlap, each, self.ks[-1], self.repeated, f"prediction of {where}")
            for each in self.thresholds
        )

    def _in_voxels(self, truth: SceneGraph, true: VideoArrays, rows: VideoArrays, depth: Depth | None) -> TubeOverlap:
        camera, where = truth.source.camera, truth.source.uri
        if depth is None or camera is None or self.voxel is None:
            missing = "a camera" if camera is None else "depth"
            raise InputError(f"{where}: voxels need {missing}; leave voxels out, or give an RGB-D video with both")
        priority = np.argsort(-rows.node_scores, kind="stable")
        return compare_voxels(true.tubes, rows.tubes, depth, camera, true.num_frames, self.voxel, priority, where)

    def add_result(self, result: VideoResult) -> None:
        """Add a video that `measure` looked at, here or in another process, under the same options."""
        self.videos += 1
        self.videos_without_prediction += not result.predicted
        results = (*result.strict, *result.voxels)
        for sums, each in zip((*self._strict, *self._voxels), results, strict=True):
            sums.add(each)
        if self._quality is not None and result.quality is not None:
            self._quality.add(result.quality)
        if self._full is not None and result.full is not None:
            self._full.add(result.full)
        if self._vidvrd is not None and result.vidvrd is not None:
            self._vidvrd.add(result.vidvrd)

    def merge(self, other: "VideoEvaluation") -> None:
        """Add the videos of another evaluation, made with the same options.

        Raises:
            InputError: the options differ.
        """
        if self._options() != other._options():
            raise InputError("evaluations with different vocabularies or options cannot be merged")
        self.videos += other.videos
        self.videos_without_prediction += other.videos_without_prediction
        others = (*other._strict, *other._voxels)
        for sums, each in zip((*self._strict, *self._voxels), others, strict=True):
            sums.merge(each)
        if self._quality is not None and other._quality is not None:
            self._quality.merge(other._quality)
        if self._full is not None and other._full is not None:
            self._full.merge(other._full)
        if self._vidvrd is not None and other._vidvrd is not None:
            self._vidvrd.merge(other._vidvrd)

    def report(self) -> VideoReport:
        """The numbers over all videos added so far."""
        values = {"videos": float(self.videos), "videos_without_prediction": float(self.videos_without_prediction)}
        for sums in (*self._strict, *self._voxels, self._quality, self._full, self._vidvrd):
            values |= sums.values() if sums is not None else {}
        if self.legacy and self._quality is not None:
            values |= legacy_openpvsg.published_quality(self._quality.windows[1])
        return VideoReport(
            values=values,
            ks=self.ks,
            protocol=f"strict video: {self._protocol()}",
            predicates=self.vocabulary.predicates,
            categories=self.vocabulary.categories,
            recall=self._strict[0].constrained,
            free_recall=self._strict[0].free,
            quality=self._quality.windows[1] if self._quality is not None else None,
        )

    def _sums(self, name: str) -> tuple[StrictSums, ...]:
        names = [name, *(f"{name}, vIoU {each}" for each in self.thresholds[1:])]
        return tuple(StrictSums(self.vocabulary, self.ks, self.subsets, each) for each in names)

    def _protocol(self) -> str:
        return (
            f"equal triple, volume IoU of subject and of object within their spans >= {self.thresholds[0]}, "
            f"one-to-one; overlaps={self.overlaps}; repeated={self.repeated}; a video without predictions counts 0"
        )

    def _options(self) -> tuple[object, ...]:
        options = (self.vocabulary, self.ks, self.thresholds, self.legacy, self.overlaps, self.repeated, self.voxel)
        return (*options, tuple(self.subsets.items()))

    def _check(self, truth: SceneGraph, prediction: SceneGraph) -> None:
        where = truth.source.uri
        true, predicted = ((*graph.source.size, graph.source.num_frames) for graph in (truth, prediction))
        if true != predicted:
            raise InputError(
                f"{where}: the truth has (height, width, frames) {true}, the prediction {predicted}; "
                "give predictions at the size and for every frame of the video"
            )
        for side, graph in (("truth", truth), ("prediction", prediction)):
            self.vocabulary.check_same(graph.vocabulary, f"{where}: the {side}")
