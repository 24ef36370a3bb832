"""English for the corner or the half of the picture, of those that are listed, in which something lies."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, get_args

from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.holding_parts import HOLDS
from assistant.programs import AllOf, AnyOf, ChoosePart
from assistant.sayings import ask
from assistant.spots import LEFT_OR_RIGHT, SIDES_NAMED, TOP_OR_BOTTOM
from assistant.steps import Nodes, Part, Question, YesNoQuestion

if TYPE_CHECKING:
    from assistant.slots import Context

_PARTS = frozenset(get_args(Part))
_EITHER = {LEFT_OR_RIGHT: ("left", "right"), TOP_OR_BOTTOM: ("top", "bottom")}
_LINKS = ("or", "the", "in", "on", "at", "is", "it")
_PIECES = frozenset(("corner", "half", "side", "part", "one", "quarter", "quadrant", "third", "hand"))


def listed_parts(context: Context, at: int) -> Iterator[tuple[int, Any, float]]:
    """Two parts of the picture or more, up to the end of the question: "the top left or the bottom right"."""
    words = context.phrases.tokens[at:]
    if "or" not in words and _EITHER.keys().isdisjoint(words):
        return
    named: list[str] = []
    said: list[str] = []
    for word in words:
        side = SIDES_NAMED.get(word)
        if word in _EITHER:
            named.extend(_EITHER[word])
        elif word.startswith("@"):
            named.append(word[1:].replace("-", " "))
        elif side is None:
            if word not in (*_LINKS, *_PIECES):
                return
            said = []
        elif said in (["top"], ["bottom"]) and side in ("left", "right"):
            named[-1], said = f"{said[0]} {side}", []
        else:
            named.append(side)
            said = [side]
    if len(named) > 1 and len(set(named)) == len(named):
        yield at + len(words), tuple(named), 0.0


def _halves(thing: Nodes, parts: tuple[str, ...]) -> Question | None:
    """In which half is it? The top left is none."""
    return _chosen(thing, tuple(part if part.endswith(" half") else f"{part} half" for part in parts))


def _corners(thing: Nodes, parts: tuple[str, ...]) -> Question | None:
    """In which corner is it? The left is none."""
    return _chosen(thing, parts) if all(" " in part and "half" not in part for part in parts) else None


def _thirds(thing: Nodes, parts: tuple[str, ...]) -> Question | None:
    return _chosen(thing, parts)


def _chosen(thing: Nodes, parts: tuple[str, ...]) -> Question | None:
    return ChoosePart(thing, parts) if _PARTS.issuperset(parts) else None  # type: ignore[arg-type]


def _both_or_either(joins: type[AllOf] | type[AnyOf], one: Question | None, other: Question | None) -> Question | None:
    yes_no = isinstance(one, YesNoQuestion) and isinstance(other, YesNoQuestion)
    return joins((one, other)) if yes_no else None  # type: ignore[arg-type]


def _asked(piece: str) -> tuple[str, ...]:
    """The ways to ask for a piece of the picture, of those that are listed."""
    which = f"(in|at|on|near)? (which|what) (of the)? {piece}"
    return (
        f"{which} $BE <thing> (located|placed|situated|found|shown|seen|sitting|standing|lying)? <parts>",
        f"{which} $DO <thing> (lie|sit|stand|appear|show up|fall) <parts>",
        f"{which} (do|can|did|could|would) (you|i|we|one) (see|find|spot|locate) <thing> (in)? <parts>",
        f"{which} (has|contains|holds|shows|had|contained|held|have|contain) <thing> (in it)? <parts>",
    )


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (_corners, (*_asked("(corner|corners|quarter|quadrant)"), "$BE <thing> <parts>", "where $BE <thing> <parts>")),
    (_halves, (*_asked("(half|halves|side|sides|hand side)"), "@side $BE <thing> <parts>")),
    (lambda being, phrase: ask(phrase, being), (f"{HOLDS} <being> <noun_phrase:phrase>",)),
    (
        lambda being, phrase, other: _both_or_either(AllOf, ask(phrase, being), ask(other, being)),
        (f"{HOLDS} <being> (both)? <noun_phrase:phrase> and <noun_phrase:other>",),
    ),
    (
        lambda being, phrase, other: _both_or_either(AnyOf, ask(phrase, being), ask(other, being)),
        (f"{HOLDS} <being> (either)? <noun_phrase:phrase> or <noun_phrase:other>",),
    ),
    (_thirds, _asked("(part|parts|third|area|region|section)")),
)

CORNERS = constructions(_FORMS)
"""Tried in no order: every reading counts."""
