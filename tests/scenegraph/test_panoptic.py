"""Id maps: colours, PNG files, masks, joint histograms."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from scenegraph import InputError
from scenegraph.masks import MAX_PIXELS, iou_matrix
from scenegraph.panoptic import (
    id_map_iou,
    id_map_png,
    id_to_rgb,
    joint_histogram,
    masks_from_ids,
    read_id_map,
    rgb_to_id,
    write_id_map,
)

# The type checker looks at random elements of the sequences that strategies build.
pytestmark = pytest.mark.filterwarnings("ignore:Do not use the `random` module")


@st.composite
def maps(draw, low=-2, high=5, count=1):
    height, width = draw(st.integers(0, 6)), draw(st.integers(0, 6))
    ids = draw(st.lists(st.integers(low, high), min_size=count * height * width, max_size=count * height * width))
    return np.array(ids, dtype=np.int64).reshape(count, height, width)


@settings(max_examples=100, deadline=None)
@given(maps(low=0, high=(1 << 24) - 1))
def test_colours_give_ids_back(stack):
    colours = id_to_rgb(stack[0])
    assert np.array_equal(rgb_to_id(colours), stack[0])
    wide = colours.astype(int)
    assert np.array_equal(wide @ [1, 256, 65536], stack[0])


@pytest.mark.parametrize("wrong", [-1, 1 << 24])
def test_ids_that_have_no_colour(wrong):
    with pytest.raises(InputError, match="do not fit in a PNG"):
        id_to_rgb(np.array([[wrong]]))


def test_files_give_ids_back(tmp_path):
    ids = np.random.default_rng(0).integers(0, 1 << 24, (5, 7))
    write_id_map(tmp_path / "map.png", ids)
    assert np.array_equal(read_id_map(tmp_path / "map.png"), ids)
    assert [path.name for path in tmp_path.iterdir()] == ["map.png"]


@pytest.mark.parametrize(
    ("mode", "dtype", "largest"),
    [("L", np.uint8, 255), ("P", np.uint8, 255), ("I;16", np.uint16, 65535), ("1", bool, 1)],
)
def test_grey_and_palette_files_hold_the_id_as_value(tmp_path, mode, dtype, largest):
    ids = np.random.default_rng(0).integers(0, largest + 1, (5, 7)).astype(dtype)
    picture = Image.fromarray(ids)
    if mode == "P":
        picture = Image.fromarray(ids).convert("L")
        picture.putpalette([255 - value // 3 for value in range(768)])  # turns mode L into P; values stay
    assert picture.mode == mode
    picture.save(tmp_path / "map.png")
    assert np.array_equal(read_id_map(tmp_path / "map.png"), ids)


def test_transparency_is_ignored(tmp_path):
    ids = np.array([[1, 70000]])
    colours = np.dstack([id_to_rgb(ids), np.array([[0, 255]], dtype=np.uint8)])
    Image.fromarray(colours).save(tmp_path / "map.png")
    assert np.array_equal(read_id_map(tmp_path / "map.png"), ids)


def claimed(height, width):
    """A PNG header that claims a size, with hardly any data behind it."""

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a readable picture"),
        (b"{}", "not a readable picture"),
        (id_map_png(np.random.default_rng(0).integers(0, 1 << 24, (50, 50)))[:4000], "not a readable picture"),
        (claimed(4, 4), "not a readable picture"),
        (claimed(10_001, 10_000), "at most"),
        (claimed(60_000, 60_000), "at most"),
    ],
)
def test_files_that_are_no_id_map(tmp_path, content, message):
    path = tmp_path / "map.png"
    path.write_bytes(content)
    with pytest.raises(InputError, match=message) as error:
        read_id_map(path)
    assert str(path) in str(error.value)


def test_missing_files(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        read_id_map(tmp_path / "map.png")
    with pytest.raises(InputError, match="folder"):
        read_id_map(tmp_path)
    with pytest.raises(InputError, match="nothing was changed"):
        write_id_map(tmp_path / "missing" / "map.png", np.zeros((1, 1), dtype=int))


def test_the_written_bytes_are_a_plain_png():
    picture = Image.open(io.BytesIO(id_map_png(np.array([[0, 256]]))))
    assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (2, 1))
    assert MAX_PIXELS >= 8000 * 6000  # large photographs are welcome


@settings(max_examples=100, deadline=None)
@given(maps(), st.lists(st.integers(-2, 8), unique=True, max_size=6))
def test_masks_of_a_map(stack, wanted):
    masks = masks_from_ids(stack[0], wanted)
    assert len(masks) == len(wanted)
    for mask, each in zip(masks, wanted, strict=True):
        assert np.array_equal(mask.array(), stack[0] == each)


@settings(max_examples=100, deadline=None)
@given(maps(count=2), st.integers(0, 5), st.integers(0, 5))
def test_joint_histogram_counts_pixels(stack, n, m):
    first, second = stack
    counts = joint_histogram(first, second, n, m)
    expected = [[((first == i) & (second == j)).sum() for j in range(m)] for i in range(n)]
    assert counts.tolist() == expected
    iou = iou_matrix(masks_from_ids(first, range(n)), masks_from_ids(second, range(m)))
    assert np.array_equal(id_map_iou(first, second, n, m), iou)


@pytest.mark.parametrize("dtype", [np.uint8, np.int16, np.uint16, np.int32, np.uint32, np.int64])
def test_maps_of_any_integer_type(dtype):
    """The largest id of a small type is counted like any other (255 + 1 does not fit in uint8)."""
    largest = min(np.iinfo(dtype).max, 300)
    ids = np.array([[0, 1, largest, largest]], dtype=dtype)
    counts = joint_histogram(ids, ids, largest + 1, largest + 1)
    assert counts[0, 0] == counts[1, 1] == 1 and counts[largest, largest] == 2
    assert counts.sum() == 4


def test_maps_of_different_size_are_not_compared():
    with pytest.raises(InputError, match="cannot be compared"):
        joint_histogram(np.zeros((2, 3), dtype=int), np.zeros((3, 2), dtype=int), 1, 1)
