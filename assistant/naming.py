"""Noun phrases that name nodes otherwise than by a noun: labels, ids, pronouns, the red one, what somebody has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from assistant import relatives
from assistant.auxiliaries import AFTER_BE, BE, FINITE
from assistant.lexicon import Adjective, Noun, Verb
from assistant.motions import moving
from assistant.program_check import MAX_INTEGER
from assistant.pronouns import PRONOUNS, Pronoun
from assistant.sayings import Phrase, Predication, related
from assistant.steps import Called, Find, Nodes, Pick, Related

if TYPE_CHECKING:
    from assistant.grammar import Phrases


class Labels(dict[str, int]):
    """Node ids by label, in lower case."""

    @cached_property
    def longest(self) -> dict[str, int]:
        """Words of the longest label that is said in several, by the first of them: person-1 is said in two as well."""
        found = dict.fromkeys({label.rpartition("-")[0] for label in self if " " not in label}, 2)
        for label in self:
            if " " in label:
                first, number = label.partition(" ")[0], label.count(" ") + 2
                found[first] = max(found.get(first, 0), number)
        return found


def named(phrases: Phrases, at: int) -> list[Phrase]:
    """Nodes called by label or id: person-1, person 1, node 3, #3, the woman (7)."""
    start = at + 1 if phrases.word(at) in ("the", "a", "an") else at
    found = []
    first = phrases.word(start)
    longest = phrases.called.longest.get(first) or (first in phrases.called)
    for stop in range(start + 1, min(start + longest, len(phrases.tokens)) + 1):
        label = " ".join(phrases.tokens[start:stop])
        spaced = f"{' '.join(phrases.tokens[start : stop - 1])}-{phrases.tokens[stop - 1]}"
        for name in (label, spaced):
            if name in phrases.called:
                node = phrases.called[name]
                same = phrases.word(stop) == f"#{node}"  # "person-1 (0)" names its id as well
                found.append(Phrase(stop + 1 if same else stop, Pick((node,))))
    head, after = phrases.word(start), phrases.word(start + 1)
    if phrases.word(at) in PRONOUNS:
        found.append(Phrase(at + 1, Pronoun(head)))
    if head in ("node", "object", "segment", "id", "number", "item") and after.lstrip("#").isdecimal():
        found.append(Phrase(start + 2, Pick((_id(after.lstrip("#")),))))
    if head.startswith("#") and head[1:].isdecimal():
        found.append(Phrase(start + 1, Pick((_id(head[1:]),))))
    for stop, entry in phrases.entries(start):
        if isinstance(entry, Noun) and phrases.word(stop).startswith("#") and phrases.word(stop)[1:].isdecimal():
            nodes: Nodes = Pick((_id(phrases.word(stop)[1:]),), entry.categories)
            found.append(Phrase(stop + 1, Called(nodes, entry.word) if entry.narrower else nodes, entry))
    name, dash, number = head.rpartition("-")
    if dash and number.isdecimal() and head not in phrases.called and phrases.lexicon.knows(name):
        found.append(Phrase(start + 1, Find((), word=head)))
    return found


def owned(phrases: Phrases, owners: Sequence[Phrase]) -> list[Phrase]:
    """The person's ball: the one that the person has."""
    having = phrases.verbs("with") if "'s" in phrases.tokens else []
    return [
        Phrase(stop, Related(nodes, having[0].predicate.flipped(), owner.reference), noun, True, bool(noun.plural))
        for owner in owners if having and phrases.word(owner.stop) == "'s"
        for stop, nodes, noun in phrases.described(owner.stop + 1)
        if noun.categories != ()
    ]  # fmt: skip


def owned_by(phrases: Phrases, owned: Phrase) -> list[Predication]:
    """(The umbrella) of the woman: the one that she has; none of the women are people themselves."""
    things = owned.noun is not None and owned.noun.categories and not set(owned.noun.categories) <= set(phrases.people)
    having, at = phrases.verbs("with") if things else [], owned.stop + 1
    return [
        Predication(owner.stop, (related(having[0].predicate.flipped(), owner.reference),), owner.cost + _OF)
        for owner in (phrases.things(at) if having else ())
        if owner.definite and owner.noun is not None and set(owner.noun.categories or "?") <= set(phrases.people)
    ]


_OF = 0.2
"""What it costs to take "of the woman" for what she has: other readings of "of" come first."""
_COMPARES = frozenset({"than", "besides", "except", "from", "as", "like", "excluding"})
"""With one of these before it, "the one" is of the kind that is compared, or left out."""
_ASKING = ("", "of", "from", "by", "see", "know", "tell", "me", "us", "say", "find", "spot", "show", "notice")
"""Behind these "what" asks."""
_ASKED_RATHER = 0.4
"""What it costs to take "what the person holds" for a thing: "can you see what the person holds" asks for it."""


def free_relative(phrases: Phrases, at: int) -> list[Phrase]:
    """(Touching) what the person holds; (looking at) whoever is on the bench."""
    if phrases.word(at) in _WHOEVER:
        return _whoever(phrases, at)
    if phrases.word(at) != "what" or phrases.word(at - 1) in _ASKING:
        return []
    said = relatives.relative_objects(phrases, at + 1)
    return [Phrase(one.stop, one.narrow(Find(None)), None, True, cost=one.cost + _ASKED_RATHER) for one in said]


_WHOEVER = {"whoever": ("person", "animal"), "whomever": ("person", "animal"), "whatever": ("thing",)}
"""What is meant by these, the most likely kind first."""


def _whoever(phrases: Phrases, at: int) -> list[Phrase]:
    """Whoever holds the cup, whomever the dog is chasing, whatever is on the bench."""
    be = phrases.word(at + 1) in BE
    said = phrases.predications(at + 1 + be, AFTER_BE if be else FINITE)
    said = [*said, *relatives.relative_objects(phrases, at + 1)]
    return [
        Phrase(one.stop, one.narrow(Find(noun.categories, word=noun.word)), noun, True, cost=one.cost + 0.2 * rank)
        for rank, kind in enumerate(_WHOEVER[phrases.word(at)])
        for _, noun in phrases.lexicon.at([kind], 0)
        if isinstance(noun, Noun)
        for one in said
        if not one.asks_only
    ]  # fmt: skip


def one(phrases: Phrases, at: int) -> list[tuple[int, Nodes, Noun]]:
    """(The red) one: of the kind that was named last, of those that are told by an adjective if there are any."""
    if phrases.word(at) not in ("one", "ones"):
        return []
    if not isinstance(_adjective(phrases, at - 1), Adjective | Verb) and moving(phrases.word(at - 1)) is None:
        return []
    kinds = [
        (start, entry)
        for start in range(at - 2, -1, -1)
        for _, entry in phrases.lexicon.at(phrases.tokens[:at], start)
        if isinstance(entry, Noun) and entry.categories is not None
    ]
    told = [kind for kind in kinds if isinstance(_adjective(phrases, kind[0] - 1), Adjective)]
    for _, entry in (told or kinds)[:1]:
        return [(at + 1, Find(entry.categories, word=entry.word), replace(entry, plural=phrases.word(at) == "ones"))]
    return []


def another(phrases: Phrases, at: int) -> list[Phrase]:
    """(Touching a kite or riding) one: something as was named with "a" last."""
    if phrases.word(at) != "one" or phrases.word(at + 1) == "of":
        return []
    verbs = (stop for start in range(max(at - 3, 0), at) for stop, entry in phrases.entries(start)
             if isinstance(entry, Verb))  # fmt: skip
    if at not in verbs:
        return []
    for start in range(at - 2, -1, -1):
        for stop, nodes, noun in phrases.described(start + 1) if phrases.word(start) in ("a", "an") else ():
            if stop <= at and noun.categories:
                return [Phrase(at + 1, nodes, replace(noun, plural=False))]
    return []


def kind_before(phrases: Phrases, at: int) -> tuple[Nodes, Noun | None]:
    """The kind that was compared to, or left out, before "the one" of it: horses other than *the one* in front."""
    if _COMPARES.isdisjoint(phrases.tokens[:at]):
        return Find(None), None
    left_out = not {"other", "besides", "except", "excluding"}.isdisjoint(phrases.tokens[:at])
    for start in reversed(range(at)) if left_out else range(at):  # of what is compared the head is meant
        if phrases.word(start) == "one" and not left_out:  # "is the one on the horse taller than the one on the bench"
            break
        for _, entry in phrases.lexicon.at(phrases.tokens[:at], start):
            if isinstance(entry, Noun) and entry.categories is not None:
                return Find(entry.categories, word=entry.word), replace(entry, plural=False)
    return Find(None), None


def _adjective(phrases: Phrases, at: int) -> Adjective | Verb | None:
    """An adjective, or a verb such as "running", that is one word."""
    found = (entry for _, entry in phrases.lexicon.at(phrases.tokens[at : at + 1], 0) if at >= 0)
    return next((entry for entry in found if isinstance(entry, Adjective | Verb)), None)


def _id(digits: str) -> int:
    """A node id as a number; of ids that no program may hold the largest that it may, which no graph has."""
    return min(int(digits[:18]), MAX_INTEGER)
