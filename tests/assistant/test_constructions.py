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


@pytest.mark.parametrize(
    ("asked", "plain"),
    [
        ("Is the dog farther from the camera than the cat is?", "Is the dog farther from the camera than the cat?"),
        ("Did the dog move faster than the cat did?", "Is the dog faster than the cat?"),
        ("The umbrella, who has it?", "Who has the umbrella?"),
        ("How long can you see the cup for?", "How long is the cup visible?"),
        ("Are there more dogs than cats in here?", "Are there more dogs than cats?"),
        ("What's in between the dog and the car in the room?", "What is between the dog and the car?"),
        ("Which went on for longer: the dog chasing the ball or the man holding the cup?",
         "Which lasts longer: the dog chasing the ball or the man holding the cup?"),
        ("Where did you see the suitcase?", "Where is the suitcase?"),
        ("From where the dog is, is the car to the left of the bench?",
         "Is the car to the left of the bench as seen from the dog?"),
        ("How many people are there in the last frame?", "How many people are there at the end?"),
        ("Which cats moved during the video?", "Which cats moved?"),
        ("Grandma would like to know what the dog is looking at.", "What is the dog looking at?"),
        ("My daughter says the car is white, is it?", "Is it true that the car is white?"),
        ("Is the car red or blue? I'm colour blind.", "Is the car red or blue?"),
        ("I work at night, so is there a car behind the dog?", "Is there a car behind the dog?"),
        ("Standing at the car and looking at the dog, is the cat to the left of the dog?",
         "Is the cat to the left of the dog as seen from the car?"),
        ("Does anyone hold the cup in the last five seconds?", "Does anyone hold the cup in the last 5 seconds?"),
        ("Who is tallest: the man, the dog or the horse?", "Of the man, the dog and the horse, who is tallest?"),
    ],
)  # fmt: skip
def test_other_words_for_the_same_question(asked, plain):
    parser = Assistant(riders()).parser
    assert parser.question(asked).questions[0] == parser.question(plain).questions[0]


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        (
            "Is neither the dog nor the cat chasing the ball?",
            "not(any_of(holds(the(find(dog)), chasing, the(find(sports ball))), "
            "holds(the(find(cat)), chasing, the(find(sports ball)))))",
        ),
        (
            "Is exactly one of the dog and the cat chasing the ball?",
            "exactly_one_of(holds(the(find(dog)), chasing, the(find(sports ball))), "
            "holds(the(find(cat)), chasing, the(find(sports ball))))",
        ),
        (
            "Is the dog chasing the ball and the cat kicking the cup?",
            "all_of(holds(the(find(dog)), chasing, the(find(sports ball))), "
            "holds(the(find(cat)), kicking, the(find(cup))))",
        ),
        ("Is exactly one of the dogs brown?", "count_is(having(find(dog), brown, colour), 1)"),
        ("Which dog or horse is taller?", "which(superlative(union(find(dog), find(horse)), box height))"),
        ("Which dog has the smallest volume?", "which(superlative(find(dog), volume, yes))"),
        (
            "Does the dog chase the ball but not the cat?",
            "all_of(holds(the(find(dog)), chasing, the(find(sports ball))), "
            "not(holds(the(find(dog)), chasing, the(find(cat)))))",
        ),
        ("Is only one of the dogs brown?", "count_is(having(find(dog), brown, colour), 1)"),
        ("Is the car made of wood?", "has_attribute(the(find(car)), wooden, material)"),
        ("Which one is closer to the camera, the dog or the cat?",
         "which(superlative(union(the(find(dog)), the(find(cat))), distance, yes))"),
        ("Did the dog stay where it was?", "exists(moved(the(find(dog)), yes))"),
        ("How does frame 8 differ from frame 2?", "changed(frames(2, 3), frames(8, 9))"),
        ("Which of the dogs moved?", "which(moved(find(dog)))"),
        ("How many of the dogs moved?", "count(moved(find(dog)))"),
        ("How many cars stayed still?", "count(moved(find(car), yes))"),
        ("Did all the dogs move?", "not(exists(moved(the(find(dog), yes), yes)))"),
        ("Did any of the dogs move?", "exists(moved(the(find(dog), yes)))"),
        ("Did the dogs stay still?", "not(exists(moved(the(find(dog), yes))))"),
        ("How far has the dog come from its starting place?", "measure(the(find(dog)), displacement)"),
        ("How far did the dog move?", "measure(the(find(dog)), path length)"),
        ("How high above the bench is the cup?", "bearing(the(find(cup)), the(find(bench)), world)"),
        ("Which animal is closer to the ball, the dog or the cat?",
         "which(nearest(union(the(find(dog)), the(find(cat))), the(find(sports ball))))"),
        ("Is the dog closer to the car or to the bench?",
         "which(nearest(union(the(find(car)), the(find(bench))), the(find(dog))))"),
        ("Is anything more than 2 metres from the dog?",
         "exists(except(find(anything), within(find(anything), 2, the(find(dog)))))"),
        ("Is the cat more than 2 metres from the dog?", "not(exists(within(the(find(cat)), 2, the(find(dog)))))"),
        ("What colour umbrella is the person holding?",
         "attribute_of(the(related(find(umbrella), ~holding, the(find(person)))), colour)"),
        ("What kind of vehicle is this?", "which(find(bicycle|car))"),
        ("Which dogs are not brown?", "which(except(find(dog), having(find(dog), brown, colour)))"),
        ("Which did the dog do first, chase the ball or kick the cup?",
         "first(holds(the(find(dog)), chasing, the(find(sports ball))), "
         "holds(the(find(dog)), kicking, the(find(cup))))"),
        ("Did the dog chase the ball and then kick the cup?",
         "during(holds(the(find(dog)), kicking, the(find(cup))), "
         "after(holds(the(find(dog)), chasing, the(find(sports ball)))))"),
        ("What did the dog chase for the longest time?", "longest(holds(the(find(dog)), chasing, find(anything)))"),
        ("Which dog appears first?", "first(seen(find(dog)))"),
        ("Does the dog appear before the cat?", "first(seen(the(find(dog))), seen(the(find(cat))))"),
        ("Who holds the cup during the chase?",
         "during(which(related(find(person), holding, the(find(cup)))), "
         "while(holds(find(anything), chasing, find(anything))))"),
        ("Is there nobody riding the horse?", "not(holds(find(person), riding, the(find(horse))))"),
        ("Is there another dog?", "count_is(find(dog), 2, yes)"),
        ("Is the dog in front of or behind the car?",
         "any_of(holds(the(find(dog)), in front of, the(find(car))), "
         "holds(the(find(dog)), ~in front of, the(find(car))))"),
    ],
)  # fmt: skip
def test_each_word_of_a_question_counts(asked, line):
    assert Assistant(riders()).parser.question(asked).questions[0].line == line


@pytest.mark.parametrize(
    "asked",
    [
        "What is the name of the person riding the horse?",
        "Which starts last: the dog chasing the ball or the man holding the cup?",
        "Which ends first: the dog chasing the ball or the man holding the cup?",
        "What is 2.3 m away?",
        "Could the dog jump over the bench?",
        "I only care about red cars, how many cars are there?",
        "How many cars are there? I mean the red ones.",
        "Is the dog in the room with the cat?",
        "Who is with the dog?",
        "Is the dog together with the cat?",
        "Is the dog looking happy?",
        "What happens next?",
        "How close are the dogs?",
        "Is the number of dogs even?",
        "What kind of dog is this?",
    ],
)
def test_what_no_program_asks_is_left_unread(asked):
    assert not Assistant(riders()).parser.question(asked).questions


def test_what_the_grammar_reads_to_its_end_is_left_to_it():
    found = Assistant(riders()).parser.question("What connects the dog with the cup?").questions
    assert [question.line for question in found] == ["path(the(find(dog)), the(find(cup)))"]
