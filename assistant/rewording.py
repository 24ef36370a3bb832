"""Many ways to put a question, brought to the few that the grammar reads."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from assistant.needed_words import needed_words
from assistant.paraphrases import PARAPHRASES
from assistant.paraphrases_footage import FOOTAGE
from assistant.paraphrases_times import TIMES

_COMPILED = tuple(
    (re.compile(pattern), plain, needed_words(pattern)) for pattern, plain in (*FOOTAGE, *TIMES, *PARAPHRASES)
)


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
