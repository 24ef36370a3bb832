"""Tricks that lift a published score, played on the graphs of trained models: who gains under which protocol.

Every trick changes the predictions without knowing the truth: it copies masks to say further predicates of a
pair, repeats rows, hedges with shifted masks, stays silent on the pictures the model is least sure of, or makes
all scores equal. The named baseline is the honest graph of the same model: one map, the best predicate a pair.

    python benchmarks/attacks.py                       # all models of toyworld_models.py, trained there
    python benchmarks/attacks.py configs/psgtr.py --work-dir work_dirs/models
"""

import argparse
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import islice
from pathlib import Path

import numpy as np
from toyworld_models import CONFIGS
from tqdm import tqdm

from scenegraph import Mask, Node, Relation, SceneGraph, Segment
from scenegraph.evaluation import Evaluation
from scenegraph.files import load
from scenegraph.formats.psg import PSGFile

CHOICES = 3
"""Predicates a pair that the models are asked for; the honest graph has the first of them."""

ROWS = 100
"""Rows of an honest graph, as everywhere."""

MOVES = ((0, 1), (1, 0), (0, -1), (-1, 0))
"""Directions in which masks are shifted, down and to the right."""

Trick = Callable[[SceneGraph], SceneGraph | None]


def main() -> int:
    """Predict with several predicates a pair, play the tricks, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("configs", nargs="*", default=list(CONFIGS), help="config files (default: %(default)s)")
    parser.add_argument("--work-dir", type=Path, default=Path("work_dirs/models"), help="default: %(default)s")
    parser.add_argument("--data", type=Path, default=Path("data/toyworld/psg/psg.json"), help="default: %(default)s")
    arguments = parser.parse_args()
    print("| model | trick | strict R@20 | strict mR@20 | strict PQ | published R@20 | published mR@20 |")
    print("|---|---|---|---|---|---|---|")
    for config in arguments.configs:
        folder = predicted(config, arguments.configs[0], arguments.work_dir)
        for trick, values in scores(PSGFile.open(arguments.data), folder).items():
            names = ("strict/R@20", "strict/mR@20", "PQ", "legacy openpsg/R@20", "legacy openpsg/mR@20")
            cells = " | ".join(f"{values[name]:.4f}" for name in names)
            print(f"| {Path(config).stem} | {trick} | {cells} |", flush=True)
    return 0


def predicted(config: str, first: str, root: Path) -> Path:
    """The folder of a model's graphs with `CHOICES` predicates a pair; made once.

    Raises:
        SystemExit: the model is not trained yet, or testing it fails.
    """
    from psg.training import work_folder  # not above: it loads torch, which the tricks and their tests do not need

    work = work_folder(config, root)
    folder = work / "choices"
    if folder.is_dir():
        return folder
    if not any(work.glob("*.pth")):
        raise SystemExit(f"{work} holds no checkpoint; train first: python benchmarks/toyworld_models.py {config}")
    options = [f"predicates_per_pair={CHOICES}", f"max_relations={CHOICES * ROWS}"]
    if "two_stage" in Path(config).parts:
        options += ["mode=sgdet", "head.refine=False", f"segmenter=groundgraph:{work_folder(first, root)}"]
    else:
        options = [f"postprocessing.{option}" for option in options]
    command = [sys.executable, "tools/test.py", config, str(work), "--out", str(folder), "--json", str(work / "_.json")]
    ended = subprocess.run([*command, "--cfg-options", *(f"model.{each}" for each in options)], check=False)
    if ended.returncode:
        raise SystemExit(f"`{' '.join(command[1:])}` ended with exit code {ended.returncode}")
    return folder


def scores(data: PSGFile, folder: Path) -> dict[str, dict[str, float]]:
    """All scores by name of the trick, "honest" first; one pass over the pictures."""
    files = {index: folder / f"{data.image_path(index).stem}.scenegraph.json" for index in data.indices("test")}
    files = {index: path for index, path in files.items() if path.is_file()}
    sure = {index: certainty(load(path)) for index, path in files.items()}
    silent_below = float(np.median(list(sure.values())))
    tricks: dict[str, Trick] = {
        "honest": honest,
        "masks copied for a second predicate": lambda graph: copied(graph, 1),
        "masks copied for a second and third": lambda graph: copied(graph, 2),
        "every row three times": lambda graph: repeated(honest(graph), 2),
        "shifted masks as a hedge": lambda graph: hedged(honest(graph)),
        "silent on the half it is least sure of": lambda graph: quiet(graph, silent_below),
        "all scores equal": lambda graph: tied(honest(graph)),
    }
    sums = {name: Evaluation(data.vocabulary, (20,), legacy=True, overlaps="highest") for name in tricks}
    for index, path in tqdm(files.items(), desc=folder.parent.name, leave=False):
        truth, graph = data.graph(index, unique_relations=True), load(path)
        for name, trick in tricks.items():
            sums[name].add(truth, trick(graph))
    return {name: dict(evaluation.report().values) for name, evaluation in sums.items()}


def choices(graph: SceneGraph) -> list[list[Relation]]:
    """The rows of every ordered pair, the best first; pairs as their best rows come."""
    pairs: dict[tuple[int, int], list[Relation]] = {}
    for row in sorted(graph.relations, key=lambda row: -row.score):
        pairs.setdefault((row.subject, row.object), []).append(row)
    return list(pairs.values())


def honest(graph: SceneGraph) -> SceneGraph:
    """The best predicate of every pair, and `ROWS` rows at most."""
    return replace(graph, relations=tuple(rows[0] for rows in islice(choices(graph), ROWS)))


def certainty(graph: SceneGraph) -> float:
    """What a model thinks of its own graph: the mean score of its ten best rows."""
    best = [row.score for row in honest(graph).relations[:10]]
    return float(np.mean(best)) if best else 0.0


def copied(graph: SceneGraph, copies: int) -> SceneGraph:
    """Copies of all masks, slightly less sure, each of which says a further predicate of every pair."""
    step = 1 + max((node.id for node in graph.nodes), default=0)
    pairs = choices(graph)[:ROWS]
    nodes, rows = list(graph.nodes), [each[0] for each in pairs]
    for copy in range(1, copies + 1):
        nodes += [replace(node, id=node.id + step * copy, score=node.score * 0.999**copy) for node in graph.nodes]
        rows += [moved(each[copy], step * copy) for each in pairs if len(each) > copy]
    return replace(graph, nodes=tuple(nodes), relations=tuple(sorted(rows, key=lambda row: -row.score)))


def moved(row: Relation, offset: int, factor: float = 1.0) -> Relation:
    """A row on the nodes whose ids are higher by `offset`."""
    return replace(row, subject=row.subject + offset, object=row.object + offset, score=row.score * factor)


def repeated(graph: SceneGraph, times: int, factor: float = 1.0) -> SceneGraph:
    """Every row so many times more, with its score times a factor."""
    again = [replace(row, score=min(row.score * factor, 1.0)) for row in graph.relations for _ in range(times)]
    return replace(graph, relations=graph.relations + tuple(again))


def hedged(graph: SceneGraph, pixels: int = 2, factor: float = 0.4) -> SceneGraph:
    """Versions of every mask that are shifted by some pixels, with all rows on each, in case the first is off."""
    step = 1 + max((node.id for node in graph.nodes), default=0)
    nodes, rows = list(graph.nodes), list(graph.relations)
    for number, move in enumerate(MOVES, start=1):
        for node in graph.nodes:
            mask = Mask.from_array(np.roll(node.region.mask.array(), pixels * np.array(move), axis=(0, 1)))
            nodes.append(Node(node.id + step * number, node.category, Segment(mask), node.score * factor))
        rows += [moved(row, step * number, factor) for row in graph.relations]
    return replace(graph, nodes=tuple(nodes), relations=tuple(rows))


def quiet(graph: SceneGraph, silent_below: float) -> SceneGraph:
    """The honest graph, or its nodes alone where the model is less sure than that."""
    return honest(graph) if certainty(graph) >= silent_below else replace(graph, relations=())


def tied(graph: SceneGraph, score: float = 0.5) -> SceneGraph:
    """The rows in their order, with one score for all."""
    return replace(graph, relations=tuple(replace(row, score=score) for row in graph.relations))


if __name__ == "__main__":
    sys.exit(main())
