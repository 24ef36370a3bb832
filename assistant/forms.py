"""Other forms in which a prompt can show a graph: triples, JSON, a table, location tokens.

The incidence list of `encoding` is the default, the shortest and the one that can be read back. The
others are there for models that were trained on them, and to compare:

* triples: one line a relation, as papers on scene graphs and language models write them;
* json: compact JSON of the same fields;
* table: a header with the number of rows and the names of the columns, then one row a line;
* locations: boxes as `<bin_..>` tokens, after Wang et al., "VisionLLM", 2023, section 3.2.

All of them declare how much of the graph they show, in a fixed order, with names quoted where they
are no plain words: text from data is never an instruction.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Literal

from assistant.encoding import (
    BOX_STEPS,
    END,
    PromptGraph,
    PromptNode,
    PromptRelation,
    encode,
    escaped_json,
    header,
    shown_attributes,
    shown_name,
    shown_spans,
)

Form = Literal["incidence", "triples", "json", "table", "locations"]


def write(graph: PromptGraph, form: Form = "incidence") -> str:
    """The text of a prompt graph in a form; location tokens need boxes."""
    return FORMS[form](graph)


def triples(graph: PromptGraph) -> str:
    """One line a relation; nodes without one are listed behind them, as are attributes, boxes and scores.

    >>> nodes = (PromptNode(1, "person"), PromptNode(3, "ball"))
    >>> view = PromptGraph("image", nodes, (PromptRelation(1, "holding", 3),), 2, 1)
    >>> print(triples(view).splitlines()[1])
    person 1, holding, ball 3
    """
    names = {node.id: f"{shown_name(node.name)} {node.id}" for node in graph.nodes}
    lines = [header(graph)]
    for tie in graph.relations:
        line = f"{names[tie.subject]}, {shown_name(tie.predicate)}, {names[tie.object]}"
        line += f", frames {shown_spans(tie.spans, ' ')}" if tie.spans else ""
        lines.append(line + _scored(tie.score))
    tied = {end for tie in graph.relations for end in (tie.subject, tie.object)}
    for node in graph.nodes:
        told = _told(node)
        if told or node.id not in tied:
            lines.append(f"{names[node.id]}{told}")
    return "\n".join((*lines, END))


def compact_json(graph: PromptGraph) -> str:
    """Compact JSON of the same fields: what `decode` of the incidence form gives back."""
    return escaped_json(
        {
            "kind": graph.kind,
            "shown": [len(graph.nodes), len(graph.relations)],
            "total": [graph.total_nodes, graph.total_relations],
            **({} if graph.kind == "image" else {"frames": graph.frames, "fps": graph.fps}),
            "nodes": [_node(node) for node in graph.nodes],
            "relations": [_relation(tie) for tie in graph.relations],
        },
        sort_keys=False,
    )


def table(graph: PromptGraph) -> str:
    """Two tables; each declares its number of rows and its columns, those that no row has left out."""
    nodes = [_node(node) for node in graph.nodes]
    relations = [_relation(tie) for tie in graph.relations]
    return "\n".join((header(graph), *_rows("nodes", nodes), *_rows("relations", relations), END))


def locations(graph: PromptGraph) -> str:
    """One line a node with its box as four location tokens, then one line a relation by ids."""
    lines = [header(graph), f"id name <bin_left><bin_top><bin_right><bin_bottom>, each 0 to {BOX_STEPS - 1}"]
    for node in graph.nodes:
        bins = "" if node.box is None else "".join(f"<bin_{min(edge, BOX_STEPS - 1)}>" for edge in node.box)
        attributes = f" {shown_attributes(node.attributes)}" if node.attributes else ""
        lines.append(f"{node.id} {shown_name(node.name)}{attributes} {bins}".rstrip() + _scored(node.score))
    for tie in graph.relations:
        frames = f" frames {shown_spans(tie.spans, ' ')}" if tie.spans else ""
        lines.append(f"{tie.subject} {shown_name(tie.predicate)} {tie.object}{frames}{_scored(tie.score)}")
    return "\n".join((*lines, END))


FORMS: dict[Form, Callable[[PromptGraph], str]] = {
    "incidence": encode,
    "triples": triples,
    "json": compact_json,
    "table": table,
    "locations": locations,
}


def claims_schema(nodes: Iterable[int], predicates: Iterable[str], most: int) -> dict[str, Any]:
    """The JSON Schema of claims about some nodes and predicates, which are the only ones that it allows.

    Args:
        nodes: ids that may be named.
        predicates: names that may be used.
        most: claims at most.
    """
    ids, names = list(dict.fromkeys(nodes)), list(dict.fromkeys(predicates))
    node = {"type": "integer", "enum": ids}
    claim = _object(
        {
            "subject": node,
            "predicate": {"type": "string", "enum": names},
            "object": node,
            "frames": {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2},
        },
        optional="frames",
    )
    claims = {"type": "array", "maxItems": most if names else 0, "items": claim if names else {}}
    return _object({"claims": claims, "conclusion": {"type": "string"}})


def answer_schema(graph: PromptGraph, most: int = 20) -> dict[str, Any]:
    """The schema that a prompt asks to be filled where the caller gives none."""
    return claims_schema((node.id for node in graph.nodes), (tie.predicate for tie in graph.relations), most)


def asked_to_fill(schema: Mapping[str, Any]) -> str:
    """How a prompt asks for JSON in the form of a schema."""
    shown = json.dumps(schema, ensure_ascii=True, separators=(",", ":"))
    return f"Write one JSON object and nothing else. It follows this JSON Schema; ids are those of the graph:\n{shown}"


def _object(properties: dict[str, Any], optional: str = "") -> dict[str, Any]:
    required = [name for name in properties if name != optional]
    return {"type": "object", "properties": properties, "required": required, "additionalProperties": False}


def _node(node: PromptNode) -> dict[str, Any]:
    told: dict[str, Any] = {"id": node.id, "name": node.name}
    told |= {"attributes": json.loads(node.attributes)} if node.attributes else {}
    told |= {} if node.box is None else {"box": list(node.box)}
    return told | ({} if node.score is None else {"score": node.score})


def _relation(tie: PromptRelation) -> dict[str, Any]:
    told: dict[str, Any] = {"subject": tie.subject, "predicate": tie.predicate, "object": tie.object}
    told |= {"frames": [[span.start, span.stop - 1] for span in tie.spans]} if tie.spans else {}
    return told | ({} if tie.score is None else {"score": tie.score})


def _rows(name: str, values: list[dict[str, Any]]) -> list[str]:
    columns = list(dict.fromkeys(key for value in values for key in value))
    return [
        f"{name}[{len(values)}]{{{','.join(columns)}}}:",
        *(",".join(_cell(value.get(column)) for column in columns) for value in values),
    ]


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return shown_name(value)
    if isinstance(value, list) and value and isinstance(value[0], list):
        return " ".join(f"{first}-{last}" for first, last in value)
    return " ".join(map(str, value)) if isinstance(value, list) else escaped_json(value)


def _told(node: PromptNode) -> str:
    told = f" {shown_attributes(node.attributes)}" if node.attributes else ""
    told += "" if node.box is None else f" box {' '.join(map(str, node.box))}"
    return told + _scored(node.score)


def _scored(score: int | None) -> str:
    return "" if score is None else f" ~{score}"
