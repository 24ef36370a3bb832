"""Checking the claims of a language model against the graph, one by one."""

from collections.abc import Iterable
from typing import Any, TypeGuard

import numpy as np

from assistant.answers import Claim, Verdict
from assistant.citing import Citations
from assistant.contradictions import contradictions
from assistant.index import GraphIndex
from assistant.phrasing import clause, times
from assistant.steps import Predicate
from scenegraph.spans import Span, Spans, covered, intersect

MAX_CLAIMS = 16
"""Claims of one answer that are checked; a model that makes more is not answering a question."""


def check_triples(index: GraphIndex, claims: Iterable[Any], citations: Citations) -> list[Claim]:
    """Verdicts for claims of the form `{"subject": 0, "predicate": "riding", "object": 4, "frames": [3, 9]}`.

    A claim is supported only if both ids exist, the relation is in the graph in that direction, and it
    holds in all frames that are claimed (first and last, both included). Anything that has another
    form is left out.
    """
    checked: list[Claim] = []
    for claim in claims:
        if len(checked) == MAX_CLAIMS:
            break
        fields = _fields(claim)
        if fields is not None:
            checked.append(_check(index, *fields, citations))
    return checked


def _fields(claim: Any) -> tuple[int, str, int, Spans | None] | None:
    if not isinstance(claim, dict):
        return None
    subject, other = claim.get("subject"), claim.get("object")
    predicate, frames = claim.get("predicate"), claim.get("frames")
    if not (isinstance(predicate, str) and _whole(subject) and _whole(other)):
        return None
    if frames is None:
        return subject, predicate, other, None
    if isinstance(frames, list) and len(frames) == 2 and all(map(_whole, frames)) and 0 <= frames[0] <= frames[1]:
        return subject, predicate, other, (Span.inclusive(*frames),)
    return None


def _check(
    index: GraphIndex, subject: int, predicate: str, other: int, frames: Spans | None, citations: Citations
) -> Claim:
    words = clause(index.label(subject), predicate[:60] or "?", index.label(other))
    if frames is not None:
        words = f"{words} {times(frames, index.graph.source.fps)}"
    ends = index.positions([subject]), index.positions([other])
    if not (len(ends[0]) and len(ends[1]) and index.has_predicate(predicate)):
        return Claim(words, Verdict.NOT_IN_GRAPH)
    found = np.flatnonzero(
        (index.subjects == ends[0][0]) & (index.objects == ends[1][0]) & index.of_predicates([predicate])
    ).tolist()
    wanted = 0 if frames is None else covered(frames)
    holding = [at for at in found if frames is None or covered(intersect(index.spans(at), frames)) == wanted]
    if holding:
        citations.window = frames
        cited = citations.relation(holding[0]) + citations.node(subject) + citations.node(other)
        return Claim(words, Verdict.SUPPORTED, subject, predicate, other, cited)
    against = contradictions(index, ends[0], Predicate((predicate,)), ends[1], frames)
    cited = tuple(place for at in against for place in citations.relation(at))
    verdict = Verdict.CONTRADICTED if against else Verdict.NOT_IN_GRAPH
    return Claim(words, verdict, subject, predicate, other, cited)


def _whole(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 1 << 53
