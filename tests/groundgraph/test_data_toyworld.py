"""`groundgraph data toyworld`."""

from groundgraph.main import main
from scenegraph.formats.psg import PSGFile
from scenegraph.formats.psg4d import HOIFile


def test_pictures_are_made_once_and_their_path_is_printed(tmp_path, capsys):
    call = ["data", "toyworld", "--out", str(tmp_path / "toy"), "--train", "2", "--test", "1", "--quiet", "--seed", "5"]
    assert main(call) == 0 and main(call) == 0
    assert capsys.readouterr().out.splitlines() == [str(tmp_path / "toy" / "psg.json")] * 2
    assert len(PSGFile.open(tmp_path / "toy" / "psg.json")) == 3


def test_videos_take_frames_and_size(tmp_path):
    call = ["data", "toyworld", "--kind", "psg4d-hoi", "--out", str(tmp_path / "toy"), "--train", "1", "--test", "0"]
    assert main([*call, "--frames", "2", "--size", "64", "80", "--quiet", "--workers", "1"]) == 0
    graph = HOIFile.open(tmp_path / "toy" / "psg4d_hoi.json").graph(0)
    assert (graph.source.num_frames, graph.source.size) == (2, (64, 80))


def test_a_folder_with_other_things_is_refused(tmp_path, capsys):
    (tmp_path / "mine.txt").write_text("mine")
    assert main(["data", "toyworld", "--out", str(tmp_path), "--train", "1", "--test", "1", "--quiet"]) == 2
    assert "choose another folder" in capsys.readouterr().err
