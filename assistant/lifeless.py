"""What is said behind a thing that does not live: a bench with a dog, (sitting on) the bench holding a cup."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.auxiliaries import AFTER_BE
from assistant.beside_it import with_on_it
from assistant.lexicon import Noun
from assistant.sayings import Phrase, Predication, denied, tied
from assistant.steps import Predicate
from assistant.verbs import DEEDS

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_NO_DEED = 0.8
"""What it costs to say of a bench what only people and animals do."""
_OF_THE_SUBJECT = 0.4
"""What it costs to say of the subject what stands behind the thing that was named last."""
_BROUGHT = 0.7
"""What it costs to take "with a bag" for a description of the bench on which somebody sits."""
_OF_VEHICLES = frozenset({"driving", "following", "chasing", "pulling", "pushing", "carrying", "leading", "running"})
_GOES_WITH = DEEDS | {"sitting", "standing", "lying"}
_BEARS = ("on", "in")
"""How what a thing has stands to it: the bench with a dog on it, the car with a child in it."""


def said_behind(phrases: Phrases, phrase: Phrase) -> list[Predication]:
    """What is said of a phrase by the words right behind it, without a relative pronoun.

    Args:
        phrases: of the question.
        phrase: the phrase.
    """
    at, living = phrase.stop, may_live(phrases, phrase.noun)
    if phrases.word(at) == "with" and phrases.word(at - 1) in _GOES_WITH and _names_company(phrases, at + 1):
        return []  # "the man walking with the dog" does not hold it
    said = phrases.predications(at, AFTER_BE)
    if phrases.word(at) == "with" and not living:
        things = {thing.stop for thing in phrases.noun_phrases(at + 1)}
        kept = [one for one in said if one.stop not in things]
        return [*kept, *with_on_it(phrases, at + 1), *_having(phrases, at + 1)]
    if phrases.word(at) == "without" and not living:
        return [replace(one, sayings=(denied(one),), cost=0.0) for one in _having(phrases, at + 1)]
    if not may_do(phrases, phrases.word(at), phrase.noun):
        return [replace(one, cost=one.cost + _NO_DEED) for one in said]
    return said


def further_said(phrases: Phrases, first: Predication, at: int) -> list[Predication]:
    """(Who is) sitting on the bench holding a cup, (who walks) on the road with a bag: both are said of the subject.

    Args:
        phrases: of the question.
        first: what is said first.
        at: where that begins.
    """
    word = phrases.word(first.stop)
    if first.asks_only or not (word in DEEDS or word == "with") or phrases.word(first.stop - 1) in DEEDS:
        return []
    if word == "with" and not (phrases.word(at).endswith("ing") or phrases.word(0) == "who"):
        return []
    return [
        Predication(more.stop, (*first.sayings, *more.sayings), first.cost + more.cost + _OF_THE_SUBJECT)
        for more in phrases.predications(first.stop, AFTER_BE)
        if not more.asks_only and (word != "with" or not _names_company(phrases, first.stop + 1))
    ]


def _having(phrases: Phrases, at: int) -> list[Predication]:
    """With a dog: what has it holds it, or bears it."""
    forward = [name for verb in phrases.verbs("with") for name in verb.predicate.forward]
    borne = [name for way in _BEARS for verb in phrases.verbs(way) for name in verb.predicate.forward]
    having = Predicate(tuple(dict.fromkeys(forward)), tuple(dict.fromkeys(borne)), "with")
    found = []
    for thing in phrases.noun_phrases(at):
        brought = not (thing.definite or thing.universal or _lives(phrases, thing))
        found.append(Predication(thing.stop, (tied(having, thing),), thing.cost + _BROUGHT * brought))
    return found


def _names_company(phrases: Phrases, at: int) -> bool:
    """Whether a person or an animal is named, who is there too and is not held."""
    return any(_lives(phrases, thing) for thing in phrases.cores(at))


def _lives(phrases: Phrases, thing: Phrase) -> bool:
    """Whether a phrase surely names a person or an animal."""
    return thing.noun is not None and bool(thing.noun.categories) and may_live(phrases, thing.noun)


def may_live(phrases: Phrases, noun: Noun | None) -> bool:
    """Whether "who" may be said of something: of people, animals, and of what has no kind."""
    if noun is None or not noun.categories:
        return True
    return not phrases.lexicon.beings.living.isdisjoint(noun.categories)


def may_do(phrases: Phrases, word: str, noun: Noun | None) -> bool:
    """Whether something may be what a verb says: no bench looks at anybody, a car pulls a boat."""
    if word not in DEEDS or may_live(phrases, noun):
        return True
    names = set(noun.categories or ()) if noun is not None else set()
    vehicles = (entry for _, entry in phrases.lexicon.at(["vehicle"], 0) if isinstance(entry, Noun))
    return word in _OF_VEHICLES and any(not names.isdisjoint(entry.categories or ()) for entry in vehicles)
