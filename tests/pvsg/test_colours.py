"""Knowing a thing again by its colours."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from psg.segmenters import PanopticMap, Segmenter
from psg.segmenters.colours import LEVELS, colour_rows, coloured
from psg4d.frame import RGBDFrame
from psg4d.segmenters import ColourSegmenter
from pvsg.tracking import Tracker, track_video
from pvsg.tracks import TrackedVideo
from scenegraph import InputError, Vocabulary

WORDS = Vocabulary(("person",), ("grass",), ())
SHIRTS = np.array([[200, 30, 30], [30, 30, 200]], dtype=np.uint8)


def seen(columns, shirts):
    """Two persons of 6 x 6 pixels at some columns, in shirts of some colours, in noisy light, and the picture."""
    picture = np.random.default_rng(0).integers(90, 110, (20, 60, 3)).astype(np.uint8)
    ids = np.full((20, 60), -1)
    for number, (column, shirt) in enumerate(zip(columns, shirts, strict=True)):
        ids[7:13, column : column + 6] = number
        picture[7:13, column : column + 6] = SHIRTS[shirt]
    return PanopticMap.of_ids(ids, [0] * len(columns), [0.9] * len(columns), WORDS), picture


def meeting(painted):
    """Two persons meet, one hides the other, and each goes back to where it came from; their tracks at both ends."""
    tracker, found = Tracker(), []
    for step in range(18):
        near = min(step, 17 - step)  # 0 to 8, and back
        columns, shirts = ([2 + 3 * near, 52 - 3 * near], [0, 1]) if near < 8 else ([26], [0])
        frame, picture = seen(columns, shirts)
        found.append(tracker.update(coloured(frame, picture) if painted else frame).tracks.tolist())
    return found[0], found[-1]


def test_colours_tell_who_is_who_after_they_met():
    before, after = meeting(painted=True)
    assert before == after
    before, after = meeting(painted=False)
    assert before == after[::-1]  # by motion alone they have passed one another


def test_rows():
    picture = np.zeros((1, 4, 3), dtype=np.uint8)
    picture[0, 2:] = 255
    rows = colour_rows(np.array([[0, 0, 0, 5]]), picture, 2)
    assert rows.shape == (2, LEVELS**3) and not rows[1].any()
    assert rows[0, 0] == pytest.approx((2 / 3) ** 0.5) and rows[0, -1] == pytest.approx((1 / 3) ** 0.5)
    assert colour_rows(np.full((1, 4), -1), picture, 0).shape == (0, LEVELS**3)


def test_colours_come_always_or_never():
    tracker = Tracker()
    frame, picture = seen([2, 30], [0, 1])
    tracker.update(coloured(frame, picture))
    with pytest.raises(InputError, match="frame 1 comes without colours, the frames before do not"):
        tracker.update(frame)
    with pytest.raises(InputError, match="1 rows of colours for 2 segments"):
        replace(frame, colours=np.zeros((1, 4), dtype=np.float32))


class Given(Segmenter):
    """A segmenter of pictures that always finds the same."""

    vocabulary, name, settings, max_pixels = WORDS, "given", {}, None

    def _segment(self, images, names):
        return [seen([2, 30], [0, 1])[0] for _ in images]


def test_segments_that_are_followed_have_colours(tmp_path):
    frame, picture = seen([2, 30], [0, 1])
    Image.fromarray(picture).save(tmp_path / "picture.png")
    of_file, of_array = Given().segment_many([tmp_path / "picture.png", picture], colours=True)
    assert np.array_equal(of_file.colours, coloured(frame, picture).colours)
    assert np.array_equal(of_array.colours, of_file.colours)
    assert Given().segment_many([], colours=True) == []
    assert Given().segment(picture).colours is None
    path = track_video([picture, None, picture], Given(), tracker := Tracker(), tmp_path / "clip.tracks.parquet")
    assert TrackedVideo.read(path).num_frames == 3
    with pytest.raises(InputError, match="comes without colours"):
        tracker.update(frame)


def test_segmenters_of_rgbd_frames_say_the_colours():
    frame, picture = seen([2, 30], [0, 1])
    (found,) = ColourSegmenter(Given()).segment_many([RGBDFrame(picture, np.ones((20, 60), dtype=np.float32))])
    assert np.array_equal(found.colours, coloured(frame, picture).colours)
    assert found.metres.shape == (2, 12)
