"""Questions as people type them, with the answers that are right; see questions/*.tsv."""

import pytest

from assistant import Assistant
from tests.assistant.questions_check import right, rows
from tests.assistant.scenes import birthday, riders

FILES = {
    "first.tsv": riders,
    "second_image.tsv": riders,
    "third_image.tsv": riders,
    "fourth_image.tsv": riders,
    "second_video.tsv": birthday,
    "fourth_video.tsv": birthday,
    "third_video.tsv": birthday,
}


@pytest.fixture(scope="module", params=FILES)
def asked(request):
    return request.param, Assistant(FILES[request.param]())


def test_every_question_of_the_file_is_answered_right(asked):
    name, assistant = asked
    wrong = {
        question: (str(answer.status), answer.short)
        for question, status, short in rows(name)
        if not right(answer := assistant.ask(question), status, short)
    }
    assert not wrong


@pytest.mark.parametrize(
    ("question", "line"),
    [
        ("Who is riding the horse?", "which(related(find(person), riding, the(find(horse))))"),
        ("Which horse is ridden by a person?", "which(related(find(horse), ~riding, find(person)))"),
        ("What is behind the tree?", "which(related(find(anything), ~in front of, the(find(tree-merged))))"),
        ("Is there a dog?", "exists(find(dog))"),
        ("How many people are there?", "count(find(person))"),
        ("Is the dog to the left of the ball?", "is_placed(the(find(dog)), left of, the(find(sports ball)))"),
        ("What colour is the car?", "attribute_of(the(find(car)), colour)"),
        ("where are the dogs", "locate(the(find(dog), yes))"),
        ("is the woman holding a cup", "holds(the(called(find(person), woman)), holding, find(cup))"),
        ("Are both dogs running?", "holds(find(dog), running on, find(anything), yes)"),
        ("at 3 s, what is the dog doing?", "during(doing(the(find(dog))), seconds(3, 3))"),
        (
            "what is the dog doing before the person rides the horse",
            "during(doing(the(find(dog))), before(holds(the(find(person)), riding, the(find(horse)))))",
        ),
    ],
)
def test_programs_that_questions_are_read_into(question, line):
    assert Assistant(riders()).parser.question(question).questions[0].line == line
