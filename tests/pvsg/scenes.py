"""Videos of rectangles that move, as panoptic maps: what trackers are tested on."""

import numpy as np

from psg.segmenters import PanopticMap, Segmenter
from pvsg.frames import PVSGFrames
from scenegraph import Mask, Node, Segment
from tests.factories import VOCABULARY

SIZE = (60, 90)
CLIPS = [{"type": "PackScene", "meta_keys": ("img_id", "ori_shape", "img_shape", "clip_length")}]
"""The pipeline of `PVSGClips`."""


def dataset(path, kind=PVSGFrames, pipeline=({"type": "LoadScene"}, {"type": "PackScene"}), **options):
    """Frames or clips of a pvsg.json."""
    return kind(ann_file=str(path), pipeline=pipeline, **options)


def block(x, y, width=10, height=10, size=SIZE):
    """A rectangle with its upper left corner at (x, y), cut at the border."""
    array = np.zeros(size, dtype=bool)
    array[max(y, 0) : max(y + height, 0), max(x, 0) : max(x + width, 0)] = True
    return Mask.from_array(array)


def picture(*segments, features=None, size=SIZE, vocabulary=VOCABULARY):
    """A map of (category, mask) or (category, mask, score)."""
    nodes = tuple(Node(i, each[0], Segment(each[1]), *each[2:]) for i, each in enumerate(segments))
    return PanopticMap(*size, nodes, vocabulary, None if features is None else np.array(features, dtype=np.float32))


class Listed(Segmenter):
    """A segmenter that gives maps in order, whatever the pictures show."""

    max_pixels = None

    def __init__(self, maps):
        self.maps = iter(maps)
        self.seen = 0

    @property
    def vocabulary(self):
        return VOCABULARY

    def _segment(self, images, names):
        self.seen += len(images)
        return [next(self.maps) for _ in images]
