"""English for ranks: the second largest, third from the left, the two tallest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial

from assistant.determiners import Determiner
from assistant.ordinals import ordinals
from assistant.ranked_steps import MAX_RANK, Ranked, picks_first
from assistant.sayings import Phrase
from assistant.steps import Extreme, Extremum, Nodes
from assistant.word_list import WordList

_ENDS: dict[str, tuple[Extremum, Extremum]] = {
    "left": ("left", "right"),
    "right": ("right", "left"),
    "top": ("top", "bottom"),
    "bottom": ("bottom", "top"),
    "left-hand": ("left", "right"),
    "right-hand": ("right", "left"),
}
"""Sides that are counted from, each with the other one, where the last are."""
_COUNTED = ("", "counting ", "counted ", "when counting ", "when counted ", "if counted ", "if you count ", "starting ")
_FROM = tuple(f"{counted}from{the}" for counted in _COUNTED for the in (" the", ""))
_SIDE = ("side", "edge", "end", "hand side", "side of the picture", "side of the image", "edge of the picture")


def orders(tokens: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """The rank that a superlative has: (the place where it stands, rank), the first where no word says another.

    >>> list(orders("second largest".split(), 0))
    [(0, 1), (1, 2)]
    """
    yield at, 1
    yield from ((stop, rank) for stop, rank in ordinals(tokens, at) if 1 < rank <= MAX_RANK)


def of_rank(narrow: Callable[[Nodes], Nodes], rank: int = 1, number: int = 1) -> Callable[[Nodes], Nodes]:
    """What picks the second, or the first two, of what a superlative picks the first of."""

    def picked(nodes: Nodes) -> Nodes:
        first = narrow(nodes)
        return replace(first, rank=rank, number=number) if isinstance(first, Ranked) else first

    return narrow if rank == number == 1 else picked


def from_a_side(words: WordList, at: int, rank: int) -> Iterator[tuple[partial[Extreme], int]]:
    """(The second person) from the left, counting from the right: (what picks it, place after it)."""
    for start in words.literals(at, _FROM):
        ends = _ENDS.get(words.word(start))
        if ends is None or abs(rank) > MAX_RANK:
            continue
        across = words.literals(start + 1, (f"to {ends[1]}", f"to the {ends[1]}"))
        for stop in (start + 1, *across, *words.literals(start + 1, _SIDE)):
            if words.word(stop) not in ("of", "than", "side", "edge", "hand"):
                yield partial(Extreme, which=ends[rank < 0], rank=abs(rank)), stop


def nth_from_a_side(words: WordList, at: int) -> Iterator[tuple[partial[Extreme], int]]:
    """(Who is the) second from the left, the last but one from the right."""
    for stop, rank in ordinals(words.tokens, at):
        kind = words.word(at - 3) not in ("what", "which", "who")  # "which car is the second one from the left"
        yield from from_a_side(words, stop + 1 if kind and words.word(stop) == "one" else stop, rank)


def how_many(words: WordList, at: int) -> int:
    """How many a superlative picks that follows, or is followed by, a number: the *two* largest; else one."""
    number = words.number(at)
    return int(number) if number is not None and number.is_integer() and 1 < number <= MAX_RANK else 1


def several(before: Determiner | Phrase, phrase: Phrase) -> Phrase | None:
    """A phrase that picks as many as are said: the two largest cars; None where it does not say which these are.

    Args:
        before: what says how many.
        phrase: what picks the first by comparing.
    """
    exact = before.definite and not (before.at_least or before.below or before.most or before.none or before.universal)
    many = phrase.noun is None or phrase.noun.plural is not False
    if not isinstance(phrase.nodes, Ranked) or not picks_first(phrase.nodes) or not exact or not many:
        return None
    number = before.number or 1
    if number > MAX_RANK:
        return None
    return replace(phrase, nodes=replace(phrase.nodes, number=number), number=None, plural=True)
