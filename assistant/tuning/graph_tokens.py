"""Graph tokens: nodes and relations of a scene graph as input embeddings of a language model."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from jaxtyping import Bool, Float, Int64
from torch import Tensor, nn

from assistant.tuning.connectors import Tokens, connector
from assistant.tuning.features import NUMBERS, WORDS, GraphFeatures
from assistant.tuning.packing import text_ids
from scenegraph import InputError

SCALE = 0.05
"""Of tokens at the start: the embeddings of words are small, and tokens of unit size would drown them."""


@dataclass(frozen=True)
class TokenSettings:
    """How graph tokens are made.

    Attributes:
        connector: linear, mlp, qformer or perceiver.
        appearance: dims of the appearance features, 0 for none.
        word_dims: width to which the embeddings of words are brought before they are joined.
        options: of the connector, for example `queries=32`.
        tubes: of videos, also tokens of every node over time and over its places (`tubes`).
    """

    connector: str = "mlp"
    appearance: int = 0
    word_dims: int = 256
    options: dict[str, Any] = field(default_factory=dict)
    tubes: bool = False

    def __post_init__(self) -> None:
        if self.tubes and not self.appearance:
            raise InputError("tokens of tubes are made of appearance features: set tokens.appearance to their number")


class GraphTokens(nn.Module):
    """Words through the language model's embeddings, joined with numbers, through a connector.

    Args:
        settings: see `TokenSettings`.
        dims: width of the language model.
    """

    def __init__(self, settings: TokenSettings, dims: int) -> None:
        super().__init__()
        self.settings = settings
        self.word = nn.Linear(dims, settings.word_dims, bias=False)
        inputs = WORDS * settings.word_dims + NUMBERS + settings.appearance
        self.norm = nn.LayerNorm(inputs)
        self.connector = connector(settings.connector, inputs, dims, **settings.options)
        self.scale = nn.Parameter(torch.tensor(SCALE))

    def number(self, features: GraphFeatures) -> int:
        """How many tokens a graph becomes."""
        fixed = getattr(self.connector, "queries", getattr(self.connector, "latents", None))
        return len(features.words) if fixed is None else len(fixed)

    def forward(
        self,
        word_ids: Int64[Tensor, "b n words length"],
        numbers: Float[Tensor, "b n numbers"],
        seen: Bool[Tensor, "b n"],
        embed: Callable[[Tensor], Tensor],
    ) -> Tokens:
        """Tokens (b, m, dims) and which of them are real.

        Args:
            word_ids: token ids of the texts, -1 behind their ends.
            numbers: see `features`.
            seen: which rows are tokens of a graph, not padding.
            embed: the input embeddings of the language model.
        """
        there = (word_ids >= 0).unsqueeze(-1)
        embedded = embed(word_ids.clamp(min=0)).to(self.word.weight.dtype) * there
        means = embedded.sum(3) / there.sum(3).clamp(min=1)
        joined = torch.cat([self.word(means).flatten(2), numbers.to(means.dtype)], dim=-1)
        tokens, kept = self.connector(self.norm(joined), seen)
        return tokens * self.scale, kept


def collated(tokenizer: Any, graphs: Sequence[GraphFeatures]) -> dict[str, Tensor]:
    """Features of several graphs as tensors: word_ids (b, n, WORDS, length), numbers (b, n, dims), seen (b, n)."""
    known: dict[str, list[int]] = {}
    for graph in graphs:
        for row in graph.words:
            for text in row:
                if text not in known:
                    known[text] = text_ids(tokenizer, text) if text else []
    most = max((len(graph.words) for graph in graphs), default=0)
    length = max(1, *(len(ids) for ids in known.values())) if known else 1
    dims = graphs[0].numbers.shape[1]
    word_ids = torch.full((len(graphs), most, WORDS, length), -1)
    numbers = torch.zeros(len(graphs), most, dims)
    seen = torch.zeros(len(graphs), most, dtype=torch.bool)
    for at, graph in enumerate(graphs):
        count = len(graph.words)
        rows = [[known[text] + [-1] * (length - len(known[text])) for text in row] for row in graph.words]
        if count:
            word_ids[at, :count] = torch.tensor(rows)
            numbers[at, :count] = torch.from_numpy(graph.numbers)
            seen[at, :count] = True
    return {"word_ids": word_ids, "numbers": numbers, "seen": seen}
