"""Statements side by side: both of them, one of them, none: "the cup is red or the ball is blue, but not both"."""

from collections.abc import Callable
from dataclasses import replace

from assistant.alternatives import without_both
from assistant.programs import AllOf, AnyOf, ExactlyOneOf, Not
from assistant.readings import Reading

CAPTION = 1.0
"""What it costs to read words without a verb as the statement that there is such a thing."""
_PAIRS = {"either": "or", "neither": "nor", "both": "and"}
"""What opens two statements, and what then stands between them."""
Read = Callable[[list[str]], list[Reading]]


def conjoined(read: Read, tokens: list[str]) -> list[Reading]:
    """Statements joined by "and", "while", "or", "nor", each read by itself."""
    said = without_both(tokens)
    if said is not None:
        return _one_of_two(read, *said)
    link = _PAIRS.get(tokens[0]) if tokens else None
    if link == "or":
        return _one_of_two(read, tokens, False)
    if link == "nor":
        return [
            replace(one, question=Not(one.question), stop=len(tokens)) for one in _disjoined(read, tokens[1:], ("nor",))
        ]
    start = 1 if link == "and" and tokens[1:2] == ["that"] else 0
    return _disjoined(read, tokens, ("or",)) if _may_be_disjoined(tokens) else _conjoined(read, tokens[start:])


def _may_be_disjoined(tokens: list[str]) -> bool:
    """Whether statements are joined by "or" alone: of "and" and "or" it is not said which binds closer."""
    return "or" in tokens and {"and", "while", "but"}.isdisjoint(tokens)


def _one_of_two(read: Read, tokens: list[str], only_one: bool) -> list[Reading]:
    """Either the dog runs or the cat does; with `only_one` not both."""
    start = 1 if tokens[:1] == ["either"] else 0
    found = _disjoined(read, tokens[start:], ("or",))
    if not only_one:
        return found
    return [replace(one, question=ExactlyOneOf(one.question.questions)) for one in found]  # type: ignore[attr-defined]


def _disjoined(read: Read, tokens: list[str], links: tuple[str, ...]) -> list[Reading]:
    """Two statements with a verb each, of which one is enough."""
    for at, token in enumerate(tokens):
        if token in links and 0 < at < len(tokens) - 1:
            first = [one for one in read(tokens[:at]) if one.cost < CAPTION]
            rest = [one for one in (read(tokens[at + 1 :]) if first else ()) if one.cost < CAPTION]
            if rest:
                joint = AnyOf((first[0].question, rest[0].question))
                return [Reading(len(tokens), joint, first[0].cost + rest[0].cost)]
    return []


def _conjoined(read: Read, tokens: list[str]) -> list[Reading]:
    for at, token in enumerate(tokens):
        if token in ("and", "while", "but") and 0 < at < len(tokens) - 1:
            first = read(tokens[:at])
            if not first:
                continue
            rest = read(tokens[at + 1 :]) or _conjoined(read, tokens[at + 1 :])
            if token in ("and", "but") and rest and first[0].cost >= CAPTION and rest[0].cost < CAPTION:
                continue  # in "the dog and the man ride" the dog is no caption: it rides
            if rest:
                joint = AllOf((first[0].question, rest[0].question))
                return [Reading(len(tokens), joint, first[0].cost + rest[0].cost)]
    return []
