"""Questions in which a small word tells of what something is said: each is read as it is meant, or not at all."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from tests.assistant.questions_check import read_otherwise
from tests.assistant.test_chatted_questions import VOCABULARY


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material"}))


def test_every_question_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_scope.tsv")
