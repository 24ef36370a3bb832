"""English for "in every frame": the whole time, throughout the video, always, from start to end.

Such words become one word of ours, `@always`, in questions that nothing else reads.
"""

from __future__ import annotations

import re

from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.framing import without_tail
from assistant.programs import AllOf, ChoosePart, Exists
from assistant.sayings import Phrase, Predication, ask
from assistant.spots import LEFT_OR_RIGHT, SIDE, TOP_OR_BOTTOM
from assistant.steps import Event, Find, Moved, Part, Question, The
from assistant.timed_programs import Always, Seen

ALWAYS = "@always"
_WHOLE = r"(?:whole|entire|full|complete)"
_VIDEO = r"(?:video|clip|footage|film|movie|recording|sequence|time|duration|length)"
_OF_VIDEO = rf"(?: of (?:the|this|that) {_VIDEO})?"
_LASTING = re.compile(
    r"\b(?:"
    rf"(?:for |during |over |throughout |in |through )?(?:the|this|its) {_WHOLE} {_VIDEO}{_OF_VIDEO}"
    rf"|throughout(?: (?:the|this|that) {_VIDEO}|(?! (?:the|this|that)\b))|for the {_VIDEO} 's (?:duration|length)"
    rf"|(?:for|during|over|through) all of (?:the|this|that) {_VIDEO}"
    rf"|all (?:the|of the) time|all along|all the while|at all times|at any given time|at every (?:moment|time|point)"
    rf"|(?:in|during|at) (?:every|each)(?: single)? (?:frame|moment|second|instant){_OF_VIDEO}"
    rf"|in all(?: of)?(?: the)? frames{_OF_VIDEO}"
    rf"|from (?:the )?(?:very )?(?:start|beginning|first frame)(?: of (?:the|this) {_VIDEO})? "
    rf"(?:to|till|until|through to) (?:the )?(?:very )?(?:end|finish|last frame|last){_OF_VIDEO}"
    r"|without (?:a |any )?(?:break|pause|interruption|interruptions|stopping|ceasing)"
    r"|always|constantly|continuously|continually|permanently|nonstop|non stop|uninterruptedly"
    r")(?= |$)"
)
_DENIED = frozenset({"not", "never", "no", "nobody", "nothing", "none", "nor"})
"""What is not always so may be so at times: that is another question."""
_ASKS = frozenset({"is", "are", "was", "were", "has", "have", "does", "do", "did"})
_SIGHT = r"(?:picture|image|shot|frame|view|sight|screen|camera|scene|video|clip|footage|film)"
_SEEN = "(visible|seen|shown|present|in view|in sight|there|on screen|in shot)"


_UNENDING = re.compile(
    r"\b(?:has |have )?never (?:once )?(?:stop|stops|stopped|cease|ceases|ceased|quit|quits) "
    r"(?P<act>(?:to )?\w+ing\b.*)"
    r"|\b(?:has |have )?never (?:once )?(?P<gone>(?:leaves?|left|exits?|exited|disappears?|disappeared|vanish(?:es|ed)?"
    rf"|(?:goes|go|went|gone|drops?|dropped) out of|leaving)(?: from)?(?: (?:the |this )?{_SIGHT})?)"
    rf"|\b(?P<out>never (?:once )?(?:out of|outside|off|gone from|absent from)(?: (?:the |this )?{_SIGHT}))"
)


def lasting(tokens: list[str]) -> list[str]:
    """The words of a question, with one word for those that ask for all of the time.

    >>> " ".join(lasting("is the dog on the bench from start to finish".split()))
    'is the dog on the bench @always'
    >>> " ".join(lasting("the dog never stops chasing the cat does it".split()))
    'the dog keep chasing the cat @always'
    """
    body = without_tail(tokens)
    if body[1:2] == ["not"] and body[0] in _ASKS:  # "wasn't it there all the time"
        body = [body[0], *body[2:]]
    text = _UNENDING.sub(_unending, " ".join(body))
    if ALWAYS in text:
        return text.split()
    if not _DENIED.isdisjoint(body):
        return tokens
    said = _LASTING.sub(ALWAYS, text, count=1).split()
    return said if ALWAYS in said else tokens


def _unending(found: re.Match[str]) -> str:
    """Never stops chasing it: keeps chasing it; never leaves the picture, is never out of it: is seen."""
    if found["act"] is not None:
        return f"keep {found['act']} {ALWAYS}"
    return f"{'remain ' if found['gone'] is not None else ''}visible {ALWAYS}"


def lasts(question: Question) -> Question | None:
    """What a claim says of all of the time; None where no program asks that.

    >>> from assistant.programs import Exists
    >>> from assistant.steps import Find
    >>> lasts(Exists(Find(("dog",)))).line
    'always(seen(find(dog)))'
    """
    if isinstance(question, Exists):
        still = isinstance(question.nodes, Moved) and question.nodes.still
        return question if still else Always(Seen(question.nodes)) if isinstance(question.nodes, Find | The) else None
    return Always(question) if isinstance(question, Event) else None


def _of_one(phrase: Phrase, being: Predication) -> Question | None:
    """Is something said of a subject true in every frame?"""
    question = ask(phrase, being)
    return Always(question) if isinstance(question, Event) else None


def seen_always(phrase: Phrase) -> Question | None:
    """Is something seen in every frame; of "all dogs", is each of them?"""
    if phrase.none or phrase.most or (phrase.number is not None and not phrase.definite):
        return None
    return Always(Seen(The(phrase.nodes, True) if phrase.universal else phrase.reference))


_LEFT_RIGHT: tuple[Part, ...] = ("left half", "right half")
_TOP_BOTTOM: tuple[Part, ...] = ("top half", "bottom half")
_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda event: Always(event),
        (f"<asked:event> {ALWAYS}", f"<event> {ALWAYS}", f"{ALWAYS} <asked:event>", f"{ALWAYS} <event>"),
    ),
    (
        _of_one,
        (
            f"$BE <phrase> {ALWAYS} <being>",
            f"$DO <phrase> {ALWAYS} <done:being>",
            f"(has|have) <phrase> {ALWAYS} been <being>",
            f"(has|have) <phrase> been <being> {ALWAYS}",
            f"$DO <phrase> spend {ALWAYS} <being>",
            f"<phrase> $BE {ALWAYS} <being>",
            f"<phrase> (has|have) {ALWAYS} been <being>",
            f"<phrase> {ALWAYS} <does:being>",
        ),
    ),
    (
        seen_always,
        (
            f"$BE <phrase> {ALWAYS} {_SEEN}",
            f"$BE <phrase> {_SEEN} {ALWAYS}",
            f"$BE there <phrase> {ALWAYS}",
            f"$BE there {ALWAYS} <phrase>",
            f"<phrase> $BE {ALWAYS} {_SEEN}",
            f"<phrase> {ALWAYS} (stays|remains|stayed|remained) {_SEEN}",
            f"$DO <phrase> (stay|remain|keep) {_SEEN} {ALWAYS}",
            f"$DO <phrase> {ALWAYS} (stay|remain|keep) {_SEEN}",
            f"(can|do|could) (you|we|one|i) see <phrase> {ALWAYS}",
            f"(can|do|could) (you|we|one|i) {ALWAYS} see <phrase>",
            f"{ALWAYS} <phrase> $BE {_SEEN}",
            f"$DO $VIDEO (show|contain|have) <phrase> {ALWAYS}",
        ),
    ),
    (
        lambda one, other: AllOf((Always(Seen(one)), Always(Seen(other)))),
        (
            f"$BE <thing:one> and <thing:other> (both)? {_SEEN} {ALWAYS}",
            f"$BE <thing:one> and <thing:other> (both)? {ALWAYS} {_SEEN}",
            f"$DO <thing:one> and <thing:other> (both)? (stay|remain|keep) {_SEEN} {ALWAYS}",
        ),
    ),
    (
        lambda thing: ChoosePart(thing, _LEFT_RIGHT),
        (
            f"$BE <thing> {LEFT_OR_RIGHT}",
            f"(where|{SIDE}) $BE <thing> (on)? {LEFT_OR_RIGHT}",
            f"{SIDE} $BE <thing> (on|at|in)?",
        ),
    ),
    (
        lambda thing: ChoosePart(thing, _TOP_BOTTOM),
        (f"$BE <thing> {TOP_OR_BOTTOM}", f"where $BE <thing> {TOP_OR_BOTTOM}"),
    ),
)

LASTING = constructions(_FORMS)
"""Tried in no order: every reading counts."""
