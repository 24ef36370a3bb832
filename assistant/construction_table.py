"""The constructions of English that ask about attributes, numbers and about two things at once."""

from __future__ import annotations

from assistant.construction_amounts import AMOUNTS
from assistant.construction_clefts import CLEFTS
from assistant.construction_comparing import COMPARING
from assistant.construction_counting import COUNTING
from assistant.construction_programs import (
    Builds,
    alike,
    all_asked,
    asked_of,
    attribute,
    colour,
    compared,
    distance,
    held,
    kind_of_this,
    nearest,
    one_kind_of_two,
    only_object,
    only_one,
    pair_related,
    qualities_alike,
    quality_compared,
    shared,
    which_named,
)
from assistant.construction_scans import SCANNED
from assistant.construction_space import SPACE
from assistant.construction_spoken import SPOKEN_FORMS
from assistant.construction_times import TIMED
from assistant.constructions import Table, constructions
from assistant.corners import CORNERS
from assistant.lasting import LASTING
from assistant.measured_programs import Compare
from assistant.overlaps import OVERLAPS
from assistant.programs import (
    AllOf,
    AnyOf,
    AttributeOf,
    Between,
    ChooseValue,
    Common,
    Describe,
    Doing,
    HasAttribute,
    Locate,
    Not,
    Path,
    Which,
)
from assistant.sayings import there_is
from assistant.steps import The, Union

_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        only_object,
        (
            "$BE <thing> the only $THING (that|which|who|whom)? <thing:other> $BE <verb_ing:gap>",
            "$BE <thing> the only $THING (that|which|who|whom)? <thing:other> <verb_past:gap>",
        ),
    ),
    (
        lambda one, other, being: AllOf((*asked_of(one, being), Not(all_asked(other, being)))),
        (
            "$BE <thing:one> (but|and|though) not <thing:other> <being>",
            "$DO <thing:one> (but|and|though) not <thing:other> <done:being>",
            "$BE <thing:one> <being> (but|and|while|whereas) <thing:other> $BE not",
            "$DO <thing:one> <done:being> (but|and|while|whereas) <thing:other> $DO not",
        ),
    ),
    (
        lambda one, other, being: AnyOf((all_asked(one, being), all_asked(other, being))),
        (
            "$BE at least one of <thing:one> and <thing:other> <being>",
            "$DO at least one of <thing:one> and <thing:other> <done:being>",
        ),
    ),
    (
        lambda one, other: AllOf((one, other)),
        ("<yes_no:one> and <yes_no:other>",),
    ),
    (
        lambda one, other: AnyOf((one, other)),
        ("<asked:one> or <asked:other>",),
    ),
    (
        lambda one, gap, first, other, second: AllOf((gap.held_by(one, first), gap.held_by(other, second))),
        (
            "$BE <thing:one> <verb_ing:gap> <thing:first> and <thing:other> <thing:second>",
            "$DO <thing:one> <verb:gap> <thing:first> and <thing:other> <thing:second>",
        ),
    ),
    (
        one_kind_of_two,
        ("$BE <thing> (a|an) <kind_word:one> or (a|an)? <kind_word:other>",),
    ),
    (
        lambda one, other: Compare(one, "area", "more", other),
        (
            "$DO <thing:one> (occupy|cover|take up|fill) a $MORE (area|part|share|portion|region) than <thing:other>",
            "<thing:one> (occupies|covers|takes up|fills) a $MORE (area|part|share|portion|region) than <thing:other>",
        ),
    ),
    (
        lambda one, other: Compare(one, "area", "less", other),
        (
            "$DO <thing:one> (occupy|cover|take up|fill) a $LESS (area|part|share|portion|region) than <thing:other>",
            "<thing:one> (occupies|covers|takes up|fills) a $LESS (area|part|share|portion|region) than <thing:other>",
        ),
    ),
    (
        lambda one, first, other, second: AllOf((*asked_of(one, first), *asked_of(other, second))),
        ("$BE <thing:one> <being:first> (and|but|while) <thing:other> <being:second>",),
    ),
    (
        shared(different=False),
        ("$BE there no (difference|distinction) (in|of) <attribute> between <thing:one> and <thing:other>",),
    ),
    (
        shared(different=True),
        ("$BE there (a|any|some)? (difference|distinction) between <thing:one> and <thing:other> in <attribute>",),
    ),
    (
        lambda thing, value: Not(HasAttribute(thing, value.value, value.attribute)),
        (
            "$BE <thing> (any|some|a|of a|of any|of some) (colour|color|material|size|shape)? "
            "(other than|but|except|besides|different from) <value>",
        ),
    ),
    (
        lambda quality, value: Not(HasAttribute(quality.nodes, value.value, value.attribute)),
        ("$BE <quality> (anything|something) (other than|but|except|besides|different from) <value>",),
    ),
    (
        compared("equal"),
        ("$BE <thing:one> (equal|identical|similar|the same) in <dimension> (to|as|with) <thing:other>",),
    ),
    (
        lambda owners: Which(owners),
        (
            "who (owns|owned) <owners>",
            "who $BE the owner of <owners>",
            "to (whom|who) $DO <owners> belong",
            "who $DO <owners> belong to",
            "whose $BE <owners>",
        ),
    ),
    (
        distance,
        (
            "(how far|how many $METRES|what distance|how much distance) (is it|is there|are there|does it take) "
            "(from|between) <thing:one> (to|and) <thing:other>",
        ),
    ),
    (
        which_named,
        ("what $BE <phrase> (called|named)", "what (do|would) (you|we|people|one) call <phrase>"),
    ),
    (
        lambda phrase: there_is(phrase),
        (
            "$BE (this|that|it) (a|an) (picture|image|photo|photograph|video|clip|shot) (of|showing|with) <phrase>",
            "$DO (this|that|it|the) (picture|image|photo|photograph|video|clip|scene)? (depict|portray) <phrase>",
        ),
    ),
    (
        lambda thing: Locate(thing),
        (
            "where $DO <thing> (go|get to|end up|disappear to)",
            "(what|where|which) $BE <thing> 's (exact)? (position|location|whereabouts|place|spot)",
            "(what|which) (position|location|place|spot) (is|are|has|have|does|do) <thing> (in|at|have|occupy|take)?",
        ),
    ),
    (
        nearest(farthest=False),
        (
            "(which|who|what) (one|thing|object)? (is|are|lies|stands|sits) (the)? (closer|nearer) (one)? to "
            "<thing:other>",
            "(which|what) <kind> (is|are|lies|stands|sits|was|were) (the)? (closer|nearer) (one)? to <thing:other>",
        ),
    ),
    (
        lambda gap, thing, kind, attribute: AttributeOf(The(held(thing, gap, kind)), attribute),
        (
            "(what|which) <attribute> <kind> $BE <thing> <verb_ing:gap>",
            "(what|which) <attribute> <kind> $DO <thing> <verb:gap>",
        ),
    ),
    (
        kind_of_this,
        ("(what|which) (kind of|type of|sort of)? <phrase> $BE (this|that|shown|shown here|pictured|<thing>)",),
    ),
    (
        nearest(farthest=True),
        (
            "(which|what) <kind> (is|are|lies|stands|sits|was|were) (the)? (farther|further) (away)? from "
            "<thing:other>",
            "(which|who|what) (one|thing|object)? (is|are|lies|stands|sits) (the)? (farther|further) (away)? from "
            "<thing:other>",
        ),
    ),
    (
        lambda group: Common(group),
        ("$DO <group> (have|share) (anything|something) (in common)?",),
    ),
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
        lambda thing, material: HasAttribute(thing, material, "material"),
        ("$BE <thing> (made|built|constructed) (of|from|out of) <material>",),
    ),
    (
        lambda thing, one, other: ChooseValue(thing, (one, other), "material"),
        (
            "$BE <thing> (made|built|constructed) (of|from|out of) <material:one> or (of)? <material:other>",
            "$BE <thing> <material:one> or <material:other>",
        ),
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
            "$BE there (a|any|some)? (difference|distinction) (in|of) <attribute> between <thing:one> and "
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
        only_one,
        (
            "$BE <thing> the only $THING (that is|who is|which is)? <being>",
            "$BE <thing> the only $THING (that|who|which|to) <does:being>",
            "$BE <thing> the only $THING to <done:being>",
            "$BE it (only|just) <thing> (that|who|which) $BE <being>",
            "$BE it (only|just) <thing> (that|who|which) <does:being>",
            "$BE (nobody|noone|no one|nothing) (but|except|except for|other than|besides|apart from) <thing> <being>",
            "$DO (nobody|noone|no one|nothing) (but|except|except for|other than|besides|apart from) <thing> "
            "<done:being>",
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
            "what (have|has|do|does) <thing:one> and <thing:other> (have|got)? to do with (each other|one another)",
            "what (have|has|do|does|is) <thing:one> (have|got)? to do with <thing:other>",
            "what $BE <thing:one> in relation to <thing:other>",
        ),
    ),
    (
        lambda group: Doing(group) if isinstance(group, Union) else None,
        ("what $BE <group> (each|both|all|together)? (doing|up to)", "what $DO <group> (each|both|all|together)? do"),
    ),
    (
        lambda group: Describe(group) if isinstance(group, Union) else None,
        ("describe (both)? <group>",),
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
)

CONSTRUCTIONS = Table(
    (
        *constructions(_FORMS),
        *COUNTING,
        *COMPARING,
        *AMOUNTS,
        *SPACE,
        *SCANNED,
        *TIMED,
        *LASTING,
        *OVERLAPS,
        *CORNERS,
        *CLEFTS,
        *SPOKEN_FORMS,
    )
)
"""Tried in no order: every reading counts."""
