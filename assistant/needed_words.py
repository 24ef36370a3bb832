"""The words that a text must have if a regular expression over words is to match it: most need not be tried."""

import re
from collections.abc import Collection, Iterable, Iterator

_WORD = re.compile(r"[a-z]+")


def needed_words(pattern: str) -> tuple[frozenset[str], ...]:
    r"""Words of which a text must have one of each set if the pattern is to match; what this misses costs only time.

    >>> [sorted(words) for words in needed_words(r"^(?:is|was) the (.+?) on (?:top )?of(?: it)?$")]
    [['is', 'was'], ['the'], ['on'], ['of']]
    >>> [sorted(words) for words in needed_words(r"\bnear (?:a lot of|some)\b")]
    [['near'], ['a', 'some']]
    """
    if len(list(_alternatives(pattern))) > 1:
        return ()
    needed, at = [], 0
    while at < len(pattern):
        word = _WORD.match(pattern, at)
        if pattern[at] == "(":
            stop = _closed(pattern, at)
            if _opens(pattern, at) and _ends(pattern, stop) and not pattern.startswith(("(?=", "(?!", "(?<"), at):
                firsts = [_first(each) for each in _alternatives(_inside(pattern, at, stop))]
                needed.extend([frozenset(filter(None, firsts))] if all(firsts) else [])
            at = stop
        elif pattern[at] == "[":
            at = pattern.index("]", at) + 1
        elif pattern[at] == "\\":
            at += 2
        elif word is not None:
            alone = _opens(pattern, at) and _ends(pattern, word.end())
            needed.extend([frozenset({word.group()})] if alone else [])
            at = word.end()
        else:
            at += 1
    return tuple(needed)


class ByNeededWords:
    """Finds the patterns that a text may have by its words: those of whose needed words none is missing.

    Sets of patterns are the bits of integers, so that many patterns are judged at once.

    Args:
        needed: for each pattern, words of which a text must have one of each set.

    >>> index = ByNeededWords([(frozenset({"dog"}), frozenset({"red", "blue"})), (), (frozenset({"cat"}),)])
    >>> list(index.among({"a", "blue", "dog"}))
    [0, 1]
    """

    def __init__(self, needed: Iterable[Collection[frozenset[str]]]) -> None:
        listed = list(map(tuple, needed))
        self._all = (1 << len(listed)) - 1
        self._places = []
        for place in range(max(map(len, listed), default=0)):
            content = sum(1 << number for number, each in enumerate(listed) if len(each) <= place)
            by_word: dict[str, int] = {}
            for number, each in enumerate(listed):
                for word in each[place] if place < len(each) else ():
                    by_word[word] = by_word.get(word, 0) | 1 << number
            self._places.append((content, by_word))

    def among(self, words: Collection[str], allowed: int | None = None) -> Iterator[int]:
        """The numbers of the patterns that a text of these words may have, ascending.

        Args:
            words: of the text.
            allowed: the bits of the patterns that are asked for, None for all.
        """
        found = self._all if allowed is None else allowed
        for content, by_word in self._places:
            for word in words:
                if word in by_word:
                    content |= by_word[word]
            found &= content
        while found:
            lowest = found & -found
            found ^= lowest
            yield lowest.bit_length() - 1


def _first(alternative: str) -> str | None:
    """A word that one alternative of a choice needs."""
    return next((next(iter(words)) for words in needed_words(alternative) if len(words) == 1), None)


def _opens(pattern: str, at: int) -> bool:
    """Whether a word of the text begins at a place, whatever optional brackets before it hold."""
    if at == 0 or pattern[at - 1] in " ^" or pattern[max(at - 2, 0) : at] == "\\b":
        return True
    if pattern[at - 2 : at] != ")?":
        return False
    start = next((start for start in range(at - 3, -1, -1) if _bracket(pattern, start) == at - 1), None)
    spaced = start is not None and all(each.endswith(" ") for each in _alternatives(_inside(pattern, start, at - 1)))
    return start is not None and spaced and _opens(pattern, start)


def _ends(pattern: str, at: int) -> bool:
    """Whether a word of the text ends at a place, whatever optional brackets behind it hold."""
    if at >= len(pattern) or pattern[at] in " $" or pattern.startswith("\\b", at):
        return True
    stop = _bracket(pattern, at)
    if stop is None or pattern[stop : stop + 1] != "?":
        return False
    spaced = all(each.startswith(" ") for each in _alternatives(_inside(pattern, at, stop)))
    return spaced and _ends(pattern, stop + 1)


def _inside(pattern: str, at: int, stop: int) -> str:
    return pattern[at + 1 : stop - 1].removeprefix("?:")


def _bracket(pattern: str, at: int) -> int | None:
    """The place after the bracket that opens at a place, None where none does."""
    opens = pattern[at : at + 1] == "(" and pattern[max(at - 1, 0) : at] != "\\"
    return _closed(pattern, at) if opens else None


def _alternatives(pattern: str) -> Iterator[str]:
    """What stands between the bars outside of all brackets."""
    start = at = 0
    while at < len(pattern):
        if pattern[at] == "\\":
            at += 2
        elif pattern[at] == "(":
            at = _closed(pattern, at)
        elif pattern[at] == "|":
            yield pattern[start:at]
            start = at = at + 1
        else:
            at += 1
    yield pattern[start:]


def _closed(pattern: str, at: int) -> int:
    """The place after the bracket that closes the one at a place."""
    depth = 0
    for place in range(at, len(pattern)):
        escaped = pattern[place - 1] == "\\"
        depth += 0 if escaped else (pattern[place] == "(") - (pattern[place] == ")")
        if depth == 0:
            return place + 1
    return len(pattern)
