import numpy as np
import pytest

from scenegraph import InputError, Segment, Track4D, Tube
from tests.factories import rectangle


def track(frames, positions, **others):
    tube = Tube({frame: Segment(rectangle(4, 5, 0, 0, 2, 2)) for frame in frames})
    positions = np.asarray(positions, dtype=np.float64)
    return Track4D(tube, positions, np.ones_like(positions), **others)


def test_mask_and_box_ground_differently():
    # A diagonal half square fills half its box, so area tells which geometry was used.
    triangle = np.tri(10, dtype=bool)
    masked = Segment(type(rectangle(1, 1, 0, 0, 1, 1)).from_array(triangle))
    boxed = Segment.from_box(masked.box, 10, 10)
    assert masked.box == boxed.box == (0.0, 0.0, 10.0, 10.0)
    assert masked.area == 55 and boxed.area == 100


@pytest.mark.parametrize("box", [(3, 0, 2, 1), (0, 5, 1, 4), (0, 0, float("nan"), 1)])
def test_boxes_that_cannot_be(box):
    with pytest.raises(InputError, match="is not x1, y1, x2, y2"):
        Segment.from_box(box, 10, 10)


def test_a_segment_needs_a_mask_or_a_box():
    with pytest.raises(InputError, match="needs a mask, or a box"):
        Segment()


def test_tube_sorts_frames_and_finds_spans():
    tube = Tube({frame: Segment(rectangle(4, 5, 0, 0, 2, 2)) for frame in (7, 2, 3)})
    assert tube.frames == (2, 3, 7)
    assert tube.spans == ((2, 4), (7, 8))
    assert tube.volume == 12
    assert tube.segment(5) is None


def test_tubes_that_cannot_be():
    segment, wider = Segment(rectangle(4, 5, 0, 0, 1, 1)), Segment(rectangle(4, 6, 0, 0, 1, 1))
    with pytest.raises(InputError, match="at least one frame"):
        Tube({})
    with pytest.raises(InputError, match="frame -1"):
        Tube({-1: segment})
    with pytest.raises(InputError, match="different sizes"):
        Tube({0: segment, 1: wider})


def test_track_rows_belong_to_the_frames_of_the_tube():
    walk = track((2, 4, 6), [[0, 0, 1], [np.nan] * 3, [2, 0, 1]])
    assert walk.position(2).tolist() == [0, 0, 1]
    assert walk.position(4) is None and walk.position(3) is None
    assert walk.extent(6).tolist() == [1, 1, 1]


def test_velocity_is_metres_a_second():
    walk = track((0, 5, 10), [[0, 0, 0], [1, 0, 0], [2, 0, 0]])
    assert np.allclose(walk.velocity(fps=5.0)[:, 0], 1.0)
    assert track((3,), [[1, 2, 3]]).velocity(fps=5.0).tolist() == [[0, 0, 0]]


def test_tracks_that_cannot_be():
    with pytest.raises(InputError, match=r"positions has shape \(2, 3\); the tube has 1 frames"):
        track((0,), [[0, 0, 0], [1, 1, 1]])
    with pytest.raises(InputError, match="negative lengths"):
        track((0,), [[0, 0, 0]], uncertainty=np.array([[-1.0, 0, 0]]))


def test_a_segment_with_a_mask_has_no_second_box():
    mask = rectangle(3, 4, 1, 0, 3, 2)
    assert Segment(mask, (0, 0, 1, 1), (3, 4)) == Segment(mask)
    assert Segment(mask, (0, 0, 1, 1), (3, 4)).box == (1.0, 0.0, 3.0, 2.0)
