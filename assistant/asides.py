"""What people say beside a question: of themselves, to whom they speak, what they were told, what they counted."""

import re
from collections.abc import Callable

from assistant.patterns import NUMBER
from assistant.text import normalise, words

_ASIDE = r"(?:i|we|my|our|it is for|this is for|it is because|because)\b"
_ASKS = r"(?:what|who|whom|which|where|when|how|is|are|was|were|do|does|did|has|have)\b"
_LEADING = re.compile(rf"^({_ASIDE}[^.;:,?!]*)[.;:,!] (?:so |and |but )?({_ASKS}.+)$")
_TRAILING = re.compile(rf"^(.+[?,]) ({_ASIDE}[^?,]*)$")
_CALLED = re.compile(
    r"^((?:hey |hello |hi |ok |dear )?[a-z]+(?: [a-z]+)?)[,!] "
    rf"((?:{_ASKS}|(?:can|could|tell|show|list|count|find)\b).+)$"
)
"""Mommy, what is the cat kicking?"""
_TOLD = re.compile(
    r"^(?:someone|somebody|my [\w-]+|he|she|they|people|i|we|the (?:guide|caption|text|teacher|report|note)) "
    r"(?:just )?(?:(?:was|were) told|said|says|told (?:me|us)|heard|read|thought|think|thinks|believed?|claims|claimed|"
    rf"guess|remember)\b[^.;!?]*[.;!] ({_ASKS}.+)$"
)
"""Someone said that my tree is green. Is the tree green?"""
_COUNTED = re.compile(
    r"^(?:i|we) (?:count|counted|can count|see|saw|found|have counted|make it|got|have)(?: exactly)? "
    rf"({NUMBER} [\w -]+?)(?: here| there)?[.,;] "
    r"(?:is (?:that|this|it) (?:right|correct|true|so|accurate)|am i (?:right|correct|wrong)|did i (?:get (?:it|that) "
    r"right|count right|count correctly|miss any)|right|correct|true|is that so|do you agree)\W*$"
)
"""I count three bikes, is that correct?"""
_BACK = re.compile(r"\b(?:it|its|they|them|their|he|she|him|his|her|one|ones|that|those)\b")
_LIMITS = frozenset(
    {"stand", "standing", "sit", "sitting", "face", "facing", "look", "looking", "turn", "turned", "turning", "see"}
    | {"walk", "walking", "left", "right", "front", "behind", "here", "not", "no", "never", "only", "except", "mean"}
    | {"count", "ignore", "about", "care", "from", "assume", "suppose", "call", "between", "after", "before"}
)
"""Words of a sentence that may limit what the question beside it asks."""


def counted_by_asker(text: str) -> str | None:
    """What somebody says to have counted, as a question; None where nobody does.

    >>> counted_by_asker("I count three bikes, is that correct?")
    'are there exactly three bikes?'
    """
    found = _COUNTED.match(normalise(text))
    return None if found is None else f"are there exactly {found[1]}?"


def without_aside(text: str, matters: Callable[[str], bool]) -> str | None:
    """A question without what somebody says of themselves beside it, None where there is no such thing.

    Args:
        text: the question.
        matters: whether a word names something in the graph; what holds such a word is no aside.

    >>> without_aside("I drive a taxi, so is there a car? ", lambda word: word == "car")
    'is there a car?'
    """
    plain = normalise(text)
    told = _TOLD.match(plain)
    if told is not None and _BACK.search(told[1]) is None:
        return told[1]
    leading, trailing, called = _LEADING.match(plain), _TRAILING.match(plain), _CALLED.match(plain)
    if leading is not None and _BACK.search(leading[2]) is None:
        aside, rest = leading.groups()
    elif trailing is not None:
        rest, aside = trailing.groups()
    elif called is not None:
        aside, rest = called.groups()
    else:
        return None
    said = words(aside)
    return None if _LIMITS & set(said) or any(map(matters, said)) else rest
