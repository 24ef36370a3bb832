"""What colours segments have: shares of pixels, for knowing a thing again.

Queries are taught what a thing is, not which one: after 20 frames the features of one thing are no more alike than
those of two of its class. Its colours are (`docs/results/psg4d_models.md` has both figures).

Two rows are compared by their scalar product, the Bhattacharyya coefficient of the shares, as in Comaniciu, Ramesh and
Meer, "Kernel-Based Object Tracking", PAMI 2003, section 3.1.
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Float32, Integer, UInt8

from psg.segmenters.maps import PanopticMap

LEVELS = 8
"""Of red, green and blue each: 512 colours, so that light that changes a little leaves most pixels where they were."""


def colour_rows(
    ids: Integer[np.ndarray, "height width"], picture: UInt8[np.ndarray, "height width 3"], count: int
) -> Float32[np.ndarray, "count colours"]:
    """Square roots of the shares of colours among the pixels of every segment: rows of length 1, zeros without pixels.

    >>> picture = np.array([[[255, 0, 0], [255, 0, 0], [0, 0, 255]]], dtype=np.uint8)
    >>> rows = colour_rows(np.array([[0, 1, 1]]), picture, 2)
    >>> (rows @ rows.T).astype(float).round(3).tolist()
    [[1.0, 0.707], [0.707, 1.0]]

    Args:
        ids: number of the segment of every pixel; others than 0 to count - 1: none.
        picture: RGB.
        count: segments.
    """
    level = (picture // (256 // LEVELS)).astype(np.uint16)
    colour = (level[..., 0] * LEVELS + level[..., 1]) * LEVELS + level[..., 2]
    inside = (ids >= 0) & (ids < count)
    width = LEVELS**3
    pixels = np.bincount(ids[inside].astype(np.int64) * width + colour[inside], minlength=count * width)
    pixels = pixels.reshape(count, width)
    return np.sqrt(pixels / np.maximum(pixels.sum(axis=1, keepdims=True), 1)).astype(np.float32)


def coloured(found: PanopticMap, picture: UInt8[np.ndarray, "height width 3"]) -> PanopticMap:
    """The map with the colours of its segments.

    Args:
        found: of the picture.
        picture: of the size of the map.
    """
    return replace(found, colours=colour_rows(found.ids, picture, len(found.nodes)))
