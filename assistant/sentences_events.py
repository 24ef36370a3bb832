"""Sentences that say when an event happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.outcomes import Timing
from assistant.phrasing import clause, direction_clause, in_full, times
from assistant.programs import Holds, IsPlaced
from assistant.steps import Event
from assistant.timed_programs import Always, HowLong, HowOften, Seen, When

if TYPE_CHECKING:
    from assistant.wording import Draft


def events_told(draft: Draft, question: When | HowLong | HowOften | Always) -> list[str]:
    """When an event happens, pair by pair."""
    draft.cite_relations(draft.outcome.relations)
    told = []
    for timing in draft.outcome.timings:
        draft.cite_nodes((timing.subject, timing.object))
        words = _event_clause(draft, question.event, timing)
        told.append(f"{words} {times(timing.spans, draft.index.graph.source.fps)}")
    return told


def _event_clause(draft: Draft, event: Event, timing: Timing) -> str:
    subject, other = timing.subject, timing.object
    if isinstance(event, Seen):
        return f"{draft.label(subject)} is seen"
    if isinstance(event, IsPlaced):
        return direction_clause(draft.label(subject), event.direction, draft.label(other))
    assert isinstance(event, Holds)
    predicate, first, second = event.predicate, draft.label(subject), draft.label(other)
    backwards = [f"~{name}" for name in predicate.converse]
    word = predicate.word or next(iter((*predicate.forward, *backwards)), "related to")
    if word.startswith("~"):
        return clause(second, word[1:], first)
    graph = draft.index.graph
    return clause(first, in_full(word, [graph.predicate_name(graph.relations[at]) for at in timing.relations]), second)
