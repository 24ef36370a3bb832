"""One non-overlapping id map out of nodes whose masks overlap: an explicit choice, never a silent one.

One-stage models give every row of their output its own two masks, so that an object comes with
several masks and a pair with several rows; under a protocol that allows this every row is one more
try (Lorenz et al., A Fair Ranking and New Model for Panoptic Scene Graph Generation, ECCV 2024).
"""

from dataclasses import replace

import numpy as np
from jaxtyping import Int64

from scenegraph.arrays import GraphArrays
from scenegraph.errors import InputError
from scenegraph.masks import MaskSet, iou_matrix, overlapping, paint
from scenegraph.panoptic import masks_from_ids
from scenegraph.regions import Segment

OVERLAPS = ("reject", "first", "highest", "merge", "measure")
"""What to do with a graph whose masks overlap:

* reject: raise an InputError;
* first: a shared pixel goes to the node that comes first in the graph;
* highest: a shared pixel goes to the node with the highest score (ties: the first);
* merge: nodes of one class with more than half overlap are one object, whose relations are put
  together; pixels that are still shared go to the highest score;
* measure: leave it; nodes are then matched one-to-one by IoU, and there is no panoptic quality.
"""
SAME_OBJECT_IOU = 0.5
"""Two masks of one class that share more than this are one object (the threshold of node matching)."""


def without_overlaps(arrays: GraphArrays, overlaps: str, where: str) -> GraphArrays:
    """The graph with every pixel owned by at most one node.

    Nodes that lose all their pixels are removed with their relations. A graph that has no overlaps
    is returned as it is.

    Args:
        arrays: nodes with masks.
        overlaps: one of `OVERLAPS`.
        where: name of the picture for the message.

    Raises:
        InputError: masks overlap and `overlaps` is "reject", or a node has no mask.
    """
    if arrays.masks is None:
        raise InputError(f"{where}: a node has a box only; this protocol compares masks")
    if overlaps == "measure" or not overlapping(arrays.masks):
        return arrays
    if overlaps == "reject":
        raise InputError(
            f"{where}: masks of the graph overlap, and the strict protocol needs one id map; choose what to do with "
            'them: overlaps="highest" (a pixel goes to the highest score), "first", "merge" (also joins the masks of '
            'one object), or "measure" (leave them)'
        )
    priority = np.argsort(-arrays.node_scores, kind="stable")
    if overlaps == "merge":
        arrays = _merged(arrays, priority)
        priority = np.argsort(-arrays.node_scores, kind="stable")
    elif overlaps == "first":
        priority = np.arange(len(arrays.categories))
    return _separated(arrays, priority)


def _separated(arrays: GraphArrays, priority: Int64[np.ndarray, " nodes"]) -> GraphArrays:
    """Give shared pixels to the node that comes first in `priority`."""
    masks = _masks(arrays)
    height, width = masks[0].size
    last_wins = priority[::-1]
    ids = paint([masks[node] for node in last_wins], height, width)
    left = np.flatnonzero(np.bincount(ids.ravel() + 1, minlength=len(masks) + 1)[1:])
    segments = list(arrays.segments)
    for node, mask in zip(last_wins[left], masks_from_ids(ids, left), strict=True):
        segments[node] = Segment(mask)
    kept = masks.areas == 0
    kept[last_wins[left]] = True
    return replace(arrays, segments=tuple(segments)).restricted_to(kept)


def _merged(arrays: GraphArrays, priority: Int64[np.ndarray, " nodes"]) -> GraphArrays:
    """Join the nodes that show one object; the best-scored mask stands for it.

    A relation between two masks of one object says nothing about two objects and is removed.
    """
    masks = _masks(arrays)
    same = iou_matrix(masks, masks) > SAME_OBJECT_IOU
    same &= arrays.categories[:, None] == arrays.categories[None, :]
    leader = np.full(len(masks), -1, dtype=np.int64)
    for node in priority:  # each round settles all masks of one object
        if leader[node] < 0:
            leader[same[node] & (leader < 0)] = node
            leader[node] = node
    moved = arrays.triples.copy()
    moved[:, 0], moved[:, 2] = leader[moved[:, 0]], leader[moved[:, 2]]
    became_self = (moved[:, 0] == moved[:, 2]) & (arrays.triples[:, 0] != arrays.triples[:, 2])
    pointed = replace(arrays, triples=moved[~became_self], scores=arrays.scores[~became_self])
    return pointed.restricted_to(leader == np.arange(len(masks)))


def _masks(arrays: GraphArrays) -> MaskSet:
    assert arrays.masks is not None  # checked by `without_overlaps`
    return arrays.masks
