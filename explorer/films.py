"""Videos that are files: their frames become pictures in the index when they are first shown.

Exact by construction: a file is decoded from its beginning by the reader that the predictors use, picture by
picture, and what was passed is kept as a file, as long as there is room: then a jump ahead waits once, and every
later one is as fast as a picture.
"""

import hashlib
import io
import json
import shutil
import sys
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from PIL import Image
from tqdm import tqdm

from explorer import layout
from explorer.room import Room, use
from scenegraph import InputError
from scenegraph.storage import made_folder, write_atomically
from scenegraph.video_files import read_video

SUFFIX = ".jpg"
"""Of the pictures of frames."""

OPEN = 4
"""Files that are kept open where they were left, each with one decoded picture: playing goes on from there."""

SECONDS = 30.0
"""For one answer; what was decoded by then is kept, and the next request goes on."""

ROOM = 4 << 30
"""Bytes of the pictures of all files of an index: about half an hour at 25 frames a second, 640 by 480."""

MARK = ".film"
"""Beside the pictures: which file they are of."""

_JPEG = {"format": "JPEG", "quality": 92}


@dataclass(frozen=True)
class Film:
    """A video file of an item, as its graph speaks of it: `frames` of them, `fps` a second (0: every one it has)."""

    path: str
    fps: float
    frames: int

    @classmethod
    def of(cls, index: Path, key: str) -> "Film | None":
        """What the index says; None where the item has no video file."""
        try:
            return cls(**json.loads(layout.film_path(index, key).read_text()))
        except OSError:
            return None
        except (ValueError, TypeError):
            raise InputError(f"{layout.film_path(index, key)}: is damaged; build the index again") from None

    def stamp(self) -> str:
        """Changes when the file changes.

        Raises:
            InputError: it is gone.
        """
        try:
            state = Path(self.path).stat()
        except OSError:
            raise InputError("the video is no longer where it was when the index was built") from None
        parts = (self.path, self.fps, self.frames, state.st_size, state.st_mtime_ns)
        return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=8).hexdigest()


def add(index: Path, key: str, film: Film) -> bool:
    """Note the video file of an item, and make the item's picture of its first frame; False if it has none."""
    place = layout.film_path(index, key)
    place.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(place, json.dumps(asdict(film)).encode(), durable=False)
    try:
        first = Films(index, seconds=None).frame(key, 0)
    except InputError:
        first = None
    if first is None:
        place.unlink()
        return False
    picture = layout.image_path(index, key, SUFFIX)
    picture.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(picture, first.read_bytes(), durable=False)
    return True


def remove(index: Path, key: str) -> None:
    """Forget the video file of an item: its frames are pictures of their own now."""
    layout.film_path(index, key).unlink(missing_ok=True)
    layout.frame_path(index, key, 0, SUFFIX).with_name(MARK).unlink(missing_ok=True)


class Films:
    """The frames of the video files of an index; for any number of threads.

    Args:
        index: the folder of the index.
        seconds: for one frame at most; None: as long as it takes.
        room: bytes of pictures that are kept, those shown last; None: all pictures.
    """

    def __init__(self, index: Path, seconds: float | None = SECONDS, room: int | None = ROOM) -> None:
        self.index, self.seconds = index, seconds
        self._room = Room(room, lambda: [layout.frame_path(index, key, 0, SUFFIX).parent for key in _keys(index)])
        self._lock = threading.Lock()
        self._open: OrderedDict[tuple[str, str], _Pass] = OrderedDict()

    def frame(self, key: str, frame: int) -> Path | None:
        """The picture of a frame; None where the item has no video file.

        Raises:
            InputError: the file is gone or cannot be read, or has no such frame.
            TimeoutError: it takes longer; what was decoded by then is kept.
        """
        film = Film.of(self.index, key)
        if film is None:
            return None
        if not 0 <= frame < film.frames:
            raise InputError(f"frame {frame}: the graph has {film.frames} frames")
        opened = self._opened(key, film)
        opened.reach(frame, None if self.seconds is None else time.monotonic() + self.seconds)
        return opened.place(frame)

    def _opened(self, key: str, film: Film) -> "_Pass":
        name = (key, film.stamp())
        with self._lock:
            found = self._open.pop(name, None) or _Pass(self.index, key, film, name[1], self._room)
            self._open[name] = found
            while len(self._open) > OPEN:
                self._open.popitem(last=False)
        return found


class _Pass:
    """One walk through a file; nothing is opened before a frame is missing."""

    def __init__(self, index: Path, key: str, film: Film, stamp: str, room: Room) -> None:
        self._index, self._key, self._film, self._room = index, key, film, room
        self._lock = threading.Lock()
        self._pictures: Iterator[np.ndarray] = iter(())
        self._next = film.frames
        folder = self.place(0).parent
        mark = folder / MARK
        if not mark.is_file() or mark.read_text() != stamp:  # frames of another file, or of this one before it changed
            shutil.rmtree(folder, ignore_errors=True)
            made_folder(folder)
            write_atomically(mark, stamp.encode(), durable=False)

    def place(self, frame: int) -> Path:
        return layout.frame_path(self._index, self._key, frame, SUFFIX)

    def reach(self, frame: int, until: float | None) -> None:
        """Decode up to a frame, unless it is there; `until` is a time of the monotonic clock."""
        with self._lock:
            while not use(self.place(frame)):
                if until is not None and time.monotonic() > until:
                    raise TimeoutError(f"frame {frame} is not decoded yet; ask again")
                if self._next > frame:
                    self._pictures, self._next = read_video(self._film.path, self._film.fps or None), 0
                picture = next(self._pictures, None)
                if picture is None:
                    found, self._next = self._next, self._film.frames
                    raise InputError(f"frame {frame}: the video ends after {found} frames")
                self._keep(picture)

    def _keep(self, picture: np.ndarray) -> None:
        place = self.place(self._next)
        if not place.is_file():
            buffer = io.BytesIO()
            Image.fromarray(picture).save(buffer, **_JPEG)
            write_atomically(place, buffer.getvalue(), durable=False)
            self._room.added(place)
        self._next += 1


def _keys(index: Path) -> list[str]:
    """Of the items that have a video file."""
    return [path.stem for path in sorted((index / "films").glob("*/*.json"))]


def decode_all(index: Path, progress: bool = True) -> None:
    """Decode every frame of every video file; what cannot be had is said on stderr."""
    films = Films(index, seconds=None, room=None)
    keys = _keys(index)
    for key in tqdm(keys, desc="decode videos", disable=not progress or not keys):
        film = Film.of(index, key)
        try:
            if film is not None and film.frames:
                films.frame(key, film.frames - 1)
        except InputError as error:
            tqdm.write(f"{key}: {error}", file=sys.stderr)
