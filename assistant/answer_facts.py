"""What an answer holds, by the names that callers use for it."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from assistant.adjectives import spelling
from assistant.answers import GroundedAnswer, NodeCitation, RelationCitation, Status
from assistant.index import GraphIndex
from assistant.names import plain

OTHER_NAMES = {
    "short": ("answer", "value", "result", "final answer", "output", "choice", "option"),
    "text": ("explanation", "sentence", "response", "reply", "description", "rationale", "summary", "statement"),
    "yes": ("exists", "holds", "is true", "verdict", "present", "supported", "found", "answer", "result", "value"),
    "count": ("number", "total", "amount", "how many", "quantity"),
    "ids": ("node ids", "object ids", "answer ids"),
    "labels": ("names", "entities", "who", "what"),
    "nodes": ("who", "objects", "things", "items", "detections", "instances", "people", "regions", "boxes"),
    "relations": ("triples", "triplets", "edges", "facts", "evidence", "claims", "citations", "relationships"),
    "score": ("confidence", "probability", "certainty"),
    "id": ("node", "node id", "object id", "identifier"),
    "label": ("name", "title", "tag", "entity"),
    "category": ("class", "type", "kind", "class name", "noun"),
    "box": ("bbox", "bounding box", "rectangle", "xyxy"),
    "mask": ("segmentation", "rle"),
    "predicate": ("relation", "verb", "relationship", "action", "activity"),
    "subject": ("actor", "agent", "source", "head"),
    "object": ("target", "patient", "tail"),
    "quantity": ("value", "amount", "answer", "result", "number", "measurement", "how much"),
    "duration": ("seconds", "length", "how long", "duration seconds"),
    "distance": ("metres", "meters", "distance metres", "distance m", "how far"),
    "listed": ("answer", "answers", "result", "results"),
    "seconds": ("times", "intervals", "time ranges", "spans", "segments"),
    "start": ("start time", "from", "begin", "start seconds", "first second"),
    "end": ("end time", "to", "until", "stop", "end seconds", "last second"),
    "x1": ("left", "xmin", "x min", "x"),
    "y1": ("top", "ymin", "y min", "y"),
    "x2": ("right", "xmax", "x max"),
    "y2": ("bottom", "ymax", "y max"),
    "width": ("w",),
    "height": ("h",),
}
"""Our name of a value, and what callers call it."""

Facts = Mapping[str, Any]
"""Values by name; a value may be facts again (a node, a relation) or a list of them."""

_QUANTITY = re.compile(r"(\d+(?:\.\d+)?)(?: (times?|s|frames?|m)\b.*)?")
"""Short answers that are a number, alone or of something: 2, 2 times, 1.5 s (15 frames), 1.66 m."""


class AnswerFacts(dict[str, Any]):
    """The values of a whole answer; a schema that is no object means its `answer`."""


class Parts(dict[str, float]):
    """What is an object with these names, or a list of its first values: a box xyxy, a stretch of time."""

    def listed(self) -> list[float]:
        """As a list."""
        return list(self.values())[: 4 if "x1" in self else 2]


def found(name: str, facts: Facts) -> Iterator[Any]:
    """Values that a name may mean, the likeliest first."""
    wanted = spelled(name)
    if wanted in facts:
        yield facts[wanted]
    for ours in _OURS.get(wanted, ()):
        if ours in facts:
            yield facts[ours]


def known(name: str) -> bool:
    """Whether a name means something of some answer."""
    return spelled(name) in _OURS or spelled(name) in OTHER_NAMES


def spelled(name: str) -> str:
    """A name as facts have it.

    >>> spelled("nodeIds"), spelled("node-ids"), spelled("Color")
    ('node ids', 'node ids', 'colour')
    """
    return spelling(plain(name).replace("-", " "))


def answer_facts(answer: GroundedAnswer, index: GraphIndex) -> AnswerFacts:
    """The values of an answer; those that it does not have are absent."""
    cited = [citation for citation in answer.citations if isinstance(citation, NodeCitation)]
    meant = [citation for citation in cited if citation.node in answer.nodes] if answer.nodes else cited
    ties = [citation for citation in answer.citations if isinstance(citation, RelationCitation)]
    nodes = {citation.node: _node(citation, index) for citation in cited}
    facts: dict[str, Any] = {
        "text": answer.text,
        "question": answer.question,
        "status": str(answer.status),
        "reason": None if answer.reason is None else str(answer.reason),
        "nodes": [nodes[citation.node] for citation in meant],
        "cited nodes": list(nodes.values()),
        "relations": [_relation(citation, index) for citation in ties],
        "ids": [citation.node for citation in meant],
        "labels": [index.label(citation.node) for citation in meant],
        "seconds": [_stretch(span) for citation in ties for span in citation.seconds],
    }
    if answer.status is Status.ANSWERED:
        facts |= _answered(answer, index, facts)
        for more in (facts["relations"][:1], facts["nodes"] if len(answer.nodes) == 1 else ()):
            facts = {**(more[0] if more else {}), **facts}
        if answer.confidence is not None:
            facts["score"] = answer.confidence
    return AnswerFacts({key: each for key, each in facts.items() if each is not None})


def _answered(answer: GroundedAnswer, index: GraphIndex, facts: Facts) -> dict[str, Any]:
    """What is asked for itself: a word, yes or no, a number, nodes or times."""
    given: dict[str, Any] = {"short": answer.short}
    number = _QUANTITY.fullmatch(answer.short)
    if answer.short in ("yes", "no"):
        given["yes"] = answer.short == "yes"
    elif number is not None:
        value, unit = float(number[1]), number[2]
        given |= {"quantity": int(value) if value.is_integer() else value, "unit": unit}
        given |= {"count": int(value)} if unit in (None, "time", "times") else {}
        given |= {"duration": value} if unit == "s" else {}
    elif answer.nodes and index.label(answer.nodes[0]) in answer.short:
        given |= {"count": len(answer.nodes), "listed": facts["nodes"]}
    elif facts["seconds"]:
        given["listed"] = facts["seconds"]
    if len(answer.measures) == 1:
        (measured,) = answer.measures
        given |= {measured.quantity: measured.value, "unit": measured.unit, "error": measured.error}
    return given


def _node(citation: NodeCitation, index: GraphIndex) -> Facts:
    node = index.graph.node(citation.node)
    facts: dict[str, Any] = {spelled(str(name)): value for name, value in node.recorded.items()}
    facts |= {
        "attributes": dict(node.recorded),
        "id": citation.node,
        "label": index.label(citation.node),
        "category": index.graph.category_name(citation.node),
        "score": citation.score,
        "frame": citation.frame,
    }
    segment = node.region.segment(citation.frame)
    if segment is not None and segment.mask is not None:
        facts["mask"] = segment.mask.to_coco()
    if citation.box is not None:
        x1, y1, x2, y2 = citation.box
        facts["box"] = Parts(x1=x1, y1=y1, x2=x2, y2=y2, width=x2 - x1, height=y2 - y1)
    return facts


def _relation(citation: RelationCitation, index: GraphIndex) -> Facts:
    facts: dict[str, Any] = {
        "subject": {"id": citation.subject, "label": index.label(citation.subject)},
        "predicate": citation.predicate,
        "object": {"id": citation.object, "label": index.label(citation.object)},
        "sentence": citation.label,
        "score": citation.score,
        "seconds": [_stretch(span) for span in citation.seconds],
        "frames": [list(span) for span in citation.spans],
    }
    if citation.seconds:
        facts |= {"start": citation.seconds[0][0], "end": citation.seconds[-1][1]}
    return facts


def _stretch(span: tuple[float, float]) -> Parts:
    return Parts(start=span[0], end=span[1], duration=round(span[1] - span[0], 6))


def _by_name() -> dict[str, list[str]]:
    ours: dict[str, list[str]] = {}
    for own, others in OTHER_NAMES.items():
        for other in others:
            ours.setdefault(other, []).append(own)
    return ours


_OURS = _by_name()
"""Our names, by what callers call them."""
