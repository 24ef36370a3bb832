"""Every model on toyworld, same data and same number of pictures seen: scores, speed and memory as a table.

Trains what is not trained yet (an interrupted run goes on), scores it on the held-out worlds and
measures it alone in a process of its own. The named baseline is class-pair frequency on the model's
own segments; speed is also given as a ratio to the first model of the list. Two-stage models are trained on true
segments and stand in the table on the segments that the first model of the list finds (SGDet), so they have seen
its pictures too; a second table has them on true segments (PredCls).

    python benchmarks/toyworld_models.py                                       # all, hours on two cores
    python benchmarks/toyworld_models.py configs/psgformer.py configs/pairflash.py --work-dir work_dirs/models
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

CONFIGS = (
    *("configs/psgformer.py", "configs/pairflash.py", "configs/psgtr.py"),
    *(f"configs/two_stage/{name}.py" for name in ("imp", "motifs", "vctree", "gpsnet")),
)
"""What is compared if nothing is named; the first one is the baseline of the speed column."""

CUTS = (10, 20, 50)
WARM_UP = 5
"""Predictions before the clock starts: memory is allocated and kernels are chosen in them."""


def main() -> int:
    """Train, score, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", nargs="*", default=list(CONFIGS), help="config files (default: %(default)s)")
    parser.add_argument("--work-dir", type=Path, default=Path("work_dirs/models"), help="default: %(default)s")
    parser.add_argument("--pictures", type=int, default=100, help="pictures that are timed (default: %(default)s)")
    parser.add_argument("--measure", metavar="SEGMENTER", nargs="?", const="", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure is not None:
        source = arguments.measure or None
        print(json.dumps(measured(arguments.configs[0], arguments.work_dir, arguments.pictures, source)))
        return 0
    from psg.training import work_folder  # not above: the process that waits for others needs no torch

    rows, given = [], []
    for config in arguments.configs:
        work = work_folder(config, arguments.work_dir)
        run("tools/train.py", config, "--resume", "--work-dir", work)
        scores = scored(config, work, "scores.json")
        source: tuple[str, ...] = ()
        if "two_stage" in Path(config).parts:
            first = f"groundgraph:{work_folder(arguments.configs[0], arguments.work_dir)}"
            given.append({"name": Path(config).stem, **scores})
            options = ("model.mode=sgdet", "model.head.refine=False", f"model.segmenter={first}")
            scores, source = scored(config, work, "scores_sgdet.json", *options), (first,)
        alone = run(
            *(__file__, config, "--work-dir", work, "--pictures", arguments.pictures, "--measure", *source), quiet=True
        )
        rows.append({"name": Path(config).stem, **scores, **json.loads(alone.splitlines()[-1])})
    print(table(rows))
    if given:
        print(f"\nOn true segments (PredCls):\n\n{table(given)}")
    return 0


def scored(config: str, work: Path, file: str, *options: str) -> dict[str, float]:
    """The scores of a trained model; a file of them that is newer than its checkpoints is taken as it is."""
    path = work / file
    newest = max(each.stat().st_mtime for each in work.glob("*.pth"))
    if not path.is_file() or path.stat().st_mtime < newest:
        run("tools/test.py", config, work, "--json", path, *(("--cfg-options", *options) if options else ()))
    return json.loads(path.read_text())["scores"]


def run(program: str, *words: object, quiet: bool = False) -> str:
    """A program of this repository; its output if `quiet`, else it goes to the console.

    Raises:
        SystemExit: it fails.
    """
    command = [sys.executable, program, *map(str, words)]
    result = subprocess.run(command, check=False, text=True, stdout=subprocess.PIPE if quiet else None)
    if result.returncode:
        raise SystemExit(f"`{' '.join(command[1:])}` ended with exit code {result.returncode}")
    return result.stdout or ""


def measured(config: str, work: Path, count: int, segmenter: str | None) -> dict[str, float]:
    """Pictures a second one by one, from file to graph, and the most memory the process had, in MiB."""
    from psg import Predictor
    from psg.training import load_config, prepare
    from scenegraph.formats.psg import PSGFile

    settings = load_config(config)
    prepare(settings)
    data = PSGFile.open(settings.test_dataloader.dataset.ann_file)
    predictor = Predictor.from_checkpoint(work, segmenter=segmenter)
    paths = [data.image_path(index) for index in data.indices("test")[: count + WARM_UP]]
    for path in paths[:WARM_UP]:
        predictor.predict(path)
    started = time.perf_counter()
    for path in paths[WARM_UP:]:
        predictor.predict(path)
    speed = (len(paths) - WARM_UP) / (time.perf_counter() - started)
    seen = settings.train_cfg.max_iters * settings.train_dataloader.batch_size
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"speed": speed, "memory": memory, "seen": seen}


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown; what a row has not been measured for is left out of all."""
    cuts = "/".join(map(str, CUTS))
    columns: dict[str, Callable[[dict[str, Any]], str]] = {
        "model": lambda row: row["name"],
        "pictures seen": lambda row: f"{row['seen']:,}",
        "PQ": lambda row: f"{row['PQ']:.3f}",
        **{f"{name}@{cuts}": partial(at_cuts, name) for name in ("R", "mR", "F1")},
        "over frequency R@20 / mR@20": margins,
        "pictures/s": lambda row: f"{row['speed']:.1f}",
        "ratio": lambda row: f"{row['speed'] / rows[0]['speed']:.2f}",
        "peak MiB": lambda row: f"{row['memory']:.0f}",
    }
    if "speed" not in rows[0]:
        columns = {name: cell for name, cell in columns.items() if "@" in name or name == "model"}
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    lines += ["| " + " | ".join(cell(row) for cell in columns.values()) + " |" for row in rows]
    return "\n".join(lines)


def at_cuts(name: str, row: dict[str, Any]) -> str:
    """A score at every cut."""
    return " / ".join(f"{row[f'strict/{name}@{k}']:.3f}" for k in CUTS)


def margins(row: dict[str, Any]) -> str:
    """What a model adds to class-pair frequency on its own segments."""
    return " / ".join(f"{row[f'strict/{name}@20'] - row[f'frequency/{name}@20']:+.3f}" for name in ("R", "mR"))


if __name__ == "__main__":
    sys.exit(main())
