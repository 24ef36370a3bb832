"""Questions about scans and flights in other words: whose camera, speeds, ways, equal distances, two at once."""

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


SPEEDS = """
Is the dog going faster than the cat?
Is the dog moving more quickly than the cat?
Was the dog travelling at a higher speed than the cat?
Is the dog running more rapidly than the cat?
Does the dog move at a greater speed than the cat?
compare(the(find(dog)), speed, more, the(find(cat)))

Is the dog moving slower than the cat?
Was the dog driving less quickly than the cat?
Is the dog going at a lower speed than the cat?
Does the dog go more slowly than the cat?
compare(the(find(dog)), speed, less, the(find(cat)))

Was the dog moving at the same speed as the cat?
Is the dog going as fast as the cat?
Is the dog running as quickly as the cat?
Was the dog travelling at the same pace as the cat?
Are the dog and the cat moving equally fast?
Do the dog and the cat go at the same speed?
Does the dog move as fast as the cat?
compare(the(find(dog)), speed, equal, the(find(cat)))

Which is the fastest-moving dog?
Which dog is moving at the highest speed?
Which dog goes at the greatest speed?
Which dog is travelling the most quickly?
which(superlative(find(dog), speed))

Which dog is moving at the lowest speed?
Which dog is moving the most slowly?
Which is the slowest moving dog?
which(superlative(find(dog), speed, yes))

What speed was the dog doing?
What speed is the dog going at?
What speed does the dog reach?
How fast in metres per second is the dog going?
At what speed does the dog move, in meters per second?
How many metres per second is the dog moving at?
How many metres per second does the dog do?
Speed of the dog, please?
measure(the(find(dog)), speed)
"""

WAYS = """
How many metres did the dog travel over the whole clip?
What total distance does the dog cover in the video?
How many meters long is the route taken by the dog?
How long was the path followed by the dog?
What is the length of the path the dog travels?
How far did the dog move along its way?
measure(the(find(dog)), path length)

How far has the dog ended up from where it started?
How far did the dog end up from its starting point?
By how many metres has the dog been displaced from its initial position?
By how much was the dog displaced?
How far away from where it began did the dog finish?
How many metres is the dog from where it started?
How far did the dog end up from the spot where it started?
measure(the(find(dog)), displacement)

Which dog ended up farthest from its starting place?
Which dog finished furthest away from where it started?
Which of the dogs came to rest farthest from its own starting point?
which(superlative(find(dog), displacement))

Which dog ended up closest to its starting place?
Which of the dogs stopped nearest to where it started?
which(superlative(find(dog), displacement, yes))

Which of the dogs covered the fewest metres?
Which dog walked the fewest meters?
which(superlative(find(dog), path length, yes))

How far did the dog move along its way from 7 s to 8 s?
during(measure(the(find(dog)), path length), seconds(7, 8))
"""

CAMERAS = """
How far is the dog from the drone's camera?
How far is the dog from my robot's camera?
Please estimate the distance to the dog from the camera position.
Distance camera to the dog, in m?
How many metres is it from my drone's camera to the dog?
measure(the(find(dog)), distance)

Which dog is my robot's camera nearest to?
Which dog is the camera closest to?
Which dog stands nearest to the drone camera?
which(superlative(find(dog), distance, yes))

Which dog is the camera farthest from?
Which dog lies farthest from our drone's camera?
which(superlative(find(dog), distance))

Which lies farther from the camera, the cup or the ball?
Which stands further from the camera, the cup or the ball?
which(superlative(union(the(find(cup)), the(find(sports ball))), distance))

Are the dog and the cat equally far away from the camera?
Are the dog and the cat at the same distance from the camera?
Are the dog and the cat equally close to the camera?
Is the dog as far from the camera as the cat?
Is the dog just as near to the camera as the cat?
Is the dog the same distance from the camera as the cat?
Are the dog and the cat both equally distant from the camera?
compare(the(find(dog)), distance, equal, the(find(cat)))

Is the dog not as far from the camera as the cat?
compare(the(find(dog)), distance, less, the(find(cat)))

Which brown things can my robot find within 5 m of the dog?
Which brown things can the drone see within 5 m of the dog?
which(within(having(find(anything), brown, colour), 5, the(find(dog))))

Nearest thing to the camera: what is it?
which(superlative(find(anything), distance, yes))
"""

DISTANCES = """
Is the dog within 5 metres of both the cat and the car?
Is the dog at most 5 m from both the cat and the car?
Is the dog no more than 5 metres away from both the cat and the car?
all_of(exists(within(the(find(dog)), 5, the(find(cat)))), exists(within(the(find(dog)), 5, the(find(car)))))

Which cups are within 2 m of both the cat and the car?
which(within(within(find(cup), 2, the(find(cat))), 2, the(find(car))))

Are the cup and the ball more than 5 metres apart?
Do the cup and the ball stand more than 5 metres apart?
Are the cup and the ball over 5 m from each other?
Is there more than 5 m between the cup and the ball?
not(exists(within(the(find(cup)), 5, the(find(sports ball)))))

Are the cup and the ball under 5 metres apart?
Are the cup and the ball no more than 5 m from one another?
Is there less than 5 m between the cup and the ball?
exists(within(the(find(cup)), 5, the(find(sports ball))))

Return all cups whose distance to the dog is at most 2 m.
Which cups whose distance from the dog is less than 2 m are there?
which(within(find(cup), 2, the(find(dog))))

How many more cups than balls are within 2 metres of the dog?
How many more cups are within 2 metres of the dog than balls?
How many fewer balls than cups are within 2 metres of the dog?
more_by(count(within(find(cup), 2, the(find(dog)))), count(within(find(sports ball), 2, the(find(dog)))))

How many cups lie in between the dog and the cat?
count(in_between(find(cup), the(find(dog)), the(find(cat))))

In this room scan, how many metres of distance are there from the dog to the cat?
In the scanned room, how far is the dog from the cat?
My robot needs to know the distance from the dog to the cat.
For the accident report: how far is the dog from the cat?
For my furniture plan, how far is the dog from the cat?
Safety check: how far is the dog from the cat?
Range from the dog to the cat, in metres?
Compute the Euclidean distance between the dog and the cat.
distance(the(find(dog)), the(find(cat)))

How far is it from the dog to the car nearest to it?
distance(the(find(dog)), the(nearest(find(car), the(find(dog)))))

Relative to the dog, in what direction and how far off is the cat?
As seen from the dog, which way is the cat?
With respect to the dog, in which direction is the cat?
bearing(the(find(cat)), the(find(dog)))
"""

TWO_DISTANCES = """
Is the cup closer to the dog than the ball?
Is the cup nearer to the dog than the ball is?
Isn't the cup closer to the dog than the ball?
The cup is closer to the dog than the ball, isn't it?
Does the cup lie closer to the dog than the ball?
Is the cup located nearer to the dog than the ball?
Is the cup not as far from the dog as the ball?
Tell me whether the cup is less far away from the dog than the ball.
compare_distances(the(find(cup)), less, the(find(sports ball)), the(find(dog)))

Is the dog farther from the car than the cat?
Was the dog further away from the car than the cat was?
Is the dog not as close to the car as the cat?
compare_distances(the(find(dog)), more, the(find(cat)), the(find(car)))

Is the dog closer to the cat than to the car?
Is the dog nearer to the cat than it is to the car?
compare_distances(the(find(cat)), less, the(find(car)), the(find(dog)))

Are the dog and the cat equally far from the car?
Is the dog as far from the car as the cat?
Is the dog at the same distance from the car as the cat?
compare_distances(the(find(dog)), equal, the(find(cat)), the(find(car)))

At the end, is the cup closer to the dog than the ball?
during(compare_distances(the(find(cup)), less, the(find(sports ball)), the(find(dog))), edge(end))

Is the cup closer to the dog on the bench than the ball?
compare_distances(the(find(cup)), less, the(find(sports ball)), the(related(find(dog), on, the(find(bench)))))

Is the cup closer to the camera than the ball?
compare(the(find(cup)), distance, less, the(find(sports ball)))
"""

SIZES = """
Which has more volume, the cup or the ball?
Which has the larger volume, the cup or the ball?
which(superlative(union(the(find(cup)), the(find(sports ball))), volume))

Which has less volume, the cup or the ball?
which(superlative(union(the(find(cup)), the(find(sports ball))), volume, yes))

Do the cup and the ball have the same volume?
Have the cup and the ball the same volume?
Do the cup and the ball have an equal volume?
compare(the(find(cup)), volume, equal, the(find(sports ball)))

What is the depth of the cup in metres, measured from front to back?
For my furniture plan i need the cup's depth in metres
I need the cup's depth in metres.
The cup's depth in metres?
measure(the(find(cup)), depth)

Which is less wide in metres, the cup or the ball?
which(superlative(union(the(find(cup)), the(find(sports ball))), width, yes))

Going by metres, which cup is the widest?
Measured in metres, which cup is the widest?
which(superlative(find(cup), width))

I'm after the cup with the smallest volume, which one is it?
which(superlative(find(cup), volume, yes))

Is the cup just as high in metres as the ball?
compare(the(find(cup)), height, equal, the(find(sports ball)))
"""

VIEWS = """
I am standing at the car looking at the bench. Is the ball to the left of the bench?
Standing at the car looking at the bench, is the ball to the left of it?
is_in_space(the(find(sports ball)), left of, the(find(bench)), from, the(find(car)))

With me facing the bench, is there a cup to the right of the dog?
exists(in_space(find(cup), right of, the(find(dog)), facing, the(find(bench))))

What is the xyz position of the dog in the world frame?
What is the dog's xyz position in the world frame?
coordinates(the(find(dog)), world)
"""


@pytest.mark.parametrize(
    ("question", "line"),
    [case for table in (SPEEDS, WAYS, CAMERAS, DISTANCES, TWO_DISTANCES, SIZES, VIEWS) for case in wordings(table)],
)
def test_questions_about_scans(parser, question, line):
    parsed = parser.question(question)
    assert parsed.questions, (parsed.reason, parsed.unknown)
    assert parsed.questions[0].line == line


@pytest.mark.parametrize(
    "question",
    [
        "How fast is the dog in kilometres per hour?",
        "How far is the dog from the cat in feet?",
        "Is the dog going to the cat faster than the car?",
    ],
)
def test_what_no_program_says_is_not_read(parser, question):
    assert not parser.question(question).questions


def test_a_place_in_front_of_a_question_is_no_purpose(parser):
    assert not parser.question("For the dog in the report: how far is it from the cat?").questions


@pytest.mark.parametrize(
    "question",
    [
        "Is there a cup within 2 m of every dog?",
        "Is there a cup within 2 m of two dogs?",
        "Is the dog more than 2 m from the cat or the car?",
        "What is between the camera and the dog?",
        "Is the dog between the camera and the cat?",
        "Which cup is between the camera and the dog?",
    ],
)
def test_what_would_be_another_question_is_not_read(parser, question):
    assert not parser.question(question).questions


def test_far_from_both(parser):
    for question in ("Is the dog more than 2 m from both the cat and the car?",
                     "Is the dog at least 2 m away from both the cat and the car?"):  # fmt: skip
        assert parser.question(question).questions[0].line == (
            "all_of(not(exists(within(the(find(dog)), 2, the(find(cat))))), "
            "not(exists(within(the(find(dog)), 2, the(find(car))))))"
        )
