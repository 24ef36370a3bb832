"""Questions that point at places and times."""

import numpy as np
import pytest

from assistant import Assistant, Status
from assistant.region_places import BY_BOXES
from assistant.regions import regions_of, select
from scenegraph import InputError, Mask
from tests.assistant.scenes import HEIGHT, WIDTH, birthday, riders


@pytest.fixture(scope="module")
def assistant():
    return Assistant(riders())


def mask(x1, y1, x2, y2):
    array = np.zeros((HEIGHT, WIDTH), dtype=bool)
    array[y1:y2, x1:x2] = True
    return Mask.from_array(array)


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is <point 16,12> holding?", "umbrella-1"),  # person-1 lies before the tree
        ("What is <box 40,26,47,33> chasing?", "sports ball-1"),
        ("What is <box 41,25,48,33> chasing?", "sports ball-1"),
        ("Who is riding <point 12.5, 30>?", "person-1"),
        ("What is < point 43 28 > chasing?", "sports ball-1"),
    ],
)
def test_regions_in_the_text(assistant, question, short):
    answer = assistant.ask(question)
    assert answer.short == short and answer.question == question and answer.notes


def test_regions_beside_the_question(assistant):
    (point,) = regions_of([{"point": [16, 12]}])
    assert assistant.ask("What is this holding?", [point]).short == "umbrella-1"
    assert assistant.ask("What is this person holding?", [point]).short == "umbrella-1"
    assert assistant.ask("What is <region 0> holding?", [point]).short == "umbrella-1"
    answer = assistant.ask("Is there a dog?", [point])
    assert answer.short == "yes" and "region 0 is not referred to" in answer.notes[0]
    (area,) = regions_of([{"mask": mask(40, 26, 47, 33).to_coco()}])
    assert assistant.ask("What is <region 0> chasing?", [area]).short == "sports ball-1"


def test_a_loose_box_means_what_lies_inside(assistant):
    (box,) = regions_of([{"box": [38, 24, 56, 36]}])
    assert set(select(assistant.index, box)) >= {3, 4, 12}
    assert 6 not in select(assistant.index, box)  # the grass is elsewhere too
    (area,) = regions_of([{"mask": mask(38, 24, 56, 36).to_coco()}])
    assert {3, 4} <= set(select(assistant.index, area))


def test_a_stroke_across_a_node_means_that_node(assistant):
    for area in ({"mask": mask(15, 10, 18, 13).to_coco()}, {"box": [15, 10, 18, 13]}):
        assert assistant.ask("What is this holding?", regions_of([area])).short == "umbrella-1"


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("Who is in <box 0,0,30,48>?", "person-1"),
        ("How many people are in <box 45,26,60,43>?", "1"),
        ("Which people are not inside <box 0,0,30,48>?", "person-2 and person-3"),
        ("What is the person within <box 0,0,30,48> holding?", "umbrella-1"),
        ("Is the person in <box 0,0,30,48> bigger than the dog in <box 38,24,49,36>?", "yes"),
        ("What is in <box 39,25,48,34>?", "dog-1"),  # the box of the dog, in which nothing is by a relation
        ("What is in the bottom right of the picture and in <box 45,26,60,43>?", "bench-1, person-3 and sandwich-1"),
        ("Is there a dog in <box 0,0,30,48>?", None),  # it is elsewhere; the horse that lies there is no dog
    ],
)
def test_what_lies_in_a_region(assistant, question, short):
    answer = assistant.ask(question)
    assert answer.short == short if short else answer.status is not Status.ANSWERED
    assert answer.question == question and answer.notes


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("How many dogs are in <box 60,40,63,47>?", "The graph shows 0 dogs there."),  # nothing lies there at all
        ("How many dogs are in <box 0,34,6,47>?", "The graph shows 0 dogs among grass-1."),
        ("Is the dog in <box 0,0,30,48>?", "No. dog-1 is at the right of the picture."),
        ("Is the dog in <box 60,40,63,47>?", "No. dog-1 is at the right of the picture."),
    ],
)
def test_boxes_tell_that_nothing_lies_in_a_region(assistant, question, text):
    answer = assistant.ask(question)
    assert answer.status is Status.ANSWERED and answer.text == text
    assert (answer.notes[-1] == BY_BOXES) == (answer.short == "0")
    assert BY_BOXES not in Assistant(riders(), closed_world=True).ask(question).notes


@pytest.mark.parametrize("question", ["Who is in <box 60,40,63,47>?", "Is there a dog in <box 60,40,63,47>?"])
def test_what_the_graph_may_lack_in_a_region_is_left_open(assistant, question):
    answer = assistant.ask(question)
    assert answer.short == "not shown" and answer.text.endswith(" there.")
    assert "holds no node of the graph" in answer.notes[-1]


def test_what_is_here(assistant):
    (box,) = regions_of([{"box": [45, 26, 60, 43]}])
    assert set(assistant.ask("What is here?", [box]).nodes) == {4, 10, 11, 12, 15}
    assert assistant.ask("Is there a person here?", [box]).short == "yes"
    dog = assistant.ask("Is there a dog in this area?", [box])
    assert dog.status is Status.UNANSWERABLE and "a dog among sports ball-1" in dog.text
    assert Assistant(riders(), closed_world=True).ask("Is there a dog here?", [box]).short == "no"
    two = regions_of([{"box": [45, 26, 60, 43]}, {"mask": mask(0, 0, 30, 48).to_coco()}])
    assert assistant.ask("How many people are in <region 1>?", two).nodes == (0,)


def test_stretches_of_time():
    assistant = Assistant(birthday())
    assert "frames 0-5" in assistant.ask("What is the child doing <frames 0,5>?").text
    assert assistant.ask("Is the dog chasing the ball <time 4,5>?").short == "yes"
    assert assistant.ask("Is the dog chasing the ball <time 0,1>?").short != "yes"
    (span,) = regions_of([{"time": [4, 5]}])
    assert assistant.ask("Is the dog chasing the ball?", [span]).short == "yes"
    (there,) = regions_of([{"point": [36, 26], "frame": 20}])
    assert assistant.ask("What is this chasing?", [there]).short == "ball-1"
    assert assistant.ask("What is <point 36,26 @ 20> chasing?").short == "ball-1"


@pytest.mark.parametrize(
    "question",
    [
        *("What is <point 1> doing?", "<box 5,5,1,1> what?", "<point 900,3>?", "<time 9,3>", "<frames 0.5,1>"),
        *("<region 3>?", "<point 1,1 @ 7>", "<point -1,1>", "<box 1,2,3> what", "<point 1,2>" * 20),
    ],
)
def test_regions_that_cannot_be(assistant, question):
    with pytest.raises(InputError):
        assistant.ask(question)


@pytest.mark.parametrize(
    "value",
    [
        *(
            {},
            {"point": [1]},
            {"point": ["1", 2]},
            {"point": [1, 2], "box": [1, 2, 3, 4]},
            {"point": [float("nan"), 2]},
        ),
        *(
            {"point": [1, 2], "frame": -1},
            {"mask": "x"},
            {"mask": {"size": [9, 9], "counts": "\x00"}},
            {"time": [5, 1]},
        ),
        *({"box": [1, 2, 3, True]}, {"point": [1e300, 2]}, {"path": "/etc/passwd"}, 3),
    ],
)
def test_values_that_are_no_region(value):
    with pytest.raises(InputError):
        regions_of([value])


def test_a_mask_of_another_picture_is_refused(assistant):
    (area,) = regions_of([{"mask": Mask.from_array(np.ones((4, 4), dtype=bool)).to_coco()}])
    with pytest.raises(InputError, match="it has no pixel"):
        regions_of([{"mask": mask(0, 0, 0, 0).to_coco()}])
    with pytest.raises(InputError, match="the mask is of"):
        assistant.ask("What is this?", [area])


def test_hostile_text_takes_no_time(assistant):
    for text in ("<point 1" + " " * 100_000, "<" * 100_000, "<point 1,2> " * 20_000, "that " * 20_000):
        try:
            assert assistant.ask(text).status is Status.UNPARSED
        except InputError as error:
            assert "no more than" in str(error)


def test_a_mask_of_an_absurd_size_is_refused(assistant):
    with pytest.raises(InputError):
        (area,) = regions_of([{"mask": {"size": [10**9, 10**9], "counts": [10**18]}}])
        assistant.ask("What is this?", [area])


def test_nothing_is_there():
    assistant = Assistant(birthday())
    with pytest.raises(InputError, match="nothing at point 63, 1"):
        assistant.ask("What is <point 63,1> doing?")


def test_angle_brackets_that_are_no_regions(assistant):
    assert assistant.ask("Is 3 < 4 > 2?").status is Status.UNPARSED
