"""Many ways to put a question, brought to the few that the grammar reads."""

import re

from assistant.paraphrases import PARAPHRASES

_COMPILED = tuple((re.compile(pattern), plain) for pattern, plain in PARAPHRASES)


def reworded(tokens: list[str]) -> list[str]:
    """The words of a question in the forms that the grammar reads.

    >>> " ".join(reworded("where can i find the dog".split()))
    'where is the dog'
    """
    text = " ".join(tokens)
    for pattern, plain in _COMPILED:
        text = pattern.sub(plain, text)
    return text.split()
