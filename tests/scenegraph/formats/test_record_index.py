import json
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegraph import InputError
from scenegraph.formats.record_index import RecordFile
from tests.scenegraph.strategies import json_values


def opened(path, content, key="data"):
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    seen = []
    file = RecordFile.open(path, lambda position, record: seen.append((position, record)), key)
    return file, seen


@given(
    st.lists(json_values, max_size=4),
    st.dictionaries(st.text(max_size=3).filter(lambda key: key != "data"), json_values, max_size=2),
    st.dictionaries(st.text(max_size=3).filter(lambda key: key != "data"), json_values, max_size=2),
    st.sampled_from([None, 1]),
    st.booleans(),
)
def test_records_are_what_json_says(tmp_path_factory, records, before, after, indent, ascii_only):
    path = tmp_path_factory.mktemp("records") / "a.json"
    others = {key: value for key, value in after.items() if key not in before}
    text = json.dumps({**before, "data": records, **others}, indent=indent, ensure_ascii=ascii_only)
    file, seen = opened(path, text)
    assert list(file) == records == [record for _, record in seen]
    assert file.others == {**before, **others}


def test_a_byte_order_mark_and_a_journey_to_another_process(tmp_path):
    file, _ = opened(tmp_path / "a.json", b"\xef\xbb\xbf" + '{"data": ["ä", "天"], "b": 1}'.encode())
    assert list(pickle.loads(pickle.dumps(file))) == ["ä", "天"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "empty"),
        ('{"data": [{"a": 1}, {"a"', "ends too early, at line 1"),
        ('{"data": [{"a": 1}', "ends too early"),
        ('{"data": [1 2]}', "not valid JSON at line 1, column 13"),
        ('{"data": [1]} x', "Extra data"),
        ('{"data": [NaN]}', "NaN"),
        ('{"data": {}}', "expected a list of records under the key 'data'; found data"),
        ('{"other": 1}', "found other"),
        ("{1: 2}", "not valid JSON"),
        ("[1, 2]", "found a list of 2"),
        ("nonsense", "not valid JSON"),
        ('{"data": [' + "[" * 100_000, "deeply"),
        (b"\x89PNG\r\n\x1a\n\xff", "not a text file"),
    ],
)
def test_files_that_are_no_record_files(tmp_path, content, message):
    with pytest.raises(InputError, match=f"a.json: .*{message}"):
        opened(tmp_path / "a.json", content)


def test_a_record_that_is_refused_is_named(tmp_path):
    path = tmp_path / "a.json"
    path.write_text('{"data": [1, 2]}')

    def visit(position, record):
        if record == 2:
            raise InputError("no two")

    with pytest.raises(InputError, match=r"a.json: data\[1\]: no two"):
        RecordFile.open(path, visit)


def test_reading_is_careful(tmp_path):
    file, _ = opened(tmp_path / "a.json", '{"data": [1, 2]}')
    with pytest.raises(InputError, match="no record 2; it has 2"):
        file[2]
    with pytest.raises(InputError, match="no record -1"):
        file[-1]
    (tmp_path / "a.json").write_text('{"data": [11, 12]}')
    with pytest.raises(InputError, match="changed after it was opened"):
        file[0]
    (tmp_path / "a.json").unlink()
    with pytest.raises(InputError, match="could not be read"):
        file[0]
