"""What is said behind a clause of what it asks for: which cups is the cat throwing that the dog is not?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.relatives import relative_objects
from assistant.sayings import Gap, Phrase, held
from assistant.steps import Find, Nodes, walk

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
    if phrases.word(asked.stop) not in _THAT or (phrases.word(asked.stop) == "who" and _is_what(asked.nodes)):
        return
    if phrases.word(asked.stop) in ("that", "which", "who"):  # "what is the dog chasing that is red"
        yield from ((wider.stop, wider.nodes, wider.cost) for wider in phrases.modified(asked))
    for said in relative_objects(phrases, asked.stop + 1):
        yield said.stop, said.narrow(asked.nodes), said.cost - _SURELY


def said_of_subject(phrases: Phrases, gap: Gap, subject: Phrase, kind: Nodes) -> Iterator[tuple[int, Nodes, float]]:
    """What somebody does of whom more is said behind: "what is the man holding who sits on the bench?"."""
    if phrases.word(gap.stop) == "who" and kind == Find(None):
        for wider in phrases.modified(replace(subject, stop=gap.stop)):
            yield wider.stop, held(gap, wider).narrow(kind), wider.cost


def _is_what(nodes: Nodes) -> bool:
    """Whether anything may be asked for: of that nobody says "who"."""
    return next((step.categories is None for step in walk(nodes) if isinstance(step, Find)), False)
