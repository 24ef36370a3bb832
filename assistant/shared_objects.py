"""What shares a part of a clause: pushing or carrying the bike, thrown by the cat but not by the dog."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.lexicon import Form, Verb
from assistant.sayings import Predication, denied, either, related
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
    found = [
        (stop, entry)
        for stop, entry in phrases.entries(at)
        if isinstance(entry, Verb) and not entry.bare and entry.form in forms
    ]
    return [*found, *_with_its_particle(phrases, at, forms)] if phrases.word(at + 1) == "or" else found


def _with_its_particle(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[tuple[int, Verb]]:
    """Sitting or standing on the bench: sitting on it."""
    particle = phrases.word(at + 3)
    return [
        (at + 1, verb)
        for verb in phrases.verbs(f"{phrases.word(at)} {particle}")
        if not verb.bare and verb.form in forms and phrases.verbs(f"{phrases.word(at + 2)} {particle}")
    ]


def with_other_agents(phrases: Phrases, predicate: Predicate, first: Predication) -> list[Predication]:
    """(Thrown by the cat) but not by the dog, and by the dog, or by the dog.

    Args:
        phrases: of the question.
        predicate: of the verb, from what is done to who does it.
        first: what is said with the agent that is named first.
    """
    joint = phrases.word(first.stop)
    negated = phrases.word(first.stop + 1) == "not"
    start = first.stop + 1 + negated
    if joint not in ("and", "but", "or") or phrases.word(start) != "by":
        return []
    found = []
    for agent in phrases.objects(start + 1):
        other = Predication(agent.stop, (related(predicate, agent.reference),))
        saying = denied(other) if negated else other.sayings[0]
        sayings = (either(first, other),) if joint == "or" and not negated else (*first.sayings, saying)
        found.append(Predication(agent.stop, sayings, first.cost + agent.cost - 0.1, first.asks_only))
    return found


def with_shared_agent(phrases: Phrases, at: int) -> list[Predication]:
    """(Both) looked at and held by the person, chased or kicked by the dog."""
    return [
        Predication(
            agent.stop,
            (either(one, other),) if phrases.word(joint) == "or" else (*one.sayings, *other.sayings),
            agent.cost - 0.05,
        )
        for joint, first in _participles(phrases, at)
        if phrases.word(joint) in ("and", "or")
        for stop, second in _participles(phrases, joint + 1)
        if phrases.word(stop) == "by"
        for agent in phrases.objects(stop + 1)
        for one, other in [
            [Predication(agent.stop, (related(verb.predicate.flipped(), agent.reference),)) for verb in (first, second)]
        ]
    ]


def _participles(phrases: Phrases, at: int) -> list[tuple[int, Verb]]:
    return [
        (stop, entry)
        for stop, entry in phrases.entries(at)
        if isinstance(entry, Verb) and entry.form == "participle" and not entry.bare
        and (entry.predicate.forward or entry.predicate.converse)
    ]  # fmt: skip
