"""The public data set on a disk: what is missing is named with its remedy."""

import pytest

from groundgraph.main import main
from scenegraph import InputError
from scenegraph.formats.psg import PSGWriter, look_in
from tests.factories import VOCABULARY
from tests.scenegraph.formats.psg_parks import named, picture


def filled(root, *names):
    for name in names:
        (root / name).mkdir(parents=True)
        (root / name / "000000000001.jpg").touch()


def test_an_empty_folder_lacks_everything(tmp_path):
    found = look_in(tmp_path)
    assert found.file is None and len(found.missing) == 5
    assert [problem.item for problem in found.missing][:2] == ["psg/psg.json", "coco/train2017"]
    assert {(problem.field, problem.severity) for problem in found.missing} == {("missing", "error")}
    assert "panoptic_annotations_trainval2017.zip" in found.missing[-1].message


@pytest.mark.parametrize("below", ["", "coco"])
def test_a_complete_folder_lacks_nothing(tmp_path, below):
    filled(tmp_path / below, "train2017", "val2017", "panoptic_train2017", "panoptic_val2017")
    (tmp_path / "psg.json").write_text("{}")
    found = look_in(tmp_path)
    assert found == type(found)(tmp_path / "psg.json", tmp_path / below, ())


def test_archives_unpacked_elsewhere_and_empty_folders(tmp_path):
    filled(tmp_path / "coco", "train2017", "annotations/panoptic_train2017", "panoptic_val2017")
    (tmp_path / "coco" / "val2017").mkdir()
    problems = look_in(tmp_path).missing
    assert [problem.field for problem in problems] == ["missing", "empty", "missing"]
    assert problems[2].message == "move coco/annotations/panoptic_train2017 there"


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="expected the folder of the data set"):
        look_in(tmp_path / "nothing")


def test_the_command_says_what_is_missing(tmp_path, capsys):
    assert main(["data", "check", "psg", str(tmp_path), "--quiet"]) == 1
    printed = capsys.readouterr().out
    assert "psg/psg.json: missing: get the annotation file" in printed and "5 errors" in printed


def test_the_command_checks_the_file_of_a_folder(tmp_path, capsys):
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(named("park"), picture(), test=True)
    assert main(["data", "check", "psg", str(tmp_path), "--quiet", "--no-pictures"]) == 1
    printed = capsys.readouterr().out
    assert "coco/val2017: missing" in printed and "4 errors, 0 warnings" in printed
