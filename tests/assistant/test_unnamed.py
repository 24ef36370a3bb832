"""He, she and it where nothing was named before, or two things were."""

import pytest

from assistant import Assistant, Reason, Status
from assistant.unnamed import with_person
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from tests.assistant.scenes import riders


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("What is he holding?", "what is the person holding?"),
        ("Is the dog beside her?", "is the dog beside the person?"),
        ("What colour is her cup?", "what colour is the person's cup?"),
        ("Is he touching his own cup?", "is the person touching the person's cup?"),
        ("Is he looking at her?", None),  # two people
        ("Is he taller than the man?", None),  # the man, or another
        ("What is it holding?", None),
    ],
)
def test_the_person_is_meant(text, said):
    assert with_person(text, "the person", {"man", "person"}.__contains__, {"cup"}.__contains__) == said


@pytest.mark.parametrize(
    ("question", "short"),
    [
        ("What is it?", "the colour of dog-1 is brown and dog-1 is running on grass-1"),
        ("Is it a dog?", "yes"),
        ("What animal is it?", "dog-1"),
        ("What colour is it?", "brown"),
        ("What is it doing?", "running on grass-1"),
        ("Where is it?", "dog-1 is running on grass-1"),
        ("What's its colour?", "brown"),
    ],
)
def test_it_is_the_one_thing(question, short):
    place = Segment.from_box((0, 0, 2, 2), 4, 4)
    words = Vocabulary(("dog", "cat"), ("grass",), ("running on",))
    nodes = Node(3, 0, place, attributes={"colour": "brown"}), Node(4, 2, place)
    graph = SceneGraph(Source("image", "a dog", 4, 4), nodes, (Relation(3, 0, 4),), words)
    assert Assistant(graph).ask(question).short == short
    assert Assistant(riders()).ask(question).status is Status.UNPARSED


def kitchen(*relations: tuple[int, str, int, int, int]) -> SceneGraph:
    """Ten frames with person 0, cup 1 and table 2."""
    words = Vocabulary(("person", "cup", "table"), (), ("holding", "on", "sitting on"))
    tube = Tube({frame: Segment.from_box((0, 0, 2, 2), 4, 4) for frame in range(10)})
    nodes = tuple(Node(at, at, tube) for at in range(3))
    ties = tuple(
        Relation(subject, words.predicate_id(predicate), other, spans=(Span(start, stop),))
        for subject, predicate, other, start, stop in relations
    )
    return SceneGraph(Source("video", "kitchen", 4, 4, 10, 5.0), nodes, ties, words)


CUP_FIRST = ((1, "on", 2, 0, 4), (0, "holding", 1, 4, 8))
TABLE_HELD = ((1, "on", 2, 0, 4), (0, "holding", 2, 4, 8))
BOTH_HELD = ((1, "on", 2, 0, 8), (0, "holding", 2, 2, 8), (0, "holding", 1, 6, 8))


def test_he_is_the_one_person():
    assistant = Assistant(kitchen(*CUP_FIRST))
    assert assistant.ask("What is he holding?").short == "cup-1"
    assert assistant.ask("How many times does she hold the cup?").short == "1 time"
    assert assistant.ask("Was the cup on the table before he held it?").short == "yes"


def test_several_people_are_asked_back():
    assistant = Assistant(riders())
    answer = assistant.ask("What is she holding?")
    assert (answer.status, answer.reason) == (Status.AMBIGUOUS, Reason.AMBIGUOUS_REFERENT)
    assert answer.text == "'she' may mean person-1, person-2 or person-3; which one?"
    asked = [{"role": "user", "content": text} for text in ("What is she holding?", "person-1")]
    assert assistant.chat(asked).short == "umbrella-1"
    assert assistant.ask("Why does she smile?").status is Status.UNPARSED


def test_where_nobody_is_nobody_is_meant():
    nobody = kitchen()
    empty = SceneGraph(nobody.source, nobody.nodes[1:], (), nobody.vocabulary)
    assert Assistant(empty).ask("What is he holding?").status is Status.UNPARSED


@pytest.mark.parametrize(
    ("relations", "question", "window"),
    [
        (CUP_FIRST, "Was the cup on the table before the person held it?", "At 0-0.8 s"),
        (TABLE_HELD, "Was the cup on the table before the person held it?", "At 0-0.8 s"),
        (BOTH_HELD, "Was the cup on the table before the person held it?", "At 0-1.2 s"),
        (CUP_FIRST, "Was the cup on the table before it was held?", "At 0-0.8 s"),
    ],
)
def test_it_is_what_the_graph_shows_held(relations, question, window):
    answer = Assistant(kitchen(*relations)).ask(question)
    assert answer.text.startswith(f"{window} (frames") and answer.short == "yes"


def test_somebody_sits_on_that_on_which_something_is():
    program = Assistant(kitchen(*CUP_FIRST)).parser.question("Is the cup on the table after the person sits on it?")
    ends = [question.window.event.objects.line for question in program.questions]
    assert ends == ["the(find(table))", "the(find(cup))"]


def test_a_cup_is_not_called_he():
    found = Assistant(kitchen()).parser.question("Was the cup on the table before he held the person?").questions
    assert not found
