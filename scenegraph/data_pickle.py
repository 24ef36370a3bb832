"""Pickle files that hold data, read without running anything in them.

Some public annotations exist as pickles only. Python's own reader calls whatever a pickle names; this
one knows builtin containers, texts and numbers, and numpy arrays of numbers, and refuses the rest.
"""

import io
import pickle
import re
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from scenegraph.checked_json import located
from scenegraph.errors import InputError

MAX_BYTES = 2 << 30
"""Larger files are refused."""

_NUMBERS = re.compile(r"[<>|=]?[fiub][1248]")
_ENCODINGS = ("latin1", "latin-1", "iso-8859-1")


def read(path: str | Path) -> Any:
    """The value of a pickle file.

    Arrays come as `StoredArray`, of which `numpy.asarray` makes arrays.

    Raises:
        InputError: the file is missing, too large, cut off, no pickle, or names anything but data.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise InputError(f"{path}: {size:,} bytes; at most {MAX_BYTES:,} are read")
        with path.open("rb") as stream, located(str(path)):
            return _load(stream)
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None


def loads(content: bytes) -> Any:
    """The value of a pickle in memory; as `read`.

    >>> loads(pickle.dumps({"box": (1, 2.5), "name": "cup"}))
    {'box': (1, 2.5), 'name': 'cup'}
    >>> loads(pickle.dumps(print))
    Traceback (most recent call last):
    ...
    scenegraph.errors.InputError: the pickle names builtins.print, which is no data; it was not run

    Raises:
        InputError: as `read`.
    """
    return _load(io.BytesIO(content))


def _load(stream: io.BufferedIOBase) -> Any:
    try:
        return _DataUnpickler(stream, encoding="latin1").load()
    except _Refused as error:
        raise InputError(str(error)) from None
    except Exception as error:  # a damaged pickle raises almost anything
        raise InputError(f"not a whole pickle of plain data ({error or type(error).__name__})") from None


class _Refused(Exception):
    """A pickle names what is no data."""


class _StoredType:
    """Stands for numpy's dtype: its letter, size and byte order."""

    def __init__(self, code: Any, align: Any = False, copy: Any = True) -> None:
        if not isinstance(code, str) or not _NUMBERS.fullmatch(code):
            raise _Refused(f"the pickle has an array of {code!r}; arrays of numbers are read")
        self.code = code.lstrip("<>|=")
        self.order = "="

    def __setstate__(self, state: Any) -> None:
        self.order = state[1] if state[1] in ("<", ">", "|") else "="

    @property
    def dtype(self) -> np.dtype:
        """The type for numpy."""
        return np.dtype(self.order.replace("|", "=") + self.code)


class StoredArray:
    """Stands for a numpy array until `numpy.asarray` makes one of it."""

    def __init__(self, *_: Any) -> None:
        self._shape: tuple[int, ...] = (0,)
        self._type: _StoredType | None = None
        self._fortran, self._content = False, b""

    def __setstate__(self, state: Any) -> None:
        _, shape, kind, fortran, content = state
        self._fill(shape, kind, bool(fortran), content)

    def _fill(self, shape: Any, kind: Any, fortran: bool, content: Any) -> "StoredArray":
        content = content.encode("latin1") if isinstance(content, str) else bytes(content)
        if not isinstance(kind, _StoredType) or not all(isinstance(side, int) and side >= 0 for side in shape):
            raise _Refused("the pickle has an array without shape or type")
        if int(np.prod([1, *shape], dtype=object)) * kind.dtype.itemsize != len(content):
            raise _Refused(f"the pickle has an array of shape {tuple(shape)} in {len(content)} bytes")
        self._shape, self._type, self._fortran, self._content = tuple(shape), kind, fortran, content
        return self

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        own = np.dtype(np.float64) if self._type is None else self._type.dtype
        flat = np.frombuffer(self._content, own)
        return flat.reshape(self._shape, order="F" if self._fortran else "C").astype(dtype or own)


def _scalar(kind: Any, content: Any) -> Any:
    return np.asarray(StoredArray()._fill((), kind, False, content)).item()


def _from_buffer(content: Any, kind: Any, shape: Any, order: Any) -> StoredArray:
    return StoredArray()._fill(shape, kind, order == "F", content)


def _encode(text: Any, encoding: Any = "latin1") -> bytes:
    if not isinstance(text, str) or encoding not in _ENCODINGS:
        raise _Refused(f"the pickle has bytes in the encoding {encoding!r}")
    return text.encode("latin1")


def _no_bytes(*content: Any) -> bytes:
    if content:
        raise _Refused("the pickle makes bytes of something else")
    return b""


_DATA = {
    "builtins.bytes": _no_bytes,
    "__builtin__.bytes": _no_bytes,
    "numpy.ndarray": StoredArray,
    "numpy.dtype": _StoredType,
    "_codecs.encode": _encode,
    **{
        f"numpy.{core}.{name}": made
        for core in ("core", "_core")
        for name, made in (
            ("multiarray._reconstruct", StoredArray),
            ("multiarray.scalar", _scalar),
            ("numeric._frombuffer", _from_buffer),
        )
    },
}
"""What pickles of arrays name, and what is put in its place; none of it is numpy's own."""


class _DataUnpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if f"{module}.{name}" not in _DATA:
            raise _Refused(f"the pickle names {module}.{name}, which is no data; it was not run")
        return _DATA[f"{module}.{name}"]

    def persistent_load(self, key: Any) -> NoReturn:
        raise _Refused("the pickle refers to something outside of it")
