"""Sentences of answers about quantities and space."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import TYPE_CHECKING

from assistant.answers import Verdict
from assistant.describing import described, the_most
from assistant.measured_programs import (
    Bearing,
    Compare,
    CompareCounts,
    CompareDistances,
    Coordinates,
    Distance,
    Measure,
)
from assistant.phrasing import VIEWS, amount, listed, times, way
from assistant.programs import Which
from assistant.ranked_steps import Ranked, picks_first
from assistant.steps import Question, The, View
from scenegraph.spans import merge

if TYPE_CHECKING:
    from assistant.wording import Draft

_COMPARED = {"more": "more than", "less": "less than", "equal": "equal to"}


def compared(draft: Draft, question: Compare | CompareDistances | CompareCounts) -> list[str]:
    """What was compared, value by value or count by count."""
    outcome, steps = draft.outcome, (question.nodes, question.others)
    what: str
    if isinstance(question, Compare):
        clauses = draft.cite_measures()
        what, names = question.quantity, [described(step, draft.label) for step in steps]
    elif isinstance(question, CompareDistances):
        clauses = lengths(draft)
        what = f"distance from {described(question.target, draft.label)}"
        names = [described(step, draft.label) for step in steps]
    else:
        draft.cite_nodes((*outcome.nodes, *outcome.context))
        counts = len(outcome.nodes), len(outcome.context)
        counted = [described(step, draft.label, count) for step, count in zip(steps, counts, strict=True)]
        clauses = [f"the graph shows {' and '.join(counted)}"]
        what, names = "number", [described(step, draft.label, 2).removeprefix("2 ") for step in steps]
    claim = f"the {what} of {names[0]} is {_COMPARED[question.how]} that of {names[1]}"
    cited = tuple(range(len(draft.citations.listed)))
    draft.claim(claim, outcome.verdict or Verdict.NOT_IN_GRAPH, citations=cited)
    return clauses


def _measure(draft: Draft, question: Measure | Distance) -> tuple[str, str]:
    clauses = draft.cite_measures()
    draft.cite_relations(draft.outcome.relations)
    return f"{listed(clauses)}{_resting(draft)}", listed([amount(measured) for measured in draft.outcome.measures])


def _bearing(draft: Draft, question: Bearing) -> tuple[str, str]:
    """Dog-1 is 2.4 m away from the camera: 0.8 m to the left, 2.2 m ahead."""
    draft.cite_measures()
    told, shorts = [], []
    for (node, other), rows in groupby(draft.outcome.measures, key=lambda measured: (measured.node, measured.other)):
        length, *offsets = rows
        ways = listed(way(offsets))
        where = "the camera" if other is None else draft.label(other)
        told.append(f"{draft.label(node)} is {amount(length)} away from {where}{f': {ways}' if ways else ''}")
        shorts.append(f"{amount(length)}{f', {ways}' if ways else ''}")
    return f"{listed(told)} ({VIEWS[question.view]}){_resting(draft)}", listed(shorts)


_UPRIGHT = {
    "-y": "x to the right, y down, z forward",
    "y": "x to the right, y up, z backward",
    "z": "x to the right, y forward, z up",
}
"""The axes of a world, by the one that points up."""


def of_rank(draft: Draft, question: Which, nodes: str) -> str | None:
    """That some nodes are the second largest dog, or the two largest; None of what is just the largest.

    >>> of_rank(draft, Which(Superlative(Find(("dog",)), "area", rank=2)), "dog-3")          # doctest: +SKIP
    'dog-3 is the second largest dog'
    """
    step = question.nodes.nodes if isinstance(question.nodes, The) else question.nodes
    if not isinstance(step, Ranked) or picks_first(step):
        return None
    several = len(draft.outcome.nodes) > 1
    return f"{nodes} {'are' if several else 'is'} {the_most(step, draft.label, several)}"


def lengths(draft: Draft) -> list[str]:
    """The measures, one clause each, the last with the frames that metres rest on."""
    clauses = draft.cite_measures()
    return [*clauses[:-1], f"{clauses[-1]}{_resting(draft)}"] if clauses else []


def _resting(draft: Draft) -> str:
    """The frames that measures in metres rest on."""
    spans = merge(span for measured in draft.outcome.measures for span in measured.frames)
    return f", measured {times(spans, draft.index.graph.source.fps)}" if spans else ""


def _coordinates(draft: Draft, question: Coordinates) -> tuple[str, str]:
    return coordinates(draft, question.view)


def coordinates(draft: Draft, view: View) -> tuple[str, str]:
    """The measured places, node by node, and along which axes they are."""
    draft.cite_measures()
    told, shorts = [], []
    for node, axes in groupby(draft.outcome.measures, key=lambda measured: measured.node):
        values = [f"{axis.quantity} {amount(axis)}" for axis in axes]
        told.append(f"{draft.label(node)} is at {', '.join(values)}")
        shorts.append(", ".join(values))
    axes_of = _UPRIGHT[draft.index.graph.source.up if view == "world" else "-y"]
    return f"{listed(told)} ({VIEWS[view]}: {axes_of}){_resting(draft)}", listed(shorts)


MEASURED_SENTENCES: dict[type[Question], Callable[..., tuple[str, str]]] = {
    Measure: _measure,
    Distance: _measure,
    Coordinates: _coordinates,
    Bearing: _bearing,
}
"""(draft, question) -> (text, short)."""
