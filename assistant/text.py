"""What a person typed, as words: one form for what may be written in many ways."""

import re
import unicodedata
from functools import lru_cache

MAX_CHARACTERS = 600
MAX_WORDS = 60
"""A question is one sentence; longer input is refused before any work is done on it."""

NUMBERS = {
    word: number
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
            *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        )
    )
}

_WITHOUT_SIGN = "is are was were do does did has have had can could would should"
"""Verbs whose "n't" people write without its sign."""
_COUNTABLE = "the|a|an|any|some|no|more|most|fewer|two|three"
"""What may stand before a thing that somebody has got."""
_CONTRACTIONS = (
    (re.compile(rf"\b({'|'.join(_WITHOUT_SIGN.split())})nt\b"), r"\1 not"),
    (re.compile(r"\b(?:pls|plz|plse)\b"), "please"),
    (re.compile(r"\b(?:thx|tnx|ty)\b"), "thanks"),
    (re.compile(r"\bain't\b"), "is not"),
    (re.compile(r"\b(gimme|lemme)\b"), lambda found: "give me" if found[0] == "gimme" else "let me"),
    (re.compile(r"\b(?:wanna|gonna)\b"), "want to"),
    (re.compile(r"\bgotta\b"), "got to"),
    (re.compile(r"\bdunno\b"), "do not know"),
    (re.compile(r"\bu\b(?! ')"), "you"),
    (re.compile(r"\b(what|when|where|how|why)'d\b"), r"\1 did"),
    (re.compile(r"\bim\b"), "i am"),
    (re.compile(r"\b(can)'?t\b"), "can not"),
    (re.compile(r"\bcannot\b"), "can not"),
    (re.compile(r"\bwon't\b"), "will not"),
    (re.compile(r"n't\b"), " not"),
    (re.compile(r"'d\b"), " would"),
    (re.compile(r"'re\b"), " are"),
    (re.compile(r"'ve\b"), " have"),
    (re.compile(rf"\b(who|what|he|she|it|that|which)'s got\b(?= (?:{_COUNTABLE})\b)"), r"\1 has"),
    (re.compile(r"\b(what|who|where|there|that|it|he|she|how|when|which|here)'s\b"), r"\1 is"),
    (re.compile(r"\b(what|who|where|how|there|when)s\b"), r"\1 is"),
    (re.compile(r"\blet's\b"), "let us"),
    (re.compile(r"\bi'm\b"), "i am"),
    (re.compile(r"'ll\b"), " will"),
)
_CONTRACTED = re.compile("|".join(f"(?:{pattern.pattern})" for pattern, _ in _CONTRACTIONS))
"""One look tells most texts from those that have any contraction."""
_AMOUNT = re.compile(rf"\b({'|'.join(list(NUMBERS)[2:])}) (?=(?:seconds?|secs?|metres?|meters?)\b)")
"""Five seconds, two metres."""
_HYPHENED = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|\d{1,2}(?:nd|rd|th))-(?=[a-z]{2,}(?:est|most)\b)"
    r"|\b(?:next|second|third)-to-last\b|\blast-but-(?:one|two)\b"
)
"""Second-largest, 3rd-tallest, next-to-last."""
_CLOCK = re.compile(r"\b(\d{1,3}):([0-5]\d)\b(?! ?(?:am|pm)\b)")
"""Minutes and seconds of a player: 1:05."""
_RANGE = re.compile(r"(?<=[a-z] )(\d+(?:\.\d+)?) ?[-–—] ?(\d+(?:\.\d+)?)(?= ?s\b| ?sec|[ ,?.!]|$)")
"""Frames 3-7, 2-4.5 s."""
_LIST = re.compile(
    r"((?:a|an|the|any|some) [\w ]{1,30}), "
    r"((?:a|an|the|any|some) [\w ]{1,30}),? (or|and)(?= (?:a|an|the|any|some) )"
)
"""The first comma of "a dog, a cat or a horse"."""
_COMPARED = re.compile(
    r"\b(?:(?:first|last)(?! frame| second| moment| \d)|earlier|later|sooner|longer|longest|shorter|shortest"
    r"|(?:more|less|most|least|longer|shorter|of the|screen) time"
    r"|(?:one|both|neither|none|either|any) of (?:them|the two|these|those)|the two of them)\b[\w ]*$"
)
"""What stands before the comma of "which appears first, the dog or the cat"."""
_TOKEN = re.compile(r"\(#?\d+\)|#\d+|'s\b|\d+(?:\.\d+)?|[^\W\d_][^\W_]*(?:[-'_][^\W_]+)*|[.;!?]|[^\s,:\"()\[\]]")
_SENTENCE_ENDS = {".", ";", "!", "?"}

ENGLISH = frozenset(
    (
        *("a", "an", "the", "is", "are", "was", "were", "be", "being", "do", "does", "did", "has", "have", "who"),
        *("what", "which", "where", "when", "how", "why", "there", "any", "some", "of", "in", "on", "at", "to"),
        *("and", "or", "not", "with", "by", "it", "he", "she", "they", "this", "that", "these", "those", "you"),
        *("see", "can"),
    )
)
_OTHER_LANGUAGES = frozenset(
    (
        *("que", "quien", "quién", "qué", "dónde", "donde", "cuántos", "cuantos", "hay", "está", "esta", "es"),
        *("el", "los", "las", "un", "una", "le", "la", "les", "des", "du", "où", "qui", "quoi", "combien", "quel"),
        *("quelle", "il", "est", "sont", "dans", "sur", "y", "avec", "wer", "wo", "wie", "viele", "der", "die"),
        *("das", "den", "dem", "ist", "sind", "ein", "eine", "auf", "mit", "gibt", "es", "wat", "waar", "hoeveel"),
        *("het", "een", "zijn", "op", "chi", "cosa", "dove", "quanti", "sono", "che", "di", "del", "della", "gli"),
        *("per", "com", "o", "os", "onde", "quem", "kto", "co", "gdzie", "jest", "vad", "vem", "var", "finns"),
        *("det", "hvor", "hva", "er"),
    )
)


@lru_cache(maxsize=32)  # a question is looked at in several ways, each of which needs its plain form
def normalise(text: str) -> str:
    """Lower case, one kind of quote, no control characters, contractions written out.

    >>> normalise("What’s the  man HOLDING?")
    'what is the man holding?'
    """
    plain = text[:MAX_CHARACTERS]
    if not (plain.isascii() and plain.isprintable()):
        plain = unicodedata.normalize("NFKC", plain)
        plain = plain.translate({0x2018: "'", 0x2019: "'", 0x201C: '"', 0x201D: '"', 0x2010: "-", 0x2011: "-"})
        plain = "".join(" " if unicodedata.category(character)[0] in "CZ" else character for character in plain)
    plain = " ".join(plain.lower().split())
    if _CONTRACTED.search(plain) is not None:
        for pattern, replacement in _CONTRACTIONS:
            plain = pattern.sub(replacement, plain)
    if "-" in plain:
        plain = _HYPHENED.sub(lambda found: found[0].replace("-", " "), plain)
    plain = _CLOCK.sub(lambda found: f"{60 * int(found[1]) + int(found[2])} s", plain)
    plain = _AMOUNT.sub(lambda found: f"{NUMBERS[found[1]]} ", plain)
    plain = _RANGE.sub(r"\1 to \2", plain)
    plain = _LIST.sub(_listed, plain)
    return " ".join(plain.split())


def _listed(found: re.Match[str]) -> str:
    compared = _COMPARED.search(found.string[: found.end(1)])
    return found[0] if compared else found.expand(r"\1 \3 \2 \3")


def words(text: str) -> list[str]:
    """The words of a question; punctuation at its end is dropped, inside it counts as a word.

    >>> words("Who holds the ball (7), at 3.5s?")
    ['who', 'holds', 'the', 'ball', '#7', 'at', '3.5', 's']
    """
    spaced = re.sub(r"(?<=\w)'s\b", " 's", normalise(text))
    found = [f"#{token.strip('(#)')}" if token[0] == "(" else token for token in _TOKEN.findall(spaced)]
    while found and found[-1] in _SENTENCE_ENDS:
        found.pop()
    return found


def sentences(text: str) -> list[str]:
    """A text cut into sentences and list items; numbers such as 3.5 and labels stay whole.

    >>> sentences("There is a dog. It is 3.5 m away!")
    ['There is a dog', 'It is 3.5 m away']
    """
    pieces = re.split(r"(?<=[.!?;])\s+|[\r\n]+|(?<=\w)[.!?;]$", text)
    cleaned = (re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", piece).strip(" .!?;\t") for piece in pieces)
    return [piece for piece in cleaned if piece]


def looks_foreign(found: list[str]) -> bool:
    """Whether words are rather of another language than English."""
    letters = [character for word in found for character in word if character.isalpha()]
    if letters and sum(character.isascii() for character in letters) < len(letters) / 2:
        return True
    english = sum(word in ENGLISH for word in found)
    other = sum(word in _OTHER_LANGUAGES for word in found)
    accented = any(not word.isascii() and any(map(str.isalpha, word)) for word in found)
    return other > english or (accented and other >= english and english == 0)


_NONE_FITS = re.compile(
    r"(?:none|neither|not any|no one) of (?:the )?(?:above|these|those|them|options|choices|answers|other options)"
    r"|(?:all|both)(?: of)? (?:the )?(?:above|options|answers|choices)(?: are)? (?:wrong|incorrect|false)"
    r"|no (?:correct|right|suitable|valid) (?:answer|option|choice)|(?:there is )?no answer|none|neither|other"
)


def says_none_fits(option: str) -> bool:
    """Whether an option says that none of the others is right.

    >>> says_none_fits("None of the above."), says_none_fits("nobody")
    (True, False)
    """
    return _NONE_FITS.fullmatch(" ".join(option.lower().split()).strip(" .!")) is not None
