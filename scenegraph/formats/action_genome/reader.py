"""Action Genome's two annotation files as graphs, a video each."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from scenegraph import checked_json, data_pickle
from scenegraph.checked_json import checked, described, field, is_number, located
from scenegraph.errors import InputError
from scenegraph.formats.action_genome.frames import PERSON, AnnotatedFrame, Name, Triple, graph_of
from scenegraph.graph import SceneGraph, Source
from scenegraph.vocabulary import Vocabulary

OBJECTS, PERSONS = "object_bbox_and_relationship", "person_bbox"

KINDS = ("attention_relationship", "spatial_relationship", "contacting_relationship")
"""Keys of an object's relations; of the second kind the object is the subject."""

_PICTURE = re.compile(r"(?P<video>[^/]+)/(?P<number>[0-9]{1,9})\.[A-Za-z]+")


class ActionGenomeFile:
    """The annotations of all videos; graphs are made when they are asked for.

    Attributes:
        videos: names such as `001YG.mp4`, in the order of the file.
        vocabulary: things, the person first, and predicates in the order of their kinds, alphabetical
            within each.
    """

    def __init__(self, path: Path, objects: dict[str, Any], persons: dict[str, Any]) -> None:
        self.path = path
        self._objects, self._persons = objects, persons
        self._pictures: dict[str, list[tuple[int, str]]] = {}
        classes: set[str] = set()
        predicates: tuple[set[str], ...] = tuple(set() for _ in KINDS)
        with located(str(path)):
            for picture, listed in objects.items():
                match = _PICTURE.fullmatch(picture) if isinstance(picture, str) else None
                if match is None:
                    raise InputError(
                        f"{described(picture)}: expected the name of a picture, such as 'AB12C.mp4/000089.png'"
                    )
                self._pictures.setdefault(match["video"], []).append((int(match["number"]), picture))
                for coded in _listed(listed, picture):
                    classes.add(coded["class"])
                    for kind, found in zip(KINDS, predicates, strict=True):
                        found.update(_names(coded, kind, picture))
        self.videos = tuple(self._pictures)
        for pictures in self._pictures.values():
            pictures.sort()
        ordered = dict.fromkeys(name for found in predicates for name in sorted(found))
        self.vocabulary = Vocabulary((PERSON, *sorted(classes - {PERSON})), (), tuple(ordered))

    @classmethod
    def open(cls, path: str | Path) -> "ActionGenomeFile":
        """Read the two files, `.pkl` or `.json`.

        Args:
            path: their folder, or `object_bbox_and_relationship.pkl` with the other beside it.

        Raises:
            InputError: a file is missing, cut off, or holds anything but data.
        """
        path = Path(path)
        objects = _found(path, OBJECTS) if path.is_dir() else path
        with located(str(objects)):
            listed = checked(_read(objects), "object", "the file")
        persons = _found(objects.parent, PERSONS)
        with located(str(persons)):
            return cls(objects, listed, checked(_read(persons), "object", "the file"))

    def __len__(self) -> int:
        return len(self.videos)

    def item(self, index: int) -> str:
        """How messages name a video."""
        return f"video {self.videos[index]}"

    def split(self, index: int) -> str | None:
        """The split that all objects of the video name (train, test), None if they name none or several."""
        coded = [coded for _, picture in self._pictures[self.videos[index]] for coded in self._objects[picture]]
        said = [each["metadata"].get("set") for each in coded if isinstance(each.get("metadata"), dict)]
        one = bool(said) and isinstance(said[0], str) and said.count(said[0]) == len(said)
        return said[0] if one else None

    def indices(self, split: str = "all") -> list[int]:
        """Positions of the videos of a split (train, test), or of all.

        Raises:
            InputError: there is no such split.
        """
        if split not in ("all", "train", "test"):
            raise InputError(f"split {split!r}; expected 'train', 'test' or 'all'")
        return [index for index in range(len(self)) if split == "all" or self.split(index) == split]

    def frame_names(self, index: int) -> list[str]:
        """The annotated pictures of a video, by frame: `AB12C.mp4/000089.png`."""
        return [picture for _, picture in self._pictures[self.videos[index]]]

    def graph(self, index: int) -> SceneGraph:
        """The true graph of a video over its annotated pictures.

        A class that stands twice in a picture is told apart by the order in the list.

        Raises:
            InputError: there is no such video, a picture has no size, or a box is none.
        """
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: there is no video {index}; it has {len(self)}, counted from 0")
        with located(f"{self.path.name}: {self.item(index)}"):
            pictures = self._pictures[self.videos[index]]
            frames = [self._frame(number, picture) for number, picture in pictures]
            sizes = {self._size(picture) for _, picture in pictures}
            if len(sizes) > 1:
                raise InputError(f"its pictures have different sizes {sorted(sizes)} (height, width)")
            source = Source("video", self.videos[index], *sizes.pop(), len(frames))
            metadata = {"video_id": self.videos[index], "split": self.split(index)}
            return graph_of(frames, source, self.vocabulary, metadata)

    def _frame(self, number: int, picture: str) -> AnnotatedFrame:
        boxes: dict[Name, Any] = {
            (PERSON, at): box for at, box in enumerate(_rows(self._person(picture).get("bbox"), picture))
        }
        person: Name = (PERSON, 0)
        triples: list[Triple] = []
        counts: Counter[str] = Counter()
        for coded in self._objects[picture]:
            name: Name = (coded["class"], counts[coded["class"]])
            counts[coded["class"]] += 1
            box = coded.get("bbox")
            if box is not None and coded.get("visible", True):
                (row,) = _rows([box], picture)
                boxes[name] = (row[0], row[1], row[0] + row[2], row[1] + row[3])
            for kind in KINDS:
                for predicate in _names(coded, kind, picture):
                    spatial = kind == "spatial_relationship"
                    triples.append((name, predicate, person) if spatial else (person, predicate, name))
        return AnnotatedFrame(number, boxes, list(dict.fromkeys(triples)))

    def _person(self, picture: str) -> dict[str, Any]:
        if picture not in self._persons:
            raise InputError(f"{PERSONS} has no entry {picture!r}, which holds the size of the picture")
        return checked(self._persons[picture], "object", picture)

    def _size(self, picture: str) -> tuple[int, int]:
        """(height, width)."""
        size = np.asarray(self._person(picture).get("bbox_size"), dtype=object).ravel().tolist()
        if len(size) != 2 or not all(is_number(side) and side >= 1 for side in size):
            raise InputError(f"{picture}: bbox_size is {size}; expected [width, height] in pixels")
        return int(size[1]), int(size[0])


def _found(folder: Path, name: str) -> Path:
    for suffix in (".pkl", ".json"):
        if (folder / f"{name}{suffix}").is_file():
            return folder / f"{name}{suffix}"
    raise InputError(f"{folder}: there is neither {name}.pkl nor {name}.json; both annotation files are needed")


def _read(path: Path) -> Any:
    return data_pickle.read(path) if path.suffix == ".pkl" else checked_json.read(path)


def _listed(value: Any, picture: str) -> Iterator[dict[str, Any]]:
    for position, coded in enumerate(checked(value, "list", picture)):
        where = f"{picture}[{position}]"
        field(checked(coded, "object", where), "class", "text", where)
        yield coded


def _names(coded: dict[str, Any], kind: str, picture: str) -> list[str]:
    where = f"{picture}: {coded['class']}.{kind}"
    return [checked(name, "text", where) for name in checked(coded.get(kind) or [], "list", where)]


def _rows(value: Any, picture: str) -> list[list[float]]:
    """Boxes as lists of four numbers; None is none."""
    try:
        rows = np.asarray([] if value is None else value, dtype=np.float64)
        if rows.ndim > 2 or (rows.ndim == 2 and rows.shape[1] != 4):
            raise ValueError(rows.shape)
        return rows.reshape(-1, 4).tolist()
    except (TypeError, ValueError):
        raise InputError(
            f"{picture}: bbox is {described(value) if isinstance(value, list) else value!r}; expected rows of 4 numbers"
        ) from None
