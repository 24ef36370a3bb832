"""Reads question files and judges answers against them."""

import re
from pathlib import Path

from assistant.program_line import from_line
from scenegraph import Vocabulary

FOLDER = Path(__file__).parent / "questions"
EVERYDAY = Vocabulary(
    things=(
        *("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench", "umbrella", "kite"),
        *("couch", "suitcase", "fire hydrant"),
    ),
    stuff=("tree-merged",),
    predicates=(
        *("riding", "holding", "chasing", "looking at", "kicking", "carrying", "throwing", "touching", "pushing"),
        *("wearing", "beside", "behind", "in front of", "on", "in"),
    ),
)
"""People, animals and things of pictures and clips, and what they do."""


def rows(name):
    """(question, status, short) of a question file."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]


def parts(short):
    """The items of a short answer, in any order."""
    return set(re.split(r", | and ", short))


def right(answer, status, short):
    """Whether an answer is the one that the file expects; `*` stands for any wording."""
    return str(answer.status) == status and (short == "*" or parts(answer.short) == parts(short))


def read_otherwise(parser, name):
    """The questions of a file that are read as another program than the one beside them, or read against "not read"."""
    rows = [row.split("\t") for row in (FOLDER / name).read_text(encoding="utf-8").splitlines()]
    assert len(rows) > 100
    read = {question: [found.line for found in parser.question(question).questions[:1]] for question, _ in rows}
    return {
        question: read[question]
        for question, line in rows
        if read[question] != ([] if line == "not read" else [from_line(line).line])
    }


def wordings(table):
    """(Question, program) of a table whose blocks are questions that ask the same, with their program below them."""
    for block in table.strip().split("\n\n"):
        *questions, line = block.split("\n")
        for question in questions:
            yield question, line
