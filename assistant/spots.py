"""English for parts of the picture: on the left of the photo, in the top right corner, in the lower half.

Words for a part become one word of ours, such as `@left`, before courtesies such as "of the photo" are dropped: the
grammar reads it as it reads "beside the car". "On the left" alone is meant so only where it can mean nothing else: the
man on the left may stand anywhere, if he is the leftmost.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, get_args

from assistant.courtesies import PICTURES
from assistant.holding_parts import HOLDS, holding
from assistant.programs import Exists, Not
from assistant.sayings import Predication, Saying
from assistant.steps import InPicture, Nodes, Part, Question

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_MARKED: dict[str, Part] = {f"@{part.replace(' ', '-')}": part for part in get_args(Part)}
SIDE, LEFT_OR_RIGHT, TOP_OR_BOTTOM = "@side", "@left-or-right", "@top-or-bottom"
MARKS = frozenset({*_MARKED, SIDE, LEFT_OR_RIGHT, TOP_OR_BOTTOM, HOLDS})
"""Words of ours, which no question has."""

SIDES_NAMED = {
    **{side: side for side in ("left", "right", "top", "bottom", "middle")},
    **{"upper": "top", "lower": "bottom", "centre": "middle", "center": "middle"},
}
_LASTING = frozenset({"video", "clip", "footage", "movie", "recording", "film", "sequence"})
"""What has a middle in time as well."""
_PICTURES = PICTURES | {"frame", "screen", "view"}
_SHOWN = rf"(?:(?:the|this|that|your|a) )?({'|'.join(sorted(_PICTURES, key=len, reverse=True))})"
_AT = r"(?:on|at|in|to|near|towards|toward|along|by|inside|within)"
_PIECE = r"side|part|portion|area|third|section|edge|region|end|corner|half"
_NAMED = re.compile(
    rf"\b{_AT} (?:the )?(?:very )?(?:(top|upper|bottom|lower) )?"
    rf"(left|right|top|upper|bottom|lower|middle|centre|center)(?: hand)?(?: ({_PIECE}))?"
    rf"(?: (of|in) {_SHOWN})?(?= |$)(?! of\b)"
)
_ASKED = re.compile(
    rf"\b(?:(?:on|at|in|to) )?(?:which|what) (?:hand )?(?:side|half) of {_SHOWN}(?= (?:is|are|was|were)\b)"
)
_EITHER = re.compile(
    rf"\b(?:{_AT} )?(?:the )?(left|right|top|bottom|upper|lower)(?: hand)?(?: (?:{_PIECE}))?(?: of {_SHOWN})? or "
    rf"(?:{_AT} )?(?:the )?(left|right|top|bottom|upper|lower)(?: hand)?(?: (?:{_PIECE}))?(?: of {_SHOWN})?$"
)
_ALONE = re.compile(
    r"\b(?:on|at|in) the (?:(top|upper|bottom|lower) )?(left|right|top|bottom)(?: hand)?(?: (?:side|edge|part))?$"
)
_SIDE = rf"(left|right|top|bottom|upper|lower)(?: hand)?(?: ({_PIECE}))?"
_OPPOSED = re.compile(
    rf"^((?:is|are|was|were|can|could|do|does|did|there|you|we|i)\b(?!.*\bbetween\b).*?) {_AT} the "
    rf"(?:far |very )?{_SIDE}(?: (?:of|in) {_SHOWN})?"
    rf"( (?:and|but|while) .+?| or (?:a|an|some|any|two|three|is there)\b.+?) {_AT} the "
    rf"(?:far |very )?{_SIDE}(?: (?:of|in) {_SHOWN})?$"
)
"""A ball on the left and a car on the right: of sides that are opposed those of the picture are meant."""
_SAME_PIECE = re.compile(
    r"\b(corner|half|side|part|third)\b(.*? (?:in|on|at) the (?:(?:top|upper|bottom|lower|left|right) ){1,2})one\b"
)
_TOWARDS = re.compile(
    r"\b(?:(?:(?:right|all the way|somewhere|way) )?(?:up|down|over|out|off)(?: there| here)?|contained|included) (?=@)"
)
_HAND_SIDE = re.compile(r"\b(?:on|at) the (left|right) hand side(?! of\b)(?= |$)")
_MIDDLE = re.compile(r"\b(?:in|at) the (?:very )?(?:middle|centre|center)(?! of\b)(?= |$)")
_OPENS = re.compile(
    r"^(?:(?:is|are|was|were) there\b.*|(?:what|who) (?:is|are|was|were)(?: there| visible| shown)?|"
    r"how many .* (?:is|are|was|were)(?: there| visible| shown)?)$"
)
"""Questions that a part of the picture may stand before as well as behind."""


def in_parts(tokens: list[str], reaches: Callable[[str], bool]) -> list[str]:
    """The words of a question, with one word for each part of the picture that it names.

    Args:
        tokens: the words.
        reaches: whether a word names a category of the vocabulary: then it is no picture that is asked about.

    >>> " ".join(in_parts("who is on the left side of the photo".split(), lambda word: False))
    'who is @left'
    """
    if SIDES_NAMED.keys().isdisjoint(tokens) and "side" not in tokens and "half" not in tokens:
        return tokens
    text = _SAME_PIECE.sub(r"\1\2\1", holding(" ".join(tokens), reaches))
    opposed = _OPPOSED.match(text)
    if opposed is not None and not any(picture and reaches(picture) for picture in (opposed[4], opposed[8])):
        text = _both_marked(opposed)
    either = _EITHER.search(text)
    if either is not None and (either[2] or either[4]):
        text = _EITHER.sub(_axis, text)
    text = _ASKED.sub(lambda found: found.group() if reaches(found[1]) else SIDE, text)
    text = _TOWARDS.sub("", _NAMED.sub(lambda found: _marked(found, reaches), text))
    first, _, rest = text.partition(" ")
    return (f"{rest} {first}" if first in _MARKED and _OPENS.match(rest) else text).split()


def alone(tokens: list[str]) -> list[str]:
    """The same for parts of the picture where no picture is named, for questions that nothing else reads.

    >>> " ".join(alone("is the dog on the left or on the right".split())), alone(["dogs"])
    ('is the dog @left-or-right', ['dogs'])
    """
    text = _MIDDLE.sub("@middle", _EITHER.sub(_axis, " ".join(tokens)))
    text = _HAND_SIDE.sub(lambda found: _mark(None, found[1]), text)
    if not text.startswith(("what is ", "what are ", "whats ")):  # of things, anything may be meant
        text = _ALONE.sub(lambda found: _mark(found[1], found[2]), text)
    return text.split()


def _mark(first: str | None, second: str) -> str:
    edge = "" if first is None else f"{SIDES_NAMED[first]}-"
    return f"@{edge}{SIDES_NAMED[second]}"


def _both_marked(found: re.Match[str]) -> str:
    before, one, piece, _, between, other, same, _ = found.groups()
    if {SIDES_NAMED[one], SIDES_NAMED[other]} not in ({"left", "right"}, {"top", "bottom"}):
        return found.string
    halves = ("-half" if each == "half" else "" for each in (piece, same))
    first, second = (f"{_mark(None, side)}{half}" for side, half in zip((one, other), halves, strict=True))
    return f"{before} {first}{between} {second}"


def _marked(found: re.Match[str], reaches: Callable[[str], bool]) -> str:
    edge, side, piece, link, picture = found.groups()
    corner = edge is not None and side in ("left", "right")
    named = picture is not None and not reaches(picture)
    sure = named and (link == "of" or corner or piece == "half")
    if (edge is not None and not corner) or (picture is not None and not sure):
        return found.group()
    if piece == "half" and SIDES_NAMED[side] != "middle" and not corner:
        return f"{_mark(None, side)}-half"
    if SIDES_NAMED[side] == "middle" and picture in _LASTING:
        return found.group()
    return _mark(edge, side) if sure or (corner and piece == "corner") else found.group()


def _axis(found: re.Match[str]) -> str:
    sides = {SIDES_NAMED[found[1]], SIDES_NAMED[found[3]]}
    if sides == {"left", "right"}:
        return LEFT_OR_RIGHT
    return TOP_OR_BOTTOM if sides == {"top", "bottom"} else found.group()


def said_of_parts(phrases: Phrases, at: int) -> list[Predication]:
    """In which part of the picture the subject lies."""
    part = _MARKED.get(phrases.word(at))
    return [] if part is None else [Predication(at + 1, (_lying(part),))]


def _lying(part: Part) -> Saying:
    there = Saying(partial(InPicture, part=part), partial(_asked, part))
    elsewhere = Saying(partial(InPicture, part=part, outside=True), partial(_denied, part))
    return replace(there, opposite=elsewhere)


def _asked(part: Part, nodes: Nodes, every: bool) -> Question:
    """Is it there? Of several that are named, are all: is none of them elsewhere?"""
    return Not(Exists(InPicture(nodes, part, True))) if every else Exists(InPicture(nodes, part))


def _denied(part: Part, nodes: Nodes, every: bool) -> Question:
    return Not(_asked(part, nodes, every))
