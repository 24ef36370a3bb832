import pickle
from dataclasses import replace

import numpy as np
import pytest

from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Vocabulary
from tests.factories import VOCABULARY, park, park_video, rectangle


def test_names_of_a_graph():
    graph = park()
    assert graph.category_name(3) == "grass"
    assert [graph.sentence(relation) for relation in graph.relations] == [
        "person-1 on grass-1",
        "person-1 holding ball-1",
        "dog-1 chasing ball-1",
        "dog-1 on grass-1",
    ]
    assert graph.relations_of(2) == (graph.relations[1], graph.relations[2])


def test_labels_count_by_id_not_by_position():
    graph = park()
    first, *rest = graph.nodes
    second = Node(9, 0, first.region)
    moved = SceneGraph(graph.source, (second, *rest, first), graph.relations, VOCABULARY)
    assert moved.label(0) == "person-1" and moved.label(9) == "person-2"


def test_networkx_keeps_parallel_predicates():
    graph = park()
    doubled = SceneGraph(graph.source, graph.nodes, (*graph.relations, Relation(0, 2, 2)), VOCABULARY)
    exported = doubled.to_networkx()
    assert exported.number_of_edges(0, 2) == 2
    assert {edge["predicate"] for edge in exported[0][2].values()} == {"holding", "beside"}
    assert exported.nodes[2]["box"] == (10.0, 8.0, 13.0, 11.0)
    assert exported.nodes[2]["attributes"] == {"colour": "red"}


def test_networkx_of_a_video_has_spans():
    exported = park_video().to_networkx()
    (edge,) = exported[1][3].values()
    assert edge["spans"] == ((0, 4), (8, 10))
    assert exported.nodes[2]["frames"] == tuple(range(2, 10))


def test_restricting_keeps_relations_among_the_kept():
    kept = park().restricted_to([0, 2, 4])
    assert [node.id for node in kept.nodes] == [0, 2, 4]
    assert [relation.triple for relation in kept.relations] == [(0, 1, 2)]


def test_graph_survives_pickling():
    for graph in (park(), park_video()):
        assert pickle.loads(pickle.dumps(graph)) == graph


def test_empty_graph_is_a_graph():
    graph = SceneGraph(Source("image", "white.png", 1, 1), (), (), VOCABULARY)
    assert graph.to_networkx().number_of_nodes() == 0
    with pytest.raises(InputError, match="no node 0; the graph has no nodes"):
        graph.node(0)


def with_relation(**changes):
    graph = park()
    relation = {"subject": 0, "predicate": 0, "object": 3, **changes}
    return SceneGraph(graph.source, graph.nodes, (*graph.relations, Relation(**relation)), VOCABULARY)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"object": 9}, "relation 4 names node 9; the graph has nodes 0-4"),
        ({"predicate": 4}, "relation 4 has predicate 4; the vocabulary has 0-3"),
        ({"predicate": -1}, "relation 4 has predicate -1"),
        ({"score": 1.5}, "relation 4 has score 1.5"),
        ({"score": float("nan")}, "relation 4 has score nan"),
        ({"spans": (Span(0, 2),)}, r"relation 4 has span \[0, 2\)"),
        ({"spans": (Span(0, 0),)}, r"relation 4 has span \[0, 0\)"),
    ],
)
def test_relations_that_cannot_be(changes, message):
    with pytest.raises(InputError, match=message):
        with_relation(**changes)


@pytest.mark.parametrize(
    ("node", "message"),
    [
        (Node(0, 0, Segment(rectangle(20, 30, 0, 0, 1, 1))), "node id 0 is used twice"),
        (Node(7, 5, Segment(rectangle(20, 30, 0, 0, 1, 1))), "node 7 has category 5; the vocabulary has 0-4"),
        (Node(7, 0, Segment(rectangle(20, 31, 0, 0, 1, 1))), r"node 7 has a region of \(20, 31\) pixels"),
        (Node(7, 0, park_video().nodes[0].region), "node 7 has a Tube; a graph of kind 'image' needs Segment"),
        (Node(7, 0, Segment(rectangle(20, 30, 0, 0, 1, 1)), -0.1), "node 7 has score -0.1"),
    ],
)
def test_nodes_that_cannot_be(node, message):
    graph = park()
    with pytest.raises(InputError, match=message):
        SceneGraph(graph.source, (*graph.nodes, node), (), VOCABULARY)


def test_a_tube_must_fit_the_video():
    graph = park_video()
    with pytest.raises(InputError, match="node 1 is seen in frame 9; the source has frames 0-8"):
        SceneGraph(Source("video", "park.mp4", 20, 30, 9), graph.nodes, (), VOCABULARY)


@pytest.mark.parametrize(
    "arguments",
    [
        {"kind": "film"},
        {"height": 0},
        {"num_frames": 0},
        {"num_frames": 2},
        {"fps": 0.0},
        {"fps": float("nan")},
    ],
)
def test_sources_that_cannot_be(arguments):
    with pytest.raises(InputError, match="source"):
        Source(**{"kind": "image", "uri": "a.png", "height": 4, "width": 4, **arguments})


def test_vocabulary():
    words = Vocabulary(("person", "dog"), ("sky",), ("on",))
    assert words.categories == ("person", "dog", "sky")
    assert words.is_thing(1) and not words.is_thing(2)
    with pytest.raises(InputError, match="no category 'cat'; the vocabulary has: person, dog, sky"):
        words.category_id("cat")
    with pytest.raises(InputError, match="more than once"):
        Vocabulary(("person",), ("person",), ())
    with pytest.raises(InputError, match=r"predicates\[0\] is ' '"):
        Vocabulary((), (), (" ",))


def test_the_mark_of_an_unknown_place_is_not_recorded_of_the_thing():
    marked = replace(park().nodes[2], attributes={"colour": "red", "located": False})
    assert not marked.located and marked.recorded == {"colour": "red"}
    said = replace(marked, attributes={"located": "Paris"})
    assert said.located and said.recorded == {"located": "Paris"}


def test_zero_names_and_zero_sizes():
    words = Vocabulary((), (), ())
    assert SceneGraph(Source("image", "a", 1, 1), (), (), words).nodes == ()
    assert Mask.from_array(np.zeros((0, 0), dtype=bool)).area == 0
