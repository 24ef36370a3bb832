"""Requests that are no questions in form, and questions about a pair: list, describe, how are they related."""

from collections.abc import Callable, Iterator

from assistant.grammar import Phrases
from assistant.programs import Between, Describe, Locate, Summarise, Which
from assistant.sayings import Phrase
from assistant.steps import Question
from assistant.yes_no import Reading, YesNo

_LIST = ("list", "name", "show", "show me", "find", "find me", "give me", "list me", "point out", "identify", "select")
_LOCATE = ("locate", *(f"what is the {noun} of" for noun in ("position", "location", "place", "whereabouts")))
_DESCRIBE = ("describe", "about", "what about", "what do you know about", "more about")
_PAIR = tuple(
    f"{opening} the {noun} {link}"
    for opening in ("what is", "what are", "name", "describe")
    for noun in ("relation", "relationship", "relations", "connection", "interaction")
    for link in ("between", "of")
)
_RELATED = ("related", "connected", "linked")
_WHOLE = frozenset({"describe", "description", "explain", "analyze", "analyse", "elaborate", "summarize", "summarise"})
_WHOLE |= {"caption", "about", "elements", "content", "contents", "happening", "summary", "overview"}
_FILLERS = _WHOLE | frozenset(
    {"the", "this", "that", "a", "an", "following", "given", "in", "great", "more", "detail", "details", "detailed"}
    | {"manner", "comprehensive", "and", "visual", "of", "for", "me", "on", "provided", "write", "give", "key", "main"}
    | {
        "what",
        "is",
        "are",
        "do",
        "you",
        "see",
        "think",
        "going",
        "short",
        "brief",
        "whole",
        "features",
        "please",
        "its",
    }
    | {"picture", "image", "photo", "photograph", "scene", "video", "clip", "graph", "snapshot", "everything"}
)
"""Requests to describe the whole picture come in many words, none of which asks for anything particular."""


def commands(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """Every request that starts at a word."""
    yield from _about(phrases, at, _LIST, lambda phrase: Which(phrase.nodes))
    yield from _about(phrases, at, _LOCATE, lambda phrase: Locate(phrase.reference))
    yield from _about(phrases, at, _DESCRIBE, lambda phrase: Describe(phrase.reference))
    for opening in ("describe", "about"):
        start = phrases.literal(at, opening)
        picture = None if start is None else yes_no.picture(start)
        if picture is not None:
            yield Reading(picture, Summarise())
    tokens = phrases.tokens[at:]
    if tokens and _WHOLE & set(tokens) and _FILLERS.issuperset(tokens):
        yield Reading(at + len(tokens), Summarise(), 1.0)
    yield from _pairs(phrases, at)


def _about(
    phrases: Phrases, at: int, openings: tuple[str, ...], question: Callable[[Phrase], Question]
) -> Iterator[Reading]:
    for opening in openings:
        start = phrases.literal(at, opening)
        for phrase in () if start is None else phrases.noun_phrases(start):
            yield Reading(phrase.stop, question(phrase), phrase.cost)


def _pairs(phrases: Phrases, at: int) -> Iterator[Reading]:
    """What is the relation between the man and the horse? How are they related? How is he related to it?"""
    for opening in _PAIR:
        start = phrases.literal(at, opening)
        for first in () if start is None else phrases.noun_phrases(start):
            if phrases.word(first.stop) in ("and", "to", "with"):
                yield from _ends(phrases, first, first.stop + 1)
    for opening in ("how are", "how is"):
        start = phrases.literal(at, opening)
        for first in () if start is None else phrases.noun_phrases(start):
            if phrases.word(first.stop) == "and":
                for reading in _ends(phrases, first, first.stop + 1):
                    if phrases.word(reading.stop) in _RELATED:
                        yield Reading(reading.stop + 1, reading.question, reading.cost)
            elif phrases.word(first.stop) in _RELATED and phrases.word(first.stop + 1) in ("to", "with"):
                yield from _ends(phrases, first, first.stop + 2)


def _ends(phrases: Phrases, first: Phrase, at: int) -> Iterator[Reading]:
    for second in phrases.noun_phrases(at):
        yield Reading(second.stop, Between(first.reference, second.reference), first.cost + second.cost)
