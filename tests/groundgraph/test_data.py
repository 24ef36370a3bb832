import json

import numpy as np
import pytest

from groundgraph.main import main
from scenegraph.formats.psg import PSGWriter
from scenegraph.formats.psg4d import GTAWriter, HOIWriter
from scenegraph.formats.pvsg import PVSGWriter
from tests.factories import VOCABULARY, park, park_video
from tests.scenegraph.formats import test_psg4d, test_rgbd


@pytest.fixture
def psg(tmp_path):
    with PSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(park(), np.zeros((20, 30, 3), dtype=np.uint8))
    return tmp_path / "psg.json"


def test_a_good_data_set_passes(psg, capsys):
    assert main(["data", "check", "psg", str(psg)]) == 0
    assert capsys.readouterr().out == f"{psg}: 0 errors, 0 warnings\n"


def test_errors_are_printed_and_counted(psg, capsys):
    value = json.loads(psg.read_text())
    value["data"][0]["relations"] = [[0, 9, 1], [0, 9, 1]] * 15
    psg.write_text(json.dumps(value))
    assert main(["data", "check", "psg", str(psg), "--quiet"]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "error: data[0] (image park): relations[0]: [0, 9, 1] has object 9; expected 0 to 4"
    assert lines[-2:] == ["... 11 more (--all shows them)", f"{psg}: 30 errors, 1 warnings"]
    assert main(["data", "check", "psg", str(psg), "--json", "--no-pictures"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert (found["errors"], found["warnings"], len(found["problems"])) == (30, 1, 31)
    assert found["problems"][0]["field"] == "relations[0]"


def test_warnings_alone_pass(psg, capsys):
    value = json.loads(psg.read_text())
    value["data"][0]["relations"] = []
    psg.write_text(json.dumps(value))
    assert main(["data", "check", "psg", str(psg)]) == 0
    assert "warning: data[0] (image park): relations: there is none" in capsys.readouterr().out


def test_pictures_may_be_left_out(psg, capsys):
    (psg.parent / "panoptic" / "park.png").unlink()
    assert main(["data", "check", "psg", str(psg)]) == 1
    assert main(["data", "check", "psg", str(psg), "--no-masks"]) == 0
    (psg.parent / "images" / "park.jpg").unlink()
    assert main(["data", "check", "psg", str(psg), "--no-masks"]) == 1
    assert main(["data", "check", "psg", str(psg), "--no-pictures"]) == 0
    capsys.readouterr()


def test_videos(tmp_path, capsys):
    with PVSGWriter(tmp_path, VOCABULARY) as writer:
        writer.add(park_video(), [np.zeros((20, 30, 3), dtype=np.uint8)] * 10)
    assert main(["data", "check", "pvsg", str(tmp_path / "pvsg.json")]) == 0
    (tmp_path / "vidor" / "masks" / "park.mp4" / "0003.png").write_bytes(b"")
    assert main(["data", "check", "pvsg", str(tmp_path / "pvsg.json")]) == 1
    assert "error: video park.mp4: masks: " in capsys.readouterr().out


@pytest.mark.parametrize("layout", ["gta", "hoi"])
def test_rgbd_videos(tmp_path, layout, capsys):
    path = test_psg4d.written(GTAWriter if layout == "gta" else HOIWriter, tmp_path)
    assert main(["data", "check", f"psg4d-{layout}", str(path)]) == 0
    assert capsys.readouterr().out == f"{path}: 0 errors, 0 warnings\n"
    (tmp_path / test_psg4d.FILES[layout][1]).unlink()
    assert main(["data", "check", f"psg4d-{layout}", str(path), "--no-pictures"]) == 0
    assert main(["data", "check", f"psg4d-{layout}", str(path), "--no-masks"]) == 1
    assert "there is no such file" in capsys.readouterr().out


def test_rgbd_folders(tmp_path, capsys):
    test_rgbd.seven_scenes(tmp_path)
    assert main(["data", "check", "rgbd", str(tmp_path)]) == 0
    assert main(["data", "check", "rgbd", str(tmp_path), "--units", "5000"]) == 1
    assert "give that scale" in capsys.readouterr().out
    (tmp_path / "camera-intrinsics.txt").unlink()
    assert main(["data", "check", "rgbd", str(tmp_path)]) == 2
    assert "give fx, fy, cx, cy" in capsys.readouterr().err
    assert main(["data", "check", "rgbd", str(tmp_path), "--intrinsics", "100", "101", "63.5", "47.5"]) == 0


def test_boxes(tmp_path, real_data, capsys):
    assert main(["data", "check", "vidor", str(real_data / "vidor" / "11566930393.json")]) == 0
    assert main(["data", "check", "action-genome", str(tmp_path)]) == 2
    assert "object_bbox_and_relationship.pkl" in capsys.readouterr().err


@pytest.mark.parametrize("content", ["", "[]", '{"data": [', '{"data": []}'])
def test_foreign_files_are_bad_input(tmp_path, content, capsys):
    (tmp_path / "x.json").write_text(content)
    for kind in ("psg", "pvsg"):
        assert main(["data", "check", kind, str(tmp_path / "x.json")]) == 2
        assert capsys.readouterr().err.startswith(f"groundgraph: {tmp_path / 'x.json'}: ")


def test_the_real_excerpts_pass(real_data, capsys):
    assert main(["data", "check", "psg", str(real_data / "psg" / "psg_excerpt.json"), "--no-pictures"]) == 0
    assert main(["data", "check", "pvsg", str(real_data / "pvsg" / "pvsg_excerpt.json"), "--no-pictures"]) == 0
    assert "398 of 400 videos have no record" in capsys.readouterr().out
