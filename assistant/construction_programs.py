"""The programs that constructions ask for, from what fills their slots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.dimensions import NOUNS
from assistant.measured_programs import Compare, CompareCounts, Comparison, Distance
from assistant.programs import Alike, AttributeOf, Exists, Holds, IsPlaced, Not, Which
from assistant.pronouns import Pronoun, rebuilt
from assistant.sayings import Phrase, Predication
from assistant.steps import Event, Except, Find, Nodes, Question, Union, walk
from assistant.timed_programs import AllenOf, During, First, Occurrence, TimeBetween, When

if TYPE_CHECKING:
    from assistant.slots import Quality

Builds = Callable[..., Question | None]


def attribute(quality: Quality) -> Question:
    """What colour is it?"""
    return AttributeOf(quality.nodes, quality.name)


def colour(thing: Nodes) -> Question:
    """How is it coloured?"""
    return AttributeOf(thing, "colour")


def shared(different: bool) -> Builds:
    """Have two things the same value of an attribute?"""
    return lambda one, other, attribute: Alike(Union((one, other)), attribute, different)


def alike(different: bool) -> Builds:
    """Is the colour of one thing that of the other, where the other's is not named?"""

    def build(one: Quality, other: Nodes) -> Question | None:
        return Alike(Union((one.nodes, other)), one.name, different)

    return build


def qualities_alike(different: bool) -> Builds:
    """Is the colour of one thing the colour of the other?"""

    def build(one: Quality, other: Quality) -> Question | None:
        return Alike(Union((one.nodes, other.nodes)), one.name, different) if one.name == other.name else None

    return build


def quality_compared(how: Comparison) -> Builds:
    """Is the height of one thing greater than that of the other?"""

    def build(one: Quality, other: Nodes) -> Question | None:
        flat = NOUNS[one.name].flat
        return None if flat is None else Compare(one.nodes, flat, how, other)

    return build


def compared(how: Comparison) -> Builds:
    """Does one thing exceed the other in height?"""
    return lambda one, other, dimension: Compare(one, dimension, how, other)


def counts_compared(how: Comparison) -> Builds:
    """Are there more of the one than of the other?"""
    return lambda one, other: CompareCounts(one, how, other)


def half(set: Nodes, being: Predication) -> Question:
    """Is something true of as many as it is not true of?"""
    so = being.narrow(set)
    return CompareCounts(so, "equal", Except(set, so))


def only_one(thing: Nodes, being: Predication) -> Question:
    """Is something true of nothing else?"""
    return Not(Exists(being.narrow(Except(Find(None), thing))))


def which_named(phrase: Phrase) -> Question:
    """What is the name of the thing that is held?"""
    return Which(phrase.reference)


def pair_related(asks: Callable[[Nodes, Nodes], Question]) -> Builds:
    """How two things are tied."""
    return lambda one, other: asks(one, other)


def distance(one: Nodes, other: Nodes) -> Question:
    """How far two things are from each other."""
    return Distance(one, other)


def last_time(event: Event) -> Question:
    """When an event happens for the last time: until when it does."""
    return During(When(event), Occurrence(event, -1))


def first_of(last: bool) -> Builds:
    """Who is the first to do something."""
    return lambda done: First((done,), last)


def _with_subject(one: Event, other: Event) -> Event | None:
    """The other event with the subject of the first, where it leaves its own out."""
    subject = one.subjects if isinstance(one, Holds) else one.nodes if isinstance(one, IsPlaced) else None
    for pronoun in [step for step in walk(other) if isinstance(step, Pronoun)]:
        if subject is None:
            return None
        other = rebuilt(other, pronoun, subject)
    return other


def order(one: Event, other: Event) -> Question | None:
    """Is one event before or after the other, which may leave its subject out?"""
    whole = _with_subject(one, other)
    return None if whole is None else AllenOf(one, whole)


def time_between(one: Event, other: Event) -> Question | None:
    """How long after the other event is the first?"""
    whole = _with_subject(one, other)
    return None if whole is None else TimeBetween(whole, one)


def time_until(one: Event, other: Event) -> Question | None:
    """How long before the other event is the first?"""
    whole = _with_subject(one, other)
    return None if whole is None else TimeBetween(one, whole)
