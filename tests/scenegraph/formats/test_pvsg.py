import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, storage
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter, validate
from scenegraph.images import read_image
from scenegraph.masks import paint
from tests.factories import VOCABULARY, park, park_video, rectangle
from tests.scenegraph.strategies import damaged

CAPTIONS = [{"time": "0000-0003", "description": "A person (1) holds a ball (3)."}]
QUESTIONS = [{"time": "0005", "question": "What does the dog (2) do?", "answer": "It chases the ball (3)."}]


def frames(count=10, seed=0):
    return [np.full((20, 30, 3), (20 * number, seed, 90), dtype=np.uint8) for number in range(count)]


def named(uri, graph=None):
    graph = graph or park_video()
    return replace(graph, source=replace(graph.source, uri=uri))


@pytest.fixture
def data_set(tmp_path):
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(named("videos/one.mp4"), frames(), "train", "vidor", CAPTIONS, QUESTIONS, "A park.")
        writer.add(named("two"), iter(frames(seed=9)), "val", "ego4d")
    return tmp_path / "pvsg.json"


@pytest.fixture
def changed(data_set):
    def change(edit):
        value = json.loads(data_set.read_text())
        edit(value["data"][0])
        data_set.write_text(json.dumps(value))
        return data_set

    return change


# The public file's conventions


@pytest.fixture(scope="module")
def mini(golden, tmp_path_factory):
    """The golden data set; the compact copy has its masks as arrays, from which the PNGs are made again."""
    path = golden / "pvsg" / "mini_pvsg" / "data" / "pvsg.json"
    root = path.parent
    if not (root / "vidor" / "masks").is_dir():
        root = tmp_path_factory.mktemp("mini_pvsg")
        for video in PVSGFile.open(path).videos:
            folder = root / video.source / "masks" / video.video_id
            folder.mkdir(parents=True)
            maps = np.load(golden / "pvsg" / "videos" / f"{video.video_id}.npz")["gt_panoptic"]
            for frame, ids in enumerate(maps):
                picture = Image.fromarray(ids)
                picture.putpalette(bytes(range(256)) * 3)
                picture.save(folder / f"{frame:04d}.png")
    return PVSGFile.open(path, root)


def test_golden_masks_are_the_golden_maps(mini, golden):
    assert mini.indices("train") == [] and mini.indices("val") == mini.indices("all")
    for index in mini.indices("val"):
        expected = np.load(golden / "pvsg" / "videos" / f"{mini.videos[index].video_id}.npz")["gt_panoptic"]
        graph = mini.graph(index)
        assert (graph.source.num_frames, *graph.source.size) == expected.shape
        for frame, ids in enumerate(expected):
            seen = [(node.id, node.region.segment(frame)) for node in graph.nodes if node.region.segment(frame)]
            lookup = np.array([0, *(node_id for node_id, _ in seen)])
            assert np.array_equal(lookup[paint([s.mask for _, s in seen], *ids.shape) + 1], ids)


def test_golden_relations_are_all_kept_or_noted(mini, golden):
    expected = json.loads((golden / "pvsg" / "expected.json").read_text())["full_protocol"]["per_predicate"]
    found = Counter()
    for index in mini.indices():
        graph = mini.graph(index)
        found.update(relation.predicate for relation in graph.relations)
        dropped = [note["relation"][2] for note in graph.metadata.get("dropped_relations", ())]
        found.update(mini.vocabulary.predicate_id(name) for name in dropped if name in mini.vocabulary.predicates)
        assert len(dropped) + len(graph.relations) == len(mini.record(index)["relations"])
    assert dict(found) == {int(p): row["total"] for p, row in expected["20"].items()}


def test_the_golden_data_set_has_only_known_irregularities(mini):
    found = validate(mini.path, mini.root, frames=False, progress=False)
    assert {problem.severity for problem in found} == {"warning"}
    unknown = [p.item for p in found if "not in the vocabulary" in p.message]
    unseen = [p.item for p in found if "no mask in any frame" in p.message]
    dropped = [mini.item(i) for i in mini.indices() if mini.graph(i).metadata.get("unseen_objects")]
    assert unseen == dropped and len(unknown) == 3
    without_frames = validate(mini.path, mini.root, masks=False, progress=False)
    assert sum(problem.field == "frames" for problem in without_frames) == len(mini)


def test_the_real_excerpt_loads_and_validates(real_data):
    path = real_data / "pvsg" / "pvsg_excerpt.json"
    found = validate(path, masks=False, frames=False, progress=False)
    assert [(problem.severity, problem.field) for problem in found] == [("warning", "split")]
    file = PVSGFile.open(path)
    assert [len(names) for names in (file.vocabulary.things, file.vocabulary.stuff)] == [115, 11]
    assert len(file.vocabulary.predicates) == 57
    for index in file.indices():
        graph, record = file.graph(index, masks=False), file.record(index)
        assert len(graph.nodes) == len(record["objects"]) and len(graph.relations) == len(record["relations"])
        assert graph.metadata["captions"] == record["captions"]
        for relation, row in zip(graph.relations, record["relations"], strict=True):
            assert [relation.subject, relation.object, graph.predicate_name(relation)] == row[:3]
            assert [[span.start, span.stop - 1] for span in relation.spans] == row[3]
        assert all(node.attributes == {"located": False} for node in graph.nodes)
        assert graph.nodes[0].region.spans == (Span(0, graph.source.num_frames),)
    with pytest.raises(InputError, match=r"video 0001_4164158586: .*masks.*there is no such folder"):
        file.graph(0)


# Writing and reading back


def test_what_is_written_has_the_real_layout_and_is_valid(data_set):
    assert validate(data_set, progress=False) == []
    value = json.loads(data_set.read_text())
    assert list(value) == ["objects", "relations", "split", "data"]
    assert value["split"] == {"vidor": {"train": ["one.mp4"], "val": []}, "ego4d": {"train": [], "val": ["two"]}}
    record = value["data"][0]
    assert list(record) == ["video_id", "meta", "objects", "relations", "captions", "qa_pairs", "summary"]
    assert record["meta"] == {"height": 20, "width": 30, "fps": 5, "duration": 2.0, "num_frames": 10}
    assert record["objects"][3] == {"object_id": 4, "category": "grass", "is_thing": False, "status": []}
    assert record["relations"][1] == [1, 3, "holding", [[0, 3], [8, 9]]]  # both ends included
    mask = Image.open(data_set.parent / "vidor" / "masks" / "one.mp4" / "0002.png")
    assert mask.mode == "P" and set(np.unique(np.array(mask))) == {0, 1, 2, 3, 4}
    assert not (data_set.parent / "pvsg.json.partial").exists()


def test_what_is_written_comes_back(data_set):
    file = PVSGFile.open(data_set)
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


def test_everything_is_written_back(tmp_path, changed):
    def edit(record):
        record["objects"].append({"object_id": 5, "category": "sky", "is_thing": False, "status": ["far"]})
        record["objects"].reverse()
        record["relations"] += [[4, 5, "beside", [[0, 2]]], [1, 2, "exiting", [[1, 1]]], [1, 4, "on", [[2, 5], [4, 7]]]]

    path = changed(edit)
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


def test_an_interrupted_data_set_is_continued(tmp_path):
    writer = PVSGWriter(tmp_path, VOCABULARY)
    writer.add(named("one"), frames())
    with pytest.raises(InputError, match="'two' has 10 frames; 4 pictures were given"):
        writer.add(named("two"), frames(4))
    with pytest.raises(InputError, match="10 frames; more pictures were given"):
        writer.add(named("two"), frames(12))
    writer._journal.close()
    assert not (tmp_path / "pvsg.json").exists()
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        assert writer.done == {"one"} and len(writer) == 1
        with pytest.raises(InputError, match="'one' is in the data set already"):
            writer.add(named("one"), frames())
        writer.add(named("two"), frames())
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
        (named("/"), "no file name"),
    ],
)  # fmt: skip
def test_what_cannot_be_stored_is_refused(tmp_path, graph, message):
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        with pytest.raises(InputError, match=message):
            writer.add(graph, frames())
        with pytest.raises(InputError, match=r"frame 0 is uint8 \(2, 2, 3\); expected uint8 \(20, 30, 3\)"):
            writer.add(named("v"), [np.zeros((2, 2, 3), dtype=np.uint8)] * 10)
    assert len(PVSGFile.open(tmp_path / "pvsg.json")) == 0


def test_a_full_disk_keeps_what_is_there(data_set, monkeypatch):
    before = data_set.read_bytes()
    writer = PVSGWriter(data_set.parent, VOCABULARY)

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(InputError, match=r"pvsg.json: could not be written .No space left"):
        writer.close()
    writer._journal.close()
    assert data_set.read_bytes() == before


# Broken records


def put(*path, value):
    def edit(record):
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return edit


BROKEN = [
    (put("relations", 0, 0, value=9), "relations[0]", "has subject 9, which is not listed in objects"),
    (put("relations", 0, value=[1, 2]), "relations[0]", "expected [subject, object, predicate"),
    (put("relations", 0, 3, value=[[5, 2]]), "relations[0]", "[5, 2] is no span; expected 0 <= first <= last"),
    (put("relations", 0, 3, value=[[5]]), "relations[0]", "expected [first frame, last frame]"),
    (put("relations", 0, 1, value="1"), "relations[0]", "expected a whole number, found the text '1'"),
    (put("relations", value=None), "relations", "expected a list, found null"),
    (put("objects", 1, "category", value="cat"), "objects[1].category", "'cat' is not in the vocabulary"),
    (put("objects", 1, "object_id", value=1), "objects[1].object_id", "1 is used twice"),
    (put("objects", 1, "object_id", value=0), "objects[1].object_id", "expected 1 to 255, found 0"),
    (put("objects", 1, value=3), "objects[1]", "expected an object, found 3"),
    (put("objects", value=3), "objects", "expected a list, found 3"),
    (put("objects", slice(3, 4), value=[]), "masks", "pixels have the ids 4, which are not listed in objects (f"),
    (put("meta", "height", value=21), "masks", "frame 0 is (20, 30) pixels (height, width); the record says (21, 30)"),
    (put("meta", "fps", value=0), "meta.fps", "expected a number above 0, found 0"),
    (put("meta", "num_frames", value="ten"), "meta.num_frames", "expected a whole number above 0"),
    (put("meta", value=[]), "meta", "expected an object, found a list of 0"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "field", "message"), BROKEN)
def test_validation_names_item_and_field_and_reading_refuses(changed, edit, field, message):
    path = changed(edit)
    found = validate(path, progress=False)
    assert any((p.item, p.field) == ("video one.mp4", field) and message in p.message for p in found), found
    assert "error" in {problem.severity for problem in found}
    with pytest.raises(InputError, match=r"pvsg.json: video one.mp4: "):
        PVSGFile.open(path).graph(0)


def test_false_kinds_are_named(changed):
    (found,) = validate(changed(put("objects", 0, "is_thing", value=False)), progress=False)
    assert (found.field, found.message) == ("objects[0].is_thing", "false, but 'person' is a thing")


def test_frames_and_masks_that_do_not_fit_are_named(data_set):
    masks = data_set.parent / "vidor" / "masks" / "one.mp4"
    (masks / "0003.png").write_bytes(b"no picture")
    (masks / "0009.png").rename(masks / "0012.png")
    (data_set.parent / "vidor" / "frames" / "one.mp4" / "0000.png").unlink()
    found = [(problem.severity, problem.field, problem.message) for problem in validate(data_set, progress=False)]
    assert found.pop(1) == ("error", "frames", "1 pictures are missing between the others: 0")
    kinds = [("error", "frames"), ("error", "masks"), ("error", "masks"), ("warning", "masks")]
    assert [(severity, field) for severity, field, _ in found] == kinds
    assert "there are 9 pictures; the record says 10" in found[0][2]
    assert "0003.png: not a readable picture" in found[1][2]
    assert "frames 12 lie after the last frame, 9" in found[2][2]
    assert found[3][2] == "1 of 10 frames have no mask: 9"
    with pytest.raises(InputError, match=r"0003.png: not a readable picture"):
        PVSGFile.open(data_set).graph(0)
    (masks / "0003.png").unlink()
    graph = PVSGFile.open(data_set).graph(0)  # frame 12 lies after the end: left out
    assert graph.node(1).region.spans == (Span(0, 3), Span(4, 9))
    (masks / "x.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"x.png: expected one picture a frame, named by its number"):
        PVSGFile.open(data_set).graph(0)
    assert any("named by its number" in problem.message for problem in validate(data_set, progress=False))


def test_one_frame_and_none(changed):
    graph = PVSGFile.open(changed(put("meta", "num_frames", value=1))).graph(0)
    assert graph.source.num_frames == 1 and {node.region.frames for node in graph.nodes} == {(0,)}
    assert all(relation.spans == (Span(0, 1),) for relation in graph.relations)
    path = changed(put("meta", "num_frames", value=0))
    with pytest.raises(InputError, match=r"video one.mp4: .* has 0 frames"):
        PVSGFile.open(path).graph(0)
    assert "meta.num_frames" in {problem.field for problem in validate(path, progress=False)}


def test_ten_thousand_frames_stay_in_order(changed):
    path = changed(put("meta", "num_frames", value=10_002))
    folder = path.parent / "vidor" / "masks" / "one.mp4"
    for number in (9998, 10_000, 10_001):
        (folder / f"{number:04d}.png").write_bytes((folder / "0000.png").read_bytes())
    file = PVSGFile.open(path)
    assert list(file.mask_paths(0))[-3:] == [9998, 10_000, 10_001]
    assert file.graph(0).node(1).region.frames[-3:] == (9998, 10_000, 10_001)


def test_spans_that_overlap_and_spans_past_the_end(changed):
    row = [1, 3, "holding", [[2, 5], [0, 3], [4, 99], [50, 60]]]
    graph = PVSGFile.open(changed(put("relations", value=[row, row]))).graph(0)
    assert [relation.spans for relation in graph.relations] == [(Span(2, 6), Span(0, 4), Span(4, 10))] * 2
    assert graph.metadata["clipped_spans"] == 4 and "dropped_relations" not in graph.metadata


def test_problems_of_the_whole_file(data_set):
    value = json.loads(data_set.read_text())
    value["split"] = {"vidor": {"train": ["one.mp4", "gone"], "val": ["one.mp4"]}}
    value["data"].append(value["data"][1])
    data_set.write_text(json.dumps(value))
    found = {problem.message for problem in validate(data_set, masks=False, frames=False, progress=False)}
    assert found == {
        "videos stand there more than once: two",
        "videos stand there more than once: one.mp4",
        "1 of 3 videos have no record: gone",
        "the video is in no split",
    }


def test_sources_of_videos_outside_the_splits_follow_their_names(data_set):
    value = json.loads(data_set.read_text())
    value["split"] = {}
    for record, name in zip(value["data"], ["P01_03", "0001_4164158586"], strict=True):
        record["video_id"] = name
    value["data"].append({**value["data"][0], "video_id": "22cc4d54-34be"})
    data_set.write_text(json.dumps(value))
    assert [v.source for v in PVSGFile.open(data_set).videos] == ["epic_kitchen", "vidor", "ego4d"]


def test_names_stay_in_the_folder(data_set):
    value = json.loads(data_set.read_text())
    value["data"][0]["video_id"] = "../../../etc"
    data_set.write_text(json.dumps(value))
    with pytest.raises(InputError, match="not a path inside"):
        PVSGFile.open(data_set).graph(0)


def test_foreign_files_are_refused(tmp_path, data_set):
    path = tmp_path / "x.json"
    for content, message in [
        ("[]", "the file: expected an object, found a list of 0"),
        ("{}", "the key 'objects' is missing"),
        ('{"objects": {"thing": [], "stuff": []}, "relations": [], "split": []}', "split: expected an object"),
        ('{"objects": {"thing": [1], "stuff": []}}', r"objects.thing\[0\]: expected a text"),
        (data_set.read_text()[:-30], "ends too early"),
    ]:
        path.write_text(content)
        with pytest.raises(InputError, match=f"x.json: .*{message}"):
            PVSGFile.open(path)
    file = PVSGFile.open(data_set)
    with pytest.raises(InputError, match="no record 2; it has 2"):
        file.graph(2)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(data_set, data):
    value = json.loads(data_set.with_suffix(".whole").read_text()) if data_set.with_suffix(".whole").exists() else None
    if value is None:
        value = json.loads(data_set.read_text())
        data_set.with_suffix(".whole").write_text(json.dumps(value))
    data_set.write_text(json.dumps(data.draw(damaged(value))))
    try:
        found = validate(data_set, frames=False, progress=False)
        file = PVSGFile.open(data_set)
    except InputError:
        return
    broken = {problem.item for problem in found if problem.severity == "error"}
    for index in range(len(file)):
        try:
            file.graph(index)
        except InputError:
            assert file.item(index) in broken  # whatever is not read is reported
