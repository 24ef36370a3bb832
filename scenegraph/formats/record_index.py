"""Large JSON files of the form {"data": [record, record, ...], ...} or [record, ...], their records left on disk.

The public psg.json holds 48,749 records. As Python objects they would take about a gigabyte in every
worker process; here each is found once, and parsed again when it is asked for (some microseconds).
"""

import json
import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import numpy as np
from jaxtyping import Int64

from scenegraph.checked_json import DECODER, described, located, parse, read_text, syntax_error
from scenegraph.errors import InputError

_SPACE = re.compile(r"[ \t\n\r]*")


class RecordFile:
    """The records of such a file, read one by one; small, and cheap to send to worker processes.

    `others` holds the values of all other keys.
    """

    def __init__(
        self, path: Path, extents: Int64[np.ndarray, "records 2"], others: dict[str, Any], stamp: tuple[int, int]
    ) -> None:
        self.path = path
        self.others = others
        self._extents = extents
        self._stamp = stamp

    @classmethod
    def open(cls, path: str | Path, visit: Callable[[int, Any], None], key: str | None = "data") -> "RecordFile":
        """Find the records; `visit(position, record)` sees each of them once, for an index.

        The file is an object with the list of records under `key`, or with `key=None` that list.

        Raises:
            InputError: the file is missing, truncated, not JSON, or has no such list; or what
                `visit` raises, with the file and the record in front.
        """
        path = Path(path)
        text = read_text(path)
        stamp = _stamp(path)
        with located(str(path)):
            extents, others = _scan(text, key, visit)
        offsets = np.array(extents, dtype=np.int64).reshape(-1, 2)
        if not text.isascii():
            offsets = _byte_offsets(text, offsets)
        byte_order_mark = stamp[0] - len(text if text.isascii() else text.encode("utf-8"))
        return cls(path, offsets + byte_order_mark, others, stamp)

    def __len__(self) -> int:
        return len(self._extents)

    def __getitem__(self, position: int) -> Any:
        if not 0 <= position < len(self):
            raise InputError(f"{self.path}: there is no record {position}; it has {len(self)}, counted from 0")
        start, stop = self._extents[position].tolist()
        if _stamp(self.path) != self._stamp:
            raise InputError(f"{self.path}: the file was changed after it was opened; open it again")
        with self.path.open("rb") as stream:
            stream.seek(start)
            return parse(stream.read(stop - start).decode("utf-8"))

    def __iter__(self) -> Iterator[Any]:
        return (self[position] for position in range(len(self)))


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None
    return status.st_size, status.st_mtime_ns


def _scan(
    text: str, key: str | None, visit: Callable[[int, Any], None]
) -> tuple[list[tuple[int, int]], dict[str, Any]]:
    """Character extents of the records, and the other members of the top-level object."""
    extents: list[tuple[int, int]] | None = None
    others: dict[str, Any] = {}
    try:
        at = _skip(text, 0)
        if key is None:
            return _scan_whole(text, at, visit), others
        if text[at : at + 1] != "{":
            _foreign(text, key)
        at = _skip(text, at + 1)
        while text[at : at + 1] != "}":
            name, at = DECODER.raw_decode(text, at)
            if not isinstance(name, str):
                raise json.JSONDecodeError("Expecting property name enclosed in double quotes", text, at)
            at = _expect(text, at, ":")
            if name == key and text[at : at + 1] == "[":
                extents, at = _scan_list(text, at, visit, key)
            else:
                others[name], at = DECODER.raw_decode(text, at)
            at = _separator(text, at, "}")
        end = _skip(text, at + 1)
        if end != len(text):
            raise json.JSONDecodeError("Extra data", text, end)
    except json.JSONDecodeError as error:
        raise syntax_error(error) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to be read") from None
    if extents is None:
        found = ", ".join(list(others)[:8]) or "nothing"
        raise InputError(f"expected a list of records under the key {key!r}; found {found}")
    return extents, others


def _scan_whole(text: str, at: int, visit: Callable[[int, Any], None]) -> list[tuple[int, int]]:
    """Character extents of the records of a file that is a list."""
    if text[at : at + 1] != "[":
        value = parse(text)  # says where it breaks, if it is no JSON at all
        raise InputError(f"expected a list of records, found {described(value)}")
    extents, end = _scan_list(text, at, visit, "")
    if _skip(text, end) != len(text):
        raise json.JSONDecodeError("Extra data", text, end)
    return extents


def _scan_list(text: str, at: int, visit: Callable[[int, Any], None], key: str) -> tuple[list[tuple[int, int]], int]:
    extents: list[tuple[int, int]] = []
    at = _skip(text, at + 1)
    while text[at : at + 1] != "]":
        record, end = DECODER.raw_decode(text, at)
        with located(f"{key}[{len(extents)}]"):
            visit(len(extents), record)
        extents.append((at, end))
        at = _separator(text, end, "]")
    return extents, at + 1


def _skip(text: str, at: int) -> int:
    match = _SPACE.match(text, at)
    return match.end() if match else at


def _expect(text: str, at: int, character: str) -> int:
    at = _skip(text, at)
    if text[at : at + 1] != character:
        raise json.JSONDecodeError(f"Expecting {character!r} delimiter", text, at)
    return _skip(text, at + 1)


def _separator(text: str, at: int, closing: str) -> int:
    """After a member: the position of the next one, or of the closing bracket."""
    at = _skip(text, at)
    if text[at : at + 1] == closing:
        return at
    return _expect(text, at, ",")


def _foreign(text: str, key: str) -> NoReturn:
    value = parse(text)  # says where it breaks, if it is no JSON at all
    raise InputError(f"expected an object with a list of records under {key!r}, found {described(value)}")


def _byte_offsets(text: str, extents: Int64[np.ndarray, "records 2"]) -> Int64[np.ndarray, "records 2"]:
    """Character positions to UTF-8 byte positions (extents ascend and do not overlap)."""
    edges = np.concatenate(([0], extents.ravel()))
    lengths = [len(text[low:high].encode("utf-8")) for low, high in pairwise(edges.tolist())]
    return np.cumsum(lengths, dtype=np.int64).reshape(-1, 2)
