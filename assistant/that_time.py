"""Stretches of time that are named by an earlier turn: at that moment, meanwhile, before that, two seconds later."""

import re
from dataclasses import dataclass
from typing import Literal

from assistant.answers import RelationCitation, Status
from assistant.referents import Referents, Turn
from assistant.steps import Event, Question, Window
from assistant.timed_programs import After, Before, During, Edge, Frames, Happens, HowLong, HowOften, When, While, inner
from scenegraph.spans import Span, Spans, intersect

_THAT = r"(?:that|this|then)"
_AT = re.compile(
    r"\b(?:(?:at|in|during) (?:that|this|the same) (?:very |exact )?(?:moment|time|point|instant|frame|second|period)"
    r"|meanwhile|in the meantime|simultaneously|back then|right then|at the time"
    rf"|(?:while|when|as) {_THAT[:-1]}|it) (?:happens|happened|is happening|was happening|takes place)"
    r"|during that)(?=\s*(?:[?.!,]|$)|, )"
)
_BEFORE = re.compile(
    rf"\b(?:(?:right |just |immediately |shortly )?(?:before|prior to) {_THAT}(?=\s*(?:[?.!,]|$))"
    r"|beforehand|earlier(?: on)?|previously|until then|up to then)(?=\s*(?:[?.!,]|$))"
)
_AFTER = re.compile(
    rf"\b(?:(?:right |just |immediately |shortly )?after {_THAT}|after(?:wards?)|later(?: on)?|thereafter"
    r"|from then on|since then|subsequently)(?=\s*(?:[?.!,]|$))"
)
_AT_FIRST = re.compile(r"^(?:at (?:that|this|the same) (?:moment|time|point)|meanwhile|in the meantime)\b,? (?=\w)")
_BEFORE_FIRST = re.compile(r"^(?:before (?:that|this|then)|beforehand|earlier|previously),? (?=\w)")
_AFTER_FIRST = re.compile(r"^(?:after (?:that|this)|afterwards|later|from then on),? (?=\w)")
_LATER = re.compile(
    r"\b(?:(\d+(?:\.\d+)?|an?|one|two|three|four|five|six|seven|eight|nine|ten|half a) "
    r"(seconds?|secs?|s|frames?|moments?) (later|earlier|after that|before that|afterwards|beforehand|before|after)"
    r"|in the (next|previous) (second|frame))(?=\s*(?:[?.!,]|$))"
)
_THEN = re.compile(r",?\s*\bthen(?=\s*(?:[?.!]|$))")
_NEXT = re.compile(r"\bnext(?=\s*(?:[?.!]|$))")
_BARE_THEN = re.compile(r"^\W*(?:and )?(?:then|next|after|what then|what next|then what)\W*$")
_BARE_BEFORE = re.compile(r"^\W*(?:and )?before\W*$")
_ABSOLUTE = re.compile(r"\b(?:at|in|from|between|after|before|until|during) (?:\d|seconds?\b|frames?\b|the (?:very )?"
                       r"(?:start|beginning|end)\b)")  # fmt: skip
_NOW = re.compile(r"^\W*(?:right )?now\W*$")
_GOES_ON = re.compile(r"\b(?:does|do|did|happens|happened)\b")
_NUMBERS = {
    **{"a": 1.0, "an": 1.0, "one": 1.0, "half a": 0.5, "two": 2.0, "three": 3.0, "four": 4.0, "five": 5.0},
    **{"six": 6.0, "seven": 7.0, "eight": 8.0, "nine": 9.0, "ten": 10.0},
}

Place = Literal["at", "before", "after"]


@dataclass(frozen=True)
class Timed:
    """A question without the words that name a time by an earlier turn, and that time."""

    text: str
    window: Window
    words: str


def timed(text: str, referents: Referents) -> Timed | None:
    """What a question says of the time of an earlier turn; None where it says nothing of it.

    Args:
        text: the question, normalised.
        referents: of the conversation.
    """
    turn = referents.last
    if turn is None or turn.question is None or referents.assistant.graph.source.kind == "image":
        return None
    if _BARE_THEN.match(text):
        return Timed("", _window(turn, "after", referents), text.strip(" ?.!"))
    if _BARE_BEFORE.match(text):
        return Timed("", _window(turn, "before", referents), text.strip(" ?.!"))
    if _NOW.match(text):
        return Timed("", Edge("end"), "now")
    later = _LATER.search(text)
    if later is not None:
        window = _shifted(turn, later, referents)
        return None if window is None else Timed(_without(text, later), window, later.group())
    places: tuple[tuple[re.Pattern[str], Place], ...] = (
        *((_AT, "at"), (_BEFORE, "before"), (_AFTER, "after")),
        *((_AT_FIRST, "at"), (_BEFORE_FIRST, "before"), (_AFTER_FIRST, "after")),
    )
    for pattern, place in places:
        found = pattern.search(text)
        if found is not None:
            return Timed(_without(text, found), _window(turn, place, referents), found.group())
    then = _THEN.search(text) or _NEXT.search(text)
    if then is not None and _tells_time(turn) and not _ABSOLUTE.search(text):
        when: Place = "after" if _GOES_ON.search(text) is not None and "doing" not in text else "at"
        return Timed(_without(text, then), _window(turn, when, referents), then.group().strip(" ,"))
    return None


def without_then(text: str) -> str:
    """A question without a "then" that names no time: "who is it then?"."""
    return _THEN.sub("", text)


def _without(text: str, found: re.Match[str]) -> str:
    return " ".join(f"{text[: found.start()]} {text[found.end() :]}".split()).strip(" ,")


def _tells_time(turn: Turn) -> bool:
    """Whether a turn was about a stretch of time."""
    asked = turn.question
    if isinstance(asked, During | When | HowLong | HowOften):
        return True
    told = [one for one in turn.answer.citations if isinstance(one, RelationCitation)]
    return turn.answer.status is Status.ANSWERED and any(one.spans for one in told)


def _window(turn: Turn, place: Place, referents: Referents) -> Window:
    question = turn.question
    assert question is not None
    asked = inner(question)
    if isinstance(asked, When | HowLong | HowOften) and not isinstance(question, During):
        event = asked.event
        return {"at": While, "before": Before, "after": After}[place](event)
    if place == "at" and isinstance(question, During):
        return question.window
    if place == "at" and isinstance(question, Event) and turn.answer.status is Status.ANSWERED:
        return While(question)
    spans = _told(turn, referents)
    if place == "after" and isinstance(asked, Happens):  # what begins next
        return Frames(spans[-1].start + 1 if asked.which == "all" else spans[0].start + 1, None)
    last = referents.assistant.graph.source.num_frames
    if place == "before":
        return Frames(0, spans[0].start)
    if place == "after":
        return Frames(min(spans[-1].stop, last), None)
    return Frames(spans[0].start, spans[-1].stop)


def _asked_frames(question: Question, referents: Referents) -> Spans:
    """The frames that a question is about."""
    index = referents.assistant.index
    if not isinstance(question, During):
        return index.whole
    return referents.assistant.outcome(question).window or index.whole


def _told(turn: Turn, referents: Referents) -> Spans:
    """The time of what a turn told: of the events that have an end, else the time that it asked about."""
    question = turn.question
    assert question is not None
    index = referents.assistant.index
    asked = _asked_frames(question, referents)
    found: list[tuple[int, int]] = []
    for citation in turn.answer.citations if turn.answer.status is Status.ANSWERED else ():
        if isinstance(citation, RelationCitation):
            spans = index.spans(citation.relation)
            if spans != index.whole:
                found += [(span.start, span.stop) for span in spans if intersect((span,), asked)]
    if not found:
        return asked
    return (Span(min(start for start, _ in found), max(stop for _, stop in found)),)


def _shifted(turn: Turn, found: re.Match[str], referents: Referents) -> Window | None:
    """So much later than the end of what was told, or earlier than its beginning."""
    question = turn.question
    assert question is not None
    source = referents.assistant.graph.source
    later = found[3] in ("later", "after that", "afterwards", "after") or found[4] == "next"
    amount = 1.0 if found[1] is None else _NUMBERS.get(found[1]) or float(found[1])
    framed = (found[2] or found[5]).startswith("frame")
    if not framed and source.fps is None:
        return None
    frames = round(amount if framed else amount * (source.fps or 1.0))
    if isinstance(question, During):
        spans = _asked_frames(question, referents)
    else:
        spans = _told(turn, referents)
        asked = inner(question)
        if isinstance(asked, When | HowLong | HowOften):
            spans = referents.assistant.outcome(During(question, While(asked.event))).window or spans
    at = spans[-1].stop - 1 + frames if later else spans[0].start - frames
    return Frames(at, at + 1) if at >= 0 else Frames(0, 0)
