"""Graphs without a picture: robots' maps with z (or y) up, and videos of which no masks were read."""

import pytest

from assistant import Assistant, Reason, Status
from assistant.executor import Executor
from assistant.index import GraphIndex
from assistant.program_line import from_line
from assistant.regions import Pointer, select
from assistant.serving.facts import nearest
from assistant.showing import clip_gif, marked_png, mask_png, picture_png
from assistant.sqlite_engine import SqliteExecutor
from assistant.sqlite_engine.agreement import disagreements
from benchmarks.baselines.worlds import turned
from scenegraph import Camera, InputError, Node, Relation, SceneGraph, Segment, Source, Tube, Vocabulary
from scenegraph.formats.placed_objects import PlacedObject, graph_of_objects
from tests.assistant.scenes import birthday

OBJECTS = (
    PlacedObject(0, "table", (0, 2, 0.35), (1.2, 0.8, 0.7)),
    PlacedObject(1, "lamp", (0.1, 2.1, 2), (0.3, 0.2, 0.4)),
    PlacedObject(2, "rug", (0, 1.2, 0.02), (0.6, 0.5, 0.05)),
)


def room(up="z"):
    """A lamp over a table, a rug before it, as a robot's map or along other axes."""
    return turned(graph_of_objects("room", OBJECTS, [], {}), up)


def outcome(graph, line):
    """What both engines say."""
    program = from_line(line)
    first, second = Executor(GraphIndex(graph)).run(program), SqliteExecutor(graph).run(program)
    assert not disagreements(first, second)
    return first


@pytest.mark.parametrize("up", ["z", "y", "-y"])
@pytest.mark.parametrize("view", ["world", "camera"])
def test_directions_follow_the_axis_that_points_up(up, view):
    graph = room(up)
    for direction, nodes in {"above": (1,), "below": (2,), "in front of": (2,), "behind": (1,), "left of": ()}.items():
        found = outcome(graph, f'which(in_space(find(anything), "{direction}", the(find(table)), {view}))')
        assert found.nodes == nodes, direction
    ways = outcome(graph, f"bearing(the(find(lamp)), the(find(table)), {view})").measures
    assert [round(way.value, 3) for way in ways[1:]] == [0.1, -1.65, 0.1]


@pytest.mark.parametrize("up", ["z", "y", "-y"])
def test_width_height_and_depth_follow_it_too(up):
    sizes = [outcome(room(up), f"measure(the(find(lamp)), {side})") for side in ("width", "height", "depth", "volume")]
    assert [round(size.measures[0].value, 6) for size in sizes] == [0.3, 0.4, 0.2, 0.024]


@pytest.mark.parametrize(("up", "said"), [("z", "y 2.1 m, z 2 m"), ("y", "y 2 m, z -2.1 m"), ("-y", "y -2 m, z 2.1 m")])
def test_coordinates_are_those_of_the_source(up, said):
    answer = Assistant(room(up)).ask("Where is the lamp in world coordinates?")
    assert f"x 0.1 m, {said}" in answer.text
    assert {"z": "z up", "y": "y up", "-y": "y down"}[up] in answer.text


def test_questions_about_a_map_are_meant_in_the_world():
    ask = Assistant(room()).ask
    assert ask("What is above the table?").nodes == (1,)
    assert ask("Is the lamp above the table?").short == "yes"
    assert ask("Is the rug above the table?").short == "no"
    assert ask("Is the rug in front of the table?").short == "yes"
    assert "x 0.1 m, y 2.1 m, z 2 m" in ask("Where is the lamp?").text
    answer = ask("What is the leftmost object?")
    assert answer.status is Status.UNANSWERABLE and answer.reason is Reason.NOT_MEASURED
    assert all(citation.box is None for citation in ask("Is the lamp above the table?").citations)


def unplaced(metres=False):
    """A person and two dogs of which only one dog's place in the video is known."""
    words = Vocabulary(("person", "dog"), (), ("beside",))
    whole, corner = Segment.from_box((0, 0, 8, 8), 8, 8), Segment.from_box((0, 0, 2, 2), 8, 8)
    nodes = (
        Node(0, 0, Tube(dict.fromkeys(range(4), whole)), attributes={"located": False}),
        Node(1, 1, Tube(dict.fromkeys(range(4), whole)), attributes={"located": False}),
        Node(2, 1, Tube(dict.fromkeys(range(4), corner))),
    )
    return SceneGraph(Source("video", "yard", 8, 8, 4, 2.0), nodes, (Relation(0, 0, 1),), words)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('is_placed(pick(0), "left of", pick(1))', Reason.NOT_MEASURED),
        ('is_placed(pick(2), "left of", find(anything))', Reason.NOT_MEASURED),
        ('is_placed(find(dog), "left of", pick(2), every=yes)', None),
        ('is_placed(find(dog), "left of", pick(2))', Reason.NOT_MEASURED),
        ('which(placed(find(dog), "left of", pick(0)))', Reason.NOT_MEASURED),
        ("which(extreme(find(person), left))", Reason.NOT_MEASURED),
        ("which(extreme(find(dog), left))", None),
        ("which(superlative(find(person), area))", Reason.NOT_MEASURED),
        ("measure(pick(0), area)", Reason.NOT_MEASURED),
        ('when(is_placed(pick(0), "left of", pick(2)))', Reason.NOT_MEASURED),
        ('when(is_placed(pick(2), "left of", pick(2)))', Reason.ABSENT_RELATION),
        ("locate(pick(0))", None),
    ],
)
def test_what_is_nowhere_in_the_picture_is_not_compared(line, reason):
    for closed_world in (False, True):
        program, graph = from_line(line), unplaced()
        first = Executor(GraphIndex(graph), closed_world).run(program)
        assert not disagreements(first, SqliteExecutor(graph, closed_world).run(program))
        if reason is not Reason.ABSENT_RELATION or not closed_world:
            assert first.reason is reason


def test_where_something_is_while_it_is_not_seen():
    graph = birthday()
    cup = next(node for node in graph.nodes if graph.label(node.id) == "cup-1")
    assert 35 not in cup.region.frames
    assert outcome(graph, f"during(locate(pick({cup.id})), frames(35, 36))").reason is Reason.NOT_MEASURED
    assert Assistant(graph).ask("Where is cup-1 at frame 35?").status is Status.UNANSWERABLE


def test_places_that_are_not_known_are_not_told():
    graph = unplaced()
    assert Assistant(graph).ask("Where is the person?").text == "person-1 is beside dog-1."
    index = GraphIndex(graph)
    assert select(index, Pointer((1.0, 1.0, 1.0, 1.0))) == [2]
    with pytest.raises(InputError, match="nothing at point 5, 5"):
        select(index, Pointer((5.0, 5.0, 5.0, 5.0)))
    assert nearest(index, 0, None, None) == nearest(index, 2, None, None) == []
    with pytest.raises(InputError, match="at a known place"):
        mask_png(graph, [0, 1])


def test_a_map_has_no_pictures():
    answer = Assistant(room()).ask("What is nearest to the lamp?")
    for draw in (lambda: picture_png(room(), [0]), lambda: marked_png(room(), [0]), lambda: clip_gif(room(), answer)):
        with pytest.raises(InputError, match="a map without pictures"):
            draw()


def test_a_source_says_which_axis_points_up():
    with pytest.raises(InputError, match="expected one of -y, y, z"):
        Source("rgbd", "room", 1, 1, up="up")
    with pytest.raises(InputError, match="no camera poses"):
        Source("rgbd", "room", 1, 1, camera=Camera(1.0, 1.0, 0.0, 0.0), up="z")
