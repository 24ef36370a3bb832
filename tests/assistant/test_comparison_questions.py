"""Questions for sets by comparison: bigger than the cat, than every cat, than a cat, in the wordings of many people."""

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from tests.assistant.questions_check import wordings
from tests.assistant.scenes import VOCABULARY


@pytest.fixture(scope="module")
def parser() -> Parser:
    """In metres."""
    return Parser(lexicon_of(VOCABULARY), {"dog-1": 3}, frozenset({"colour"}), measured=True)


SETS = """
Which dogs are bigger than the cat?
Which dogs are larger than the cat?
Which dogs are bigger than the cat is?
Which of the dogs are bigger than the cat?
Show me the dogs that are bigger than the cat.
Tell me which dogs are bigger than the cat.
List the dogs bigger than the cat.
Which dogs have a larger volume than the cat?
Which dogs have a volume greater than that of the cat?
which(exceeding(find(dog), volume, more, the(find(cat))))

How many cars are wider than the bench?
How many cars wider than the bench are there?
How many cars are there that are wider than the bench?
count(exceeding(find(car), width, more, the(find(bench))))

Is there a person taller than the bench?
Is anyone taller than the bench?
Is there anyone who is taller than the bench?
Is there somebody with a greater height than the bench?
Does anybody have a greater height than the bench?
Can you see a person taller than the bench?
exists(exceeding(find(person), height, more, the(find(bench))))

Is any of the cars smaller than the bench?
Are any of the cars smaller than the bench?
Is one of the cars smaller than the bench?
exists(exceeding(the(find(car), yes), volume, less, the(find(bench))))

Who is further from the camera than the car?
Who is farther away than the car?
Who is farther from the camera than the car is?
which(exceeding(find(person), distance, more, the(find(car))))

Which cars are closer to the camera than the dog?
Which cars are nearer than the dog?
which(exceeding(find(car), distance, less, the(find(dog))))

Does anything move faster than the bicycle?
Is anything faster than the bicycle?
Is anything moving faster than the bicycle?
Is there anything that moves faster than the bicycle?
exists(exceeding(find(anything), speed, more, the(find(bicycle))))

Who travelled farther than the dog?
Who went further than the dog?
Who moved farther than the dog did?
which(exceeding(find(person), path length, more, the(find(dog))))

Which people are seen longer than the dog?
Which people are visible for longer than the dog?
Which people are seen in more frames than the dog?
which(exceeding(find(person), frames seen, more, the(find(dog))))

Which car takes up more space than the bench?
Which car covers more area than the bench?
which(exceeding(find(car), area, more, the(find(bench))))

Which people are not taller than the bench?
Which people are no taller than the bench?
Which people aren't taller than the bench?
Which people are at most as tall as the bench?
which(exceeding(find(person), height, at most, the(find(bench))))

Which people are at least as tall as the bench?
Which people are no shorter than the bench?
which(exceeding(find(person), height, at least, the(find(bench))))

Which people are less tall than the bench?
Which people are not as tall as the bench?
which(exceeding(find(person), height, less, the(find(bench))))

What is the dog bigger than?
which(exceeding(find(anything), volume, less, the(find(dog))))

Which cats is the dog bigger than?
which(exceeding(find(cat), volume, less, the(find(dog))))

Which cars are wider than the bench but shorter than the horse?
which(exceeding(exceeding(find(car), width, more, the(find(bench))), height, less, the(find(horse))))

Which dogs are bigger than dog-1?
which(exceeding(find(dog), volume, more, pick(3)))

Which is taller than the bench, the dog or the cat?
which(exceeding(union(the(find(dog)), the(find(cat))), height, more, the(find(bench))))

What is the dog that is bigger than the cat doing?
The dog bigger than the cat is doing what?
doing(the(exceeding(find(dog), volume, more, the(find(cat)))))

Who is holding a cup bigger than the sandwich?
which(related(find(person), holding, exceeding(find(cup), volume, more, the(find(sandwich)))))

Are two dogs bigger than the cat?
count_is(exceeding(find(dog), volume, more, the(find(cat))), 2)
"""

OF_SEVERAL = """
Which dogs are bigger than the cats?
Which dogs are bigger than all the cats?
Which dogs are bigger than each of the cats?
Which dogs are bigger than every cat?
Which dogs are bigger than any cat?
Which dogs are bigger than both cats?
which(exceeding(find(dog), volume, more, the(find(cat), yes), yes))

Which dogs are bigger than a cat?
Which dogs are bigger than some cat?
which(exceeding(find(dog), volume, more, find(cat)))

Which dogs are bigger than one of the cats?
which(exceeding(find(dog), volume, more, the(find(cat), yes)))

Which dog is bigger than another dog?
which(exceeding(find(dog), volume, more, find(dog)))

Which dogs are bigger than the cat and the bird?
Which dogs are bigger than both the cat and the bird?
which(exceeding(exceeding(find(dog), volume, more, the(find(cat))), volume, more, the(find(bird))))

Which dogs are bigger than the cat or the bird?
which(union(exceeding(find(dog), volume, more, the(find(cat))), exceeding(find(dog), volume, more, the(find(bird)))))

Which dog is bigger than every other dog?
Which dog is bigger than the other dogs?
which(extreme(find(dog), largest))

Are all cups smaller than the bench?
Is every cup smaller than the bench?
Are all of the cups smaller than the bench?
not(exists(exceeding(the(find(cup), yes), volume, at least, the(find(bench)))))

Is everyone taller than the dogs?
not(exists(exceeding(the(find(person), yes), height, at most, the(find(dog), yes))))

Are none of the cups bigger than the bench?
not(exists(exceeding(the(find(cup), yes), volume, more, the(find(bench)))))
"""

NAMED = """
Is the dog bigger than the cat?
Is the dog bigger than the cat is?
compare(the(find(dog)), volume, more, the(find(cat)))

Is the brown dog bigger than the cat?
compare(the(having(find(dog), brown, colour)), volume, more, the(find(cat)))

Isn't the dog bigger than the cat?
compare(the(find(dog)), volume, more, the(find(cat)))

Is the dog at least as big as the cat?
not(compare(the(find(dog)), volume, less, the(find(cat))))

Does the dog move faster than the cat?
compare(the(find(dog)), speed, more, the(find(cat)))

Is the dog bigger than a cat?
exists(exceeding(the(find(dog)), volume, more, find(cat)))

Is the dog bigger than every cat?
Is the dog bigger than any cat?
exists(exceeding(the(find(dog)), volume, more, the(find(cat), yes), yes))
"""


@pytest.mark.parametrize(("question", "line"), [*wordings(SETS), *wordings(OF_SEVERAL), *wordings(NAMED)])
def test_reading(parser, question, line):
    assert [found.line for found in parser.question(question).questions[:1]] == [line]


@pytest.mark.parametrize(
    "question",
    [
        "Which dogs are bigger than cats?",
        "Which dogs are bigger than two cats?",
        "Which dogs are bigger than most cats?",
        "Which dogs are bigger than no cat?",
        "Which dogs are as big as the cat?",
        "Which dogs are twice as big as the cat?",
        "Which dogs are 2 m taller than the cat?",
        "Which dogs are bigger than themselves?",
        "Which dogs are closer to the car than the cat?",
    ],
)
def test_what_no_program_can_say_is_left_unread(parser, question):
    assert not parser.question(question).questions
