"""What is said where there is no answer: true of the graph, and of the question."""

from dataclasses import replace

import pytest

from assistant import Assistant, Reason
from assistant.program_line import from_line
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from tests.assistant.scenes import birthday, riders


@pytest.fixture(scope="module")
def picture():
    return Assistant(riders())


@pytest.fixture(scope="module")
def video():
    return Assistant(birthday())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("path(pick(14), pick(0))", "does not show a chain of relations between car-1 and person-1."),
        ("alike(pick(2|3), colour)", "does not record the colour of dog-1. It records: colour (of horse-1,"),
        ("alike(pick(3|9), colour)", "does not record the colour of dog-1 and cup-1."),
        ("common(pick(2|14))", "does not record anything that horse-1 and car-1 have in common."),
    ],
)
def test_what_is_shown_is_not_said_to_be_missing(picture, line, said):
    assert said in picture.run(from_line(line)).text


def test_that_a_place_is_not_known_is_no_attribute():
    graph = riders()
    nodes = tuple(replace(node, attributes={"located": False}) for node in graph.nodes)
    unplaced = replace(graph, nodes=nodes)
    program = from_line("attribute_of(the(find(horse)), colour)")
    answer = Assistant(unplaced).run(program)
    assert answer.text == "The graph does not record the colour of horse-1. It records no attributes."
    engine = SqliteExecutor(unplaced, min_score=0.3)
    for line in ("attribute_of(the(find(horse)), colour)", "count(having(find(anything), False, located))"):
        assert not list(disagreements(Assistant(unplaced).outcome(from_line(line)), engine.run(from_line(line))))
    assert "located" not in Assistant(unplaced).ask("Describe the horse.").text


def test_a_stretch_of_time_that_ends_before_it_begins(video):
    engine = SqliteExecutor(video.graph, min_score=0.3)
    for window in ("seconds(5, 2)", "frames(5, 2)"):
        program = from_line(f"during(doing(pick(2)), {window})")
        answer = video.run(program)
        assert answer.reason is Reason.OUTSIDE_TIME_RANGE and "ends before it begins" in answer.text
        assert not list(disagreements(video.outcome(program), engine.run(program)))
    assert video.run(from_line("during(doing(pick(2)), seconds(5, 5))")).short == "standing on floor-1"


def test_two_options_that_say_the_same(picture):
    for asked in (
        "Who rides the horse? A) person-1 B) person-1 C) the dog",
        "Who rides? Options: person-1, the person-1",
    ):
        answer = picture.ask(asked)
        assert answer.reason is Reason.AMBIGUOUS_REFERENT
        assert answer.text == "More than one of the options says the answer: person-1 is riding horse-1."
    assert picture.ask("Who rides the horse? A) dog-1 B) dog-1").reason is Reason.NO_CORRECT_OPTION
    assert picture.run(from_line("choose(count(find(person)), 3|three)")).reason is Reason.AMBIGUOUS_REFERENT


def test_less_is_not_more(picture, video):
    fewer = picture.run(from_line("more_by(count(find(dog)), count(find(person)))"))
    assert fewer.text.startswith("2 fewer: ") and fewer.short == "-2"
    shorter = from_line(
        "more_by(how_long(holds(pick(2), sitting on, pick(6))), how_long(holds(pick(1), holding, pick(7))))"
    )
    assert video.run(shorter).text.startswith("1 s (5 frames) less: ")
