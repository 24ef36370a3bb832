"""Is a description read the same in every question, and a question with every description?

python benchmarks/assistant_composition.py [--wrong 4]

`parser_questions/composition.tsv` has descriptions ("the dog the person holds", "dogs that are not brown", an event)
and frames of questions ("How many {} are there?"), each with its program. Every description is put into every frame of
its group, and the program that is read is compared with the one that is put together from the two. Some of the
sentences that come about have two readings ("is the dog chasing the ball touching the cup"); they count as wrong where
the other one is taken.
"""

import argparse
from collections import defaultdict

from assistant_parser import same
from parser_questions import templates

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line

EVENT_FORMS = ("s", "ing", "third", "ed", "b", "o")
"""Slots of the frames of events: subject, four forms of the verb, object."""


def filled(frame: str, phrase: str) -> str:
    """A question: the frame with a phrase, or the parts of an event, in its place."""
    parts = phrase.split("|")
    named = dict(zip(EVENT_FORMS, parts, strict=True)) if len(parts) == len(EVENT_FORMS) else {}
    question = frame.format(phrase, **named)
    return question[:1].upper() + question[1:]


def composed() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """Frames and phrases by group: (text, program)."""
    groups: dict[str, dict[str, list[tuple[str, str]]]] = defaultdict(lambda: defaultdict(list))
    for line in (templates.FOLDER / "composition.tsv").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            kind, text, program = line.split("\t")
            group, _, part = kind.partition(" ")
            groups[group][part].append((text, program))
    return groups


def main() -> None:
    """Ask every question and print one row a group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", type=int, default=4, help="wrongly read questions to show a frame; default: 4")
    arguments = parser.parse_args()
    lexicon, attributes = lexicon_of(templates.VOCABULARY), frozenset({"colour", "material"})
    for group, parts in composed().items():
        reader = Parser(lexicon, {}, attributes, measured=group == "measured")
        asked = right = 0
        for frame, asks in parts["frame"]:
            wrong = []
            for phrase, meant in parts["phrase"]:
                question = filled(frame, phrase)
                found = reader.question(question).questions
                exact = bool(found) and same(found[0], from_line(asks.replace("{}", meant)))
                asked, right = asked + 1, right + exact
                if not exact:
                    wrong.append((question, found[0].line if found else "-"))
            for question, line in wrong[: arguments.wrong]:
                print(question, line, sep="\n    ")
        print(f"{group:10} {right:5} of {asked:5}: {right / max(asked, 1):.1%}")


if __name__ == "__main__":
    main()
