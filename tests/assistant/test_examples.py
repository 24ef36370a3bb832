"""Few-shot examples: the most similar graphs, questions of the same form, answers that the graph has."""

from collections import Counter

from assistant import Assistant
from assistant.encoding import decode
from assistant.examples import ExampleGraphs, features, questions_about, similarity
from assistant.retrieval import approximate_tokens
from tests.assistant.graphs import random_graph
from tests.assistant.scenes import birthday, riders
from tests.factories import park, park_video


def test_features_and_their_likeness():
    own = features(park())
    assert own == Counter(
        {
            **{(name,): 1 for name in ("person", "dog", "ball", "grass", "sky")},
            **{("person", "on", "grass"): 1, ("person", "holding", "ball"): 1},
            **{("dog", "chasing", "ball"): 1, ("dog", "on", "grass"): 1},
        }
    )
    # Both hold four kinds and three of the relations; the picture has the sky and the dog on the grass besides.
    assert similarity(own, features(park_video())) == 7 / 9
    assert similarity(own, own) == 1.0 and similarity(Counter(), Counter()) == 0.0


def test_the_most_similar_graphs_first_and_never_the_graph_itself():
    store = ExampleGraphs([birthday(), park_video(), park()])
    assert store.nearest(park(), 3) == [1, 0]  # park() has the same source


def test_examples_have_the_form_of_the_question_and_cite_their_nodes():
    assistant = Assistant(riders())
    store = ExampleGraphs([park(), park_video(), birthday()])
    for question, start in (
        ("What is the dog chasing?", "What is "),
        ("Where is the cup?", "Where is "),
        ("What is the dog doing?", "What is "),
    ):
        examples = store.examples(assistant, question, 2)
        assert len(examples) == 2
        for example in examples:
            assert example.question.startswith(start)
            ids = {node.id for node in example.view.nodes}
            assert any(f"[{node}]" in example.answer for node in ids)


def test_examples_make_room_for_the_evidence():
    assistant = Assistant(riders())
    examples = ExampleGraphs([park(), park_video(), birthday()]).examples(assistant, "What is the dog chasing?", 3)
    lengths = []
    for budget in (200, 300, 1000):
        prompt = assistant.prompt("What is the dog chasing?", budget, examples=examples)
        assert approximate_tokens(prompt) <= budget
        assert {3, 4} <= {node.id for node in decode(prompt).nodes}
        lengths.append(prompt.count("Example\n"))
    assert lengths[0] == 0 and lengths[-1] == 3 and lengths == sorted(lengths)


def test_every_question_can_be_read():
    for graph in (riders(), birthday(), random_graph(2, "video")):
        assistant = Assistant(graph, min_score=0)
        questions = list(questions_about(assistant.index))
        assert questions
        assert all(assistant.parser.question(question).questions for question in questions)
