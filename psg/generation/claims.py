"""Reading what a model wrote: relations that are valid, and all others with what is wrong with them.

Nothing of the text is trusted. JSON is looked for wherever it stands (models talk around it, think
aloud, stop in the middle); where there is none, lines such as `3 | riding | 7` do.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.names import printable
from scenegraph import InputError
from scenegraph.checked_json import DECODER, is_number

MAX_TEXT = 100_000
"""Characters of an answer that are read; 60 relations have about 5,000."""

MAX_OBJECTS = 1000
"""Places in a text at which JSON is looked for: garbage full of brackets must not cost minutes."""

MAX_WORDS, MAX_CHARACTERS = 5, 40
"""Of a predicate in a model's own words."""

_SHOWN = 160
_THOUGHTS = re.compile(r"\A.*</think>", re.DOTALL)
_LINE = re.compile(
    r"(?:[-*\u2022]\s+|\d{1,3}[.)]\s+)?\W{0,4}(\d{1,9})\W{1,8}"
    r"([^\W\d](?:[\w' -]{0,60}[^\W\d_])?)\W{1,8}(\d{1,9})\W{0,4}"
)
_OWN_WORDS = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*(?: [^\W\d_]+(?:['-][^\W\d_]+)*)*")


class Claim(NamedTuple):
    """A relation that names marks which exist, by a predicate that may be used."""

    subject: int
    predicate: str
    object: int
    score: float


class Dropped(NamedTuple):
    """What a model wrote that cannot be used, and why; `claim` is printable and short."""

    claim: str
    reason: str


@dataclass(frozen=True)
class Reading:
    """What was found in one answer.

    Attributes:
        claims: the valid relations, each once, in their order.
        dropped: the others.
        form: "json" or "lines".
        broken: the JSON ends too early or is damaged; relations of it may be missing.
    """

    claims: tuple[Claim, ...]
    dropped: tuple[Dropped, ...]
    form: str
    broken: bool = False


def read_claims(text: str, marks: Collection[int], predicates: Sequence[str] | None, most: int) -> Reading:
    """The relations in a model's answer, strictly checked.

    Args:
        text: what the model wrote.
        marks: the numbers that exist.
        predicates: the names that may be used, compared in lower case; None for any one to five words.
        most: relations beyond this number are dropped.

    Raises:
        InputError: the text holds no relations and does not say that there are none.

    >>> read_claims('{"relations": [{"subject": 0, "predicate": "On", "object": 1}]}', {0, 1}, ["on"], 9).claims
    (Claim(subject=0, predicate='on', object=1, score=1.0),)
    >>> read_claims("0 | on | 2", {0, 1}, ["on"], 9).dropped
    (Dropped(claim='0 | on | 2', reason='there is no object 2'),)
    """
    text = _THOUGHTS.sub("", text[:MAX_TEXT])
    found, broken = _json_relations(text)
    form = "json"
    if found is None:
        form, found = "lines", list(_line_relations(text))
        if not found:
            raise InputError('the text holds no relations; expected {"relations": [...]}')
    known = None if predicates is None else {_said(name): name for name in predicates}
    claims: dict[tuple[int, str, int], Claim] = {}
    dropped = []
    for shown, value in found:
        try:
            claim = _claim(value, marks, known)
        except InputError as error:
            dropped.append(Dropped(shown, str(error)))
            continue
        if claim[:3] not in claims and len(claims) == most:
            dropped.append(Dropped(shown, f"there are more than {most} relations"))
            continue
        claims.setdefault(claim[:3], claim)
    return Reading(tuple(claims.values()), tuple(dropped), form, broken)


def _json_relations(text: str) -> tuple[list[tuple[str, Any]] | None, bool]:
    """The items of the last list of relations, else all objects with a subject; and whether JSON was damaged.

    None: there is neither.
    """
    listed: list[Any] | None = None
    single: list[Any] = []
    broken = False
    for value in _json_values(text):
        if value is None:
            broken = True
        elif isinstance(value, dict) and isinstance(value.get("relations"), list):
            listed, broken = value["relations"], False
        elif isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
            listed, broken = value, False
        elif isinstance(value, dict) and "subject" in value:
            single.append(value)
    items = listed if listed is not None else single
    if listed is None and not single:
        return None, broken
    return [(printable(_written(item), _SHOWN), item) for item in items], broken


def _json_values(text: str) -> Iterator[Any]:
    """Every outermost JSON object or list in a text; None where one begins that cannot be read."""
    start = 0
    for _ in range(MAX_OBJECTS):
        places = [place for place in (text.find("{", start), text.find("[", start)) if place >= 0]
        if not places:
            return
        start = min(places)
        try:
            value, start = DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            if text[start] == "{":
                yield None
            start += 1
        else:
            yield value


def _line_relations(text: str) -> Iterator[tuple[str, Any]]:
    for line in text.splitlines():
        match = _LINE.fullmatch(line.strip()) if len(line) < 200 else None
        if match:
            subject, predicate, other = match.groups()
            value = {"subject": int(subject), "predicate": predicate, "object": int(other)}
            yield printable(line, _SHOWN), value


def _claim(value: Any, marks: Collection[int], known: dict[str, str] | None) -> Claim:
    if not isinstance(value, dict):
        raise InputError("expected an object with subject, predicate and object")
    subject, other = (_mark(value.get(end), end, marks) for end in ("subject", "object"))
    if subject == other:
        raise InputError("subject and object are the same")
    predicate = value.get("predicate")
    if not isinstance(predicate, str):
        raise InputError("the predicate is missing or no text")
    return Claim(subject, _predicate(predicate, known), other, _score(value.get("score")))


def _mark(value: Any, end: str, marks: Collection[int]) -> int:
    if isinstance(value, str) and re.fullmatch(r"\[?\d{1,9}\]?", value):
        value = int(value.strip("[]"))
    if not isinstance(value, int) or isinstance(value, bool):
        raise InputError(f"the {end} is missing or no number of an object")
    if value not in marks:
        raise InputError(f"there is no object {str(value)[:12] if abs(value) < 1 << 63 else 'of that number'}")
    return value


def _predicate(words: str, known: dict[str, str] | None) -> str:
    said = _said(words[:200])
    if known is not None:
        if said not in known:
            raise InputError("the predicate is not in the list")
        return known[said]
    if len(said) > MAX_CHARACTERS or len(said.split()) > MAX_WORDS or not _OWN_WORDS.fullmatch(said):
        raise InputError(f"the predicate is not one to {MAX_WORDS} plain words")
    return said


def _said(words: str) -> str:
    """Words in lower case with single spaces; not_looking_at is "not looking at"."""
    return printable(words.replace("_", " ").lower(), len(words))


def _score(value: Any) -> float:
    if value is None:
        return 1.0
    if not is_number(value) or not 0 <= value <= 1:
        raise InputError("the score is not a number from 0 to 1")
    return float(value)


def _written(item: Any) -> str:
    """A value as the model wrote it, more or less: subject, predicate and object where it has them."""
    try:
        if isinstance(item, dict) and item.keys() & {"subject", "predicate", "object"}:
            shown = " | ".join(str(item.get(key))[:60] for key in ("subject", "predicate", "object"))
            return shown + (f" | {str(item['score'])[:20]}" if item.get("score") is not None else "")
        return str(item)[:_SHOWN]
    except RecursionError:
        return "lists in lists in lists"
