"""A graph as text for a language model, and back.

One line a node with its outgoing relations (an incidence list), which costs a language model a
quarter of the tokens of JSON:

    scene graph of a video: 4 nodes, 3 relations, 10 frames, 5 fps
    id name {attributes}: predicate=id@frames,id ...
    1 person: holding=3@0-3+8-9 on=4
    2 dog: chasing=3@4-7
    3 ball {colour red}
    4 grass
    end of graph

An equals sign and no mark between predicates: to common tokenizers a space before a number is a token
of its own, and one before a word is not. Ids are node ids. `decode(encode(declared(graph)))` equals
`declared(graph)`: nothing that the text declares is lost. Names and attribute values come from data and
are not trusted: whatever is no plain word stands in quotes, with line breaks and the characters of role
markers escaped.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from jaxtyping import Int64

from assistant.index import GraphIndex
from assistant.names import shown_names
from scenegraph import InputError
from scenegraph.spans import Span, Spans, merge

START = "scene graph of "
END = "end of graph"

MAX_TEXT = 120
"""Characters of a name or of an attribute's text that are shown; data may hold any length."""

BOX_STEPS = 100
"""Boxes are given in hundredths of the picture: fine enough to compare places, one token a number."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z'_/-]*(?: [A-Za-z'_/-]+){0,4}")
"""A name of at most five words: what is longer may be a sentence that is meant to be obeyed, and stands in quotes."""
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_'-]*")
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_FLAGS = {"true": True, "false": False}
_NAME = rf'(?:{_PLAIN.pattern}|"(?:[^"\\]|\\.)*")'
_HEADER = re.compile(
    r"scene graph of (an image|a video|an RGB-D video): (\d+)(?: of (\d+))? nodes, (\d+)(?: of (\d+))? relations"
    r"(?:, (\d+) frames)?(?:, (\S+) fps)?"
)
_FIRST_LINE = re.compile(f"^{START}", re.MULTILINE)
_LAST_LINE = re.compile(f"\n{END}$", re.MULTILINE)
_NODE = re.compile(rf"(\d+) ({_NAME})")
_BOX = re.compile(r" \((\d+) (\d+) (\d+) (\d+)\)")
_SCORE = re.compile(r"~(\d+)")
_PAIRS = re.compile(r" \{([^\"{}]*)\}")
_TIE = re.compile(rf"(?:({_NAME})=)?(\d+)(?:@(\d+(?:-\d+)?(?:\+\d+(?:-\d+)?)*))?(?:~(\d+))?")
_KINDS = {"image": "an image", "video": "a video", "rgbd": "an RGB-D video"}


@dataclass(frozen=True)
class PromptNode:
    """A node as a prompt declares it; `box` in hundredths of the picture, `score` in tenths."""

    id: int
    name: str
    attributes: str = ""
    box: tuple[int, int, int, int] | None = None
    score: int | None = None


@dataclass(frozen=True)
class PromptRelation:
    """A relation as a prompt declares it; `score` in tenths."""

    subject: int
    predicate: str
    object: int
    spans: Spans = ()
    score: int | None = None


@dataclass(frozen=True)
class PromptGraph:
    """What a prompt declares of a graph: nodes by id, relations by subject, predicate, object, spans."""

    kind: str
    nodes: tuple[PromptNode, ...]
    relations: tuple[PromptRelation, ...]
    total_nodes: int
    total_relations: int
    frames: int = 1
    fps: float | None = None


def declared(
    index: GraphIndex,
    keep: Iterable[int] | None = None,
    boxes: bool = False,
    scores: bool | None = None,
    only: Collection[int] | None = None,
) -> PromptGraph:
    """The fields of a graph that a prompt declares.

    Args:
        index: the graph.
        keep: ids of the nodes to show, with the relations among them; None for all.
        boxes: show boxes (means over the frames in which a node is seen).
        scores: show scores; None shows them if any is below 1.
        only: positions of the relations to show, if they join nodes to show; None for all.
    """
    graph, names = index.graph, shown_names(index.graph.vocabulary)
    kept = set(index.ids.tolist()) if keep is None else set(keep)
    if scores is None:
        scores = index.has_scores
    positions = np.arange(len(index.ids)) if keep is None else index.positions(kept)
    quantised = _quantised(index, positions) if boxes else [None] * len(positions)
    nodes = tuple(
        PromptNode(
            node.id,
            _cut(names[node.category]),
            _told(node.recorded),
            box,
            round(node.score * 10) if scores else None,
        )
        for node, box in zip((index.nodes[position] for position in positions), quantised, strict=True)
    )
    touching = _touching(index, positions)
    relations = [
        PromptRelation(
            relation.subject,
            _cut(graph.predicate_name(relation)),
            relation.object,
            () if merge(relation.spans) == index.whole else relation.spans,
            round(relation.score * 10) if scores else None,
        )
        for relation in (graph.relations[at] for at in touching if only is None or at in only)
    ]
    return PromptGraph(
        graph.source.kind,
        nodes,
        tuple(sorted(relations, key=_order)),
        len(graph.nodes),
        int(index.believed.sum()),
        graph.source.num_frames,
        None if graph.source.fps is None or graph.source.kind == "image" else float(graph.source.fps),
    )


def encode(graph: PromptGraph) -> str:
    """The text of a prompt graph."""
    by_subject: dict[int, list[PromptRelation]] = {}
    for relation in graph.relations:
        by_subject.setdefault(relation.subject, []).append(relation)
    lines = [_line(node, by_subject.get(node.id, [])) for node in graph.nodes]
    return "\n".join((header(graph), _legend(graph), *lines, END))


def header(graph: PromptGraph) -> str:
    """What is shown, and of how much: a text that was cut can be told from it.

    >>> header(PromptGraph("image", (), (), 400, 900))
    'scene graph of an image: 0 of 400 nodes, 0 of 900 relations'
    """
    nodes = _counted(len(graph.nodes), graph.total_nodes)
    relations = _counted(len(graph.relations), graph.total_relations)
    told = f"{START}{_KINDS[graph.kind]}: {nodes} nodes, {relations} relations"
    if graph.kind != "image":
        told += f", {graph.frames} frames"
        told += "" if graph.fps is None else f", {graph.fps!r} fps".replace(".0 fps", " fps")
    return told


def decode(text: str) -> PromptGraph:
    """The prompt graph that a text declares, the last one if there are several; text around it is passed over.

    Raises:
        InputError: the text holds no whole scene graph (the message says where it breaks off).
    """
    # Names and questions are quoted on one line, so that none of them can begin or end a graph.
    stop = max((found.start() for found in _LAST_LINE.finditer(text)), default=-1)
    start = max((found.start() for found in _FIRST_LINE.finditer(text) if found.start() < stop), default=-1)
    if start < 0:
        raise InputError("the text holds no whole scene graph; it was cut off or is another text")
    header, _, *lines = text[start:stop].split("\n")
    found = _HEADER.fullmatch(header)
    if found is None:
        raise InputError(f"the first line of a scene graph is not {header[:80]!r}")
    kind, shown, total, tied, total_tied, frames, fps = found.groups()
    nodes: list[PromptNode] = []
    relations: list[PromptRelation] = []
    for line in lines:
        node, ties = _read_line(line)
        nodes.append(node)
        relations.extend(ties)
    if (len(nodes), len(relations)) != (int(shown), int(tied)):
        raise InputError(
            f"the scene graph declares {shown} nodes and {tied} relations; "
            f"the text holds {len(nodes)} and {len(relations)}: it was cut or changed"
        )
    return PromptGraph(
        next(name for name, words in _KINDS.items() if words == kind),
        tuple(nodes),
        tuple(relations),
        int(total or shown),
        int(total_tied or tied),
        1 if frames is None else int(frames),
        None if fps is None else float(fps),
    )


def quoted(value: str) -> str:
    """A text from outside as one line in quotes, in which nothing can pass for a role marker.

    >>> "<" in quoted("<|im_start|>system"), len(quoted("a dog").splitlines())
    (False, 1)
    """
    return escaped_json(value)


def _counted(shown: int, total: int) -> str:
    return str(shown) if shown == total else f"{shown} of {total}"


def _legend(graph: PromptGraph) -> str:
    parts = ["id name"]
    if any(node.attributes for node in graph.nodes):
        parts.append("{attributes}")
    if any(node.box is not None for node in graph.nodes):
        parts.append("(left top right bottom in hundredths of the picture)")
    ending = "~score in tenths" if any(node.score is not None for node in graph.nodes) else ""
    frames = "@frames" if any(relation.spans for relation in graph.relations) else ""
    return f"{' '.join(parts)}{ending}: predicate=id{frames}{ending},id ..."


def _line(node: PromptNode, relations: list[PromptRelation]) -> str:
    shown = f"{node.id} {shown_name(node.name)}"
    shown += f" {shown_attributes(node.attributes)}" if node.attributes else ""
    shown += "" if node.box is None else f" ({' '.join(map(str, node.box))})"
    shown += "" if node.score is None else f"~{node.score}"
    ties: list[str] = []
    last = None
    for relation in relations:
        repeated = relation.predicate == last
        tie = str(relation.object) if repeated else f"{shown_name(relation.predicate)}={relation.object}"
        spans = shown_spans(relation.spans, "+")
        tie += f"@{spans}" if spans else ""
        tie += "" if relation.score is None else f"~{relation.score}"
        ties.append(f",{tie}" if repeated else f"{' ' if ties else ': '}{tie}")
        last = relation.predicate
    return shown + "".join(ties)


def shown_spans(spans: Spans, joint: str) -> str:
    """First and last frame of every span, or the only one.

    >>> shown_spans((Span(0, 4), Span(8, 9)), "+")
    '0-3+8'
    """
    return joint.join(
        f"{span.start}-{span.stop - 1}" if span.stop - span.start > 1 else str(span.start) for span in spans
    )


def shown_attributes(coded: str) -> str:
    """Attributes, given as JSON: `{colour red, size small}` if all of them are plain words, else as they are."""
    pairs = [(name, _plain_value(value)) for name, value in json.loads(coded).items()]
    if any(value is None or not _KEY.fullmatch(name) for name, value in pairs):
        return coded
    return "{" + ", ".join(f"{name} {value}" for name, value in pairs) + "}"


def _plain_value(value: Any) -> str | None:
    """A whole number, a flag or plain words as they are; None for what would not come back as it was."""
    if isinstance(value, bool | int):
        return str(value).lower() if abs(value) < 10**18 else None
    return value if isinstance(value, str) and _PLAIN.fullmatch(value) and value not in _FLAGS else None


def _read_line(line: str) -> tuple[PromptNode, list[PromptRelation]]:
    head = _NODE.match(line)
    if head is None:
        raise InputError(f"a line of the scene graph starts with no id and name: {line[:80]!r}")
    node_id, name, at = int(head[1]), _plain_name(head[2]), head.end()
    attributes, box, score = "", None, None
    if (found := _PAIRS.match(line, at)) is not None:
        attributes, at = escaped_json(dict(_pair(pair, node_id) for pair in found[1].split(", "))), found.end()
    elif line[at : at + 2] == " {":
        try:
            stop = json.JSONDecoder().raw_decode(line, at + 1)[1]
        except ValueError:
            raise InputError(f"the attributes of node {node_id} break off at {line[at : at + 40]!r}") from None
        attributes, at = line[at + 1 : stop], stop
    if (found := _BOX.match(line, at)) is not None:
        box, at = (int(found[1]), int(found[2]), int(found[3]), int(found[4])), found.end()
    if (found := _SCORE.match(line, at)) is not None:
        score, at = int(found[1]), found.end()
    return PromptNode(node_id, name, attributes, box, score), _read_ties(node_id, line, at)


def _read_ties(subject: int, line: str, at: int) -> list[PromptRelation]:
    ties: list[PromptRelation] = []
    predicate = ""
    while at < len(line):
        joint = ": " if not ties else "," if line[at] == "," else " "
        found = _TIE.match(line, at + len(joint))
        if not line.startswith(joint, at) or found is None:
            raise InputError(f"the line of node {subject} breaks off at {line[at : at + 40]!r}")
        predicate = _plain_name(found[1]) if found[1] is not None else predicate
        stretches = [part.split("-") for part in (found[3] or "").split("+") if part]
        spans = tuple(Span.inclusive(int(ends[0]), int(ends[-1])) for ends in stretches)
        ties.append(
            PromptRelation(subject, predicate, int(found[2]), spans, None if found[4] is None else int(found[4]))
        )
        at = found.end()
    return ties


def _pair(shown: str, node: int) -> tuple[str, Any]:
    name, space, value = shown.partition(" ")
    if not space:
        raise InputError(f"node {node} has an attribute without a value: {shown[:40]!r}")
    return name, _FLAGS[value] if value in _FLAGS else int(value) if _WHOLE.fullmatch(value) else value


def shown_name(name: str) -> str:
    """A name as it is if it is plain words, else in quotes."""
    return name if _PLAIN.fullmatch(name) else escaped_json(name)


def _plain_name(shown: str) -> str:
    return str(json.loads(shown)) if shown.startswith('"') else shown


def escaped_json(value: Any, sort_keys: bool = True) -> str:
    """Compact JSON in one line, whose texts hold no character of a role marker."""
    text = json.dumps(value, ensure_ascii=True, sort_keys=sort_keys, separators=(",", ":"), default=str)
    return re.sub(r'"(?:[^"\\]|\\.)*"', _escaped, text)


def _escaped(found: re.Match[str]) -> str:
    return re.sub(r"[<>\[\]|`\x7f]", lambda mark: f"\\u{ord(mark.group()):04x}", found.group())


def _cut(name: str) -> str:
    return name if len(name) <= MAX_TEXT else f"{name[:MAX_TEXT]}..."


def _cut_values(value: Any) -> Any:
    if isinstance(value, dict):
        return {_cut(str(key)): _cut_values(item) for key, item in list(value.items())[:20]}
    if isinstance(value, list | tuple):
        return [_cut_values(item) for item in value[:20]]
    return _cut(value) if isinstance(value, str) else value


def _told(recorded: Mapping[str, Any]) -> str:
    return escaped_json(_cut_values(recorded)) if recorded else ""


def _order(relation: PromptRelation) -> tuple[Any, ...]:
    return (relation.subject, relation.predicate, relation.object, relation.spans, relation.score or 0)


def _quantised(index: GraphIndex, positions: Int64[np.ndarray, " k"]) -> list[tuple[int, int, int, int] | None]:
    height, width = index.graph.source.size
    scaled = index.boxes(positions) / np.array([width, height, width, height]) * BOX_STEPS
    rows = np.clip(np.floor(scaled), 0, BOX_STEPS)
    return [None if np.isnan(row).any() else tuple(int(edge) for edge in row) for row in rows]  # type: ignore[misc]


def _touching(index: GraphIndex, positions: Int64[np.ndarray, " k"]) -> list[int]:
    kept = np.zeros(len(index.ids), dtype=bool)
    kept[positions] = True
    return np.flatnonzero(kept[index.subjects] & kept[index.objects] & index.believed).tolist()
