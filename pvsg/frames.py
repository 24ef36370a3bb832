"""Single frames of a pvsg.json as pictures with their true graphs: what an image segmenter learns from."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from jaxtyping import Int64
from mmengine.dataset import BaseDataset
from mmengine.registry import DATASETS

from psg.dataset import PSGDataset
from pvsg.video_sets import VideoSet
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.formats.pvsg.reader import frame_masks
from scenegraph.video_arrays import active_frames

_VIDEOS_AT_HAND = 64
"""Videos whose relations and lists of files are kept, some kilobytes each."""


class VideoFrames(NamedTuple):
    """The labelled frames of a video: its graph without masks, its pictures, and masks by object id of a frame."""

    graph: SceneGraph
    pictures: dict[int, Path]
    masks: Callable[[int], Mapping[int, Mask]]

    @classmethod
    def of(cls, file: PVSGFile, index: int) -> "VideoFrames":
        """Of a record; a frame counts if it is inside the video and has both a picture and a mask file.

        Raises:
            InputError: the record is broken or a folder is missing.
        """
        graph = file.graph(index, masks=False)
        masks = file.mask_paths(index)
        pictures = {int(path.stem): path for path in file.frame_paths(index)}
        both = [frame for frame in pictures if frame in masks and frame < graph.source.num_frames]
        categories = {node.id: node.category for node in graph.nodes}
        return cls(
            graph,
            {frame: pictures[frame] for frame in both},
            lambda frame: frame_masks(masks[frame], graph.source, categories),
        )

    def frame_graph(self, frame: int) -> SceneGraph:
        """What is seen in a frame, with the relations that hold in it.

        Nodes are numbered from 0, as in pictures; the attribute `object_id` says which object of the video it is.

        Raises:
            InputError: the mask file is broken.
        """
        whole = self.graph
        categories = {node.id: node.category for node in whole.nodes}
        found = self.masks(frame)
        place = {number: position for position, number in enumerate(found)}
        holding = [
            (place[relation.subject], relation.predicate, place[relation.object])
            for relation in whole.relations
            if relation.subject in place
            and relation.object in place
            and (not relation.spans or any(span.start <= frame < span.stop for span in relation.spans))
        ]
        return SceneGraph(
            Source("image", f"{whole.source.uri}/{self.pictures[frame].name}", *whole.source.size),
            tuple(
                Node(place[number], categories[number], Segment(mask), attributes={"object_id": number})
                for number, mask in found.items()
            ),
            tuple(Relation(*triple) for triple in dict.fromkeys(holding)),
            whole.vocabulary,
        )


def video_indices(file: VideoSet, split: str, held_out: int) -> list[int]:
    """Records of a split: "train" and "val" are the training videos without and with the last `held_out`.

    "test" are the videos that the file calls "val" (the public file has no others to test on), "all" is all.
    """
    if split in ("test", "all"):
        return file.indices("val" if split == "test" else split)
    chosen = file.indices("train")
    kept = max(len(chosen) - held_out, 0)
    return chosen[:kept] if split == "train" else chosen[kept:]


@DATASETS.register_module()
class PVSGFrames(PSGDataset):
    """Every so manyth labelled frame of the videos of a split, see `video_indices`.

    Args:
        every: take one frame of so many, from the first on.
        options: as for `psg.dataset.PSGDataset`, without `long_tail` and `keep_empty`: frames without relations
            show segments too.

    Raises:
        InputError: as `psg.dataset.PSGDataset`; or `every` is below 1.
    """

    def __init__(self, *, every: int = 1, **options: Any) -> None:
        if every < 1:
            raise InputError(f"every={every}: one frame of so many is taken; expected 1 or more")
        self.every = every
        super().__init__(**options)

    def open_file(self) -> VideoSet:
        """The data set with its videos; other layouts open theirs."""
        return PVSGFile.open(self.ann_file, self.data_root or None)

    def frames_of(self, index: int) -> VideoFrames:
        """The labelled frames of a record."""
        return VideoFrames.of(self.file, index)

    def load_data_list(self) -> list[dict[str, Any]]:
        """Open the file and list the frames of the split."""
        self.file = self.open_file()
        self._video = lru_cache(_VIDEOS_AT_HAND)(self.frames_of)
        self._metainfo["vocabulary"] = self.file.vocabulary.names
        listed = [
            {"index": index, "frame": frame}
            for index in video_indices(self.file, self.split, self.held_out)
            for frame in list(self._video(index).pictures)[:: self.every]
        ]
        if not listed:
            raise InputError(f"{self.ann_file}: the split {self.split!r} has no labelled frames")
        return listed

    def predicate_counts(self) -> Int64[np.ndarray, "items predicates"]:
        """Relations of every predicate that hold in every item, from the JSON alone."""
        self.full_init()
        counts: dict[int, np.ndarray] = {}
        items = [BaseDataset.get_data_info(self, at) for at in range(len(self))]
        for index in {item["index"] for item in items}:
            graph = self._video(index).graph
            predicates = np.array([relation.predicate for relation in graph.relations], dtype=np.int64)
            shown = np.eye(len(graph.vocabulary.predicates), dtype=np.int64)[predicates]
            counts[index] = active_frames(graph.relations, graph.source.num_frames).astype(np.int64).T @ shown
        return np.array([counts[item["index"]][item["frame"]] for item in items])

    def get_data_info(self, idx: int) -> dict[str, Any]:
        """What the first transform gets: `img_id`, `img_path` and `graph`.

        Raises:
            InputError: the record or the mask of the frame is broken; the message names both.
        """
        info = BaseDataset.get_data_info(self, idx)
        index, frame = info["index"], info["frame"]
        video = self._video(index)
        return info | {
            "img_id": f"{self.file.videos[index].video_id}/{frame:04d}",
            "img_path": str(video.pictures[frame]),
            "item": f"{self.file.path.name}: {self.file.item(index)}, frame {frame}",
            "graph": video.frame_graph(frame),
        }
