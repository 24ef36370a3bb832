"""Writing pvsg.json and reading it back."""

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, storage
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter, validate
from scenegraph.images import read_image
from tests.factories import VOCABULARY, park, park_video, rectangle
from tests.scenegraph.formats.pvsg_parks import CAPTIONS, QUESTIONS, frames, video


def test_what_is_written_has_the_real_layout_and_is_valid(pvsg_set):
    assert validate(pvsg_set, progress=False) == []
    value = json.loads(pvsg_set.read_text())
    assert list(value) == ["objects", "relations", "split", "data"]
    assert value["split"] == {"vidor": {"train": ["one.mp4"], "val": []}, "ego4d": {"train": [], "val": ["two"]}}
    record = value["data"][0]
    assert list(record) == ["video_id", "meta", "objects", "relations", "captions", "qa_pairs", "summary"]
    assert record["meta"] == {"height": 20, "width": 30, "fps": 5, "duration": 2.0, "num_frames": 10}
    assert record["objects"][3] == {"object_id": 4, "category": "grass", "is_thing": False, "status": []}
    assert record["relations"][1] == [1, 3, "holding", [[0, 3], [8, 9]]]  # both ends included
    mask = Image.open(pvsg_set.parent / "vidor" / "masks" / "one.mp4" / "0002.png")
    assert mask.mode == "P" and set(np.unique(np.array(mask))) == {0, 1, 2, 3, 4}
    assert not (pvsg_set.parent / "pvsg.json.partial").exists()


def test_what_is_written_comes_back(pvsg_set):
    file = PVSGFile.open(pvsg_set)
    assert (file.indices("train"), file.indices("val"), len(file)) == ([0], [1], 2)
    graph = file.graph(0)
    assert graph.nodes == park_video().nodes and graph.relations == park_video().relations
    assert graph.source == Source("video", "vidor/frames/one.mp4", 20, 30, 10, 5.0)
    assert graph.metadata == {
        "video_id": "one.mp4", "source": "vidor", "split": "train",
        "captions": CAPTIONS, "qa_pairs": QUESTIONS, "summary": "A park.",
    }  # fmt: skip
    assert [path.name for path in file.frame_paths(0)] == [f"{number:04d}.png" for number in range(10)]
    assert np.array_equal(read_image(file.frame_paths(1)[3]), frames(seed=9)[3])


def test_everything_is_written_back(tmp_path, changed_pvsg):
    def edit(record):
        record["objects"].append({"object_id": 5, "category": "sky", "is_thing": False, "status": ["far"]})
        record["objects"].reverse()
        record["relations"] += [[4, 5, "beside", [[0, 2]]], [1, 2, "exiting", [[1, 1]]], [1, 4, "on", [[2, 5], [4, 7]]]]

    path = changed_pvsg(edit)
    file = PVSGFile.open(path)
    graph = file.graph(0)
    assert [note["reason"] for note in graph.metadata["dropped_relations"]] == [
        "object 5 is not seen in any frame",
        "the predicate 'exiting' is not in the vocabulary",
    ]
    assert graph.relations[-1].spans == (Span(2, 6), Span(4, 8))  # overlapping spans stay
    with PVSGWriter(tmp_path / "b", VOCABULARY) as writer:
        writer.add(graph, [read_image(frame) for frame in file.frame_paths(0)], source="vidor")
    again = PVSGFile.open(tmp_path / "b" / "pvsg.json")
    first, second = file.record(0), again.record(0)
    assert sorted(map(str, second["relations"])) == sorted(map(str, first["relations"]))
    assert second["objects"] == first["objects"][::-1]
    assert all(second[key] == first[key] for key in ("captions", "qa_pairs", "summary", "meta"))
    assert again.graph(0).nodes == tuple(sorted(graph.nodes, key=lambda node: node.id))


def test_other_ids_are_numbered_from_one(tmp_path):
    nodes = tuple(Node(i, 0, Tube({0: Segment(rectangle(4, 4, x, 0, x + 1, 4))})) for i, x in ((40, 0), (0, 2)))
    graph = SceneGraph(Source("video", "v", 4, 4, 1, 5.0), nodes, (Relation(40, 0, 0),), VOCABULARY)
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(graph, [np.zeros((4, 4, 3), dtype=np.uint8)])
    back = PVSGFile.open(tmp_path / "pvsg.json").graph(0)
    assert [r.triple for r in back.relations] == [(2, 0, 1)]
    assert back.relations[0].spans == (Span(0, 1),)  # no span in the graph: the whole video
    assert back.node(1).region.segment(0).box == (2.0, 0.0, 3.0, 4.0)


def test_texts_go_on_naming_the_same_objects(tmp_path, changed_pvsg):
    """Ids with gaps and out of order: `A person (1) holds a ball (3)` must not mean others after writing."""

    def edit(record):
        record["meta"]["duration"] = 2.04
        record["objects"] = [dict(each, object_id=10 * each["object_id"]) for each in record["objects"][::-1]]
        record["relations"] = [[10 * s, 10 * o, *rest] for s, o, *rest in record["relations"]]
        record["captions"] = [{"time": "0000-0003", "description": "A person (10) — “naïve” \u2028 (30)", "more": [1]}]

    path = changed_pvsg(edit)
    for mask in (path.parent / "vidor" / "masks" / "one.mp4").iterdir():
        picture = Image.open(mask)
        again = Image.fromarray(np.asarray(picture) * 10, mode="P")
        again.putpalette(picture.getpalette())
        again.save(mask)
    file = PVSGFile.open(path)
    graph = file.graph(0)
    with PVSGWriter(tmp_path / "b", VOCABULARY) as writer:
        writer.add(graph, [read_image(frame) for frame in file.frame_paths(0)])
    first, second = file.record(0), PVSGFile.open(tmp_path / "b" / "pvsg.json").record(0)
    assert second["objects"] == first["objects"][::-1]
    assert {key: second[key] for key in first if key != "objects"} == {k: v for k, v in first.items() if k != "objects"}
    assert PVSGFile.open(tmp_path / "b" / "pvsg.json").graph(0).nodes == tuple(sorted(graph.nodes, key=lambda n: n.id))
    with PVSGWriter(tmp_path / "c", VOCABULARY) as writer:  # without texts as the published loader needs them
        writer.add(replace(graph, metadata={}), [read_image(frame) for frame in file.frame_paths(0)])
    assert [each["object_id"] for each in PVSGFile.open(tmp_path / "c" / "pvsg.json").record(0)["objects"]] == [
        1,
        2,
        3,
        4,
    ]


def test_an_interrupted_data_set_is_continued(tmp_path):
    writer = PVSGWriter(tmp_path, VOCABULARY)
    writer.add(video("one"), frames())
    with pytest.raises(InputError, match="'two' has 10 frames; 4 pictures were given"):
        writer.add(video("two"), frames(4))
    with pytest.raises(InputError, match="10 frames; more pictures were given"):
        writer.add(video("two"), frames(12))
    writer._journal.close()
    assert not (tmp_path / "pvsg.json").exists()
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        assert writer.done == {"one"} and len(writer) == 1
        with pytest.raises(InputError, match="'one' is in the data set already"):
            writer.add(video("one"), frames())
        writer.add(video("two"), frames())
    assert validate(tmp_path / "pvsg.json", progress=False) == []


def masked(x1, y1, x2, y2):
    return Segment(rectangle(20, 30, x1, y1, x2, y2))


def video_of(*segments):
    nodes = tuple(Node(i, 0, Tube({0: segment})) for i, segment in enumerate(segments, start=1))
    return SceneGraph(Source("video", "v", 20, 30, 10, 5.0), nodes, (), VOCABULARY)


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        (replace(park(), vocabulary=VOCABULARY), "is image, None fps"),
        (replace(park_video(), source=replace(park_video().source, fps=None)), "is video, None fps"),
        (replace(park_video(), vocabulary=replace(VOCABULARY, stuff=("a", "b"))), "another vocabulary"),
        (video_of(Segment.from_box((0, 0, 4, 4), 20, 30)), "node 1 of 'v' has no mask with pixels"),
        (video_of(Segment(Mask(20, 30, np.array([600])))), "node 1 of 'v' has no mask with pixels"),
        (video_of(masked(0, 0, 4, 4), masked(3, 3, 9, 9)), "overlap in frame 0"),
        (video_of(*[masked(i % 30, i // 30, i % 30 + 1, i // 30 + 1) for i in range(256)]), "at most 255"),
        (video("/"), "no file name"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(tmp_path, graph, message):
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        with pytest.raises(InputError, match=message):
            writer.add(graph, frames())
        with pytest.raises(InputError, match=r"frame 0 is uint8 \(2, 2, 3\); expected uint8 \(20, 30, 3\)"):
            writer.add(video("v"), [np.zeros((2, 2, 3), dtype=np.uint8)] * 10)
    assert len(PVSGFile.open(tmp_path / "pvsg.json")) == 0


def test_a_full_disk_keeps_what_is_there(pvsg_set, monkeypatch):
    before = pvsg_set.read_bytes()
    writer = PVSGWriter(pvsg_set.parent, VOCABULARY)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(InputError, match=r"pvsg.json: could not be written .No space left"):
        writer.close()
    writer._journal.close()
    assert pvsg_set.read_bytes() == before
