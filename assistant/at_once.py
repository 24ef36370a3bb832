"""Two events at one time: is the person holding the ball and the cup at the same time?"""

import re

from assistant.programs import AllOf
from assistant.steps import Event, Question
from assistant.timed_programs import During, While

_AT_ONCE = re.compile(
    r" (?:both |all )?(?:at (?:exactly |precisely )?the (?:very |exact )?same (?:time|moment|instant)"
    r"|simultaneously|concurrently|at once)$"
)
_LAST = frozenset({"time", "moment", "instant", "simultaneously", "concurrently", "once"})


def without_at_once(tokens: list[str]) -> list[str] | None:
    """The words before "at the same time"; None where it does not end them.

    >>> without_at_once("is the dog running and the cat sleeping at the same time".split())[-1]
    'sleeping'
    """
    if not tokens or tokens[-1] not in _LAST:
        return None
    text = " ".join(tokens)
    found = _AT_ONCE.search(text)
    return None if found is None else text[: found.start()].split()


def at_once(question: Question) -> During | None:
    """Whether the one of two events happens while the other does; None for what are not two events."""
    match question:
        case AllOf((Event() as first, Event() as second)):
            return During(first, While(second))
    return None
