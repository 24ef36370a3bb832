"""Depth as a fourth channel of pictures, so that flips and cuts of mmcv and `psg.transforms` move both together."""

from typing import Any

import mmcv
import numpy as np
from mmcv.transforms import BaseTransform, Resize
from mmengine.registry import TRANSFORMS

from scenegraph import InputError


@TRANSFORMS.register_module()
class StackDepth(BaseTransform):
    """Append `depth` (float [h, w] metres, 0 or NaN: none; or None: none at all) to `img`: float32 [h, w, 4].

    Comes after `psg.transforms.LoadScene`.
    """

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class.

        Raises:
            InputError: depth has another size than colour, or is negative somewhere.
        """
        image, depth = results["img"], results.get("depth")
        if depth is None:
            depth = np.zeros(image.shape[:2], dtype=np.float32)
        if depth.shape != image.shape[:2]:
            raise InputError(
                f"depth is {depth.shape} (height, width), colour {image.shape[:2]}; register depth to colour"
            )
        depth = np.nan_to_num(depth.astype(np.float32), nan=0.0, posinf=0.0)
        if (depth < 0).any():
            raise InputError("depth holds negative numbers; expected metres, 0 where there is none")
        results["img"] = np.concatenate([image.astype(np.float32), depth[..., None]], axis=2)
        results.pop("depth", None)
        return results


@TRANSFORMS.register_module()
class ResizeRGBD(Resize):
    """mmcv's Resize in which depth takes the nearest pixel: a mean of near and far is nowhere.

    Comes after `StackDepth`; options as of mmcv's Resize.
    """

    def _resize_img(self, results: dict) -> None:
        depth = np.ascontiguousarray(results["img"][..., 3])
        results["img"] = np.ascontiguousarray(results["img"][..., :3])
        super()._resize_img(results)
        size = results["img"].shape[1], results["img"].shape[0]
        depth = mmcv.imresize(depth, size, interpolation="nearest", backend=self.backend)
        results["img"] = np.concatenate([results["img"], depth[..., None]], axis=2)


@TRANSFORMS.register_module()
class LoseDepth(BaseTransform):
    """Take depth away in a random window, and sometimes everywhere, as sensors do at glass, at edges and outdoors.

    Comes after `StackDepth`. Draws come from numpy's global generator, which mmengine seeds in every worker.

    Args:
        window: probability that a window is lost.
        all_of_it: probability that the whole frame has no depth.
        largest: sides of the window at most, as a share of those of the picture.
    """

    def __init__(self, window: float = 0.3, all_of_it: float = 0.05, largest: float = 0.5) -> None:
        self.window, self.all_of_it, self.largest = window, all_of_it, largest

    def transform(self, results: dict[str, Any]) -> dict[str, Any]:
        """See the class."""
        chance = np.random.rand()
        if chance < self.all_of_it:
            results["img"][..., 3] = 0
        elif chance < self.all_of_it + self.window:
            rows, columns = (self._side(length) for length in results["img"].shape[:2])
            results["img"][rows, columns, 3] = 0
        return results

    def _side(self, length: int) -> slice:
        size = np.random.randint(1, max(2, int(length * self.largest)))
        start = np.random.randint(length - size + 1)
        return slice(start, start + size)
