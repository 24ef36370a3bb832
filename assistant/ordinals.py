"""Ordinals: the third, the 3rd, the last but one."""

from collections.abc import Iterator, Sequence

_WORDS = (
    *("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh"),
    *("twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth"),
    "twentieth",
)
_NUMBERS = {word: number for number, word in enumerate(_WORDS, 1)}
_LAST = ("last", "final", "latest")
_BEFORE_LAST = {
    ("second", "to", "last"): -2,
    ("second", "last"): -2,
    ("next", "to", "last"): -2,
    ("last", "but", "one"): -2,
    ("penultimate",): -2,
    ("third", "to", "last"): -3,
    ("third", "last"): -3,
    ("last", "but", "two"): -3,
}
SUFFIXES = ("st", "nd", "rd", "th")
ORDINALS = frozenset({*_NUMBERS, *(words[0] for words in _BEFORE_LAST), *_LAST, *SUFFIXES})
"""Words with which an ordinal begins or, in digits, ends: 2nd is two words."""
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_LONGEST = 6


def ordinals(tokens: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """Every ordinal that starts at a word: (place after it, number), counted from the end where negative.

    >>> list(ordinals("third time".split(), 0)), list(ordinals("3 rd time".split(), 0))
    ([(1, 3)], [(2, 3)])
    >>> list(ordinals("very last time".split(), 0)), list(ordinals("last but one time".split(), 0))
    ([(2, -1)], [(3, -2)])
    """
    start = at + 1 if tokens[at : at + 1] == ["very"] else at
    for words, number in _BEFORE_LAST.items():
        if tuple(tokens[start : start + len(words)]) == words:
            yield start + len(words), number
            return
    word = _at(tokens, start)
    if word in _NUMBERS:
        yield start + 1, _NUMBERS[word]
    elif word in _LAST:
        yield start + 1, -1
    elif word.isdecimal() and 0 < len(word) < _LONGEST and int(word) and _at(tokens, start + 1) in SUFFIXES:
        yield start + 2, int(word)


def _at(tokens: Sequence[str], at: int) -> str:
    return tokens[at] if at < len(tokens) else ""


def ordinal(number: int) -> str:
    """A number as an ordinal: "third", "21st".

    >>> ordinal(3), ordinal(21), ordinal(112)
    ('third', '21st', '112th')
    """
    if number <= len(_WORDS):
        return _WORDS[number - 1]
    teens = number // 10 % 10 == 1
    return f"{number}{'th' if teens else _ENDINGS.get(number % 10, 'th')}"


def nth_times(tokens: Sequence[str], at: int) -> Iterator[tuple[int, int]]:
    """Every "the third time", "for the last time", "a second time" that starts at a word: (place after it, number).

    >>> list(nth_times("for the 3 rd time".split(), 0))
    [(5, 3)]
    """
    start = at + 1 if tokens[at : at + 1] == ["for"] else at
    if tokens[start : start + 1] not in (["the"], ["a"], ["an"], ["its"], ["their"]):
        return
    for stop, number in ordinals(tokens, start + 1):
        if tokens[stop : stop + 1] in (["time"], ["occasion"]) and (number > 1 or tokens[start] != "a"):
            yield stop + 1, number
