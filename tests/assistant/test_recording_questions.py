"""Questions about recordings, in the words of people who watch them, with their programs."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from tests.assistant.questions_check import EVERYDAY, read_otherwise


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(EVERYDAY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_recordings.tsv")


@pytest.mark.parametrize(
    "question",
    [
        "Did the dog drop the cup out of the car?",
        "Is the dog dropping the ball out of the picture?",
        "What happened before the umbrella slipped out of the frame?",
    ],
)
def test_what_is_let_fall_is_not_out_of_view(parser, question):
    assert not parser.question(question).questions
