"""`groundgraph evaluate --benchmark NAME FILES`: public benchmarks of assistants."""

import argparse
import json
import os
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundgraph.ask import KEY_VARIABLE
from scenegraph import InputError
from scenegraph.storage import made_folder

if TYPE_CHECKING:
    from assistant.benchmarks.items import Answer, Item
    from assistant.benchmarks.judging import Judge
    from scenegraph import SceneGraph

NAMES = ("gqa", "next-gqa", "star", "agqa", "pope", "mmbench", "upd", "funqa", "worldqa", "video-chatgpt",
         "llava-bench", "magnifier")  # fmt: skip
SUFFIX = ".scenegraph.json"
ANSWERS = "answers.partial"
JUDGEMENTS = "judgements.partial"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `groundgraph evaluate` that benchmarks of assistants have."""
    group = parser.add_argument_group("benchmarks of assistants")
    group.add_argument("--benchmark", choices=NAMES, help="PATH ... are then the published files of the benchmark")
    group.add_argument(
        "--predictions",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="answers by id: JSON, JSON lines; several are joined",
    )
    group.add_argument("--graphs", metavar="DIR", type=Path, help=f"let the assistant answer from *{SUFFIX} here")
    group.add_argument(
        "--answers", metavar="DIR", type=Path, help="keep answers and judgements here, and go on from them"
    )
    group.add_argument("--complete", action="store_true", help="the graphs are complete: what they lack is not so")
    group.add_argument("--min-score", metavar="SCORE", type=float, default=0.3, help="of relations (default: 0.3)")
    group.add_argument("--judge", metavar="URL|DIR", help="a language model that grades free answers")
    group.add_argument("--judge-model", metavar="NAME", help="name of the judge at a server")
    choices = "upd: problem=aad, iasd or ivqd; setting=base, option or instruction"
    group.add_argument("--set", metavar="KEY=VALUE", action="append", default=[], help=choices)


def run(arguments: argparse.Namespace) -> int:
    """Score answers and print; returns 1 if there was nothing to score."""
    from assistant.benchmarks.catalogue import BENCHMARKS
    from assistant.benchmarks.running import evaluate, read_predictions

    benchmark = BENCHMARKS[arguments.benchmark]
    if (arguments.predictions is None) == (arguments.graphs is None):
        raise InputError("give either --predictions FILE (answers that exist) or --graphs DIR (the assistant answers)")
    items = benchmark.read(arguments.paths, _settings(arguments.set))
    repeated, times = (Counter(item.id for item in items).most_common(1) or [("", 0)])[0]
    if times > 1:
        raise InputError(f"{arguments.benchmark}: {times} items have the id {repeated!r}; was a file given twice?")
    problems: Counter[str] = Counter()
    answers = (
        read_predictions(arguments.predictions, items)
        if arguments.predictions is not None
        else _answered(items, arguments, problems)
    )
    judge = _judge(arguments)
    try:
        report = evaluate(benchmark, items, answers, judge)
    finally:
        if judge is not None:
            judge.close()
    report.problems.update(problems)
    print(json.dumps(report.to_json(), ensure_ascii=False, indent=1) if arguments.json else report.table())
    return int(report.counts["answered"] == 0)


def _settings(given: list[str]) -> dict[str, str]:
    settings = {}
    for option in given:
        key, equals, value = option.partition("=")
        if not (key and equals and value):
            raise InputError(f"--set {option!r}; expected KEY=VALUE")
        settings[key] = value
    return settings


def _judge(arguments: argparse.Namespace) -> "Judge | None":
    from assistant.benchmarks.judging import Judge
    from assistant.models import open_model
    from scenegraph.formats.journal import Journal

    model = open_model(arguments.judge, arguments.judge_model, os.environ.get(KEY_VARIABLE))
    if model is None:
        return None
    journal = None
    if arguments.answers is not None:
        path = made_folder(arguments.answers) / f"{arguments.benchmark}.{JUDGEMENTS}"
        journal = Journal(path, {"judgements": 1, "judge": f"{arguments.judge} {arguments.judge_model}"})
    return Judge(model, journal, progress=not arguments.quiet)


def _answered(items: "list[Item]", arguments: argparse.Namespace, problems: Counter[str]) -> "dict[str, Answer]":
    """What the assistant answers from the graphs of a folder."""
    from tqdm import tqdm

    from assistant.benchmarks.running import answer_items
    from scenegraph.files import load

    folder: Path = arguments.graphs
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder; expected a folder with *{SUFFIX}")
    paths = {path.name.removesuffix(SUFFIX): path for path in sorted(folder.rglob(f"*{SUFFIX}"))}
    keep = made_folder(arguments.answers or folder)
    bar = tqdm(total=len({item.media for item in items}), desc="answering", unit="graph", disable=arguments.quiet)

    def graph_of(media: str) -> "SceneGraph | None":
        bar.update()
        # Pictures are named with their suffix, videos without; both may have a folder before the name.
        names = (Path(media).name, Path(media).stem, media.replace("/", "_"))
        path = next((paths[name] for name in names if name in paths), None)
        try:
            return None if path is None else load(path)
        except InputError as error:
            print(f"left out: {error}", file=sys.stderr)
            return None

    settings: dict[str, Any] = {"closed_world": arguments.complete, "min_score": arguments.min_score}
    with bar:
        return answer_items(items, graph_of, keep / f"{arguments.benchmark}.{ANSWERS}", settings, problems)
