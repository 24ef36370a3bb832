"""Answers of a tuned language model, and how good they are: exactness, grounding, refusal, tokens, seconds."""

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import torch
from tqdm import tqdm

from assistant.teaching.refusing import is_refusal
from assistant.tuning.model import GraphLanguageModel
from assistant.tuning.reading import Reading
from assistant.tuning.texts import NONE, Asked, canonical, named, parts
from scenegraph import SceneGraph


@dataclass(frozen=True)
class Given:
    """What a model or a program answered.

    Attributes:
        text: the answer.
        tokens: that the model read and wrote.
        seconds: of wall time; of a batch, its share.
    """

    text: str
    tokens: int = 0
    seconds: float = 0.0


def answers(
    model: GraphLanguageModel,
    reading: Reading,
    pairs: Sequence[tuple[SceneGraph, Asked]],
    longest: int = 32,
    batch: int = 32,
    progress: bool = True,
) -> list[Given]:
    """The most likely answer to every question.

    Args:
        model: its mode is left at evaluation.
        reading: makes its prompts.
        pairs: graphs and questions.
        longest: tokens of an answer at most.
        batch: questions at once.
        progress: show a progress bar.
    """
    model.eval()
    device = next(model.parameters()).device
    given: list[Given] = []
    for start in tqdm(range(0, len(pairs), batch), desc="answers", disable=not progress):
        began = time.perf_counter()
        prompts = reading.prompts(pairs[start : start + batch])
        graphs = prompts.get("graphs")
        moved = None if graphs is None else {key: value.to(device) for key, value in graphs.items()}
        written = model.generate(
            prompts["input_ids"].to(device),
            prompts["seen"].to(device),
            moved,
            max_new_tokens=longest,
            pad_token_id=reading.tokenizer.pad_token_id,
            eos_token_id=reading.template.end,
        )
        read = reading.length(prompts["seen"], graphs)
        spent = (time.perf_counter() - began) / len(read)
        for row, length in zip(written.cpu(), read, strict=True):
            own = _ended(row, reading.template.end)
            text = canonical(reading.tokenizer.decode(own, skip_special_tokens=True))
            given.append(Given(text, length + len(own) + 1, spent))
    return given


def _ended(row: torch.Tensor, end: int) -> list[int]:
    ids = row.tolist()
    return ids[: ids.index(end)] if end in ids else ids


@dataclass(frozen=True)
class Measures:
    """How good answers are; shares from 0 to 1, None where nothing can be said.

    Attributes:
        questions: how many were asked.
        accuracy: exact match: the items of the answer are those of the truth, in any order.
        grounding: F1 of the nodes that answers name against those of the truth, over all questions
            whose truth names nodes.
        existing: share of the named nodes that the graph has.
        refused: share of the unanswerable questions that were refused, with "none" or as instruction data refuses.
        refused_wrongly: share of the answerable ones that were refused.
        tokens: read and written, mean.
        seconds: mean.
        families: accuracy by family.
    """

    questions: int
    accuracy: float
    grounding: float | None
    existing: float | None
    refused: float | None
    refused_wrongly: float | None
    tokens: float
    seconds: float
    families: dict[str, float]

    def to_json(self) -> dict[str, object]:
        """Plain JSON values."""
        return asdict(self)


def measured(pairs: Sequence[tuple[SceneGraph, Asked]], given: Sequence[Given]) -> Measures:
    """Compare answers with what was asked.

    Args:
        pairs: graphs and questions, at least one.
        given: an answer to each.
    """
    right = np.array([parts(each.text) == parts(asked.answer) for (_, asked), each in zip(pairs, given, strict=True)])
    refusing = np.array([parts(each.text) == {NONE} or is_refusal(each.text) for each in given])
    answerable = np.array([asked.answerable for _, asked in pairs])
    families = np.array([asked.family for _, asked in pairs])
    grounding, existing = _grounded(pairs, given)
    return Measures(
        len(given),
        float(right.mean()),
        grounding,
        existing,
        _share(refusing[~answerable]),
        _share(refusing[answerable]),
        float(np.mean([each.tokens for each in given])),
        float(np.mean([each.seconds for each in given])),
        {str(family): float(right[families == family].mean()) for family in dict.fromkeys(families.tolist())},
    )


def _grounded(pairs: Sequence[tuple[SceneGraph, Asked]], given: Sequence[Given]) -> tuple[float | None, float | None]:
    """F1 of the named nodes over all questions, and the share of them that exist."""
    common = said = true = there = uttered = 0
    for (graph, asked), each in zip(pairs, given, strict=True):
        labels = [graph.label(node.id) for node in graph.nodes]
        now, wanted = named(each.text, labels), named(asked.answer, labels)
        uttered += len(now)
        there += len(now & {label.lower() for label in labels})
        if wanted:
            common, said, true = common + len(now & wanted), said + len(now), true + len(wanted)
    return (2 * common / (said + true) if said + true else None, there / uttered if uttered else None)


def _share(flags: np.ndarray) -> float | None:
    return float(flags.mean()) if len(flags) else None
