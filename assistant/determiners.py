"""Words before a noun: the, every, at least two, most of the, none of the."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from assistant.ordinals import SUFFIXES
from assistant.text import NUMBERS

_Phrase = tuple[str, ...]


def _by_first_word(phrases: Iterable[_Phrase]) -> dict[str, list[_Phrase]]:
    """Phrases by their first words, the longest first."""
    table: dict[str, list[_Phrase]] = {}
    for phrase in sorted(phrases, key=len, reverse=True):
        table.setdefault(phrase[0], []).append(phrase)
    return table


_DEFINITE = frozenset({"the", "this", "that", "these", "those"})
_INDEFINITE = frozenset(
    {"a", "an", "some", "any", "another", "his", "her", "its", "their", "my", "your", "our", "several"}
)
_INDEFINITE_PEOPLE = frozenset(
    {
        "someone",
        "somebody",
        "anyone",
        "anybody",
        "something",
        "anything",
        "nobody",
        "everyone",
        "everybody",
        "everything",
    }
)
_UNIVERSAL = frozenset({"all", "every", "each", "both"})
_EXACTLY = frozenset({"only", "just", "exactly", "precisely"})
_AMOUNTS: dict[tuple[str, ...], tuple[int, bool]] = {
    ("at", "least"): (0, False),
    ("no", "fewer", "than"): (0, False),
    ("no", "less", "than"): (0, False),
    ("not", "fewer", "than"): (0, False),
    ("more", "than"): (1, False),
    ("over",): (1, False),
    ("fewer", "than"): (0, True),
    ("less", "than"): (0, True),
    ("under",): (0, True),
    ("at", "most"): (1, True),
    ("no", "more", "than"): (1, True),
    ("not", "more", "than"): (1, True),
    ("up", "to"): (1, True),
    ("as", "many", "as"): (0, False),
    ("as", "few", "as"): (1, True),
    ("a", "minimum", "of"): (0, False),
    ("a", "maximum", "of"): (1, True),
}
"""What is added to the number that follows, and whether fewer than that are asked for."""
_AMOUNTS_BY_WORD = _by_first_word(_AMOUNTS)
_EXCLUDES = frozenset({"besides", "except", "excluding", "apart", "aside", "than"})
"""Words with which something is left out; "other" then says nothing more."""
_PARTITIVES = _by_first_word(
    tuple(phrase.split())
    for phrase in (
        *("group of", "pair of", "couple of", "bunch of", "lot of", "lots of", "herd of", "flock of", "crowd of"),
        *("piece of", "slice of", "kind of", "type of", "sort of", "kinds of", "types of", "sorts of", "of"),
    )
)


class Determiner(NamedTuple):
    """What the words before a noun say, up to word `stop`.

    Attributes:
        number: how many; with `at_least` that many or more, with `below` fewer than that.
        most: more than half of them.
        none: that there is none, or that what follows is true of none.
        some: "any of the dogs": one of them is enough.
        distinct: "different dogs", which are several; what "a different dog" differs from is not said.
    """

    stop: int
    definite: bool = False
    universal: bool = False
    number: int | None = None
    at_least: bool = False
    below: bool = False
    most: bool = False
    none: bool = False
    some: bool = False
    distinct: bool = False


def determiner(tokens: Sequence[str], at: int) -> Determiner:
    """The determiner that starts at a word; it may have no words.

    >>> determiner("at most three of the dogs".split(), 0).number
    4
    """
    found: dict[str, Any] = {}
    start = at
    while start < len(tokens):
        one_of = tuple(tokens[start : start + 2]) == ("one", "of") and start == at
        step = _amount(tokens, start) if found.get("number") is None and not one_of else None
        step = step or _article(tokens, start, first=start == at)
        if step is None or (step[1].get("definite") and start > at and _number(tokens[start - 1]) is not None):
            break  # "any of the two, the cup or the kite": the two are no cups
        start, said = step
        if "number" in found and not found.get("universal") and start > at and said.get("definite"):
            said = {}  # "two of the dogs" are any two
        found.update(said)
    return Determiner(start, **found)


def _amount(tokens: Sequence[str], at: int) -> tuple[int, dict[str, Any]] | None:
    """Three, at least three, three or more: the place after it, what it says."""
    if tokens[at] in _EXACTLY and tuple(tokens[at + 1 : at + 3]) in (("a", "single"), ("one", "single")):
        return at + 3, {"number": 1}
    if tokens[at] in _EXACTLY and tuple(tokens[at + 1 : at + 3]) in (("the", "one"), ("the", "single")):
        return at + 3, {"number": 1}
    amount = _matching(tokens, at, _AMOUNTS_BY_WORD)
    value = _number(_at(tokens, at + len(amount)))
    if value is None:
        return None
    stop = at + len(amount) + 1
    if _at(tokens, stop) in SUFFIXES:  # the 2nd
        return None
    more, below = _AMOUNTS[amount] if amount else (0, False)
    following = tuple(tokens[stop : stop + 2])
    if not amount and following in (("or", "more"), ("and", "more")):
        return stop + 2, {"number": value, "at_least": True}
    if not amount and following in (("or", "fewer"), ("or", "less")):
        return stop + 2, {"number": value + 1, "below": True}
    return stop, {"number": value + more, "at_least": bool(amount) and not below, "below": below}


def _article(tokens: Sequence[str], at: int, first: bool) -> tuple[int, dict[str, Any]] | None:
    """One word or phrase that says which: the place after it, what it says."""
    word, following = tokens[at], _at(tokens, at + 1)
    if word == "that" and following in _INDEFINITE_PEOPLE:  # "the ball that somebody holds"
        return None
    if word in _DEFINITE and (first or word != "that"):
        return at + 1, {"definite": True}
    if word in _UNIVERSAL:
        return at + 1, {"universal": True, "number": 2} if word == "both" else {"universal": True}
    if first and word == "most" and following not in ("common", "recent"):
        return at + 1, {"most": True}
    if first and word in ("none", "neither") and following == "of":
        return at + 2, {"none": True}
    if first and word == "no" and following not in ("one", "body", "more", "fewer", "less"):
        return at + 1, {"none": True}
    if first and word in ("any", "some", "one") and following == "of":
        return at + 2, {"some": True}
    if word in ("other", "further") and len(tokens) > at + 2:
        named = _EXCLUDES & set(tokens) - ({"than"} if tokens[at - 1] == "the" else set())
        return (at + 1, {}) if named else None  # "is the other dog taller than the cat" does not say which other
    if word == "single" and not first:
        return at + 1, {}
    partitive = () if first else _matching(tokens, at, _PARTITIVES)
    if partitive:
        return at + len(partitive), {}
    if word in ("different", "distinct"):
        return at + 1, {"distinct": True}
    exactly = word in _EXACTLY and _number(following) is not None
    return (at + 1, {}) if word in _INDEFINITE or exactly else None


def _at(tokens: Sequence[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def _number(word: str) -> int | None:
    if word in NUMBERS:
        return NUMBERS[word]
    return int(word) if word.isdecimal() and word.isascii() and len(word) < 7 else None


def _matching(tokens: Sequence[str], at: int, phrases: Mapping[str, Sequence[_Phrase]]) -> _Phrase:
    """The longest of some phrases, filed by first words, that stands at a word, () if none does."""
    listed = phrases.get(tokens[at], ()) if at < len(tokens) else ()
    return next((phrase for phrase in listed if tuple(tokens[at : at + len(phrase)]) == phrase), ())
