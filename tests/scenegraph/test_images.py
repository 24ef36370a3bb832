"""Pictures of every kind, and files that are none."""

import io

import numpy as np
import pytest
from PIL import Image

from scenegraph import InputError
from scenegraph.images import read_image

RED = (200, 30, 10)


def saved(tmp_path, picture, name, **options):
    path = tmp_path / name
    picture.save(path, **options)
    return path


def picture(height=4, width=6):
    array = np.zeros((height, width, 3), dtype=np.uint8)
    array[0, 0] = RED
    return Image.fromarray(array)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA", "1", "I;16", "CMYK"])
def test_every_mode_becomes_rgb(tmp_path, mode):
    grey = np.full((4, 6), 255, dtype=np.uint8)
    image = Image.fromarray(grey.astype(np.uint16) * 257) if mode == "I;16" else Image.fromarray(grey).convert(mode)
    path = saved(tmp_path, image, "x.tif")
    array = read_image(path)
    assert array.dtype == np.uint8
    assert array.shape == (4, 6, 3)
    assert (array == 255).all()


def test_sixteen_bits_are_scaled_and_small_values_kept(tmp_path):
    wide = np.array([[0, 32768, 65535]], dtype=np.uint16)
    assert read_image(saved(tmp_path, Image.fromarray(wide), "x.png"))[0, :, 0].tolist() == [0, 128, 255]
    narrow = np.array([[0, 128, 255]], dtype=np.uint16)
    assert read_image(saved(tmp_path, Image.fromarray(narrow), "y.png"))[0, :, 0].tolist() == [0, 128, 255]


def test_transparent_pixels_are_white(tmp_path):
    array = np.zeros((1, 2, 4), dtype=np.uint8)
    array[0, 1] = (*RED, 255)
    for source in (array, saved(tmp_path, Image.fromarray(array), "x.png")):
        assert read_image(source).tolist() == [[[255, 255, 255], list(RED)]]


def test_the_camera_rotation_is_applied_unless_the_annotations_are_of_the_stored_picture(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees
    path = saved(tmp_path, picture(), "x.png", exif=exif)
    assert read_image(path).shape == (6, 4, 3)
    assert tuple(read_image(path)[0, -1]) == RED
    assert tuple(read_image(path, (6, 4))[0, -1]) == RED
    assert tuple(read_image(path, (4, 6))[0, 0]) == RED
    with pytest.raises(InputError, match=r"6 x 4|4 x 6.*expected 5 x 5"):
        read_image(path, (5, 5))


def test_bytes_arrays_and_pillow_images():
    buffer = io.BytesIO()
    picture().save(buffer, format="PNG")
    expected = np.asarray(picture())
    for source in (buffer.getvalue(), picture(), expected):
        np.testing.assert_array_equal(read_image(source), expected)
    assert read_image(np.zeros((2, 3), dtype=np.uint8)).shape == (2, 3, 3)


@pytest.mark.parametrize(
    "array", [np.zeros((2, 3, 3)), np.zeros((0, 3, 3), dtype=np.uint8), np.zeros((2, 3, 5), dtype=np.uint8)]
)
def test_arrays_that_are_no_pictures(array):
    with pytest.raises(InputError, match="expected uint8"):
        read_image(array)


def test_files_that_are_no_pictures(tmp_path):
    text = tmp_path / "x.jpg"
    text.write_text("not a picture")
    empty = tmp_path / "empty.png"
    empty.touch()
    for path, message in (
        (text, "not a picture"),
        (empty, "not a picture"),
        (tmp_path / "none.png", "no such file"),
        (tmp_path, "is a folder"),
    ):
        with pytest.raises(InputError, match=message):
            read_image(path)


def test_a_file_that_is_cut_off_or_floating_point(tmp_path):
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 255, (64, 64, 3), dtype=np.uint8))
    for name in ("x.jpg", "x.png"):
        path = saved(tmp_path, noise, name)
        path.write_bytes(path.read_bytes()[:1500])
        with pytest.raises(InputError, match="cut off"):
            read_image(path)
    with pytest.raises(InputError, match=r"f\.tif: .*floating"):
        read_image(saved(tmp_path, Image.fromarray(np.zeros((2, 2), dtype=np.float32)), "f.tif"))


def test_a_picture_that_claims_too_much(tmp_path, monkeypatch):
    monkeypatch.setattr("scenegraph.images.MAX_PIXELS", 20)
    with pytest.raises(InputError, match="at most 20"):
        read_image(saved(tmp_path, picture(), "x.png"))
