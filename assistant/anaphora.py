"""Words that refer to an earlier turn, replaced by names of what they refer to.

One thing becomes its label ("person-1"), several become a stand-in noun (see `stand_ins`). Where several things are
meant equally well, it has to be asked back; a word whose referent is not found stays as it is.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.adjectives import spelling
from assistant.dimensions import MORE, NEARER, NOUNS
from assistant.lexicon import Adjective, Noun, Verb
from assistant.one_of_several import (
    BARE_ONE,
    MORE_OF,
    NTH,
    OF_THE_KIND,
    ONE,
    THE_OTHER,
    THE_REST,
    AskBack,
    OneOfSeveral,
)
from assistant.steps import Find, Nodes, Pick, Related
from assistant.text import words

if TYPE_CHECKING:
    pass

_SINGULAR = r"he|she|him|her|it|this one|that one|the same one|itself|himself|herself"
_POSSESSIVE = r"his|her|its|their"
_THEM = r"them|these|those|the two|the three|the two of them|these two|those two"
_NO_SUPERLATIVE = r"(?! (?!rest\b)[a-z]+(?:est|most)\b)"
"""The two tallest dogs are not the two that were spoken of."""
_OF_THEM = re.compile(rf"\b(of|among|amongst|between) (?:all (?:of )?)?({_THEM})\b(?! [\w-]+ing\b){_NO_SUPERLATIVE}")
_ALL_OF_THEM = re.compile(r"\b(?:the )?(two|three|four|all|both) of ((?:them|these|those))\b")
_COMPARED = "|".join((*MORE, *NEARER))
_WHICH_OF = re.compile(rf"\bwhich (?:one )?of (?:the )?({_THEM})(?= (?:is|was|are|were) (?:the )?(?:{_COMPARED})\b)")
_DEMONSTRATIVE = re.compile(r"\b(this|that|these|those|the same) ([a-z][\w-]*(?: [a-z][\w-]*)?)")
_PERSONAL = re.compile(rf"\b({_SINGULAR})\b(?![-'])")
_OWNED = re.compile(rf"\b({_POSSESSIVE}) (?:own )?((?:[\w-]+ )?[\w-]+)")
_PLURAL = re.compile(
    rf"\b(they|them|these|those|both|the two|the three|these two|those two)\b(?![-']){_NO_SUPERLATIVE}"
)
_EXPLETIVE = re.compile(r"\s*(?:true|the case|correct|right|possible|raining|snowing|day|night|time)\b")
_ELSE = re.compile(
    r"\b(who|what|anyone|anybody|anything|someone|somebody|something|everyone|everybody|no one|nobody) else\b"
)
_FRAGMENT = re.compile(r"[a-z]+ing\b|(?:on|in|at|to|near|beside|behind|under|next|left|right|above|below|with)\b")
_MOST = 8
"""Words of one question that may refer to something; more of them are no question."""
_DOING = re.compile(r" (?:is|are|was|were|does|do|did) .+ (?:doing|do)\W*$")
_DOING_ANYTHING = re.compile(r"((?:is|are|was|were|does|do|did) .+ (?:doing|do)) (?:anything|something) else\b")


@dataclass
class Anaphora(OneOfSeveral):
    """The references of one question, resolved one after the other.

    Args:
        called: pronouns and what they were read as.
        subject: what a fragment such as "chasing it" is said of.
        rest_of_deeds: it asks what else somebody does.
    """

    called: list[tuple[str, int]] = field(default_factory=list)
    subject: Nodes | None = None
    tried: int = 0
    rest_of_deeds: bool = False

    def resolved(self, text: str) -> str:
        """A question with what it refers to named.

        Raises:
            AskBack: several things may be meant.
        """
        steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str | None]], ...] = (
            (_ALL_OF_THEM, self._all_of_them),
            (_WHICH_OF, self._which_of),
            (_OF_THEM, self._of_them),
            (THE_OTHER, self.other),
            (THE_REST, self.rest),
            (NTH, self.nth),
            (OF_THE_KIND, self.of_the_kind),
            (BARE_ONE, self.bare_one),
            (MORE_OF, self.more),
            (ONE, self.one),
            (_DEMONSTRATIVE, self._demonstrative),
            (_OWNED, self._owned),
            (_PERSONAL, self._pronoun),
            (_PLURAL, self._plural),
            (_ELSE, self._else),
        )
        text = _DOING_ANYTHING.sub(r"what else \1", text)
        for pattern, replacing in steps:
            text = self._replaced(text, pattern, replacing)
        return text

    def _replaced(self, text: str, pattern: re.Pattern[str], replacing: Callable[[re.Match[str]], str | None]) -> str:
        done, at = "", 0
        for found in pattern.finditer(text):
            if found.start() < at:
                continue
            self.tried += 1
            if self.tried > _MOST:
                raise LookupError("a question refers to no more things")
            name = replacing(found)
            if name is not None:
                done += text[at : found.start()] + name
                at = found.end()
        return done + text[at:]

    # Several

    def _of_them(self, found: re.Match[str]) -> str | None:
        nodes = next(self.referents.sets(), ())
        if not nodes or self._names(words(found.string[found.end() :]), noun_only=True):
            return None
        before = words(found.string[: found.start()])
        if before[-1:] in (["both"], ["two"], ["neither"], ["either"]) and len(nodes) != 2:
            raise LookupError("no two things were spoken of")
        return f"{found[1]} the {self.several(found[2], nodes)}"

    def _which_of(self, found: re.Match[str]) -> str | None:
        """Which of them is bigger."""
        nodes = next(self.referents.sets(), ())
        if not nodes:
            return None
        self.note(found[1], nodes)
        return f"which {self.stand_ins.name(Pick(nodes))}"

    def _all_of_them(self, found: re.Match[str]) -> str | None:
        nodes = next(self.referents.sets(), ())
        number = {"two": 2, "both": 2, "three": 3, "four": 4}.get(found[1], len(nodes))
        if not nodes:
            return None
        if len(nodes) != number:
            raise LookupError("not so many things were spoken of")
        name = self.several(found[0], nodes)
        return f"{found[1]} {name}" if found[1] in ("all", "both") else f"the {name}"

    def _plural(self, found: re.Match[str]) -> str | None:
        following = words(found.string[found.end() :])
        if found[1] in ("these", "those", "both") and (self._names(following) or following[:1] == ["of"]):
            return None
        if found[1] == "both" and found.string[: found.start()].rstrip().endswith(("they", "referents")):
            return None  # "are they both sitting"
        if found[1] in ("these two", "those two", "the two", "the three") and self._names(following, noun_only=True):
            return None
        groups = self.referents.groups() if found[1] in ("they", "them") else iter(())
        first = next((group for group in groups if group), ())
        if len(first) == 1 and self.referents.kind(first[0]) == "person":  # they: one person
            return self.label(found[1], first[0])
        nodes = next(self.referents.sets(), ())
        number = 3 if "three" in found[1] else 2 if "two" in found[1] or found[1] == "both" else len(nodes)
        if not nodes or len(nodes) != number:
            return None
        return f"{'both' if found[1] == 'both' else 'the'} {self.several(found[1], nodes)}"

    # This dog, that person

    def _demonstrative(self, found: re.Match[str]) -> str | None:
        """That person, these animals, the same dog."""
        said = found[2].split()
        taken, entry = 0, None
        for stop in range(len(said), 0, -1):
            entry = self.noun(" ".join(said[:stop]))
            if entry is not None:
                taken = stop
                break
        if entry is None or not entry.categories:
            return None
        many = found[1] in ("these", "those") or (found[1] == "the same" and bool(entry.plural))
        if bool(entry.plural) != many and entry.plural is not None:
            return None
        nodes = self.referents.of_kind(frozenset(entry.categories))
        if not nodes:
            return None
        word = f"{found[1]} {' '.join(said[:taken])}"
        rest = "".join(f" {each}" for each in said[taken:])
        if many and len(nodes) > 1:
            return f"the {self.several(word, nodes)}{rest}"
        if len(nodes) > 1:
            raise AskBack(word, nodes)
        return self.label(word, nodes[0]) + rest

    # He, she, it, his, her, its

    def _pronoun(self, found: re.Match[str]) -> str | None:
        word = found[1]
        if word == "it" and _EXPLETIVE.match(found.string, found.end()):
            return None
        beside = frozenset() if word.endswith("self") else self._beside(found.string[: found.start()])
        nodes = self.referents.meant_by({"himself": "him", "herself": "her", "itself": "it"}.get(word, word), beside)
        if not nodes:
            return None
        if len(nodes) > 1:
            raise AskBack(word, nodes)
        self.called.append((word, nodes[0]))
        return self.label(word, nodes[0])

    def _beside(self, before: str) -> frozenset[int]:
        """The nodes that the words before a pronoun name: the subject of its clause, or the one that is left out."""
        said = words(re.split(r"\b(?:when|while|before|after|because|if|and|but)\b", before)[-1])
        graph = self.assistant.graph
        named = {node for _, node in self.called}
        for at, word in enumerate(said):
            if word in self.assistant.parser.called:
                named.add(self.assistant.parser.called[word])
            for _, entry in self.assistant.lexicon.at(said, at + 1) if word in ("the", "this", "that") else ():
                if isinstance(entry, Noun):
                    kinds = entry.categories or ()
                    named |= {node.id for node in graph.nodes if graph.category_name(node.id) in kinds}
        if _FRAGMENT.match(before) and self.subject is not None:
            named |= set(self.referents.nodes(self.subject))
        return frozenset(named)

    def _owned(self, found: re.Match[str]) -> str | None:
        """His umbrella, its colour."""
        said = found[2].split()
        if found[1] == "her" and not self._names(said):
            return None
        owners = next(self.referents.groups(), ()) if found[1] == "their" else self.referents.meant_by(found[1])
        if len(owners) != 1:
            if not owners:
                return None
            raise AskBack(found[1], owners)
        owner = self.label(found[1], owners[0])
        if found[1] != "their":
            self.called.append((found[1], owners[0]))
        name = spelling(said[0])
        if name in self.assistant.parser.attributes or name in ("colour", "material") or said[0] in NOUNS:
            return f"the {said[0]} of {owner}" + "".join(f" {word}" for word in said[1:])
        for stop in range(len(said), 0, -1):
            entry = self.noun(" ".join(said[:stop]))
            if entry is not None and entry.categories:
                rest = "".join(f" {word}" for word in said[stop:])
                nodes = self._belonging(entry, owners[0])
                if len(nodes) == 1:
                    return self.label(f"{found[1]} {' '.join(said[:stop])}", nodes[0]) + rest
                return f"the {' '.join(said[:stop])} that {owner} has{rest}"
        return f"{owner}'s {found[2]}"

    def _belonging(self, noun: Noun, owner: int) -> tuple[int, ...]:
        """What somebody has of a kind; else what alone of that kind is in any relation to them."""
        kind = Find(noun.categories, word=noun.word)
        having = [entry for _, entry in self.assistant.lexicon.at(["with"], 0) if isinstance(entry, Verb)]
        if having:
            held = self.referents.nodes(Related(kind, having[0].predicate.flipped(), Pick((owner,))))
            if held:
                return held
        graph = self.assistant.graph
        tied = [graph.relations[at] for at in self.assistant.index.relations_of(owner)]
        near = {relation.object for relation in tied if relation.subject == owner}
        return tuple(sorted(node for node in near if graph.category_name(node) in (noun.categories or ())))

    # Who else

    def _else(self, found: re.Match[str]) -> str | None:
        known = self.referents.told()
        if not known:
            return None
        if _DOING.match(found.string, found.end()):
            self.rest_of_deeds = True
            return found[1]
        self.notes.append(f"'else' was read as other than {self.labels(known)}")
        return f"{found[1]} other than the {self.stand_ins.name(Pick(known))}s"

    # Words

    def _names(self, following: list[str], noun_only: bool = False) -> bool:
        """Whether a noun (or an adjective) begins some words."""
        kinds = (Noun,) if noun_only else (Noun, Adjective)
        return any(isinstance(entry, kinds) for _, entry in self.assistant.lexicon.at(following, 0))
