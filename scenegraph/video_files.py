"""Videos as files: read picture by picture, and written so. OpenCV is imported when it is needed."""

import io
import os
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Protocol, runtime_checkable

import numpy as np
from jaxtyping import UInt8
from PIL import GifImagePlugin, Image

from scenegraph.errors import InputError
from scenegraph.storage import write_atomically

Picture = UInt8[np.ndarray, "height width 3"]

VIDEO_SUFFIXES = (".mp4", ".avi", ".mkv", ".webm", ".mov", ".m4v")
"""Names of files that are taken for videos."""

_CODECS = {".mp4": ("avc1", "mp4v"), ".avi": ("MJPG",), ".mkv": ("mp4v",), ".webm": ("VP80",)}
"""Tried in this order: H.264, which browsers play, is not in every OpenCV; WebM plays in all of them."""

_SAME_RATE = 0.02
"""Rates that differ by less than this share are one: containers round them."""


_SAME_TIME = 1e-3
"""Seconds by which rounded timestamps of one moment differ."""


class VideoInfo(NamedTuple):
    """What a file says of its video; `frames` may be an estimate."""

    height: int
    width: int
    frames: int
    fps: float


def _capture(path: Path) -> Any:
    import cv2

    if not path.is_file():
        raise InputError(f"{path}: there is no such video file")
    if not path.stat().st_size:
        raise InputError(f"{path}: the file is empty; copy it again")
    os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")  # quiet: our messages say what is wrong with a file
    capture = cv2.VideoCapture(str(path))
    if not capture.isOpened():
        raise InputError(
            f"{path}: is no video that OpenCV can read; if it was cut off, copy it again, otherwise convert it, for "
            "example to H.264 in MP4"
        )
    return capture


def video_info(path: str | Path) -> VideoInfo:
    """Size, number of frames and rate of a video file.

    Raises:
        InputError: the file is missing or no video.
    """
    import cv2

    capture = _capture(Path(path))
    try:
        keys = (
            cv2.CAP_PROP_FRAME_HEIGHT,
            cv2.CAP_PROP_FRAME_WIDTH,
            cv2.CAP_PROP_FRAME_COUNT,
            cv2.CAP_PROP_FPS,
        )
        height, width, frames, fps = (capture.get(key) for key in keys)
    finally:
        capture.release()
    return VideoInfo(int(height), int(width), max(int(frames), 0), float(fps))


def read_video(path: str | Path, fps: float | None = None) -> Iterator[Picture]:
    """The pictures of a video file as RGB, one at a time.

    Args:
        path: the file.
        fps: pictures a second that are wanted; None: every picture of the file. Picture k is the last one that is
            shown by k / fps seconds after the first, whatever the file's rate, also if that varies. Where the file's
            own rate is about equal, k / own counts and times may tremble by half a picture.

    Raises:
        InputError: the file is missing or no video.
    """
    import cv2

    capture = _capture(Path(path))
    try:
        own = capture.get(cv2.CAP_PROP_FPS)
        if fps is None:
            for _, picture in _timed(capture, own):
                yield np.ascontiguousarray(picture[:, :, ::-1])
            return
        same = own > 0 and abs(own / fps - 1) < _SAME_RATE
        rate, slack = (own, 0.5 / own) if same else (fps, _SAME_TIME)
        made, seconds, latest = 0, 0.0, None
        for seconds, picture in _timed(capture, own):
            while latest is not None and made / rate < seconds - slack:
                yield np.ascontiguousarray(latest[:, :, ::-1])
                made += 1
            latest = picture
        if latest is not None and made / rate <= seconds + slack:
            yield np.ascontiguousarray(latest[:, :, ::-1])
    finally:
        capture.release()


def _timed(capture: Any, fps: float) -> Iterator[tuple[float, Picture]]:
    """The pictures as OpenCV has them, with the seconds since the first: by the rate, where the file does not say."""
    import cv2

    first = before = None
    while True:
        there, picture = capture.read()
        if not there:
            return
        stated = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000
        first = stated if first is None else first
        seconds = stated - first
        if before is not None and seconds <= before and fps > 0:
            seconds = before + 1 / fps
        yield seconds, picture
        before = seconds


def promised_frames(info: VideoInfo, fps: float) -> int | None:
    """Pictures that a file says it has when it is looked at `fps` times a second; None if it does not say.

    >>> promised_frames(VideoInfo(480, 640, 100, 10.0), 5.0)
    50
    """
    return round(info.frames * fps / info.fps) or None if info.fps > 0 else None


def early_end(path: str | Path, found: int, promised: int | None) -> str | None:
    """What to say of a video file that has fewer pictures than it promises; None if it has them.

    The number that a file states may be an estimate: one picture less is no early end.

    Args:
        path: the file.
        found: pictures that could be read.
        promised: see `promised_frames`.

    >>> early_end("clip.mp4", 20, 50)
    'clip.mp4: ends after 20 of about 50 frames; it may be cut off'
    """
    if promised is None or found >= promised - 1:
        return None
    return f"{path}: ends after {found} of about {promised} frames; it may be cut off"


@runtime_checkable
class _Film(Protocol):
    """Where pictures go one by one."""

    def add(self, picture: Picture) -> None:
        """Append a picture."""

    def finish(self, keep: bool) -> None:
        """End; `keep` says whether what was added is wanted."""


class _Encoded:
    """A video by OpenCV, under another name until it is whole."""

    def __init__(self, path: Path, fps: float, size: tuple[int, int]) -> None:
        import cv2

        self.path, self.size = path, size
        self._unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix}")
        level = cv2.getLogLevel()
        cv2.setLogLevel(0)  # a codec that is not there is no error
        try:
            for name in _CODECS[path.suffix.lower()]:
                codec = cv2.VideoWriter.fourcc(*name)
                self._writer = cv2.VideoWriter(str(self._unfinished), codec, fps, size[::-1])
                if self._writer.isOpened():
                    return
        finally:
            cv2.setLogLevel(level)
        self._unfinished.unlink(missing_ok=True)
        raise InputError(f"{path}: OpenCV cannot write it here; try another ending or folder")

    def add(self, picture: Picture) -> None:
        self._writer.write(np.ascontiguousarray(picture[:, :, ::-1]))

    def finish(self, keep: bool) -> None:
        self._writer.release()
        if keep:
            self._unfinished.replace(self.path)
        else:
            self._unfinished.unlink(missing_ok=True)


class _Animated:
    """A GIF; every picture is written at once with colours of its own."""

    def __init__(self, path: Path, fps: float) -> None:
        self.path, self.duration = path, round(1000 / fps)
        self._unfinished = path.with_name(f".{path.stem}.unfinished{path.suffix}")
        try:
            self._stream: io.BufferedWriter | None = self._unfinished.open("wb")
        except OSError as error:
            raise InputError(f"{path}: could not be written ({error.strerror or error})") from None
        self._begun = False

    def add(self, picture: Picture) -> None:
        colours = Image.fromarray(picture).quantize(256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
        parts = [] if self._begun else GifImagePlugin.getheader(colours.copy(), info={"loop": 0, "duration": 1})[0]
        parts += GifImagePlugin.getdata(colours, duration=self.duration, include_color_table=True)
        self._begun = True
        self._stream.write(b"".join(bytes(part) for part in parts))  # type: ignore[union-attr]

    def finish(self, keep: bool) -> None:
        with self._stream as stream:  # type: ignore[union-attr]
            stream.write(b";")
        if keep:
            self._unfinished.replace(self.path)
        else:
            self._unfinished.unlink(missing_ok=True)


class _Folder:
    """A PNG a picture, named by its number."""

    def __init__(self, path: Path, first: int) -> None:
        self.path, self.first = path, first
        self._written: list[Path] = []
        try:
            path.mkdir(exist_ok=True)
        except OSError as error:
            raise InputError(f"{path}: the folder could not be made ({error.strerror or error})") from None

    def add(self, picture: Picture) -> None:
        buffer = io.BytesIO()
        Image.fromarray(picture).save(buffer, format="PNG")
        path = self.path / f"{self.first + len(self._written):04d}.png"
        write_atomically(path, buffer.getvalue(), durable=False)
        self._written.append(path)

    def finish(self, keep: bool) -> None:
        if not keep:
            for path in self._written:
                path.unlink(missing_ok=True)


class VideoWriter:
    """A video of pictures; all take the size of the first.

    Used as a context manager. The file appears when it is whole: nothing is left where there are no
    pictures, or where an error ends the writing.

    Args:
        path: ends in .mp4, .avi, .mkv or .webm (OpenCV), in .gif, or in nothing: a folder of PNGs.
        fps: pictures a second.
        keep: keep what was written when an error or Ctrl-C ends the writing, as for a camera.
        first: number of the first PNG of a folder.

    Raises:
        InputError: the ending is unknown, the folder is not there, or the file cannot be written.
    """

    def __init__(self, path: str | Path, fps: float, keep: bool = False, first: int = 0) -> None:
        self.path, self.fps, self.keep, self.first = Path(path), fps, keep, first
        suffix = self.path.suffix.lower()
        if suffix and suffix not in (*_CODECS, ".gif"):
            endings = ", ".join((*_CODECS, ".gif"))
            raise InputError(f"{path}: expected a name that ends in {endings}, or in nothing for a folder of PNGs")
        if not self.path.parent.is_dir():
            raise InputError(f"{self.path.parent}: there is no such folder")
        if not (np.isfinite(fps) and fps > 0):
            raise InputError(f"{path}: {fps} pictures a second; expected a number above 0")
        self._film: _Film | None = None
        self._size = (0, 0)

    def add(self, picture: Picture) -> None:
        """Append a picture; larger ones are cut, smaller ones padded on the right and below."""
        if self._film is None:
            self._size = (picture.shape[0], picture.shape[1])
            self._film = self._opened()
        frame = np.ascontiguousarray(picture)
        if picture.shape[:2] != self._size:
            frame = np.zeros((*self._size, 3), dtype=np.uint8)
            height, width = (min(pair) for pair in zip(self._size, picture.shape[:2], strict=True))
            frame[:height, :width] = picture[:height, :width]
        self._film.add(frame)

    def _opened(self) -> _Film:
        suffix = self.path.suffix.lower()
        if suffix == ".gif":
            return _Animated(self.path, self.fps)
        return _Encoded(self.path, self.fps, self._size) if suffix else _Folder(self.path, self.first)

    def __enter__(self) -> "VideoWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._film is not None:
            self._film.finish(keep=kind is None or self.keep)
