"""Visual Genome and GQA: pictures with boxes and free names."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenegraph import InputError
from scenegraph.formats.gqa import GQAFile
from scenegraph.formats.visual_genome import VisualGenomeFile, read_names
from tests.scenegraph.strategies import damaged


def thing(number, name, x, y, w, h, **more):
    return {"object_id": number, "name": name, "x": x, "y": y, "w": w, "h": h, **more}


def relationships():
    man, horse = thing(7, "Man", 5, 5, 10, 20), {**thing(9, "", 2, 10, 30, 30), "names": ["horse"]}
    del horse["name"]
    kerb = thing(11, "kerb", 0, 38, 60, 0)
    rows = [
        {"predicate": " RIDING", "subject": man, "object": horse, "relationship_id": 1},
        {"predicate": "near", "subject": horse, "object": kerb, "relationship_id": 2},
        {"predicate": "near", "subject": horse, "object": horse, "relationship_id": 3},
    ]
    return [{"image_id": 3, "relationships": rows}, {"image_id": 4, "relationships": []}]


@pytest.fixture
def visual_genome(tmp_path):
    attributes = [{"image_id": 3, "attributes": [thing(9, "horse", 2, 10, 30, 30, attributes=["Brown", "tall"])]}]
    attributes[0]["attributes"].append(thing(12, "sky", 0, 0, 50, 5))
    (tmp_path / "relationships.json").write_text(json.dumps(relationships()))
    (tmp_path / "attributes.json").write_text(json.dumps(attributes))
    (tmp_path / "image_data.json").write_text(json.dumps([{"image_id": 3, "width": 50, "height": 40}]))
    return tmp_path / "relationships.json"


def test_visual_genome(visual_genome):
    file = VisualGenomeFile.open(visual_genome)
    assert (len(file), file.image_ids) == (2, (3, 4))
    graph = file.graph(0)
    assert graph.source.size == (40, 50)
    assert [(node.id, graph.category_name(node.id), node.attributes) for node in graph.nodes] == [
        (7, "man", {}),
        (9, "horse", {"attribute": "brown", "attribute 2": "tall"}),
        (12, "sky", {}),
    ]
    assert graph.node(9).region.box == (2, 10, 32, 40)
    assert [graph.sentence(relation) for relation in graph.relations] == [
        "man-1 riding horse-1",
        "horse-1 near horse-1",
    ]
    assert graph.metadata["unseen_objects"] == [{"id": 11, "name": "kerb"}]
    assert graph.metadata["dropped_relations"][0]["relation"] == [9, "near", 11]
    empty = file.graph(1)
    assert (len(empty.nodes), empty.source.size) == (0, (1, 1))


def test_visual_genome_with_given_names(visual_genome, tmp_path):
    names = tmp_path / "names.json"
    names.write_text(json.dumps({"label_to_idx": {"horse": 2, "man": 1}, "predicate_to_idx": {"riding": 1}}))
    file = VisualGenomeFile.open(visual_genome, names)
    assert file.vocabulary == read_names(names) and file.vocabulary.things == ("man", "horse")
    graph = file.graph(0)
    assert [graph.sentence(relation) for relation in graph.relations] == ["man-1 riding horse-1"]
    assert {each["name"] for each in graph.metadata["unseen_objects"]} == {"kerb", "sky"}


def test_scene_graphs_of_visual_genome(tmp_path):
    path = tmp_path / "scene_graphs.json"
    objects = [thing(1, "cup", 0, 0, 4, 4), thing(2, "table", 0, 3, 9, 9, attributes=["wooden"])]
    rows = [{"predicate": "on", "subject_id": 1, "object_id": 2}]
    path.write_text(json.dumps([{"image_id": 8, "objects": objects, "relationships": rows}]))
    graph = VisualGenomeFile.open(path).graph(0)
    assert [graph.sentence(relation) for relation in graph.relations] == ["cup-1 on table-1"]
    assert graph.node(2).attributes == {"attribute": "wooden"} and graph.source.size == (12, 9)


def gqa_record():
    objects = {
        "21": {"name": "girl", "x": 1, "y": 1, "w": 4, "h": 8, "attributes": ["young"], "relations": []},
        "22": {"name": "kite", "x": 6, "y": 0, "w": 40, "h": 3, "attributes": [], "relations": []},
    }
    objects["21"]["relations"] = [{"name": "flying", "object": "22"}, {"name": "to the left of", "object": "22"}]
    return {"2386621": {"width": 30, "height": 20, "location": "beach", "objects": objects}}


def test_gqa(tmp_path):
    path = tmp_path / "val_sceneGraphs.json"
    path.write_text(json.dumps(gqa_record()))
    file = GQAFile.open(path)
    graph = file.graph(0)
    assert (file.split, file.vocabulary.predicates) == ("val", ("flying", "to the left of"))
    assert [graph.sentence(relation) for relation in graph.relations] == [
        "girl-1 flying kite-1",
        "girl-1 to the left of kite-1",
    ]
    assert graph.node(22).region.box == (6, 0, 30, 3) and graph.metadata["clipped_boxes"] == 1
    assert graph.node(21).attributes == {"attribute": "young"} and graph.metadata["location"] == "beach"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda objects: objects["21"].update(name=3), "objects.21.name: expected a text"),
        (lambda objects: objects["21"]["relations"].append({"name": "on", "object": "x"}), "'x' is no id"),
        (lambda objects: objects.update(me=objects["22"]), "objects.me: 'me' is no id"),
        (lambda objects: objects["22"].pop("w"), "the key 'w' is missing"),
    ],
)
def test_what_gqa_files_cannot_say(tmp_path, change, message):
    record = gqa_record()
    change(record["2386621"]["objects"])
    path = tmp_path / "train_sceneGraphs.json"
    path.write_text(json.dumps(record))
    with pytest.raises(InputError, match=message):
        GQAFile.open(path).graph(0)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_read_or_refused(tmp_path, data):
    for opened, value, name in ((VisualGenomeFile, relationships(), "a.json"), (GQAFile, gqa_record(), "b.json")):
        path = tmp_path / name
        path.write_text(json.dumps(data.draw(damaged(value))))
        with suppress(InputError):
            opened.open(path).graph(0)


def test_the_real_excerpt(real_data):
    file = VisualGenomeFile.open(real_data / "vg" / "relationships_excerpt.json")
    graph = file.graph(0)
    assert [graph.sentence(relation) for relation in graph.relations] == [
        "shade-1 on sidewalk-1",
        "bikes-1 near tree-1",
    ]
    assert graph.node(1058498).attributes == {"attribute": "green", "attribute 2": "tall"}
    names = read_names(real_data / "vg" / "VG-SGG-dicts-with-attri.json")
    assert (len(names.things), len(names.predicates)) == (150, 50)
