"""What is left out: other than the dog, besides the dog, except for the dog."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.ranked_steps import Ranked
from assistant.sayings import Phrase
from assistant.steps import Except, Nodes, Union

if TYPE_CHECKING:
    from assistant.grammar import Phrases

MARKERS = ("other than", "besides", "except for", "except", "apart from", "aside from", "excluding", "not counting")
_VERBS = ("", "is", "are", "was", "were", "do", "does", "did", "has", "have", "how", "which", "what", "who")
"""What may follow what is left out, if nothing more is said of it."""
_TOGETHER = 0.15
"""What it saves, for each, to leave out all that are named together."""
_ANY_MARKER = (*MARKERS, "but")


def excluded(phrases: Phrases, at: int, anything: bool = False) -> Iterator[Phrase]:
    """What is left out from a word on, with the place after it.

    Args:
        phrases: of the question.
        at: where the marker stands.
        anything: it follows a word such as "anyone", after which "but" leaves out.
    """
    for start in phrases.literals(at, _ANY_MARKER if anything else MARKERS):
        bare = start + 2 if phrases.word(start) == "the" and phrases.word(start + 1) in ("one", "ones") else None
        said = bare is not None and phrases.word(bare) not in _VERBS  # "besides the one on the bench" says which one
        yield from (phrase for phrase in phrases.things(start) if not (said and phrase.stop == bare))
        yield from _several(phrases, start)


def _several(phrases: Phrases, at: int) -> Iterator[Phrase]:
    """Everyone but the man and the woman: all of them are left out, none begins another clause."""
    for named in phrases.joined(at) if phrases.word(at) not in ("both", "either") else ():
        plain = all(one.number is None and not one.most and not one.none for one in named)
        if len(named) > 1 and plain:
            nodes = Union(tuple(one.reference for one in named))
            yield Phrase(named[-1].stop, nodes, cost=sum(one.cost for one in named) - _TOGETHER * (len(named) - 1))


def without(nodes: Nodes, others: Nodes) -> Nodes:
    """Nodes without others, which are left out before the tallest or the nearest is found.

    Of the tallest person apart from the man, the man is left out of those among whom the tallest is sought.
    """
    if isinstance(nodes, Ranked):
        return replace(nodes, nodes=without(nodes.nodes, others))
    return Except(nodes, others)
