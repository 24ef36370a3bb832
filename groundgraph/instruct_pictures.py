"""`groundgraph data instruct --pictures`: the pictures of instruction data, for MIMIC-IT's table."""

import io
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from groundgraph.sources import Item
from scenegraph import InputError

if TYPE_CHECKING:
    from assistant.teaching.picture_table import Frames

TABLE = "mimic_it_images.parquet"


def write_pictures(items: Iterable[Item], folder: Path) -> "tuple[Frames, Path, int, list[str]]":
    """Write the pictures that the samples of a folder are about.

    Args:
        items: the graphs, with their pictures.
        folder: holds `samples.jsonl`, gets the table.

    Returns:
        The frames that stand for each video, the table, how many pictures it holds, and the media without pictures.

    Raises:
        InputError: there are no samples, or the table cannot be written.
    """
    from assistant.teaching.files import SAMPLES, read_samples
    from assistant.teaching.picture_table import shown_frames, wanted, write_table

    needed = wanted(read_samples(folder / SAMPLES))
    frames: dict[str, list[int]] = {}
    missing: list[str] = []
    done: set[str] = set()

    def pictures() -> Iterator[tuple[str, bytes]]:
        for item in items:
            try:
                source = item.graph().source
            except InputError:
                continue  # named by the run that wrote the samples
            if source.uri not in needed or source.uri in done:
                continue
            done.add(source.uri)
            paths = _paths(item, source.num_frames)
            if paths is None:
                missing.append(source.uri)
                continue
            if source.kind == "image":
                yield f"GG_IMG_{source.uri}", _content(paths[0])
                continue
            shown = shown_frames(source.num_frames) if None in needed[source.uri] else []
            if shown:
                frames[source.uri] = shown
            for frame in sorted({*shown, *(each for each in needed[source.uri] if each is not None)}):
                yield f"GG_IMG_{source.uri}#frame={frame}", _content(paths[frame])

    number = write_table(folder / TABLE, pictures())
    return frames, folder / TABLE, number, sorted({*missing, *(needed.keys() - done)})


def _paths(item: Item, number: int) -> list[Path] | None:
    """The pictures of a graph; None if they are not all there."""
    try:
        paths = item.pictures()
    except InputError:
        return None
    return paths if len(paths) >= number and all(path.is_file() for path in paths) else None


def _content(path: Path) -> bytes:
    """The file as it is, if trainers can read it; else as PNG."""
    from PIL import Image

    from scenegraph.images import read_image

    if path.suffix.lower() in (".jpg", ".jpeg", ".png"):
        return path.read_bytes()
    stream = io.BytesIO()
    Image.fromarray(read_image(path)).save(stream, "PNG")
    return stream.getvalue()


def say_missing(missing: list[str]) -> None:
    """Name media without pictures on stderr."""
    if missing:
        named = ", ".join(missing[:5]) + (", ..." if len(missing) > 5 else "")
        print(f"no pictures of {len(missing)} of the media were found ({named}); --root names their folder",
              file=sys.stderr)  # fmt: skip
