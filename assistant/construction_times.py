"""The constructions of English that ask about time: until when, how long after, who was the first to."""

from __future__ import annotations

from assistant.construction_changes import CHANGES
from assistant.construction_differences import DIFFERENCES
from assistant.construction_footage import FOOTAGE
from assistant.construction_intervals import INTERVALS
from assistant.construction_order import ORDER
from assistant.construction_programs import (
    Builds,
    and_then,
    done_first,
    first_of,
    last_time,
    order,
    time_between,
    time_until,
)
from assistant.construction_shown import SHOWN
from assistant.constructions import constructions
from assistant.programs import HowLong, HowOften, When
from assistant.timed_programs import Allen, Changed, During, Edge, First, Longest, Occurrence, Seen, TimeBetween

_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda thing: During(When(Seen(thing)), Occurrence(Seen(thing), 1)),
        (
            "when (do|can|did|does|could) (we|you|i|one|people) first (see|notice|spot) <thing>",
            "when $BE <thing> first (visible|seen|shown|in view|in sight)",
            "when $DO <thing> (first)? (come|comes) into (view|sight)",
        ),
    ),
    (
        lambda thing: During(When(Seen(thing)), Occurrence(Seen(thing), -1)),
        (
            "when (do|can|did|does|could) (we|you|i|one|people) last (see|notice|spot) <thing>",
            "when $BE <thing> last (visible|seen|shown|in view|in sight)",
            "when $DO <thing> (disappear|vanish|leave the picture|go out of view|go out of sight)",
        ),
    ),
    (
        lambda: Changed(Edge("start"), Edge("end")),
        (
            "how $BE (the)? end different (from|to|than) (the)? (start|beginning)",
            "how $DO (the)? end differ from (the)? (start|beginning)",
            "how $DO (the)? (start|beginning) and (the)? end differ",
            "how $DO (the)? (scene|things|everything|it) (change|differ) (from)? (the)? (start|beginning) to "
            "(the)? end",
            "what $BE different (at|in) the end (from|than|compared to|compared with) (at)? (the)? (start|beginning)",
            "(what|which) (changes|changed|differences) $BE there (between|from) (the)? (start|beginning) (and|to) "
            "(the)? end",
        ),
    ),
    (
        lambda thing, gap, one, other: First((gap.held_by(thing, one), gap.held_by(thing, other))),
        (
            "$BE <thing> <verb_ing:gap> <thing:one> or <thing:other> (first|earlier)",
            "$DO <thing> <verb:gap> <thing:one> or <thing:other> (first|earlier)",
        ),
    ),
    (
        lambda event: During(When(event), Occurrence(event, 1)),
        ("(what|when|which) $BE the (very)? first (time|moment|occasion) (that|when|at which|on which)? <event>",),
    ),
    (
        lambda event: During(When(event), Occurrence(event, -1)),
        ("(what|when|which) $BE the (very)? last (time|moment|occasion) (that|when|at which|on which)? <event>",),
    ),
    (
        lambda one, other: TimeBetween(one, other),
        (
            "(how long|how big|what) $BE the (time)? (gap|pause|interval|break|delay|time|wait) (in time)? between "
            "<event:one> and <event:other>",
        ),
    ),
    (
        time_between,
        (
            "$LONG after <act:other> <asked:one>",
            "$LONG after <event:other> <asked:one>",
        ),
    ),
    (
        time_until,
        ("$LONG before <act:other> <asked:one>",),
    ),
    (
        lambda thing, gap: First((gap.held_by(thing),)),
        (
            "(what|who|whom|which) $DO <thing> <verb:gap> (first|first of all|initially)",
            "(what|who|whom|which) $DO <thing> first <verb:gap>",
            "what $BE the (very)? first (thing|object) (that|which)? <thing> <verb_past:gap>",
        ),
    ),
    (
        lambda thing, gap: First((gap.held_by(thing),), True),
        (
            "(what|who|whom|which) $DO <thing> <verb:gap> (last|last of all|finally)",
            "(what|who|whom|which) $DO <thing> last <verb:gap>",
            "what $BE the (very)? last (thing|object) (that|which)? <thing> <verb_past:gap>",
        ),
    ),
    (
        lambda thing, gap, kind: First((gap.held_by(thing, kind),)),
        (
            "(which|what) <kind> $DO <thing> <verb:gap> (first|first of all)",
            "(what|which) $BE the (very)? first <kind> (that|which)? <thing> <verb_past:gap>",
        ),
    ),
    (
        lambda thing, gap, kind: First((gap.held_by(thing, kind),), True),
        (
            "(which|what) <kind> $DO <thing> <verb:gap> (last|last of all)",
            "(what|which) $BE the (very)? last <kind> (that|which)? <thing> <verb_past:gap>",
        ),
    ),
    (
        lambda does: First((does,)),
        (
            "who <does_by_people:does> (first|first of all)",
            "who (first|is first to|was first to) <does_by_people:does>",
        ),
    ),
    (
        lambda does: First((does,), True),
        ("who <does_by_people:does> (last|last of all)", "who last <does_by_people:does>"),
    ),
    (
        last_time,
        ("(until when|till when|up to when|up until when|until what time) <asked:event>",),
    ),
    (
        When,
        ("(on what|on which|at what|at which) (occasions|occasion|times|moments|points) <asked:event>",),
    ),
    (
        HowLong,
        ("(for|during) (what|which) (share|part|fraction|portion|percentage|proportion) (of $VIDEO)? <asked:event>",),
    ),
    (
        HowOften,
        (
            "<asked:event> (more than once|once or more|several times|repeatedly|more than one time|twice)",
            "(how many|what number of) (separate|different|distinct)? (times|occasions) <asked:event>",
            "(how often|how many times|on how many occasions) $DO <starting:event>",
            "(how often|how many times|on how many occasions) $DO <ending:event>",
        ),
    ),
    (
        lambda one, other: Allen(one, "meets", other),
        (
            "$DO <ending:one> (just|exactly|right)? (as|when|at the moment|the moment|at the same time as|the same "
            "time as) <starting:other>",
        ),
    ),
    (
        lambda first, second: Changed(first, second),
        (
            "(what|which things|which relations) $CHANGES (between|from) <moment:first> (and|to|until) <moment:second>",
            "how $DO <moment:second> differ from <moment:first>",
            "how $BE <moment:second> different from <moment:first>",
            "(what|how) $BE (the)? (difference|differences|different) between <moment:first> and <moment:second>",
            "how $DO <moment:first> and <moment:second> differ",
        ),
    ),
    (
        lambda first, second, thing: Changed(first, second, thing),
        (
            "(what|which things|which relations) $CHANGES (about|for|with|in|around) <thing> (between|from) "
            "<moment:first> (and|to|until) <moment:second>",
            "how (do|does|did|has|have) <thing> (change|changed) (between|from) <moment:first> (and|to|until) "
            "<moment:second>",
        ),
    ),
    (
        lambda thing, gap, one, other: Longest((gap.held_by(thing, one), gap.held_by(thing, other))),
        (
            "(which|what|who|whom) (one)? $DO <thing> <verb:gap> (for)? (the)? (longer|longest) (time)? <thing:one> or "
            "<thing:other>",
            "$DO <thing> <verb:gap> <thing:one> or <thing:other> (for)? (the)? (longer|longest) (time)?",
        ),
    ),
    (
        lambda one, other: First((Seen(one), Seen(other))),
        (
            "(which|what|who) (one)? $APPEARS (first|earlier|sooner) <thing:one> or <thing:other>",
            "$DO <thing:one> or <thing:other> (come into view|come into sight|appear|show up) (first|earlier|sooner)",
            "$DO <thing:one> (come into view|come into sight|appear|show up) before <thing:other> ($DO)?",
        ),
    ),
    (
        lambda one, other: First((Seen(one), Seen(other)), True),
        ("(which|what|who) (one)? $VANISHES (last|later) <thing:one> or <thing:other>",),
    ),
    (
        and_then,
        ("$DO <thing> <done:one> and then <done:other>", "$BE <thing> <being:one> and then <being:other>"),
    ),
    (
        lambda kind: First((Seen(kind),)),
        (
            "(which|what) <kind> $APPEARS (first|first of all)",
            "(which|what) <kind> $BE (the)? first to (appear|be seen|come into view|show up)",
        ),
    ),
    (
        done_first,
        (
            "(which|what) $DO <thing> (do|start to do) first <done:one> or <done:other>",
            "(which|what) $DO <thing> (do|start to do|start doing) first <being:one> or <being:other>",
            "(which|what) $BE <thing> doing first <being:one> or <being:other>",
            "$DO <thing> first <done:one> or <done:other>",
        ),
    ),
    (
        lambda thing, gap: Longest((gap.held_by(thing),)),
        (
            "(what|who|whom) $DO <thing> <verb:gap> (for)? (the)? longest (time)?",
            "(what|who|whom) $BE <thing> <verb_ing:gap> (for)? (the)? longest (time)?",
        ),
    ),
    (
        lambda does: Longest((does,)),
        (
            "(who|which person) <does_by_people:does> (for)? (the)? longest (time)?",
            "(who|which person) (spends|spent) (the)? (most|longest) time <being_by_people:does>",
        ),
    ),
    (
        first_of(last=False),
        ("who $BE the (very)? first (one|person)? to <done_by_people:done>",),
    ),
    (
        first_of(last=True),
        ("who $BE the (very)? last (one|person)? to <done_by_people:done>",),
    ),
    (
        order,
        (
            "<asked:one> before or after <event:other>",
            "<asked:one> before or after <act:other>",
            "<asked:one> before <event:other> or after (it|that)?",
        ),
    ),
)

TIMED = (*constructions(_FORMS), *ORDER, *INTERVALS, *CHANGES, *DIFFERENCES, *SHOWN, *FOOTAGE)
"""Tried in no order: every reading counts."""
