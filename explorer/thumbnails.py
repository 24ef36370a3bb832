"""Small pictures for the grid: made when one is first shown, or all at once."""

import io
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from PIL import Image
from tqdm import tqdm

from explorer import layout
from explorer.columns import read_table
from explorer.manifest import Manifest
from scenegraph import InputError
from scenegraph.images import read_image
from scenegraph.storage import write_atomically

SIDE = 384
"""Longer side in pixels: a card of the grid is at most 300 wide, on a dense screen a little blurred."""

_JPEG = {"format": "JPEG", "quality": 82, "optimize": True}


def ensure(index: Path, key: str, suffix: str) -> Path:
    """The thumbnail of an item, made if it is absent or older than the picture.

    Raises:
        InputError: the picture is missing or cannot be read.
    """
    picture, path = layout.image_path(index, key, suffix), layout.thumbnail_path(index, key)
    try:
        changed = picture.stat().st_mtime_ns
    except OSError:
        raise InputError(f"the picture of {key} is no longer where it was when the index was built") from None
    if path.is_file() and path.stat().st_mtime_ns >= changed:
        return path
    small = Image.fromarray(read_image(picture))
    small.thumbnail((SIDE, SIDE), reducing_gap=2.0)
    buffer = io.BytesIO()
    small.save(buffer, **_JPEG)
    path.parent.mkdir(parents=True, exist_ok=True)
    write_atomically(path, buffer.getvalue(), durable=False)
    return path


def ensure_all(index: Path, progress: bool = True) -> list[str]:
    """Make every thumbnail that is missing, several at a time; what could not be made, as messages."""
    table = read_table(Manifest.read(index).columns(index) / "items.parquet", ["key", "picture"])
    pairs = [pair for pair in zip(*(column.to_pylist() for column in table.columns), strict=True) if pair[1]]
    problems = []

    def attempt(pair: tuple[str, str]) -> str | None:
        try:
            ensure(index, *pair)
        except InputError as error:
            return str(error)
        return None

    # Pillow decodes, scales and encodes outside Python's lock, so threads use all cores.
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        done = tqdm(pool.map(attempt, pairs), total=len(pairs), desc="thumbnails", disable=not progress)
        problems = [problem for problem in done if problem is not None]
    return problems
