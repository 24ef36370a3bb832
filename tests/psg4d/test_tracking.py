"""Tracking in metres: the tracker of videos with positions and extents, and their columns in the file of tracks."""

from dataclasses import replace

import numpy as np
import pytest

from psg.segmenters import PanopticMap
from pvsg.tracking import Tracker
from pvsg.tracking.places import Places, around
from pvsg.tracks import SUFFIX, TrackedFrame, TrackedVideo, TracksHeader, TrackWriter, read_frames
from scenegraph import InputError, Track4D, Vocabulary

WORDS = Vocabulary(("ball",), ("floor",), ("on",))


UNKNOWN = np.full((1, 12), np.nan, np.float32)


def row(position, extent=0.5):
    place = np.asarray(position, np.float32)
    return np.concatenate([place, np.full(3, extent, np.float32), np.full(3, 0.05, np.float32), place])


def rows(*positions):
    return np.stack([UNKNOWN[0] if each is None else row(each) for each in positions]).astype(np.float64)


def seen(columns, metres=None):
    """Balls of 6 x 6 pixels at some columns; later ones hide earlier ones."""
    ids = np.full((20, 60), -1)
    for number, column in enumerate(columns):
        ids[7:13, column : column + 6] = number
    return replace(PanopticMap.of_ids(ids, [0] * len(columns), [0.9] * len(columns), WORDS), metres=metres)


def passing(metres):
    """Two balls roll through each other in the picture, one 2 m behind the other; they bounce or they pass."""
    tracker, found = Tracker(), []
    for step in range(9):
        columns = [2 + 6 * step, 50 - 6 * step]
        places = np.stack([row((columns[0] / 20, 0, 3)), row((columns[1] / 20, 0, 5))])
        kept = [0, 1] if abs(columns[0] - columns[1]) >= 6 else [0]  # the one behind is hidden
        frame = tracker.update(seen([columns[at] for at in kept], places[kept] if metres else None))
        found.append(dict(zip(kept, frame.tracks.tolist(), strict=True)))
    return found


def test_metres_keep_apart_what_passes():
    found = passing(metres=True)
    assert found[0][0] == found[-1][0] and found[0][1] == found[-1][1]


def test_what_is_far_in_metres_is_no_continuation():
    """A ball is replaced, in the same pixels, by one 10 m behind."""
    tracker = Tracker()
    first = [tracker.update(seen([20], row((0, 0, 2))[None])).tracks[0] for _ in range(4)]
    second = tracker.update(seen([20], row((0, 0, 12), 3.0)[None])).tracks[0]
    assert len(set(first)) == 1 and second != first[0]
    plain = Tracker()
    assert len({plain.update(seen([20])).tracks[0] for _ in range(5)}) == 1


def test_depth_that_is_missing_changes_nothing():
    tracker, unknown = Tracker(), UNKNOWN
    places = [row((0, 0, 2))[None], unknown, unknown, row((0.1, 0, 2))[None]]
    assert len({tracker.update(seen([20], each)).tracks[0] for each in places}) == 1
    late = Tracker()
    assert len({late.update(seen([20], each)).tracks[0] for each in [unknown, *places]}) == 1
    nothing = Tracker()
    assert len(nothing.update(seen([], np.zeros((0, 12), np.float32)))) == 0
    with pytest.raises(InputError, match="comes without metres"):
        tracker.update(seen([20]))


def test_places_are_filtered():
    places = Places.of(rows((0, 0, 4), None))
    for step in range(1, 6):
        places = places.predicted().updated(rows((0.5 * step, 0, 4), (1, 1, 1)))
    assert np.allclose(places.predicted().values[0], (3.0, 0, 4), atol=0.1)
    assert np.allclose(places.values[1], (1, 1, 1), atol=0.01)
    distance = places.predicted().distance(rows((3, 0, 4), (9, 0, 4), None))
    assert distance[0, 0] < 1 < 20 < distance[0, 1] and np.isnan(distance[:, 2]).all()
    assert np.isnan(around(np.full((2, 12), np.nan))).all() and around(np.zeros((0, 12))).shape == (12,)


def test_metres_in_the_file(tmp_path):
    path = tmp_path / f"clip{SUFFIX}"
    header = TracksHeader("clip", 20, 60, WORDS, 5.0, metres=True)
    tracker = Tracker()
    places = [row((0, 0, 2))[None], UNKNOWN]
    frames = [tracker.update(seen([20], each)) for each in places]
    with TrackWriter(path, header) as writer:
        for frame in (*frames, TrackedFrame.empty(2, metres=True)):
            writer.write(frame)
        writer.end(4)
    for video in (TrackedVideo.read(path), TrackedVideo.from_frames(read_frames(path), header)):
        assert video.metres.shape == (1, 4, 12) and np.isnan(video.metres[0, 1:]).all()
        track = video.graph().nodes[0].region
        assert isinstance(track, Track4D) and track.frames == (0, 1)
        assert np.allclose(track.positions[0], (0, 0, 2)) and np.isnan(track.positions[1]).all()
        again = TrackedVideo.of_graph(video.graph())
        assert np.array_equal(again.metres, video.metres, equal_nan=True)
    with pytest.raises(InputError, match="comes without metres"), TrackWriter(path, header) as writer:
        writer.write(Tracker().update(seen([20])))
