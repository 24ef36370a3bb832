"""Which part of a graph a question is about, and a prompt of it within a budget of tokens."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
from jaxtyping import Bool

from assistant.encoding import declared, encode
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


def ranked(index: GraphIndex, outcome: Outcome | None, tokens: list[str], lexicon: Lexicon) -> Iterator[int]:
    """Node ids, those that the question needs most first.

    What the executed program rests on, then what the words name, then neighbours step by step, then
    the rest; among equals the nodes with most relations.
    """
    seen = np.zeros(len(index.ids), dtype=bool)
    for position in (*_evidence(index, outcome), *_named(index, tokens, lexicon)):
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
    budget: int,
    count: CountTokens,
    frame: Callable[[str], str],
    boxes: bool = False,
) -> str:
    """The longest prompt within a budget that shows a beginning of the ranked nodes.

    Args:
        index: the graph.
        order: node ids, the most needed first.
        budget: tokens of the whole prompt.
        count: gives the tokens of a text.
        frame: puts the question and the instructions around the graph.
        boxes: show boxes.

    Raises:
        InputError: not even an empty graph fits.
    """

    def prompt(number: int) -> str:
        return frame(encode(declared(index, ids[:number], boxes)))

    # A node costs at least two tokens, its id and its name.
    ids = [node for node, _ in zip(order, range(budget // 2 + 1), strict=False)]
    if count(prompt(0)) > budget:
        raise InputError(f"a prompt needs at least {count(prompt(0))} tokens for its frame; the budget is {budget}")
    fits, too_many = 0, len(ids) + 1
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if count(prompt(middle)) <= budget:
            fits = middle
        else:
            too_many = middle
    return prompt(fits)


def _evidence(index: GraphIndex, outcome: Outcome | None) -> list[int]:
    if outcome is None:
        return []
    ids = [option.node for option in outcome.options]
    for relation in (*outcome.relations, *outcome.opposing):
        ids += [index.graph.relations[relation].subject, index.graph.relations[relation].object]
    ids += [*outcome.nodes, *outcome.context]
    return [index.position(node) for node in dict.fromkeys(ids)]


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
