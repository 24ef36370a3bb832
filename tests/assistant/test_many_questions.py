"""Questions about time, places, metres and chains of relations in the wordings of many people, with their programs."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from tests.assistant.questions_check import EVERYDAY, read_otherwise


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(EVERYDAY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_many.tsv")


@pytest.mark.parametrize(
    "question",
    [
        "How much longer did the dog chase the ball than the dog chased the ball?",
        "How much longer did the dog chase the ball than at the cup?",
        "How much longer was the cup left of the dog than the dog kicked it?",
        "Was the dog never on the bench, was it?",
    ],
)
def test_what_is_compared_with_nothing_is_not_read(parser, question):
    assert not [
        found for found in parser.question(question).questions if "more_by" in found.line or "always" in found.line
    ]
