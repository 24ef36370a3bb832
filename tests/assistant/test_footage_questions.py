"""Questions of people who work with footage, in many wordings, with the program that each of them asks for."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import read_otherwise

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench", "kite"),
    stuff=(),
    predicates=("holding", "chasing", "kicking", "pushing", "throwing", "touching", "beside", "on"),
)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_footage.tsv")


def test_words_for_films_are_no_films_elsewhere():
    vocabulary = Vocabulary(things=("person", "drill", "tape"), stuff=(), predicates=("holding",))
    read = Parser(lexicon_of(vocabulary), {}, frozenset()).question("How many people are holding the drill?").questions
    assert [found.line for found in read] == ["count(related(find(person), holding, the(find(drill))))"]
