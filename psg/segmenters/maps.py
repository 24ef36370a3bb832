"""The panoptic map of a picture: what every segmenter returns."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from jaxtyping import Float32, Float64, Int32, Int64, Integer

from scenegraph import InputError, Mask, Node, SceneGraph, Segment, Source, Vocabulary
from scenegraph.mask_geometry import resized, window
from scenegraph.masks import overlapping, paint
from scenegraph.panoptic import masks_from_ids


@dataclass(frozen=True, eq=False)
class PanopticMap:
    """Segments that do not overlap, with their categories and scores; masks are kept as run lengths.

    Attributes:
        height: of the picture, pixels.
        width: of the picture, pixels.
        nodes: one a segment, with ids 0 to n - 1 and a mask each; none where nothing was found.
        vocabulary: the names that `Node.category` indexes.
        features: one row a segment: what the segmenter's query knew when it found it; None where the
            back end has no queries or the map was put together from several.
        metres: one row a segment where depth was measured too: where it is, see `pvsg.tracked_frames.METRES`. It
            belongs to this size and place: windows and other sizes of the map have none.
        colours: one row a segment where its colours are known, see `psg.segmenters.colours`; windows have none.

    Raises:
        InputError: masks overlap, are missing, or have another size; ids are not 0 to n - 1; scores are
            not in 0 to 1; there is not one row of features, metres or colours a segment.
    """

    height: int
    width: int
    nodes: tuple[Node, ...]
    vocabulary: Vocabulary
    features: Float32[np.ndarray, "n d"] | None = field(default=None, repr=False)
    metres: Float32[np.ndarray, "n k"] | None = field(default=None, repr=False)
    colours: Float32[np.ndarray, "n c"] | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.nodes))
        self.graph()  # checks sizes, categories and scores
        if [node.id for node in self.nodes] != list(range(len(self.nodes))):
            raise InputError("the segments of a panoptic map must have the ids 0, 1, ... in this order")
        if any(node.region.mask is None for node in self.nodes):
            raise InputError("a segment of a panoptic map has a box only; it needs a mask")
        if overlapping(self.masks):
            raise InputError("segments of a panoptic map overlap; every pixel belongs to one segment or to none")
        for name, rows in (("features", self.features), ("metres", self.metres), ("colours", self.colours)):
            if rows is not None and len(rows) != len(self.nodes):
                raise InputError(f"{len(rows)} rows of {name} for {len(self.nodes)} segments")

    @classmethod
    def of_ids(
        cls,
        ids: Integer[np.ndarray, "height width"],
        categories: Sequence[int] | Int64[np.ndarray, " n"],
        scores: Sequence[float] | Float64[np.ndarray, " n"],
        vocabulary: Vocabulary,
        features: Float32[np.ndarray, "n d"] | None = None,
    ) -> "PanopticMap":
        """From an id map; segment k is where the map says k, other numbers are void. Empty segments are left out.

        >>> words = Vocabulary(("cat",), ("grass",), ())
        >>> found = PanopticMap.of_ids(np.array([[0, 2, 2]]), [0, 0, 1], [0.9, 0.8, 0.7], words)
        >>> found.categories.tolist(), found.ids.tolist()
        ([0, 1], [[0, 1, 1]])
        """
        masks = masks_from_ids(ids, np.arange(len(categories)))
        nodes = [
            Node(position, int(category), Segment(mask), float(score))
            for position, (mask, category, score) in enumerate(zip(masks, categories, scores, strict=True))
        ]
        return cls._of_seen(*ids.shape, nodes, vocabulary, features)

    @classmethod
    def of_graph(cls, graph: SceneGraph) -> "PanopticMap":
        """The nodes of an image graph, renumbered from 0.

        Raises:
            InputError: as for the class.
        """
        return cls._of_seen(*graph.source.size, graph.nodes, graph.vocabulary, None)

    @classmethod
    def _of_seen(
        cls,
        height: int,
        width: int,
        nodes: Sequence[Node],
        vocabulary: Vocabulary,
        features: Float32[np.ndarray, "n d"] | None,
    ) -> "PanopticMap":
        kept = [position for position, node in enumerate(nodes) if node.region.area > 0]
        renumbered = tuple(replace(nodes[position], id=number) for number, position in enumerate(kept))
        return cls(height, width, renumbered, vocabulary, None if features is None else features[kept])

    @property
    def size(self) -> tuple[int, int]:
        """(height, width)."""
        return self.height, self.width

    @property
    def masks(self) -> list[Mask]:
        """The mask of every segment."""
        return [node.region.mask for node in self.nodes]

    @property
    def categories(self) -> Int64[np.ndarray, " n"]:
        """The category of every segment."""
        return np.array([node.category for node in self.nodes], dtype=np.int64)

    @property
    def scores(self) -> Float64[np.ndarray, " n"]:
        """The score of every segment."""
        return np.array([node.score for node in self.nodes], dtype=np.float64)

    @cached_property
    def ids(self) -> Int32[np.ndarray, "height width"]:
        """Position of the segment of every pixel, -1 where there is none; decoded when first asked for."""
        return paint(self.masks, self.height, self.width)

    def graph(self, uri: str = "") -> SceneGraph:
        """The segments as a graph without relations, of the picture with this name."""
        return SceneGraph(Source("image", uri, self.height, self.width), self.nodes, (), self.vocabulary)

    def window(self, top: int, left: int, height: int, width: int) -> "PanopticMap":
        """What a window sees of the map; segments outside it are left out."""
        return self._changed(height, width, [window(mask, top, left, height, width) for mask in self.masks])

    def resized(self, height: int, width: int) -> "PanopticMap":
        """The map at another size, by nearest pixels; segments that vanish are left out."""
        return self._changed(height, width, [resized(mask, height, width) for mask in self.masks])

    def _changed(self, height: int, width: int, masks: list[Mask]) -> "PanopticMap":
        nodes = [replace(node, region=Segment(mask)) for node, mask in zip(self.nodes, masks, strict=True)]
        return self._of_seen(height, width, nodes, self.vocabulary, self.features)
