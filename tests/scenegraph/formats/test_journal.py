import pytest

from scenegraph import InputError
from scenegraph.formats.journal import Journal


def test_finished_items_survive_and_cut_lines_do_not(tmp_path):
    path = tmp_path / "a.partial"
    journal = Journal(path, {"format": "x"})
    journal.add({"a": 1})
    journal.add({"b": "ä"})
    journal.close()
    path.write_bytes(path.read_bytes() + b'{"c": ')
    journal = Journal(path, {"format": "x"})
    assert journal.entries() == [{"a": 1}, {"b": "ä"}]
    journal.add({"c": 3})
    journal.close()
    again = Journal(path, {"format": "x"})
    assert again.entries() == [{"a": 1}, {"b": "ä"}, {"c": 3}]
    again.discard()
    assert not path.exists()


def test_going_on_removes_files_that_a_kill_left_half_written(tmp_path):
    path = tmp_path / "a.partial"
    (tmp_path / "images").mkdir()
    half, other = tmp_path / "images" / ".1.jpg.4711.part", tmp_path / "images" / ".of-somebody.part"
    other.touch()
    Journal(path, {"format": "x"}).close()
    half.touch()
    Journal(path, {"format": "x"}).close()
    assert not half.exists()
    assert other.exists()


def test_a_journal_cut_inside_its_header_starts_anew(tmp_path):
    path = tmp_path / "a.partial"
    path.write_bytes(b'{"form')
    journal = Journal(path, {"format": "x"})
    assert journal.entries() == []
    journal.discard()


def test_another_header_is_refused(tmp_path):
    path = tmp_path / "a.partial"
    Journal(path, {"format": "x"}).close()
    with pytest.raises(InputError, match=r"a.partial: an unfinished data set with other classes"):
        Journal(path, {"format": "y"})
    journal = Journal(path, {"format": "y"}, resume=False)
    journal.discard()


def test_a_missing_folder_is_named(tmp_path):
    with pytest.raises(InputError, match="could not be written"):
        Journal(tmp_path / "none" / "a.partial", {})
