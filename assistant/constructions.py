"""Constructions: forms of questions written as words with slots, which the grammar fills.

A form such as `(is|are) <quality:one> different from <quality:other>` is read over the words of a question: words and
alternatives in brackets stand as they are (`(...)?` may be left out), a slot is whatever part of the grammar has its
kind, with all its modifiers: a noun phrase, an event, an attribute of something. What fills them makes the program.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.needed_words import ByNeededWords
from assistant.patterns import TELL
from assistant.readings import Reading
from assistant.steps import Question
from assistant.units import METRES

Filled = Iterator[tuple[int, Any, float]]
"""What fills a slot: (place after it, value, cost)."""
Fill = Callable[[Any, int], Filled]
"""What may fill a slot from a word on."""
MACROS = {
    "BE": "(is|are|was|were)",
    "DO": "(do|does|did)",
    "TELL": f"({TELL})",
    "SAME": "(the same as|equal to|identical to|identical with|similar to|like|the same thing as)",
    "OTHER": "(different from|different than|different to|distinct from|unlike|other than|not the same as)",
    "MORE": "(more|greater|larger|higher|bigger)",
    "LESS": "(less|lower|smaller|fewer|lesser)",
    "THING": "(one|thing|person|animal|object)",
    "TALLY": "(the)? (total)? (number|count|amount|quantity) of",
    "HOW_LONG": "(how long|for how long|how many seconds|for how many seconds|how many frames|for how many frames|"
    "how much time)",
    "LONG": "(how long|how many seconds|how much time|how many frames|how soon)",
    "METRES": f"({'|'.join(METRES)})",
    "CHANGES": "(changed|changes|has changed|have changed|is different|are different|differs|differ|change)",
    "APPEARS": "(comes into view|came into view|comes into sight|came into sight|comes in|came in|appears|appeared|"
    "showed up|shows up|is seen|was seen)",
    "VANISHES": "(disappears|disappeared|vanishes|vanished|leaves the picture|left the picture|goes out of view|"
    "went out of view|leaves|left)",
    "UNMOVED": "(put|still|in place|in one place|in the same place|in its place|where (it|he|she|they) "
    "(is|are|was|were))",
    "ALWAYS": "(the whole time|all the time|the entire time|all along|throughout)?",
    "VIDEO": "(the|this)? (video|clip|time|footage|recording|film|movie)",
}
"""Words that may stand for each other in many forms."""
_TOKEN = re.compile(r"<(\w+)(?::(\w+))?>|(\()|(\)\??)|(\|)|([^\s()|<>]+)")


@dataclass(frozen=True)
class _Word:
    word: str


@dataclass(frozen=True)
class _Slot:
    kind: str
    name: str


@dataclass(frozen=True)
class _Either:
    choices: tuple[tuple[_Piece, ...], ...]

    def beginning(self, word: str | None) -> tuple[tuple[_Piece, ...], ...]:
        """The choices that a word, or whatever a slot or nothing may stand for, can begin."""
        return self._by_word.get(word, self._by_word[None])

    @cached_property
    def _by_word(self) -> dict[str | None, tuple[tuple[_Piece, ...], ...]]:
        words = {choice[0].word for choice in self.choices if choice and isinstance(choice[0], _Word)}
        return {
            word: tuple(one for one in self.choices if not one or not isinstance(one[0], _Word) or one[0].word == word)
            for word in (*words, None)
        }


_Piece = _Word | _Slot | _Either


@dataclass(frozen=True)
class Construction:
    """A form and what it asks.

    Attributes:
        pieces: of the form.
        needed: words of which a question must have one of each set.
        builds: the question from what fills the slots, None where it does not fit.
    """

    pieces: tuple[_Piece, ...]
    needed: tuple[frozenset[str], ...]
    builds: Callable[..., Question | None]

    @property
    def opens(self) -> frozenset[str] | None:
        """The words of which one opens it, None where anything may."""
        return _opening(self.pieces)


class Table:
    """Constructions, found by the word that opens a question.

    Args:
        listed: all of them; they are found in this order.
    """

    def __init__(self, listed: Iterable[Construction]) -> None:
        self._listed = tuple(listed)
        self._index = ByNeededWords(one.needed for one in self._listed)
        self._opened_by_any = 0
        self._opened_by: dict[str, int] = {}
        for number, one in enumerate(self._listed):
            if one.opens is None:
                self._opened_by_any |= 1 << number
            for word in one.opens or ():
                self._opened_by[word] = self._opened_by.get(word, 0) | 1 << number

    @cached_property
    def words(self) -> frozenset[str]:
        """All words of all forms."""
        return frozenset(word for one in self._listed for word in _words(one.pieces))

    def fitting(self, words: Sequence[str], at: int) -> Iterator[Construction]:
        """Those that may be found at a place among some words: they open with that word, and need no other words."""
        opened = self._opened_by.get(words[at], 0) if at < len(words) else 0
        for number in self._index.among(set(words), self._opened_by_any | opened):
            yield self._listed[number]


def constructions(forms: Iterable[tuple[Callable[..., Question | None], tuple[str, ...]]]) -> tuple[Construction, ...]:
    """The constructions of a table: what is built, and the forms that ask for it."""
    return tuple(construction(form, builds) for builds, listed in forms for form in listed)


def construction(form: str, builds: Callable[..., Question | None]) -> Construction:
    """A construction from its written form.

    Args:
        form: words, `(one|other)`, `(optional)?`, `<kind:name>` and the `$NAMES` of `MACROS`.
        builds: called with the slots by name.

    Raises:
        ValueError: the brackets of the form do not match.
    """
    for name, text in MACROS.items():
        form = form.replace(f"${name}", text)
    pieces, rest = _sequences(list(_TOKEN.finditer(form)))
    if rest or len(pieces) != 1:
        raise ValueError(f"brackets do not match in {form!r}")
    return Construction(pieces[0], tuple(_needed(pieces[0])), builds)


def _sequences(tokens: list[re.Match[str]]) -> tuple[list[tuple[_Piece, ...]], list[re.Match[str]]]:
    """Alternatives up to the bracket that closes them, and the tokens from that bracket on."""
    found: list[tuple[_Piece, ...]] = []
    current: list[_Piece] = []
    while tokens:
        kind, name, opens, closes, bar, word = tokens[0].groups()
        if closes:
            break
        tokens = tokens[1:]
        if opens:
            choices, tokens = _sequences(tokens)
            optional = tokens[0].group() == ")?"
            tokens = tokens[1:]
            current.append(_Either((*choices, ()) if optional else tuple(choices)))
        elif bar:
            found.append(tuple(current))
            current = []
        else:
            current.append(_Word(word) if word else _Slot(kind, name or kind))
    return [*found, tuple(current)], tokens


def _words(pieces: tuple[_Piece, ...]) -> Iterator[str]:
    """All words of a form."""
    for piece in pieces:
        if isinstance(piece, _Word):
            yield piece.word
        elif isinstance(piece, _Either):
            for choice in piece.choices:
                yield from _words(choice)


def _needed(pieces: tuple[_Piece, ...]) -> Iterator[frozenset[str]]:
    """Sets of words of which each way to write the pieces has one each."""
    for piece in pieces:
        if isinstance(piece, _Word):
            yield frozenset({piece.word})
        elif isinstance(piece, _Either):
            found = [min(_needed(choice), key=len, default=None) for choice in piece.choices]
            known = [words for words in found if words is not None]
            if len(known) == len(found):
                yield frozenset().union(*known)


def _opening(pieces: tuple[_Piece, ...]) -> frozenset[str] | None:
    match pieces:
        case (_Word(word), *_):
            return frozenset({word})
        case (_Either(choices), *rest):
            found = [_opening((*each, *rest)) for each in choices]
            known = [words for words in found if words is not None]
            return frozenset().union(*known) if len(known) == len(found) else None
    return None


def constructed(
    constructions: Table, slots: Mapping[str, Fill], context: Any, tokens: list[str], at: int
) -> Iterator[Reading]:
    """Every question that a construction finds at a word.

    Args:
        constructions: to try.
        slots: what fills them, by kind; called with the context and a place.
        context: for the slots.
        tokens: the words of the question.
        at: where it starts.
    """
    matching = _Matching(slots, context, tokens)
    for one in constructions.fitting(tokens, at):
        for stop, found, cost in matching.of(one.pieces, at):
            question = one.builds(**found)
            if question is not None:
                yield Reading(stop, question, cost)


class _Matching:
    """Finds pieces among the words of a question; what fills a slot at a place is found once for all constructions."""

    def __init__(self, slots: Mapping[str, Fill], context: Any, tokens: list[str]) -> None:
        self._slots = slots
        self._context = context
        self._tokens = tokens
        self._filled: dict[tuple[str, int], list[tuple[int, Any, float]]] = {}

    def of(self, pieces: tuple[_Piece, ...], at: int) -> Iterator[tuple[int, dict[str, Any], float]]:
        """(Place after the pieces, what fills the slots, cost) for every way to read them."""
        word = self._tokens[at] if at < len(self._tokens) else None
        if not pieces:
            yield at, {}, 0.0
            return
        first, rest = pieces[0], pieces[1:]
        if isinstance(first, _Word):
            if word == first.word:
                yield from self.of(rest, at + 1)
        elif isinstance(first, _Either):
            for choice in first.beginning(word):
                yield from self.of((*choice, *rest), at)
        elif word is not None:
            for stop, value, cost in self._fillings(first.kind, at):
                for end, found, more in self.of(rest, stop):
                    yield end, {**found, first.name: value}, cost + more

    def _fillings(self, kind: str, at: int) -> list[tuple[int, Any, float]]:
        if (kind, at) not in self._filled:
            self._filled[kind, at] = list(self._slots[kind](self._context, at))
        return self._filled[kind, at]
