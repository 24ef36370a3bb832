"""Which part of a graph a question is about, and a prompt of it within a budget of tokens."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from jaxtyping import Bool

from assistant.answers import Citation, NodeCitation
from assistant.encoding import PromptGraph, declared
from assistant.index import GraphIndex
from assistant.lexicon import Lexicon, Noun
from assistant.outcomes import Outcome
from scenegraph import InputError

CountTokens = Callable[[str], int]


def approximate_tokens(text: str) -> int:
    """Tokens of a text, estimated from above for common byte-pair tokenizers.

    Pieces of up to five letters or three digits, and every other character by itself: plain English
    comes out about a third too high.
    """
    return sum(1 for _ in re.finditer(r"[A-Za-z]{1,5}|\d{1,3}|[^\sA-Za-z\d]|\n", text))


def tokenizer_count(folder: Path) -> CountTokens:
    """A counter with the tokenizer of a local Hugging Face folder.

    Raises:
        InputError: the folder holds no tokenizer.
    """
    from transformers import AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    except Exception as error:  # transformers raises many kinds for a folder of another sort
        said = " ".join(str(error).split())[:200]
        raise InputError(f"{folder}: holds no tokenizer that can be loaded ({said})") from None
    return lambda text: len(tokenizer.encode(text, add_special_tokens=False))


class Fitted(NamedTuple):
    """A prompt, and how many of the ranked nodes it shows."""

    text: str
    nodes: int


class Evidence(NamedTuple):
    """Ids of nodes, the most needed first, and positions of relations."""

    nodes: tuple[int, ...]
    relations: frozenset[int]


def ranked(index: GraphIndex, evidence: Evidence, tokens: list[str], lexicon: Lexicon) -> Iterator[int]:
    """Node ids, those that the question needs most first.

    What the executed program rests on, then what the words name, then neighbours step by step, then
    the rest; among equals the nodes with most relations.
    """
    seen = np.zeros(len(index.ids), dtype=bool)
    for position in (*map(index.position, evidence.nodes), *_named(index, tokens, lexicon)):
        if not seen[position]:
            seen[position] = True
            yield int(index.ids[position])
    subjects, objects = index.subjects[index.believed], index.objects[index.believed]
    degree = np.bincount(np.concatenate((subjects, objects)), minlength=len(index.ids))
    frontier = seen.copy()
    while frontier.any():
        reached = np.zeros_like(seen)
        reached[objects[frontier[subjects]]] = True
        reached[subjects[frontier[objects]]] = True
        frontier = reached & ~seen
        seen |= frontier
        yield from _by_degree(index, frontier, degree)
    yield from _by_degree(index, ~seen, degree)


def within_budget(
    index: GraphIndex,
    order: Iterator[int],
    evidence: Evidence,
    budget: int,
    count: CountTokens,
    frame: Callable[[PromptGraph], str],
    boxes: bool = False,
) -> Fitted:
    """The longest prompt within a budget that shows a beginning of the ranked nodes.

    Where the evidence does not fit with all relations among its nodes, its own relations alone are shown.

    Args:
        index: the graph.
        order: node ids, the most needed first.
        evidence: what the question's program rests on.
        budget: tokens of the whole prompt.
        count: gives the tokens of a text.
        frame: makes the prompt of what is shown of the graph.
        boxes: show boxes.

    Raises:
        InputError: not even an empty graph fits.
    """
    # A node costs at least two tokens, its id and its name.
    ids = [node for node, _ in zip(order, range(budget // 2 + 1), strict=False)]
    least = count(frame(declared(index, (), boxes)))
    if least > budget:
        raise InputError(f"a prompt needs at least {least} tokens for its frame; the budget is {budget}")

    def longest(only: Collection[int] | None) -> Fitted:
        def prompt(number: int) -> str:
            return frame(declared(index, ids[:number], boxes, only=only))

        fits, too_many = 0, len(ids) + 1
        while too_many - fits > 1:
            middle = (fits + too_many) // 2
            if count(prompt(middle)) <= budget:
                fits = middle
            else:
                too_many = middle
        return Fitted(prompt(fits), fits)

    full = longest(None)
    if full.nodes >= len(evidence.nodes):
        return full
    return max(full, longest(evidence.relations), key=lambda fitted: fitted.nodes)


def evidence_of(index: GraphIndex, outcome: Outcome | None, cited: Iterable[Citation] = ()) -> Evidence:
    """What an answer rests on: what it cites first, then the rest of what its program found."""
    ids: list[int] = [] if outcome is None else [option.node for option in outcome.options]
    relations: list[int] = []
    for citation in cited:
        if isinstance(citation, NodeCitation):
            ids.append(citation.node)
        else:
            ids += [citation.subject, citation.object]
            relations.append(citation.relation)
    if outcome is not None:
        for relation in (*outcome.relations, *outcome.opposing):
            ids += [index.graph.relations[relation].subject, index.graph.relations[relation].object]
            relations.append(relation)
        ids += [*outcome.nodes, *outcome.context]
    return Evidence(tuple(dict.fromkeys(ids)), frozenset(relations))


def _named(index: GraphIndex, tokens: list[str], lexicon: Lexicon) -> Iterator[int]:
    for at, token in enumerate(tokens):
        if token in index.called:
            yield index.position(index.called[token])
        for _, entry in lexicon.at(tokens, at):
            if isinstance(entry, Noun) and entry.categories:
                yield from np.flatnonzero(index.of_categories(entry.categories)).tolist()


def _by_degree(index: GraphIndex, mask: Bool[np.ndarray, " nodes"], degree: np.ndarray) -> Iterator[int]:
    positions = np.flatnonzero(mask)
    yield from index.ids[positions[np.argsort(-degree[positions], kind="stable")]].tolist()
