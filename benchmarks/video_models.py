"""Every relation model of videos on the same tracks of toyworld: scores and training time as a table.

Trains what is not trained yet (an interrupted run goes on) and scores it on the held-out videos. The named
baseline is class-pair frequency on the same tubes, with spans from the training videos. Stage one (segmenter and
tracks) is shared; it is made first if it is missing.

    OMP_NUM_THREADS=1 python benchmarks/video_models.py
    OMP_NUM_THREADS=1 python benchmarks/video_models.py configs/pvsg.py configs/pvsg/mlp.py --work-dir work_dirs/videos
"""

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from toyworld_models import run, scored

CONFIGS = (
    "configs/pvsg.py",
    *(f"configs/pvsg/{name}.py" for name in ("mlp", "filter", "convolution", "transformer")),
)
CUTS = (20, 50, 100)


def main() -> int:
    """Train, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", nargs="*", default=list(CONFIGS), help="config files (default: %(default)s)")
    parser.add_argument("--work-dir", type=Path, default=Path("work_dirs/video_models"), help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=0, help="of the training (default: %(default)s)")
    arguments = parser.parse_args()
    from psg.training import work_folder  # not above: the process that waits for others needs no torch

    rows = []
    for config in arguments.configs:
        work = work_folder(config, arguments.work_dir)
        run("tools/train.py", config, "--work-dir", work, "--seed", arguments.seed)
        options = ("test_evaluator.frequency=None",) if rows else ()  # class pairs are the same on the same tubes
        scores = scored(config, work, "scores.json", *options)
        rows.append({"name": Path(config).stem, **scores, "seconds": trained_for(work)})
    (arguments.work_dir / "table.json").write_text(json.dumps(rows, indent=1))
    print(table(rows))
    return 0


def trained_for(work: Path) -> float:
    """Seconds of the training steps, from the log; validation is not counted."""
    logged: dict[int, float] = {}
    for path in sorted(work.glob("*/vis_data/scalars.json")):
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            if "time" in entry and "loss" in entry:
                logged[entry["iter"]] = entry["time"]
    steps = sorted(logged)
    return sum(logged[step] * (step - before) for before, step in zip([0, *steps], steps, strict=False))


def table(rows: list[Mapping[str, Any]]) -> str:
    """Markdown."""
    cuts = "/".join(map(str, CUTS))
    head = ["model", f"R@{cuts}", f"mR@{cuts}", "vIoU 0.1: R@20 / mR@20", "over frequency R@20 / mR@20", "seconds"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for row in rows:
        at = {name: " / ".join(f"{row[f'strict video/{name}@{k}']:.3f}" for k in CUTS) for name in ("R", "mR")}
        weak = " / ".join(f"{row[f'strict video, vIoU 0.1/{name}@20']:.3f}" for name in ("R", "mR"))
        margin = " / ".join(
            f"{row[f'strict video/{name}@20'] - rows[0][f'frequency/{name}@20']:+.3f}" for name in ("R", "mR")
        )
        cells = [row["name"], at["R"], at["mR"], weak, margin, f"{row['seconds']:.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join([*lines, "", baseline(rows[0])])


def baseline(row: Mapping[str, Any]) -> str:
    """What class pairs alone reach, and how good the tracks are."""
    cuts = "/".join(map(str, CUTS))
    at = [f"{name}@{cuts} " + " / ".join(f"{row[f'frequency/{name}@{k}']:.3f}" for k in CUTS) for name in ("R", "mR")]
    tracks = f"ceiling R {row['strict video/ceiling']:.3f}, VPQ {row['VPQ']:.3f}, STQ {row['STQ']:.3f}"
    return f"Class-pair frequency: {', '.join(at)}. Tracks: {tracks}."


if __name__ == "__main__":
    sys.exit(main())
