"""Questions and the programs that they mean, made from templates with slots.

A template file has one row a question form: family, question, program, with tabs between them. Capital letters are
slots: `{the X}`, `{a X}`, `{Xs}` and `{X}` stand for words in questions; `{X}` is a category in programs; `{P-ing}`,
`{P-s}`, `{P}`, `{P-ed}`, `{P-en}` are forms of a verb, `{P}` and `{~P}` a predicate read forwards and backwards. All
words are written out by hand here: nothing of the assistant takes part in saying what is right.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from scenegraph import Vocabulary

FOLDER = Path(__file__).parent
ACTORS = (
    # singular, plural, category
    ("person", "people", "person"),
    ("dog", "dogs", "dog"),
    ("cat", "cats", "cat"),
    ("horse", "horses", "horse"),
)
THINGS = (
    ("ball", "balls", "sports ball"),
    ("cup", "cups", "cup"),
    ("mug", "mugs", "cup"),
    ("car", "cars", "car"),
    ("bike", "bikes", "bicycle"),
    ("bicycle", "bicycles", "bicycle"),
    ("bench", "benches", "bench"),
    ("umbrella", "umbrellas", "umbrella"),
    ("kite", "kites", "kite"),
    ("sofa", "sofas", "couch"),
    ("suitcase", "suitcases", "suitcase"),
    ("tree", "trees", "tree-merged"),
    ("fire hydrant", "fire hydrants", "fire hydrant"),
)
VERBS = (
    # -ing, third person, base, past, participle, predicate
    ("riding", "rides", "ride", "rode", "ridden", "riding"),
    ("holding", "holds", "hold", "held", "held", "holding"),
    ("chasing", "chases", "chase", "chased", "chased", "chasing"),
    ("looking at", "looks at", "look at", "looked at", "looked at", "looking at"),
    ("kicking", "kicks", "kick", "kicked", "kicked", "kicking"),
    ("carrying", "carries", "carry", "carried", "carried", "carrying"),
    ("pushing", "pushes", "push", "pushed", "pushed", "pushing"),
    ("throwing", "throws", "throw", "threw", "thrown", "throwing"),
    ("touching", "touches", "touch", "touched", "touched", "touching"),
)
FORMS = {"-ing": 0, "-s": 1, "": 2, "-ed": 3, "-en": 4}
PLACES = (
    # said, predicate, backwards
    ("beside", "beside|~beside", "beside|~beside"),
    ("behind", "behind|~in front of", "~behind|in front of"),
    ("in front of", "in front of|~behind", "~in front of|behind"),
    ("on", "on|riding", "~on|~riding"),
    ("in", "in", "~in"),
)
COLOURS = ("red", "blue", "green", "white", "black", "yellow", "brown")
NUMBERS = ("two", "three", "four", "five", "six", "seven")
WITH = "holding|carrying|wearing"

VOCABULARY = Vocabulary(
    things=(*(row[2] for row in ACTORS), *dict.fromkeys(row[2] for row in THINGS if row[2] != "tree-merged")),
    stuff=("tree-merged", "grass-merged", "road"),
    predicates=(*(row[5] for row in VERBS), "wearing", "beside", "behind", "in front of", "on", "in"),
)

_SLOT = re.compile(
    r"\{(~|the |The |a |A |an )?([A-CL-MP-RV-Z])(s|w|-ing|-s|-ed|-en)?\}|\{(with|N|n|n\+1|t|u|f|g|f1|g1|~with)\}"
)


@dataclass(frozen=True)
class Template:
    """One form of question: its family, the question and the program with slots."""

    family: str
    question: str
    program: str


def read(name: str) -> tuple[Template, ...]:
    """The templates of a file of this folder."""
    lines = (FOLDER / name).read_text(encoding="utf-8").splitlines()
    return tuple(Template(*line.split("\t")) for line in lines if line and not line.startswith("#"))


def filled(template: Template, random: Random) -> tuple[str, str]:
    """A question and its program, with words drawn for the slots."""
    words = _Words(random)
    question = _SLOT.sub(words.said, template.question)
    program = _SLOT.sub(words.meant, template.program)
    return question[:1].upper() + question[1:], program


def generated(templates: tuple[Template, ...], count: int, seed: int) -> Iterator[tuple[Template, str, str]]:
    """That many (template, question, program), the templates taken in turn."""
    random = Random(seed)
    for at in range(count):
        template = templates[at % len(templates)]
        yield template, *filled(template, random)


class _Words:
    """What the slots of one question stand for."""

    def __init__(self, random: Random) -> None:
        actors = random.sample(ACTORS, 3)
        things = random.sample(THINGS, len(THINGS))
        distinct = [row for at, row in enumerate(things) if row[2] not in {other[2] for other in things[:at]}]
        first, second = sorted(random.sample(range(2, 10), 2))
        number = random.randrange(len(NUMBERS))
        frames = sorted(random.sample(range(100), 2))
        self.nouns = dict(zip("ABCXYZ", (*actors, *distinct), strict=False))
        self.verbs = dict(zip("PQR", random.sample(VERBS, 3), strict=True))
        self.places = dict(zip("LM", random.sample(PLACES, 2), strict=True))
        self.colours = dict(zip("VW", random.sample(COLOURS, 2), strict=True))
        self.numbers = {"t": str(first), "u": str(second), "n": str(number + 2), "n+1": str(number + 3)}
        self.numbers |= {"N": NUMBERS[number], "f": str(frames[0]), "g": str(frames[1])}
        self.numbers |= {"f1": str(frames[0] + 1), "g1": str(frames[1] + 1)}

    def said(self, slot: re.Match[str]) -> str:
        before, letter, after, other = slot.groups()
        if other:
            return self.numbers[other]
        if letter in self.verbs:
            return self.verbs[letter][FORMS[after or ""]]
        if letter in self.places:
            return self.places[letter][0]
        if letter in self.colours:
            return _with_article(before, self.colours[letter])
        return self.nouns[letter][1] if after == "s" else _with_article(before, self.nouns[letter][0])

    def meant(self, slot: re.Match[str]) -> str:
        before, letter, after, other = slot.groups()
        if other:
            with_ = "|".join(f"~{name}" for name in WITH.split("|")) if other == "~with" else WITH
            return with_ if "with" in other else self.numbers[other]
        if letter in self.verbs:
            return f"~{self.verbs[letter][5]}" if before else self.verbs[letter][5]
        if letter in self.places:
            return self.places[letter][0 if after == "w" else 2 if before else 1]
        if letter in self.colours:
            return self.colours[letter]
        return self.nouns[letter][0] if after == "w" else self.nouns[letter][2]


def _with_article(before: str | None, word: str) -> str:
    match (before or "").strip().lower():
        case "the":
            return f"the {word}"
        case "a" | "an":
            return f"{'an' if word[0] in 'aeiou' else 'a'} {word}"
    return word
