"""Noun phrases and what is said of them: the parts that questions and statements share.

A small backtracking grammar over typed words: `Phrases.noun_phrases(i)` gives every noun phrase that
starts at word i, `Phrases.predications(i, forms)` everything that can be said there about a subject.
Nothing is skipped: a word that no rule reads makes the question unparsed, never half-read.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from assistant.directions import DIRECTIONS, SIDES
from assistant.lexicon import Adjective, Form, Lexicon, Noun, Verb
from assistant.programs import IsA
from assistant.sayings import Gap, Phrase, Predication, Saying, placed, related, related_to_many, valued
from assistant.steps import (
    Called,
    Direction,
    Extreme,
    Find,
    Nodes,
    Pick,
    Predicate,
    Related,
    Union,
)
from assistant.text import NUMBERS
from assistant.verbs import AGENTS

AFTER_BE: frozenset[Form] = frozenset({"gerund", "state"})
AFTER_DO: frozenset[Form] = frozenset({"base"})
FINITE: frozenset[Form] = frozenset({"third", "base", "past"})
BE = ("is", "are", "was", "were")
DO = ("do", "does", "did")

_DEFINITE = ("the", "this", "that", "these", "those")
_INDEFINITE = ("a", "an", "some", "any", "another", "his", "her", "its", "their", "my", "your", "our", "several")
_UNIVERSAL = ("all", "every", "each", "both")
_EVERY = {"everyone": "person", "everybody": "person", "everything": "thing"}
_AMOUNTS = {("at", "least"): 0, ("more", "than"): 1}
"""How much more than the number that follows is asked for at least."""
_PARTITIVES = tuple(
    tuple(phrase.split())
    for phrase in (
        *("group of", "pair of", "couple of", "bunch of", "lot of", "lots of", "herd of", "flock of", "crowd of"),
        *("piece of", "slice of", "kind of", "type of", "sort of", "kinds of", "types of", "sorts of", "of"),
    )
)
_READINGS_KEPT = 3
"""Readings kept for one stretch of words: nested attachments would otherwise multiply without end."""


class Phrases:
    """The grammar over the words of one question.

    Args:
        tokens: the words.
        lexicon: the words that reach the graph.
        called: node ids by label, in lower case.
    """

    def __init__(self, tokens: Sequence[str], lexicon: Lexicon, called: Mapping[str, int]) -> None:
        self.tokens = list(tokens)
        self.lexicon = lexicon
        self.called = called
        self._phrases: dict[int, list[Phrase]] = {}
        self._predications: dict[tuple[int, frozenset[Form]], list[Predication]] = {}

    def word(self, at: int) -> str:
        """The word at a place, "" after the end."""
        return self.tokens[at] if 0 <= at < len(self.tokens) else ""

    def literal(self, at: int, phrase: str) -> int | None:
        """The place after a fixed phrase, None if it does not stand there."""
        parts = phrase.split()
        return at + len(parts) if self.tokens[at : at + len(parts)] == parts else None

    def noun_phrases(self, at: int) -> list[Phrase]:
        """Every noun phrase that starts at a word, modifiers and all."""
        if at not in self._phrases:
            self._phrases[at] = []  # a phrase cannot start with itself
            cores = [*self.named(at), *self.cores(at)]
            found, queue = list(cores), list(cores)
            while queue:
                phrase = queue.pop()
                for wider in _kept(self._modified(phrase)):
                    if sum(other.stop == wider.stop for other in found) < _READINGS_KEPT:
                        found.append(wider)
                        queue.append(wider)
            self._phrases[at] = found
        return self._phrases[at]

    def joined(self, at: int) -> list[tuple[Phrase, ...]]:
        """Noun phrases joined by "and" or "or" (at least one), with all their readings."""
        found: list[tuple[Phrase, ...]] = []
        for phrase in self.noun_phrases(at):
            found.append((phrase,))
            if self.word(phrase.stop) in ("and", "or"):
                found.extend((phrase, *rest) for rest in self.joined(phrase.stop + 1))
        return found[: 8 * _READINGS_KEPT]

    def objects(self, at: int) -> list[Phrase]:
        """Noun phrases in object position; "the cup or the ball" becomes one phrase."""
        found = [phrase for phrase in self.noun_phrases(at) if not phrase.universal and not phrase.at_least]
        for phrases in self.joined(at):
            if len(phrases) > 1 and all(self.word(phrase.stop) != "and" for phrase in phrases[:-1]):
                nodes = Union(tuple(phrase.reference for phrase in phrases))
                found.append(Phrase(phrases[-1].stop, nodes, cost=0.1 + sum(phrase.cost for phrase in phrases)))
        return found

    def named(self, at: int) -> list[Phrase]:
        """Nodes called by label or id: person-1, person 1, node 3, #3, the woman (7)."""
        start = at + 1 if self.word(at) in ("the", "a", "an") else at
        found = []
        for stop in range(start + 1, min(start + 5, len(self.tokens)) + 1):
            label = " ".join(self.tokens[start:stop])
            spaced = f"{' '.join(self.tokens[start : stop - 1])}-{self.tokens[stop - 1]}"
            for name in (label, spaced):
                if name in self.called:
                    node = self.called[name]
                    same = self.word(stop) == f"#{node}"  # "person-1 (0)" names its id as well
                    found.append(Phrase(stop + 1 if same else stop, Pick((node,))))
        head, after = self.word(start), self.word(start + 1)
        if head in ("node", "object", "segment", "id", "number", "item") and after.lstrip("#").isdigit():
            found.append(Phrase(start + 2, Pick((int(after.lstrip("#")[:18]),))))
        if head.startswith("#") and head[1:].isdigit():
            found.append(Phrase(start + 1, Pick((int(head[1:19]),))))
        for stop, entry in self.lexicon.at(self.tokens, start):
            if isinstance(entry, Noun) and self.word(stop).startswith("#") and self.word(stop)[1:].isdigit():
                nodes: Nodes = Pick((int(self.word(stop)[1:19]),), entry.categories)
                found.append(Phrase(stop + 1, Called(nodes, entry.word) if entry.narrower else nodes, entry))
        name, dash, number = head.rpartition("-")
        if dash and number.isdigit() and head not in self.called and self.lexicon.knows(name):
            found.append(Phrase(start + 1, Find((), word=head)))
        return found

    def cores(self, at: int) -> list[Phrase]:
        """Determiner, adjectives and noun, without what follows the noun."""
        for _, entry in self.lexicon.at([_EVERY.get(self.word(at), "")], 0):
            if isinstance(entry, Noun):
                return [Phrase(at + 1, Find(entry.categories, word=entry.word), entry, universal=True, plural=True)]
        start, definite, universal, number, at_least = self._determiners(at)
        found = [
            Phrase(stop, nodes, noun, definite, noun.plural is not False, universal, number, at_least=at_least)
            for stop, nodes, noun in self._described(start)
        ]
        if definite and self.word(start) == "ones":
            found.append(Phrase(start + 1, Find(None), None, True, True))
        if definite and not found and self.word(start - 1) == "one":
            found.append(Phrase(start, Find(None), None, True))
        return found

    def _determiners(self, at: int) -> tuple[int, bool, bool, int | None, bool]:
        """The place after the determiners; definite, universal, the number, whether at least so many."""
        definite = universal = at_least = False
        number, more, start = None, 0, at
        while True:
            word, pair = self.word(start), (self.word(start), self.word(start + 1))
            partitive = next((p for p in _PARTITIVES if self.tokens[start : start + len(p)] == list(p)), ())
            if word in _DEFINITE and not (word == "that" and start > at):
                definite = True
            elif word in _UNIVERSAL:
                universal, number = True, 2 if word == "both" else number
            elif word in NUMBERS or (word.isdigit() and len(word) < 7):
                number = (NUMBERS[word] if word in NUMBERS else int(word)) + more
            elif pair in _AMOUNTS and number is None:
                at_least, more, start = True, _AMOUNTS[pair], start + 1
            elif partitive and start > at:
                start += len(partitive) - 1
            elif word not in _INDEFINITE and not (word in ("only", "just") and pair[1] in NUMBERS):
                return start, definite, universal, number, at_least
            start += 1

    def _described(self, at: int) -> list[tuple[int, Nodes, Noun]]:
        """Adjectives and a noun: (place after, nodes, the noun)."""
        found: list[tuple[int, Nodes, Noun]] = []
        for stop, entry in self.lexicon.at(self.tokens, at):
            if isinstance(entry, Noun):
                nodes: Nodes = Find(entry.categories, word=entry.word)
                doing = self._agent(entry)
                if doing is not None:
                    found.append((stop, Related(nodes, doing, Find(None)), entry))
                found.append((stop, Called(nodes, entry.word) if entry.narrower else nodes, entry))
            elif isinstance(entry, Adjective):
                saying = valued(entry)
                found.extend((after, saying.narrow(nodes), noun) for after, nodes, noun in self._described(stop))
            elif isinstance(entry, Verb) and entry.bare and entry.form == "gerund":  # "the running dog"
                saying = related(entry.predicate, Find(None))
                found.extend((after, saying.narrow(nodes), noun) for after, nodes, noun in self._described(stop))
        side = SIDES.get(self.word(at))
        if side is not None:
            found.extend((after, Extreme(nodes, side), noun) for after, nodes, noun in self._described(at + 1))
        return found

    def _agent(self, noun: Noun) -> Predicate | None:
        """What a rider, driver or player does, where the vocabulary has a predicate for it."""
        verb = AGENTS.get(noun.word)
        if verb is None or not noun.categories:
            return None
        entries = [entry for _, entry in self.lexicon.at([verb], 0) if isinstance(entry, Verb) and entry.bare]
        return next((entry.predicate for entry in entries if entry.predicate.forward), None)

    def _modified(self, phrase: Phrase) -> list[Phrase]:
        """The phrase with one more modifier behind it."""
        at = phrase.stop
        found: list[Predication] = []
        if self.word(at) in ("who", "that", "which", "whom"):
            verb_at = at + 2 if self.word(at + 1) in BE else at + 1
            forms = AFTER_BE if verb_at == at + 2 else FINITE
            found += self.predications(verb_at, forms)
            found += self._relative_objects(at + 1)
        else:
            found += self.predications(at, AFTER_BE)
            found += self._relative_objects(at)
        found += self._sides(at)
        return [
            replace(phrase, stop=said.stop, nodes=said.narrow(phrase.nodes), cost=phrase.cost + said.cost)
            for said in found
            if not said.asks_only
        ]

    def _relative_objects(self, at: int) -> list[Predication]:
        """What "(that) the person is holding" says of a ball."""
        if self.word(at) in BE or not self.word(at):
            return []
        found = []
        for subject in self.noun_phrases(at):
            after = subject.stop
            forms = AFTER_BE if self.word(after) in BE else FINITE
            for gap in self.gaps(after + 1 if forms is AFTER_BE else after, forms):
                saying = related(gap.predicate.flipped(), gap.narrow(subject.reference))
                found.append(Predication(gap.stop, (saying,), cost=0.1))
        return found

    def _sides(self, at: int) -> list[Predication]:
        """On the left (side), at the top: the one furthest to that side."""
        stop = next((end for p in ("on the", "at the", "to the") if (end := self.literal(at, p))), None)
        if stop is None or (side := SIDES.get(self.word(stop))) in (None, "largest", "smallest"):
            return []
        stop = stop + 2 if self.word(stop + 1) == "side" else stop + 1
        if self.word(stop) == "of":
            return []
        narrow = Saying(lambda nodes: Extreme(nodes, side), lambda nodes, every: IsA(nodes, ()))
        return [Predication(stop, (narrow,))]

    def predications(self, at: int, forms: frozenset[Form]) -> list[Predication]:
        """Everything that can be said of a subject from a word on, with verbs in these forms."""
        key = (at, forms)
        if key not in self._predications:
            self._predications[key] = []
            single = self._single(at, forms)
            found = list(single)
            for first in single:
                if self.word(first.stop) == "and":
                    for rest in self.predications(first.stop + 1, forms):
                        sayings = (*first.sayings, *rest.sayings)
                        asks_only = first.asks_only or rest.asks_only
                        found.append(Predication(rest.stop, sayings, first.cost + rest.cost, asks_only))
            self._predications[key] = found[: 16 * _READINGS_KEPT]
        return self._predications[key]

    def _single(self, at: int, forms: frozenset[Form]) -> list[Predication]:
        found: list[Predication] = []
        for stop, entry in self.lexicon.at(self.tokens, at):
            if isinstance(entry, Adjective) and forms is AFTER_BE:
                found.append(Predication(stop, (valued(entry),)))
                found += [  # "brown or white"
                    Predication(end, (valued(entry, other),))
                    for end, other in (self.lexicon.at(self.tokens, stop + 1) if self.word(stop) == "or" else ())
                    if isinstance(other, Adjective)
                ]
            if not isinstance(entry, Verb) or entry.form not in forms:
                continue
            if entry.bare:
                found.append(Predication(stop, (related(entry.predicate, Find(None)),), cost=0.5))
                found += self._placed_postures(stop, entry, self._whole_verbs(at, forms))
                continue
            found += self._related(entry.predicate, stop)
        if forms is AFTER_BE:
            found += self._passives(at) + self._directions(at)
        return found

    def _related(self, predicate: Predicate, at: int) -> list[Predication]:
        """A predicate with its object: the ball; two balls, which can be asked for but not searched by."""
        found = []
        for thing in self.noun_phrases(at):
            if thing.number is not None and not thing.definite and not thing.universal:
                saying = related_to_many(predicate, thing)
                found.append(Predication(thing.stop, (saying,), thing.cost, asks_only=True))
        for thing in self.objects(at):
            if thing.number is None or thing.definite:
                found.append(Predication(thing.stop, (related(predicate, thing.reference),), thing.cost))
        return found

    def _whole_verbs(self, at: int, forms: frozenset[Form]) -> set[int]:
        """Where predicates of the vocabulary that start at a word end: "lying on" is one, not lying and being on."""
        return {
            stop
            for stop, entry in self.lexicon.at(self.tokens, at)
            if isinstance(entry, Verb) and not entry.bare and entry.form in forms
            and (entry.predicate.forward or entry.predicate.converse)
        }  # fmt: skip

    def _placed_postures(self, at: int, posture: Verb, whole: set[int]) -> list[Predication]:
        """(standing) next to the horse: both the posture and the place, where no predicate says both."""
        saying = related(posture.predicate, Find(None))
        found = []
        for stop, entry in self.lexicon.at(self.tokens, at):
            if stop in whole or self.word(at) == "with":
                continue
            if isinstance(entry, Verb) and entry.form == "state" and not entry.bare:
                for place in self._related(entry.predicate, stop):
                    if not place.asks_only:
                        found.append(Predication(place.stop, (saying, *place.sayings), place.cost + 0.1))
        for there in self._directions(at):
            found.append(Predication(there.stop, (saying, *there.sayings), there.cost + 0.1))
        return found

    def _passives(self, at: int) -> list[Predication]:
        """(being) held by the person; being held."""
        being = self.word(at) == "being"
        start = at + 1 if being else at
        found = []
        for stop, entry in self.lexicon.at(self.tokens, start):
            if not isinstance(entry, Verb) or entry.form != "participle" or entry.bare:
                continue
            backwards = entry.predicate.flipped()
            found.append(Predication(stop, (related(backwards, Find(None)),), cost=0.5))
            if self.word(stop) == "by":
                found += self._related(backwards, stop + 1)
        return found

    def _directions(self, at: int) -> list[Predication]:
        found = []
        for words, direction in DIRECTIONS:
            if tuple(self.tokens[at : at + len(words)]) == words:
                for other in self.objects(at + len(words)):
                    found.append(Predication(other.stop, (placed(direction, other.reference),), other.cost + 0.05))
        return found

    def gaps(self, at: int, forms: frozenset[Form]) -> list[Gap]:
        """Verbs whose object stands elsewhere: "what is the person *holding*"."""
        found = []
        for stop, entry in self.lexicon.at(self.tokens, at):
            if not isinstance(entry, Verb) or entry.form not in forms:
                continue
            if not entry.bare:
                found.append(Gap(stop, entry.predicate))
                continue
            posture = related(entry.predicate, Find(None))  # "what is the person *standing next to*"
            whole = self._whole_verbs(at, forms)
            found += [
                Gap(end, place.predicate, (posture,))
                for end, place in self.lexicon.at(self.tokens, stop)
                if isinstance(place, Verb) and place.form == "state" and not place.bare and self.word(stop) != "with"
                and end not in whole
            ]  # fmt: skip
        if forms is AFTER_BE:
            found += self._passive_gaps(at)
        return found

    def _passive_gaps(self, at: int) -> list[Gap]:
        """Verbs whose agent stands elsewhere: "what is the umbrella *held by*"."""
        start = at + 1 if self.word(at) == "being" else at
        return [
            Gap(stop + 1, entry.predicate.flipped())
            for stop, entry in self.lexicon.at(self.tokens, start)
            if isinstance(entry, Verb) and entry.form == "participle" and not entry.bare and self.word(stop) == "by"
        ]

    def direction_gaps(self, at: int) -> list[tuple[int, Direction]]:
        """Directions whose object stands elsewhere: "what is the dog *to the left of*"."""
        return [
            (at + len(words), direction)
            for words, direction in DIRECTIONS
            if tuple(self.tokens[at : at + len(words)]) == words
        ]

    def kinds(self, at: int) -> list[tuple[int, Noun]]:
        """What something may be said to be: "a dog", "dogs"."""
        start = at + 1 if self.word(at) in ("a", "an") else at
        return [(stop, entry) for stop, entry in self.lexicon.at(self.tokens, start) if isinstance(entry, Noun)]


def _kept(phrases: list[Phrase]) -> list[Phrase]:
    """The cheapest readings for each stretch of words."""
    kept: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda phrase: phrase.cost):
        if sum(other.stop == phrase.stop for other in kept) < _READINGS_KEPT:
            kept.append(phrase)
    return kept
