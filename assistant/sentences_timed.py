"""Sentences of answers about time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from assistant.answers import Verdict
from assistant.outcomes import Outcome, Timing
from assistant.phrasing import clause, direction_clause, listed, times
from assistant.programs import IsPlaced
from assistant.refusals import asked
from assistant.sentences_events import events_told
from assistant.steps import Question
from assistant.timed_programs import (
    Allen,
    AllenOf,
    Changed,
    First,
    Happens,
    HowLong,
    HowOften,
    Longest,
    TimeBetween,
    When,
)

if TYPE_CHECKING:
    from assistant.wording import Draft


def orders(draft: Draft, question: Allen | AllenOf | TimeBetween) -> list[str]:
    """How the spans of two events lie to each other."""
    outcome, fps = draft.outcome, draft.index.graph.source.fps
    draft.cite_relations(outcome.relations)
    draft.cite_nodes(dict.fromkeys((*outcome.nodes, *outcome.context)))
    names = [asked(draft, Outcome(event, outcome.status), event) for event in (question.first, question.second)]
    told = []
    for first, relation, second in outcome.order:
        verb = relation if relation in _VERBS else f"is {relation}"
        words = f"{names[0]} ({times((first,), fps)}) {verb} {names[1]} ({times((second,), fps)})"
        draft.claim(words, Verdict.SUPPORTED, citations=tuple(range(len(draft.citations.listed))))
        told.append(words)
    if isinstance(question, Allen) and outcome.verdict is Verdict.CONTRADICTED:
        draft.claim(f"{names[0]} {question.relation} {names[1]}", Verdict.CONTRADICTED)
    return told


def _times(draft: Draft, question: When | HowLong | HowOften) -> tuple[str, str]:
    outcome, source = draft.outcome, draft.index.graph.source
    told = events_told(draft, question)
    shorts = [times(each.spans, source.fps).removeprefix("at ").removeprefix("in ") for each in outcome.timings]
    if isinstance(question, When):
        return listed(told), listed(shorts)
    number = outcome.number or 0
    if isinstance(question, HowOften):
        counted = f"{number} time{'' if number == 1 else 's'}"
    else:
        counted = counted_frames(draft, number)
    return f"{counted}: {listed(told)}", counted


def _first(draft: Draft, question: First | Longest) -> tuple[str, str]:
    outcome, fps = draft.outcome, draft.index.graph.source.fps
    draft.cite_relations(outcome.relations)
    told = []
    for timing in outcome.timings:
        draft.cite_nodes((timing.subject, timing.object))
        # Two events may join one pair: the relations of a timing tell which event it is of.
        relation = draft.index.graph.relations[timing.relations[0]] if timing.relations else None
        if relation is None:
            words = _wordless(draft, question, timing)
        else:
            ends = draft.label(relation.subject), draft.label(relation.object)
            words = clause(ends[0], draft.index.graph.predicate_name(relation), ends[1])
        told.append((words, times(timing.spans, fps)))
    number = outcome.number or 1
    if isinstance(question, Longest):
        word = "for the shortest time" if question.least else "for the longest time"
    else:
        word = "last" if question.last else "first"
    winners = listed([words for words, _ in told[:number]])
    spelled = [f"{words} {spans}" for words, spans in told]
    return f"{winners} {word}: {listed(spelled)}", winners


def _wordless(draft: Draft, question: First | Longest, timing: Timing) -> str:
    """An event that no relation tells: a placement or a presence."""
    if timing.subject == timing.object:
        return f"{draft.label(timing.subject)} is seen"
    placed = next((event for event in question.events if isinstance(event, IsPlaced)), None)
    ends = draft.label(timing.subject), draft.label(timing.object)
    return (
        clause(ends[0], "related to", ends[1])
        if placed is None
        else direction_clause(ends[0], placed.direction, ends[1])
    )


def _order(draft: Draft, question: AllenOf) -> tuple[str, str]:
    names = dict.fromkeys(relation for _, relation, _ in draft.outcome.order)
    return listed(orders(draft, question)), listed(list(names))


def _gap(draft: Draft, question: TimeBetween) -> tuple[str, str]:
    counted = counted_frames(draft, draft.outcome.number or 0)
    return f"{counted}: {listed(orders(draft, question))}", counted


def _happens(draft: Draft, question: Happens) -> tuple[str, str]:
    told = draft.cite_relations(draft.outcome.relations)
    graph = draft.index.graph
    shorts = [
        clause(draft.label(tie.subject), graph.predicate_name(tie), draft.label(tie.object))
        for tie in (graph.relations[at] for at in draft.outcome.relations)
    ]
    return listed(told), listed(shorts)


def _changed(draft: Draft, question: Changed) -> tuple[str, str]:
    outcome, change = draft.outcome, draft.outcome.change
    assert change is not None
    told, shorts = [], []
    for word, relations in (("begun", change.begun), ("ended", change.ended)):
        clauses = draft.cite_relations(relations)
        if clauses:
            told.append(f"{word}: {listed(clauses)}")
            shorts.append(f"{len(clauses)} {word}")
    for word, nodes in (("appeared", change.appeared), ("gone", change.gone)):
        labels = draft.cite_nodes(nodes)
        if labels:
            told.append(f"{word}: {listed(labels)}")
            shorts.append(f"{listed(labels)} {word}")
            draft.claim(f"{word}: {listed(labels)}", Verdict.SUPPORTED, citations=_places(draft, nodes))
    if not outcome.number:
        return "the graph shows no change between the two", "nothing"
    return "; ".join(told), ", ".join(shorts)


def _places(draft: Draft, nodes: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(at for node in nodes for at in draft.citations.node(node))


def counted_frames(draft: Draft, frames: int) -> str:
    """A number of frames, in seconds where the frame rate is known."""
    fps = draft.index.graph.source.fps
    counted = f"{frames} frame{'' if frames == 1 else 's'}"
    return counted if fps is None else f"{frames / fps:g} s ({counted})"


_VERBS = frozenset({"meets", "overlaps", "starts", "contains", "finishes", "equals"})

TIMED_SENTENCES: dict[type[Question], Callable[..., tuple[str, str]]] = {
    When: _times,
    HowLong: _times,
    HowOften: _times,
    First: _first,
    Longest: _first,
    AllenOf: _order,
    TimeBetween: _gap,
    Happens: _happens,
    Changed: _changed,
}
"""(draft, question) -> (text, short)."""
