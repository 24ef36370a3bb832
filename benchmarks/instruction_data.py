"""How fast is instruction data written, how varied is it, and is every statement of it proven?

    OMP_NUM_THREADS=1 nice python benchmarks/instruction_data.py --graphs 100 --each 6

Writes samples of simulated pictures (6 of 10 graphs), videos and RGB-D videos (2 of 10 each), which are not
counted in the time, and then proves every statement again with a fresh parser and the SQLite engine. Also
of real PVSG and PSG annotations with `--samples`. Prints samples an hour of processor time on one core, the
statements that could not be proven (any is a defect), the share of questions that our own parser reads back
to the same result, and distinct-2 of questions and answers; the baseline of distinct-2 is the same data with
the first phrasing of every template.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

from assistant_engines import simulated
from baselines import real_samples
from tqdm import tqdm

from assistant.program_line import from_line
from assistant.teaching import phrasings
from assistant.teaching.curriculum import KINDS, samples
from assistant.teaching.lesson import Lesson
from assistant.teaching.measuring import distinct, fresh_proof, unsupported
from assistant.teaching.phrasings import PHRASINGS
from assistant.teaching.proof import result_of
from assistant.teaching.samples import Sample
from scenegraph import SceneGraph


def graphs(number: int, folder: Path | None) -> Iterator[tuple[str, SceneGraph, bool]]:
    """Name, graph, and whether it is complete."""
    if folder is not None:
        yield from ((Path(name).stem, graph, False) for name, graph in real_samples.graphs(folder))
    for seed in range(20_000, 20_000 + number):
        kind = "image" if seed % 10 < 6 else "video" if seed % 10 < 8 else "rgbd"
        yield f"{kind}{seed}", simulated(kind, seed), True


def read_back(lesson: Lesson, made: list[Sample]) -> Counter[str]:
    """What our own parser makes of the questions: the same result, another one, or nothing."""
    found: Counter[str] = Counter()
    for sample in made:
        for turn in sample.turns[:1]:
            if turn.program is None or turn.program == "summarise()":
                continue
            wanted = result_of(lesson.run(from_line(turn.program)))
            read = lesson.assistant.parser.question(turn.question).questions
            same = any(result_of(lesson.run(question)) == wanted for question in read)
            found["same result" if same else "another result" if read else "not read"] += 1
    return found


def main() -> None:
    """Write, prove again, and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--graphs", type=int, default=100, help="simulated graphs (default: %(default)s)")
    parser.add_argument("--each", type=int, default=6, help="samples of a kind a graph (default: %(default)s)")
    parser.add_argument("--samples", type=Path, help="folder with psg/psg_excerpt.json and pvsg/pvsg_excerpt.json")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    arguments = parser.parse_args()
    seconds, kinds, back, statements, wrong, left_out = 0.0, Counter(), Counter(), 0, [], 0
    questions, answers, plain = [], [], []
    for name, graph, complete in tqdm(graphs(arguments.graphs, arguments.samples), unit="graph"):
        start = time.process_time()
        lesson = Lesson(graph, Random(name), closed_world=complete, min_score=0)
        made = list(samples(lesson, name, tuple(KINDS), arguments.each))
        seconds += time.process_time() - start
        kinds.update(sample.kind for sample in made)
        left_out += len(lesson.proof.refused)
        statements += sum(len(turn.statements) for sample in made for turn in sample.turns)
        wrong += unsupported(made, fresh_proof(lesson))
        back += read_back(lesson, made)
        questions += [turn.question for sample in made for turn in sample.turns]
        answers += [turn.answer for sample in made for turn in sample.turns]
        plain += first_phrasings(lesson, name, arguments.each)
    total = kinds.total()
    figures = {
        "samples": total,
        "by kind": dict(sorted(kinds.items())),
        "samples an hour of one core": round(3600 * total / seconds),
        "statements": statements,
        "statements not proven again": len(wrong),
        "statements left out by the writer": left_out,
        "templates": len(PHRASINGS),
        "fewest phrasings of a template": min(map(len, PHRASINGS.values())),
        "questions read back": dict(sorted(back.items())),
        "distinct-2 of questions": round(distinct(questions), 4),
        "distinct-2 of questions, one phrasing a template": round(distinct(plain), 4),
        "distinct-2 of answers": round(distinct(answers), 4),
    }
    print(json.dumps(figures, indent=1) if arguments.json else "\n".join(f"{k}: {v}" for k, v in figures.items()))
    for sample, statement in wrong[:20]:
        print(f"not proven: {sample}: {statement}")


def first_phrasings(lesson: Lesson, name: str, each: int) -> list[str]:
    """The questions of the same samples if every template had one phrasing only."""
    several = dict(PHRASINGS)
    phrasings.PHRASINGS.update({template: ways[:1] for template, ways in several.items()})
    try:
        again = Lesson(lesson.graph, Random(name), lesson.assistant.closed_world, min_score=0)
        return [turn.question for sample in samples(again, name, tuple(KINDS), each) for turn in sample.turns]
    finally:
        phrasings.PHRASINGS.update(several)


if __name__ == "__main__":
    main()
