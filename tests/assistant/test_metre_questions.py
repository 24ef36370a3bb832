"""Questions in metres in other words: how far apart, what moved, who went farther, as whom one sees it."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from scenegraph import Vocabulary
from tests.assistant.questions_check import wordings

VOCABULARY = Vocabulary(
    things=("person", "dog", "cat", "car", "bench", "cup", "sports ball"),
    stuff=("tree-merged",),
    predicates=("holding", "chasing", "throwing", "behind", "in front of", "on", "in"),
)


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material"}))


APART = """
How many metres separate the dog from the cat?
Roughly how many metres lie between the dog and the cat?
How far do the dog and the cat stand apart?
By how many metres are the dog and the cat separated?
How wide is the gap between the dog and the cat?
What is the stretch from the dog to the cat?
How much space is there between the dog and the cat?
From the dog to the cat, how many metres is it?
Work out how far the dog is from the cat.
What is the dog's distance from the cat?
How close does the dog lie to the cat?
distance(the(find(dog)), the(find(cat)))

Measured from the cat, how far off is the dog?
At what distance from the cat does the dog lie?
How far from the cat is the dog lying?
How near to the cat is the dog?
distance(the(find(dog)), the(find(cat)))

How far is the camera from the dog?
How many metres off is the dog?
How far away from the depth camera is the dog?
Say how many metres lie between the camera and the dog.
measure(the(find(dog)), distance)

How far was the dog from the cat at the start?
At the start, by how many metres were the dog and the cat separated?
during(distance(the(find(dog)), the(find(cat))), edge(start))
"""

SIZES = """
In metres, how wide is the car?
What's the width in metres of the car?
Give me the real-world width of the car.
How many metres wide is the car?
What does the car measure in width?
What is the car's actual width?
measure(the(find(car)), width)

In pixels, how wide is the car?
What is the car's width in pixels?
measure(the(find(car)), box width)

In metres, is the height of the car less than that of the bench?
Is the car shorter than the bench in real life?
Measured in metres, is the car shorter than the bench?
compare(the(find(car)), height, less, the(find(bench)))

Which has the greatest volume of everything?
Which thing has the largest volume of all?
What has the biggest volume of all things?
which(superlative(find(anything), volume))

How tall is the car that stands nearest to the tree?
How tall is the car standing nearest to the tree?
measure(the(nearest(find(car), the(find(tree-merged)))), height)

How big is the cup in cubic metres?
How many cubic metres does the cup take up?
measure(the(find(cup)), volume)
"""

MOVED = """
Which cars moved?
Which cars were displaced?
Which cars have changed their position?
which(moved(find(car)))

Which cars did not move?
Which cars never moved?
Which cars remained in the same place?
Which cars have not changed position?
Which cars stayed where they were?
which(moved(find(car), yes))

Who is holding the cup that was moved?
Who is holding the cup that has moved?
which(related(find(person), holding, the(moved(find(cup)))))

Where is the ball that did not move?
Where is the ball that stayed put?
Where is the stationary ball?
locate(the(moved(find(sports ball), yes)))

Were more cups moved than cars?
Did more cups move than cars?
Have more cups moved than cars?
compare_counts(moved(find(cup)), more, moved(find(car)))

How many of the cups are not moving?
How many cups stood still?
How many cups are motionless?
count(moved(find(cup), yes))

Did the dogs move?
Did all of the dogs move?
not(exists(moved(the(find(dog), yes), yes)))

Did any of the dogs move?
exists(moved(the(find(dog), yes)))

Did every dog move?
not(exists(moved(find(dog), yes)))
"""

WAYS = """
Did the dog travel a longer path than the cat?
Did the dog go farther than the cat?
Did the dog cover more ground than the cat?
Is the dog's path longer than the cat's?
Has the dog moved more than the cat?
compare(the(find(dog)), path length, more, the(find(cat)))

Which dog went the furthest?
Which dog covered the greatest distance?
Which dog took the longest path?
Which dog moved the most?
which(superlative(find(dog), path length))

Who went further, the dog or the cat?
Which travelled the longest way, the dog or the cat?
which(superlative(union(the(find(dog)), the(find(cat))), path length))

How much ground did the dog cover?
How long a path did the dog take?
What is the length of the dog's path?
What's the total distance the dog travelled?
measure(the(find(dog)), path length)

Are there more moving cars than stationary ones?
compare_counts(moved(find(car)), more, moved(find(car), yes))

What has the smallest volume of all the cups?
which(superlative(find(cup), volume, yes))

Is the dog at the same distance from the camera as the cat?
Is the dog as far from the camera as the cat?
compare(the(find(dog)), distance, equal, the(find(cat)))

Does the dog have a greater distance from the camera than the cat?
Is the dog at a greater distance than the cat?
Is the dog farther from the camera than the cat?
compare(the(find(dog)), distance, more, the(find(cat)))
"""

NEAREST = """
What is the dog standing closest to?
What object does the dog lie closest to?
What thing is at the shortest distance from the dog?
which(nearest(find(anything), the(find(dog))))

Which cup is at the greatest distance from the dog?
Which cup has the largest distance to the dog?
Which cup is the dog farthest from?
which(nearest(find(cup), the(find(dog)), yes))

Is it the dog or the cat that's closer to the car?
Is the dog or the cat closer to the car?
Which is closer to the car, the dog or the cat?
Which is the car closer to, the dog or the cat?
which(nearest(union(the(find(dog)), the(find(cat))), the(find(car))))

Out of the red cups, pick the one with the shortest distance to the dog.
Of the red cups, which is nearest to the dog?
Among the red cups, name the one that is closest to the dog.
which(nearest(having(find(cup), red, colour), the(find(dog))))

Which person throwing a ball is closest to the car?
Which person who throws a ball is closest to the car?
which(nearest(related(find(person), throwing, find(sports ball)), the(find(car))))
"""

WITHIN = """
Who is standing at most 2 metres from the dog?
Who is no farther than 2 metres from the dog?
Who lies in a radius of 2 m around the dog?
Who is within a 2 metre radius of the dog?
Who is less than two metres away from the dog?
which(within(find(person), 2, the(find(dog))))

Are there five cups or more within 3 metres of the dog?
Are there at least five cups less than 3 metres from the dog?
count_is(within(find(cup), 3, the(find(dog))), 5, yes)

Are there more cups than cars within 3 metres of the dog?
Are there more cups than cars no farther than 3 metres from the dog?
compare_counts(within(find(cup), 3, the(find(dog))), more, within(find(car), 3, the(find(dog))))

Which of the cups within 3 m of the dog has the largest volume?
which(superlative(within(find(cup), 3, the(find(dog))), volume))

Are all the cups within 3 metres of the dog?
not(exists(except(the(find(cup), yes), within(find(cup), 3, the(find(dog))))))

Is the cup within 3 metres of the dog and the cat?
all_of(exists(within(the(find(cup)), 3, the(find(dog)))), exists(within(the(find(cup)), 3, the(find(cat)))))

Which cups are between 2 and 4 metres from the dog?
which(except(within(find(cup), 4, the(find(dog))), within(find(cup), 2, the(find(dog)))))

What colour is the cup lying between the dog and the cat?
What colour is the cup in the space between the dog and the cat?
attribute_of(the(in_between(find(cup), the(find(dog)), the(find(cat)))), colour)
"""

VIEWS = """
Through the eyes of the dog, is the cup in front of the car?
From the dog's side, is the cup in front of the car?
Is the cup in front of the car as the dog sees it?
If you stood at the dog and looked at the car, would the cup be in front of it?
For someone standing at the dog, is the cup in front of the car?
Is the cup, viewed from the dog, in front of the car?
is_in_space(the(find(cup)), in front of, the(find(car)), from, the(find(dog)))

How many red cups are to the left of the car, seen from the dog?
From where the dog is standing, how many red cups are left of the car?
As the dog sees it, how many red cups are to the left of the car?
count(in_space(having(find(cup), red, colour), left of, the(find(car)), from, the(find(dog))))

At 3 seconds, from the dog's point of view, which cup is behind the car?
during(which(in_space(find(cup), behind, the(find(car)), from, the(find(dog)))), seconds(3, 3))

From the camera's viewpoint, which cup is behind the car?
As the camera sees it, which cup is behind the car?
which(in_space(find(cup), behind, the(find(car))))
"""

PLACES = """
In which direction, and how far, is the cup from the dog?
Which way is the cup from the dog?
What's the bearing from the dog to the cup?
Tell me the direction of the cup from the dog.
At what distance and in which direction from the dog is the cup?
bearing(the(find(cup)), the(find(dog)))

In which direction from the camera is the cup?
Give me the bearing of the cup.
How far away and in what direction is the cup?
bearing(the(find(cup)))

In the world frame, what's the bearing of the cup from the dog?
bearing(the(find(cup)), the(find(dog)), world)

What are the world coordinates of the cup?
In world coordinates, where is the cup?
Give the x, y and z of the cup in the frame of the world.
What are the cup's coordinates in the world?
coordinates(the(find(cup)), world)

Does the cup lie neither left nor right of the car?
Is the cup neither to the left nor to the right of the car?
not(any_of(is_placed(the(find(cup)), left of, the(find(car))), is_placed(the(find(cup)), right of, the(find(car)))))

Are there more cups to the left of the car than to the right of it?
compare_counts(placed(find(cup), left of, the(find(car))), more, placed(find(cup), right of, the(find(car))))

Does the cup show up higher than the car?
Does the cup hang higher than the car?
is_placed(the(find(cup)), above, the(find(car)))
"""


@pytest.mark.parametrize(
    ("question", "line"),
    [case for table in (APART, SIZES, MOVED, WAYS, NEAREST, WITHIN, VIEWS, PLACES) for case in wordings(table)],
)
def test_questions_in_metres_are_read_in_many_wordings(parser, question, line):
    found = parser.question(question).questions
    assert [one.line for one in found[:1]] == [line]


def test_what_another_sees_is_never_told_as_the_camera_sees_it():
    parser = Parser(lexicon_of(VOCABULARY), {}, measured=True)
    found = parser.question("What is left of the car from the dog's point of view?").questions
    assert found and all("from, the(find(dog))" in one.line for one in found)


@pytest.mark.parametrize(
    "question",
    [
        "In which direction is the dog looking?",  # not where it is
        "Which direction is the person running?",
        "From the judge's perspective, which cup is behind the car?",  # nobody knows where the judge is
        "From the dog's perspective, what is the person holding?",  # no place is asked about
        "If you stood at the dog and looked at the car, would the cup be left of the bench?",  # turned elsewhere
        "Facing the dog, which colour is the car?",
        "In metres, which car is red?",  # no size
        "In pixels, how far is the dog from the cat?",  # not in a picture
        "Which dog moved the cup?",  # what somebody did, not what was measured
        "Do the cars take the same path?",
    ],
)
def test_what_no_program_asks_is_not_read_as_something_else(parser, question):
    found = parser.question(question).questions
    measured = ("bearing(", "in_space(", "is_in_space(", "nearest(", "moved(", "distance(", "superlative(", "compare(")
    assert not any(step in one.line for one in found for step in measured)


def test_a_posture_that_no_predicate_says_is_kept_where_a_relation_follows(parser):
    assert "nothing called" in parser.question("Is the dog sitting on the bench?").questions[0].line


def test_words_that_turn_into_a_verb_of_the_vocabulary_keep_their_meaning(parser):
    asked = parser.question("Who is holding the ball that is behind the car?").questions[0].line
    assert (
        asked == "which(related(find(person), holding, the(related(find(sports ball), behind|~in front of, "
        "the(find(car))))))"
    )
