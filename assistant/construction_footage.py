"""The constructions of English in which people who work with footage ask: time codes, screen time, the second bout."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from assistant.construction_programs import Builds, asked_of_subject, changed_around, nth_time, with_nodes
from assistant.constructions import constructions
from assistant.programs import AllOf, Holds, HowLong, MoreBy, Not, When, Which
from assistant.pronouns import Pronoun
from assistant.sayings import Predication
from assistant.slots_timed import says_more
from assistant.steps import Event, Nodes, Question, Superlative, Window
from assistant.timed_programs import (
    Allen,
    AllenRelation,
    Changed,
    During,
    First,
    Happens,
    Longest,
    Occurrence,
    Seen,
    TimeBetween,
    While,
)

_GET = (
    "((give|tell|list|get|show|find|provide|need|note|note down|write down|log|report|send|mark|what is|what are|what "
    "were|what was|i need|i want|we need) (me|us)?)?"
)
_CODES = (
    "(timestamps|timestamp|time stamps|time stamp|time code|time codes|timecode|timecodes|in and out points|in and "
    "out times|start and end times|start and stop times|begin and end times|beginning and end times)"
)
_EACH = (
    "((every|each|any|all|all the|the) (stretch|stretches|moment|moments|time|times|bout|"
    "bouts|part|parts|interval|intervals|spell|spells|occasion))?"
)
_WHEN = "(of|for|when|where|at which|during which|in which|that)?"
_COME = "(come into view|come into sight|appear|show up|enter view|turn up|come in|enter|become visible|come on)"
_LEAVE = "(disappear|vanish|leave view|leave|exit view|exit|go out of view|go out of sight|go away|drop out of view)"
_VISIBLE = "(visible|seen|shown|present|in view|in sight|there|to be seen|on display|on screen)"
_WHICH = "(which|who|what|which one|which of them|which of the two|which of these)"
_SCREEN_TIME = "(screen time|time on screen|airtime|air time|camera time|time in view|time on camera)"
_GETS = "(gets|has|receives|got|had|received|enjoys|enjoyed|is given|was given|takes up)"
_LONGEST = "((for)? (the)? (longest|most time) (time|period|stretch|of all)?|(for)? the longest)"
_SHORTEST = "((for)? (the)? (shortest|least time) (time|period|stretch|of all)?|(for)? the shortest)"
_STOPS = "(stops|stopped|finishes|finished|quits|quit|ceases|ceased|is done|was done)"
_LASTLY = "(last|later|latest|last of all|after the other)"
_GOING = "(keep at it|keep it up|keep going|keep doing it|keep doing so|go on|continue|last|do it|do so|carry on)"
_WHAT = "(what|which things|what things)"
_CHANGES = "($CHANGES|was different|were different|has become different|became different|looks different)"
_THAN = "(compared to|compared with|in comparison to|in comparison with|from|than|relative to|versus|as opposed to)"
_ABOUT = "(about|for|with|in|around|to|regarding|concerning)"
_DEEDS = "(actions|activities|deeds|things|doings)"
_TOGETHER = "(at the (very)? same (time|instant|moment|second|frame|point)|together|simultaneously|in the same frame)"
_SOONER = "(sooner|earlier|first|before the other|before the latter|before the former)"
_LATER = "(later|last|after the other|after the former|after the latter)"
_FORMER = "(with|and|but|while)? the (former|first|first one|first of them|first event) (having|has|had|will have)?"
_LATTER = "(with|and|but|while)? the (latter|second|second one|second of them|second event|other) (having|has|had)?"
_SPENT = "(spends|spent|spend|takes|took)"


def _nth_seen(thing: Nodes, nth: int) -> Question | None:
    return None if says_more(thing) else nth_time(Seen(thing), nth)


def _how_long_nth(event: Event, nth: int) -> Question:
    """How long does something last the second time?"""
    return During(HowLong(event), Occurrence(event, nth))


def _how_long_nth_of(act: Event, nth: int, thing: Nodes) -> Question:
    return _how_long_nth(with_nodes(thing, act), nth)


def _both(event: Event, one: Window, other: Window) -> Question:
    """Is something so at two moments?"""
    return AllOf((During(event, one), During(event, other)))


def _but_not(event: Event, one: Window, other: Window) -> Question:
    """Is something so at one moment, and not at the other?"""
    return AllOf((During(event, one), Not(During(event, other))))


def _of_a_kind(least: bool) -> Builds:
    return lambda kind: Which(Superlative(kind, "frames seen", least))


def _seen(least: bool) -> Builds:
    return lambda one, other: Longest((Seen(one), Seen(other)), least)


def _seen_longer(one: Nodes, other: Nodes) -> Question | None:
    """By how much is one thing in view longer than another?"""
    return None if says_more(one) or says_more(other) else MoreBy(HowLong(Seen(one)), HowLong(Seen(other)))


def _spends_more(one: Nodes, being: Predication, other: Nodes, also: Predication | None = None) -> Question | None:
    """By how much does the time one spends on something exceed the time another does?"""
    first = asked_of_subject(one, being)
    second = asked_of_subject(other, being if also is None else also)
    if not isinstance(first, Event) or not isinstance(second, Event):
        return None
    if isinstance(first, Holds) and isinstance(second, Holds) and isinstance(second.objects, Pronoun):
        same = first.predicate == second.predicate  # "kicking the ball ... kicking it"
        second = replace(second, objects=first.objects) if same else second
    return MoreBy(HowLong(first), HowLong(second))


def _spent(thing: Nodes, being: Predication) -> Question | None:
    event = asked_of_subject(thing, being)
    return HowLong(event) if isinstance(event, Event) else None


def _last_to(one: Nodes, other: Nodes, said: Predication) -> Question | None:
    """Who stops doing something last?"""
    events = asked_of_subject(one, said), asked_of_subject(other, said)
    return First(events, True) if all(isinstance(event, Event) for event in events) else None  # type: ignore[arg-type]


def _seen_in_order(last: bool) -> Builds:
    return lambda one, other: First((Seen(one), Seen(other)), last)


def _wait(thing: Nodes, one: Event, other: Event) -> Question:
    """How long does the dog wait between one thing and another?"""
    return TimeBetween(with_nodes(thing, one), with_nodes(thing, other))


def _timed() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    yield (
        lambda event: When(event),
        (f"{_GET} (all)? (the)? (exact)? {_CODES} {_WHEN} {_EACH} {_WHEN} <interval:event>",),
    )
    yield (
        nth_time,
        (f"{_GET} (the)? (exact)? {_CODES} {_WHEN} <nth> {_WHEN} <shown:event>",),
    )
    yield (
        _nth_seen,
        (f"when $DO <thing> {_COME} <nth>", "when $BE <nth> (that|when)? <thing> $BE " + _VISIBLE),
    )
    yield (
        _how_long_nth,
        (
            "$HOW_LONG <asked:event> <nth>",
            f"how long $DO <nth> {_WHEN} <interval:event> (last|take|go on|continue)",
            f"how long $BE <nth> {_WHEN} <interval:event>",
            f"$HOW_LONG (does|did) it (last|take|go on|continue|keep going) <nth> {_WHEN} <interval:event>",
            f"(in|on)? <nth> {_WHEN} <interval:event> $HOW_LONG (does|did) (it|that|this) (last|take|go on|continue)",
        ),
    )
    yield (
        _how_long_nth_of,
        (
            f"(in|on)? <nth> {_WHEN} <act> $HOW_LONG $DO <thing> {_GOING}",
            f"$HOW_LONG $DO <thing> {_GOING} (in|on)? <nth> {_WHEN} <act>",
        ),
    )


def _lengths() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    proper = "(the)? (total|overall|whole|exact|full|combined)? (duration|time|amount of time|length of time)"
    yield (
        _spent,
        (f"{proper} (that|which|during which|for which)? <thing> ({_SPENT} (on|with)?|$BE) <being>",),
    )
    yield lambda event: HowLong(event), (f"{proper} (of|when|while|during which|for which|that) <interval:event>",)
    yield (
        lambda thing, being, also: _spends_more(thing, being, thing, also),
        ("by how (much|many seconds|many frames) $DO <thing> spend longer <being> than <being:also>",),
    )
    yield (
        _spends_more,
        (
            f"by how (many seconds|much|much time) $DO the (total)? time (that)? <thing:one> {_SPENT} <being> exceed "
            f"(the (total)? time (that)? <thing:other> {_SPENT} <being:also>|that of <thing:other>)",
            f"by how (many seconds|much) $BE the (total)? time (that)? <thing:one> {_SPENT} <being> (longer|greater|"
            f"more) than (the (total)? time (that)? <thing:other> {_SPENT} <being:also>|that of <thing:other>)",
        ),
    )
    yield (
        _seen_longer,
        (
            f"by how (many seconds|much|much time|many frames) $BE <thing:one> {_VISIBLE} (for)? longer than "
            "<thing:other> ($BE)?",
            f"how (many seconds|much|much time|many frames) longer $BE <thing:one> {_VISIBLE} (for)? than "
            "<thing:other> ($BE)?",
            f"how much more {_SCREEN_TIME} $DO <thing:one> (get|have|receive) than <thing:other> ($DO)?",
        ),
    )
    for more, least in (("(more|most|the most|the more)", False), ("(less|least|the least|the less)", True)):
        yield (
            _seen(least),
            (
                f"{_WHICH} {_GETS} {more} {_SCREEN_TIME} <thing:one> or <thing:other>",
                f"(which|who) of <thing:one> (and|or) <thing:other> {_GETS} {more} {_SCREEN_TIME}",
                f"$DO <thing:one> or <thing:other> (get|have|receive) {more} {_SCREEN_TIME}",
            ),
        )
        yield _of_a_kind(least), (f"(which|what) <kind> {_GETS} {more} {_SCREEN_TIME}",)
    for longest, least in ((_LONGEST, False), (_SHORTEST, True)):
        yield (
            _of_a_kind(least),
            (
                f"(which|what) <kind> $BE {_VISIBLE} {longest}",
                f"(which|what) <kind> (stays|stayed|remains|remained|can be) {_VISIBLE} {longest}",
            ),
        )


def _orders() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    yield (
        _last_to,
        (
            f"{_WHICH} {_STOPS} (with)? <being:said> {_LASTLY} <thing:one> or <thing:other>",
            f"(which|who) of <thing:one> (and|or) <thing:other> {_STOPS} (with)? <being:said> {_LASTLY}",
            f"{_WHICH} $BE (the)? (very)? last (one)? to (stop|finish|quit|cease) <being:said> <thing:one> or "
            "<thing:other>",
            f"$DO <thing:one> or <thing:other> (stop|finish|quit) <being:said> {_LASTLY}",
        ),
    )
    for word, verbs, last in (("first", _COME, False), ("last", _LEAVE, True)):
        yield (
            _seen_in_order(last),
            (
                f"(which|who) of <thing:one> (and|or) <thing:other> $BE (the)? (very)? {word} (one|to be seen)? to "
                f"{verbs}",
                f"(between|of|out of) <thing:one> and <thing:other> {_WHICH} $BE (the)? {word} (one)? to {verbs}",
            ),
        )
    yield (
        lambda thing: Happens(thing),
        (
            f"(put|order|sort|arrange|describe|list|line up|place|bring) (all)? (of)? (the)? {_DEEDS} (of|by) <thing> "
            "(into|in) (the)? (right|correct|chronological|temporal|time)? (order|sequence)",
            f"(put|order|sort|arrange|list|line up|place) (all)? (of)? (the)? {_DEEDS} (that|which)? <thing> (does|did"
            "|do) (into|in) (the)? (right|correct|chronological|temporal|time)? (order|sequence)",
            f"(what|which) $BE the (chronological)? (order|sequence) of (the)? {_DEEDS} (that|which)? <thing> (did|does"
            "|do|performed|performs)",
        ),
    )
    yield (
        _wait,
        (
            "$HOW_LONG $DO <thing> (wait|pause|rest|take|need|let pass|wait around) between <act:one> and <act:other>",
            "(how long|what|how big) $BE <thing> 's (gap|pause|break|wait) between <act:one> and <act:other>",
        ),
    )
    yield (
        changed_around,
        (
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> (after|once|when) <event> {_THAN} before (it|that|then|this)?",
            f"how $BE <thing> different (after|once) <event> {_THAN} before (it|that|then|this)?",
        ),
    )
    yield (
        lambda first, second: Changed(first, second),
        (
            f"{_WHAT} {_CHANGES} <stretch:second> {_THAN} <stretch:first>",
            "(what|which) $BE (the)? (difference|differences) between <stretch:first> and <stretch:second>",
            "(compare|contrast) <stretch:first> (with|and|to|against) <stretch:second>",
            "how $DO <stretch:second> differ from <stretch:first>",
        ),
    )


def _moments() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    yield (
        _both,
        (
            "<asked:event> (both)? <point:one> and <point:other>",
            "<asked:event> (both)? <point:one> and (also|again|still) <point:other>",
            "both <point:one> and <point:other> <asked:event>",
        ),
    )
    yield (
        _but_not,
        (
            "<asked:event> <point:one> but (not|no longer|not any more|not anymore|no more) (any more|any longer)? "
            "<point:other>",
            "<asked:event> <point:one> (and|yet) (not|no longer) <point:other>",
            "<asked:event> <point:one> (only)? and not <point:other>",
        ),
    )


def _edges() -> Iterator[tuple[Builds, tuple[str, ...]]]:
    """Do two events begin at the same instant, the first ending sooner?"""
    verbs = {
        "start": ("(start|begin)", "(ending|stopping|finishing|ends|stops|finishes|ended|stopped|over|finished|end)"),
        "stop": (
            "(stop|end|finish)",
            "(starting|beginning|starts|begins|started|begun|began|begin|start)",
        ),
    }
    named: tuple[tuple[str, str, str, AllenRelation], ...] = (
        ("start", _SOONER, _LATER, "starts"),
        ("start", _LATER, _SOONER, "started by"),
        ("stop", _LATER, _SOONER, "finishes"),
        ("stop", _SOONER, _LATER, "finished by"),
    )
    for shared, former, latter, relation in named:
        verb, other_verb = verbs[shared]
        pair = f"$DO <interval:one> and <interval:other> (both)? {verb} {_TOGETHER}"
        yield (
            lambda one, other, relation=relation: Allen(one, relation, other),
            (f"{pair} {_FORMER} {other_verb} {former}", f"{pair} {_LATTER} {other_verb} {latter}"),
        )
    yield (
        lambda one, other: During(one, While(other)),
        (
            f"$BE <doing:one> and <doing:other> {_TOGETHER}",
            f"$DO <interval:one> and <interval:other> (both)? (happen|occur|take place|go on) {_TOGETHER}",
        ),
    )
    same = (
        "(exactly|precisely)? the (very|exact)? same (time span|span|interval|period|stretch|stretch of time|"
        "time|frames|seconds|time frame|time period)"
    )
    yield (
        lambda one, other: Allen(one, "equals", other),
        (
            f"$DO <interval:one> and <interval:other> (both)? (cover|occupy|span|fill|take up|share|have) {same}",
            f"$DO <interval:one> (cover|occupy|span|fill|take up) {same} as <interval:other>",
        ),
    )


FOOTAGE = constructions((*_timed(), *_lengths(), *_orders(), *_moments(), *_edges()))
"""Tried in no order: every reading counts."""
