"""What an answer is: status, reason, claims with verdicts, citations that exist, and the program.

These types are the contract with every caller (Python, command line, HTTP, the explorer): fields are
only ever added. `to_json()` gives plain JSON values; `schemas.ANSWER_SCHEMA` describes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from assistant.programs import Program
from scenegraph.masks import Box
from scenegraph.spans import Spans

SCHEMA = "groundgraph-answer/1"


class Status(StrEnum):
    """How a question ended."""

    ANSWERED = "answered"
    UNANSWERABLE = "unanswerable"
    AMBIGUOUS = "ambiguous"
    UNPARSED = "unparsed"


class Reason(StrEnum):
    """Why there is no answer. The first group goes with `unanswerable`, the last with `unparsed`."""

    ABSENT_OBJECT = "absent object"
    ABSENT_RELATION = "absent relation"
    ATTRIBUTE_NOT_RECORDED = "attribute not recorded"
    TIME_NOT_RECORDED = "time not recorded"
    OUTSIDE_TIME_RANGE = "outside the time range"
    INCOMPATIBLE_OPTIONS = "incompatible options"
    NO_CORRECT_OPTION = "no correct option"
    NOT_MEASURED = "not measured"
    WITHIN_ERROR = "within the error of measurement"
    TOO_MANY = "too many to compare"
    TIED = "tied"

    AMBIGUOUS_REFERENT = "ambiguous referent"

    UNKNOWN_WORD = "unknown word"
    UNKNOWN_FORM = "unknown question form"
    NEEDS_JUDGEMENT = "needs judgement"
    NOT_ENGLISH = "not English"
    TOO_LONG = "too long"
    EMPTY = "empty question"


class Verdict(StrEnum):
    """What the graph says about a claim. A missing edge is not a contradiction."""

    SUPPORTED = "supported"
    CONTRADICTED = "contradicted"
    NOT_IN_GRAPH = "not in the graph"


@dataclass(frozen=True)
class NodeCitation:
    """A node of the graph; `box` is xyxy in pixels in `frame`, the first in which the node is seen."""

    node: int
    label: str
    score: float
    frame: int
    box: Box | None

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": "node",
            "node": self.node,
            "label": self.label,
            "score": round(self.score, 6),
            "frame": self.frame,
            "box": None if self.box is None else [round(edge, 2) for edge in self.box],
        }


@dataclass(frozen=True)
class RelationCitation:
    """A relation by its position in `SceneGraph.relations`.

    `spans` are the half-open frame spans that the answer rests on; empty means the whole source.
    `seconds` are the same spans in seconds where the source has a frame rate.
    """

    relation: int
    subject: int
    predicate: str
    object: int
    label: str
    score: float
    spans: Spans = ()
    seconds: tuple[tuple[float, float], ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "kind": "relation",
            "relation": self.relation,
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "label": self.label,
            "score": round(self.score, 6),
            "spans": [list(span) for span in self.spans],
            "seconds": [[round(edge, 3) for edge in span] for span in self.seconds],
        }


Citation = NodeCitation | RelationCitation


@dataclass(frozen=True)
class Claim:
    """One statement and what the graph says about it.

    `subject` and `object` are node ids and `predicate` a predicate name where the claim is a triple;
    `citations` are positions in the list of citations that stands beside the claim.
    """

    text: str
    verdict: Verdict
    subject: int | None = None
    predicate: str | None = None
    object: int | None = None
    citations: tuple[int, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "text": self.text,
            "verdict": str(self.verdict),
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "citations": list(self.citations),
        }


@dataclass(frozen=True)
class MeasuredValue:
    """A quantity of a node, or between two nodes (ids), that an answer rests on.

    `error` is one standard deviation, None where none is known; `unit` is None for counts; `frames` are
    the half-open spans of frames that a quantity in metres rests on.
    """

    node: int
    other: int | None
    quantity: str
    value: float
    error: float | None
    unit: str | None
    frames: Spans

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {
            "node": self.node,
            "other": self.other,
            "quantity": self.quantity,
            "value": round(self.value, 6),
            "error": None if self.error is None else round(self.error, 6),
            "unit": self.unit,
            "frames": [list(span) for span in self.frames],
        }


@dataclass(frozen=True)
class GroundedAnswer:
    """An answer with everything it rests on.

    Attributes:
        text: whole sentences for a person.
        short: the bare answer ("person-1", "2", "yes", "not shown").
        status: answered, unanswerable, ambiguous or unparsed.
        reason: typed, None when answered.
        claims: the statements of the answer, each with a verdict.
        citations: nodes and relations of the graph, at most `respond.MAX_CITED`.
        program: what was executed, None when nothing could be.
        confidence: the score of the weakest piece of evidence; None where there is none.
        question: as it was asked.
        nodes: ids of the nodes that are the answer, when it is answered with nodes.
        notes: assumptions that were made ("'woman' was read as person").
        options: node ids to choose from when ambiguous.
        suggestion: a question that can be answered, when this one could not be parsed.
        inference: what a language model added beyond the graph; never checked, never part of `text`.
        evidence_count: citations before the list was cut to `respond.MAX_CITED`.
        measures: quantities that the answer rests on, with errors, and of those in metres the frames.
    """

    text: str
    short: str
    status: Status
    reason: Reason | None = None
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    program: Program | None = None
    confidence: float | None = None
    question: str = ""
    nodes: tuple[int, ...] = ()
    notes: tuple[str, ...] = ()
    options: tuple[int, ...] = ()
    suggestion: str | None = None
    inference: str | None = None
    evidence_count: int = 0
    closed_world: bool = False
    source: Mapping[str, Any] | None = None
    measures: tuple[MeasuredValue, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values in the form that `schemas.ANSWER_SCHEMA` describes."""
        return {
            "schema": SCHEMA,
            "question": self.question,
            "text": self.text,
            "short": self.short,
            "status": str(self.status),
            "reason": None if self.reason is None else str(self.reason),
            "claims": [claim.to_json() for claim in self.claims],
            "citations": [citation.to_json() for citation in self.citations],
            "evidence_count": self.evidence_count,
            "program": None if self.program is None else self.program.to_json(),
            "confidence": None if self.confidence is None else round(self.confidence, 6),
            "nodes": list(self.nodes),
            "notes": list(self.notes),
            "options": list(self.options),
            "suggestion": self.suggestion,
            "inference": self.inference,
            "closed_world": self.closed_world,
            "source": None if self.source is None else dict(self.source),
            "measures": [measured.to_json() for measured in self.measures],
        }


@dataclass(frozen=True)
class Verification:
    """A text taken apart: claims with verdicts, and the sentences that could not be read.

    A text is `supported` only if every sentence was read and every claim is supported.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...] = ()
    unread: tuple[str, ...] = ()

    @property
    def supported(self) -> bool:
        """Whether the graph supports all of the text."""
        return (
            bool(self.claims) and not self.unread and all(claim.verdict is Verdict.SUPPORTED for claim in self.claims)
        )

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values in the form that `schemas.VERIFICATION_SCHEMA` describes."""
        return {
            "schema": "groundgraph-verification/1",
            "supported": self.supported,
            "claims": [claim.to_json() for claim in self.claims],
            "citations": [citation.to_json() for citation in self.citations],
            "unread": list(self.unread),
        }
