"""The language in which forms of questions are written, and questions put in other words."""

import pytest

from assistant import Assistant
from assistant.constructions import construction
from assistant.otherwise import otherwise
from tests.assistant.scenes import riders


def test_a_form_with_open_brackets_is_no_form():
    with pytest.raises(ValueError, match="brackets"):
        construction("is it) red", lambda: None)


def test_what_would_be_so_is_not_read():
    assert not Assistant(riders()).parser.question("How many dogs would there be without the ball?").questions


def test_nothing_is_put_in_other_words_where_nothing_has_to_be():
    assert not list(otherwise("Who rides the horse?"))


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (
            "Is the dog kicking or chasing the ball?",
            "any_of(holds(the(find(dog)), kicking, the(find(sports ball))), "
            "holds(the(find(dog)), chasing, the(find(sports ball))))",
        ),
        (
            "Which dog is not kicking or chasing the ball?",
            "which(except(find(dog), union(related(find(dog), kicking, the(find(sports ball))), "
            "related(find(dog), chasing, the(find(sports ball))))))",
        ),
        (
            "Is the dog chasing a ball and kicking a cup?",
            "all_of(holds(the(find(dog)), chasing, find(sports ball)), holds(the(find(dog)), kicking, find(cup)))",
        ),
    ],
)
def test_verbs_share_their_object(asked, line):
    assert Assistant(riders()).parser.question(asked).questions[0].line == line


@pytest.mark.parametrize(
    "asked",
    ["Can dogs ride horses?", "Can a dog ride a horse?", "Do dogs usually chase cats?", "What could be eaten?"],
)
def test_what_is_possible_or_usual_is_not_what_is_shown(asked):
    assert not Assistant(riders()).parser.question(asked).questions


def test_an_option_that_says_nothing_is_the_answer():
    answer = Assistant(riders(), closed_world=True).ask("How many cats are there? A. 0 B. 1")
    assert answer.short == "0" and answer.text.startswith("0: ")


def test_sizes_in_pixels_say_so():
    answer = Assistant(riders()).ask("Who is taller?")
    assert "18 pixels" in answer.text and "not in metres" in answer.notes[0]
    assert not Assistant(riders()).ask("Who rides the horse?").notes
