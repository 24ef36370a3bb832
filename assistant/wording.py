"""Putting outcomes into words: text, short answer, claims and citations.

Every statement about the graph that leaves here as supported is a relation, node, attribute or
placement of the graph, and is cited.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from assistant.answers import Claim, GroundedAnswer, MeasuredValue, Reason, Status, Verdict
from assistant.citing import MAX_CITED, Citations
from assistant.index import GraphIndex
from assistant.names import printable
from assistant.outcomes import Halfway, Outcome, Placement, Shared, Sight, Spot
from assistant.phrasing import PARTS, VIEWS, clause, direction_clause, listed, measured_clause, times
from assistant.programs import ChoosePart, Program, kind_of, rests_on_absence
from assistant.refusals import refusal
from assistant.sentences import sentences_of
from assistant.steps import Extreme, walk
from assistant.units import OF_QUANTITY
from scenegraph.spans import Spans, covered

MAX_CLAIMS = 20
"""Claims that one answer lists."""


@dataclass
class Draft:
    """An answer while it is put together; `moments` are words for the frames, where the source has other things."""

    index: GraphIndex
    outcome: Outcome
    citations: Citations
    moments: tuple[str, ...] = ()
    claims: list[Claim] = field(default_factory=list)

    def label(self, node_id: int) -> str:
        """How a node is called."""
        return self.index.label(node_id)

    def clause(self, relation: int) -> str:
        """A relation in words, with the time in which it holds where that is not the whole source."""
        found = self.index.graph.relations[relation]
        words = clause(self.label(found.subject), self.index.graph.predicate_name(found), self.label(found.object))
        spans = self.index.spans(relation, self.outcome.window)
        asked = self.index.whole if self.outcome.window is None else self.outcome.window
        if not spans or covered(spans) < covered(asked):  # of another time: its own frames
            spans = spans or self.index.spans(relation)
            words = f"{words} {self._times(spans)}"
        return words

    def _times(self, spans: Spans) -> str:
        if self.moments:
            return listed([self.moments[frame] for span in spans for frame in range(span.start, span.stop)])
        return times(spans, self.index.graph.source.fps)

    def cite_relations(self, relations: Iterable[int], verdict: Verdict = Verdict.SUPPORTED) -> list[str]:
        """Clauses for relations, each claimed and cited with both of its ends.

        Of many, the first are spelled out and the others are only counted ("").
        """
        listed_relations = list(relations)
        clauses = []
        for relation in listed_relations[:MAX_CLAIMS]:
            found = self.index.graph.relations[relation]
            cited = self.citations.relation(relation)
            cited += self.citations.node(found.subject) + self.citations.node(found.object)
            words = self.clause(relation)
            clauses.append(words)
            self.claim(words, verdict, (found.subject, self.index.graph.predicate_name(found), found.object), cited)
        rest = len(listed_relations) - len(clauses)
        self.citations.skip(rest)
        return [*clauses, *([""] * rest)]

    def cite_placements(self) -> list[str]:
        """Clauses for placements, each claimed and cited by its two nodes."""
        clauses = []
        for first, direction, second in self.outcome.placements[:MAX_CLAIMS]:
            ends = (second, direction.other) if isinstance(direction, Halfway) else (second,)
            words = direction_clause(self.label(first), direction, listed([self.label(end) for end in ends]))
            clauses.append(words)
            cited = tuple(at for node in (first, *ends) for at in self.citations.node(node))
            self.claim(words, Verdict.SUPPORTED, _triple((first, direction, second)), cited)
        return [*clauses, *([""] * (len(self.outcome.placements) - len(clauses)))]

    def cite_measures(self) -> list[str]:
        """Clauses for quantities, each claimed and cited by its nodes."""
        clauses = []
        for measured in self.outcome.measures[:MAX_CLAIMS]:
            words = measured_clause(measured, self.label)
            cited = self.citations.node(measured.node)
            if measured.other is not None:
                cited += self.citations.node(measured.other)
            self.claim(words, Verdict.SUPPORTED, (measured.node, measured.quantity, measured.other), cited)
            clauses.append(words)
        return [*clauses, *([""] * (len(self.outcome.measures) - len(clauses)))]

    def cite_absence(self, claim: str) -> str:
        """What a complete graph does not show, claimed and cited by the nodes among which it was looked for."""
        searched = self.outcome.searched
        cited = tuple(at for node in searched[:MAX_CITED] for at in self.citations.node(node))
        self.citations.skip(max(len(searched) - MAX_CITED, 0))
        self.claim(claim, Verdict.CONTRADICTED, citations=cited)
        return f"the graph, taken as complete, does not show {claim}"

    def cite_nodes(self, nodes: Iterable[int]) -> list[str]:
        """Labels of nodes, each cited."""
        ids = list(nodes)
        for node in ids[:MAX_CITED]:
            self.citations.node(node)
        self.citations.skip(max(len(ids) - MAX_CITED, 0))
        return self.labels(ids)

    def labels(self, nodes: Iterable[int]) -> list[str]:
        """Labels of nodes that the graph has."""
        ids = np.array(list(nodes), dtype=np.int64)
        return [self.index.shown[at] for at in np.searchsorted(self.index.ids, ids)]

    def cite_values(self) -> list[str]:
        """Clauses for attribute values, each claimed and cited by its node."""
        clauses = []
        for node, attribute, value in self.outcome.values:
            words = f"the {printable(attribute)} of {self.label(node)} is {printable(str(value))}"
            clauses.append(words)
            self.claim(words, Verdict.SUPPORTED, (node, attribute, None), self.citations.node(node))
        return clauses

    def claim(
        self,
        text: str,
        verdict: Verdict,
        triple: tuple[int | None, str | None, int | None] = (None, None, None),
        citations: tuple[int, ...] = (),
    ) -> None:
        """Add a claim, unless there are enough."""
        if len(self.claims) < MAX_CLAIMS:
            self.claims.append(Claim(text, verdict, *triple, citations=tuple(dict.fromkeys(citations))))


def compose(
    index: GraphIndex,
    outcome: Outcome,
    program: Program,
    question: str = "",
    closed_world: bool = False,
    moments: tuple[str, ...] = (),
) -> GroundedAnswer:
    """The answer that an outcome amounts to; `moments` are words for the frames of a source that has none."""
    draft = Draft(index, outcome, Citations(index, outcome.window), moments)
    text, short = (sentences_of if outcome.status is Status.ANSWERED else refusal)(draft, closed_world)
    if outcome.window is not None and outcome.reason is not Reason.OUTSIDE_TIME_RANGE:
        when = times(outcome.window, index.graph.source.fps)
        text = f"{when[0].upper()}{when[1:]}: {text[0].lower() if text[:4] in ('The ', 'It s') else text[0]}{text[1:]}"
    return GroundedAnswer(
        text=text,
        short=short,
        status=outcome.status,
        reason=outcome.reason,
        claims=tuple(draft.claims),
        citations=tuple(draft.citations.listed),
        program=program,
        confidence=_confidence(draft),
        question=question,
        nodes=outcome.nodes if outcome.status is Status.ANSWERED and outcome.verdict is None else (),
        notes=_notes(draft),
        measures=tuple(
            MeasuredValue(*each[:5], OF_QUANTITY.get(each.quantity), each.frames) for each in outcome.measures
        ),
        options=tuple(option.node for option in outcome.options) if outcome.status is Status.AMBIGUOUS else (),
        evidence_count=draft.citations.count,
        closed_world=closed_world,
        source=source_of(index),
    )


def source_of(index: GraphIndex) -> dict[str, object]:
    """What the graph describes, in few words."""
    source = index.graph.source
    return {
        "kind": source.kind,
        "uri": source.uri,
        "frames": source.num_frames,
        "fps": source.fps,
        "nodes": len(index.nodes),
        "relations": int(index.believed.sum()),
    }


def _triple(placement: Placement) -> tuple[int, str, int | None]:
    """A placement as a claim says it: what lies in a part of the picture is said of one node only."""
    first, way, second = placement
    if isinstance(way, Spot):
        return first, f"{'not ' if way.outside else ''}{PARTS[way.part]}", None
    if isinstance(way, Shared | Halfway):
        return first, f"same {way.attribute}" if isinstance(way, Shared) else "between", second
    return first, way.direction if isinstance(way, Sight) else way, second


def _confidence(draft: Draft) -> float | None:
    """The score of the weakest piece of evidence of an answer that rests on any."""
    outcome, index = draft.outcome, draft.index
    if outcome.status is not Status.ANSWERED:
        return None
    relations = np.array((*outcome.relations, *outcome.opposing), dtype=np.int64)
    nodes = np.searchsorted(index.ids, np.array((*outcome.nodes, *outcome.context), dtype=np.int64))
    scores = np.concatenate((index.relation_scores[relations], index.scores[nodes]))
    return float(scores.min()) if len(scores) else None


def _notes(draft: Draft) -> tuple[str, ...]:
    outcome = draft.outcome
    notes = []
    if outcome.reason is not Reason.ATTRIBUTE_NOT_RECORDED:
        for word in outcome.assumed:
            notes.append(f"taken as asked: the graph does not record whether something is a {word}")
    ways = [way for _, way, _ in outcome.placements]
    if any(isinstance(way, Spot) for way in ways) or kind_of(outcome.question) is ChoosePart:
        notes.append("parts of the picture are told by the centres of boxes: its sides are its outer thirds")
    if any(isinstance(way, Halfway) and way.pictured for way in ways):
        notes.append("between is meant as seen in the picture, by the centres of the boxes of the nodes")
    if "overlapping" in ways:
        notes.append("things overlap here where their boxes in the picture do, though they may not touch")
    if any(isinstance(way, str) and way != "overlapping" for way in ways):
        notes.append("left, right, above and below are meant as seen in the picture, by the boxes of the nodes")
    sizes = any(isinstance(step, Extreme) and step.which in ("largest", "smallest") for step in walk(outcome.question))
    if sizes or any(OF_QUANTITY.get(each.quantity) == "pixels" for each in outcome.measures):
        notes.append("sizes are those in the picture, in pixels, not in metres: what is nearer looks larger")
    for view in dict.fromkeys(way.view for way in ways if isinstance(way, Sight)):
        notes.append(f"directions in space are meant {VIEWS[view]}")
    if any(_found_nowhere(part) for part in (outcome, *outcome.parts)):
        notes.append(f"this rests on the whole graph (nodes: {len(draft.index.nodes)}), which shows no such thing")
    if rests_on_absence(outcome.question):
        notes.append("nodes were left out only where the graph shows why; it may lack reasons to leave out more")
    if outcome.status is Status.ANSWERED and outcome.options and outcome.verdict is Verdict.SUPPORTED:
        others = [draft.label(option.node) for option in outcome.options]
        notes.append(f"the graph also shows {listed(others)}, for which it does not show this")
    return tuple(notes)


def _found_nowhere(outcome: Outcome) -> bool:
    """Whether an answer rests on the whole graph having nothing of a kind."""
    nothing = outcome.failure is not None or (outcome.number == 0 and not outcome.nodes)
    return outcome.status is Status.ANSWERED and nothing and not outcome.searched
