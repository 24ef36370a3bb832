"""psg.json as scene graphs."""

from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64

from scenegraph.checked_json import checked, described, field, inside, located, names
from scenegraph.decoding import listed_masks
from scenegraph.errors import InputError
from scenegraph.formats.record_index import RecordFile
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.panoptic import masks_from_ids, read_id_map
from scenegraph.regions import Segment
from scenegraph.vocabulary import Vocabulary


class PSGFile:
    """The public psg.json, read unchanged; records and pictures are read when they are asked for.

    Attributes:
        vocabulary: `thing_classes`, `stuff_classes`, `predicate_classes`.
        test_ids: image ids of the test split (it is also the validation split of the published code).
        image_ids: the image id of every record.
        relation_counts: relations of every record, int64 [records].
    """

    def __init__(
        self, records: RecordFile, root: Path, image_ids: tuple[str, ...], relation_counts: Int64[np.ndarray, " n"]
    ) -> None:
        self.path = records.path
        self.root = root
        self.image_ids = image_ids
        self.relation_counts = relation_counts
        self._records = records
        with located(str(self.path)):
            self.vocabulary = Vocabulary(
                *(names(records.others, key) for key in ("thing_classes", "stuff_classes", "predicate_classes"))
            )
            test_ids = field(records.others, "test_image_ids", "list", default=[])
            self.test_ids = frozenset(_image_id(value, f"test_image_ids[{i}]") for i, value in enumerate(test_ids))

    @classmethod
    def open(cls, path: str | Path, root: str | Path | None = None) -> "PSGFile":
        """Find the records of a psg.json (about two seconds for the public file).

        Args:
            path: the JSON file.
            root: the folder below which `file_name` and `pan_seg_file_name` are found (COCO's);
                the folder of the JSON file if it is not given.

        Raises:
            InputError: the file is missing, truncated, or no psg.json.
        """
        image_ids: list[str] = []
        counts: list[int] = []

        def visit(_: int, record: Any) -> None:
            checked(record, "object", "the record")
            image_ids.append(_image_id(record.get("image_id"), "image_id"))
            relations = record.get("relations")
            counts.append(len(relations) if isinstance(relations, list) else 0)

        records = RecordFile.open(path, visit)
        folder = Path(path).parent if root is None else Path(root)
        return cls(records, folder, tuple(image_ids), np.array(counts, dtype=np.int64))

    def __len__(self) -> int:
        return len(self._records)

    def item(self, index: int) -> str:
        """How messages name a record: `data[17] (image 107902)`."""
        return f"data[{index}] (image {self.image_ids[index]})"

    def record(self, index: int) -> dict[str, Any]:
        """The record as the file has it.

        Raises:
            InputError: there is no such record, or the file was changed since it was opened.
        """
        record: dict[str, Any] = self._records[index]
        return record

    def indices(self, split: str = "all", keep_empty: bool = False) -> list[int]:
        """Positions of the records of a split.

        "test" are the images listed in `test_image_ids`, "train" all others. Images without any
        relation are left out, as the published loader does, unless `keep_empty`.

        Raises:
            InputError: there is no such split.
        """
        if split not in ("train", "test", "all"):
            raise InputError(f"split {split!r}; expected 'train', 'test' or 'all'")
        return [
            index
            for index, image_id in enumerate(self.image_ids)
            if (split == "all" or (image_id in self.test_ids) == (split == "test"))
            and (keep_empty or self.relation_counts[index])
        ]

    def image_path(self, index: int) -> Path:
        """Where the picture should be.

        Raises:
            InputError: the record has no `file_name`, or it leads out of the root.
        """
        return self._file(index, "file_name")

    def panoptic_path(self, index: int) -> Path:
        """Where the panoptic PNG should be.

        Raises:
            InputError: the record has no `pan_seg_file_name`, or it leads out of the root.
        """
        return self._file(index, "pan_seg_file_name")

    def _file(self, index: int, key: str) -> Path:
        with located(f"{self.path.name}: {self.item(index)}"):
            return inside(self.root, field(self.record(index), key, "text"), key)

    def graph(self, index: int, masks: bool = True, strict: bool = True, unique_relations: bool = False) -> SceneGraph:
        """The true graph of a picture; node ids are the segments' positions in the record.

        `image_id`, `coco_image_id` and `split` are in its metadata.

        Args:
            index: the record.
            masks: read the panoptic PNG. With False nodes have the annotated boxes only, and no
                picture file is needed.
            strict: refuse a PNG with ids that the record does not list, and listed ids without a
                pixel. With False the first become void and the second get an empty mask.
            unique_relations: leave out exact repetitions of a relation, as the published loader
                does for its test split; kept otherwise.

        Raises:
            InputError: the record or its PNG is broken; the message names the record and the field.
        """
        record = self.record(index)
        with located(f"{self.path.name}: {self.item(index)}"):
            source = Source(
                "image",
                field(record, "file_name", "text"),
                field(record, "height", "whole number"),
                field(record, "width", "whole number"),
            )
            segments = field(record, "segments_info", "list")
            regions = self._masks(record, segments, source, strict) if masks else _boxes(record, segments, source)
            nodes = [_node(position, segments[position], region) for position, region in enumerate(regions)]
            relations = [Relation(s, p, o) for s, o, p in relation_rows(record, len(nodes))]
            if unique_relations:
                relations = list(dict.fromkeys(relations))
            metadata: dict[str, Any] = {key: record[key] for key in ("image_id", "coco_image_id") if key in record}
            metadata["split"] = "test" if self.image_ids[index] in self.test_ids else "train"
            return SceneGraph(source, tuple(nodes), tuple(relations), self.vocabulary, metadata)

    def _masks(self, record: dict[str, Any], segments: list[Any], source: Source, strict: bool) -> list[Segment]:
        name = field(record, "pan_seg_file_name", "text")
        ids = read_id_map(inside(self.root, name, "pan_seg_file_name"))
        if ids.shape != source.size:
            raise InputError(f"{name}: {ids.shape} pixels (height, width); the record says {source.size}")
        wanted = [
            field(checked(segment, "object", f"segments_info[{i}]"), "id", "whole number", f"segments_info[{i}]")
            for i, segment in enumerate(segments)
        ]
        if len(set(wanted)) < len(wanted):
            raise InputError("segments_info: two segments have the same id")
        if strict:
            return [Segment(mask) for mask in listed_masks(ids, wanted, name).values()]
        return [Segment(mask) for mask in masks_from_ids(ids, wanted)]


def relation_rows(record: dict[str, Any], segments: int) -> list[tuple[int, int, int]]:
    """The stored rows (subject index, object index, predicate), checked to name segments of the record.

    Raises:
        InputError: a row is not three whole numbers or an index is out of range.
    """
    rows = []
    for position, row in enumerate(field(record, "relations", "list")):
        if not isinstance(row, list) or len(row) != 3 or not all(type(number) is int for number in row):
            raise InputError(f"relations[{position}]: expected [subject, object, predicate], found {described(row)}")
        subject, target, predicate = row
        if not (0 <= subject < segments and 0 <= target < segments):
            raise InputError(f"relations[{position}]: {row} names a segment outside 0-{segments - 1}")
        rows.append((subject, target, predicate))
    return rows


def predicate_counts(file: PSGFile, split: str = "train") -> Int64[np.ndarray, "categories predicates categories"]:
    """How often each triple (subject category, predicate, object category) stands in a split.

    Repeated relations count as often as they are stored, as in the published frequency table.

    Raises:
        InputError: a record is broken; the message names it.
    """
    categories, predicates = len(file.vocabulary.categories), len(file.vocabulary.predicates)
    counts = np.zeros((categories, predicates, categories), dtype=np.int64)
    for index in file.indices(split):
        record = file.record(index)
        with located(f"{file.path.name}: {file.item(index)}"):
            classes = [_category(segment, i) for i, segment in enumerate(field(record, "segments_info", "list"))]
            for subject, target, predicate in relation_rows(record, len(classes)):
                triple = (classes[subject], predicate, classes[target])
                if any(not 0 <= part < size for part, size in zip(triple, counts.shape, strict=True)):
                    raise InputError(f"the triple {triple} has a class outside the vocabulary")
                counts[triple] += 1
    return counts


def _image_id(value: Any, where: str) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)  # the public file has texts; files made by others have numbers
    text: str = checked(value, "text", where)
    return text


def _category(segment: Any, position: int) -> int:
    where = f"segments_info[{position}]"
    category: int = field(checked(segment, "object", where), "category_id", "whole number", where)
    return category


def _node(position: int, segment: Any, region: Segment) -> Node:
    category = _category(segment, position)  # which checks that the segment is an object
    attributes = {"iscrowd": True} if segment.get("iscrowd") else {}
    return Node(position, category, region, attributes=attributes)


def _boxes(record: dict[str, Any], segments: list[Any], source: Source) -> list[Segment]:
    annotations = field(record, "annotations", "list")
    if len(annotations) != len(segments):
        raise InputError(f"annotations: {len(annotations)} entries for {len(segments)} segments; expected one for each")
    regions = []
    for position, annotation in enumerate(annotations):
        where = f"annotations[{position}]"
        box = field(checked(annotation, "object", where), "bbox", "list", where)
        if len(box) != 4:
            raise InputError(f"{where}.bbox: expected x1, y1, x2, y2, found {described(box)}")
        x1, y1, x2, y2 = (float(checked(edge, "number", f"{where}.bbox")) for edge in box)
        with located(f"{where}.bbox"):
            regions.append(Segment.from_box((x1, y1, x2, y2), *source.size))
    return regions
