"""Label Studio: a task with pre-annotations, and the labelling interface that shows them.

Nodes of a picture are rectangles, those of a video sequences of rectangles (Label Studio counts frames
from 1); places are percent of the picture. Relations are labelled arrows. Facts of
https://labelstud.io/guide/predictions and of the tags Relations, RectangleLabels and VideoRectangle.
"""

import json
from typing import Any
from xml.sax.saxutils import quoteattr

from scenegraph.errors import InputError
from scenegraph.formats.exchange.rows import first_seen, xml_text
from scenegraph.graph import Node, SceneGraph
from scenegraph.masks import Box
from scenegraph.regions import Segment


def write_label_studio(graph: SceneGraph) -> dict[str, bytes]:
    """`.label-studio.json`, a list with one task, and `.label-studio.xml`, the labelling interface.

    The picture or video is named as the graph's source names it; Label Studio must be able to reach it there.

    Raises:
        InputError: the graph is of a map without pictures.
    """
    if not graph.source.pictured:
        raise InputError(
            f"{graph.source.uri}: Label Studio shows pictures and videos, and this is a map without any; "
            "write node-link, graphml, json-ld, cypher or csv"
        )
    medium = "image" if graph.source.kind == "image" else "video"
    results = [_node(graph, node) for node in graph.nodes]
    results += [
        {
            "type": "relation",
            "from_id": f"node-{relation.subject}",
            "to_id": f"node-{relation.object}",
            "direction": "right",
            "labels": [graph.predicate_name(relation)],
        }
        for relation in graph.relations
    ]
    task = {
        "data": {medium: graph.source.uri},
        "predictions": [{"model_version": "scenegraph", "result": results}],
    }
    return {
        ".label-studio.json": (json.dumps([task], indent=1) + "\n").encode("utf-8"),
        ".label-studio.xml": _interface(graph, medium).encode("utf-8"),
    }


def _node(graph: SceneGraph, node: Node) -> dict[str, Any]:
    result = {
        "id": f"node-{node.id}",
        "to_name": "source",
        "score": float(node.score),
        "original_width": graph.source.width,
        "original_height": graph.source.height,
    }
    name = graph.category_name(node.id)
    if graph.source.kind == "image":
        value: dict[str, Any] = {**_percent(graph, first_seen(node)[1]), "rotation": 0, "rectanglelabels": [name]}
        return {**result, "from_name": "nodes", "type": "rectanglelabels", "value": value}
    value = {"framesCount": graph.source.num_frames, "sequence": _sequence(graph, node), "labels": [name]}
    if graph.source.fps:
        value["duration"] = graph.source.num_frames / graph.source.fps
    return {**result, "from_name": "boxes", "type": "videorectangle", "value": value}


def _sequence(graph: SceneGraph, node: Node) -> list[dict[str, Any]]:
    """A key frame wherever the box changes; the last one before a gap ends the stretch."""
    frames = node.region.frames
    sequence: list[dict[str, Any]] = []
    last: Box | None = None
    for at, frame in enumerate(frames):
        segment: Segment | None = node.region.segment(frame)
        assert segment is not None  # by what `frames` means
        ends = at + 1 == len(frames) or frames[at + 1] > frame + 1
        if segment.box == last and not ends:
            continue
        key = {"frame": frame + 1, "enabled": not ends, "rotation": 0, **_percent(graph, segment.box)}
        if graph.source.fps:
            key["time"] = frame / graph.source.fps
        sequence.append(key)
        last = None if ends else segment.box
    return sequence


def _percent(graph: SceneGraph, box: Box) -> dict[str, float]:
    x1, y1, x2, y2 = box
    across, down = 100 / graph.source.width, 100 / graph.source.height
    return {"x": x1 * across, "y": y1 * down, "width": (x2 - x1) * across, "height": (y2 - y1) * down}


def _interface(graph: SceneGraph, medium: str) -> str:
    """The names of the whole vocabulary, so that an annotator can choose others."""
    categories = "".join(f"    <Label value={quoteattr(xml_text(name))}/>\n" for name in graph.vocabulary.categories)
    predicates = "".join(f"    <Relation value={quoteattr(xml_text(name))}/>\n" for name in graph.vocabulary.predicates)
    relations = f"  <Relations>\n{predicates}  </Relations>\n"
    if medium == "image":
        shown = '  <Image name="source" value="$image"/>\n'
        labels = f'  <RectangleLabels name="nodes" toName="source">\n{categories}  </RectangleLabels>\n'
    else:
        rate = f' frameRate="{graph.source.fps:g}"' if graph.source.fps else ""
        shown = f'  <Video name="source" value="$video"{rate}/>\n  <VideoRectangle name="boxes" toName="source"/>\n'
        labels = f'  <Labels name="nodes" toName="source">\n{categories}  </Labels>\n'
    return f"<View>\n{relations}{labels}{shown}</View>\n"
