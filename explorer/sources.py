"""What can be indexed: folders of *.scenegraph.json, and the public data set files.

A source lists its entries without reading them, so that an index can be brought up to date by
reading only what changed.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, NamedTuple, Protocol, runtime_checkable

from scenegraph import InputError, SceneGraph, checked_json, files
from scenegraph.formats.psg import PSGFile
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.formats.rgbd import RGBDFolder
from scenegraph.images import pictures_in
from scenegraph.video_files import VIDEO_SUFFIXES

GRAPH_SUFFIX = ".scenegraph.json"
INDEX_MARK = ".groundgraph-index"
"""A file that says: this folder is an index, finished or not."""

PICTURE_SUFFIXES = (".jpg", ".jpeg", ".png", ".webp", ".gif", ".bmp")
"""Kinds of pictures that a browser shows."""


@dataclass(frozen=True)
class Entry:
    """One graph that can be read.

    Attributes:
        name: short name of its item; predictions belong to the truth of the same name.
        path: a longer name, for telling apart items whose short names are equal.
        signature: changes when the graph changes.
        source: number of its source, `position` its place there.
        split: the part of the data set that it belongs to, such as "test"; empty where none is named.
    """

    name: str
    path: str
    signature: str
    source: int
    position: int
    split: str = ""


@dataclass(frozen=True)
class Reading:
    """A graph as read; where its masks stay in the data set, `segments` are its nodes' ids in `panoptic`."""

    graph: SceneGraph
    segments: tuple[int, ...] | None = None
    panoptic: Path | None = None


class Told(NamedTuple):
    """What a graph says of its source: where it is, image, video or rgbd, how many frames, and how many a second."""

    uri: str
    kind: str
    frames: int
    fps: float = 0.0


@runtime_checkable
class GraphSource(Protocol):
    """What a kind of source offers; it can be sent to another process."""

    root: Path
    """The folder that its pictures are in."""

    def stamp(self) -> str:
        """Changes when anything in the source may have changed; cheap."""

    def entries(self, number: int) -> Iterator[Entry]:
        """The graphs in order; `number` is that of this source."""

    def read(self, position: int) -> Reading:
        """Read one graph.

        Raises:
            InputError: it cannot be read.
        """

    def pictures(self, position: int, told: Told, finder: "Pictures") -> list[Path]:
        """Its picture, or those of all frames of a video, or its file; empty if they are not there."""


class GraphFiles:
    """All *.scenegraph.json below a folder, or one such file."""

    def __init__(self, root: str | Path) -> None:
        root = Path(root)
        self.root = root if root.is_dir() else root.parent
        self.paths = _graph_paths(root) if root.is_dir() else [root]

    def stamp(self) -> str:
        """From the name, size and time of every file."""
        return _digest(*map(file_stamp, self.paths))

    def entries(self, number: int) -> Iterator[Entry]:
        """One entry a file; its size and time are its signature."""
        for position, path in enumerate(self.paths):
            relative = path.relative_to(self.root).as_posix().removesuffix(GRAPH_SUFFIX).removesuffix(".json")
            yield Entry(PurePosixPath(relative).name, relative, file_stamp(path), number, position)

    def read(self, position: int) -> Reading:
        """Read one file, checked in full."""
        path = self.paths[position]
        try:
            return Reading(files.load(path))
        except InputError as error:
            # The message becomes part of the page, which may go where the folder's place is nobody's business.
            raise InputError(str(error).replace(f"{self.root}/", "")) from None

    def pictures(self, position: int, told: Told, finder: "Pictures") -> list[Path]:
        """The picture that the graph names, or the one beside the file of the same name; of a recording all frames.

        Of a video, all pictures of its folder or the one video file.
        """
        path = self.paths[position]
        if told.kind == "rgbd":
            recording = self.recording(position, told, finder)
            return [] if recording is None else finder.all_named(recording.frames.colour)
        beside = path.with_name(path.name.removesuffix(GRAPH_SUFFIX).removesuffix(".json"))
        if told.kind == "video":
            return finder.video(told, path.parent) or finder.video(told._replace(uri=beside.name), path.parent)
        found = finder.of(told.uri, path.parent) or finder.named(beside)
        return [] if found is None else [found]

    def recording(self, position: int, told: Told, finder: "Pictures") -> RGBDFolder | None:
        """The folder of colour and depth that a graph names; none that has another number of frames."""
        folder = finder.folder(told.uri, self.paths[position].parent)
        try:
            found = None if folder is None else RGBDFolder.open(folder)
        except InputError:
            return None  # it is no recording, or a part of it is missing
        return found if found is not None and len(found) == told.frames else None


def _graph_paths(root: Path) -> list[Path]:
    """All graph files below a folder, but not the copies in an index that lies in it."""
    found = sorted(root.rglob(f"*{GRAPH_SUFFIX}"))
    indexes = [mark.parent for mark in root.rglob(INDEX_MARK)] if found else []
    return [path for path in found if not any(path.is_relative_to(index) for index in indexes)]


class PSGRecords:
    """The records of a psg.json; graphs come from the JSON alone, masks stay in their PNGs."""

    def __init__(self, path: str | Path) -> None:
        self.file = PSGFile.open(path)
        self.root = self.file.root

    def stamp(self) -> str:
        """From the size and time of the file."""
        return file_stamp(self.file.path)

    def entries(self, number: int) -> Iterator[Entry]:
        """One entry a record, named by its image id; a digest of the record is its signature."""
        words = _digest(self.file.path.resolve(), self.file.vocabulary)
        for position, image_id in enumerate(self.file.image_ids):
            record = self.file.record(position)
            path = PurePosixPath(str(record.get("file_name", image_id))).with_suffix("").as_posix()
            signature = _digest(words, json.dumps(record, sort_keys=True))
            split = "test" if image_id in self.file.test_ids else "train"
            yield Entry(image_id, path, signature, number, position, split)

    def read(self, position: int) -> Reading:
        """The annotated graph with boxes, and where its masks are."""
        graph = self.file.graph(position, masks=False)
        with checked_json.located(f"{self.file.path.name}: {self.file.item(position)}"):
            segments = tuple(
                checked_json.field(segment, "id", "whole number", f"segments_info[{i}]")
                for i, segment in enumerate(self.file.record(position)["segments_info"])
            )
        return Reading(graph, segments, self.file.panoptic_path(position))

    def pictures(self, position: int, told: Told, finder: "Pictures") -> list[Path]:
        """The picture that the record names; it is the source of its graph."""
        try:
            found = finder.named(checked_json.inside(self.root, told.uri, "file_name"))
        except InputError:
            return []  # reading the record says what is wrong with it
        return [] if found is None else [found]


class PVSGRecords:
    """The videos of a pvsg.json; masks are copied into the graph files, as run lengths."""

    def __init__(self, path: str | Path) -> None:
        self.file = PVSGFile.open(path)
        self.root = Path(path).parent

    def stamp(self) -> str:
        """From the size and time of the file."""
        return file_stamp(self.file.path)

    def entries(self, number: int) -> Iterator[Entry]:
        """One entry a video; a digest of the record and the number of masks are its signature."""
        words = _digest(self.file.path.resolve(), self.file.vocabulary)
        for position, video in enumerate(self.file.videos):
            record = json.dumps(self.file.record(position), sort_keys=True)
            signature = _digest(words, record, self._has_masks(position))
            path = f"{video.source}/{video.video_id}"
            yield Entry(video.video_id, path, signature, number, position, video.split or "")

    def read(self, position: int) -> Reading:
        """The annotated graph, with masks where they are there."""
        return Reading(self.file.graph(position, masks=self._has_masks(position)))

    def pictures(self, position: int, told: Told, finder: "Pictures") -> list[Path]:
        """The frames of the video."""
        try:
            paths = self.file.frame_paths(position)
        except InputError:
            return []
        if [int(path.stem) for path in paths] != list(range(len(paths))):
            return []  # a frame is missing: all later ones would be shown with the segments of another
        return finder.all_named(paths)

    def _has_masks(self, position: int) -> bool:
        try:
            return bool(self.file.mask_paths(position))
        except InputError:
            return False


def _rgbd(path: Path) -> "GraphSource":
    from explorer.rgbd_sources import PSG4DRecords  # it needs this module

    return PSG4DRecords(path)


DATASET_FILES: dict[str, Callable[[Path], GraphSource]] = {
    "psg.json": PSGRecords,
    "pvsg.json": PVSGRecords,
    "psg4d_hoi.json": _rgbd,
    "sailvos3d.json": _rgbd,
}
"""Data set files by their usual name."""


class Pictures:
    """Finds the picture of a graph; never one outside the folders that the user named."""

    def __init__(self, roots: Iterable[Path]) -> None:
        self.roots = tuple(dict.fromkeys(root.resolve() for root in roots))

    def named(self, path: Path, suffixes: Sequence[str] = PICTURE_SUFFIXES) -> Path | None:
        """The picture at a path that may lack its suffix."""
        if path.suffix.lower() in suffixes:
            return self._allowed(path)
        candidates = (self._allowed(path.with_name(path.name + suffix)) for suffix in suffixes)
        return next(filter(None, candidates), None)

    def all_named(self, paths: Sequence[Path]) -> list[Path]:
        """The pictures at some paths; none if one of them is not there, or all later ones would be taken for others."""
        found = [self.named(path) for path in paths]
        return [] if None in found else [path for path in found if path is not None]

    def folder(self, uri: str, beside: Path) -> Path | None:
        """The folder that a graph's `Source.uri` means: beside the graph, below a root, or a root itself."""
        name = PurePosixPath(uri.replace("\\", "/")).name
        if not name or "\0" in uri:
            return None
        for candidate in (beside / name, *(root / name for root in self.roots), *self.roots):
            try:
                resolved = candidate.resolve(strict=True)
            except (OSError, RuntimeError):  # absent, too long a name, a circle of links
                continue
            if resolved.name == name and resolved.is_dir() and any(map(resolved.is_relative_to, self.roots)):
                return resolved
        return None

    def video(self, told: Told, beside: Path) -> list[Path]:
        """The pictures of the folder that a video's graph names, one a frame, or else its file; empty without any."""
        folder = self.folder(told.uri, beside)
        if folder is not None and len(pictures := pictures_in(folder)) == told.frames:
            return self.all_named(pictures)
        film = self.of(told.uri, beside, VIDEO_SUFFIXES)
        return [] if film is None else [film]

    def of(self, uri: str, beside: Path, suffixes: Sequence[str] = PICTURE_SUFFIXES) -> Path | None:
        """The picture that a graph's `Source.uri` means, looked for beside the graph and below the roots."""
        parts = PurePosixPath(uri.replace("\\", "/"))
        if not parts.name or "\0" in uri:
            return None
        relative = PurePosixPath(*parts.parts[1:]) if parts.is_absolute() else parts
        for root in (beside, *self.roots):
            for candidate in dict.fromkeys((root / relative, root / parts.name, root / "images" / parts.name)):
                found = self.named(candidate, suffixes)
                if found is not None:
                    return found
        return None

    def _allowed(self, path: Path) -> Path | None:
        try:
            resolved = path.resolve(strict=True)
        except (OSError, RuntimeError):  # absent, too long a name, a circle of links
            return None
        inside = any(resolved.is_relative_to(root) for root in self.roots)
        return resolved if inside and resolved.is_file() else None


def open_sources(path: str | Path) -> list[GraphSource]:
    """The sources in a folder, or the one that a file is.

    Raises:
        InputError: there is nothing that can be indexed.
    """
    path = Path(path)
    if not path.exists():
        raise InputError(f"{path}: there is no such file or folder")
    if path.is_file():
        return [_open_file(path)]
    found: list[GraphSource] = [_open_file(file) for file in sorted(path.glob("*.json")) if file.name in DATASET_FILES]
    graphs = GraphFiles(path)
    if graphs.paths:
        found.append(graphs)
    if not found:
        raise InputError(
            f"{path}: holds nothing to explore; expected {' or '.join(DATASET_FILES)}, or files *{GRAPH_SUFFIX} "
            "(`groundgraph predict` and `groundgraph convert` write them)"
        )
    return found


def is_data_set(path: str | Path) -> bool:
    """Whether a path is, or a folder holds, an annotated data set rather than loose graph files."""
    path = Path(path)
    if path.is_dir():
        return any((path / name).is_file() for name in DATASET_FILES)
    return not path.name.endswith(GRAPH_SUFFIX)


def _open_file(path: Path) -> GraphSource:
    if path.name.endswith(GRAPH_SUFFIX):
        return GraphFiles(path)
    if path.name in DATASET_FILES:
        return DATASET_FILES[path.name](path)
    value = checked_json.read(path)
    keys = value.keys() if isinstance(value, dict) else set()
    if {"data", "predicate_classes"} <= keys:
        return PSGRecords(path)
    if {"data", "objects", "relations"} <= keys:
        return PVSGRecords(path)
    if "schema" in keys:
        return GraphFiles(path)
    raise InputError(
        f"{path}: not a kind of file that can be explored; expected psg.json, pvsg.json or NAME{GRAPH_SUFFIX}"
    )


def file_stamp(path: Path) -> str:
    """Changes with the place, size and time of a file.

    Raises:
        InputError: it cannot be read.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise InputError(f"{path}: could not be read ({error.strerror or error})") from None
    return _digest(path.resolve(), state.st_size, state.st_mtime_ns)


def _digest(*parts: Any) -> str:
    return hashlib.blake2b("\0".join(map(str, parts)).encode(), digest_size=8).hexdigest()
