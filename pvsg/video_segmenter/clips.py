"""Clips of a pvsg.json as tall pictures: their frames below one another, an object has one number in all of them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from jaxtyping import Int16, UInt8
from mmengine.dataset import BaseDataset
from mmengine.registry import DATASETS

from pvsg.frames import PVSGFrames
from scenegraph import InputError, Node, SceneGraph, Segment, Source
from scenegraph.checked_json import located
from scenegraph.images import read_image
from scenegraph.masks import paint
from scenegraph.panoptic import masks_from_ids

ROWS = 16
"""Frames are extended below to a multiple of so many rows, the coarsest stride of the compact segmenter."""


@DATASETS.register_module()
class PVSGClips(PVSGFrames):
    """Clips of successive labelled frames; the true graph of a clip is that of its tall picture, without relations.

    The pipeline begins with loaded pictures: it needs no `LoadScene`, and `PackScene` needs
    "clip_length" among its `meta_keys`.

    Args:
        length: frames of a clip; videos with fewer frames are left out.
        options: as for `PVSGFrames`; with `every` a clip begins at one frame of so many.

    Raises:
        InputError: as `PVSGFrames`; or no video is long enough.
    """

    def __init__(self, *, length: int = 3, **options: Any) -> None:
        self.length = length
        super().__init__(**options)

    def load_data_list(self) -> list[dict[str, Any]]:
        """List the first frames of clips."""
        starts = super().load_data_list()
        frames = {index: list(self._video(index).pictures) for index in {item["index"] for item in starts}}
        place = {(index, frame): at for index, listed in frames.items() for at, frame in enumerate(listed)}
        kept = [
            item for item in starts if place[item["index"], item["frame"]] + self.length <= len(frames[item["index"]])
        ]
        if not kept:
            raise InputError(f"{self.ann_file}: no video of the split {self.split!r} has {self.length} labelled frames")
        return kept

    def prepare_data(self, idx: int) -> Any:
        """One clip through the pipeline."""
        info = BaseDataset.get_data_info(self, idx)
        video = self._video(info["index"])
        listed = list(video.pictures)
        frames = listed[listed.index(info["frame"]) :][: self.length]
        item = f"{self.file.path.name}: {self.file.item(info['index'])}, frames {frames[0]} to {frames[-1]}"
        with located(item):
            graphs = [video.frame_graph(frame) for frame in frames]
            pictures = [read_image(video.pictures[frame], video.graph.source.size) for frame in frames]
            clip = {"img_id": f"{self.file.videos[info['index']].video_id}/{frames[0]:04d}", **tall(pictures, graphs)}
            packed = self.pipeline(clip | {"img_path": str(video.pictures[frames[0]])})
        if packed is not None and not self.keep_graph and "graph" in packed["data_samples"]:
            del packed["data_samples"].graph
        return packed


def tall(
    pictures: Sequence[UInt8[np.ndarray, "height width 3"]], graphs: Sequence[SceneGraph] | None = None
) -> dict[str, Any]:
    """A clip as an item for `psg.transforms`.

    Args:
        pictures: its frames, of one size.
        graphs: what each shows; nodes with one attribute `object_id` are one object. None: not known.

    Raises:
        InputError: the frames differ in size, or there is none.
    """
    if len({picture.shape for picture in pictures}) != 1:
        sizes = sorted({picture.shape[:2] for picture in pictures})
        raise InputError(f"a clip of {len(pictures)} frames of {sizes} pixels; expected at least one, all of one size")
    missing = -pictures[0].shape[0] % ROWS
    img = np.concatenate([np.pad(picture, ((0, missing), (0, 0), (0, 0))) for picture in pictures])
    item = {"img": img, "img_shape": img.shape[:2], "ori_shape": img.shape[:2], "clip_length": len(pictures)}
    if graphs is None:
        return item
    category = {node.attributes["object_id"]: node.category for graph in graphs for node in graph.nodes}
    place = {number: position for position, number in enumerate(sorted(category))}
    segments = np.concatenate(
        [np.pad(_numbered(graph, place), ((0, missing), (0, 0)), constant_values=-1) for graph in graphs]
    )
    labels = np.array([category[number] for number in place], dtype=np.int64)
    nodes = tuple(
        Node(position, int(label), Segment(mask))
        for position, (label, mask) in enumerate(zip(labels, masks_from_ids(segments, range(len(labels))), strict=True))
    )
    source = Source("image", graphs[0].source.uri, *segments.shape)
    return item | {
        "gt_seg_map": segments,
        "labels": labels,
        "relations": np.zeros((0, 3), dtype=np.int64),
        "graph": SceneGraph(source, nodes, (), graphs[0].vocabulary),
    }


def _numbered(graph: SceneGraph, place: dict[int, int]) -> Int16[np.ndarray, "height width"]:
    """Every pixel's object, by its place among the objects of the clip."""
    if not graph.nodes:
        return np.full(graph.source.size, -1, dtype=np.int16)
    own = paint([node.region.mask for node in graph.nodes], *graph.source.size)
    table = np.array([*(place[node.attributes["object_id"]] for node in graph.nodes), -1], dtype=np.int16)
    return table[own]
