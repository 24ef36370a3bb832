"""`groundgraph convert`: graphs of one format to another, published checkpoints to ours."""

import argparse
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scenegraph import InputError, SceneGraph, files
from scenegraph.checked_json import inside, plain_name
from scenegraph.formats.recognition import kind_of
from scenegraph.images import pictures_in, read_image

EPILOG = """\
examples:
  groundgraph convert data/psg/psg.json graphs --root data/coco --split test
  groundgraph convert data/pvsg.json graphs --no-masks              # relations without any picture
  groundgraph convert panoptic_val2017.json graphs --root panoptic_val2017
  groundgraph convert annotation/validation graphs                  # VidOR or ImageNet-VidVRD: boxes
  groundgraph convert action_genome/annotations graphs --split test # its pickles, of which nothing is run
  groundgraph convert psg4d_gta/sailvos3d.json graphs
  groundgraph convert graphs data/mine --to psg --root photos       # *.scenegraph.json and their pictures

From psg.json, pvsg.json, both layouts of PSG4D (sailvos3d.json, psg4d_hoi.json), COCO panoptic JSON, VidOR,
Action Genome, STAR, or a folder of *.scenegraph.json files; to a folder of
*.scenegraph.json files, or to a psg.json or pvsg.json data set (its pictures are written anew, so they
must be there: below --root, where the graphs' sources name them). What is converted already is skipped.

  groundgraph convert psgtr_r50_epoch_60.pth                        # writes psgtr_r50_epoch_60.groundgraph.pth
  groundgraph convert detr-r50-panoptic.pth start.pth --as PSGTR    # a start for tools/train.py

From published weights of PSGTR, PSGFormer, IMP, Motifs, VCTree and GPSNet (OpenPSG), of a panoptic FPN (mmdet 2)
and of a panoptic DETR. Every parameter must find its place; nothing in the file is run.
"""

WEIGHTS = (".pth", ".pt", ".ckpt", ".bin")
"""Suffixes of checkpoints."""

OUTPUTS = ("scenegraph", "psg", "pvsg")
_SUFFIX = ".scenegraph.json"
_ACTION_GENOME = "object_bbox_and_relationship"


@dataclass(frozen=True)
class Item:
    """One graph to convert: its name, how to read it, and its pictures in order."""

    name: str
    graph: Callable[[], SceneGraph]
    pictures: Callable[[], list[Path]]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("input", metavar="INPUT", type=Path, help="a JSON file, a folder of graphs, or weights (.pth)")
    parser.add_argument(
        "output", metavar="OUT", type=Path, nargs="?", help="folder to write graphs into, made if it is not there"
    )
    parser.add_argument("--from", dest="source", choices=("auto", *_READERS), default="auto", help="default: found out")
    parser.add_argument("--to", choices=OUTPUTS, default="scenegraph", help="default: scenegraph")
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the input)")
    parser.add_argument("--split", default="all", help="train, val, test or all: what the data has")
    parser.add_argument("--no-masks", action="store_true", help="boxes only (psg) or no place at all (pvsg)")
    parser.add_argument(
        "--masks", choices=("rle", "png"), default="rle", help="masks of scenegraph files inside or beside"
    )
    parser.add_argument("--limit", type=int, help="convert the first so many only")
    parser.add_argument("--skip-broken", action="store_true", help="report items that cannot be read and go on")
    parser.add_argument(
        "--as", dest="start", choices=("PSGTR", "PSGFormer"), help="what the weights of a DETR start (PSGFormer)"
    )
    parser.add_argument("--names", metavar="JSON", type=Path, help="psg.json of the weights (default: public PSG)")
    parser.add_argument("--published", action="store_true", help="the model makes graphs with the published mistakes")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(arguments: argparse.Namespace) -> int:
    """Convert; 1 if items were skipped because they are broken."""
    if arguments.input.suffix.lower() in WEIGHTS:
        return _convert_weights(arguments)
    if arguments.output is None:
        raise InputError("name the folder to write into: groundgraph convert INPUT OUT")
    kind = _kind(arguments.input) if arguments.source == "auto" else arguments.source
    if arguments.no_masks and arguments.to != "scenegraph":
        raise InputError(f"a {arguments.to}.json data set needs masks; leave --no-masks out")
    items = list(_READERS[kind](arguments))[: arguments.limit]
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{arguments.output}: the folder could not be made ({error.strerror or error})") from None
    bar = tqdm(items, desc="converting", unit="graph", disable=arguments.quiet, leave=False)
    written, broken = (_write_files if arguments.to == "scenegraph" else _write_data_set)(bar, arguments)
    for message in broken:
        print(f"skipped: {message}", file=sys.stderr)
    print(f"{arguments.output}: {written} graphs written, {len(items) - written - len(broken)} there already")
    return int(bool(broken))


def _convert_weights(arguments: argparse.Namespace) -> int:
    output = arguments.output or arguments.input.with_suffix(".groundgraph.pth")
    if output.exists():
        raise InputError(f"{output}: there is something already; name another file")
    from psg.bridge.conversion import convert

    done = convert(arguments.input, output, arguments.names, arguments.start, arguments.published)
    print(f"{arguments.input}: {done.kind}, {done.parameters} parameters, SHA-256 {done.sha256}")
    for role, path in done.files.items():
        print(f"  {role}: {path}")
    if done.untrained:
        print(f"  {len(done.untrained)} parameters of the relations are not in it and start at random: train it with")
        print(f"  tools/train.py CONFIG --cfg-options load_from={output}")
    return 0


def _kind(path: Path) -> str:
    """The format of an input, from what stands in it."""
    if path.is_dir():
        return _kind_of_folder(path)
    if path.name.endswith(_SUFFIX):
        return "scenegraph"
    if path.stem == _ACTION_GENOME:
        return "action-genome"
    kind = kind_of(path)
    if kind is not None:
        return kind
    raise InputError(
        f"{path}: neither psg.json, pvsg.json, sailvos3d.json, psg4d_hoi.json, a whole COCO panoptic JSON, VidOR, STAR "
        "nor a scene graph; `--from` tells the format, `groundgraph predict --segments` takes single segmentations"
    )


def _kind_of_folder(path: Path) -> str:
    if any(path.glob(f"{_ACTION_GENOME}.*")):
        return "action-genome"
    graphs, others = any(path.rglob(f"*{_SUFFIX}")), next(path.rglob("*.json"), None)
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
    for index in file.indices(arguments.split):
        yield Item(
            file.videos[index].replace("/", "_"),
            lambda index=index: file.graph(index),
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
    paths = sorted(arguments.input.rglob(f"*{_SUFFIX}")) if folder else [arguments.input]
    if not paths:
        raise InputError(f"{arguments.input}: no *{_SUFFIX} file in this folder")
    root = arguments.root or (arguments.input if folder else arguments.input.parent)
    for path in paths:
        yield Item(
            path.name.removesuffix(_SUFFIX),
            lambda path=path: files.load(path),
            lambda path=path: _pictures(files.load(path), root),
        )


def _pictures(graph: SceneGraph, root: Path) -> list[Path]:
    """The picture that a graph's source names, or the frames in the folder that it names."""
    path = inside(root, graph.source.uri, "source.uri")
    if not path.is_dir():
        return [path]
    return pictures_in(path)


def _write_files(items: Iterable[Item], arguments: argparse.Namespace) -> tuple[int, list[str]]:
    written, broken = 0, []
    for item in items:
        path = arguments.output / f"{plain_name(item.name)}{_SUFFIX}"
        if path.exists():
            continue
        try:
            graph = item.graph()
        except InputError as error:
            if not arguments.skip_broken:
                raise
            broken.append(str(error))
            continue
        files.save(graph, path, arguments.masks)
        written += 1
    return written, broken


def _write_data_set(items: Iterable[Item], arguments: argparse.Namespace) -> tuple[int, list[str]]:
    from scenegraph.formats.psg import PSGWriter
    from scenegraph.formats.pvsg import PVSGWriter

    complete = arguments.output / f"{arguments.to}.json"
    if complete.exists():
        raise InputError(f"{complete}: there is a data set already; choose another folder")
    writer, written, broken = None, 0, []
    for item in items:
        try:
            graph = item.graph()
            if writer is None:
                writer = (PSGWriter if arguments.to == "psg" else PVSGWriter)(arguments.output, graph.vocabulary)
            if writer.id_of(graph) in writer.done:
                continue
            paths = item.pictures()
            pictures = (read_image(path) for path in paths)
            split = graph.metadata.get("split")
            if isinstance(writer, PSGWriter):
                if len(paths) != 1:
                    raise InputError(f"{item.name}: psg.json holds images; the source has {len(paths)} pictures")
                writer.add(graph, next(pictures), test=split == "test")
            else:
                source = str(graph.metadata.get("source", "videos"))
                writer.add(graph, pictures, "val" if split == "val" else "train", source)
        except InputError as error:
            if not arguments.skip_broken:
                raise
            broken.append(str(error))
            continue
        written += 1
    if writer is None:
        raise InputError(f"{arguments.input}: there is nothing to convert")
    writer.close()
    return written, broken


_READERS = {
    "psg": _from_psg,
    "pvsg": _from_pvsg,
    "psg4d-gta": partial(_from_psg4d, "GTAFile"),
    "psg4d-hoi": partial(_from_psg4d, "HOIFile"),
    "vidor": _from_vidor,
    "action-genome": _from_action_genome,
    "star": _from_star,
    "coco": _from_coco,
    "scenegraph": _from_scenegraph,
}
"""Format to the function that lists its graphs."""
