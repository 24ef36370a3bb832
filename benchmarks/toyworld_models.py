"""Every model on toyworld, same data and same number of pictures seen: scores, speed and memory as a table.

Trains what is not trained yet (an interrupted run goes on), scores it on the held-out worlds and
measures it alone in a process of its own. The named baseline is class-pair frequency on the model's
own segments; speed is also given as a ratio to the first model of the list.

    python benchmarks/toyworld_models.py                                       # all, hours on two cores
    python benchmarks/toyworld_models.py configs/psgformer.py configs/pairflash.py --work-dir work_dirs/models
"""

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

CONFIGS = ("configs/psgformer.py", "configs/pairflash.py")
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
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        print(json.dumps(measured(arguments.configs[0], arguments.work_dir, arguments.pictures)))
        return 0
    rows = []
    for config in arguments.configs:
        work = arguments.work_dir / Path(config).with_suffix("").relative_to("configs")
        run("tools/train.py", config, "--resume", "--work-dir", work)
        run("tools/test.py", config, work, "--json", work / "scores.json")
        alone = run(__file__, config, "--measure", "--work-dir", work, "--pictures", arguments.pictures, quiet=True)
        scores = json.loads((work / "scores.json").read_text())["scores"]
        rows.append({"name": Path(config).stem, **scores, **json.loads(alone.splitlines()[-1])})
    print(table(rows))
    return 0


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


def measured(config: str, work: Path, count: int) -> dict[str, float]:
    """Pictures a second one by one, from file to graph, and the most memory the process had, in MiB."""
    from psg import Predictor
    from psg.training import load_config, prepare
    from scenegraph.formats.psg import PSGFile

    settings = load_config(config)
    prepare(settings)
    data = PSGFile.open(settings.test_dataloader.dataset.ann_file)
    predictor = Predictor.from_checkpoint(work)
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
    """Markdown."""
    cuts = "/".join(map(str, CUTS))
    columns = ("model", "pictures seen", "PQ", *(f"{name}@{cuts}" for name in ("R", "mR", "F1")))
    columns += ("over frequency R@20 / mR@20", "pictures/s", "ratio", "peak MiB")
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    for row in rows:
        scores = [" / ".join(f"{row[f'strict/{name}@{k}']:.3f}" for k in CUTS) for name in ("R", "mR", "F1")]
        margins = " / ".join(f"{row[f'strict/{name}@20'] - row[f'frequency/{name}@20']:+.3f}" for name in ("R", "mR"))
        cells = (row["name"], f"{row['seen']:,}", f"{row['PQ']:.3f}", *scores, margins)
        cells += (f"{row['speed']:.1f}", f"{row['speed'] / rows[0]['speed']:.2f}", f"{row['memory']:.0f}")
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
