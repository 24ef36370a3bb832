"""The unmodified lmms-eval asks our server: six of its own tasks on local data, and our scene-graph tasks.

    make lmms-eval

Needs an environment of its own with lmms-eval (`--lmms PATH/bin/lmms-eval`), which `make lmms-eval` makes.
Simulated pictures and videos are rendered; `groundgraph serve --recognise` answers from their true graphs
(so that scores measure reading, executing, citing and the protocol, not seeing); data sets stand in
folders named as the tasks ask for them, and nothing is downloaded. Prints what lmms-eval reports, one row a
metric. Baseline: the same tasks answered by a server that knows the graphs only without relations.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from lmms_fixtures.pack import write_pack
from lmms_fixtures.published import TASKS, write_published
from lmms_fixtures.worlds import make

from scenegraph import files

ROOT = Path(__file__).resolve().parents[1]
OWN = ("scene_graph_answers", "scene_graph_moments", "scene_graph_refusals")
READY_SECONDS = 300.0


def main() -> int:
    """Make the data, serve the graphs, run lmms-eval, print its numbers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lmms", type=Path, default=ROOT / ".venv-lmms" / "bin" / "lmms-eval", help="the program")
    parser.add_argument("--out", type=Path, default=ROOT / "work_dirs" / "lmms_eval", help="data, logs, results")
    parser.add_argument("--images", type=int, default=12, help="pictures (default: %(default)s)")
    parser.add_argument("--videos", type=int, default=4, help="videos (default: %(default)s)")
    parser.add_argument("--frames", type=int, default=40, help="of a video (default: %(default)s)")
    parser.add_argument("--pairs", type=int, default=40, help="multiple-choice pairs (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=2_400_000, help="of the worlds (default: %(default)s)")
    parser.add_argument("--tasks", nargs="+", default=[*TASKS, *OWN], help="default: all")
    arguments = parser.parse_args()
    worlds = make(arguments.out, arguments.images, arguments.videos, arguments.frames, arguments.seed)
    counts = write_published(arguments.out, worlds) | write_pack(arguments.out, worlds, arguments.pairs, arguments.seed)
    print("documents:", ", ".join(f"{name} {number}" for name, number in counts.items()), flush=True)
    bare = arguments.out / "graphs_without_relations"
    bare.mkdir(exist_ok=True)
    for world in worlds:
        files.save(replace(world.graph, relations=()), bare / f"{world.name}.scenegraph.json")
    tables = []
    for graphs in (arguments.out / "graphs", bare):
        with served(graphs, arguments.out / "pictures", arguments.out / f"serve_{graphs.name}.log") as address:
            tables.append(run(arguments.lmms, arguments.tasks, arguments.out, address, graphs.name))
    print(f"\n{'task':24}{'metric':28}{'graphs':>9}{'without relations':>19}")
    for key in tables[0]:
        print(f"{key[0]:24}{key[1]:28}{tables[0][key]:9.3f}{tables[1].get(key, float('nan')):19.3f}")
    return 0


@contextmanager
def served(graphs: Path, pictures: Path, log: Path) -> Iterator[str]:
    """The address of a server that knows the graphs by their pictures; it ends with the block."""
    command = [sys.executable, "-m", "groundgraph.main", "serve", str(graphs), "--images", str(pictures),
               "--recognise", "--closed-world", "--port", "0"]  # fmt: skip
    with log.open("w") as stream:
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=ROOT)
        found: list[str] = []
        ready = threading.Event()

        def read() -> None:
            for line in process.stderr or ():
                stream.write(line)
                if address := re.search(r"at (http://\S+/v1)", line):
                    found.append(address.group(1))
                    ready.set()
            ready.set()

        reader = threading.Thread(target=read)
        reader.start()
        try:
            if not ready.wait(READY_SECONDS) or not found:
                raise SystemExit(f"the server did not start; {log} says why")
            yield found[0]
        finally:
            process.terminate()
            process.wait()
            reader.join()


def run(program: Path, tasks: list[str], folder: Path, address: str, name: str) -> dict[tuple[str, str], float]:
    """What lmms-eval reports: (task, metric) to value."""
    out = folder.resolve() / f"results_{name}"
    command = [str(program.absolute()), "--model", "openai", "--tasks", ",".join(tasks), "--batch_size", "1",
               "--model_args", f"model_version=scenegraph/picture,base_url={address},api_key=unused,num_concurrent=2",
               "--include_path", str(ROOT / "assistant" / "benchmarks" / "lmms_eval"), "--output_path", str(out),
               "--log_samples"]  # fmt: skip
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1",
                   "HF_HOME": str(folder.resolve() / "cache"), "OPENAI_API_KEY": "unused"}  # fmt: skip
    # Tasks name their data sets; from this folder the names are folders.
    with (folder / f"lmms_eval_{name}.log").open("w") as log:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=log, stderr=subprocess.STDOUT, check=False)
    results = sorted(out.rglob("*results.json"), key=lambda path: path.stat().st_mtime)
    if done.returncode or not results:
        raise SystemExit(f"lmms-eval ended with {done.returncode}; {folder}/lmms_eval_{name}.log says why")
    return _numbers(json.loads(results[-1].read_text()))


def _numbers(report: dict[str, Any]) -> dict[tuple[str, str], float]:
    found = {}
    for task, metrics in report["results"].items():
        for metric, value in metrics.items():
            plain = metric.partition(",")[0]
            if isinstance(value, int | float) and "stderr" not in plain and plain != "samples":
                found[task, plain] = float(value)
    return found


if __name__ == "__main__":
    sys.exit(main())
