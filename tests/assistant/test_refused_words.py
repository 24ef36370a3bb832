"""What answers say that cannot tell what was asked: the measure that is lacking, each of several, other times."""

import pytest

from assistant import Assistant
from tests.assistant.scenes import birthday, riders


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Are all the people standing?", "does not show every person standing."),
        ("How far is the dog from the horse?", "measures for this: the distance between the dog and the horse."),
        ("How tall is the person?", "measures for this: the height of the person."),
        ("Is the dog faster than the horse?", "measures for this: the speed of the dog and the horse."),
    ],
)
def test_what_is_lacking_is_named(question, words):
    assert words in Assistant(riders()).ask(question).text


@pytest.mark.parametrize(
    "question",
    ["Is the dog there at the beginning?", "What is the dog doing at 1 second?", "How many dogs at 1 second?"],
)
def test_what_is_not_there_at_a_time_is_told_of_other_times(question):
    answer = Assistant(birthday()).ask(question)
    assert answer.short == "not shown" and answer.text.endswith("It shows: dog-1 is seen at 2.4-8 s (frames 12-39).")
    assert [cited.node for cited in answer.citations] == [9]
    assert answer.claims[-1].citations == (0,)


def test_sizes_in_the_picture_are_no_sizes_of_things():
    assert "in pixels, not in metres" in Assistant(riders()).ask("What is the smallest animal?").notes[0]
