"""Questions about what several things have in common: the same colour, different kinds, anything shared."""

from collections.abc import Iterator

from assistant.adjectives import spelling
from assistant.auxiliaries import BE, DO
from assistant.dimensions import NOUNS, PLAIN
from assistant.grammar import Phrases
from assistant.measured_programs import Compare
from assistant.programs import Alike, Common
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import Find, The, Union

_KINDS = ("kind", "type", "sort", "category", "kind of thing", "kind of object", "type of object", "class")
_SAME = ("the same", "of the same", "in the same", "identical in", "alike in", "similar in", "equal in", "of one")
_DIFFERENT = ("different", "of different", "different in", "of a different", "a different", "differently")
_SAME_OR_DIFFERENT = (*_SAME, *_DIFFERENT)
_KINDS_OF_MANY = (*_KINDS, *(f"{kind}s" for kind in _KINDS))
_LINKING = ("made", "have", "share", "show", "possess", "got")
_COMMON = (
    "have in common",
    "share",
    "have in common with each other",
    "have together",
    "both have",
    "have got in common",
)


def pair(phrases: Phrases, at: int) -> Iterator[tuple[int, Phrase, Phrase]]:
    """Two things joined by "and": (place after them, first, second)."""
    start = at + 1 if phrases.word(at) in ("both", "between") else at
    for first in phrases.things(start):
        for second in phrases.things(first.stop + 1) if phrases.word(first.stop) == "and" else ():
            yield second.stop, first, second


def several(phrases: Phrases, at: int) -> Iterator[Phrase]:
    """Things joined by "and" as one phrase, or one phrase in the plural."""
    for phrase in phrases.things(at):
        if phrase.plural and phrase.noun is not None:
            nodes = phrase.reference if phrase.definite else The(phrase.nodes, plural=True)
            yield Phrase(phrase.stop, nodes, cost=phrase.cost)
    for joined in phrases.joined(at + 1 if phrases.word(at) == "both" else at):
        links = [phrases.word(phrase.stop) for phrase in joined[:-1]]
        if links and set(links) == {"and"} and not any(phrase.none for phrase in joined):
            nodes = Union(tuple(phrase.reference for phrase in joined))
            yield Phrase(joined[-1].stop, nodes, cost=sum(phrase.cost for phrase in joined))


def likeness(phrases: Phrases, at: int, attributes: frozenset[str]) -> Iterator[Reading]:
    """Every question about likeness that starts at a word."""
    if phrases.word(at) in (*BE, *DO):
        for group in several(phrases, at + 1):
            yield from _alike(phrases, group, attributes)
            yield from _level(phrases, group)
        yield from _same_as(phrases, at + 1, attributes)
    if phrases.word(at) == "what" and phrases.word(at + 1) in DO:
        for group in several(phrases, at + 2):
            stop = phrases.after(group.stop, _COMMON)
            if stop is not None:
                yield Reading(stop, Common(group.nodes), group.cost)
    for start in phrases.literals(at, ("what is common to", "what is shared by", "what is the same about")):
        for group in several(phrases, start):
            yield Reading(group.stop, Common(group.nodes), group.cost)


def _alike(phrases: Phrases, group: Phrase, attributes: frozenset[str]) -> Iterator[Reading]:
    start = group.stop + 1 if phrases.word(group.stop) in ("all", "both", *_LINKING) else group.stop
    start = start + 1 if phrases.word(start) in _LINKING else start
    for stop, said in phrases.standing(start, _SAME_OR_DIFFERENT):
        different = said in _DIFFERENT
        name = spelling(phrases.word(stop))
        if name in attributes:
            measured = 0.2 if name in NOUNS and isinstance(group.nodes, Union) else 0.0  # sizes are compared
            yield Reading(stop + 1, Alike(group.nodes, name, different), group.cost + measured)
        for end in phrases.literals(stop, _KINDS_OF_MANY):
            yield Reading(end, Alike(group.nodes, "kind", different), group.cost)
    if phrases.word(start) == "differ" and phrases.word(start + 1) == "in":
        name = spelling(phrases.word(start + 2))
        if name in attributes:
            yield Reading(start + 3, Alike(group.nodes, name, True), group.cost)


def _same_as(phrases: Phrases, at: int, attributes: frozenset[str]) -> Iterator[Reading]:
    """(Is) the car the same colour as the ball?"""
    for first in phrases.things(at):
        start = first.stop + 1 if phrases.word(first.stop) in ("have", "of", "made") else first.stop
        start = start + 1 if phrases.word(start) == "of" else start
        name = spelling(phrases.word(start + 2))
        end = start + 5 if name in _KINDS and phrases.word(start + 3) == "of" else start + 3  # "kind of thing"
        if (phrases.word(start), phrases.word(start + 1), phrases.word(end)) != ("the", "same", "as"):
            continue
        if name in NOUNS or name not in (*attributes, *_KINDS):
            continue  # "the same size as" compares sizes
        if isinstance(first.reference, Find):
            continue  # "is a car the same colour as the ball": is there one that is
        for second in phrases.things(end + 1):
            both = Union((first.reference, second.reference))
            question = Alike(both, "kind" if name in _KINDS else name)
            yield Reading(second.stop, question, first.cost + second.cost)


_EQUALLY = (("equally", PLAIN), ("the same", NOUNS), ("of the same", NOUNS), ("of equal", NOUNS), ("as", PLAIN))


def _level(phrases: Phrases, group: Phrase) -> Iterator[Reading]:
    """(Are) the car and the bus equally big, the same size?"""
    if not isinstance(group.nodes, Union) or len(group.nodes.parts) != 2:
        return
    first, second = group.nodes.parts
    for said, table in _EQUALLY:
        start = phrases.literal(group.stop, said)
        dimension = None if start is None else table.get(phrases.word(start))
        if start is None or dimension is None:
            continue
        ends = (phrases.literal(start + 1, tail) for tail in ("as each other", "as one another"))
        stop = next((end for end in ends if end is not None), start + 1)
        yield Reading(stop, Compare(first, dimension.quantity(phrases.measured), "equal", second), group.cost)
