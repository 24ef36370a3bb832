"""A segmenter that needs no weights, and trained relation models."""

import numpy as np

from psg.segmenters import PanopticMap, Segmenter

FEATURES = 32


class Halves(Segmenter):
    """The upper half is sky, the lower grass; a bright spot is a ball. A black picture holds nothing."""

    max_pixels = None

    def __init__(self, vocabulary):
        self._vocabulary = vocabulary

    @property
    def vocabulary(self):
        return self._vocabulary

    def _segment(self, images, names):
        return [self._map(image) for image in images]

    def _map(self, image):
        ids = np.zeros(image.shape[:2], dtype=np.int32)
        ids[len(ids) // 2 :] = 1
        ids[image[..., 0] > 200] = 2
        kinds = [self.vocabulary.category_id(name) for name in ("sky", "grass", "ball")]
        if not image.any():
            ids[:] = -1
        features = np.eye(3, FEATURES, dtype=np.float32)
        return PanopticMap.of_ids(ids, kinds, [0.9, 0.8, 0.95], self.vocabulary, features)
