"""What the relation models know about the nodes of a batch, wherever the nodes come from."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from jaxtyping import Float, Int64, Integer
from torch import Tensor

from psg.samples import SceneGraphSample
from scenegraph import SceneGraph, Segment
from scenegraph.mask_geometry import resized
from scenegraph.masks import paint
from scenegraph.panoptic import masks_from_ids


@dataclass(frozen=True)
class PictureNodes:
    """The n nodes of one picture.

    Attributes:
        boxes: xyxy in pixels of the network's picture.
        labels: 0-based categories.
        probabilities: of the categories, where the source of the nodes knows them (None: certain).
        segments: where the nodes are in the original picture; empty in training.
        ids: of the nodes; empty means 0 to n - 1.
    """

    boxes: Float[Tensor, "n 4"]
    labels: Int64[Tensor, " n"]
    probabilities: Float[Tensor, "n k"] | None = None
    segments: tuple[Segment, ...] = ()
    ids: tuple[int, ...] = ()

    @classmethod
    def of_truth(cls, sample: SceneGraphSample) -> "PictureNodes":
        """The true segments as the network sees them: resized, flipped, cut."""
        return cls(sample.gt_instances.bboxes, sample.gt_instances.labels)

    @classmethod
    def of_graph(cls, graph: SceneGraph, sample: SceneGraphSample, device: torch.device | str) -> "PictureNodes":
        """The nodes of any graph of the picture: the true one, or one that a segmenter made.

        The score of a node is the probability of its category; the rest is shared by the others.
        """
        segments = tuple(node.region.segment(0) for node in graph.nodes)
        labels = torch.tensor([node.category for node in graph.nodes], dtype=torch.int64)
        scores = torch.tensor([node.score for node in graph.nodes], dtype=torch.float32)
        boxes = torch.tensor([segment.box for segment in segments], dtype=torch.float32).reshape(-1, 4)
        probabilities = spread(labels, scores, len(graph.vocabulary.categories))
        (height, width), (before_height, before_width) = sample.img_shape[:2], sample.ori_shape[:2]
        scale = boxes.new_tensor([width / before_width, height / before_height] * 2)
        return cls(
            (boxes * scale).to(device),
            labels.to(device),
            probabilities.to(device),
            segments,
            tuple(node.id for node in graph.nodes),
        )

    @classmethod
    def of_found(
        cls, found: SceneGraph, sample: SceneGraphSample, device: torch.device | str, published: bool = False
    ) -> "PictureNodes":
        """The nodes that a segmenter found in the network's picture without padding.

        Args:
            found: they do not overlap; segments that vanish at the original size are left out.
            sample: tells the sizes of the picture.
            device: where the tensors shall be.
            published: the published code enlarges masks together with the padding, which squeezes them;
                True does the same.
        """
        if not published:
            return cls.of_graph(_restored(found, sample.ori_shape[:2]), sample, device)
        size = found.source.size
        ids = paint([node.region.mask for node in found.nodes], *size)
        padded = zip(sample.batch_input_shape, size, strict=True)
        ids = np.pad(ids, [(0, whole - seen) for whole, seen in padded], constant_values=-1)
        masks = masks_from_ids(nearest(ids, sample.ori_shape[:2]), np.arange(len(found.nodes)))
        boxes = [node.region.segment(0).box for node in found.nodes]
        return cls(
            torch.tensor(boxes, dtype=torch.float32).reshape(-1, 4).to(device),
            torch.tensor([node.category for node in found.nodes], dtype=torch.int64).to(device),
            segments=tuple(Segment(mask) for mask in masks),
        )

    def unnamed(self, num_categories: int) -> "PictureNodes":
        """The same nodes, of which nothing is known but where they are (SGCls)."""
        same = self.boxes.new_full((len(self.labels), num_categories), 1 / num_categories)
        return replace(self, probabilities=same)


@dataclass(frozen=True)
class Nodes:
    """The nodes of b pictures, one picture after the other; `image_sizes` are (height, width) without padding."""

    boxes: Float[Tensor, "n 4"]
    labels: Int64[Tensor, " n"]
    probabilities: Float[Tensor, "n k"]
    counts: tuple[int, ...]
    image_sizes: tuple[tuple[int, int], ...]

    @classmethod
    def join(
        cls, pictures: Sequence[PictureNodes], image_sizes: Sequence[tuple[int, int]], num_categories: int
    ) -> "Nodes":
        """The nodes of a batch."""
        return cls(
            torch.cat([nodes.boxes for nodes in pictures]),
            torch.cat([nodes.labels for nodes in pictures]),
            torch.cat([_probabilities(nodes, num_categories) for nodes in pictures]),
            tuple(len(nodes.labels) for nodes in pictures),
            tuple((int(height), int(width)) for height, width in image_sizes),
        )

    @property
    def picture(self) -> Int64[Tensor, " n"]:
        """The picture of every node."""
        counts = torch.tensor(self.counts, dtype=torch.int64)
        return torch.repeat_interleave(torch.arange(len(counts)), counts).to(self.labels.device)


def spread(labels: Int64[Tensor, " n"], scores: Float[Tensor, " n"], num_categories: int) -> Float[Tensor, "n k"]:
    """Distributions that give every label its score, and what is left to all others alike.

    >>> spread(torch.tensor([1]), torch.tensor([0.5]), 3).tolist()
    [[0.25, 0.5, 0.25]]
    """
    left = (1 - scores) / max(num_categories - 1, 1)
    values = left[:, None].expand(-1, num_categories).clone()
    return values.scatter(1, labels[:, None], scores[:, None])


def nearest(ids: Integer[np.ndarray, "h w"], size: tuple[int, int]) -> Integer[np.ndarray, "height width"]:
    """A map of ids at another (height, width), every pixel from its nearest.

    >>> nearest(np.array([[1, 2]]), (1, 4)).tolist()
    [[1, 1, 2, 2]]
    """
    rows, columns = (np.arange(wanted) * have // wanted for wanted, have in zip(size, ids.shape, strict=True))
    return ids[rows[:, None], columns]


def _restored(found: SceneGraph, size: tuple[int, int]) -> SceneGraph:
    """The nodes at another (height, width), by nearest pixels."""
    masks = [resized(node.region.segment(0).mask, *size) for node in found.nodes]
    nodes = [replace(node, region=Segment(mask)) for node, mask in zip(found.nodes, masks, strict=True) if mask.area]
    height, width = size
    return replace(found, source=replace(found.source, height=height, width=width), nodes=tuple(nodes), relations=())


def _probabilities(nodes: PictureNodes, num_categories: int) -> Float[Tensor, "n k"]:
    if nodes.probabilities is not None:
        return nodes.probabilities
    return torch.nn.functional.one_hot(nodes.labels, num_categories).to(nodes.boxes.dtype)
