"""Tiles: they cover a picture, an oracle in tiles is exact, and nothing of the picture's size is made."""

import tracemalloc
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.ndimage import label

from psg.segmenters import PanopticMap, Segmenter
from psg.tiles import TiledSegmenter, Tiling, merge
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.mask_geometry import resized
from scenegraph.panoptic import id_to_rgb, rgb_to_id

WORDS = Vocabulary(("dog", "cat"), ("grass", "sky"), ("on", "beside"))
EIGHT = np.ones((3, 3), dtype=int)


class Oracle(Segmenter):
    """Knows the truth: a pixel's colour is the number of its segment, 0 is void."""

    def __init__(self, categories):
        self.categories = np.asarray(categories, dtype=np.int64)

    @property
    def vocabulary(self):
        return WORDS

    def _segment(self, images, names):
        found = []
        for image in images:
            ids = rgb_to_id(np.ascontiguousarray(image)) - 1
            seen = np.unique(ids[ids >= 0])
            order = np.full(len(self.categories) + 1, -1)
            order[seen[::-1]] = np.arange(len(seen))  # another order in every tile
            found.append(PanopticMap.of_ids(order[ids], self.categories[seen[::-1]], [1.0] * len(seen), WORDS))
        return found


def truth(kinds):
    """Ids and categories of a map of kinds: connected pixels of a thing are one thing; 4 is void."""
    ids, categories = np.full(kinds.shape, -1), []
    for kind in range(4):
        regions, count = label(kinds == kind, EIGHT) if kind < 2 else (kinds == kind, int((kinds == kind).any()))
        ids[regions > 0] = (regions + len(categories) - 1)[regions > 0]
        categories += [kind] * count
    return ids, categories


def assert_same_partition(found, ids, categories):
    pairs = np.unique(np.stack([found.ids.ravel(), ids.ravel()]), axis=1).T
    assert len(pairs) == len(np.unique(ids)) == len(np.unique(found.ids))
    assert all((a < 0 and b < 0) or found.categories[a] == categories[b] for a, b in pairs)


@settings(max_examples=40, deadline=None)
@given(
    arrays(np.uint8, st.tuples(st.integers(1, 23), st.integers(1, 23)), elements=st.integers(0, 4)),
    st.integers(2, 9),
    st.data(),
)
def test_an_oracle_in_tiles_gives_the_exact_map(kinds, tile, data):
    overlap = data.draw(st.integers(1, tile // 2))
    ids, categories = truth(kinds)
    found = TiledSegmenter(Oracle(categories), tile, overlap).segment(id_to_rgb(ids + 1))
    assert_same_partition(found, ids, categories)


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 24), st.integers(1, 24), st.integers(2, 12), st.data())
def test_tiles_cover_the_picture_and_cores_once(height, width, tile, data):
    overlap = data.draw(st.integers(1, tile // 2))
    tiling = Tiling.of((height, width), tile, overlap)
    covered = np.zeros((height, width), dtype=int)
    for box, core in zip(tiling.tiles, tiling.cores, strict=True):
        assert (box.bottom - box.top, box.right - box.left) == (min(tile, height), min(tile, width))
        assert core.within(box) == core
        covered[core.top : core.bottom, core.left : core.right] += 1
    assert (covered == 1).all()
    every = set(combinations(range(len(tiling.tiles)), 2))
    touching = {
        (first, second)
        for first, second in every
        if (box := tiling.tiles[first].within(tiling.tiles[second])).top < box.bottom and box.left < box.right
    }
    assert {(first, second) for first, second, _ in tiling.neighbours()} == touching
    starts = sorted({box.left for box in tiling.tiles})
    assert all(second - first <= tile - overlap for first, second in pairwise(starts))


def test_impossible_tiles_are_refused():
    for tile, overlap in ((1, None), (10, 0), (10, 6), (0, None), (-5, None)):
        with pytest.raises(InputError, match="expected an overlap"):
            Tiling.of((20, 20), tile, overlap)
    with pytest.raises(InputError, match="expected an overlap"):
        TiledSegmenter(Oracle([]), 10, 9)


def graph(width, spans, relations=(), scores=None):
    """One row of pixels; a node is (category, start, stop)."""
    nodes = []
    for number, (category, start, stop) in enumerate(spans):
        bits = np.zeros((1, width), dtype=bool)
        bits[:, start:stop] = True
        nodes.append(Node(number, category, Segment(Mask.from_array(bits)), scores[number] if scores else 1.0))
    return SceneGraph(Source("image", "", 1, width), tuple(nodes), relations, WORDS)


def test_tiles_by_hand():
    """Tiles 0-10 and 6-16, cores 0-8 and 8-16."""
    tiling = Tiling.of((1, 16), 10, 4)
    left = graph(10, [(0, 3, 10), (2, 0, 3)], (Relation(0, 0, 1, 0.9),), [0.8, 0.6])
    right = graph(10, [(2, 6, 10), (0, 0, 6)], (Relation(1, 1, 0, 0.7), Relation(0, 0, 1, 0.4)), [0.6, 0.4])
    found = merge(tiling, [left, right], "row")
    assert [(node.category, node.region.box) for node in found.nodes] == [
        (0, (3.0, 0.0, 12.0, 1.0)),
        (2, (0.0, 0.0, 16.0, 1.0)),
    ]
    assert found.nodes[1].region.area == 7
    assert found.nodes[0].score == pytest.approx((5 * 0.8 + 4 * 0.4) / 9)
    assert [(*relation.triple, relation.score) for relation in found.relations] == [(0, 0, 1, 0.9), (1, 0, 0, 0.4)]


def test_things_that_do_not_agree_stay_apart():
    tiling = Tiling.of((1, 16), 10, 4)
    for right in ((1, 0, 6), (0, 3, 6)):  # another class; another place: 1 of 4 shared pixels
        found = merge(tiling, [graph(10, [(0, 3, 10)]), graph(10, [right])])
        assert len(found.nodes) == 2


def test_nothing_found_and_a_part_beyond_the_core():
    tiling = Tiling.of((1, 16), 10, 4)
    assert merge(tiling, [graph(10, []), graph(10, [])]).nodes == ()
    beyond = graph(10, [(0, 9, 10), (2, 0, 2)], (Relation(0, 0, 1, 0.9),))
    found = merge(tiling, [beyond, graph(10, [])])  # the second tile decides about pixel 9, and sees nothing
    assert [node.category for node in found.nodes] == [2]
    assert found.relations == ()


def test_graphs_that_do_not_fit_their_tiles():
    tiling = Tiling.of((1, 16), 10, 4)
    with pytest.raises(InputError, match="one graph a tile"):
        merge(tiling, [graph(10, [])])
    with pytest.raises(InputError, match="one graph a tile"):
        merge(tiling, [graph(10, []), graph(9, [])])


@pytest.mark.slow
def test_a_picture_of_6000_by_8000_in_bounded_memory():
    """An id map of it would take 192 MB, a mask 48 MB."""
    small = np.kron(np.arange(48).reshape(6, 8), np.ones((10, 10), dtype=int))
    categories = [0, 1] * 24
    image = np.repeat(np.repeat(id_to_rgb(small + 1), 100, axis=0), 100, axis=1)
    segmenter = TiledSegmenter(Oracle(categories), 1024)
    tracemalloc.start()
    found = segmenter.segment(image)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found.size == (6000, 8000)
    assert peak < 150e6
    assert len(found.nodes) == 48
    assert all(node.region.area == 10**6 for node in found.nodes)
    assert resized(found.masks[0], 6, 8).area == 1
