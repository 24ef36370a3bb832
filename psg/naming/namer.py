"""Naming the nodes of a graph by descriptors.

The score of a class is the mean similarity of a picture to the class's descriptors, and the
descriptors that are most similar are the reason: Menon and Vondrick, "Visual Classification via
Description from Large Language Models", ICLR 2023 (2022 on arXiv), section 2.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from jaxtyping import Float64, Real

from psg.naming.crops import MARGIN, Crop, crop
from psg.naming.descriptors import TEMPLATE, Descriptors
from psg.naming.encoders import Encoder
from scenegraph import InputError, Node, SceneGraph
from scenegraph.images import ImageSource, read_image

KEY = "naming"
"""Where the reasons stand in the attributes of a node, and the provenance in the metadata of a graph."""

BATCH_SIZE = 64
"""Crops that are held at a time."""


class Namer:
    """Gives nodes the names whose descriptors fit best.

    Args:
        encoder: of pictures and texts; the texts are encoded once, here.
        descriptors: the classes to choose from.
        how: see `crop`.
        margin: see `crop`.
        template: how a name and a descriptor become a text.
        top: descriptors that are kept as the reason.

    Raises:
        InputError: the template or `top` cannot be used.
    """

    def __init__(
        self,
        encoder: Encoder,
        descriptors: Descriptors,
        how: Crop = "boxed",
        margin: float = MARGIN,
        template: str = TEMPLATE,
        top: int = 3,
    ) -> None:
        if top < 0:
            raise InputError(f"top is {top}; expected 0 or more descriptors")
        sentences = descriptors.sentences(template)
        self.encoder, self.descriptors = encoder, descriptors
        self.how, self.margin, self.template, self.top = how, margin, template, top
        self._texts = _unit(encoder.encode_texts([text for texts in sentences for text in texts]))
        counts = [len(texts) for texts in sentences]
        self._first = np.cumsum([0, *counts])

    def name(self, graph: SceneGraph, image: ImageSource, within_kind: bool = False) -> SceneGraph:
        """The graph with new names; its relations stay.

        Args:
            graph: an image graph.
            image: its picture.
            within_kind: choose among the things for things and among the stuff for stuff.

        Returns:
            Nodes with a category of the new vocabulary, the probability of it as score (softmax of
            the scaled class scores over the classes that could be chosen) and, under
            `attributes["naming"]`, the class score, the best descriptors with their similarities and
            the second best name.

        Raises:
            InputError: the graph is no image graph, the picture cannot be read or has another size,
                a node has no pixels, or `within_kind` leaves a node no class.
        """
        if graph.source.kind != "image":
            raise InputError(f"naming needs an image graph; {graph.source.uri!r} is of kind {graph.source.kind!r}")
        vocabulary = self.descriptors.vocabulary(graph.vocabulary.predicates)
        pixels = read_image(image, graph.source.size)
        things = np.arange(len(vocabulary.categories)) < len(vocabulary.things)
        nodes: list[Node] = []
        for start in range(0, len(graph.nodes), BATCH_SIZE):
            batch = graph.nodes[start : start + BATCH_SIZE]
            vectors = _unit(self.encoder.encode_images([self._crop(pixels, node) for node in batch]))
            similarities = vectors @ self._texts.T
            scores = class_scores(similarities, self._first)
            allowed = np.ones(scores.shape, dtype=bool)
            if within_kind:
                allowed = things == np.array([graph.vocabulary.is_thing(node.category) for node in batch])[:, None]
            for node, row, score, choice in zip(batch, similarities, scores, allowed, strict=True):
                if not choice.any():
                    raise InputError(f"node {node.id}: there are no descriptors for its kind (things or stuff)")
                nodes.append(self._named(node, row, score, choice, vocabulary.categories))
        provenance = {
            "encoder": self.encoder.name,
            "descriptors_sha256": self.descriptors.sha256,
            "template": self.template,
            "crop": self.how,
        }
        metadata = {**graph.metadata, KEY: provenance}
        return replace(graph, nodes=tuple(nodes), vocabulary=vocabulary, metadata=metadata)

    def _crop(self, pixels: np.ndarray, node: Node) -> np.ndarray:
        segment = node.region.segment(0)
        assert segment is not None  # image graphs hold segments
        try:
            return crop(pixels, segment, self.how, self.margin)
        except InputError as error:
            raise InputError(f"node {node.id}: {error}") from None

    def _named(
        self, node: Node, similarities: np.ndarray, scores: np.ndarray, allowed: np.ndarray, names: Sequence[str]
    ) -> Node:
        order = np.argsort(-np.where(allowed, scores, -np.inf), kind="stable")[: allowed.sum()]
        best = int(order[0])
        logits = self.encoder.scale * (scores[order] - scores[best])
        reason: dict[str, Any] = {
            "similarity": round(float(scores[best]), 4),
            "descriptors": self._reasons(best, similarities),
        }
        if len(order) > 1:
            second = int(order[1])
            reason["second"] = {"name": names[second], "similarity": round(float(scores[second]), 4)}
        return replace(
            node,
            category=best,
            score=float(1 / np.exp(logits).sum()),
            attributes={**node.attributes, KEY: reason},
        )

    def _reasons(self, category: int, similarities: np.ndarray) -> list[dict[str, Any]]:
        words = self.descriptors.by_category()[category]
        own = similarities[self._first[category] : self._first[category + 1]]
        order = np.argsort(-own, kind="stable")[: min(self.top, len(words))]
        return [{"text": words[at], "similarity": round(float(own[at]), 4)} for at in order.tolist()]


def class_scores(
    similarities: Real[np.ndarray, "n texts"], first: Real[np.ndarray, " classes_and_one"]
) -> Float64[np.ndarray, "n classes"]:
    """Mean similarity over the texts of every class.

    Args:
        similarities: of every picture to every text, the texts of a class together.
        first: position of the first text of every class, then the number of texts; no class is empty.

    >>> class_scores(np.array([[0.1, 0.3, 0.5]]), np.array([0, 2, 3])).tolist()
    [[0.2, 0.5]]
    """
    sums = np.add.reduceat(similarities.astype(np.float64), first[:-1], axis=1)
    return sums / np.diff(first)


def _unit(vectors: Real[np.ndarray, "n channels"]) -> Float64[np.ndarray, "n channels"]:
    """Rows of length 1; rows of zeros stay."""
    wide = vectors.astype(np.float64)
    lengths = np.linalg.norm(wide, axis=1, keepdims=True)
    return np.divide(wide, lengths, out=np.zeros_like(wide), where=lengths > 0)
