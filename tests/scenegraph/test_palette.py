import numpy as np
import pytest

from scenegraph import palette
from scenegraph.palette import COUNT, colour, text_colour


def test_an_id_has_one_colour_everywhere():
    assert colour(3) == colour(3) == colour(3 + COUNT)
    assert len({colour(i) for i in range(COUNT)}) == COUNT
    assert colour(0) == (230, 159, 0)


def test_palette_pictures_show_the_same_colours():
    table = palette.palette()
    assert table.shape == (256, 3) and table.dtype == np.uint8
    assert tuple(table[0]) == (0, 0, 0) and all(tuple(table[i]) == colour(i) for i in (1, 9, 200, 255))


@pytest.mark.parametrize(("vision", "count"), [("normal", COUNT), ("protanopia", 16), ("deuteranopia", 16)])
def test_colours_can_be_told_apart(vision, count):
    seen = palette._seen(np.array([colour(i) for i in range(count)], dtype=np.float64))
    lab = seen[("normal", "protanopia", "deuteranopia").index(vision)]
    distances = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    assert distances[np.triu_indices(count, 1)].min() > 0.02  # about a just noticeable difference in OKLab


def contrast(first, second):
    light = sorted(float(palette._linear(np.array(c) / 255) @ (0.2126, 0.7152, 0.0722)) for c in (first, second))
    return (light[1] + 0.05) / (light[0] + 0.05)


def test_text_on_every_colour_can_be_read():
    assert contrast((0, 0, 0), (255, 255, 255)) == pytest.approx(21)
    assert min(contrast(colour(i), text_colour(colour(i))) for i in range(COUNT)) >= 4.5
    assert text_colour((255, 255, 255)) == (0, 0, 0) and text_colour((0, 0, 0)) == (255, 255, 255)
