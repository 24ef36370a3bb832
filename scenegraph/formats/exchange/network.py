"""Node-link JSON and GraphML: what networkx, d3, Gephi, yEd and igraph read."""

import io
from typing import Any

from scenegraph.formats.exchange.rows import json_text, node_row, relation_row, scalars, source_row, xml_text
from scenegraph.graph import SceneGraph


def write_node_link(graph: SceneGraph) -> dict[str, bytes]:
    """A directed multigraph as `networkx.node_link_graph(value, edges="edges")` reads it."""
    edges = []
    for key, relation in enumerate(graph.relations):
        row = relation_row(graph, relation)
        edges.append({"source": row.pop("subject"), "target": row.pop("object"), "key": key, **row})
    value = {
        "directed": True,
        "multigraph": True,
        "graph": source_row(graph),
        "nodes": [node_row(graph, node) for node in graph.nodes],
        "edges": edges,
    }
    return {".node-link.json": _json(value)}


def write_graphml(graph: SceneGraph) -> dict[str, bytes]:
    """GraphML; boxes, spans and attributes are JSON texts, for it holds scalars only.

    Characters that XML cannot hold (control characters) become spaces.
    """
    import networkx  # costs 0.2 s: only callers of this function pay for it

    result = networkx.MultiDiGraph(**_texts(scalars(source_row(graph))))
    for node in graph.nodes:
        row = _texts(scalars(node_row(graph, node)))
        result.add_node(row.pop("id"), **row)
    for key, relation in enumerate(graph.relations):
        row = _texts(scalars(relation_row(graph, relation)))
        result.add_edge(row.pop("subject"), row.pop("object"), key=key, **row)
    content = io.BytesIO()
    networkx.write_graphml_xml(result, content)
    return {".graphml": content.getvalue()}


def _json(value: Any) -> bytes:
    return (json_text(value, indent=1) + "\n").encode("utf-8")


def _texts(row: dict[str, Any]) -> dict[str, Any]:
    return {key: xml_text(value) if isinstance(value, str) else value for key, value in row.items()}
