"""The language in which forms of questions are written, and questions put in other words."""

import pytest

from assistant import Assistant
from assistant.constructions import construction
from assistant.otherwise import otherwise
from tests.assistant.scenes import riders


def test_a_form_with_open_brackets_is_no_form():
    with pytest.raises(ValueError, match="brackets"):
        construction("is it) red", lambda: None)


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("Could there really be a dog?", "is there a dog"),
        ("There is a dog beside the tree; what is it chasing?", "what is the dog beside the tree chasing"),
        ("The dog's chasing the ball, right?", "is the dog chasing the ball"),
        ("Are there dogs, horses and cars?", "are there dogs and horses and cars"),
        ("What'd the dog chase?", "what did the dog chase"),
        ("What does the dog chase and look at?", "what is the dog chasing and looking at"),
        ("By whom is the horse ridden?", "who rides the horse"),
    ],
)
def test_other_words_ask_the_same(asked, plain):
    parser = Assistant(riders()).parser
    assert parser.question(asked).questions[0] == parser.question(plain).questions[0]


def test_what_would_be_so_is_not_read():
    assert not Assistant(riders()).parser.question("How many dogs would there be without the ball?").questions


def test_nothing_is_put_in_other_words_where_nothing_has_to_be():
    assert not list(otherwise("Who rides the horse?"))
