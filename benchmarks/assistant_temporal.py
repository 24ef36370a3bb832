"""Are questions about time answered exactly, from the true graphs of simulated videos?

    OMP_NUM_THREADS=1 python benchmarks/assistant_temporal.py [--videos 100] [--frames 50]

All temporal questions of toyworld (when, for how long, how many times, which begins first, what is X
doing while Y) over videos of seeds that no other part of the project uses. toyworld computes the right
answers from nodes and spans by itself. An answer counts only if it is equal, not if it is close; the
baseline is what a set of all relations of the subject would answer, whatever the time.
"""

import argparse
from collections import Counter

from tqdm import tqdm

from assistant import Assistant, GroundedAnswer, RelationCitation
from scenegraph import SceneGraph
from toyworld import clips
from toyworld.questions import TEMPORAL, Question, questions

FIRST_SEED = 900_000
FAMILIES = ("when", "how-long", "how-often", "order", "while")


def said(graph: SceneGraph, answer: GroundedAnswer, asked: Question) -> set[str]:
    """What an answer says, in the form in which the family gives its answers."""
    cited = [each for each in answer.citations if isinstance(each, RelationCitation)]
    match asked.family:
        case "when":
            return {f"{start}-{stop}" for each in cited for start, stop in each.spans}
        case "how-long":
            return {f"{float(answer.short.split()[0]):.1f} seconds"} if answer.short[:1].isdigit() else {answer.short}
        case "how-often":
            return {answer.short.split()[0]}
        case "order":
            start = {graph.relations[at].spans[0].start: at for at in asked.relations}
            return set(asked.answers) if cited and cited[0].relation == start[min(start)] else {answer.short}
    return {f"{each.predicate} {graph.label(each.object)}" for each in cited if each.relation in _deeds(answer, graph)}


def _deeds(answer: GroundedAnswer, graph: SceneGraph) -> set[int]:
    """Of "what is X doing", the relations whose subject is X: what the answer itself says."""
    return {
        each.relation
        for each in answer.citations
        if isinstance(each, RelationCitation) and graph.relations[each.relation].subject in answer.nodes
    }


def main() -> None:
    """Ask and print one row a family."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--videos", type=int, default=100, help="default: %(default)s")
    parser.add_argument("--frames", type=int, default=50, help="default: %(default)s")
    arguments = parser.parse_args()
    total, right, plain = Counter(), Counter(), Counter()
    wrong = []
    for seed in tqdm(range(FIRST_SEED, FIRST_SEED + arguments.videos), unit="video"):
        graph = clips.video(seed, frames=arguments.frames).graph
        assistant = Assistant(graph, closed_world=True)
        for asked in questions(graph, seed):
            if asked.family not in FAMILIES:
                continue
            answer = assistant.ask(asked.question)
            found = said(graph, answer, asked)
            total[asked.family] += 1
            right[asked.family] += found == set(asked.answers)
            plain[asked.family] += timeless(graph, asked) == set(asked.answers)
            if found != set(asked.answers):
                wrong.append((seed, asked.question, asked.answers, answer.text))
    for row in wrong[:20]:
        print(*row, sep="\n    ")
    for family in FAMILIES:
        share = f"{right[family]:5} of {total[family]:5} exact"
        print(f"{family:10} {share}; without the time {plain[family]}")
    print(f"{sum(right.values())} of {sum(total.values())} exact ({len(TEMPORAL)} generators)")


def timeless(graph: SceneGraph, asked: Question) -> set[str]:
    """What would be answered without looking at spans."""
    relations = [graph.relations[at] for at in asked.relations]
    whole = graph.source.num_frames
    match asked.family:
        case "when":
            return {f"0-{whole}"}
        case "how-long":
            return {f"{whole / (graph.source.fps or 1):.1f} seconds"}
        case "how-often":
            return {"1"}
        case "order":
            return set()
    subject = relations[-1].subject
    own = [tie for tie in graph.relations if tie.subject == subject]
    return {f"{graph.predicate_name(tie)} {graph.label(tie.object)}" for tie in own}


if __name__ == "__main__":
    main()
