"""JSON-LD: nodes as W3C Web Annotations of their source, relations as reified RDF statements.

The context stands in the file, so that nothing is fetched to read it. Places and times are W3C media
fragments (`xywh=` in pixels, `t=` in seconds); times in frames are beside them, since not every source
has seconds. Annotations: https://www.w3.org/TR/annotation-model/, fragments: https://www.w3.org/TR/media-frags/.
"""

from typing import Any

from scenegraph.formats.exchange.rows import (
    address,
    coded,
    json_text,
    node_row,
    quoted,
    relation_row,
    seconds,
    source_row,
)
from scenegraph.graph import Node, Relation, SceneGraph

_NAMES = "scenegraph://vocabulary/"

CONTEXT: dict[str, Any] = {
    "oa": "http://www.w3.org/ns/oa#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sg": _NAMES,
    "label": "rdfs:label",
    "body": "oa:hasBody",
    "target": "oa:hasTarget",
    "selector": "oa:hasSelector",
    "value": "rdf:value",
    "source": {"@id": "oa:hasSource", "@type": "@id"},
    "subject": {"@id": "rdf:subject", "@type": "@id"},
    "predicate": {"@id": "rdf:predicate", "@type": "@id"},
    "object": {"@id": "rdf:object", "@type": "@id"},
    "conformsTo": {"@id": "http://purl.org/dc/terms/conformsTo", "@type": "@id"},
    "height": "schema:height",
    "width": "schema:width",
    **{
        name: f"sg:{name}"
        for name in ("score", "attributes", "frames", "firstFrame", "thing", "kind", "frameRate", "id")
    },
}

_FRAGMENTS = "http://www.w3.org/TR/media-frags/"


def write_json_ld(graph: SceneGraph) -> dict[str, bytes]:
    """One document with the source, an annotation a node and a statement a relation."""
    base = f"scenegraph://{address(graph)}"
    source = source_row(graph)
    document = {
        "@context": CONTEXT,
        "@graph": [
            {
                "@id": base,
                "@type": "oa:SpecificResource",
                "kind": source["kind"],
                "source": quoted(source["uri"], safe="/:"),
                "height": source["height"],
                "width": source["width"],
                "frames": source["num_frames"],
                **({} if source["fps"] is None else {"frameRate": source["fps"]}),
            },
            *(_annotation(graph, node, base) for node in graph.nodes),
            *(_statement(graph, relation, at, base) for at, relation in enumerate(graph.relations)),
        ],
    }
    return {".jsonld": (json_text(document, indent=1) + "\n").encode("utf-8")}


def _annotation(graph: SceneGraph, node: Node, base: str) -> dict[str, Any]:
    row = node_row(graph, node)
    x1, y1, x2, y2 = row["box"]
    place = ",".join(f"{edge:.3f}".rstrip("0").rstrip(".") for edge in (x1, y1, x2 - x1, y2 - y1))
    return {
        "@id": f"{base}/node/{node.id}",
        "@type": "oa:Annotation",
        "id": node.id,
        "label": row["label"],
        "body": {"@id": f"{_NAMES}category/{quoted(row['category'])}", "label": row["category"]},
        "thing": row["is_thing"],
        "score": row["score"],
        **({"attributes": coded(row["attributes"])} if row["attributes"] else {}),
        "firstFrame": row["first_frame"],
        "target": {"source": base, "selector": _fragment(f"xywh={place}")},
    }


def _statement(graph: SceneGraph, relation: Relation, at: int, base: str) -> dict[str, Any]:
    row = relation_row(graph, relation)
    fps = graph.source.fps
    times = [] if fps is None else [_fragment(seconds(span, fps)) for span in relation.spans]
    return {
        "@id": f"{base}/relation/{at}",
        "@type": "rdf:Statement",
        "subject": f"{base}/node/{row['subject']}",
        "predicate": f"{_NAMES}predicate/{quoted(row['predicate'])}",
        "object": f"{base}/node/{row['object']}",
        "label": graph.sentence(relation),
        "score": row["score"],
        **({"frames": coded(row["spans"])} if relation.spans else {}),
        **({"selector": times} if times else {}),
    }


def _fragment(value: str) -> dict[str, str]:
    return {"@type": "oa:FragmentSelector", "conformsTo": _FRAGMENTS, "value": value}
