"""Clouds as pictures, with numpy and Pillow alone: no display, no GPU.

Points are drawn as squares as large as the space between them, the nearest on top. Names, tints and
arrows are those of every other picture: what the view sees is an image with segments, and
`scenegraph.drawing` draws it.

>>> cloud = PointCloud.of(np.random.default_rng(0).uniform(-1, 1, (1000, 3)))
>>> shown = render(cloud, top_view(cloud, np.array([0.0, 0.0, 1.0]), width=200))
>>> shown.pixels.shape, int(shown.nodes.max())
((200, 200, 3), -1)
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float64, Int32, Int64, UInt8
from PIL import Image, ImageDraw

from psg4d.views import View, perspective_view, top_view
from scenegraph import Node, SceneGraph, Segment, Source
from scenegraph.drawing import draw
from scenegraph.panoptic import masks_from_ids
from scenegraph.point_cloud import UNLABELLED, PointCloud
from scenegraph.relation_list import load_font

__all__ = ["View", "draw_cloud", "perspective_view", "render", "top_view"]

PAPER = (246, 246, 244)

_LARGEST = 24
"""Pixels: side of a square at most, of points right before the camera."""

_SAMPLE = 200
"""Points whose nearest neighbours tell how far points are apart."""

_SHADE = 0.35
"""How much darker surfaces are that turn away from the view; without it walls of one colour have no shape."""

_LEAST_PIXELS = 30
"""Nodes that fewer pixels show are not named: they are mostly hidden."""

_BARS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)


class Rendering(NamedTuple):
    """What a view sees: RGB, and node id, `UNLABELLED` for none, and distance, infinite for nothing, of every pixel."""

    pixels: UInt8[np.ndarray, "height width 3"]
    nodes: Int32[np.ndarray, "height width"]
    distance: Float64[np.ndarray, "height width"]


def render(cloud: PointCloud, view: View, spacing: float | None = None) -> Rendering:
    """Draw the points of a cloud.

    Args:
        cloud: the cloud.
        view: where it is looked at from.
        spacing: metres between neighbouring points, such as the voxel; measured if None.
    """
    height, width = view.size
    pixels, z = view.project(cloud.points)
    spacing = _spacing(cloud.points) if spacing is None else spacing
    # A square reaches a little over its own cell: neighbours in a tilted surface leave gaps otherwise.
    sides = 1.5 * spacing * view.scale * (np.ones(len(z)) if view.parallel else 1 / z)
    seen = np.isfinite(z)
    order = np.flatnonzero(seen)[np.argsort(-z[seen])]  # the farthest first: the last one written stays
    corner = np.round(pixels[order] - np.clip(sides[order], 1, _LARGEST)[:, None] / 2 + 0.5).astype(np.int64)
    reach = np.clip(np.round(sides[order]), 1, _LARGEST).astype(np.int64)
    nearest = _splatted(corner, reach, z[order], (height, width))
    filled = nearest >= 0
    owner = order[nearest[filled]]
    colours = np.full((height, width, 3), PAPER, dtype=np.uint8)
    colours[filled] = (cloud.colours[owner] * _shading(cloud, view, owner)[:, None]).astype(np.uint8)
    nodes = np.full((height, width), UNLABELLED, dtype=np.int32)
    nodes[filled] = cloud.nodes[owner]
    distance = np.full((height, width), np.inf)
    distance[filled] = z[owner]
    return Rendering(colours, nodes, distance)


def draw_cloud(
    graph: SceneGraph,
    cloud: PointCloud,
    view: View,
    relations: int = 12,
    arrows: int = 6,
    opacity: float = 0.45,
    spacing: float | None = None,
) -> UInt8[np.ndarray, "drawn_height drawn_width 3"]:
    """A picture of a graph in its cloud: nodes tinted and named, relations as arrows and as a list.

    A cloud holds all frames at once, so relations of all times are drawn.

    Args:
        graph: whose node ids the cloud has.
        cloud: the cloud.
        view: where it is looked at from.
        relations: how many relations to list, best scores first; of nodes that the view shows.
        arrows: for how many of them to draw an arrow.
        opacity: of the tint of things.
        spacing: as in `render`.
    """
    shown = render(cloud, view, spacing)
    picture = _with_scale(shown.pixels, view) if view.parallel else shown.pixels
    return draw(_as_seen(graph, shown), picture, relations, arrows, opacity=opacity)


def _as_seen(graph: SceneGraph, shown: Rendering) -> SceneGraph:
    """The graph of the rendering as an image: its nodes that are seen, with the pixels that show them."""
    height, width = shown.nodes.shape
    masks = masks_from_ids(shown.nodes, [node.id for node in graph.nodes])
    nodes = tuple(
        Node(node.id, node.category, Segment(mask), node.score, node.attributes)
        for node, mask in zip(graph.nodes, masks, strict=True)
        if mask.area >= _LEAST_PIXELS
    )
    seen = {node.id for node in nodes}
    kept = tuple(replace(r, spans=()) for r in graph.relations if r.subject in seen and r.object in seen)
    return SceneGraph(Source("image", graph.source.uri, height, width), nodes, kept, graph.vocabulary)


def _splatted(
    corner: Int64[np.ndarray, "n 2"], side: Int64[np.ndarray, " n"], z: Float64[np.ndarray, " n"], size: tuple[int, int]
) -> Int64[np.ndarray, "height width"]:
    """Position of the nearest square over every pixel, -1 for none; squares come the farthest first."""
    height, width = size
    nearest = np.full(height * width, -1, dtype=np.int64)
    depth = np.full(height * width, np.inf)
    largest = int(side.max(initial=0))
    for down in range(largest):
        for across in range(largest):
            at = np.flatnonzero(side > max(down, across))
            x, y = corner[at, 0] + across, corner[at, 1] + down
            inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
            at, place = at[inside], (y * width + x)[inside]
            nearer = z[at] < depth[place]
            at, place = at[nearer], place[nearer]
            depth[place], nearest[place] = z[at], at
    return nearest.reshape(height, width)


def _shading(cloud: PointCloud, view: View, owner: Int64[np.ndarray, " n"]) -> Float64[np.ndarray, " n"]:
    if cloud.normals is None:
        return np.ones(len(owner))
    facing = np.abs(cloud.normals[owner].astype(np.float64) @ view.pose[:3, 2])
    return 1 - _SHADE * (1 - np.nan_to_num(facing, nan=1.0))


def _spacing(points: np.ndarray) -> float:
    """Metres from a point to its nearest neighbour (median of a sample)."""
    if len(points) < 2:
        return 0.02
    points = points.astype(np.float32)
    sample = points[:: max(1, len(points) // _SAMPLE)]
    nearest = np.empty(len(sample))
    for row, point in enumerate(sample):  # a row at a time: sample times points would not fit
        squares = ((points - point) ** 2).sum(axis=1)
        nearest[row] = np.partition(squares, 1)[1]
    return float(np.sqrt(np.median(nearest))) or 0.02


def _with_scale(pixels: UInt8[np.ndarray, "height width 3"], view: View) -> UInt8[np.ndarray, "taller width 3"]:
    """With a bar of a round length below the picture."""
    height, width, _ = pixels.shape
    length = max((bar for bar in _BARS if bar * view.scale <= width / 4), default=_BARS[0])
    letters = load_font(None, max(12, width // 50))
    picture = Image.fromarray(pixels)
    pen = ImageDraw.Draw(picture)
    x, y, thick = letters.size, height - letters.size, max(2, letters.size // 6)
    end = x + round(length * view.scale)
    label = f"{length:g} m"
    pen.rectangle(
        (x - thick, y - 2 * letters.height, max(end, x + letters.width(label)) + 2 * thick, y + thick), fill=PAPER
    )
    pen.rectangle((x, y - thick, end, y), fill=(20, 20, 20))
    pen.text((x, y - thick - letters.height), label, (20, 20, 20), letters.face)
    return np.array(picture)
