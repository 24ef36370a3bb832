"""What is said behind a clause of what it asks for: which cups is the cat throwing that the dog is not?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.relatives import relative_objects
from assistant.sayings import Phrase
from assistant.steps import Nodes

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_THAT = frozenset({"that", "which", "who", "whom", "but", "and", "while", "whereas"})
_SURELY = 0.15
"""What it saves to read a clause as one about what is asked for: "throwing that the dog ..." throws no dog."""


def further_said(phrases: Phrases, asked: Phrase) -> Iterator[tuple[int, Nodes, float]]:
    """What more is said of the things that are asked for: (the place after it, the things, cost).

    Args:
        phrases: of the question.
        asked: the things, by the clause that asks for them.
    """
    if phrases.word(asked.stop) not in _THAT:
        return
    if phrases.word(asked.stop) in ("that", "which", "who"):  # "what is the dog chasing that is red"
        yield from ((wider.stop, wider.nodes, wider.cost) for wider in phrases.modified(asked))
    for said in relative_objects(phrases, asked.stop + 1):
        yield said.stop, said.narrow(asked.nodes), said.cost - _SURELY
