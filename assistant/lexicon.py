"""The words that reach a graph: its own vocabulary, other names for it, broader and narrower words.

`Lexicon.at(tokens, start)` gives every way to read the words from a place on, as nouns, verbs and
adjectives; the grammar decides which reading fits.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Literal

from assistant import nouns, verbs
from assistant.adjectives import ATTRIBUTE_OF, spelling
from assistant.inflection import doing, gerund_of, plural, third_person, verb_forms
from assistant.names import plain, spoken
from assistant.prepositions import before_object
from assistant.steps import Predicate
from scenegraph import Vocabulary, checked_json
from scenegraph.checked_json import located

Form = Literal["gerund", "base", "third", "past", "participle", "state"]


@dataclass(frozen=True)
class Noun:
    """A noun and the categories that it covers: None for any, () for a known word that reaches none.

    `narrower`: the word says more than the categories do. `plural` is None where both are one form.
    """

    word: str
    categories: tuple[str, ...] | None
    plural: bool | None = False
    narrower: bool = False


@dataclass(frozen=True)
class Verb:
    """A form of a predicate. `bare`: its preposition is left out ("sitting" for sitting on)."""

    predicate: Predicate
    form: Form
    bare: bool = False


@dataclass(frozen=True)
class Adjective:
    """A value of an attribute; the attribute is None where only the data knows it."""

    value: str
    attribute: str | None


Entry = Noun | Verb | Adjective


@dataclass(frozen=True)
class Words:
    """A user's own words.

    same: rows of names for one thing; broader: a word and what it covers; narrower: a word and the
    category that it is a kind of; predicates: a predicate and other ways to say it.
    """

    same: tuple[tuple[str, ...], ...] = ()
    broader: tuple[tuple[str, tuple[str, ...]], ...] = ()
    narrower: tuple[tuple[str, tuple[str, ...]], ...] = ()
    predicates: tuple[tuple[str, tuple[str, ...]], ...] = ()

    @classmethod
    def read(cls, path: str | Path) -> "Words":
        """From a JSON file: `{"same": [["truck", "rig"]], "broader": {"tool": ["hammer", "saw"]}}`.

        Raises:
            InputError: the file cannot be read or is of another form.
        """
        content = checked_json.read(path, max_bytes=4 << 20)
        with located(str(path)):
            checked_json.checked(content, "object", "the file")
            checked_json.only_keys(content, frozenset({"same", "broader", "narrower", "predicates"}), "")
            rows = checked_json.field(content, "same", "list", default=[])
            listed = {f"same[{at}]": row for at, row in enumerate(rows)}
            same = tuple(checked_json.names(listed, row) for row in listed)
            tables = {
                key: checked_json.field(content, key, "object", default={})
                for key in ("broader", "narrower", "predicates")
            }
            lists = {
                key: tuple((plain(word), checked_json.names(table, word, key)) for word in table)
                for key, table in tables.items()
            }
        return cls(same=tuple(tuple(map(plain, row)) for row in same), **lists)


@dataclass(frozen=True)
class Beings:
    """The categories of people, and those of people and animals."""

    people: frozenset[str]
    living: frozenset[str]


@dataclass
class Lexicon:
    """Entries by their words, found by longest-first lookup."""

    entries: dict[tuple[str, ...], list[Entry]] = field(default_factory=dict)
    _words: set[str] = field(default_factory=set)
    _longest: dict[str, int] = field(default_factory=dict)

    def add(self, surface: str, entry: Entry) -> None:
        """File an entry under the words of a text."""
        key = tuple(surface.replace("/", " / ").split())
        if key:
            listed = self.entries.setdefault(key, [])
            if entry not in listed:
                listed.append(entry)
            self._longest[key[0]] = max(self._longest.get(key[0], 0), len(key))
            self._words.update(key)

    def at(self, tokens: Sequence[str], start: int) -> Iterator[tuple[int, Entry]]:
        """(place after the words, entry) for every entry that starts at a place, longest first."""
        longest = self._longest.get(tokens[start], 0) if start < len(tokens) else 0
        for stop in range(min(start + longest, len(tokens)), start, -1):
            for entry in self.entries.get(tuple(tokens[start:stop]), ()):
                yield stop, entry

    @cached_property
    def people(self) -> tuple[str, ...]:
        """The categories of persons."""
        return self._kinds("person")

    @cached_property
    def beings(self) -> Beings:
        """Of whom "he" and "who" are said."""
        return Beings(frozenset(self.people), frozenset((*self.people, *self._kinds("animal"))))

    def _kinds(self, word: str) -> tuple[str, ...]:
        nouns = (entry for _, entry in self.at([word], 0) if isinstance(entry, Noun))
        return tuple(name for noun in nouns for name in noun.categories or ())

    @cached_property
    def reachable(self) -> tuple[str, ...]:
        """The words of all entries but of nouns that reach nothing, sorted; read it when all entries are filed."""
        reached = (
            key
            for key, listed in self.entries.items()
            if any(not isinstance(entry, Noun) or entry.categories != () for entry in listed)
        )
        return tuple(sorted({word for key in reached for word in key}))

    def knows(self, word: str) -> bool:
        """Whether any entry has the word."""
        return word in self._words

    def with_attributes(self, recorded: Mapping[str, Iterable[object]]) -> "Lexicon":
        """This lexicon and the values that a graph's attributes have, by attribute name."""
        entries = {key: list(listed) for key, listed in self.entries.items()}
        extended = Lexicon(entries, set(self._words), dict(self._longest))
        for name, values in recorded.items():
            for value in values:
                for item in value if isinstance(value, list | tuple) else (value,):
                    if isinstance(item, str) and 0 < len(item.split()) <= 3 and len(item) <= 40:
                        extended.add(plain(item), Adjective(spelling(item), spelling(name)))
        return extended


@lru_cache(maxsize=64)
def lexicon_of(vocabulary: Vocabulary, words: Words = Words()) -> Lexicon:
    """The lexicon of a vocabulary; made once for all graphs that share it."""
    lexicon = Lexicon()
    _add_nouns(lexicon, vocabulary, words)
    _add_verbs(lexicon, vocabulary, words)
    for value, attribute in ATTRIBUTE_OF.items():
        lexicon.add(value, Adjective(spelling(value), attribute))
    return lexicon


def _add_nouns(lexicon: Lexicon, vocabulary: Vocabulary, words: Words) -> None:
    direct: dict[str, set[str]] = {}
    for name in vocabulary.categories:
        for way in (*spoken(name), plain(name)):
            direct.setdefault(way, set()).add(name)
    rows = (*words.same, *nouns.SAME)
    reach = {word: set(names) for word, names in direct.items()}
    for row in rows:
        together = set().union(*(direct.get(word, set()) for word in row))
        for word in row:
            reach.setdefault(word, set()).update(together)
    exact = {word: frozenset(names) for word, names in reach.items()}
    broader, own = {**nouns.BROADER, **dict(words.broader)}, dict(words.broader)
    for word, listed in broader.items():
        members = _chain(word, broader, direct) if word in own else listed
        if word in direct and word not in nouns.ALWAYS_BROAD:
            continue
        reach.setdefault(word, set()).update(*(exact.get(member, frozenset()) for member in members))
    narrower = {**nouns.NARROWER, **dict(words.narrower)}
    narrower.update({word: _chain(word, narrower, direct) for word, _ in words.narrower})
    for row in rows:  # "kid" is narrower wherever "child" is
        shared = next((narrower[word] for word in row if word in narrower), None)
        narrower.update({word: shared for word in row if shared and word not in narrower})
    known = {*reach, *narrower, *nouns.KNOWN, *(word for members in broader.values() for word in members)}
    order = {name: position for position, name in enumerate(vocabulary.categories)}
    for word in sorted(known, key=lambda word: (word not in reach and word not in narrower, word)):
        found = reach.get(word, set())
        less = next((reach[kind] for kind in narrower.get(word, ()) if reach.get(kind)), set()) if not found else set()
        categories = tuple(sorted(found or less, key=order.__getitem__))
        _add_noun(lexicon, word, categories, narrower=bool(less))
    for word in nouns.ANYTHING:
        for surface, many in ((word, False), (plural(word), True)):
            lexicon.add(surface, Noun(word, None, many))
    people = tuple(sorted(reach.get("person", set()), key=order.__getitem__))
    for word in nouns.ANYBODY:
        lexicon.add(word, Noun("person", people))
    lexicon.add("persons", Noun("person", people, plural=True))


def _chain(word: str, table: Mapping[str, tuple[str, ...]], ends: Container[str]) -> tuple[str, ...]:
    """The words that a word leads to in a table, step by step, the nearest first; a circle ends where it began.

    >>> _chain("beast", {"beast": ("animal",), "animal": ("dog", "beast"), "dog": ("toy",)}, ends={"dog"})
    ('animal', 'dog')
    """
    found: dict[str, None] = {}
    waiting = list(table.get(word, ()))
    for each in waiting:
        if each not in found and each != word:
            found[each] = None
            waiting.extend(() if each in ends else table.get(each, ()))
    return tuple(found)


def _add_noun(lexicon: Lexicon, word: str, categories: tuple[str, ...], narrower: bool) -> None:
    many = plural(word)
    if not categories and (word,) in lexicon.entries:
        return  # "people" is the plural of person already
    lexicon.add(word, Noun(word, categories, None if many == word else False, narrower))
    if many != word:
        lexicon.add(many, Noun(word, categories, True, narrower))


def _add_verbs(lexicon: Lexicon, vocabulary: Vocabulary, words: Words) -> None:
    by_plain: dict[str, list[str]] = {}
    for name in vocabulary.predicates:
        by_plain.setdefault(doing(plain(name)), []).append(name)
    ways: dict[str, set[str]] = {name: {name} for name in by_plain}
    for name in by_plain:  # as answers say it: "sitting on" where the data writes "sitting"
        ways.setdefault(before_object(name), set()).add(name)
    for canonical, listed in (*verbs.SAME.items(), *words.predicates):
        for way in {canonical, *map(plain, listed)}:
            ways.setdefault(way, set()).add(canonical)
    for way in (*verbs.CONVERSES, *verbs.CONVERSES.values(), *verbs.OTHER_VERBS, *verbs.ONE_WAY):
        ways.setdefault(way, set()).add(way)
    bare: dict[str, list[Predicate]] = {}
    for way in sorted(ways):
        predicate = _predicate(way, ways[way], by_plain)
        gerund, _, particle = _gerund(way).partition(" ")
        _add_verb(lexicon, gerund, particle, predicate)
        if gerund.endswith("ed") and particle:  # "is the car parked?"
            lexicon.add(gerund, Verb(predicate, "state", bare=True))
        if gerund.endswith("ing"):  # "running after" means chasing, but "running" does not
            own = {name for name in ways[way] if _gerund(name).partition(" ")[0] == gerund}
            bare.setdefault(gerund, []).append(_predicate(way, own, by_plain))
    for gerund, covered in bare.items():  # "who is sitting?": on whatever it may be
        _add_forms(lexicon, gerund, "", _either(covered, gerund), bare=True)
    having = tuple(name for part in verbs.HAVING for name in by_plain.get(part, ()))
    for surface, form in (("with", "state"), ("have", "base"), ("has", "third"), ("having", "gerund"), ("had", "past")):
        lexicon.add(surface, Verb(Predicate(having, (), "with"), form))  # type: ignore[arg-type]


def _predicate(way: str, canonical: set[str], by_plain: dict[str, list[str]]) -> Predicate:
    """Every predicate of the vocabulary that makes this way of saying it true, forwards or backwards."""

    def covered(parts: Iterable[str]) -> list[str]:
        wide = [name for part in sorted(parts) for name in (part, *verbs.COVERS.get(part, ()))]
        return [name for part in dict.fromkeys(wide) for name in by_plain.get(part, ())]

    forward = covered(canonical)
    opposites = {verbs.CONVERSES[part] for part in canonical if part in verbs.CONVERSES}
    if "under" in canonical:
        opposites.update(verbs.UNDER_ALSO)
    symmetric = [name for part in canonical if part in verbs.SYMMETRIC for name in by_plain.get(part, ())]
    converse = [*covered(opposites), *symmetric]
    return Predicate(tuple(dict.fromkeys(forward)), tuple(dict.fromkeys(converse)), way)


def _gerund(way: str) -> str:
    """A predicate with its verb in the -ing form, as most data sets write it ("wears" becomes "wearing")."""
    first, space, rest = way.partition(" ")
    if third_person(first) and first not in verbs.PLACES:
        first = {"has": "having"}.get(first) or gerund_of(first[:-1])
    return first + space + rest


def _either(predicates: Iterable[Predicate], word: str) -> Predicate:
    listed = list(predicates)
    forward = tuple(dict.fromkeys(name for predicate in listed for name in predicate.forward))
    return Predicate(forward, tuple(dict.fromkeys(name for predicate in listed for name in predicate.converse)), word)


def _add_verb(lexicon: Lexicon, first: str, particle: str, predicate: Predicate) -> None:
    if first.endswith("ing") and len(first) > 4:
        _add_forms(lexicon, first, particle, predicate, bare=False)
    else:
        lexicon.add(f"{first} {particle}", Verb(predicate, "state"))


def _add_forms(lexicon: Lexicon, gerund: str, particle: str, predicate: Predicate, bare: bool) -> None:
    forms = verb_forms(gerund)
    listed: dict[Form, frozenset[str]] = {
        "gerund": forms.gerund,
        "base": forms.base,
        "third": forms.third,
        "past": forms.past,
        "participle": forms.participle,
    }
    for form, surfaces in listed.items():
        for surface in sorted(surfaces):
            lexicon.add(f"{surface} {particle}", Verb(predicate, form, bare))
