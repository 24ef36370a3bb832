"""Events as people name them: the dog chasing the ball, the interval in which it does, its end, its beginning."""

from collections.abc import Iterator

from assistant.grammar import Phrases
from assistant.readings import Reading
from assistant.steps import Event
from assistant.timed_questions import arrivals, events, vanishings
from assistant.turns import ENDS, STARTS, subjectless, turning
from assistant.yes_no import YesNo

_END_OF = ("the end of", "the last moment of", "the ending of", "the completion of")
_START_OF = ("the start of", "the beginning of", "the first moment of", "the onset of")
_WHEN = ("when", "the moment", "the moment when", "the time", "the time when", "the instant", "the point when")
_SPANS = ("the frames", "those", "the stretch", "the stretch of time", "the span", "the time span", "the seconds")
_INTERVAL = (
    *("the interval of", "the time of", "the span of", "the time span of", "the period of", "the event of", "that of"),
    *("the interval in which", "the interval when", "the time in which", "the time when", "the event that"),
    *("the interval during which", "the interval where", "the period in which", "the period during which", "when"),
    *(f"{what} {link}" for what in _SPANS for link in ("in which", "during which", "over which", "when", "where")),
    *("the interval for", "the time interval of", "the event where", "the moment", "the moment when", "the fact that"),
)


def intervals(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """An event that is named as an interval: the interval of the dog chasing the ball."""
    for start in phrases.literals(at, _INTERVAL):
        yield from _events(phrases, yes_no, start)


def named_events(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """An event, named as a clause or as the interval of one."""
    yield from _events(phrases, yes_no, at)
    yield from intervals(phrases, yes_no, at)


def ends(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """The end of an event: the dog stops chasing the ball, the end of the dog chasing it, chasing it."""
    yield from _turned(phrases, yes_no, at, _END_OF, ENDS)
    yield from vanishings(phrases, at)


def beginnings(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """The beginning of an event: the dog starts chasing the ball, the start of the dog chasing it, chasing it."""
    yield from _turned(phrases, yes_no, at, _START_OF, STARTS)
    yield from arrivals(phrases, at)


def _turned(
    phrases: Phrases, yes_no: YesNo, at: int, named: tuple[str, ...], verbs: tuple[str, ...]
) -> Iterator[Reading]:
    yield from named_events(phrases, yes_no, at)
    for start in phrases.literals(at, named):
        yield from named_events(phrases, yes_no, start)
    for start in (at, *phrases.literals(at, _WHEN)):
        yield from turning(phrases, start, verbs)
    yield from subjectless(phrases, at)


def _events(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    yield from (reading for reading in events(phrases, yes_no, at) if isinstance(reading.question, Event))
