"""The constructions of English that ask by how much longer, or how many more times, one thing happens than another."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.programs import HowLong, HowOften, MoreBy
from assistant.slots_compared import Another
from assistant.steps import Event, Question

_LONGER = (
    "((by|for)? how much (longer|more time)|(by|for|in)? how many (more (seconds|frames)|(seconds|frames) (longer|"
    "more))|how long (longer|more))"
)
_SHORTER = (
    "((by|for)? how much (shorter|less time|less long)|(by|for|in)? how many (fewer|less) (seconds|frames)|(by)? how "
    "many (seconds|frames) (fewer|less|shorter))"
)
_OFTENER = (
    "((by)? how many more times|(by)? how (many times|often) more (often|frequently)?|(by)? how much more (often|"
    "frequently)|(on|in)? how many more (occasions|instances))"
)
_RARER = (
    "((by)? how many (fewer|less) times|(by)? how (many times|often) (fewer|less) (often|frequently)?|(by)? how much "
    "(less (often|frequently)|more (rarely|seldom))|(on|in)? how many (fewer|less) (occasions|instances))"
)
_LASTS = "(last|take|go on|continue|happen|be going on)"
_HAPPEN = "(does|did) it (happen|occur) that"


def _difference(of: type[HowLong] | type[HowOften], less: bool) -> Builds:
    """By how much one event exceeds the other, or falls short of it."""

    def build(one: Event, other: Another) -> Question | None:
        whole = other.beside(one)
        if whole is None:
            return None
        return MoreBy(of(whole), of(one)) if less else MoreBy(of(one), of(whole))

    return build


def _forms() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    for less, said, behind in ((False, _LONGER, "longer"), (True, _SHORTER, "(shorter|less long)")):
        yield (
            _difference(HowLong, less),
            (
                f"{said} <lasting:one> than <another:other>",
                f"{said} $DO <interval:one> {_LASTS} than <another:other>",
                f"{said} <event:one> than <another:other>",
                f"by how (much|long|many seconds|many frames) <lasting:one> (for)? {behind} than <another:other>",
            ),
        )
    for less, said, behind in ((False, _OFTENER, "more"), (True, _RARER, "less")):
        yield (
            _difference(HowOften, less),
            (
                f"{said} <asked:one> than <another:other>",
                f"{said} {_HAPPEN} <event:one> than (that)? <another:other>",
                f"by how (many times|often|much) <asked:one> {behind} (often|frequently) than <another:other>",
            ),
        )


DIFFERENCES = constructions(_forms())
"""Tried in no order: every reading counts."""
