"""The constructions of English that hold a size, a speed or a distance of something against a number."""

from __future__ import annotations

from collections.abc import Callable

from assistant.amounts import Amount
from assistant.construction_programs import Builds
from assistant.constructions import constructions
from assistant.dimensions import NOUNS
from assistant.programs import Count, Exists, Not, Which
from assistant.steps import Nodes, Question, The


def _is_so(one: Nodes, name: str, amount: Amount) -> Question | None:
    """Is the height of the car more than 2 m? Are the heights of the cars?"""
    saying = amount.of(NOUNS[name])
    return None if saying is None else saying.ask(one, isinstance(one, The) and one.plural)


def _is_not_so(one: Nodes, name: str, amount: Amount) -> Question | None:
    """Does the height of the car not exceed 2 m?"""
    asked = _is_so(one, name, amount)
    return None if asked is None else Not(asked)


def _asked_of(question: Callable[[Nodes], Question]) -> Builds:
    """Which car's height is more than 2 m?"""

    def build(name: str, amount: Amount, nodes: Nodes) -> Question | None:
        saying = amount.of(NOUNS[name])
        return None if saying is None else question(saying.narrow(nodes))

    return build


_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (
        _is_so,
        (
            "$BE the <size:name> of <thing:one> <amount>",
            "$BE <thing:one> 's <size:name> <amount>",
            "$DO the <size:name> of <thing:one> <amount>",
            "$DO <thing:one> 's <size:name> <amount>",
        ),
    ),
    (
        _is_not_so,
        (
            "$BE the <size:name> of <thing:one> not <amount>",
            "$DO the <size:name> of <thing:one> not <amount>",
            "$DO <thing:one> 's <size:name> not <amount>",
        ),
    ),
    (
        _asked_of(Which),
        (
            "(which|what) <kind:nodes> 's <size:name> ($BE)? <amount>",
            "<whose:nodes> <size:name> ($BE)? <amount>",
            "of (which|what) <kind:nodes> $BE the <size:name> <amount>",
            "the <size:name> of (which|what) <kind:nodes> ($BE)? <amount>",
        ),
    ),
    (_asked_of(Count), ("of how many <plural:nodes> $BE the <size:name> <amount>",)),
    (_asked_of(Exists), ("$BE (any|some) <kind:nodes> 's <size:name> <amount>",)),
)

AMOUNTS = constructions(_FORMS)
"""Tried in no order: every reading counts."""
