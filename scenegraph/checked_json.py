"""JSON from outside, read with errors that name the file, the place and what was expected.

Places are written like `nodes[3].mask.counts`. Every reader of the project goes through here, so a
truncated, foreign or hand-edited file gives one readable sentence and never a traceback.
"""

import json
import math
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any, NoReturn, TypeGuard

from scenegraph.errors import InputError

MAX_BYTES = 2 << 30
"""Larger JSON files are refused: the largest public file that we read has about 0.15 GB."""

MAX_NAME_BYTES = 255
"""Longer names are none on the usual file systems."""

_REQUIRED = object()
_EXPECTED = {
    "text": "a text",
    "whole number": "a whole number",
    "number": "a finite number",
    "flag": "true or false",
    "list": "a list",
    "object": "an object",
}


def _refuse_constant(name: str) -> NoReturn:
    raise InputError(f"the JSON holds {name}, which is no JSON number; expected finite numbers, or null for none")


DECODER = json.JSONDecoder(parse_constant=_refuse_constant)
"""Python's decoder, without the NaN and Infinity that JSON does not have."""


@contextmanager
def located(where: str) -> Iterator[None]:
    """Put a place or a file name in front of the message of any `InputError` raised inside."""
    try:
        yield
    except InputError as error:
        raise InputError(f"{where}: {error}") from None


def read_text(path: str | Path, max_bytes: int = MAX_BYTES) -> str:
    """The text of a UTF-8 file.

    Raises:
        InputError: the file is missing, too large, unreadable or not UTF-8 text.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > max_bytes:
            raise InputError(f"{path}: {size:,} bytes; at most {max_bytes:,} are read")
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{path}: not a text file (byte {error.start} is not UTF-8); expected text") from None
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise InputError(f"{path}: is a folder; expected a text file") from None
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None


def read(path: str | Path, max_bytes: int = MAX_BYTES) -> Any:
    """The value in a JSON file.

    Raises:
        InputError: the file cannot be read or is not whole, valid JSON (the message says where).
    """
    text = read_text(path, max_bytes)
    with located(str(path)):
        return parse(text)


def parse(text: str) -> Any:
    """The value of a JSON text; NaN and Infinity, which are no JSON, are refused.

    Raises:
        InputError: the text is not whole, valid JSON; the message gives line and column.
    """
    try:
        return DECODER.decode(text)
    except json.JSONDecodeError as error:
        raise syntax_error(error) from None
    except RecursionError:
        raise InputError("the JSON is nested too deeply to be read") from None


def syntax_error(error: json.JSONDecodeError) -> InputError:
    """What a syntax error means for the person who gave the file."""
    if not error.doc.strip():
        return InputError("the file is empty; expected JSON")
    where = f"line {error.lineno}, column {error.colno} (character {error.pos:,} of {len(error.doc):,})"
    if not error.doc[error.pos :].strip() or error.msg.startswith("Unterminated"):
        return InputError(f"the JSON ends too early, at {where}: the file was cut off; copy or download it again")
    return InputError(f"not valid JSON at {where}: {error.msg}")


def checked(value: Any, kind: str, where: str) -> Any:
    """The value itself if it is of a kind: text, whole number, number, flag, list or object.

    Raises:
        InputError: it is not, with what was expected and what came.
    """
    match kind:
        case "text":
            fits = isinstance(value, str)
        case "whole number":
            fits = is_whole(value)
        case "number":
            fits = is_number(value)
        case "flag":
            fits = isinstance(value, bool)
        case "list":
            fits = isinstance(value, list)
        case _:
            fits = isinstance(value, dict)
    if not fits:
        raise InputError(f"{where}: expected {_EXPECTED[kind]}, found {described(value)}")
    return value


def field(mapping: Mapping[str, Any], key: str, kind: str, where: str = "", default: Any = _REQUIRED) -> Any:
    """The value of a key, checked to be of a kind; the default where the key is absent.

    Raises:
        InputError: the key is missing and has no default, or its value is of another kind.
    """
    if key not in mapping:
        if default is _REQUIRED:
            present = ", ".join(list(mapping)[:12]) or "nothing"
            raise InputError(f"{where or 'the file'}: the key {key!r} is missing; found {present}")
        return default
    value = mapping[key]
    # The common case leaves before the name of the place is put together.
    if (kind == "text" and type(value) is str) or (kind == "whole number" and type(value) is int):
        return value
    return checked(value, kind, f"{where}.{key}" if where else key)


def is_whole(value: Any, low: float = -math.inf, high: float = math.inf) -> TypeGuard[int]:
    """Whether a value is a whole number (not true or false) from `low` to `high`."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_number(value: Any) -> TypeGuard[float]:
    """Whether a value is a finite number (not true or false)."""
    # A comparison, because a whole number may be too large for `math.isfinite`; false for NaN too.
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= sys.float_info.max


def names(mapping: Mapping[str, Any], key: str, where: str = "") -> tuple[str, ...]:
    """A list of texts under a key.

    Raises:
        InputError: the key is missing, or the value is not a list of texts.
    """
    place = f"{where}.{key}" if where else key
    values = field(mapping, key, "list", where)
    return tuple(checked(value, "text", f"{place}[{position}]") for position, value in enumerate(values))


def only_keys(mapping: Mapping[str, Any], allowed: frozenset[str], where: str) -> None:
    """Refuse keys that the format does not have: a misspelt key would otherwise be ignored.

    Raises:
        InputError: there is such a key.
    """
    if not allowed.issuperset(mapping):
        unknown = ", ".join(repr(key) for key in mapping if key not in allowed)
        raise InputError(f"{where or 'the file'}: unknown key {unknown}; expected only {', '.join(sorted(allowed))}")


def described(value: Any) -> str:
    """A value in few words, for a message.

    >>> described("abc"), described([1, 2]), described(None)
    ("the text 'abc'", 'a list of 2', 'null')
    """
    if isinstance(value, list):
        return f"a list of {len(value)}"
    if isinstance(value, dict):
        return f"an object with {', '.join(map(repr, list(value)[:6])) or 'no keys'}"
    if isinstance(value, str):
        return f"the text {value[:40]!r}{'...' if len(value) > 40 else ''}"
    return json.dumps(value)


def inside(root: Path, relative: str, where: str) -> Path:
    """The path of a file that data names, which must lie below a folder.

    Raises:
        InputError: the name is empty, absolute or climbs out of the folder, or is no file name.
    """
    parts = PurePosixPath(relative.replace(os.sep, "/"))
    windows = "\\" in relative or ":" in relative[:3]
    if not relative or "\0" in relative or parts.is_absolute() or ".." in parts.parts or windows:
        raise InputError(
            f"{where}: {relative!r} is not a path inside the data's folder; expected one like 'folder/name.png'"
        )
    try:
        longest = max(len(os.fsencode(part)) for part in parts.parts)
    except UnicodeEncodeError:
        raise InputError(f"{where}: {relative!r} is no name that a file can have") from None
    if longest > MAX_NAME_BYTES:
        raise InputError(f"{where}: {relative[:40]!r}... has a part of {longest} bytes; at most {MAX_NAME_BYTES}")
    return root / parts


def plain_name(uri: str) -> str:
    """The last part of a path or address, safe as the name of a file that we write.

    >>> plain_name("train2017/000000417720.jpg")
    '000000417720.jpg'

    Raises:
        InputError: nothing usable is left.
    """
    name = PurePosixPath(uri.replace("\\", "/")).name
    if not name.strip(". ") or "\0" in name:
        raise InputError(f"the source {uri!r} gives no file name; expected one like 'street.jpg'")
    return name
