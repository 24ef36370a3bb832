"""From a frame with depth to points with colours and labels."""

from typing import Any

import numpy as np
import torch
from mmcv.transforms import BaseTransform
from mmengine.registry import TRANSFORMS

from psg4d.points.samples import PointSample
from scenegraph import Camera, InputError, SceneGraph


@TRANSFORMS.register_module()
class PackPoints(BaseTransform):
    """Make `{"inputs": float32 [n, 6], "data_samples": PointSample}`; comes after `psg.transforms.LoadScene`.

    The item has `img` uint8 [h, w, 3], `depth` float [h, w] in metres, `camera`, and, where the truth is known,
    `gt_seg_map` and `labels`. Points are those of the camera: x, y, z in metres, then red, green, blue from -1 to 1.
    Pixels without depth give no points.

    Args:
        nearest: metres; nearer depth is left out.
        farthest: metres; farther depth is left out.
        most: points at most; of more, a random part.
        flip: mirror half of the clouds.
        shift: standard deviation in metres of a shift of the whole cloud, so that cubes fall differently.
        flying: standard deviation of a shift of single points, metres.
    """

    def __init__(
        self,
        nearest: float = 0.05,
        farthest: float = 30.0,
        most: int = 250_000,
        flip: bool = False,
        shift: float = 0.0,
        flying: float = 0.0,
    ) -> None:
        self.nearest, self.farthest, self.most = nearest, farthest, most
        self.flip, self.shift, self.flying = flip, shift, flying

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class.

        Raises:
            InputError: the camera is not known, or depth has another size than colour.
        """
        image, depth = results["img"], results.get("depth")
        camera: Camera | None = results.get("camera")
        if camera is None:
            raise InputError("a cloud needs the intrinsics of its camera")
        if depth is None or depth.shape != image.shape[:2]:
            came = "missing" if depth is None else f"{depth.shape} (height, width)"
            raise InputError(f"depth is {came}, colour {image.shape[:2]}; a cloud needs both of one size")
        depth = np.nan_to_num(depth, nan=0.0, posinf=0.0)
        pixels = np.flatnonzero((depth > self.nearest) & (depth < self.farthest))
        if len(pixels) > self.most:
            pixels = np.sort(np.random.permutation(pixels)[: self.most])
        points = camera.points(depth).reshape(-1, 3)[pixels].astype(np.float32)
        colours = image.reshape(-1, 3)[pixels].astype(np.float32) / 127.5 - 1
        cloud = np.concatenate([self._moved(points), colours], axis=1)
        sample = PointSample()
        sample.set_metainfo({"ori_shape": tuple(image.shape[:2])})
        sample.pixels = torch.from_numpy(pixels)
        self._label(sample, results, pixels)
        return {"inputs": torch.from_numpy(cloud), "data_samples": sample}

    def _moved(self, points: np.ndarray) -> np.ndarray:
        points = points + np.random.normal(size=3).astype(np.float32) * self.shift
        if self.flying:
            points = points + np.random.normal(size=points.shape).astype(np.float32) * self.flying
        if self.flip and np.random.rand() < 0.5:
            points = points * np.array([-1, 1, 1], dtype=np.float32)
        return points.astype(np.float32)

    @staticmethod
    def _label(sample: PointSample, results: dict[str, Any], pixels: np.ndarray) -> None:
        graph: SceneGraph | None = results.get("graph")
        if graph is None:
            return
        segment = results["gt_seg_map"].ravel()[pixels].astype(np.int64)
        labels = np.append(results["labels"], -1)  # the last one for points of no segment
        semantic = labels[segment]
        thing = (semantic >= 0) & (semantic < len(graph.vocabulary.things))
        sample.segment = torch.from_numpy(segment)
        sample.semantic = torch.from_numpy(semantic)
        sample.instance = torch.from_numpy(np.where(thing, segment, -1))
        sample.set_field(graph, "graph")
