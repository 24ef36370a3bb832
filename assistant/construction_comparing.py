"""The constructions of English that compare two things, say which of two it is, or ask what stayed where it was."""

from __future__ import annotations

from assistant.construction_programs import Builds, neither, one_of_two
from assistant.constructions import constructions
from assistant.measured_programs import Compare
from assistant.programs import AllOf, Exists, Not, Which
from assistant.steps import Moved, Superlative, Union

_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        one_of_two,
        (
            "$BE (exactly|only|just) one of <thing:one> and <thing:other> <being>",
            "$DO (exactly|only|just) one of <thing:one> and <thing:other> <done:being>",
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
        ),
    ),
    (
        lambda one, other, dimension: Which(Superlative(Union((one, other)), *dimension)),
        (
            "(which|what|who) $BE (the)? <more:dimension> (one)? <thing:one> or <thing:other>",
            "(which|what|who) $BE (the)? <most:dimension> (one)? <thing:one> or <thing:other>",
        ),
    ),
    (
        lambda thing: Exists(Moved(thing)),
        ("(has|have|had) <thing> been (moved|displaced|shifted)", "$BE <thing> (moved|displaced|shifted)"),
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
        lambda one, other, quantity: Compare(one, quantity, "less", other),
        ("$DO <thing:one> have (a|the)? $LESS <quantity> than <thing:other> ($DO)?",),
    ),
    (
        lambda thing: Exists(Moved(thing, True)),
        (
            "$DO <thing> (stay|remain|keep) $UNMOVED $ALWAYS",
            "(has|have|had) <thing> (stayed|remained|kept) $UNMOVED $ALWAYS",
            "$BE <thing> (motionless|stationary|immobile|at rest|standing still) $ALWAYS",
            "$DO <thing> not move $ALWAYS",
            "$BE <thing> where (it|he|she|they) (was|were)",
        ),
    ),
)

COMPARING = constructions(_FORMS)
"""Tried in no order: every reading counts."""
