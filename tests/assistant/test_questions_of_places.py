"""Questions in English about parts of the picture, about equal values, and about all of the time."""

import pytest

from assistant import Assistant, Verdict
from assistant.lexicon import lexicon_of
from assistant.parser import Parser
from assistant.program_line import from_line
from tests.assistant.scenes import VOCABULARY, birthday, riders

CHASE = "holds(the(find(dog)), chasing, the(find(sports ball)))"
BENCH = "holds(the(find(dog)), on|sitting on|standing on|walking on|running on|parked on|riding, the(find(bench)))"
LEFT, TOP = "left half|right half", "top half|bottom half"


@pytest.fixture(scope="module")
def parser():
    return Parser(lexicon_of(VOCABULARY), {}, frozenset({"colour", "material", "size"}))


@pytest.mark.parametrize(
    ("question", "program"),
    [
        ("Is the dog on the left side of the picture?", "exists(in_picture(the(find(dog)), left))"),
        ("Is the dog on the left?", "exists(in_picture(the(find(dog)), left))"),
        ("Is the dog at the bottom of the frame?", "exists(in_picture(the(find(dog)), bottom))"),
        ("Is the dog not on the left side of the image?", "not(exists(in_picture(the(find(dog)), left)))"),
        ("Are the dogs on the left side of the image?", "not(exists(in_picture(the(find(dog), yes), left, yes)))"),
        ("Is there a dog in the upper right corner?", "exists(in_picture(find(dog), top right))"),
        ("What is in the top right corner of the photo?", "which(in_picture(find(anything), top right))"),
        ("In the bottom left corner, what is there?", "which(in_picture(find(anything), bottom left))"),
        ("On the left side of the photo, is there a dog?", "exists(in_picture(find(dog), left))"),
        ("How many people are on the left side of the photo?", "count(in_picture(find(person), left))"),
        ("Who is in the centre of the image?", "which(in_picture(find(person), middle))"),
        ("Which dogs are in the lower half?", "which(in_picture(find(dog), bottom half))"),
        ("Which dogs are not in the top half of the image?", "which(in_picture(find(dog), top half, yes))"),
        (
            "What colour is the car on the left side of the image?",
            "attribute_of(the(in_picture(find(car), left)), colour)",
        ),
        (
            "What is the person in the middle holding?",
            "which(related(find(anything), ~holding, the(in_picture(find(person), middle))))",
        ),
        (
            "Is the person on the left-hand side riding the horse?",
            "holds(the(in_picture(find(person), left)), riding, the(find(horse)))",
        ),
        ("Is the dog on the left or on the right of the photo?", f"choose_part(the(find(dog)), {LEFT})"),
        ("Is the dog on the left or on the right?", f"choose_part(the(find(dog)), {LEFT})"),
        ("Is the dog in the top or in the bottom half of the image?", f"choose_part(the(find(dog)), {TOP})"),
        ("On which side of the photo is the dog?", f"choose_part(the(find(dog)), {LEFT})"),
        ("Which side of the picture is the dog on?", f"choose_part(the(find(dog)), {LEFT})"),
        # as before: of several, the one that is furthest to a side
        ("What colour is the car on the left?", "attribute_of(the(extreme(find(car), left)), colour)"),
        ("Who is furthest to the left in the picture?", "which(extreme(find(person), left))"),
        ("Is the dog on the left of the car?", "is_placed(the(find(dog)), left of, the(find(car)))"),
        (
            "How many things have the same colour as the bike?",
            "count(sharing(find(anything), the(find(bicycle)), colour))",
        ),
        ("How many other things are the same size as the car?", "count(sharing(find(anything), the(find(car)), size))"),
        (
            "Is there anything else that is the same color as the car?",
            "exists(sharing(find(anything), the(find(car)), colour))",
        ),
        (
            "Which other things are made of the same material as the bench?",
            "which(sharing(find(anything), the(find(bench)), material))",
        ),
        ("Is there another cup of the same colour as the car?", "exists(sharing(find(cup), the(find(car)), colour))"),
        (
            "What is the other thing that has the same shape as the cup holding?",
            "which(related(find(anything), ~holding, the(sharing(find(anything), the(find(cup)), shape))))",
        ),
        ("What is the same colour as the dog?", "which(sharing(find(anything), the(find(dog)), colour))"),
        ("Which dogs share the colour of the cat?", "which(sharing(find(dog), the(find(cat)), colour))"),
        ("Is any dog the same colour as the cat?", "exists(sharing(find(dog), the(find(cat)), colour))"),
        ("Does anything have the same shape as the cup?", "exists(sharing(find(anything), the(find(cup)), shape))"),
        ("Is the car the same colour as the dog?", "alike(union(the(find(car)), the(find(dog))), colour)"),
        *(
            (f"Is the dog chasing the ball {words}?", f"always({CHASE})")
            for words in (
                *("the whole time", "throughout the video", "throughout", "during the entire clip", "in every frame"),
                *("from start to end", "from the beginning to the end of the video", "in all frames"),
                *("without a break", "all the time", "for the full length of the video"),
            )
        ),
        ("Does the dog overlap the bench?", "is_placed(the(find(dog)), overlapping, the(find(bench)))"),
        ("Are the dog and the cat overlapping?", "is_placed(the(find(dog)), overlapping, the(find(cat)))"),
        ("Which things overlap with the car?", "which(placed(find(anything), overlapping, the(find(car))))"),
        ("What does the cup overlap?", "which(placed(find(anything), overlapping, the(find(cup))))"),
        ("When does the dog overlap the cat?", "when(is_placed(the(find(dog)), overlapping, the(find(cat))))"),
        (
            "Are the dogs always chasing the ball?",
            "always(holds(the(find(dog), yes), chasing, the(find(sports ball)), yes))",
        ),
        ("Does the dog constantly chase the ball?", f"always({CHASE})"),
        ("Does the dog stay on the bench the whole time?", f"always({BENCH})"),
        ("Has the dog been on the bench throughout?", f"always({BENCH})"),
        ("Is the cat visible throughout?", "always(seen(the(find(cat))))"),
        ("Is there a dog throughout the video?", "always(seen(find(dog)))"),
        ("Does the dog stay on the bench?", BENCH),
        ("Does the dog stay still the whole time?", "exists(moved(the(find(dog)), yes))"),
        ("Does the dog never chase the ball?", f"not({CHASE})"),
    ],
)
def test_questions(parser, question, program):
    found = parser.question(question).questions
    assert found and found[0] == from_line(program), [one.line for one in found]


@pytest.mark.parametrize(
    "question",
    [
        "What's on the left?",  # of what, of whom?
        "What is in the middle of the video?",  # of its pictures, or of its time?
        "Is the dog in the middle of the road?",
        "Is the dog in the upper left of the car?",
    ],
)
def test_what_may_mean_something_else_is_not_read(parser, question):
    assert parser.question(question).questions == ()


def test_marks_of_ours_are_never_told_as_unknown_words(parser):
    assert "@left" not in parser.question("flarb the dog on the left side of the picture").unknown


@pytest.mark.parametrize(
    ("graph", "question", "short"),
    [
        (riders, "Is the dog on the left side of the picture?", "no"),
        (riders, "Is the dog on the left or on the right?", "right"),
        (riders, "Who is on the left side of the photo?", "person-1"),
        (riders, "How many people are in the left half of the image?", "2"),
        (birthday, "Is the cake on the table the whole time?", "yes"),
        (birthday, "Is the child sitting on the floor throughout?", "no"),
        (birthday, "Is the dog chasing the ball from start to end?", "not shown"),
    ],
)
def test_answers(graph, question, short):
    assert Assistant(graph()).ask(question).short == short


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("The cake is on the table the whole time.", Verdict.SUPPORTED),
        ("The child is sitting on the floor throughout the video.", Verdict.CONTRADICTED),
        ("The dog is chasing the ball from start to end.", Verdict.NOT_IN_GRAPH),
        ("Throughout the video, the cake is on the table.", Verdict.SUPPORTED),
        ("There is a child throughout the video.", Verdict.SUPPORTED),
        ("There is always a cup.", Verdict.NOT_IN_GRAPH),
    ],
)
def test_statements_about_all_of_the_time_are_verified(text, verdict):
    (claim,) = Assistant(birthday()).verify(text).claims
    assert claim.verdict is verdict


def test_of_two_claims_one_may_be_about_all_of_the_time():
    text = "The child is sitting on the floor throughout the video and the dog is chasing the ball."
    assert not Assistant(birthday()).verify(text).supported
    text = "The cake is on the table throughout the video and the dog is chasing the ball."
    assert Assistant(birthday()).verify(text).supported


def test_statements_about_places_are_verified():
    (claim,) = Assistant(riders()).verify("The dog is on the left side of the picture.").claims
    assert claim.verdict is Verdict.CONTRADICTED
