"""The constructions of English about scans and flights: equally far, ended up farthest, more than 5 metres apart."""

from __future__ import annotations

from assistant.camera import is_camera
from assistant.construction_places import FROM, RESTING, STANDS, WHICH_WAY, bearing
from assistant.construction_programs import Builds, compared
from assistant.constructions import constructions
from assistant.measured_programs import Compare, CompareDistances, Comparison, Measure
from assistant.programs import Count, Exists, MoreBy, Not, Which
from assistant.sayings import Predication
from assistant.slots_timed import says_more
from assistant.steps import Nodes, Question, Superlative, Union, Within

_FAR = "(far|far away|far off|distant|remote|close|near)"
_OWN = "(its|their|his|her|the)"
_PLACE = (
    "(own)? (starting|start|initial|original|first|former|old) (place|point|position|spot|location)|"
    "(place|point|position|spot|location) (where|at which) (it|he|she|they) (started|began|set off|was first)"
)
_START = f"({_OWN} ({_PLACE})|where (it|he|she|they) (started|began|set off|set out|was first|were first|was at first))"
_ENDS = "(ended up|ended|finished|finished up|stopped|came to rest|wound up|landed|came to a stop|is|are|was|were)"
_END = "(end up|end|finish|finish up|stop|come to rest|wind up|land|get|come to a stop)"
_FAR_OFF = "(how far|how far away|how many $METRES|how many $METRES away|what distance)"
_MOST = "(the)? (farthest|furthest|farthest away|furthest away|most distant|most remote) from"
_LEAST = "(the)? (closest|nearest|least far) (to|from)"
_APART = (
    "(apart|away from each other|from each other|distant from each other|away from one another|from one another|"
    "of each other|of one another)"
)
_AT_MOST = (
    "(within|at most|less than|no more than|not more than|under|closer than|up to|no farther than|no further than|"
    "nearer than)"
)
_BY = "by (how many $METRES|how much|what distance)"
_GIVES = "(reach|reaching|doing|making|going at|moving at|travelling at|traveling at|running at|driving at|flying at)"


def _equally(one: Nodes, other: Nodes, spot: Nodes | None = None) -> Question:
    """Are two things equally far from the camera, from a third thing?"""
    if spot is None or is_camera(spot):
        return Compare(one, "distance", "equal", other)
    return CompareDistances(one, "equal", other, spot)


def _not_as_far(how: Comparison) -> Builds:
    return lambda one, other, spot=None: None if spot is not None else Compare(one, "distance", how, other)


def _more_of(one: Nodes, other: Nodes, being: Predication) -> Question | None:
    """How many more of the one than of the other are there of which something is true?"""
    if being.asks_only:
        return None
    return MoreBy(Count(being.narrow(one)), Count(being.narrow(other)))


def _length(thing: Nodes) -> Question | None:
    """How long is it? What says what it does asks for how long it does so."""
    return None if says_more(thing) else Measure(thing, "length")


def _longest(nodes: Nodes) -> Question:
    return Which(Superlative(nodes, "length"))


def _longer(how: Comparison) -> Builds:
    def build(one: Nodes, other: Nodes) -> Question | None:
        return None if says_more(one) or says_more(other) else Compare(one, "length", how, other)

    return build


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (_length, ("how long (is|are|was|were) <thing>",)),
    (_longer("more"), ("$BE <thing:one> longer than <thing:other>",)),
    (_longer("equal"), ("$BE <thing:one> (just|exactly)? as long as <thing:other>",)),
    (
        lambda one, other: None if says_more(one) or says_more(other) else _longest(Union((one, other))),
        (
            "(which|what) (one)? $BE (the)? (longer|longest) (one)? <thing:one> or <thing:other>",
            "$BE <thing:one> or <thing:other> (the)? longer (one)?",
        ),
    ),
    (lambda kind: _longest(kind), ("(which|what) <kind> $BE (the)? longest (one)? (of all)?",)),
    (
        _equally,
        (
            f"$BE <thing:one> and <thing:other> (both)? (equally|just as) {_FAR} (from|to) <spot>",
            "$BE <thing:one> and <thing:other> (both)? (at)? (the same|an equal|an identical) (distance|remove) "
            "(away)? (from|to) <spot>",
            "$BE <thing:one> and <thing:other> (both)? (equidistant|the same distance away) from <spot>",
            f"$BE <thing:one> and <thing:other> (both)? equally {_FAR}",
            f"$BE <thing:one> (just|exactly|equally)? as {_FAR} (from|to) <spot> as <thing:other> ($BE)?",
            f"$BE <thing:one> (just|exactly|equally)? as {_FAR} as <thing:other> ($BE)?",
            "$BE <thing:one> (at)? the same distance (away)? from <spot> as <thing:other> ($BE)?",
        ),
    ),
    (
        _not_as_far("less"),
        ("$BE <thing:one> not (quite|nearly)? as (far|far away|distant) (from <spot>)? as <thing:other>",),
    ),
    (
        _not_as_far("more"),
        ("$BE <thing:one> not (quite|nearly)? as (close|near) (to <spot>)? as <thing:other>",),
    ),
    (
        lambda one, other: Compare(one, "speed", "equal", other),
        (
            "$BE <thing:one> and <thing:other> (both)? (moving|going|running|travelling|traveling|driving) "
            "(equally fast|at the same (speed|velocity|pace|rate)|at equal speed|as fast as each other)",
            "$DO <thing:one> and <thing:other> (both)? (move|go|run|travel|drive|have) "
            "(equally fast|at the same (speed|velocity|pace|rate)|at equal speed|as fast as each other|the same (speed|"
            "velocity|pace))",
            "$DO <thing:one> (move|go|run|travel|drive) (at the same speed as|as fast as|just as fast as) "
            "<thing:other> ($DO)?",
        ),
    ),
    (
        compared("equal"),
        (
            "$DO <thing:one> and <thing:other> (both)? (have|share|possess) "
            "(the same|the very same|an equal|an identical|equal|identical) <dimension>",
            "(has|have|had) <thing:one> and <thing:other> (both)? (the same|the very same|an equal|equal) <dimension>",
        ),
    ),
    (
        lambda thing: Measure(thing, "speed"),
        (
            f"(what|which) (speed|velocity|pace) $BE <thing> {_GIVES}",
            f"(what|which) (speed|velocity|pace) $DO <thing> {_GIVES}",
        ),
    ),
    (
        lambda thing: Measure(thing, "displacement"),
        (
            f"{_FAR_OFF} (has|have|had|$DO) <thing> ({_ENDS}|{_END}) (away)? from {_START}",
            f"{_FAR_OFF} (away)? from {_START} (has|have|had|$DO) <thing> ({_ENDS}|{_END})",
            f"{_FAR_OFF} $BE <thing> (now|at the end)? (away)? from {_START}",
            f"{_FAR_OFF} (away)? from {_START} $BE <thing>",
            f"{_BY} (has|have|had) <thing> been (displaced|shifted) (away)? (from {_START})?",
            f"{_BY} $BE <thing> (displaced|shifted) (away)? (from {_START})?",
            f"how (far|many $METRES) (has|have|had) <thing> been (displaced|shifted) (away)? (from {_START})?",
            f"how (far|many $METRES) $BE <thing> (displaced|shifted) (away)? (from {_START})?",
        ),
    ),
    (
        lambda nodes: Which(Superlative(nodes, "displacement")),
        (
            f"<wanted:nodes> (has|have|had)? {_ENDS} {_MOST} {_START}",
            "<wanted:nodes> $BE displaced the (most|farthest|furthest)",
        ),
    ),
    (
        lambda nodes: Which(Superlative(nodes, "displacement", True)),
        (f"<wanted:nodes> (has|have|had)? {_ENDS} {_LEAST} {_START}", "<wanted:nodes> $BE displaced the least"),
    ),
    (
        _more_of,
        (
            "how many more <plural:one> than <plural:other> $BE (there)? <being>",
            "how many more <plural:one> $BE (there)? <being> than <plural:other>",
            "how many fewer <plural:other> than <plural:one> $BE (there)? <being>",
        ),
    ),
    (
        lambda one, other, length: Not(Exists(Within(one, length, other))),
        (
            f"$BE <thing:one> and <thing:other> (more than|over|farther than|further than) <length> {_APART}",
            "$BE there (more than|over) <length> between <thing:one> and <thing:other>",
            "$DO (more than|over) <length> (lie|separate) (between)? <thing:one> and <thing:other>",
            f"$DO <thing:one> and <thing:other> (lie|stand|sit) (more than|over|farther than) <length> {_APART}",
        ),
    ),
    (
        lambda one, other, length: Exists(Within(one, length, other)),
        (
            f"$BE <thing:one> and <thing:other> {_AT_MOST} <length> {_APART}",
            f"$DO <thing:one> and <thing:other> (lie|stand|sit) {_AT_MOST} <length> {_APART}",
            f"$BE there {_AT_MOST} <length> between <thing:one> and <thing:other>",
        ),
    ),
    (
        lambda thing, spot: bearing(thing, spot),
        (
            f"{FROM} <spot> {WHICH_WAY} $BE <thing> {RESTING} (in)?",
            f"{FROM} <spot> {WHICH_WAY} $DO <thing> {STANDS}",
        ),
    ),
)
SCANNED = constructions(_FORMS)
"""Tried in no order: every reading counts."""
