"""Pictures of any size and shape for networks, and what is found brought back to the picture's size."""

from dataclasses import replace

import numpy as np
from jaxtyping import UInt8
from PIL import Image

from scenegraph import Mask, Node, SceneGraph, Segment
from scenegraph.mask_geometry import resized, window

MAX_PIXELS = 1 << 21
"""Larger pictures are reduced to so many before a network sees them (1080 x 1920 are not).

Networks look at 640 to 1333 pixels a side whatever they get; what grows with the picture is only the
memory in which a hundred masks become one map. `psg.tiles` keeps the detail of larger pictures."""

MAX_ASPECT = 16
"""Pictures more oblong are extended: a picture of 1 x 4000, reduced to 640, would have no height left."""

RGB = UInt8[np.ndarray, "_ _ 3"]
"""A picture: [height, width, 3]."""


def fitted(picture: RGB, max_pixels: int = MAX_PIXELS) -> tuple[RGB, tuple[int, int]]:
    """What a network sees of a picture: reduced if it is large, its edge repeated if it is very oblong.

    Returns:
        The image, and the (height, width) of the picture's own part of it, at its upper left.

    >>> image, part = fitted(np.zeros((60, 8000, 3), dtype=np.uint8))
    >>> image.shape, part
    ((500, 8000, 3), (60, 8000))
    """
    height, width = picture.shape[:2]
    image = picture
    if height * width > max_pixels:
        scale = (max_pixels / (height * width)) ** 0.5
        sides = max(1, int(width * scale)), max(1, int(height * scale))
        image = np.asarray(Image.fromarray(picture).resize(sides, Image.Resampling.BOX))
    part = image.shape[:2]
    least = -(-max(part) // MAX_ASPECT)
    missing = [(0, max(0, least - side)) for side in part]
    if any(more for _, more in missing):
        image = np.pad(image, (*missing, (0, 0)), mode="edge")
    return image, part


def seen(graph: SceneGraph, part: tuple[int, int], size: tuple[int, int]) -> SceneGraph:
    """The graph of a picture as a graph of its fitted image; nodes that vanish go, with their relations.

    Args:
        graph: of the picture, every node with a mask.
        part: (height, width) of the picture's part of the image, see `fitted`.
        size: (height, width) of the image.
    """
    if graph.source.size == size:
        return graph
    nodes = [_changed(node, window(resized(node.region.mask, *part), 0, 0, *size)) for node in graph.nodes]
    return _of_seen(graph, nodes, size)


def restored(graph: SceneGraph, part: tuple[int, int], size: tuple[int, int]) -> SceneGraph:
    """The graph of a fitted image as a graph of its picture of (height, width) `size`; see `fitted`."""
    if graph.source.size == size:
        return graph
    nodes = [_changed(node, resized(window(node.region.mask, 0, 0, *part), *size)) for node in graph.nodes]
    return _of_seen(graph, nodes, size)


def _changed(node: Node, mask: Mask) -> Node:
    return replace(node, region=Segment(mask))


def _of_seen(graph: SceneGraph, nodes: list[Node], size: tuple[int, int]) -> SceneGraph:
    kept = {node.id for node in nodes if node.region.area > 0}
    return SceneGraph(
        replace(graph.source, height=size[0], width=size[1]),
        tuple(node for node in nodes if node.id in kept),
        tuple(relation for relation in graph.relations if {relation.subject, relation.object} <= kept),
        graph.vocabulary,
        graph.metadata,
    )
