"""The programs that constructions ask for, from what fills their slots."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.camera import is_camera
from assistant.measured_programs import Compare, CompareCounts, Comparison, Distance, Measure
from assistant.programs import (
    Alike,
    AllOf,
    AnyOf,
    AttributeOf,
    Choose,
    ExactlyOneOf,
    Exists,
    Holds,
    IsPlaced,
    Not,
    Which,
)
from assistant.pronouns import Pronoun, rebuilt
from assistant.sayings import Gap, Phrase, Predication
from assistant.steps import Event, Except, Find, Intersection, Nearest, Nodes, Pick, Question, Related, The, Union, walk
from assistant.timed_programs import After, AllenOf, Before, Changed, During, First, Occurrence, TimeBetween, When

if TYPE_CHECKING:
    from assistant.slots import Quality

Builds = Callable[..., Question | None]
_PEOPLE = frozenset({"person", "people", "man", "woman", "child", "kid", "boy", "girl", "adult", "human", "somebody"})


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
        return Compare(one.nodes, one.name, how, other)  # type: ignore[arg-type]

    return build


def compared(how: Comparison) -> Builds:
    """Does one thing exceed the other in height?"""
    return lambda one, other, dimension: Compare(one, dimension, how, other)


def counts_compared(how: Comparison) -> Builds:
    """Are there more of the one than of the other?"""
    return lambda one, other: CompareCounts(one, how, other)


def held(one: Nodes, gap: Gap, kind: Nodes) -> Nodes:
    """Those of a kind that one holds."""
    return Related(kind, gap.predicate.flipped(), gap.narrow(one))


def narrowed_counts(how: Comparison) -> Builds:
    """Are there more of which one thing is true than of which another is?"""
    return lambda one, first, second: CompareCounts(first.narrow(one), how, second.narrow(one))


def counts_of_both(how: Comparison) -> Builds:
    """Is something true of more of the one than of the other?"""
    return lambda one, first, other: CompareCounts(first.narrow(one), how, first.narrow(other))


def held_counts(how: Comparison) -> Builds:
    """Does one hold more balls than cups?"""
    return lambda one, gap, kind, other: CompareCounts(held(one, gap, kind), how, held(one, gap, other))


def each_having(how: Comparison) -> Builds:
    """Does one hold more balls than the other holds cups?"""
    return lambda one, gap, kind, other, also, more: CompareCounts(held(one, gap, kind), how, held(other, also, more))


def having_more(how: Comparison) -> Builds:
    """Does one hold more balls than the other?"""

    def build(one: Nodes, gap: Gap, kind: Nodes, other: Nodes) -> Question | None:
        if not isinstance(other, The | Pick):  # "more benches than mugs" names no other who throws
            return None
        return CompareCounts(held(one, gap, kind), how, held(other, gap, kind))

    return build


def half(set: Nodes, being: Predication) -> Question:
    """Is something true of as many as it is not true of?"""
    so = being.narrow(set)
    return CompareCounts(so, "equal", Except(set, so))


def asked_of(nodes: Nodes, being: Predication) -> tuple[Question, ...]:
    """What is said of some nodes, as questions."""
    return tuple(saying.ask(nodes, False) for saying in being.sayings)


def all_asked(nodes: Nodes, being: Predication) -> Question:
    """What is said of some nodes, as one question."""
    questions = asked_of(nodes, being)
    return questions[0] if len(questions) == 1 else AllOf(questions)


def asked_of_subject(thing: Nodes, said: Predication) -> Question | None:
    """What is said of a subject, as one question; None where it says several things."""
    return said.sayings[0].ask(thing, False) if len(said.sayings) == 1 else None


def one_of_two(one: Nodes, other: Nodes, being: Predication) -> Question:
    """Is something true of one of two, and not of the other?"""
    return ExactlyOneOf((all_asked(one, being), all_asked(other, being)))


def not_both(one: Nodes, other: Nodes, being: Predication) -> Question:
    """Is something not true of both of two?"""
    return Not(AllOf((all_asked(one, being), all_asked(other, being))))


def neither(one: Nodes, other: Nodes, being: Predication) -> Question:
    """Is something true of none of two?"""
    return Not(AnyOf((all_asked(one, being), all_asked(other, being))))


def nearest(farthest: bool) -> Builds:
    """Which one is closer to something? The camera is none of the things."""

    def build(other: Nodes, kind: Nodes | None = None) -> Question | None:
        return None if is_camera(other) else Which(Nearest(kind or Find(None), other, farthest))

    return build


def only_one(thing: Nodes, being: Predication) -> Question:
    """Is something true of nothing else?"""
    return Not(Exists(being.narrow(Except(Find(None), thing))))


def only_object(thing: Nodes, gap: Gap, other: Nodes) -> Question:
    """Is it the only thing that somebody holds?"""
    return Not(Exists(held(other, gap, Except(Find(None), thing))))


def which_named(phrase: Phrase) -> Question | None:
    """What is the name of the thing that is held? The name of a person, or of a dog, is in no graph."""
    noun = phrase.noun
    broad = noun is not None and (noun.categories is None or len(noun.categories) > 1) and noun.word not in _PEOPLE
    return Which(phrase.reference) if broad else None


def pair_related(asks: Callable[[Nodes, Nodes], Question]) -> Builds:
    """How two things are tied."""
    return lambda one, other: asks(one, other)


def kind_of_this(phrase: Phrase, thing: Nodes | None = None) -> Question | None:
    """What kind of animal is this, is dog-1? The breed of a dog is in no graph."""
    if thing is not None and not isinstance(thing, Pick):  # "which dog is the largest"
        return None
    noun = phrase.noun
    if noun is None or noun.categories is None or phrase.definite or noun.word in _PEOPLE:
        return None
    nodes = phrase.nodes if thing is None else Intersection((phrase.nodes, thing))
    return Which(nodes) if len(noun.categories) > 1 else None


def one_kind_of_two(thing: Nodes, one: str, other: str) -> Question | None:
    """Is it a dog or a cat?"""
    return Choose(Which(thing), (one, other)) if one != other else None


def done_first(thing: Nodes, one: Predication, other: Predication) -> Question | None:
    """Which of two things did somebody do first?"""
    first, second = all_asked(thing, one), all_asked(thing, other)
    return First((first, second)) if isinstance(first, Event) and isinstance(second, Event) else None


def and_then(thing: Nodes, one: Predication, other: Predication) -> Question | None:
    """Did somebody do one thing and then the other: the other after the one?"""
    before, later = all_asked(thing, one), all_asked(thing, other)
    return During(later, After(before)) if isinstance(before, Event) else None


def distance(one: Nodes | None, other: Nodes | None) -> Question | None:
    """How many metres lie between two things, or between one and the camera (None)."""
    one, other = (None if spot is None or is_camera(spot) else spot for spot in (one, other))
    if one is None or other is None:
        named = one if other is None else other
        return None if named is None else Measure(named, "distance")
    return Distance(one, other)


def last_time(event: Event) -> Question:
    """When an event happens for the last time: until when it does."""
    return During(When(event), Occurrence(event, -1))


def first_of(last: bool) -> Builds:
    """Who is the first to do something."""
    return lambda done: First((done,), last)


def with_subject(one: Event, other: Event) -> Event | None:
    """The other event with the subject of the first, where it leaves its own out; None where neither has one."""
    if isinstance(other, Holds) and isinstance(other.objects, Pronoun) and other.objects.word:
        return None  # "the dog kicking the ball and the cat chasing it": the dog or the ball
    subject = one.subjects if isinstance(one, Holds) else one.nodes if isinstance(one, IsPlaced) else None
    if isinstance(subject, Pronoun) or not any(isinstance(step, Pronoun) for step in walk(other)):
        return None if isinstance(subject, Pronoun) else other
    return None if subject is None else with_nodes(subject, other)


def with_nodes(subject: Nodes, event: Event) -> Event:
    """An event that leaves out its subject, with that subject."""
    for pronoun in [step for step in walk(event) if isinstance(step, Pronoun)]:
        event = rebuilt(event, pronoun, subject)
    return event


def order(one: Event, other: Event) -> Question | None:
    """Is one event before or after the other, which may leave its subject out?"""
    whole = with_subject(one, other)
    return None if whole is None else AllenOf(one, whole)


def time_between(one: Event, other: Event) -> Question | None:
    """How long after the other event is the first?"""
    whole = with_subject(one, other)
    return None if whole is None else TimeBetween(whole, one)


def time_until(one: Event, other: Event) -> Question | None:
    """How long before the other event is the first?"""
    whole = with_subject(one, other)
    return None if whole is None else TimeBetween(one, whole)


def nth_time(event: Event, nth: int) -> Question:
    """When does something happen the second time?"""
    return During(When(event), Occurrence(event, nth))


def changed_around(event: Event, thing: Nodes) -> Question:
    """What changes about a thing between before an event and after it?"""
    return Changed(Before(event), After(event), thing)
