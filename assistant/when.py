"""Stretches of time in a question: "at 3 seconds", "between frames 2 and 8", "before the dog chases the ball"."""

import re
from collections.abc import Iterator

from assistant.questions import Questions
from assistant.steps import Event, Window
from assistant.timed_programs import After, Amid, Before, Edge, Frames, Occurrence, Seconds, While
from assistant.timed_questions import events

_SECOND = r"(?:seconds|second|secs|sec|s)\b"
_NUMBER = r"(\d+(?:\.\d+)?)"
_AT = r"(?:at|in|on|during|by)"

_MOMENTS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_AT} (?:the )?frame (?:number )?(\d+)", "frame"),
        (rf"{_AT} (?:the )?(?:second|time|timestamp|t) {_NUMBER}(?: {_SECOND})?", "moment"),
        (rf"{_AT} {_NUMBER}(?: {_SECOND})?", "moment"),
        (
            rf"(?:between|from) (?:second |seconds )?{_NUMBER}(?: {_SECOND})? "
            rf"(?:and|to|until|till) (?:second )?{_NUMBER}(?: {_SECOND})?",
            "seconds",
        ),
        (r"(?:between|from|in|during|at) frames? (\d+) (?:and|to|until|till|-) (?:frame )?(\d+)", "frames"),
        (rf"(?:after|from) {_NUMBER} {_SECOND}(?: on)?", "after"),
        (r"after (?:the )?frame (\d+)", "after frame"),
        (rf"(?:before|until) {_NUMBER} {_SECOND}", "before"),
        (r"(?:before|until) (?:the )?frame (\d+)", "before frame"),
        (rf"(?:in|during|within) the first {_NUMBER} {_SECOND}", "before"),
        (rf"(?:in|during|within) the first {_SECOND}", "first second"),
        (r"(?:at|in) the (?:very )?(?:start|beginning)", "start"),
        (r"at the (?:very )?end", "end"),
    )
)  # fmt: skip

_EVENTS: dict[str, type[Before] | type[After] | type[While]] = {
    "before": Before,
    "after": After,
    "while": While,
    "whilst": While,
    "when": While,
    "as": While,
    "until": Before,
    "till": Before,
}

_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_TIME = ("time that", "time when", "time")

MARKERS = frozenset({*_EVENTS, "at", "in", "on", "during", "between", "from", "by", "until", "within", "the"})
"""Words with which a stretch of time may begin."""


def windows(tokens: list[str], questions: Questions, at: int) -> Iterator[tuple[int, Window]]:
    """Every stretch of time that starts at word `at`: (place after it, window)."""
    if tokens[at] not in MARKERS:
        return
    rest = " ".join(tokens[at:])
    for pattern, kind in _MOMENTS:
        found = pattern.match(rest)
        if found is not None and (found.end() == len(rest) or rest[found.end()] == " "):
            yield at + len(rest[: found.end()].split()), _moment(kind, found.groups())
    phrases, yes_no = questions.phrases, questions.yes_no
    if tokens[at] in _EVENTS:
        for reading in events(phrases, yes_no, at + 1):
            assert isinstance(reading.question, Event)
            yield reading.stop, _EVENTS[tokens[at]](reading.question)
    elif tokens[at] == "between":
        for one in events(phrases, yes_no, at + 1):
            for other in events(phrases, yes_no, one.stop + 1) if phrases.word(one.stop) == "and" else ():
                assert isinstance(one.question, Event) and isinstance(other.question, Event)
                yield other.stop, Amid(one.question, other.question)
    elif tokens[at] == "the" and phrases.word(at + 1) in _ORDINALS:
        start = next((stop for words in _TIME if (stop := phrases.literal(at + 2, words)) is not None), None)
        for reading in () if start is None else events(phrases, yes_no, start):
            assert isinstance(reading.question, Event)
            yield reading.stop, Occurrence(reading.question, _ORDINALS[phrases.word(at + 1)])


def _moment(kind: str, numbers: tuple[str, ...]) -> Window:
    first = float(numbers[0][:15]) if numbers else 0.0
    match kind:
        case "frame":
            return Frames(int(first), int(first) + 1)
        case "moment":
            return Seconds(first, first)
        case "seconds":
            return Seconds(first, float(numbers[1][:15]))
        case "frames":
            return Frames(int(first), int(float(numbers[1][:15])) + 1)
        case "after":
            return Seconds(first)
        case "after frame":
            return Frames(int(first) + 1)
        case "before":
            return Seconds(0.0, first)
        case "first second":
            return Seconds(0.0, 1.0)
        case "before frame":
            return Frames(0, int(first))
        case "start":
            return Edge("start")
        case _:
            return Edge("end")
