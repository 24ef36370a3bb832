"""How the one-line form of programs writes names."""

import json
import re

RESERVED = ("nothing", "anything", "yes", "no")
"""Words of the one-line form; a name that is one of them is written in quotes."""

BARE = re.compile(r"\w(?:[\w .'/-]*[\w.'])?")


def quoted(name: str) -> str:
    """A name as the one-line form writes it: as it is, or as a JSON string where it would be misread.

    >>> quoted("in front of"), quoted("a, b"), quoted("nothing")
    ('in front of', '"a, b"', '"nothing"')
    """
    bare = BARE.fullmatch(name) and name not in RESERVED and not name.startswith("nothing called")
    return name if bare else json.dumps(name, ensure_ascii=False)
