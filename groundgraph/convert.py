"""`groundgraph convert`: graphs of one format to another, published checkpoints to ours."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

from tqdm import tqdm

from groundgraph.sources import READERS, SUFFIX, Item, items_of
from scenegraph import InputError, files
from scenegraph.checked_json import located, plain_name
from scenegraph.formats.exchange import PARTS, WRITERS
from scenegraph.images import read_image
from scenegraph.storage import write_atomically

EPILOG = """\
examples:
  groundgraph convert data/psg/psg.json graphs --root data/coco --split test
  groundgraph convert data/pvsg.json graphs --no-masks              # relations without any picture
  groundgraph convert panoptic_val2017.json graphs --root panoptic_val2017
  groundgraph convert annotation/validation graphs                  # VidOR or ImageNet-VidVRD: boxes
  groundgraph convert action_genome/annotations graphs --split test # its pickles, of which nothing is run
  groundgraph convert psg4d_gta/sailvos3d.json graphs --metres      # with places in metres, by its depth
  groundgraph convert vg/relationships.json graphs --names VG-SGG-dicts.json  # Visual Genome, the names of VG150
  groundgraph convert val_sceneGraphs.json graphs                   # GQA
  groundgraph convert crossing.openlabel.json graphs                # ASAM OpenLABEL
  groundgraph convert concept_graphs/scene_graph.json graphs        # a robot's map; also Spark-DSG's dsg.json
  groundgraph convert graphs data/mine --to psg --root photos       # *.scenegraph.json and their pictures

From psg.json, pvsg.json, both layouts of PSG4D (sailvos3d.json, psg4d_hoi.json), COCO panoptic JSON, VidOR,
Action Genome, STAR, Visual Genome, GQA, OpenLABEL, the JSON of ConceptGraphs and Spark-DSG, or a folder of
*.scenegraph.json files; to a folder of *.scenegraph.json files, or to a psg.json or
pvsg.json data set (its pictures are written anew, so they must be there: below --root, where the graphs' sources
name them). What is converted already is skipped.

  groundgraph convert graphs network --to graphml                   # also node-link, json-ld, cypher, csv
  groundgraph convert graphs tasks --to label-studio                # tasks, and the labelling interface
  groundgraph convert graphs taught --to llava                      # also mimic-it, messages (OpenAI)

Formats of other programs do not hold all of a graph; what is lost is said at the end.

  groundgraph convert psgtr_r50_epoch_60.pth                        # writes psgtr_r50_epoch_60.groundgraph.pth
  groundgraph convert detr-r50-panoptic.pth start.pth --as PSGTR    # a start for tools/train.py

From published weights of PSGTR, PSGFormer, IMP, Motifs, VCTree and GPSNet (OpenPSG), of a panoptic FPN (mmdet 2)
and of a panoptic DETR. Every parameter must find its place; nothing in the file is run.
"""

WEIGHTS = (".pth", ".pt", ".ckpt", ".bin")
"""Suffixes of checkpoints."""

DATA_SETS = ("psg", "pvsg")
INSTRUCTIONS = {"llava": "LLaVA JSON", "mimic-it": "MIMIC-IT", "messages": "OpenAI messages"}
"""Formats of instruction data; `groundgraph data instruct` writes them with more choice."""

OUTPUTS = ("scenegraph", *DATA_SETS, *WRITERS, *INSTRUCTIONS)
_TAUGHT = ("conversation", "detail", "reasoning")
"""Kinds of samples that are written of a graph: the three of LLaVA."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("input", metavar="INPUT", type=Path, help="a JSON file, a folder of graphs, or weights (.pth)")
    parser.add_argument(
        "output", metavar="OUT", type=Path, nargs="?", help="folder to write graphs into, made if it is not there"
    )
    parser.add_argument("--from", dest="source", choices=("auto", *READERS), default="auto", help="default: found out")
    parser.add_argument("--to", choices=OUTPUTS, default="scenegraph", help="default: scenegraph")
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the input)")
    parser.add_argument("--split", default="all", help="train, val, test or all: what the data has")
    parser.add_argument("--no-masks", action="store_true", help="boxes only (psg) or no place at all (pvsg)")
    parser.add_argument("--metres", action="store_true", help="measure the places of nodes by masks and depth (PSG4D)")
    parser.add_argument(
        "--masks", choices=("rle", "png"), default="rle", help="masks of scenegraph files inside or beside"
    )
    parser.add_argument("--limit", type=int, help="convert the first so many only")
    parser.add_argument("--skip-broken", action="store_true", help="report items that cannot be read and go on")
    parser.add_argument(
        "--as", dest="start", choices=("PSGTR", "PSGFormer"), help="what the weights of a DETR start (PSGFormer)"
    )
    parser.add_argument(
        "--names",
        metavar="JSON",
        type=Path,
        help="psg.json of the weights (default: public PSG); dictionary of Visual Genome",
    )
    parser.add_argument("--published", action="store_true", help="the model makes graphs with the published mistakes")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(arguments: argparse.Namespace) -> int:
    """Convert; 1 if items were skipped because they are broken."""
    if arguments.input.suffix.lower() in WEIGHTS:
        return _convert_weights(arguments)
    if arguments.output is None:
        raise InputError("name the folder to write into: groundgraph convert INPUT OUT")
    if arguments.no_masks and arguments.to in DATA_SETS:
        raise InputError(f"a {arguments.to}.json data set needs masks; leave --no-masks out")
    items = items_of(arguments)
    if arguments.to not in (*DATA_SETS, *INSTRUCTIONS):
        _refuse_repeated(items)
    try:
        arguments.output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{arguments.output}: the folder could not be made ({error.strerror or error})") from None
    bar = tqdm(items, desc="converting", unit="graph", disable=arguments.quiet, leave=False)
    if arguments.to in INSTRUCTIONS:
        return _write_instructions(bar, arguments)
    written, broken = (_write_data_set if arguments.to in DATA_SETS else _write_files)(bar, arguments)
    for message in broken:
        print(f"skipped: {message}", file=sys.stderr)
    print(f"{arguments.output}: {written} graphs written, {len(items) - written - len(broken)} there already")
    if arguments.to in WRITERS:
        print(f"not in {WRITERS[arguments.to].title}: {', '.join(WRITERS[arguments.to].loses)}")
    return int(bool(broken))


def _refuse_repeated(items: Iterable[Item]) -> None:
    """Refuse graphs that would be written to one file, of which only the first would be."""
    seen: set[str] = set()
    for item in items:
        name = plain_name(item.name)
        if name in seen:
            raise InputError(
                f"two graphs are called {name!r}, and one file cannot hold both; convert the folders that they are in "
                "one by one, each to a folder of its own"
            )
        seen.add(name)


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


def _write_files(items: Iterable[Item], arguments: argparse.Namespace) -> tuple[int, list[str]]:
    """One or more files a graph; of several the one that tells that a graph is done comes last."""
    written, broken = 0, []
    chosen = WRITERS.get(arguments.to)
    for item in items:
        stem = arguments.output / plain_name(item.name)
        done = stem.with_name(f"{stem.name}{SUFFIX if chosen is None else chosen.suffixes[-1]}")
        if done.exists():
            continue
        try:
            graph = item.graph()
            if chosen is None:
                with located(item.name):
                    files.save(graph, done, arguments.masks)
            else:
                content = chosen.write(graph)
                for suffix in chosen.suffixes:
                    write_atomically(stem.with_name(f"{stem.name}{suffix}"), content[suffix], durable=False)
        except InputError as error:
            if not arguments.skip_broken:
                raise
            broken.append(str(error))
            continue
        written += 1
    return written, broken


def _write_instructions(items: Iterable[Item], arguments: argparse.Namespace) -> int:
    """Questions and answers about the graphs, every statement proven; 1 if graphs could not be read."""
    from assistant.teaching.files import write_format
    from assistant.teaching.writing import Plan, write

    try:
        tally = write(((item.name, item.graph) for item in items), arguments.output, Plan(_TAUGHT))
    except UnicodeEncodeError as error:
        wrong = error.object[error.start : error.end]
        raise InputError(f"{arguments.input}: a text in it is not Unicode ({wrong!r}); correct it there") from None
    if tally.broken and not arguments.skip_broken:
        raise InputError(tally.broken[0])
    for message in tally.broken:
        print(f"skipped: {message}", file=sys.stderr)
    path, records = write_format(arguments.to, arguments.output)
    print(f"{path}: {records} records of {tally.graphs} graphs")
    print(f"not in {INSTRUCTIONS[arguments.to]}: whatever no sentence tells, {', '.join(PARTS)} as such; no pictures")
    return int(bool(tally.broken))


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
