"""The constructions of English that ask how two events lie to each other in time, and how long it is between them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from assistant.construction_programs import Builds, asked_of_subject, with_nodes, with_subject
from assistant.constructions import constructions
from assistant.paraphrases_times import COINCIDING
from assistant.sayings import Predication
from assistant.steps import Event, Nodes, Question
from assistant.timed_programs import Allen, AllenOf, AllenRelation, TimeBetween

_SENSE = (
    "((in|by|under|using|with|following) (allen 's|allen|allens|the) (sense|terms|meaning|algebra|interval algebra|"
    "interval terms|terminology|definition|sense of allen))"
)
_VERBS: dict[AllenRelation, str] = {
    "before": "(precede|come before|happen before|occur before|take place before|lie before|end before|finish before)",
    "after": "(come after|happen after|occur after|take place after|lie after|succeed|start after|begin after)",
    "during": "(happen during|occur during|take place during|lie during|lie within|fall within|lie inside|fall inside|"
    "happen within|occur within|take place within|fall during)",
}
"""What only an event does."""
_SPAN_VERBS: dict[AllenRelation, str] = {
    **_VERBS,
    "after": f"({_VERBS['after'][1:-1]}|follow)",
    "meets": "(meet|abut|run into|touch)",
    "overlaps": "(overlap|overlap with|partly overlap)",
    "starts": "(start)",
    "finishes": "(finish)",
    "contains": "(contain|include|enclose|encompass|span|cover)",
    "equals": "(equal|match|coincide with)",
}
"""What the interval of an event does."""
_SPAN_STATES: dict[AllenRelation, str] = {
    "before": "(before|earlier than|prior to)",
    "after": "(after|later than)",
    "during": "(during|within|contained in|contained by|inside|included in)",
    "met by": "(met by)",
    "overlapped by": "(overlapped by)",
    "started by": "(started by)",
    "finished by": "(finished by)",
    "equals": "(equal to|equal with|the same as|identical to|identical with)",
}
"""How the interval of an event is."""
_FULLY = "(entirely|completely|wholly|fully|partly|strictly|properly)?"
_NOUN = "(relation|relationship|relations|interval relation|order|ordering|position)"
_KIND = "(temporal|time|allen|allens|allen 's|allen interval|interval|chronological|allen temporal)"
_HOLDS = "(holds|hold|exists|exist|obtains|obtain|is there|connects|links|relates|ties|applies|describes|joins|is|are)"
_IN_TIME = "(in time|temporally|in terms of time|on the timeline|chronologically|in allen 's terms)"
_RELATIVE = "(to|relative to|with respect to|in relation to|compared to|compared with|with regard to)"
_TO_EACH_OTHER = (
    "((relative|in relation|with respect|with regard|compared|in comparison)? (to|with) (each other|one another|the "
    "other))"
)
_LIE = "(relate|lie|stand|compare|related|ordered|placed|positioned|arranged|situated|located)"
_OF_BOTH = "(the)? (intervals|times|spans|periods|time spans) of"
_ORDERS = (
    "(before during or after|before while or after|before or during or after|before after or during|before after or "
    "while|during before or after|before or after or during|before or after or while)"
)
_HOW_LONG = "(how long|how many seconds|how much time|how many frames|how soon|what length of time|how many secs)"
_PASS = (
    "((is|was) (it|there)|(does|did) it take|(do|does|did) (we|one|you|i) (have to)? wait|passes|passed|pass|elapses|"
    "elapse|elapsed|goes by|go by|went by|lies|lie|lay|have passed|has passed|are there|were there|is)?"
)


def _gap(over: Event, begun: Event) -> Question | None:
    whole = with_subject(over, begun)
    if whole is not None:
        return TimeBetween(over, whole)
    earlier = with_subject(begun, over)
    return None if earlier is None else TimeBetween(earlier, begun)


def _gap_of(thing: Nodes, after: Event, before: Event) -> Question | None:
    """How long does the dog wait after doing one thing before doing another?"""
    first, second = with_nodes(thing, after), with_nodes(thing, before)
    return TimeBetween(first, second)


def _gap_to(thing: Nodes, after: Event, done: Predication) -> Question | None:
    """How long does it take the dog to do something after another thing?"""
    second = asked_of_subject(thing, done)
    return TimeBetween(with_nodes(thing, after), second) if isinstance(second, Event) else None


def _coinciding(one: Nodes, first: Predication, other: Nodes, second: Predication) -> Question | None:
    """Does one thing do something over exactly the same frames as another does something?"""
    events = asked_of_subject(one, first), asked_of_subject(other, second)
    return Allen(events[0], "equals", events[1]) if all(isinstance(each, Event) for each in events) else None  # type: ignore[arg-type]


def _relations() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    for relation in get_args(AllenRelation):
        forms = []
        if relation in _VERBS:
            forms.append(f"$DO <interval:one> {_FULLY} {_VERBS[relation]} <interval:other>")
        if relation in _SPAN_VERBS:
            verb = f"{_FULLY} {_SPAN_VERBS[relation]}"
            forms += [f"$DO <span:one> {verb} <interval:other>", f"{_SENSE} $DO <interval:one> {verb} <interval:other>"]
            forms += [f"$DO <interval:one> {verb} <interval:other> ({_SENSE}|{_IN_TIME})"]
            forms += [f"$DO <bare:one> {verb} <interval:other>"]
        if relation in _SPAN_STATES:
            state = f"{_FULLY} {_SPAN_STATES[relation]}"
            forms += [
                f"$BE <span:one> {state} <interval:other>",
                f"{_SENSE} $BE <interval:one> {state} <interval:other>",
            ]
            forms += [f"$BE <interval:one> {state} <interval:other> ({_SENSE}|{_IN_TIME})"]
            forms += [f"$BE <bare:one> {state} <interval:other>"] if relation.endswith(" by") else []
        yield (lambda one, other, relation=relation: Allen(one, relation, other)), tuple(forms)


_JUST = "(just|exactly|right|precisely|only)?"
_AT_ONCE = (
    "(as|when|at the moment|the moment|at the same time as|the same time as|at the very moment|at the instant|the "
    "instant|at the same moment as|while|at the very moment when|at the moment when|at the moment that|"
    "as soon as|right when|the very moment|the very instant)"
)
_CROSSING = "(overlap|overlap with|partly overlap|partly overlap with)"
_TURNS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda one, other: Allen(one, "before", other),
        (
            "$DO <ending:one> before <starting:other>",
            "$BE <interval:one> over before <begun:other>",
            "$BE <interval:one> (done|finished) before <begun:other>",
        ),
    ),
    (
        lambda one, other: Allen(one, "after", other),
        ("$DO <starting:one> (only)? (after|once) <ending:other>",),
    ),
    (
        lambda one, other: Allen(one, "meets", other),
        (
            f"$DO <ending:one> {_JUST} {_AT_ONCE} <starting:other>",
            f"$DO <interval:one> (end|stop|finish) {_JUST} {_AT_ONCE} <interval:other> (begins|starts|began|started)",
        ),
    ),
    (
        lambda one, other: Allen(one, "met by", other),
        (
            f"$DO <starting:one> {_JUST} {_AT_ONCE} <ending:other>",
            f"$DO <interval:one> (begin|start) {_JUST} {_AT_ONCE} <interval:other> (ends|stops|finishes|ended|stopped)",
        ),
    ),
    (
        lambda one, other: Allen(one, "overlaps", other),
        (f"$DO <acting:one> {_CROSSING} <acting:other>",),
    ),
    (
        lambda one, other: Allen(one, "overlapped by", other),
        ("$BE <acting:one> overlapped by <acting:other>",),
    ),
    (
        lambda one, other: Allen(one, "during", other),
        (f"$DO <acting:one> {_FULLY} (lie|fall) (within|inside|during) <acting:other>",),
    ),
    (
        lambda one, other: Allen(one, "equals", other),
        (
            "$DO <interval:one> and <interval:other> (both)? (start|begin) and (end|stop|finish) (at the same "
            "time|together|simultaneously|at the same moment|at the same moments)",
            f"$DO {_OF_BOTH} <interval:one> and <interval:other> (coincide|match|agree)",
            f"$BE {_OF_BOTH} <interval:one> and <interval:other> (equal|identical|the same)",
            "$DO <interval:one> and <interval:other> (coincide|coincide in time|fully coincide)",
            f"$DO <interval:one> and <interval:other> (happen|occur|take place|go on|last) {COINCIDING}",
        ),
    ),
    (
        lambda one, other: None if (whole := other.beside(one)) is None else Allen(one, "equals", whole),
        (f"<lasting:one> {COINCIDING} <another:other>",),
    ),
    (
        _coinciding,
        (
            f"$DO <thing:one> <done:first> and <thing:other> <done:second> {COINCIDING}",
            f"$BE <thing:one> <being:first> and <thing:other> <being:second> {COINCIDING}",
        ),
    ),
    (
        lambda one, other: AllenOf(one, other),
        (
            f"(what|which) $BE the {_KIND} {_NOUN} (that)? {_HOLDS}? (between|of|from) <interval:one> (and|to|with) "
            "<interval:other>",
            f"(what|which) $BE the {_NOUN} {_IN_TIME} (between|of) <interval:one> (and|to|with) <interval:other>",
            f"(what|which) (of)? {_KIND} {_NOUN} {_HOLDS} (between|for)? <interval:one> (and|to|with) <interval:other>",
            f"$TELL (me|us)? the {_KIND} {_NOUN} (that holds|holding)? (between|of) <interval:one> (and|to|with) "
            "<interval:other>",
            f"how $DO <interval:one> (relate|lie|stand) {_IN_TIME} {_RELATIVE} <interval:other>",
            f"how $DO <interval:one> (relate|lie|stand) {_RELATIVE} <interval:other> {_IN_TIME}",
            f"how $DO <span:one> (relate|lie|stand) {_RELATIVE} <interval:other>",
            f"how $BE <interval:one> (related|placed|positioned|situated|located|ordered) {_IN_TIME} {_RELATIVE} "
            "<interval:other>",
            f"how $BE <interval:one> (related|placed|positioned|situated|located|ordered) {_RELATIVE} <interval:other> "
            f"{_IN_TIME}",
            f"how ($DO|$BE) {_OF_BOTH} <interval:one> and <interval:other> {_LIE} ({_TO_EACH_OTHER})? ({_IN_TIME})?",
            f"how ($DO|$BE) <interval:one> and <interval:other> {_LIE} ({_TO_EACH_OTHER})? {_IN_TIME}",
            f"how ($DO|$BE) <interval:one> and <interval:other> {_LIE} {_IN_TIME} {_TO_EACH_OTHER}",
            f"{_IN_TIME} how ($DO|$BE) <interval:one> and <interval:other> {_LIE} {_TO_EACH_OTHER}",
            f"{_IN_TIME} how ($DO|$BE) <interval:one> {_LIE} {_RELATIVE} <interval:other>",
            f"in (what|which) {_KIND} {_NOUN} $DO <interval:one> (stand|lie) to <interval:other>",
            f"in (what|which) {_KIND} {_NOUN} (do|did|are|were) <interval:one> and <interval:other> (stand|lie)?",
            f"(when|where {_IN_TIME}) <asked:one> {_RELATIVE} <interval:other>",
            f"<asked:one> {_ORDERS} <interval:other>",
        ),
    ),
)
_GAPS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        _gap,
        (
            f"{_HOW_LONG} {_PASS} (after|from|since|between|from when|from the moment|between when) <over> "
            "(until|till|before|to|and|up to|and when|until when) <begun>",
            f"(after|once|when|as soon as|from when) <over> {_HOW_LONG} {_PASS} (until|till|before|to|up to) <begun>",
            f"{_HOW_LONG} (after|since) <over> <begins:begun>",
            f"(after|once) <over> (how soon|{_HOW_LONG} later) <begins:begun>",
            f"{_HOW_LONG} later (than)? <over> <begins:begun>",
            "how (much|many seconds) later than <over> <begins:begun>",
            f"(how (much|many seconds)|{_HOW_LONG}) later <begins:begun> (after|than) <over>",
            "(how long|how big|what) $BE the (time|temporal)? (gap|pause|interval|break|delay|time|wait|time span) (in "
            "time)? (between|from) <over> (and|to|until) <begun>",
            "(how long|how big|what) $BE the (gap|pause|break|delay) between <acting:over> and <acting:begun>",
            f"{_HOW_LONG} before <begun> <begins:over>",
        ),
    ),
    (
        _gap_of,
        (f"{_HOW_LONG} $DO <thing> (wait|need|take|pause|rest) after <act:after> (before|until|to) <act:before>",),
    ),
    (
        _gap_to,
        (
            f"after <act:after> {_HOW_LONG} (does|did) it take <thing> to <done>",
            f"{_HOW_LONG} (does|did) it take <thing> to <done> after <act:after>",
            f"{_HOW_LONG} (does|did) it take <thing> to <done> (after|once) <event:after>",
            f"after <act:after> {_HOW_LONG} $DO <thing> (take|need|wait) to <done>",
            f"{_HOW_LONG} $DO <thing> (take|need|wait) to <done> after <act:after>",
        ),
    ),
)


INTERVALS = constructions((*_relations(), *_TURNS, *_GAPS))
"""Tried in no order: every reading counts."""
