"""Are answers in metres right, and are their errors?

    OMP_NUM_THREADS=1 nice python benchmarks/assistant_metres.py --worlds 40 [--noise 0.05]

Questions of `toyworld.metric_questions` about true RGB-D graphs must be answered exactly. With `--noise`
the same is asked of graphs whose places were blurred by that standard deviation, which they state: the
true value should lie within one stated error in about 68 of 100 cases or more (the error of a mean is
stated as if all frames erred alike), within two in 95. The baseline answers which is nearest, and what is
left of what, from the boxes in the picture.
"""

import argparse
from collections import defaultdict
from dataclasses import replace

import numpy as np
from tqdm import tqdm

from assistant.answers import Status, Verdict
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.measured_programs import Bearing, Distance, IsInSpace, Measure
from assistant.outcomes import Outcome
from assistant.programs import Exists, Which
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from assistant.steps import InBetween, Moved, Nearest, Pick, Question
from scenegraph import SceneGraph, Track4D
from toyworld import clips
from toyworld.asking import Question as Asked
from toyworld.metric_questions import metric_questions

FRAMES = 16
LENGTHS = ("how-far", "how-far-away", "how-far-moved")


def asked_as_program(graph: SceneGraph, asked: Asked) -> Question:
    """A question as a program about the nodes that it names."""
    first, *rest = (Pick((node,)) for node in asked.nodes)
    match asked.family:
        case "how-far":
            return Distance(first, rest[0])
        case "how-far-away":
            return Measure(first, "distance")
        case "nearest":
            return Which(Nearest(Pick(asked.nodes[1:]), first))
        case "where-from-camera":
            return Bearing(first)
        case "moved":
            return Which(Moved(Pick(asked.nodes)))
        case "how-far-moved":
            return Measure(first, "displacement")
        case "point-of-view":
            return IsInSpace(first, "left of", rest[0], "from", rest[1])
        case _:
            return Exists(InBetween(first, rest[0], rest[1]))


def right(graph: SceneGraph, asked: Asked, outcome: Outcome, deviations: float = 0.0) -> bool:
    """Whether an outcome says the answer; numbers may be off by so many of their stated errors."""
    answers = set(asked.answers)
    if asked.family in LENGTHS:
        (measured,) = outcome.measures
        return abs(measured.value - float(asked.answers[0])) <= 1e-5 + deviations * (measured.error or 0.0)
    if asked.family == "where-from-camera":
        true = [float(part) for part in asked.answers[0].split()]
        ways = {each.quantity: each for each in outcome.measures}
        return all(
            abs(ways[axis].value - part) <= 1e-5 + deviations * (ways[axis].error or 0.0)
            for axis, part in zip("xyz", true, strict=True)
        )
    if outcome.verdict is not None:
        return answers == {"yes" if outcome.verdict is Verdict.SUPPORTED else "no"}
    return {graph.label(node) for node in outcome.nodes} == answers


def noisy(graph: SceneGraph, noise: float, seed: int) -> SceneGraph:
    """A graph whose places are blurred by a standard deviation, which its tracks state."""
    random = np.random.default_rng(seed)
    nodes = []
    for node in graph.nodes:
        track = node.region
        assert isinstance(track, Track4D)
        places = track.positions + random.normal(0, noise, track.positions.shape)
        nodes.append(replace(node, region=Track4D(track.tube, places, track.extents, np.full(places.shape, noise))))
    return replace(graph, nodes=tuple(nodes))


def in_the_picture(graph: SceneGraph, asked: Asked) -> bool | None:
    """Whether boxes in the picture give the answer; None where they give none."""
    index = GraphIndex(graph)
    at = index.positions(asked.nodes)
    boxes = dict(zip(index.ids[at].tolist(), index.boxes(at), strict=True))
    centres = {node: np.array([(box[0] + box[2]) / 2, (box[1] + box[3]) / 2]) for node, box in boxes.items()}
    if asked.family == "nearest":
        goal, *rivals = asked.nodes
        best = min(rivals, key=lambda node: float(np.linalg.norm(centres[node] - centres[goal])))
        return {graph.label(best)} == set(asked.answers)
    if asked.family == "point-of-view":
        left = centres[asked.nodes[0]][0] < centres[asked.nodes[1]][0]
        return set(asked.answers) == {"yes" if left else "no"}
    return None


def main() -> None:
    """Ask, and print by family how many answers are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--worlds", type=int, default=40, help="simulated RGB-D videos (default: %(default)s)")
    parser.add_argument("--first", type=int, default=40_000, help="seed of the first (default: %(default)s)")
    parser.add_argument("--noise", type=float, default=0.05, help="metres, of blurred places (default: %(default)s)")
    arguments = parser.parse_args()
    rows: dict[str, list[tuple]] = defaultdict(list)
    apart = asked_in_all = 0
    for seed in tqdm(range(arguments.first, arguments.first + arguments.worlds), unit="world"):
        graph = clips.video(seed, frames=FRAMES, rgbd=True).graph
        blurred = noisy(graph, arguments.noise, seed)
        engines = [(Executor(GraphIndex(each), True), SqliteExecutor(each, True)) for each in (graph, blurred)]
        for asked in metric_questions(graph, seed):
            program = asked_as_program(graph, asked)
            (true, second), (rough, other) = ([engine.run(program) for engine in pair] for pair in engines)
            apart += bool(disagreements(true, second)) + bool(disagreements(rough, other))
            asked_in_all += 2
            answered = rough.status is Status.ANSWERED
            within = [answered and right(graph, asked, rough, deviations) for deviations in (1, 2, 3)]
            rows[asked.family].append((right(graph, asked, true), answered, *within, in_the_picture(graph, asked)))
    print(
        f"{'family':<20}{'asked':>6}{'exact':>8}{'blurred: answered':>19}{'in 1 s':>8}{'2 s':>8}{'3 s':>8}{'boxes':>8}"
    )
    for family, found in rows.items():
        exact, answered, *within = (sum(bool(row[at]) for row in found) for at in range(5))
        boxes = [row[5] for row in found if row[5] is not None]
        shares = "".join(f"{count / max(answered, 1):>8.3f}" for count in within)
        shown = f"{sum(boxes) / len(boxes):>8.3f}" if boxes else ""
        print(f"{family:<20}{len(found):>6}{exact / len(found):>8.3f}{answered / len(found):>19.3f}{shares}{shown}")
    print(f"the engines agree on {asked_in_all - apart:,} of {asked_in_all:,} programs")


if __name__ == "__main__":
    main()
