"""Many ways to put a question, brought to the few that the grammar reads."""

import re
from functools import lru_cache

from assistant.needed_words import ByNeededWords, needed_words
from assistant.paraphrases import PARAPHRASES
from assistant.paraphrases_asked import ASKED
from assistant.paraphrases_footage import FOOTAGE
from assistant.paraphrases_recordings import RECORDINGS
from assistant.paraphrases_shown import SHOWN
from assistant.paraphrases_times import TIMES

_TABLE = (*ASKED, *RECORDINGS, *SHOWN, *FOOTAGE, *TIMES, *PARAPHRASES)
_COMPILED = tuple((re.compile(pattern), plain) for pattern, plain in _TABLE)
_INDEX = ByNeededWords(needed_words(pattern.pattern) for pattern, _ in _COMPILED)


@lru_cache(maxsize=256)  # the parts of one question are reworded several times
def _reworded(words: tuple[str, ...]) -> tuple[str, ...]:
    text = " ".join(words)
    numbers = _INDEX.among(set(words))
    while (number := next(numbers, None)) is not None:
        pattern, plain = _COMPILED[number]
        if pattern.search(text) is not None:
            changed = pattern.sub(plain, text)
            if changed != text:
                text = changed
                numbers = _INDEX.among(set(changed.split()), -1 << number + 1)  # each is used once, in their order
    return tuple(text.split())


def reworded(tokens: list[str]) -> list[str]:
    """The words of a question in the forms that the grammar reads.

    >>> " ".join(reworded("where can i find the dog".split()))
    'where is the dog'
    """
    return list(_reworded(tuple(tokens)))
