"""Run-length masks against pycocotools and against decoded arrays; corrupted text, zero sizes, huge claims."""

import pickle

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco

from scenegraph import InputError, Mask
from scenegraph.masks import intersections, iou_matrix, iou_of, overlapping, paint, unions
from scenegraph.rle import decode_counts, encode_counts

# The type checker looks at random elements of the sequences that strategies build.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")


@st.composite
def arrays(draw, min_count=0, max_count=4, min_side=0, max_side=6):
    """A stack of masks of one size, overlapping or not, empty or full."""
    height, width = draw(st.integers(min_side, max_side)), draw(st.integers(min_side, max_side))
    count = draw(st.integers(min_count, max_count))
    bits = draw(st.lists(st.booleans(), min_size=count * height * width, max_size=count * height * width))
    return np.array(bits, dtype=bool).reshape(count, height, width)


@st.composite
def id_maps(draw, max_ids=5):
    height, width = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    ids = draw(st.lists(st.integers(-1, max_ids - 1), min_size=height * width, max_size=height * width))
    return np.array(ids, dtype=np.int64).reshape(height, width)


def masks_of(stack):
    return [Mask.from_array(array) for array in stack]


@settings(max_examples=150, deadline=None)
@given(arrays(min_count=1, max_count=1))
def test_decoding_gives_the_array_back(stack):
    mask = Mask.from_array(stack[0])
    assert np.array_equal(mask.array(), stack[0])
    assert mask.area == stack[0].sum()
    assert mask.size == stack[0].shape
    assert Mask.from_coco(mask.to_coco()) == mask
    assert pickle.loads(pickle.dumps(mask)) == mask


@settings(max_examples=150, deadline=None)
@given(arrays(min_count=1, max_count=1, min_side=1))
def test_equals_pycocotools(stack):
    """Their text is our text, their area and box are ours, and each reads what the other wrote."""
    theirs = coco.encode(np.asfortranarray(stack[0].astype(np.uint8)))
    mask = Mask.from_array(stack[0])
    assert mask.to_coco()["counts"] == theirs["counts"].decode()
    assert np.array_equal(coco.decode(mask.to_coco()), stack[0])
    assert Mask.from_coco(theirs) == mask
    assert mask.area == coco.area(theirs)
    x, y, width, height = coco.toBbox(theirs).tolist()
    assert mask.box == (x, y, x + width, y + height)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1, 7, 300, 2000]), st.sampled_from([1, 5, 200]))
def test_large_masks_equal_pycocotools(seed, height, width):
    random = np.random.default_rng(seed)
    array = random.random((height, width)) < random.random() ** 3
    theirs = coco.encode(np.asfortranarray(array.astype(np.uint8)))
    assert Mask.from_array(array).to_coco()["counts"] == theirs["counts"].decode()
    assert np.array_equal(Mask.from_coco(theirs).array(), array)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2**31), max_size=30))
def test_counts_survive_their_text(counts):
    assert decode_counts(encode_counts(np.array(counts, dtype=np.int64))).tolist() == counts


def test_uncompressed_counts_are_read():
    mask = Mask.from_coco({"size": [2, 2], "counts": [1, 2, 1]})
    assert mask.array().tolist() == [[False, True], [True, False]]


@settings(max_examples=100, deadline=None)
@given(arrays(max_count=7), st.integers(0, 7))
def test_intersections_equal_decoded_ones(stack, cut):
    first, second = stack[:cut], stack[cut:]
    shared = intersections(masks_of(first), masks_of(second))
    expected = (first[:, None] & second[None]).sum(axis=(2, 3))
    assert np.array_equal(shared, expected)
    union = (first[:, None] | second[None]).sum(axis=(2, 3))
    iou = np.divide(expected, union, out=np.zeros(expected.shape), where=union > 0)
    assert np.allclose(iou_matrix(masks_of(first), masks_of(second)), iou, atol=1e-15)
    assert np.array_equal(iou_of(shared, masks_of(first), masks_of(second)), iou)


@settings(max_examples=60, deadline=None)
@given(id_maps(), st.integers(0, 3), st.integers(0, 2**32 - 1))
def test_intersections_of_an_id_map(ids, count, seed):
    """The fast way for masks without overlap, on either side, and pycocotools' IoU."""
    first = [ids == each for each in range(5)]
    second = list(np.random.default_rng(seed).random((count, *ids.shape)) < 0.5)
    expected = np.array([[(a & b).sum() for b in second] for a in first], dtype=np.int64).reshape(5, len(second))
    assert np.array_equal(intersections(masks_of(first), masks_of(second)), expected)
    assert np.array_equal(intersections(masks_of(second), masks_of(first)), expected.T)
    if ids.size and second:
        coded = [[mask.to_coco() for mask in masks_of(stack)] for stack in (first, second)]
        theirs = np.array(coco.iou(*coded, [0] * len(second)))
        assert np.allclose(iou_matrix(masks_of(first), masks_of(second)), np.nan_to_num(theirs), atol=1e-12)


def test_intersections_of_nothing():
    one = Mask.from_array(np.ones((2, 3), dtype=bool))
    assert intersections([], []).shape == (0, 0)
    assert intersections([one], []).shape == (1, 0)
    assert iou_matrix([], [one, one]).shape == (0, 2)
    no_pixels = Mask.from_array(np.zeros((0, 0), dtype=bool))
    assert iou_matrix([no_pixels], [no_pixels]).tolist() == [[0.0]]
    empty = Mask.from_array(np.zeros((2, 3), dtype=bool))
    assert iou_matrix([one, empty], [empty, one]).tolist() == [[0.0, 1.0], [0.0, 0.0]]


def test_masks_of_different_size_are_not_compared():
    with pytest.raises(InputError, match="different sizes"):
        intersections([Mask.from_array(np.ones((2, 3), dtype=bool))], [Mask.from_array(np.ones((3, 2), dtype=bool))])


@settings(max_examples=60, deadline=None)
@given(arrays(min_count=1), st.data())
def test_unions(stack, data):
    place = st.integers(0, len(stack) - 1)
    pairs = np.array(data.draw(st.lists(st.tuples(place, place), max_size=4)), dtype=np.int64).reshape(-1, 2)
    joined = unions(masks_of(stack), pairs)
    assert len(joined) == len(pairs)
    for mask, (a, b) in zip(joined, pairs, strict=True):
        assert np.array_equal(mask.array(), stack[a] | stack[b])
        assert mask == Mask.from_array(stack[a] | stack[b])


@settings(max_examples=60, deadline=None)
@given(arrays())
def test_paint_and_overlapping(stack):
    ids = paint(masks_of(stack), *stack.shape[1:])
    expected = np.full(stack.shape[1:], -1)
    for place, array in enumerate(stack):
        expected[array] = place
    assert np.array_equal(ids, expected)
    assert overlapping(masks_of(stack)) == bool((stack.sum(axis=0) > 1).any())


@pytest.mark.parametrize(("height", "width"), [(0, 0), (0, 5), (5, 0)])
def test_no_pixels(height, width):
    mask = Mask.from_array(np.zeros((height, width), dtype=bool))
    assert mask.area == 0 and mask.box == (0, 0, 0, 0)
    assert mask.array().shape == (height, width)
    assert Mask.from_coco(mask.to_coco()) == mask
    assert hash(Mask(height, width, np.zeros(0, dtype=np.int64))) == hash(mask)
    assert paint([mask], height, width).shape == (height, width)
    assert paint([], height, width).shape == (height, width)


def test_equal_masks_may_be_coded_differently():
    """Runs of length 0 in the middle do not make another mask."""
    split, whole = Mask(1, 4, np.array([0, 1, 0, 1, 2])), Mask(1, 4, np.array([0, 2, 2]))
    assert np.array_equal(split.array(), whole.array())
    assert split == whole and hash(split) == hash(whole)
    assert split.area == whole.area and split.box == whole.box
    assert iou_matrix([split], [whole]).tolist() == [[1.0]]
    assert not overlapping([split, Mask(1, 4, np.array([2, 2]))])
    assert unions([split, whole], np.array([[0, 1]]))[0] == whole
    assert whole != Mask(4, 1, np.array([0, 2, 2])) and whole != "another thing"


def test_a_mask_cannot_be_changed():
    mask = Mask.from_array(np.ones((2, 2), dtype=bool))
    with pytest.raises(ValueError, match="read-only"):
        mask.counts[0] = 3


@pytest.mark.parametrize(
    ("coded", "message"),
    [
        ({}, "must be"),
        ({"size": [2, 2]}, "must be"),
        ({"size": 4, "counts": "04"}, "must be"),
        ({"size": [2], "counts": "04"}, "must be"),
        ({"size": [2, "x"], "counts": "04"}, "must be"),
        ({"size": [2, None], "counts": "04"}, "must be"),
        ({"size": [2, float("inf")], "counts": "04"}, "must be"),
        ({"size": [-2, -2], "counts": "4"}, "not possible"),
        ({"size": [2, 2], "counts": "05"}, "needs 4"),
        ({"size": [2, 2], "counts": "0"}, "needs 4"),
        ({"size": [2, 2], "counts": ""}, "needs 4"),
        ({"size": [2, 2], "counts": "é"}, "not ASCII"),
        ({"size": [2, 2], "counts": b"\xff"}, "ASCII"),
        ({"size": [2, 2], "counts": "0 "}, "outside"),
        ({"size": [2, 2], "counts": "0p"}, "outside"),
        ({"size": [2, 2], "counts": "0P"}, "cut off"),
        ({"size": [2, 2], "counts": "oooooooooo0"}, "more than 35 bits"),
        ({"size": [2, 2], "counts": [1.5, 2.5]}, "whole numbers"),
        ({"size": [2, 2], "counts": [5, -1]}, "negative"),
        ({"size": [2, 2], "counts": ["a"]}, "whole numbers"),
        ({"size": [2, 2], "counts": [[1], [2, 1]]}, "whole numbers"),
        ({"size": [2, 2], "counts": None}, "whole numbers"),
        ({"size": [2, 2], "counts": [2**63]}, "negative"),
        ({"size": [2, 2], "counts": [2**70]}, "whole numbers"),
        ({"size": [2, 2], "counts": [True, True]}, "whole numbers"),
        ({"size": [2, 2], "counts": [2**62, 2**62, 2**62, 2**62, 4]}, "needs 4"),
        ({"size": [2**31, 2**33], "counts": [0]}, "at most"),
        ({"size": [10**9, 10**9], "counts": [10**18]}, "at most"),
    ],
)
def test_broken_masks(coded, message):
    with pytest.raises(InputError, match=message):
        Mask.from_coco(coded)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet=[chr(code) for code in range(47, 113)], max_size=12))
def test_any_text_is_a_mask_or_an_error(text):
    """Whatever stands in a file: a mask that decodes, or a message; never a traceback."""
    try:
        mask = Mask.from_coco({"size": [5, 7], "counts": text})
    except InputError:
        return
    assert mask.array().shape == (5, 7)
    assert mask.area == mask.array().sum()


def test_writing_counts_leaves_them_as_they_are():
    counts = np.array([1, 2, 3, 4, 5, 6])
    encode_counts(counts)
    assert counts.tolist() == [1, 2, 3, 4, 5, 6]
    for counts in ([], [7], [0, 7], [1, 2, 3]):
        assert decode_counts(encode_counts(np.array(counts, dtype=np.int64))).tolist() == counts
