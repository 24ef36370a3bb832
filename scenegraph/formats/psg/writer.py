"""Scene graphs as a psg.json data set."""

import io
import json
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from scenegraph.checked_json import plain_name
from scenegraph.errors import InputError
from scenegraph.formats.journal import Journal
from scenegraph.graph import SceneGraph
from scenegraph.masks import Mask, overlapping, paint
from scenegraph.panoptic import id_map_png
from scenegraph.regions import Segment
from scenegraph.storage import made_folder, write_atomically
from scenegraph.vocabulary import Vocabulary

_QUALITY, _FULL_COLOUR = 95, 0
"""JPEG without chroma subsampling (4:4:4): small coloured things keep their colour."""

_PNG_LEVEL = 1
"""A tenth larger than the default level and several times quicker to write."""


class PSGWriter:
    """Writes pictures, panoptic PNGs and, when it is closed, the psg.json that lists them.

    Every added item is noted in `psg.json.partial`; after a kill a new writer for the same folder
    and vocabulary continues: skip what is in `done`.

    >>> with PSGWriter("data/mine", vocabulary) as writer:  # doctest: +SKIP
    ...     writer.add(graph, image, test=False)

    Raises:
        InputError: the folder cannot be written, or holds an unfinished data set of another vocabulary.
    """

    def __init__(self, root: str | Path, vocabulary: Vocabulary, resume: bool = True) -> None:
        self.root = Path(root)
        self.vocabulary = vocabulary
        self.path = self.root / "psg.json"
        for folder in (self.root, self.root / "images", self.root / "panoptic"):
            made_folder(folder)
        header = {"format": "psg", "classes": _classes(vocabulary)}
        self._journal = Journal(self.root / "psg.json.partial", header, resume)
        records = [entry["record"] for entry in self._journal.entries()]
        self._done = {record["image_id"] for record in records}
        self._files = {record["file_name"] for record in records}

    @property
    def done(self) -> frozenset[str]:
        """Image ids that are written."""
        return frozenset(self._done)

    def __len__(self) -> int:
        return len(self._done)

    @staticmethod
    def id_of(graph: SceneGraph) -> str:
        """The image id that a graph gets: that of its metadata, else the file stem of its source.

        Raises:
            InputError: the source gives no file name.
        """
        return str(graph.metadata.get("image_id", Path(plain_name(graph.source.uri)).stem))

    def add(self, graph: SceneGraph, image: UInt8[np.ndarray, "height width 3"], test: bool = False) -> None:
        """Write the pictures of one item and note it.

        The file stem is that of `graph.source.uri`; it is also the image id unless the graph's
        metadata has an `image_id` (as graphs read from a psg.json have), see `id_of`.

        Args:
            graph: an image graph with masks that do not overlap; segment order = node order.
            image: the picture, RGB, of the size of the source.
            test: the item belongs to the test split.

        Raises:
            InputError: the graph cannot be stored in this format, the id is used already, or the
                disk is full; nothing of the item counts then.
        """
        masks = self._checked_masks(graph, image)
        stem = Path(plain_name(graph.source.uri)).stem
        image_id = self.id_of(graph)
        record = self._record(graph, masks, stem, image_id)
        if image_id in self._done or record["file_name"] in self._files:
            raise InputError(f"image {image_id!r} ({stem}) is in the data set already; every image needs its own name")
        buffer = io.BytesIO()
        Image.fromarray(image).save(buffer, format="JPEG", quality=_QUALITY, subsampling=_FULL_COLOUR)
        write_atomically(self.root / record["file_name"], buffer.getvalue(), durable=False)
        ids = paint(masks, *graph.source.size) + 1
        write_atomically(self.root / record["pan_seg_file_name"], id_map_png(ids, _PNG_LEVEL), durable=False)
        self._journal.add({"test": test, "record": record})
        self._done.add(image_id)
        self._files.add(record["file_name"])

    def close(self) -> Path:
        """Write psg.json, whole or not at all, and return its path; the data set is complete then.

        Raises:
            InputError: the disk is full; the notes stay, so that closing can be tried again.
        """
        entries = self._journal.entries()
        data = ",\n".join(json.dumps(entry["record"], ensure_ascii=False) for entry in entries)
        test_ids = [entry["record"]["image_id"] for entry in entries if entry["test"]]
        rest = json.dumps({**_classes(self.vocabulary), "test_image_ids": test_ids}, ensure_ascii=False)
        write_atomically(self.path, f'{{"data": [\n{data}\n],\n{rest[1:]}\n'.encode())
        self._journal.discard()
        return self.path

    def __enter__(self) -> "PSGWriter":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None:
            self.close()
        else:
            self._journal.close()

    def _checked_masks(self, graph: SceneGraph, image: UInt8[np.ndarray, "height width 3"]) -> list[Mask]:
        if graph.source.kind != "image":
            raise InputError(f"psg.json holds images; {graph.source.uri!r} is of kind {graph.source.kind!r}")
        if graph.vocabulary is not self.vocabulary and graph.vocabulary != self.vocabulary:
            raise InputError(f"{graph.source.uri!r} has another vocabulary than the data set; ids would be mixed up")
        if image.dtype != np.uint8 or image.shape != (*graph.source.size, 3):
            raise InputError(
                f"the picture of {graph.source.uri!r} is {image.dtype} {image.shape}; "
                f"expected uint8 {(*graph.source.size, 3)}"
            )
        masks: list[Mask] = []
        for node in graph.nodes:
            mask = node.region.mask if isinstance(node.region, Segment) else None
            if mask is None or not mask.area:
                raise InputError(f"node {node.id} of {graph.source.uri!r} has no mask with pixels; psg.json needs one")
            masks.append(mask)
        if overlapping(masks):
            raise InputError(f"segments of {graph.source.uri!r} overlap; a panoptic PNG holds one id a pixel")
        return masks

    def _record(self, graph: SceneGraph, masks: list[Mask], stem: str, image_id: str) -> dict[str, Any]:
        positions = {node.id: position for position, node in enumerate(graph.nodes)}
        crowd = [int(bool(node.attributes.get("iscrowd", False))) for node in graph.nodes]
        categories = [node.category for node in graph.nodes]
        return {
            "file_name": f"images/{stem}.jpg",
            "height": graph.source.height,
            "width": graph.source.width,
            "image_id": image_id,
            "pan_seg_file_name": f"panoptic/{stem}.png",
            "segments_info": [
                {
                    "id": position + 1,
                    "category_id": category,
                    "iscrowd": crowd[position],
                    "isthing": int(self.vocabulary.is_thing(category)),
                    "area": masks[position].area,
                }
                for position, category in enumerate(categories)
            ],
            "relations": [[positions[r.subject], positions[r.object], r.predicate] for r in graph.relations],
            "annotations": [
                {"bbox": list(mask.box), "bbox_mode": 0, "category_id": category}
                for mask, category in zip(masks, categories, strict=True)
            ],
            "coco_image_id": str(graph.metadata.get("coco_image_id", image_id)),
        }


def _classes(vocabulary: Vocabulary) -> dict[str, list[str]]:
    return {
        "thing_classes": list(vocabulary.things),
        "stuff_classes": list(vocabulary.stuff),
        "predicate_classes": list(vocabulary.predicates),
    }
