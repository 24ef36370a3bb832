"""Nodes by how much of a quantity they have, and by how many others they are tied to: worked out by hand."""

from dataclasses import replace

import jsonschema
import numpy as np
import pytest

from assistant import Assistant, Reason, Status, Verdict
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_json import from_json, to_json
from assistant.program_line import from_line
from assistant.schemas import ANSWER_SCHEMA
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from scenegraph import (
    Camera,
    InputError,
    Node,
    Relation,
    SceneGraph,
    Segment,
    Source,
    Span,
    Track4D,
    Tube,
    Vocabulary,
)
from toyworld import clips

WORDS = Vocabulary(("person", "dog", "ball", "bench"), ("grass",), ("holding", "on"))
THINGS = {
    # node: (category, place, width x height x depth, standard deviation of the place)
    0: ("person", (0, 0, 2), (0.5, 1.9, 0.3), 0.1),
    1: ("person", (3, 0, 4), (0.5, 1.8, 0.3), 0.1),
    2: ("person", (0, 0, 2.05), (0.4, 1.2, 0.3), 0.1),
    3: ("dog", (0, 0, 6), (0.3, 0.5, 1.0), 0.5),
    4: ("ball", (0, 0, 3), (0.2, 0.2, 0.2), 0.1),
    5: ("ball", (0, 0, 3), (0.2, 0.2, 0.2), 0.1),
    6: ("ball", (0, 0, 3), (0.2, 0.2, 0.2), 0.1),
    7: ("bench", (4, 0, 3), (1.5, 0.8, 0.5), 0.1),
}
TIES = [(0, "holding", 4), (0, "holding", 5), (1, "holding", 6), (0, "on", 7), (1, "on", 7), (3, "on", 7)]


def garden():
    """Three people, of whom one holds two balls and one holds one, and a bench with two people and a dog on it."""
    nodes = []
    for node, (category, place, size, error) in THINGS.items():
        tube = Tube({frame: Segment.from_box((node, 0, node + 1, 1), 8, 16) for frame in range(2)})
        track = Track4D(tube, *(np.array([row] * 2, float) for row in (place, size, (error,) * 3)))
        nodes.append(Node(node, WORDS.category_id(category), track))
    ties = tuple(Relation(a, WORDS.predicate_id(name), b, 1.0, (Span(0, 2),)) for a, name, b in TIES)
    source = Source("rgbd", "garden", 8, 16, 2, 2.0, Camera(10, 10, 8, 4))
    return SceneGraph(source, tuple(nodes), ties, WORDS)


def outcome(line, closed_world=False):
    program = from_line(line)
    assert from_line(program.line) == program == from_json(to_json(program))
    found = Executor(GraphIndex(garden()), closed_world).run(program)
    assert not disagreements(found, SqliteExecutor(garden(), closed_world).run(program))
    return found


def run(line, closed_world=False):
    outcome(line, closed_world)
    program = from_line(line)
    answer = Assistant(garden(), closed_world=closed_world).run(program)
    jsonschema.validate(answer.to_json(), ANSWER_SCHEMA)
    return answer


@pytest.mark.parametrize(
    ("line", "nodes"),
    [
        ("measuring(find(person), height, more, 1.8)", (0,)),
        ("measuring(find(person), height, at least, 1.8)", (0, 1)),
        ("measuring(find(person), height, less, 1.8)", (2,)),
        ("measuring(find(person), height, at most, 1.8)", (1, 2)),
        ("measuring(measuring(find(anything), width, at least, 1), width, at most, 2)", (7,)),
        ("measuring(find(anything), volume, more, 0.5)", (7,)),
        # 2.05 m with an error of 0.1 m is neither more nor less than 2 m, nor is 2 m.
        ("measuring(find(person), distance, more, 2)", (1,)),
        ("measuring(find(person), distance, less, 2.2)", (0, 2)),
        ("measuring(find(dog), distance, more, 5.4)", (3,)),
        ("measuring(find(anything), relations, at least, 3)", (0, 7)),
        ("many_related(find(person), holding, find(ball), 2)", (0,)),
        ("many_related(find(person), holding, find(ball), 1)", (1,)),
        ("many_related(find(person), holding, find(ball), 1, yes)", (0, 1)),
        ("many_related(find(bench), ~on, find(person), 2)", (7,)),
        ("many_related(find(bench), ~on, find(anything), 3, yes)", (7,)),
        ("except(find(person), many_related(find(person), holding, find(ball), 2, yes))", (1, 2)),
    ],
)
def test_which(line, nodes):
    assert run(f"which({line})").nodes == nodes
    assert run(f"count({line})").short.startswith(str(len(nodes)))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("measuring(find(person), distance, less, 2)", Reason.WITHIN_ERROR),
        ("measuring(find(dog), distance, more, 5.8)", Reason.WITHIN_ERROR),
        ("measuring(find(dog), height, more, 3)", Reason.ABSENT_OBJECT),
        ("measuring(find(dog), speed, more, 3)", Reason.ABSENT_OBJECT),
        ("measuring(find(grass), height, more, 3)", Reason.ABSENT_OBJECT),
        ("many_related(find(person), holding, find(ball), 3)", Reason.ABSENT_RELATION),
        ("many_related(find(bench), ~on, find(anything), 2)", Reason.ABSENT_RELATION),
    ],
)
def test_none(line, reason):
    answer = run(f"exists({line})")
    assert (answer.status, answer.reason) == (Status.UNANSWERABLE, reason)


def test_in_a_complete_graph_none_means_no():
    assert outcome("exists(many_related(find(person), holding, find(ball), 3))", True).verdict is Verdict.CONTRADICTED
    assert outcome("exists(measuring(find(dog), height, more, 3))", True).verdict is Verdict.CONTRADICTED
    assert outcome("exists(measuring(find(dog), distance, more, 5.8))", True).verdict is Verdict.NOT_IN_GRAPH


def test_of_given_things_it_is_told_either_way():
    assert run("exists(measuring(the(find(bench)), width, more, 1))").short == "yes"
    no = run("exists(measuring(the(find(bench)), width, more, 2))")
    assert no.short == "no" and "The width of bench-1 is 1.5 m" in no.text
    unsure = run("exists(measuring(the(find(dog)), distance, more, 5.8))")
    assert unsure.short == "too close" and "dog-1 is 6 m (± 0.5 m) away from the camera" in unsure.text
    assert run("exists(measuring(find(bench), width, more, 2))").short != "no"  # the graph may lack another


def test_what_it_rests_on():
    answer = run("which(measuring(find(person), height, more, 1.8))")
    assert [(each.node, each.quantity, each.value) for each in answer.measures] == [(0, "height", 1.9)]
    assert "the height of person-1 is 1.9 m" in answer.text
    holder = outcome("which(many_related(find(person), holding, find(ball), 2))")
    assert [TIES[at] for at in holder.relations] == [(0, "holding", 4), (0, "holding", 5)]


def test_what_is_missing_is_named():
    assert "person with a height of more than 3 m" in run("which(measuring(find(person), height, more, 3))").text
    missing = run("which(measuring(find(dog), distance, less, 1))").text
    assert "dog less than 1 m away from the camera" in missing
    assert "holding at least 3 balls" in run("which(many_related(find(person), holding, find(ball), 3, yes))").text


def test_an_absence_is_not_claimed():
    """Who holds fewer than two balls may hold another that is not shown."""
    line = "exists(except(the(find(dog)), many_related(find(dog), holding, find(ball), 2, yes)))"
    assert outcome(line).verdict is Verdict.NOT_IN_GRAPH
    assert outcome(line, True).verdict is Verdict.SUPPORTED


def plainly(graph, quantity):
    """Of every node of a scan the mean of a quantity, straight from its tracks; the camera of the scan stands still."""
    found = {}
    for node in graph.nodes:
        track = node.region
        rows = ~np.isnan(track.positions).any(axis=1)
        if quantity == "distance":
            values = np.linalg.norm(track.positions[rows], axis=1)
        else:
            values = np.array([track.extents[rows].mean(axis=0).max()]) if rows.any() else np.array([])
        if len(values):
            found[node.id] = values.mean()
    return found


@pytest.mark.parametrize("seed", [10008, 10019])
@pytest.mark.parametrize("quantity", ["distance", "length"])
def test_in_the_simulated_world(seed, quantity):
    graph = clips.video(seed, frames=6, rgbd=True, size=(64, 80)).graph
    still = replace(graph, source=replace(graph.source, camera=replace(graph.source.camera, poses=None)))
    true = plainly(still, quantity)
    executor = Executor(GraphIndex(still))
    assert len(true) > 2
    for node, own in true.items():  # as many limits as there are nodes, each beside one of them
        asked = executor.run(from_line(f"which(measuring(find(anything), {quantity}, more, {own + 0.001:.6f}))"))
        assert set(asked.nodes) == {other for other, value in true.items() if value > own + 0.001}
        least = executor.run(from_line(f"which(measuring(find(anything), {quantity}, at least, {own - 0.001:.6f}))"))
        assert node in least.nodes and set(least.nodes) >= set(asked.nodes)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("which(measuring(find(dog), height, more, -1))", "amount is negative"),
        ("which(measuring(find(dog), height, equal, 1))", "at least"),
        ("which(many_related(find(dog), on, find(bench), 0))", "less than 1"),
    ],
)
def test_what_cannot_be_run(line, message):
    with pytest.raises(InputError, match=message):
        from_line(line)
