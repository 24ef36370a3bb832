"""What is made before the first question: `prepare` leaves nothing of it to be made by a question."""

import pytest

from assistant import Assistant
from assistant.assistant import warm_up
from assistant.grammar import Phrases
from assistant.lexicon import lexicon_of
from assistant.naming import Labels
from assistant.word_list import _FILED
from tests.factories import VOCABULARY, park, park_video

QUESTIONS = ("What is dog-1 doing before person-1 is holding the ball?", "Who is on the grass?", "Where is ball-1?")


@pytest.mark.parametrize("graph", [park, park_video])
def test_prepared_tables_are_those_that_questions_use(graph):
    assistant = Assistant(graph())
    assistant.prepare()
    prepared = {"index": set(assistant.index.__dict__), "labels": set(assistant.parser.called.__dict__)}
    for question in QUESTIONS:
        assistant.ask(question)
    later = set(assistant.index.__dict__) - prepared["index"]
    assert later <= {"_known_geometry"}  # masks are decoded when they are asked about
    assert set(assistant.parser.called.__dict__) == prepared["labels"]


def test_the_grammar_is_warm_once_a_process():
    warm_up()
    before = len(_FILED)
    assert before > 50
    warm_up()
    assert len(_FILED) == before


@pytest.mark.parametrize(
    ("label", "said", "stop"),
    [
        ("dog-1", "dog-1", 1),
        ("dog-1", "dog 1", 2),
        ("traffic light-12", "traffic light-12", 2),
        ("traffic light-12", "traffic light 12", 3),
        ("very old oak behind one tall house-7", "very old oak behind one tall house 7", 8),
    ],
)
def test_a_label_may_be_said_with_a_space(label, said, stop):
    phrases = Phrases(said.split(), lexicon_of(VOCABULARY), Labels({label: 4}))
    found = [phrase for phrase in phrases.named(0) if phrase.stop == stop]
    assert [phrase.nodes.line for phrase in found] == ["pick(4)"]
