"""Questions of people who work with footage, in many wordings, with the program that each of them asks for."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line
from scenegraph import Vocabulary
from tests.assistant.questions_check import FOLDER

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench", "kite"),
    stuff=(),
    predicates=("holding", "chasing", "kicking", "pushing", "throwing", "touching", "beside", "on"),
)
ROWS = [row.split("\t") for row in (FOLDER / "programs_of_footage.tsv").read_text().splitlines()]


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    wrong = {}
    for question, line in ROWS:
        read = [found.line for found in parser.question(question).questions[:1]]
        if read != ([] if line == "not read" else [from_line(line).line]):
            wrong[question] = read
    assert len(ROWS) > 100
    assert not wrong


def test_words_for_films_are_no_films_elsewhere():
    vocabulary = Vocabulary(things=("person", "drill", "tape"), stuff=(), predicates=("holding",))
    read = Parser(lexicon_of(vocabulary), {}, frozenset()).question("How many people are holding the drill?").questions
    assert [found.line for found in read] == ["count(related(find(person), holding, the(find(drill))))"]
