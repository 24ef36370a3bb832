"""Questions that open with a preposition: on what is the person sitting, by whom is the ball held."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO
from assistant.grammar import Phrases
from assistant.naming import Labels
from assistant.programs import Which
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import Nodes, Related


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
        for subject in phrases.things(asked.stop + 1):
            for gap in Phrases((particle,), phrases.lexicon, Labels()).gaps(0, AFTER_BE):  # "on which table is it?"
                nodes = Related(asked.nodes, gap.predicate.flipped(), subject.reference)
                beside = 0.3 if particle == "by" else 0.0  # "by whom" asks who does it
                yield Reading(subject.stop, Which(nodes), asked.cost + subject.cost + beside)
            if phrases.word(subject.stop) in ("being", "been"):
                subject = replace(subject, stop=subject.stop + 1)
            if particle == "by":  # "by whom is it looked at"
                yield from _by_whom(phrases, asked, subject)
                continue
            verb = (phrases.word(subject.stop), particle)
            for gap in Phrases(verb, phrases.lexicon, Labels()).gaps(0, forms):
                if gap.stop == 2:
                    nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                    yield Reading(subject.stop + 1, Which(nodes), asked.cost + subject.cost)


def _by_whom(phrases: Phrases, asked: Wh, subject: Phrase) -> Iterator[Reading]:
    """(By whom is the ball) held, looked at?"""
    for stop in range(subject.stop + 1, min(subject.stop + 4, len(phrases.tokens) + 1)):
        verb = (*phrases.tokens[subject.stop : stop], "by")
        for gap in Phrases(verb, phrases.lexicon, Labels()).gaps(0, AFTER_BE):
            if gap.stop == len(verb):
                nodes = Related(asked.nodes, gap.predicate.flipped(), gap.narrow(subject.reference))
                yield Reading(stop, Which(nodes), asked.cost + subject.cost)
