"""Numbered marks on the segments of a picture, by which a vision-language model can name them.

After Yang et al., "Set-of-Mark Prompting Unleashes Extraordinary Visual Grounding in GPT-4V", 2023.
A mark is the id of its node: the picture, the text of a graph and an answer speak of the same numbers.
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int32, UInt8
from PIL import ImageDraw

from scenegraph.graph import SceneGraph
from scenegraph.palette import colour
from scenegraph.relation_list import Font, draw_chip, load_font
from scenegraph.stage import Picture, Stage

LONG_SIDE = (720, 1280)
"""Marks can be read at this size, and most vision-language models reduce larger pictures."""

OPACITY = 0.12
"""Enough to tell segments apart beside their outlines; more would change the colours of the things."""

_LETTERS = (1.0, 0.8, 0.65)
"""Sizes of numbers, in shares of the stage's letters; the largest that fits into the segment is taken."""

_LEAST_LETTERS = 13
"""Pixels; smaller numbers are misread."""

_MIDDLE = 0.5
"""Pixels of depth that the middle of a segment is worth against its ends: a strip has its mark in the middle."""

_FOOT = 3
"""Radius in pixels of the dot at the end of a leader line."""

Window = tuple[slice, slice]
"""Rows and columns of a part of a picture."""


class MarkedPicture(NamedTuple):
    """A picture with marks, and the centre (x, y) in its pixels of the mark of every node that has one."""

    pixels: UInt8[np.ndarray, "drawn_height drawn_width 3"]
    centres: dict[int, tuple[int, int]]


def draw_marks(
    graph: SceneGraph,
    image: Picture,
    nodes: Collection[int] | None = None,
    frame: int = 0,
    opacity: float = OPACITY,
    long_side: tuple[int, int] = LONG_SIDE,
    font: str | Path | None = None,
) -> MarkedPicture:
    """Outline segments and write each one's node id at its most interior point.

    A mark moves within its segment where it would lie on another mark; where its segment has no room
    it stands beside, with a line to its place.

    Args:
        graph: a graph of any kind.
        image: its picture, or one frame.
        nodes: ids of the nodes to mark; all of them if None.
        frame: which frame the picture is.
        opacity: of the tint of the marked segments, 0 to 1.
        long_side: least and most pixels of the drawing's long side.
        font: a TrueType file in place of Pillow's own font.

    Returns:
        The drawing; nodes of which no pixel is seen have no mark. Needs scipy.

    Raises:
        InputError: as `Stage.of`.
    """
    if nodes is not None:
        graph = graph.restricted_to(nodes)
    stage = Stage.of(graph, image, frame, load_font(font, 1), long_side)
    ids = _with_boxes(stage)
    depth = interior_depth(ids)
    windows = _windows(ids)
    points = {at: _highest(_interior(ids, depth, at, window), window) for at, window in windows.items()}
    marks = {at: str(stage.nodes[at].id) for at in points}
    fonts = {at: _fitting(mark, depth[points[at]], stage.font) for at, mark in marks.items()}
    # The smallest first: they have the least choice.
    order = sorted(points, key=lambda at: (depth[points[at]], at))
    centres = place_marks(ids, depth, order, [fonts[at].chip_size(marks[at]) for at in order])
    stage.tint([colour(node.id) for node in stage.nodes], [opacity] * len(stage.nodes))
    canvas = stage.finished()
    pen = ImageDraw.Draw(canvas)
    for at, (row, column) in zip(order, centres, strict=True):
        if ids[row, column] != at:
            _draw_leader(pen, (column, row), points[at][::-1], colour(stage.nodes[at].id))
    for at, (row, column) in zip(order, centres, strict=True):
        width, height = fonts[at].chip_size(marks[at])
        corner = (column - width // 2, row - height // 2)
        draw_chip(pen, corner, marks[at], colour(stage.nodes[at].id), fonts[at])
    placed = {stage.nodes[at].id: (column, row) for at, (row, column) in zip(order, centres, strict=True)}
    return MarkedPicture(np.array(canvas), {node: placed[node] for node in sorted(placed)})


def interior_depth(ids: Int32[np.ndarray, "height width"]) -> Float64[np.ndarray, "height width"]:
    """Pixels from every pixel to the outside of its segment or of the picture, at least 1.

    One Euclidean distance transform to the borders of all segments serves all of them: the way from
    a pixel to the outside of its segment crosses the segment's own border, at most one pixel before
    it ends.

    >>> interior_depth(np.zeros((3, 3), dtype=np.int32)).tolist()
    [[1.0, 1.0, 1.0], [1.0, 2.0, 1.0], [1.0, 1.0, 1.0]]
    """
    from scipy.ndimage import distance_transform_edt  # loading it takes a while

    padded = np.pad(ids, 1, constant_values=np.iinfo(np.int32).min)
    inner = np.ones(ids.shape, dtype=bool)
    for rows, columns in ((0, 1), (2, 1), (1, 0), (1, 2)):
        inner &= padded[rows : rows + ids.shape[0], columns : columns + ids.shape[1]] == ids
    return np.asarray(distance_transform_edt(inner), dtype=np.float64) + 1


def place_marks(
    ids: Int32[np.ndarray, "height width"],
    depth: Float64[np.ndarray, "height width"],
    order: Sequence[int],
    sizes: Sequence[tuple[int, int]],
) -> list[tuple[int, int]]:
    """The centre (row, column) of the mark of every segment of `order`.

    Each mark takes the most interior pixel of its segment at which it lies within the picture and on
    no earlier mark; where there is none, the free place nearest to its most interior pixel; and that
    pixel itself where the whole picture is taken.

    Args:
        ids: segment of every pixel, -1 for none.
        depth: see `interior_depth`.
        order: segments with at least one pixel, those that choose first first.
        sizes: (width, height) in pixels of the mark of every segment of `order`.
    """
    windows = _windows(ids)
    taken: list[tuple[int, int, int, int]] = []
    centres = []
    for segment, (width, height) in zip(order, sizes, strict=True):
        window = windows[segment]
        value = _interior(ids, depth, segment, window)
        inside = np.where(_free(window, ids.shape, taken, width, height), value, 0.0)
        row, column = _highest(inside if inside.any() else value, window)
        if not inside.any():
            everywhere = (slice(0, ids.shape[0]), slice(0, ids.shape[1]))
            rows, columns = np.nonzero(_free(everywhere, ids.shape, taken, width, height))
            if len(rows):
                nearest = int(np.hypot(rows - row, columns - column).argmin())
                row, column = int(rows[nearest]), int(columns[nearest])
        centres.append((row, column))
        top, left = row - height // 2, column - width // 2
        taken.append((top, left, top + height, left + width))
    return centres


def _free(
    window: Window, shape: tuple[int, ...], taken: Sequence[tuple[int, int, int, int]], width: int, height: int
) -> Bool[np.ndarray, "rows columns"]:
    """Whether a mark of a size, centred at a pixel of a window, lies within the picture and on nothing taken."""
    rows, columns = (np.arange(side.start, side.stop) for side in window)
    above, before = height // 2, width // 2
    below, after = height - above, width - before
    free = ((rows >= above) & (rows <= shape[0] - below))[:, None] & (columns >= before) & (columns <= shape[1] - after)
    for top, left, bottom, right in taken:
        near = (slice(*np.searchsorted(rows, (top - below + 1, bottom + above))),
                slice(*np.searchsorted(columns, (left - after + 1, right + before))))  # fmt: skip
        free[near] = False
    return free


def _windows(ids: Int32[np.ndarray, "height width"]) -> dict[int, Window]:
    """The rows and columns in which every segment lies."""
    from scipy.ndimage import find_objects

    found = find_objects(ids + 1) if ids.size else []
    return {at: window for at, window in enumerate(found) if window is not None}


def _interior(
    ids: Int32[np.ndarray, "height width"], depth: Float64[np.ndarray, "height width"], segment: int, window: Window
) -> Float64[np.ndarray, "rows columns"]:
    """How interior a segment's pixels are, 0 outside of it; of equally deep ones the middle one is most."""
    own = ids[window] == segment
    rows, columns = np.nonzero(own)
    down, right = (np.arange(side) for side in own.shape)
    away = np.hypot((down - rows.mean())[:, None], right - columns.mean()) / np.hypot(*own.shape)
    return np.where(own, depth[window] - _MIDDLE * away, 0.0)


def _highest(values: Float64[np.ndarray, "rows columns"], window: Window) -> tuple[int, int]:
    row, column = np.unravel_index(values.argmax(), values.shape)
    return int(row) + window[0].start, int(column) + window[1].start


def _with_boxes(stage: Stage) -> Int32[np.ndarray, "height width"]:
    """The id map of a stage, with the boxes of nodes without masks where nothing else is."""
    ids = stage.ids.copy()
    for position, segment in enumerate(stage.segments):
        if segment.mask is None:
            x1, y1, x2, y2 = (round(edge * stage.scale) for edge in segment.box)
            inside = ids[max(y1, 0) : max(y2, y1 + 1, 0), max(x1, 0) : max(x2, x1 + 1, 0)]
            inside[inside < 0] = position
    return ids


def _fitting(mark: str, depth: float, letters: Font) -> Font:
    """The largest letters with which a mark fits into a circle of radius `depth`, else the smallest."""
    sizes = [max(round(share * letters.size), _LEAST_LETTERS) for share in _LETTERS]
    fonts = [replace(letters, size=size) for size in sizes]
    return next((font for font in fonts if np.hypot(*font.chip_size(mark)) <= 2 * depth), fonts[-1])


def _draw_leader(
    pen: ImageDraw.ImageDraw, start: tuple[int, int], end: tuple[int, int], shade: tuple[int, int, int]
) -> None:
    """A line (x, y) to (x, y) with a dot at its end, on white to set it off."""
    for ink, extra in (((255, 255, 255), 1), (shade, 0)):
        pen.line([start, end], fill=ink, width=2 + 2 * extra)
        radius = _FOOT + extra
        pen.ellipse((end[0] - radius, end[1] - radius, end[0] + radius, end[1] + radius), fill=ink)
