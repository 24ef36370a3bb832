"""VidOR and ImageNet-VidVRD: videos with trajectories of boxes and relations, one JSON file a video.

Layout (facts of the public files): `training/GROUP/VIDEO.json` and `validation/...` (VidVRD: `train/`
and `test/` without groups). A file has `video_id`, `video_path`, `frame_count`, `fps`, `width`,
`height`, `subject/objects` [{tid, category}], `trajectories` (a list a frame of {tid, bbox {xmin,
ymin, xmax, ymax}, generated, tracker}) and `relation_instances` [{subject_tid, object_tid, predicate,
begin_fid, end_fid}]. Boxes name their last pixels (a box may end at 639 in a picture 640 wide);
`end_fid` is exclusive. Names stay as the files write them (`next_to`).

Which names there are no file says: a folder is read once for them, or another vocabulary is given.

>>> files = VidORFiles.open("annotation/validation")  # doctest: +SKIP
>>> graph = files.graph(0)  # doctest: +SKIP
"""

from collections.abc import Container, Iterator
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scenegraph import checked_json
from scenegraph.checked_json import checked, field, located
from scenegraph.errors import InputError
from scenegraph.formats.box_tubes import BoxTubes
from scenegraph.formats.problems import Problem
from scenegraph.formats.stored_relations import StoredRelation, noted, usable
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.regions import Tube
from scenegraph.spans import Span
from scenegraph.vocabulary import Vocabulary

SPLITS = {"training": "train", "train": "train", "validation": "val", "val": "val", "test": "test"}
"""Names of folders, and the splits that they hold."""

_OBJECTS = "subject/objects"


class VidORFiles:
    """All annotation files below a folder, or one; a file is read when its graph is asked for.

    Attributes:
        paths: the files, by name.
        vocabulary: all categories are things; ids follow the alphabet.
    """

    def __init__(self, root: Path, paths: list[Path], vocabulary: Vocabulary) -> None:
        self.root, self.paths, self.vocabulary = root, paths, vocabulary

    @classmethod
    def open(cls, path: str | Path, vocabulary: Vocabulary | None = None, progress: bool = False) -> "VidORFiles":
        """Find the files.

        Args:
            path: a JSON file, or a folder with such files at any depth.
            vocabulary: names; those of the files if not given, for which all of them are read.
            progress: show a bar meanwhile.

        Raises:
            InputError: there is no such file, or one of them is no VidOR annotation.
        """
        path = Path(path)
        paths = sorted(path.rglob("*.json")) if path.is_dir() else [path]
        if not paths:
            raise InputError(f"{path}: no annotation (*.json) in this folder; expected training/GROUP/VIDEO.json")
        root = path if path.is_dir() else path.parent
        return cls(root, paths, vocabulary or _vocabulary(paths, progress))

    def __len__(self) -> int:
        return len(self.paths)

    def item(self, index: int) -> str:
        """How messages name a file: `0009/11566930393.json`."""
        return self.paths[index].relative_to(self.root).as_posix()

    def split(self, index: int) -> str | None:
        """The split of a video: that of the folder in which it lies, None if no folder says."""
        folders = [*self.root.resolve().parts, *self.paths[index].relative_to(self.root).parts[:-1]]
        return next((SPLITS[folder] for folder in reversed(folders) if folder in SPLITS), None)

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the files of a split (train, val, test), or of all.

        Raises:
            InputError: there is no such split.
        """
        if split != "all" and split not in SPLITS.values():
            raise InputError(f"split {split!r}; expected 'train', 'val', 'test' or 'all'")
        return [index for index in range(len(self)) if split in ("all", self.split(index))]

    def graph(self, index: int) -> SceneGraph:
        """The true graph of a video; node ids are the track ids, every relation instance is a relation.

        A node's attribute `drawn_by_hand` counts the frames whose box no tracker made. What a graph
        cannot hold is in the metadata: `unseen_objects`, `dropped_relations`, `clipped_spans`,
        `clipped_boxes` (counts of what left the picture).

        Raises:
            InputError: the file cannot be read or contradicts itself; the message names the place.
        """
        path = self.paths[index]
        record = checked_json.read(path)
        with located(str(path)):
            checked(record, "object", "the file")
            source = _source(record)
            categories = _categories(record)
            boxes, drawn = _trajectories(record, source, categories)
            tubes = boxes.tubes()
            nodes = [self._node(tid, name, tubes[tid], drawn[tid]) for tid, name in categories.items() if tid in tubes]
            rows = _rows(record, categories)
            relations, notes = usable(rows, self.vocabulary, tubes.keys(), source.num_frames)
            unseen = [{"tid": tid, "category": name} for tid, name in categories.items() if tid not in tubes]
            metadata = {"video_id": field(record, "video_id", "text"), "split": self.split(index), **notes}
            metadata |= {"unseen_objects": unseen} if unseen else {}
            metadata |= {"clipped_boxes": boxes.clipped} if boxes.clipped else {}
            return SceneGraph(source, tuple(nodes), tuple(relations), self.vocabulary, metadata)

    def _node(self, tid: int, name: str, tube: Tube, drawn: int) -> Node:
        return Node(tid, self.vocabulary.category_id(name), tube, attributes={"drawn_by_hand": drawn})


def validate(path: str | Path, progress: bool = True) -> list[Problem]:
    """Read every file and say what is wrong with it.

    Returns:
        Problems in the order of the files; what readers leave out or cut is of severity "warning".

    Raises:
        InputError: there are no files.
    """
    path = Path(path)
    problems = []
    files = VidORFiles.open(path, Vocabulary((), (), ()))
    for index in tqdm(range(len(files)), desc="checking", unit="video", disable=not progress, leave=False):
        name = files.item(index)
        try:
            graph = VidORFiles.open(files.paths[index]).graph(0)
        except InputError as error:
            problems.append(Problem(name, "file", str(error).removeprefix(f"{files.paths[index]}: ")))
            continue
        problems += [Problem(name, *finding) for finding in noted(graph.metadata)]
        if not graph.relations:
            problems.append(Problem(name, "relation_instances", "there is none", "warning"))
    return problems


def _vocabulary(paths: list[Path], progress: bool) -> Vocabulary:
    categories: set[str] = set()
    predicates: set[str] = set()
    for path in tqdm(paths, desc="names", unit="file", disable=not progress, leave=False):
        record = checked_json.read(path)
        with located(str(path)):
            checked(record, "object", "the file")
            categories.update(_categories(record).values())
            predicates.update(row["predicate"] for row in _instances(record))
    with located(str(paths[0]) if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1} others"):
        return Vocabulary(tuple(sorted(categories)), (), tuple(sorted(predicates)))


def _source(record: dict[str, Any]) -> Source:
    height, width, frames = (field(record, key, "whole number") for key in ("height", "width", "frame_count"))
    uri = field(record, "video_path", "text", default=f"{field(record, 'video_id', 'text')}.mp4")
    source = Source("video", uri, height, width, frames, float(field(record, "fps", "number")))
    lists = len(field(record, "trajectories", "list"))
    if lists != frames:
        raise InputError(f"trajectories: {lists} frames; frame_count says {frames}. Is the file cut or edited?")
    return source


def _categories(record: dict[str, Any]) -> dict[int, str]:
    """Category by track id."""
    categories: dict[int, str] = {}
    for position, coded in enumerate(field(record, _OBJECTS, "list")):
        where = f"{_OBJECTS}[{position}]"
        tid = field(checked(coded, "object", where), "tid", "whole number", where)
        if tid < 0 or tid in categories:
            raise InputError(f"{where}.tid: {tid} is used twice or negative")
        categories[tid] = field(coded, "category", "text", where)
    return categories


def _trajectories(record: dict[str, Any], source: Source, listed: Container[int]) -> tuple[BoxTubes, dict[int, int]]:
    """The boxes, and how many of each track were drawn by hand."""
    boxes = BoxTubes(*source.size)
    drawn: dict[int, int] = {}
    for frame, found in enumerate(record["trajectories"]):
        for position, coded in enumerate(checked(found, "list", f"trajectories[{frame}]")):
            where = f"trajectories[{frame}][{position}]"
            tid = field(checked(coded, "object", where), "tid", "whole number", where)
            if tid not in listed:
                raise InputError(f"{where}.tid: {tid} is not listed in {_OBJECTS}")
            box = field(coded, "bbox", "object", where)
            x1, y1, x2, y2 = (field(box, key, "number", f"{where}.bbox") for key in ("xmin", "ymin", "xmax", "ymax"))
            with located(f"{where}.bbox"):
                boxes.add(tid, frame, (x1, y1, x2 + 1, y2 + 1))
            drawn[tid] = drawn.get(tid, 0) + (not coded.get("generated"))
    return boxes, drawn


def _instances(record: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for position, row in enumerate(field(record, "relation_instances", "list")):
        where = f"relation_instances[{position}]"
        field(checked(row, "object", where), "predicate", "text", where)
        yield row


def _rows(record: dict[str, Any], listed: Container[int]) -> Iterator[StoredRelation]:
    for position, row in enumerate(_instances(record)):
        where = f"relation_instances[{position}]"
        keys = ("subject_tid", "object_tid", "begin_fid", "end_fid")
        subject, object_, begin, end = (field(row, key, "whole number", where) for key in keys)
        for tid in (subject, object_):
            if tid not in listed:
                raise InputError(f"{where}: track {tid} is not listed in {_OBJECTS}")
        if not 0 <= begin < end:
            raise InputError(f"{where}: frames {begin} to {end} (exclusive) are no span; expected 0 <= begin < end")
        yield StoredRelation(subject, row["predicate"], object_, (Span(begin, end),), row)
