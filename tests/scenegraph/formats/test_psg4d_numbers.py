"""Arrays and names of PSG4D that are of another kind than they should be: named, never read as something else."""

import json

import numpy as np
import pytest
from PIL import Image

from scenegraph import InputError
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter, validate
from tests.scenegraph.formats.test_psg4d import written

RAGE = "rage_matrices/T1/000001.npz"
INTRINSICS = "camera_params/ZY1/intrin.npy"


@pytest.fixture
def gta(tmp_path):
    return GTAFile.open(written(GTAWriter, tmp_path))


@pytest.fixture
def hoi(tmp_path):
    return HOIFile.open(written(HOIWriter, tmp_path))


def findings(file):
    return "; ".join(map(str, validate(file, progress=False)))


def change(path, edit, key=None):
    """Store an edited array in the place of another."""
    with path.open("rb") as stream:
        loaded = np.load(stream)
        values = {name: loaded[name] for name in loaded} if key else {"": loaded}
    values[key or ""] = edit(values[key or ""])
    np.savez(path, **values) if key else np.save(path, values[""])


def holed(array):
    array = array.astype(np.float64)
    array.flat[:7] = np.nan
    return array


def words(array):
    return np.full(array.shape, "a")


def test_depth_that_is_not_finite_is_counted(gta):
    """The reader takes it for none; the check says so."""
    change(gta.root / "depth/T1/000001.npy", holed)
    assert "frame 1: 7 pixels are NaN or infinite" in findings(gta)
    assert (gta.depth(0, 1).ravel()[:7] == 0).all()


@pytest.mark.parametrize("edit", [words, lambda array: array.astype(complex), lambda array: array > 0])
def test_depth_of_another_kind_is_refused(gta, edit):
    change(gta.root / "depth/T1/000001.npy", edit)
    with pytest.raises(InputError, match=r"000001\.npy: an array of"):
        gta.depth(0, 1)
    assert "000001.npy: an array of" in findings(gta)


@pytest.mark.parametrize(
    ("key", "edit", "message"),
    [
        ("P", lambda matrix: matrix[:3, :3], r"P has shape \(3, 3\); expected 4 x 4 finite numbers"),
        ("VP", lambda matrix: matrix * np.nan, "VP has shape"),
        ("P", words, "expected real numbers"),
        ("VP", np.zeros_like, "frame 1: VP and P_inv give no view"),
        ("P_inv", np.zeros_like, "frame 1: VP and P_inv give no view"),
    ],
)
def test_matrices_that_are_none_are_refused(gta, key, edit, message):
    change(gta.root / RAGE, edit, key)
    with pytest.raises(InputError, match=message):
        gta.camera(0)
    assert "camera" in findings(gta)


def test_one_array_in_place_of_named_ones_is_refused(gta):
    with (gta.root / RAGE).open("wb") as stream:
        np.save(stream, np.eye(4))
    with pytest.raises(InputError, match=r"named arrays \(.npz\), among them 'VP'"):
        gta.camera(0)


@pytest.mark.parametrize("layout", ["gta", "hoi"])
@pytest.mark.parametrize("edit", [holed, words, lambda ids: ids + 0.5, lambda ids: ids.astype(np.int64) + 2**40])
def test_masks_hold_whole_numbers(layout, edit, request):
    file = request.getfixturevalue(layout)
    mask, key = {"gta": ("masks/T1/000001.npy", None), "hoi": ("HOI4D_mask/ZY1/H1/T1/mask/00001.npz", "array")}[layout]
    change(file.root / mask, edit, key)
    with pytest.raises(InputError, match=r"00001\.np. *(z)?: .*expected"):
        file.graph(0)
    change(file.root / mask, lambda array: np.zeros_like(array, dtype=np.float64, shape=array.shape[-2:]), key)
    assert file.graph(0).nodes  # whole numbers may be stored as floating point


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (words, "expected real numbers"),
        (np.transpose, "the matrix is not fx 0 cx"),
        (lambda matrix: matrix + np.array([[0, 0, 900], [0, 0, 500], [0, 0, 0]]), "intrinsics of another size"),
    ],
)
def test_intrinsics_that_are_none_are_refused(hoi, edit, message):
    change(hoi.root / INTRINSICS, edit)
    with pytest.raises(InputError, match=message):
        hoi.graph(0)
    assert message in findings(hoi)


def test_coloured_depth_is_no_depth(hoi):
    Image.new("RGB", (16, 12)).save(hoi.root / "HOI4D_release/ZY1/H1/T1/align_depth/00001.png")
    with pytest.raises(InputError, match="expected one channel of 16 bits"):
        hoi.depth(0, 1)


def test_classes_have_numbers(hoi):
    (hoi.root / "categories.json").write_text('{"a": "person"}')
    with pytest.raises(InputError, match=r"categories\.json: the key 'a'; expected the number of a class"):
        HOIFile.open(hoi.path)


@pytest.mark.parametrize(("name", "message"), [("a" * 300, "300 bytes"), ("\ud800", "no name that a file can have")])
def test_names_that_no_file_can_have_are_refused(gta, name, message):
    value = json.loads(gta.path.read_text())
    value["data"][0]["video_id"] = name
    gta.path.write_text(json.dumps(value))
    file = GTAFile.open(gta.path)
    with pytest.raises(InputError, match=message):
        file.graph(0)
    assert message in findings(file)
