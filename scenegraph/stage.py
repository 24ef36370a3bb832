"""The picture on which a graph is drawn: enlarged so that names can be read, with the segments on it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from jaxtyping import Bool, Int32, UInt8
from PIL import Image

from scenegraph.errors import InputError
from scenegraph.graph import Node, SceneGraph
from scenegraph.masks import paint
from scenegraph.palette import Colour
from scenegraph.regions import Segment
from scenegraph.relation_list import Font

Picture = UInt8[np.ndarray, "height width 3"] | UInt8[np.ndarray, "height width"]

LONG_SIDE = (720, 2048)
"""Pictures are enlarged or reduced so that names can be read and files stay small."""

_MOST_ENLARGED = 8


@dataclass
class Stage:
    """The enlarged picture, and which node is where on it.

    `pixels` float [height, width, 3]; `ids` has the position in `nodes` of every pixel, -1 for none.
    """

    pixels: np.ndarray
    ids: Int32[np.ndarray, "height width"]
    nodes: list[Node]
    segments: list[Segment]
    scale: float
    font: Font

    @classmethod
    def of(
        cls, graph: SceneGraph, image: Picture, frame: int, font: Font, long_side: tuple[int, int] = LONG_SIDE
    ) -> "Stage":
        """The picture of one frame, its long side within `long_side` pixels (least, most).

        Raises:
            InputError: there is no such frame, or the picture has other proportions than the source.
        """
        height, width = graph.source.size
        if not 0 <= frame < graph.source.num_frames:
            raise InputError(f"there is no frame {frame}; the source has frames 0-{graph.source.num_frames - 1}")
        if abs(image.shape[0] * width - image.shape[1] * height) > max(image.shape[:2]) * max(height, width) / 100:
            raise InputError(
                f"the picture is {image.shape[0]} x {image.shape[1]} pixels (height x width); "
                f"the graph describes {height} x {width}"
            )
        scale = min(max(1.0, long_side[0] / max(height, width)), _MOST_ENLARGED)
        scale = min(scale, long_side[1] / max(height, width))
        size = max(1, round(height * scale)), max(1, round(width * scale))
        colours = Image.fromarray(image).convert("RGB").resize(size[::-1], Image.Resampling.LANCZOS)
        placed = [(node, node.region.segment(frame)) for node in graph.nodes]
        seen = [(node, segment) for node, segment in placed if segment is not None]
        seen.sort(key=lambda pair: -pair[1].area)  # small segments lie on top where masks overlap
        masked = [segment.mask for _, segment in seen if segment.mask is not None]
        positions = [position for position, (_, segment) in enumerate(seen) if segment.mask is not None]
        ids = np.array([-1, *positions], dtype=np.int32)[paint(masked, height, width) + 1]
        rows, columns = np.arange(size[0]) * height // size[0], np.arange(size[1]) * width // size[1]
        letters = replace(font, size=max(12, round(max(size) / 52)))
        nodes, segments = [node for node, _ in seen], [segment for _, segment in seen]
        return cls(np.array(colours, dtype=np.float32), ids[rows][:, columns], nodes, segments, scale, letters)

    @property
    def stroke(self) -> int:
        """Width of outlines in pixels."""
        return max(1, round(max(self.ids.shape) / 450))

    def tint(self, shades: Sequence[Colour], strengths: Sequence[float]) -> None:
        """Colour the segments (by position) and outline them; boxes without masks get an outline only."""
        colours = np.array([*shades, (0, 0, 0)], dtype=np.float32)[self.ids]
        share = np.array([*strengths, 0.0], dtype=np.float32)[self.ids]
        share[_edges(self.ids, self.stroke) & (self.ids >= 0)] = 1.0
        self.pixels += (colours - self.pixels) * share[..., None]
        for segment, shade in zip(self.segments, shades, strict=True):
            if segment.mask is None:
                self.pixels[self._box_frame(segment)] = shade

    def dim(self, kept: Sequence[int]) -> None:
        """Turn everything but some nodes grey and darker."""
        shown = np.zeros(self.ids.shape, dtype=bool)
        for node_id in kept:
            shown |= self._area(node_id)
        grey = self.pixels.mean(axis=2, keepdims=True) * 0.55
        self.pixels = np.where(shown[..., None], self.pixels, grey).astype(np.float32)

    def outline(self, node_id: int, shade: Colour, dashed: bool) -> None:
        """Outline a node on the outside, so that small ones stay visible, with white to set it off."""
        area = self._area(node_id)
        coloured = _grown(area, 2 * self.stroke)
        self.pixels[_grown(coloured, self.stroke) & ~area] = 255
        edge = coloured & ~area
        if dashed:
            length = 4 * self.stroke
            rows, columns = np.indices(self.ids.shape, sparse=True)
            edge &= (rows // length + columns // length) % 2 == 0
        self.pixels[edge] = shade

    def finished(self) -> Image.Image:
        """The picture so far."""
        return Image.fromarray(self.pixels.round().clip(0, 255).astype(np.uint8))

    @cached_property
    def anchors(self) -> dict[int, tuple[float, float]]:
        """A point (x, y) inside every node that is seen: the middle of its middle row of pixels."""
        points = {}
        for position, (node, segment) in enumerate(zip(self.nodes, self.segments, strict=True)):
            rows, columns = np.nonzero(self.ids == position)
            if len(rows):
                row = rows[len(rows) // 2]
                points[node.id] = (float(np.median(columns[rows == row])), float(row))
            else:
                x1, y1, x2, y2 = (edge * self.scale for edge in segment.box)
                points[node.id] = ((x1 + x2) / 2, (y1 + y2) / 2)
        return points

    def grid(self, cell: int) -> Int32[np.ndarray, "rows columns"]:
        """The ids of a coarse grid; boxes without masks fill what is free."""
        coarse = self.ids[cell // 2 :: cell, cell // 2 :: cell].copy()
        for position, segment in enumerate(self.segments):
            if segment.mask is None:
                x1, y1, x2, y2 = (int(edge * self.scale / cell) for edge in segment.box)
                inside = coarse[y1 : y2 + 1, x1 : x2 + 1]
                inside[inside < 0] = position
        return coarse

    def _area(self, node_id: int) -> Bool[np.ndarray, "height width"]:
        for position, node in enumerate(self.nodes):
            if node.id == node_id:
                segment = self.segments[position]
                return self.ids == position if segment.mask is not None else self._box_area(segment)
        return np.zeros(self.ids.shape, dtype=bool)

    def _box_area(self, segment: Segment) -> Bool[np.ndarray, "height width"]:
        x1, y1, x2, y2 = (round(edge * self.scale) for edge in segment.box)
        area = np.zeros(self.ids.shape, dtype=bool)
        area[max(y1, 0) : max(y2, y1 + 1), max(x1, 0) : max(x2, x1 + 1)] = True
        return area

    def _box_frame(self, segment: Segment) -> Bool[np.ndarray, "height width"]:
        area = self._box_area(segment)
        return _edges(area.astype(np.int32), self.stroke) & area


def _edges(ids: Int32[np.ndarray, "height width"], width: int) -> Bool[np.ndarray, "height width"]:
    """Pixels that have another id, or the picture's border, within `width` pixels along an axis."""
    height, breadth = ids.shape
    padded = np.pad(ids, width, constant_values=-2)
    edges = np.zeros(ids.shape, dtype=bool)
    for shift in (*range(-width, 0), *range(1, width + 1)):
        edges |= padded[width + shift : width + shift + height, width : width + breadth] != ids
        edges |= padded[width : width + height, width + shift : width + shift + breadth] != ids
    return edges


def _grown(area: Bool[np.ndarray, "height width"], width: int) -> Bool[np.ndarray, "height width"]:
    """The area and everything within `width` pixels of it along both axes."""
    grown = area
    for axis in (0, 1):
        padded = np.pad(grown, [(width, width) if axis == a else (0, 0) for a in (0, 1)])
        grown = np.lib.stride_tricks.sliding_window_view(padded, 2 * width + 1, axis=axis).max(axis=-1)
    return grown
