"""The forms of English questions about time: when, how long, how often, what first, what happened, what changed."""

import re
from collections.abc import Iterator

from assistant.grammar import AFTER_BE, BE, DO, Phrases
from assistant.steps import Event, Question, Window
from assistant.timed_programs import (
    After,
    Before,
    Changed,
    Edge,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Seconds,
    Seen,
    TimeBetween,
    When,
)
from assistant.yes_no import Reading, YesNo

_TIMES = (
    *("when", "at what time", "at which time", "what time", "in which frames", "in what frames", "during which frames"),
    *("at which moment", "at what moment", "in which frame", "at which frame", "at what frame", "at what point"),
    *("since when", "from when"),
)
_DURATIONS = ("how long", "for how long", "for how many seconds", "how many seconds", "for how many frames")
_REPEATS = ("how often", "how many times", "how frequently")
_BEGINS = ("begins", "starts", "happens", "comes", "occurs", "began", "started", "happened", "ends", "came")
_LASTS = ("lasts", "lasted", "takes", "took", "goes on", "went on")
_LONGEST = {"longer": False, "longest": False, "shorter": True, "shortest": True}
_SEEN = ("visible", "seen", "shown", "present", "there", "appear", "appears", "appeared", "in view", "in sight")
_ORDINALS = {"first": "first", "last": "last", "next": "first"}
_HAPPENS = ("happens", "happened", "happen", "occurs", "occurred", "takes place", "took place")
_CHANGES = (
    *("what changed", "what changes", "what has changed", "what is different", "what differs", "what was different"),
    *("what is the difference", "which things changed", "how does it change", "how did it change"),
)
_PASSES = tuple(
    f"{opening} {verb} between"
    for opening in ("how much time", "how many seconds", "how many frames", "how long")
    for verb in ("passes", "passed", "lies", "is", "is there", "is it", "was", "was it", "pass")
)

_SECOND = r"(?:seconds|second|secs|sec|s)\b"
_NUMBER = r"(\d+(?:\.\d+)?)"
_MOMENT = rf"(?:(?:the )?(?:very )?(start|beginning|end)|frame (\d+)|(?:second )?{_NUMBER}(?: {_SECOND})?)"
_TWO_FRAMES = re.compile(r"(?:between|from) frames (\d+) (?:and|to) (\d+)(?: |$)")
_TWO_MOMENTS = re.compile(rf"(?:between|from|at) {_MOMENT} (?:and|to|from) {_MOMENT}(?: |$)")


def timed_questions(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """Every question about time that starts at a word."""
    word = phrases.word(at)
    if word in ("when", "at", "what", "in", "during", "since", "from", "how", "for"):
        yield from _times(phrases, yes_no, at)
    if word in ("which", "what", "who"):
        yield from _order(phrases, yes_no, at)
        yield from _happens(phrases, at)
    if word in ("what", "which", "how"):
        yield from _changed(phrases, yes_no, at)
        yield from _passes(phrases, yes_no, at)


def events(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """Every event that starts at a word: "the dog chases the ball", "the dog chasing the ball", "the dog appears"."""
    for reading in yes_no.statements(at):
        if isinstance(reading.question, Event):
            yield reading
    for subject in phrases.noun_phrases(at):
        for said in phrases.predications(subject.stop, AFTER_BE):
            question = said.sayings[0].ask(subject.reference, False)
            if len(said.sayings) == 1 and isinstance(question, Event):
                yield Reading(said.stop, question, subject.cost + said.cost + 0.1)
    yield from _presence(phrases, at)


def _presence(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(Is) the dog visible; (does) the dog appear."""
    start = at + 1 if phrases.word(at) in (*BE, *DO) else at
    for subject in phrases.noun_phrases(start):
        after = subject.stop + 1 if phrases.word(subject.stop) in BE else subject.stop
        after += phrases.word(after) in ("first", "last")
        for word in _SEEN:
            if (stop := phrases.literal(after, word)) is not None:
                yield Reading(stop, Seen(subject.reference), subject.cost)


def _times(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    for openings, wrap in ((_TIMES, When), (_DURATIONS, HowLong), (_REPEATS, HowOften)):
        for opening in openings:
            if (start := phrases.literal(at, opening)) is not None:
                for reading in (*yes_no.questions(start), *yes_no.statements(start), *_presence(phrases, start)):
                    if isinstance(reading.question, Event):
                        yield Reading(reading.stop, wrap(reading.question), reading.cost)


def _order(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """Which begins first (lasts longer): the dog is chasing the ball, or the person is holding it?"""
    if phrases.word(at) not in ("which", "what"):
        return
    for verb in (*_BEGINS, *_LASTS):
        start = phrases.literal(at + 1, verb)
        if start is None:
            continue
        word = phrases.word(start)
        for first, second in _either(phrases, yes_no, start + 1):
            assert isinstance(first.question, Event) and isinstance(second.question, Event)
            pair = first.question, second.question
            question: Question | None = None
            if verb in _LASTS:
                question = Longest(pair, _LONGEST[word]) if word in _LONGEST else None
            elif word in ("first", "earlier", "sooner", "last", "later"):
                question = First(pair, word in ("last", "later"))
            if question is not None:
                yield Reading(second.stop, question, first.cost + second.cost)


def _either(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[tuple[Reading, Reading]]:
    """Two events joined by "or"."""
    for one in events(phrases, yes_no, at):
        for other in events(phrases, yes_no, one.stop + 1) if phrases.word(one.stop) == "or" else ():
            yield one, other


def _happens(phrases: Phrases, at: int) -> Iterator[Reading]:
    """What happens (first)? What happens to the ball? What does the child do first?"""
    if phrases.word(at) != "what":
        return
    for verb in _HAPPENS:
        stop = phrases.literal(at + 1, verb)
        if stop is None:
            continue
        which = _ORDINALS.get(phrases.word(stop))
        after = stop + 1 if which else stop
        yield Reading(after, Happens(which=which or "all"))  # type: ignore[arg-type]
        for subject in phrases.noun_phrases(after + 1) if phrases.word(after) in ("to", "with") else ():
            last = _ORDINALS.get(phrases.word(subject.stop)) if which is None else None
            question = Happens(subject.reference, which or last or "all")  # type: ignore[arg-type]
            yield Reading(subject.stop + (last is not None), question, subject.cost)
    if phrases.word(at + 1) in (*DO, *BE):
        for subject in phrases.noun_phrases(at + 2):
            which = _ORDINALS.get(phrases.word(subject.stop + 1))
            if phrases.word(subject.stop) in ("do", "doing") and which is not None:
                yield Reading(subject.stop + 2, Happens(subject.reference, which), subject.cost)  # type: ignore[arg-type]


def _changed(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """What changed (between 2 and 5 seconds, after the dog chased the ball)?"""
    start = next((stop for opening in _CHANGES if (stop := phrases.literal(at, opening)) is not None), None)
    if start is None:
        return
    yield Reading(start, Changed(Edge("start"), Edge("end")), 0.5)
    rest = " ".join(phrases.tokens[start:])
    frames, moments = _TWO_FRAMES.match(rest), _TWO_MOMENTS.match(rest)
    if frames is not None:
        first, second = (Frames(int(number[:15]), int(number[:15]) + 1) for number in frames.groups())
        yield Reading(start + len(frames.group().split()), Changed(first, second))
    elif moments is not None:
        groups = moments.groups()
        windows = _moment(*groups[:3]), _moment(*groups[3:])
        yield Reading(start + len(moments.group().split()), Changed(*windows))
    if phrases.word(start) in ("after", "when", "once"):
        for event in events(phrases, yes_no, start + 1):
            assert isinstance(event.question, Event)
            yield Reading(event.stop, Changed(Before(event.question), After(event.question)), event.cost)


def _moment(edge: str | None, frame: str | None, second: str | None) -> Window:
    if edge is not None:
        return Edge("end" if edge == "end" else "start")
    if frame is not None:
        return Frames(int(frame[:15]), int(frame[:15]) + 1)
    moment = float((second or "0")[:15])
    return Seconds(moment, moment)


def _passes(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """How much time passes between one event and another?"""
    for opening in _PASSES:
        start = phrases.literal(at, opening)
        for one in () if start is None else events(phrases, yes_no, start):
            for other in events(phrases, yes_no, one.stop + 1) if phrases.word(one.stop) == "and" else ():
                assert isinstance(one.question, Event) and isinstance(other.question, Event)
                yield Reading(other.stop, TimeBetween(one.question, other.question), one.cost + other.cost)
