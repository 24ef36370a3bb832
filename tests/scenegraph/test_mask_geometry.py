"""Cutting, placing, resizing and joining masks, against the same on decoded arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegraph import InputError, Mask
from scenegraph.mask_geometry import core_box, resized, union, window

SIDES = st.integers(0, 7)


@st.composite
def bitmaps(draw, sides=SIDES):
    return draw(arrays(bool, (draw(sides), draw(sides))))


@given(bitmaps(), st.integers(-5, 8), st.integers(-5, 8), SIDES, SIDES)
def test_a_window_is_a_slice_of_the_padded_array(bits, top, left, height, width):
    padded = np.pad(bits, 20)
    expected = padded[20 + top : 20 + top + height, 20 + left : 20 + left + width]
    seen = window(Mask.from_array(bits), top, left, height, width)
    assert seen.size == (height, width)
    assert np.array_equal(seen.array(), expected)


@given(bitmaps(st.integers(1, 7)), SIDES, SIDES)
def test_resizing_takes_the_nearest_pixel(bits, height, width):
    rows = [int((row + 0.5) * bits.shape[0] / height) for row in range(height)]
    columns = [int((column + 0.5) * bits.shape[1] / width) for column in range(width)]
    found = resized(Mask.from_array(bits), height, width)
    assert np.array_equal(found.array(), bits[np.ix_(rows, columns)])


@given(st.lists(arrays(bool, (4, 5)), max_size=4))
def test_a_union_is_a_logical_or(several):
    expected = np.logical_or.reduce(several) if several else np.zeros((4, 5), dtype=bool)
    assert np.array_equal(union([Mask.from_array(bits) for bits in several], 4, 5).array(), expected)


def test_masks_of_other_sizes_are_not_joined():
    with pytest.raises(InputError, match=r"\(2, 3\).*4 x 5"):
        union([Mask.from_array(np.ones((2, 3), dtype=bool))], 4, 5)


@given(bitmaps(), st.floats(0, 0.45))
def test_a_core_box_leaves_out_a_share_at_every_side(bits, left_out):
    mask = Mask.from_array(bits)
    left, top, right, bottom = (int(edge) for edge in core_box(mask, left_out))
    if not mask.area:
        assert core_box(mask, left_out) == mask.box
        return
    for low, high, axis in ((left, right, 0), (top, bottom, 1)):
        pixels = bits.sum(axis=axis)
        beyond = (pixels[:low].sum(), pixels[high:].sum())
        assert max(beyond) <= left_out * mask.area + 1e-9
        assert min(beyond[0] + pixels[low], beyond[1] + pixels[high - 1]) >= left_out * mask.area - 1e-9
        assert pixels[low] and pixels[high - 1]
    assert core_box(mask, 0.0) == mask.box


def test_a_mask_without_pixels():
    empty = Mask.from_array(np.zeros((0, 3), dtype=bool))
    assert window(empty, 0, 0, 2, 2).area == resized(empty, 4, 4).area == 0
    assert union([], 2, 2).counts.tolist() == [4]
