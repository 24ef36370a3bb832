"""The constructions of English that ask about two things at once, about attributes, numbers and times."""

from __future__ import annotations

from assistant.construction_programs import (
    Builds,
    alike,
    attribute,
    colour,
    compared,
    counts_compared,
    distance,
    first_of,
    half,
    last_time,
    only_one,
    order,
    pair_related,
    qualities_alike,
    quality_compared,
    shared,
    which_named,
)
from assistant.constructions import construction
from assistant.programs import AttributeOf, Between, HasAttribute, HowLong, HowOften, Path, When, Which

_MACROS = {
    "BE": "(is|are|was|were)",
    "DO": "(do|does|did)",
    "TELL": "(tell|give|show|name|state|say|report|list|find|specify|identify|determine)",
    "SAME": "(the same as|equal to|identical to|identical with|similar to|like|the same thing as)",
    "OTHER": "(different from|different than|different to|distinct from|unlike|other than|not the same as)",
    "MORE": "(more|greater|larger|higher|bigger)",
    "LESS": "(less|lower|smaller|fewer|lesser)",
    "TALLY": "(the)? (total)? (number|count|amount|quantity) of",
    "VIDEO": "(the|this)? (video|clip|time|footage|recording|film|movie)",
}

_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        attribute,
        (
            "(what|which) $BE <quality>",
            "<quality> $BE (what|which)",
        ),
    ),
    (
        colour,
        ("how $BE <thing> (coloured|colored|painted|tinted)",),
    ),
    (
        lambda thing, value: HasAttribute(thing, value.value, value.attribute),
        ("$BE <thing> (a|an) <value> (thing|one|object|item)",),
    ),
    (
        lambda thing, attribute: AttributeOf(thing, attribute),
        ("(what|which) <attribute> $BE <thing> (of|in|painted in|made of|made out of|made from)",),
    ),
    (
        lambda thing: AttributeOf(thing, "material"),
        (
            "(of|from|out of) (what|which) $BE <thing> (made|built|constructed)",
            "what $BE <thing> (made|built|constructed) (from|out of|of)",
        ),
    ),
    (
        alike(different=True),
        (
            "$BE <quality:one> $OTHER (that of|those of)? <thing:other>",
            "$DO <quality:one> (differ|deviate) from (that of)? <thing:other>",
        ),
    ),
    (
        alike(different=False),
        (
            "$BE <quality:one> $SAME (that of|those of)? <thing:other>",
            "$DO <quality:one> (match|equal|resemble|coincide with|agree with|correspond to) (that of)? <thing:other>",
        ),
    ),
    (
        qualities_alike(different=True),
        (
            "$BE <quality:one> $OTHER <quality:other>",
            "$DO <quality:one> (differ|deviate) from <quality:other>",
        ),
    ),
    (
        qualities_alike(different=False),
        (
            "$BE <quality:one> $SAME <quality:other>",
            "$DO <quality:one> (match|equal|resemble|coincide with|agree with|correspond to) <quality:other>",
        ),
    ),
    (
        shared(different=True),
        (
            "$BE there (a|any|some|no)? (difference|distinction) (in|of) <attribute> between <thing:one> and "
            "<thing:other>",
            "$DO <thing:one> (differ|deviate) from <thing:other> in <attribute>",
            "$BE <thing:one> (different|distinct) from <thing:other> in <attribute>",
        ),
    ),
    (
        shared(different=False),
        (
            "$DO <thing:one> share (its|the|their|a|one|any)? (same)? <attribute> with <thing:other>",
            "$DO <thing:one> (match|resemble|agree with|equal) <thing:other> in <attribute>",
            "$DO <thing:one> and <thing:other> (match|agree|coincide) in <attribute>",
            "$BE <thing:one> (similar to|like|the same as|identical to) <thing:other> in <attribute>",
        ),
    ),
    (
        lambda one, other: shared(different=False)(one, other, "colour"),
        (
            "$BE <thing:one> (coloured|colored|painted) (like|the same as|the same way as|just like|the way) "
            "<thing:other>",
        ),
    ),
    (
        quality_compared("more"),
        ("$BE <measured:one> $MORE than (that of)? <thing:other>",),
    ),
    (
        quality_compared("less"),
        ("$BE <measured:one> $LESS than (that of)? <thing:other>",),
    ),
    (
        compared("more"),
        (
            "$DO <thing:one> (measure|have) more (in|of)? <dimension> than <thing:other>",
            "$DO <thing:one> (exceed|surpass|beat) <thing:other> in <dimension>",
            "$BE <thing:other> (exceeded|surpassed|beaten|outdone) in <dimension> by <thing:one>",
            "$BE <thing:other> (exceeded|surpassed|beaten|outdone) by <thing:one> in <dimension>",
        ),
    ),
    (
        compared("less"),
        ("$DO <thing:one> (measure|have) less (in|of)? <dimension> than <thing:other>",),
    ),
    (
        counts_compared("more"),
        (
            "$BE <set:one> in the majority (compared with|compared to|over|against|relative to|versus) <set:other>",
            "$BE <set:one> more (in number|plentiful|abundant)? than <set:other>",
            "$BE <set:other> outnumbered by <set:one>",
            "$BE $TALLY <set:one> $MORE than (that of|$TALLY)? <set:other>",
            "$DO $TALLY <set:one> (exceed|surpass) (that of|$TALLY)? <set:other>",
        ),
    ),
    (
        counts_compared("less"),
        (
            "$BE <set:one> in the minority (compared with|compared to|against|relative to|versus) <set:other>",
            "$BE <set:one> (fewer|less) (in number)? than <set:other>",
            "$BE $TALLY <set:one> $LESS than (that of|$TALLY)? <set:other>",
        ),
    ),
    (
        counts_compared("equal"),
        (
            "$BE $TALLY <set:one> (equal to|the same as|identical to|as high as|as large as) (that of|$TALLY)? "
            "<set:other>",
            "$BE $TALLY <set:one> and (that of|$TALLY)? <set:other> (equal|the same|identical)",
            "$DO $TALLY <set:one> (equal|match) (that of|$TALLY)? <set:other>",
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
        only_one,
        (
            "$BE <thing> the only (one|person|thing|animal|object) (that is|who is|which is)? <being>",
            "$BE <thing> the only (one|person|thing|animal|object) (that|who|which|to) <does:being>",
            "$BE <thing> the only (one|person|thing|animal|object) to <done:being>",
            "$BE (only|just) <thing> <being>",
            "$DO (only|just) <thing> <done:being>",
            "$BE <thing> alone in <being>",
        ),
    ),
    (
        lambda phrase: Which(phrase.nodes),
        (
            "$TELL (me|us)? the names of <phrase>",
            "what $BE the names of <phrase>",
        ),
    ),
    (
        which_named,
        ("what $BE the (name|identity) of <phrase>",),
    ),
    (
        pair_related(Between),
        (
            "(on|at|to|by) (which|what) side of <thing:other> $BE (there)? <thing:one>",
            "(on|at|to|by) (which|what) side of <thing:other> $DO <thing:one> (stand|lie|sit|appear)",
            "(which|what) side of <thing:other> $BE (there)? <thing:one> (on|at)",
            "what (have|has|do|does) <thing:one> and <thing:other> (have)? to do with (each other|one another)",
            "what (have|has|do|does) <thing:one> (have)? to do with <thing:other>",
            "what $BE <thing:one> in relation to <thing:other>",
            "where $BE <thing:one> (in relation to|relative to|with respect to|compared to) <thing:other>",
        ),
    ),
    (
        pair_related(Path),
        (
            "(by way of|by means of|through|via|over|by) (what|which) $BE <thing:one> "
            "(connected|linked|tied|joined) (with|to|and) <thing:other>",
        ),
    ),
    (
        distance,
        (
            "how (big|large|great|long) (a|is the) (distance|gap) (is there|is|lies)? (from|between) <thing:one> "
            "(to|and) <thing:other>",
        ),
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

CONSTRUCTIONS = tuple(construction(form, builds, _MACROS) for builds, forms in _FORMS for form in forms)
"""Tried in no order: every reading counts."""
