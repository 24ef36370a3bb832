"""Scene graphs as pictures: tinted segments with names, and the relations as a list beside them.

Relations are listed, not drawn: arrows between all pairs of a real picture hide everything. A few
chosen ones can have arrows (`arrows`), one can have a picture of its own (`draw_pair`).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image, ImageDraw

from scenegraph.errors import InputError
from scenegraph.graph import Relation, SceneGraph
from scenegraph.label_placement import place_labels
from scenegraph.matching import match_nodes
from scenegraph.palette import Colour, colour
from scenegraph.relation_list import draw_chip, draw_relation_list, load_font, stack
from scenegraph.stage import Picture, Stage

_GRID = 200
"""Cells of the long side when places for names are looked for."""

STUFF_SHARE = 0.6
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
    stage = Stage.of(graph, image, frame, load_font(font, 1))
    chosen = _best_relations(graph, frame, relations)
    shades = {node.id: colour(node.id) for node in graph.nodes} | dict(colours or {})
    strengths = [opacity if graph.vocabulary.is_thing(node.category) else STUFF_SHARE * opacity for node in stage.nodes]
    stage.tint([shades[node.id] for node in stage.nodes], strengths)
    canvas = stage.finished()
    drawn = [relation for relation in chosen[: max(arrows, 0)] if _arrow(canvas, relation, stage, shades)]
    taken: list[Rectangle] = []
    if names:
        first = dict.fromkeys(end for relation in chosen for end in (relation.subject, relation.object))
        taken += write_names(canvas, graph, stage, list(first), shades).values()
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
    stage = Stage.of(graph, image, frame, load_font(font, 1))
    ends = {relation.subject: SUBJECT, relation.object: OBJECT}
    for end in ends:
        graph.node(end)
    stage.dim(list(ends))
    for end, shade in reversed(ends.items()):
        stage.outline(end, shade, dashed=end == relation.object != relation.subject)
    canvas = stage.finished()
    write_names(canvas, graph, stage, list(ends), ends, only=True)
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


def _holding(graph: SceneGraph, frame: int) -> list[Relation]:
    """The relations that hold in a frame, best first; equal scores keep the order of the graph."""
    holding = [r for r in graph.relations if not r.spans or any(start <= frame < stop for start, stop in r.spans)]
    return sorted(holding, key=lambda relation: -relation.score)


def _best_relations(graph: SceneGraph, frame: int, count: int) -> list[Relation]:
    return _holding(graph, frame)[: max(count, 0)]


def write_names(
    canvas: Image.Image,
    graph: SceneGraph,
    stage: Stage,
    first: Sequence[int],
    shades: Mapping[int, Colour],
    only: bool = False,
    before: Mapping[int, Rectangle] | None = None,
    cells: int = _GRID,
) -> dict[int, Rectangle]:
    """Write the names of nodes: those in `first` first, then (unless `only`) larger ones first.

    With `before`, the rectangles of the frame before, names stay where they are unless another place
    is clearly better. Places are looked for in so many `cells` of the long side.

    Returns the rectangle of every name that was written, by node id.
    """
    positions = {node.id: position for position, node in enumerate(stage.nodes)}
    order = [positions[node_id] for node_id in first if node_id in positions]
    if not only:
        order += sorted(set(positions.values()).difference(order))
    cell = max(1, round(max(stage.ids.shape) / cells))
    labels = [graph.label(stage.nodes[position].id) for position in order]
    boxes = [stage.font.chip_size(label) for label in labels]
    sizes = [(-(-height // cell), -(-width // cell)) for width, height in boxes]
    grid = stage.grid(cell)
    if only:
        grid = np.where(np.isin(grid, order), grid, -1)
    kept = {
        positions[node_id]: (top // cell, left // cell)
        for node_id, (left, top, _, _) in (before or {}).items()
        if node_id in positions
    }
    places = place_labels(grid, order, sizes, keep_visible=only, kept=kept)
    pen = ImageDraw.Draw(canvas)
    taken = {}
    for position, label, (width, height) in zip(order, labels, boxes, strict=True):
        if position in places:
            row, column = places[position]
            x, y = min(column * cell, canvas.width - width), min(row * cell, canvas.height - height)
            node_id = stage.nodes[position].id
            draw_chip(pen, (x, y), label, shades[node_id], stage.font)
            taken[node_id] = (x, y, x + width, y + height)
    return taken


def _arrow(canvas: Image.Image, relation: Relation, stage: Stage, shades: Mapping[int, Colour]) -> bool:
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
    canvas: Image.Image, graph: SceneGraph, relation: Relation, stage: Stage, taken: list[Rectangle]
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
