"""Verbs with several objects, or none: the ball and the cup, neither of them, one and not the other, only one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.sayings import Predication, denied, related
from assistant.steps import Except, Find, Predicate, Union

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_RATHER = 0.05
"""How much sooner "no ball" says that the ball is not held than that there is none."""
_NOT = ("rather than", "instead of")


def with_several(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """A predicate with the objects that start at a word, where it has several of them, or is denied of some."""
    return [
        *_neither(phrases, predicate, at),
        *_both(phrases, predicate, at),
        *_one_not_other(phrases, predicate, at),
    ]


def _neither(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """(Holding) neither a cup nor a ball; (holding) nothing; (holding) only the ball."""
    found = []
    if phrases.word(at) == "neither":
        for things in phrases.joined(at + 1, ("nor",)):
            if len(things) > 1:
                nodes = Union(tuple(thing.reference for thing in things))
                said = Predication(0, (related(predicate, nodes),))
                found.append(Predication(things[-1].stop, (denied(said),), sum(thing.cost for thing in things)))
    for nobody in (*phrases.nobody(at), *(phrase for phrase in phrases.noun_phrases(at) if phrase.none)):
        said = Predication(0, (related(predicate, nobody.nodes),))
        found.append(Predication(nobody.stop, (denied(said),), nobody.cost))
    for thing in phrases.things(at + 1) if phrases.word(at) in ("only", "just") else ():
        if thing.number is None or thing.definite:
            others = related(predicate, Except(Find(None), thing.reference))
            sayings = (related(predicate, thing.reference), denied(Predication(0, (others,))))
            found.append(Predication(thing.stop, sayings, thing.cost))
    return found


def _both(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """A predicate with several objects: the ball and the cup, both of them."""
    found = []
    for things in phrases.joined(at + 1 if phrases.word(at) == "both" else at, ("and",)):
        if len(things) > 1 and not any(thing.number is not None or thing.universal or thing.none for thing in things):
            sayings = tuple(related(predicate, thing.reference) for thing in things)
            found.append(Predication(things[-1].stop, sayings, 0.15 + sum(thing.cost for thing in things)))
    return found


def _one_not_other(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """A predicate with an object that it has and one that it has not: the ball and not the cup, but not the cup."""
    found = []
    for one in phrases.objects(at):
        joint, word = phrases.word(one.stop), phrases.word(one.stop + 1)
        linked = joint in ("and", "but", "yet")
        stop = one.stop + 2 if linked and word == "not" else phrases.after(one.stop, _NOT)
        verb = stop is not None and phrases.word(stop).endswith("ing")  # "but not holding it" denies another verb
        named = phrases.objects(stop) if stop is not None and not verb else []
        if linked and word == "no":
            named = [phrase for phrase in phrases.noun_phrases(one.stop + 1) if phrase.none]
        for other in named:
            sayings = (
                related(predicate, one.reference),
                denied(Predication(0, (related(predicate, other.reference),))),
            )
            without = _RATHER if word == "no" and not one.definite else 0.0  # (a person with) a cup but no ball
            found.append(Predication(other.stop, sayings, one.cost + other.cost - without))
    return found
