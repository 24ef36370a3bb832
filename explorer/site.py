"""A complete static copy: page, tables, graphs, masks, pictures; any file server can serve it."""

import json
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from tqdm import tqdm

from explorer import films, thumbnails
from explorer.manifest import NAME, Manifest
from explorer.page_files import page_files, page_folder
from explorer.sources import INDEX_MARK
from scenegraph import InputError

INDEX = "index"
"""The folder of the index, beside the page; the page looks for it there."""

SERVICE = "service.json"


@dataclass(frozen=True)
class Service:
    """What a server can do beyond serving files, as service.json says it; a static copy can do none of it."""

    ask: bool = True
    search: bool = True
    predict: bool = False


def export(index: str | Path, site: str | Path, progress: bool = True) -> Path:
    """Write a static copy of an index with its page, or bring one up to date.

    Args:
        index: a built index.
        site: the folder to write; nothing else may be in it.
        progress: show progress bars on stderr.

    Returns:
        The page, site/index.html.

    Raises:
        InputError: there is no index, the page is not built, `site` holds something else, or the disk
            is full.
    """
    index, site = Path(index), Path(site)
    manifest = Manifest.read(index)
    page = page_files(page_folder())
    if site.is_dir() and any(site.iterdir()) and not (site / INDEX).is_dir():
        raise InputError(f"{site}: holds files that are no exported site; name an empty folder or a new one")
    if site.resolve().is_relative_to(index.resolve()):
        raise InputError(f"{site}: lies inside the index; name a folder outside it")
    thumbnails.ensure_all(index, progress)
    films.decode_all(index, progress)
    wanted = {Path(name): path for name, path in page.items()}
    for folder in ("columns", "graphs", "images", "frames", "depth", "clouds", "thumbnails"):
        found = (path for path in sorted((index / folder).glob("**/*")) if path.is_file())
        wanted |= {Path(INDEX) / path.relative_to(index): path for path in found if not path.name.startswith(".")}
    try:
        (site / INDEX).mkdir(parents=True, exist_ok=True)
        for name, path in tqdm(wanted.items(), desc="copy", unit=" files", disable=not progress):
            _copy(path, site / name)
        (site / INDEX / SERVICE).write_text(json.dumps(asdict(Service(ask=False, search=False))))
        _copy(index / NAME, site / INDEX / NAME)
        (site / INDEX / INDEX_MARK).touch()
        keep = {site / name for name in wanted} | {site / INDEX / name for name in (NAME, SERVICE, INDEX_MARK)}
        for path in sorted(site.rglob("*"), reverse=True):  # what is in a folder before the folder
            if path.is_file() and path not in keep:
                path.unlink()
            elif path.is_dir() and not any(path.iterdir()):
                path.rmdir()
    except OSError as error:
        raise InputError(f"{site}: could not be written ({error.strerror or error}); run it again to go on") from None
    _check(manifest, site)
    return site / "index.html"


def _copy(source: Path, place: Path) -> None:
    """Copy what is new or changed; links become the files they stand for."""
    state = source.stat()
    if place.is_file() and place.stat().st_size == state.st_size and place.stat().st_mtime_ns >= state.st_mtime_ns:
        return
    place.parent.mkdir(parents=True, exist_ok=True)
    temporary = place.with_name(f".{place.name}.part")
    shutil.copyfile(source, temporary)
    temporary.replace(place)


def _check(manifest: Manifest, site: Path) -> None:
    missing = [name for name in manifest.table_names() if not (manifest.columns(site / INDEX) / name).is_file()]
    if missing:
        raise InputError(f"{site}: the index was rebuilt during the copy ({missing[0]} is missing); run it again")
