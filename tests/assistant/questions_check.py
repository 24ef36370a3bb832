"""Reads question files and judges answers against them."""

import re
from pathlib import Path

FOLDER = Path(__file__).parent / "questions"


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
