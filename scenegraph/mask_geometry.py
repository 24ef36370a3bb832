"""Cutting, placing, resizing and joining masks, on their runs: no mask is decoded.

A mask of 6000 x 8000 pixels is some thousands of runs; a picture of that size is put together from
tiles, or a small map enlarged to it, in milliseconds and without an array of its size.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from jaxtyping import Int64

from scenegraph.errors import InputError
from scenegraph.masks import Box, Mask


class _Pieces(NamedTuple):
    """Runs of ones, each within one column: rows `tops` to `bottoms` (exclusive)."""

    columns: Int64[np.ndarray, " pieces"]
    tops: Int64[np.ndarray, " pieces"]
    bottoms: Int64[np.ndarray, " pieces"]


def window(mask: Mask, top: int, left: int, height: int, width: int) -> Mask:
    """What a window sees of a mask; beyond the mask it sees zeros.

    With a negative `top` and `left` a mask is placed in a larger picture.

    >>> mask = Mask.from_array(np.array([[0, 1], [1, 1]], dtype=bool))
    >>> window(mask, -1, -2, 4, 5).box, window(mask, 1, 0, 1, 2).area
    ((2.0, 1.0, 4.0, 3.0), 2)
    """
    columns, tops, bottoms = _pieces(mask)
    columns = columns - left
    tops, bottoms = (tops - top).clip(0, height), (bottoms - top).clip(0, height)
    seen = (columns >= 0) & (columns < width) & (tops < bottoms)
    return _mask(_Pieces(columns[seen], tops[seen], bottoms[seen]), height, width)


def resized(mask: Mask, height: int, width: int) -> Mask:
    """The mask of the picture at another size: every pixel takes the value of the nearest one.

    Masks that do not overlap do not overlap afterwards; thin ones may vanish when they shrink.

    >>> resized(Mask.from_array(np.array([[0, 1]], dtype=bool)), 2, 6).box
    (3.0, 0.0, 6.0, 2.0)
    """
    columns, tops, bottoms = _pieces(mask)
    rows, places = _first_after(mask.height, height), _first_after(mask.width, width)
    tops, bottoms, start = rows[tops], rows[bottoms], places[columns]
    copies = np.where(tops < bottoms, places[columns + 1] - start, 0)
    piece = np.repeat(np.arange(len(columns)), copies)
    columns = start[piece] + np.arange(len(piece)) - np.repeat(np.cumsum(copies) - copies, copies)
    return _mask(_Pieces(columns, tops[piece], bottoms[piece]), height, width)


def union(masks: Sequence[Mask], height: int, width: int) -> Mask:
    """The pixels of any of the masks; no mask at all gives an empty one.

    Raises:
        InputError: a mask has another size.
    """
    if any(mask.size != (height, width) for mask in masks):
        sizes = sorted({mask.size for mask in masks})
        raise InputError(f"masks of {sizes} cannot be joined in a picture of {height} x {width}")
    if not masks:
        return _joined(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), height, width)
    starts = np.concatenate([mask.starts for mask in masks])
    return _joined(starts, np.concatenate([mask.stops for mask in masks]), height, width)


def core_box(mask: Mask, left_out: float) -> Box:
    """The box (xyxy, pixels) of what remains of a mask without a share of its pixels at each of its four sides.

    Unlike the tight box it stays where it is when some pixels far away are taken for the thing.

    Args:
        mask: the mask.
        left_out: share of the pixels, from 0 (the tight box) to below 0.5.

    Returns:
        The box; (0, 0, 0, 0) for an empty mask.

    >>> bits = np.zeros((4, 30), dtype=bool)
    >>> bits[:, 3:8] = bits[0, 29] = True
    >>> mask = Mask.from_array(bits)
    >>> mask.box, core_box(mask, 0.05)
    ((3.0, 0.0, 30.0, 4.0), (3.0, 0.0, 8.0, 4.0))
    """
    columns, tops, bottoms = _pieces(mask)
    if not len(columns):
        return mask.box
    steps = np.bincount(tops, minlength=mask.height + 1) - np.bincount(bottoms, minlength=mask.height + 1)
    pixels = (np.bincount(columns, weights=bottoms - tops), np.cumsum(steps)[:-1])
    low, high = left_out * mask.area, (1 - left_out) * mask.area
    left, top = (float(np.searchsorted(np.cumsum(each), low, side="right")) for each in pixels)
    right, bottom = (float(np.searchsorted(np.cumsum(each), high)) + 1 for each in pixels)
    return (left, top, right, bottom)


def _pieces(mask: Mask) -> _Pieces:
    starts, stops, height = mask.starts, mask.stops, max(mask.height, 1)
    first = starts // height
    count = (stops - 1) // height - first + 1
    run = np.repeat(np.arange(len(starts)), count)
    columns = first[run] + np.arange(len(run)) - np.repeat(np.cumsum(count) - count, count)
    tops = np.maximum(starts[run] - columns * height, 0)
    return _Pieces(columns, tops, np.minimum(stops[run] - columns * height, height))


def _first_after(given: int, wanted: int) -> Int64[np.ndarray, " given_and_one"]:
    """For k = 0 to `given` the first of `wanted` places whose nearest place among `given` is k or later."""
    nearest = (2 * np.arange(wanted) + 1) * given // (2 * wanted) if wanted else np.zeros(0, dtype=np.int64)
    return np.searchsorted(nearest, np.arange(given + 1)).astype(np.int64)


def _mask(pieces: _Pieces, height: int, width: int) -> Mask:
    offset = pieces.columns * height
    return _joined(offset + pieces.tops, offset + pieces.bottoms, height, width)


def _joined(starts: Int64[np.ndarray, " n"], stops: Int64[np.ndarray, " n"], height: int, width: int) -> Mask:
    """The mask of stretches that may overlap and come in any order."""
    order = np.argsort(starts, kind="stable")
    starts, reached = starts[order], np.maximum.accumulate(stops[order])
    opens = np.ones(len(starts), dtype=bool)
    opens[1:] = starts[1:] > reached[:-1]
    closes = np.roll(opens, -1)
    edges = np.stack([starts[opens], reached[closes]], axis=1).ravel()
    return Mask(height, width, np.diff(np.concatenate(([0], edges, [height * width]))))
