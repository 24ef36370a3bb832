"""Relative clauses: that the person holds, on which it sits, whose colour is red."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.adjectives import spelling
from assistant.amounts_had import sized
from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO, FINITE, NOT
from assistant.directions import OPPOSITE, placing
from assistant.had_by_others import sized_against
from assistant.lexicon import Adjective
from assistant.predicating import direction_gaps
from assistant.sayings import Gap, Phrase, Predication, denied, directed, either, held, related, valued

if TYPE_CHECKING:
    from assistant.grammar import Phrases


def relative_objects(phrases: Phrases, at: int) -> list[Predication]:
    """What "(that) the person is holding", "(that) nobody holds", "(that) it is chasing or touching" says of a ball."""
    if phrases.word(at) in BE or not phrases.word(at):
        return []
    found = []
    both = phrases.word(at) == "both"
    if both or ("and" in phrases.tokens[at:] and any(phrases.word(one.stop) == "and" for one in phrases.cores(at))):
        found += _of_both(phrases, at + both)
    if phrases.word(at) == "neither" or "but" in phrases.tokens[at:]:
        found += _of_one_not_other(phrases, at)
    nobody = [(phrase, True) for phrase in phrases.nobody(at)]
    for subject, absent in (*((phrase, phrase.none) for phrase in phrases.noun_phrases(at)), *nobody):
        start, forms = subject.stop, FINITE
        auxiliary = phrases.word(start) in (*BE, *DO, "can", "could")
        if auxiliary:
            forms = AFTER_BE if phrases.word(start) in BE else AFTER_DO
        negated = auxiliary and phrases.word(start + 1) in NOT
        start += auxiliary + negated
        for gap in phrases.gaps(start + (phrases.word(start) == "both"), forms):
            saying, cost = held(gap, subject), 0.2 if placing(gap.predicate) else 0.1
            if negated or absent:
                found.append(Predication(gap.stop, (denied(Predication(0, (saying,))),), cost))
                continue
            found.append(Predication(gap.stop, (saying,), cost))
            link = phrases.word(gap.stop)
            for other in phrases.gaps(gap.stop + 1, forms) if link in ("and", "or") else ():
                more = related(other.predicate.flipped(), other.narrow(subject.reference))
                either_one = either(Predication(0, (saying,)), Predication(0, (more,)))
                found.append(Predication(other.stop, (saying, more) if link == "and" else (either_one,), cost=0.1))
        for stop, direction in direction_gaps(phrases, start) if forms is AFTER_BE and subject.number is None else ():
            there = directed(OPPOSITE[direction], subject.reference, phrases)
            said = denied(Predication(0, (there,))) if negated or absent else there
            found.append(Predication(stop, (said,), cost=0.1))
    return found


def _of_both(phrases: Phrases, at: int) -> list[Predication]:
    """(A ball) that (both) the person and the dog are touching."""
    found = []
    for subjects in phrases.joined(at, ("and",)):
        if len(subjects) == 1 or any(subject.number is not None or subject.none for subject in subjects):
            continue
        start, forms = subjects[-1].stop, FINITE
        start += phrases.word(start) in ("both", "all")
        if phrases.word(start) in (*BE, *DO):
            forms = AFTER_BE if phrases.word(start) in BE else AFTER_DO
            start += 1
        for gap in phrases.gaps(start + (phrases.word(start) == "both"), forms):
            tied = tuple(related(gap.predicate.flipped(), gap.narrow(subject.reference)) for subject in subjects)
            found.append(Predication(gap.stop, tied, cost=0.1))
    return found


def _of_one_not_other(phrases: Phrases, at: int) -> list[Predication]:
    """(A ball) that neither the dog nor the cat is chasing, that the dog but not the cat is chasing."""
    found = []
    link, start = (("nor",), at + 1) if phrases.word(at) == "neither" else (("but", "not"), at)
    for one in phrases.things(start):
        other_at = one.stop + len(link)
        linked = tuple(phrases.tokens[one.stop : other_at]) == link
        for other in phrases.things(other_at) if linked else ():
            auxiliary = phrases.word(other.stop) in (*BE, *DO)
            forms = AFTER_BE if phrases.word(other.stop) in BE else AFTER_DO if auxiliary else FINITE
            for gap in phrases.gaps(other.stop + auxiliary, forms):
                first, second = (_done(gap, each) for each in (one, other))
                none = (denied(Predication(0, (either(first, second),))),)
                found.append(Predication(gap.stop, none if start > at else (*first.sayings, denied(second)), cost=0.1))
        if link == ("but", "not"):
            found += _but_other_not(phrases, one)
    return found


def _but_other_not(phrases: Phrases, one: Phrase) -> list[Predication]:
    """(A ball) that the dog is chasing but the cat is not."""
    auxiliary = phrases.word(one.stop) in (*BE, *DO)
    forms = AFTER_BE if phrases.word(one.stop) in BE else AFTER_DO if auxiliary else FINITE
    found = []
    for gap in phrases.gaps(one.stop + auxiliary, forms):
        for other in phrases.things(gap.stop + 1) if phrases.word(gap.stop) == "but" else ():
            if phrases.word(other.stop) in (*BE, *DO) and phrases.word(other.stop + 1) in NOT:
                so, not_so = (_done(gap, each) for each in (one, other))
                found.append(Predication(other.stop + 2, (*so.sayings, denied(not_so)), cost=0.1))
    return found


def _done(gap: Gap, subject: Phrase) -> Predication:
    """That a subject does it."""
    return Predication(gap.stop, (held(gap, subject),))


def pied(phrases: Phrases, at: int) -> list[Predication]:
    """(The bench) on which the dog is sitting, sits; (the man) by whom the ball is held."""
    preposition, found = phrases.word(at), []
    for subject in phrases.things(at + 2):
        auxiliary = phrases.word(subject.stop) in (*BE, *DO)
        forms = AFTER_DO if phrases.word(subject.stop) in DO else AFTER_BE if auxiliary else FINITE
        for stop in range(subject.stop + auxiliary, min(subject.stop + auxiliary + 3, len(phrases.tokens)) + 1):
            verb = (*phrases.tokens[subject.stop + auxiliary : stop], preposition)
            form = AFTER_BE if len(verb) == 1 else forms
            if len(verb) == 1 and not auxiliary:
                continue
            found += [
                Predication(stop, (related(gap.predicate.flipped(), gap.narrow(subject.reference)),), 0.1)
                for gap in phrases.over(verb).gaps(0, form)
                if gap.stop == len(verb)
            ]
    return found


def whose(phrases: Phrases, at: int) -> list[Predication]:
    """Whose colour is red; whose umbrella is red, stands on the bench: said of what they have."""
    attribute = spelling(phrases.word(at))
    negated = phrases.word(at + 2) in NOT
    values = [
        Predication(stop, (valued(Adjective(entry.value, attribute)),))
        for stop, entry in (phrases.entries(at + 2 + negated) if phrases.word(at + 1) in BE else ())
        if isinstance(entry, Adjective) and entry.attribute in (attribute, None)
    ]
    found = [replace(said, sayings=(denied(said),)) for said in values] if negated else values
    found += [*sized(phrases, at, BE), *sized_against(phrases, at, BE)]
    having = phrases.verbs("with")
    for thing in phrases.cores(at) if having else ():
        be = phrases.word(thing.stop) in BE
        said = phrases.predications(thing.stop + be, AFTER_BE if be else FINITE) + relative_objects(phrases, thing.stop)
        for one in said:
            if not one.asks_only:
                saying = related(having[0].predicate, one.narrow(thing.nodes))
                found.append(Predication(one.stop, (saying,), one.cost))
    return found
