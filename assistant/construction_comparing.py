"""The constructions of English that compare two things, say which of two it is, or ask what stayed where it was."""

from __future__ import annotations

from assistant.bounded_steps import Exceeding
from assistant.construction_programs import Builds, all_asked, neither, not_both, one_of_two, quality_compared
from assistant.constructions import constructions
from assistant.measured_programs import Bearing, Compare, Measure
from assistant.programs import AllOf, AnyOf, Not, Which
from assistant.steps import Except, Nearest, Nodes, Quantity, Question, Superlative, The, Union


def _beaten(wanted: Nodes, one: Nodes, dimension: tuple[Quantity, bool]) -> Question:
    """What is the dog bigger than? What is smaller than the dog, than each of the dogs."""
    quantity, least = dimension
    return Which(Exceeding(wanted, quantity, "more" if least else "less", one, isinstance(one, The) and one.plural))


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        one_of_two,
        (
            "$BE (exactly one|only one|just one|one and only one) of <thing:one> and <thing:other> <being>",
            "$DO (exactly one|only one|just one|one and only one) of <thing:one> and <thing:other> <done:being>",
        ),
    ),
    (
        not_both,
        (
            "$BE <thing:one> and <thing:other> not both <being>",
            "$DO <thing:one> and <thing:other> not both <done:being>",
        ),
    ),
    (
        neither,
        ("$BE neither <thing:one> nor <thing:other> <being>", "$DO neither <thing:one> nor <thing:other> <done:being>"),
    ),
    (
        lambda thing, gap, one, other: AllOf((gap.held_by(thing, one), Not(gap.held_by(thing, other)))),
        (
            "$BE <thing> <verb_ing:gap> <thing:one> but not <thing:other>",
            "$DO <thing> <verb:gap> <thing:one> but not <thing:other>",
            "$BE <thing> <verb_ing:gap> <thing:one> (rather than|instead of|and not) <thing:other>",
        ),
    ),
    (
        lambda one, other: AllOf((one, other)),
        ("$BE <doing:one> and <doing:other>",),
    ),
    (
        lambda one, first, other, second: AnyOf((all_asked(one, first), all_asked(other, second))),
        (
            "$BE either <thing:one> <being:first> or <thing:other> <being:second>",
            "$DO either <thing:one> <done:first> or <thing:other> <done:second>",
        ),
    ),
    (
        lambda one, other, being: Which(being.narrow(Union((one, other)))),
        (
            "$BE (it|that|this) (either)? <kind:one> or <kind:other> (that is|which is|who is)? <being>",
            "$BE (it|that|this) (either)? <kind:one> or <kind:other> (that|which|who) <does:being>",
        ),
    ),
    (
        lambda one, other, dimension: Which(Superlative(Union((one, other)), *dimension)),
        (
            "(which|what) <kind:one> or <kind:other> $BE (the)? <more:dimension> (one)?",
            "(which|what) <kind:one> or <kind:other> $BE (the)? <most:dimension> (one)?",
            "(which|what|who) $BE (the)? <more:dimension> (one)? <thing:one> or <thing:other>",
            "(which|what|who) $BE (the)? <most:dimension> (one)? <thing:one> or <thing:other>",
        ),
    ),
    (
        lambda thing: Measure(thing, "displacement"),
        (
            "how far (is|was|has|have|did) <thing> (away|come|gone|moved|travelled|end up|go|get|move|come away)? from "
            "(its|their|his|her|the) (starting|start|initial|original|first|old) (place|point|position|spot|location)",
            "how far (has|have|did) <thing> (come|gone|moved|travelled|end up|go|get|move) from where (it|he|she|they) "
            "(started|was|were|began|was first|was at the start)",
        ),
    ),
    (
        lambda one, other: Bearing(one, other, "world"),
        (
            "how (high|far|many metres|many meters) (up)? (above|over|below|under) <thing:other> $BE <thing:one>",
            "how (high|far|many metres|many meters) $BE <thing:one> (above|over|below|under) <thing:other>",
        ),
    ),
    (
        lambda one, first, second: Which(Nearest(Union((first, second)), one)),
        ("$BE <thing:one> (closer|nearer) to <thing:first> or (to)? <thing:second>",),
    ),
    (
        _beaten,
        (
            "<wanted> $BE <thing:one> <more:dimension> than",
            "than <wanted> $BE <thing:one> <more:dimension>",
        ),
    ),
    (
        lambda kind, other: Which(Except(kind, other)),
        ("(which|what) <kind> $BE not (a|an)? <kind:other>",),
    ),
    (
        lambda kind, quantity, low: Which(Superlative(kind, quantity, low)),
        ("(which|what) <kind> (has|have|had) the <extreme:low> <quantity>",),
    ),
    (
        lambda one, other, quantity: Compare(one, quantity, "more", other),
        ("$DO <thing:one> have (a|the)? $MORE <quantity> than <thing:other> ($DO)?",),
    ),
    (
        quality_compared("more"),
        ("$BE <measured:one> (above|over|beyond|in excess of) that of <thing:other>",),
    ),
    (
        quality_compared("less"),
        ("$BE <measured:one> (below|under|beneath|short of) that of <thing:other>",),
    ),
    (
        lambda one, other, quantity: Compare(one, quantity, "less", other),
        ("$DO <thing:one> have (a|the)? $LESS <quantity> than <thing:other> ($DO)?",),
    ),
)

COMPARING = constructions(_FORMS)
"""Tried in no order: every reading counts."""
