"""Tracks of the videos of a pvsg.json with the relations that a model learns between them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Int64
from mmengine.dataset import BaseDataset
from mmengine.registry import DATASETS

from pvsg.frames import video_indices
from pvsg.labels import MATCHED_FRAMES, SHORTEST_LABEL, RelationLabels, relation_labels
from pvsg.relations.clip import Clip, clip_of_video
from pvsg.relations.model import VideoSample
from pvsg.tracks import SUFFIX, TrackedVideo
from pvsg.video_sets import VideoSet
from scenegraph import InputError, SceneGraph, Vocabulary
from scenegraph.formats.pvsg import PVSGFile

TRUTH = "truth"
"""In place of a folder of tracks: the true tubes, without features."""


@DATASETS.register_module()
class PVSGTracks(BaseDataset):
    """Videos as tracks; labels come from matching them with the true tubes (`pvsg.labels`).

    Args:
        ann_file: the pvsg.json, below `data_root` unless it is an absolute path.
        tracks: folder of NAME.tracks.parquet, NAME being the video's id; or "truth".
        data_root: folder of the videos; that of `ann_file` if it is empty.
        split: "train", "val", "test" or "all", see `pvsg.frames.video_indices`.
        held_out: see there.
        feature_size: columns that the tracks' features must have.
        published: labels as published, see `pvsg.labels.relation_labels`.
        matched_frames: see there.
        shortest: see there.
        keep_empty: keep videos without labels in training.
        most_tracks: in training, keep at most so many tracks of a video, those with labels first.
        most_frames: in training, cut longer videos to a random stretch of so many.
        flip: in training, mirror half of the videos (boxes only).
        keep_graph: items carry the true graph, which metrics need; by default outside training.
        at_hand: keep so many videos in memory.
        pipeline: not used; videos need no transforms.
        indices: only the first so many videos, or those listed.
        lazy_init: open the file on first use.

    Raises:
        InputError: the file is no pvsg.json, the split has no videos, or tracks are missing or do not fit.
    """

    def __init__(
        self,
        ann_file: str,
        tracks: str = TRUTH,
        data_root: str = "",
        split: str = "train",
        held_out: int = 0,
        feature_size: int = 0,
        published: bool = False,
        matched_frames: int = MATCHED_FRAMES,
        shortest: int = SHORTEST_LABEL,
        keep_empty: bool = True,
        most_tracks: int = 100,
        most_frames: int = 900,
        flip: bool = True,
        keep_graph: bool | None = None,
        at_hand: int = 256,
        pipeline: Sequence[Any] = (),
        indices: int | Sequence[int] | None = None,
        lazy_init: bool = False,
        **options: Any,
    ) -> None:
        if split not in ("train", "val", "test", "all"):
            raise InputError(f"split={split!r}; expected train, val, test or all")
        self.tracks, self.split, self.held_out = tracks, split, held_out
        self.feature_size = feature_size
        self.label_options = {"published": published, "matched_frames": matched_frames, "shortest": shortest}
        self.keep_empty, self.most_tracks, self.most_frames = keep_empty, most_tracks, most_frames
        self.flip = flip and split == "train"
        self.keep_graph = split != "train" if keep_graph is None else keep_graph
        self.at_hand = at_hand
        self._barren: set[int] = set()
        self._held: dict[int, tuple[Clip, TrackedVideo, RelationLabels, SceneGraph]] = {}
        super().__init__(ann_file, data_root=data_root, indices=indices, lazy_init=lazy_init, **options)

    @property
    def vocabulary(self) -> Vocabulary:
        """The names of the file."""
        self.full_init()
        return self.file.vocabulary

    def open_file(self) -> VideoSet:
        """The data set with its videos; other layouts open theirs."""
        return PVSGFile.open(self.ann_file, self.data_root or None)

    def load_data_list(self) -> list[dict[str, Any]]:
        """Open the file and list the videos of the split."""
        self.file = self.open_file()
        self._metainfo["vocabulary"] = self.file.vocabulary.names
        chosen = video_indices(self.file, self.split, self.held_out)
        if not chosen:
            raise InputError(f"{self.ann_file}: the split {self.split!r} has no videos")
        return [{"index": index} for index in chosen]

    def tracks_path(self, index: int) -> Path:
        """Where the tracks of a record are."""
        return Path(self.tracks) / f"{self.file.videos[index].video_id}{SUFFIX}"

    def predicate_counts(self) -> Int64[np.ndarray, "videos predicates"]:
        """Relations of every predicate in every video, from the JSON alone."""
        self.full_init()
        counts = np.zeros((len(self), len(self.file.vocabulary.predicates)), dtype=np.int64)
        for row in range(len(self)):
            for relation in self.file.graph(super().get_data_info(row)["index"], masks=False).relations:
                counts[row, relation.predicate] += 1
        return counts

    def video(self, index: int) -> tuple[Clip, TrackedVideo, RelationLabels, SceneGraph]:
        """The tracks of a record as tensors and as they are, their labels, and the true graph.

        Raises:
            InputError: the record or its tracks are missing, broken, or do not belong together.
        """
        if index in self._held:
            return self._held[index]
        graph = self.file.graph(index)
        video = TrackedVideo.of_graph(graph) if self.tracks == TRUTH else self._read(index, graph)
        found = clip_of_video(video), video, relation_labels(graph, video, **self.label_options), graph
        if len(self._held) < self.at_hand:
            self._held[index] = found
        return found

    def _read(self, index: int, graph: SceneGraph) -> TrackedVideo:
        path = self.tracks_path(index)
        video = TrackedVideo.read(path)
        source = graph.source
        if (*video.size, video.num_frames) != (*source.size, source.num_frames):
            raise InputError(
                f"{path}: {video.num_frames} frames of {video.size} pixels; the video has {source.num_frames} of "
                f"{source.size}. Delete the file to have it made anew"
            )
        if video.vocabulary.categories != graph.vocabulary.categories:
            raise InputError(f"{path}: has other categories than {self.ann_file}")
        if video.features.shape[2] != self.feature_size:
            raise InputError(
                f"{path}: {video.features.shape[2]} features a segment; expected feature_size={self.feature_size}"
            )
        return video

    def prepare_data(self, idx: int) -> dict[str, Any] | None:
        """One item: `inputs` is a `Clip`, `data_samples` a `VideoSample`; None for one to be skipped."""
        index = self.get_data_info(idx)["index"]
        clip, video, labels, graph = self.video(index)
        triples, active = torch.from_numpy(labels.triples), torch.from_numpy(labels.active)
        if self.split == "train":
            if not (len(triples) or self.keep_empty):
                self._barren.add(idx)
                return None
            clip, triples, active = self._reduced(clip, triples, active)
        sample = VideoSample(triples=triples, active=active)
        if self.keep_graph:
            sample.set_field(graph, "graph")
            sample.set_field(video, "video")
        return {"inputs": clip, "data_samples": sample}

    def _rand_another(self) -> int:
        """A video in the place of one to be skipped; each of those is read once.

        Raises:
            InputError: there is no other.
        """
        left = sorted(set(range(len(self))) - self._barren)
        if not left:
            raise InputError(
                f"{self.tracks}: the {len(self)} training videos have no labels: no track of the right category covers "
                "a true object well enough while a relation holds. Is the segmenter trained, and on these categories?"
            )
        return int(np.random.choice(left))

    def _reduced(
        self, clip: Clip, triples: torch.Tensor, active: torch.Tensor
    ) -> tuple[Clip, torch.Tensor, torch.Tensor]:
        """A stretch of the video, with the tracks that matter, perhaps mirrored."""
        if clip.num_frames > self.most_frames:
            start = int(np.random.randint(clip.num_frames - self.most_frames + 1))
            clip = clip.stretch(start, start + self.most_frames)
            active = active[:, start : start + self.most_frames]
            triples, active = triples[active.any(1)], active[active.any(1)]
        if clip.num_tracks > self.most_tracks:
            related = np.zeros(clip.num_tracks, dtype=bool)
            related[triples[:, [0, 2]].flatten().numpy()] = True
            order = np.lexsort((np.random.rand(clip.num_tracks), ~related))
            clip, place = clip.of_tracks(torch.from_numpy(np.sort(order[: self.most_tracks])))
            known = (place[triples[:, 0]] >= 0) & (place[triples[:, 2]] >= 0)
            triples, active = triples[known].clone(), active[known]
            triples[:, 0], triples[:, 2] = place[triples[:, 0]], place[triples[:, 2]]
        if self.flip and np.random.rand() < 0.5:
            clip = clip.mirrored()
        return clip, triples, active
