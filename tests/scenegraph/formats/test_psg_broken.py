"""Broken records of psg.json: named by `validate`, refused by the reader."""

import json
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from scenegraph import InputError
from scenegraph.formats.psg import PSGFile, validate
from scenegraph.panoptic import read_id_map, write_id_map
from tests.scenegraph.formats.damage import check_damaged
from tests.scenegraph.formats.psg_parks import picture


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


@pytest.mark.parametrize("value", [None, 1.5, "segment", []])
def test_a_segment_that_is_no_object_is_refused_without_masks_too(broken, value):
    file = PSGFile.open(broken(put("segments_info", 1, value=value)))
    for masks in (False, True):
        with pytest.raises(InputError, match=r"segments_info\[1\]: expected an object"):
            file.graph(0, masks=masks)


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
    check_damaged(data_set, data, partial(validate, images=False, progress=False), PSGFile.open)
