"""Class-pair frequency: counts by hand."""

from dataclasses import replace

import pytest

from scenegraph import InputError, Relation, Vocabulary
from scenegraph.frequency import FrequencyModel
from tests.factories import VOCABULARY, park


def test_probabilities_are_shares_of_pairs():
    second = replace(park(), relations=(Relation(0, 0, 3), Relation(0, 3, 1), Relation(1, 3, 2)))
    model = FrequencyModel(VOCABULARY).fit([park(), second])
    person, dog, ball, grass = 0, 1, 2, 3
    assert model.table[person, grass, 0] == 1.0
    assert model.table[person, ball, 1] == 0.5
    assert model.table[person, dog, 3] == 0.5
    assert model.table[dog, ball, 3] == 1.0
    assert model.table[ball, person].sum() == 0.0


def test_prediction_is_ranked_by_probability_times_node_scores():
    predicted = FrequencyModel(VOCABULARY).fit([park()]).predict(park())
    scores = [relation.score for relation in predicted.relations]
    assert scores == sorted(scores, reverse=True)
    assert {relation.triple for relation in predicted.relations} == {relation.triple for relation in park().relations}
    assert predicted.relations[0].score == pytest.approx(0.9 * 0.95)
    assert predicted.nodes == park().nodes


def test_two_nodes_of_one_class_are_each_others_pair():
    graph = park()
    twins = replace(
        graph, nodes=tuple(replace(node, category=0) for node in graph.nodes[:2]), relations=(Relation(0, 2, 1),)
    )
    model = FrequencyModel(VOCABULARY).fit([twins])
    assert model.pairs[0, 0] == 2
    assert {relation.triple for relation in model.predict(twins).relations} == {(0, 2, 1), (1, 2, 0)}


def test_repeated_relations_count_once_and_empty_graphs_are_fine():
    graph = park()
    doubled = replace(graph, relations=graph.relations + graph.relations)
    assert FrequencyModel(VOCABULARY).fit([doubled]).table.max() == 1.0
    empty = replace(graph, nodes=(), relations=())
    assert FrequencyModel(VOCABULARY).fit([empty]).predict(empty).relations == ()
    assert FrequencyModel(VOCABULARY).predict(graph).relations == ()


def test_another_vocabulary_is_refused():
    with pytest.raises(InputError, match="another vocabulary"):
        FrequencyModel(Vocabulary(("a",), (), ("b",))).fit([park()])
