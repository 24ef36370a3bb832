"""The constructions of English that ask when, how long and how often something is shown, and what a frame shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from assistant.construction_programs import Builds, asked_of_subject, nth_time
from assistant.constructions import constructions
from assistant.lasting import seen_always
from assistant.programs import Count, Holds, HowLong, HowOften, IsPlaced, Summarise, When, Which
from assistant.sayings import Phrase, Predication, there_is
from assistant.slots_timed import says_more
from assistant.steps import Event, Nodes, Question, The, Window
from assistant.timed_programs import Always, During, Edge, Happens, Seen

_VIDEO = "((of|in) (the|this)? (video|clip|footage|recording|film|movie|sequence))?"
_FIND = (
    "($TELL|locate|retrieve|mark|provide|indicate|highlight|extract|pick out|point out|get|return|(what|which) $BE)"
    " (me|us)? (all)?"
)
_NOUN = (
    "(the|all|every|each|any)? (exact|precise|start and end|beginning and end|time|video)? (moment|moments|time|times|"
    "timestamp|timestamps|instant|instants|point|points|second|seconds|frame|frames|interval|intervals|period|periods|"
    "segment|segments|section|sections|part|parts|portion|portions|stretch|stretches|span|spans|clip|clips|shot|shots|"
    "passage|passages|scene|scenes|occasion|occasions)"
)
_SHOW = (
    "(show|shows|showed|contain|contains|contained|feature|features|depict|depicts|have|has|include|includes|display|"
    "displays|capture|captures)"
)
_SHOWING = "(showing|with|containing|featuring|depicting|of|for|including|displaying)"
_VIEWER = "(do|does|can|did|could) (we|you|i|one|people|anyone)"
_SEE = "(see|watch|observe|notice|spot|witness)"
_PROPER = "(total|overall|whole|exact|full)?"
_LENGTH = "(duration|length|time|screen time|amount of time|time span|running time)"
_HOW_OFTEN = "(how often|how many times|on how many occasions|how frequently)"
_VISIBLE = "(visible|seen|shown|present|in view|in sight|there|to be seen|on display)"
_COME = "(come into view|come into sight|appear|show up|enter view|turn up|come in|enter|become visible)"
_LEAVE = "(disappear|vanish|leave view|exit view|go out of view|go out of sight|leave|exit|go away)"
_FILM = "(the|this) (video|clip|footage|recording|film|movie|sequence)"
_ALWAYS = "(always|constantly|continuously|continually|permanently|all the time|at all times|invariably)"
_AT = "(that|when|at which|on which|in which|where|for which|during which)?"
_THING = "(thing|event|action|activity|deed)"
_LAST: dict[Literal["first", "last"], str] = {
    "first": "(first|very first|next|initial|earliest|opening)",
    "last": "(last|final|very last|closing|latest)",
}


def _until(thing: Nodes, being: Predication) -> Question | None:
    event = asked_of_subject(thing, being)
    return nth_time(event, -1) if isinstance(event, Event) else None


def _always(thing: Nodes, being: Predication) -> Question | None:
    event = asked_of_subject(thing, being)
    if isinstance(event, Holds | IsPlaced) and isinstance(thing, The) and thing.plural:
        event = replace(event, every=True)  # "are the dogs always on the grass": each of them
    return Always(event) if isinstance(event, Event) else None


def _at(which: Literal["start", "end"]) -> Builds:
    """Does the video begin with something that happens, or that is there?"""

    def build(event: Event | None = None, phrase: Phrase | None = None) -> Question | None:
        question = Summarise() if event is None and phrase is None else _event_or_thing(event, phrase)
        return None if question is None else During(question, Edge(which))

    return build


def _event_or_thing(event: Event | None, phrase: Phrase | None) -> Question | None:
    if event is not None or phrase is None:
        return event
    return None if says_more(phrase.nodes) else there_is(phrase)


def _shows(moment: Window, event: Event | None = None, phrase: Phrase | None = None) -> Question | None:
    """Does a frame show something that happens, or that is there?"""
    question = _event_or_thing(event, phrase)
    return None if question is None else During(question, moment)


def _happens(which: Literal["first", "last"]) -> Builds:
    return lambda thing=None: Happens(which=which) if thing is None else Happens(thing, which)


def _first_things(which: Literal["first", "last"]) -> tuple[str, ...]:
    word = _LAST[which]
    return (
        f"what $BE the {word} {_THING} (to happen|to occur|to take place|happening|that happens|that happened|that "
        "occurs|that occurred|that takes place|in $VIDEO|of $VIDEO|shown|to be seen|recorded)?",
        f"(what|which) {_THING} (happens|happened|occurs|occurred|takes place|comes|came) {word}",
        f"what (comes|came) {word}",
    )


def _first_deeds(which: Literal["first", "last"]) -> tuple[str, ...]:
    word = _LAST[which]
    return (
        f"what $BE <thing> 's {word} {_THING}",
        f"what $BE the {word} {_THING} (of|by|performed by|done by|carried out by) <thing>",
        f"what $BE the {word} {_THING} (that|which)? <thing> (does|did|do|performs|performed|is doing|was doing)",
        f"(which|what) {_THING} $DO <thing> (perform|do|carry out|start with) {word}",
        f"what $BE the {word} {_THING} <thing> (is|was) (doing|seen doing)",
        f"what $BE the {word} {_THING} for <thing> to do",
        f"what $BE the {word} {_THING} (that happens|that happened|to happen|happening|done|that occurs) to <thing>",
    )


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda shown: When(shown),
        (
            f"(which|what) {_NOUN} {_VIDEO} {_SHOW} <shown>",
            f"{_FIND} {_NOUN} {_VIDEO} (that|which) {_SHOW} <shown>",
            f"{_FIND} {_NOUN} {_VIDEO} {_SHOWING} <shown>",
            f"{_FIND} {_NOUN} {_VIDEO} (when|where|in which|at which|during which) <shown> $BE {_VISIBLE}",
            f"when {_VIEWER} {_SEE} <shown>",
            f"when $DO {_FILM} (show|contain|feature|depict|include) <shown>",
            f"(in|at|during) (which|what) {_NOUN} {_VIEWER} {_SEE} <shown>",
        ),
    ),
    (
        lambda shown: HowLong(shown),
        (
            f"how many (seconds|frames|minutes) {_VIDEO} {_SHOW} <shown>",
            f"$HOW_LONG {_VIEWER} {_SEE} <shown>",
            "how much (of (the|this)? (video|clip|footage|time|recording|film))? (shows|contains|features) <shown>",
            "(what|which) $BE the (total)? (screen time|time on screen) of <shown>",
            "how much screen time $DO <shown> (have|get)",
        ),
    ),
    (
        lambda event: HowLong(event),
        (
            "how much (of the)? time <asked:event>",
            "for how much (of the)? time <asked:event>",
            "how long $DO <interval:event> (last|take|go on|continue|persist)",
            "how long $BE <span:event>",
            f"(what|which) $BE the {_PROPER} {_LENGTH} (of|for|during which|for which|that|in which|of time that|of "
            "time for which)? <interval:event>",
            f"$TELL (me|us)? the {_PROPER} {_LENGTH} (of|for which|during which|that)? <interval:event>",
            "how (much time|many seconds|many frames) (passes|pass|elapse|elapses|go by|goes by) (while|during|as) "
            "<interval:event>",
            "what (total)? (time|duration|length of time) $DO <interval:event> (take|last|cover|have)",
        ),
    ),
    (
        lambda thing, being: HowLong(event) if (event := asked_of_subject(thing, being)) is not None else None,  # type: ignore[arg-type]
        (
            f"(what|which) $BE the {_PROPER} {_LENGTH} (of time)? (that|which)? <thing> (spends|spent|spend|takes) "
            "(on|with)? <being>",
        ),
    ),
    (
        lambda thing: HowOften(Seen(thing)),
        (
            f"{_HOW_OFTEN} $DO <thing> {_COME}",
            f"{_HOW_OFTEN} $BE <thing> {_VISIBLE}",
            f"{_HOW_OFTEN} (do|can|did|could) (we|you|i|one) {_SEE} <thing>",
        ),
    ),
    (
        lambda event: HowOften(event),
        (
            f"{_HOW_OFTEN} (does|did) it happen that <event>",
            "(what is|count|tell me|give|state)? (the)? (number|count) of (separate|different)? (times|occasions) "
            "(that|when|on which)? <event>",
            "how many (separate|different|distinct)? (times|occasions|instances|episodes|intervals|stretches) (of|"
            "are there of|are there when|are there where|are there in which|are there that|are there on which) "
            "<interval:event>",
            f"{_HOW_OFTEN} {_VIEWER} {_SEE} <event>",
        ),
    ),
    (
        nth_time,
        (
            f"{_FIND} ({_NOUN} {_VIDEO} (of|for|at|when|at which))? <nth> {_AT} (we see|you see)? <shown:event>",
            f"when $BE <nth> {_AT} (we see|you see|one sees)? <shown:event>",
            f"when $DO <nth> {_AT} <event> (happen|occur|take place|start|begin)",
        ),
    ),
    (
        lambda shown: nth_time(shown, 1),
        (
            f"{_FIND} the (very)? (first|earliest|opening) {_NOUN} {_VIDEO} (that|which) {_SHOW} <shown>",
            f"{_FIND} the (very)? (first|earliest) {_NOUN} {_VIDEO} {_SHOWING} <shown>",
            f"{_FIND} the (very)? (first|earliest) {_NOUN} {_VIDEO} {_AT} <interval:shown>",
            f"(which|what) $BE the (very)? (first|earliest) {_NOUN} (to show|to contain|with) <shown>",
            "(since|from) (when|what time|which time|which moment) (on)? <asked:shown>",
        ),
    ),
    (
        lambda shown: nth_time(shown, -1),
        (
            f"{_FIND} the (very)? (last|final|latest) {_NOUN} {_VIDEO} (that|which) {_SHOW} <shown>",
            f"{_FIND} the (very)? (last|final|latest) {_NOUN} {_VIDEO} {_SHOWING} <shown>",
            f"{_FIND} the (very)? (last|final|latest) {_NOUN} {_VIDEO} {_AT} <interval:shown>",
        ),
    ),
    (
        lambda thing: nth_time(Seen(thing), 1),
        (
            f"when $DO <thing> (first)? {_COME} (for the first time|first)?",
            f"(since|from) when (on)? $BE <thing> {_VISIBLE}",
            f"when {_VIEWER} {_SEE} <thing> for the first time",
            "when $DO <thing> make (its|his|her|their) first appearance",
        ),
    ),
    (
        lambda thing: nth_time(Seen(thing), -1),
        (
            f"when $DO <thing> (finally|last)? {_LEAVE} (for the last time|last|for good)?",
            f"(until|till|up to|up until) when (is|was|are|were|can|does|did) <thing> (be|stay|remain)? {_VISIBLE}",
            f"when $BE <thing> no longer {_VISIBLE}",
            f"when {_VIEWER} {_SEE} <thing> for the last time",
            "when $DO <thing> make (its|his|her|their) (last|final) appearance",
        ),
    ),
    (
        _until,
        (
            "when $BE <thing> (done|finished|through) (with)? <being>",
            "when $BE <thing> no longer <being>",
            "when (has|have|had) <thing> (stopped|finished|ceased) <being>",
        ),
    ),
    (
        _always,
        (
            f"$BE <thing> {_ALWAYS} <being>",
            f"$BE <thing> <being> {_ALWAYS}",
            f"$DO <thing> {_ALWAYS} <done:being>",
            f"$DO <thing> <done:being> {_ALWAYS}",
            f"$DO <thing> (keep|keep on|stay|remain|continue|go on) <being> {_ALWAYS}",
        ),
    ),
    (
        lambda phrase: None if says_more(phrase.nodes) else seen_always(phrase),
        (
            f"$BE <phrase> {_ALWAYS} {_VISIBLE}",
            f"$BE <phrase> {_VISIBLE} {_ALWAYS}",
            f"$DO <phrase> (stay|remain) {_VISIBLE} {_ALWAYS}",
            f"(do|can|did|could) (we|you|i|one) {_SEE} <phrase> {_ALWAYS}",
            f"can <phrase> be seen {_ALWAYS}",
            "$BE <phrase> (there)? (all the time|throughout)",
        ),
    ),
    (_at("start"), (f"$DO {_FILM} (begin|start|open|commence) (with|on|by showing) (<event>|<phrase>)",)),
    (_at("end"), (f"$DO {_FILM} (end|finish|close|conclude|stop) (with|on|by showing) (<event>|<phrase>)",)),
    (_at("start"), (f"(what|with what) $DO {_FILM} (begin|start|open|commence) (with|on)?",)),
    (_at("end"), (f"(what|with what) $DO {_FILM} (end|finish|close|conclude) (with|on)?",)),
    (
        _shows,
        (f"$DO <moment> {_SHOW} (<event>|<phrase>)", "$BE <event> (shown|seen|visible|to be seen) (in|at) <moment>"),
    ),
    (
        lambda moment, plural: During(Count(plural), moment),
        (
            f"how many <plural> $DO <moment> {_SHOW}",
            "how many <plural> (can|do) (be|you|we|i) (see|seen) (in|at) <moment>",
        ),
    ),
    (lambda plural: During(Count(plural), Edge("start")), (f"how many <plural> $DO {_FILM} (start|begin|open) with",)),
    (lambda plural: During(Count(plural), Edge("end")), (f"how many <plural> $DO {_FILM} (end|finish|close) with",)),
    (
        lambda moment: During(Summarise(), moment),
        (f"what (things)? $DO <moment> {_SHOW}", "(describe|summarise|summarize) <moment>"),
    ),
    (lambda moment, kind: During(Which(kind), moment), (f"(which|what) <kind> $DO <moment> {_SHOW}",)),
    (_happens("first"), _first_things("first")),
    (_happens("last"), _first_things("last")),
    (
        _happens("first"),
        (*_first_deeds("first"), "what $DO <thing> (start|begin|start out|start off|begin) (with|by doing)"),
    ),
    (
        _happens("last"),
        (
            *_first_deeds("last"),
            "what $DO <thing> (end|end up|finish|finish up|end off) (with|doing|by doing)",
            "what $DO <thing> do (lastly|at last|last of all)",
        ),
    ),
)

SHOWN = constructions(_FORMS)
"""Tried in no order: every reading counts."""
