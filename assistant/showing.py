"""Answers as pictures: a mask of the nodes, a picture with them highlighted, a clip of the time."""

import io
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from jaxtyping import Bool, UInt8
from PIL import Image

from assistant.answers import GroundedAnswer, NodeCitation, RelationCitation
from scenegraph import InputError, SceneGraph
from scenegraph.drawing import draw
from scenegraph.marks import draw_marks

CLIP_FRAMES = 32
"""Frames of a clip at most, evenly over the time of the evidence: what a person watches and a request carries."""

LISTED = 12
"""Relations that are listed beside a picture."""

BLANK = 224
"""Grey of the canvas where the picture is not known."""

Frames = Callable[[int], UInt8[np.ndarray, "height width 3"] | None]
"""The picture of a frame, None where there is none."""


def evidence(answer: GroundedAnswer) -> tuple[int, ...]:
    """The nodes that an answer is about: its nodes, else all that it cites."""
    cited = [citation.node for citation in answer.citations if isinstance(citation, NodeCitation)]
    return answer.nodes or tuple(dict.fromkeys(cited))


def evidence_frame(graph: SceneGraph, answer: GroundedAnswer) -> int:
    """The first frame in which what an answer says can be seen."""
    for citation in answer.citations:
        if isinstance(citation, RelationCitation) and citation.spans:
            return citation.spans[0][0]
    nodes = evidence(answer)
    return 0 if not nodes else max(graph.node(node).region.frames[0] for node in nodes[:1])


def mask_png(graph: SceneGraph, nodes: Sequence[int], frame: int = 0) -> bytes:
    """A PNG of the source's size, white where the nodes are and black elsewhere; boxes stand for missing masks.

    Raises:
        InputError: an id names no node, or no node is seen in the frame at a known place.
    """
    area = np.zeros(graph.source.size, dtype=bool)
    seen = False
    for node in nodes:
        segment = graph.node(node).region.segment(frame)
        if segment is None or not graph.node(node).located:
            continue
        seen = True
        area |= segment.mask.array() if segment.mask is not None else _rectangle(segment.box, area.shape)
    if not seen:
        raise InputError(f"none of the nodes is seen in frame {frame} at a known place")
    return _encoded(Image.fromarray(area.astype(np.uint8) * 255), "PNG")


def picture_png(graph: SceneGraph, nodes: Sequence[int], frame: int = 0, frames: Frames | None = None) -> bytes:
    """A PNG of a frame with the nodes tinted and named, and the relations among them beside it.

    Args:
        graph: the graph.
        nodes: ids of the nodes to show.
        frame: which frame.
        frames: gives its picture; without one the nodes are drawn on grey.

    Raises:
        InputError: an id names no node, or there are no pictures of the source.
    """
    return _encoded(Image.fromarray(_drawn(graph, nodes, frame, frames, LISTED)), "PNG")


def marked_png(
    graph: SceneGraph, nodes: Sequence[int], frame: int | None = None, frames: Frames | None = None
) -> bytes:
    """A PNG with the id of every node written on it: the numbers of the prompt, for models that see.

    Set-of-mark prompting (Yang et al., 2023); see `scenegraph.marks`.

    Args:
        graph: the graph.
        nodes: ids of the nodes to mark.
        frame: which frame; None is the one in which most of them are seen, the first of equals.
        frames: gives its picture; without one the nodes are marked on grey.

    Raises:
        InputError: an id names no node, or there are no pictures of the source.
    """
    if frame is None:
        seen = Counter(number for node in nodes for number in graph.node(node).region.frames)
        frame = min(seen, key=lambda number: (-seen[number], number), default=0)
    return _encoded(Image.fromarray(draw_marks(graph, _picture(graph, frame, frames), nodes, frame).pixels), "PNG")


def clip_gif(graph: SceneGraph, answer: GroundedAnswer, frames: Frames | None = None) -> bytes:
    """A GIF of the time that an answer rests on, with its nodes highlighted; a still one of a picture.

    Raises:
        InputError: the answer rests on no node, or there are no pictures of the source.
    """
    nodes = evidence(answer)
    if not nodes:
        raise InputError("the answer rests on no node that could be shown")
    spans = [span for cited in answer.citations if isinstance(cited, RelationCitation) for span in cited.spans]
    times = sorted({frame for start, stop in spans for frame in range(start, stop)})
    times = times or sorted({frame for node in nodes for frame in graph.node(node).region.frames})
    chosen = [times[at] for at in np.unique(np.linspace(0, len(times) - 1, CLIP_FRAMES).round().astype(int))]
    pictures = [Image.fromarray(_drawn(graph, nodes, frame, frames, 0)) for frame in chosen]
    step = (chosen[-1] - chosen[0]) / max(len(chosen) - 1, 1)
    milliseconds = max(20, round(1000 * max(step, 1) / (graph.source.fps or 5)))
    content = io.BytesIO()
    pictures[0].save(
        content, "GIF", save_all=True, append_images=pictures[1:], duration=milliseconds, loop=0
    )  # fmt: skip
    return content.getvalue()


def _drawn(
    graph: SceneGraph, nodes: Sequence[int], frame: int, frames: Frames | None, relations: int
) -> UInt8[np.ndarray, "drawn_height drawn_width 3"]:
    return draw(graph.restricted_to(nodes), _picture(graph, frame, frames), relations=relations, frame=frame)


def _picture(graph: SceneGraph, frame: int, frames: Frames | None) -> UInt8[np.ndarray, "height width 3"]:
    """The picture of a frame, grey where it is not known.

    Raises:
        InputError: there are no pictures of the source at all.
    """
    if not graph.source.pictured:
        raise InputError(f"{graph.source.uri}: a map without pictures; its nodes have places in metres")
    picture = None if frames is None else frames(frame)
    return np.full((*graph.source.size, 3), BLANK, dtype=np.uint8) if picture is None else picture


def _rectangle(box: tuple[float, float, float, float], size: tuple[int, ...]) -> Bool[np.ndarray, "height width"]:
    area = np.zeros(size, dtype=bool)
    x1, y1, x2, y2 = (max(round(edge), 0) for edge in box)
    area[y1:y2, x1:x2] = True
    return area


def _encoded(picture: Image.Image, kind: str) -> bytes:
    content = io.BytesIO()
    picture.save(content, kind)
    return content.getvalue()
