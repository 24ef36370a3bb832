import json
import pickle
from dataclasses import replace

import numpy as np
import pytest

from scenegraph import InputError, Mask, Node, Segment, storage
from scenegraph.formats.psg import PSGFile, PSGWriter, predicate_counts, validate
from scenegraph.images import read_image
from tests.factories import VOCABULARY, park, park_video
from tests.scenegraph.formats.psg_parks import named, picture

KEYS = [
    "file_name", "height", "width", "image_id", "pan_seg_file_name", "segments_info", "relations", "annotations",
    "coco_image_id",
]  # fmt: skip


# The public file's conventions, on the golden data set


@pytest.fixture(scope="module")
def mini(golden):
    expected = json.loads((golden / "psg" / "expected_mini_psg.json").read_text())
    return PSGFile.open(golden / "psg" / "mini_psg" / "psg.json"), expected


@pytest.mark.parametrize("split", ["train", "test"])
def test_golden_items(mini, split):
    file, expected = mini
    indices = file.indices(split)
    assert len(indices) == expected[split]["num_images"]
    for index, item in zip(indices, expected[split]["images"], strict=True):
        record, graph = file.record(index), file.graph(index)
        assert file.image_ids[index] == item["image_id"] == graph.metadata["image_id"]
        assert [list(node.region.box) for node in graph.nodes] == item["boxes_all"]
        assert [node.category for node in graph.nodes] == item["labels_all"]
        assert file.graph(index, masks=False).restricted_to([]) == graph.restricted_to([])
        assert [list(node.region.box) for node in file.graph(index, masks=False).nodes] == item["boxes_all"]
        things = [node for node in graph.nodes if file.vocabulary.is_thing(node.category)]
        assert [list(node.region.box) for node in things] == item["boxes_things_only"]
        assert [node.category for node in things] == item["labels_things_only"]
        assert file.panoptic_path(index) == file.root / item["seg_map"]
        infos = [
            {"id": s["id"], "category": n.category, "is_thing": int(file.vocabulary.is_thing(n.category))}
            for s, n in zip(record["segments_info"], graph.nodes, strict=True)
        ]
        assert infos == item["mask_infos"]


def test_golden_test_relations(mini):
    file, expected = mini
    for index, item in zip(file.indices("test"), expected["test"]["images"], strict=True):
        relations = file.graph(index, unique_relations=True).relations
        assert [[r.subject, r.object, r.predicate + 1] for r in relations] == item["rels_1based_predicate"]


def test_golden_train_relations(mini):
    file, expected = mini
    for index, item in zip(file.indices("train"), expected["train"]["images"], strict=True):
        allowed = {}
        for relation in file.graph(index).relations:
            pair = f"{relation.subject},{relation.object}"
            allowed.setdefault(pair, set()).add(relation.predicate + 1)
        assert {pair: sorted(found) for pair, found in allowed.items()} == item["allowed_predicates_per_pair_1based"]


@pytest.mark.parametrize("split", ["train", "test"])
def test_golden_frequencies(mini, split):
    file, expected = mini
    counts = predicate_counts(file, split)
    rows = [[s, o, p + 1, float(counts[s, p, o])] for s, p, o in np.argwhere(counts)]
    assert sorted(rows) == sorted(expected[split]["freq_nonzero"])

    def log_table(pair):  # the published table: background first, epsilon 1e-3 inside and outside
        column = np.concatenate(([0], pair)) + 1e-3
        return np.log(column / column.sum() + 1e-3)

    subject, target, *_ = expected[split]["freq_nonzero"][0]
    found = log_table(counts[subject, :, target])
    assert found == pytest.approx(expected[split]["pred_dist_at_first_nonzero_pair"], abs=1e-6)
    empty = log_table(np.zeros(counts.shape[1]))
    assert empty == pytest.approx(expected[split]["pred_dist_value_of_empty_pair"], abs=1e-6)


def test_the_golden_data_set_is_valid_but_for_its_pictures(mini):
    file, _ = mini
    found = validate(file.path, images=False, progress=False)
    assert {problem.severity for problem in found} == {"warning"}
    assert {problem.field for problem in found} == {"relations"}
    assert len(validate(file.path, progress=False)) == len(found) + len(file)


def test_the_real_excerpt_loads_and_validates(real_data):
    path = real_data / "psg" / "psg_excerpt.json"
    assert validate(path, masks=False, images=False, progress=False) == []
    file = PSGFile.open(path)
    assert (len(file), file.test_ids, file.indices("test")) == (5, frozenset(), [])
    graph = file.graph(0, masks=False)
    assert graph.sentence(graph.relations[2]) == "person-2 holding umbrella-1"
    assert graph.node(0).region.box == (49.0, 162.0, 207.0, 617.0)
    assert file.image_path(0) == path.parent / "train2017" / "000000417720.jpg"
    with pytest.raises(InputError, match=r"data\[0\] .image 107902.: .*000000417720.png: there is no such file"):
        file.graph(0)


# Writing and reading back


def test_what_is_written_has_the_real_layout_and_is_valid(data_set):
    assert validate(data_set, progress=False) == []
    value = json.loads(data_set.read_text())
    assert list(value) == ["data", "thing_classes", "stuff_classes", "predicate_classes", "test_image_ids"]
    assert value["test_image_ids"] == ["park-2"]
    record = value["data"][0]
    assert list(record) == KEYS
    assert record["relations"] == [[0, 3, 0], [0, 2, 1], [1, 2, 3], [1, 3, 0]]  # subject, object, predicate
    assert record["segments_info"][3] == {"id": 4, "category_id": 3, "iscrowd": 0, "isthing": 0, "area": 120}
    assert record["annotations"][3] == {"bbox": [0, 16, 30, 20], "bbox_mode": 0, "category_id": 3}
    assert not (data_set.parent / "psg.json.partial").exists()


def test_what_is_written_comes_back(data_set):
    file = pickle.loads(pickle.dumps(PSGFile.open(data_set)))
    assert (file.indices("train"), file.indices("test"), file.indices()) == ([0, 1], [2], [0, 1, 2])
    for index in file.indices():
        graph = file.graph(index)
        assert graph.source.uri == f"images/park-{index}.jpg"
        assert [node.region for node in graph.nodes] == [node.region for node in park().nodes]
        assert [r.triple for r in graph.relations] == [r.triple for r in park().relations]
        assert graph.vocabulary == VOCABULARY
        difference = read_image(file.image_path(index)).astype(int) - picture(index)
        assert np.abs(difference).max() <= 3


def test_crowds_and_image_ids_survive(tmp_path, data_set):
    node = replace(park().nodes[0], attributes={"iscrowd": True})
    graph = replace(park(), nodes=(node, *park().nodes[1:]), metadata={"image_id": "77", "coco_image_id": "5"})
    with PSGWriter(tmp_path / "b", VOCABULARY) as writer:
        writer.add(graph, picture())
    back = PSGFile.open(tmp_path / "b" / "psg.json").graph(0)
    assert back.node(0).attributes == {"iscrowd": True} and back.node(1).attributes == {}
    assert back.metadata == {"image_id": "77", "coco_image_id": "5", "split": "train"}


def test_same_input_same_bytes(tmp_path, data_set):
    with PSGWriter(tmp_path / "b", VOCABULARY) as writer:
        for number in range(3):
            writer.add(named(f"park-{number}"), picture(number), test=number == 2)
    for path in (p for p in (tmp_path / "b").rglob("*") if p.is_file()):
        assert path.read_bytes() == (tmp_path / path.relative_to(tmp_path / "b")).read_bytes()


def test_an_interrupted_data_set_is_continued(tmp_path):
    with pytest.raises(KeyboardInterrupt), PSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(named("a"), picture())
        writer.add(named("b"), picture(), test=True)
        raise KeyboardInterrupt
    assert not (tmp_path / "psg.json").exists()
    partial = tmp_path / "psg.json.partial"
    partial.write_bytes(partial.read_bytes() + b'{"test": false, "rec')  # killed inside a line
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        assert writer.done == {"a", "b"} and len(writer) == 2
        with pytest.raises(InputError, match=r"'b' .b. is in the data set already"):
            writer.add(named("b"), picture())
        writer.add(named("c"), picture())
    file = PSGFile.open(tmp_path / "psg.json")
    assert file.image_ids == ("a", "b", "c") and file.test_ids == {"b"}


def test_another_vocabulary_does_not_continue(tmp_path):
    writer = PSGWriter(tmp_path, VOCABULARY)
    writer.add(named("a"), picture())
    writer._journal.close()
    other = replace(VOCABULARY, predicates=("on",))
    with pytest.raises(InputError, match=r"psg.json.partial: .*other classes"):
        PSGWriter(tmp_path, other)
    with PSGWriter(tmp_path, other, resume=False) as writer:
        assert writer.done == frozenset()


@pytest.mark.parametrize(
    ("graph", "image", "message"),
    [
        (park_video(), picture(), "of kind 'video'"),
        (replace(park(), vocabulary=replace(VOCABULARY, things=("a", "b", "c"))), picture(), "another vocabulary"),
        (park(), picture()[:10], r"uint8 \(10, 30, 3\); expected uint8 \(20, 30, 3\)"),
        (
            replace(park(), nodes=(Node(0, 0, Segment.from_box((0, 0, 1, 1), 20, 30)),), relations=()),
            picture(),
            "node 0",
        ),
        (
            replace(park(), nodes=(Node(0, 0, Segment(Mask(20, 30, np.array([600])))),), relations=()),
            picture(),
            "node 0",
        ),
        (replace(park(), nodes=(*park().nodes, replace(park().nodes[0], id=9))), picture(), "overlap"),
        (named(".."), picture(), "no file name"),
        (named(""), picture(), "no file name"),
    ],
)
def test_what_cannot_be_stored_is_refused(tmp_path, graph, image, message):
    with PSGWriter(tmp_path, VOCABULARY) as writer, pytest.raises(InputError, match=message):
        writer.add(graph, image)
    assert len(PSGFile.open(tmp_path / "psg.json")) == 0
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["psg.json"]


def test_names_stay_in_the_folder(tmp_path):
    with PSGWriter(tmp_path / "data", VOCABULARY) as writer:
        writer.add(named("../../evil.png"), picture())
        writer.add(named("..\\..\\bad.png"), picture())
    names = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.jpg")}
    assert names == {"data/images/evil.jpg", "data/images/bad.jpg"}


def test_a_full_disk_keeps_what_is_there(data_set, monkeypatch):
    before = data_set.read_bytes()
    writer = PSGWriter(data_set.parent, VOCABULARY)
    writer.add(named("new"), picture())

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(storage.os, "fsync", full)
    with pytest.raises(InputError, match=r"psg.json: could not be written .No space left"):
        writer.close()
    assert data_set.read_bytes() == before
    monkeypatch.undo()
    writer.close()
    assert PSGFile.open(data_set).image_ids == ("new",)


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="file: the folder could not be made"):
        PSGWriter(tmp_path / "file", VOCABULARY)
