"""The index folder as a whole: claimed before a build, locked during it, tidied after it."""

import fcntl
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from explorer import layout
from explorer.manifest import Manifest, is_index
from explorer.plan import Plan
from explorer.sources import INDEX_MARK
from scenegraph import InputError


def claimed(index: Path) -> Path:
    """The folder itself, made if absent.

    Raises:
        InputError: it holds something else, which a build could damage, or it cannot be made.
    """
    if index.exists() and not index.is_dir():
        raise InputError(f"{index}: is a file; the index needs a folder")
    if index.is_dir() and any(index.iterdir()) and not (index / INDEX_MARK).exists() and not is_index(index):
        raise InputError(f"{index}: holds files that are no index; name an empty folder or a new one")
    try:
        index.mkdir(parents=True, exist_ok=True)
        (index / INDEX_MARK).touch()
    except OSError as error:
        raise InputError(f"{index}: could not be made ({error.strerror or error})") from None
    return index.resolve()


@contextmanager
def locked(index: Path) -> Iterator[None]:
    """Hold the folder against other builds.

    Raises:
        InputError: another build holds it.
    """
    with (index / INDEX_MARK).open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise InputError(f"{index}: another build is writing to this index; wait until it is done") from None
        yield


def tidy(index: Path, manifest: Manifest, plan: Plan, suffixes: Sequence[str], films: Sequence[bool]) -> None:
    """Remove what the manifest no longer speaks of: old tables, parts, and files of items that are gone."""
    shutil.rmtree(index / "parts", ignore_errors=True)
    for folder in (index / "columns").iterdir():
        if folder.name != manifest.version:
            shutil.rmtree(folder, ignore_errors=True)
    keys = [layout.key_of(item) for item in plan.ids]
    known = set(keys)
    _keep(index / "images", {key + suffix for key, suffix in zip(keys, suffixes, strict=True) if suffix})
    _keep(index / "thumbnails", {f"{key}.jpg" for key in keys})
    _keep(index / "films", {f"{key}.json" for key, film in zip(keys, films, strict=True) if film})
    _keep(index / "clouds", {f"{key}.glb" for key in keys})
    for part in ("frames", "depth"):
        for folder in (index / part).glob("*/*"):
            if folder.name not in known:
                shutil.rmtree(folder)
    graphs = index / "graphs"
    for folder in graphs.iterdir() if graphs.is_dir() else ():
        if folder.name not in plan.rows:
            shutil.rmtree(folder, ignore_errors=True)
            continue
        kept = [keys[row] for row in plan.rows[folder.name]]
        _keep(folder, {f"{key}{suffix}" for key in kept for suffix in (".scenegraph.json", ".png")})


def _keep(folder: Path, names: set[str]) -> None:
    for path in folder.glob("*/*"):
        if path.name not in names:
            path.unlink(missing_ok=True)
