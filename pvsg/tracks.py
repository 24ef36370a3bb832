"""The tracks of a video, whole in memory; `pvsg.track_files` has them frame by frame."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Float32, Int64

from pvsg.track_files import SUFFIX, TrackWriter, header_of, numbers_of, opened, read_frames, read_header
from pvsg.tracked_frames import FORMAT, METRES, TrackedFrame, TracksHeader
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Track4D, Tube, Vocabulary
from scenegraph.checked_json import located

__all__ = [
    "FORMAT",
    "SUFFIX",
    "TrackWriter",
    "TrackedFrame",
    "TrackedVideo",
    "TracksHeader",
    "read_frames",
    "read_header",
]


@dataclass(frozen=True, eq=False)
class TrackedVideo:
    """The n tracks of a video of t frames.

    Masks stay as they were stored until `tubes` is asked for.

    Attributes:
        name: of the video.
        size: (height, width) in pixels.
        num_frames: t.
        fps: frames a second; None where it is not known.
        vocabulary: the names that categories index.
        ids: of the tracks, ascending.
        categories: what most frames of a track say; of equally many the first seen.
        scores: mean over the frames of a track.
        present: where a track is seen.
        features: zeros where a track is not seen.
        boxes: xyxy in pixels; zeros where a track is not seen.
        made_by: what made the tracks.
        metres: with depth, where a track is, see `pvsg.tracked_frames.METRES`; NaN where it is not seen.
    """

    name: str
    size: tuple[int, int]
    num_frames: int
    fps: float | None
    vocabulary: Vocabulary
    ids: Int64[np.ndarray, " n"]
    categories: Int64[np.ndarray, " n"]
    scores: Float32[np.ndarray, " n"]
    present: Bool[np.ndarray, "n t"]
    features: Float32[np.ndarray, "n t d"]
    boxes: Float32[np.ndarray, "n t 4"]
    make_tubes: Callable[[], tuple[Tube, ...]] = field(repr=False)
    made_by: str = ""
    metres: Float32[np.ndarray, "n t 12"] | None = None

    @classmethod
    def from_frames(cls, frames: Iterable[TrackedFrame], header: TracksHeader) -> "TrackedVideo":
        """From frames in order; where the header does not know their number, the last one tells it.

        Raises:
            InputError: there are more frames than the header says.
        """
        frames = list(frames)
        seen = [frame for frame in frames if len(frame)]
        rows = _Rows(
            np.repeat([frame.frame for frame in seen], [len(frame) for frame in seen]).astype(np.int64),
            _joined([frame.tracks for frame in seen], np.zeros(0, dtype=np.int64)),
            _joined([frame.categories for frame in seen], np.zeros(0, dtype=np.int64)),
            _joined([frame.scores for frame in seen], np.zeros(0, dtype=np.float32)),
            _joined([frame.boxes for frame in seen], np.zeros((0, 4), dtype=np.float32)),
            _joined([frame.features for frame in seen], np.zeros((0, header.feature_size), dtype=np.float32)),
            [mask for frame in seen for mask in frame.masks],
            _joined([frame.metres for frame in seen], np.zeros((0, METRES), np.float32)) if header.metres else None,
        )
        known = header.num_frames
        return cls._of_rows(rows, header, frames[-1].frame + 1 if known is None and frames else known or 0)

    @classmethod
    def read(cls, path: str | Path, features: bool = True) -> "TrackedVideo":
        """From a file that `TrackWriter` wrote; masks are decoded when `tubes` is asked for.

        Args:
            path: the file.
            features: read them too; they are most of the memory of a long video.

        Raises:
            InputError: the file is missing, cut off, or not of this format.
        """
        with opened(path) as file:
            header = header_of(file)
            if not features:
                header = replace(header, feature_size=0)
            table = file.read([name for name in file.schema_arrow.names if features or name != "feature"])
            nothing = np.zeros((table.num_rows, 0), dtype=np.float32)
            rows = _Rows(
                table["frame"].to_numpy().astype(np.int64),
                table["track"].to_numpy(),
                table["category"].to_numpy().astype(np.int64),
                table["score"].to_numpy(),
                numbers_of(table["box"], 4),
                numbers_of(table["feature"], header.feature_size) if header.feature_size else nothing,
                table["mask"].to_pylist(),
                numbers_of(table["metres"], METRES) if header.metres else None,
            )
            return cls._of_rows(rows, header, header.num_frames or 0, str(path))

    @classmethod
    def of_graph(cls, graph: SceneGraph, features: Float32[np.ndarray, "n t d"] | None = None) -> "TrackedVideo":
        """The tubes of a video graph as tracks, whose ids are those of the nodes.

        Args:
            graph: of a video or an RGB-D video.
            features: rows in the order of ascending node ids; None: no features.

        Raises:
            InputError: the graph is of an image, or the features have another shape.
        """
        if graph.source.kind == "image":
            raise InputError(f"{graph.source.uri}: an image graph; tracks need a video graph")
        nodes = sorted(graph.nodes, key=lambda node: node.id)
        tubes = tuple(node.region.tube if isinstance(node.region, Track4D) else node.region for node in nodes)
        count, length = len(nodes), graph.source.num_frames
        present = np.zeros((count, length), dtype=bool)
        boxes = np.zeros((count, length, 4), dtype=np.float32)
        for row, tube in enumerate(tubes):
            present[row, list(tube.frames)] = True
            boxes[row, list(tube.frames)] = [segment.box for segment in tube.segments.values()]
        if features is None:
            features = np.zeros((count, length, 0), dtype=np.float32)
        if features.shape[:2] != present.shape:
            raise InputError(f"features of {features.shape[:2]} tracks and frames; the graph has {present.shape}")
        return cls(
            name=graph.source.uri,
            size=graph.source.size,
            num_frames=length,
            fps=graph.source.fps,
            vocabulary=graph.vocabulary,
            ids=np.array([node.id for node in nodes], dtype=np.int64),
            categories=np.array([node.category for node in nodes], dtype=np.int64),
            scores=np.array([node.score for node in nodes], dtype=np.float32),
            present=present,
            features=np.where(present[..., None], features, np.float32(0)),
            boxes=boxes,
            make_tubes=partial(tuple, tubes),
            metres=_metres_of(nodes, graph.source) if nodes and isinstance(nodes[0].region, Track4D) else None,
        )

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def tubes(self) -> tuple[Tube, ...]:
        """The masks of every track.

        Raises:
            InputError: a mask in the file is damaged.
        """
        return self.make_tubes()

    def graph(self, relations: Sequence[Relation] = (), source: Source | None = None) -> SceneGraph:
        """A graph with the tracks as nodes; relations name tracks by their ids. Of tracks in metres, 4D tracks.

        Args:
            relations: between the tracks.
            source: what the graph describes, where more is known of it than the file says, such as its camera.

        Raises:
            InputError: the video has no frames, or a relation does not fit.
        """
        regions = self.tubes if self.metres is None else map(self._track4d, range(len(self)))
        nodes = tuple(
            Node(int(number), int(category), region, float(score))
            for number, category, score, region in zip(self.ids, self.categories, self.scores, regions, strict=True)
        )
        if source is None:
            kind = "video" if self.metres is None else "rgbd"
            source = Source(kind, self.name, *self.size, num_frames=self.num_frames, fps=self.fps)
        return SceneGraph(source, nodes, tuple(relations), self.vocabulary, {"tracks": self.made_by})

    def _track4d(self, track: int) -> Track4D:
        tube = self.tubes[track]
        rows = self.metres[track, list(tube.frames)].astype(np.float64)
        return Track4D(tube, rows[:, :3], rows[:, 3:6], rows[:, 6:9])

    @classmethod
    def _of_rows(cls, rows: "_Rows", header: TracksHeader, num_frames: int, where: str = "") -> "TrackedVideo":
        rows.check(num_frames, len(header.vocabulary.categories))
        ids, track = np.unique(rows.tracks, return_inverse=True)
        shape = (len(ids), num_frames)
        present = np.zeros(shape, dtype=bool)
        present[track, rows.frames] = True
        features = np.zeros((*shape, header.feature_size), dtype=np.float32)
        features[track, rows.frames] = rows.features
        boxes = np.zeros((*shape, 4), dtype=np.float32)
        boxes[track, rows.frames] = rows.boxes
        metres = None
        if rows.metres is not None:
            metres = np.full((*shape, METRES), np.nan, dtype=np.float32)
            metres[track, rows.frames] = rows.metres
        seen = np.bincount(track, minlength=len(ids))
        return cls(
            name=header.name,
            size=header.size,
            num_frames=num_frames,
            fps=header.fps,
            vocabulary=header.vocabulary,
            ids=ids,
            categories=majority(track, rows.categories, len(ids)),
            scores=(np.bincount(track, rows.scores, minlength=len(ids)) / np.maximum(seen, 1)).astype(np.float32),
            present=present,
            features=features,
            boxes=boxes,
            make_tubes=partial(_tubes, track, rows.frames, rows.masks, header.size, len(ids), where or header.name),
            made_by=header.made_by,
            metres=metres,
        )


@dataclass(frozen=True, eq=False)
class _Rows:
    """One row for every track in every frame where it is seen, by frame; masks may still be coded."""

    frames: Int64[np.ndarray, " rows"]
    tracks: Int64[np.ndarray, " rows"]
    categories: Int64[np.ndarray, " rows"]
    scores: Float32[np.ndarray, " rows"]
    boxes: Float32[np.ndarray, "rows 4"]
    features: Float32[np.ndarray, "rows d"]
    masks: Sequence[Mask | bytes]
    metres: Float32[np.ndarray, "rows 12"] | None = None

    def check(self, num_frames: int, num_categories: int) -> None:
        if not len(self.frames):
            return
        if self.frames.min() < 0 or self.frames.max() >= num_frames:
            raise InputError(f"frames {self.frames.min()} to {self.frames.max()}; the video has {num_frames} frames")
        if self.categories.min() < 0 or self.categories.max() >= num_categories:
            raise InputError(f"category ids up to {self.categories.max()}; the vocabulary has {num_categories}")
        if self.tracks.min() < 0 or len(np.unique(np.stack([self.tracks, self.frames], axis=1), axis=0)) < len(
            self.frames
        ):
            raise InputError("a track has several segments in a frame, or a negative id")


def majority(
    owner: Int64[np.ndarray, " rows"], labels: Int64[np.ndarray, " rows"], count: int
) -> Int64[np.ndarray, " count"]:
    """The commonest label of every owner 0 to count - 1; of equally common ones that which comes first.

    >>> majority(np.array([0, 0, 1, 1, 1]), np.array([5, 4, 3, 2, 2]), 2).tolist()
    [5, 2]
    """
    pairs, first, times = np.unique(np.stack([owner, labels], axis=1), axis=0, return_index=True, return_counts=True)
    order = np.lexsort((first, -times, pairs[:, 0]))
    _, best = np.unique(pairs[order, 0], return_index=True)
    assert len(best) == count, "every owner has a row"
    return pairs[order[best], 1]


def _metres_of(nodes: Sequence[Node], source: Source) -> Float32[np.ndarray, "n t 12"]:
    """The places of nodes that are 4D tracks."""
    metres = np.full((len(nodes), source.num_frames, METRES), np.nan, dtype=np.float32)
    poses = None if source.camera is None else source.camera.poses
    for row, node in enumerate(nodes):
        track, frames = node.region, list(node.region.frames)
        unsure = np.zeros_like(track.positions) if track.uncertainty is None else track.uncertainty
        seen = track.positions
        if poses is not None:
            seen = np.einsum("ti,tij->tj", track.positions - poses[frames, :3, 3], poses[frames, :3, :3])
        metres[row, frames] = np.concatenate([track.positions, track.extents, unsure, seen], axis=1)
    return metres


def _joined(parts: Sequence[np.ndarray], nothing: np.ndarray) -> np.ndarray:
    return np.concatenate(parts) if parts else nothing


def _tubes(
    track: Int64[np.ndarray, " rows"],
    frames: Int64[np.ndarray, " rows"],
    masks: Sequence[Mask | bytes],
    size: tuple[int, int],
    count: int,
    where: str,
) -> tuple[Tube, ...]:
    segments: list[dict[int, Segment]] = [{} for _ in range(count)]
    for owner, frame, mask in zip(track.tolist(), frames.tolist(), masks, strict=True):
        if isinstance(mask, bytes):
            with located(f"{where}: frame {frame}"):
                mask = Mask.from_coco({"size": size, "counts": mask})
        segments[owner][frame] = Segment(mask)
    return tuple(Tube(each) for each in segments)
