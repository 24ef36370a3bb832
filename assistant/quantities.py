"""How much of a quantity each node has."""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.index import GraphIndex
from assistant.steps import Quantity
from scenegraph.spans import Spans, covered

TOLERANCE = 1e-6
"""Values closer than this (pixels, metres, metres a second) are equal: what is left of sums of floats."""


class Order(NamedTuple):
    """How numbers lie to others: surely more, surely less, as much, or within the error of measurement."""

    more: Bool[np.ndarray, "*shape"]
    less: Bool[np.ndarray, "*shape"]
    equal: Bool[np.ndarray, "*shape"]
    open: Bool[np.ndarray, "*shape"]


def order(differences: Float64[np.ndarray, "*shape"], errors: Float64[np.ndarray, "*shape"]) -> Order:
    """How numbers lie to others, by what they differ and one standard deviation of that (NaN: exact).

    >>> order(np.array([0.2, -0.2, 0.0, 0.2]), np.array([0.1, 0.1, 0.0, 0.3])).more.tolist()
    [True, False, False, False]
    """
    spread = np.nan_to_num(errors)
    level = np.abs(differences) <= np.maximum(spread, TOLERANCE)
    unsure = level & (spread > TOLERANCE)
    return Order((differences > 0) & ~level, (differences < 0) & ~level, level & ~unsure, unsure)


def measured(
    index: GraphIndex, at: Int64[np.ndarray, " n"], quantity: Quantity, window: Spans | None
) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
    """Values of nodes (by position) and their standard deviations; NaN where unknown.

    Pixels and metres are means over the frames (of a window) in which the node is seen or measured.
    """
    unknown = np.full(len(at), np.nan)
    match quantity:
        case "area":
            return index.areas(at, window), unknown
        case "box width" | "box height":
            boxes = index.boxes(at, window)
            low, high = (0, 2) if quantity == "box width" else (1, 3)
            return boxes[:, high] - boxes[:, low], unknown
        case "relations":
            active = np.flatnonzero(index.believed if window is None else index.active(window))
            subjects, objects = index.subjects[active], index.objects[active]
            size = len(index.ids)
            degree = np.bincount(subjects, minlength=size) + np.bincount(objects, minlength=size)
            degree -= np.bincount(subjects[subjects == objects], minlength=size)
            return degree[at].astype(np.float64), unknown
        case "frames seen":
            return np.array([covered(index.presence(int(node), window)) for node in at], dtype=np.float64), unknown
        case "distance":
            return index.space.ranges(at, window)
        case "speed" | "path length":
            length, error, frames = index.space.travelled(at, window)
            if quantity == "path length":
                return length, error
            fps = index.graph.source.fps
            return (unknown, unknown) if fps is None else (
                length / frames.clip(1) * fps, error / frames.clip(1) * fps
            )  # fmt: skip
        case "displacement":
            return index.space.displaced(at, window)
        case _:
            sizes = index.space.lengths(at, window)
            if quantity == "volume":
                return sizes[:, 0] * sizes[:, 1] * sizes[:, 2], unknown
            if quantity == "length":
                return sizes.max(axis=1), unknown
            return sizes[:, ("width", "height", "depth").index(quantity)], unknown
