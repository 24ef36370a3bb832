"""Do the indexed engine and the SQLite engine agree, on as many programs as there is time for?

    OMP_NUM_THREADS=1 nice python benchmarks/assistant_engines.py --programs 1000000 --graphs 1000 \
        --journal work_dirs/engines.jsonl [--samples SAMPLES] [--minutes 40]

Random programs of every operation, over simulated pictures, videos and RGB-D videos and, with
`--samples`, over real annotations (PSG, PVSG, VidOR, STAR, Visual Genome); half of the graphs are taken
as complete. Every graph that is done is one line of the journal, so that the same command goes on where
it was stopped. The baseline is total agreement: any other figure is a defect, and the programs in
question are printed.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

from baselines import real_samples
from baselines.worlds import turned
from tqdm import tqdm

from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_sampling import Sampler
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from scenegraph import SceneGraph
from scenegraph.graph import UPS
from toyworld import clips, scenes

FRAMES = 24
"""Of a simulated video: long enough that relations begin and end, short enough to render a thousand."""


def graphs(number: int, samples: Path | None) -> Iterator[tuple[str, Callable[[], SceneGraph]]]:
    """Names of graphs and what makes them: real samples first, then 6 pictures, 2 videos and 2 with depth in ten."""
    made = 0
    for name, graph in () if samples is None else real_samples.graphs(samples):
        made += 1
        yield name, lambda graph=graph: graph
    for seed in range(10_000, 10_000 + number - made):
        kind = "image" if seed % 10 < 6 else "video" if seed % 10 < 8 else "rgbd"
        yield f"toyworld {kind} {seed}", lambda seed=seed, kind=kind: simulated(kind, seed)


def simulated(kind: str, seed: int) -> SceneGraph:
    """The true graph of a simulated world; of those with depth two thirds have another axis up than OpenCV's."""
    if kind == "image":
        return scenes.image(seed).graph
    graph = clips.video(seed, frames=FRAMES, rgbd=kind == "rgbd").graph
    return graph if kind == "video" else turned(graph, UPS[seed % len(UPS)])


def compare(name: str, graph: SceneGraph, programs: int) -> dict:
    """Run random programs of one graph on both engines."""
    sampler = Sampler(graph, Random(name))
    row = {"graph": name, "kind": graph.source.kind, "programs": programs, "answered": 0, "wrong": []}
    seconds = [0.0, 0.0]
    for closed_world in (False, True):
        engines = Executor(GraphIndex(graph), closed_world, traced=False), SqliteExecutor(graph, closed_world)
        for at in range(programs // 2):
            program = sampler.question(depth=2 + at % 2)
            outcomes = []
            for which, engine in enumerate(engines):
                start = time.perf_counter()
                outcomes.append(engine.run(program))
                seconds[which] += time.perf_counter() - start
            row["answered"] += str(outcomes[0].status) == "answered"
            found = disagreements(*outcomes)
            if found:
                row["wrong"].append([closed_world, program.line, found])
    return {**row, "seconds": [round(each, 3) for each in seconds]}


def main() -> None:
    """Compare, and print how many programs were compared and on how many the engines agreed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=int, default=1_000_000, help="programs in all (default: %(default)s)")
    parser.add_argument("--graphs", type=int, default=1000, help="graphs in all (default: %(default)s)")
    parser.add_argument("--journal", type=Path, default=Path("work_dirs/engines.jsonl"), help="default: %(default)s")
    parser.add_argument("--samples", type=Path, help="folder with the excerpts psg/, pvsg/, vidor/, star/, vg/")
    parser.add_argument("--minutes", type=float, default=40, help="stop after so long (default: %(default)s)")
    arguments = parser.parse_args()
    arguments.journal.parent.mkdir(parents=True, exist_ok=True)
    done = []
    if arguments.journal.exists():
        done = [json.loads(line) for line in arguments.journal.read_text(encoding="utf-8").splitlines()]
    each = max(2 * round(arguments.programs / arguments.graphs / 2), 2)
    known, end = {row["graph"] for row in done}, time.monotonic() + 60 * arguments.minutes
    with (
        arguments.journal.open("a", encoding="utf-8") as journal,
        tqdm(total=arguments.programs, initial=sum(row["programs"] for row in done), unit="program") as bar,
    ):
        for name, make in graphs(arguments.graphs, arguments.samples):
            if name in known:
                continue
            if time.monotonic() > end:
                break
            row = compare(name, make(), each)
            journal.write(json.dumps(row) + "\n")
            journal.flush()
            done.append(row)
            bar.update(each)
    report(done)


def report(rows: list[dict]) -> None:
    """Totals, and every disagreement."""
    programs, wrong = sum(row["programs"] for row in rows), [each for row in rows for each in row["wrong"]]
    for closed_world, line, found in wrong[:20]:
        print(f"{'closed' if closed_world else 'open'} world: {line}\n    {'; '.join(found)}")
    kinds = ", ".join(f"{sum(row['kind'] == kind for row in rows)} {kind}" for kind in ("image", "video", "rgbd"))
    print(f"{programs:,} programs over {len(rows):,} graphs ({kinds}): {programs - len(wrong):,} agree")
    if programs:
        answered = sum(row["answered"] for row in rows) / programs
        first, second = (1e6 * sum(row["seconds"][at] for row in rows) / programs for at in (0, 1))
        print(f"{answered:.0%} answered; {first:.0f} us a program indexed, {second:.0f} us in SQLite")


if __name__ == "__main__":
    main()
