"""Square pictures of single segments, as encoders that were trained on photos want them."""

from typing import Literal

import numpy as np
from jaxtyping import UInt8

from scenegraph import InputError, Segment
from scenegraph.mask_geometry import window

Crop = Literal["boxed", "masked"]
CROPS: tuple[Crop, ...] = ("boxed", "masked")

MARGIN = 0.1
"""Of the longer side, on every side: some surroundings tell a ball from an orange."""

FILL = (122, 116, 104)
"""CLIP's mean colour: zero after its normalisation."""


def crop(
    image: UInt8[np.ndarray, "height width 3"], segment: Segment, how: Crop = "boxed", margin: float = MARGIN
) -> UInt8[np.ndarray, "side side 3"]:
    """The square around a segment; what lies outside of the picture is filled with `FILL`.

    Args:
        image: the picture.
        segment: a segment of it.
        how: "boxed" keeps the surroundings, "masked" fills them; a segment without mask is boxed.
        margin: in shares of the longer side of the box.

    Raises:
        InputError: the segment is empty or lies outside of the picture, or `how` is unknown.
    """
    if how not in CROPS:
        raise InputError(f"crop {how!r}: expected {' or '.join(CROPS)}")
    if not 0 <= margin <= 10:  # false for NaN too
        raise InputError(f"margin {margin}: expected a share from 0 to 10")
    x1, y1, x2, y2 = segment.box
    height, width = image.shape[:2]
    if segment.area == 0 or x1 >= width or y1 >= height or x2 <= 0 or y2 <= 0:
        raise InputError("the segment has no pixels in the picture")
    side = max(1, round(max(x2 - x1, y2 - y1) * (1 + 2 * margin)))
    left, top = round((x1 + x2 - side) / 2), round((y1 + y2 - side) / 2)
    rows, columns = slice(max(top, 0), min(top + side, height)), slice(max(left, 0), min(left + side, width))
    part = image[rows, columns]
    if how == "masked" and segment.mask is not None:
        kept = window(segment.mask, rows.start, columns.start, *part.shape[:2]).array()
        part = np.where(kept[..., None], part, np.array(FILL, dtype=np.uint8))
    square = np.full((side, side, 3), FILL, dtype=np.uint8)
    square[rows.start - top : rows.stop - top, columns.start - left : columns.stop - left] = part
    return square
