"""What travels between the frames of points, the model and the metric: one cloud with its truth and what was found."""

from typing import Any

import numpy as np
from mmengine.structures import BaseDataElement
from torch import Tensor

from scenegraph import SceneGraph


class PointSample(BaseDataElement):
    """One cloud of n points, without the points.

    Metainfo: `ori_shape` (height, width) of the frame.
    """

    semantic: Tensor
    """int64 [n]: class of every point, -1: unlabelled."""
    instance: Tensor
    """int64 [n]: number of the thing that a point belongs to, -1: none."""
    segment: Tensor
    """int64 [n]: position in `graph.nodes` of the node that a point belongs to, -1: none."""
    pixels: Tensor
    """int64 [n]: the pixel of every point, row by row."""
    graph: SceneGraph
    """The true graph of the frame."""
    found: Any
    """`psg4d.points.model.PointSegments`."""


def segment_map(sample: PointSample) -> np.ndarray:
    """int32 [height, width]: the segment that was found at every pixel; -1 where there is none, or no depth."""
    ids = np.full(int(np.prod(sample.ori_shape)), -1, dtype=np.int32)
    ids[sample.pixels.cpu().numpy()] = sample.found.segment.cpu().numpy()
    return ids.reshape(sample.ori_shape)
