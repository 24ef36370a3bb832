"""How a language model is given a graph and questions: nothing of the graph, its text, or its tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from torch import Tensor

from assistant.tuning.features import GraphFeatures, features_of
from assistant.tuning.graph_tokens import GraphTokens, TokenSettings, collated
from assistant.tuning.packing import Template, packed, padded, text_ids
from assistant.tuning.texts import SENTENCES, Asked, World, graph_text
from assistant.tuning.tubes import tubes_of, with_tubes
from scenegraph import InputError, SceneGraph

Context = Literal["none", "text", "tokens"]

APPEARANCE = "appearance"
"""Key of `SceneGraph.metadata` with one list of numbers a node: query or pooled features of a segmenter."""


@dataclass(frozen=True)
class Reading:
    """Turns worlds into batches of a `GraphLanguageModel`.

    Attributes:
        tokenizer: of the language model.
        template: what stands around graph, question and answer.
        context: what the model sees of the graph.
        form: of the text, where it sees text.
        tokens: makes the graph tokens, where it sees tokens.
        placeholder: token id that stands for a graph token.
        in_sequence: graph tokens stand in the sequence; False where gated layers look at them.
        limit: tokens of a sequence at most.
    """

    tokenizer: Any
    template: Template
    context: Context = "text"
    form: str = SENTENCES
    tokens: GraphTokens | None = None
    placeholder: int = -1
    in_sequence: bool = True
    limit: int = 1024

    def __post_init__(self) -> None:
        if (self.context == "tokens") != (self.tokens is not None):
            raise InputError(f"context {self.context!r} {'needs' if self.tokens is None else 'takes no'} graph tokens")

    def batch(self, worlds: Sequence[World]) -> dict[str, Any]:
        """Packed sequences with labels: input_ids, labels, segments, and graphs where there are tokens."""
        features = self._features([world.graph for world in worlds])
        rows = [
            packed(self.tokenizer, self.template, self._graph_ids(world.graph, each), world.asked, self.limit)
            for world, each in zip(worlds, _each(features, len(worlds)), strict=True)
        ]
        made: dict[str, Any] = padded(rows, self.tokenizer.pad_token_id)
        return {**made, "graphs": collated(self.tokenizer, features)} if features else made

    def prompts(self, pairs: Sequence[tuple[SceneGraph, Asked]]) -> dict[str, Any]:
        """Questions without answers, padded at their start: input_ids, seen, and graphs where there are tokens."""
        features = self._features([graph for graph, _ in pairs])
        rows = []
        for (graph, asked), each in zip(pairs, _each(features, len(pairs)), strict=True):
            ids = [*self.template.before, *self._graph_ids(graph, each), *self.template.between]
            rows.append([*ids, *text_ids(self.tokenizer, asked.question), *self.template.after])
        longest = max(map(len, rows))
        pad = self.tokenizer.pad_token_id
        ids = torch.tensor([[*[pad] * (longest - len(row)), *row] for row in rows])
        seen = torch.tensor([[*[0] * (longest - len(row)), *[1] * len(row)] for row in rows])
        made = {"input_ids": ids, "seen": seen}
        return {**made, "graphs": collated(self.tokenizer, features)} if features else made

    def length(self, seen: Tensor, graphs: dict[str, Tensor] | None) -> list[int]:
        """Tokens that the model reads of every prompt, graph tokens outside the sequence counted too."""
        inside = seen.sum(1)
        return (inside if self.in_sequence or graphs is None else inside + graphs["seen"].sum(1)).tolist()

    def _features(self, graphs: Sequence[SceneGraph]) -> list[GraphFeatures]:
        return [] if self.tokens is None else [_features_of(graph, self.tokens.settings) for graph in graphs]

    def _graph_ids(self, graph: SceneGraph, features: GraphFeatures | None) -> list[int]:
        if self.context == "text":
            return text_ids(self.tokenizer, graph_text(graph, self.form))
        if features is None or self.tokens is None or not self.in_sequence:
            return []
        return [self.placeholder] * self.tokens.number(features)


def _features_of(graph: SceneGraph, settings: TokenSettings) -> GraphFeatures:
    features = features_of(graph, appearance_of(graph, settings.appearance))
    tubes = tubes_of(graph, settings.appearance) if settings.tubes else None
    return features if tubes is None else with_tubes(features, graph, tubes)


def _each(features: list[GraphFeatures], number: int) -> Sequence[GraphFeatures | None]:
    return features or [None] * number


def appearance_of(graph: SceneGraph, dims: int) -> np.ndarray | None:
    """The appearance features that came with a graph, None where none are wanted.

    Raises:
        InputError: the graph has none, or of another width.
    """
    if dims == 0:
        return None
    try:
        rows = np.asarray(graph.metadata[APPEARANCE], dtype=np.float32).reshape(len(graph.nodes), -1)
    except (KeyError, ValueError):
        raise InputError(f"{graph.source.uri}: metadata has no {APPEARANCE!r} with a row of numbers a node") from None
    if rows.shape[1] != dims and len(rows):
        raise InputError(f"{graph.source.uri}: {rows.shape[1]} appearance features a node; the model reads {dims}")
    return rows.reshape(len(graph.nodes), dims)


def questions_of(worlds: Sequence[World]) -> Iterator[tuple[SceneGraph, Asked]]:
    """Every question with its graph."""
    for world in worlds:
        for asked in world.asked:
            yield world.graph, asked
