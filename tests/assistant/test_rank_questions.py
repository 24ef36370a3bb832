"""Questions about the second largest, the third from the left, the two nearest, and what is not read as such."""

import pytest

from assistant import Assistant, Verdict
from assistant.conversation import Conversation
from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import wordings
from tests.assistant.scenes import riders

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "horse", "car", "cup", "sports ball", "kite"),
    stuff=("grass-merged",),
    predicates=("holding", "chasing", "on", "in", "riding"),
)


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(VOCABULARY), {"person-1": 5}, frozenset({"colour"}))


ASKED = """
What is the second largest dog doing?
What is the second-largest dog doing?
What is the 2nd largest dog doing?
What is the 2nd-largest dog doing?
What is the second biggest dog doing?
doing(the(extreme(find(dog), largest, 2)))

Who is the third tallest person?
Who is the third tallest?
Which person is the third tallest?
Who is the third tallest of the people?
Who is the 3rd tallest person?
which(superlative(find(person), box height, rank=3))

Which is the second person from the left?
Who is the second person from the left?
Who is the second person counting from the left?
Who is the second from the left?
Who is second from the left?
Which person is the second from the left?
Which person is the second one from the left?
Who stands second from the left?
Who is the second leftmost person?
Who is the second person from the left side of the picture?
Who is the second person from left to right?
which(extreme(find(person), left, 2))

What colour is the third car from the right?
What colour is the third car counting from the right?
What colour is the third car when counted from the right?
What is the colour of the third car from the right?
What color is the 3rd car from right?
attribute_of(the(extreme(find(car), right, 3)), colour)

Who is the last but one person from the left?
Who is the last but one from the left?
Who is the second to last person from the left?
Who is the next-to-last person from the left?
Who is the penultimate person from the left?
Who is the second person from the right?
which(extreme(find(person), right, 2))

Who is the last person from the left?
which(extreme(find(person), right))

What is the second nearest cup to the dog?
Which is the second nearest cup to the dog?
Which cup is second nearest to the dog?
Which cup is the second closest to the dog?
Which is the cup second nearest to the dog?
which(nearest(find(cup), the(find(dog)), rank=2))

Which is the second closest dog?
Which dog is second closest to the camera?
Which is the second nearest dog to the camera?
which(superlative(find(dog), distance, yes, 2))

Which two cars are the largest?
Which two cars are largest?
Which are the two largest cars?
Which are the largest two cars?
Which cars are the two largest?
Which two of the cars are the largest?
Which are the 2 biggest cars?
which(extreme(find(car), largest, number=2))

What are the three tallest things?
Which three things are the tallest?
which(superlative(find(anything), box height, number=3))

Who are the two leftmost people?
Which two people are furthest to the left?
which(extreme(find(person), left, number=2))

What are the two leftmost people doing?
doing(the(extreme(find(person), left, number=2), yes))

What are the two dogs closest to the car doing?
What are the two nearest dogs to the car doing?
doing(the(nearest(find(dog), the(find(car)), number=2), yes))

Which three people are closest to the camera?
Who are the three closest people?
which(superlative(find(person), distance, yes, number=3))

What is the second smallest?
Which is the second smallest thing?
Which thing is the second smallest?
which(extreme(find(anything), smallest, 2))

Is the dog the second tallest animal?
Is the second tallest animal the dog?
Isn't the dog the second tallest animal?
exists(intersection(the(find(dog)), superlative(find(dog|cat|horse), box height, rank=2)))

Is the dog the second animal from the left?
exists(intersection(the(find(dog)), extreme(find(dog|cat|horse), left, 2)))

Is the red car the second car from the left?
exists(intersection(the(having(find(car), red, colour)), extreme(find(car), left, 2)))

Is the dog the second tallest of the dog, the cat and the horse?
exists(intersection(the(find(dog)), superlative(union(the(find(dog)), the(find(cat)), the(find(horse))), box height, \
rank=2)))

Who is the second tallest, the dog, the cat or the horse?
which(superlative(union(the(find(dog)), the(find(cat)), the(find(horse))), box height, rank=2))

Of the dog, the cat and the horse, which is the second largest?
which(extreme(union(the(find(dog)), the(find(cat)), the(find(horse))), largest, 2))

Who is the second tallest person except person-1?
which(superlative(except(find(person), pick(5)), box height, rank=2))

Who is the second tallest person on the grass?
which(superlative(related(find(person), on|riding, the(find(grass-merged))), box height, rank=2))

Which is the second dog on the grass from the left?
which(extreme(related(find(dog), on|riding, the(find(grass-merged))), left, 2))

What is the second person from the left holding?
What is the person second from the left holding?
which(related(find(anything), ~holding, the(extreme(find(person), left, 2))))

Is the second person from the left holding a cup?
holds(the(extreme(find(person), left, 2)), holding, find(cup))

Is the second largest dog chasing the third largest cat?
holds(the(extreme(find(dog), largest, 2)), chasing, the(extreme(find(cat), largest, 3)))

Are the two largest dogs on the grass?
holds(the(extreme(find(dog), largest, number=2), yes), on|riding, the(find(grass-merged)), yes)

How many of the three tallest people hold a cup?
count(related(superlative(find(person), box height, number=3), holding, find(cup)))

What colour are the two biggest cars?
attribute_of(the(extreme(find(car), largest, number=2), yes), colour)

What did the second largest dog do in the last two seconds?
during(doing(the(extreme(find(dog), largest, 2))), seconds(-2))

What is the second largest dog doing at second 3?
during(doing(the(extreme(find(dog), largest, 2))), seconds(3, 3))

Who is the second tallest person in frame 2?
during(which(superlative(find(person), box height, rank=2)), frames(2, 3))

What does the dog do in the last two seconds?
during(doing(the(find(dog))), seconds(-2))

What happened at second 3?
during(happens(), seconds(3, 3))
"""


@pytest.mark.parametrize(("question", "line"), list(wordings(ASKED)))
def test_every_wording_asks_for_its_program(parser, question, line):
    assert [found.line for found in parser.question(question).questions[:1]] == [line]


@pytest.mark.parametrize(
    "question",
    [
        "What is the second dog doing?",
        "What is the second dog on the grass doing?",
        "Who is the second person?",
        "What is the second left dog doing?",
        "What are the two people on the left doing?",
        "What are the two left cups?",
        "What is the second person from the left of the car doing?",
        "What is the second person from the left with a cup doing?",
        "What is the second one from the left?",
        "Are there two largest dogs?",
        "What is the hundredth largest dog doing?",
        "What are the second largest dogs but one?",
        "Is the dog one of the two tallest animals?",
    ],
)
def test_what_says_no_order_is_not_read(parser, question):
    assert not parser.question(question).questions


@pytest.mark.parametrize(
    ("before", "question", "line"),
    [
        (
            "Is there a dog?",
            "Is it the second tallest animal?",
            "exists(intersection(pick(3), superlative(find(bird|cat",
        ),
        ("Who are the people?", "Which one is the second from the left?", "which(extreme(pick(0|1|11), left, 2))"),
        (
            "Who are the people?",
            "Who is the second tallest of them?",
            "which(superlative(pick(0|1|11), box height, rank=2",
        ),
        (
            "Who are the people?",
            "What are the two tallest people doing?",
            "doing(the(superlative(find(person), box height",
        ),
        (
            "Who is the second tallest person?",
            "What is he holding?",
            "which(related(find(anything), ~holding, pick(0)))",
        ),
    ],
)
def test_in_a_conversation(before, question, line):
    conversation = Conversation(Assistant(riders()))
    conversation.ask(before)
    program = conversation.ask(question).program
    assert program is not None and program.line.startswith(line)


@pytest.mark.parametrize("question", ["What are the two tallest doing?", "What is the second one from the left doing?"])
def test_the_two_tallest_are_not_the_two_that_were_spoken_of(question):
    conversation = Conversation(Assistant(riders()))
    conversation.ask("Who are the two tallest people?")
    assert conversation.ask(question).program is None


def test_a_statement_claims_it():
    checked = Assistant(riders()).verify("The dog is the second tallest animal. The cup is the second largest thing.")
    assert [claim.verdict for claim in checked.claims] == [Verdict.SUPPORTED, Verdict.CONTRADICTED]
    assert all(claim.citations for claim in checked.claims)
