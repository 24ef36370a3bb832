"""How a data set comes to be on disk: its settings, one maker at a time, and processes that render."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.pool import Pool
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

from scenegraph import InputError, checked_json
from scenegraph.storage import made_folder, write_atomically

Made = TypeVar("Made")

SMALLEST_SIZE = (64, 80)
"""Height and width; in smaller pictures too little is 8 pixels large."""

_SETTINGS, _LOCK = "toyworld.json", "toyworld.lock"


@contextmanager
def unfinished(root: Path, path: Path, settings: Mapping[str, Any]) -> Iterator[bool]:
    """Whether the data set `path` in `root` has yet to be made, with these settings.

    Inside the `with` block no other process works in the folder: whoever comes second waits, and
    then finds the data set complete.

    Raises:
        InputError: the folder holds something else, or cannot be written.
    """
    known = _known(root)
    if known is None and root.is_dir() and any(entry.name != _LOCK for entry in root.iterdir()):
        raise InputError(f"{root}: is not empty and holds no toyworld data; choose another folder")
    made_folder(root)
    with _alone(root / _LOCK):
        known = _known(root)
        if known is None:
            write_atomically(root / _SETTINGS, json.dumps(settings, indent=1).encode())
        elif known != settings:
            changed = [f"{key} {known.get(key)} (now {new})" for key, new in settings.items() if known.get(key) != new]
            raise InputError(
                f"{root}: made with other settings: {', '.join(changed)}; choose another folder or delete this one"
            )
        yield not path.is_file()


def _known(root: Path) -> dict[str, Any] | None:
    note = root / _SETTINGS
    if not note.is_file():
        return None
    value = checked_json.read(note)
    return checked_json.checked(value, "object", str(note))


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    """Hold a lock file; freed by the system when the process ends, however it ends."""
    try:
        import fcntl
    except ImportError:  # not a POSIX system: there is no lock, and two makers must not meet
        yield
        return
    handle = -1
    with suppress(OSError):  # a finished data set may lie where nothing can be written
        handle = os.open(lock, os.O_CREAT | os.O_RDWR, 0o644)
    try:
        if handle >= 0:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        if handle >= 0:
            os.close(handle)


@contextmanager
def made(make: Callable[[int], Made], numbers: Sequence[int], workers: int, chunk: int) -> Iterator[Iterator[Made]]:
    """What `make` gives for each number, in order, made by some processes.

    The order and the results depend neither on their number nor on `chunk`, the numbers handed over at once.
    """
    if workers <= 1 or len(numbers) < 2 * workers:
        yield map(make, numbers)
        return
    with _pool(min(workers, len(numbers))) as pool:
        yield pool.imap(make, numbers, chunksize=max(1, min(chunk, len(numbers) // workers)))


def _pool(workers: int) -> Pool:
    """Processes that import nothing of the caller's program.

    They are spawned, because forking a process that runs torch threads can hang; and a spawned
    process would run the caller's script again if it were not hidden.
    """
    caller = sys.modules["__main__"]
    sys.modules["__main__"] = ModuleType("__main__")
    try:
        # An interrupt is the caller's to handle: it ends the pool.
        return get_context("spawn").Pool(workers, signal.signal, (signal.SIGINT, signal.SIG_IGN))
    finally:
        sys.modules["__main__"] = caller
