"""Broken pvsg.json files, masks and frames: named by `validate`, refused by the reader."""

import json
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scenegraph import InputError, Span
from scenegraph.formats.pvsg import PVSGFile, validate
from tests.scenegraph.formats.damage import check_damaged


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
    (put("objects", 1, "status", value=None), "objects[1].status", "expected a list, found null"),
    (put("objects", value=3), "objects", "expected a list, found 3"),
    (put("objects", slice(3, 4), value=[]), "masks", "pixels have the ids 4, which are not listed in objects (f"),
    (put("meta", "height", value=21), "masks", "frame 0 is (20, 30) pixels (height, width); the record says (21, 30)"),
    (put("meta", "fps", value=0), "meta.fps", "expected a number above 0, found 0"),
    (put("meta", "num_frames", value="ten"), "meta.num_frames", "expected a whole number above 0"),
    (put("meta", value=[]), "meta", "expected an object, found a list of 0"),
]  # fmt: skip


@pytest.mark.parametrize(("edit", "field", "message"), BROKEN)
def test_validation_names_item_and_field_and_reading_refuses(changed_pvsg, edit, field, message):
    path = changed_pvsg(edit)
    found = validate(path, progress=False)
    assert any((p.item, p.field) == ("video one.mp4", field) and message in p.message for p in found), found
    assert "error" in {problem.severity for problem in found}
    with pytest.raises(InputError, match=r"pvsg.json: video one.mp4: "):
        PVSGFile.open(path).graph(0)


def test_false_kinds_are_named(changed_pvsg):
    (found,) = validate(changed_pvsg(put("objects", 0, "is_thing", value=False)), progress=False)
    assert (found.field, found.message) == ("objects[0].is_thing", "false, but 'person' is a thing")


def test_frames_and_masks_that_do_not_fit_are_named(pvsg_set):
    masks = pvsg_set.parent / "vidor" / "masks" / "one.mp4"
    (masks / "0003.png").write_bytes(b"no picture")
    (masks / "0009.png").rename(masks / "0012.png")
    (pvsg_set.parent / "vidor" / "frames" / "one.mp4" / "0000.png").unlink()
    found = [(problem.severity, problem.field, problem.message) for problem in validate(pvsg_set, progress=False)]
    assert found.pop(1) == ("error", "frames", "1 pictures are missing between the others: 0")
    kinds = [("error", "frames"), ("error", "masks"), ("error", "masks"), ("warning", "masks")]
    assert [(severity, field) for severity, field, _ in found] == kinds
    assert "there are 9 pictures; the record says 10" in found[0][2]
    assert "0003.png: not a readable picture" in found[1][2]
    assert "frames 12 lie after the last frame, 9" in found[2][2]
    assert found[3][2] == "1 of 10 frames have no mask: 9"
    with pytest.raises(InputError, match=r"0003.png: not a readable picture"):
        PVSGFile.open(pvsg_set).graph(0)
    (masks / "0003.png").unlink()
    graph = PVSGFile.open(pvsg_set).graph(0)  # frame 12 lies after the end: left out
    assert graph.node(1).region.spans == (Span(0, 3), Span(4, 9))
    (masks / "x.png").write_bytes(b"")
    with pytest.raises(InputError, match=r"x.png: expected one picture a frame, named by its number"):
        PVSGFile.open(pvsg_set).graph(0)
    assert any("named by its number" in problem.message for problem in validate(pvsg_set, progress=False))


def test_one_frame_and_none(changed_pvsg):
    graph = PVSGFile.open(changed_pvsg(put("meta", "num_frames", value=1))).graph(0)
    assert graph.source.num_frames == 1 and {node.region.frames for node in graph.nodes} == {(0,)}
    assert all(relation.spans == (Span(0, 1),) for relation in graph.relations)
    path = changed_pvsg(put("meta", "num_frames", value=0))
    with pytest.raises(InputError, match=r"video one.mp4: .* has 0 frames"):
        PVSGFile.open(path).graph(0)
    assert "meta.num_frames" in {problem.field for problem in validate(path, progress=False)}


def test_ten_thousand_frames_stay_in_order(changed_pvsg):
    path = changed_pvsg(put("meta", "num_frames", value=10_002))
    folder = path.parent / "vidor" / "masks" / "one.mp4"
    for number in (9998, 10_000, 10_001):
        (folder / f"{number:04d}.png").write_bytes((folder / "0000.png").read_bytes())
    file = PVSGFile.open(path)
    assert list(file.mask_paths(0))[-3:] == [9998, 10_000, 10_001]
    assert file.graph(0).node(1).region.frames[-3:] == (9998, 10_000, 10_001)


def test_spans_that_overlap_and_spans_past_the_end(changed_pvsg):
    row = [1, 3, "holding", [[2, 5], [0, 3], [4, 99], [50, 60]]]
    graph = PVSGFile.open(changed_pvsg(put("relations", value=[row, row]))).graph(0)
    assert [relation.spans for relation in graph.relations] == [(Span(2, 6), Span(0, 4), Span(4, 10))] * 2
    assert graph.metadata["clipped_spans"] == 4 and "dropped_relations" not in graph.metadata


def test_problems_of_the_whole_file(pvsg_set):
    value = json.loads(pvsg_set.read_text())
    value["split"] = {"vidor": {"train": ["one.mp4", "gone"], "val": ["one.mp4"]}}
    value["data"].append(value["data"][1])
    pvsg_set.write_text(json.dumps(value))
    found = {problem.message for problem in validate(pvsg_set, masks=False, frames=False, progress=False)}
    assert found == {
        "videos stand there more than once: two",
        "videos stand there more than once: one.mp4",
        "1 of 3 videos have no record: gone",
        "the video is in no split",
    }


def test_sources_of_videos_outside_the_splits_follow_their_names(pvsg_set):
    value = json.loads(pvsg_set.read_text())
    value["split"] = {}
    for record, name in zip(value["data"], ["P01_03", "0001_4164158586"], strict=True):
        record["video_id"] = name
    value["data"].append({**value["data"][0], "video_id": "22cc4d54-34be"})
    pvsg_set.write_text(json.dumps(value))
    assert [v.source for v in PVSGFile.open(pvsg_set).videos] == ["epic_kitchen", "vidor", "ego4d"]


def test_names_stay_in_the_folder(pvsg_set):
    value = json.loads(pvsg_set.read_text())
    value["data"][0]["video_id"] = "../../../etc"
    pvsg_set.write_text(json.dumps(value))
    with pytest.raises(InputError, match="not a path inside"):
        PVSGFile.open(pvsg_set).graph(0)


def test_foreign_files_are_refused(tmp_path, pvsg_set):
    path = tmp_path / "x.json"
    for content, message in [
        ("[]", "the file: expected an object, found a list of 0"),
        ("{}", "the key 'objects' is missing"),
        ('{"objects": {"thing": [], "stuff": []}, "relations": [], "split": []}', "split: expected an object"),
        ('{"objects": {"thing": [1], "stuff": []}}', r"objects.thing\[0\]: expected a text"),
        (pvsg_set.read_text()[:-30], "ends too early"),
    ]:
        path.write_text(content)
        with pytest.raises(InputError, match=f"x.json: .*{message}"):
            PVSGFile.open(path)
    file = PVSGFile.open(pvsg_set)
    with pytest.raises(InputError, match="no record 2; it has 2"):
        file.graph(2)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_breaks(pvsg_set, data):
    check_damaged(pvsg_set, data, partial(validate, frames=False, progress=False), PVSGFile.open)
