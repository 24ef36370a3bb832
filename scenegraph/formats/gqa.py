"""GQA scene graphs: pictures with boxes, cleaned names, attributes and relations.

Layout (facts of the public files): `train_sceneGraphs.json` and `val_sceneGraphs.json` are one object,
picture id -> {width, height, location, weather, objects}; an object is {name, x, y, w, h, attributes,
relations [{name, object}]} under its id. Names are cleaned, so that one vocabulary serves a file;
"to the left of" and "to the right of" stand between most pairs.

>>> file = GQAFile.open("val_sceneGraphs.json")  # doctest: +SKIP
>>> graph = file.graph(0)  # doctest: +SKIP
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from scenegraph import checked_json
from scenegraph.checked_json import checked, field, located
from scenegraph.errors import InputError
from scenegraph.formats.named_boxes import NamedBox, Triple, picture_graph, read_box, whole_number
from scenegraph.graph import SceneGraph, Source
from scenegraph.vocabulary import Vocabulary

SPLITS = ("train", "val")
"""What the names of the files begin with."""

_NOTES = ("location", "weather")


class GQAFile:
    """The pictures of a file.

    Attributes:
        image_ids: in the order of the file.
        vocabulary: names of the file, sorted; all of them are things.
        split: train or val if the file's name says so, else None.
    """

    def __init__(self, path: Path, records: dict[str, Any], vocabulary: Vocabulary) -> None:
        self.path, self._records, self.vocabulary = path, records, vocabulary
        self.image_ids = tuple(records)
        self.split = next((split for split in SPLITS if path.name.startswith(split)), None)

    @classmethod
    def open(cls, path: str | Path, vocabulary: Vocabulary | None = None) -> "GQAFile":
        """Read a file.

        Args:
            path: train_sceneGraphs.json or val_sceneGraphs.json.
            vocabulary: names; those of the file if not given. Give both splits the same.

        Raises:
            InputError: the file is missing, cut or of another kind.
        """
        path = Path(path)
        records = checked_json.read(path)
        with located(str(path)):
            checked(records, "object", "the file")
            categories: set[str] = set()
            predicates: set[str] = set()
            for image, record in records.items():
                for _, where, coded in _coded(image, record):
                    categories.add(field(coded, "name", "text", where))
                    predicates.update(name for name, _ in _relations(coded, where))
        own = Vocabulary(tuple(sorted(categories)), (), tuple(sorted(predicates)))
        return cls(path, records, vocabulary or own)

    def __len__(self) -> int:
        return len(self.image_ids)

    def item(self, index: int) -> str:
        """How messages name a record."""
        return f"image {self.image_ids[index]}"

    def graph(self, index: int) -> SceneGraph:
        """The graph of a picture; node ids are the object ids.

        What the graph cannot hold is in its metadata (see `named_boxes.picture_graph`), `location`
        and `weather` of the picture as well.

        Raises:
            InputError: there is no such record, or it is malformed; the message names the place.
        """
        if not 0 <= index < len(self):
            raise InputError(f"{self.path}: there is no picture {index}; it has {len(self)}, counted from 0")
        image = self.image_ids[index]
        record = self._records[image]
        with located(f"{self.path.name}: {self.item(index)}"):
            height, width = (field(record, key, "whole number") for key in ("height", "width"))
            objects, triples = [], []
            for number, where, coded in _coded(image, record):
                attributes = checked_json.names(coded, "attributes", where) if "attributes" in coded else ()
                objects.append(NamedBox(number, coded["name"], read_box(coded, where), attributes))
                triples += [
                    Triple(number, name, whole_number(other, f"{where}.relations"))
                    for name, other in _relations(coded, where)
                ]
            metadata = {"image_id": image, "split": self.split}
            metadata |= {key: record[key] for key in _NOTES if isinstance(record.get(key), str)}
            source = Source("image", f"{image}.jpg", height, width)
            return picture_graph(source, objects, triples, self.vocabulary, metadata)


def _coded(image: str, record: Any) -> Iterator[tuple[int, str, dict[str, Any]]]:
    """Number, place and record of every object of a picture."""
    for key, coded in field(checked(record, "object", image), "objects", "object", image).items():
        where = f"objects.{key}"
        yield whole_number(key, where), where, checked(coded, "object", where)


def _relations(coded: dict[str, Any], where: str) -> Iterator[tuple[str, Any]]:
    """Predicate and object id of the relations of an object."""
    for at, relation in enumerate(field(coded, "relations", "list", where, default=[])):
        place = f"{where}.relations[{at}]"
        checked(relation, "object", place)
        yield field(relation, "name", "text", place), relation.get("object")
