"""The constructions of English that count and compare numbers: more of these than of those, half of them."""

from __future__ import annotations

from assistant.construction_programs import (
    Builds,
    counts_compared,
    counts_of_both,
    each_having,
    half,
    having_more,
    held_counts,
    narrowed_counts,
)
from assistant.constructions import constructions
from assistant.measured_programs import CompareCounts
from assistant.programs import Count, MoreBy, Not, Which
from assistant.sayings import Gap, Predication, counted
from assistant.steps import Except, Find, MostRelated, Nodes, Question, Union


def _of_the_most(gap: Gap, plural: Nodes, kind: Nodes | None = None) -> Question:
    """Which ball do the most dogs chase?"""
    return Which(MostRelated(Find(None) if kind is None else kind, gap.predicate.flipped(), plural))


def _fewer_than_half(set: Nodes, being: Predication) -> Question:
    """Do fewer than half of the dogs chase a ball? Fewer do than do not."""
    return CompareCounts(being.narrow(set), "less", Except(set, being.narrow(set)))


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        counts_compared("less"),
        ("$BE there not (as|so) many <set:one> as <set:other>", "$BE $TALLY <set:one> exceeded by $TALLY <set:other>"),
    ),
    (
        counts_compared("more"),
        ("$DO <set:one> (exceed|surpass) <set:other> in number",),
    ),
    (
        lambda set, being: Not(CompareCounts(being.narrow(set), "less", Except(set, being.narrow(set)))),
        ("$BE at least half (of)? <set> <being>", "$DO at least half (of)? <set> <done:being>"),
    ),
    (
        narrowed_counts("more"),
        (
            "$BE (there)? more <plural:one> <being:first> than ($BE)? <being:second>",
            "$DO more <plural:one> <done:first> than <done:second>",
        ),
    ),
    (
        narrowed_counts("less"),
        (
            "$BE (there)? (fewer|less) <plural:one> <being:first> than ($BE)? <being:second>",
            "$DO (fewer|less) <plural:one> <done:first> than <done:second>",
        ),
    ),
    (
        narrowed_counts("equal"),
        (
            "$BE (there)? (just|exactly)? as many <plural:one> <being:first> as ($BE)? <being:second>",
            "$DO (just|exactly)? as many <plural:one> <done:first> as <done:second>",
        ),
    ),
    (
        counts_of_both("more"),
        (
            "$BE more <plural:one> <being:first> than <plural:other> ($BE)?",
            "$DO more <plural:one> <done:first> than <plural:other> ($DO)?",
            "$DO more <plural:one> than <plural:other> <done:first>",
            "$BE more <plural:one> than <plural:other> <being:first>",
        ),
    ),
    (
        counts_of_both("less"),
        (
            "$BE (fewer|less) <plural:one> <being:first> than <plural:other> ($BE)?",
            "$DO (fewer|less) <plural:one> <done:first> than <plural:other> ($DO)?",
            "$DO (fewer|less) <plural:one> than <plural:other> <done:first>",
            "$BE (fewer|less) <plural:one> than <plural:other> <being:first>",
        ),
    ),
    (
        counts_of_both("equal"),
        (
            "$DO as many <plural:one> as <plural:other> <done:first>",
            "$BE as many <plural:one> as <plural:other> <being:first>",
        ),
    ),
    (
        lambda set, number: counted(number, set),
        (
            "$BE <set> <number> (in number|in total|altogether|in all)",
            "$BE <number> $TALLY <set>",
        ),
    ),
    (
        counts_compared("more"),
        (
            "$BE <set:one> in the majority (compared with|compared to|over|against|relative to|versus) <set:other>",
            "$BE <set:one> more (in number|plentiful|abundant)? than <set:other>",
            "$BE <set:other> outnumbered by <set:one>",
            "$BE $TALLY <set:one> $MORE than (that of|$TALLY)? <set:other>",
            "$BE $TALLY <set:one> (above|over|beyond) (that of|$TALLY) <set:other>",
            "$DO $TALLY <set:one> (exceed|surpass) (that of|$TALLY)? <set:other>",
            "$TALLY <set:one> (exceeds|surpasses|is $MORE than) (that of|$TALLY)? <set:other>",
        ),
    ),
    (
        counts_compared("less"),
        (
            "$BE <set:one> in the minority (compared with|compared to|against|relative to|versus) <set:other>",
            "$BE <set:one> (fewer|less) (in number)? than <set:other>",
            "$BE $TALLY <set:one> $LESS than (that of|$TALLY)? <set:other>",
            "$BE $TALLY <set:one> (below|under|short of) (that of|$TALLY) <set:other>",
            "$TALLY <set:one> (falls short of|is $LESS than|is exceeded by) (that of|$TALLY)? <set:other>",
        ),
    ),
    (
        counts_compared("equal"),
        (
            "$BE $TALLY <set:one> (equal to|the same as|identical to|as high as|as large as) (that of|$TALLY)? "
            "<set:other>",
            "$BE $TALLY <set:one> and (that of|$TALLY)? <set:other> (equal|the same|identical)",
            "$DO $TALLY <set:one> (equal|match) (that of|$TALLY)? <set:other>",
            "$TALLY <set:one> (equals|matches|is equal to|is the same as) (that of|$TALLY)? <set:other>",
        ),
    ),
    (
        _fewer_than_half,
        (
            "$BE (fewer|less) than half (of)? <set> <being>",
            "$DO (fewer|less) than half (of)? <set> <done:being>",
            "$DO (fewer|less) <set> <done:being> than ($DO)? not",
            "$BE (fewer|less) <set> <being> than ($BE)? not",
        ),
    ),
    (
        half,
        (
            "$BE (exactly|just)? half (of)? <set> <being>",
            "$DO (exactly|just)? half (of)? <set> <done:being>",
        ),
    ),
    (
        each_having("more"),
        (
            "$DO <thing:one> <verb:gap> more <plural:kind> than <thing:other> <verb_past:also> <plural:more>",
            "$BE <thing:one> <verb_ing:gap> more <plural:kind> than <thing:other> $BE <verb_ing:also> <plural:more>",
        ),
    ),
    (
        having_more("more"),
        (
            "$DO <thing:one> <verb:gap> more <plural:kind> than <thing:other> ($DO)?",
            "$BE <thing:one> <verb_ing:gap> more <plural:kind> than <thing:other> ($BE)?",
        ),
    ),
    (
        held_counts("more"),
        (
            "$DO <thing:one> <verb:gap> more <plural:kind> than <plural:other>",
            "$BE <thing:one> <verb_ing:gap> more <plural:kind> than <plural:other>",
        ),
    ),
    (
        held_counts("less"),
        (
            "$DO <thing:one> <verb:gap> (fewer|less) <plural:kind> than <plural:other>",
            "$BE <thing:one> <verb_ing:gap> (fewer|less) <plural:kind> than <plural:other>",
        ),
    ),
    (
        held_counts("equal"),
        (
            "$DO <thing:one> <verb:gap> as many <plural:kind> as <plural:other>",
            "$BE <thing:one> <verb_ing:gap> as many <plural:kind> as <plural:other>",
        ),
    ),
    (
        each_having("less"),
        (
            "$DO <thing:one> <verb:gap> (fewer|less) <plural:kind> than <thing:other> <verb_past:also> <plural:more>",
            "$BE <thing:one> <verb_ing:gap> (fewer|less) <plural:kind> than <thing:other> $BE <verb_ing:also> "
            "<plural:more>",
        ),
    ),
    (
        having_more("less"),
        (
            "$DO <thing:one> <verb:gap> (fewer|less) <plural:kind> than <thing:other> ($DO)?",
            "$BE <thing:one> <verb_ing:gap> (fewer|less) <plural:kind> than <thing:other> ($BE)?",
        ),
    ),
    (
        each_having("equal"),
        (
            "$DO <thing:one> <verb:gap> as many <plural:kind> as <thing:other> <verb_past:also> <plural:more>",
            "$BE <thing:one> <verb_ing:gap> as many <plural:kind> as <thing:other> $BE <verb_ing:also> <plural:more>",
        ),
    ),
    (
        having_more("equal"),
        (
            "$DO <thing:one> <verb:gap> (just|exactly)? as many <plural:kind> as <thing:other> ($DO)?",
            "$BE <thing:one> <verb_ing:gap> (just|exactly)? as many <plural:kind> as <thing:other> ($BE)?",
        ),
    ),
    (
        lambda gap, kind, one, other: Which(MostRelated(Union((one, other)), gap.predicate, kind)),
        (
            "(who|which|what) (one)? $BE <verb_ing:gap> (more|the most) <plural:kind> <thing:one> or <thing:other>",
            "(who|which|what) (one)? <verb_past:gap> (more|the most) <plural:kind> <thing:one> or <thing:other>",
        ),
    ),
    (
        _of_the_most,
        (
            "(which|what) <kind> $DO the most <plural> <verb:gap>",
            "(which|what) <kind> $BE the most <plural> <verb_ing:gap>",
            "(what|who|whom) $DO the most <plural> <verb:gap>",
            "(what|who|whom) $BE the most <plural> <verb_ing:gap>",
        ),
    ),
    (
        lambda one, first, second: MoreBy(Count(first.narrow(one)), Count(second.narrow(one))),
        (
            "how many more <plural:one> $BE <being:first> than ($BE)? <being:second>",
            "how many more <plural:one> <does:first> than <does:second>",
        ),
    ),
    (
        lambda one, first, other, second: MoreBy(Count(first.narrow(one)), Count(second.narrow(other))),
        (
            "how many more <plural:one> $BE (there)? <being:first> than <plural:other> $BE <being:second>",
            "how many more <plural:one> <does:first> than <plural:other> <does:second>",
        ),
    ),
    (
        lambda one, first, other, second: MoreBy(Count(second.narrow(other)), Count(first.narrow(one))),
        (
            "how many (fewer|less) <plural:one> $BE (there)? <being:first> than <plural:other> $BE <being:second>",
            "how many (fewer|less) <plural:one> <does:first> than <plural:other> <does:second>",
        ),
    ),
    (
        lambda one, first, second: MoreBy(Count(second.narrow(one)), Count(first.narrow(one))),
        (
            "how many (fewer|less) <plural:one> $BE <being:first> than ($BE)? <being:second>",
            "how many (fewer|less) <plural:one> <does:first> than <does:second>",
        ),
    ),
    (
        lambda one, other: Not(CompareCounts(one, "less", other)),
        (
            "$BE there (at least as many|no fewer|not fewer) <set:one> (as|than) <set:other>",
            "$BE <set:one> at least as numerous as <set:other>",
        ),
    ),
    (
        lambda one, other: Not(CompareCounts(one, "more", other)),
        (
            "$BE there (at most as many|no more|not more) <set:one> (as|than) <set:other>",
            "$BE <set:one> at most as numerous as <set:other>",
        ),
    ),
    (
        lambda one, other: MoreBy(Count(one), Count(other)),
        ("by how (many|much) $DO $TALLY <set:one> (exceed|surpass|outnumber) $TALLY <set:other>",),
    ),
    (
        lambda set, number: Not(counted(number, set)),
        ("$BE $TALLY <set> (different from|other than|not) <number>",),
    ),
)

COUNTING = constructions(_FORMS)
"""Tried in no order: every reading counts."""
