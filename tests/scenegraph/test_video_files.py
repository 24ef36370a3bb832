"""Video files: what is written is read again, whole or not at all."""

import numpy as np
import pytest
from PIL import Image, ImageSequence

from scenegraph import InputError, video_files
from scenegraph.video_files import VideoWriter, early_end, promised_frames, read_video, video_info

cv2 = pytest.importorskip("cv2")


def grey(level, size=(32, 48)):
    return np.full((*size, 3), level, dtype=np.uint8)


def film(path, levels, fps=10.0):
    with VideoWriter(path, fps) as writer:
        for level in levels:
            writer.add(grey(level))
    return path


def levels(pictures):
    return [round(float(picture.mean()) / 10) * 10 for picture in pictures]


@pytest.mark.parametrize("suffix", [".avi", ".mp4", ".webm", ".mkv"])
def test_what_is_written_is_read(tmp_path, suffix):
    path = film(tmp_path / f"film{suffix}", range(20, 220, 20))
    assert levels(read_video(path)) == list(range(20, 220, 20))
    info = video_info(path)
    assert (info.height, info.width, info.fps) == (32, 48, 10.0)
    assert [file.name for file in tmp_path.iterdir()] == [path.name]


def test_colours_keep_their_order(tmp_path):
    with VideoWriter(tmp_path / "a.avi", 5.0) as writer:
        writer.add(np.full((32, 32, 3), (200, 40, 10), dtype=np.uint8))
    (picture,) = read_video(tmp_path / "a.avi")
    assert np.abs(picture.mean(axis=(0, 1)) - (200, 40, 10)).max() < 12


@pytest.mark.parametrize(("fps", "expected"), [(10.1, range(10, 210, 10)), (5.0, range(10, 210, 20))])
def test_other_rates(tmp_path, fps, expected):
    path = film(tmp_path / "film.avi", range(10, 210, 10))
    assert levels(read_video(path, fps)) == list(expected)


def test_faster_rates_repeat(tmp_path):
    path = film(tmp_path / "film.avi", (50, 100, 150))
    assert levels(read_video(path, 20.0)) == [50, 50, 100, 100, 150]


class Varying:
    """A capture whose frames come at these seconds, whatever rate the file claims."""

    def __init__(self, *seconds):
        self.seconds, self.at = seconds, -1

    def read(self):
        self.at += 1
        there = self.at < len(self.seconds)
        return there, grey(10 * self.at) if there else None

    def get(self, key):
        return 1000.0 * self.seconds[self.at] if key == cv2.CAP_PROP_POS_MSEC else 24.0

    def release(self):
        pass


def test_frame_rates_that_vary(monkeypatch):
    monkeypatch.setattr(video_files, "_capture", lambda path: Varying(0.0, 0.1, 0.35, 0.4, 1.0))
    assert levels(read_video("any", 5.0)) == [0, 10, 30, 30, 30, 40]
    assert levels(read_video("any")) == [0, 10, 20, 30, 40]


def test_rates_that_vary_around_the_one_that_is_wanted(monkeypatch):
    """24 a second on average, but three pictures stand for half a second each: times count, not pictures."""
    quick = [number / 42 for number in range(21)]
    monkeypatch.setattr(video_files, "_capture", lambda path: Varying(*quick, 0.5, 1.0, 1.5))
    found = levels(read_video("any", 24.0))
    assert len(found) == 37 and found.count(220) == 12 and found[-1] == 230


def test_times_that_tremble_lose_no_picture(monkeypatch):
    """Of a camera that states every moment with an error of some milliseconds, and begins late."""
    late = [0.5 + number / 24 + (0.004, -0.008, 0.006)[number % 3] for number in range(20)]
    monkeypatch.setattr(video_files, "_capture", lambda path: Varying(*late))
    assert levels(read_video("any", 24.0)) == [10 * number for number in range(20)]


def test_times_that_are_not_stated(monkeypatch):
    monkeypatch.setattr(video_files, "_capture", lambda path: Varying(*[0.0] * 5))
    assert levels(read_video("any", 24.0)) == [0, 10, 20, 30, 40]
    assert levels(read_video("any", 12.0)) == [0, 20, 40]


def test_a_video_that_ends_in_the_middle(tmp_path):
    whole = film(tmp_path / "whole.avi", [100] * 100)
    info = video_info(whole)
    assert early_end(whole, 100, promised_frames(info, 10.0)) is None
    assert early_end(whole, 50, promised_frames(info, 5.0)) is None
    assert promised_frames(info._replace(frames=0), 5.0) is promised_frames(info._replace(fps=0.0), 5.0) is None
    cut = tmp_path / "cut.avi"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    found = len(levels(read_video(cut, 5.0)))
    message = early_end(cut, found, promised_frames(video_info(cut), 5.0))
    assert message.startswith(f"{cut}: ends after {found} of about 50 frames")


def test_animations_play_everywhere(tmp_path):
    path = tmp_path / "film.gif"
    with VideoWriter(path, 5.0) as writer:
        for level in (10, 100, 200):
            picture = grey(level)
            picture[:, : level // 10] = (255, 0, level)
            writer.add(picture)
    with Image.open(path) as animation:
        assert animation.n_frames == 3 and animation.info["loop"] == 0 and animation.info["duration"] == 200
        shown = [np.array(frame.convert("RGB")) for frame in ImageSequence.Iterator(animation)]
    assert [int(picture[0, -1, 0]) for picture in shown] == [10, 100, 200]
    assert tuple(shown[2][0, 0]) == (255, 0, 200)


def test_folders_hold_a_png_a_picture(tmp_path):
    with VideoWriter(tmp_path / "frames", 5.0, first=7) as writer:
        for level in (10, 20):
            writer.add(grey(level))
    assert sorted(file.name for file in (tmp_path / "frames").iterdir()) == ["0007.png", "0008.png"]


def test_pictures_of_other_sizes_take_that_of_the_first(tmp_path):
    path = tmp_path / "film.avi"
    with VideoWriter(path, 5.0) as writer:
        for size in ((32, 48), (64, 20), (10, 96)):
            writer.add(grey(200, size))
    assert {picture.shape for picture in read_video(path)} == {(32, 48, 3)}


@pytest.mark.parametrize("name", ["film.avi", "film.gif", "film"])
def test_nothing_is_left_of_what_failed(tmp_path, name):
    with pytest.raises(ValueError, match="stop"), VideoWriter(tmp_path / name, 5.0) as writer:
        writer.add(grey(0))
        raise ValueError("stop")
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["film.avi", "film.gif", "film"])
def test_what_was_recorded_is_kept_where_it_is_wanted(tmp_path, name):
    with pytest.raises(KeyboardInterrupt), VideoWriter(tmp_path / name, 5.0, keep=True) as writer:
        writer.add(grey(0))
        raise KeyboardInterrupt
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1


def test_no_pictures_leave_nothing(tmp_path):
    with VideoWriter(tmp_path / "film.mp4", 5.0):
        pass
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("name", "fps", "message"),
    [
        ("a.txt", 5.0, "expected a name that ends in"),
        ("no/a.avi", 5.0, "no such folder"),
        ("a.avi", 0.0, "above 0"),
    ],
)
def test_what_cannot_be_written_is_refused(tmp_path, name, fps, message):
    with pytest.raises(InputError, match=message):
        VideoWriter(tmp_path / name, fps)


def test_what_is_no_video_is_refused(tmp_path):
    (tmp_path / "a.mp4").write_bytes(b"no video")
    (tmp_path / "c.mp4").touch()
    for name, message in (
        ("a.mp4", r"no video that OpenCV can read; .*copy it again.*convert it"),
        ("b.mp4", "no such video file"),
        ("c.mp4", r"c.mp4: the file is empty; copy it again"),
    ):
        with pytest.raises(InputError, match=message):
            list(read_video(tmp_path / name))
        with pytest.raises(InputError, match=message):
            video_info(tmp_path / name)
