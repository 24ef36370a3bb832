"""Graphs of the small real samples that lie beside the repository; none where they do not."""

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.formats.action_genome import STARFile
from scenegraph.formats.pvsg import PVSGFile
from scenegraph.formats.vidor import VidORFiles
from scenegraph.formats.visual_genome import VisualGenomeFile


def graphs(folder: Path, data_sets: Iterable[str] | None = None) -> Iterator[tuple[str, SceneGraph]]:
    """Names and graphs of the excerpts: boxes and relations, without masks.

    Args:
        folder: the one with the excerpts psg/, pvsg/, vidor/, star/ and vg/.
        data_sets: which of them; None for all that are there.
    """
    for name in _READERS if data_sets is None else data_sets:
        file, read = _READERS[name]
        if (folder / name / file).is_file():
            yield from read(folder / name / file)


def _pictures(excerpt: Path) -> Iterator[tuple[str, SceneGraph]]:
    """psg.json with the boxes of the annotations, for the panoptic pictures are not in the excerpt."""
    content = json.loads(excerpt.read_text(encoding="utf-8"))
    vocabulary = Vocabulary(*(tuple(content[f"{kind}_classes"]) for kind in ("thing", "stuff", "predicate")))
    for item in content["data"]:
        size = item["height"], item["width"]
        nodes = tuple(
            Node(at, box["category_id"], Segment.from_box(tuple(box["bbox"]), *size))
            for at, box in enumerate(item["annotations"])
        )
        ties = tuple(Relation(subject, predicate, other) for subject, other, predicate in item["relations"])
        yield item["file_name"], SceneGraph(Source("image", item["file_name"], *size), nodes, ties, vocabulary)


def _videos(excerpt: Path) -> Iterator[tuple[str, SceneGraph]]:
    file = PVSGFile.open(excerpt)
    for at in range(2):
        graph = file.graph(at, masks=False)
        yield graph.source.uri, graph


def _records(
    open_file: Callable[[Path], VidORFiles | STARFile | VisualGenomeFile],
) -> Callable[[Path], Iterator[tuple[str, SceneGraph]]]:
    def read(excerpt: Path) -> Iterator[tuple[str, SceneGraph]]:
        file = open_file(excerpt)
        for at in range(len(file)):
            graph = file.graph(at)
            yield f"{graph.source.uri} {file.item(at)}", graph

    return read


_READERS: dict[str, tuple[str, Callable[[Path], Iterator[tuple[str, SceneGraph]]]]] = {
    "psg": ("psg_excerpt.json", _pictures),
    "pvsg": ("pvsg_excerpt.json", _videos),
    "vidor": ("11566930393.json", _records(VidORFiles.open)),
    "star": ("STAR_reduced_2_records.json", _records(STARFile.open)),
    "vg": ("relationships_excerpt.json", _records(VisualGenomeFile.open)),
}
