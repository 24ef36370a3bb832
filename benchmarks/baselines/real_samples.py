"""Graphs of the small real samples that lie beside the repository; none where they do not."""

import json
from collections.abc import Iterator
from pathlib import Path

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.formats.pvsg import PVSGFile


def graphs(folder: Path) -> list[SceneGraph]:
    """The PSG excerpt (boxes, no masks) and the PVSG excerpt (no masks)."""
    found: list[SceneGraph] = []
    if (excerpt := folder / "psg" / "psg_excerpt.json").is_file():
        found += _pictures(excerpt)
    if (excerpt := folder / "pvsg" / "pvsg_excerpt.json").is_file():
        videos = PVSGFile.open(excerpt)
        found += [videos.graph(at, masks=False) for at in range(2)]
    return found


def _pictures(excerpt: Path) -> Iterator[SceneGraph]:
    content = json.loads(excerpt.read_text(encoding="utf-8"))
    vocabulary = Vocabulary(*(tuple(content[f"{kind}_classes"]) for kind in ("thing", "stuff", "predicate")))
    for item in content["data"]:
        size = item["height"], item["width"]
        nodes = tuple(
            Node(at, box["category_id"], Segment.from_box(tuple(box["bbox"]), *size))
            for at, box in enumerate(item["annotations"])
        )
        ties = tuple(Relation(subject, predicate, other) for subject, other, predicate in item["relations"])
        yield SceneGraph(Source("image", item["file_name"], *size), nodes, ties, vocabulary)
