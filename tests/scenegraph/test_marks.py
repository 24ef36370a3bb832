"""Marks: inside their segments, legible, apart."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source, Vocabulary
from scenegraph.marks import draw_marks, interior_depth, place_marks
from scenegraph.palette import colour
from tests.factories import VOCABULARY, park, park_video, rectangle

GREY = np.full((20, 30, 3), 128, dtype=np.uint8)


def graph_of(ids):
    """A graph with one node for every value of an id map but 0."""
    height, width = ids.shape
    nodes = tuple(Node(int(k), 0, Segment(Mask.from_array(ids == k))) for k in np.unique(ids) if k)
    return SceneGraph(Source("image", "a.png", height, width), nodes, (), VOCABULARY)


def scaled(graph, picture):
    """Node of every pixel of a drawing."""
    height, width = graph.source.size
    ids = np.full((height, width), -1)
    for node in graph.nodes:
        ids[node.region.mask.array()] = node.id
    rows = np.arange(picture.shape[0]) * height // picture.shape[0]
    return ids[rows][:, np.arange(picture.shape[1]) * width // picture.shape[1]]


@given(arrays(np.int32, st.tuples(st.integers(1, 12), st.integers(1, 12)), elements=st.integers(-1, 2)))
@settings(max_examples=30, deadline=None)
def test_depth_is_the_distance_to_the_outside_within_a_pixel(ids):
    depth = interior_depth(ids)
    padded = np.pad(ids, 1, constant_values=-9)
    for row, column in np.ndindex(ids.shape):
        other = np.argwhere(padded != ids[row, column]) - 1
        exact = np.hypot(*(other - (row, column)).T).min()
        assert exact - 1e-9 <= depth[row, column] <= exact + 1


def test_every_mark_lies_at_the_most_interior_point_of_its_segment():
    drawn = draw_marks(park(), GREY)
    assert set(drawn.centres) == {0, 1, 2, 3, 4}
    where = scaled(park(), drawn.pixels)
    for node, (x, y) in drawn.centres.items():
        assert where[y, x] == node
    x, y = drawn.centres[0]  # the person, x 2 to 8 and y 4 to 16 of 30 x 20, enlarged 8 times
    assert drawn.pixels.shape == (160, 240, 3)
    assert abs(x - 40) <= 1 and abs(y - 80) <= 24  # on the middle line, where the ball's mark leaves room


def test_a_mark_of_a_ring_lies_on_the_ring():
    ids = np.zeros((60, 60), dtype=np.int32)
    ids[10:50, 10:50] = 1
    ids[25:40, 20:40] = 0
    drawn = draw_marks(graph_of(ids), np.zeros((60, 60), dtype=np.uint8))
    x, y = drawn.centres[1]
    assert ids[y // 8, x // 8] == 1 and y < 25 * 8  # the broad side above the hole


def test_numbers_are_written_in_the_colours_of_the_nodes():
    drawn = draw_marks(park(), GREY, nodes=[3], opacity=0)
    x, y = drawn.centres[3]
    chip = drawn.pixels[y - 7 : y + 8, x - 7 : x + 8].reshape(-1, 3)
    assert (chip == colour(3)).all(axis=1).mean() > 0.3  # the ground of the chip
    assert (chip.astype(int).sum(axis=1) < 200).any()  # ink
    assert drawn.centres.keys() == {3}


def rectangles(centres, sizes):
    return [
        (y - h // 2, x - w // 2, y - h // 2 + h, x - w // 2 + w) for (y, x), (w, h) in zip(centres, sizes, strict=True)
    ]


def overlaps(boxes):
    return [
        (i, j)
        for i, a in enumerate(boxes)
        for j, b in enumerate(boxes[:i])
        if a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
    ]


def test_marks_of_tiny_neighbours_do_not_overlap():
    ids = np.full((200, 200), -1, dtype=np.int32)
    ids[100:104, 60:100] = np.repeat(np.arange(10), 4)  # ten segments of 4 x 4 pixels, side by side
    sizes = [(20, 16)] * 10
    centres = place_marks(ids, interior_depth(ids), range(10), sizes)
    boxes = rectangles(centres, sizes)
    assert not overlaps(boxes)
    assert ids[centres[0]] == 0
    assert all(top >= 0 and left >= 0 and bottom <= 200 and right <= 200 for top, left, bottom, right in boxes)


def test_a_mark_moves_within_its_segment_first():
    ids = np.zeros((60, 100), dtype=np.int32)
    ids[28:32, 48:52] = 1  # in the middle of segment 0
    sizes = [(20, 16), (20, 16)]
    centres = place_marks(ids, interior_depth(ids), [1, 0], sizes)
    assert ids[centres[0]] == 1 and ids[centres[1]] == 0
    assert not overlaps(rectangles(centres, sizes))


def test_where_all_is_taken_marks_overlap_rather_than_get_lost():
    ids = np.repeat(np.arange(4, dtype=np.int32), 3)[None].repeat(10, axis=0)
    centres = place_marks(ids, interior_depth(ids), range(4), [(12, 10)] * 4)
    assert len(centres) == 4 and overlaps(rectangles(centres, [(12, 10)] * 4))


def test_crowded_pictures_keep_their_marks_apart():
    ids = np.zeros((480, 640), dtype=np.int32)
    for number in range(80):
        row, column = divmod(number, 10)
        ids[20 + row * 55 : 30 + row * 55, 20 + column * 60 : 30 + column * 60] = number + 1
    drawn = draw_marks(graph_of(ids), np.zeros((480, 640, 3), dtype=np.uint8))
    assert len(drawn.centres) == 80
    points = np.array(list(drawn.centres.values()))
    gaps = np.abs(points[:, None] - points[None])
    np.einsum("iij->ij", gaps)[:] = 99
    assert ((gaps[..., 0] >= 15) | (gaps[..., 1] >= 15)).all()


def test_boxes_and_empty_masks():
    size = (20, 30)
    nodes = (
        Node(0, 0, Segment.from_box((5, 5, 15, 15), *size)),
        Node(1, 1, Segment(rectangle(*size, 0, 0, 0, 0))),
        Node(2, 2, Segment.from_box((-4, 2, 0, 9), *size)),
    )
    drawn = draw_marks(SceneGraph(Source("image", "a.png", *size), nodes, (), VOCABULARY), GREY)
    assert 0 in drawn.centres and 1 not in drawn.centres
    x, y = drawn.centres[0]
    assert abs(x - 80) <= 12 and abs(y - 80) <= 12


def test_sizes_of_zero_and_one():
    one = Segment(Mask.from_array(np.ones((1, 1), dtype=bool)))
    words = Vocabulary(("thing",), (), ())
    dot = SceneGraph(Source("image", "a.png", 1, 1), (Node(7, 0, one),), (), words)
    assert draw_marks(dot, np.zeros((1, 1, 3), dtype=np.uint8)).centres.keys() == {7}
    empty = SceneGraph(Source("image", "a.png", 1, 1), (), (), words)
    assert draw_marks(empty, np.zeros((1, 1), dtype=np.uint8)).centres == {}
    assert place_marks(np.zeros((0, 0), dtype=np.int32), np.zeros((0, 0)), [], []) == []


def test_a_frame_of_a_video():
    drawn = draw_marks(park_video(), GREY, frame=0)
    assert set(drawn.centres) == {1, 3, 4}  # the dog comes later
    with pytest.raises(InputError, match="no frame 10"):
        draw_marks(park_video(), GREY, frame=10)


def test_long_side():
    assert max(draw_marks(park(), GREY, long_side=(100, 120)).pixels.shape) == 100
    large = np.zeros((400, 600, 3), dtype=np.uint8)
    assert max(draw_marks(park(), large, long_side=(20, 25)).pixels.shape) == 25
