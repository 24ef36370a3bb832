"""The list of what a writer has finished, so that a data set can be continued after a kill.

A data set's JSON file appears only when it is complete. Until then every finished item is a line of
NAME.partial beside it; a line that was cut off does not count.
"""

import errno
import json
import os
from pathlib import Path
from typing import Any

from scenegraph.errors import InputError
from scenegraph.storage import discard_unfinished


class Journal:
    """An append-only file of JSON lines below a header that says what is being written.

    Args:
        path: the file; its folder must be there.
        header: JSON value that must be the same for a continuation (format, vocabulary, settings).
        resume: continue a file that is there; False starts anew.

    Raises:
        InputError: the file there was begun with another header, is no journal, or cannot be written.
    """

    def __init__(self, path: Path, header: dict[str, Any], resume: bool = True) -> None:
        self.path = path
        self.lines: list[bytes] = []
        first = json.dumps(header, sort_keys=True).encode()
        whole = self._read(first) if resume and path.exists() else 0
        if whole:
            discard_unfinished(path.parent)
        try:
            self._stream = path.open("r+b" if whole else "wb", buffering=0)
            self._stream.truncate(whole)
            self._stream.seek(whole)
            if not whole:
                self._stream.write(first + b"\n")
        except OSError as error:
            raise InputError(f"{path}: could not be written ({error.strerror or error})") from None

    def _read(self, first: bytes) -> int:
        """Take over the finished lines; returns the bytes that they and the header take."""
        content = self.path.read_bytes()
        whole = content[: content.rfind(b"\n") + 1]
        if not whole:
            return 0
        header, *self.lines = whole.splitlines()
        if header != first:
            raise InputError(
                f"{self.path}: an unfinished data set with other classes or settings lies here; "
                "delete this file or choose another folder"
            )
        return len(whole)

    def entries(self) -> list[Any]:
        """The finished items, in the order in which they were added."""
        return [json.loads(line) for line in self.lines]

    def add(self, entry: dict[str, Any]) -> None:
        """Note a finished item.

        Raises:
            InputError: the disk is full; the item does not count then.
        """
        line = json.dumps(entry, ensure_ascii=False, allow_nan=False).encode()
        start = self._stream.tell()
        try:
            if self._stream.write(line + b"\n") != len(line) + 1:
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        except OSError as error:
            self._stream.truncate(start)
            self._stream.seek(start)
            raise InputError(f"{self.path}: could not be written ({error.strerror or error})") from None
        self.lines.append(line)

    def close(self) -> None:
        """Close the file and keep it."""
        self._stream.close()

    def discard(self) -> None:
        """Close the file and remove it: the data set is complete."""
        self._stream.close()
        self.path.unlink(missing_ok=True)
