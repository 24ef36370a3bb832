"""What is said of things by what others have: bigger than the cat, than every cat, than a cat; faster, seen longer."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.auxiliaries import BE, DO
from assistant.bounded_steps import Bound, Exceeding
from assistant.measured_programs import Compare, Comparison
from assistant.programs import Exists, Not
from assistant.pronouns import PLURAL, Pronoun
from assistant.sayings import Predication, Saying, asking, described, either
from assistant.steps import Nodes, Pick, Quantity, Question, The

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.sayings import Phrase

_ANY = ("any", "anything", "anyone", "anybody")
"""Bigger than any cat is bigger than every cat."""
_SOME = ("a", "an", "another", "some", "something", "someone", "somebody")


@dataclass(frozen=True)
class Against:
    """A quantity of a subject held against that of others: of one of them, or with `every` of each.

    `named` says that it is asked which of two given things has more, as in "is the dog bigger than the cat".
    """

    quantity: Quantity
    how: Bound
    others: Nodes
    every: bool
    named: bool

    @property
    def saying(self) -> Saying:
        """That it is so, with its opposite: what is not bigger was measured as well."""
        opposite = Saying(self._not_so, self._denied_of_named, of_any=Saying(self._not_so, self._denied))
        return Saying(self._so, self._asked_of_named, opposite, of_any=Saying(self._so, self._asked))

    def _so(self, nodes: Nodes) -> Exceeding:
        return Exceeding(nodes, self.quantity, self.how, self.others, self.every)

    def _not_so(self, nodes: Nodes) -> Exceeding:
        opposite = self._so(nodes).opposite
        return replace(opposite, every=False) if self.named and not self.every else opposite  # of the cat there is one

    def _asked(self, nodes: Nodes, every: bool) -> Question:
        """Is there one? Of several: is none of them otherwise?"""
        meant = nodes if isinstance(nodes, The | Pick) or not every else The(nodes, plural=True)
        return Not(Exists(self._not_so(meant))) if every else Exists(self._so(meant))

    def _denied(self, nodes: Nodes, every: bool) -> Question:
        return Not(self._asked(nodes, every))

    def _asked_of_named(self, nodes: Nodes, every: bool) -> Question:
        return compared(self.quantity, self.how, self.others, nodes) if self.named else self._asked(nodes, every)

    def _denied_of_named(self, nodes: Nodes, every: bool) -> Question:
        return Not(self._asked_of_named(nodes, every))


def compared(quantity: Quantity, how: Comparison | Bound, others: Nodes, nodes: Nodes) -> Question:
    """Has one thing that is named more than another; has it at least as much, which is not less."""
    if how == "at least" or how == "at most":
        return Not(Compare(nodes, quantity, "less" if how == "at least" else "more", others))
    return Compare(nodes, quantity, how, others)


def held_against(
    phrases: Phrases, at: int, quantity: Quantity, how: Comparison | Bound, narrows: bool = True
) -> Iterator[Predication]:
    """(Bigger than) the cat, the cats, every cat, a cat, the cat is.

    What is as big as the cat is asked of things that are named, and narrows no set: no two measures are surely equal.
    """
    bound: Bound | None = how if narrows and how != "equal" else None
    for other in phrases.things(at):
        against = None if bound is None else _against(phrases, at, other)
        saying = (
            asking(partial(compared, quantity, how, other.reference))
            if against is None or bound is None
            else Against(quantity, bound, *against).saying
        )
        for stop in (other.stop, *([other.stop + 1] if phrases.word(other.stop) in (*BE, *DO) else [])):
            yield Predication(stop, (saying,), other.cost, asks_only=against is None)
    if bound is not None:
        yield from _of_several(phrases, at, quantity, bound)


def _of_several(phrases: Phrases, at: int, quantity: Quantity, how: Bound) -> Iterator[Predication]:
    """(Bigger than) the cat and the car, than both the cat and the car, than the cat or the car."""
    start = at + (phrases.word(at) in ("both", "either"))
    for joined in phrases.joined(start):
        links = {phrases.word(one.stop) for one in joined[:-1]}
        against = [_against(phrases, start, one) for one in joined]
        named = [Against(quantity, how, *one).saying for one in against if one is not None and one[-1]]
        if len(links) == 1 and len(named) == len(joined):
            alternatives = either(*(Predication(0, (saying,)) for saying in named))
            sayings = tuple(named) if links == {"and"} else (alternatives,)
            yield Predication(joined[-1].stop, sayings, sum(one.cost for one in joined))


def _against(phrases: Phrases, at: int, other: Phrase) -> tuple[Nodes, bool, bool] | None:
    """What a subject is held against, whether against each, and whether it is named; None where that is not said.

    Cats are compared with as a kind, two cats are any two.
    """
    word = phrases.word(at)
    if isinstance(other.nodes, Pronoun):
        return other.nodes, other.nodes.word in PLURAL, True
    if other.universal or word in _ANY:
        return The(other.nodes, plural=True), True, False
    if other.definite and not other.some:
        return other.reference, other.plural, True
    if isinstance(described(other.nodes), Pick):
        return other.nodes, False, True
    if other.definite or (word in _SOME and other.number is None):
        return other.reference, False, False
    return None
