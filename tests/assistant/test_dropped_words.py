"""No word that changes what is asked is dropped: with it a question asks something else, or is not read."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from tests.assistant.test_chatted_questions import VOCABULARY

ASKED = (
    "Is the dog chasing the ball?",
    "How many dogs are on the bench?",
    "Who is holding the red cup?",
    "Is there a cat beside the car?",
    "What colour is the dog on the couch?",
    "Which dog is nearest to the car?",
    "What is the person doing after the dog chases the cat?",
)
CHANGING = (*("hardly", "twice", "formerly", "halfway", "never", "usually", "fake", "unless"),)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material"}))


@pytest.mark.parametrize("question", ASKED)
def test_no_word_that_changes_a_question_is_dropped(parser, question):
    plain = parser.question(question).questions
    assert plain
    words = question.rstrip("?").split()
    for at in range(1, len(words) + 1):
        for word in CHANGING:
            changed = " ".join([*words[:at], word, *words[at:]]) + "?"
            assert parser.question(changed).questions[:1] != plain[:1], changed


@pytest.mark.parametrize(
    "question",
    [
        "Did the dog chase the ball again?",
        "Did the dog again chase the ball?",
        "What is the person doing after the dog chases the cat again?",
        "Is the dog chasing a different ball?",
        "Is the other bench wider than the car?",
    ],
)
def test_what_is_meant_besides_is_not_guessed(parser, question):
    assert not parser.question(question).questions


def test_words_that_ask_again_or_count_kinds_say_nothing(parser):
    lines = {
        "Who has the ball again?": "Who has the ball?",
        "How many different dogs chase the ball?": "How many dogs chase the ball?",
    }
    for asked, plain in lines.items():
        assert parser.question(asked).questions == parser.question(plain).questions
