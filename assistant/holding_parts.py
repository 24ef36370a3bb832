"""Parts of the picture that are asked what they hold: does the top left corner contain a bike, what does it show.

They are put as the place where something lies, as they are read everywhere else.
"""

import re
from collections.abc import Callable

_PICTURE = r"(?:picture|image|photo|photograph|frame|scene|shot|pic|snapshot|screen|view)"
_EDGE, _SIDE = r"(?:top|upper|bottom|lower)", r"(?:left|right|top|upper|bottom|lower|middle|centre|center)"
_PIECE = r"(?:corner|half|quarter|quadrant|third|part|side|section|area|region|portion)"
_PART = (
    rf"the (?:very |far )?(?P<part>(?:{_EDGE} )?{_SIDE}(?: hand| most)? {_PIECE}|{_EDGE} (?:left|right)|middle|centre"
    rf"|center|{_SIDE}(?: hand)?(?= of ))(?: (?:of|in) (?:the|this|that) (?P<picture>{_PICTURE}))?"
)
_HOLD = r"(?:contain|show|have|include|hold|feature|depict|display|picture|portray)"
_WHETHER = re.compile(rf"^(?:does|do|did) {_PART} {_HOLD} (?P<held>.+?)(?: in it)?$")
_WHAT = re.compile(rf"^(?P<asked>what|who|which .+?|how many .+?) (?:does|do|did) {_PART} {_HOLD}$")
HOLDS = "@holds"
"""Our word for a place that is asked whether it holds what is named behind it."""


def holding(text: str, reaches: Callable[[str], bool]) -> str:
    """A question what a part of the picture holds, as one that asks where something lies.

    Args:
        text: the words of the question.
        reaches: whether a word names a category of the vocabulary: then it is no picture that is asked about.

    >>> holding("does the top left corner of the image contain a bike", lambda word: False)
    '@holds in the top left corner of the image a bike'
    >>> holding("what does the lower half show", lambda word: False)
    'what is in the lower half of the picture'
    """
    found = _WHETHER.match(text) or _WHAT.match(text)
    if found is None or (found["picture"] is not None and reaches(found["picture"])):
        return text
    said = found.groupdict()
    place = f"in the {said['part']} of the {said['picture'] or 'picture'}"
    held, asked = said.get("held"), said.get("asked")
    return f"{HOLDS} {place} {held}" if held else f"{asked} {'is' if asked in ('what', 'who') else 'are'} {place}"
