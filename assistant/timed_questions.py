"""The forms of English questions about time: when, how long, how often, what first, what happened, what changed."""

import re
from collections.abc import Iterator

from assistant.auxiliaries import AFTER_BE, AFTER_DO, BE, DO
from assistant.grammar import Phrases
from assistant.ordinals import nth_times
from assistant.readings import Reading
from assistant.steps import Event, Question, Window
from assistant.timed_programs import (
    After,
    Before,
    Changed,
    During,
    Edge,
    First,
    Frames,
    Happens,
    HowLong,
    HowOften,
    Longest,
    Occurrence,
    Seconds,
    Seen,
    TimeBetween,
    When,
)
from assistant.turns import asked_of
from assistant.yes_no import YesNo

_TIMES = (
    *("when", "at what time", "at which time", "what time", "in which frames", "in what frames", "during which frames"),
    *("at which moment", "at what moment", "in which frame", "at which frame", "at what frame", "at what point"),
)
_DURATIONS = ("how long", "for how long", "for how many seconds", "how many seconds", "for how many frames")
_REPEATS = ("how often", "how many times", "how frequently")
_STARTS = ("begins", "starts", "began", "started")
_ENDS = ("ends", "ended", "stops", "stopped", "finishes", "finished", "is over", "was over")
_BEGINS = (*_STARTS, *_ENDS, "happens", "comes", "occurs", "happened", "came")
_NOT_OF_BEGINNINGS, _NOT_OF_ENDS = ("last", "later"), ("first", "earlier", "sooner")
"""What begins last, or ends first, is none of what `First` tells."""
_LASTS = ("lasts", "lasted", "takes", "took", "goes on", "went on")
_BEGINS_OR_LASTS = (*_BEGINS, *_LASTS)
_LONGEST = {"longer": False, "longest": False, "shorter": True, "shortest": True}
_SEEN = (
    *("visible", "seen", "shown", "present", "there", "appear", "appears", "appeared", "in view", "in sight"),
    *("on display", "on the screen", "be seen", "be visible", "in the shot", "in the frame", "in the picture"),
    *("being seen", "being shown", "to be seen"),
    *(
        f"{verb} {word}"
        for verb in ("stay", "stays", "stayed", "remain", "remains", "remained", "being")
        for word in ("visible", "in view", "in sight", "on the screen", "there", "present")
    ),
)
_COMES = (
    *("come into view", "comes into view", "came into view", "comes into sight", "show up", "shows up", "showed up"),
    *("enters view", "entered view", "turns up", "turned up", "coming into view", "entering view", "appearing"),
)
_GOES = (
    *("disappears", "disappeared", "has disappeared", "had disappeared", "disappearing", "having disappeared", "gone"),
    *("vanishes", "vanished", "has vanished", "had vanished", "vanishing", "no longer visible", "no longer seen"),
    *("leaves view", "left view", "has left view", "had left view", "leaving view", "out of view", "out of sight"),
    *("exits view", "exited view", "exiting view", "goes out of view", "went out of view", "going out of view"),
    *(
        "goes out of sight",
        "went out of sight",
        "has gone out of view",
        "has gone out of sight",
        "has gone",
        "drops out of view",
    ),
)
_COMES_IN = ("coming into it", "entering it", "coming in", "turning up", "showing up", "coming into sight")
_SEEN_OR_COMING = (*_SEEN, *_COMES)
_ORDINALS = {"first": "first", "last": "last", "next": "first"}
_HAPPENS = ("happens", "happened", "happen", "occurs", "occurred", "takes place", "took place", "goes on", "went on")
_THE_FIRST_THING = {
    f"what {be} the {word} thing{that}": which
    for word, which in {
        "first": "first",
        "very first": "first",
        "last": "last",
        "final": "last",
        "very last": "last",
    }.items()
    for be in ("is", "was")
    for that in ("", " that")
}
_CHANGES = (
    *("what changed", "what changes", "what has changed", "what is different", "what differs", "what was different"),
    *("what is the difference", "which things changed", "how does it change", "how did it change"),
)
_PASSES = tuple(
    f"{opening} {verb} between"
    for opening in ("how much time", "how many seconds", "how many frames", "how long")
    for verb in (
        "passes",
        "passed",
        "lies",
        "is",
        "is there",
        "is it",
        "was",
        "was it",
        "pass",
        "elapses",
        "elapsed",
        "elapse",
    )
)

_LATER = tuple(
    f"{opening} {word}"
    for opening in ("how long", "how many seconds", "how much time", "how many frames", "how soon")
    for word in ("after", "before")
)
_SECOND = r"(?:seconds|second|secs|sec|s)\b"
_NUMBER = r"(\d+(?:\.\d+)?)"
_MOMENT = rf"(?:(?:the )?(?:very )?(start|beginning|end)|frame (\d+)|(?:second )?{_NUMBER}(?: {_SECOND})?)"
_TWO_FRAMES = re.compile(r"(?:between|from) frames (\d+) (?:and|to) (\d+)(?: |$)")
_MOMENT_TO_MOMENT = re.compile(
    rf"(?:at|in) {_MOMENT} (?:compared to|compared with|than|versus|relative to|from|against|as opposed to)"
    rf"(?: at| in| what it was at)? {_MOMENT}(?: |$)"
)
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
    for subject in phrases.things(at):
        for reading in asked_of(phrases, subject, subject.stop):
            yield Reading(reading.stop, reading.question, reading.cost + 0.1)
    yield from presence(phrases, at, _SEEN_OR_COMING)


def vanishings(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(After) the dog has disappeared: that it is seen, which ends."""
    yield from presence(phrases, at, _GOES)


def arrivals(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(Until) the dog coming into it: that it is seen, which begins."""
    yield from presence(phrases, at, _COMES_IN)


def presence(phrases: Phrases, at: int, said: tuple[str, ...] = _SEEN) -> Iterator[Reading]:
    """(Is) the dog visible; (does) the dog appear."""
    start = at + 1 if phrases.word(at) in (*BE, *DO) else at
    for subject in phrases.things(start):
        if subject.universal:  # that one of them is seen is not that all are
            continue
        after = subject.stop + 1 if phrases.word(subject.stop) in BE else subject.stop
        after += phrases.word(after) in ("first", "last")
        for stop in phrases.literals(after, said):
            yield Reading(stop, Seen(subject.reference), subject.cost)


def _times(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    for openings, wrap in ((_TIMES, When), (_DURATIONS, HowLong), (_REPEATS, HowOften)):
        for start in phrases.literals(at, openings):
            read = (
                *yes_no.questions(start),
                *yes_no.statements(start),
                *presence(phrases, start),
                *spent(phrases, start),
            )
            for reading in read:
                if isinstance(reading.question, Event):
                    yield Reading(reading.stop, wrap(reading.question), reading.cost)
                    if wrap is When:
                        yield from _occurrences(phrases, reading)
            if wrap is When:
                yield from _turns(phrases, yes_no, start)


FIRST_OR_LAST = {"first": 1, "last": -1}
_TURNS = {"start": 1, "begin": 1, "commence": 1, "stop": -1, "finish": -1, "end": -1, "cease": -1, "quit": -1}
_SPENDS = (
    *("spend", "spend on", "spend time on", "keep", "continue", "keep on", "go on", "remain", "take to finish"),
    "spend time",
)


def _occurrences(phrases: Phrases, reading: Reading) -> Iterator[Reading]:
    """(When did it chase the ball) for the first time?"""
    assert isinstance(reading.question, Event)
    bare = ((stop, FIRST_OR_LAST[said]) for stop, said in phrases.standing(reading.stop, FIRST_OR_LAST))
    for stop, number in (*nth_times(phrases.tokens, reading.stop), *bare):
        yield Reading(stop, _nth(reading.question, number), reading.cost)


def _nth(event: Event, number: int) -> Question:
    return During(When(event), Occurrence(event, number))


def _turns(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """(When) does the dog start chasing the ball? (When) was the first time it did?"""
    for subject in phrases.things(at + 1) if phrases.word(at) in DO else ():
        number = _TURNS.get(phrases.word(subject.stop))
        infinitive = phrases.word(subject.stop + 1) == "to"  # "begin to chase the ball"
        forms = AFTER_DO if infinitive else AFTER_BE
        for event in asked_of(phrases, subject, subject.stop + 1 + infinitive, forms) if number is not None else ():
            yield Reading(event.stop, _nth(event.question, number), event.cost)  # type: ignore[arg-type]
    if phrases.word(at) in BE:
        for stop, number in nth_times(phrases.tokens, at + 1):
            start = stop + 1 if phrases.word(stop) in ("that", "when") else stop
            for reading in events(phrases, yes_no, start):
                question = _nth(reading.question, number)  # type: ignore[arg-type]
                yield Reading(reading.stop, question, reading.cost)


def spent(phrases: Phrases, at: int) -> Iterator[Reading]:
    """(How long) does the dog spend chasing the ball?"""
    for subject in phrases.things(at + 1) if phrases.word(at) in DO else ():
        for start in phrases.literals(subject.stop, _SPENDS):
            yield from asked_of(phrases, subject, start)
            if phrases.word(start) == "to":
                yield from asked_of(phrases, subject, start + 1, AFTER_DO)


def _order(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """Which begins first (lasts longer): the dog is chasing the ball, or the person is holding it?"""
    if phrases.word(at) not in ("which", "what"):
        return
    for start, verb in phrases.standing(at + 1, _BEGINS_OR_LASTS):
        word = phrases.word(start)
        if word in (_NOT_OF_BEGINNINGS if verb in _STARTS else _NOT_OF_ENDS if verb in _ENDS else ()):
            continue
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
    yield from _first_things(phrases, at)
    for stop in phrases.literals(at + 1, _HAPPENS):
        which = _ORDINALS.get(phrases.word(stop))
        after = stop + 1 if which else stop
        yield Reading(after, Happens(which=which or "all"))  # type: ignore[arg-type]
        for subject in phrases.things(after + 1) if phrases.word(after) in ("to", "with") else ():
            last = _ORDINALS.get(phrases.word(subject.stop)) if which is None else None
            question = Happens(subject.reference, which or last or "all")  # type: ignore[arg-type]
            yield Reading(subject.stop + (last is not None), question, subject.cost)
    if phrases.word(at + 1) in (*DO, *BE):
        for subject in phrases.things(at + 2):
            which = _ORDINALS.get(phrases.word(subject.stop + 1))
            if phrases.word(subject.stop) in ("do", "doing") and which is not None:
                end = phrases.literal(subject.stop + 2, "of all") or subject.stop + 2
                yield Reading(end, Happens(subject.reference, which), subject.cost)  # type: ignore[arg-type]


def _first_things(phrases: Phrases, at: int) -> Iterator[Reading]:
    """What is the first thing that happens, that the dog does?"""
    for start, opening in phrases.standing(at, _THE_FIRST_THING):
        which = _THE_FIRST_THING[opening]
        for stop in phrases.literals(start, _HAPPENS):
            yield Reading(stop, Happens(which=which))  # type: ignore[arg-type]
        for subject in phrases.things(start):
            if phrases.word(subject.stop) in DO:
                yield Reading(subject.stop + 1, Happens(subject.reference, which), subject.cost)  # type: ignore[arg-type]


def _changed(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """What changed (between 2 and 5 seconds, after the dog chased the ball)?"""
    start = phrases.after(at, _CHANGES)
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
    reverse = _MOMENT_TO_MOMENT.match(rest)
    if reverse is not None:
        groups = reverse.groups()
        windows = _moment(*groups[3:]), _moment(*groups[:3])
        yield Reading(start + len(reverse.group().split()), Changed(*windows))
    if phrases.word(start) in ("after", "when", "once"):
        for event in events(phrases, yes_no, start + 1):
            assert isinstance(event.question, Event)
            yield Reading(event.stop, Changed(Before(event.question), After(event.question)), event.cost)


_ONE_MOMENT = re.compile(
    rf"(?:the )?(?:very )?(?:(start|beginning|end)|(first|last|opening|closing|initial|final)"
    rf"(?: (?:one|frame|second|picture|moment|shot))?"
    rf"|(?:frame|picture) (\d+)|(?:second |time )?{_NUMBER}(?: {_SECOND})?)(?= |$)"
)


def moments(phrases: Phrases, at: int) -> Iterator[tuple[int, Window]]:
    """A moment that is named at a word: the end, the first frame, frame 9, second 4, 2.5 s."""
    rest = " ".join(phrases.tokens[at:])
    found = _ONE_MOMENT.match(rest)
    if found is not None:
        edge, ordinal, frame, second = found.groups()
        named = edge or {
            **dict.fromkeys(("first", "opening", "initial"), "start"),
            **dict.fromkeys(("last", "closing", "final"), "end"),
        }.get(ordinal)
        yield at + len(found.group().split()), _moment(named, frame, second)


def _moment(edge: str | None, frame: str | None, second: str | None) -> Window:
    if edge is not None:
        return Edge("end" if edge == "end" else "start")
    if frame is not None:
        return Frames(int(frame[:15]), int(frame[:15]) + 1)
    moment = float((second or "0")[:15])
    return Seconds(moment, moment)


def _passes(phrases: Phrases, yes_no: YesNo, at: int) -> Iterator[Reading]:
    """How much time passes between one event and another? How long after one does the other happen?"""
    for start, opening in phrases.standing(at, _LATER):
        swapped = opening.endswith("before")
        for one in events(phrases, yes_no, start):
            for other in yes_no.questions(one.stop):
                if isinstance(other.question, Event):
                    pair = (other, one) if swapped else (one, other)
                    gap = TimeBetween(*(reading.question for reading in pair))  # type: ignore[arg-type]
                    yield Reading(other.stop, gap, one.cost + other.cost)
    for start in phrases.literals(at, _PASSES):
        for one in events(phrases, yes_no, start):
            for other in events(phrases, yes_no, one.stop + 1) if phrases.word(one.stop) == "and" else ():
                assert isinstance(one.question, Event) and isinstance(other.question, Event)
                yield Reading(other.stop, TimeBetween(one.question, other.question), one.cost + other.cost)
