"""Room on the disk for files that can be made again: those used longest ago make place for new ones."""

import os
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

AFTERWARDS = 0.9
"""Share of the room that is full after something was removed: so counting every file is rare."""


class _File(NamedTuple):
    used: int
    size: int
    path: str


class Room:
    """Bounds the bytes of the files in some folders; for any number of threads.

    Args:
        limit: bytes; None: as many as there are.
        folders: the folders, asked for whenever the files are counted. Files whose names begin with a dot stay.
    """

    def __init__(self, limit: int | None, folders: Callable[[], Iterable[Path]]) -> None:
        self.limit, self._folders = limit, folders
        self._lock = threading.Lock()
        self._taken: int | None = None  # counted when it is first needed

    def added(self, path: Path) -> None:
        """Count a file that was just written, and remove what was used longest ago if there are too many bytes."""
        if self.limit is None:
            return
        with self._lock:
            if self._taken is None:
                self._taken = sum(file.size for file in self._files())
            else:
                self._taken += path.stat().st_size
            if self._taken > self.limit:
                self._taken = self._cleared(int(AFTERWARDS * self.limit), spared=str(path))

    def _files(self) -> list[_File]:
        found = []
        for folder in self._folders():
            with suppress(FileNotFoundError):  # another process may be at it
                for entry in os.scandir(folder):
                    if not entry.name.startswith("."):
                        state = entry.stat(follow_symlinks=False)
                        found.append(_File(state.st_atime_ns, state.st_size, entry.path))
        return found

    def _cleared(self, goal: int, spared: str) -> int:
        """Remove files down to `goal` bytes; how many are left."""
        files = sorted(self._files())
        taken = sum(file.size for file in files)
        for file in files:
            if taken <= goal:
                break
            if file.path != spared:
                Path(file.path).unlink(missing_ok=True)
                taken -= file.size
        return taken


def use(path: Path) -> bool:
    """Note that a file is used now; False if there is none. The time of its last change stays."""
    try:
        os.utime(path, ns=(time.time_ns(), path.stat().st_mtime_ns))
    except FileNotFoundError:
        return False
    return True
