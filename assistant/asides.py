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
    r"(?:just )?(?:(?:was|were) told|said|says|told (?:me|us)|heard|read|thought|think|thinks|believed?|claims"
    r"|claimed|"
    rf"guess|remember)\b[^.;!?]*[.;!] ({_ASKS}.+)$"
)
"""Someone said that my tree is green. Is the tree green?"""
_PURPOSE = re.compile(
    r"^((?:for|as part of|to (?:finish|complete|fill in|check|write)) (?:my|our|the|this|a|an|his|her|their) "
    r"(?:(?!in |on |of |at |by |with |near |and |or )[\w-]+ ){0,2}(?:report|plans?|log|form|study|project|paper|survey|"
    r"inventory|layout|design|records?|presentation|statistics|quote|protocol)"
    r"|(?:safety|quick|sanity|final|spot|plausibility|navigation) (?:check|question)"
    r"|for (?:safety|planning|navigation|calibration|the record)(?: reasons| purposes)?)(?:[:,]| -| (?=i |we )) ?"
    rf"(?:(?:i|we) (?:need|want|require) )?((?:{_ASKS}|give\b|tell\b|measure\b|estimate\b|the\b).+)$"
)
"""For the accident report: how far was the dog from the car?"""
_COUNTED = re.compile(
    r"^(?:i|we) (?:count|counted|can count|see|saw|found|have counted|make it|got|have)(?: exactly)? "
    rf"({NUMBER} [\w -]+?)(?: here| there)?[.,;] "
    r"(?:is (?:that|this|it) (?:right|correct|true|so|accurate)|am i (?:right|correct|wrong)|did i (?:get (?:it|that) "
    r"right|count right|count correctly|miss any)|right|correct|true|is that so|do you agree)\W*$"
)
"""I count three bikes, is that correct?"""
_LOVED = re.compile(
    r"^(?:my (?:\w+ )?\w+|i|we|he|she|they) (?:really |just |absolutely |only )*(?:loves?|likes?|adores?|hates?"
    r"|wants?|needs?|collects?|fears?|am afraid of"
    r"|is afraid of|(?:is|am|are) (?:crazy|mad|nuts) about|(?:is|am|are) into|(?:is|am|are) (?:scared|fond) of"
    r"|asked for|is after) "
    r"((?!(?:the|that|this|it|him|her|them)\b)[a-z][a-z ]*?s|people|(?:a|an) [a-z ]+?)[,.;!] (?:so |and "
    r"|but )?(?:(?:is|are) there (?:one|any|some)"
    r"|(?:do|can) you (?:see|find|spot) (?:one|any|some))(?: of (?:them|those))?\b(.*)$"
)
"""My daughter loves horses, are there any on the road?"""
_NEEDED = re.compile(
    r"^((?:i|we|my|our)\b[^.;:,?!]*?),? (?:and|so|but|because)(?: now)? (?:i|we) (?:really |just |would "
    r"|also )*(?:need|want|like|have|love|am trying|are trying) to "
    r"(?:know|find out|see|check|tell|learn|figure out) ((?:if|whether|what|who|whom|which|where|when|how)\b.*)$"
)
"""We play a game and I need to know who holds the ball."""
_OWNING = frozenset({"have", "has", "had", "having"})
_BACK = re.compile(r"\b(?:it|its|they|them|their|he|she|him|his|her|one|ones|that|those)\b")
_LIMITS = frozenset(
    {"stand", "standing", "sit", "sitting", "face", "facing", "look", "looking", "turn", "turned", "turning", "see"}
    | {"walk", "walking", "left", "right", "front", "behind", "here", "not", "no", "never", "only", "except", "mean"}
    | {"count", "ignore", "about", "care", "from", "assume", "suppose", "call", "between", "after", "before"}
    | {"halfway", "midway", "later", "afterwards", "afterward", "earlier", "beforehand", "previously", "eventually"}
    | {"mostly", "usually", "often", "sometimes", "rarely", "seldom", "once", "twice", "elsewhere", "nearby", "towards"}
    | {"briefly", "suddenly", "momentarily", "throughout", "half", "until", "since", "while", "when", "during", "next"}
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
    loved = _LOVED.match(plain)
    if loved is not None:
        return f"is there any {re.sub(r'^an? ', '', loved[1])}{loved[2]}"
    purpose = _PURPOSE.match(plain)
    if purpose is not None and _BACK.search(purpose[2]) is None:  # what a report is about limits nothing
        return purpose[2]
    leading, trailing, called = _LEADING.match(plain), _TRAILING.match(plain), _CALLED.match(plain)
    needed = _NEEDED.match(plain)
    if leading is not None and _BACK.search(leading[2]) is None:
        aside, rest = leading.groups()
    elif trailing is not None:
        rest, aside = trailing.groups()
    elif called is not None:
        aside, rest = called.groups()
    elif needed is not None and _BACK.search(needed[2]) is None:
        aside, rest = needed.groups()
    else:
        return None
    said = set(words(aside)) - _OWNING
    return None if _LIMITS & said or any(map(matters, said)) else rest
