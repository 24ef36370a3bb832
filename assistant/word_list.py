"""The words of a question, and the fixed phrases and numbers that stand among them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cache

from assistant.text import NUMBERS

_Filed = dict[str, list[tuple[list[str], str]]]
_MOST_FILED = 1000


class WordList:
    """Words by their places.

    Args:
        tokens: the words.

    >>> words = WordList("how many dogs are there".split())
    >>> words.after(0, ("how much", "how many")), words.word(2), words.word(7)
    (2, 'dogs', '')
    """

    def __init__(self, tokens: Sequence[str]) -> None:
        self.tokens = list(tokens)
        self.word = defaultdict(str, enumerate(self.tokens)).__getitem__
        """The word at a place, "" before the first and after the last."""

    def literal(self, at: int, phrase: str) -> int | None:
        """The place after a fixed phrase, None if it does not stand there."""
        parts = _split(phrase)
        stop = at + len(parts)
        return stop if self.word(at) == parts[0] and self.tokens[at:stop] == parts else None

    def standing(self, at: int, listed: Iterable[str]) -> list[tuple[int, str]]:
        """Those of some fixed phrases that stand at a place: (the place after the phrase, the phrase)."""
        filed = _FILED.get(id(listed))
        table = filed[1] if filed is not None and filed[0] is listed else _by_first_word(listed)
        starting = table.get(self.word(at))
        if starting is None:
            return []
        return [(at + len(parts), phrase) for parts, phrase in starting if self.tokens[at : at + len(parts)] == parts]

    def literals(self, at: int, listed: Iterable[str]) -> list[int]:
        """The places after those of some fixed phrases that stand there."""
        found = self.standing(at, listed)
        return [stop for stop, _ in found] if found else []

    def after(self, at: int, listed: Iterable[str]) -> int | None:
        """The place after the first of some fixed phrases that stands there, None if none does."""
        found = self.standing(at, listed)
        return found[0][0] if found else None

    def number(self, at: int) -> float | None:
        """The number at a place, in digits or as a word."""
        word = self.word(at)
        if word in NUMBERS:
            return float(NUMBERS[word])
        return float(word[:15]) if word[:1].isdecimal() and word.replace(".", "", 1).isdecimal() else None


@cache
def _split(phrase: str) -> list[str]:
    """The words of a phrase that is written in the grammar."""
    return phrase.split()


_FILED: dict[int, tuple[Iterable[str], _Filed]] = {}
"""Lists of fixed phrases by their identity: to hash a long list takes longer than to look a word up."""


def _by_first_word(listed: Iterable[str]) -> _Filed:
    """Fixed phrases with their words, by the first of these; kept for the next time."""
    table: _Filed = {}
    for phrase in listed:
        parts = phrase.split()
        table.setdefault(parts[0], []).append((parts, phrase))
    if len(_FILED) > _MOST_FILED:  # lists that are made anew for each question
        _FILED.clear()
    _FILED[id(listed)] = listed, table
    return table
