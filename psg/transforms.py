"""From the files of one data set item to tensors.

Between loading and packing an item is a dict in the terms of mmcv and mmdet, so that their transforms
(`Resize`, `RandomChoiceResize`, `mmdet.PhotoMetricDistortion`, ...) fit in: `img` uint8 [h, w, 3] RGB,
`gt_seg_map` int16 [h, w] (position of the segment in the item, -1 where there is none), `labels`
int64 [n] and `relations` int64 [r, 3] (subject, predicate, object). One map stands for all masks:
it is flipped, cut and resized once, and masks exist only in the packed sample.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from jaxtyping import Int16, Int64
from mmcv.transforms import BaseTransform, RandomFlip
from mmengine.dataset import Compose
from mmengine.registry import TRANSFORMS
from mmengine.structures import InstanceData
from scipy.ndimage import find_objects
from torch import Tensor

from psg.samples import SceneGraphSample
from scenegraph import SceneGraph, Vocabulary
from scenegraph.images import read_image
from scenegraph.masks import paint

_CROP_ATTEMPTS = 10
"""Windows tried before a picture is left whole: most pictures have related pairs that lie close."""


def build_pipeline(steps: Sequence[dict[str, Any] | Callable]) -> Compose:
    """Transforms from their configs; those of mmdet are named `mmdet.NAME`."""
    # Found without mmdet's scope, which would first import all its data sets: seconds of every start.
    return Compose([TRANSFORMS.build({"_scope_": "mmengine", **s}) if isinstance(s, dict) else s for s in steps])


@TRANSFORMS.register_module()
class LoadScene(BaseTransform):
    """Read the picture, and draw the segment map if the item has a true graph.

    The picture comes from `img` (array or Pillow image) where given, else from `img_path`; with a
    graph it must have the size of its source. Adds `img`, `img_shape`, `ori_shape` and `gt_seg_map`.
    """

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class.

        Raises:
            InputError: the picture cannot be read, or has another size than its segments.
        """
        graph: SceneGraph | None = results.get("graph")
        source = results["img"] if results.get("img") is not None else results["img_path"]
        results["img"] = read_image(source, graph.source.size if graph else None)
        results["img_shape"] = results["ori_shape"] = results["img"].shape[:2]
        if graph is not None:
            masks = [node.region.mask for node in graph.nodes]
            results["gt_seg_map"] = np.ascontiguousarray(paint(masks, *graph.source.size).astype(np.int16))
        return results


@TRANSFORMS.register_module()
class SceneFlip(RandomFlip):
    """mmcv's RandomFlip that also exchanges mirrored predicates.

    Args:
        mirrored: pairs of predicate names that a horizontal flip turns into each other, such as
            ("left of", "right of"). PSG has none.
        prob: probability of a flip.
    """

    def __init__(self, mirrored: Sequence[tuple[str, str]] = (), prob: float = 0.5) -> None:
        super().__init__(prob=prob)
        self.mirrored = tuple(mirrored)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class."""
        results = super().transform(results)
        if results["flip"] and self.mirrored and len(results["relations"]):
            vocabulary: Vocabulary = results["graph"].vocabulary
            exchange = np.arange(len(vocabulary.predicates))
            for first, second in self.mirrored:
                pair = [vocabulary.predicate_id(first), vocabulary.predicate_id(second)]
                exchange[pair] = pair[::-1]
            results["relations"] = results["relations"].copy()
            results["relations"][:, 1] = exchange[results["relations"][:, 1]]
        return results


@TRANSFORMS.register_module()
class RelationCrop(BaseTransform):
    """Cut a random window in which at least one relation keeps both ends.

    As in OpenPSG's training of one-stage models (DETR's crop), but by pixels instead of boxes: a
    segment stays if the window holds a pixel of it. A picture without such a window is left whole.
    Draws come from numpy's global generator, which mmengine seeds in every worker.

    Args:
        crop_size: (low, high) pixels; height and width of the window are drawn from low to high, each
            at most the picture's.
    """

    def __init__(self, crop_size: tuple[int, int] = (384, 600)) -> None:
        self.low, self.high = crop_size

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class."""
        for _ in range(_CROP_ATTEMPTS):
            window = tuple(self._side(length) for length in results["img"].shape[:2])
            segments = results["gt_seg_map"][window]
            seen = np.bincount(segments.ravel() + 1, minlength=len(results["labels"]) + 1)[1:] > 0
            if seen[results["relations"][:, [0, 2]]].all(axis=1).any():
                results["gt_seg_map"] = segments
                results["img"] = results["img"][window]
                results["img_shape"] = results["img"].shape[:2]
                break
        return results

    def _side(self, length: int) -> slice:
        size = np.random.randint(min(length, self.low), min(length, self.high) + 1)
        start = np.random.randint(length - size + 1)
        return slice(start, start + size)


@TRANSFORMS.register_module()
class PackScene(BaseTransform):
    """Make `{"inputs": uint8 [3, h, w], "data_samples": SceneGraphSample}`.

    Segments that have no pixel left (cut off, or too small after resizing) are dropped with their
    relations, and the indexes of the others close up. Boxes are those of the masks.

    Args:
        meta_keys: what the sample's metainfo takes from the item where it is there.
    """

    def __init__(
        self,
        meta_keys: Sequence[str] = ("img_id", "img_path", "ori_shape", "img_shape", "scale_factor", "flip"),
    ) -> None:
        self.meta_keys = tuple(meta_keys)

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class."""
        sample = SceneGraphSample()
        meta = {"scale_factor": (1.0, 1.0), "flip": False}
        meta.update((key, results[key]) for key in self.meta_keys if key in results)
        sample.set_metainfo(meta)
        if results.get("gt_seg_map") is not None:
            _add_truth(sample, results["gt_seg_map"], results["labels"], results["relations"])
        if results.get("graph") is not None:
            sample.graph = results["graph"]
        pixels = results["img"].transpose(2, 0, 1).copy()  # a picture of one pixel would stay the read-only one
        return {"inputs": torch.from_numpy(pixels), "data_samples": sample}


def _add_truth(
    sample: SceneGraphSample,
    segments: Int16[np.ndarray, "h w"],
    labels: Int64[np.ndarray, " n"],
    relations: Int64[np.ndarray, "r 3"],
) -> None:
    slices = find_objects(segments + 1, max_label=len(labels))
    kept = np.array([place for place, box in enumerate(slices) if box is not None], dtype=np.int64)
    boxes = [(columns.start, rows.start, columns.stop, rows.stop) for rows, columns in filter(None, slices)]
    renumbered = np.full(len(labels), -1, dtype=np.int64)
    renumbered[kept] = np.arange(len(kept))
    relations = relations.copy()
    relations[:, [0, 2]] = renumbered[relations[:, [0, 2]]]
    relations = relations[(relations[:, [0, 2]] >= 0).all(axis=1)]
    sample.gt_instances = InstanceData(
        labels=torch.from_numpy(labels[kept]),
        bboxes=torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4),
        masks=_masks(torch.from_numpy(np.ascontiguousarray(segments)), torch.from_numpy(kept)),
    )
    sample.gt_relations = torch.from_numpy(relations)


def _masks(segments: Tensor, kept: Tensor) -> Tensor:
    return segments[None] == kept[:, None, None].to(segments.dtype)
