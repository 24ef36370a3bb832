"""How often is what is read of free human questions right? What should not be read is counted as wrong when it is.

python benchmarks/assistant_parser_free.py [--wrong 20]
"""

import argparse

from assistant_parser import same
from parser_questions import templates

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line

FILE = templates.FOLDER / "free_phrasing.tsv"
UNREADABLE = "-"


def main() -> None:
    """Ask every question once and print what was read."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--wrong", type=int, default=20, help="wrongly read questions to show; default: %(default)s")
    arguments = parser.parse_args()
    reader = Parser(lexicon_of(templates.VOCABULARY), {}, frozenset({"colour", "material"}))
    read, right, refused, wrong = 0, 0, 0, []
    rows = [line.split("\t") for line in FILE.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    for question, expected in rows:
        found = reader.question(question).questions
        accepted = [] if expected == UNREADABLE else [from_line(program) for program in expected.split(" or ")]
        fits = bool(found) and any(same(found[0], program) for program in accepted)
        read += bool(found)
        right += fits
        refused += not found and not accepted
        if not fits and (found or accepted):
            wrong.append((question, expected, found[0].line if found else "not read"))
    for example in wrong[: arguments.wrong]:
        print(*example, sep="\n    ")
    print(f"{len(rows)} questions, {read} read, of them right {right}: {right / max(read, 1):.1%}")
    unreadable = sum(expected == UNREADABLE for _, expected in rows)
    print(f"{unreadable} that cannot be answered, {refused} of them left unread")


if __name__ == "__main__":
    main()
