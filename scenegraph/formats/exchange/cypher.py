"""Cypher statements, and CSV tables with the header of neo4j-admin.

Names of categories and predicates are values, never labels or types of the database: a name from data
cannot become part of a statement.
"""

import csv
import io
import math
from collections.abc import Iterable
from typing import Any

from scenegraph.formats.exchange.rows import coded, node_row, relation_row, source_row
from scenegraph.graph import SceneGraph

_ESCAPES = {"\\": "\\\\", "'": "\\'", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def write_cypher(graph: SceneGraph) -> dict[str, bytes]:
    """A script that makes the source, the nodes and the relations of one graph, with ids kept apart by the source."""
    source = source_row(graph)
    uri = _value(source["uri"])
    lines = [f"CREATE (:Source {_map(source)});"]
    for node in graph.nodes:
        row = node_row(graph, node)
        row["attributes"] = coded(row["attributes"])
        kind = "Thing" if row.pop("is_thing") else "Stuff"
        lines.append(f"CREATE (:Node:{kind} {_map({'source': source['uri'], **row})});")
    for relation in graph.relations:
        row = relation_row(graph, relation)
        ends = " ".join(
            f"({name}:Node {{source: {uri}, id: {row.pop(end)}}}){joint}"
            for name, end, joint in (("s", "subject", ","), ("o", "object", ""))
        )
        row["spans"] = coded(row["spans"])
        lines.append(f"MATCH {ends} CREATE (s)-[:RELATION {_map(row)}]->(o);")
    return {".cypher": ("\n".join(lines) + "\n").encode("utf-8")}


def write_csv(graph: SceneGraph) -> dict[str, bytes]:
    """Two tables, of nodes and of relations; lists and attributes are JSON texts. One more row tells the source."""
    nodes = []
    for node in graph.nodes:
        row = node_row(graph, node)
        kind = "Thing" if row["is_thing"] else "Stuff"
        start = [row["id"], kind, row["label"], row["category"], row["score"], row["first_frame"], *row["box"]]
        nodes.append([*start, coded(row["attributes"])])
    relations = [
        [row["subject"], row["object"], "RELATION", row["predicate"], row["score"], coded(row["spans"])]
        for row in (relation_row(graph, relation) for relation in graph.relations)
    ]
    box = ("x1:double", "y1:double", "x2:double", "y2:double")
    node_head = ("id:ID", ":LABEL", "label", "category", "score:double", "first_frame:int", *box, "attributes")
    relation_head = (":START_ID", ":END_ID", ":TYPE", "predicate", "score:double", "spans")
    source = source_row(graph)
    return {
        ".nodes.csv": _table(node_head, nodes),
        ".relations.csv": _table(relation_head, relations),
        ".source.csv": _table(tuple(source), [list(source.values())]),
    }


def _table(head: tuple[str, ...], rows: Iterable[list[Any]]) -> bytes:
    content = io.StringIO()
    writer = csv.writer(content, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(rows)
    return content.getvalue().encode("utf-8", "replace")


def _map(row: dict[str, Any]) -> str:
    return "{" + ", ".join(f"{key}: {_value(value)}" for key, value in row.items() if value is not None) + "}"


def _value(value: Any) -> str:
    """A Cypher literal; a quote in a text is escaped and ends nothing.

    >>> _value([1.5, 2]), _value(True)
    ('[1.5, 2]', 'true')
    """
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float) and math.isfinite(value):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return "'" + "".join(map(_character, str(value))) + "'"


def _character(character: str) -> str:
    """A character of a text; what cannot be printed is written by its UTF-16 units."""
    if character in _ESCAPES or character.isprintable():
        return _ESCAPES.get(character, character)
    content = character.encode("utf-16-be", "surrogatepass").hex()
    return "".join(f"\\u{content[at : at + 4]}" for at in range(0, len(content), 4))
