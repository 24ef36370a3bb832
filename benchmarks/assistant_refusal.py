"""Are questions without an answer refused, for the right reason, and questions with one still answered?

    OMP_NUM_THREADS=1 python benchmarks/assistant_refusal.py [--pairs 10000] [--images 120] [--videos 30]
        [--results FILE]

With a file for the results an interrupted run goes on where it stopped.

Each pair is one multiple-choice question that the graph answers and one that it does not: the correct
option removed, options of another kind, or another graph, in which plain code finds nothing of that
kind. Every rotation of the options is asked (circular evaluation): a question counts only if all of
its rotations come out right, a pair only if both of its questions do (dual accuracy). A refusal counts
only with its reason. The baselines are answered from the same pairs.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from baselines import real_samples
from baselines.multiple_choice import STYLES, Pair, pairs, rotated, written
from tqdm import tqdm

from assistant import Assistant, GroundedAnswer
from scenegraph import InputError, SceneGraph
from toyworld import clips, scenes

FIRST_SEED = 1_200_000
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def graphs(images: int, videos: int, frames: int) -> list[SceneGraph]:
    """True graphs of the simulated world, and the real samples where they are."""
    found = [scenes.image(FIRST_SEED + seed).graph for seed in range(images)]
    found += [clips.video(FIRST_SEED + seed, frames=frames).graph for seed in range(videos)]
    return [*found, *(graph for _, graph in real_samples.graphs(SHARED, ("psg", "pvsg")))]


def option(answer: GroundedAnswer) -> str | None:
    """The option that was chosen, None where the question was refused."""
    return answer.short if answer.status == "answered" else None


def outcome(assistants: list[Assistant], pair: Pair, style: str) -> tuple[bool, bool]:
    """Whether the answerable and the unanswerable question came out right in every rotation."""
    answered = refused = True
    for _, options in rotated(pair.options):
        said = assistants[pair.graph].ask(written(pair.question, options, style))
        answered &= option(said) == pair.options[pair.right]
    for _, options in rotated(pair.twin.options):
        said = assistants[pair.twin.graph].ask(written(pair.twin.question, options, style))
        refused &= said.status == "unanswerable" and said.reason == pair.twin.reason
    return answered, refused


def outcomes(
    assistants: list[Assistant], asked: Iterator[Pair], results: Path | None, run: dict[str, int]
) -> Iterator[tuple[Pair, bool, bool]]:
    """Every pair with whether its two questions came out right; those that a file holds are not asked again.

    Raises:
        InputError: the file is of another run.
    """
    done: list[list[bool]] = []
    if results is not None and results.exists():
        first, *rows = results.read_text(encoding="utf-8").splitlines()
        if json.loads(first) != run:
            raise InputError(f"{results} is of the run {first}, not of {json.dumps(run)}; name another file")
        done = [json.loads(row) for row in rows if row.endswith("]")]
    with ExitStack() as opened:
        file = None if results is None else opened.enter_context(results.open("a", encoding="utf-8", buffering=1))
        if file is not None and not done and results is not None and not results.stat().st_size:
            file.write(f"{json.dumps(run)}\n")
        for at, pair in enumerate(asked):
            if at < len(done):
                yield pair, *done[at]
                continue
            right = outcome(assistants, pair, STYLES[at % len(STYLES)])
            if file is not None:
                file.write(f"{json.dumps(right)}\n")
            yield pair, *right


def main() -> None:
    """Ask and print one row a reason and a family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10_000, help="default: %(default)s")
    parser.add_argument("--images", type=int, default=120, help="default: %(default)s")
    parser.add_argument("--videos", type=int, default=30, help="default: %(default)s")
    parser.add_argument("--frames", type=int, default=40, help="of a video; default: %(default)s")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the pairs; default: %(default)s")
    parser.add_argument("--results", type=Path, help="a file that lets an interrupted run go on")
    parser.add_argument("--wrong", type=int, default=10, help="failures to show; default: %(default)s")
    arguments = parser.parse_args()
    known = graphs(arguments.images, arguments.videos, arguments.frames)
    assistants = [Assistant(graph) for graph in known]
    total, right, firsts, wrong = Counter(), Counter(), 0, []
    asked = pairs(known, arguments.pairs, arguments.seed)
    run = {name: getattr(arguments, name) for name in ("pairs", "images", "videos", "frames", "seed")}
    found = outcomes(assistants, asked, arguments.results, run)
    for pair, answered, refused in tqdm(found, total=arguments.pairs, unit="pair", mininterval=10):
        firsts += pair.right == 0
        for key in (pair.family, pair.twin.reason, "all"):
            total[key] += 1
            right[key, "standard"] += answered
            right[key, "refusal"] += refused
            right[key, "dual"] += answered and refused
        if not (answered and refused):
            wrong.append((answered, refused, pair))
    for row in wrong[: arguments.wrong]:
        print(*row)
    for key, count in total.items():
        shares = " ".join(f"{name} {right[key, name] / count:8.3%}" for name in ("standard", "refusal", "dual"))
        print(f"{key:22} {count:6} pairs: {shares}")
    print(f"{len(known)} graphs; baselines: first option: standard {firsts / total['all']:.1%} unrotated, dual 0 %;"
          " always refusing: standard 0 %, dual 0 %")  # fmt: skip


if __name__ == "__main__":
    main()
