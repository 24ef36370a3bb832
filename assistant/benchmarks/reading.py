"""Reading the answers of models: yes or no, an option, a number, a stretch of time; None where it cannot be read."""

import re
from collections.abc import Sequence

LETTERS = "ABCDEFGHIJ"
_YES, _NO = (
    re.compile(r"\b(yes|yeah|yep|true|correct|indeed)\b"),
    re.compile(r"\b(no|not|nope|false|none|n't|incorrect)\b"),
)
_LETTER = re.compile(
    r"^\W*(?:the )?(?:correct )?(?:answer|option|choice)?\W*(?:is)?\W*\(?([A-Ja-j])(?:[).:,]|\s*$|\s+-)"
)
_LAST = re.compile(r"\b(?:[Aa]nswer|[Oo]ption|[Cc]hoice)(?: is)?:?\s*\(?([A-J])\b")
_NUMBERS = re.compile(r"-?\d+(?:\.\d+)?")
_REFUSALS = (
    re.compile(r"none of (?:the )?(?:above|these|them|options|answers|choices)"),
    re.compile(r"(?:no|not) (?:correct |right |suitable |valid )?(?:answer|option|choice)\b"),
    re.compile(r"(?:can ?not|can't|cannot|unable to|impossible to) (?:be )?(?:answer|tell|determin|say|said|see)"),
    re.compile(r"(?:image|picture|question|options?)[\w ,]* (?:irrelevant|incompatible|unrelated|do(?:es)? not match)"),
    re.compile(r"(?:all|both)[\w ]* (?:incorrect|wrong|irrelevant)"),
    re.compile(
        r"(?:does|do) not show|not (?:in|shown|visible|present|depicted|answerable|related)"
        r"|unanswerable|no such|there (?:is|are) no\b"
    ),
)


def normal(text: str) -> str:
    """Lower case, one space, no full stop at the end.

    >>> normal(" A  Red car. ")
    'a red car'
    """
    return " ".join(text.lower().split()).rstrip(" .!")


def yes_or_no(text: str) -> str | None:
    """What the first sentence says: yes, no, or neither.

    >>> yes_or_no("Yes, there is."), yes_or_no("There is no dog."), yes_or_no("A dog.")
    ('yes', 'no', None)
    """
    first = re.split(r"[.\n]", normal(text), maxsplit=1)[0]
    # A denial decides where both words stand: "no, that is not correct".
    if first.startswith("yes"):
        return "yes"
    if _NO.search(first):
        return "no"
    return "yes" if _YES.search(first) else None


def option(text: str, options: Sequence[str]) -> int | None:
    """Which option an answer names, by its letter or by its text; None if none or several.

    >>> option("B. the dog", ("a cat", "the dog")), option("the dog", ("a cat", "the dog"))
    (1, 1)
    >>> option("a cat or the dog", ("a cat", "the dog")) is None
    True
    """
    stripped = text.strip()
    found = _LETTER.match(stripped) if len(stripped) > 1 else re.match(r"[A-Ja-j]", stripped)
    if found is None:
        found = _LAST.search(stripped)
    letter = None if found is None else LETTERS.index((found.group(1) if found.lastindex else found.group()).upper())
    said = normal(text)
    equal = [at for at, each in enumerate(options) if normal(each) and normal(each) == said]
    if len(equal) == 1:
        return equal[0]
    if letter is not None and letter < len(options):
        return letter
    held = [
        at
        for at, each in enumerate(options)
        if normal(each) and re.search(rf"(?<!\w){re.escape(normal(each))}(?!\w)", said)
    ]
    # "a red car" holds "a car" of another option only if that is not part of the longer one.
    longest = [
        at for at in held if not any(at != other and normal(options[at]) in normal(options[other]) for other in held)
    ]
    return longest[0] if len(longest) == 1 else None


def choice(text: str, options: Sequence[str]) -> int | None:
    """As `option`, but a bare number that is no option is the place of one, from 0 (STAR, NExT-GQA).

    >>> choice("1", ("a cat", "a dog")), choice("1", ("1", "2")), choice("B", ("a cat", "a dog"))
    (1, 0, 1)
    """
    found = option(text, options)
    if found is None and text.strip().isdecimal() and int(text) < len(options):
        return int(text)
    return found


def refuses(text: str) -> bool:
    """Whether an answer says that there is none.

    >>> refuses("None of the above."), refuses("The graph does not show a cat."), refuses("B. a dog")
    (True, True, False)
    """
    said = normal(text)
    return any(pattern.search(said) for pattern in _REFUSALS)


def numbers(text: str) -> list[float]:
    """All numbers of a text.

    >>> numbers("from 3 to 7.5 s")
    [3.0, 7.5]
    """
    return [float(found) for found in _NUMBERS.findall(re.sub(r"(?<=\d)\s*-\s*(?=\d)", " ", text))]


def span(text: str) -> tuple[float, float] | None:
    """The one stretch of time that a text names: its only two numbers.

    >>> span("[12, 50]"), span("12-50"), span("it is funny") is None
    ((12.0, 50.0), (12.0, 50.0), True)
    """
    found = numbers(text)
    return (min(found), max(found)) if len(found) == 2 else None


def lettered(options: Sequence[str]) -> str:
    """Options as models get them, a line each.

    >>> print(lettered(("a cat", "a dog")))
    A. a cat
    B. a dog
    """
    return "\n".join(f"{letter}. {each}" for letter, each in zip(LETTERS, options, strict=False))
