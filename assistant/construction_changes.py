"""The constructions of English that ask what changed between two moments, or how many more there are at one of them."""

from __future__ import annotations

from assistant.construction_programs import Builds, changed_around
from assistant.constructions import constructions
from assistant.programs import Count, MoreBy
from assistant.sayings import Predication
from assistant.steps import Event, Nodes, Question, Window
from assistant.timed_programs import After, Before, Changed, During, Edge

_WHAT = "(what|which things|which relations|which objects|what things)"
_CHANGES = (
    "($CHANGES|has been changed|was changed|is changed|is changing|was changing|(is|are|was|were) not the same|has "
    "become different|became different|had changed|had been changed)"
)
_SCENE = "(the|this)? (scene|picture|video|things|situation|everything|state of things|image|it|clip|world)"
_COMPARE = "(compare|comparing|contrast|contrasting|when comparing|when you compare|if you compare|if we compare)"
_WITH = "(and|with|to|against|from|versus)"
_THAN = (
    "(compared to|compared with|in comparison to|in comparison with|from|than|relative to|versus|as opposed to|against|"
    "with respect to|in relation to)"
)
_AT = "(at|in|on|by|during)?"
_UNTIL = "(at|in|on|by|by the time of|as of|before|until|up to)"
"""Before a moment that is named last: "by frame 9" says the same as "before frame 9", where something has changed."""
_ABOUT = "(about|for|with|in|around|to|regarding|concerning|of)"
_DIFFERENCES = "(what|which) $BE (the|there)? (difference|differences|changes|change) (there)?"
_ASKED = f"(({_WHAT} {_CHANGES}|how (do|did|does) (they|it|things) (differ|change)|{_DIFFERENCES}))?"
_BEFORE_AFTER = "(between)? before and after <event>"
_WHEN = "(when|after|once|as|as soon as|as a result of|because of|following|by the time)"
_OVER = "((over|in|during|throughout|across|over the course of|in the course of) ($VIDEO|time)|over time)?"
_COUNT = "(there|visible|shown|seen|present|in view|to be seen|in sight)?"


def _around(event: Event) -> Question:
    return Changed(Before(event), After(event))


def _more(first: Window, second: Window, set: Nodes, being: Predication | None = None) -> Question:
    """How many more there are in the first stretch of time than in the second."""
    nodes = set if being is None else being.narrow(set)
    return MoreBy(During(Count(nodes), first), During(Count(nodes), second))


def _more_before(event: Event, set: Nodes, being: Predication | None = None) -> Question:
    return _more(Before(event), After(event), set, being)


def _more_after(event: Event, set: Nodes, being: Predication | None = None) -> Question:
    return _more(After(event), Before(event), set, being)


def _counted(more: str, first: str, second: str) -> tuple[str, ...]:
    """How many more cups are there at the end than at the start?"""
    return (
        f"how many {more} <set> $BE {_COUNT} <point:{first}> than <point:{second}>",
        f"how many {more} <set> $BE <being> <point:{first}> than <point:{second}>",
        f"<point:{first}> how many {more} <set> $BE {_COUNT} than <point:{second}>",
        f"{_THAN} <point:{second}> how many {more} <set> $BE {_COUNT} <point:{first}>",
        f"how many <set> {more} $BE {_COUNT} <point:{first}> than <point:{second}>",
        f"how many {more} <set> (do|can|did) (we|you|i|one) (see|count|find) <point:{first}> than <point:{second}>",
        f"how many {more} <set> $DO <moment:{first}> (show|contain|have|include) than <moment:{second}> ($DO)?",
        f"how many {more} <set> (appear|exist|are) <point:{first}> than <point:{second}>",
    )


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda first, second: Changed(first, second),
        (
            f"{_COMPARE} <moment:first> {_WITH} <moment:second> {_ASKED}",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> {_ASKED}",
            f"{_WHAT} {_CHANGES} (between|from) <stretch:first> (and|to|until) <stretch:second>",
            f"{_DIFFERENCES} (between|from) <stretch:first> (and|to) <stretch:second>",
            "how $DO <stretch:first> and <stretch:second> differ",
            "how $DO <stretch:second> differ from <stretch:first>",
            f"{_WHAT} {_CHANGES} {_AT} <moment:second> {_THAN} {_AT} <moment:first>",
            f"{_WHAT} {_CHANGES} (between|from) <moment:first> (and|to|until) <moment:second>",
            f"{_WHAT} {_CHANGES} {_UNTIL} <moment:second> since {_AT} <moment:first>",
            f"{_WHAT} {_CHANGES} since {_AT} <moment:first> {_UNTIL} <moment:second>",
            f"{_UNTIL} <moment:second> {_WHAT} {_CHANGES} (since|{_THAN}) {_AT} <moment:first>",
            f"({_THAN}|since) {_AT} <moment:first> {_WHAT} {_CHANGES} {_UNTIL} <moment:second>",
            f"{_THAN} {_AT} <moment:first> how $DO <moment:second> differ",
            f"{_THAN} {_AT} <moment:first> how (do|does|did|has|have|had) {_SCENE} (change|changed|differ) {_UNTIL} "
            "<moment:second>",
            f"what $BE no longer the same {_AT} <moment:second> as {_AT} <moment:first>",
            f"{_DIFFERENCES} (between|from) <moment:first> (and|to) <moment:second>",
            f"how $DO {_SCENE} (change|differ|look different) (between|from) <moment:first> (and|to|until) "
            "<moment:second>",
            "in (what|which) (way|ways|respect|respects) $DO <moment:second> differ from <moment:first>",
        ),
    ),
    (
        lambda thing, first, second: Changed(first, second, thing),
        (
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> {_AT} <moment:second> {_THAN} {_AT} <moment:first>",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> {_WHAT} {_CHANGES} {_ABOUT} <thing>",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> {_DIFFERENCES} {_ABOUT} <thing>",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> how $DO <thing> (differ|change|look different)",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> how $BE <thing> different",
            f"{_COMPARE} <stretch:first> {_WITH} <stretch:second> how (has|have|had) <thing> (changed|differed)",
            f"{_COMPARE} <thing> (between|in|at)? <stretch:first> {_WITH} <stretch:second>",
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> (between|from) <stretch:first> (and|to|until) <stretch:second>",
            f"how $BE <thing> different {_AT} <moment:second> {_THAN} {_AT} <moment:first>",
            f"({_THAN}|since) {_AT} <moment:first> {_WHAT} {_CHANGES} {_ABOUT} <thing> {_UNTIL} <moment:second>",
            f"({_THAN}|since) {_AT} <moment:first> how (do|does|did|has|have|had) <thing> (change|changed) {_UNTIL} "
            "<moment:second>",
            f"{_DIFFERENCES} {_ABOUT} <thing> (between|from) <moment:first> (and|to) <moment:second>",
        ),
    ),
    (
        lambda thing: Changed(Edge("start"), Edge("end"), thing),
        (
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> {_OVER}",
            f"how (do|does|did|has|have) <thing> (change|changed) {_OVER}",
        ),
    ),
    (
        lambda: Changed(Edge("start"), Edge("end")),
        (
            f"{_WHAT} {_CHANGES} (over|in|during|throughout|across|over the course of|in the course of|along) ($VIDEO|"
            "time)",
            f"{_WHAT} {_CHANGES} over the course of $VIDEO",
            f"{_DIFFERENCES} between (the)? (start|beginning) and (the)? end",
        ),
    ),
    (
        _around,
        (
            f"{_COMPARE} {_SCENE} {_BEFORE_AFTER} {_ASKED}",
            f"{_COMPARE} {_BEFORE_AFTER} {_ASKED}",
            f"{_WHAT} {_CHANGES} {_BEFORE_AFTER}",
            f"{_WHAT} {_CHANGES} from before (to after)? <event> (to after)?",
            f"how $DO {_SCENE} (change|differ|look) {_BEFORE_AFTER}",
            f"{_DIFFERENCES} (in {_SCENE})? {_BEFORE_AFTER}",
            f"{_WHAT} {_CHANGES} (after|once|when) <event> {_THAN} before (it|that|then|this)?",
            f"(how (has|have|had)|how $DO) {_SCENE} (changed|change) {_WHEN} <event>",
            f"how $BE {_SCENE} different {_WHEN} <event> ({_THAN} before)?",
        ),
    ),
    (
        changed_around,
        (
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> {_WHEN} <event>",
            f"{_WHAT} {_CHANGES} {_ABOUT} <thing> {_BEFORE_AFTER}",
            f"how (do|does|did|has|have) <thing> (change|changed|differ) {_WHEN} <event>",
            f"how (do|does|did|has|have) <thing> (change|changed|differ) {_BEFORE_AFTER}",
            f"{_COMPARE} <thing> {_BEFORE_AFTER} {_ASKED}",
            f"{_DIFFERENCES} {_ABOUT} <thing> {_BEFORE_AFTER}",
        ),
    ),
    (
        _more,
        (
            *_counted("more", "first", "second"),
            *_counted("(fewer|less)", "second", "first"),
            "by how many $DO (the number of)? <set> (increase|grow|rise|go up) (between|from) <moment:second> (and|to) "
            "<moment:first>",
            "by how many $DO (the number of)? <set> (decrease|drop|fall|shrink|go down) (between|from) <moment:first> "
            "(and|to) <moment:second>",
        ),
    ),
    (
        _more_after,
        (
            f"how many more <set> $BE {_COUNT} after <event> than before (it|that|then)?",
            f"how many (fewer|less) <set> $BE {_COUNT} before <event> than after (it|that|then)?",
            "how many more <set> $BE <being> after <event> than before (it|that|then)?",
        ),
    ),
    (
        _more_before,
        (
            f"how many more <set> $BE {_COUNT} before <event> than after (it|that|then)?",
            f"how many (fewer|less) <set> $BE {_COUNT} after <event> than before (it|that|then)?",
            "how many more <set> $BE <being> before <event> than after (it|that|then)?",
        ),
    ),
)

CHANGES = constructions(_FORMS)
"""Tried in no order: every reading counts."""
