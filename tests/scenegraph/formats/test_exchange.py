"""Writers for other programs: what they declare is what they do, and other readers open their files."""

import csv
import io
import json
from dataclasses import replace
from xml.etree import ElementTree

import networkx
import numpy as np
import pytest

from scenegraph import Camera, InputError, Node, Relation, SceneGraph, Segment, Source, Span, Track4D, Tube, Vocabulary
from scenegraph.formats.exchange import PARTS, WRITERS, writer
from scenegraph.formats.placed_objects import PlacedObject, graph_of_objects
from tests.factories import park, park_video, rectangle

HOSTILE = "it's </Label>\"; MATCH (n) DETACH DELETE n //\n=1+1\x00\ud800"


def walk(kind="rgbd", **source) -> SceneGraph:
    """A dog follows a ball over three frames, in metres."""

    def track(x, **values):
        tube = Tube({frame: Segment(rectangle(20, 30, x + frame, 4, x + frame + 6, 10)) for frame in range(3)})
        places = np.arange(9, dtype=float).reshape(3, 3)
        return Track4D(tube, places, np.ones((3, 3))) if kind == "rgbd" else tube

    nodes = (
        Node(4, 0, track(2), 0.9, {"colour": "brown"}),
        Node(7, 1, track(12), 0.8),
        Node(9, 2, track(20), 0.7),
    )
    ties = (Relation(4, 0, 7, 0.6, (Span(0, 2),)), Relation(4, 0, 7, 0.5), Relation(9, 1, 9, 0.4))
    vocabulary = Vocabulary(("dog", "ball"), ("grass",), ("chasing", "beside", "on"))
    given = {"height": 20, "width": 30, "num_frames": 3, "fps": 5.0, **source}
    return SceneGraph(Source(kind, "walks/one.mp4", **given), nodes, ties, vocabulary, {"caption": "a walk"})


def moved(graph: SceneGraph, frame: int) -> SceneGraph:
    """The dog elsewhere in one frame."""
    dog = graph.nodes[0]
    segments = {**dog.region.tube.segments, frame: Segment(rectangle(20, 30, 0, 0, 4, 4))}
    region = replace(dog.region, tube=Tube(segments))
    return replace(graph, nodes=(replace(dog, region=region), *graph.nodes[1:]))


def without_corner(graph: SceneGraph) -> SceneGraph:
    """The same boxes, with one pixel less in a mask."""
    dog = graph.nodes[0]
    array = dog.region.segment(0).mask.array()
    array[5, 4] = False
    segments = {**dog.region.tube.segments, 0: Segment(type(dog.region.segment(0).mask).from_array(array))}
    return replace(graph, nodes=(replace(dog, region=replace(dog.region, tube=Tube(segments))), *graph.nodes[1:]))


def first(graph, **changes):
    return replace(graph, nodes=(replace(graph.nodes[0], **changes), *graph.nodes[1:]))


def tied(graph, **changes):
    return replace(graph, relations=(replace(graph.relations[0], **changes), *graph.relations[1:]))


CHANGES = {
    "scores": lambda graph: first(graph, score=0.3),
    "attributes": lambda graph: first(graph, attributes={"colour": "white"}),
    "boxes": lambda graph: moved(graph, 0),
    "masks": without_corner,
    "frames": lambda graph: moved(graph, 2),
    "positions": lambda graph: first(graph, region=replace(graph.nodes[0].region, positions=np.ones((3, 3)))),
    "spans": lambda graph: tied(graph, spans=(Span(1, 3),)),
    "camera": lambda graph: replace(graph, source=replace(graph.source, camera=Camera(30.0, 30.0, 15.0, 10.0))),
    "metadata": lambda graph: replace(graph, metadata={}),
    "names": lambda graph: replace(
        graph, vocabulary=replace(graph.vocabulary, predicates=("chasing", "beside", "under"))
    ),
    "kinds": lambda graph: replace(
        graph, vocabulary=Vocabulary(("dog", "ball", "grass"), (), ("chasing", "beside", "on"))
    ),
    "relation scores": lambda graph: tied(graph, score=0.2),
}


FURTHER = {
    "camera": lambda graph: replace(graph, source=replace(graph.source, up="z")),
    "positions": lambda graph: first(graph, region=replace(graph.nodes[0].region, extents=2 * np.ones((3, 3)))),
    "names": lambda graph: replace(
        graph,
        vocabulary=replace(graph.vocabulary, predicates=("beside", "chasing", "on")),
        relations=tuple(replace(tie, predicate=1 - tie.predicate) for tie in graph.relations),
    ),
    "metadata": lambda graph: replace(graph, metadata={"caption": "a run"}),
}
"""Other sides of a part: the axis that points up, sizes in metres, the order of the names."""


@pytest.mark.parametrize("part", FURTHER)
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_the_other_sides_of_a_part_are_kept_or_lost_with_it(name, part):
    camera = Camera(30.0, 30.0, 15.0, 10.0, np.tile(np.eye(4), (3, 1, 1)))
    graph, chosen = walk(camera=camera), writer(name)
    same = chosen.write(FURTHER[part](graph)) == chosen.write(graph)
    assert same == (part in chosen.loses)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("name", sorted(WRITERS))
def test_writers_lose_what_they_declare_and_nothing_else(name, part):
    graph, chosen = walk(), writer(name)
    same = chosen.write(CHANGES[part](graph)) == chosen.write(graph)
    assert same == (part in chosen.loses)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_every_kind_of_graph_can_be_written(name):
    empty = SceneGraph(Source("image", "empty.png", 4, 4), (), (), Vocabulary((), (), ()))
    for graph in (park(), park_video(), walk(), walk("video", fps=None), empty, hostile()):
        files = writer(name).write(graph)
        assert sorted(files) == sorted(writer(name).suffixes)
        assert all(isinstance(content, bytes) for content in files.values())


def hostile() -> SceneGraph:
    graph = walk()
    vocabulary = Vocabulary((HOSTILE, "ball"), ("grass",), (HOSTILE[1:], "beside", "on"))
    return first(replace(graph, vocabulary=vocabulary), attributes={HOSTILE: HOSTILE})


def test_node_link_in_networkx():
    value = json.loads(writer("node-link").write(hostile())[".node-link.json"])
    read = networkx.node_link_graph(value, edges="edges")
    assert read.nodes[4]["category"] == HOSTILE and read.nodes[4]["box"] == [2, 4, 8, 10]
    assert [(s, o, each["predicate"], each["spans"]) for s, o, each in read.edges(data=True)] == [
        (4, 7, HOSTILE[1:], [[0, 2]]),
        (4, 7, HOSTILE[1:], []),
        (9, 9, "beside", []),
    ]
    assert read.graph["uri"] == "walks/one.mp4"


def test_graphml_in_networkx():
    read = networkx.read_graphml(io.BytesIO(writer("graphml").write(hostile())[".graphml"]), force_multigraph=True)
    assert read.nodes["4"]["category"].startswith("it's </Label>") and json.loads(read.nodes["4"]["box"]) == [
        2,
        4,
        8,
        10,
    ]
    assert [json.loads(each["spans"]) for _, _, each in read.edges(data=True)] == [[[0, 2]], [], []]


def test_csv_tables():
    files = writer("csv").write(hostile())
    nodes = list(csv.DictReader(io.StringIO(files[".nodes.csv"].decode())))
    relations = list(csv.DictReader(io.StringIO(files[".relations.csv"].decode())))
    assert [row["id:ID"] for row in nodes] == ["4", "7", "9"] and nodes[2][":LABEL"] == "Stuff"
    assert [(row[":START_ID"], row[":END_ID"]) for row in relations] == [("4", "7"), ("4", "7"), ("9", "9")]
    assert relations[0]["spans"] == "[[0,2]]"


def test_names_stay_inside_their_quotes_in_cypher():
    script = writer("cypher").write(hostile())[".cypher"].decode()
    lines = script.splitlines()
    assert len(lines) == 1 + 3 + 3
    for line in lines:  # what is left without the quoted texts is made of our own words only
        outside, quoted, escaped = "", False, False
        for character in line:
            if escaped:
                escaped = False
            elif quoted and character == "\\":
                escaped = True
            elif character == "'":
                quoted = not quoted
            elif not quoted:
                outside += character
        assert not quoted and "DELETE" not in outside and line.endswith(";")


def test_json_ld_names_nodes_places_and_times():
    document = json.loads(writer("json-ld").write(walk())[".jsonld"])
    by_id = {each["@id"]: each for each in document["@graph"]}
    assert by_id["scenegraph://one/node/4"]["target"]["selector"]["value"] == "xywh=2,4,6,6"
    statement = by_id["scenegraph://one/relation/0"]
    assert (statement["subject"], statement["object"]) == ("scenegraph://one/node/4", "scenegraph://one/node/7")
    assert statement["predicate"] == "scenegraph://vocabulary/predicate/chasing"
    assert statement["selector"][0]["value"] == "t=0,0.4"
    used = {key for each in document["@graph"] for key in each if not key.startswith("@")}
    assert used <= document["@context"].keys()


def test_label_studio_tasks_and_interface():
    files = writer("label-studio").write(park())
    (task,) = json.loads(files[".label-studio.json"])
    person, *_, relation = task["predictions"][0]["result"]
    assert person["value"] == {
        **{"x": pytest.approx(100 * 2 / 30), "y": 20, "width": 20, "height": 60, "rotation": 0},
        "rectanglelabels": ["person"],
    }
    assert relation["labels"] == ["on"] and relation["from_id"] == "node-1"
    interface = ElementTree.fromstring(writer("label-studio").write(hostile())[".label-studio.xml"])
    assert [each.attrib["value"] for each in interface.iter("Relation")][1:] == ["beside", "on"]
    (task,) = json.loads(writer("label-studio").write(park_video())[".label-studio.json"])
    dog = next(each for each in task["predictions"][0]["result"] if each["id"] == "node-2")
    assert [(key["frame"], key["enabled"]) for key in dog["value"]["sequence"]] == [(3, True), (10, False)]


def test_there_is_no_such_writer():
    with pytest.raises(InputError, match="expected one of node-link, graphml"):
        writer("gexf")


def test_a_map_without_pictures_is_no_task_for_an_annotator():
    graph = graph_of_objects("room", [PlacedObject(0, "cup", (0, 1, 0), (1, 1, 1))], [], {})
    with pytest.raises(InputError, match="room: Label Studio shows pictures and videos, and this is a map"):
        writer("label-studio").write(graph)
    for name in set(WRITERS) - {"label-studio"}:
        assert b"cup" in b"".join(writer(name).write(graph).values())


@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"label-studio"}))
def test_numbers_that_json_lacks_are_refused(name):
    with pytest.raises(InputError, match="not finite"):
        writer(name).write(first(walk(), attributes={"weight": float("nan")}))
