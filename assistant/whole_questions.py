"""A whole question: its clause with the stretch of time, the vantage and the exceptions around it.

Everything here takes words away from the ends of a question, or moves them to where the grammar expects
them, and reads what is left; nothing is read twice and nothing is left unread.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from assistant.alternatives import alternatives, one_or_both, without_both
from assistant.among import headed, narrowed
from assistant.at_once import at_once, without_at_once
from assistant.auxiliaries import BE, DO
from assistant.clauses import CAPTION
from assistant.exclusions import MARKERS as EXCEPT
from assistant.exclusions import excluded
from assistant.grammar import Phrases, counts
from assistant.patterns import NO_GERUND
from assistant.programs import (
    AllOf,
    AttributeOf,
    ChooseValue,
    Doing,
    Exists,
    HasAttribute,
    Locate,
    Summarise,
)
from assistant.pronouns import PRONOUNS, either, resolved
from assistant.questions import Questions
from assistant.readings import Reading
from assistant.rewording import reworded
from assistant.same_deed import deed_of, same_deeds
from assistant.sayings import Vantage
from assistant.scales import MakePhrases, on_scale, scaled, scales
from assistant.steps import Extreme, Nodes, Pick, Question, Related, The, Window, walk
from assistant.timed_programs import (
    After,
    Amid,
    Before,
    Changed,
    During,
    Edge,
    Frames,
    Happens,
    Occurrence,
    Seconds,
    While,
)
from assistant.vantages import as_seen, vantages
from assistant.when import changed_during, marks, windows

_ANY = frozenset({"any", "anything", "anyone", "anybody"})
"""With one of these a question asks whether, not which of the things that it names."""
_MOVED = 0.1
"""What it costs to read words in another order; where they can be read as they stand, they are not moved."""

_GERUND = re.compile(rf"(?!{NO_GERUND}$)\w+ing")

_NAMED_BEFORE, _UNNAMED = frozenset({"it", "he", "she", "they"}), frozenset({"something", "somebody", "someone"})
"""In "the dog, what is it chasing" and "the dog chases something, but what" two clauses stand side by side."""
_LINKED = frozenset({*BE, *DO, "has", "have", "the", "a", "an", "this", "that", "these", "those", *_NAMED_BEFORE})
_GOING_ON = frozenset({"going", "happening", "occurring"})
_ASKING = ("what", "who", "whom", "which", "where", "when", "how", "whose")
_OPENS = (*_ASKING, *BE, *DO, "has", "have", "can", "if", "whether")


def remembered(make: MakePhrases) -> MakePhrases:
    """The grammar over some words is made once, for all who read the same words."""
    made: dict[tuple[tuple[str, ...], Vantage | None], Phrases] = {}

    def once(tokens: list[str], vantage: Vantage | None) -> Phrases:
        key = (tuple(tokens), vantage)
        if key not in made:
            made[key] = make(tokens, vantage)
        return made[key]

    return once


class WholeQuestions:
    """Reads questions and statements.

    Args:
        phrases: makes the grammar over some words, as seen from a vantage.
        attributes: names of the attributes that the graph records.
    """

    def __init__(self, phrases: MakePhrases, attributes: frozenset[str]) -> None:
        self.make = phrases
        self.attributes = attributes

    def readings(self, tokens: list[str], statements_only: bool) -> Iterator[Reading]:
        """Readings of all the words."""
        plain = list(self._timed(tokens, statements_only, None))
        yield from plain
        yield from self._from_somewhere(tokens, statements_only)
        for rest, metres in scales(tokens):
            inner = WholeQuestions(remembered(scaled(self.make, metres)), self.attributes)
            for said in dict.fromkeys((tuple(rest), tuple(reworded(rest)))):
                for reading in inner.readings(list(said), statements_only):
                    if on_scale(reading.question, metres):
                        yield replace(reading, stop=len(tokens))
        if not statements_only:
            yield from self._in_order(tokens, any(reading.cost <= _MOVED for reading in plain))

    def _from_somewhere(self, tokens: list[str], statements_only: bool) -> Iterator[Reading]:
        """With the words that say from where it is seen."""
        for rest, vantage in vantages(tokens, lambda words: self.make(words, None)):
            for said in dict.fromkeys((tuple(rest), tuple(reworded(rest)))):
                for reading in self._timed(list(said), statements_only, vantage):
                    seen = as_seen(reading.question, vantage)
                    if seen is not None:
                        yield Reading(len(tokens), seen, reading.cost)

    def _in_order(self, tokens: list[str], surely: bool) -> Iterator[Reading]:
        """In the order of words that questions have, where they are not surely read as they stand."""
        for moved in () if surely else self._moved(tokens):
            for reading in self._timed(moved, False, None):
                yield Reading(len(tokens), reading.question, reading.cost + _MOVED)
        for stop, nodes in headed(self.make(tokens, None)):
            for reading in self._timed(tokens[stop:], False, None):
                question = narrowed(reading.question, nodes)
                if question is not None:
                    yield Reading(len(tokens), question, reading.cost)

    def _timed(self, tokens: list[str], statements_only: bool, vantage: Vantage | None) -> Iterator[Reading]:
        """With a stretch of time before or after the question, or without."""
        questions = Questions(self.make(tokens, vantage), self.attributes)
        beings = None if PRONOUNS.isdisjoint(tokens) else questions.phrases.lexicon.beings
        for reading in self._clauses(questions, tokens, statements_only):
            if isinstance(reading.question, Happens) and _following(tokens):
                continue  # "what happens next" does not say after what
            asked = resolved(reading.question, None, beings) if beings is not None else reading.question
            if asked is not None:
                yield replace(reading, question=asked)  # type: ignore[arg-type]
        if not any(map(marks, tokens)):
            return
        phrases = questions.phrases
        for rest, named in _stretches(questions, statements_only).items():
            for reading in self._inner(list(rest), statements_only, vantage):
                for window, cost in named:
                    said = replace(reading, cost=reading.cost + cost)
                    yield from self._placed(said, window, tokens, phrases)
        for rest, window_of, other in same_deeds(phrases):
            for reading in self._inner(list(rest), statements_only, vantage):
                deed = deed_of(reading.question, other)
                if deed is not None:
                    yield from self._placed(reading, window_of(deed), tokens, phrases)

    def _inner(self, tokens: list[str], statements_only: bool, vantage: Vantage | None) -> list[Reading]:
        """Readings of the clause that a stretch of time stands beside; in it words may have to be moved."""
        found: list[Reading] = []
        for said in dict.fromkeys((tuple(tokens), tuple(reworded(tokens)))):
            inner = Questions(self.make(list(said), vantage), self.attributes)
            found += self._clauses(inner, list(said), statements_only)
        return found

    def _placed(self, reading: Reading, window: Window, tokens: list[str], phrases: Phrases) -> Iterator[Reading]:
        question: Question | None = During(reading.question, window)
        if isinstance(reading.question, Changed):
            question = changed_during(reading.question, window)
        if isinstance(reading.question, Summarise) and not _GOING_ON.isdisjoint(tokens):
            happens = isinstance(window, After | Amid | Before | Occurrence | While)
            question = During(Happens(), window) if happens else question  # "what was going on while"
        if question is None:
            return
        beings = phrases.lexicon.beings
        found = resolved(question, _subject(phrases, reading.question), beings)
        for place, asked in enumerate([found] if found is not None else either(question, beings), 1):
            yield Reading(len(tokens), asked, reading.cost + 0.1 * place)  # type: ignore[arg-type]

    def _clauses(self, questions: Questions, tokens: list[str], statements_only: bool) -> Iterator[Reading]:
        start = 1 if tokens and tokens[0] in ("if", "whether", "that") else 0
        if not statements_only and not start:
            for reading in questions.readings():
                if reading.stop == len(tokens):
                    chosen = _ANY.isdisjoint(tokens)  # "any dog that is brown or white" names no alternatives
                    yield replace(reading, question=alternatives(reading.question)) if chosen else reading
        for reading in questions.constructed(start) if start and not statements_only else ():
            if reading.stop == len(tokens):  # "whether the number of dogs exceeds that of cats"
                yield reading
        for reading in questions.yes_no.statements(start):
            if reading.stop == len(tokens):
                said = reading.question if statements_only else alternatives(reading.question)
                yield Reading(reading.stop, said, reading.cost + (0 if statements_only or start else 1))
        said_of_both = None if statements_only else without_both(tokens)
        if said_of_both is not None:
            rest, only_one = said_of_both
            inner = Questions(self.make(rest, questions.phrases.vantage), self.attributes)
            asked = ((one.question, one.cost) for one in inner.readings(start) if one.stop == len(rest))
            claimed = ((one.question, one.cost + 1) for one in inner.yes_no.statements(start) if one.stop == len(rest))
            for question, cost in one_or_both(chain(asked, claimed), only_one):
                yield Reading(len(tokens), question, cost)
        if statements_only:
            yield from _captions(questions.phrases, len(tokens))
        else:
            yield from self._together(questions.phrases.vantage, tokens)

    def _together(self, vantage: Vantage | None, tokens: list[str]) -> Iterator[Reading]:
        """Two events (at the same time)."""
        rest = without_at_once(tokens)
        if rest is not None:
            for reading in self._clauses(Questions(self.make(rest, vantage), self.attributes), rest, False):
                both = at_once(reading.question)
                if both is not None:
                    yield Reading(len(tokens), both, reading.cost)

    def _asked_without(self, rest: list[str], left_out: list[str]) -> Iterator[list[str]]:
        """Besides the ball, how many things, which things: how many things besides the ball."""
        start = 2 if rest[0] == "how" else 1
        start += rest[start : start + 1] == ["other"]
        for phrase in self.make(rest, None).cores(start):
            yield [*rest[: phrase.stop], *left_out, *rest[phrase.stop :]]

    def _moved(self, tokens: list[str]) -> Iterator[list[str]]:
        """Words moved to where questions have them: "it is chasing what", "besides the ball, what is it chasing"."""
        if tokens and tokens[0] not in _OPENS:
            for at in range(max(len(tokens) - 4, 1), len(tokens)):
                apart = _NAMED_BEFORE & set(tokens[at:]) or _UNNAMED & set(tokens[:at])
                if tokens[at] in ("what", "who", "whom", "which", "where", "when", "how") and not apart:
                    moved = _asked_first(tokens, at)
                    yield moved
                    yield from _inverted(moved)
        yield from _inverted(tokens)
        yield from _partitive(tokens)
        starts = {marker.split()[0] for marker in EXCEPT}
        if not starts & set(tokens):
            return
        phrases = self.make(tokens, None)
        for at, token in enumerate(tokens):
            for other in excluded(phrases, at) if token in starts else ():
                rest = tokens[:at] + tokens[other.stop :]
                if rest[:2] == ["how", "many"] or rest[:1] in (["which"], ["what"]):
                    yield from self._asked_without(rest, tokens[at : other.stop])
                if at == 0 and (rest[:2] in (["is", "there"], ["are", "there"]) or _asks_for_any(rest)):
                    yield [*rest, *tokens[at : other.stop]]
                if (at == 0 or other.stop == len(tokens)) and rest and rest[0] in _ASKING:
                    after = 2 if rest[1:2] == ["else"] else 1
                    yield [rest[0], *tokens[at : other.stop], *rest[after:]]


def _asked_first(tokens: list[str], at: int) -> list[str]:
    """It is chasing *what*: what it is chasing; man holding *what*: what is the man holding, not which man."""
    asked, rest = tokens[at:], tokens[:at]
    bare = len(asked) == 1 and asked[0] in ("what", "which", "who", "whom") and _LINKED.isdisjoint(rest)
    return [*asked, "is", "the", *rest] if bare and any(map(_GERUND.fullmatch, rest[-2:])) else [*asked, *rest]


def _asks_for_any(tokens: list[str]) -> bool:
    """Whether it is asked if anything is so: (aside from the car,) is anything red?"""
    return tokens[:1] != [] and tokens[0] in (*BE, *DO) and not _ANY.isdisjoint(tokens[1:2])


def _stretches(questions: Questions, statements_only: bool) -> dict[tuple[str, ...], list[tuple[Window, float]]]:
    """The stretches of time in a question, with what it costs to read them, by the words without them."""
    phrases = questions.phrases
    tokens = tuple(phrases.tokens)
    found: dict[tuple[str, ...], list[tuple[Window, float]]] = {}
    for start in range(len(tokens)):
        for stop, window in windows(phrases, questions.yes_no, start):
            inside = start > 0 and stop < len(tokens)  # "which car in frame 4 is red"
            if inside and not isinstance(window, Edge | Frames | Seconds):
                continue
            if start == 0 and not statements_only and phrases.word(stop) in ("the", "a", "an"):
                continue  # "after the cat chases | the dog, where is it"
            if stop - start < len(tokens):
                found.setdefault((*tokens[:start], *tokens[stop:]), []).append((window, 0.3 * inside))
    return found


def _following(tokens: list[str]) -> bool:
    return any(token == "next" and tokens[at + 1 : at + 2] != ["to"] for at, token in enumerate(tokens))


def _partitive(tokens: list[str]) -> Iterator[list[str]]:
    """How many of the dogs: of the dogs, how many."""
    if tokens and tokens[0] in ("of", "among", "amongst", "from", "out"):
        for at in range(2, len(tokens) - 2):
            if tokens[at : at + 2] == ["how", "many"]:
                start = 2 if tokens[0] == "out" else 1
                yield ["how", "many", "of", *tokens[start:at], *tokens[at + 2 :]]


def _inverted(tokens: list[str]) -> Iterator[list[str]]:
    """The order of words of a question: "how tall is the car" of "how tall the car is"."""
    if not tokens or tokens[0] not in _ASKING:
        return
    for start in (1, 2, 3):
        if tokens[start - 1 : start] and tokens[start - 1] in (*BE, *DO):
            return
        if any(map(_GERUND.fullmatch, tokens[1 : start + 1])) and tokens[0] != "how":
            return  # in "which person throwing a ball is nearest to it" the verb is where it belongs
        for at in range(start + 1, len(tokens)):
            if tokens[at] in BE:
                yield [*tokens[:start], tokens[at], *tokens[start:at], *tokens[at + 1 :]]


def _captions(phrases: Phrases, stop: int) -> Iterator[Reading]:
    """Captions: "a man riding a horse"."""
    for joined in phrases.joined(0):
        if any(isinstance(phrase.nodes, Extreme) for phrase in joined):
            continue  # "a car on the right" lies there, it is not the rightmost of some
        if joined[-1].stop == stop and not any(map(counts, joined)):
            parts = tuple(Exists(phrase.nodes) for phrase in joined)
            cost = CAPTION + sum(phrase.cost for phrase in joined)
            yield Reading(stop, parts[0] if len(parts) == 1 else AllOf(parts), cost)


def _subject(phrases: Phrases, question: Question) -> Nodes | None:
    """The subject of a clause, which stands behind its auxiliary: what did *the dog* do."""
    match question:
        case Doing(The() | Pick() as nodes) | Happens(The() | Pick() as nodes):
            return nodes
    named = set(walk(question))
    for at, token in enumerate(phrases.tokens):
        if token in (*BE, *DO, "had"):
            found = [phrase for phrase in phrases.things(at + 1) if phrase.reference in named]
            if found:
                return _acting(question, max(found, key=lambda phrase: phrase.stop).reference)
    return None


def _acting(question: Question, subject: Nodes) -> Nodes:
    """Who acts in a question that asks how a thing is: the cat, of the umbrella that the cat throws."""
    match subject:
        case The(Related(_, predicate, The() | Pick() as others)) if predicate.converse and not predicate.forward:
            return others if isinstance(question, AttributeOf | ChooseValue | HasAttribute | Locate) else subject
    return subject
