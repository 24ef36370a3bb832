"""Questions put as requests, with words beside them or in another order, that compare, count, deny and single out."""

import sys
from pathlib import Path

import pytest

from assistant.lexicon import lexicon_of
from assistant.parser import Parser

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from parser_questions import templates

READS_AS = [
    # requests and reports
    ("Return all people that are riding a horse.", "which people are riding a horse"),
    ("Mention every object on the bench", "which objects are on the bench"),
    ("Determine whether a bike can be found anywhere in the annotated image.", "is there a bike"),
    ("Specify the location of the bike that the dog is pushing.", "where is the bike that the dog is pushing"),
    ("State the activity in which the dog is engaged.", "what is the dog doing"),
    ("In which part of the photograph does the horse appear?", "where is the horse"),
    ("May I ask you to count the horses that are chasing a kite?", "how many horses are chasing a kite"),
    ("If it is not too much trouble, please list all the cars in the picture.", "which cars are there"),
    ("Show me whatever's closest to the car", "what is closest to the car"),
    ("Walk me through what the horse does, in order", "what happens with the horse"),
    ("Confirm the absence of red balls from the image.", "are there no red balls"),
    ("What has been recorded about the horse?", "describe the horse"),
    ("Write one sentence about the dog.", "describe the dog"),
    ("Give the shortest chain of relations by which the suitcase and the sofa are connected.",
     "what is the path from the suitcase to the sofa"),
    ("The color of the sofa is: (a) black (b) white", "What colour is the sofa? (a) black (b) white"),
    ("Choose the correct number of kites in the image. A. 1 B. 3", "How many kites are there? A. 1 B. 3"),
    ("Which object is the cat touching? i) fire hydrant ii) umbrella iii) cup",
     "Which object is the cat touching? A) fire hydrant B) umbrella C) cup"),
    # in another order, and with words beside
    ("To the left of the cup, is there a black kite?", "is there a black kite to the left of the cup"),
    ("Benches, are there any in this shot?", "are there any benches"),
    ("Does the horse, after chasing the bench, ride the sofa?", "does the horse ride the sofa after chasing the bench"),
    ("Is it brown, the dog?", "is the dog brown"),
    ("I count three bikes, is that correct?", "are there exactly three bikes"),
    ("Someone said my tree is green. Is the tree in the photo green?", "is the tree green"),
    ("Mommy, what's the cat kicking there?", "what is the cat kicking"),
    ("Is it by the horse that the umbrella is being pushed?", "is the umbrella being pushed by the horse"),
    ("I should be grateful if you would tell me by whom the tree is being looked at.", "who looks at the tree"),
    ("Dog on the bench?", "is there a dog on the bench"),
    ("No benches in this one, right?", "are there no benches"),
    # numbers
    ("How many fewer cups are there than benches?", "how many more benches than cups are there"),
    ("By how many do the cars exceed the umbrellas in number?", "how many more cars than umbrellas are there"),
    ("Same number of suitcases as bikes?", "are there as many suitcases as bikes"),
    ("Are there more cats with umbrellas than without?",
     "are there more cats with umbrellas than cats without umbrellas"),
    ("Determine whether the number of bikes exceeds the number of cups.", "are there more bikes than cups"),
    ("Is there just the one cup?", "is there exactly one cup"),
    ("There can't be more than three cars in here, can there?", "are there no more than three cars"),
    ("Are there two or three dogs?", "are there two dogs or three dogs"),
    # who has it
    ("Is the dog touching the person's ball?", "is the dog touching the ball that the person has"),
    ("Is the person empty-handed?", "is the person not holding anything"),
    ("What does the person have in her hand?", "what does the person hold"),
    ("Whose umbrella is it?", "who has the umbrella"),
    # which of them
    ("Which cat is looking at the ball, the blue one or the red one?",
     "Which cat is looking at the ball, the blue cat or the red cat?"),
    ("Are there horses other than the one chasing the kite?", "are there horses other than the horse chasing the kite"),
    ("Is the cup beside the bench larger than the one in front of the car?",
     "is the cup beside the bench larger than the cup in front of the car"),
    ("What on the bench is red?", "which thing that is on the bench is red"),
    ("Are the dog and cat chasing the ball?", "are the dog and the cat chasing the ball"),
]  # fmt: skip

PROGRAMS = [
    ("Is the sofa green and the suitcase yellow?",
     "all_of(has_attribute(the(find(couch)), green, colour), has_attribute(the(find(suitcase)), yellow, colour))"),
    ("Is the person looking at the suitcase and the cat the mug?",
     "all_of(holds(the(find(person)), looking at, the(find(suitcase))), "
     "holds(the(find(cat)), looking at, the(find(cup))))"),
    ("Is the person throwing the ball and not the cup?",
     "all_of(holds(the(find(person)), throwing, the(find(sports ball))), "
     "not(holds(the(find(person)), throwing, the(find(cup)))))"),
    ("Is the person riding the horse but not holding anything?",
     "all_of(holds(the(find(person)), riding, the(find(horse))), "
     "not(holds(the(find(person)), holding, find(anything))))"),
    ("Is the dog chasing the ball while the cat is not?",
     "all_of(holds(the(find(dog)), chasing, the(find(sports ball))), "
     "not(holds(the(find(cat)), chasing, the(find(sports ball)))))"),
    ("Is at least one of the suitcase and the kite blue?",
     "any_of(has_attribute(the(find(suitcase)), blue, colour), has_attribute(the(find(kite)), blue, colour))"),
    ("Are any of the dogs not brown?", "exists(except(find(dog), having(find(dog), brown, colour)))"),
    ("Is at least one of the dogs not brown?",
     "count_is(except(find(dog), having(find(dog), brown, colour)), 1, yes)"),
    ("Is the dog touching anything red?", "holds(the(find(dog)), touching, having(find(anything), red, colour))"),
    ("Which balls does no dog look at?",
     "which(except(find(sports ball), related(find(sports ball), ~looking at, find(dog))))"),
    ("Which ball isn't the dog touching?",
     "which(except(find(sports ball), related(find(sports ball), ~touching, the(find(dog)))))"),
    ("Does the dog hold more umbrellas than the horse does?",
     "compare_counts(related(find(umbrella), ~holding, the(find(dog))), more, "
     "related(find(umbrella), ~holding, the(find(horse))))"),
    ("Is the ball the only thing the person is holding?",
     "not(exists(related(except(find(anything), the(find(sports ball))), ~holding, the(find(person)))))"),
    ("Is there somebody holding the suitcase who is throwing the kite?",
     "exists(related(related(find(person), holding, the(find(suitcase))), throwing, the(find(kite))))"),
    ("Is there something that both the person and the horse are kicking?",
     "exists(related(related(find(anything), ~kicking, the(find(person))), ~kicking, the(find(horse))))"),
    ("Is the dog brown, white or black?", "choose_value(the(find(dog)), brown|white|black, colour)"),
    ("Is the animal on the bench a dog or a cat?",
     "choose(which(the(related(find(dog|cat|horse), on|riding, the(find(bench))))), dog|cat)"),
    ("Are there at least as many cars as suitcases?", "not(compare_counts(find(car), less, find(suitcase)))"),
    ("Does the sofa occupy a larger area than the suitcase?",
     "compare(the(find(couch)), area, more, the(find(suitcase)))"),
    ("Is the one holding the ball riding the horse?",
     "holds(the(related(find(anything), holding, the(find(sports ball)))), riding, the(find(horse)))"),
    ("There are not more than three cars.", "not(count_is(find(car), 4, yes))"),
]  # fmt: skip


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(templates.VOCABULARY), {}, frozenset({"colour", "material"}))


@pytest.mark.parametrize(("asked", "plain"), READS_AS)
def test_other_words_ask_the_same(parser, asked, plain):
    one, other = parser.question(asked).questions, parser.question(plain).questions
    assert one and other and one[0].line == other[0].line


@pytest.mark.parametrize(("asked", "line"), PROGRAMS)
def test_what_is_asked(parser, asked, line):
    assert parser.question(asked).questions[0].line == line


@pytest.mark.parametrize(
    "asked",
    [
        "Can dogs ride horses?",
        "Would you pet the dog?",
        "Is the dog about to catch the ball?",
        "What will the dog do next?",
        "I'm standing at the tree. What is left of the car for somebody else?",
        "Count three dogs",
        "What is the dog's name?",
        "Is the person afraid of the dog?",
        "Who is with the dog?",
        "What would happen if the dog caught the ball?",
    ],
)
def test_what_nothing_answers_is_not_read(parser, asked):
    assert not parser.question(asked).questions
