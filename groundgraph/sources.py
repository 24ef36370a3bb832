"""Graphs of any public format, for commands that read all of them."""

import argparse
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from scenegraph import InputError, SceneGraph, files
from scenegraph.checked_json import inside
from scenegraph.formats.concept_graphs import PICKLES
from scenegraph.formats.recognition import kind_of
from scenegraph.images import pictures_in

SUFFIX = ".scenegraph.json"
_ACTION_GENOME = "object_bbox_and_relationship"


@dataclass(frozen=True)
class Item:
    """One graph to convert: its name, how to read it, and its pictures in order."""

    name: str
    graph: Callable[[], SceneGraph]
    pictures: Callable[[], list[Path]]


def items_of(arguments: argparse.Namespace) -> list[Item]:
    """The graphs of a file or folder of any format; other commands that read all formats give the same options.

    Args:
        arguments: input, source ("auto" or a format), root, split, no_masks, limit, quiet; metres where there is one.

    Raises:
        InputError: the format is not recognised, or the file is broken.
    """
    kind = _kind(arguments.input) if arguments.source == "auto" else arguments.source
    if getattr(arguments, "metres", False) and not kind.startswith("psg4d"):
        raise InputError(f"{arguments.input}: only PSG4D has the depth that --metres measures; leave it out")
    return list(READERS[kind](arguments))[: arguments.limit]


def _kind(path: Path) -> str:
    """The format of an input, from what stands in it."""
    if path.is_dir():
        return _kind_of_folder(path)
    if path.name.endswith(SUFFIX):
        return "scenegraph"
    if path.stem == _ACTION_GENOME:
        return "action-genome"
    if path.suffix.lower() in PICKLES:
        return "concept-graphs"  # whose reader refuses it and names the safe way
    kind = kind_of(path)
    if kind is not None:
        return kind
    raise InputError(
        f"{path}: neither psg.json, pvsg.json, sailvos3d.json, psg4d_hoi.json, a whole COCO panoptic JSON, VidOR, "
        "STAR, Visual Genome, GQA, OpenLABEL, ConceptGraphs, Spark-DSG nor a scene graph; `--from` tells the format, "
        "`groundgraph predict --segments` takes single segmentations"
    )


def _kind_of_folder(path: Path) -> str:
    if any(path.glob(f"{_ACTION_GENOME}.*")):
        return "action-genome"
    graphs, others = any(path.rglob(f"*{SUFFIX}")), next(path.rglob("*.json"), None)
    return "scenegraph" if graphs or others is None else _kind(others)


def _from_psg(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.psg import PSGFile

    file = PSGFile.open(arguments.input, arguments.root)
    for index in file.indices(arguments.split, keep_empty=True):
        yield Item(
            file.image_ids[index],
            lambda index=index: file.graph(index, masks=not arguments.no_masks),
            lambda index=index: [file.image_path(index)],
        )


def _from_pvsg(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.pvsg import PVSGFile

    file = PVSGFile.open(arguments.input, arguments.root)
    for index in file.indices(arguments.split):
        yield Item(
            file.videos[index].video_id,
            lambda index=index: file.graph(index, masks=not arguments.no_masks),
            lambda index=index: file.frame_paths(index),
        )


def _from_psg4d(reader: str, arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats import psg4d

    file = getattr(psg4d, reader).open(arguments.input, arguments.root)
    graph_of = file.graph
    if getattr(arguments, "metres", False):
        from psg4d.true_graphs import measured_graph
        from psg4d.videos import PSG4DFile

        graph_of = partial(measured_graph, PSG4DFile(file))
    for index in file.indices(arguments.split):
        yield Item(
            file.videos[index].replace("/", "_"),
            lambda index=index: graph_of(index),
            lambda index=index: file.frame_paths(index),
        )


def _from_vidor(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.vidor import VidORFiles

    file = VidORFiles.open(arguments.input, progress=not arguments.quiet)
    yield from _boxes(file, [path.stem for path in file.paths], file.indices(arguments.split))


def _from_action_genome(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.action_genome import ActionGenomeFile

    file = ActionGenomeFile.open(arguments.input)
    yield from _boxes(file, [video.removesuffix(".mp4") for video in file.videos], file.indices(arguments.split))


def _from_star(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.action_genome import STARFile

    file = STARFile.open(arguments.input, arguments.root)
    yield from _boxes(file, file.questions, range(len(file)))


def _boxes(file: Any, names: Sequence[str], indices: Iterable[int]) -> Iterator[Item]:
    """Graphs whose regions are boxes, which a data set of masks cannot hold."""

    def none(index: int) -> list[Path]:
        raise InputError(f"{file.item(index)}: its regions are boxes; psg.json and pvsg.json hold masks")

    for index in indices:
        yield Item(names[index], lambda index=index: file.graph(index), lambda index=index: none(index))


def _from_visual_genome(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.visual_genome import VisualGenomeFile

    file = VisualGenomeFile.open(arguments.input, getattr(arguments, "names", None))
    yield from _boxes(file, list(map(str, file.image_ids)), range(len(file)))


def _from_gqa(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.gqa import GQAFile

    file = GQAFile.open(arguments.input)
    wanted = arguments.split in ("all", file.split)
    yield from _boxes(file, file.image_ids, range(len(file)) if wanted else ())


def _from_openlabel(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.openlabel import OpenLABELFile

    folder = arguments.input.is_dir()
    for path in sorted(arguments.input.rglob("*.json")) if folder else [arguments.input]:
        yield from _boxes(OpenLABELFile.open(path), [path.stem], [0])


def _from_concept_graphs(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.concept_graphs import read_concept_graphs

    yield _map(arguments.input, read_concept_graphs)


def _from_spark_dsg(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.spark_dsg import read_spark_dsg

    yield _map(arguments.input, read_spark_dsg)


def _map(path: Path, read: Callable[[Path], SceneGraph]) -> Item:
    """The graph of a robot's map, which has no pictures."""

    def none() -> list[Path]:
        raise InputError(f"{path}: a map has no pictures; psg.json and pvsg.json need them")

    return Item(path.stem, lambda: read(path), none)


def _from_coco(arguments: argparse.Namespace) -> Iterator[Item]:
    from scenegraph.formats.coco_panoptic import COCOPanopticFile

    file = COCOPanopticFile(arguments.input)
    root = arguments.root or arguments.input.parent
    for index in range(len(file)):
        yield Item(
            file.name(index),
            lambda index=index: file.graph(index, root),
            lambda index=index: _pictures(file.graph(index, root), root),
        )


def _from_scenegraph(arguments: argparse.Namespace) -> Iterator[Item]:
    folder = arguments.input.is_dir()
    paths = sorted(arguments.input.rglob(f"*{SUFFIX}")) if folder else [arguments.input]
    if not paths:
        raise InputError(f"{arguments.input}: no *{SUFFIX} file in this folder")
    root = arguments.root or (arguments.input if folder else arguments.input.parent)
    for path in paths:
        yield Item(
            path.name.removesuffix(SUFFIX),
            lambda path=path: files.load(path),
            lambda path=path: _pictures(files.load(path), root),
        )


def _pictures(graph: SceneGraph, root: Path) -> list[Path]:
    """The picture that a graph's source names, or the frames in the folder that it names."""
    path = inside(root, graph.source.uri, "source.uri")
    if not path.is_dir():
        return [path]
    return pictures_in(path)


READERS = {
    "psg": _from_psg,
    "pvsg": _from_pvsg,
    "psg4d-gta": partial(_from_psg4d, "GTAFile"),
    "psg4d-hoi": partial(_from_psg4d, "HOIFile"),
    "vidor": _from_vidor,
    "action-genome": _from_action_genome,
    "star": _from_star,
    "visual-genome": _from_visual_genome,
    "gqa": _from_gqa,
    "openlabel": _from_openlabel,
    "coco": _from_coco,
    "concept-graphs": _from_concept_graphs,
    "spark-dsg": _from_spark_dsg,
    "scenegraph": _from_scenegraph,
}
"""Format to the function that lists its graphs."""
