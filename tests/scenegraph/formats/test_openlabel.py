"""OpenLABEL annotations as graphs."""

import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Span
from scenegraph.formats.openlabel import OpenLABELFile
from tests.scenegraph.strategies import damaged


def bbox(x, y, width, height):
    return {"object_data": {"bbox": [{"name": "shape", "val": [x, y, width, height]}]}}


def interval(first, last):
    return [{"frame_start": first, "frame_end": last}]


def link(kind, uid):
    return [{"type": kind, "uid": uid}]


def annotation():
    return {
        "openlabel": {
            "metadata": {"schema_version": "1.0.0", "tagged_file": "crossing.mp4"},
            "streams": {
                "front": {
                    "type": "camera",
                    "stream_properties": {"intrinsics_pinhole": {"height_px": 40, "width_px": 80}},
                }
            },
            "objects": {
                "car-a": {"name": "red car", "type": "Car", "frame_intervals": interval(0, 3)},
                "p1": {"name": "", "type": "Pedestrian", "frame_intervals": interval(1, 2)},
                "sign": {"type": "Sign", "frame_intervals": interval(0, 3), **bbox(70, 10, 4, 4)},
                "ghost": {"type": "Car"},
            },
            "actions": {
                "a": {"type": "Yielding", "frame_intervals": interval(1, 2)},
                "b": {"type": "Walking", "frame_intervals": interval(1, 2)},
            },
            "relations": {
                "r0": {
                    "type": "near",
                    "rdf_subjects": link("object", "p1"),
                    "rdf_objects": link("object", "sign"),
                    "frame_intervals": interval(1, 1),
                },
                "r1": {
                    "type": "isSubjectOfAction",
                    "rdf_subjects": link("object", "car-a"),
                    "rdf_objects": link("action", "a"),
                },
                "r2": {
                    "type": "hasObject",
                    "rdf_subjects": link("action", "a"),
                    "rdf_objects": link("object", "p1"),
                },
                "r3": {"type": "near", "rdf_subjects": link("object", "ghost"), "rdf_objects": link("object", "p1")},
            },
            "frames": {
                "0": {"objects": {"car-a": bbox(20, 20, 10, 8)}},
                "1": {"objects": {"car-a": bbox(22, 20, 10, 8), "p1": bbox(50, 20, 4, 12)}},
                "2": {"objects": {"p1": bbox(49, 20, 4, 12)}},
                "3": {},
            },
        }
    }


def opened(tmp_path, value):
    path = tmp_path / "a.json"
    path.write_text(json.dumps(value))
    return OpenLABELFile.open(path)


def test_objects_relations_and_actions(tmp_path):
    graph = opened(tmp_path, annotation()).graph(0)
    assert (graph.source.uri, graph.source.size, graph.source.num_frames) == ("crossing.mp4", (40, 80), 4)
    assert [(graph.category_name(node.id), node.region.frames, node.attributes) for node in graph.nodes] == [
        ("Car", (0, 1), {"uid": "car-a", "name": "red car"}),
        ("Pedestrian", (1, 2), {"uid": "p1"}),
        ("Sign", (0, 1, 2, 3), {"uid": "sign"}),
    ]
    assert graph.node(0).region.segment(0).box == (15, 16, 25, 24)  # values are about the centre
    assert [(graph.sentence(relation), relation.spans) for relation in graph.relations] == [
        ("Pedestrian-1 near Sign-1", (Span(1, 2),)),
        ("Car-1 Yielding Pedestrian-1", (Span(1, 3),)),
    ]
    assert graph.metadata["actions"] == [{"type": "Walking", "frames": [[1, 3]]}]
    assert graph.metadata["unseen_objects"] == ["ghost"]
    assert graph.metadata["dropped_relations"][0]["reason"] == "object 3 is not seen in any frame"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda value: value["frames"].update(x={}), "'x' is no frame number"),
        (lambda value: value["frames"]["0"]["objects"].update(who=bbox(1, 1, 2, 2)), "'who' is not listed"),
        (lambda value: value["objects"]["p1"].pop("type"), "the key 'type' is missing"),
        (lambda value: value["objects"]["p1"].update(frame_intervals=interval(5, 2)), None),
        (lambda value: value["relations"]["r0"].update(frame_intervals=interval(5, 2)), "5 to 2 are no stretch"),
        (lambda value: value["relations"]["r0"].update(frame_intervals=interval(0, 10**9)), "<= end <= 1,000,000"),
        (
            lambda value: value["relations"]["r0"].update(rdf_objects=[{"uid": "x"}]),
            r"json: relations.r0.rdf_objects\[0",
        ),
        (lambda value: value["relations"]["r0"].update(rdf_subjects=link("object", "no")), "'no' is not listed"),
        (lambda value: value["frames"]["0"]["objects"].update({"car-a": bbox(1, 1, -2, 2)}), "is no box"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, change, message):
    value = annotation()
    change(value["openlabel"])
    if message is None:
        opened(tmp_path, value).graph(0)  # when an object is there is told by its boxes
        return
    with pytest.raises(InputError, match=message):
        opened(tmp_path, value).graph(0)


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused(tmp_path, data):
    with suppress(InputError):
        opened(tmp_path, data.draw(damaged(annotation()))).graph(0)
