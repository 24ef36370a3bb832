"""Still pictures: the same bytes everywhere, and a truth that the picture bears out."""

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from tests.toyworld.conftest import FIRST_PICTURE
from toyworld import scenes


def digest(scene: scenes.Scene) -> str:
    relations = [relation.triple for relation in scene.graph.relations]
    parts = (scene.rgb.tobytes(), scene.depth.tobytes(), scene.ids.tobytes(), repr(relations).encode())
    return hashlib.sha256(b"".join(parts)).hexdigest()


def test_the_same_seed_gives_the_same_bytes_in_another_process(pictures):
    program = (
        "import sys; sys.path.insert(0, '.'); from tests.toyworld.test_images import digest; "
        "from toyworld import scenes; print(*[digest(scenes.image(seed)) for seed in (105, 103)])"
    )
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert printed.stdout.split() == [digest(pictures[seed - FIRST_PICTURE]) for seed in (105, 103)]


def test_other_seeds_give_other_pictures(pictures):
    assert len({digest(picture) for picture in pictures}) == len(pictures)


def test_ids_are_the_masks_of_the_nodes(pictures):
    for picture in pictures:
        for node in picture.graph.nodes:
            assert np.array_equal(picture.ids == node.id, node.region.mask.array())
        assert set(np.unique(picture.ids)) - {scenes.VOID} == {node.id for node in picture.graph.nodes}


def test_every_thing_is_at_least_eight_pixels_large(pictures):
    for picture in pictures:
        for node in picture.graph.nodes:
            if picture.graph.vocabulary.is_thing(node.category):
                x1, y1, x2, y2 = node.region.box
                assert min(x2 - x1, y2 - y1) >= 8
                assert node.region.area >= scenes.SMALLEST_AREA


@pytest.mark.parametrize("size", [(64, 80), (96, 96), (256, 320), (120, 200), (300, 600)])
def test_any_size(size):
    picture = scenes.image(3, size)
    assert picture.rgb.shape == (*size, 3)
    assert picture.ids.shape == picture.depth.shape == picture.graph.source.size == size
