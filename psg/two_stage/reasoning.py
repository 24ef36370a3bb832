"""What the four models share: what they are given, what they give back, and the parts that several use."""

from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Float, Int64
from torch import Tensor, nn
from torch.nn import functional

from psg.two_stage.geometry import BOX_NUMBERS, box_code, sizes_of_rows
from psg.two_stage.nodes import Nodes
from psg.two_stage.pairs import Pairs

_SLOW = 0.001
"""Momentum of statistics over boxes: a batch has few."""


@dataclass(frozen=True)
class Scene:
    """A batch as a relation model sees it.

    `regions` are the features of nodes, `unions` those of pairs. `known` says that the categories are
    taken as they are. In training `targets` are the channels (background 0) that the nodes should say;
    `related` tells which pairs of nodes are related, either way round. In a second pass, whose features are
    imagined (`psg.long_tail.effect`), `factual` is what the first one said.
    """

    nodes: Nodes
    pairs: Pairs
    regions: Float[Tensor, "n d"]
    unions: Float[Tensor, "m d"]
    known: bool
    targets: Int64[Tensor, " n"] | None = None
    related: tuple[Tensor, ...] = ()
    factual: "Reasoned | None" = None

    @property
    def decided(self) -> Int64[Tensor, " n"] | None:
        """The channels of nodes where a model need not find them: it is told, or found them in the first pass."""
        if self.factual is not None:
            return self.factual.channels
        return self.nodes.labels + 1 if self.known else None

    @property
    def box_codes(self) -> Float[Tensor, "n 9"]:
        """See `psg.two_stage.geometry.box_code`."""
        return box_code(self.nodes.boxes, self.sizes)

    @property
    def sizes(self) -> Float[Tensor, "n 2"]:
        """(height, width) of the picture of every node."""
        return sizes_of_rows(self.nodes.image_sizes, self.nodes.picture, self.nodes.boxes)


@dataclass(frozen=True)
class Reasoned:
    """Logits, background first; `object_logits` are ignored where categories are known.

    `channels` are what the model took the nodes for (background never), `losses` what only this model
    has, and `states` what it knew about nodes, for tests and for other heads.
    """

    object_logits: Float[Tensor, "n k"]
    relation_logits: Float[Tensor, "m p"]
    channels: Int64[Tensor, " n"]
    losses: dict[str, Tensor] = field(default_factory=dict)
    states: dict[str, Any] = field(default_factory=dict)


class SteadyNorm(nn.BatchNorm1d):
    """Batch normalisation that uses its running statistics where fewer than two rows leave none to measure."""

    def forward(self, values: Float[Tensor, "n c"]) -> Float[Tensor, "n c"]:
        """Normalised rows."""
        if self.training and len(values) < 2:
            self.eval()
            try:
                return super().forward(values)
            finally:
                self.train()
        return super().forward(values)


def position_layers(dims: int = 128) -> nn.Sequential:
    """From the code of a box to a vector."""
    return nn.Sequential(
        nn.Linear(BOX_NUMBERS, 32), SteadyNorm(32, momentum=_SLOW), nn.Linear(32, dims), nn.ReLU(inplace=True)
    )


def embed(embedding: nn.Embedding, scene: Scene) -> Float[Tensor, "n d"]:
    """The mean vector of a node's possible categories; channel 0 of the embedding is the background."""
    if scene.known:
        return embedding(scene.nodes.labels + 1)
    return scene.nodes.probabilities @ embedding.weight[1:]


def certain(labels: Int64[Tensor, " n"], channels: int, like: Float[Tensor, "..."]) -> Float[Tensor, "n {channels}"]:
    """Logits that leave no doubt: 1000 for the channel of the label (0-based), -1000 for others."""
    logits = like.new_full((len(labels), channels), -1000.0)
    return logits.scatter(1, labels[:, None] + 1, 1000.0)


def as_given(probabilities: Float[Tensor, "n c"]) -> Float[Tensor, "n k"]:
    """Logits whose softmax are the given probabilities, the background (first) having none.

    >>> as_given(torch.tensor([[0.25, 0.75]])).softmax(-1).round(decimals=2).tolist()
    [[0.0, 0.25, 0.75]]
    """
    return functional.pad(probabilities.clamp(min=1e-12).log(), (1, 0), value=-1000.0)


def likeliest(logits: Float[Tensor, "n k"]) -> Int64[Tensor, " n"]:
    """The best channel that is not background."""
    return logits[:, 1:].argmax(-1) + 1


class PairClassifier(nn.Module):
    """Predicates of pairs from the states of both ends, weighed by the features of their union.

    Zellers et al. 2018, equations 6 to 8: subject and object are projected apart, joined, and multiplied
    elementwise with the projected union.

    Args:
        states: width of the states.
        unions: width of the union features.
        pooled: width of the product.
        channels: predicates and background.
        rectified: a ReLU after the first projection (VCTree).
    """

    def __init__(self, states: int, unions: int, pooled: int, channels: int, rectified: bool = False) -> None:
        super().__init__()
        self.ends = nn.Linear(states, 2 * states)
        self.join = nn.Linear(2 * states, pooled)
        self.union = nn.Linear(unions, pooled)
        self.classify = nn.Linear(pooled, channels)
        self.rectified = rectified
        nn.init.normal_(self.ends.weight, std=10 * (1 / states) ** 0.5)
        nn.init.zeros_(self.ends.bias)
        for layer in (self.join, self.classify):
            nn.init.xavier_normal_(layer.weight)
            nn.init.zeros_(layer.bias)

    def forward(self, states: Float[Tensor, "n s"], pairs: Pairs, unions: Float[Tensor, "m d"]) -> Float[Tensor, "m p"]:
        """Logits of pairs."""
        ends = self.ends(states)
        subjects, objects = (ends.relu() if self.rectified else ends).chunk(2, 1)
        joined = self.join(torch.cat((subjects[pairs.subject], objects[pairs.object]), 1))
        return self.classify(joined * self.union(unions))
