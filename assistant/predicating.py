"""What is said of a subject: verbs with their objects, passives, places, adjectives; joined and denied.

Each function reads from a word on and gives every reading; `forms` are the forms of verbs that may stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.amounts_had import had_by_amount
from assistant.auxiliaries import AFTER_BE, AFTER_DO, AFTER_HAVE, BE, DO, FINITE, HAVE, NOT
from assistant.beside_it import with_on_it
from assistant.between_two import said_between
from assistant.comparing import picked_by_comparing, said_by_comparing, with_extreme, with_most, with_most_of_all
from assistant.directions import directions, placing
from assistant.had_by_others import had_by_others
from assistant.lexicon import Adjective, Form, Verb
from assistant.lifeless import further_said
from assistant.motions import said_of_motion
from assistant.overlaps import said_of_overlap
from assistant.programs import Exists
from assistant.same_values import said_of_values
from assistant.sayings import (
    Gap,
    Predication,
    Saying,
    denied,
    directed,
    either,
    related,
    tied,
    valued,
)
from assistant.several_objects import with_several
from assistant.shared_objects import with_other_agents, with_shared_agent, with_shared_object
from assistant.spots import said_of_parts
from assistant.steps import Find, Nodes, Predicate, Related, SpaceDirection

if TYPE_CHECKING:
    from assistant.grammar import Phrases

_GET = ("being", "get", "gets", "got", "getting", "been")
_STANDS = (
    "stand",
    "stands",
    "stood",
    "lie",
    "lies",
    "lay",
    "sit",
    "sits",
    "sat",
    "rest",
    "rests",
    "rested",
    "standing",
    "lying",
    "sitting",
    "resting",
)
"""Verbs of place: what stands to the left of something is there, whatever its posture."""
_STAYS = ("stay", "stays", "stayed", "remain", "remains", "remained", "keep", "keeps", "kept")
_JOINTS = ("and", "or", "but", "nor")
_KEPT = 48
"""Predications kept for one place: what is joined would otherwise multiply without end."""


def predications(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Predication]:
    """Everything that can be said of a subject, with what is joined to it by and, or, but."""
    if phrases.word(at) == "also" or (phrases.word(at) in ("both", "either") and phrases.word(at + 1) != "of"):
        at += 1
    if phrases.word(at) == "neither":
        return _neither(phrases, at + 1, forms)
    single = [*_single(phrases, at, forms), *_denied(phrases, at, forms)]
    found = list(single)
    for first in single:
        found += further_said(phrases, first, at)
        joint = phrases.word(first.stop)
        if joint not in _JOINTS[:3]:
            continue
        start = first.stop + 2 if phrases.word(first.stop + 1) == "also" else first.stop + 1  # "then" says when
        for rest in _joined_forms(phrases, start, forms):
            cost, only = first.cost + rest.cost, first.asks_only or rest.asks_only
            if joint == "or" and len(rest.sayings) > 1 and "but" in phrases.tokens[start : rest.stop]:
                second, *more = rest.sayings  # "on the bench or under the car, but not brown"
                one = either(first, Predication(0, (second,)))
                found.append(Predication(rest.stop, (one, *more), cost, only))
            elif joint == "or":
                found.append(Predication(rest.stop, (either(first, rest),), cost, only))
            else:
                found.append(Predication(rest.stop, (*first.sayings, *rest.sayings), cost, only))
    return [*with_shared_object(phrases, at, forms, _with_object), *found][:_KEPT]


def _joined_forms(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Predication]:
    """(Riding a horse and) holding a cup, is holding a cup, holds a cup, does not hold it."""
    found = phrases.predications(at, forms)
    if phrases.word(at) in BE and forms is not AFTER_DO:
        return [*found, *phrases.predications(at + 1, AFTER_BE)]
    if phrases.word(at) in DO and phrases.word(at + 1) in NOT and forms is AFTER_DO:  # "and does not touch it"
        return [*found, *phrases.predications(at, FINITE)]
    denied_gerund = phrases.word(at) in NOT and forms is not AFTER_BE  # "rides a horse but not holding a cup"
    other = [*(phrases.predications(at, FINITE) if forms is AFTER_BE else ())]
    other += phrases.predications(at, AFTER_BE) if denied_gerund else []
    return [*found, *(replace(said, cost=said.cost + 0.05) for said in other)]


def _neither(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Predication]:
    """Neither riding the horse nor holding the ball."""
    return [
        Predication(second.stop, (denied(Predication(0, (either(first, second),))),), first.cost + second.cost)
        for first in _single(phrases, at, forms)
        if phrases.word(first.stop) == "nor"
        for second in _single(phrases, first.stop + 1, forms)
        if not first.asks_only and not second.asks_only
    ]


def _denied(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Predication]:
    """Not riding the horse; (who) does not ride it; without a hat."""
    word, after = phrases.word(at), phrases.word(at + 1)
    start, inner = at, forms
    if forms is AFTER_BE and phrases.literal(at, "anything but") is not None:
        start = at + 2
    elif word in NOT and forms is not FINITE:
        start = at + 1
    elif forms is FINITE and word in (*BE, *DO) and after in NOT:
        start, inner = at + 2, AFTER_BE if word in BE else AFTER_DO
    elif forms is FINITE and word == "never":
        start = at + 1
    if start > at and phrases.word(start) == "being":  # "without being in front of it"
        start, inner = start + 1, AFTER_BE
    said = _single(phrases, start, inner) if start > at else []
    said += with_shared_object(phrases, start, inner, _with_object) if start > at else []
    if word == "without" and forms is AFTER_BE:
        said = [found for verb in phrases.verbs("with") for found in _with_object(phrases, verb.predicate, at + 1)]
    return [Predication(one.stop, (denied(one),), one.cost, one.asks_only) for one in said]


def _single(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Predication]:
    found: list[Predication] = []
    for stop, entry in phrases.entries(at):
        if isinstance(entry, Adjective) and forms is AFTER_BE:
            found += _valued(phrases, stop, entry)
        if not isinstance(entry, Verb) or entry.form not in forms:
            continue
        if entry.bare:
            found += _placed_postures(phrases, stop, entry, _whole_verbs(phrases, at, forms))
            continue
        found += _with_object(phrases, entry.predicate, stop)
        found += with_most(phrases, entry.predicate, stop)
        if entry.predicate.word == "with":
            found += with_on_it(phrases, stop)
    if phrases.word(at) == "got" and forms is AFTER_DO:  # "has he got a hat"
        found += [said for verb in phrases.verbs("with") for said in _with_object(phrases, verb.predicate, at + 1)]
        found += with_on_it(phrases, at + 1)
    if forms is AFTER_BE:
        found += _passives(phrases, at) + _directed(phrases, at)
        found += [*said_by_comparing(phrases, at), *said_between(phrases, at), *said_of_parts(phrases, at)]
    elif phrases.word(at) in _GET:
        found += _passives(phrases, at)
    if forms is AFTER_DO and phrases.word(at) in ("be", "seem", "appear", "look"):  # "does it happen to be red"
        found += _single(phrases, at + 3 if phrases.literal(at + 1, "to be") is not None else at + 1, AFTER_BE)
    if phrases.word(at) in _STAYS and forms is not AFTER_BE:  # "stays on the bench": is on it all the time
        found += _single(phrases, at + 1, AFTER_BE)
    if forms is FINITE and phrases.word(at) in HAVE:  # "has ridden", "had been riding"
        been = phrases.word(at + 1) == "been"
        found += _single(phrases, at + 2 if been else at + 1, AFTER_BE if been else AFTER_HAVE)
    found += with_extreme(phrases, at) if forms is not AFTER_BE else ()
    found += [*said_of_values(phrases, at, forms), *said_of_overlap(phrases, at, forms)]
    found += [*had_by_amount(phrases, at, forms), *had_by_others(phrases, at, forms)]
    return [*found, *with_most_of_all(phrases, at), *said_of_motion(phrases, at, forms)]


def _valued(phrases: Phrases, at: int, adjective: Adjective) -> list[Predication]:
    """Brown; brown or white; brown in colour."""
    end = at + 2 if phrases.word(at) == "in" and phrases.word(at + 1) in ("colour", "color", "size", "shape") else at
    found = [Predication(end, (valued(adjective),))]
    others: list[Adjective] = []
    while phrases.word(at) == "or":
        entry = next(((stop, one) for stop, one in phrases.entries(at + 1) if isinstance(one, Adjective)), None)
        if entry is None:
            break
        at = entry[0]
        others.append(entry[1])
        found.append(Predication(at, (valued(adjective, *others),)))
    return found


def _with_object(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """A predicate with its object: the ball; two balls."""
    found = []
    for thing in phrases.noun_phrases(at):
        if thing.number is not None and not (thing.definite or thing.universal or thing.most or thing.none):
            found.append(Predication(thing.stop, (tied(predicate, thing),), thing.cost))
    known = (predicate.forward or predicate.converse) and not placing(predicate)
    unknown = 0.0 if known else 0.2  # other readings of the words come first
    for thing in phrases.objects(at):
        if thing.number is None or thing.definite:
            found.append(Predication(thing.stop, (related(predicate, thing.reference),), thing.cost + unknown))
    return found + with_several(phrases, predicate, at) + _with_the_same(phrases, predicate, at)


def _with_the_same(phrases: Phrases, predicate: Predicate, at: int) -> list[Predication]:
    """(Riding) the same horse as the man (is, does)."""
    start = phrases.literal(at, "the same")
    found = []
    for thing in () if start is None else phrases.cores(start):
        for other in phrases.things(thing.stop + 1) if phrases.word(thing.stop) in ("as", "that") else ():
            objects = Related(thing.nodes, predicate.flipped(), other.reference)
            stop = other.stop + 1 if phrases.word(other.stop) in (*BE, *DO) else other.stop
            saying = Saying(
                lambda nodes, objects=objects: Related(nodes, predicate, objects),  # type: ignore[misc]
                lambda nodes, every, thing=thing, other=other: Exists(  # type: ignore[misc]
                    Related(Related(thing.nodes, predicate.flipped(), nodes), predicate.flipped(), other.reference)
                ),
            )
            found.append(Predication(stop, (saying,), other.cost))
    return found


def sharing(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[tuple[int, Nodes, Predicate]]:
    """(Both are) riding the same horse: place after it, what is shared, the relation."""
    return [
        (thing.stop, thing.nodes, entry.predicate)
        for stop, entry in phrases.entries(at)
        if isinstance(entry, Verb) and entry.form in forms and not entry.bare
        and (start := phrases.literal(stop, "the same")) is not None
        for thing in phrases.cores(start)
    ]  # fmt: skip


def _whole_verbs(phrases: Phrases, at: int, forms: frozenset[Form]) -> set[int]:
    """Where predicates of the vocabulary that start at a word end: "lying on" is one, not lying and being on."""
    return {
        stop
        for stop, entry in phrases.entries(at)
        if isinstance(entry, Verb) and not entry.bare and entry.form in forms
        and (entry.predicate.forward or entry.predicate.converse)
    }  # fmt: skip


def _placed_postures(phrases: Phrases, at: int, posture: Verb, whole: set[int]) -> list[Predication]:
    """Standing; standing next to the horse: both the posture and the place, where no predicate says both."""
    saying = related(posture.predicate, Find(None))
    known = bool(posture.predicate.forward or posture.predicate.converse)
    unknown = 0.1 if known else 0.4
    judged = any(isinstance(entry, Adjective) for _, entry in phrases.entries(at))  # "is the dog looking happy"
    found = [] if judged else [Predication(at, (saying,), cost=0.5)]
    if not known and phrases.word(at - 1) in _STANDS:  # "it stands left of it, nearest to it, within 2 metres of it"
        spots = [*places(phrases, at), *picked_by_comparing(phrases, at, named=True)]
        found += [replace(spot, cost=spot.cost + 0.1) for spot in spots if not spot.asks_only]
    for stop, entry in phrases.entries(at):
        if stop in whole or phrases.word(at) == "with":
            continue
        if isinstance(entry, Verb) and entry.form == "state" and not entry.bare:
            for place in _with_object(phrases, entry.predicate, stop):
                if not place.asks_only:
                    found.append(Predication(place.stop, (saying, *place.sayings), place.cost + unknown))
    for there in places(phrases, at):
        found.append(Predication(there.stop, (saying, *there.sayings), there.cost + unknown))
    return found


def _passives(phrases: Phrases, at: int) -> list[Predication]:
    """(being) held by the person; being held; (gets) held by the person."""
    start = at + 1 if phrases.word(at) in _GET else at
    found = with_shared_agent(phrases, start) if "by" in phrases.tokens else []
    for stop, entry in phrases.entries(start):
        if not isinstance(entry, Verb) or entry.form != "participle" or entry.bare:
            continue
        backwards = entry.predicate.flipped()
        found.append(Predication(stop, (related(backwards, Find(None)),), cost=0.5))
        if phrases.word(stop) == "by":
            agents = _with_object(phrases, backwards, stop + 1)
            others = (other for agent in agents for other in with_other_agents(phrases, backwards, agent))
            found += [*agents, *others, *with_most(phrases, backwards, stop + 1)]
    return found


def _directed(phrases: Phrases, at: int) -> list[Predication]:
    """Left of the car, to the car's left; in space where a view is named."""
    found = []
    for stop, direction in directions(phrases.tokens, at, in_space=phrases.vantage is not None):
        for other in phrases.objects(stop):
            found.append(Predication(other.stop, (directed(direction, other.reference, phrases),), other.cost + 0.05))
        if phrases.word(stop) == "both":
            found += [
                Predication(things[-1].stop, tuple(directed(direction, one.reference, phrases) for one in things))
                for things in phrases.joined(stop + 1, ("and",))
                if len(things) > 1
            ]
    for stop, sides in _two_sides(phrases, at):
        for other in phrases.objects(stop):
            there = tuple(
                Predication(other.stop, (directed(direction, other.reference, phrases),)) for direction in sides
            )
            found.append(Predication(other.stop, (either(*there),), other.cost))
    for opening, mark in (("to", "'s"), ("on", "'s")):
        for other in phrases.things(at + 1) if phrases.word(at) == opening else ():
            side = phrases.word(other.stop + 1)
            if phrases.word(other.stop) == mark and side in ("left", "right"):
                saying = directed("left of" if side == "left" else "right of", other.reference, phrases)
                stop = other.stop + 3 if phrases.word(other.stop + 2) == "side" else other.stop + 2
                found.append(Predication(stop, (saying,), other.cost))
    return found


_TWO_SIDES = re.compile(
    r"(?:to|on|at)? ?(?:the )?(left|right|above|below)(?: side| hand side)?(?: of it)? or (?:is it )?(?:to|on|at)? ?"
    r"(?:the )?(left|right|above|below)(?: side| hand side)?(?: of)?(?= )"
)


_SIDE_NAMES: dict[str, SpaceDirection] = {
    "left": "left of",
    "right": "right of",
    "above": "above",
    "below": "below",
}


def _two_sides(phrases: Phrases, at: int) -> Iterator[tuple[int, tuple[SpaceDirection, ...]]]:
    """To the left or to the right of: the place after it, both directions."""
    if "or" not in phrases.tokens[at : at + 7]:
        return
    text = " ".join(phrases.tokens[at:])
    found = _TWO_SIDES.match(text)
    if found is not None:
        yield at + len(found.group().split()), tuple(_SIDE_NAMES[side] for side in found.groups())


def places(phrases: Phrases, at: int) -> list[Predication]:
    """(Lies) left of the car, within 2 metres of it."""
    found = [*_directed(phrases, at), *said_by_comparing(phrases, at), *said_between(phrases, at)]
    return [*found, *said_of_parts(phrases, at)]


def gaps(phrases: Phrases, at: int, forms: frozenset[Form]) -> list[Gap]:
    """Verbs whose object stands elsewhere: "what is the person *holding*"."""
    found = []
    for stop, entry in phrases.entries(at):
        if not isinstance(entry, Verb) or entry.form not in forms:
            continue
        if not entry.bare:
            found.append(Gap(stop, entry.predicate))
            continue
        posture = related(entry.predicate, Find(None))  # "what is the person *standing next to*"
        whole = _whole_verbs(phrases, at, forms)
        found += [
            Gap(end, place.predicate, (posture,))
            for end, place in phrases.entries(stop)
            if isinstance(place, Verb) and place.form == "state" and not place.bare and phrases.word(stop) != "with"
            and end not in whole
        ]  # fmt: skip
    if forms is AFTER_BE or phrases.word(at) in _GET:
        found += _passive_gaps(phrases, at)
    if forms is FINITE and phrases.word(at) in HAVE:
        been = phrases.word(at + 1) == "been"
        found += gaps(phrases, at + 2 if been else at + 1, AFTER_BE if been else AFTER_HAVE)
    return found


def _passive_gaps(phrases: Phrases, at: int) -> list[Gap]:
    """Verbs whose agent stands elsewhere: "what is the umbrella *held by*"."""
    start = at + 1 if phrases.word(at) in _GET else at
    return [
        Gap(stop + 1, entry.predicate.flipped())
        for stop, entry in phrases.entries(start)
        if isinstance(entry, Verb) and entry.form == "participle" and not entry.bare and phrases.word(stop) == "by"
    ]


def direction_gaps(phrases: Phrases, at: int) -> list[tuple[int, SpaceDirection]]:
    """Directions whose object stands elsewhere: "what is the dog *to the left of*"."""
    return list(directions(phrases.tokens, at))
