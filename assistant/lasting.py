"""English for "in every frame": the whole time, throughout the video, always, from start to end.

Such words become one word of ours, `@always`, in questions that nothing else reads.
"""

from __future__ import annotations

import re

from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.programs import ChoosePart, Exists
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
_SEEN = "(visible|seen|shown|present|in view|in sight|there|on screen|in shot)"


def lasting(tokens: list[str]) -> list[str]:
    """The words of a question, with one word for those that ask for all of the time.

    >>> " ".join(lasting("is the dog on the bench from start to finish".split()))
    'is the dog on the bench @always'
    """
    if not _DENIED.isdisjoint(tokens):
        return tokens
    return _LASTING.sub(ALWAYS, " ".join(tokens), count=1).split()


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


_LEFT_RIGHT: tuple[Part, ...] = ("left half", "right half")
_TOP_BOTTOM: tuple[Part, ...] = ("top half", "bottom half")
_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (lambda event: Always(event), (f"<asked:event> {ALWAYS}", f"<event> {ALWAYS}", f"{ALWAYS} <asked:event>")),
    (
        _of_one,
        (
            f"$BE <phrase> {ALWAYS} <being>",
            f"$DO <phrase> {ALWAYS} <done:being>",
            f"(has|have) <phrase> {ALWAYS} been <being>",
        ),
    ),
    (
        lambda thing: Always(Seen(thing)),
        (
            f"$BE <thing> {ALWAYS} {_SEEN}",
            f"$BE <thing> {_SEEN} {ALWAYS}",
            f"$BE there <thing> {ALWAYS}",
            f"$BE there {ALWAYS} <thing>",
            f"$DO <thing> (stay|remain|keep) {_SEEN} {ALWAYS}",
            f"$DO <thing> {ALWAYS} (stay|remain|keep) {_SEEN}",
            f"(can|do|could) (you|we|one|i) see <thing> {ALWAYS}",
            f"(can|do|could) (you|we|one|i) {ALWAYS} see <thing>",
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
