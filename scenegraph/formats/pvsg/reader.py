"""pvsg.json as scene graphs with spans."""

import os
import re
from collections.abc import Container, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64

from scenegraph import checked_json
from scenegraph.checked_json import checked, described, field, inside, located, names
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.stored_relations import StoredRelation, usable
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.masks import Mask
from scenegraph.panoptic import masks_from_ids, read_id_map
from scenegraph.regions import Segment, Tube
from scenegraph.spans import Span
from scenegraph.vocabulary import Vocabulary

_TEXTS = ("captions", "qa_pairs", "summary")
_PICTURES = (".png", ".jpg", ".jpeg")
_SMALL_IDS = 1 << 16


@dataclass(frozen=True)
class Video:
    """A video of the file: its id, the collection that it is from, its split (None: in no split)."""

    video_id: str
    source: str
    split: str | None


class PVSGFile:
    """The public pvsg.json, read unchanged; masks are read when they are asked for.

    Attributes:
        vocabulary: things, stuff and predicates of the file.
        videos: what the records describe, in file order.
    """

    def __init__(self, path: Path, root: Path, value: dict[str, Any]) -> None:
        self.path = path
        self.root = root
        with located(str(path)):
            objects = field(value, "objects", "object")
            self.vocabulary = Vocabulary(
                names(objects, "thing", "objects"), names(objects, "stuff", "objects"), names(value, "relations")
            )
            self.split: dict[str, dict[str, tuple[str, ...]]] = {
                source: {part: names(parts, part, f"split.{source}") for part in parts}
                for source, parts in field(value, "split", "object").items()
                if checked(parts, "object", f"split.{source}") is parts
            }
            self._records = [checked(r, "object", f"data[{i}]") for i, r in enumerate(field(value, "data", "list"))]
            places = {
                video: (source, part)
                for source, parts in self.split.items()
                for part, videos in parts.items()
                for video in videos
            }
            ids = [field(record, "video_id", "text", f"data[{i}]") for i, record in enumerate(self._records)]
        self.videos = tuple(Video(video, *places.get(video, (usual_source(video), None))) for video in ids)

    @classmethod
    def open(cls, path: str | Path, root: str | Path | None = None) -> "PVSGFile":
        """Read a pvsg.json.

        Args:
            path: the JSON file.
            root: the folder with a folder for every source; that of the JSON file if not given.

        Raises:
            InputError: the file is missing, truncated, or no pvsg.json.
        """
        value = checked_json.read(path)
        with located(str(path)):
            checked(value, "object", "the file")
        return cls(Path(path), Path(path).parent if root is None else Path(root), value)

    def __len__(self) -> int:
        return len(self._records)

    def item(self, index: int) -> str:
        """How messages name a record: `video 0001_4164158586`."""
        return f"video {self.videos[index].video_id}"

    def record(self, index: int) -> dict[str, Any]:
        """The record as the file has it.

        Raises:
            InputError: there is no such record.
        """
        if not 0 <= index < len(self._records):
            raise InputError(f"{self.path}: there is no record {index}; it has {len(self)}, counted from 0")
        return self._records[index]

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the records of a split, in the order of the split lists ("all": file order).

        Videos that a split names but the file does not hold are left out; `validate` reports them.

        Raises:
            InputError: there is no such split.
        """
        if split == "all":
            return list(range(len(self)))
        if split not in ("train", "val"):
            raise InputError(f"split {split!r}; expected 'train', 'val' or 'all'")
        positions = {video.video_id: index for index, video in enumerate(self.videos)}
        listed = [video for parts in self.split.values() for video in parts.get(split, ())]
        return [positions[video] for video in listed if video in positions]

    def frame_paths(self, index: int) -> list[Path]:
        """The pictures of a video, by frame.

        Raises:
            InputError: the folder is missing, or a file's name is no frame number.
        """
        return list(self._pictures(index, "frames").values())

    def mask_paths(self, index: int) -> dict[int, Path]:
        """The mask PNG of every frame that has one.

        Raises:
            InputError: the folder is missing, or a file's name is no frame number.
        """
        return self._pictures(index, "masks")

    def _pictures(self, index: int, kind: str) -> dict[int, Path]:
        video = self.videos[index]
        folder = inside(self.root, f"{video.source}/{kind}/{video.video_id}", "video_id")
        if not folder.is_dir():
            raise InputError(f"{folder}: there is no such folder; expected the {kind} of {self.item(index)}")
        numbered: dict[int, Path] = {}
        for path in sorted(folder.iterdir()):
            if path.suffix.lower() not in _PICTURES:
                continue
            if not re.fullmatch(r"[0-9]{1,9}", path.stem) or int(path.stem) in numbered:
                raise InputError(f"{path}: expected one picture a frame, named by its number, such as 0012.png")
            numbered[int(path.stem)] = path
        return dict(sorted(numbered.items()))

    def source(self, index: int) -> Source:
        """What the record says of a video: size, frames, rate.

        Raises:
            InputError: it does not say, or what it says cannot be.
        """
        with located(f"{self.path.name}: {self.item(index)}"):
            return _source(self.record(index), self.videos[index])

    def graph(self, index: int, masks: bool = True) -> SceneGraph:
        """The true graph of a video; node ids are the object ids of the file.

        What a graph cannot hold is kept in its metadata, so that nothing disappears unseen:
        `unseen_objects` (no mask in any frame), `dropped_relations` (each with the reason: the
        predicate is not in the vocabulary, an object is never seen, no frame is inside the video),
        `clipped_spans` (a count). `captions`, `qa_pairs`, `summary`, `video_id`, `source` and
        `split` are there too, and `duration` in seconds where frames and rate do not give it.

        Args:
            index: the record.
            masks: read the mask PNGs. With False no picture is needed; every object then stands for
                the whole picture in all frames, which says only that it is somewhere in the video,
                and is marked with the attribute `located: false`.

        Raises:
            InputError: the record or a mask is broken; the message names the video and the place.
        """
        record, video = self.record(index), self.videos[index]
        with located(f"{self.path.name}: {self.item(index)}"):
            source = _source(record, video)
            objects = _objects(record, self.vocabulary)
            tubes = self._tubes(index, source, objects) if masks else everywhere(source, objects)
            nodes = []
            for object_id, (category, status) in objects.items():
                if object_id in tubes:
                    attributes: dict[str, Any] = {"status": status} if status else {}
                    if not masks:
                        attributes["located"] = False
                    nodes.append(Node(object_id, category, tubes[object_id], attributes=attributes))
            rows = _rows(record, objects.keys())
            relations, notes = usable(rows, self.vocabulary, tubes.keys(), source.num_frames)
            metadata = {"video_id": video.video_id, "source": video.source, "split": video.split}
            metadata |= {key: record[key] for key in _TEXTS if key in record} | _other_duration(record, source)
            unseen = [coded for coded in record["objects"] if coded["object_id"] not in tubes]
            metadata |= notes | ({"unseen_objects": unseen} if unseen else {})
            return SceneGraph(source, tuple(nodes), tuple(relations), self.vocabulary, metadata)

    def _tubes(self, index: int, source: Source, objects: dict[int, Any]) -> dict[int, Tube]:
        paths = {frame: path for frame, path in self.mask_paths(index).items() if frame < source.num_frames}

        def read(frame: int) -> dict[int, Mask]:
            return frame_masks(paths[frame], source, objects)

        # Decoding leaves Python's lock: two threads read a long video in about half the time.
        with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
            frames = dict(zip(paths, pool.map(read, paths), strict=True))
        segments: dict[int, dict[int, Segment]] = {}
        for frame, masks in frames.items():
            for object_id, mask in masks.items():
                segments.setdefault(object_id, {})[frame] = Segment(mask)
        return {object_id: Tube(seen) for object_id, seen in segments.items()}


def usual_source(video_id: str) -> str:
    """The collection that the public file's naming of videos implies."""
    if video_id.startswith("P"):
        return "epic_kitchen"
    return "vidor" if re.fullmatch(r"[0-9]{4}", video_id.split("_")[0]) else "ego4d"


def present_ids(ids: np.ndarray) -> Int64[np.ndarray, " n"]:
    """The distinct ids of an id map, ascending; quick for the small ids of palette PNGs."""
    if ids.size and ids.min() >= 0 and ids.max() < _SMALL_IDS:
        return np.flatnonzero(np.bincount(ids.ravel()))
    return np.unique(ids).astype(np.int64)


def frame_masks(path: Path, source: Source, listed: Container[int]) -> dict[int, Mask]:
    """The masks of a frame's PNG by object id.

    Raises:
        InputError: the PNG cannot be read, has another size, or pixels with an id that is not `listed`.
    """
    ids = read_id_map(path)
    if ids.shape != source.size:
        raise InputError(f"{path}: {ids.shape} pixels (height, width); the record says {source.size}")
    seen = [object_id for object_id in present_ids(ids).tolist() if object_id]
    unlisted = [object_id for object_id in seen if object_id not in listed]
    if unlisted:
        raise InputError(f"{path}: pixels have the ids {some(unlisted)}, which are not listed in objects")
    return dict(zip(seen, masks_from_ids(ids, seen), strict=True))


def _source(record: dict[str, Any], video: Video) -> Source:
    meta = field(record, "meta", "object")
    height, width, frames = (field(meta, key, "whole number", "meta") for key in ("height", "width", "num_frames"))
    fps = float(field(meta, "fps", "number", "meta"))
    return Source("video", f"{video.source}/frames/{video.video_id}", height, width, frames, fps)


def _other_duration(record: dict[str, Any], source: Source) -> dict[str, float]:
    """The seconds that the record says a video has, where that is not what its frames take."""
    seconds = record["meta"].get("duration")
    usual = source.num_frames / source.fps if source.fps else None
    number = isinstance(seconds, (int, float)) and not isinstance(seconds, bool)
    return {"duration": seconds} if number and seconds != usual else {}


def _objects(record: dict[str, Any], vocabulary: Vocabulary) -> dict[int, tuple[int, list[Any]]]:
    """Category and status by object id, whatever the order of the list."""
    objects: dict[int, tuple[int, list[Any]]] = {}
    for position, coded in enumerate(field(record, "objects", "list")):
        where = f"objects[{position}]"
        checked(coded, "object", where)
        object_id = field(coded, "object_id", "whole number", where)
        if object_id < 1 or object_id in objects:
            raise InputError(f"{where}.object_id: {object_id} is used twice or below 1")
        with located(f"{where}.category"):
            category = vocabulary.category_id(field(coded, "category", "text", where))
        objects[object_id] = (category, field(coded, "status", "list", where, []))
    return objects


def everywhere(source: Source, objects: Iterable[int]) -> dict[int, Tube]:
    """A tube a object that says only that it is somewhere in the video: the whole picture in all frames."""
    whole = Segment.from_box((0.0, 0.0, float(source.width), float(source.height)), source.height, source.width)
    tube = Tube(dict.fromkeys(range(source.num_frames), whole))
    return dict.fromkeys(objects, tube)


def stored_relation(row: Any, where: str) -> tuple[int, int, str, list[Span]]:
    """(subject id, object id, predicate name, half-open spans) of a row of the file.

    Raises:
        InputError: the row does not have that form, or a span ends before it begins.
    """
    if not isinstance(row, list) or len(row) != 4:
        raise InputError(
            f"{where}: expected [subject, object, predicate, [[first, last], ...]], found {described(row)}"
        )
    subject, target = (checked(end, "whole number", where) for end in row[:2])
    spans = []
    for position, pair in enumerate(checked(row[3], "list", where)):
        place = f"{where}[3][{position}]"
        if len(checked(pair, "list", place)) != 2:
            raise InputError(f"{place}: expected [first frame, last frame], found {described(pair)}")
        first, last = (checked(edge, "whole number", place) for edge in pair)
        if not 0 <= first <= last:
            raise InputError(f"{place}: [{first}, {last}] is no span; expected 0 <= first <= last")
        spans.append(Span.inclusive(first, last))
    return subject, target, checked(row[2], "text", where), spans


def _rows(record: dict[str, Any], listed: Container[int]) -> Iterator[StoredRelation]:
    for position, row in enumerate(field(record, "relations", "list")):
        where = f"relations[{position}]"
        subject, target, predicate, spans = stored_relation(row, where)
        unlisted = [end for end in (subject, target) if end not in listed]
        if unlisted:
            raise InputError(f"{where}: {row[:3]} names object {unlisted[0]}, which is not listed in objects")
        yield StoredRelation(subject, predicate, target, spans, row)
