"""Ways to ask: at least ten for every template.

`{S}` and `{O}` are names of nodes, `{p}` a predicate as it stands after "is", `{kind}`, `{kinds}` and `{a}`
a kind in the singular, the plural and with its article, `{A}` and `{B}` clauses ("the dog is chasing the
ball"), `{first}` and `{last}` frames, `{t}` a time in seconds, `{options}` lettered options.
"""

from random import Random

from assistant.teaching.phrasings_pictures import PICTURES
from assistant.teaching.phrasings_space import SPACE
from assistant.teaching.phrasings_texts import TEXTS
from assistant.teaching.phrasings_time import TIME


def _read(*blocks: str) -> dict[str, tuple[str, ...]]:
    """Blocks of lines below `[template]` lines."""
    found: dict[str, list[str]] = {}
    for block in blocks:
        for line in filter(None, map(str.strip, block.splitlines())):
            if line.startswith("["):
                name = line.strip("[]")
                found[name] = []
            else:
                found[name].append(line)
    return {name: tuple(lines) for name, lines in found.items()}


PHRASINGS: dict[str, tuple[str, ...]] = _read(PICTURES, TIME, SPACE, TEXTS)
"""Template to its phrasings."""


def phrase(random: Random, template: str, **slots: object) -> str:
    """One phrasing of a template, filled in, as a sentence.

    >>> phrase(Random(1), "count", kinds="dogs", kind="dog").endswith(("?", "."))
    True
    """
    text = random.choice(PHRASINGS[template]).format(**slots)
    return f"{text[:1].upper()}{text[1:]}"
