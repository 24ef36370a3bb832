"""Scene graphs as pictures: tinted segments with names, and the relations as a list beside them.

Relations are listed, not drawn: arrows between all pairs of a real picture hide everything. A few
chosen ones can have arrows (`arrows`), one can have a picture of its own (`draw_pair`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from jaxtyping import Bool, Int32, UInt8
from PIL import Image, ImageDraw

from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph
from scenegraph.label_placement import place_labels
from scenegraph.masks import paint
from scenegraph.matching import match_nodes
from scenegraph.palette import Colour, colour
from scenegraph.regions import Segment
from scenegraph.relation_list import Font, draw_chip, draw_relation_list, load_font, stack

Picture = UInt8[np.ndarray, "height width 3"] | UInt8[np.ndarray, "height width"]

_LONG_SIDE = (720, 2048)
"""Pictures are enlarged or reduced so that names can be read and files stay small."""

_MOST_ENLARGED = 8
_GRID = 200
"""Cells of the long side when places for names are looked for."""

_STUFF = 0.6
"""Stuff gets this share of the tint of things: it fills most of a picture, and things should stand out."""

Rectangle = tuple[int, int, int, int]
"""x1, y1, x2, y2 in pixels of the drawing."""

_COMPARE_GAP = 16
_PREDICATE = (255, 255, 255)
SUBJECT, OBJECT = (0, 114, 178), (213, 94, 0)
"""Blue and vermilion of Okabe and Ito, for the two ends of a relation."""


def draw(
    graph: SceneGraph,
    image: Picture,
    relations: int = 12,
    arrows: int = 0,
    frame: int = 0,
    names: bool = True,
    opacity: float = 0.45,
    colours: Mapping[int, Colour] | None = None,
    font: str | Path | None = None,
) -> UInt8[np.ndarray, "drawn_height drawn_width 3"]:
    """A picture of a graph: segments tinted and named, the best relations as a list.

    Args:
        graph: a graph of any kind; of a video or RGB-D video one frame is drawn, and the relations
            that hold in it are listed.
        image: that frame, RGB or grey, of the source's size or in its proportions.
        relations: how many relations to list, best scores first; 0 for none.
        arrows: for how many of the listed relations to draw an arrow.
        frame: which frame of the source the picture is.
        names: write the names of the nodes.
        opacity: of the tint of things, 0 to 1; stuff is tinted less.
        colours: colour by node id, where they should differ from the palette's.
        font: a TrueType file for names in scripts that Pillow's own font lacks.

    Returns:
        RGB; small pictures are enlarged and large ones reduced, and the list needs room beside or
        below, so the size is not that of `image`.

    Raises:
        InputError: the picture has other proportions than the source, or there is no such frame.
    """
    stage = _Stage.of(graph, image, frame, load_font(font, 1))
    chosen = _best_relations(graph, frame, relations)
    shades = {node.id: colour(node.id) for node in graph.nodes} | dict(colours or {})
    strengths = [opacity if graph.vocabulary.is_thing(node.category) else _STUFF * opacity for node in stage.nodes]
    stage.tint([shades[node.id] for node in stage.nodes], strengths)
    canvas = stage.finished()
    drawn = [relation for relation in chosen[: max(arrows, 0)] if _arrow(canvas, relation, stage, shades)]
    taken: list[Rectangle] = []
    if names:
        first = dict.fromkeys(end for relation in chosen for end in (relation.subject, relation.object))
        taken = _write_names(canvas, graph, stage, list(first), shades)
    for relation in drawn:
        _write_predicate(canvas, graph, relation, stage, taken)
    if not chosen:
        return np.array(canvas)
    left_out = len(_holding(graph, frame)) - len(chosen)
    listing = draw_relation_list(graph, chosen, shades, stage.font, canvas.size, left_out)
    return np.array(stack([canvas, listing], beside=canvas.height >= canvas.width))


def draw_pair(
    graph: SceneGraph, relation: Relation, image: Picture, frame: int | None = None, font: str | Path | None = None
) -> UInt8[np.ndarray, "drawn_height drawn_width 3"]:
    """One relation on its picture: subject with a solid outline, object with a dashed one, the rest dimmed.

    Args:
        graph: the graph.
        relation: one of its relations.
        image: the picture, or the frame of the video.
        frame: which frame the picture is; by default the first in which the relation holds.
        font: as in `draw`.

    Raises:
        InputError: as `draw`; or the relation names a node that the graph does not have.
    """
    if frame is None:
        frame = relation.spans[0].start if relation.spans else 0
    stage = _Stage.of(graph, image, frame, load_font(font, 1))
    ends = {relation.subject: SUBJECT, relation.object: OBJECT}
    for end in ends:
        graph.node(end)
    stage.dim(list(ends))
    for end, shade in reversed(ends.items()):
        stage.outline(end, shade, dashed=end == relation.object != relation.subject)
    canvas = stage.finished()
    _write_names(canvas, graph, stage, list(ends), ends, only=True)
    caption = draw_relation_list(graph, [relation], ends, stage.font, (canvas.width, 0), 0)
    return np.array(stack([canvas, caption], beside=False))


def compare(
    truth: SceneGraph, prediction: SceneGraph, image: Picture, relations: int = 12, font: str | Path | None = None
) -> UInt8[np.ndarray, "drawn_height drawn_width 3"]:
    """Truth and prediction of a picture side by side; nodes that match have the same colour.

    Raises:
        InputError: as `draw`; or one of the graphs is no image.
    """
    for graph in (truth, prediction):
        if graph.source.kind != "image":
            raise InputError(f"compare draws images; {graph.source.uri!r} is of kind {graph.source.kind!r}")
    drawn = [
        draw(truth, image, relations, font=font),
        draw(prediction, image, relations, colours=_matched_colours(truth, prediction), font=font),
    ]
    titled = []
    for name, picture in zip(("truth", "prediction"), drawn, strict=True):
        letters = load_font(font, 22)
        title = Image.new("RGB", (picture.shape[1], 2 * letters.height), "white")
        ImageDraw.Draw(title).text((letters.height // 2, letters.height // 2), name, "black", letters.face)
        titled.append(stack([title, Image.fromarray(picture)], beside=False))
    return np.array(stack(titled, beside=True, gap=_COMPARE_GAP))


@dataclass
class _Stage:
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
    def of(cls, graph: SceneGraph, image: Picture, frame: int, font: Font) -> "_Stage":
        height, width = graph.source.size
        if not 0 <= frame < graph.source.num_frames:
            raise InputError(f"there is no frame {frame}; the source has frames 0-{graph.source.num_frames - 1}")
        if abs(image.shape[0] * width - image.shape[1] * height) > max(image.shape[:2]) * max(height, width) / 100:
            raise InputError(
                f"the picture is {image.shape[0]} x {image.shape[1]} pixels (height x width); "
                f"the graph describes {height} x {width}"
            )
        scale = min(max(1.0, _LONG_SIDE[0] / max(height, width)), _MOST_ENLARGED)
        scale = min(scale, _LONG_SIDE[1] / max(height, width))
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


def _holding(graph: SceneGraph, frame: int) -> list[Relation]:
    """The relations that hold in a frame, best first; equal scores keep the order of the graph."""
    holding = [r for r in graph.relations if not r.spans or any(start <= frame < stop for start, stop in r.spans)]
    return sorted(holding, key=lambda relation: -relation.score)


def _best_relations(graph: SceneGraph, frame: int, count: int) -> list[Relation]:
    return _holding(graph, frame)[: max(count, 0)]


def _write_names(
    canvas: Image.Image,
    graph: SceneGraph,
    stage: _Stage,
    first: Sequence[int],
    shades: Mapping[int, Colour],
    only: bool = False,
) -> list[Rectangle]:
    """Write the names of nodes: those in `first` first, then (unless `only`) larger ones first.

    Returns the rectangles that are taken now.
    """
    positions = {node.id: position for position, node in enumerate(stage.nodes)}
    order = [positions[node_id] for node_id in first if node_id in positions]
    if not only:
        order += sorted(set(positions.values()).difference(order))
    cell = max(1, round(max(stage.ids.shape) / _GRID))
    labels = [graph.label(stage.nodes[position].id) for position in order]
    boxes = [stage.font.chip_size(label) for label in labels]
    cells = [(-(-height // cell), -(-width // cell)) for width, height in boxes]
    grid = stage.grid(cell)
    if only:
        grid = np.where(np.isin(grid, order), grid, -1)
    places = place_labels(grid, order, cells, keep_visible=only)
    pen = ImageDraw.Draw(canvas)
    taken = []
    for position, label, (width, height) in zip(order, labels, boxes, strict=True):
        if position in places:
            row, column = places[position]
            x, y = min(column * cell, canvas.width - width), min(row * cell, canvas.height - height)
            draw_chip(pen, (x, y), label, shades[stage.nodes[position].id], stage.font)
            taken.append((x, y, x + width, y + height))
    return taken


def _arrow(canvas: Image.Image, relation: Relation, stage: _Stage, shades: Mapping[int, Colour]) -> bool:
    """Draw an arrow from subject to object, if both are seen and far enough apart; whether it was drawn."""
    ends = [stage.anchors.get(end) for end in (relation.subject, relation.object)]
    if ends[0] is None or ends[1] is None or relation.subject == relation.object:
        return False
    start, end = (np.array(point) for point in ends)
    length, size = float(np.hypot(*(end - start))), stage.font.size
    if length < 2 * size:
        return False
    along = (end - start) / length
    across = np.array((-along[1], along[0]))
    # Drawn at twice the size and reduced: smooth edges; first broad and dark, then in the colour.
    for ink, extra in (((0, 0, 0), size / 10), (shades[relation.subject], 0.0)):
        layer = Image.new("L", (2 * canvas.width, 2 * canvas.height))
        pen = ImageDraw.Draw(layer)
        base = end - along * size
        pen.line([tuple(2 * start), tuple(2 * base)], fill=255, width=round(2 * (size / 5 + 2 * extra)))
        side = across * (size * 0.45 + 2 * extra)
        tip, foot = end + along * 2 * extra, base - along * extra
        pen.polygon([tuple(2 * point) for point in (tip, foot + side, foot - side)], fill=255)
        canvas.paste(ink, (0, 0), layer.resize(canvas.size, Image.Resampling.LANCZOS))
    return True


def _write_predicate(
    canvas: Image.Image, graph: SceneGraph, relation: Relation, stage: _Stage, taken: list[Rectangle]
) -> None:
    """Write the predicate on its arrow, where it covers the names that are there least."""
    start, end = (np.array(stage.anchors[end]) for end in (relation.subject, relation.object))
    name = graph.predicate_name(relation)
    size = np.array(stage.font.chip_size(name))
    along = (end - start) / np.hypot(*(end - start))
    aside = np.array((0, 1, -1, 2, -2))[:, None, None] * size[1] * np.array((-along[1], along[0]))
    shares = np.array((0.5, 0.4, 0.6, 0.3, 0.7, 0.2, 0.8))[:, None]
    corners = (start + shares * (end - start) + aside - size / 2).reshape(-1, 2)
    corners = np.clip(corners, 0, np.maximum(np.array(canvas.size) - size, 0))
    others = np.array(taken).reshape(-1, 4)
    low = np.maximum(corners[:, None], others[:, :2])
    high = np.minimum(corners[:, None] + size, others[:, 2:])
    covered = np.maximum(high - low, 0).prod(axis=-1).sum(axis=-1)
    x, y = (int(edge) for edge in corners[covered.argmin()].round())
    draw_chip(ImageDraw.Draw(canvas), (x, y), name, _PREDICATE, stage.font)
    taken.append((x, y, x + int(size[0]), y + int(size[1])))


def _matched_colours(truth: SceneGraph, prediction: SceneGraph) -> dict[int, Colour]:
    """Colours of predicted nodes: that of the true node that they match, if any."""
    matching = match_nodes(truth, prediction)
    # The others take colours from the far end of the palette, away from those of the truth.
    colours = {node.id: colour(-1 - node.id) for node in prediction.nodes}
    for row, column in zip(matching.truth.tolist(), matching.prediction.tolist(), strict=True):
        colours[prediction.nodes[column].id] = colour(truth.nodes[row].id)
    return colours
