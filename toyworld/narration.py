"""Captions, questions and a summary for a video, in the style of the PVSG annotations.

Every sentence restates relations of the graph; numbers in brackets are object ids.
"""

from itertools import groupby

from scenegraph import Relation, SceneGraph
from scenegraph.spans import covered

Text = dict[str, str]

_ACTORS = frozenset({"adult", "child", "person", "dog", "horse", "car"})
_PLACES = frozenset({"on", "beside", "in front of", "over"})


def named(graph: SceneGraph, node: int) -> str:
    """`the adult (3)`."""
    return f"the {graph.category_name(node)} ({node})"


def sentence(graph: SceneGraph, relation: Relation) -> str:
    """`the adult (3) is sitting on the bench (5)`."""
    return f"{named(graph, relation.subject)} is {graph.predicate_name(relation)} {named(graph, relation.object)}"


def captions(graph: SceneGraph) -> list[Text]:
    """One caption for every second or so in which something begins: what the actors do then, until the next."""
    events = sorted(
        (span.start, position)
        for position, relation in enumerate(graph.relations)
        if _told(graph, relation)
        for span in relation.spans
    )
    step = max(round(graph.source.fps or 1.0), 1)
    written = []
    for _, group in groupby(events, key=lambda event: event[0] // (2 * step)):
        listed = list(group)
        told = list(dict.fromkeys(position for _, position in listed))
        text = "; ".join(sentence(graph, graph.relations[position]) for position in told)
        written.append((listed[0][0], text[0].upper() + text[1:] + "."))
    if not written:  # nobody does anything
        return []
    ends = [start for start, _ in written[1:]] + [graph.source.num_frames]
    return [
        {"time": f"{start:04d}-{max(end - 1, start):04d}", "description": text}
        for (start, text), end in zip(written, ends, strict=True)
    ]


def qa_pairs(graph: SceneGraph, most: int = 4) -> list[Text]:
    """What an actor does at a moment, for the relations that last longest."""
    longest = sorted(
        (
            (span.length, position, span)
            for position, r in enumerate(graph.relations)
            if _told(graph, r)
            for span in r.spans
        ),
        reverse=True,
    )
    pairs = []
    for _, position, span in longest[:most]:
        relation = graph.relations[position]
        answer = sentence(graph, relation)
        pairs.append(
            {
                "time": f"{(span.start + span.stop - 1) // 2:04d}",
                "question": f"What is {named(graph, relation.subject)} {graph.predicate_name(relation)}?",
                "answer": f"{answer[0].upper()}{answer[1:]}.",
            }
        )
    return sorted(pairs, key=lambda pair: pair["time"])


def summary(graph: SceneGraph) -> str:
    """One sentence about what takes up most of the video."""
    told = [relation for relation in graph.relations if _told(graph, relation)]
    told.sort(key=lambda relation: -covered(relation.spans))
    scene = [name for name in graph.vocabulary.stuff if name in {graph.category_name(n.id) for n in graph.nodes}]
    where = f"A scene with {', '.join(scene)}" if scene else "A scene"
    if not told:
        return f"{where} in which nobody does anything."
    return f"{where} in which {' and '.join(sentence(graph, relation) for relation in told[:2])}."


def _told(graph: SceneGraph, relation: Relation) -> bool:
    """Whether a relation says what somebody does rather than where things are."""
    return graph.category_name(relation.subject) in _ACTORS and graph.predicate_name(relation) not in _PLACES
