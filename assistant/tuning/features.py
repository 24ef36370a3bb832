"""What is fed to the graph tokens of a language model: words and numbers for every node and relation.

Words stay words: the category and the predicate enter through the language model's own embeddings of
their names, so that a vocabulary that was never trained on can still be read. Place, time, metres and
the caller's appearance features are numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float32, Shaped

from assistant.index import GraphIndex
from scenegraph import InputError, Relation, SceneGraph, Track4D
from scenegraph.mask_geometry import resized
from scenegraph.spans import covered

WORDS = 5
"""Texts of a token: subject, its label, predicate (of a node its attributes), object, its label."""

NUMBERS = 18
"""Numbers of a token beside appearance: is it a relation, score, place (6), time (3), metres (7)."""

KIND, SCORE, PLACE, TIME = 0, 1, slice(2, 8), slice(8, 11)
"""Where those numbers stand."""

METRES = 10.0
"""Metres are given in tens, so that rooms and streets stay near 1."""


@dataclass(frozen=True)
class GraphFeatures:
    """Features of the tokens of one graph: its nodes in their order, then its relations in theirs.

    Attributes:
        words: `WORDS` texts a token; empty ones mean nothing.
        numbers: float32, (tokens, NUMBERS + appearance dims).
    """

    words: tuple[tuple[str, ...], ...]
    numbers: Float32[np.ndarray, "tokens dims"]


def features_of(graph: SceneGraph, appearance: Shaped[np.ndarray, "nodes dims"] | None = None) -> GraphFeatures:
    """The features of a graph.

    Args:
        graph: any kind of source.
        appearance: one row a node in graph order, for example `pooled_in_masks` of a feature map, or the
            query features of a segmenter; None for none.

    Raises:
        InputError: `appearance` has another number of rows than the graph has nodes.
    """
    nodes, ties = len(graph.nodes), len(graph.relations)
    if appearance is not None and (appearance.ndim != 2 or len(appearance) != nodes):
        raise InputError(f"appearance of shape {appearance.shape}; expected a row for each of the {nodes} nodes")
    dims = 0 if appearance is None else appearance.shape[1]
    numbers = np.zeros((nodes + ties, NUMBERS + dims), dtype=np.float32)
    numbers[:, KIND] = np.arange(nodes + ties) >= nodes
    numbers[:, SCORE] = [*(node.score for node in graph.nodes), *(tie.score for tie in graph.relations)]
    numbers[:nodes, PLACE] = _places(graph)
    numbers[:nodes, TIME] = [_times(graph, (node.region.frames[0], node.region.frames[-1] + 1),
                                    len(node.region.frames)) for node in graph.nodes] or np.zeros((0, 3))  # fmt: skip
    numbers[nodes:, TIME] = [_lasting(graph, relation) for relation in graph.relations] or np.zeros((0, 3))
    numbers[:nodes, TIME.stop : NUMBERS] = _metres(graph)
    if appearance is not None:
        numbers[:nodes, NUMBERS:] = appearance
    return GraphFeatures(_words(graph), numbers)


def _words(graph: SceneGraph) -> tuple[tuple[str, ...], ...]:
    named = {node.id: (graph.category_name(node.id), graph.label(node.id)) for node in graph.nodes}
    rows = [(*named[node.id], " ".join(map(str, node.recorded.values())), "", "") for node in graph.nodes]
    rows += [(*named[tie.subject], graph.predicate_name(tie), *named[tie.object]) for tie in graph.relations]
    return tuple(rows)


def _places(graph: SceneGraph) -> Float32[np.ndarray, "nodes 6"]:
    """Centre, width and height as shares of the picture, root of the share of its area, whether known."""
    index = GraphIndex(graph)
    every = np.arange(len(graph.nodes))
    height, width = graph.source.size
    x1, y1, x2, y2 = (index.boxes(every) / (width, height, width, height)).T
    share = np.sqrt(index.areas(every) / (height * width))
    rows = np.stack([(x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, share, np.ones(len(every))], axis=1)
    return np.where(np.isnan(rows).any(1, keepdims=True), 0, rows).astype(np.float32)


def _times(graph: SceneGraph, span: tuple[int, int], frames: int) -> tuple[float, float, float]:
    total = graph.source.num_frames
    return span[0] / total, span[1] / total, frames / total


def _lasting(graph: SceneGraph, relation: Relation) -> tuple[float, float, float]:
    if not relation.spans:
        return 0.0, 1.0, 1.0
    return _times(graph, (relation.spans[0].start, relation.spans[-1].stop), covered(relation.spans))


def _metres(graph: SceneGraph) -> Float32[np.ndarray, "nodes 7"]:
    """Centre and size in tens of metres, the median over the frames in which depth was measured; whether known."""
    rows = np.zeros((len(graph.nodes), 7), dtype=np.float32)
    for row, node in zip(rows, graph.nodes, strict=True):
        if isinstance(node.region, Track4D):
            both = np.concatenate([node.region.positions, node.region.extents], axis=1)
            known = both[~np.isnan(both).any(1)]
            if len(known):
                row[:6], row[6] = np.median(known, axis=0) / METRES, 1.0
    return rows


def pooled_in_masks(
    graph: SceneGraph, maps: Sequence[Shaped[np.ndarray, "dims height width"]]
) -> Float32[np.ndarray, "nodes dims"]:
    """The mean of a feature map inside every node's mask, over the frames in which the node is seen.

    Masks are brought to the size of the map; one that vanishes there takes the place of its centre, a box
    counts as a full rectangle.

    Args:
        graph: any kind of source.
        maps: one map a frame (one for an image), of any size and number type, all of the same depth.

    Raises:
        InputError: there are fewer maps than frames, or they differ in depth.
    """
    if len(maps) < graph.source.num_frames or len({each.shape[0] for each in maps}) != 1:
        raise InputError(
            f"{len(maps)} feature maps of shapes {sorted({each.shape for each in maps})[:4]}; "
            f"expected {graph.source.num_frames} of the same depth"
        )
    pooled = np.zeros((len(graph.nodes), maps[0].shape[0]), dtype=np.float32)
    for row, node in zip(pooled, graph.nodes, strict=True):
        for frame in node.region.frames:
            row += _pooled(node.region.segment(frame), maps[frame])
        row /= len(node.region.frames)
    return pooled


def _pooled(segment: object, values: Shaped[np.ndarray, "dims height width"]) -> Float32[np.ndarray, " dims"]:
    from scenegraph import Segment

    assert isinstance(segment, Segment)
    height, width = values.shape[1:]
    if segment.mask is not None:
        inside = resized(segment.mask, height, width).array()
        if inside.any():
            return values[:, inside].mean(1, dtype=np.float32)
    y_scale, x_scale = height / segment.size[0], width / segment.size[1]
    x1, y1, x2, y2 = segment.box
    if segment.mask is not None:
        x1 = x2 = (x1 + x2) / 2
        y1 = y2 = (y1 + y2) / 2
    top, left = min(int(y1 * y_scale), height - 1), min(int(x1 * x_scale), width - 1)
    bottom, right = max(top + 1, round(y2 * y_scale)), max(left + 1, round(x2 * x_scale))
    return values[:, top:bottom, left:right].mean((1, 2), dtype=np.float32)
