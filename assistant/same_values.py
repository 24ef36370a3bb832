"""What is said of things by a value that they share: of the same colour as the car, sharing the shape of the cup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from assistant.adjectives import spelling
from assistant.dimensions import NOUNS
from assistant.lexicon import Form
from assistant.programs import Alike, Exists
from assistant.sayings import Predication, Saying, denied
from assistant.steps import KIND, Except, Find, Nodes, Question, Sharing, Union

if TYPE_CHECKING:
    from assistant.grammar import Phrases

ATTRIBUTES = frozenset({"colour", "material", "shape", "pattern", "age", "state"})
"""Attributes that are asked for whether the graph records them or not."""
_KINDS = ("kind", "type", "sort", "category", "class", "species")
_MADE = tuple(f"made {of} the same" for of in ("of", "from", "out of", "up of"))
_OWN = ("its", "their", "his", "her", "a", "one")
_BEING = (
    *("the same", "of the same", "in the same", "with the same", "having the same", "sharing the same", *_MADE),
    *("sharing the", "of identical", "of equal", "with identical"),
)
_OPENINGS: dict[str, tuple[str, ...]] = {
    "state": _BEING,
    "third": tuple(
        f"{verb} {what}"
        for verb in ("has", "have", "had", "share", "shares", "shared")
        for what in ("the same", "the", "a common", *_OWN)
        if not (verb.startswith("ha") and what not in ("the same", "a common"))
    ),
    "base": (
        "have the same",
        *(f"share {what}" for what in ("the same", "the", "a common", *_OWN)),
        "be the same",
        "be of the same",
        *(f"be {m}" for m in _MADE),
    ),
}
_DIFFERENT: dict[str, tuple[str, ...]] = {
    "state": (
        *("different in", "of a different", "of another", "in a different", "with a different", "having a different"),
        *("a different", "another", "distinct in", "differing in", "unlike in"),
    ),
    "third": (
        *(f"{verb} {what}" for verb in ("has", "have", "had") for what in ("a different", "another")),
        *("differs in", "differ in", "differed in"),
    ),
    "base": ("have a different", "have another", "differ in", "be a different", "be of a different"),
}
"""What opens that the subject has another value than others have."""
_FIRST = frozenset(
    opening.partition(" ")[0] for table in (_OPENINGS, _DIFFERENT) for listed in table.values() for opening in listed
)
_THAN = ("as", "as that of", "as those of", "as the one of", "with", "of", "to", "with that of")
_THAN_OTHERS = ("from", "than", "to", "from that of", "than that of", "to that of")
_SAYS_SAME = frozenset({"same", "share", "shares", "shared", "sharing", "identical"})
_OTHERS = re.compile(
    r"(?<!\bthe )\b(?:other (?=\w)|else(?= |$))|\banother(?= \w)"
    r"|(?<=\bthe )other (?=\w+ (?:that|which|who|of|with|made|having|sharing)\b)"
)
_SAME = re.compile(r"\b(?:same|shares?|shared|sharing|identical) (?:(?:the|its|their|his|her|a|one) )?(?:same )?(\w+)")
_SURELY = 0.3
"""What it costs to take "the same size" for a recorded value, as sizes are rather compared."""


def without_others(tokens: list[str], attributes: frozenset[str]) -> list[str]:
    """The words without "other" and "else", which "of the same colour as the car" says already.

    >>> " ".join(without_others("what else is of the same colour as the car".split(), frozenset()))
    'what is of the same colour as the car'
    """
    if _SAYS_SAME.isdisjoint(tokens):
        return tokens
    text = " ".join(tokens)
    found = _SAME.search(text)
    if found is None or _name(found[1], attributes) is None:
        return tokens
    return _OTHERS.sub(lambda other: "a" if other.group() == "another" else "", text).split()


def said_of_values(phrases: Phrases, at: int, forms: frozenset[Form]) -> Iterator[Predication]:
    """All that a word on may say of a value that the subject has, as others have it."""
    if phrases.word(at) not in _FIRST:
        return
    kinds = [kind for kind in _OPENINGS if kind in forms]
    alone = phrases.word(at) in ("the", "of") and phrases.word(at - 1) not in ("is", "are", "was", "were", "also")
    for table, links in ((_OPENINGS, _THAN), (_DIFFERENT, _THAN_OTHERS)):
        for start in {stop for kind in kinds for stop in phrases.literals(at, table[kind])}:
            name = _name(phrases.word(start), phrases.attributes)
            if name is None:
                continue
            stop = start + 3 if name == KIND and phrases.word(start + 1) == "of" else start + 1  # "kind of thing"
            cost = _SURELY * (name in NOUNS) + _SURELY * alone
            for link in phrases.literals(stop, links):
                for other in phrases.things(link):
                    end = other.stop + (phrases.word(other.stop) in ("is", "are", "has", "have", "does", "do"))
                    different = table is _DIFFERENT
                    yield Predication(end, (_sharing(name, other.reference, different),), other.cost + cost)


def _name(word: str, attributes: frozenset[str]) -> str | None:
    """The attribute that a word names; "size" only where sizes are recorded."""
    name = spelling(word)
    if name in _KINDS:
        return KIND
    return name if name in attributes or (name in ATTRIBUTES and name not in NOUNS) else None


def _sharing(name: str, others: Nodes, different: bool) -> Saying:
    same = Saying(partial(Sharing, others=others, attribute=name), partial(_asked, name, others, False))
    if not different:
        return same
    apart = denied(Predication(0, (same,)))
    return replace(apart, ask=partial(_asked, name, others, True))


def _asked(name: str, others: Nodes, different: bool, nodes: Nodes, every: bool) -> Question:
    """Has *the* dog the same value? Is there *a* dog that has it?"""
    if isinstance(nodes, Find) and not every:
        found = Sharing(nodes, others, name)
        return Exists(Except(nodes, found) if different else found)
    return Alike(Union((nodes, others)), name, different)
