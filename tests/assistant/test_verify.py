import json
from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from assistant import Assistant, Verdict
from assistant.schemas import VERIFICATION_SCHEMA
from scenegraph import Relation
from tests.assistant.graphs import VOCABULARY, random_graph
from tests.assistant.scenes import birthday, riders
from tests.factories import park

YES, NO, UNKNOWN = Verdict.SUPPORTED, Verdict.CONTRADICTED, Verdict.NOT_IN_GRAPH


@pytest.fixture(scope="module")
def assistant():
    return Assistant(riders())


@pytest.mark.parametrize(
    ("sentence", "verdicts"),
    [
        ("A person is riding a horse.", [YES]),
        ("A person rides the horse", [YES]),
        ("The horse is ridden by a person.", [YES]),
        ("There is a dog.", [YES]),
        ("There are three people.", [YES]),
        ("There are two people.", [NO]),
        ("There are five people.", [UNKNOWN]),
        ("There is no dog.", [NO]),
        ("There is a cat.", [UNKNOWN]),
        ("The ball is red.", [YES]),
        ("The car is red.", [NO]),
        ("The dog is brown.", [UNKNOWN]),
        ("The dog is an animal.", [YES]),
        ("The dog is a horse.", [NO]),
        ("The horse is riding person-1.", [NO]),
        ("The horse is riding a person.", [UNKNOWN]),  # of the other people it is not known
        ("The dog is to the left of the ball.", [YES]),
        ("The ball is to the left of the dog.", [NO]),
        ("The dog is holding the ball.", [UNKNOWN]),
        ("The dog is not chasing the ball.", [NO]),
        ("Person-1 [0] holds umbrella-1 [5].", [YES]),
        ("The dog [2] is chasing the ball [4].", [UNKNOWN]),  # node 2 is a horse
        ("The dog [3] is chasing the ball [4].", [YES]),
        ("person-7 is riding the horse.", [UNKNOWN]),
        ("The dog is chasing the ball and a person is riding a horse.", [YES, YES]),
        ("The dog is chasing the ball and running on the grass.", [YES, YES]),
        ("Yes, the cup is on the table.", [YES]),
        ("A woman is riding a horse.", [YES, UNKNOWN]),
        ("The woman on the horse is holding an umbrella.", [YES, UNKNOWN]),
        ("A red ball", [YES]),
    ],
)
def test_verdicts(assistant, sentence, verdicts):
    verification = assistant.verify(sentence)
    assert [claim.verdict for claim in verification.claims] == verdicts
    assert not verification.unread
    assert verification.supported == all(verdict is YES for verdict in verdicts)


def test_supported_claims_name_their_evidence(assistant):
    verification = assistant.verify("A person is riding a horse. The dog is chasing the ball.")
    assert [(c.subject, c.predicate, c.object) for c in verification.claims] == [(0, "riding", 2), (3, "chasing", 4)]
    first = verification.citations[verification.claims[0].citations[0]]
    assert (first.relation, first.label) == (0, "person-1 riding horse-1")


@pytest.mark.parametrize(
    "sentence",
    [
        "He looks happy.",
        "The sun is shining brightly over the hills",
        "It is chasing the ball",
        "The dog, which belongs to the rider, is tired",
        "Maybe.",
    ],
)
def test_what_cannot_be_read_is_never_supported(assistant, sentence):
    verification = assistant.verify(f"There is a dog. {sentence}")
    assert verification.unread and not verification.supported


def test_time_counts():
    assistant = Assistant(birthday())
    assert assistant.verify("The dog is chasing the ball at 4 seconds.").supported
    assert not assistant.verify("The dog is chasing the ball at 1 second.").supported
    assert not assistant.verify("The dog is chasing the ball at 90 seconds.").supported


def test_a_complete_graph_contradicts_what_it_does_not_show():
    assistant = Assistant(park(), closed_world=True)
    assert assistant.verify("The dog is holding the ball.").claims[0].verdict is NO
    assert assistant.verify("There is no person on the sky.").claims[0].verdict is YES
    assert assistant.verify("There is a unicorn.").claims[0].verdict is UNKNOWN


def test_a_posture_elsewhere_and_another_one_here_are_no_claim():
    """Sitting on the floor and standing on the rug is not sitting on the rug."""
    graph = birthday()
    table = next(node.id for node in graph.nodes if graph.category_name(node.id) == "table")
    predicate = graph.vocabulary.predicate_id("standing on")
    graph = replace(graph, relations=(*graph.relations, Relation(2, predicate, table)))
    assistant = Assistant(graph)
    assert assistant.verify("child-1 is sitting on floor-1.").supported
    assert assistant.verify("child-1 is standing on table-1.").supported
    assert not assistant.verify("child-1 is sitting on table-1.").supported
    assert assistant.ask("Is the child sitting on the table?").short != "yes"
    assert "floor-1" in assistant.ask("What is the child sitting on?").short
    assert "table-1" not in assistant.ask("What is the child sitting on?").short


def test_empty_and_long_texts(assistant):
    assert not assistant.verify("").supported
    assert assistant.verify("").claims == ()
    verification = assistant.verify("There is a dog. " * 20_000)
    assert verification.unread and len(verification.claims) == 200
    assert not assistant.verify("x" * 200_000).supported


def test_json(assistant):
    value = json.loads(json.dumps(assistant.verify("There is a dog. Hmm hmm.").to_json()))
    jsonschema.validate(value, VERIFICATION_SCHEMA)
    assert value["unread"] == ["Hmm hmm"]


@pytest.mark.parametrize("kind", ["image", "video"])
@pytest.mark.parametrize("seed", range(12))
def test_true_sentences_are_supported_and_changed_ones_are_not(kind, seed):
    graph = random_graph(seed, kind, nodes=8, relations=8)
    assistant = Assistant(graph, min_score=0)
    random = np.random.default_rng(seed)
    triples = {(tie.subject, graph.predicate_name(tie), tie.object) for tie in graph.relations}
    # Whatever follows from a relation of the graph is true as well.
    implied = {(s, "on", o) for s, p, o in triples if p == "sitting on"} | {
        (o, "beside", s) for s, p, o in triples if p == "beside"
    }
    ids = [node.id for node in graph.nodes]
    for subject, predicate, other in sorted(triples):
        label = assistant.index.label
        assert assistant.verify(f"{label(subject)} is {predicate} {label(other)}").supported
        changed = [
            (subject, str(random.choice(VOCABULARY.predicates)), other),
            (int(random.choice(ids)), predicate, other),
            (subject, predicate, int(random.choice(ids))),
            (other, predicate, subject),
        ]
        for claim in changed:
            if claim not in triples | implied:
                assert not assistant.verify(f"{label(claim[0])} is {claim[1]} {label(claim[2])}").supported, claim


@pytest.mark.parametrize(
    ("sentence", "verdicts"),
    [
        ("Both the dog and person-2 are riding the horse.", ["not in the graph", "not in the graph"]),
        ("Both the dog and person-1 are riding horse-1.", ["not in the graph", "supported"]),
        ("The dog and the ball ride the horse.", ["not in the graph", "not in the graph"]),
        ("The colour of the car is blue.", ["supported"]),
        ("The car's colour is red.", ["contradicted"]),
    ],
)
def test_several_subjects_and_named_attributes(sentence, verdicts):
    assert [str(claim.verdict) for claim in Assistant(riders()).verify(sentence).claims] == verdicts


@pytest.mark.parametrize(
    ("sentence", "verdict"),
    [
        ("The dog chases the ball in frames 18-27.", "supported"),
        ("The dog chases the ball at frame 20.", "supported"),
        ("The dog chases the ball between 4 and 5 seconds.", "supported"),
        ("The dog chases the ball in frames 0-23.", "not in the graph"),
        ("The dog chases the ball from frame 18 to frame 400.", "not in the graph"),
        ("The dog chases the ball between 1 and 5 seconds.", "not in the graph"),
    ],
)
def test_a_relation_holds_in_all_of_the_time_that_is_named(sentence, verdict):
    assert [str(claim.verdict) for claim in Assistant(birthday()).verify(sentence).claims] == [verdict]
