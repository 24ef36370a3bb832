"""Many ways to put a question, brought to the few that the grammar reads."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.needed_words import ByRarestWord, needed_words
from assistant.paraphrases import PARAPHRASES
from assistant.paraphrases_footage import FOOTAGE
from assistant.paraphrases_times import TIMES

_COMPILED = tuple(
    (re.compile(pattern), plain, needed_words(pattern)) for pattern, plain in (*FOOTAGE, *TIMES, *PARAPHRASES)
)


_INDEX = ByRarestWord(needed for _, _, needed in _COMPILED)


def _candidates(words: Iterable[str], after: int) -> Iterator[int]:
    """The patterns behind some number that these words may have, in order."""
    return iter(sorted(number for number in _INDEX.among(words) if number > after))


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
