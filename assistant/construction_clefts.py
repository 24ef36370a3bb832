"""The constructions of English that say of two things whether both, one or none it is: is it neither the dog nor ..."""

from __future__ import annotations

from collections.abc import Callable

from assistant.construction_programs import Builds, all_asked, only_one
from assistant.constructions import constructions
from assistant.programs import AllOf, AnyOf, ExactlyOneOf, Not
from assistant.sayings import Gap, Phrase, there_is
from assistant.steps import Nodes, Question

Joins = Callable[[Question, Question], Question]
_THAT = "(that|which|who|whom)"
_THERE = "(there|present|visible|shown|seen|to be seen|here|depicted|around|in view|to be found)"
_OF_TWO = (
    "of (the two|them|these|those|these two|those two|the two of them|the two things|these two things|the following|"
    "the following two)"
)
_ONE, _ANY, _NONE, _BOTH = (
    f"(exactly one|only one|just one|precisely one|one and only one) {_OF_TWO}",
    f"(at least one|one|any|either|either one) {_OF_TWO}",
    f"(neither|none|not one|neither one) {_OF_TWO}",
    f"(both|both {_OF_TWO}|the two of them)",
)


def _said(joins: Joins) -> Builds:
    """Is it so of two things?"""
    return lambda one, other, being: joins(all_asked(one, being), all_asked(other, being))


def _held(joins: Joins) -> Builds:
    """Is it of two things that somebody does it?"""

    def build(one: Nodes, other: Nodes, subject: Nodes, gap: Gap) -> Question:
        return joins(gap.held_by(subject, one), gap.held_by(subject, other))

    return build


def _there(joins: Joins) -> Builds:
    """Are two things there?"""

    def build(first: Phrase, second: Phrase) -> Question | None:
        return None if first.definite or second.definite else joins(there_is(first), there_is(second))

    return build


def _cleft(pair: str) -> tuple[str, ...]:
    return (f"$BE it {pair} {_THAT} $BE <being>", f"$BE it {pair} {_THAT} <does:being>")


def _cleft_object(pair: str) -> tuple[str, ...]:
    return (
        f"$BE it {pair} {_THAT} <thing:subject> $BE <verb_ing:gap>",
        f"$BE it {pair} {_THAT} <thing:subject> <verb_past:gap>",
    )


def _of_the_two(how_many: str) -> tuple[str, ...]:
    """Only one of the two is there, a bench or a sofa."""
    two = "<phrase:first> (or|and) <phrase:second>"
    return (
        f"{how_many} (is|are|was|were) {_THERE} {two}",
        f"$BE {how_many} {_THERE} {two}",
        f"$BE there {how_many} {two}",
        f"there $BE {how_many} {two}",
        f"{two} {how_many} $BE ({_THERE})?",
        f"$BE {how_many} {two} {_THERE}",
    )


def _of_the_two_said(how_many: str) -> tuple[str, ...]:
    """Only one of the two is on the bench, the dog or the cat."""
    two = "<thing:one> (or|and) <thing:other>"
    return (
        f"{how_many} $BE <being> {two}",
        f"{how_many} <does:being> {two}",
        f"$BE {how_many} <being> {two}",
        f"$DO {how_many} <done:being> {two}",
        f"{two} {how_many} $BE <being>",
    )


def _both(one: Question, other: Question) -> Question:
    return AllOf((one, other))


def _one_at_least(one: Question, other: Question) -> Question:
    return AnyOf((one, other))


def _only_one(one: Question, other: Question) -> Question:
    return ExactlyOneOf((one, other))


def _none(one: Question, other: Question) -> Question:
    return Not(AnyOf((one, other)))


def _one_not_other(one: Question, other: Question) -> Question:
    return AllOf((one, Not(other)))


_PAIRS: tuple[tuple[Joins, str], ...] = (
    (_none, "neither <thing:one> nor <thing:other>"),
    (_both, "both <thing:one> and <thing:other>"),
    (_one_at_least, "either <thing:one> or <thing:other>"),
    (_one_not_other, "<thing:one> (and not|but not|rather than|instead of|not) <thing:other>"),
    (_one_not_other, "not <thing:other> but <thing:one>"),
)
_NUMBERS: tuple[tuple[Joins, str], ...] = ((_only_one, _ONE), (_one_at_least, _ANY), (_none, _NONE), (_both, _BOTH))

_BUT = "(but|except|except for|other than|besides|apart from|aside from|save)"

_FORMS: tuple[tuple[Builds, tuple[str, ...]], ...] = (
    (lambda thing, being: all_asked(thing, being), ("$BE it <being> that <thing> (is|are|was|were)",)),
    (
        _said(_one_not_other),
        (
            "$BE <thing:one> (not|and not|rather than|instead of) <thing:other> <being>",
            "$DO <thing:one> (not|and not|rather than|instead of) <thing:other> <done:being>",
            "<thing:one> $BE <being> (and|but|while|whereas|though|yet) <thing:other> $BE not",
            "<thing:one> <does:being> (and|but|while|whereas|though|yet) <thing:other> $DO not",
        ),
    ),
    (
        _said(_both),
        (
            "<thing:one> $BE <being> and (so $BE <thing:other>|<thing:other> $BE (too|also|as well))",
            "<thing:one> <does:being> and (so $DO <thing:other>|<thing:other> $DO (too|also|as well))",
            "$BE <thing:one> <being> and (so $BE <thing:other>|$BE <thing:other> (too|also|as well))",
            "$BE <thing:one> <being> and <thing:other> (too|also|as well|likewise)",
            "$DO <thing:one> <done:being> and (so $DO <thing:other>|<thing:other> (too|also|as well|likewise))",
        ),
    ),
    (
        only_one,
        (
            "(only|just) <thing> $BE <being>",
            "(only|just) <thing> <does:being>",
            f"(nobody|noone|no one|nothing) {_BUT} <thing> $BE <being>",
            f"(nobody|noone|no one|nothing) {_BUT} <thing> <does:being>",
        ),
    ),
    *((_said(joins), _cleft(pair)) for joins, pair in _PAIRS),
    *((_held(joins), _cleft_object(pair)) for joins, pair in _PAIRS),
    *((_there(joins), _of_the_two(how_many)) for joins, how_many in _NUMBERS),
    *((_said(joins), _of_the_two_said(how_many)) for joins, how_many in _NUMBERS),
)

CLEFTS = constructions(_FORMS)
"""Tried in no order: every reading counts."""
