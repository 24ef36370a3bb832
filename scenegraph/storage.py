"""Files are written whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scenegraph.errors import InputError


def write_atomically(path: str | Path, content: bytes, durable: bool = True) -> None:
    """Write a whole file or nothing: to a temporary name beside it, flushed, then renamed.

    With `durable=False` the file is whole for every other program but may be lost in a power cut;
    waiting for the disk costs milliseconds a file, too much for the thousands of a data set.

    Raises:
        InputError: the folder is missing or cannot be written, or the disk is full.
    """
    with replacing(path) as temporary, temporary.open("wb") as stream:
        stream.write(content)
        if durable:
            stream.flush()
            os.fsync(stream.fileno())


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """A temporary name beside a file, for content that is written piece by piece.

    At the end of the block the temporary file takes the place of `path`; if anything is raised in
    the block, the temporary file is removed and `path` stays as it was.

    Raises:
        InputError: the folder is missing or cannot be written, or the disk is full.
    """
    path = Path(path)
    temporary = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield temporary
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise InputError(f"{path}: could not be written ({error.strerror or error}); nothing was changed") from error
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def made_folder(folder: str | Path) -> Path:
    """The folder, made with those above it if it is missing.

    Raises:
        InputError: it cannot be made, or a file has its name.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{folder}: the folder could not be made ({error.strerror or error})") from None
    return Path(folder)


def discard_unfinished(root: Path) -> None:
    """Remove what `write_atomically` left below a folder when its process was killed.

    Only for folders that no other process writes to.
    """
    for left in root.rglob(".*.[0-9]*.part"):
        left.unlink(missing_ok=True)
