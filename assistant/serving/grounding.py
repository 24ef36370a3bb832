"""Evidence in answers that go out: addresses of nodes and relations, and annotations with them."""

from typing import Any

from assistant.answers import Citation, GroundedAnswer, NodeCitation
from assistant.serving.library import Served


def address(name: str, citation: Citation, fps: float | None = None) -> str:
    """Where a citation is, with its time and place as W3C media fragments.

    Args:
        name: of the graph.
        citation: a node, with the box of the frame in which it is first seen, or a relation.
        fps: frames a second of a video, for the time of that frame; None for pictures.

    >>> from assistant import RelationCitation
    >>> tie = RelationCitation(4, 1, "on", 2, "cup-1 on table-1", 1.0, seconds=((12.0, 18.5),))
    >>> dog = NodeCitation(3, "dog-1", 1.0, 60, (10, 20, 50, 90))
    >>> address("g1", dog), address("g1", tie)
    ('scenegraph://g1/node/3#xywh=10,20,40,70', 'scenegraph://g1/relation/4#t=12,18.5')
    >>> address("g1", dog, fps=5.0)
    'scenegraph://g1/node/3#t=12,12.2&xywh=10,20,40,70'
    """
    if isinstance(citation, NodeCitation):
        if citation.box is None:
            return f"scenegraph://{name}/node/{citation.node}"
        x1, y1, x2, y2 = citation.box
        place = ",".join(_number(edge) for edge in (x1, y1, x2 - x1, y2 - y1))
        seen = "" if fps is None else f"t={_number(citation.frame / fps)},{_number((citation.frame + 1) / fps)}&"
        return f"scenegraph://{name}/node/{citation.node}#{seen}xywh={place}"
    times = "&".join(f"t={_number(start)},{_number(stop)}" for start, stop in citation.seconds)
    return f"scenegraph://{name}/relation/{citation.relation}" + (f"#{times}" if times else "")


def annotations(served: Served, answer: GroundedAnswer, content: str) -> list[dict[str, Any]]:
    """A url_citation for every citation, at the words that name it, or at the whole content."""
    listed = []
    source = served.graph.source
    fps = None if source.kind == "image" else source.fps
    for citation in answer.citations:
        words = served.assistant.index.label(citation.node) if isinstance(citation, NodeCitation) else ""
        start = content.find(words) if words else -1
        stop = start + len(words) if start >= 0 else len(content)
        listed.append(
            {
                "type": "url_citation",
                "url_citation": {
                    "url": address(served.name, citation, fps),
                    "title": citation.label,
                    "start_index": max(start, 0),
                    "end_index": stop,
                },
            }
        )
    return listed


def _number(value: float) -> str:
    return str(round(float(value), 3)).removesuffix(".0")
