"""`groundgraph data`: looks after data sets; every action is a function pair in `ACTIONS`."""

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from groundgraph import instruct

if TYPE_CHECKING:
    from scenegraph.formats.problems import Problem

EPILOG = """\
examples:
  groundgraph data check psg data                                # what is missing, and how to get it
  groundgraph data check psg data/psg/psg.json --root data/coco
  groundgraph data check psg data/psg/psg.json --no-pictures     # the JSON alone: seconds
  groundgraph data check pvsg data/pvsg.json --json > problems.json
  groundgraph data check psg4d-hoi data/psg4d_hoi/psg4d_hoi.json
  groundgraph data check vidor data/vidor/annotation
  groundgraph data check rgbd redkitchen/seq-01 --intrinsics 585 585 320 240   # 7-Scenes, TUM, Open3D
  groundgraph data prepare pvsg data/pvsg --source vidor --frames jpg
  groundgraph data toyworld --kind psg --out data/toyworld --train 2000 --test 200
  groundgraph data instruct data/psg/psg.json --out instructions  # LLaVA JSON and others, every statement proven
  groundgraph data toyworld --kind pvsg --out data/toyworld_video --train 40 --test 10 --frames 60
"""

SHOWN = 20


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the actions of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    for name, (help_text, add, _) in ACTIONS.items():
        description = help_text[0].upper() + help_text[1:] + "."
        add(actions.add_parser(name, help=help_text, description=description))


def run(arguments: argparse.Namespace) -> int:
    """Run the chosen action; returns the exit code."""
    return ACTIONS[arguments.action][2](arguments)


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("format", choices=tuple(_VALIDATORS), help="format of the data set")
    parser.add_argument("path", metavar="PATH", type=Path, help=_CHECK_PATH)
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the file)")
    parser.add_argument("--no-masks", action="store_true", help="do not read the panoptic or mask files")
    parser.add_argument("--no-pictures", action="store_true", help="read neither masks nor look for the pictures")
    parser.add_argument("--units", metavar="N", type=float, help="rgbd: units of depth a metre (1000: millimetres)")
    parser.add_argument(
        "--intrinsics", metavar=("FX", "FY", "CX", "CY"), nargs=4, type=float, help="rgbd: the camera, in pixels"
    )
    parser.add_argument("--all", action="store_true", help=f"print every problem, not the first {SHOWN}")
    parser.add_argument("--json", action="store_true", help="print all problems as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


_CHECK_PATH = (
    "psg.json (a folder: say what is missing in it), pvsg.json, sailvos3d.json, psg4d_hoi.json; "
    "the folder of VidOR's or of Action Genome's annotations; a folder of colour and depth (rgbd)"
)


def _check_psg(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import psg

    path, root, problems = arguments.path, arguments.root, []
    if path.is_dir():
        folder = psg.look_in(path)
        path, root, problems = folder.file, root or folder.pictures, list(folder.missing)
        # Every record would say again that its picture is not there.
        masks, pictures = masks and not problems, pictures and not problems
    if path:
        problems += psg.validate(path, root, masks=masks, images=pictures, progress=progress)
    return problems


def _check_pvsg(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import pvsg

    return pvsg.validate(arguments.path, arguments.root, masks=masks, frames=pictures, progress=progress)


def _check_gta(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import psg4d

    return psg4d.validate(psg4d.GTAFile.open(arguments.path, arguments.root), masks, pictures, progress)


def _check_hoi(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import psg4d

    return psg4d.validate(psg4d.HOIFile.open(arguments.path, arguments.root), masks, pictures, progress)


def _check_vidor(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import vidor

    return vidor.validate(arguments.path, progress)


def _check_action_genome(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import action_genome

    return action_genome.validate(arguments.path, progress)


def _check_rgbd(arguments: argparse.Namespace, masks: bool, pictures: bool, progress: bool) -> "list[Problem]":
    from scenegraph.formats import rgbd

    intrinsics = tuple(arguments.intrinsics) if arguments.intrinsics else None
    return rgbd.validate(arguments.path, units=arguments.units, intrinsics=intrinsics, progress=progress)


_VALIDATORS = {
    "psg": _check_psg,
    "pvsg": _check_pvsg,
    "psg4d-gta": _check_gta,
    "psg4d-hoi": _check_hoi,
    "vidor": _check_vidor,
    "action-genome": _check_action_genome,
    "rgbd": _check_rgbd,
}
"""Format to the function that finds problems, given whether to read masks, to look for pictures, to show a bar."""


def _check(arguments: argparse.Namespace) -> int:
    """Print what is wrong with a data set; 1 if there is an error, 0 if there are at most warnings."""
    masks = not (arguments.no_masks or arguments.no_pictures)
    problems = _VALIDATORS[arguments.format](arguments, masks, not arguments.no_pictures, not arguments.quiet)
    # Errors first: they are what must be mended.
    problems.sort(key=lambda problem: problem.severity)
    errors = sum(problem.severity == "error" for problem in problems)
    warnings = len(problems) - errors
    if arguments.json:
        listed = [asdict(problem) for problem in problems]
        print(json.dumps({"errors": errors, "warnings": warnings, "problems": listed}, ensure_ascii=False, indent=1))
        return int(errors > 0)
    for problem in problems if arguments.all else problems[:SHOWN]:
        print(f"{problem.severity}: {problem}")
    if len(problems) > SHOWN and not arguments.all:
        print(f"... {len(problems) - SHOWN} more (--all shows them)")
    print(f"{arguments.path}: {errors} errors, {warnings} warnings")
    return int(errors > 0)


def _add_prepare(parser: argparse.ArgumentParser) -> None:
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = PREPARE_EPILOG
    parser.add_argument("format", choices=("pvsg",), help="data set")
    parser.add_argument("root", metavar="ROOT", type=Path, help="folder of the data set, made if it is not there")
    parser.add_argument("--archives", metavar="DIR", type=Path, help="folder of the archives (default: ROOT/data_zip)")
    parser.add_argument(
        "--source",
        action="append",
        default=[],
        help="vidor, epic_kitchen or ego4d; may be given several times (default: those that are there)",
    )
    parser.add_argument("--frames", choices=("png", "jpg"), default="png", help="jpg takes a fifth of the room")
    parser.add_argument("--no-md5", action="store_true", help="do not compare the archives with their published MD5")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="processes for frames (default: 2)")
    parser.add_argument("--quiet", action="store_true", help="no progress bars")


PREPARE_EPILOG = """\
Takes ROOT/data_zip/pvsg.json and the public archives beside it, as they are downloaded:
  VidOR/vidor_videos.zip              VidOR/vidor_masks.zip
  EpicKitchen/epic_kitchen_videos.zip EpicKitchen/epic_kitchen_masks.zip
  Ego4D/ego4d_videos.zip              Ego4D/ego4d_masks.zip
and makes ROOT/pvsg.json, ROOT/vidor/frames/VIDEO/0000.png, ROOT/vidor/masks/VIDEO/0000.png and so on.
Interrupted, the same command goes on. `groundgraph data check pvsg ROOT/pvsg.json` looks at the result.
"""


def _prepare(arguments: argparse.Namespace) -> int:
    """Prepare the data set; 1 if it is not as its annotations say."""
    from scenegraph.formats.pvsg.preparation import prepare

    problems = prepare(
        arguments.root,
        arguments.archives,
        arguments.source,
        arguments.frames,
        md5=not arguments.no_md5,
        workers=arguments.workers,
        progress=not arguments.quiet,
    )
    for problem in problems:
        print(f"{problem.severity}: {problem}", file=sys.stderr)
    print(arguments.root / "pvsg.json")
    return int(any(problem.severity == "error" for problem in problems))


def _add_toyworld(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--kind", choices=("psg", "pvsg", "psg4d-gta", "psg4d-hoi"), default="psg", help="layout")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the data set")
    parser.add_argument("--train", metavar="N", type=int, help="training items (default: 12000 pictures, 200 videos)")
    parser.add_argument("--test", metavar="N", type=int, help="held-out items (default: 1000 pictures, 40 videos)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="another seed gives other worlds")
    parser.add_argument("--size", metavar=("HEIGHT", "WIDTH"), nargs=2, type=int, default=(128, 160), help="pixels")
    parser.add_argument("--frames", metavar="N", type=int, default=50, help="frames a video (default 50)")
    parser.add_argument("--fps", metavar="N", type=float, default=5.0, help="frames a second of a video (default 5)")
    parser.add_argument("--workers", metavar="N", type=int, default=2, help="processes that render (default 2)")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _toyworld(arguments: argparse.Namespace) -> int:
    """Make a simulated data set unless it is there already, and print the path of its annotations."""
    from toyworld import datasets

    given = {name: getattr(arguments, name) for name in ("train", "test", "seed", "workers")}
    options = {name: value for name, value in given.items() if value is not None}
    options |= {"size": tuple(arguments.size), "progress": not arguments.quiet}
    if arguments.kind != "psg":
        options |= {"frames": arguments.frames, "fps": arguments.fps}
    if arguments.kind == "psg":
        path = datasets.ensure_psg(arguments.out, **options)
    elif arguments.kind == "pvsg":
        path = datasets.ensure_pvsg(arguments.out, **options)
    else:
        path = datasets.ensure_psg4d(arguments.out, arguments.kind.removeprefix("psg4d-"), **options)
    print(path)
    return 0


Action = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]

ACTIONS: dict[str, Action] = {
    "check": (
        "look for what is wrong with a data set, item by item; exit code 1 if there is an error",
        _add_check,
        _check,
    ),
    "prepare": (
        "make a data set from its public archives: check, unpack, extract frames; continues after an interruption",
        _add_prepare,
        _prepare,
    ),
    "toyworld": (
        "make a data set of simulated scenes with exact relations; continues after an interruption",
        _add_toyworld,
        _toyworld,
    ),
    "instruct": (
        "write instruction data from graphs: conversations, descriptions, reasoning, refusals, preference pairs",
        instruct.add_arguments,
        instruct.run,
    ),
}
"""Action name to one line of help, the function that adds its options, and the one that runs it."""
