"""Maps of ConceptGraphs and Spark-DSG, written as their own code writes them, and what is neither."""

import json

import numpy as np
import pytest

from groundgraph.main import main
from scenegraph import InputError, files
from scenegraph.formats.concept_graphs import read_concept_graphs
from scenegraph.formats.recognition import kind_of
from scenegraph.formats.spark_dsg import read_spark_dsg

OBJECTS = [
    {
        "id": 4,
        "bbox_extent": [0.1, 0.1, 0.2],
        "bbox_center": [1.0, 2.0, 0.9],
        "possible_tags": ["cup", "mug"],
        "object_tag": "cup",
        "caption": "a red cup",
    },
    {
        "id": 7,
        "bbox_extent": [1.0, 2.0, 0.7],
        "bbox_center": [1.0, 2.5, 0.4],
        "possible_tags": ["table"],
        "object_tag": "table",
        "caption": "a table",
    },
]


def write(path, value):
    path.write_text(json.dumps(value))
    return path


def triples(graph):
    return [graph.sentence(relation) for relation in graph.relations]


def test_concept_graphs_scene(tmp_path):
    ends = [{"id": each["id"], "object_tag": each["object_tag"]} for each in OBJECTS]
    relations = [
        {"object1": ends[1], "object2": ends[0], "object_relation": "b on a", "reason": "cups stand on tables"},
        {"object1": ends[0], "object2": ends[1], "object_relation": "none of these", "reason": ""},
        {"object1": ends[0], "object2": ends[1], "object_relation": "FAIL", "reason": "FAIL"},
    ]
    path = write(tmp_path / "scene_graph.json", OBJECTS)
    assert kind_of(path) == "concept-graphs" and triples(read_concept_graphs(path)) == []
    write(tmp_path / "cfslam_object_relations.json", relations)
    graph = read_concept_graphs(path)
    assert triples(graph) == ["cup-1 on table-1"] and [node.id for node in graph.nodes] == [4, 7]
    cup = graph.node(4)
    assert cup.region.position(0).tolist() == [1.0, 2.0, 0.9] and cup.region.extent(0).tolist() == [0.1, 0.1, 0.2]
    assert cup.attributes == {"located": False, "caption": "a red cup", "possible_tags": ["cup", "mug"]}
    # From the origin, looking along +y: the cup is 1 m to the right, 0.9 m up, 2 m ahead.
    np.testing.assert_allclose(graph.source.camera.to_camera(cup.region.positions, 0), [[1, -0.9, 2]])
    files.save(graph, tmp_path / "a.scenegraph.json")
    assert files.load(tmp_path / "a.scenegraph.json") == graph


@pytest.mark.parametrize("named", [True, False])
def test_concept_graphs_objects_and_edges(tmp_path, named):
    objects = {
        f"object_{at + 1}": {
            "id": each["id"],
            "object_tag": each["object_tag"],
            "object_caption": None,
            "bbox_extent": each["bbox_extent"],
            "bbox_center": each["bbox_center"],
            "bbox_volume": 0.0,
        }
        for at, each in enumerate(OBJECTS)
    }
    edge = {"edge_id": 0, "edge_description": "cup on top of table", "num_detections": 2}
    edge |= {"object_1_id": 4, "object_1_tag": "cup", "object_2_id": 7, "object_2_tag": "table"}
    if named:
        edge["relationship"] = "on top of"
    write(tmp_path / "edge_json_run1.json", {"edge_0": edge})
    path = write(tmp_path / "obj_json_run1.json", objects)
    assert kind_of(path) == "concept-graphs"
    assert triples(read_concept_graphs(path)) == ["cup-1 on top of table-1"]


def dsg(legacy=False):
    """Objects O(3) (turned by 90 degrees about z) and O(4), room R(0), place p(9), agent a(0)."""

    def node(letter, number, layer, position, kind, **attributes):
        own = {"id": (ord(letter) << 56) + number, "layer": layer}
        if not legacy:
            own["partition"] = ord("a") if letter == "a" else 0
        elif letter == "a":
            own["timestamp"] = 5
        return own | {"attributes": {"type": kind, "position": position, "last_update_time_ns": 0} | attributes}

    turned = {"w": 0.5**0.5, "x": 0.0, "y": 0.0, "z": 0.5**0.5}
    if legacy:
        box = {"type": 1, "min": [-1.0, -0.5, 0.0], "max": [1.0, 0.5, 0.8]}
    else:
        box = {"type": "OBB", "dimensions": [2.0, 1.0, 0.8]}
    box |= {"world_P_center": [1.0, 2.0, 0.4], "world_R_center": turned}
    objects = {"semantic_label": 2, "color": {"r": 1, "g": 2, "b": 3, "a": 255}}
    nodes = [
        node("O", 3, 2, [1.1, 2.0, 0.4], "ObjectNodeAttributes", name="O(3)", bounding_box=box, **objects),
        node("O", 4, 2, [3, 0, 1], "ObjectNodeAttributes", name="O(4)", bounding_box={"type": None}, semantic_label=8),
        node("R", 0, 4, [0.0, 0.0, 1.0], "RoomNodeAttributes", name="kitchen", semantic_label=255),
        node("p", 9, 3, [0.0, 0.0, 1.0], "PlaceNodeAttributes", name=""),
        node("a", 0, 2, [0.0, 0.0, 1.0], "AgentNodeAttributes"),
    ]
    ids = [each["id"] for each in nodes]
    joined = [(2, 0), (0, 1), (3, 0), (2, 3)]
    edges = [{"source": ids[a], "target": ids[b], "info": {"weighted": False, "weight": 1.0}} for a, b in joined]
    value = {"directed": False, "multigraph": False, "nodes": nodes, "edges": edges, "layer_ids": [2, 3, 4, 5]}
    return value | {"metadata": {"labelspaces": {"_l2p0": [[0, "unknown"], [2, "table"]]}}}


@pytest.mark.parametrize("legacy", [False, True])
def test_spark_dsg(tmp_path, legacy):
    path = write(tmp_path / "dsg.json", dsg(legacy))
    assert kind_of(path) == "spark-dsg"
    graph = read_spark_dsg(path)
    assert triples(graph) == ["table-1 in kitchen-1", "table-1 beside object 8-1"]
    table, other, room = graph.nodes
    assert table.attributes["symbol"] == "O(3)" and room.attributes["layer"] == "room"
    np.testing.assert_allclose(table.region.positions, [[1, 2, 0.4]])
    np.testing.assert_allclose(table.region.extents, [[1, 2, 0.8]])  # turned by 90 degrees
    assert other.region.extent(0) is None and other.region.position(0).tolist() == [3, 0, 1]
    assert graph.metadata == {"format": "spark-dsg", "nodes_left_out": 2}
    files.save(graph, tmp_path / "a.scenegraph.json")
    assert files.load(tmp_path / "a.scenegraph.json") == graph


def test_bad_concept_graphs(tmp_path):
    pickle = tmp_path / "full_pcd.pkl.gz"
    pickle.write_bytes(b"cos\nsystem\n")
    with pytest.raises(InputError, match="generate-scenegraph-json"):
        read_concept_graphs(pickle)
    broken = [
        ([], "no object"),
        ([3], "object 0: expected an object"),
        ([{"id": 1, "object_tag": "a"}], "'bbox_center' is missing"),
        ([OBJECTS[0] | {"bbox_extent": [1, 2]}], "expected three numbers"),
        ([OBJECTS[0], OBJECTS[0]], "used twice"),
        ("text", "expected a list"),
    ]
    for value, message in broken:
        with pytest.raises(InputError, match=message):
            read_concept_graphs(write(tmp_path / "scene_graph.json", value))
    path = write(tmp_path / "scene_graph.json", OBJECTS)
    for relation, message in (
        ({"object1": {"id": 4}, "object2": {"id": 9}, "object_relation": "a on b"}, "names object 9"),
        ({"object1": {"id": 4}, "object2": {"id": 7}, "object_relation": "a on a"}, "expected such as"),
        ({"object_1_id": 4, "object_2_id": 7, "edge_description": ""}, "no relation in"),
        ({"object1": {"id": "4"}, "object2": {"id": 7}, "object_relation": "a on b"}, "relation 0.object1.id"),
    ):
        write(tmp_path / "cfslam_object_relations.json", [relation])
        with pytest.raises(InputError, match=message):
            read_concept_graphs(path)


def test_bad_spark_dsg(tmp_path):
    def changed(change):
        value = dsg()
        change(value)
        return write(tmp_path / "dsg.json", value)

    for change, message in (
        (lambda v: v.pop("edges"), "'edges' is missing"),
        (lambda v: v["nodes"].clear(), "no object, room or building"),
        (lambda v: v["nodes"].append(v["nodes"][0]), "there twice"),
        (lambda v: v["nodes"][0]["attributes"].pop("position"), "position: expected three numbers"),
        (lambda v: v["nodes"][0]["attributes"]["bounding_box"].update(world_R_center=[1, 0, 0, 0]), "quaternion"),
        (lambda v: v["edges"].append({"source": 1}), "'target' is missing"),
    ):
        with pytest.raises(InputError, match=message):
            read_spark_dsg(changed(change))
    (tmp_path / "dsg.json").write_text(json.dumps(dsg())[:300])
    with pytest.raises(InputError, match="cut off"):
        read_spark_dsg(tmp_path / "dsg.json")


def test_convert_command(tmp_path, capsys):
    """Both are recognised and converted; a pickle is refused with the safe way named."""
    write(tmp_path / "scene_graph.json", OBJECTS)
    write(tmp_path / "dsg.json", dsg())
    for name, count in (("scene_graph", 2), ("dsg", 3)):
        assert main(["convert", str(tmp_path / f"{name}.json"), str(tmp_path / "out"), "--quiet"]) == 0
        assert len(files.load(tmp_path / "out" / f"{name}.scenegraph.json").nodes) == count
    (tmp_path / "map.pkl.gz").write_bytes(b"cos\nsystem\n")
    assert main(["convert", str(tmp_path / "map.pkl.gz"), str(tmp_path / "out")]) == 2
    assert "generate-scenegraph-json" in capsys.readouterr().err
    assert main(["convert", str(tmp_path / "dsg.json"), str(tmp_path / "data"), "--to", "psg", "--quiet"]) == 2
    assert "a map has no pictures" in capsys.readouterr().err
