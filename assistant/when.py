"""Stretches of time in a question: "at 3 seconds", "between frames 2 and 8", "before the dog chases the ball"."""

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.grammar import Phrases
from assistant.lexicon import Beings
from assistant.named_events import beginnings, ends
from assistant.ordinals import nth_times
from assistant.programs import Holds
from assistant.pronouns import NEUTRAL, Pronoun, may_be
from assistant.readings import Reading
from assistant.steps import Event, Find, Pick, Question, The, Window
from assistant.timed_programs import (
    After,
    Amid,
    Before,
    Changed,
    During,
    Edge,
    Frames,
    Occurrence,
    Seconds,
    Seen,
    While,
)
from assistant.timed_questions import FIRST_OR_LAST, events, vanishings
from assistant.turns import ENDS, STARTS, subjectless, turning
from assistant.yes_no import YesNo

_SECOND = r"(?:seconds|second|secs|sec|s)\b"
_NUMBER = r"(\d+(?:\.\d+)?)"
_AT = r"(?:at|in|on|during|around)"
_INTO = (
    r"(?:into (?:it|the (?:video|clip|footage|recording|movie|film))|in to it|in\b|after the (?:start|beginning)|"
    r"from the (?:start|beginning))"
)
_DURING = r"(?:at|in|on|during) the (?:very )?"
_LAST = r"(?:in|during|within|over|for|throughout) the (?:very )?(?:last|final|closing)"
_FIRST = r"(?:in|during|within|over|for|throughout) the (?:very )?(?:first|initial|opening)"

_MOMENTS = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (rf"{_AT} (?:the )?frame (?:number )?(\d+)", "frame"),
        (rf"{_AT} (?:the )?(?:second|time|timestamp|t) {_NUMBER}(?: {_SECOND})?", "moment"),
        (rf"{_AT} {_NUMBER}(?: {_SECOND})?", "moment"),
        (rf"{_AT} t = {_NUMBER}(?: {_SECOND})?", "moment"),
        (
            rf"(?:between|from) (?:second |seconds )?{_NUMBER}(?: {_SECOND})? "
            rf"(?:and|to|until|till) (?:second )?{_NUMBER}(?: {_SECOND})?",
            "seconds",
        ),
        (
            r"(?:between|from|in|during|at|over|within|on|throughout) (?:the )?frames? (\d+) (?:and|to|until|"
     r"till|through|-) "
            r"(?:frame )?(\d+)",
            "frames",
        ),
        (rf"(?:after|from) {_NUMBER} {_SECOND}(?: on)?", "after"),
        (r"after (?:the )?frame (\d+)", "after frame"),
        (rf"(?:before|until) {_NUMBER} {_SECOND}", "before"),
        (r"(?:before|until|till|by|up to) (?:the )?frame (\d+)", "before frame"),
        (rf"{_FIRST} {_NUMBER} {_SECOND}", "before"),
        (rf"{_FIRST} {_SECOND}", "first second"),
        (rf"{_LAST} {_NUMBER} {_SECOND}", "last"),
        (rf"{_LAST} {_SECOND}", "last second"),
        (rf"{_NUMBER} {_SECOND} {_INTO}", "moment"),
        (rf"at the {_NUMBER}(?: -)? second (?:mark|point|timestamp)", "moment"),
        (rf"at the {_NUMBER} s (?:mark|point|timestamp)", "moment"),
        (rf"(?:from|since) (?:second |time )?{_NUMBER}(?: {_SECOND})? (?:on|onward|onwards)", "after"),
        (rf"(?:since|after|past) second {_NUMBER}", "after"),
        (rf"(?:before|until|till|up to|by) second {_NUMBER}", "before"),
        (rf"up to {_NUMBER} {_SECOND}", "before"),
        (r"(?:from|since|starting at|starting from) (?:the )?frame (\d+)(?: onwards?| on| forward)?", "from frame"),
        (rf"(?:from|since) {_NUMBER} {_SECOND}(?: onwards| onward| on)?", "after"),
        (rf"{_DURING}(?:first|opening|initial|starting) (?:frame|moment|shot|picture)", "start"),
        (rf"{_DURING}(?:last|final|closing) (?:frame|moment|shot|picture)", "end"),
        (r"(?:by|towards|toward|near) the (?:very )?end", "end"),
        (r"(?:at|in) the (?:very )?(?:start|beginning|outset)", "start"),
        (r"(?:initially|to begin with|to start with|at first)", "start"),
        (r"(?:at the (?:very )?end|in the end|finally)", "end"),
    )
)  # fmt: skip

_BEFORE = (
    "before",
    "until",
    "till",
    "prior to",
    "by the time",
    "up to when",
    "right before",
    "just before",
    "up to",
    "up until",
)
_AFTER = ("after", "once", "as soon as", "right after", "just after", "following", "ever since", "since", "from when")
_WHILE = (
    "while",
    "whilst",
    "when",
    "as",
    "as long as",
    "whenever",
    "during the time",
    "at the moment",
    "on",
    "upon",
    "at the same time as",
    "at the same time that",
    "at the time",
    "at the time of",
    "during",
    "for as long as",
    "simultaneously with",
    "concurrently with",
)
_ONCE_OVER = ("when", "as", "at the moment", "at the time")
_APPEARS = frozenset(
    {
        "first",
        "appear",
        "appears",
        "appeared",
        "appearing",
        "come",
        "comes",
        "came",
        "coming",
        "enter",
        "enters",
        "entered",
    }
    | {"entering", "show", "shows", "showed", "turn", "turns", "turned"}
)
_EVENTS: dict[str, type[Before] | type[After] | type[While]] = {
    **dict.fromkeys(_BEFORE, Before),
    **dict.fromkeys(_AFTER, After),
    **{said: While for said in _WHILE if said not in ("on", "upon")},
}

MARKERS = frozenset(
    {*(said.split()[0] for said in _EVENTS), "at", "in", "on", "during", "between", "from", "by", "within", "the"}
    | {
        "over",
        "for",
        "starting",
        "towards",
        "toward",
        "near",
        "throughout",
        "initially",
        "finally",
        "to",
        "past",
        "since",
        "up",
        "around",
        "amid",
    }
    | set("0123456789")
)
"""Words with which a stretch of time may begin."""


def marks(word: str) -> bool:
    """Whether a stretch of time may begin with a word."""
    return word in MARKERS or word[:1].isdecimal()


def windows(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[tuple[int, Window]]:
    """Every stretch of time that starts at word `at`: (place after it, window)."""
    tokens = list(phrases.tokens)
    if not marks(tokens[at]):
        return
    rest = " ".join(tokens[at:])
    for pattern, kind in _MOMENTS:
        found = pattern.match(rest)
        if found is not None and (found.end() == len(rest) or rest[found.end()] == " "):
            yield at + len(rest[: found.end()].split()), _moment(kind, found.groups())
    yield from _around(phrases, yes_no, at)
    if tokens[at] == "when":
        yield from _first_time(phrases, at + 1)
    if tokens[at] in _AMID and not _LINKS.isdisjoint(tokens[at:]):
        yield from _amid(phrases, yes_no, at)
    elif tokens[at] == "the":
        for stop, number in nth_times(tokens, at):
            named = stop + 1 if phrases.word(stop) in ("that", "when") else stop
            for reading in events(phrases, yes_no, named):
                assert isinstance(reading.question, Event)
                yield reading.stop, Occurrence(reading.question, number)


def _around(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[tuple[int, Window]]:
    """Before, after and while an event happens."""
    for start, said in phrases.standing(at, _EVENTS):
        window = _EVENTS[said]
        if said in _ONCE_OVER:  # "when the dog is done chasing it"
            for reading in turning(phrases, start, ENDS):
                yield reading.stop, After(reading.question)  # type: ignore[arg-type]
        turned = turning(phrases, start, ENDS if window is After else STARTS if window is Before else ())
        gone = vanishings(phrases, start) if window is After else ()
        for reading in (*events(phrases, yes_no, start), *subjectless(phrases, start), *turned, *gone):
            assert isinstance(reading.question, Event)
            moment = window is After or said in _ONCE_OVER
            if moment and _appearing(phrases, start, reading):
                continue  # "when the dog appears" is not all of the time that it is seen, nor "after" what follows that
            yield reading.stop, window(reading.question)
            if window is While:
                yield from _nth_time(phrases, reading)


def changed_during(changed: Changed, window: Window) -> Question | None:
    """What changed by the end, in the first five seconds; None where the moments to compare cannot be told."""
    if changed.before != Edge("start") or changed.after != Edge("end"):
        return None
    match window:
        case Edge("end"):
            return changed
        case Frames(start, stop):
            last = Edge("end") if stop is None else Frames(stop - 1, stop)
            return replace(changed, before=Frames(start, start + 1), after=last)
        case Seconds(start, stop) if start >= 0 and start != stop:
            first = Edge("start") if start == 0 else Seconds(start, start)
            return replace(changed, before=first, after=Edge("end") if stop is None else Seconds(stop, stop))
        case While() | Occurrence() | Amid():
            return During(changed, window)
        case After(event):
            return replace(changed, before=Before(event), after=After(event))
    return None


_LINKS = frozenset({"and", "but", "until", "till", "to", "up"})
_AMID = {
    "between": ("and",),
    "after": ("and before", "but before", "and until", "until"),
    "once": ("and before", "but before", "until"),
    "from": ("until", "till", "to", "up to", "and until"),
}
"""Openings of a stretch between two events, and the words before the second of them."""


def _amid(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[tuple[int, Window]]:
    """Between the dog chasing the ball and the cat holding it, or and holding it; after one and before the other."""
    for one in ends(phrases, yes_no, at + 1):
        for second in phrases.literals(one.stop, _AMID[phrases.word(at)]):
            for other in beginnings(phrases, yes_no, second):
                assert isinstance(one.question, Event) and isinstance(other.question, Event)
                yield other.stop, _between(one.question, other.question, phrases.lexicon.beings)


def _between(first: Event, second: Event, beings: Beings) -> Amid:
    """What two clauses share: opening and closing *the bottle*, *the man* opening the bottle and closing *it*.

    A place is not shared: between sitting and holding the cup nobody sits on the cup.
    """
    if not (isinstance(first, Holds) and isinstance(second, Holds)):
        return Amid(first, second)
    if isinstance(second.subjects, Pronoun) and may_be(second.subjects, first.subjects, beings):
        second = replace(second, subjects=first.subjects)
    if second.subjects != first.subjects:
        return Amid(first, second)
    transitive = first.predicate.forward and all(" " not in name for name in first.predicate.forward)
    taken_up = isinstance(second.objects, Pronoun) and second.objects.word in NEUTRAL
    if first.objects == Find(None) and transitive and isinstance(second.objects, The | Pick):
        first = replace(first, objects=second.objects)
    elif isinstance(first.objects, The | Pick) and taken_up:
        second = replace(second, objects=first.objects)
    return Amid(first, second)


def _appearing(phrases: Phrases, at: int, reading: Reading) -> bool:
    """Whether an event names the moment at which something comes into view."""
    return isinstance(reading.question, Seen) and not _APPEARS.isdisjoint(phrases.tokens[at : reading.stop])


def _first_time(phrases: Phrases, at: int) -> Iterator[tuple[int, Window]]:
    """(When) the dog first chases the ball."""
    for place, word in enumerate(phrases.tokens[at + 1 :], at + 1):
        if word in FIRST_OR_LAST and phrases.word(place - 1) != "the":
            without = phrases.over([*phrases.tokens[:place], *phrases.tokens[place + 1 :]])
            for reading in events(without, YesNo(without), at):
                happens = not isinstance(reading.question, Seen)  # "when the dog was first seen" names a moment
                if reading.stop > place and isinstance(reading.question, Event) and happens:
                    yield reading.stop + 1, Occurrence(reading.question, FIRST_OR_LAST[word])


def _nth_time(phrases: Phrases, reading: Reading) -> Iterator[tuple[int, Window]]:
    """(When he rides it) for the second time."""
    for stop, number in nth_times(phrases.tokens, reading.stop):
        assert isinstance(reading.question, Event)
        yield stop, Occurrence(reading.question, number)


def _moment(kind: str, numbers: tuple[str, ...]) -> Window:
    if kind in _FIXED:
        return _FIXED[kind]
    first = float(numbers[0][:15])
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
        case "from frame":
            return Frames(int(first))
        case "after frame":
            return Frames(int(first) + 1)
        case "before":
            return Seconds(0.0, first)
        case "before frame":
            return Frames(0, int(first))
        case _:
            return Seconds(-first)


_FIXED: dict[str, Window] = {
    "first second": Seconds(0.0, 1.0),
    "last second": Seconds(-1.0),
    "start": Edge("start"),
    "end": Edge("end"),
}
