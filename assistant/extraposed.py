"""What is said behind a clause of what it asks for: which cups is the cat throwing that the dog is not?"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.lexicon import Form
from assistant.predicating import BE, DO, HAVE, NOT
from assistant.relatives import relative_objects
from assistant.sayings import Gap, Phrase, Predication, denied, related
from assistant.steps import Except, Nodes, Related, Union

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_THAT = frozenset({"that", "which", "who", "whom", "but", "and", "while", "whereas"})
_AND = ("and", "and also", "as well as", "but also")
_SURELY = 0.15
"""What it saves to read a clause as one about what is asked for: "throwing that the dog ..." throws no dog."""


def further_said(
    phrases: Phrases, first: Gap, nodes: Nodes, kind: Nodes, subject: Phrase, forms: frozenset[Form]
) -> Iterator[tuple[int, Nodes, float]]:
    """What more is said of the things that are asked for: (the place after it, the things, cost).

    Args:
        phrases: of the question.
        first: the verb of its clause.
        nodes: the things, by that clause.
        kind: by what the question calls them.
        subject: of the clause.
        forms: of its verb.
    """
    if not isinstance(nodes, Except):
        yield from _more_verbs(phrases, first, nodes, kind, subject, forms)
    if phrases.word(first.stop) not in _THAT:
        return
    if phrases.word(first.stop) in ("that", "which", "who"):  # "what is the dog chasing that is red"
        described = phrases.modified(Phrase(first.stop, nodes))
        yield from ((wider.stop, wider.nodes, wider.cost) for wider in described)
    start = first.stop + 1
    for said in relative_objects(phrases, start):
        yield said.stop, said.narrow(nodes), said.cost - _SURELY
    for other in phrases.things(start):
        auxiliary = phrases.word(other.stop) in (*BE, *DO, *HAVE)
        negated = auxiliary and phrases.word(other.stop + 1) in NOT
        if negated or phrases.word(other.stop) in NOT:  # "that the dog is not (throwing)"
            saying = related(first.predicate.flipped(), first.narrow(other.reference))
            stop = other.stop + 1 + auxiliary
            yield stop, denied(Predication(stop, (saying,))).narrow(nodes), other.cost - _SURELY


def _more_verbs(
    phrases: Phrases, first: Gap, nodes: Nodes, kind: Nodes, subject: Phrase, forms: frozenset[Form]
) -> Iterator[tuple[int, Nodes, float]]:
    """(What is the dog chasing) and, or, as well as touching?"""
    links = [(stop, True) for stop in phrases.literals(first.stop, _AND)]
    links += [(first.stop + 1, False)] if phrases.word(first.stop) == "or" else []
    for start, both in links:
        for gap in phrases.gaps(start, forms):
            tied = gap.predicate.flipped(), gap.narrow(subject.reference)
            yield gap.stop, Related(nodes, *tied) if both else Union((nodes, Related(kind, *tied))), 0.0
