"""Dense captions and summaries of a graph, without a model: every sentence is backed by relations.

    0018-0045: child-1 is holding gift-1 and looking at adult-1

A caption tells what one node does in one stretch of time; a summary tells what takes most of the time,
in order. The form of a sentence is chosen by its place in the text, so that the same graph gives the
same words, and a form is used only if `verify` reads it back and finds it supported.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, NamedTuple

from assistant.answers import Citation, Claim, Verdict
from assistant.assistant import Assistant
from assistant.citing import Citations
from assistant.index import GraphIndex
from assistant.inflection import plural
from assistant.names import shown_names
from assistant.phrasing import article, clause, clause_forms, listed
from assistant.predicate_kinds import is_activity
from scenegraph.spans import Span, covered, merge

MAX_CAPTIONS = 1000
"""Sentences of one text: more than anybody reads, few enough to be made while one waits."""

MAX_KINDS = 10
"""Kinds of nodes that a summary lists."""

MAX_CITED_NODES = 50
"""Nodes that the list of a summary cites."""

MAX_TOGETHER = 3
"""Relations of one subject that one sentence tells."""


class Event(NamedTuple):
    """One relation in one span; the span is the whole source for relations that have none."""

    span: Span
    subject: int
    relation: int


@dataclass(frozen=True)
class Caption:
    """One sentence and what it rests on.

    Attributes:
        span: the frames that it tells of, half-open; None for a picture.
        seconds: the same in seconds, where the source has a frame rate.
        text: the sentence as it stands in a text.
        statement: the sentence by itself, which `verify` reads.
        claims: one for each relation or node that it states.
        relations: positions of the relations in the graph.
    """

    span: Span | None
    seconds: tuple[float, float] | None
    text: str
    statement: str
    claims: tuple[Claim, ...]
    relations: tuple[int, ...] = ()

    @property
    def line(self) -> str:
        """`0018-0045: child-1 is holding gift-1`: frames, both ends included."""
        return self.text if self.span is None else f"{self.span.start:04d}-{self.span.stop - 1:04d}: {self.text}"

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "span": None if self.span is None else list(self.span),
            "seconds": None if self.seconds is None else [round(edge, 3) for edge in self.seconds],
            "text": self.text,
            "statement": self.statement,
            "claims": [claim.to_json() for claim in self.claims],
            "relations": list(self.relations),
        }


@dataclass(frozen=True)
class Captions:
    """Sentences, and the citations to which their claims point by place."""

    sentences: tuple[Caption, ...]
    citations: tuple[Citation, ...]

    @property
    def text(self) -> str:
        """All sentences as one text, without times."""
        return " ".join(f"{sentence.text[0].upper()}{sentence.text[1:]}." for sentence in self.sentences)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "schema": "groundgraph-captions/1",
            "sentences": [sentence.to_json() for sentence in self.sentences],
            "citations": [citation.to_json() for citation in self.citations],
        }


def dense_captions(assistant: Assistant, places: bool = False) -> Captions:
    """What every node does, sentence by sentence, in the order in which it begins.

    Args:
        assistant: of the graph; its minimum score decides which relations are told.
        places: tell where things are as well, not only what somebody does. Where nobody does anything,
            places are told anyway.
    """
    writer = _Writer(assistant)
    events = writer.events(places) or writer.events(places=True)
    grouped = groupby(events, key=lambda event: (event.span, event.subject))
    parts = [part for _, group in grouped for part in _parts(list(group))]
    return writer.captions(caption for part in parts[:MAX_CAPTIONS] for caption in writer.told(part))


def summary(assistant: Assistant, most: int = 6) -> Captions:
    """What the graph shows in few sentences: what is there, then what takes most of the time, in order.

    Args:
        assistant: of the graph.
        most: sentences about what happens, at most.
    """
    writer = _Writer(assistant)
    graph = assistant.graph
    events = writer.events(places=False) or writer.events(places=True)
    longest: dict[tuple[int, int, int], Event] = {}
    for event in events:
        triple = graph.relations[event.relation].triple
        if triple not in longest or event.span.length > longest[triple].span.length:
            longest[triple] = event
    score = assistant.index.relation_scores
    weighed = sorted(longest.values(), key=lambda event: (-event.span.length, -score[event.relation], event))
    chosen = sorted(weighed[:most])
    opening = [writer.contents()] if graph.nodes else []
    told = [_joined(caption, at, chosen) for at, event in enumerate(chosen) for caption in writer.told((event,))]
    return writer.captions([*opening, *told])


class _Writer:
    """Writes the sentences of one text and collects its citations."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.index: GraphIndex = assistant.index
        self.citations = Citations(self.index)
        self.written = 0

    def events(self, places: bool) -> list[Event]:
        """Relations span by span, by their beginning; activities only, or places as well."""
        graph, index = self.assistant.graph, self.index
        found = []
        for at in range(len(graph.relations)):
            relation = graph.relations[at]
            if index.believed[at] and (places or is_activity(graph.predicate_name(relation))):
                found += [Event(span, relation.subject, at) for span in merge(relation.spans or index.whole)]
        return sorted(found, key=lambda event: (event.span, event.subject, index.rank[event.relation]))

    def captions(self, sentences: Iterable[Caption]) -> Captions:
        """The text that some sentences make."""
        listed_sentences = tuple(sentences)
        return Captions(listed_sentences, tuple(self.citations.listed))

    def told(self, events: tuple[Event, ...]) -> list[Caption]:
        """Relations of one subject in one span: one sentence, or one each where that would be misread."""
        relations = tuple(event.relation for event in events)
        statement = next(self._supported(self._forms(relations)), None)
        if statement is None and len(events) > 1:
            return [caption for event in events for caption in self.told((event,))]
        self.written += 1
        # A relation of which no form can be read back has names that are no English: it is told as it stands.
        return [self._caption(events[0].span, relations, statement or self._progressive(relations))]

    def _caption(self, span: Span, relations: tuple[int, ...], statement: str) -> Caption:
        """A sentence with its claims and citations."""
        graph, index = self.assistant.graph, self.index
        timed = graph.source.kind != "image"
        self.citations.window = (span,) if timed else None
        claims = []
        for at in relations:
            relation = graph.relations[at]
            ends = index.label(relation.subject), index.label(relation.object)
            name = graph.predicate_name(relation)
            cited = self.citations.relation(at)
            cited += self.citations.node(relation.subject) + self.citations.node(relation.object)
            words = clause(ends[0], name, ends[1])
            claims.append(Claim(words, Verdict.SUPPORTED, relation.subject, name, relation.object, cited))
        return Caption(*(span if timed else None, self._seconds(span)), statement, statement, tuple(claims), relations)

    def contents(self) -> Caption:
        """What is there, the kinds with most nodes first where there are many: "there are 2 people and a dog"."""
        graph, index = self.assistant.graph, self.index
        names = shown_names(graph.vocabulary)
        counts: dict[int, int] = {}
        for node in index.nodes:
            counts[node.category] = counts.get(node.category, 0) + 1
        parts = [
            article(names[category])
            if count == 1 or not graph.vocabulary.is_thing(category)
            else f"{count} {plural(names[category])}"
            for category, count in sorted(counts.items(), key=lambda item: -item[1])[:MAX_KINDS]
        ]
        several = len(index.nodes) > 1 and parts[0][0].isdigit()
        verb = "there are" if several else "there is"
        statement = f"{verb} {' and '.join(parts)}"
        text = f"{verb} {', '.join(parts[:-1])} and {parts[-1]}" if len(parts) > 1 else statement
        cited = tuple(place for node in index.nodes[:MAX_CITED_NODES] for place in self.citations.node(node.id))
        return Caption(None, None, text, statement, (Claim(text, Verdict.SUPPORTED, citations=cited),))

    def _supported(self, forms: Iterable[str]) -> Iterator[str]:
        """The forms that are read back and found in the graph."""
        return (form for form in forms if self.assistant.verify(form).supported)

    def _forms(self, relations: tuple[int, ...]) -> list[str]:
        """Ways to say the relations, another one first for every sentence."""
        forms = [self._progressive(relations)]
        if len(relations) == 1:
            graph, index = self.assistant.graph, self.index
            tie = graph.relations[relations[0]]
            forms = clause_forms(index.label(tie.subject), graph.predicate_name(tie), index.label(tie.object))
        turn = self.written % len(forms)
        return [*forms[turn:], *forms[:turn]]

    def _progressive(self, relations: tuple[int, ...]) -> str:
        """`child-1 is holding gift-1 and looking at adult-1`."""
        graph, index = self.assistant.graph, self.index
        ties = [graph.relations[at] for at in relations]
        first, *rest = [clause("", graph.predicate_name(tie), index.label(tie.object)).strip() for tie in ties]
        return f"{index.label(ties[0].subject)} {listed([first, *(each.removeprefix('is ') for each in rest)])}"

    def _seconds(self, span: Span) -> tuple[float, float] | None:
        fps = self.assistant.graph.source.fps
        return None if fps is None else span.seconds(fps)


def _parts(events: list[Event]) -> Iterator[tuple[Event, ...]]:
    """Events of one subject and span, some at a time."""
    for start in range(0, len(events), MAX_TOGETHER):
        yield tuple(events[start : start + MAX_TOGETHER])


def _joined(caption: Caption, at: int, events: list[Event]) -> Caption:
    """The sentence with a word that says when, measured by the spans."""
    if caption.span is None:
        return caption
    before = events[at - 1].span if at else None
    whole = covered([event.span for event in events])
    if before == caption.span:
        word = "at the same time"
    elif caption.span.length >= whole and len(events) > 1:
        word = "all the while"
    elif before is None:
        word = "first" if len(events) > 1 else ""
    elif before.stop <= caption.span.start:
        word = "after that"
    else:
        word = "meanwhile" if before.start < caption.span.start else "at the same time"
    return replace(caption, text=f"{word} {caption.text}".strip())
