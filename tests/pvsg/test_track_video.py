"""Whole videos through segmenter and tracker: what is written, what goes on, what is refused."""

import itertools
import weakref

import cv2
import numpy as np
import pytest

from pvsg.tracking import Tracker, track_video, track_videos
from pvsg.tracks import SUFFIX, TrackedVideo, read_frames, read_header
from scenegraph import InputError, Mask
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from scenegraph.video_files import read_video
from tests.factories import VOCABULARY, park_video
from tests.pvsg.scenes import SIZE, Listed, block, picture

BLACK = np.zeros((*SIZE, 3), dtype=np.uint8)


def walking(count, **options):
    return [picture((1, block(4 * frame % 80, 20)), (3, block(0, 50, 90, 10)), **options) for frame in range(count)]


def test_a_video_becomes_a_file(tmp_path):
    path = tmp_path / f"walk{SUFFIX}"
    maps = walking(7, features=[[1.0, 0.0], [0.0, 1.0]])
    assert track_video([BLACK] * 7, Listed(maps), Tracker(), path, fps=5.0, progress=False) == path
    video = TrackedVideo.read(path)
    assert (video.name, video.num_frames, video.fps, video.made_by) == ("walk", 7, 5.0, "Listed, Tracker")
    assert video.present.all() and video.categories.tolist() == [1, 3] and video.features.shape == (2, 7, 2)
    assert video.graph().vocabulary == VOCABULARY


def test_it_is_not_done_twice_and_never_mixed_up(tmp_path):
    path = tmp_path / f"walk{SUFFIX}"
    track_video([BLACK] * 3, Listed(walking(3)), Tracker(), path, progress=False)
    before = path.read_bytes()
    idle = Listed([])
    track_video([BLACK] * 3, idle, Tracker(), path, progress=False)
    assert idle.seen == 0 and path.read_bytes() == before
    with pytest.raises(InputError, match="holds the tracks of 'walk'"):
        track_video([BLACK], idle, Tracker(), path, name="another", progress=False)
    path.write_bytes(before[:50])
    with pytest.raises(InputError, match="not a whole Parquet file"):
        track_video([BLACK], idle, Tracker(), path, progress=False)


def test_missing_frames_have_no_tracks(tmp_path):
    frames = [None, BLACK, None, BLACK, None]
    path = track_video(frames, Listed(walking(2)), Tracker(), tmp_path / "a", batch_size=2, progress=False)
    assert [len(frame) for frame in read_frames(path)] == [0, 2, 0, 2, 0]
    longer = track_video([BLACK], Listed(walking(1)), Tracker(), tmp_path / "b", num_frames=4, progress=False)
    assert [len(frame) for frame in read_frames(longer)] == [2, 0, 0, 0]


def test_one_frame(tmp_path):
    path = track_video([BLACK], Listed(walking(1)), Tracker(), tmp_path / "a", progress=False)
    assert TrackedVideo.read(path).present.tolist() == [[True], [True]]


@pytest.mark.parametrize(
    ("frames", "maps", "options", "message"),
    [
        ([], [], {}, "a: the video has no frames"),
        ([None, None], [], {}, "no frames that could be read"),
        ([BLACK] * 2, [picture(), picture(size=(60, 91))], {}, "a map of"),
        ([BLACK, np.zeros((60, 91, 3), np.uint8)], [picture(), picture(size=(60, 91))], {}, "all frames need one size"),
        ([BLACK] * 3, walking(3), {"num_frames": 2}, "before 2"),
        ([BLACK, "no/such/picture.png"], walking(2), {}, "picture.png"),
    ],
)
def test_videos_that_cannot_be_used_leave_nothing(tmp_path, frames, maps, options, message):
    with pytest.raises(InputError, match=message):
        track_video(frames, Listed(maps), Tracker(), tmp_path / "a", batch_size=1, progress=False, **options)
    assert not list(tmp_path.iterdir())


def test_an_interruption_leaves_nothing(tmp_path):
    def frames():
        yield BLACK
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        track_video(frames(), Listed(walking(4)), Tracker(), tmp_path / "a", batch_size=1, progress=False)
    assert not list(tmp_path.iterdir())


def written_video(path, count, size=(64, 96)):
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 10, size[::-1])
    for number in range(count):
        frame = np.full((*size, 3), 40, dtype=np.uint8)
        frame[20:40, 3 * number : 3 * number + 20] = 220
        writer.write(frame)
    writer.release()
    return path


class Bright(Listed):
    """Finds what is bright."""

    def __init__(self):
        super().__init__([])

    def _segment(self, images, names):
        return [picture((1, Mask.from_array(image[..., 0] > 128)), size=image.shape[:2]) for image in images]


def test_a_video_file_that_ends_in_the_middle(tmp_path):
    """What can be read is tracked, and the file of tracks says how many frames that were."""
    whole = written_video(tmp_path / "clip.avi", 20)
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    path = track_video(read_video(cut), Bright(), Tracker(), tmp_path / "a", progress=False)
    video = TrackedVideo.read(path)
    assert 2 <= video.num_frames < 20 and len(video) == 1 and video.present.all()


def test_a_video_file_at_another_rate(tmp_path):
    """10 frames a second looked at 5 times a second, and at a rate that repeats pictures."""
    clip = written_video(tmp_path / "clip.avi", 20)
    for fps, expected in ((5.0, 10), (15.0, 29)):
        path = track_video(read_video(clip, fps), Bright(), Tracker(), tmp_path / str(fps), fps=fps, progress=False)
        video = TrackedVideo.read(path)
        assert abs(video.num_frames - expected) <= 1 and len(video) == 1


def test_a_long_video_takes_the_memory_of_some_frames(tmp_path):
    """How many frames are alive at a time is counted, and what the tracker remembers."""
    alive, most = weakref.WeakSet(), []
    maps = itertools.cycle([picture((1, block(x, 20, size=(30, 40))), size=(30, 40)) for x in (0, 2, 4, 2)])

    class Counted(np.ndarray):
        """An array that can be counted."""

    def frames():
        for _ in range(400):
            frame = np.zeros((30, 40, 3), dtype=np.uint8).view(Counted)
            alive.add(Key(frame))
            most.append(len(alive))
            yield frame

    class Key:
        """Lives as long as its frame."""

        def __init__(self, frame):
            frame.key = self

    tracker = Tracker()
    path = track_video(frames(), Listed(maps), tracker, tmp_path / "a", progress=False)
    assert max(most) <= 8 and len(tracker) == 1
    assert read_header(path).num_frames == 400


def test_a_data_set(tmp_path):
    graph = park_video()
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(graph, iter([np.zeros((20, 30, 3), np.uint8)] * 10), "val", "vidor")
    file = PVSGFile.open(tmp_path / "pvsg.json")
    file.frame_paths(0)[3].unlink()
    maps = [picture((0, block(3, 3, size=(20, 30))), size=(20, 30))] * 9
    out = tmp_path / "new" / "tracks"
    (path,) = track_videos(file, file.indices("val"), Listed(maps), Tracker(), out, progress=False)
    video = TrackedVideo.read(path)
    assert video.present.tolist() == [[frame != 3 for frame in range(10)]]
    assert (video.fps, video.name) == (5.0, file.videos[0].video_id)
