"""What reading a question gives, and the words with which questions open and close."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.auxiliaries import BE
from assistant.steps import Question

if TYPE_CHECKING:
    from assistant.grammar import Phrases

SHOWS = (
    "feature",
    "features",
    "display",
    "displays",
    "portray",
    "portrays",
    "hold",
    "picture",
    "show",
    "shows",
    "contain",
    "contains",
    "include",
    "includes",
    "depict",
    "depicts",
    "have",
    "has",
)
PICTURE = (
    "scan",
    "recording",
    "film",
    "pic",
    "footage",
    "shot",
    "snapshot",
    "picture",
    "image",
    "photo",
    "photograph",
    "scene",
    "video",
    "clip",
    "graph",
    "it",
    "this",
    "frame",
)
PRESENT = ("there", "visible", "present", "shown", "seen", "here", "depicted", "pictured", "featured", "displayed")
IN_VIEW = (*PRESENT, "in view", "in sight", "to be seen", "to be found", "on display", "around", "visible anywhere")


@dataclass(frozen=True)
class Reading:
    """A question read up to word `stop`; the lower the cost, the more natural the reading."""

    stop: int
    question: Question
    cost: float = 0.0


_SEES = ("see", "have", "spot", "find", "count", "notice", "make out", "identify", "recognise", "recognize", "detect")
_VIEWERS = ("you", "we", "i", "one", "people", "anyone", "anybody", "somebody", "someone")
_SPOTTED = ("see", "spot", "find", "notice", "make out", "observe", "detect", "discern", "spy", "perceive")


_TO_BE_SEEN = ("to be seen", "to be found", "to be spotted", "to see")
_FURTHER = frozenset({"who", "that", "which", "whose"})
_SHOWN = frozenset({*PRESENT, "around", "to"})


def further_on(phrases: Phrases, at: int) -> int:
    """The place of a description behind "there", "visible", "to be seen": is anybody there *who holds a cup*."""
    if phrases.word(at) not in _SHOWN:
        return at
    stop = phrases.after(at, _TO_BE_SEEN) if phrases.word(at) == "to" else at + 1
    return stop if stop is not None and phrases.word(stop) in _FURTHER else at


def viewing(phrases: Phrases, at: int) -> list[int]:
    """The places after "do you see", "can one make out": questions that ask for what is there."""
    start = at + 1 if phrases.word(at) in ("do", "does", "did", "can", "could") else at
    if phrases.word(start) not in (_VIEWERS if start > at else ("you", "we")):
        return []
    return phrases.literals(start + 1, _SPOTTED if start > at else ("see",))


def seeing(phrases: Phrases, at: int) -> Iterator[int]:
    """The places after "are there", "do you see", "does the picture show", which ask for nothing more."""
    word = phrases.word(at)
    if word in BE:
        yield from phrases.literals(at + 1, IN_VIEW)
    if word in ("has", "have"):
        start = at + 2 if phrases.word(at + 1) in ("the", "this", "that") else at + 1
        if phrases.word(start) in PICTURE:
            yield start + 1
    if word in ("do", "does", "did", "can", "could"):
        for stop in phrases.literals(at + 2, _SEES) if phrases.word(at + 1) in _VIEWERS else ():
            yield stop + 1 if phrases.word(stop) in ("here", "there") else stop
        start = at + 2 if phrases.word(at + 1) in ("the", "this", "that") else at + 1
        if phrases.word(start) in PICTURE and phrases.word(start + 1) in SHOWS:
            yield start + 2
