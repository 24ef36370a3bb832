"""Relations whose predicate, or whose word in a question, has no preposition for its object."""

import pytest

from assistant import Assistant, Verdict
from assistant.program_line import from_line
from scenegraph import Relation, SceneGraph, Span, Vocabulary
from tests.assistant.scenes import birthday


def related(predicate: str) -> SceneGraph:
    """A child that stands in a relation to a dog, for the first three seconds."""
    scene = birthday()
    vocabulary = Vocabulary(scene.vocabulary.things, scene.vocabulary.stuff, (predicate,))
    return SceneGraph(scene.source, scene.nodes, (Relation(2, 0, 9, spans=(Span(0, 15),)),), vocabulary)


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("When is the child sitting?", "child-1 is sitting on floor-1 at 0-3 s"),
        ("How long does the child sit?", "child-1 is sitting on floor-1 at 0-3 s"),
        ("How often was the child sitting?", "child-1 is sitting on floor-1 at 0-3 s"),
        ("Was the child sitting all the time?", "child-1 is sitting on floor-1 at 0-3 s"),
        ("When is the adult standing?", "adult-1 is standing on floor-1"),
        ("When is somebody watching the child?", "adult-2 is watching child-1"),  # as it was asked
        ("When was the floor under the child?", "floor-1 is under child-1"),
        ("When was the cake under something?", "the cake under anything"),
    ],
)
def test_the_word_of_a_question_without_its_preposition(question, clause):
    assert clause in Assistant(birthday()).ask(question).text


@pytest.mark.parametrize(
    ("predicate", "clause"),
    [
        ("sitting", "child-1 is sitting on dog-1"),
        ("sit", "child-1 is sitting on dog-1"),
        ("sits", "child-1 sits on dog-1"),
        ("lies on", "child-1 lies on dog-1"),
        ("fall", "child-1 is falling from dog-1"),
        ("shout_at", "child-1 is shouting at dog-1"),
        ("towards", "child-1 is towards dog-1"),
        ("away", "child-1 is away from dog-1"),
        ("walk_away", "child-1 is walking away from dog-1"),
        ("stand_left", "child-1 is standing to the left of dog-1"),
        ("front", "child-1 is in front of dog-1"),
        ("larger", "child-1 is larger than dog-1"),
        ("looking", "child-1 is looking at dog-1"),
        ("unsure", "child-1 is unsure about dog-1"),
        ("caress", "child-1 is caressing dog-1"),
    ],
)
def test_predicates_without_their_preposition_are_said_with_one_and_read_back(predicate, clause):
    assistant = Assistant(related(predicate))
    answer = assistant.run(from_line(f'when(holds(the(find(child)), "{predicate}", the(find(dog))))'))
    assert answer.text.startswith(f"{clause} at 0-3 s")
    (claim,) = assistant.verify(f"{clause}.").claims
    assert claim.verdict is Verdict.SUPPORTED and claim.predicate == predicate
