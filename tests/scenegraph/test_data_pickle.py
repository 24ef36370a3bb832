"""Pickles: data comes back, and nothing is ever run."""

import os
import pickle
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError, data_pickle

ARRAYS = [
    np.arange(6, dtype=np.float32).reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
    np.zeros((0, 4)),
    np.array([True, False]),
]


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
@pytest.mark.parametrize("array", ARRAYS)
def test_arrays_come_back(array, protocol):
    value = data_pickle.loads(pickle.dumps({"a": array, "n": array.sum()}, protocol))
    assert np.array_equal(np.asarray(value["a"]), array) and value["n"] == array.sum()


def test_names_of_older_numpy_are_known():
    content = pickle.dumps(ARRAYS[0], 2).replace(b"numpy._core", b"numpy.core")
    assert np.array_equal(np.asarray(data_pickle.loads(content)), ARRAYS[0])


class Attack:
    def __init__(self, *call):
        self.call = call

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    ("call", "named"),
    [
        ((os.system, ("touch attacked",)), "system"),
        ((eval, ("1 + 1",)), "eval"),
        ((getattr, ("", "format")), "getattr"),
        ((np.load, ("x.npy",)), "load"),
        ((bytearray, (10,)), "bytearray"),
    ],
)
def test_nothing_is_run(call, named, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "a.pkl"
    path.write_bytes(pickle.dumps([1, Attack(*call)]))
    with pytest.raises(InputError, match=rf"a\.pkl: the pickle names .*{named}.* not run"):
        data_pickle.read(path)
    assert [file.name for file in tmp_path.iterdir()] == ["a.pkl"]


def test_arrays_of_objects_and_false_shapes_are_refused():
    with pytest.raises(InputError, match="arrays of numbers"):
        data_pickle.loads(pickle.dumps(np.array([{}, None])))
    content = pickle.dumps(np.zeros(4, dtype=np.uint8), 2)
    assert content.count(b"K\x04\x85") == 1
    with pytest.raises(InputError, match=r"shape \(9,\) in 4 bytes"):
        data_pickle.loads(content.replace(b"K\x04\x85", b"K\x09\x85"))


def test_missing_and_large_files(tmp_path, monkeypatch):
    with pytest.raises(InputError, match="no such file"):
        data_pickle.read(tmp_path / "none.pkl")
    (tmp_path / "a.pkl").write_bytes(pickle.dumps([1]))
    assert data_pickle.read(tmp_path / "a.pkl") == [1]
    monkeypatch.setattr(data_pickle, "MAX_BYTES", 3)
    with pytest.raises(InputError, match="at most 3"):
        data_pickle.read(tmp_path / "a.pkl")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_pickles_are_read_or_refused(data):
    content = bytearray(pickle.dumps({"frames": [ARRAYS[0], ("x", None, 2.5)]}, data.draw(st.integers(0, 5))))
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    with suppress(InputError):
        data_pickle.loads(bytes(content[: data.draw(st.integers(1, len(content)))]))
