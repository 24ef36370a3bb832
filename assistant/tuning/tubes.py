"""Tokens of a tube: what a node of a video looks like over time and over its places, pooled after Video-ChatGPT.

Features of a tube are those of its places (a grid over the node's box) in some frames. Pooled, t frames
of n places become t + n tokens a node (`connectors.pooled_tubes`), which stand behind the tokens of nodes
and relations: a token a frame says where and how the node is then, a token a place how it looks there.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Shaped

from assistant.tuning.connectors import pooled_tubes
from assistant.tuning.features import KIND, NUMBERS, PLACE, SCORE, TIME, GraphFeatures
from scenegraph import InputError, Node, SceneGraph, Segment
from scenegraph.mask_geometry import resized

TUBES = "tubes"
"""Key of `SceneGraph.metadata` with what `Tubes.to_json` gives."""

PART = -1.0
"""Of a token of a tube, where a node has 0 and a relation 1."""


@dataclass(frozen=True)
class Tubes:
    """Features of the places of every node in some frames.

    Attributes:
        frames: which frames, ascending.
        values: (nodes, frames, places, dims), nodes in graph order, places row by row; NaN in frames in which a
            node is not seen.
    """

    frames: tuple[int, ...]
    values: Float32[np.ndarray, "nodes frames places dims"]

    def to_json(self, digits: int = 4) -> dict[str, Any]:
        """Plain JSON values: null for a node in a frame in which it is not seen."""
        rows = [[None if np.isnan(seen).any() else np.round(seen.astype(float), digits).tolist() for seen in node]
                for node in self.values]  # fmt: skip
        return {"frames": list(self.frames), "features": rows}


def pooled_in_tubes(
    graph: SceneGraph, maps: Sequence[Shaped[np.ndarray, "dims height width"]], frames: int = 4, grid: int = 2
) -> Tubes:
    """Means of feature maps in the cells of a grid over every node's box, inside its mask, in evenly spaced frames.

    A cell that the mask leaves empty gets the mean of the whole mask.

    Args:
        graph: of a video.
        maps: one map a frame, of any size and number type, all of the same depth.
        frames: how many are looked at, at most.
        grid: places along each side of the box.

    Raises:
        InputError: there are fewer maps than frames.
    """
    total = graph.source.num_frames
    if len(maps) < total:
        raise InputError(f"{len(maps)} feature maps; expected one for each of the {total} frames")
    chosen = tuple(int(frame) for frame in np.unique(np.linspace(0, total - 1, frames).round().astype(int)))
    values = np.full((len(graph.nodes), len(chosen), grid * grid, maps[0].shape[0]), np.nan, dtype=np.float32)
    for row, node in zip(values, graph.nodes, strict=True):
        for at, frame in enumerate(chosen):
            segment = node.region.segment(frame)
            if segment is not None:
                row[at] = _places(segment, maps[frame], grid)
    return Tubes(chosen, values)


def _places(
    segment: Segment, values: Shaped[np.ndarray, "dims height width"], grid: int
) -> Float32[np.ndarray, "places dims"]:
    """The mean in every cell, by sums over cell numbers: no loop over pixels or cells."""
    height, width = values.shape[1:]
    x1, y1, x2, y2 = segment.box
    down, across = np.mgrid[0:height, 0:width]
    ys, xs = (down + 0.5) * segment.size[0] / height, (across + 0.5) * segment.size[1] / width
    inside = (ys >= y1) & (ys < y2) & (xs >= x1) & (xs < x2)
    if segment.mask is not None:
        shown = resized(segment.mask, height, width).array()
        inside = shown if shown.any() else inside
    if not inside.any():  # smaller than a pixel of the map: the pixel of its centre
        inside[min(int((y1 + y2) / 2 * height / segment.size[0]), height - 1),
               min(int((x1 + x2) / 2 * width / segment.size[1]), width - 1)] = True  # fmt: skip
    rows = ((ys[inside] - y1) / max(y2 - y1, 1e-6) * grid).astype(int).clip(0, grid - 1)
    columns = ((xs[inside] - x1) / max(x2 - x1, 1e-6) * grid).astype(int).clip(0, grid - 1)
    cells, picked = rows * grid + columns, values[:, inside].astype(np.float32)
    counts = np.bincount(cells, minlength=grid * grid)
    sums = np.stack([np.bincount(cells, each, minlength=grid * grid) for each in picked], axis=1)
    return np.where(counts[:, None] > 0, sums / counts.clip(min=1)[:, None], picked.mean(1)).astype(np.float32)


def tubes_of(graph: SceneGraph, dims: int) -> Tubes | None:
    """The features of tubes that came with a graph; None of an image.

    Raises:
        InputError: a video has none, or of another width.
    """
    if graph.source.kind == "image":
        return None
    where = f"{graph.source.uri}: metadata[{TUBES!r}]"
    try:
        given = graph.metadata[TUBES]
        frames, rows = tuple(int(frame) for frame in given["frames"]), given["features"]
        places = next((len(seen) for node in rows for seen in node if seen is not None), 1)
        empty = np.full((places, dims), np.nan)
        filled = [[empty if seen is None else seen for seen in node] for node in rows]
        values = np.asarray(filled, dtype=np.float32).reshape(len(graph.nodes), len(frames), places, dims)
    except (KeyError, TypeError, ValueError):
        raise InputError(
            f'{where}: expected {{"frames", "features"}}: a row of {dims} numbers a node, frame and place, null where '
            f"a node is not seen (assistant.tuning.tubes.pooled_in_tubes)"
        ) from None
    if not all(0 <= frame < graph.source.num_frames for frame in frames):
        raise InputError(f"{where}: frames {frames}; the video has frames 0-{graph.source.num_frames - 1}")
    return Tubes(frames, values)


def with_tubes(features: GraphFeatures, graph: SceneGraph, tubes: Tubes) -> GraphFeatures:
    """The tokens of a graph with those of its tubes behind them: t + n a node, without frames that do not show it."""
    seen = ~np.isnan(tubes.values).any(axis=(2, 3))
    pooled = pooled_tubes(torch.from_numpy(np.nan_to_num(tubes.values)), torch.from_numpy(seen)).numpy()
    words: list[tuple[str, ...]] = []
    rows: list[np.ndarray] = []
    for at, node in enumerate(graph.nodes):
        if not seen[at].any():
            continue
        own = _tokens(graph, node, tubes, features.numbers[at, :NUMBERS])
        kept = np.concatenate([seen[at], np.ones(len(own) - len(tubes.frames), dtype=bool)])
        rows.append(np.concatenate([own, pooled[at]], axis=1)[kept])
        words += [(*features.words[at][:2], "", "", "")] * int(kept.sum())
    if not rows:
        return features
    return GraphFeatures((*features.words, *words), np.concatenate([features.numbers, *rows]).astype(np.float32))


def _tokens(
    graph: SceneGraph, node: Node, tubes: Tubes, own: Float32[np.ndarray, " numbers"]
) -> Float32[np.ndarray, "tokens numbers"]:
    """Numbers of a node's tokens: of a frame its time and the box then, of a place its cell in the node's mean box."""
    count, places = len(tubes.frames), tubes.values.shape[2]
    rows = np.zeros((count + places, NUMBERS), dtype=np.float32)
    rows[:, KIND], rows[:, SCORE] = PART, own[SCORE]
    total, (height, width) = graph.source.num_frames, graph.source.size
    for row, frame in zip(rows, tubes.frames, strict=False):
        row[TIME] = frame / total, (frame + 1) / total, 1 / total
        segment = node.region.segment(frame)
        if segment is not None:
            x1, y1, x2, y2 = np.array(segment.box) / (width, height, width, height)
            row[PLACE] = (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1, (segment.area / (height * width)) ** 0.5, 1
    rows[count:, TIME] = own[TIME]
    grid = round(places**0.5)
    down, across = np.divmod(np.arange(places), grid)
    x, y, wide, high, _, known = own[PLACE]
    columns = (x + ((across + 0.5) / grid - 0.5) * wide, y + ((down + 0.5) / grid - 0.5) * high)
    cell = np.stack([*columns, np.full(places, wide / grid), np.full(places, high / grid),
                     np.full(places, (wide * high) ** 0.5 / grid), np.ones(places)], axis=1)  # fmt: skip
    rows[count:, PLACE] = cell * known
    return rows
