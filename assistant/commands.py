"""Requests that are no questions in form, and questions about a pair: list, describe, how are they related."""

from collections.abc import Callable, Iterator

from assistant.grammar import Phrases
from assistant.programs import Describe, Locate, Summarise, Which
from assistant.readings import Reading
from assistant.sayings import Phrase
from assistant.steps import Question
from assistant.yes_no import YesNo

_LIST = ("list", "name", "show", "show me", "find", "find me", "give me", "list me", "point out", "identify", "select")
_LOCATE = ("locate", *(f"what is the {noun} of" for noun in ("position", "location", "place", "whereabouts")))
_DESCRIBE = ("describe", "about", "what about", "what do you know about", "more about")
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
    for start in phrases.literals(at, ("describe", "about")):
        picture = yes_no.picture(start)
        if picture is not None:
            yield Reading(picture, Summarise())
    tokens = phrases.tokens[at:]
    if tokens and _WHOLE & set(tokens) and _FILLERS.issuperset(tokens):
        yield Reading(at + len(tokens), Summarise(), 1.0)


def _about(
    phrases: Phrases, at: int, openings: tuple[str, ...], question: Callable[[Phrase], Question]
) -> Iterator[Reading]:
    for start in phrases.literals(at, openings):
        for phrase in phrases.noun_phrases(start):
            yield Reading(phrase.stop, question(phrase), phrase.cost)
