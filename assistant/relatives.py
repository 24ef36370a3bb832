"""Relative clauses: that the person holds, on which it sits, whose colour is red."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.adjectives import spelling
from assistant.lexicon import Adjective
from assistant.predicating import AFTER_BE, AFTER_DO, AFTER_HAVE, BE, DO, FINITE, HAVE, NOT
from assistant.sayings import Predication, denied, related, valued

if TYPE_CHECKING:
    from assistant.grammar import Phrases


def relative_objects(phrases: Phrases, at: int) -> list[Predication]:
    """What "(that) the person is holding" says of a ball."""
    if phrases.word(at) in BE or not phrases.word(at):
        return []
    found = []
    nobody = [(phrase, True) for phrase in phrases.nobody(at)]
    for subject, absent in (*((phrase, phrase.none) for phrase in phrases.noun_phrases(at)), *nobody):
        after = subject.stop
        forms = AFTER_BE if phrases.word(after) in BE else FINITE
        auxiliary = forms is AFTER_BE
        if phrases.word(after) in (*BE, *DO, *HAVE, "can", "could"):
            forms = {**dict.fromkeys(BE, AFTER_BE), **dict.fromkeys(HAVE, AFTER_HAVE)}.get(
                phrases.word(after), AFTER_DO
            )
            auxiliary = True
        negated = auxiliary and phrases.word(after + 1) in NOT
        for gap in phrases.gaps(after + auxiliary + negated, forms):
            saying = related(gap.predicate.flipped(), gap.narrow(subject.reference))
            if negated or absent:
                saying = denied(Predication(0, (saying,)))
            found.append(Predication(gap.stop, (saying,), cost=0.1))
    return found


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
    found = [
        Predication(stop, (valued(Adjective(entry.value, attribute)),))
        for stop, entry in (phrases.lexicon.at(phrases.tokens, at + 2) if phrases.word(at + 1) in BE else ())
        if isinstance(entry, Adjective) and entry.attribute in (attribute, None)
    ]
    having = phrases.verbs("with")
    for thing in phrases.cores(at) if having else ():
        be = phrases.word(thing.stop) in BE
        said = phrases.predications(thing.stop + be, AFTER_BE if be else FINITE) + relative_objects(phrases, thing.stop)
        for one in said:
            if not one.asks_only:
                saying = related(having[0].predicate, one.narrow(thing.nodes))
                found.append(Predication(one.stop, (saying,), one.cost))
    return found
