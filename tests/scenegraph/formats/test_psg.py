import json
import pickle
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scenegraph import InputError, Mask, Node, Segment, storage
from scenegraph.formats.psg import PSGFile, PSGWriter, predicate_counts, validate
from scenegraph.images import read_image
from scenegraph.panoptic import read_id_map, write_id_map
from tests.factories import VOCABULARY, park, park_video
from tests.scenegraph.strategies import damaged

KEYS = [
    "file_name", "height", "width", "image_id", "pan_seg_file_name", "segments_info", "relations", "annotations",
    "coco_image_id",
]  # fmt: skip


def picture(seed=0):
    return np.full((20, 30, 3), (200, 30 + seed, 40), dtype=np.uint8)


def named(uri, graph=None):
    graph = graph or park()
    return replace(graph, source=replace(graph.source, uri=uri))


@pytest.fixture
def data_set(tmp_path):
    """Three pictures of the park; the last is the test split."""
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        for number in range(3):
            writer.add(named(f"park-{number}"), picture(number), test=number == 2)
    return tmp_path / "psg.json"


@pytest.fixture
def broken(data_set):
    """Change the first record of the data set and open or validate it."""

    def change(edit):
        value = json.loads(data_set.read_text())
        edit(value["data"][0])
        data_set.write_text(json.dumps(value))
        return data_set

    return change


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


# Broken records


def put(*path, value):
    def edit(record):
        for step in path[:-1]:
            record = record[step]
        record[path[-1]] = value

    return edit


BROKEN = [
    (put("relations", 1, value=[0, 5, 1]), "relations[1]", "[0, 5, 1] has object 5; expected 0 to 4"),
    (put("relations", 1, value=[-1, 2, 1]), "relations[1]", "[-1, 2, 1] has subject -1; expected 0 to 4"),
    (put("relations", 1, value=[0, 2, 4]), "relations[1]", "[0, 2, 4] has predicate 4; expected 0 to 3"),
    (put("relations", 1, value=[0, 2]), "relations[1]", "expected [subject index, object index, predicate]"),
    (put("relations", value={}), "relations", "expected a list, found an object with no keys"),
    (put("segments_info", 1, "category_id", value=5), "segments_info[1].category_id", "expected 0 to 4, found 5"),
    (put("segments_info", 1, "id", value=1), "segments_info[1].id", "1 is the id of segments_info[0] too"),
    (put("segments_info", 1, "id", value=0), "segments_info[1].id", "expected 1 to 16777215, found 0"),
    (put("segments_info", 1, "isthing", value=0), "segments_info[1].isthing", "0, but 'dog' is a thing"),
    (put("segments_info", 1, value=None), "segments_info[1]", "expected an object, found null"),
    (put("annotations", value=[]), "annotations", "0 entries for 5 segments"),
    (put("annotations", 1, "category_id", value=2), "annotations[1].category_id", "2, but the segment has 1"),
    (put("annotations", 1, "bbox_mode", value=1), "annotations[1].bbox_mode", "1; expected 0"),
    (put("annotations", 1, "bbox", value=[5, 5, 5, 9]), "annotations[1].bbox", "is empty"),
    (put("annotations", 1, "bbox", value=[5, 5, 40, 9]), "annotations[1].bbox", "leaves the picture of 30 x 20"),
    (put("annotations", 1, "bbox", value=[1, 2, 3]), "annotations[1].bbox", "expected x1, y1, x2, y2"),
    (put("height", value="20"), "height", "expected a whole number above 0, found the text '20'"),
    (put("file_name", value="images/none.jpg"), "file_name", "none.jpg: there is no such file"),
    (put("file_name", value="../a.jpg"), "file_name", "not a path inside"),
    (put("pan_seg_file_name", value="panoptic/none.png"), "pan_seg_file_name", "none.png: there is no such file"),
    (put("pan_seg_file_name", value=7), "pan_seg_file_name", "expected a text, found 7"),
    (put("width", value=31), "file_name", "is (20, 30) pixels (height, width); the record says (20, 31)"),
    (put("segments_info", 4, "area", value=7), "segments_info[4].area", "7, but panoptic/park-0.png has 120 pixels"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "field", "message"), BROKEN)
def test_validation_names_item_and_field(broken, edit, field, message):
    found = validate(broken(edit), progress=False)
    assert all(problem.item == "data[0] (image park-0)" for problem in found)
    assert any(problem.field == field and message in problem.message for problem in found), found
    assert str(found[0]).startswith("data[0] (image park-0): ")


READING_FAILS = [case for case in BROKEN if case[1].split(".")[-1] in ("id", "relations[1]", "pan_seg_file_name")]


@pytest.mark.parametrize(("edit", "field", "message"), READING_FAILS)
def test_broken_records_are_not_read(broken, edit, field, message):
    with pytest.raises(InputError, match=r"psg.json: data\[0\] .image park-0.: "):
        PSGFile.open(broken(edit)).graph(0)


def test_ids_of_the_png_and_the_list_must_agree(data_set):
    png = data_set.parent / "panoptic" / "park-1.png"
    ids = read_id_map(png)
    write_id_map(png, np.where(ids == 2, 300, ids))
    found = {(problem.field, problem.message) for problem in validate(data_set, progress=False)}
    assert found == {
        ("pan_seg_file_name", "pixels of panoptic/park-1.png have the ids 300, which are not listed"),
        ("segments_info[1].id", "2 has no pixel in panoptic/park-1.png"),
    }
    file = PSGFile.open(data_set)
    with pytest.raises(InputError, match=r"data\[1\] .image park-1.: panoptic/park-1.png: the listed ids 2 have no"):
        file.graph(1)
    tolerant = file.graph(1, strict=False)
    assert [node.region.area for node in tolerant.nodes] == [72, 0, 9, 120, 120]
    png.write_bytes(png.read_bytes()[:60])
    with pytest.raises(InputError, match="not a readable picture"):
        file.graph(1)
    png.unlink()
    assert len(validate(data_set, progress=False)) == 1
    assert validate(data_set, masks=False, progress=False) == []


def test_a_picture_of_another_size_or_kind_is_named(data_set):
    Image.new("L", (7, 5)).save(data_set.parent / "panoptic" / "park-0.png")
    (data_set.parent / "images" / "park-1.jpg").write_bytes(b"no picture")
    messages = [str(problem) for problem in validate(data_set, progress=False)]
    assert len(messages) == 2
    assert "is (5, 7) pixels (height, width); the record says (20, 30)" in messages[0]
    assert "park-1.jpg: not a readable picture" in messages[1]


def test_a_turned_photo_may_have_either_size(data_set):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(picture().transpose(1, 0, 2).copy()).save(data_set.parent / "images" / "park-0.jpg", exif=exif)
    assert validate(data_set, progress=False) == []


def test_problems_of_the_whole_file(data_set):
    value = json.loads(data_set.read_text())
    value["data"][2]["image_id"] = "park-1"
    value["data"][2]["relations"] = []
    data_set.write_text(json.dumps(value))
    found = {(problem.item, problem.field): problem for problem in validate(data_set, progress=False)}
    assert found["data[2] (image park-1)", "image_id"].message == "the id stands in 2 records: 1, 2"
    assert "park-2" in found["psg.json", "test_image_ids"].message
    assert found["data[2] (image park-1)", "relations"].severity == "warning"


def test_images_without_relations_are_left_out_unless_wanted(broken):
    file = PSGFile.open(broken(put("relations", value=[])))
    assert file.indices("train") == [1] and file.indices("train", keep_empty=True) == [0, 1]
    assert file.graph(0).relations == ()


def test_foreign_files_are_refused(tmp_path, data_set):
    path = tmp_path / "x.json"
    for content, message in [
        ("{}", "expected a list of records under the key 'data'"),
        ('{"data": []}', "x.json: the file: the key 'thing_classes' is missing"),
        ('{"data": [5]}', r"data\[0\]: the record: expected an object, found 5"),
        ('{"data": [{}]}', r"data\[0\]: image_id: expected a text, found null"),
        ('{"data": [], "thing_classes": [1], "stuff_classes": [], "predicate_classes": []}', r"thing_classes\[0\]"),
    ]:
        path.write_text(content)
        with pytest.raises(InputError, match=message):
            PSGFile.open(path)
    path.write_text(data_set.read_text()[:-40])
    with pytest.raises(InputError, match=r"x.json: the JSON ends too early"):
        PSGFile.open(path)


def test_the_root_may_be_elsewhere_and_ids_may_be_numbers(tmp_path, data_set):
    value = json.loads(data_set.read_text())
    for number, record in enumerate(value["data"]):
        record["image_id"] = number
    value["test_image_ids"] = [1]
    moved = tmp_path / "elsewhere" / "psg.json"
    moved.parent.mkdir()
    moved.write_text(json.dumps(value))
    file = PSGFile.open(moved, root=data_set.parent)
    assert file.indices("test") == [1]
    assert len(file.graph(1).nodes) == 5


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(data_set, data):
    value = json.loads(data_set.with_suffix(".whole").read_text()) if data_set.with_suffix(".whole").exists() else None
    if value is None:
        value = json.loads(data_set.read_text())
        data_set.with_suffix(".whole").write_text(json.dumps(value))
    data_set.write_text(json.dumps(data.draw(damaged(value))))
    try:
        found = validate(data_set, images=False, progress=False)
        file = PSGFile.open(data_set)
    except InputError:
        return
    broken = {problem.item for problem in found if problem.severity == "error"}
    for index in range(len(file)):
        try:
            file.graph(index)
        except InputError:
            assert file.item(index) in broken  # whatever is not read is reported
