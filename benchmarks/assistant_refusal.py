"""Are questions without an answer refused, for the right reason, and questions with one still answered?

    OMP_NUM_THREADS=1 python benchmarks/assistant_refusal.py [--pairs 10000] [--images 120] [--videos 30]

Each pair is one multiple-choice question that the graph answers and one that it does not: the correct
option removed, options of another kind, or another graph, in which plain code finds nothing of that
kind. Every rotation of the options is asked (circular evaluation): a question counts only if all of
its rotations come out right, a pair only if both of its questions do (dual accuracy). A refusal counts
only with its reason. The baselines are answered from the same pairs.
"""

import argparse
from collections import Counter
from pathlib import Path

from baselines import real_samples
from baselines.multiple_choice import STYLES, Pair, pairs, rotated, written
from tqdm import tqdm

from assistant import Assistant, GroundedAnswer
from scenegraph import SceneGraph
from toyworld import clips, scenes

FIRST_SEED = 1_200_000
SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"


def graphs(images: int, videos: int, frames: int) -> list[SceneGraph]:
    """True graphs of the simulated world, and the real samples where they are."""
    found = [scenes.image(FIRST_SEED + seed).graph for seed in range(images)]
    found += [clips.video(FIRST_SEED + seed, frames=frames).graph for seed in range(videos)]
    return [*found, *real_samples.graphs(SHARED)]


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


def main() -> None:
    """Ask and print one row a reason and a family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=10_000, help="default: %(default)s")
    parser.add_argument("--images", type=int, default=120, help="default: %(default)s")
    parser.add_argument("--videos", type=int, default=30, help="default: %(default)s")
    parser.add_argument("--frames", type=int, default=40, help="of a video; default: %(default)s")
    parser.add_argument("--seed", type=int, default=FIRST_SEED, help="of the pairs; default: %(default)s")
    parser.add_argument("--wrong", type=int, default=10, help="failures to show; default: %(default)s")
    arguments = parser.parse_args()
    known = graphs(arguments.images, arguments.videos, arguments.frames)
    assistants = [Assistant(graph) for graph in known]
    total, right, firsts, wrong = Counter(), Counter(), 0, []
    asked = pairs(known, arguments.pairs, arguments.seed)
    for at, pair in enumerate(tqdm(asked, total=arguments.pairs, unit="pair", mininterval=10)):
        answered, refused = outcome(assistants, pair, STYLES[at % len(STYLES)])
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
