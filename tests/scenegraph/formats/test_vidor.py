"""VidOR files as graphs of boxes."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Span, Vocabulary
from scenegraph.formats.vidor import VidORFiles, validate
from tests.scenegraph.strategies import damaged


def box(tid, x1, y1, x2, y2, generated=0):
    bounds = dict(zip(("xmin", "ymin", "xmax", "ymax"), (x1, y1, x2, y2), strict=True))
    return {"tid": tid, "bbox": bounds, "generated": generated, "tracker": "kcf" if generated else "none"}


def record():
    return {
        "version": "VERSION 1.0",
        "video_id": "77",
        "video_path": "0001/77.mp4",
        "frame_count": 3,
        "fps": 30.0,
        "width": 40,
        "height": 20,
        "subject/objects": [{"tid": 4, "category": "dog"}, {"tid": 0, "category": "adult"}],
        "trajectories": [[box(0, 0, 0, 39, 19)], [box(0, 0, 0, 9, 9, 1), box(4, 30, 2, 45, 5)], []],
        "relation_instances": [
            {"subject_tid": 4, "object_tid": 0, "predicate": "next_to", "begin_fid": 1, "end_fid": 2},
            {"subject_tid": 4, "object_tid": 0, "predicate": "next_to", "begin_fid": 0, "end_fid": 9},
            {"subject_tid": 0, "object_tid": 4, "predicate": "watch", "begin_fid": 5, "end_fid": 6},
        ],
    }


@pytest.fixture
def data_set(tmp_path):
    for name, predicate in (("training/0001/77", "next_to"), ("validation/0002/78", "bite")):
        value = record()
        value["relation_instances"][0]["predicate"] = predicate
        path = tmp_path / f"{name}.json"
        path.parent.mkdir(parents=True)
        path.write_text(json.dumps(value))
    return tmp_path


def test_boxes_and_spans(data_set):
    files = VidORFiles.open(data_set)
    assert files.vocabulary == Vocabulary(("adult", "dog"), (), ("bite", "next_to", "watch"))
    assert (len(files), files.indices("train"), files.indices("val"), files.indices("test")) == (2, [0], [1], [])
    assert files.item(0) == "training/0001/77.json"
    graph = files.graph(0)
    assert (graph.source.uri, graph.source.size, graph.source.num_frames) == ("0001/77.mp4", (20, 40), 3)
    assert [(node.id, graph.category_name(node.id), node.region.frames) for node in graph.nodes] == [
        (4, "dog", (1,)),
        (0, "adult", (0, 1)),
    ]
    adult, dog = graph.node(0), graph.node(4)
    assert adult.region.segment(0).box == (0, 0, 40, 20) and adult.attributes == {"drawn_by_hand": 1}
    assert dog.region.segment(1).box == (30, 2, 40, 6) and graph.metadata["clipped_boxes"] == 1
    assert [(r.triple, r.spans) for r in graph.relations] == [
        ((4, 1, 0), (Span(1, 2),)),
        ((4, 1, 0), (Span(0, 3),)),
    ]
    assert graph.metadata["clipped_spans"] == 1
    assert graph.metadata["dropped_relations"][0]["reason"] == "no frame of it lies in the video"
    assert files.graph(1).metadata["split"] == "val"
    # One file alone: its own names
    assert VidORFiles.open(data_set / "training/0001/77.json").vocabulary.predicates == ("next_to", "watch")


def test_the_real_video(real_data):
    files = VidORFiles.open(real_data / "vidor" / "11566930393.json")
    graph = files.graph(0)
    assert graph.source.num_frames == 872 and graph.source.fps == 29.97 and len(graph.relations) == 15
    assert [graph.label(node.id) for node in graph.nodes] == ["child-1", "toy-1", "toy-2"]
    assert graph.node(2).region.segment(0).box == (286, 105, 640, 379)
    assert graph.relations[0].spans == (Span(0, 189),) and graph.sentence(graph.relations[0]) == "child-1 watch toy-2"
    assert not set(graph.metadata) & {"unseen_objects", "dropped_relations", "clipped_boxes", "clipped_spans"}
    assert validate(files.paths[0], progress=False) == []


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda v: v["trajectories"].pop(), "trajectories: 2 frames; frame_count says 3"),
        (lambda v: v["trajectories"][0].append(box(9, 0, 0, 1, 1)), r"trajectories\[0\]\[1\].tid: 9 is not listed"),
        (lambda v: v["trajectories"][0].append(box(0, 0, 0, 1, 1)), "two boxes in frame 0"),
        (lambda v: v["trajectories"][1].append(box(4, 9, 0, 1, 1)), r"trajectories\[1\]\[2\].bbox: .* is no box"),
        (lambda v: v["relation_instances"][0].update(end_fid=1), "frames 1 to 1"),
        (lambda v: v["relation_instances"][0].update(object_tid=8), r"relation_instances\[0\]: track 8"),
        (lambda v: v["subject/objects"].append({"tid": 0, "category": "cat"}), "0 is used twice"),
        (lambda v: v.update(frame_count=0, trajectories=[]), "has 0 frames"),
        (lambda v: v.pop("fps"), "the key 'fps' is missing"),
    ],
)
def test_what_is_broken_is_named(data_set, edit, message):
    path = data_set / "training/0001/77.json"
    value = record()
    edit(value)
    path.write_text(json.dumps(value))
    with pytest.raises(InputError, match=message):
        VidORFiles.open(path).graph(0)
    found = validate(data_set, progress=False)
    assert [(p.item, p.field) for p in found if p.severity == "error"] == [("training/0001/77.json", "file")]
    assert {p.severity for p in found if p.item.startswith("validation")} == {"warning"}


def test_what_is_missing_is_named(tmp_path, data_set):
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no annotation"):
        VidORFiles.open(tmp_path / "empty")
    with pytest.raises(InputError, match="no such file"):
        VidORFiles.open(tmp_path / "none.json")
    with pytest.raises(InputError, match="split 'dev'"):
        VidORFiles.open(data_set).indices("dev")


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path, data):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(data.draw(damaged(record()))))
    with suppress(InputError):
        VidORFiles.open(path).graph(0)
