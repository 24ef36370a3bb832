"""Questions about time in many wordings, with the program that each of them asks for."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.ordinals import nth_times, ordinals
from assistant.parser import Parser
from assistant.program_line import from_line
from scenegraph import Vocabulary
from tests.assistant.questions_check import FOLDER

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench"),
    stuff=("road",),
    predicates=("riding", "holding", "chasing", "looking at", "kicking", "beside", "in front of", "behind", "on", "in"),
)
ROWS = [row.split("\t") for row in (FOLDER / "programs_of_time.tsv").read_text().splitlines()]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    wrong = {}
    for question, line in ROWS:
        read = [found.line for found in parser.question(question).questions[:1]]
        if read != ([] if line == "not read" else [from_line(line).line]):
            wrong[question] = read
    assert len(ROWS) > 150
    assert not wrong


@pytest.mark.parametrize(
    ("text", "number"),
    [("first", 1), ("3 rd", 3), ("twelfth", 12), ("21 st", 21), ("very last", -1), ("second to last", -2)],
)
def test_ordinals_are_counted_from_either_end(text, number):
    words = f"the {text} time".split()
    assert list(ordinals(words, 1)) == [(len(words) - 1, number)]
    assert list(nth_times(words, 0)) == [(len(words), number)]


@pytest.mark.parametrize("text", ["", "0 th time", "rd time", "3 time", "3 rd", "a first time"])
def test_what_is_no_ordinal_is_none(text):
    assert not list(nth_times(["the", *text.split()] if text[:1] != "a" else text.split(), 0))
