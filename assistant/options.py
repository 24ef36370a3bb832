"""Multiple choice: the question and its options, in the typographies that people and benchmarks use."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_OPTIONS = 26

_MARK = re.compile(
    r"(?:^|(?<=[\s,;?:.|/]))(?:\(\s*([A-Za-z]|\d{1,2})\s*\)|\[([A-Za-z]|\d{1,2})\]|([A-Za-z]|\d{1,2})\s*[).:=]"
    r"|([A-Z])\s+[-–—](?=\s)|(ii|iii|iv|v|vi|vii|viii)\s*[).:]|\((ii|iii|iv|v|vi|vii|viii)\))(?=\s|\S)"
)
_LISTED = re.compile(
    r"(?:^|(?<=[\s.?!;:]))(?:options?|choices|answers?|possible answers|alternatives|candidates|choose (?:one "
    r")?(?:from|of|"
    r"between|among)|select (?:one )?(?:from|of)|pick (?:one )?(?:from|of)|(?:choose|select|pick) one)(?: are)?"
    r"(?: the following)?\s*[:=]\s*|(?<=[.?!;] )(?:choose|select|pick) (?:one )?(?:from|of|between|among)\s+(?!the )",
    re.IGNORECASE,
)
_BETWEEN, _LAST_AND = re.compile(r"\b(?:between|among)\b", re.IGNORECASE), re.compile(r",? and (?!.* and )")
_NAMED = re.compile(
    r"^\W*((?:please )?(?:pick|choose|select|mark|tick) the (?:correct|right|best|matching|proper) [^:]+):\s*([^:?]+)$",
    re.IGNORECASE,
)
"""Pick the right colour of the cup: red, green, blue."""
_INSTRUCTION = re.compile(
    r"(?:^|(?<=[\s.?!;]))(?:(?:please |now )?(?:answer|respond|reply|choose|select|pick|give|write|output|"
    r"return)\b[^?\n]*"
    r"(?:option|letter|choice|answer|word|phrase|directly|above|below|following|correct|best)[^?\n]*"
    r"|if (?:all|none|no)\b[^\n]*(?:answer|option|choice)[^\n]*)$",
    re.IGNORECASE,
)
_BARE_STEM = re.compile(r"\b(?:options?|choices|answers?)\s*[:=]?\s*$", re.IGNORECASE)


@dataclass(frozen=True)
class Choice:
    """A question and the options that it leaves."""

    stem: str
    options: tuple[str, ...]


def choice(text: str) -> Choice | None:
    """The question and its options; None where a text has no options.

    >>> choice("Who rides? (A) the man (B) a dog")
    Choice(stem='Who rides?', options=('the man', 'a dog'))
    >>> choice("What colour is it? Options: red, blue or green.").options
    ('red', 'blue', 'green')
    """
    plain = "\n".join(line for part in text.splitlines() if (line := _INSTRUCTION.sub("", part).strip()))
    plain = plain or text  # "Choose the correct number of kites. A. 1 B. 3"
    for marks in _sequences(list(_MARK.finditer(plain))):
        stem = _BARE_STEM.sub("", plain[: marks[0].start()]).strip()
        ends = [mark.start() for mark in marks[1:]] + [len(plain)]
        options = tuple(_cleaned(plain[mark.end() : end]) for mark, end in zip(marks, ends, strict=True))
        if stem and all(options):
            return Choice(stem, options)
    listed = _LISTED.search(plain)
    if listed is not None and plain[: listed.start()].strip():
        said = plain[listed.end() :]
        said = _LAST_AND.sub(" or ", said) if _BETWEEN.search(listed.group()) else said
        options = tuple(filter(None, map(_cleaned, _listed(said))))
        if 2 <= len(options) <= MAX_OPTIONS:
            return Choice(plain[: listed.start()].strip(), options)
    named = _NAMED.match(plain)
    if named is not None:
        options = tuple(filter(None, map(_cleaned, _listed(named[2]))))
        if 2 <= len(options) <= MAX_OPTIONS:
            return Choice(named[1], options)
    return None


def _sequences(marks: list[re.Match[str]]) -> Iterator[list[re.Match[str]]]:
    """Runs of marks A, B, C or 1, 2, 3 in one typography, the longest possible ones."""
    for at, first in enumerate(marks):
        if _label(first) not in ("a", "1", "i"):
            continue
        run = [first]
        roman = _label(first) == "i"
        for mark in marks[at + 1 :]:
            place = _ROMAN.index(_label(mark)) if roman and _label(mark) in _ROMAN else _place(mark)
            if _style(mark) == _style(first) and place == len(run):
                run.append(mark)
        if 2 <= len(run) <= MAX_OPTIONS:
            yield run


_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii")


def _label(mark: re.Match[str]) -> str:
    return next(group for group in mark.groups() if group is not None).lower()


def _place(mark: re.Match[str]) -> int:
    label = _label(mark)
    if len(label) > 1 and label in _ROMAN:
        return _ROMAN.index(label)
    return int(label) - 1 if label.isdecimal() else ord(label) - ord("a")


def _style(mark: re.Match[str]) -> tuple[bool, ...]:
    """Brackets and the sign after the mark; letters or digits."""
    text = mark.group().strip()
    return (text[0] in "([", text[-1] in ").]", text[-1] in ":=", _label(mark).isdecimal())


def _cleaned(option: str) -> str:
    return (
        " ".join(option.split()).strip(" ,;|/").removesuffix(".").removesuffix(" or").removesuffix(" and").strip(" ,;.")
    )


def _listed(text: str) -> list[str]:
    """Options separated by commas, slashes, bars, semicolons or lines; the last may follow "or"."""
    sign = next((sign for sign in ("\n", ";", "|", "/", ",") if sign in text.strip(" .")), None)
    parts = text.strip(" .").split(sign) if sign else [text]
    return [piece for part in parts for piece in re.split(r"(?:^|\s)or\s", part)]
