"""Sentences that say of given nodes that none is such as was asked for, and what tells so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from assistant.answers import Verdict
from assistant.describing import described, the_most
from assistant.layout import part_of_picture
from assistant.measured_programs import IsInSpace
from assistant.outcomes import Outcome
from assistant.phrasing import MAX_LISTED, listed
from assistant.programs import Count, IsPlaced, Which
from assistant.refusals import asked
from assistant.sentences_measured import lengths
from assistant.steps import Except, InPicture, InSpace, Intersection, Nodes, Pick, Placed, The

if TYPE_CHECKING:
    from assistant.wording import Draft


def none_of(draft: Draft, step: Nodes) -> list[str]:
    """What tells that none of the outcome's nodes is such: where it is, how far away, how far it went.

    >>> none_of(draft, InPicture(The(Find(("dog",))), "left"))                  # doctest: +SKIP
    ['dog-1 is not on the left of the picture', 'dog-1 is at the right of the picture']
    """
    if isinstance(step, Placed):
        return lies_otherwise(draft, IsPlaced(step.nodes, step.direction, step.others))
    if isinstance(step, InSpace):
        return lies_otherwise(draft, IsInSpace(step.nodes, step.direction, step.others, step.view, step.facing))
    clauses = lengths(draft) + draft.cite_placements()
    if draft.outcome.parts:
        clauses = _others_are(draft, draft.outcome.parts[0], clauses)
    elif isinstance(step, InPicture | Intersection | Except):
        clauses += _places(draft, draft.outcome.nodes)
    cited = tuple(range(len(draft.citations.listed)))
    draft.claim(described(step, draft.label), Verdict.CONTRADICTED, citations=cited)
    return clauses


def _others_are(draft: Draft, which: Outcome, clauses: list[str]) -> list[str]:
    """Which others are the tallest: "horse-1 is the tallest animal", and what tells that the given nodes are not."""
    assert isinstance(which.question, Which)
    several = len(which.nodes) > 1
    most = the_most(which.question.nodes, draft.label, several)
    told = clauses or _places(draft, (*which.nodes, *draft.outcome.nodes))
    ties = draft.cite_relations(draft.outcome.relations)
    return [f"{listed(draft.cite_nodes(which.nodes))} {'are' if several else 'is'} {most}: {listed([*told, *ties])}"]


def lies_otherwise(draft: Draft, question: IsPlaced | IsInSpace) -> list[str]:
    """That the outcome's nodes do not lie in a direction of others, by their boxes or by their places in metres."""
    outcome = draft.outcome
    claim = asked(draft, outcome, question)
    cited = tuple(at for node in (*outcome.nodes, *outcome.context) for at in draft.citations.node(node))
    draft.claim(claim, Verdict.CONTRADICTED, citations=cited)
    by = "positions in metres" if isinstance(question, IsInSpace) else "boxes in the picture"
    return [f"by their {by}, {claim.replace(' is ', ' is not ', 1)}", *lengths(draft)]


def count_of_none(draft: Draft, question: Count, words: str) -> str:
    """That none of given nodes was counted: "0 dogs in the left half", and what tells so."""
    given = draft.outcome.searched
    draft.cite_nodes(given)
    by_kind = isinstance(question.nodes, Intersection) and not isinstance(question.nodes.parts[0], The | Pick)
    around = replace(draft, outcome=draft.outcome.with_(nodes=given))
    clauses = [] if by_kind else none_of(around, question.nodes)  # of what kind a node is stands in its name
    draft.claim(f"there are {words}", Verdict.SUPPORTED, citations=tuple(range(len(draft.citations.listed))))
    return f"the graph shows {words}{': ' if clauses else ''}{listed(clauses)}"


def _places(draft: Draft, nodes: tuple[int, ...]) -> list[str]:
    """Where nodes lie in the picture, each cited."""
    source, told = draft.index.graph.source, nodes[:MAX_LISTED]
    boxes = draft.index.boxes(np.array([draft.index.position(node) for node in told]), draft.outcome.window)
    labels = draft.cite_nodes(told)
    return [f"{label} is {part_of_picture(box, *source.size)}" for label, box in zip(labels, boxes, strict=True)]
