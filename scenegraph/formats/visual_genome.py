"""Visual Genome: pictures with boxes, free names, attributes and relations.

Layout (facts of the public files): `relationships.json` is a list of {image_id, relationships
[{predicate, subject, object}]}, whose subject and object are {object_id, name or names, x, y, w, h};
`scene_graphs.json` a list of {image_id, objects [...], relationships [{predicate, subject_id,
object_id}]}. Beside them lie `attributes.json`, a list of {image_id, attributes [{object_id,
attributes}]}, and `image_data.json`, a list of {image_id, width, height}; both are used where they are.

Annotators wrote what they liked (some 80,000 names of objects), so that every graph has a vocabulary
of its own unless one is given: that of VG150 is in the files `VG-SGG-dicts*.json`.

>>> file = VisualGenomeFile.open("relationships.json", "VG-SGG-dicts.json")  # doctest: +SKIP
>>> graph = file.graph(0)  # doctest: +SKIP
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from scenegraph import checked_json
from scenegraph.checked_json import checked, field, located
from scenegraph.errors import InputError
from scenegraph.formats.named_boxes import (
    NamedBox,
    Triple,
    extent,
    picture_graph,
    read_box,
    spoken_name,
    vocabulary_of,
    whole_number,
)
from scenegraph.formats.record_index import RecordFile
from scenegraph.graph import SceneGraph, Source
from scenegraph.vocabulary import Vocabulary

_KINDS = ("relationships", "scene_graphs")
_BESIDE = ("attributes", "image_data")


class VisualGenomeFile:
    """The pictures of a file of relations; a record is read when its graph is asked for.

    Attributes:
        image_ids: one a record.
        vocabulary: the names that were given; None where every graph has its own.
    """

    def __init__(
        self,
        records: RecordFile,
        image_ids: tuple[int, ...],
        sizes: Mapping[int, tuple[int, int]],
        attributes: RecordFile | None,
        described: Mapping[int, int],
        vocabulary: Vocabulary | None,
    ) -> None:
        self._records, self._sizes = records, sizes
        self._attributes, self._described = attributes, described
        self.image_ids, self.vocabulary = image_ids, vocabulary

    @classmethod
    def open(cls, path: str | Path, names: str | Path | None = None) -> "VisualGenomeFile":
        """Find the records of a file and what lies beside it.

        Args:
            path: relationships.json or scene_graphs.json (or a part of one, such as relationships_val.json).
            names: a file with `label_to_idx` and `predicate_to_idx`, whose names alone are kept.

        Raises:
            InputError: a file is missing, cut or of another kind.
        """
        path = Path(path)
        records, ids = _records(path, "relationships")
        kind = next((kind for kind in _KINDS if kind in path.name), _KINDS[0])
        attributes, image_data = (path.with_name(path.name.replace(kind, other)) for other in _BESIDE)
        described, images = _records(attributes, "attributes") if attributes.is_file() else (None, [])
        return cls(
            records,
            tuple(ids),
            _sizes(image_data),
            described,
            {image: position for position, image in enumerate(images)},
            None if names is None else read_names(names),
        )

    def __len__(self) -> int:
        return len(self._records)

    def item(self, index: int) -> str:
        """How messages name a record."""
        return f"image {self.image_ids[index]}"

    def graph(self, index: int) -> SceneGraph:
        """The graph of a picture; node ids are the object ids.

        A picture whose size no file gives is as large as its boxes need. What the graph cannot hold
        is in its metadata (see `named_boxes.picture_graph`).

        Raises:
            InputError: there is no such record, or it is malformed; the message names the place.
        """
        record = self._records[index]
        image = self.image_ids[index]
        with located(f"{self._records.path.name}: {self.item(index)}"):
            objects = {each.id: each for each in self._objects(record, image)}
            triples = list(_triples(record))
            vocabulary = self.vocabulary or vocabulary_of(objects.values(), triples)
            size = self._sizes.get(image) or extent(objects.values())
            source = Source("image", f"{image}.jpg", *size)
            return picture_graph(source, objects.values(), triples, vocabulary, {"image_id": image})

    def _objects(self, record: dict[str, Any], image: int) -> Iterator[NamedBox]:
        """Every object once, where it is first written, with the attributes of all places."""
        listed = [(f"objects[{at}]", each) for at, each in enumerate(field(record, "objects", "list", default=[]))]
        for at, relation in enumerate(record["relationships"]):
            where = f"relationships[{at}]"
            checked(relation, "object", where)
            listed += [(f"{where}.{end}", relation[end]) for end in ("subject", "object") if end in relation]
        if self._attributes is not None and image in self._described:
            rows = self._attributes[self._described[image]]["attributes"]
            listed += [(f"attributes[{at}]", each) for at, each in enumerate(rows)]
        places: dict[int, tuple[str, dict[str, Any]]] = {}
        values: dict[int, list[str]] = {}
        for where, coded in listed:
            number = whole_number(field(checked(coded, "object", where), "object_id", "number", where), where)
            places.setdefault(number, (where, coded))
            values.setdefault(number, []).extend(_texts(coded.get("attributes", []), f"{where}.attributes"))
        for number, (where, coded) in places.items():
            yield NamedBox(number, _name(coded, where), read_box(coded, where), values[number])


def _records(path: Path, key: str) -> tuple[RecordFile, list[int]]:
    """The records of a file, which have a list under a key, and their image ids."""
    ids: list[int] = []

    def visit(position: int, record: Any) -> None:
        ids.append(whole_number(field(checked(record, "object", "a record"), "image_id", "number"), "image_id"))
        field(record, key, "list", "the record")

    return RecordFile.open(path, visit, key=None), ids


def read_names(path: str | Path) -> Vocabulary:
    """The names of a dictionary file of VG150, in the order of their ids.

    Raises:
        InputError: the file is missing or of another kind.
    """
    value = checked_json.read(path)
    with located(str(path)):
        checked(value, "object", "the file")
        kinds = []
        for key in ("label_to_idx", "predicate_to_idx"):
            numbered = field(value, key, "object")
            for name, number in numbered.items():
                checked(number, "whole number", f"{key}.{name}")
            kinds.append(tuple(sorted(numbered, key=numbered.__getitem__)))
        return Vocabulary(kinds[0], (), kinds[1])


def _triples(record: dict[str, Any]) -> Iterator[Triple]:
    for at, relation in enumerate(record["relationships"]):
        where = f"relationships[{at}]"
        ends = []
        for end in ("subject", "object"):
            holder, key = (relation[end], "object_id") if end in relation else (relation, f"{end}_id")
            ends.append(whole_number(field(holder, key, "number", where), where))
        yield Triple(ends[0], spoken_name(field(relation, "predicate", "text", where)) or "related to", ends[1])


def _name(coded: dict[str, Any], where: str) -> str:
    names = [coded["name"]] if "name" in coded else field(coded, "names", "list", where)
    if not names or not isinstance(names[0], str) or not names[0].strip():
        raise InputError(f"{where}: the object has no name")
    return spoken_name(names[0])


def _texts(values: Any, where: str) -> tuple[str, ...]:
    named = (spoken_name(checked(value, "text", where)) for value in checked(values, "list", where))
    return tuple(filter(None, named))


def _sizes(path: Path) -> dict[int, tuple[int, int]]:
    """(height, width) by image id; empty where there is no such file."""
    if not path.is_file():
        return {}
    with located(str(path)):
        sizes = {}
        for at, record in enumerate(checked(checked_json.read(path), "list", "the file")):
            where = f"[{at}]"
            image, width, height = (
                field(checked(record, "object", where), key, "whole number", where)
                for key in ("image_id", "width", "height")
            )
            sizes[image] = (height, width)
        return sizes
