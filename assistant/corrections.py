"""What somebody takes back in the middle of a question: "the dog, no wait, the cat"."""

import re

from assistant.patterns import COLOUR, NO_GERUND, NUMBER, VALUE
from assistant.text import normalise

_SORRY = (
    r"(?:no(?: no)*|no wait|wait|wait no|sorry|i am sorry|no sorry|sorry no|oops|whoops|ah|oh|er|uh|um|actually"
    r"|hang on"
    r"|hold on|scratch that|strike that|correction|my (?:mistake|bad)|pardon|excuse me|forget that|make that|well"
    r"|not that|let me (?:rephrase|correct)(?: that| myself)?|that is|rather)"
)
_MEANT = (
    r"(?:(?:what )?i (?:really |actually |of course )?(?:mean|meant)(?: to (?:say|ask|write|type))?(?: was"
    r"| is)?|or rather|make that|or better|i should say|i wanted to say)"
)
_REPAIR = re.compile(
    rf"(?:,| -|\.\.+|…|;) ?(?:{_SORRY}[,.;]? )*(?:{_MEANT}|or rather|{_SORRY})(?:,| -|:|;|\.+|…)? (?=\w)"
)
"""The sign that what stands before is taken back: ", no wait, I mean "."""
_WEAK = re.compile(r"^\W*(?:no|well|ah|oh|er|uh|um|actually|that is|not that)\W*$")
"""Words that say so only where what follows is of the same kind as what stands before."""
_DETERMINED = re.compile(r"\b(?:the|a|an|that|this|those|these|any|some) (?!one\b|ones\b)[\w' -]+$")
_RESTARTS = re.compile(
    r"^(?:what|who|whom|which|where|when|how many|how much|how|is there|are there|is (?:the|a|an|any)|are (?:the|any)"
    r"|does the|do the|did the|has the|can you|could you|show me|list|count|tell me)\b"
)
_BACK = re.compile(r"\b(?:it|its|he|she|they|them|him|his|her|their|one|ones|that|those|these|this)\b(?! \w+ing\b)")
_AGAIN = re.compile(
    r"(on|in|under|behind|beside|next to|in front of|near|above|below|with|to the|all|every|both|any|some|most"
    r"|each) \w"
)
_DOING = re.compile(rf"\b(?!{NO_GERUND}\b)\w+ing\b")
_VERBAL = re.compile(r"(\w+ing(?: at)?)$")
_LINKED = re.compile(
    r"\b(?:the|a|an|that|this) \w+(?: \w+)? (?:(?:that|who|which) .*|with|on|in|under|behind|beside|near|by|of"
    r"|next to|above"
    r"|below|in front of|(?:to the )?(?:left|right) of|holding|wearing|carrying) $"
)
"""A noun phrase that another one belongs to: which of them is taken back nobody can tell."""
_SAME_KIND = (
    re.compile(rf"\b({COLOUR})$"),
    re.compile(rf"\b({NUMBER})$"),
    re.compile(r"\b(left|right|top|bottom|above|below|behind|beside|under|on|in)$"),
    re.compile(
        r"\b(biggest|smallest|largest|tallest|leftmost|rightmost|bigger|smaller|taller|shorter|wider|narrower)$"
    ),
)
_ASKED_BEFORE = re.compile(r"\b(?:what|who|whom|which|where|when|how|is|are|was|were|do|does|did|has|have|can)\b")
_KINDS = re.compile(r"\b(how many|which|all|most|more|fewer|no) ((?:\w+ ){0,1}\w+)$")
_ADJECTIVE = re.compile(rf"^(?:{VALUE}|big|small|large|tall|little|tiny)\b")


def repaired(text: str) -> str | None:
    """A question with what was taken back replaced by what was meant, None where nothing is taken back.

    Args:
        text: the question.

    >>> repaired("What colour is the dog, no wait, I mean the cat?")
    'what colour is the cat?'
    """
    plain = normalise(text)
    found = _REPAIR.search(plain)
    if found is None:
        return None
    before, after = plain[: found.start()], plain[found.end() :]
    weak = _WEAK.match(found.group()) is not None
    if _RESTARTS.match(after) and not weak:
        return None if _BACK.search(after) else after
    if not before:
        return None
    for kind in _SAME_KIND:
        taken, meant = kind.search(before), re.match(kind.pattern.removesuffix("$") + r"\b", after)
        if taken is not None and meant is not None:
            return before[: taken.start()] + _joined(after)
    verb = _VERBAL.search(before)
    if verb is not None and re.match(r"\w+ing\b", after):
        return before[: verb.start()] + _joined(after)
    if weak and not re.match(r"(?:the|a|an|that|this) ", after):
        return _retraced(before, after)
    return _retraced(before, after) or _renamed(before, after)


def _retraced(before: str, after: str) -> str | None:
    """With what follows in the place of what began with the same word: "on the sofa, no, on the bench"."""
    again = _AGAIN.match(after)
    at = -1 if again is None else max((found.start() for found in re.finditer(rf"\b{again[1]}\b", before)), default=-1)
    doing = list(_DOING.finditer(before))
    if at < 0 and len(doing) == 1 and _DOING.match(after):
        at = doing[0].start()
    return before[:at] + _joined(after) if at >= 0 else None


def _renamed(before: str, after: str) -> str | None:
    """With the last thing named before replaced by the one named behind; None where it may be another."""
    if re.match(r"(?:the|a|an|that|this) ", after):
        named = _DETERMINED.search(before)
        start = max((found.start() for found in re.finditer(r"\b(?:the|a|an|that|this) ", before)), default=-1)
        if named is None or start < 0:
            return None
        asks = re.match(r"(?:what|who|which|where|how)\b", before) is not None
        several = len(re.findall(r"\b(?:the|a|an) ", before)) > 1
        if _LINKED.search(before[:start]) or (asks and several):
            return None
        return before[:start] + (_joined(after) if _ASKED_BEFORE.search(before[:start]) else after)
    counted = _KINDS.search(before)
    if counted is None or (" " in counted[2] and _ADJECTIVE.match(counted[2]) and not _ADJECTIVE.match(after)):
        return None
    return before[: counted.start(2)] + _joined(after)


def _joined(after: str) -> str:
    """What follows, without the comma that ends what was meant."""
    return after.replace(",", "", 1) if "," in after and " or " not in after else after
