"""Action Genome and STAR as graphs of boxes."""

import json
import pickle
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Span, files
from scenegraph.formats.action_genome import ActionGenomeFile, STARFile, validate
from tests.scenegraph.strategies import damaged


def thing(name, box, attention=None, spatial=None, contacting=None, split="train"):
    return {
        "class": name,
        "bbox": box,
        "attention_relationship": attention,
        "spatial_relationship": spatial,
        "contacting_relationship": contacting,
        "metadata": {"tag": "", "set": split},
        "visible": box is not None,
    }


def objects():
    cup = thing("cup/glass/bottle", (10.0, 5.0, 4.0, 6.0), ["looking_at"], ["in_front_of"], ["holding", "touching"])
    return {
        "B.mp4/000009.png": [thing("sofa/couch", (0, 0, 99, 9), ["unsure"], ["beneath"], ["sitting_on"], "test")],
        "A.mp4/000030.png": [cup, thing("door", None)],
        "A.mp4/000005.png": [cup],
        "A.mp4/000041.png": [cup | {"contacting_relationship": ["not_contacting"]}],
    }


def persons():
    one = {"bbox": np.array([[1, 2, 8, 18]], dtype=np.float32), "bbox_size": (40, 20), "bbox_mode": "xyxy"}
    return {picture: one for picture in objects()} | {
        "A.mp4/000030.png": one | {"bbox": np.zeros((0, 4), dtype=np.float32)}
    }


def plain(value):
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


@pytest.fixture(params=["pkl", "json"])
def annotations(tmp_path, request):
    for name, value in (("object_bbox_and_relationship", objects()), ("person_bbox", persons())):
        content = pickle.dumps(value) if request.param == "pkl" else json.dumps(plain(value)).encode()
        (tmp_path / f"{name}.{request.param}").write_bytes(content)
    return tmp_path


def test_frames_boxes_and_directions(annotations):
    file = ActionGenomeFile.open(annotations)
    assert file.videos == ("B.mp4", "A.mp4") and (file.indices("train"), file.indices("test")) == ([1], [0])
    assert file.vocabulary.things == ("person", "cup/glass/bottle", "door", "sofa/couch")
    assert file.vocabulary.predicates[:4] == ("looking_at", "unsure", "beneath", "in_front_of")
    graph = file.graph(1)
    assert graph.metadata["frame_numbers"] == [5, 30, 41] and graph.source.size == (20, 40)
    assert file.frame_names(1)[0] == "A.mp4/000005.png"
    person, cup = graph.nodes
    assert person.region.frames == (0, 2) and cup.region.frames == (0, 1, 2)
    assert person.region.segment(0).box == (1, 2, 8, 18) and cup.region.segment(0).box == (10, 5, 14, 11)
    assert [(graph.sentence(r), r.spans) for r in graph.relations] == [
        ("person-1 looking_at cup/glass/bottle-1", (Span(0, 3),)),
        ("cup/glass/bottle-1 in_front_of person-1", (Span(0, 3),)),
        ("person-1 holding cup/glass/bottle-1", (Span(0, 2),)),
        ("person-1 touching cup/glass/bottle-1", (Span(0, 2),)),
        ("person-1 not_contacting cup/glass/bottle-1", (Span(2, 3),)),
    ]
    assert file.graph(0).metadata["clipped_boxes"] == 1
    assert files.loads(files.dumps(graph)) == graph
    assert [p.severity for p in validate(annotations, progress=False)] == ["warning"]


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda o, p: p.pop("B.mp4/000009.png"), "person_bbox has no entry 'B.mp4/000009.png'"),
        (lambda o, p: p["B.mp4/000009.png"].update(bbox_size=None), "bbox_size is .*expected .width, height."),
        (lambda o, p: p["B.mp4/000009.png"].update(bbox=[[1, 2, 3]]), "expected rows of 4 numbers"),
        (lambda o, p: o["B.mp4/000009.png"][0].update(bbox=[3, 3, 0, 5]), "picture 9: sofa/couch: .* is no box"),
        (lambda o, p: o["B.mp4/000009.png"][0].update(bbox=[3, 3, float("nan"), 5]), "is no box"),
        (lambda o, p: o["B.mp4/000009.png"][0].update(bbox=[]), "expected rows of 4 numbers"),
        (lambda o, p: o["B.mp4/000009.png"][0].update(bbox=[[3, 3, 2, 5], [4, 3, 2, 5]]), "expected rows of 4 numbers"),
        (lambda o, p: p["B.mp4/000009.png"].update(bbox=[[1, 2], [3, 4]]), "expected rows of 4 numbers"),
    ],
)
def test_what_is_broken_is_named(tmp_path, edit, message):
    listed, people = objects(), {picture: dict(person) for picture, person in persons().items()}
    edit(listed, people)
    (tmp_path / "object_bbox_and_relationship.pkl").write_bytes(pickle.dumps(listed))
    (tmp_path / "person_bbox.pkl").write_bytes(pickle.dumps(people))
    file = ActionGenomeFile.open(tmp_path / "object_bbox_and_relationship.pkl")
    with pytest.raises(InputError, match=message):
        file.graph(0)
    assert [p.item for p in validate(tmp_path, progress=False) if p.severity == "error"] == ["video B.mp4"]


def test_foreign_files_are_refused(tmp_path):
    with pytest.raises(InputError, match=r"neither object_bbox_and_relationship\.pkl"):
        ActionGenomeFile.open(tmp_path)
    (tmp_path / "object_bbox_and_relationship.pkl").write_bytes(pickle.dumps({"a.png": []}))
    with pytest.raises(InputError, match="person_bbox"):
        ActionGenomeFile.open(tmp_path)
    (tmp_path / "person_bbox.pkl").write_bytes(pickle.dumps({}))
    with pytest.raises(InputError, match="expected the name of a picture"):
        ActionGenomeFile.open(tmp_path)
    (tmp_path / "person_bbox.pkl").write_bytes(pickle.dumps(print))
    with pytest.raises(InputError, match="not run"):
        ActionGenomeFile.open(tmp_path)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_files_are_read_or_refused(tmp_path, data):
    (tmp_path / "object_bbox_and_relationship.json").write_text(json.dumps(data.draw(damaged(objects()))))
    (tmp_path / "person_bbox.json").write_text(json.dumps(data.draw(damaged(plain(persons())))))
    with suppress(InputError):
        file = ActionGenomeFile.open(tmp_path)
        for index in range(len(file)):
            file.graph(index)


# STAR


def test_the_real_situations(real_data):
    file = STARFile.open(real_data / "star" / "STAR_reduced_2_records.json")
    assert len(file) == 2 and len(file.vocabulary.things) == 37 and file.vocabulary.predicates[2] == "in_front_of"
    graph = file.graph(0)
    assert [graph.sentence(relation) for relation in graph.relations] == [
        "person-1 in_front_of table-1",
        "person-1 holding book-1",
    ]
    assert graph.metadata["answer"] == "The sandwich." and graph.metadata["actions"] == [["eat a sandwich"]]
    person = next(node for node in graph.nodes if graph.category_name(node.id) == "person")
    assert person.attributes == {"located": False} and graph.source.size == (270, 293)
    assert files.loads(files.dumps(graph)) == graph


@pytest.fixture
def star(tmp_path):
    (tmp_path / "object_classes.txt").write_text("o000 person\no006 table\n")
    (tmp_path / "relationship_classes.txt").write_text("r002 in_front_of")
    (tmp_path / "action_classes.txt").write_text("a051 eat a sandwich\n")

    def write(situations):
        record = {"question_id": "Q1", "video_id": "V", "situations": situations, "question": "?", "answer": "!"}
        (tmp_path / "star.json").write_text(json.dumps([record]))
        return tmp_path / "star.json"

    return write


SITUATION = {
    "rel_pairs": [["o000", "o006"]],
    "rel_labels": ["r002"],
    "actions": ["a051"],
    "bbox": [[1.5, 2, 9, 7.5]],
    "bbox_labels": ["o006"],
}


@pytest.mark.parametrize(
    ("situations", "message"),
    [
        ({}, "situations: there is none"),
        ({"x": SITUATION}, "situations: 'x'; expected the number"),
        ({"3": SITUATION | {"rel_labels": []}}, "1 rel_pairs and 0 rel_labels"),
        ({"3": SITUATION | {"rel_pairs": [["o000"]]}}, "expected two codes"),
        ({"3": SITUATION | {"rel_labels": ["r9"]}}, "'r9' is not in the class list"),
        ({"3": SITUATION | {"bbox": [[1, 2, 3]]}}, "expected 4 numbers"),
        ({"3": SITUATION | {"bbox": [[5, 2, 3, 4]]}}, "is no box"),
    ],
)
def test_broken_situations_are_named(star, situations, message):
    with pytest.raises(InputError, match=message):
        STARFile.open(star(situations)).graph(0)


def test_situations_over_frames(star):
    graph = STARFile.open(
        star({"000003": SITUATION, "000007": SITUATION, "000012": SITUATION | {"rel_pairs": [], "rel_labels": []}})
    ).graph(0)
    assert graph.relations[0].spans == (Span(0, 2),) and graph.metadata["frame_numbers"] == [3, 7, 12]
    assert graph.node(graph.relations[0].subject).region.frames == (0, 1)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_damaged_situations_are_read_or_refused(star, data):
    with suppress(InputError):
        STARFile.open(star(data.draw(damaged({"000003": SITUATION})))).graph(0)
