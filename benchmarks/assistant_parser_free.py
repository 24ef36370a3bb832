"""How often is what is read of free human questions right? What should not be read is counted as wrong when it is.

python benchmarks/assistant_parser_free.py [--set free_phrasing.tsv] [--wrong 20]

A reading whose words reach nothing of the vocabulary is counted as read, and a second line counts it as the refusal
that the assistant gives for it.
"""

import argparse

from assistant_parser import same
from parser_questions import templates

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line

UNREADABLE = "-"
NOTHING = "nothing called"
"""In the line of a program: a word that the vocabulary lacks, for which the assistant refuses to answer."""


def main() -> None:
    """Ask every question once and print what was read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", type=int, default=20, help="wrongly read questions to show; default: %(default)s")
    parser.add_argument("--set", default="free_phrasing.tsv", help="of parser_questions/; default: %(default)s")
    arguments = parser.parse_args()
    reader = Parser(lexicon_of(templates.VOCABULARY), {}, frozenset({"colour", "material"}))
    read, right, refused, named, wrong = 0, 0, 0, 0, []
    rows = [line.split("\t") for line in (templates.FOLDER / arguments.set).read_text("utf-8").splitlines()]
    rows = [row for row in rows if len(row) == 2 and not row[0].startswith("#")]
    for question, expected in rows:
        found = reader.question(question).questions
        accepted = [] if expected == UNREADABLE else [from_line(program) for program in expected.split(" or ")]
        fits = bool(found) and any(same(found[0], program) for program in accepted)
        read += bool(found)
        right += fits
        named += bool(found) and (fits or NOTHING not in found[0].line)
        refused += not found and not accepted
        if not fits and (found or accepted):
            wrong.append((question, expected, found[0].line if found else "not read"))
    for example in wrong[: arguments.wrong]:
        print(*example, sep="\n    ")
    print(f"{len(rows)} questions, {read} read, of them right {right}: {right / max(read, 1):.1%}")
    print(f"{named} of them name what the vocabulary has, of those right: {right / max(named, 1):.1%}")
    unreadable = sum(expected == UNREADABLE for _, expected in rows)
    print(f"{unreadable} that cannot be answered, {refused} of them left unread")


if __name__ == "__main__":
    main()
