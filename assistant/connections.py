"""Questions about a pair: how are they related, what connects them, over which chain."""

from collections.abc import Callable, Iterator
from itertools import product

from assistant.auxiliaries import BE, DO
from assistant.grammar import Phrases
from assistant.likeness import pair
from assistant.programs import Between, Path
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import Nodes, Question

Asks = Callable[[Nodes, Nodes], Question]

_ONE_RELATION = ("relation", "relationship", "relations", "relationships", "interaction", "interactions")
_CHAIN = (
    *("path", "chain", "connection", "connections", "link", "links", "chain of relations", "path of relations"),
    *("shortest path", "shortest chain", "chain of relationships", "series of relations", "shortest connection"),
)
_OPENINGS = (
    *("what is the", "what are the", "name the", "describe the", "which", "what", "list the", "the", "is there a"),
    *("is there any", "are there", "are there any", "find the", "trace the", "give the", "show the", "show me the"),
    "give me the",
)
_NAMED: dict[str, Asks] = {**dict.fromkeys(_ONE_RELATION, Between), **dict.fromkeys(_CHAIN, Path)}
_BETWEEN = ("between", "of", "from", "holds between", "exists between", "is there between", "joins", "connects")
_RELATED: dict[str, Asks] = {"related": Between, "connected": Path, "linked": Path, "tied": Path, "joined": Path}
_RELATE: dict[str, Asks] = {
    "relate": Between,
    "interact": Between,
    "connect": Path,
    "link": Path,
    "hang together": Path,
}
_CONNECTS = ("connects", "links", "joins", "ties", "relates")
_OVER = tuple(
    f"{preposition} {which} {noun}"
    for preposition, which, noun in product(
        ("through", "over", "via", "by", "along"),
        ("which", "what"),
        ("chain of relations", "chain", "path", "relations", "steps", "path of relations", "chain of relationships"),
    )
)
_EACH_OTHER = ("to each other", "with each other", "to one another", "with one another", "together")
_LINKS = ("to", "with", "and")


def connections(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Every question about a pair that starts at a word."""
    for noun_at in phrases.literals(at, _OPENINGS):
        for link_at, noun in phrases.standing(noun_at, _NAMED):
            for named in phrases.literals(link_at, _BETWEEN):
                yield from _pair(phrases, named, _NAMED[noun], ("and", "to", "with"))
    if phrases.word(at) == "how":
        yield from _how(phrases, at + 1)
    for start, verb in phrases.standing(at + 1, _CONNECTS) if phrases.word(at) == "what" else ():
        yield from _pair(phrases, start, Between if verb == "relates" else Path, _LINKS)
    for start in phrases.literals(at, _OVER):
        yield from _how(phrases, start)
    yield from _are_they(phrases, at)


def _how(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(How) are they related? (How) is he connected to it? (How) do they relate to each other?"""
    verbs = _RELATED if phrases.word(at) in BE else _RELATE if phrases.word(at) in DO else {}
    for verb, asks in verbs.items():
        for stop, first, second in pair(phrases, at + 1):
            if (end := phrases.literal(stop, verb)) is not None:
                yield Reading(_skipped(phrases, end), _asked(asks, first, second), first.cost + second.cost)
        for first in phrases.things(at + 1):
            link = phrases.literal(first.stop, verb)
            for second in phrases.things(link + 1) if link and phrases.word(link) in ("to", "with") else ():
                yield Reading(second.stop, _asked(asks, first, second), first.cost + second.cost)


def _are_they(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Are the dog and the ball connected?"""
    if phrases.word(at) in BE:
        yield from (Reading(found.stop, found.question, found.cost + 0.2) for found in _how(phrases, at))


def _pair(phrases: Phrases, at: int, asks: Asks, links: tuple[str, ...]) -> Iterator[Reading]:
    for first in phrases.things(at):
        for second in phrases.things(first.stop + 1) if phrases.word(first.stop) in links else ():
            yield Reading(second.stop, _asked(asks, first, second), first.cost + second.cost)


def _asked(asks: Asks, first: Phrase, second: Phrase) -> Question:
    return asks(first.reference, second.reference)


def _skipped(phrases: Phrases, at: int) -> int:
    return phrases.after(at, _EACH_OTHER) or at
