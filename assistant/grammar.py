"""Noun phrases and what is said of them: the parts that questions and statements share.

A small backtracking grammar over typed words: `Phrases.noun_phrases(i)` gives every noun phrase that
starts at word i, `Phrases.predications(i, forms)` everything that can be said there about a subject.
Nothing is skipped: a word that no rule reads makes the question unparsed, never half-read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from assistant import comparing, lifeless, naming, picking, predicating, relatives
from assistant.auxiliaries import AFTER_BE, BE, FINITE, NOT
from assistant.bounded_steps import Exceeding, Measuring
from assistant.determiners import Determiner, determiner
from assistant.exclusions import excluded, without
from assistant.lexicon import Adjective, Entry, Form, Lexicon, Noun, Verb
from assistant.motions import moving
from assistant.ranked_steps import Ranked
from assistant.readings import further_on
from assistant.sayings import Gap, Phrase, Predication, Vantage, among, related, valued
from assistant.steps import Called, Extreme, Find, Having, Nodes, Predicate, Related, Superlative, The, Union
from assistant.verbs import AGENTS
from assistant.word_list import WordList

_EVERY = {"everyone": "person", "everybody": "person", "everything": "thing"}
_TAKES_ADJECTIVE = frozenset({"anything", "something", "everything", "nothing", "anyone", "someone", "somebody"})
"""Behind these an adjective says which: anything red."""
_ALIKE = frozenset({"same", "different"})
"""In "is the car in front of the mug of the same colour as the ball" it is said of the car, not of the mug."""
NEGATIVE = {"nobody": "person", "noone": "person", "nothing": "thing", "none": "person"}
_OF_THE_SUBJECT, _OF_A_PERSON = 0.05, -0.02
"""What it costs to take a verb in -ing for a description: "is the dog on the grass chasing it" asks of the dog; beside
"the person holding the cup" it is the person who holds."""
_NARROW = 0.1
"""What it costs to take alternatives for those of a description: the dog on (the bench or the horse)."""
_MEASURED = {Measuring: 0.3, Exceeding: 0.6}
"""What it costs to take an amount for a description: "is the man on the bench taller than 2 m, the dog" asks of him."""
_APART = 0.2
"""What it costs to leave out of some things what is of another kind."""
_READINGS_KEPT = 3
"""Readings kept for one stretch of words: nested attachments would otherwise multiply without end."""


class Phrases(WordList):
    """The grammar over the words of one question.

    Args:
        tokens: the words.
        lexicon: the words that reach the graph.
        called: node ids by label, in lower case.
        measured: the graph holds metres, so that sizes are meant in metres.
        vantage: places are meant in space, as seen from there.
        attributes: names of the attributes that the graph records.
    """

    def __init__(
        self,
        tokens: Sequence[str],
        lexicon: Lexicon,
        called: naming.Labels,
        measured: bool = False,
        vantage: Vantage | None = None,
        attributes: frozenset[str] = frozenset(),
    ) -> None:
        super().__init__(tokens)
        self.lexicon = lexicon
        self.called = called
        self.measured = measured
        self.vantage = vantage
        self.attributes = attributes
        self.people = lexicon.people
        self._entries: dict[int, list[tuple[int, Entry]]] = {}
        self._cores: dict[int, list[Phrase]] = {}
        self._phrases: dict[int, list[Phrase]] = {}
        self._predications: dict[tuple[int, frozenset[Form]], list[Predication]] = {}

    def entries(self, at: int) -> list[tuple[int, Entry]]:
        """What the words from a place on may mean: (the place after them, entry), longest first."""
        if at not in self._entries:
            self._entries[at] = list(self.lexicon.at(self.tokens, at))
        return self._entries[at]

    def noun_phrases(self, at: int) -> list[Phrase]:
        """Every noun phrase that starts at a word, modifiers and all."""
        if at not in self._phrases:
            self._phrases[at] = []  # a phrase cannot start with itself
            cores = [*self.named(at), *self.cores(at)]
            cores += [*naming.owned(self, cores), *naming.free_relative(self, at)]
            found, queue = list(cores), list(cores)
            while queue:
                phrase = queue.pop()
                for wider in _kept(self.modified(phrase)):
                    if sum(other.stop == wider.stop for other in found) < _READINGS_KEPT:
                        found.append(wider)
                        queue.append(wider)
            self._phrases[at] = found
        return self._phrases[at]

    def things(self, at: int) -> list[Phrase]:
        """Noun phrases that name nodes without counting them."""
        return [phrase for phrase in self.noun_phrases(at) if not counts(phrase)]

    def joined(self, at: int, links: tuple[str, ...] = ("and", "or")) -> list[tuple[Phrase, ...]]:
        """Noun phrases joined by some words (at least one phrase), with all their readings."""
        found: list[tuple[Phrase, ...]] = []
        for phrase in self.noun_phrases(at):
            found.append((phrase,))
            if self.word(phrase.stop) in links and len(found) < 8 * _READINGS_KEPT:
                shared = phrase.definite and not phrase.plural and self._bare(phrase.stop + 1)  # "the dog and cat"
                rest = self.joined(phrase.stop + 1, links)
                found.extend(
                    (phrase, *(replace(one, definite=True) if shared else one for one in ones)) for ones in rest
                )
        return found[: 8 * _READINGS_KEPT]

    def _bare(self, at: int) -> bool:
        """Whether a noun in the singular starts at a word, without an article."""
        return any(isinstance(entry, Noun) and entry.plural is False for _, entry in self.entries(at))

    def objects(self, at: int) -> list[Phrase]:
        """Noun phrases in object position; "the cup or the ball" becomes one phrase."""
        either = self.word(at) == "either"  # "either a cup" alone is nothing
        at = at + 1 if either else at
        found = [] if either else [phrase for phrase in self.things(at) if not phrase.universal]
        for phrases in self.joined(at):
            if any(phrase.number is not None and not (phrase.definite or phrase.universal) for phrase in phrases):
                continue  # "two cups or a ball" are no one set to stand in a relation to
            if len(phrases) > 1 and all(self.word(phrase.stop) != "and" for phrase in phrases[:-1]):
                nodes = Union(tuple(phrase.reference for phrase in phrases))
                found.append(Phrase(phrases[-1].stop, nodes, cost=0.1 + sum(phrase.cost for phrase in phrases)))
        return found

    def named(self, at: int) -> list[Phrase]:
        """Nodes called by label or id: person-1, person 1, node 3, #3, the woman (7)."""
        return naming.named(self, at)

    def cores(self, at: int) -> list[Phrase]:
        """Determiner, adjectives and noun, without what follows the noun."""
        if at not in self._cores:
            self._cores[at] = self._read_cores(at)
        return self._cores[at]

    def _read_cores(self, at: int) -> list[Phrase]:
        for _, entry in self.lexicon.at([_EVERY.get(self.word(at), "")], 0):
            if isinstance(entry, Noun):
                return [Phrase(at + 1, Find(entry.categories, word=entry.word), entry, universal=True, plural=True)]
        before = determiner(self.tokens, at)
        start = before.stop
        several = before.distinct and before.number != 1
        found = [self._determined(before, *said) for said in self.described(start)]
        found = [phrase for phrase in found if phrase.plural] if several else [] if before.distinct else found
        found += picking.most_of_them(self, start) if before.definite else []
        if (before.number or 1) > 1:
            found = picking.as_many(self, before, found)
        found += picking.counted_from_a_side(self, start) if before.definite else []
        if before.definite and self.word(start) == "ones":
            found.append(Phrase(start + 1, Find(None), None, True, True))
        if before.definite and not found and self.word(start - 1) == "one":
            found.append(Phrase(start, *naming.kind_before(self, start - 1), True))
        return found or naming.another(self, at)

    def _determined(self, before: Determiner, stop: int, nodes: Nodes, noun: Noun) -> Phrase:
        """A phrase of a determiner and what follows it."""
        return Phrase(
            *(stop, nodes, noun, before.definite, noun.plural is not False, before.universal, before.number),
            at_least=before.at_least,
            below=before.below,
            most=before.most,
            none=before.none,
            some=before.some,
        )

    def described(self, at: int) -> list[tuple[int, Nodes, Noun]]:
        """Adjectives and a noun: (place after, nodes, the noun)."""
        found: list[tuple[int, Nodes, Noun]] = []
        whole = at
        for stop, entry in self.entries(at):
            if isinstance(entry, Noun):
                if stop < whole and entry.categories == ():
                    continue  # in "fire hydrants" there is no fire
                whole = max(whole, stop if entry.categories else at)
                nodes: Nodes = Find(entry.categories, word=entry.word)
                doing = self._agent(entry)
                if doing is not None:
                    found.append((stop, Related(nodes, doing, Find(None)), entry))
                found.append((stop, Called(nodes, entry.word) if entry.narrower else nodes, entry))
            elif isinstance(entry, Adjective):
                saying = valued(entry)
                found.extend((after, saying.narrow(nodes), noun) for after, nodes, noun in self.described(stop))
            elif isinstance(entry, Verb) and entry.bare and entry.form == "gerund":  # "the running dog"
                if self.word(at - 1) in ("left", "right"):
                    continue  # "the woman on the right holding cups"
                saying = moving(self.word(at)) or related(entry.predicate, Find(None))
                acting = (one for one in self.described(stop) if lifeless.may_do(self, self.word(at), one[2]))
                found.extend((after, saying.narrow(nodes), noun) for after, nodes, noun in acting)
        if (resting := moving(self.word(at))) is not None and not found:
            found = [(after, resting.narrow(nodes), noun) for after, nodes, noun in self.described(at + 1)]
        return found + picking.described(self, at) + naming.one(self, at)

    def _agent(self, noun: Noun) -> Predicate | None:
        """What a rider, driver or player does, where the vocabulary has a predicate for it."""
        verb = AGENTS.get(noun.word)
        if verb is None or not noun.categories:
            return None
        entries = [entry for _, entry in self.lexicon.at([verb], 0) if isinstance(entry, Verb) and entry.bare]
        return next((entry.predicate for entry in entries if entry.predicate.forward), None)

    def modified(self, phrase: Phrase) -> list[Phrase]:
        """The phrase with one more modifier behind it."""
        at = further_on(self, phrase.stop)  # "is anybody there who holds a cup"
        found: list[Predication] = []
        if self.word(at) == "also" or picking.is_counted_out(self, phrase):  # said of the subject, not of what is named
            return []
        if self.word(at) in ("who", "that", "which", "whom"):
            verb_at = at + 2 if self.word(at + 1) in BE else at + 1
            forms = AFTER_BE if verb_at == at + 2 else FINITE
            found += self.predications(verb_at, forms)
            found += relatives.relative_objects(self, at + 1)
            if self.word(at + 1) in BE:
                found += comparing.picked_by_comparing(self, at + 2, named=True)
            if (self.word(at) == "who" and not lifeless.may_live(self, phrase.noun)) or _disagree(
                phrase, self.word(at + 1)
            ):
                return []
        elif self.word(at + 1) in ("which", "whom"):
            found += relatives.pied(self, at)
        elif self.word(at) == "whose":
            found += relatives.whose(self, at + 1)
        else:
            bare = self.word(at - 1) not in _TAKES_ADJECTIVE
            judged = any(isinstance(entry, Adjective) for _, entry in self.entries(at)) or self.word(at) in NOT
            alike = self.word(at) in ("of", "the", "a") and not _ALIKE.isdisjoint(self.tokens[at + 1 : at + 3])
            after = 0.3 if (bare and judged) or alike else 0.0
            behind = lifeless.said_behind(self, phrase)
            found += [replace(said, cost=said.cost + after) for said in behind]  # "a cup red"
            found += relatives.relative_objects(self, at)
        if self.word(at).endswith("ing") and self.word(at - 1) not in ("one", "ones"):
            cost = _OF_A_PERSON if self._acts(phrase) else _OF_THE_SUBJECT
            found = [replace(said, cost=said.cost + cost) for said in found]
        if self.word(at) != "the":  # "is the man holding the cup the tallest one" asks of the man
            found += comparing.picked_by_comparing(self, at, named=True)
        found += naming.owned_by(self, phrase) if self.word(at) == "of" else []
        # from "the bench" nothing can be left out
        if not phrase.definite or phrase.plural or isinstance(phrase.nodes, Ranked):
            found += self._others(phrase)
        wider = []
        for said in found:
            nodes = phrase.nodes if said.asks_only else _narrowed(phrase.nodes, said)
            if not said.asks_only:
                cost = phrase.cost + said.cost + (_NARROW if _of_alternatives(nodes) else 0.0)
                cost += _MEASURED.get(type(nodes), 0.0)
                wider.append(replace(phrase, stop=said.stop, nodes=nodes, cost=cost))
        return picking.picked_out(self, phrase, wider)

    def _acts(self, phrase: Phrase) -> bool:
        """Whether a phrase that is not the subject of the question names a person."""
        named = set(phrase.noun.categories or ()) if phrase.noun is not None else set()
        is_subject = self.word(0) in (self.word(phrase.stop - 3), self.word(phrase.stop - 2))
        return bool(named) and named <= set(self.people) and not is_subject

    def verbs(self, words: str) -> list[Verb]:
        """What some words mean as a verb."""
        return [entry for _, entry in self.lexicon.at(words.split(), 0) if isinstance(entry, Verb)]

    def _others(self, phrase: Phrase) -> list[Predication]:
        """Anybody "other than the dog"; of what is no dog, no dog can be left out."""
        found = []
        for other in excluded(self, phrase.stop, anything=phrase.nodes == Find(None)):
            cost = other.cost + _apart(phrase, other)
            found.append(Predication(other.stop, (among(partial(without, others=other.reference)),), cost))
        return found

    def relative_objects(self, at: int) -> list[Predication]:
        """What "(that) the person is holding" says of a ball."""
        return relatives.relative_objects(self, at)

    def over(self, words: Sequence[str]) -> Phrases:
        """The same grammar over other words."""
        return Phrases(words, self.lexicon, naming.Labels())

    def nobody(self, at: int) -> list[Phrase]:
        """Nobody, no one, nothing, nobody on the bench: whom or what is denied."""
        word, stop = self.word(at), at + 1
        if word == "no" and self.word(at + 1) in ("one", "body"):
            word, stop = "nobody", at + 2
        entries = (entry for _, entry in self.lexicon.at([NEGATIVE.get(word, "")], 0))
        found = [
            Phrase(stop, Find(each.categories, word=each.word), each) for each in entries if isinstance(each, Noun)
        ]
        return [*found, *(wider for phrase in found for wider in _kept(self.modified(phrase)))]

    def predications(self, at: int, forms: frozenset[Form]) -> list[Predication]:
        """Everything that can be said of a subject from a word on, with verbs in these forms."""
        key = (at, forms)
        if key not in self._predications:
            self._predications[key] = []  # nothing can be said by way of itself
            self._predications[key] = predicating.predications(self, at, forms)
        return self._predications[key]

    def gaps(self, at: int, forms: frozenset[Form]) -> list[Gap]:
        """Verbs whose object (or agent) stands elsewhere: "what is the person *holding*"."""
        return predicating.gaps(self, at, forms)

    def kinds(self, at: int) -> list[tuple[int, Noun]]:
        """What something may be said to be: "a dog", "dogs"."""
        start = at + 1 if self.word(at) in ("a", "an") else at
        return [(stop, entry) for stop, entry in self.entries(start) if isinstance(entry, Noun)]


def _narrowed(nodes: Nodes, said: Predication) -> Nodes:
    """Nodes of which something is said; "the largest dog on the bench" is the largest of those on the bench."""
    if isinstance(nodes, Extreme | Superlative):
        return replace(nodes, nodes=_narrowed(nodes.nodes, said))
    return said.narrow(nodes)


def counts(phrase: Phrase) -> bool:
    """Whether a phrase says how many there are of what it names, beyond a plain number."""
    return phrase.at_least or phrase.below or phrase.most or phrase.none


def _apart(phrase: Phrase, other: Phrase) -> float:
    """What it costs to leave out of some things what is of another kind: (who holds) a cup besides the woman."""
    kinds = [set(each.noun.categories or ()) if each.noun is not None else set() for each in (phrase, other)]
    return _APART * (all(kinds) and kinds[0].isdisjoint(kinds[1]))


def _disagree(phrase: Phrase, verb: str) -> bool:
    """Whether a verb is of many and a phrase of one: in "cars on the road that are red" the cars are."""
    one = phrase.noun is not None and phrase.noun.plural is False and not phrase.universal
    return one and verb in ("are", "were", "have", "do")


def _of_alternatives(nodes: Nodes) -> bool:
    """Whether a description ends in "the one or the other", or says one thing or another."""
    if isinstance(nodes, Union) and not all(isinstance(part, Having) for part in nodes.parts):
        return True
    others = getattr(nodes, "others", None)
    return isinstance(others, Union) and all(isinstance(part, The) for part in others.parts)


def _kept(phrases: list[Phrase]) -> list[Phrase]:
    """The cheapest readings for each stretch of words."""
    kept: list[Phrase] = []
    for phrase in sorted(phrases, key=lambda phrase: phrase.cost):
        if sum(other.stop == phrase.stop for other in kept) < _READINGS_KEPT:
            kept.append(phrase)
    return kept
