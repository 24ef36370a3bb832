"""STAR's situations: questions about clips, with the relations and boxes of their frames.

A record has `question_id`, `video_id`, `start`, `end` (seconds), `question`, `answer`, `choices` and
`situations`: by picture number `rel_pairs` (two class codes, subject first), `rel_labels`, `actions`,
`bbox` (xyxy) and `bbox_labels`. Codes such as `o006` are named by `object_classes.txt`,
`relationship_classes.txt` and `action_classes.txt`, whose lines read `o006 table`. Boxes of the person
and the sizes of the pictures are left out of the files.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from math import ceil
from pathlib import Path
from typing import Any

from scenegraph import checked_json
from scenegraph.checked_json import checked, described, field, located
from scenegraph.errors import InputError
from scenegraph.formats.action_genome.frames import PERSON, AnnotatedFrame, Name, graph_of
from scenegraph.graph import SceneGraph, Source
from scenegraph.vocabulary import Vocabulary

Names = dict[str, str]
"""Name by code."""

_TEXTS = ("question_id", "start", "end", "question", "answer", "choices")


class STARFile:
    """The records of a STAR file; every question has a graph of its own.

    Attributes:
        vocabulary: all names of the class lists, in their order; objects are things.
    """

    def __init__(self, path: Path, records: list[Any], classes: dict[str, Names]) -> None:
        self.path = path
        self._classes = classes
        self.vocabulary = Vocabulary(tuple(classes["object"].values()), (), tuple(classes["relationship"].values()))
        with located(str(path)):
            self._records = [checked(record, "object", f"[{i}]") for i, record in enumerate(records)]
            self.questions = tuple(field(r, "question_id", "text", f"[{i}]") for i, r in enumerate(self._records))

    @classmethod
    def open(cls, path: str | Path, classes: str | Path | None = None) -> "STARFile":
        """Read a file of records.

        Args:
            path: the JSON file.
            classes: the folder of the class lists; that of the file if not given.

        Raises:
            InputError: a file is missing, or of another kind.
        """
        path = Path(path)
        folder = path.parent if classes is None else Path(classes)
        with located(str(path)):
            records = checked(checked_json.read(path), "list", "the file")
        return cls(
            path,
            records,
            {kind: _codes(folder / f"{kind}_classes.txt") for kind in ("object", "relationship", "action")},
        )

    def __len__(self) -> int:
        return len(self._records)

    def item(self, index: int) -> str:
        """How messages name a record."""
        return f"question {self.questions[index]}"

    def graph(self, index: int) -> SceneGraph:
        """The situation of a question, frame by frame; question, answer and choices are in the metadata.

        The person stands for the whole picture (attribute `located: false`), for the files leave
        out where it is, and the picture is as large as its boxes need. `actions` in the metadata
        has the names of the actions of every frame.

        Raises:
            InputError: there is no such record, a code has no name, or a box is none.
        """
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: there is no record {index}; it has {len(self)}, counted from 0")
        record = self._records[index]
        with located(f"{self.path.name}: {self.item(index)}"):
            video = field(record, "video_id", "text")
            situations = field(record, "situations", "object")
            if not situations:
                raise InputError("situations: there is none; expected relations by picture number")
            coded = {_number(key): checked(value, "object", key) for key, value in situations.items()}
            pictures = sorted(coded.items())
            frames = [self._frame(number, value) for number, value in pictures]
            corners = [box[2:] for frame in frames for box in frame.boxes.values()]
            width, height = (max([1, *(ceil(corner[side]) for corner in corners)]) for side in (0, 1))
            actions = [
                [_named(code, self._classes["action"], "actions") for code in field(value, "actions", "list", "", [])]
                for _, value in pictures
            ]
            metadata = {"video_id": video, "actions": actions}
            metadata |= {key: record[key] for key in _TEXTS if key in record}
            source = Source("video", f"{video}.mp4", height, width, len(frames))
            return graph_of(frames, source, self.vocabulary, metadata, frozenset({PERSON}))

    def _frame(self, number: int, value: dict[str, Any]) -> AnnotatedFrame:
        where = f"situations.{number}"
        things, predicates = self._classes["object"], self._classes["relationship"]
        triples = []
        for position, (pair, label) in enumerate(_paired(value, "rel_pairs", "rel_labels", where)):
            place = f"{where}.rel_pairs[{position}]"
            if len(checked(pair, "list", place)) != 2:
                raise InputError(f"{place}: expected two codes, found {described(pair)}")
            subject, object_ = ((_named(code, things, place), 0) for code in pair)
            triples.append((subject, _named(label, predicates, f"{where}.rel_labels"), object_))
        boxes: dict[Name, Sequence[float]] = {}
        counts: Counter[str] = Counter()
        for position, (box, label) in enumerate(_paired(value, "bbox", "bbox_labels", where)):
            name = _named(label, things, f"{where}.bbox_labels")
            corners = checked(box, "list", f"{where}.bbox[{position}]")
            if len(corners) != 4:
                raise InputError(f"{where}.bbox[{position}]: expected 4 numbers, found {described(box)}")
            boxes[name, counts[name]] = [checked(n, "number", f"{where}.bbox[{position}]") for n in corners]
            counts[name] += 1
        return AnnotatedFrame(number, boxes, list(dict.fromkeys(triples)))


def _number(key: str) -> int:
    if not re.fullmatch(r"[0-9]{1,9}", key):
        raise InputError(f"situations: {key!r}; expected the number of a picture, such as 000245")
    return int(key)


def _paired(value: dict[str, Any], first: str, second: str, where: str) -> Iterator[tuple[Any, Any]]:
    lists = [field(value, key, "list", where) for key in (first, second)]
    if len(lists[0]) != len(lists[1]):
        raise InputError(f"{where}: {len(lists[0])} {first} and {len(lists[1])} {second}; expected as many")
    yield from zip(*lists, strict=True)


def _codes(path: Path) -> Names:
    """A class list, whose lines are a code and a name."""
    lines = [line.split(maxsplit=1) for line in checked_json.read_text(path).splitlines() if line.strip()]
    if not lines or any(len(line) != 2 for line in lines):
        raise InputError(f"{path}: expected lines of a code and a name, such as 'o006 table'")
    return {code: name.strip() for code, name in lines}


def _named(code: Any, names: Names, where: str) -> str:
    if not isinstance(code, str) or code not in names:
        raise InputError(f"{where}: {described(code)} is not in the class list")
    return names[code]
