"""Which predicted node is which true node: one-to-one, same class, enough overlap."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Int64

from scenegraph.arrays import GraphArrays
from scenegraph.errors import InputError
from scenegraph.graph import SceneGraph
from scenegraph.masks import iou_matrix

IOU_THRESHOLD = 0.5
"""Strictly more than half: then two non-overlapping maps have at most one partner for every segment.

(Kirillov et al., Panoptic Segmentation, CVPR 2019, section 4.1.)
"""


@dataclass(frozen=True, eq=False)
class Matching:
    """Matched nodes as positions in the two node lists: `truth[i]` is `prediction[i]`, with `iou[i]`."""

    truth: Int64[np.ndarray, " matches"]
    prediction: Int64[np.ndarray, " matches"]
    iou: Float[np.ndarray, " matches"]

    def __len__(self) -> int:
        return len(self.truth)

    def truth_of(self, num_predicted: int) -> Int64[np.ndarray, " num_predicted"]:
        """For every predicted node the position of its true node, -1 where it has none."""
        partner = np.full(num_predicted, -1, dtype=np.int64)
        partner[self.prediction] = self.truth
        return partner


def match(
    iou: Float[np.ndarray, "n m"],
    truth_categories: Int[np.ndarray, " n"],
    predicted_categories: Int[np.ndarray, " m"],
    threshold: float = IOU_THRESHOLD,
) -> Matching:
    """Match true and predicted regions one-to-one: same class and IoU strictly above the threshold.

    Where regions overlap several partners are possible; then the pair with the largest IoU is taken
    first (ties: lower true position, then lower predicted position), until none is left. For
    non-overlapping maps and a threshold of at least 0.5 nothing has to be chosen.

    Args:
        iou: overlap of every true with every predicted region, 0 to 1.
        truth_categories: class of every true region.
        predicted_categories: class of every predicted region.
        threshold: IoU that has to be exceeded.

    >>> match(np.array([[0.8, 0.6]]), np.array([3]), np.array([3, 3])).prediction.tolist()
    [0]
    """
    truth, prediction = np.nonzero((iou > threshold) & (truth_categories[:, None] == predicted_categories[None, :]))
    if len(set(truth.tolist())) == len(set(prediction.tolist())) == len(truth):
        return Matching(truth, prediction, iou[truth, prediction])  # nothing to choose: the usual case
    order = np.lexsort((prediction, truth, -iou[truth, prediction]))
    truth, prediction = truth[order], prediction[order]
    chosen = first_come(truth, prediction)
    truth, prediction = truth[chosen], prediction[chosen]
    order = np.argsort(truth)
    truth, prediction = truth[order], prediction[order]
    return Matching(truth, prediction, iou[truth, prediction])


def first_come(first: Int64[np.ndarray, " n"], second: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " chosen"]:
    """Choose pairs one-to-one, in the order given: a pair is taken if both its ends are still free.

    Args:
        first: one end of every pair, the pairs in order of preference.
        second: the other end.

    Returns:
        The places of the chosen pairs, ascending.

    >>> first_come(np.array([0, 0, 1]), np.array([5, 6, 5])).tolist()
    [0]
    """
    left: Int64[np.ndarray, " left"] = np.arange(len(first))
    chosen = [left[:0]]
    while len(left):
        # A pair that comes first for both of its ends is what a greedy choice takes anyway.
        ends = first[left], second[left]
        best = left[np.intersect1d(_first_places(ends[0]), _first_places(ends[1]), assume_unique=True)]
        chosen.append(best)
        left = left[~(np.isin(ends[0], first[best]) | np.isin(ends[1], second[best]))]
    return np.sort(np.concatenate(chosen))


def match_nodes(truth: SceneGraph, prediction: SceneGraph, threshold: float = IOU_THRESHOLD) -> Matching:
    """Match the nodes of two image graphs by class and mask; positions are those in `nodes`.

    Raises:
        InputError: the pictures differ in size, or a node has a box only.
    """
    first, second = GraphArrays.of(truth), GraphArrays.of(prediction)
    if first.masks is None or second.masks is None:
        raise InputError(f"{truth.source.uri}: nodes are matched by their masks, and a node has a box only")
    return match(iou_matrix(first.masks, second.masks), first.categories, second.categories, threshold)


def _first_places(values: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " distinct"]:
    """Where each distinct value comes first."""
    return np.unique(values, return_index=True)[1]
