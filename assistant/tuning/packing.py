"""Sequences for tuning: a graph once, then every question about it, each blind to the others.

A world of forty nodes with sixteen questions would repeat its graph sixteen times; packed, it is read
once, and a mask lets every question see the graph and itself only, at the positions it would have alone.
What the model learns is the same as from sixteen sequences, at a fraction of the price.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from jaxtyping import Bool, Int64

from assistant.tuning.texts import Asked

IGNORED = -100
"""Label of tokens that carry no loss: everything but answers."""

PREFIX, PADDING = 0, -1
"""Segments: the part that every question sees, and what is no token; questions count from 1."""

_GRAPH, _QUESTION = "\u2402G\u2402", "\u2402Q\u2402"


@dataclass(frozen=True)
class Template:
    """The pieces of a conversation around a graph, a question and an answer, as token ids.

    Attributes:
        before: ahead of the graph.
        between: behind the graph, ahead of the question.
        after: behind the question; the answer follows.
        end: ends an answer.
    """

    before: tuple[int, ...]
    between: tuple[int, ...]
    after: tuple[int, ...]
    end: int

    @classmethod
    def of(cls, tokenizer: Any) -> "Template":
        """The template of a tokenizer: its chat template, or a plain one where it has none."""
        content = f"{_GRAPH}\n{_QUESTION}"
        if getattr(tokenizer, "chat_template", None):
            messages = [{"role": "user", "content": content}]
            shown = str(tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False))
        else:
            shown = f"{tokenizer.bos_token or ''}{content}\n\nAnswer: "
        before, rest = shown.split(_GRAPH)
        between, after = rest.split(_QUESTION)
        ids = [tuple(tokenizer.encode(piece, add_special_tokens=False)) for piece in (before, between, after)]
        return cls(ids[0], ids[1], ids[2], int(tokenizer.eos_token_id))


def text_ids(tokenizer: Any, text: str) -> list[int]:
    """Token ids of a text from outside: nothing in it becomes a special token."""
    return list(tokenizer.encode(text, add_special_tokens=False, split_special_tokens=True))


@dataclass(frozen=True)
class PackedSequence:
    """One packed sequence: token ids, labels and segments of equal length."""

    ids: tuple[int, ...]
    labels: tuple[int, ...]
    segments: tuple[int, ...]


def packed(
    tokenizer: Any, template: Template, graph: Sequence[int], asked: Sequence[Asked], limit: int
) -> PackedSequence:
    """A graph with its questions and answers in one sequence of at most `limit` tokens.

    Args:
        tokenizer: of the language model.
        template: what stands around graph, question and answer.
        graph: token ids of the graph: its text, placeholders of graph tokens, or nothing.
        asked: questions with answers; those that do not fit any more are left out.
        limit: tokens.
    """
    ids = [*template.before, *graph, *template.between]
    labels, segments = [IGNORED] * len(ids), [PREFIX] * len(ids)
    for number, each in enumerate(asked, start=1):
        question = [*text_ids(tokenizer, each.question), *template.after]
        answer = [*text_ids(tokenizer, each.answer), template.end]
        if len(ids) + len(question) + len(answer) > limit:
            continue
        ids += question + answer
        labels += [IGNORED] * len(question) + answer
        segments += [number] * (len(question) + len(answer))
    return PackedSequence(tuple(ids), tuple(labels), tuple(segments))


def padded(sequences: Sequence[PackedSequence], pad: int) -> dict[str, torch.Tensor]:
    """Sequences as tensors (b, t), padded at the end: input_ids, labels, segments."""
    longest = max(len(each.ids) for each in sequences)

    def filled(rows: Sequence[tuple[int, ...]], value: int) -> torch.Tensor:
        return torch.tensor([[*row, *[value] * (longest - len(row))] for row in rows])

    return {
        "input_ids": filled([each.ids for each in sequences], pad),
        "labels": filled([each.labels for each in sequences], IGNORED),
        "segments": filled([each.segments for each in sequences], PADDING),
    }


def visible(segments: Int64[torch.Tensor, "b t"]) -> Bool[torch.Tensor, "b t t"]:
    """Which token (row) sees which (column): earlier ones of the prefix and of its own question, and itself."""
    rows, columns = segments[:, :, None], segments[:, None, :]
    earlier = torch.ones(segments.shape[1], segments.shape[1], dtype=torch.bool, device=segments.device).tril()
    seen = earlier & (rows != PADDING) & ((columns == PREFIX) | (columns == rows))
    return seen | torch.eye(segments.shape[1], dtype=torch.bool, device=segments.device)


def positions(segments: Int64[torch.Tensor, "b t"]) -> Int64[torch.Tensor, "b t"]:
    """The position that each token would have if its question stood alone behind the prefix."""
    prefix = (segments == PREFIX).sum(1, keepdim=True)
    starts = torch.ones_like(segments, dtype=torch.bool)
    starts[:, 1:] = segments[:, 1:] != segments[:, :-1]
    index = torch.arange(segments.shape[1], device=segments.device).expand_as(segments)
    begun = torch.where(starts, index, 0).cummax(1).values
    return torch.where(segments == PREFIX, index, index - begun + prefix)
