"""What fills the slots of constructions about time: events, their ends and beginnings, what a frame shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from assistant.constructions import Fill, Filled
from assistant.grammar import Phrases
from assistant.named_events import beginnings, ends, intervals, named_events
from assistant.ordinals import nth_times
from assistant.readings import Reading
from assistant.steps import Event, InSpace, Nodes, Placed, Related, walk
from assistant.timed_programs import Edge, Frames, Seconds, Seen
from assistant.timed_questions import events, moments
from assistant.turns import asked_of, turning
from assistant.when import windows
from assistant.yes_no import YesNo

if TYPE_CHECKING:
    from assistant.slots import Context

_UNLIKELY = 0.5
"""What it costs to take "the dog chasing the ball" for an event where it may be a dog."""
_LIKELY = 0.05
"""What it saves to take it for an event where that is rather meant."""


def _read(find: Callable[[Phrases, YesNo, int], Iterator[Reading]], cost: float = 0.0) -> Fill:
    def fill(context: Context, at: int) -> Filled:
        for reading in find(context.phrases, context.yes_no, at):
            yield reading.stop, reading.question, reading.cost + cost

    return fill


def _acting(context: Context, at: int) -> Filled:
    """The dog chasing the ball, where only events are spoken of: rather what it does than the dog."""
    for subject in context.phrases.things(at):
        if context.phrases.word(subject.stop).endswith("ing"):
            for reading in asked_of(context.phrases, subject, subject.stop):
                yield reading.stop, reading.question, reading.cost - _LIKELY


def _begins(context: Context, at: int) -> Filled:
    """(How long after it does) the dog (start to) chase the ball?"""
    for reading in context.yes_no.questions(at):
        if isinstance(reading.question, Event):
            yield reading.stop, reading.question, reading.cost
    for reading in turning(context.phrases, at + 1, ("start", "begin")):
        yield reading.stop, reading.question, reading.cost


def _shown(context: Context, at: int) -> Filled:
    """What a frame shows: an event, or a thing that is seen."""
    for reading in events(context.phrases, context.yes_no, at):
        if isinstance(reading.question, Event):
            yield reading.stop, reading.question, reading.cost
    for phrase in context.phrases.things(at):
        if not says_more(phrase.nodes) and phrase.number is None:
            yield phrase.stop, Seen(phrase.reference), phrase.cost + 0.3


def says_more(nodes: Nodes) -> bool:
    """Whether a phrase says what a thing does: that is rather an event than a thing that is seen."""
    return any(isinstance(step, Related | Placed | InSpace) for step in walk(nodes))


def _point(context: Context, at: int) -> Filled:
    """A moment, with the preposition before it: at the end, in frame 4."""
    start = at + 1 if context.phrases.word(at) in ("at", "in", "on", "by") else at
    yield from ((stop, window, 0.0) for stop, window in moments(context.phrases, start))


def _stretch(context: Context, at: int) -> Filled:
    """A stretch of time that a clock names, with its preposition or without: (in) the last 3 seconds."""
    phrases, tokens = context.phrases, context.phrases.tokens
    for offset in (0, 1):
        said = phrases if offset == 0 else phrases.over([*tokens[:at], "in", *tokens[at:]])
        for stop, window in windows(said, context.yes_no, at) if at < len(tokens) else ():
            if isinstance(window, Edge | Frames | Seconds):
                yield stop - offset, window, 0.0


def _nth(context: Context, at: int) -> Filled:
    """The third time."""
    yield from ((stop, number, 0.0) for stop, number in nth_times(context.phrases.tokens, at))


SLOTS_TIMED: dict[str, Fill] = {
    "interval": _read(named_events),
    "acting": _acting,
    "bare": _read(named_events, _UNLIKELY),
    "span": _read(intervals),
    "over": _read(ends),
    "begun": _read(beginnings),
    "begins": _begins,
    "shown": _shown,
    "point": _point,
    "stretch": _stretch,
    "nth": _nth,
}
"""By the kind of slot."""
