"""Many ways to put a question, brought to the few that the grammar reads."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.paraphrases import PARAPHRASES
from assistant.paraphrases_times import TIMES

_WORD = re.compile(r"[a-z]+")
_CHOICE = re.compile(r"\((?:\?:)?([a-z]+(?:\|[a-z]+)*)\)(?![?*{])")


def _needed(pattern: str) -> tuple[frozenset[str], ...]:
    """Words of which a text must have one of each set if the pattern is to match; what this misses costs only time.

    >>> [sorted(words) for words in _needed(r"^(?:is|was) the (.+?) on (?:top )?of$")]
    [['is', 'was'], ['the'], ['on']]
    """
    needed, at = [], 0
    if "|" in re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", re.sub(r"\([^()]*\)", "", pattern))):
        return ()
    while at < len(pattern):
        choice, word = _CHOICE.match(pattern, at), _WORD.match(pattern, at)
        if choice is not None:
            if pattern[choice.end() : choice.end() + 1] in ("", " ", "$") and pattern[at - 1 : at] in ("", " ", "^"):
                needed.append(frozenset(choice[1].split("|")))
            at = choice.end()
        elif pattern[at] == "(":
            at = _closed(pattern, at)
        elif pattern[at] == "[":
            at = pattern.index("]", at) + 1
        elif pattern[at] == "\\":
            at += 2
        elif word is not None:
            alone = pattern[at - 1 : at] in ("", " ", "^") and pattern[word.end() : word.end() + 1] in ("", " ", "$")
            needed.extend([frozenset({word.group()})] if alone else [])
            at = word.end()
        else:
            at += 1
    return tuple(needed)


def _closed(pattern: str, at: int) -> int:
    """The place after the bracket that closes the one at a place."""
    depth = 0
    for place in range(at, len(pattern)):
        escaped = pattern[place - 1] == "\\"
        depth += 0 if escaped else (pattern[place] == "(") - (pattern[place] == ")")
        if depth == 0:
            return place + 1
    return len(pattern)


_COMPILED = tuple((re.compile(pattern), plain, _needed(pattern)) for pattern, plain in (*TIMES, *PARAPHRASES))


def _by_rarest() -> tuple[tuple[int, ...], dict[str, list[int]]]:
    """Patterns (by number) that need no word, and the others by the words of which they need one.

    Of all that a pattern needs, the words that fewest patterns need are taken.
    """
    common = Counter(word for _, _, needed in _COMPILED for words in needed for word in words)
    always, by_word = [], defaultdict(list)
    for number, (_, _, needed) in enumerate(_COMPILED):
        if not needed:
            always.append(number)
        for word in min(needed, key=lambda words: sum(common[word] for word in words), default=()):
            by_word[word].append(number)
    return tuple(always), dict(by_word)


_ALWAYS, _BY_WORD = _by_rarest()


def _candidates(words: Iterable[str], after: int) -> Iterator[int]:
    """The patterns behind some number that these words may have, in order."""
    numbers = {*_ALWAYS, *(number for word in words for number in _BY_WORD.get(word, ()))}
    return iter(sorted(number for number in numbers if number > after))


@lru_cache(maxsize=256)  # the parts of one question are reworded several times
def _reworded(words: tuple[str, ...]) -> tuple[str, ...]:
    text, found = " ".join(words), set(words)
    numbers = _candidates(found, -1)
    while (number := next(numbers, None)) is not None:
        pattern, plain, needed = _COMPILED[number]
        if not any(some.isdisjoint(found) for some in needed) and pattern.search(text) is not None:
            changed = pattern.sub(plain, text)
            if changed != text:
                text, found = changed, set(changed.split())
                numbers = _candidates(found, number)
    return tuple(text.split())


def reworded(tokens: list[str]) -> list[str]:
    """The words of a question in the forms that the grammar reads.

    >>> " ".join(reworded("where can i find the dog".split()))
    'where is the dog'
    """
    return list(_reworded(tuple(tokens)))
