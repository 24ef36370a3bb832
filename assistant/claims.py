"""Claims that are listed behind a question of how many of them are true: one question whether it is so.

"Is just one of these true: the dog runs, the cat sleeps?" asks whether it is true that either the one or the other is
so, but not both.
"""

import re

_HOW_MANY = {
    **dict.fromkeys(("exactly one", "just one", "only one", "precisely one", "one and only one", "a single one"), 1),
    **dict.fromkeys(("at least one", "either", "either one", "one or both", "any", "any one", "one or the other"), 2),
    **dict.fromkeys(("both", "all", "each", "every one"), 3),
    **dict.fromkeys(("neither", "neither one", "none", "not one", "not a single one"), 4),
}
_SAID = {1: "either {} or {}, but not both", 2: "either {} or {}", 3: "{} and {}", 4: "neither {} nor {}"}
_MANY = "|".join(sorted(_HOW_MANY, key=len, reverse=True))
_THESE = (
    r"(?:(?:of |out of )?(?:the |these |those |them|this |following |two |here|below )*"
    r"(?:statements?|claims?|things?|sentences?|assertions?|facts?|propositions?)?)"
)
_TRUE = r"(?:true|right|correct|the case|so|hold|holds|holding|accurate|apply|applies|valid|a fact|happening)"
_TAIL = r"(?: here)?(?: of (?:the|this) \w+)?(?: in (?:the|this) \w+)?"
_LISTED = re.compile(
    rf"^(?:(?:ok|so|and|hi|hello|please|tell me|say|would you say that|is it true that|is it so that|if|whether),? )*"
    rf"(?:of {_THESE},? )?(?:(?:is|are|does|do|has|have|was|were|did) )?({_MANY}) ?{_THESE} ?(?:is|are|was|were)? ?"
    rf"{_TRUE}{_TAIL} ?[:,?;-] ?(.+?)\W*$",
    re.IGNORECASE,
)
_BETWEEN = re.compile(r"\s*[;,.?|]\s*(?:and |or |but )?|\s+-\s+")
_NUMBERED = re.compile(r"(?:^|(?<=\s))(?:\(?[a-d1-4][).:]|[-*])\s+", re.IGNORECASE)


def of_claims(text: str) -> str | None:
    """The one question that a question about two listed claims comes to; None for any other.

    >>> of_claims("Is just one of these two true: the dog runs, the cat sleeps?")
    'is it true that either the dog runs or the cat sleeps, but not both?'
    """
    found = _LISTED.match(" ".join(text.split())) if ":" in text or "," in text or "?" in text[:-1] else None
    if found is None:
        return None
    many, listed = found.groups()
    claims = [claim for claim in _BETWEEN.split(_NUMBERED.sub(" ; ", listed)) if claim.strip()]
    for link in (" or ", " and "):
        if len(claims) == 1 and listed.count(link) == 1:
            claims = listed.split(link)
    if len(claims) != 2:
        return None
    said = _SAID[_HOW_MANY[many.lower()]].format(*(claim.strip() for claim in claims))
    return f"is it true that {said}?"
