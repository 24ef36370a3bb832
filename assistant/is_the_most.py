"""Whether a thing is the most of some: (is the dog) the tallest animal, the closest to the car, the tallest of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.comparing import picked_by_comparing
from assistant.dimensions import EXTREMES, MOST, NEAREST
from assistant.directions import SIDES
from assistant.ordinals import ORDINALS
from assistant.programs import Exists
from assistant.pronouns import Pronoun
from assistant.ranked_steps import Ranked, picks_first
from assistant.readings import Reading
from assistant.sayings import is_a
from assistant.steps import Called, Extreme, Find, Intersection, Nodes, Pick, Union

if TYPE_CHECKING:
    from assistant.grammar import Phrases
    from assistant.sayings import Phrase

_PICKING = frozenset({*MOST, *SIDES, *EXTREMES, *(word for said in NEAREST for word in said.split())}) - {
    *("left", "right", "top", "bottom", "left-hand", "right-hand", "at", "with", "the", "away", "distance"),
    *("greater", "larger", "longer", "bigger", "smaller", "shorter"),
}
"""Words that pick by comparing; "the man on the left" may be one of many there."""
_BARE = 0.5
"""What it costs to say it without "the", or the other way round: "is the cup nearest the car red" asks of the cup."""
_OF = ("of", "among", "amongst", "out of", "between", "from among")


def is_the_most(phrases: Phrases, subject: Phrase, at: int) -> Iterator[Reading]:
    """What a yes/no question or a statement says of its subject after "is": that it is the most of some."""
    if _PICKING.isdisjoint(phrases.tokens) and ORDINALS.isdisjoint(phrases.tokens):
        return
    if not _is_one(subject):
        yield from _of_a_kind(phrases, subject, at)
        return
    for other in phrases.things(at) if _picks(phrases, 0, subject) else ():  # "is the tallest animal the dog?"
        if phrases.word(at) == "the" and _is_one(other) and not isinstance(other.nodes, Ranked):
            cost = subject.cost + other.cost + _BARE
            yield Reading(other.stop, Exists(Intersection((other.reference, subject.nodes))), cost)
    for stop, nodes, cost in _the_most(phrases, at, _kind_of(subject)):
        yield Reading(stop, Exists(Intersection((subject.reference, nodes))), subject.cost + cost)


def _of_a_kind(phrases: Phrases, subject: Phrase, at: int) -> Iterator[Reading]:
    """(Is) a dog the tallest animal: whether the tallest animal is a dog."""
    one = subject.noun is not None and subject.noun.plural is False and phrases.word(at) == "the"
    if not one or subject.definite or subject.universal or subject.none or isinstance(subject.nodes, Pick | Pronoun):
        return
    for stop, nodes, cost in _the_most(phrases, at, Find(None)):
        most = replace(subject, nodes=nodes, definite=True, plural=False, number=None, some=False)
        if isinstance(subject.nodes, Find | Called) and subject.noun is not None:
            yield Reading(stop, is_a(most, subject.noun), subject.cost + cost)


def _kind_of(subject: Phrase) -> Nodes:
    """Of what "the tallest one" is: of persons, if the person on the horse is it; of all there is, if the dog is."""
    said = None if isinstance(subject.nodes, Find | Called | Pick | Pronoun) else subject.noun
    return Find(None) if said is None else Find(said.categories, word=said.word)


def _is_one(subject: Phrase) -> bool:
    """Whether a phrase names one thing that is given: the dog, node 3, "it"."""
    named = subject.definite or isinstance(subject.nodes, Pick | Pronoun)
    return named and not (subject.plural and subject.noun is not None and subject.noun.plural is True)


def _picks(phrases: Phrases, at: int, phrase: Phrase) -> bool:
    """Whether a phrase from a word on names what is the most of some; "one of the tallest" may be the second."""
    named = phrase.definite and not phrase.some and isinstance(phrase.nodes, Ranked)
    if not named:
        return False
    return not picks_first(phrase.nodes) or not _PICKING.isdisjoint(phrases.tokens[at : phrase.stop])  # type: ignore[arg-type]


def _the_most(phrases: Phrases, at: int, kind: Nodes) -> Iterator[tuple[int, Nodes, float]]:
    """The tallest animal, the one closest to the car; the tallest (of all there is); the tallest of the cup and ..."""
    for phrase in phrases.things(at):
        if _picks(phrases, at, phrase):
            yield phrase.stop, phrase.nodes, phrase.cost
    side = SIDES.get(phrases.word(at + 1))
    if side is not None and phrases.word(at) == "the" and phrases.word(at + 1) in _PICKING:
        one = phrases.word(at + 2) == "one"
        yield at + 2 + one, Extreme(kind if one else Find(None), side), 0.0
    for said in picked_by_comparing(phrases, at):
        most = said.narrow(kind if phrases.word(said.stop - 1) == "one" else Find(None))
        if "than" in phrases.tokens[at : said.stop] or not isinstance(most, Ranked):
            continue
        yield said.stop, most, said.cost + _BARE * (phrases.word(at) != "the")
        for start in phrases.literals(said.stop, _OF):
            for joined in phrases.joined(start, ("and",)):
                if len(joined) > 1 and all(_is_one(one) for one in joined):
                    union = Union(tuple(one.reference for one in joined))
                    yield joined[-1].stop, replace(most, nodes=union), sum(one.cost for one in joined)
