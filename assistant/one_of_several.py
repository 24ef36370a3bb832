"""One of several that were spoken of: the other one, the second, the red one, the one on the bench, the bigger."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.dimensions import MORE, MOST
from assistant.directions import SIDES
from assistant.lexicon import Adjective, Noun, Verb
from assistant.phrasing import listed
from assistant.referents import Referents
from assistant.regions import reference
from assistant.stand_ins import StandIns
from assistant.steps import Except, Find, Nodes, Pick, The, walk
from assistant.text import words

if TYPE_CHECKING:
    from assistant.assistant import Assistant

_ADJECTIVES = r"((?:[\w-]+ ){0,2}?)"

THE_OTHER = re.compile(r"\b(the other|another|any other|the remaining|the rest of the|the rest of)(s)?(?: ([\w-]+))?\b")
THE_REST = re.compile(r"\bthe rest\b(?! of\b)")
NTH = re.compile(
    r"\bthe (first|second|third|fourth|last|former|latter)(?:(?<=former)|(?<=latter)|(?: one)\b(?! from the )|"
    r"(?=\s*(?:[?.!,;]|$)))"
)
ONE = re.compile(rf"\b(which|the|this|that|a|an|any|each|every|these|those) {_ADJECTIVES}(one|ones)\b(?! of the\b)")
_LONGEST_CLAUSE = 6
"""Words behind "one" that may say which: every one of them is tried as its end."""
BARE_ONE = re.compile(
    r"\b(there|has|have|having|holding|wearing|see|riding|chasing|hold|wear) one\b(?! (?:of|second|frame|s)\b)"
)
OF_THE_KIND = re.compile(
    r"^(how many|(?:are there )?any|which) (is|are|was|were|have|do|on|in|at|under|behind|near|beside|with)\b"
    r"(?! there\b)"
)
MORE_OF = re.compile(
    rf"\bthe ({'|'.join(MORE)})(?: (?:one )?of (?:the two|them|the firstreferents))?(?= is\b|\s*(?:[?.!,;]|$))"
)
_ORDINALS = {"first": 0, "former": 0, "second": 1, "latter": 1, "third": 2, "fourth": 3, "last": -1}
_MOST_OF = {more: next(most for most, other in MOST.items() if other == dimension) for more, dimension in MORE.items()}
_MOST_OF |= {"upper": "topmost", "lower": "bottommost", "bulkier": "biggest"}


class AskBack(Exception):
    """A word may mean several nodes equally well."""

    def __init__(self, word: str, options: tuple[int, ...]) -> None:
        super().__init__(word)
        self.word, self.options = word, options


@dataclass
class OneOfSeveral:
    """Names for what is meant, with notes that tell it.

    Args:
        assistant: of the graph.
        referents: what may be referred to.
        stand_ins: nouns for several nodes.
    """

    assistant: "Assistant"
    referents: Referents
    stand_ins: StandIns
    notes: list[str] = field(default_factory=list)
    known: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def label(self, word: str, node: int) -> str:
        """The name of a node, with a note that a word was read as it."""
        self.note(word, (node,))
        return reference(self.assistant.index, node)

    def note(self, word: str, nodes: Iterable[int]) -> None:
        """Tell what a word was read as."""
        note = f"'{word}' was read as {self.labels(nodes)}"
        if note not in self.notes:
            self.notes.append(note)

    def labels(self, nodes: Iterable[int]) -> str:
        """The names of nodes, for people."""
        return listed([self.assistant.index.label(node) for node in nodes], "and")

    def several(self, word: str, nodes: tuple[int, ...]) -> str:
        """A noun in the plural for some nodes."""
        self.note(word, nodes)
        return f"{self.stand_ins.name(Pick(nodes))}s"

    def other(self, found: re.Match[str]) -> str | None:
        """The other one, the other dog, the others, another cup."""
        opening, many, noun = found[1], bool(found[2]), found[3] or ""
        if noun == "than" or (opening == "another" and not noun):
            return None
        entry = self.noun(noun)
        alone = many or noun in ("one", "ones", "two", "three")
        if not alone and entry is None:
            if noun and opening != "the other":
                return None
            alone, found_noun = True, False
        else:
            found_noun = bool(noun)
        if entry is not None and entry.categories is not None:
            kind: Nodes = Find(entry.categories, word=entry.word)
            everyone = self.referents.nodes(kind)
            told = tuple(node for node in self.referents.told() if node in everyone)
            known = self.referents.singled_out(everyone) or told
            base: Nodes | None = kind
        else:
            base, known = self._set_with_focus()
            everyone = self.referents.nodes(base) if base is not None else ()
        if base is None or not known:
            return None
        rest = tuple(node for node in everyone if node not in known)
        plural = many or noun in ("ones", "two", "three") or "rest" in opening
        plural = plural or (entry is not None and bool(entry.plural))
        tail = "" if found_noun or not noun else f" {noun}"
        indefinite = opening in ("another", "any other")
        if indefinite:
            name = self.stand_ins.name(Except(base, Pick(known)))
            self.note(f"{found[0].removesuffix(tail)}", rest) if rest else None
            return f"{'any' if opening == 'any other' else 'a'} {name}{'s' if plural else ''}{tail}"
        word = found[0].removesuffix(tail)
        if not rest:
            return f"the {self.stand_ins.name(Except(base, Pick(known)))}{'s' if plural else ''}{tail}"
        if plural:
            return f"the {self.several(word, rest)}{tail}"
        if len(rest) > 1:
            raise AskBack(word, rest)
        return self.label(word, rest[0]) + tail

    def rest(self, found: re.Match[str]) -> str | None:
        """The rest."""
        base, known = self._set_with_focus()
        rest = tuple(node for node in (self.referents.nodes(base) if base is not None else ()) if node not in known)
        return f"the {self.several(found[0], rest)}" if rest and known else None

    def _set_with_focus(self) -> tuple[Nodes | None, tuple[int, ...]]:
        """Several things that were spoken of, and those of them that were singled out; else a kind and one of it."""
        for nodes in self.referents.sets():
            known = self.referents.singled_out(nodes)
            if known:
                return Pick(nodes), known
        for group in self.referents.groups():
            for kind in self.referents.kinds():
                everyone = self.referents.nodes(kind)
                if group and set(group) < set(everyone):
                    return kind, tuple(dict.fromkeys(group))
        return None, ()

    def nth(self, found: re.Match[str]) -> str | None:
        """The second one, the latter."""
        nodes = next(self.referents.sets(), ())
        at = _ORDINALS[found[1]]
        if at >= len(nodes) or not nodes or (found[1] in ("former", "latter") and len(nodes) != 2):
            return None
        return self.label(found[0], nodes[at])

    def bare_one(self, found: re.Match[str]) -> str | None:
        """Is there one on the bench? Who has one?"""
        if self.noun(" ".join(words(found.string[found.end() :])[:1])) is not None:
            return None
        kinds = self.referents.kinds()
        kind = next((kind for kind in kinds if found[1] == "there" or self.referents.kind(kind) != "person"), None)
        return None if kind is None else f"{found[1]} a {self.stand_ins.name(kind)}"

    def of_the_kind(self, found: re.Match[str]) -> str | None:
        """How many are sitting? Are there any on the bench? Which is red?"""
        base: Nodes | None = next((Pick(nodes) for nodes in self.referents.sets()), None)
        which = found[1] == "which" and found[2] in ("is", "are", "was", "were", "have", "do")
        if not which:
            base = next(self.referents.kinds(), base)
        if base is None or (which and (not isinstance(base, Pick) or " or " in found.string)):
            return None
        if isinstance(base, Pick):
            self.note(found[1], base.nodes)
        plural = "" if found[2] in ("is", "was") or found[1] == "which" else "s"
        be = "is " if found[1] == "which" and not which else ""
        return f"{found[1]} {self.stand_ins.name(base)}{plural} {be}{found[2]}"

    def more(self, found: re.Match[str]) -> str | None:
        """The bigger of the two."""
        return self._of_candidates(found[0], "the", f"{found[1]} ", False)

    def one(self, found: re.Match[str]) -> str | None:
        """The red one, the one on the bench, which one."""
        opening, adjectives, many = found[1], found[2], found[3] == "ones"
        said = adjectives.split()
        if any(not self._describes(word) for word in said):
            return None
        if opening in ("this", "that") and not said:
            return None
        return self._of_candidates(found[0], opening, adjectives, many, found.string[found.end() :])

    def _of_candidates(self, word: str, opening: str, adjectives: str, many: bool, rest: str = "") -> str | None:
        """A stand-in for the first nodes of which what is said is true for some."""
        said = "".join(f"{_superlative(each)} " for each in adjectives.split())
        candidates = list(self._candidates())
        if not candidates:
            return None
        for base in candidates:
            if opening == "which" or self._fits(base, said, rest):
                break
        else:
            base = candidates[0]
        name = f"{self.stand_ins.name(base)}{'s' if many else ''}"
        if isinstance(base, Pick):
            self.note(word, base.nodes) if opening == "which" else self._note_found(word, base, said, rest)
        return f"{opening} {said}{name}"

    def _candidates(self) -> Iterator[Nodes]:
        for nodes in self.referents.sets():
            yield Pick(nodes)
        yield from self.referents.kinds()

    def _extension(self, base: Nodes, said: str, rest: str) -> tuple[int, ...]:
        clause = words(rest)[:_LONGEST_CLAUSE]
        key = f"{base.line} {said} {clause}"
        if key not in self.known:
            self.known[key] = self._found(base, said, clause)
        return self.known[key]

    def _found(self, base: Nodes, said: str, clause: list[str]) -> tuple[int, ...]:
        trial = StandIns(self.stand_ins.parser)
        name = trial.name(base)
        for stop in range(len(clause), -1, -1):
            for question in trial.read(f"describe the {said}{name}s {' '.join(clause[:stop])}"):
                found = next((step for step in walk(question) if isinstance(step, The)), None)
                if found is not None:
                    return self.referents.nodes(The(found.nodes, plural=True))
        return ()

    def _fits(self, base: Nodes, said: str, rest: str) -> bool:
        return bool(self._extension(base, said, rest))

    def _note_found(self, word: str, base: Nodes, said: str, rest: str) -> None:
        found = self._extension(base, said, rest)
        if found:
            self.note(word, found)

    def noun(self, text: str) -> Noun | None:
        """The entry of a noun that is all of a text."""
        parts = text.split()
        for stop, entry in self.assistant.lexicon.at(parts, 0):
            if stop == len(parts) and isinstance(entry, Noun):
                return entry
        return None

    def _describes(self, word: str) -> bool:
        known = any(isinstance(entry, Adjective | Verb) for _, entry in self.assistant.lexicon.at([word], 0))
        return known or word in SIDES or word in MOST or word in MORE or word in ("upper", "lower", "very")


def _superlative(word: str) -> str:
    """Of two things, the bigger is the biggest."""
    return _MOST_OF.get(word, word)
