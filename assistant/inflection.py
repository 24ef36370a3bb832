"""Plurals of nouns and forms of verbs, by rule with the common exceptions."""

from dataclasses import dataclass
from functools import lru_cache

from assistant.verbs import IRREGULAR

_PLURALS = {
    "person": "people", "man": "men", "woman": "women", "child": "children", "foot": "feet", "tooth": "teeth",
    "mouse": "mice", "goose": "geese", "sheep": "sheep", "fish": "fish", "deer": "deer", "knife": "knives",
    "leaf": "leaves", "shelf": "shelves", "loaf": "loaves", "wolf": "wolves", "calf": "calves", "scarf": "scarves",
    "half": "halves", "ox": "oxen", "potato": "potatoes", "tomato": "tomatoes", "aircraft": "aircraft",
    "policeman": "policemen", "fireman": "firemen", "gentleman": "gentlemen", "cattle": "cattle",
    "clothes": "clothes", "scissors": "scissors", "glasses": "glasses", "stairs": "stairs", "skis": "skis",
    "pants": "pants", "people": "people", "furniture": "furniture", "luggage": "luggage",
}  # fmt: skip
_VOWELS = "aeiou"

_BASE_VERBS = {
    "bite", "caress", "carry", "chase", "clean", "climb", "close", "crawl", "creep", "cut", "drink", "drive", "eat",
    "fall", "feed", "fight", "fly", "follow", "get", "grab", "hit", "hold", "hug", "jump", "kick", "kiss", "kneel",
    "knock", "lean", "lick", "lie", "lift", "look", "move", "open", "pat", "play", "point", "press", "pull", "push",
    "release", "ride", "run", "shake", "shout", "sit", "sleep", "smell", "speak", "squeeze", "stand", "stop", "swim",
    "talk", "throw", "touch", "use", "walk", "wash", "watch", "wave", "wear",
}  # fmt: skip
"""Verbs that data sets write in their base form. A list, for nothing else tells "hold" from "near"."""


@lru_cache(maxsize=4096)
def plural(noun: str) -> str:
    """The plural of a noun; of a compound, that of its last word.

    >>> plural("sports ball"), plural("bus"), plural("baby"), plural("person")
    ('sports balls', 'buses', 'babies', 'people')
    """
    head, space, last = noun.rpartition(" ")
    if last in _PLURALS:
        return head + space + _PLURALS[last]
    if last.endswith(("s", "x", "z", "ch", "sh")):
        return f"{noun}es"
    if last.endswith("y") and len(last) > 1 and last[-2] not in _VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}s"


@dataclass(frozen=True)
class VerbForms:
    """Every form that a verb may take. Rules cannot always tell, so some forms are no English word."""

    base: frozenset[str]
    third: frozenset[str]
    gerund: frozenset[str]
    past: frozenset[str]
    participle: frozenset[str]


@lru_cache(maxsize=4096)
def verb_forms(gerund: str) -> VerbForms:
    """The forms of the verb that has this -ing form.

    >>> forms = verb_forms("riding")
    >>> "ride" in forms.base, "rides" in forms.third, "ridden" in forms.participle
    (True, True, True)
    """
    bases = _bases(gerund)
    past = {form for base in bases for form in _past(base)[0]}
    participle = {form for base in bases for form in _past(base)[1]}
    return VerbForms(
        frozenset(bases),
        frozenset(_third(base) for base in bases),
        frozenset({gerund}),
        frozenset(past),
        frozenset(participle),
    )


def gerund_of(base: str) -> str:
    """The -ing form of a base form.

    >>> gerund_of("ride"), gerund_of("hit"), gerund_of("lie")
    ('riding', 'hitting', 'lying')
    """
    if base.endswith("ie"):
        return f"{base[:-2]}ying"
    if base.endswith("e") and not base.endswith(("ee", "oe", "ye")):
        return f"{base[:-1]}ing"
    if _doubles(base):
        return f"{base}{base[-1]}ing"
    return f"{base}ing"


@lru_cache(maxsize=4096)
def doing(predicate: str) -> str:
    """A predicate in the -ing form, where a data set writes its verb in the base form (VidOR, VidVRD).

    >>> doing("lean on"), doing("hold"), doing("next to"), doing("riding")
    ('leaning on', 'holding', 'next to', 'riding')
    """
    first, space, rest = predicate.partition(" ")
    return gerund_of(first) + space + rest if first in _BASE_VERBS else predicate


def third_person(word: str) -> bool:
    """Whether the first word of a predicate is a verb in the third person.

    >>> third_person("wears"), third_person("has"), third_person("across"), third_person("towards")
    (True, True, False, False)
    """
    return word == "has" or (len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "wards")))


def _bases(gerund: str) -> set[str]:
    stem = gerund.removesuffix("ing")
    known = {base for base in IRREGULAR if gerund_of(base) == gerund}
    if known:
        return known
    if stem.endswith("y") and len(stem) <= 2:
        return {f"{stem[:-1]}ie"}  # lying, tying, dying
    if len(stem) > 2 and stem[-1] == stem[-2] and stem[-1] not in "lszfe":
        return {stem[:-1]}  # grabbing, stirring
    if len(stem) > 2 and stem.endswith("ll"):
        return {stem, stem[:-1]}  # pulling, travelling
    if stem.endswith("y"):
        return {stem}
    return {stem, f"{stem}e"}  # opening, chasing: which of the two only a dictionary knows


def _third(base: str) -> str:
    if base in {"have", "do", "go"}:
        return {"have": "has", "do": "does", "go": "goes"}[base]
    if base.endswith(("s", "x", "z", "ch", "sh", "o")):
        return f"{base}es"
    if base.endswith("y") and len(base) > 1 and base[-2] not in _VOWELS:
        return f"{base[:-1]}ies"
    return f"{base}s"


def _past(base: str) -> tuple[set[str], set[str]]:
    if base in IRREGULAR:
        past, participle = IRREGULAR[base]
        return {past}, {participle}
    if base.endswith("e"):
        regular = f"{base}d"
    elif base.endswith("y") and len(base) > 1 and base[-2] not in _VOWELS:
        regular = f"{base[:-1]}ied"
    else:
        regular = f"{base}{base[-1]}ed" if _doubles(base) else f"{base}ed"
    return {regular}, {regular}


def _doubles(base: str) -> bool:
    """One short syllable that ends consonant, vowel, consonant: hit, grab, stir."""
    vowels = sum(letter in _VOWELS for letter in base)
    return (
        vowels == 1
        and len(base) > 2
        and base[-1] not in f"{_VOWELS}wxy"
        and base[-2] in _VOWELS
        and base[-3] not in _VOWELS
    )
