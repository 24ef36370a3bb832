"""Tracking in metres: the tracker of videos with positions and extents, and their columns in the file of tracks."""

import numpy as np
import pytest

from psg.segmenters import PanopticMap
from pvsg.tracking import Tracker
from pvsg.tracking.places import Places, around
from pvsg.tracks import SUFFIX, TrackedFrame, TrackedVideo, TracksHeader, TrackWriter, read_frames
from scenegraph import InputError, Track4D, Vocabulary

WORDS = Vocabulary(("ball",), ("floor",), ("on",))


def row(position, extent=0.5):
    return np.concatenate([np.asarray(position, float), np.full(3, extent), np.full(3, 0.05)])


def seen(columns):
    """Balls of 6 x 6 pixels at some columns; later ones hide earlier ones."""
    ids = np.full((20, 60), -1)
    for number, column in enumerate(columns):
        ids[7:13, column : column + 6] = number
    return PanopticMap.of_ids(ids, [0] * len(columns), [0.9] * len(columns), WORDS)


def passing(metres):
    """Two balls roll through each other in the picture, one 2 m behind the other; they bounce or they pass."""
    tracker, found = Tracker(), []
    for step in range(9):
        columns = [2 + 6 * step, 50 - 6 * step]
        rows = np.stack([row((columns[0] / 20, 0, 3)), row((columns[1] / 20, 0, 5))])
        kept = [0, 1] if abs(columns[0] - columns[1]) >= 6 else [0]  # the one behind is hidden
        frame = tracker.update(seen([columns[at] for at in kept]), metres=rows[kept] if metres else None)
        found.append(dict(zip(kept, frame.tracks.tolist(), strict=True)))
    return found


def test_metres_keep_apart_what_passes():
    found = passing(metres=True)
    assert found[0][0] == found[-1][0] and found[0][1] == found[-1][1]


def test_what_is_far_in_metres_is_no_continuation():
    """A ball is replaced, in the same pixels, by one 10 m behind."""
    tracker = Tracker()
    first = [tracker.update(seen([20]), metres=row((0, 0, 2))[None]).tracks[0] for _ in range(4)]
    second = tracker.update(seen([20]), metres=row((0, 0, 12), 3.0)[None]).tracks[0]
    assert len(set(first)) == 1 and second != first[0]
    plain = Tracker()
    assert len({plain.update(seen([20])).tracks[0] for _ in range(5)}) == 1


def test_depth_that_is_missing_changes_nothing():
    tracker, unknown = Tracker(), np.full((1, 9), np.nan)
    rows = [row((0, 0, 2))[None], unknown, unknown, row((0.1, 0, 2))[None]]
    assert len({tracker.update(seen([20]), metres=each).tracks[0] for each in rows}) == 1
    late = Tracker()
    assert len({late.update(seen([20]), metres=each).tracks[0] for each in [unknown, *rows]}) == 1
    nothing = Tracker()
    assert len(nothing.update(seen([]), metres=np.zeros((0, 9)))) == 0
    with pytest.raises(InputError, match="comes without metres"):
        tracker.update(seen([20]))


def test_places_are_filtered():
    places = Places.of(np.stack([row((0, 0, 4)), np.full(9, np.nan)]))
    for step in range(1, 6):
        places = places.predicted().updated(np.stack([row((0.5 * step, 0, 4)), row((1, 1, 1))]))
    assert np.allclose(places.predicted().values[0], (3.0, 0, 4), atol=0.1)
    assert np.allclose(places.values[1], (1, 1, 1), atol=0.01)
    distance = places.predicted().distance(np.stack([row((3, 0, 4)), row((9, 0, 4)), np.full(9, np.nan)]))
    assert distance[0, 0] < 1 < 20 < distance[0, 1] and np.isnan(distance[:, 2]).all()
    assert np.isnan(around(np.full((2, 9), np.nan))).all() and around(np.zeros((0, 9))).shape == (9,)


def test_metres_in_the_file(tmp_path):
    path = tmp_path / f"clip{SUFFIX}"
    header = TracksHeader("clip", 20, 60, WORDS, 5.0, metres=True)
    tracker = Tracker()
    places = [row((0, 0, 2))[None], np.full((1, 9), np.nan)]
    frames = [tracker.update(seen([20]), metres=each) for each in places]
    with TrackWriter(path, header) as writer:
        for frame in (*frames, TrackedFrame.empty(2, metres=True)):
            writer.write(frame)
        writer.end(4)
    for video in (TrackedVideo.read(path), TrackedVideo.from_frames(read_frames(path), header)):
        assert video.metres.shape == (1, 4, 9) and np.isnan(video.metres[0, 1:]).all()
        track = video.graph().nodes[0].region
        assert isinstance(track, Track4D) and track.frames == (0, 1)
        assert np.allclose(track.positions[0], (0, 0, 2)) and np.isnan(track.positions[1]).all()
        again = TrackedVideo.of_graph(video.graph())
        assert np.array_equal(again.metres, video.metres, equal_nan=True)
    with pytest.raises(InputError, match="comes without metres"), TrackWriter(path, header) as writer:
        writer.write(Tracker().update(seen([20])))
