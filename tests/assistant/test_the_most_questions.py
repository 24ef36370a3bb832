"""Whether a given thing is the tallest, the leftmost or the nearest of some: how it is asked, and what is not read."""

import pytest

from assistant import Assistant, Verdict
from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import wordings
from tests.assistant.scenes import riders

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "car", "cup", "sports ball", "kite"),
    stuff=("grass-merged",),
    predicates=("holding", "chasing", "on", "in"),
)


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(VOCABULARY), {"person-1": 5}, frozenset({"colour"}))


ASKED = """
Is the dog the tallest animal?
Was the dog the tallest animal?
The dog is the tallest animal, isn't it?
Isn't the dog the tallest animal?
Would you say the dog is the tallest animal?
Is the dog the animal with the greatest height?
Is the tallest animal the dog?
exists(intersection(the(find(dog)), superlative(find(dog|cat|horse), box height)))

Is the dog not the tallest animal?
not(exists(intersection(the(find(dog)), superlative(find(dog|cat|horse), box height))))

Is the dog the tallest animal on the grass?
exists(intersection(the(find(dog)), superlative(related(find(dog|cat|horse), on, the(find(grass-merged))), box height)))

Is the dog the tallest?
Is the dog the tallest one?
Is the dog the tallest of all?
Is it the dog that is the tallest?
exists(intersection(the(find(dog)), superlative(find(anything), box height)))

Is the red car the fastest?
exists(intersection(the(having(find(car), red, colour)), superlative(find(anything), speed)))

Is the ball the biggest ball?
exists(intersection(the(find(sports ball)), extreme(find(sports ball), largest)))

Is person-1 the leftmost person?
exists(intersection(pick(5), extreme(find(person), left)))

Is the dog the rightmost?
Is the dog the rightmost one?
exists(intersection(the(find(dog)), extreme(find(anything), right)))

Is the cup the closest to the dog?
Is the cup closest to the dog?
Is the cup the nearest thing to the dog?
Is the cup the one closest to the dog?
Is the cup the thing that is closest to the dog?
Is it the cup that is nearest to the dog?
exists(intersection(the(find(cup)), nearest(find(anything), the(find(dog)))))

At the end, is the cup the closest to the dog?
during(exists(intersection(the(find(cup)), nearest(find(anything), the(find(dog))))), edge(end))

Is the cup the farthest from the camera?
exists(intersection(the(find(cup)), superlative(find(anything), distance)))

Is the cup the tallest of the cup, the ball and the kite?
Is the cup the tallest among the cup, the ball and the kite?
exists(intersection(the(find(cup)), superlative(union(the(find(cup)), the(find(sports ball)), the(find(kite))), \
box height)))

Is the cup the tallest of the cups?
exists(intersection(the(find(cup)), superlative(find(cup), box height)))

Is the cup nearest the car red?
has_attribute(the(nearest(find(cup), the(find(car)))), red, colour)
"""


@pytest.mark.parametrize(("question", "line"), list(wordings(ASKED)))
def test_every_wording_asks_for_its_program(parser, question, line):
    assert [found.line for found in parser.question(question).questions[:1]] == [line]


@pytest.mark.parametrize("question", ["The dog is the tallest animal.", "The dog is the tallest of all."])
def test_statements_claim_it(parser, question):
    assert "intersection(the(find(dog)), superlative(" in parser.statement(question).questions[0].line


@pytest.mark.parametrize(
    "question",
    [
        "Is the dog one of the tallest animals?",
        "Is the dog the tallest of them?",
        "Is every dog the tallest animal?",
        "Is the dog the one on the left?",
        "Is it the tallest?",
    ],
)
def test_what_is_something_else_is_not_read(parser, question):
    assert not parser.question(question).questions


def test_a_text_is_verified():
    checked = Assistant(riders()).verify("The horse is the tallest animal. The dog is the largest animal.")
    assert [claim.verdict for claim in checked.claims] == [Verdict.SUPPORTED, Verdict.CONTRADICTED]
    assert all(claim.citations for claim in checked.claims)
