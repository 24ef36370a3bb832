"""`groundgraph evaluate`: measures predicted graphs against the truth."""

import argparse
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from groundgraph import evaluate_benchmark
from scenegraph import InputError
from scenegraph.evaluation import DEFAULT_KS, MODES
from scenegraph.overlaps import OVERLAPS
from scenegraph.strict import REPEATED
from scenegraph.strict_video import THRESHOLDS

if TYPE_CHECKING:
    import numpy as np

    from scenegraph import SceneGraph, Vocabulary
    from scenegraph.evaluation import Evaluation
    from scenegraph.video_evaluation import VideoEvaluation
    from scenegraph.video_misses import MissCounts

EPILOG = """\
examples:
  groundgraph evaluate data/toyworld/psg.json work_dirs/psgformer/graphs
  groundgraph evaluate data/psg/psg.json graphs --root data/coco --legacy --json > scores.json
  groundgraph evaluate data/psg/psg.json psgtr_graphs --overlaps merge --per-predicate
  groundgraph evaluate truth_graphs predicted_graphs --mode predcls
  groundgraph evaluate data/pvsg/pvsg.json video_graphs --legacy   # videos; VIDEO_ID.scenegraph.json
  groundgraph evaluate data/psg4d_gta/sailvos3d.json graphs --voxel 0.05   # RGB-D videos, in voxels of 5 cm too
  groundgraph evaluate data/pvsg/pvsg.json video_graphs --why      # no tube, wrong predicate, wrong span ...
  groundgraph evaluate data/psg/psg.json submission        # a folder with relation.json: the published grade
  groundgraph evaluate --benchmark pope coco_pope_popular.json --predictions answers.jsonl
  groundgraph evaluate --benchmark gqa val_balanced_questions.json --graphs gqa_graphs --complete

A prediction belongs to the picture whose file has the same name: 000000000139.scenegraph.json to
train2017/000000000139.jpg. A picture without prediction counts 0. Graphs are measured by the strict
protocol: one graph and one id map a picture, nodes matched one-to-one by class and mask IoU above 0.5.
Videos likewise: a relation is found if its triple is equal and the volume IoU of subject and of object,
each within the spans of its side, reaches 0.5 (--viou). With --voxel volumes of RGB-D videos are measured
in voxels too: what is near then weighs as much as what is far. Depth is read from the true data set.
"""

SUFFIX = ".scenegraph.json"
SUBMISSION = "relation.json"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument(
        "paths",
        metavar="PATH",
        type=Path,
        nargs="+",
        help="TRUTH PREDICTIONS: psg.json, pvsg.json, sailvos3d.json, psg4d_hoi.json, or a folder with "
        f"*{SUFFIX}; and the folder of the predictions. With --benchmark: its files",
    )
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of psg.json)")
    parser.add_argument(
        "--split",
        choices=("test", "train", "all"),
        default="test",
        help="of the file (default: test; of videos val)",
    )
    parser.add_argument("--mode", choices=MODES, default="sgdet", help="predcls: predicted on the true nodes, by id")
    parser.add_argument(
        "--viou", metavar="IOU", type=float, nargs="+", default=list(THRESHOLDS), help="volume IoU to reach, of videos"
    )
    parser.add_argument(
        "--voxel", metavar="METRES", type=float, help="also compare RGB-D videos in voxels of this edge, such as 0.05"
    )
    parser.add_argument("--ks", metavar="K", type=int, nargs="+", default=list(DEFAULT_KS), help="rows to look at")
    parser.add_argument("--legacy", action="store_true", help="also the published protocol, to compare with old tables")
    parser.add_argument("--overlaps", choices=OVERLAPS, default="reject", help="predicted masks that overlap")
    parser.add_argument("--repeated", choices=REPEATED, default="best", help="triples that are predicted repeatedly")
    parser.add_argument(
        "--subset",
        metavar="NAME=PREDICATE,...",
        action="append",
        default=[],
        help="report these predicates apart too, as in --subset 'state=standing on,walking on'; may be repeated",
    )
    parser.add_argument("--per-predicate", action="store_true", help="also print the recall of every predicate")
    parser.add_argument(
        "--why",
        metavar="K",
        type=int,
        nargs="?",
        const=20,
        help="also print why true relations of videos were missed in the first K rows (default: 20)",
    )
    parser.add_argument("--json", action="store_true", help="print all numbers as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")
    evaluate_benchmark.add_arguments(parser)


def run(arguments: argparse.Namespace) -> int:
    """Measure and print; returns the exit code."""
    if arguments.benchmark is not None:
        return evaluate_benchmark.run(arguments)
    if len(arguments.paths) != 2:
        raise InputError(f"expected TRUTH and PREDICTIONS, got {len(arguments.paths)} paths")
    arguments.truth, arguments.predictions = arguments.paths
    if (arguments.predictions / SUBMISSION).is_file():
        return _grade(arguments)
    kind, vocabulary, pictures = _pictures(arguments)
    evaluation, misses = _evaluation(arguments, vocabulary, kind), _misses(arguments, vocabulary, kind)
    _measure(evaluation, misses, pictures, arguments.predictions, progress=not arguments.quiet)
    report = evaluation.report()
    if arguments.json:
        print(report.json())
        return 0
    print(report.table())
    if arguments.per_predicate:
        print(f"\n{report.predicate_table()}")
    if misses is not None:
        print(f"\n{misses.table()}")
    return 0


@dataclass(frozen=True)
class _Picture:
    """A true graph that is read when it is needed, the names under which its prediction may stand, its depth."""

    names: tuple[str, ...]
    read: Callable[[], "SceneGraph"]
    depth: Callable[[int], "np.ndarray"] | None = None


def _pictures(arguments: argparse.Namespace) -> tuple[str, "Vocabulary", list[_Picture]]:
    """What the truth holds ("image" or "video"), its names, and its graphs."""
    from scenegraph.files import load
    from scenegraph.formats.recognition import kind_of

    if arguments.truth.is_dir():
        paths = list(_graph_files(arguments.truth))
        if not paths:
            raise InputError(f"{arguments.truth}: there is no *{SUFFIX} here; expected the true graphs, or a psg.json")
        first = load(paths[0])

        def loader(path: Path) -> Callable[[], "SceneGraph"]:
            return lambda: load(path)

        pictures = [_Picture((_name(path, arguments.truth), _stem(path)), loader(path)) for path in paths]
        return "image" if first.source.kind == "image" else "video", first.vocabulary, pictures
    kind = kind_of(arguments.truth)
    return _READERS.get(kind or "psg", _pictures_of_a_file)(arguments)


def _pictures_of_a_file(arguments: argparse.Namespace) -> tuple[str, "Vocabulary", list[_Picture]]:
    from scenegraph.formats.psg import PSGFile

    file = PSGFile.open(arguments.truth, arguments.root)
    indices = file.indices(arguments.split)
    if not indices:
        raise InputError(f"{arguments.truth}: no picture of the split {arguments.split!r} has relations")

    def reader(index: int) -> Callable[[], "SceneGraph"]:
        return lambda: file.graph(index, unique_relations=True)

    pictures = [_Picture((file.image_path(i).stem, file.image_ids[i]), reader(i)) for i in indices]
    return "image", file.vocabulary, pictures


def _videos_of_a_file(arguments: argparse.Namespace) -> tuple[str, "Vocabulary", list[_Picture]]:
    from scenegraph.formats.pvsg import PVSGFile

    file = PVSGFile.open(arguments.truth, arguments.root)
    indices = file.indices("val" if arguments.split == "test" else arguments.split)
    if not indices:
        raise InputError(f"{arguments.truth}: there is no video of the split {arguments.split!r}")

    def reader(index: int) -> Callable[[], "SceneGraph"]:
        return lambda: file.graph(index)

    return "video", file.vocabulary, [_Picture((file.videos[i].video_id,), reader(i)) for i in indices]


def _spaces_of_a_file(reader: str, arguments: argparse.Namespace) -> tuple[str, "Vocabulary", list[_Picture]]:
    """The RGB-D videos of one of the layouts of PSG4D."""
    from scenegraph.formats import psg4d

    file = getattr(psg4d, reader).open(arguments.truth, arguments.root)
    indices = file.indices("val" if arguments.split == "test" else arguments.split)
    if not indices:
        raise InputError(f"{arguments.truth}: there is no video of the split {arguments.split!r}")
    pictures = [
        _Picture(
            (file.videos[index].replace("/", "_"), Path(file.videos[index]).name),
            partial(file.graph, index),
            partial(file.depth, index),
        )
        for index in indices
    ]
    return "video", file.vocabulary, pictures


_READERS: dict[str, Callable[[argparse.Namespace], tuple[str, "Vocabulary", list[_Picture]]]] = {
    "psg": _pictures_of_a_file,
    "pvsg": _videos_of_a_file,
    "psg4d-gta": partial(_spaces_of_a_file, "GTAFile"),
    "psg4d-hoi": partial(_spaces_of_a_file, "HOIFile"),
}
"""By format; what is of none is read as psg.json, whose reader says what is wrong."""


def _evaluation(arguments: argparse.Namespace, vocabulary: "Vocabulary", kind: str) -> "Evaluation | VideoEvaluation":
    from scenegraph.evaluation import Evaluation
    from scenegraph.video_evaluation import VideoEvaluation

    subsets = {}
    for option in arguments.subset:
        name, equals, predicates = option.partition("=")
        if not (name and equals and predicates):
            raise InputError(f"--subset {option!r}; expected NAME=PREDICATE,PREDICATE,...")
        subsets[name] = [predicate.strip() for predicate in predicates.split(",")]
    options = {"legacy": arguments.legacy, "overlaps": arguments.overlaps, "repeated": arguments.repeated}
    ks = sorted(set(arguments.ks))
    if kind == "image":
        if arguments.voxel is not None:
            raise InputError(f"--voxel {arguments.voxel}: pictures have no depth; voxels are for RGB-D videos")
        return Evaluation(vocabulary, ks=ks, mode=arguments.mode, subsets=subsets, **options)
    if arguments.mode != "sgdet":
        raise InputError(f"--mode {arguments.mode}: videos are measured on the predicted tubes (sgdet)")
    return VideoEvaluation(
        vocabulary, ks=ks, thresholds=arguments.viou, subsets=subsets, voxel=arguments.voxel, **options
    )


def _misses(arguments: argparse.Namespace, vocabulary: "Vocabulary", kind: str) -> "MissCounts | None":
    """What counts why relations were missed, if that is asked for."""
    from scenegraph.video_misses import MissCounts

    if arguments.why is None:
        return None
    if kind == "image":
        raise InputError("--why: takes videos apart; of pictures --per-predicate and the ceiling say what was missed")
    if arguments.json or arguments.why < 1:
        raise InputError(f"--why {arguments.why}: expected 1 or more rows, and no --json, since it prints a table")
    return MissCounts(vocabulary, arguments.why, arguments.viou[0], arguments.overlaps)


def _measure(
    evaluation: "Evaluation | VideoEvaluation",
    misses: "MissCounts | None",
    pictures: list[_Picture],
    folder: Path,
    progress: bool,
) -> None:
    """Add every picture with its prediction; say on stderr which files have no partner."""
    from tqdm import tqdm

    from scenegraph.checked_json import located
    from scenegraph.files import load
    from scenegraph.video_evaluation import VideoEvaluation

    available = _predictions(folder)
    found = [_partner(picture, available, folder) for picture in pictures]
    used = {path for path in found if path is not None}
    if not used:
        raise InputError(
            f"{folder}: no prediction has the name of a true picture; there are {pictures[0].names[0]!r}, ... in the "
            f"truth and {next(iter(available))!r}, ... in the folder"
        )
    shared = [path for path, times in Counter(path for path in found if path is not None).items() if times > 1]
    if shared:
        raise InputError(f"{shared[0]}: belongs to several pictures of the truth, which have one file name")
    without, unused = len(pictures) - len(used), len(set().union(*available.values()) - used)
    if without:
        print(f"{without} of {len(pictures)} pictures have no prediction in {folder}; they count 0", file=sys.stderr)
    if unused:
        print(f"{unused} predictions belong to no picture of the truth and are left out", file=sys.stderr)
    pairs = zip(pictures, found, strict=True)
    for picture, path in tqdm(pairs, total=len(pictures), desc="evaluating", unit="graph", disable=not progress):
        truth = picture.read()
        prediction = None if path is None else load(path)
        with located(str(path or picture.names[0])):
            if isinstance(evaluation, VideoEvaluation):
                evaluation.add(truth, prediction, picture.depth)
            else:
                evaluation.add(truth, prediction)
            if misses is not None:
                misses.add(truth, prediction)


def _predictions(folder: Path) -> dict[str, set[Path]]:
    """The graph files of a folder by name: path below the folder, and file stem."""
    available: dict[str, set[Path]] = {}
    for path in _graph_files(folder):
        for name in {_name(path, folder), _stem(path)}:
            available.setdefault(name, set()).add(path)
    if not available:
        raise InputError(f"{folder}: there is no *{SUFFIX} in this folder; expected the predicted graphs")
    return available


def _partner(picture: _Picture, available: dict[str, set[Path]], folder: Path) -> Path | None:
    for name in picture.names:
        paths = available.get(name, set())
        if len(paths) > 1:
            raise InputError(f"{folder}: several predictions are named {name!r}: {', '.join(sorted(map(str, paths)))}")
        if paths:
            return next(iter(paths))
    return None


def _graph_files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; expected a folder with *{SUFFIX}")
    yield from sorted(folder.rglob(f"*{SUFFIX}"))


def _name(path: Path, folder: Path) -> str:
    return path.relative_to(folder).as_posix().removesuffix(SUFFIX)


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def _grade(arguments: argparse.Namespace) -> int:
    """The published grade of a challenge submission."""
    import json

    from scenegraph.formats.psg import PSGFile
    from scenegraph.legacy_submission import grade

    if arguments.truth.is_dir():
        raise InputError(f"{arguments.truth}: a submission ({SUBMISSION}) is graded against a psg.json")
    values = grade(PSGFile.open(arguments.truth, arguments.root), arguments.predictions, progress=not arguments.quiet)
    if arguments.json:
        print(json.dumps({"protocol": "legacy openpsg submission", "values": values}, indent=1))
        return 0
    print("legacy openpsg submission: the published grade, 20 relations a picture")
    for name in ("legacy openpsg/R@20", "legacy openpsg/mR@20", "PQ"):
        print(f"  {name:24}{values[name]:9.4f}")
    return 0
