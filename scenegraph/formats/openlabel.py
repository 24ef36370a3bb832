"""ASAM OpenLABEL 1.0: objects, relations and actions over the frames of a video.

Layout (facts of the standard, section "Multi-sensor data labelling"): the root key `openlabel` holds
`objects`, `actions` and `relations` by uid, each with `name`, `type` and `frame_intervals`
[{frame_start, frame_end}] (both ends included), and `frames` by number, whose `objects` have
`object_data.bbox` [{val: [x, y, width, height]}] about the box's centre. A relation names its ends by
`rdf_subjects` and `rdf_objects` [{type, uid}]. An action joins objects through relations of the types
`isSubjectOfAction` and `isObjectOfAction` (from object to action), or, in other tools' files, through
`hasSubject` and `hasObject` (from action to object).

>>> graph = OpenLABELFile.open("annotation.json").graph(0)  # doctest: +SKIP
"""

from collections.abc import Iterator, Mapping
from math import ceil
from pathlib import Path
from typing import Any, NamedTuple

from scenegraph import checked_json
from scenegraph.checked_json import checked, described, field, located
from scenegraph.errors import InputError
from scenegraph.formats.box_tubes import BoxTubes
from scenegraph.formats.stored_relations import StoredRelation, usable
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.regions import Tube
from scenegraph.spans import Span, Spans, merge
from scenegraph.vocabulary import Vocabulary

MAX_FRAMES = 1_000_000
"""Higher frame numbers are mistakes; nine hours at 30 frames a second have fewer."""

_SUBJECT_OF, _OBJECT_OF = "issubjectofaction", "isobjectofaction"

_PARTS = {_SUBJECT_OF: 0, "hassubject": 0, _OBJECT_OF: 1, "hasobject": 1}
"""Types of relations between objects and actions: 0 makes the object a subject, 1 an object."""

End = tuple[str, str]
"""What a relation joins: kind ("object", "action") and uid."""

Corners = tuple[float, float, float, float]


class Row(NamedTuple):
    """A relation by uids; `action` is the uid of the action that it stands for."""

    subject: str
    predicate: str
    object: str
    spans: Spans
    action: str | None = None


class OpenLABELFile:
    """One annotation file, which holds one graph.

    Attributes:
        vocabulary: the types of its objects (things), relations and actions, sorted.
    """

    def __init__(self, path: Path, content: dict[str, Any]) -> None:
        self.path, self._content = path, content
        with located(str(path)):
            self._objects = _table(content, "objects")
            self._actions = _table(content, "actions")
            self._rows = list(_rows(_table(content, "relations"), self._actions))
            categories = {_type(each, f"objects.{uid}") for uid, each in self._objects.items()}
            predicates = {row.predicate for row in self._rows}
            self.vocabulary = Vocabulary(tuple(sorted(categories)), (), tuple(sorted(predicates)))

    @classmethod
    def open(cls, path: str | Path) -> "OpenLABELFile":
        """Read a file.

        Raises:
            InputError: the file is missing, cut or of another kind.
        """
        path = Path(path)
        value = checked_json.read(path)
        with located(str(path)):
            content = field(checked(value, "object", "the file"), "openlabel", "object")
        return cls(path, content)

    def __len__(self) -> int:
        return 1

    def item(self, index: int) -> str:
        """How messages name the graph."""
        return self.path.name

    def graph(self, index: int = 0) -> SceneGraph:
        """The graph: node ids number the objects in file order, their uids are attributes.

        An action is a relation from its subjects to its objects; what only its subject is known of is
        in the metadata (`actions`), as are objects without a box (`unseen_objects`: cuboids of
        point clouds are not read) and what `stored_relations.usable` leaves out.

        Raises:
            InputError: the file contradicts itself; the message names the place.
        """
        with located(str(self.path)):
            if index != 0:
                raise InputError(f"there is no graph {index}; the file holds one, counted from 0")
            numbers = {uid: number for number, uid in enumerate(self._objects)}
            boxes = self._boxes()
            source = self._source(boxes)
            tubes = BoxTubes(*source.size)
            for (uid, frame), corners in boxes.items():
                with located(f"frames.{frame}.objects.{uid}"):
                    tubes.add(_known(numbers, uid), frame, corners)
            seen = tubes.tubes()
            nodes = [self._node(uid, number, seen[number]) for uid, number in numbers.items() if number in seen]
            everywhere = (Span(0, source.num_frames),)
            stored = [
                StoredRelation(_known(numbers, row.subject), row.predicate, _known(numbers, row.object), spans, row[:3])
                for row in self._rows
                for spans in (row.spans or everywhere,)
            ]
            relations, notes = usable(stored, self.vocabulary, seen.keys(), source.num_frames)
            metadata = {**self._notes([uid for uid, number in numbers.items() if number not in seen]), **notes}
            return SceneGraph(source, tuple(nodes), tuple(relations), self.vocabulary, metadata)

    def _node(self, uid: str, number: int, tube: Tube) -> Node:
        name = self._objects[uid].get("name")
        attributes = {"uid": uid} | ({"name": name} if isinstance(name, str) and name else {})
        return Node(number, self.vocabulary.category_id(_type(self._objects[uid], uid)), tube, attributes=attributes)

    def _notes(self, unseen: list[str]) -> dict[str, Any]:
        """The metadata of the file, and what of it the graph cannot hold."""
        joined = {row.action for row in self._rows}
        lone = [
            {"type": _type(each, uid), "frames": [list(span) for span in _spans(each, uid)]}
            for uid, each in self._actions.items()
            if uid not in joined
        ]
        notes = {"actions": lone, "unseen_objects": unseen}
        return {**field(self._content, "metadata", "object", default={}), **{k: v for k, v in notes.items() if v}}

    def _boxes(self) -> dict[tuple[str, int], Corners]:
        """Corners by uid and frame; of several boxes of an object in a frame the first."""
        boxes: dict[tuple[str, int], Corners] = {}
        for key, frame in _table(self._content, "frames").items():
            number = _frame_number(key)
            for uid, each in _table(frame, "objects", f"frames.{key}.").items():
                for corners in _corners(each, f"frames.{key}.objects.{uid}"):
                    boxes.setdefault((uid, number), corners)
        for uid, each in self._objects.items():  # what never moves has its box with itself
            for corners in _corners(each, f"objects.{uid}"):
                for span in _spans(each, f"objects.{uid}") or (Span(0, 1),):
                    for number in range(span.start, span.stop):
                        boxes.setdefault((uid, number), corners)
        return boxes

    def _source(self, boxes: dict[tuple[str, int], Corners]) -> Source:
        ends = [_frame_number(key) + 1 for key in _table(self._content, "frames")]
        ends += [frame + 1 for _, frame in boxes]
        ends += [span.stop for row in self._rows for span in row.spans]
        needed = (max([1, *(ceil(corners[at]) for corners in boxes.values())]) for at in (3, 2))
        height, width = self._declared_size() or needed
        tagged = field(self._content, "metadata", "object", default={}).get("tagged_file", self.path.stem)
        return Source("video", str(tagged), height, width, max([1, *ends]))

    def _declared_size(self) -> tuple[int, int] | None:
        """(height, width) of the first camera that declares them."""
        for uid, stream in _table(self._content, "streams").items():
            where = f"streams.{uid}.stream_properties"
            properties = field(stream, "stream_properties", "object", f"streams.{uid}", default={})
            pinhole = field(properties, "intrinsics_pinhole", "object", where, default={})
            if {"height_px", "width_px"} <= pinhole.keys():
                height, width = (field(pinhole, key, "number", where) for key in ("height_px", "width_px"))
                return int(height), int(width)
        return None


def _rows(relations: Mapping[str, Any], actions: Mapping[str, Any]) -> Iterator[Row]:
    """Relations between objects, and actions from their subjects to their objects."""
    takes_part: dict[str, tuple[list[str], list[str]]] = {uid: ([], []) for uid in actions}
    for uid, coded in relations.items():
        where = f"relations.{uid}"
        kind, subjects, others = _type(coded, where), _ends(coded, "subjects", where), _ends(coded, "objects", where)
        for subject in subjects:
            for other in others:
                if subject[0] == other[0] == "object":
                    yield Row(subject[1], kind, other[1], _spans(coded, where))
                else:
                    _join(takes_part, kind, subject, other)
    for uid, (subjects_of, objects_of) in takes_part.items():
        for subject_uid in dict.fromkeys(subjects_of):
            for object_uid in dict.fromkeys(objects_of):
                where = f"actions.{uid}"
                yield Row(subject_uid, _type(actions[uid], where), object_uid, _spans(actions[uid], where), uid)


def _join(takes_part: Mapping[str, tuple[list[str], list[str]]], kind: str, subject: End, other: End) -> None:
    """Note that an object does, or suffers, an action."""
    plain = kind.lower().rpartition("#")[2].rpartition("/")[2].replace("_", "")
    action, thing = (other, subject) if plain in (_SUBJECT_OF, _OBJECT_OF) else (subject, other)
    if plain not in _PARTS or thing[0] != "object" or action[0] != "action" or action[1] not in takes_part:
        return
    takes_part[action[1]][_PARTS[plain]].append(thing[1])


def _table(holder: Mapping[str, Any], key: str, where: str = "") -> dict[str, dict[str, Any]]:
    """An object of objects, empty where it is left out."""
    table = field(holder, key, "object", where.rstrip("."), default={})
    for uid, each in table.items():
        checked(each, "object", f"{where}{key}.{uid}")
    return table


def _type(coded: Mapping[str, Any], where: str) -> str:
    kind = field(coded, "type", "text", where).strip()
    if not kind:
        raise InputError(f"{where}.type: the text is empty; expected a class, such as Car")
    return kind


def _ends(coded: Mapping[str, Any], side: str, where: str) -> list[End]:
    ends = []
    for at, end in enumerate(field(coded, f"rdf_{side}", "list", where, default=[])):
        place = f"{where}.rdf_{side}[{at}]"
        checked(end, "object", place)
        ends.append((field(end, "type", "text", place), field(end, "uid", "text", place)))
    return ends


def _spans(coded: Mapping[str, Any], where: str) -> Spans:
    """Half-open spans, merged; none where the whole scene is meant."""
    spans = []
    for at, interval in enumerate(field(coded, "frame_intervals", "list", where, default=[])):
        place = f"{where}.frame_intervals[{at}]"
        checked(interval, "object", place)
        first, last = (field(interval, key, "whole number", place) for key in ("frame_start", "frame_end"))
        if not 0 <= first <= last <= MAX_FRAMES:
            raise InputError(
                f"{place}: frames {first} to {last} are no stretch; expected 0 <= start <= end <= {MAX_FRAMES:,}"
            )
        spans.append(Span.inclusive(first, last))
    return merge(spans)


def _frame_number(key: str) -> int:
    if not (key.isascii() and key.isdigit() and len(key) < 9 and int(key) <= MAX_FRAMES):
        raise InputError(f"frames: {key[:40]!r} is no frame number")
    return int(key)


def _corners(coded: Mapping[str, Any], where: str) -> Iterator[Corners]:
    """Left, top, right, bottom of the boxes of an object."""
    data = field(coded, "object_data", "object", where, default={})
    for at, box in enumerate(field(data, "bbox", "list", f"{where}.object_data", default=[])):
        place = f"{where}.object_data.bbox[{at}]"
        values = field(checked(box, "object", place), "val", "list", place)
        if len(values) != 4:
            raise InputError(f"{place}.val: {described(values)}; expected x and y of the centre, width and height")
        x, y, width, height = (float(checked(value, "number", f"{place}.val")) for value in values)
        yield x - width / 2, y - height / 2, x + width / 2, y + height / 2


def _known(numbers: Mapping[str, int], uid: str) -> int:
    if uid not in numbers:
        raise InputError(f"the object {uid[:60]!r} is not listed in objects")
    return numbers[uid]
