"""Questions that hold a size, a distance or a number of partners against a number, in every frame."""

import pytest

from assistant import Assistant
from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import wordings
from tests.assistant.test_programs_of_amounts import garden

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "car", "bench", "cup", "sports ball"),
    stuff=("tree-merged",),
    predicates=("holding", "chasing", "touching", "on", "in"),
)


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour"}))


FROM_THE_CAMERA = """
Who is within 2 m of the camera?
Who is at most 2 metres away from us?
Which people stand within two metres of the camera?
Which person is 2 m or less from the camera?
Who is no farther than 2 metres away?
Tell me who is within a radius of 2 m of the camera.
which(measuring(find(person), distance, at most, 2))

Which dogs are closer than 2 m to the camera?
Which dogs are less than 200 cm away?
Which dogs are nearer to the camera than 2 m?
Which dogs are less than 2 metres from me?
which(measuring(find(dog), distance, less, 2))

How many dogs are more than 3 m from me?
How many dogs are farther than 3 m away from the camera?
How many dogs lie more than 3 m away?
count(measuring(find(dog), distance, more, 3))

Is the dog more than 3 m from the camera?
Is the distance from the camera to the dog more than 3 m?
Is the distance of the dog from the camera greater than 3 m?
Is the dog's distance to the camera more than 3 m?
Is the dog farther than 3 m?
The dog is more than 3 m away from the camera, isn't it?
exists(measuring(the(find(dog)), distance, more, 3))

Who is between 2 and 4 m from the camera?
Who is 2 to 4 metres away?
which(measuring(measuring(find(person), distance, at least, 2), distance, at most, 4))

Is anyone within 2 m of the camera?
Is there anybody at most 2 m away from the camera?
exists(measuring(find(person), distance, at most, 2))

At the start, is the dog within 2 m of the camera?
Is the dog within 2 m of the camera at the start?
during(exists(measuring(the(find(dog)), distance, at most, 2)), edge(start))

Which dogs are within 2 m of the bench?
which(within(find(dog), 2, the(find(bench))))

How many people within 3 m of the camera are holding a cup?
count(related(measuring(find(person), distance, at most, 3), holding, find(cup)))
"""

SIZES = """
Which people are taller than 1.8 m?
Who among the people is taller than 1.8 m?
Show me the people taller than 1.8 m.
Which people are over 1.8 m tall?
Which people have a height of more than 1.8 m?
Which people are more than 180 cm in height?
Which person's height is more than 1.8 m?
which(measuring(find(person), height, more, 1.8))

Whose height exceeds 1.8 m?
Who is taller than 1.8 m?
Who measures more than 1.8 m in height?
which(measuring(find(person), height, more, 1.8))

Which people are not taller than 1.8 m?
Which people are no taller than 1.8 m?
Which people are at most 1.8 m tall?
which(measuring(find(person), height, at most, 1.8))

Is the bench wider than 50 cm?
Is the bench's width more than 50 cm?
Does the width of the bench exceed half a metre?
Is the bench more than half a metre wide?
Does the bench have a width of over 0.5 metres?
exists(measuring(the(find(bench)), width, more, 0.5))

Isn't the bench wider than 50 cm?
exists(measuring(the(find(bench)), width, more, 0.5))

Does the width of the bench not exceed 50 cm?
not(exists(measuring(the(find(bench)), width, more, 0.5)))

Is the bench between 1 and 2 m wide?
Is the bench 1 to 2 m wide?
Is the width of the bench between 1 m and 2 m?
all_of(exists(measuring(the(find(bench)), width, at least, 1)), exists(measuring(the(find(bench)), width, at most, 2)))

Which benches are between 50 cm and 2 m wide?
which(measuring(measuring(find(bench), width, at least, 0.5), width, at most, 2))

How many cars are longer than 4 metres?
How many of the cars are longer than 4 m?
How many cars are more than 4 m long?
How many cars with a length of more than 4 m are there?
count(measuring(find(car), length, more, 4))

Are the people taller than 1.5 m?
Are all of the people taller than 1.5 m?
Is everybody taller than 1.5 m?
not(exists(measuring(the(find(person), yes), height, at most, 1.5)))

Is nobody taller than 2 m?
not(exists(measuring(find(person), height, more, 2)))

Are two people taller than 1.8 m?
count_is(measuring(find(person), height, more, 1.8), 2)

Is the person on the bench taller than 1.8 m?
exists(measuring(the(related(find(person), on, the(find(bench)))), height, more, 1.8))

What is the person who is taller than 1.8 m doing?
doing(the(measuring(find(person), height, more, 1.8)))

Which cars are faster than 2 m/s?
Which cars move faster than 2 metres per second?
Which cars have a speed of more than 7.2 km/h?
which(measuring(find(car), speed, more, 2))

Did the dog move more than 3 m?
exists(measuring(the(find(dog)), path length, more, 3))

Which car covers more than 500 pixels?
Which car is bigger than 500 pixels?
which(measuring(find(car), area, more, 500))

Is anything smaller than 10 cm?
exists(measuring(find(anything), length, less, 0.1))

What has a volume of more than 2 cubic metres?
What is bigger than 2 cubic metres?
which(measuring(find(anything), volume, more, 2))
"""

PARTNERS = """
Who is holding two cups?
Who holds exactly two cups?
Which person is holding two cups?
Name everyone who holds two cups.
which(many_related(find(person), holding, find(cup), 2))

Is anyone holding at least two cups?
Is there anyone who is holding two or more cups?
Does any person hold more than one cup?
exists(many_related(find(person), holding, find(cup), 2, yes))

Is the person holding two cups?
count_is(related(find(cup), ~holding, the(find(person))), 2)

Which bench has more than three people on it?
Which bench has at least four people on it?
which(many_related(find(bench), ~on, find(person), 4, yes))

Is there a bench with two dogs on it?
Does any bench have two dogs on it?
exists(many_related(find(bench), ~on, find(dog), 2))

Which benches have no dog on them?
which(except(find(bench), related(find(bench), ~on, find(dog))))

How many dogs are chasing exactly one cat?
How many dogs chase one cat?
count(many_related(find(dog), chasing, find(cat), 1))

Which cat is chased by two dogs?
Which cat are two dogs chasing?
which(many_related(find(cat), ~chasing, find(dog), 2))

Who is holding fewer than two cups?
Which people hold at most one cup?
which(except(find(person), many_related(find(person), holding, find(cup), 2, yes)))

Where is the person who is holding two cups?
Where is the person holding two cups?
locate(the(many_related(find(person), holding, find(cup), 2)))

What colour is the cup that two people are touching?
attribute_of(the(many_related(find(cup), ~touching, find(person), 2)), colour)

Which dog is chasing two cats and touching the bench?
which(related(many_related(find(dog), chasing, find(cat), 2), touching, the(find(bench))))
"""


@pytest.mark.parametrize(("question", "line"), [*wordings(FROM_THE_CAMERA), *wordings(SIZES), *wordings(PARTNERS)])
def test_reading(parser, question, line):
    assert [found.line for found in parser.question(question).questions[:1]] == [line]


@pytest.mark.parametrize(
    "question",
    ["Is the bench wider than 2 m/s?", "Is the dog faster than 3 m?", "Who is holding at least two cups or a ball?"],
)
def test_what_does_not_fit_is_left_unread(parser, question):
    assert not parser.question(question).questions


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who is taller than 1.8 m?", "person-1"),
        ("How many people are at least 1.8 m tall?", "2"),
        ("Is the bench between 1 and 2 m wide?", "yes"),
        ("Is the bench wider than 2 m?", "no"),
        ("Are the people taller than 1.1 m?", "yes"),
        ("Are the people taller than 1.5 m?", "no"),
        ("Which people are more than 3 m from the camera?", "person-2"),
        ("Is the dog more than 5.8 m from the camera?", "too close"),
        ("Is the dog closer than 5 m to the camera?", "no"),
        ("Is the bench longer than 1.4 m?", "yes"),
        ("Who is holding two balls?", "person-1"),
        ("Which bench has more than two things on it?", "bench-1"),
        ("How many people are holding exactly one ball?", "1"),
        ("Is anyone holding three balls?", "not shown"),
    ],
)
def test_answers(question, short):
    answer = Assistant(garden()).ask(question).short
    assert answer.removeprefix("the ") == short or answer.startswith(f"{short} ")
