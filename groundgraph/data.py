"""`groundgraph data`: looks after data sets; every action is a function pair in `ACTIONS`."""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

EPILOG = """\
examples:
  groundgraph data check psg data/psg/psg.json --root data/coco
  groundgraph data check psg data/psg/psg.json --no-pictures     # the JSON alone: seconds
  groundgraph data check pvsg data/pvsg.json --json > problems.json
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
    parser.add_argument("format", choices=("psg", "pvsg"), help="format of the data set")
    parser.add_argument("path", metavar="FILE.json", type=Path, help="psg.json or pvsg.json")
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the file)")
    parser.add_argument("--no-masks", action="store_true", help="do not read the panoptic or mask PNGs")
    parser.add_argument("--no-pictures", action="store_true", help="read neither masks nor look for the pictures")
    parser.add_argument("--all", action="store_true", help=f"print every problem, not the first {SHOWN}")
    parser.add_argument("--json", action="store_true", help="print all problems as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def _check(arguments: argparse.Namespace) -> int:
    """Print what is wrong with a data set; 1 if there is an error, 0 if there are at most warnings."""
    masks = not (arguments.no_masks or arguments.no_pictures)
    pictures, progress = not arguments.no_pictures, not arguments.quiet
    if arguments.format == "psg":
        from scenegraph.formats import psg

        problems = psg.validate(arguments.path, arguments.root, masks=masks, images=pictures, progress=progress)
    else:
        from scenegraph.formats import pvsg

        problems = pvsg.validate(arguments.path, arguments.root, masks=masks, frames=pictures, progress=progress)
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


Action = tuple[str, Callable[[argparse.ArgumentParser], None], Callable[[argparse.Namespace], int]]

ACTIONS: dict[str, Action] = {
    "check": (
        "look for what is wrong with a data set, item by item; exit code 1 if there is an error",
        _add_check,
        _check,
    ),
}
"""Action name to one line of help, the function that adds its options, and the one that runs it."""
