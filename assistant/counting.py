"""Comparisons of numbers: are there more dogs than cats, do dogs outnumber cats, how many more are there."""

from collections.abc import Iterator
from dataclasses import replace

from assistant.auxiliaries import BE, DO
from assistant.determiners import determiner
from assistant.grammar import Phrases
from assistant.measured_programs import CompareCounts, Comparison
from assistant.programs import Count, MoreBy
from assistant.readings import PRESENT, Reading, seeing
from assistant.sayings import Phrase, counted

_MORE: tuple[tuple[str, str, Comparison], ...] = (
    ("more", "than", "more"),
    ("a larger number of", "than", "more"),
    ("a greater number of", "than", "more"),
    ("fewer", "than", "less"),
    ("less", "than", "less"),
    ("a smaller number of", "than", "less"),
    ("as many", "as", "equal"),
    ("just as many", "as", "equal"),
    ("exactly as many", "as", "equal"),
    ("equally many", "and", "equal"),
    ("the same number of", "and", "equal"),
    ("the same number of", "as", "equal"),
    ("an equal number of", "and", "equal"),
)
_NUMEROUS: dict[str, Comparison] = {
    "more numerous than": "more",
    "more common than": "more",
    "more frequent than": "more",
    "less numerous than": "less",
    "less common than": "less",
    "fewer in number than": "less",
    "as numerous as": "equal",
    "as common as": "equal",
}
_EXCEEDS = ("outnumber", "exceed", "surpass")
_NUMBER_IS: tuple[tuple[str, Comparison], ...] = (
    ("greater than", "more"),
    ("larger than", "more"),
    ("higher than", "more"),
    ("bigger than", "more"),
    ("smaller than", "less"),
    ("lower than", "less"),
    ("less than", "less"),
    ("equal to", "equal"),
    ("the same as", "equal"),
)


def compared_numbers(phrases: Phrases, at: int) -> Iterator[Reading]:
    """What may follow "are there": more dogs than cats."""
    for opening, link, how in _MORE:
        start = phrases.literal(at, opening)
        for first in () if start is None else sets(phrases, start):
            second_at = phrases.literal(_there(phrases, first.stop), link)
            for second in () if second_at is None else sets(phrases, second_at):
                stop = _there(phrases, second.stop)
                plain = [any(core.stop == one.stop for core in phrases.cores(at)) for one, at in
                         ((first, start or 0), (second, second_at or 0))]  # fmt: skip
                clause = "that" in phrases.tokens[second_at : second.stop] if second_at is not None else False
                # "more dogs than cats on the grass": both are there, but not in "cats that are on the grass"
                shared = 0.3 if plain == [True, False] and not clause else -0.3 if clause else 0.0
                yield Reading(stop, CompareCounts(first.nodes, how, second.nodes), first.cost + second.cost + shared)


def count_comparisons(phrases: Phrases, at: int) -> Iterator[Reading]:
    """Are dogs more numerous than cats? Do dogs outnumber cats? Is the number of dogs greater than that of cats?"""
    for first in sets(phrases, at + 1) if phrases.word(at) in BE else ():
        for start, said in phrases.standing(first.stop, _NUMEROUS):
            for second in sets(phrases, start):
                asked = CompareCounts(first.nodes, _NUMEROUS[said], second.nodes)
                yield Reading(second.stop, asked, first.cost + second.cost)
    for first in sets(phrases, at + 1) if phrases.word(at) in DO else ():
        for second in sets(phrases, first.stop + 1) if phrases.word(first.stop) in _EXCEEDS else ():
            yield Reading(second.stop, CompareCounts(first.nodes, "more", second.nodes), first.cost + second.cost)
    for start in phrases.literals(at, ("is the number of",)):
        yield from _numbers_compared(phrases, start)


def _numbers_compared(phrases: Phrases, at: int) -> Iterator[Reading]:
    for first in sets(phrases, at):
        for said, how in _NUMBER_IS:
            link = phrases.literal(first.stop, said)
            second_at = (
                None if link is None else phrases.literal(link, "the number of") or phrases.literal(link, "that of")
            )
            for second in () if second_at is None else sets(phrases, second_at):
                yield Reading(second.stop, CompareCounts(first.nodes, how, second.nodes), first.cost + second.cost)
        amount = determiner(phrases.tokens, phrases.literal(first.stop, "equal to") or first.stop)
        if amount.number is not None and amount.stop > first.stop:
            meant = replace(first, number=amount.number, at_least=amount.at_least, below=amount.below)
            yield Reading(amount.stop, counted(meant, first.nodes), first.cost)


def how_many_more(phrases: Phrases, at: int) -> Iterator[Reading]:
    """How many more dogs than cats are there?"""
    for opening in ("how many more", "by how many more"):
        start = phrases.literal(at, opening)
        for first in () if start is None else sets(phrases, start):
            second_at = phrases.literal(_there(phrases, first.stop), "than")
            for second in () if second_at is None else sets(phrases, second_at):
                stop = _there(phrases, second.stop)
                yield Reading(stop, MoreBy(Count(first.nodes), Count(second.nodes)), first.cost + second.cost)
    for opening in ("by how many do", "by how many does", "by how much do", "by how much does"):
        start = phrases.literal(at, opening)
        for first in () if start is None else sets(phrases, start):
            for second in sets(phrases, first.stop + 1) if phrases.word(first.stop) in _EXCEEDS else ():
                stop = phrases.after(second.stop, ("in number", "in total")) or second.stop
                yield Reading(stop, MoreBy(Count(first.nodes), Count(second.nodes)), first.cost + second.cost)
    for opening in ("how many fewer", "how many less"):
        start = phrases.literal(at, opening)
        for first in () if start is None else sets(phrases, start):
            second_at = phrases.literal(_there(phrases, first.stop), "than")
            for second in () if second_at is None else sets(phrases, second_at):
                stop = _there(phrases, second.stop)
                yield Reading(stop, MoreBy(Count(second.nodes), Count(first.nodes)), first.cost + second.cost)


def sets(phrases: Phrases, at: int) -> list[Phrase]:
    """Noun phrases for whole sets: "dogs", "people on the bench"."""
    return [phrase for phrase in phrases.things(at) if phrase.plural and phrase.number is None]


def _there(phrases: Phrases, at: int) -> int:
    """The place after "there", "in view", "do you see", which add nothing."""
    return max((*phrases.literals(at, PRESENT), *seeing(phrases, at)), default=at)
