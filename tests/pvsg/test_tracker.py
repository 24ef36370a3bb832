"""The tracker on videos whose answer is known."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pvsg.tracking import Tracker
from pvsg.tracking.affinity import Affinity
from pvsg.tracking.motion import Motion
from scenegraph import InputError, Vocabulary
from scenegraph.mask_geometry import union
from tests.pvsg.scenes import SIZE, block, picture

PERSON, DOG, BALL, GRASS, SKY = range(5)


def ids(tracker, *pictures):
    """The tracks of the segments of every picture."""
    return [tracker.update(each).tracks.tolist() for each in pictures]


def test_two_things_cross_and_keep_their_numbers():
    """Two persons walk through one another, 6 pixels a frame; order of segments is shuffled."""
    tracker = Tracker()
    generator = np.random.default_rng(0)
    for frame in range(12):
        segments = [(PERSON, block(6 * frame, 10)), (PERSON, block(70 - 6 * frame, 30))]
        order = generator.permutation(2)
        found = tracker.update(picture(*(segments[place] for place in order)))
        assert found.frame == frame
        if frame == 0:
            number = {int(place): int(track) for place, track in zip(order, found.tracks, strict=True)}
        assert found.tracks.tolist() == [number[place] for place in order]


def test_a_quick_thing_does_not_overlap_itself():
    tracker = Tracker()
    found = ids(
        tracker, *(picture((BALL, block(9 * frame, 20, 4, 4)), (DOG, block(9 * frame, 40, 4, 4))) for frame in range(8))
    )
    assert found == [[0, 1]] * 8


def test_a_stray_pixel_far_away_ends_no_track():
    """In some frames a segment has a pixel at the other end of the picture; its tight box then spans all of it."""
    tracker = Tracker()
    for frame in range(8):
        person = union([block(5, 20), *([block(89, 59, 1, 1)] if frame in (2, 3, 5) else [])], *SIZE)
        assert tracker.update(picture((PERSON, person), (DOG, block(40, 20)))).tracks.tolist() == [0, 1]


def test_class_keeps_apart_what_motion_does_not():
    """A ball lies where the dog is expected, and the dog a little further."""
    tracker = Tracker()
    ids(tracker, picture((DOG, block(10, 10)), (BALL, block(40, 10))))
    assert ids(tracker, picture((BALL, block(25, 10)), (DOG, block(26, 21)))) == [[1, 0]]


def test_a_confused_class_does_not_end_a_track():
    tracker = Tracker()
    assert ids(tracker, *(picture((category, block(10, 10))) for category in (PERSON, DOG, PERSON))) == [[0]] * 3


def test_appearance_decides_where_nothing_else_does():
    """Two things of one class jump, so that either could be either; with features they are told apart."""
    first, second = block(10, 10), block(50, 10)
    left, right = block(26, 10), block(36, 10)
    features = [[1.0, 0.0], [0.0, 1.0]]
    tracker = Tracker(Affinity(motion=0.0))
    ids(tracker, picture((DOG, first), (DOG, second), features=features))
    assert ids(tracker, picture((DOG, left), (DOG, right), features=features[::-1])) == [[1, 0]]
    tracker.reset()
    ids(tracker, picture((DOG, first), (DOG, second), features=features))
    assert ids(tracker, picture((DOG, left), (DOG, right), features=features)) == [[0, 1]]


def test_lost_and_found_and_forgotten():
    tracker = Tracker(patience=3)
    here, nothing = picture((DOG, block(10, 10))), picture()
    assert ids(tracker, here, nothing, nothing, nothing, here) == [[0], [], [], [], [0]]
    assert ids(tracker, nothing, nothing, nothing, nothing, here) == [[], [], [], [], [1]]


def test_a_newcomer_far_away_is_another():
    tracker = Tracker()
    ids(tracker, *[picture((DOG, block(0, 0, 8, 8)))] * 5)
    assert ids(tracker, picture((DOG, block(80, 50, 8, 8)))) == [[1]]


def test_unsure_segments_begin_no_track_but_continue_one():
    tracker = Tracker(birth_score=0.5)
    assert ids(tracker, picture((DOG, block(10, 10), 0.4)), picture((DOG, block(10, 10), 0.9))) == [[], [0]]
    assert ids(tracker, picture((DOG, block(11, 10), 0.2))) == [[0]]


def test_stuff_is_one_track_a_class():
    tracker = Tracker()
    grass = [(GRASS, block(0, 40, 20, 10), 0.6), (GRASS, block(40, 40, 10, 10), 0.9)]
    found = tracker.update(picture(*grass, (SKY, block(0, 0, 90, 5)), features=[[1.0], [4.0], [5.0]]))
    assert found.tracks.tolist() == [0, 1] and found.categories.tolist() == [GRASS, SKY]
    assert found.masks[0].area == 300 and found.scores[0] == np.float32(0.9)
    assert found.features[0, 0] == 2.0  # 200 pixels of 1 and 100 of 4
    for _ in range(40):
        tracker.update(picture())
    assert ids(tracker, picture((GRASS, block(3, 3)), features=[[0.0]])) == [[0]]


def test_missing_frames_are_skipped_over():
    """9 pixels a frame; two frames are missing, and the thing is expected 27 pixels further."""
    tracker = Tracker()
    for frame in range(4):
        tracker.update(picture((DOG, block(9 * frame, 10, 6, 6))), frame)
    found = tracker.update(picture((DOG, block(30, 30, 6, 6)), (DOG, block(54, 10, 6, 6))), 6)
    assert found.tracks.tolist()[1] == 0 and found.frame == 6


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        ([(picture(), 3), (picture(), 3)], "frame 3 came after frame 3"),
        ([(picture(), 0), (picture(size=(60, 91)), 1)], "all frames need one size"),
        ([(picture(), 0), (picture(vocabulary=Vocabulary(("x",), (), ())), 1)], "other categories"),
        (
            [(picture((0, block(1, 1)), features=[[1.0]]), 0), (picture((0, block(1, 1)), features=[[1.0, 2.0]]), 1)],
            "2 features a segment, earlier frames 1",
        ),
    ],
)
def test_frames_that_do_not_fit(frames, message):
    tracker = Tracker()
    tracker.update(*frames[0])
    with pytest.raises(InputError, match=message):
        tracker.update(*frames[1])
    assert len(tracker.update(picture(), 9)) == 0  # it goes on as if the frame had not come


OUT_OF_RANGE = [
    *({"least_affinity": 2}, {"birth_score": -1}, {"patience": -1}, {"most": 0}),
    *({"affinity": {"motion": -1}}, {"affinity": {"strangers": 1}}, {"affinity": {"colour": 1.0}}),
]


@pytest.mark.parametrize("options", OUT_OF_RANGE)
def test_settings_out_of_range(options):
    with pytest.raises(InputError, match=r"expected|it has"):
        Tracker(**options)


def test_what_is_remembered_does_not_grow():
    """New things appear in every frame for 60 frames: those that are gone are forgotten."""
    tracker = Tracker(patience=5, most=12)
    generator = np.random.default_rng(1)
    sizes = []
    for _ in range(60):
        places = generator.permutation(48)[:4]
        tracker.update(picture(*((BALL, block(10 * (p % 8), 10 * (p // 8), 5, 5)) for p in places)))
        sizes.append(len(tracker))
    assert max(sizes) <= 12
    votes = tracker._tracks.votes
    assert votes.sum(axis=1).max() <= 20


@settings(max_examples=15, deadline=None)
@given(st.lists(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 8), st.integers(0, 5)), max_size=4), max_size=6))
def test_any_video_gives_distinct_tracks(video):
    tracker = Tracker()
    for frame in video:
        cells = {(x, y): category for category, x, y in frame}
        found = tracker.update(picture(*((category, block(10 * x, 10 * y)) for (x, y), category in cells.items())))
        assert len(set(found.tracks.tolist())) == len(found)
        assert sum(mask.area for mask in found.masks) == 100 * len(cells)
        assert all(mask.size == SIZE for mask in found.masks)


def test_motion_follows_a_straight_line_and_is_unsure_when_lost():
    motion = Motion.of(np.array([[0.0, 0.0, 10.0, 10.0]]))
    for frame in range(1, 8):
        motion = motion.predicted().updated(np.array([[3.0 * frame, 0, 10 + 3.0 * frame, 10]]))
    expected = motion.predicted(4)
    assert abs(expected.centres[0, 0] - (5 + 3 * 11)) < 1
    near, far = np.array([[36.0, 0, 46, 10]]), np.array([[36.0, 30, 46, 40]])
    assert motion.predicted().distance(far) > expected.distance(far) > expected.distance(near)
    nobody = Motion.of(np.zeros((0, 4)))
    assert nobody.predicted().updated(np.zeros((0, 4))).distance(near).shape == (0, 1)
