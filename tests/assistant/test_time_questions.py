"""Questions about time in many wordings, with the program that each of them asks for."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.ordinals import nth_times, ordinals
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import read_otherwise

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "sports ball", "cup", "car", "bicycle", "bench"),
    stuff=("road",),
    predicates=("riding", "holding", "chasing", "looking at", "kicking", "beside", "in front of", "behind", "on", "in"),
)


@pytest.fixture(scope="module")
def parser() -> Parser:
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour"}))


def test_every_wording_asks_for_its_program(parser):
    assert not read_otherwise(parser, "programs_of_time.tsv")


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


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "After the cat chases the ball, what does it kick?",
            "during(which(related(find(anything), ~kicking, the(find(cat)))), after(CHASES))",
        ),
        (
            "After the person kicks the ball, do they hold it?",
            "during(holds(the(find(person)), holding, the(find(sports ball))), "
            "after(holds(the(find(person)), kicking, the(find(sports ball)))))",
        ),
        ("After it chases it, what does the cat do next?", None),
        ("Before the person kicks the ball, where is it?", "during(locate(the(find(sports ball))), before(KICKS))"),
        ("What did the cat kick after it chased the ball and before it held the cup?",
         "during(which(related(find(anything), ~kicking, the(find(cat)))), "
         "amid(CHASES, holds(the(find(cat)), holding, the(find(cup)))))"),
        ("After the cat chases the dog, where is it?", None),
        ("After the cat chases the dog, what colour is it?", None),
    ],
)  # fmt: skip
def test_pronouns_of_a_question_are_meant_in_its_stretch_of_time(parser, question, line):
    written = (line or "").replace("CHASES", "holds(the(find(cat)), chasing, the(find(sports ball)))")
    written = written.replace("KICKS", "holds(the(find(person)), kicking, the(find(sports ball)))")
    assert [found.line for found in parser.question(question).questions[:1]] == ([written] if line else [])


def test_what_overlaps_may_be_told_in_time_and_in_the_picture(parser):
    read = parser.question("Does the cat chasing the ball overlap the person holding the cup?").questions
    assert [found.line.partition("(")[0] for found in read[:2]] == ["allen", "is_placed"]
