"""Questions that open with a preposition: on what is the person sitting, by whom is the ball held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO
from assistant.comparing import the_most
from assistant.grammar import Phrases
from assistant.lexicon import Form
from assistant.naming import Labels
from assistant.programs import Which
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import MostRelated, Nodes, Related

_BEING = frozenset({"being", "been"})
_MOST_OF = ("most of",)


@dataclass(frozen=True)
class Wh:
    """Who, what, which animal: the place after it and the nodes that may be the answer.

    `whole`: no kind is named that "who is the rider" would drop.
    """

    stop: int
    nodes: Nodes
    asks_anything: bool = False
    cost: float = 0.0
    whole: bool = True


def fronted(phrases: Phrases, particle: str, whs: Iterable[Wh]) -> Iterator[Reading]:
    """On what is the person sitting?"""
    for asked in whs:
        if phrases.word(asked.stop) not in (*BE, *DO):
            continue
        forms = AFTER_DO if phrases.word(asked.stop) in DO else AFTER_BE
        yield from _with_most(phrases, particle, asked, forms)
        for subject in phrases.things(asked.stop + 1):
            stands = particle != "by" or _BEING.isdisjoint(phrases.tokens)  # "by whom is it being held on the couch"
            there = Phrases((particle,), phrases.lexicon, Labels()).gaps(0, AFTER_BE) if stands else ()
            for gap in there:  # "on which table is it?"
                nodes = Related(asked.nodes, gap.predicate.flipped(), subject.reference)
                beside = 0.3 if particle == "by" else 0.0  # "by whom" asks who does it
                yield Reading(subject.stop, Which(nodes), asked.cost + subject.cost + beside)
            if phrases.word(subject.stop) in _BEING:
                subject = replace(subject, stop=subject.stop + 1)
            if particle == "by":  # "by whom is it looked at"
                yield from _by_whom(phrases, asked, subject)
                continue
            verb = (phrases.word(subject.stop), particle)
            for gap in Phrases(verb, phrases.lexicon, Labels()).gaps(0, forms):
                if gap.stop == 2:
                    nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                    yield Reading(subject.stop + 1, Which(nodes), asked.cost + subject.cost)


def _with_most(phrases: Phrases, particle: str, asked: Wh, forms: frozenset[Form]) -> Iterator[Reading]:
    """By whom are the most balls held? On which bench are most of the dogs?"""
    at = asked.stop + 1
    of_the = (thing for start in phrases.literals(at, _MOST_OF) for thing in phrases.cores(start) if thing.plural)
    for thing in (*the_most(phrases, at), *of_the):
        end = thing.stop + (phrases.word(thing.stop) in ("being", "been"))
        for stop in range(thing.stop, min(end + 3, len(phrases.tokens)) + 1):
            verb = (*phrases.tokens[end:stop], particle)
            for gap in Phrases(verb, phrases.lexicon, Labels()).gaps(0, forms):
                if gap.stop == len(verb):
                    most = MostRelated(asked.nodes, gap.predicate.flipped(), gap.narrow(thing.nodes))
                    yield Reading(max(stop, thing.stop), Which(most), asked.cost + thing.cost)


def _by_whom(phrases: Phrases, asked: Wh, subject: Phrase) -> Iterator[Reading]:
    """(By whom is the ball) held, looked at?"""
    for stop in range(subject.stop + 1, min(subject.stop + 4, len(phrases.tokens) + 1)):
        verb = (*phrases.tokens[subject.stop : stop], "by")
        for gap in Phrases(verb, phrases.lexicon, Labels()).gaps(0, AFTER_BE):
            if gap.stop == len(verb):
                nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                yield Reading(stop, Which(nodes), asked.cost + subject.cost)
