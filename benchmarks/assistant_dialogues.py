"""How often is the last answer of a conversation right, whose turns leave things out and refer to earlier ones?

python benchmarks/assistant_dialogues.py [--set dialogues_development.tsv] [--wrong 40]

The conversations are about the two scenes of tests/assistant/scenes.py. A row has a scene, the turns (" || " between
them) and what the last answer has to be: "nodes 5 7", "number 2", "yes", "no" (not shown counts), "value red",
"frames 18-27", "seconds 2", "place 5", "doing 3: chasing 4, running on 6", "asks back", "refused". They were written by
somebody who knew the scenes and not the assistant, and divided by a hash of their turns: `dialogues_development.tsv`
was looked at while the assistant was made, `dialogues_held_out.tsv` was only counted.
"""

import argparse
import re
import sys
from pathlib import Path

from assistant import Assistant, GroundedAnswer, Status
from assistant.answers import NodeCitation, RelationCitation
from assistant.conversation import Conversation

FOLDER = Path(__file__).parent / "parser_questions"
sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.assistant.scenes import birthday, riders  # noqa: E402 - found through the line above

SCENES = {"riders": riders, "birthday": birthday}
_NOT = ("no", "not shown", "none", "nothing", "0")


def fits(answer: GroundedAnswer, expected: str) -> bool:
    """Whether an answer is the one that is written down."""
    kind, _, rest = expected.partition(" ")
    if expected in ("asks back", "refused"):
        refused = (Status.UNANSWERABLE, Status.UNPARSED)
        return answer.status is Status.AMBIGUOUS if expected == "asks back" else answer.status in refused
    if kind == "no" and answer.short == "not shown":  # the graph does not have it
        return True
    if answer.status is not Status.ANSWERED:
        return False
    cited = {citation.node for citation in answer.citations if isinstance(citation, NodeCitation)}
    match kind:
        case "nodes":
            return set(answer.nodes) == {int(node) for node in rest.split()}
        case "number" | "yes" | "value":
            return answer.short == (rest or kind)
        case "no":
            return answer.short in _NOT
        case "frames":
            stretches = rest.split()
            return all(re.search(rf"\b{one}\b", answer.text) for one in stretches)
        case "seconds":
            return answer.short.startswith(f"{rest} s")
        case "place":
            return int(rest) in {*cited, *answer.nodes} and answer.short not in _NOT
        case "doing":
            subject, _, listed = rest.partition(": ")
            ties = {tuple(one.rsplit(" ", 1)) for one in listed.split(", ")}
            told = [one for one in answer.citations if isinstance(one, RelationCitation)]
            return {(one.predicate, str(one.object)) for one in told} == ties and {str(o.subject) for o in told} == {
                subject
            }
    raise ValueError(f"no such answer: {expected!r}")


def main() -> None:
    """Hold every conversation and print which ended otherwise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--set", default="dialogues_development.tsv", help="of parser_questions/; default: %(default)s")
    parser.add_argument("--wrong", type=int, default=40, help="wrong ends to show; default: %(default)s")
    arguments = parser.parse_args()
    assistants = {name: Assistant(scene()) for name, scene in SCENES.items()}
    rows = [
        line.split("\t") for line in Path(FOLDER / arguments.set).read_text("utf-8").splitlines() if line[:1] != "#"
    ]
    right, misled, wrong = 0, 0, []
    for scene, turns, expected in rows:
        conversation = Conversation(assistants[scene])
        answers = [conversation.ask(turn) for turn in turns.split(" || ")]
        good = fits(answers[-1], expected)
        right += good
        misled += not good and answers[-1].status is Status.ANSWERED
        if not good:
            wrong.append((turns, expected, [answer.short for answer in answers], answers[-1].text))
    for example in wrong[: arguments.wrong]:
        print(*example, sep="\n    ")
    print(
        f"{len(rows)} conversations, {right} end right: {right / max(len(rows), 1):.1%}; {misled} with a wrong answer"
    )


if __name__ == "__main__":
    main()
