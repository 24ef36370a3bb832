"""Questions about what is there, how many, both or neither, in everyday wordings, with their programs."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import EVERYDAY, read_otherwise


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(EVERYDAY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_everyday.tsv")


def test_below_is_the_relation_where_the_vocabulary_has_it():
    vocabulary = Vocabulary(things=("dog", "bench"), stuff=(), predicates=("below", "on"))
    first = Parser(lexicon_of(vocabulary), {}).question("Is the dog below the bench?").questions[0]
    assert first.line == "holds(the(find(dog)), below|~on, the(find(bench)))"


@pytest.mark.parametrize(
    "question",
    [
        "Just one of the two is there, a horse or a car, right?",
        "Is just one of the two there: a bench or a sofa?",
        "It's neither the dog nor the cat that's looking at the ball, is it?",
        "Is any of the two, the cup or the kite, red?",
    ],
)
def test_of_two_things_none_is_lost(parser, question):
    lines = [found.line for found in parser.question(question).questions]
    assert lines
    assert all(line.startswith(("exactly_one_of", "not(any_of(holds", "any_of(has_attribute")) for line in lines)
