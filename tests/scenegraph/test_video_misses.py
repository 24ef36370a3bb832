"""Why true relations are missed: one hand-worked case for every reason, and the first rows."""

from dataclasses import replace

import numpy as np
import pytest

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary
from scenegraph.video_misses import MISSES, ROWS, MissCounts, misses
from tests.factories import rectangle

WORDS = Vocabulary(("person", "dog"), ("grass",), ("on", "near"))
FRAMES = 10


def tube(left, right, frames=range(FRAMES)):
    """A rectangle of rows 0 to 8 between two columns."""
    return Tube({frame: Segment(rectangle(8, 32, left, 0, right, 8)) for frame in frames})


def graph(nodes, relations):
    source = Source("video", "a.mp4", 8, 32, num_frames=FRAMES)
    return SceneGraph(source, nodes, relations, WORDS)


@pytest.fixture
def truth():
    nodes = (Node(1, 0, tube(0, 8)), Node(2, 1, tube(8, 16)), Node(3, 2, tube(16, 32)))
    return graph(nodes, (Relation(1, 1, 2, 1.0, (Span(0, 6),)),))


def reason(truth, prediction, k=20):
    return [list(MISSES)[each] for each in misses(truth, prediction, k).reasons]


def rows(truth, prediction):
    return [list(ROWS)[each] for each in misses(truth, prediction).rows]


def test_found_and_late(truth):
    assert reason(truth, truth) == ["found"] and rows(truth, truth) == ["right"]
    before = Relation(1, 0, 3, 1.0)
    later = replace(truth, relations=(before, replace(truth.relations[0], score=0.5)))
    assert reason(truth, later, k=1) == ["late"] and rows(truth, later) == ["pair", "right"]


def test_tubes(truth):
    person, dog, grass = truth.nodes
    short = replace(truth, nodes=(replace(person, region=tube(0, 8, range(2))), dog, grass))
    assert reason(truth, short) == ["tube"]
    named = replace(truth, nodes=(replace(person, category=1), dog, grass))
    assert reason(truth, named) == ["class"] and rows(truth, named) == ["tube"]
    assert reason(truth, graph((), ())) == ["tube"] and rows(truth, graph((), ())) == []


def test_rows(truth):
    relation = truth.relations[0]
    assert reason(truth, replace(truth, relations=())) == ["pair"]
    other = replace(truth, relations=(replace(relation, predicate=0),))
    assert reason(truth, other) == ["predicate"] and rows(truth, other) == ["predicate"]
    elsewhere = replace(truth, relations=(replace(relation, spans=(Span(5, 10),)),))
    assert reason(truth, elsewhere) == ["span"] and rows(truth, elsewhere) == ["span"]
    first = (replace(relation, predicate=0, spans=(Span(0, 5),)), replace(relation, score=0.5))
    assert reason(truth, replace(truth, relations=first)) == ["order"]


def test_one_row_finds_one_relation(truth):
    """Two true dogs, one behind the other; one tube overlaps either by half or more within one span."""
    person, dog, grass = truth.nodes
    upper, lower = (Tube({f: Segment(rectangle(8, 32, 8, top, 16, top + 4)) for f in range(FRAMES)}) for top in (0, 4))
    relations = tuple(Relation(1, 1, number, 1.0, (Span(0, 6),)) for number in (2, 4))
    two = graph((person, replace(dog, region=upper), Node(4, 1, lower), grass), relations)
    assert sorted(reason(two, truth)) == ["found", "taken"]


def test_counts(truth):
    counts = MissCounts(WORDS)
    counts.add(truth, truth)
    counts.add(truth, replace(truth, relations=()))
    assert counts.shares() == {"found": 0.5, "pair": 0.5}
    table = counts.table()
    assert "what became of 2 true relations" in table and "50.0%  the two tubes have no row" in table
    assert np.isclose(sum(counts.shares().values()), 1)
