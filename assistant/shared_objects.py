"""Verbs that share what stands behind the last of them: pushing or carrying the bike."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.lexicon import Form, Verb
from assistant.sayings import Predication, either
from assistant.steps import Predicate

if TYPE_CHECKING:
    from assistant.grammar import Phrases


def with_shared_object(
    phrases: Phrases,
    at: int,
    forms: frozenset[Form],
    with_object: Callable[[Phrases, Predicate, int], list[Predication]],
) -> list[Predication]:
    """Two verbs, joined by "and" or "or", and their object.

    Args:
        phrases: of the question.
        at: where the first verb stands; the vocabulary must know it: one that it lacks may need no object.
        forms: that the verbs may have.
        with_object: every way to read the object of a verb; in the same order for every verb.
    """
    return [
        Predication(
            one.stop,
            (either(one, other),) if phrases.word(joint) == "or" else (*one.sayings, *other.sayings),
            0.1 + max(one.cost, other.cost),
            one.asks_only,
        )
        for joint, first in _transitive(phrases, at, forms)
        if phrases.word(joint) in ("and", "or") and (first.predicate.forward or first.predicate.converse)
        for start, second in _transitive(phrases, joint + 1, forms)
        if second.form == first.form != "state"  # "in front of or behind the tree" asks which of the two
        for one, other in zip(
            with_object(phrases, first.predicate, start), with_object(phrases, second.predicate, start), strict=True
        )
    ]


def _transitive(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[tuple[int, Verb]]:
    return [
        (stop, entry)
        for stop, entry in phrases.entries(at)
        if isinstance(entry, Verb) and not entry.bare and entry.form in forms
    ]
