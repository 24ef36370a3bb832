"""What a model does not believe is not an answer."""

import pytest

from assistant import Assistant
from scenegraph import InputError, Relation, SceneGraph
from tests.factories import VOCABULARY, park


def ranked() -> SceneGraph:
    """The park as a model ranks it: a hopeless relation at the end of the list."""
    graph = park()
    return SceneGraph(graph.source, graph.nodes, (*graph.relations, Relation(0, 1, 4, 0.01)), VOCABULARY)


def test_hopeless_relations_are_not_answers():
    answer = Assistant(ranked()).ask("What is the person holding?")
    assert answer.status == "answered" and answer.short == "ball-1"
    assert Assistant(ranked()).ask("Is the person holding the sky?").status == "unanswerable"


def test_all_relations_on_request():
    answer = Assistant(ranked(), min_score=0).ask("What is the person holding?")
    assert "sky-1" in answer.text and "ball-1" in answer.text


def test_numbers_of_relations_are_those_of_the_graph_that_is_used():
    assistant = Assistant(ranked())
    (cited,) = [c for c in assistant.ask("What is the person holding?").citations if hasattr(c, "relation")]
    assert assistant.graph.relations[cited.relation].triple == (0, 1, 2)


@pytest.mark.parametrize("wrong", [-0.1, 1.5, float("nan")])
def test_what_is_no_probability_is_refused(wrong):
    with pytest.raises(InputError, match="min_score"):
        Assistant(park(), min_score=wrong)
