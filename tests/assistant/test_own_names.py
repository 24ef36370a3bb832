"""Nodes that have names of their own in the data."""

import pytest

from assistant import Assistant, Status, Words
from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary

WORDS = Vocabulary(("car", "person"), (), ("behind", "looking at"))


def street(*names):
    """Cars of these names, each behind the one before; a person called Alice looks at the first."""
    place = Segment.from_box((0, 0, 4, 4), 8, 8)
    nodes = [Node(at, 0, place, attributes={"name": name}) for at, name in enumerate(names)]
    nodes.append(Node(50, 1, place, attributes={"name": "Alice"}))
    ties = [Relation(at, 0, at - 1) for at in range(1, len(names))]
    return SceneGraph(Source("image", "a.png", 8, 8), tuple(nodes), (*ties, Relation(50, 1, 0)), WORDS)


@pytest.mark.parametrize(
    ("question", "nodes"),
    [
        ("What is Van1 behind?", (0,)),
        ("What is behind the ego-vehicle?", (1,)),
        ("What is Alice looking at?", (0,)),
        ("Who is looking at Ego-Vehicle?", (50,)),
        ("What is truck no 7 behind?", (1,)),
    ],
)
def test_a_node_is_asked_about_by_its_own_name(question, nodes):
    answer = Assistant(street("Ego-vehicle", "Van1", "Truck No 7")).ask(question)
    assert (answer.status, answer.nodes) == (Status.ANSWERED, nodes)


def test_statements_may_use_it():
    assistant = Assistant(street("Ego-vehicle", "Van1"))
    assert assistant.verify("Van1 is behind Ego-vehicle.").supported
    assert not assistant.verify("Ego-vehicle is behind Van1.").supported


def test_a_name_that_means_something_else_changes_nothing():
    """Two of one name, the name of a class, a synonym of the user, the label of another node, no word at all."""
    assistant = Assistant(
        street("Twin", "Twin", "car", "motor", "the car", "car 1", "", 7, "2"), words=Words(same=(("car", "motor"),))
    )
    assert assistant.ask("How many cars are there?").short == "9"
    assert assistant.ask("How many motors are there?").short == "9"
    assert assistant.ask("What is car-1 looking at?").status is not Status.ANSWERED
    assert assistant.ask("What is car 1 behind?").nodes == ()
    assert assistant.ask("What is behind Twin?").status is Status.UNPARSED
