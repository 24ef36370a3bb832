"""The truth of composed pictures, and what counts as found."""

import importlib.util
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from psg.segmenters import PanopticMap


@pytest.fixture(scope="module")
def tiles():
    path = Path(__file__).parents[2] / "benchmarks" / "tiles.py"
    spec = importlib.util.spec_from_file_location("benchmarks_tiles", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_composed_picture_has_the_things_of_its_scenes(tiles):
    from toyworld.scenes import image

    picture, truth = tiles.composed(0, (1, 2), (128, 160))
    assert picture.shape == (128, 320, 3)
    scenes = [image(10_000_000 + number) for number in range(2)]
    assert np.array_equal(picture[:, 160:], scenes[1].rgb)
    things = [node for scene in scenes for node in scene.graph.nodes if scene.graph.vocabulary.is_thing(node.category)]
    found = [node for node in truth.nodes if truth.vocabulary.is_thing(node.category)]
    assert [node.region.area for node in found] == [node.region.area for node in things]
    stuff = truth.categories[truth.categories >= len(truth.vocabulary.things)]
    assert len(set(stuff)) == len(stuff)
    assert np.array_equal(truth.ids[:, 160:] < 0, scenes[1].ids < 0)


def test_found_means_class_and_place(tiles):
    _, truth = tiles.composed(0, (1, 1), (128, 160))
    shares, found = tiles.found_things(truth, truth)
    assert found.all()
    assert (shares > 0).all()
    nodes = tuple(replace(node, category=(node.category + 1) % 3) for node in truth.nodes)
    other = PanopticMap(truth.height, truth.width, nodes, truth.vocabulary)
    wrong = [node.category == (node.category + 1) % 3 for node in truth.nodes]
    assert not any(wrong)
    assert not tiles.found_things(truth, other)[1].any()
    nothing = PanopticMap(truth.height, truth.width, (), truth.vocabulary)
    assert not tiles.found_things(truth, nothing)[1].any()
