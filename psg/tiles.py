"""Large pictures in overlapping tiles, put together again without an array of the picture's size.

A network that looks at 640 pixels does not see what is 10 pixels wide in a picture of 8000 x 6000; in
a tile of it, it does. Every pixel belongs to the tile in whose middle it lies; a thing that several
tiles see is one thing where their masks agree in the overlap, and stuff is one segment a class.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components
from tqdm import tqdm

from psg.fitting import RGB
from psg.segmenters.interface import Segmenter
from psg.segmenters.maps import PanopticMap
from scenegraph import InputError, Mask, Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.mask_geometry import union, window
from scenegraph.masks import iou_matrix

AGREEMENT = 0.5
"""Masks of one class are one thing if their IoU within the overlap of two tiles is above it: then at
most one mask of a tile agrees with a mask of the other."""

OVERLAP = 0.25
"""Share of a tile that its neighbour sees too. Things up to that size are whole in some tile."""

_REACH = 3

BATCH = 4
"""Tiles at a time: what a network needs for them is all the memory that grows with it."""


class Box(NamedTuple):
    """Pixels `top` to `bottom` and `left` to `right`, ends exclusive."""

    top: int
    left: int
    bottom: int
    right: int

    def within(self, other: "Box") -> "Box":
        """The part that lies in another box; without extent (bottom <= top or right <= left) if none does."""
        return Box(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )

    def sees(self, mask: Mask, origin: "Box") -> Mask:
        """What this box shows of a mask that is given in the coordinates of the box `origin`."""
        top, left = self.top - origin.top, self.left - origin.left
        return window(mask, top, left, self.bottom - self.top, self.right - self.left)


@dataclass(frozen=True)
class Tiling:
    """Where the tiles of a picture lie.

    Attributes:
        size: (height, width) of the picture.
        tiles: what each tile sees; they overlap.
        cores: what each tile decides about; they cover every pixel of the picture once.
        grid: (rows, columns) of tiles; tiles stand row by row.

    >>> tiling = Tiling.of((10, 25), tile=10, overlap=4)
    >>> [(tile.left, tile.right) for tile in tiling.tiles], [(core.left, core.right) for core in tiling.cores]
    ([(0, 10), (5, 15), (10, 20), (15, 25)], [(0, 7), (7, 12), (12, 17), (17, 25)])
    """

    size: tuple[int, int]
    tiles: tuple[Box, ...]
    cores: tuple[Box, ...]
    grid: tuple[int, int]

    @classmethod
    def of(cls, size: tuple[int, int], tile: int, overlap: int | None = None) -> "Tiling":
        """Tiles of `tile` x `tile` pixels at equal distances, as few as overlap by at least `overlap`.

        Args:
            size: (height, width) of the picture; a side shorter than a tile is one tile long.
            tile: pixels.
            overlap: pixels that neighbours share; by default `OVERLAP` of a tile.

        Raises:
            InputError: the tile is smaller than 2 pixels, or the overlap is not from 1 to half a tile.
        """
        overlap = max(1, round(OVERLAP * tile)) if overlap is None else overlap
        if tile < 2 or not 1 <= overlap <= tile // 2:
            raise InputError(
                f"tiles of {tile} pixels that overlap by {overlap}: expected an overlap of 1 to {max(tile // 2, 1)} "
                "pixels, half a tile at most (a quarter is usual)"
            )
        rows, columns = (_along(side, tile, overlap) for side in size)
        boxes = [[], []]
        for (top, bottom), (core_top, core_bottom) in rows:
            for (left, right), (core_left, core_right) in columns:
                boxes[0].append(Box(top, left, bottom, right))
                boxes[1].append(Box(core_top, core_left, core_bottom, core_right))
        return cls(tuple(size), tuple(boxes[0]), tuple(boxes[1]), (len(rows), len(columns)))

    def neighbours(self) -> Iterator[tuple[int, int, Box]]:
        """Pairs of tiles that overlap, each once, and what both see."""
        rows, columns = self.grid
        # Tiles lie a quarter of a tile apart at least, unless there are only two: three steps reach all.
        steps = [step for step in product(range(_REACH + 1), range(-_REACH, _REACH + 1)) if step > (0, 0)]
        for row, column in product(range(rows), range(columns)):
            for down, right in steps:
                if row + down < rows and 0 <= column + right < columns:
                    first, second = row * columns + column, (row + down) * columns + column + right
                    shared = self.tiles[first].within(self.tiles[second])
                    if shared.top < shared.bottom and shared.left < shared.right:
                        yield first, second, shared


def _along(side: int, tile: int, overlap: int) -> list[tuple[tuple[int, int], tuple[int, int]]]:
    """(start, stop) of every tile along a side, and of its core."""
    if side <= tile:
        return [((0, side), (0, side))]
    count = -(-(side - overlap) // (tile - overlap))
    starts = [(side - tile) * step // (count - 1) for step in range(count)]
    middles = [(start + tile + following) // 2 for start, following in pairwise(starts)]
    return [
        ((start, start + tile), core)
        for start, core in zip(starts, zip([0, *middles], [*middles, side], strict=True), strict=True)
    ]


def merge(tiling: Tiling, graphs: Sequence[SceneGraph], uri: str = "") -> SceneGraph:
    """One graph of a picture from the graphs of its tiles.

    The score of a node is the mean of its parts' scores, by pixels. A relation that several tiles see
    gets its highest score; an ordered pair keeps as many predicates as it had in the tile with most.

    Args:
        tiling: where the tiles lie.
        graphs: one a tile, of its size, under one vocabulary; masks of a graph do not overlap.
        uri: name of the picture.

    Raises:
        InputError: the number or the size of the graphs is not that of the tiles, or vocabularies differ.
    """
    _check(tiling, graphs)
    parts = _Parts.of(graphs)
    groups = _groups(tiling, parts, graphs[0].vocabulary)
    pieces = [
        tiling.cores[tile].sees(mask, tiling.tiles[tile]) for mask, tile in zip(parts.masks, parts.tile, strict=True)
    ]
    areas = np.array([piece.area for piece in pieces], dtype=np.float64)
    group_area = np.bincount(groups, weights=areas)
    score = np.bincount(groups, weights=areas * parts.score) / np.maximum(group_area, 1)
    number = np.where(group_area > 0, np.cumsum(group_area > 0) - 1, -1)
    whole = Box(0, 0, *tiling.size)
    placed = [whole.sees(piece, tiling.cores[tile]) for piece, tile in zip(pieces, parts.tile, strict=True)]
    nodes = []
    for group in np.flatnonzero(group_area > 0):
        members = np.flatnonzero(groups == group)
        mask = union([placed[member] for member in members], *tiling.size)
        nodes.append(Node(len(nodes), int(parts.category[members[0]]), Segment(mask), min(float(score[group]), 1.0)))
    relations = _relations(graphs, number[groups])
    return SceneGraph(Source("image", uri, *tiling.size), tuple(nodes), relations, graphs[0].vocabulary)


@dataclass(frozen=True)
class _Parts:
    """The nodes of all tiles in one list."""

    tile: Int64[np.ndarray, " n"]
    category: Int64[np.ndarray, " n"]
    score: Float64[np.ndarray, " n"]
    masks: list[Mask]

    @classmethod
    def of(cls, graphs: Sequence[SceneGraph]) -> "_Parts":
        nodes = [(tile, node) for tile, graph in enumerate(graphs) for node in graph.nodes]
        return cls(
            np.array([tile for tile, _ in nodes], dtype=np.int64),
            np.array([node.category for _, node in nodes], dtype=np.int64),
            np.array([node.score for _, node in nodes], dtype=np.float64),
            [node.region.mask for _, node in nodes],
        )


def _check(tiling: Tiling, graphs: Sequence[SceneGraph]) -> None:
    sizes = [(tile.bottom - tile.top, tile.right - tile.left) for tile in tiling.tiles]
    given = [graph.source.size for graph in graphs]
    if given != sizes:
        raise InputError(f"graphs of {given} pixels for tiles of {sizes}; expected one graph a tile, of its size")
    if len({graph.vocabulary for graph in graphs}) > 1:
        raise InputError("the graphs of the tiles have different vocabularies; use one model for all tiles")


def _groups(tiling: Tiling, parts: _Parts, vocabulary: Vocabulary) -> Int64[np.ndarray, " n"]:
    """Which parts are one segment: numbers from 0."""
    stuff = parts.category >= len(vocabulary.things)
    links = [np.zeros((0, 2), dtype=np.int64)]
    of_tile = [np.flatnonzero((parts.tile == tile) & ~stuff) for tile in range(len(tiling.tiles))]
    for first, second, shared in tiling.neighbours():
        links.append(_agreeing(parts, of_tile[first], of_tile[second], shared, tiling))
    for category in np.unique(parts.category[stuff]):
        members = np.flatnonzero(parts.category == category)
        links.append(np.stack([members[:-1], members[1:]], axis=1))
    pairs = np.concatenate(links)
    n = len(parts.tile)
    table = coo_array((np.ones(len(pairs), dtype=bool), (pairs[:, 0], pairs[:, 1])), shape=(n, n))
    return connected_components(table, directed=False)[1].astype(np.int64)


def _agreeing(
    parts: _Parts, first: Int64[np.ndarray, " n"], second: Int64[np.ndarray, " m"], shared: Box, tiling: Tiling
) -> Int64[np.ndarray, "links 2"]:
    """Pairs of parts of two tiles that are of one class and agree where both tiles see."""
    if not (len(first) and len(second)):
        return np.zeros((0, 2), dtype=np.int64)
    seen = [
        [shared.sees(parts.masks[part], tiling.tiles[parts.tile[part]]) for part in side] for side in (first, second)
    ]
    same: Bool[np.ndarray, "n m"] = parts.category[first][:, None] == parts.category[second][None]
    rows, columns = np.nonzero((iou_matrix(*seen) > AGREEMENT) & same)
    return np.stack([first[rows], second[columns]], axis=1)


def _relations(graphs: Sequence[SceneGraph], node: Int64[np.ndarray, " parts"]) -> tuple[Relation, ...]:
    """The relations of all tiles between the nodes of the whole; `node` is that of every part, -1 for none."""
    best: dict[tuple[int, int, int], float] = {}
    allowed = 1
    offset = 0
    for graph in graphs:
        place = {each.id: int(node[offset + position]) for position, each in enumerate(graph.nodes)}
        offset += len(graph.nodes)
        counts: dict[tuple[int, int], int] = {}
        for relation in graph.relations:
            counts[relation.subject, relation.object] = counts.get((relation.subject, relation.object), 0) + 1
            triple = place[relation.subject], relation.predicate, place[relation.object]
            if triple[0] >= 0 and triple[2] >= 0 and triple[0] != triple[2]:
                best[triple] = max(best.get(triple, 0.0), relation.score)
        allowed = max(allowed, *counts.values(), 1)
    kept: dict[tuple[int, int], int] = {}
    relations = []
    for (subject, predicate, target), score in sorted(best.items(), key=lambda item: -item[1]):
        kept[subject, target] = kept.get((subject, target), 0) + 1
        if kept[subject, target] <= allowed:
            relations.append(Relation(subject, predicate, target, score))
    return tuple(relations)


def predict_tiles(
    image: RGB,
    tiling: Tiling,
    predict: Callable[[list[RGB]], Sequence[SceneGraph]],
    uri: str = "",
    batch: int = BATCH,
    progress: bool = False,
) -> SceneGraph:
    """The graph of a picture from the graphs that `predict` makes of its tiles, `batch` at a time."""
    graphs: list[SceneGraph] = []
    with tqdm(total=len(tiling.tiles), desc="tiles", leave=False, disable=not progress) as bar:
        for start in range(0, len(tiling.tiles), batch):
            boxes = tiling.tiles[start : start + batch]
            graphs += predict([image[box.top : box.bottom, box.left : box.right] for box in boxes])
            bar.update(len(boxes))
    return merge(tiling, graphs, uri)


class TiledSegmenter(Segmenter):
    """A segmenter that sees large pictures in tiles; pictures no larger than a tile as they are.

    >>> TiledSegmenter(segmenter, tile=1024).segment("aerial.tif")  # doctest: +SKIP

    Args:
        segmenter: sees the tiles. Given maps have no tiles and are refused.
        tile: side of a tile, pixels.
        overlap: pixels that neighbouring tiles share, see `Tiling.of`.

    Raises:
        InputError: tile or overlap are not possible, or the segmenter looks maps up by name.
    """

    max_pixels = None

    def __init__(self, segmenter: Segmenter, tile: int = 1024, overlap: int | None = None) -> None:
        if segmenter.max_pixels is None:
            raise InputError(
                f"{segmenter.name}: gives maps of whole pictures, which need no tiles; leave the tiles out"
            )
        Tiling.of((tile, tile), tile, overlap)
        self.segmenter, self.tile, self.overlap = segmenter, tile, overlap

    @property
    def vocabulary(self) -> Vocabulary:
        """The names that the maps' categories index."""
        return self.segmenter.vocabulary

    @property
    def name(self) -> str:
        """That of the segmenter, and the tile."""
        return f"{self.segmenter.name} in tiles of {self.tile}"

    def _segment(self, images: Sequence[RGB], names: Sequence[str]) -> list[PanopticMap]:
        return [self._one(image) for image in images]

    def _one(self, image: RGB) -> PanopticMap:
        tiling = Tiling.of(image.shape[:2], self.tile, self.overlap)
        if len(tiling.tiles) == 1:
            return self.segmenter.segment(image)

        def graphs(tiles: list[RGB]) -> list[SceneGraph]:
            return [found.graph() for found in self.segmenter.segment_many(tiles)]

        return PanopticMap.of_graph(predict_tiles(image, tiling, graphs, progress=len(tiling.tiles) > BATCH))
