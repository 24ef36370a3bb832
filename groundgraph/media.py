"""The pictures of a graph on this machine: a photo, a folder of frames, or a video file."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError
from scenegraph.images import PICTURE_SUFFIXES, pictures_in, read_image
from scenegraph.video_files import VIDEO_SUFFIXES, read_video

if TYPE_CHECKING:
    from assistant.showing import Frames
    from scenegraph import SceneGraph


def frames_of(graph: "SceneGraph", path: Path, images: Path | None = None) -> "Frames | None":
    """What gives the pictures of a graph; None where none are found.

    They are looked for in a folder and beside the graph, by the graph's own name and by that of its source.

    Args:
        graph: the graph.
        path: its file.
        images: the folder.
    """
    names = [path.name.removesuffix(".json").removesuffix(".scenegraph"), Path(graph.source.uri).stem]
    folders = [path.parent] if images is None else [images, path.parent]
    own = Path(graph.source.uri).name
    places = [folder / name for folder in folders for name in names]
    if graph.source.kind == "image":
        files = [place.with_name(f"{place.name}{suffix}") for place in places for suffix in PICTURE_SUFFIXES]
        files += [folder / own for folder in folders if Path(own).suffix.lower() in PICTURE_SUFFIXES]
        photo = next((file for file in files if file.is_file()), None)
        return None if photo is None else lambda frame: _fitting(photo, graph.source.size)
    for place in places:
        if place.is_dir() and len(pictures := pictures_in(place)) >= graph.source.num_frames:
            return lambda frame, pictures=pictures: _fitting(pictures[frame], graph.source.size)
    files = [place.with_name(f"{place.name}{suffix}") for place in places for suffix in VIDEO_SUFFIXES]
    film = next((file for file in files if file.is_file()), None)
    return None if film is None else _Film(film, graph).picture


class _Film:
    """The pictures of a video file, quick where they are asked for in order."""

    def __init__(self, path: Path, graph: "SceneGraph") -> None:
        self._path, self._source = path, graph.source
        self._next = 0
        self._pictures: Iterator[Any] = iter(())
        self._last: Any = None

    def picture(self, frame: int) -> Any:
        """The picture of a frame; None where the file has none, or one of another size."""
        if frame < self._next - 1 or self._last is None:
            self._next, self._pictures = 0, read_video(self._path, self._source.fps)
        while self._next <= frame:
            self._last = next(self._pictures, None)
            self._next += 1
            if self._last is None:
                return None
        return self._last if self._last.shape[:2] == self._source.size else None


def _fitting(photo: Path, size: tuple[int, int]) -> Any:
    try:
        return read_image(photo, size)
    except InputError:  # a picture of another size: drawn without
        return None
