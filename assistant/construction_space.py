"""The constructions of English about metres: how far apart, who went farther, which is nearest of two."""

from __future__ import annotations

from assistant.camera import is_camera
from assistant.construction_places import PLACES, RESTING, STANDS, TELL_WHAT
from assistant.construction_programs import Builds, distance
from assistant.constructions import constructions
from assistant.measured_programs import Compare, CompareCounts, Comparison, Measure
from assistant.programs import AnyOf, Not, Which
from assistant.pronouns import Pronoun, rebuilt
from assistant.sayings import Predication
from assistant.slots import Quality
from assistant.steps import Nearest, Nodes, Quantity, Question, Superlative, The, walk

_AWAY = "(away|off|apart|removed|distant)?"
_FAR = (
    "(how far|how far away|how far off|how many $METRES|how many $METRES away|how many $METRES off|what distance|"
    "which distance|at what distance|at which distance|how much distance|how distant|how close|how near)"
)
_METRES = "(how many $METRES|what distance|how much distance|how much space|how much room|what gap|how big a gap)"
_EACH_OTHER = "(from each other|from one another|away from each other|away from one another|apart|separated|distant)"
_SPAN = (
    "(straight line|shortest|exact|approximate|direct|rough)? "
    "(distance|gap|separation|stretch|span|space|spacing|clearance|way)"
)
_NEAREST = "(the)? (closest|nearest|closer|nearer) to"
_FARTHEST = "(the)? (farthest|furthest|farther|further|most distant|least close) (away)? from"
_GO = "(travel|move|go|walk|run|drive|get|come|fly)"
_PATH = "(path|way|route|distance|track|trajectory|trip|stretch|journey)"
_TAKE = "(travel|take|follow|cover|go|make|have|move along|walk|run|drive)"
_LONGER, _SHORTER = "(longer|greater|larger|bigger)", "(shorter|smaller|lesser)"


def _nearest(farthest: bool) -> Builds:
    """Which of them is nearest to something, or to the camera."""

    def build(nodes: Nodes, spot: Nodes | None) -> Question:
        if spot is None or is_camera(spot):
            return Which(Superlative(nodes, "distance", not farthest))
        return Which(Nearest(nodes, spot, farthest))

    return build


def _compared(quantity: Quantity, how: Comparison) -> Builds:
    """Has one thing more (less) of a quantity than the other?"""
    return lambda one, other: Compare(one, quantity, how, other)


def _qualities(how: Comparison) -> Builds:
    """Is the height of one thing greater than the height of the other?"""

    def build(one: Quality, other: Quality | Nodes) -> Question | None:
        if isinstance(other, Quality):
            return Compare(one.nodes, one.name, how, other.nodes) if one.name == other.name else None  # type: ignore[arg-type]
        return Compare(one.nodes, one.name, how, other)  # type: ignore[arg-type]

    return build


_DISTANCES: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        distance,
        (
            f"{_FAR} {_AWAY} from <spot:other> $BE <thing:one> {RESTING}",
            f"{_FAR} {_AWAY} from <spot:other> $DO <thing:one> {STANDS}",
            f"{_FAR} $BE <thing:one> {RESTING} {_AWAY} from <spot:other>",
            f"{_FAR} $DO <thing:one> {STANDS} {_AWAY} from <spot:other>",
            f"(how far|how many $METRES) apart ($BE|$DO) <thing:one> and <thing:other> ({RESTING}|{STANDS}) "
            "(from each other|from one another)?",
            f"{_FAR} ($BE|$DO) <thing:one> and <thing:other> ({RESTING}|{STANDS}) {_EACH_OTHER}",
            "how (close|near) (together)? $BE <thing:one> and <thing:other> (together|to each other|to one another)?",
            f"{_METRES} (separate|separates|divide|divides|part|parts|separated|divided) <spot:one> (and|from) "
            "<spot:other>",
            f"{_METRES} (lie|lies|lay|is there|are there|is|are|was there|were there|remain|remains) between "
            "<spot:one> "
            "and <spot:other>",
            f"{_METRES} (are there|is there|is it) from <spot:one> to <spot:other>",
            f"by {_METRES} $BE <thing:one> (and|from) <thing:other> (separated|apart|divided)",
            f"by {_METRES} $BE <thing:one> (separated|removed|apart|divided) from <spot:other>",
            f"by {_METRES} $DO <thing:one> and <thing:other> ({STANDS} apart|differ in place)",
            f"(measured|counted|starting|going|reckoned|taken|coming|if measured|when measured) from "
            f"<spot:other> {_FAR} "
            f"{_AWAY} $BE (it to)? <thing:one> {_AWAY}",
            f"how (close|near) to <spot:other> $BE <thing:one> {RESTING}",
            f"how (close|near) ($BE|$DO) <thing:one> ({STANDS}|{RESTING}) to <spot:other>",
            f"{_FAR} off <spot:other> $BE <thing:one>",
            f"from <spot:other> {_FAR} {_AWAY} $BE (it to)? <thing:one> {_AWAY}",
            f"from <spot:one> (to|until|till) <spot:other> {_FAR} (is it|is that|are there|is there)?",
            f"{TELL_WHAT} (the|a)? {_SPAN} (that lies|there is|lying|that there is|which lies)? (between|separating) "
            "<spot:one> and <spot:other>",
            f"{TELL_WHAT} (the|a)? {_SPAN} (separating|that separates) <spot:one> from <spot:other>",
            f"{TELL_WHAT} (the|a)? {_SPAN} (that separates|which separates) <spot:one> and <spot:other>",
            f"{TELL_WHAT} (the|a)? {_SPAN} (that lies|there is|lying)? from <spot:one> to <spot:other>",
            f"{TELL_WHAT} (the|a)? {_SPAN} of <thing:one> (from|to) <spot:other>",
            f"{TELL_WHAT} <thing:one> 's {_SPAN} (from|to) <spot:other>",
        ),
    ),
    (
        lambda thing, solid: Measure(thing, solid),
        (
            "(what|how much|how many $METRES|how long) $DO <thing> measure in <solid>",
            "how many $METRES (of|in) <solid> (does|do|did) <thing> have",
            "<thing> is how many $METRES (in|of) <solid>",
        ),
    ),
    (
        lambda thing: Measure(thing, "distance"),
        ("how many $METRES (off|distant|away from here|off from here) $BE <thing>",),
    ),
    (
        lambda thing: Measure(thing, "path length"),
        (
            f"(how far|how many $METRES|{_METRES}|how much ground|what $PATHS|how long a $PATHS|how far in all) $DO "
            f"<thing> {_TAKE} (altogether|in all|in total|overall)?".replace("$PATHS", _PATH),
            f"(how far|how many $METRES|{_METRES}|how much ground|what {_PATH}) (has|have|had) <thing> "
            "(travelled|traveled|moved|gone|walked|run|covered|driven|come|taken) (altogether|in all|in total)?",
            "(what is|what was|how long is|how long was|how many $METRES long (is|was)) the (total|whole|full|"
            f"overall)? (length of the)? {_PATH} (that)? "
            "<thing> (travelled|traveled|covered|took|takes|went|goes|moved|walked|followed|ran|has travelled|"
            "has covered)",
            "(what is|what was) the (total|whole|full)? (path length|length of path|length of the path|travelled "
            "distance) "
            "of <thing>",
            f"how long (is|was) <thing> 's {_PATH}",
            "<thing> (travelled|traveled|moved|went|ran|walked|drove|covered|has travelled|has moved|has gone) "
            "(how far|how many $METRES)",
            f"(what is|what was) (the)? (total|whole)? length of <thing> 's {_PATH}",
        ),
    ),
    (
        lambda thing: Measure(thing, "volume"),
        (
            "how many cubic $METRES $DO <thing> (take up|occupy|measure|have|fill|cover)",
            "how many cubic $METRES $BE <thing>",
            "<thing> (is|are|was|were|has|have|takes up|occupies|fills|measures) how many cubic $METRES",
        ),
    ),
    (
        lambda thing: Measure(thing, "speed"),
        (
            "(at|with|by) (what|which) (average|mean)? (speed|velocity|pace) $DO <thing> (move|go|run|travel|"
            "drive|walk|fly)",
            "how (fast|quick|quickly) $DO <thing> (move|go|run|travel|drive|walk|fly|get)",
            "what (average|mean)? (speed|velocity|pace) $DO <thing> (have|move at|go at|travel at|reach)",
        ),
    ),
)


def _against(how: Comparison) -> Builds:
    """Are there more on one side of something than on the other side of it?"""

    def build(one: Nodes, first: Predication, second: Predication) -> Question | None:
        here, there = first.narrow(one), second.narrow(one)
        named = {step for step in walk(here) if isinstance(step, The)}
        for pronoun in [step for step in walk(there) if isinstance(step, Pronoun)]:
            if len(named) != 1:
                return None
            there = rebuilt(there, pronoun, next(iter(named)))
        return CompareCounts(here, how, there)

    return build


_SHARED: tuple[tuple[Builds, tuple[str, ...]], ...] = tuple(
    (
        lambda one, other, being, how=how: CompareCounts(being.narrow(one), how, being.narrow(other)),
        (
            f"$BE there {said} <plural:one> {than} <plural:other> (that are|that is|which are|who are)? <being>",
            f"$BE there {said} <plural:one> {than} (there are)? <plural:other> (that|which|who) <does:being>",
            f"(has|have|had) {said} <plural:one> <had:being> {than} <plural:other>",
            f"(has|have|had) {said} <plural:one> {than} <plural:other> <had:being>",
        ),
    )
    for said, than, how in (("more", "than", "more"), ("(fewer|less)", "than", "less"), ("as many", "as", "equal"))
)
"""Of two kinds that are compared by number, what is said behind both is said of both."""
_SIDES: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        _against("more"),
        ("$BE (there)? more <plural:one> <being:first> than <being:second>",),
    ),
    (
        _against("less"),
        ("$BE (there)? (fewer|less) <plural:one> <being:first> than <being:second>",),
    ),
    (
        _against("equal"),
        ("$BE (there)? as many <plural:one> <being:first> as <being:second>",),
    ),
)
_NEITHER: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        lambda one, first, second, other: Not(AnyOf((first(other).ask(one, False), second(other).ask(one, False)))),
        ("$BE <thing:one> neither <side:first> nor <side:second> <thing:other>",),
    ),
)
_COMPARISONS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        _compared("path length", "more"),
        (
            f"$DO <thing:one> {_TAKE} (a|the)? {_LONGER} {_PATH} than <thing:other> ($DO)?",
            f"$DO <thing:one> {_GO} (farther|further|more|a longer way) than <thing:other> ($DO)?",
            "(has|have|had) <thing:one> (travelled|moved|gone|walked|run|driven|come) (farther|further|more) than "
            "<thing:other>",
            "$DO <thing:one> cover more (ground|distance|$METRES|way) than <thing:other> ($DO)?",
            f"$BE the {_PATH} (of|taken by|travelled by|covered by) <thing:one> {_LONGER} than (that of|the "
            f"{_PATH} of)? "
            "<thing:other>",
            f"$BE <thing:one> 's {_PATH} {_LONGER} than (that of)? <thing:other> ('s)? {_PATH}?".replace(
                f"{_PATH}?", f"({_PATH})?"
            ),
        ),
    ),
    (
        _compared("path length", "less"),
        (
            f"$DO <thing:one> {_TAKE} (a|the)? {_SHORTER} {_PATH} than <thing:other> ($DO)?",
            f"$DO <thing:one> {_GO} (less far|less|a shorter way|not as far) (than|as) <thing:other> ($DO)?",
            "$DO <thing:one> cover less (ground|distance|way) than <thing:other> ($DO)?",
            f"$BE the {_PATH} (of|taken by|travelled by|covered by) <thing:one> {_SHORTER} than (that of|the "
            f"{_PATH} of)? "
            "<thing:other>",
        ),
    ),
    (
        _compared("distance", "more"),
        (
            "$BE <thing:one> at a (greater|larger|longer|bigger) distance (from the camera|to the camera)? than "
            "<thing:other> ($BE)?",
        ),
    ),
    (
        _compared("distance", "less"),
        (
            "$BE <thing:one> at a (smaller|shorter|lesser) distance (from the camera|to the camera)? than "
            "<thing:other> "
            "($BE)?",
        ),
    ),
    (
        _qualities("more"),
        (
            "$BE <measured:one> $MORE than (that of)? <thing:other> 's",
            "$BE <measured:one> $MORE than <measured:other>",
            "$DO <measured:one> (exceed|surpass) <measured:other>",
            "$DO <measured:one> (exceed|surpass) (that of)? <thing:other> ('s)?",
        ),
    ),
    (
        _qualities("less"),
        (
            "$BE <measured:one> $LESS than (that of)? <thing:other> 's",
            "$BE <measured:one> $LESS than <measured:other>",
            "$BE <measured:one> exceeded by (that of)? <thing:other>",
        ),
    ),
    (
        _nearest(farthest=False),
        (
            f"<wanted:nodes> $BE <thing:spot> {RESTING} {_NEAREST}",
            f"<wanted:nodes> $DO <thing:spot> {STANDS} {_NEAREST}",
            f"to <wanted:nodes> $BE <thing:spot> {RESTING} (the)? (closest|nearest|closer|nearer)",
            f"$BE it (either)? <either:nodes> (that|which|who) $BE {_NEAREST} <spot>",
            f"$BE (either)? <either:nodes> {_NEAREST} <spot>",
            f"(which|who|what) (one)? $BE {_NEAREST} <spot> <either:nodes>",
            f"(which|who|what) (one)? of <either:nodes> $BE {RESTING} {_NEAREST} <spot>",
            f"(which|who|what) (one)? $BE <thing:spot> {RESTING} {_NEAREST} <either:nodes>",
            f"$BE <thing:spot> {RESTING} {_NEAREST} <either:nodes>",
        ),
    ),
    (
        _nearest(farthest=True),
        (
            f"<wanted:nodes> $BE <thing:spot> {RESTING} {_FARTHEST}",
            f"<wanted:nodes> $DO <thing:spot> {STANDS} {_FARTHEST}",
            f"from <wanted:nodes> $BE <thing:spot> {RESTING} (the)? (farthest|furthest|farther|further) (away)?",
            f"$BE it (either)? <either:nodes> (that|which|who) $BE {_FARTHEST} <spot>",
            f"$BE (either)? <either:nodes> {_FARTHEST} <spot>",
            f"(which|who|what) (one)? $BE {_FARTHEST} <spot> <either:nodes>",
            f"(which|who|what) (one)? of <either:nodes> $BE {RESTING} {_FARTHEST} <spot>",
            f"(which|who|what) (one)? $BE <thing:spot> {RESTING} {_FARTHEST} <either:nodes>",
        ),
    ),
)
SPACE = constructions((*_DISTANCES, *_SHARED, *_SIDES, *_NEITHER, *_COMPARISONS, *PLACES))
"""Tried in no order: every reading counts."""
