"""`groundgraph data instruct`: instruction data from scene graphs, every statement of it proven."""

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from groundgraph.ask import KEY_VARIABLE
from groundgraph.instruct_pictures import say_missing, write_pictures
from scenegraph import InputError

if TYPE_CHECKING:
    from assistant.teaching.writing import Source, Tally
    from groundgraph.sources import Item

EPILOG = f"""\
examples:
  groundgraph data instruct graphs --out instructions
  groundgraph data instruct data/psg/psg.json --split train --out instructions --kinds conversation detail reasoning
  groundgraph data instruct data/toyworld_video/pvsg.json --out instructions --complete --formats llava dpo
  groundgraph data instruct graphs --out more --llm http://127.0.0.1:8000/v1 --model Qwen/Qwen3-8B

Reads what `groundgraph convert` reads. OUT/samples.jsonl holds every sample with the programs and statements behind
it; OUT/llava.json, messages.jsonl, mimic_it_*.json and dpo.jsonl are written from it. Every clause of an answer was
read back and found in the graph by an engine that did not write it; what could not be proven was left out and is
counted. Interrupted, the same command goes on. --complete says that what a graph does not show is not so: right for
simulated worlds, wrong for most annotations. The server's key is read from ${KEY_VARIABLE}.

Exit code 1: graphs were left out because they are broken.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the action."""
    from assistant.teaching.curriculum import KINDS
    from assistant.teaching.files import FORMATS

    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("input", metavar="GRAPHS", type=Path, help="a data set or a folder of *.scenegraph.json")
    parser.add_argument("--out", metavar="DIR", type=Path, required=True, help="folder of the instruction data")
    parser.add_argument("--root", metavar="DIR", type=Path, help="folder of the pictures (default: that of the file)")
    parser.add_argument("--split", default="all", help="train, test, val or all (default: all)")
    parser.add_argument("--limit", metavar="N", type=int, help="graphs at most")
    parser.add_argument("--no-masks", action="store_true", help="do not read the mask files: no places, no sizes")
    parser.add_argument("--kinds", nargs="+", choices=tuple(KINDS), default=tuple(KINDS), help="default: all")
    parser.add_argument("--each", metavar="N", type=int, default=6, help="samples of a kind a graph (default: 6)")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="another seed asks otherwise")
    parser.add_argument("--complete", action="store_true", help="the graphs are complete: answers may be no")
    parser.add_argument(
        "--names", choices=("natural", "labels"), default="natural", help="labels: person-2, as marks on pictures say"
    )
    parser.add_argument("--min-score", metavar="SCORE", type=float, default=0.3, help="of relations (default: 0.3)")
    parser.add_argument("--examples", metavar="N", type=int, default=3, help="in-context examples each (default: 3)")
    parser.add_argument("--formats", nargs="+", choices=FORMATS, default=FORMATS, help="default: all")
    parser.add_argument("--pictures", action="store_true", help="also the pictures, as MIMIC-IT's table (Parquet)")
    parser.add_argument("--llm", metavar="URL|DIR", help="a language model that writes too; every sentence is proven")
    parser.add_argument("--model", metavar="NAME", help="name of the model at a server")
    parser.add_argument("--json", action="store_true", help="print the counts as JSON")
    parser.add_argument("--quiet", action="store_true", help="no progress bar")


def run(arguments: argparse.Namespace) -> int:
    """Write the data; returns the exit code."""
    from assistant.models import open_model
    from assistant.teaching.files import write_format
    from assistant.teaching.writing import Plan, write

    if arguments.each < 1 or arguments.examples < 0:
        raise InputError("--each must be at least 1, --examples at least 0")
    plan = Plan(
        tuple(arguments.kinds),
        arguments.each,
        arguments.seed,
        arguments.complete,
        arguments.names,
        arguments.min_score,
        arguments.examples,
    )
    model = open_model(arguments.llm, arguments.model, os.environ.get(KEY_VARIABLE))
    tally = write(_graphs(arguments), arguments.out, plan, model)
    frames, pictures = None, []
    if arguments.pictures:
        frames, table, number, missing = write_pictures(_items(arguments), arguments.out)
        pictures.append((table, number))
        say_missing(missing)
    files = [*(write_format(name, arguments.out, frames) for name in arguments.formats), *pictures]
    if arguments.json:
        print(json.dumps({**tally.to_json(), "files": {str(path): number for path, number in files}}))
    else:
        _print(tally, files)
    for message in tally.broken:
        print(f"left out: {message}", file=sys.stderr)
    return int(bool(tally.broken))


def _graphs(arguments: argparse.Namespace) -> "Iterator[Source]":
    from tqdm import tqdm

    items = _items(arguments)
    (repeated, times), *_ = Counter(item.name for item in items).most_common(1) or [("", 0)]
    if times > 1:
        raise InputError(f"{arguments.input}: {times} graphs are called {repeated!r}; samples are named by their graph")
    for item in tqdm(items, desc="instructing", unit="graph", disable=arguments.quiet):
        yield item.name, item.graph


def _items(arguments: argparse.Namespace) -> "list[Item]":
    from groundgraph.sources import items_of

    return items_of(argparse.Namespace(**{**vars(arguments), "source": "auto"}))


def _print(tally: "Tally", files: list[tuple[Path, int]]) -> None:
    total = sum(tally.samples.values())
    print(f"{total:,} samples of {tally.graphs:,} graphs; {tally.refused:,} statements could not be proven and are out")
    for kind, number in sorted(tally.samples.items()):
        print(f"  {kind:<14}{number:>9,}")
    for state, number in sorted(tally.model.items()):
        print(f"  model: {state:<18}{number:>9,}")
    for path, number in files:
        print(f"{path}: {number:,} records")
