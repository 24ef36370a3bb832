"""Collecting the nodes and relations that an answer cites, each once, all of them real."""

from assistant.answers import Citation, NodeCitation, RelationCitation
from assistant.index import GraphIndex
from scenegraph.spans import Spans

MAX_CITED = 100
"""Citations that one answer lists; `evidence_count` says how many there were."""


class Citations:
    """The growing list of citations of one answer."""

    def __init__(self, index: GraphIndex, window: Spans | None = None) -> None:
        self.index = index
        self.window = window
        self.listed: list[Citation] = []
        self._skipped = 0
        self._places: dict[tuple[str, int, Spans | None], int | None] = {}

    @property
    def count(self) -> int:
        """How many nodes and relations were cited, listed or not."""
        return len(self._places) + self._skipped

    def skip(self, number: int) -> None:
        """Count evidence that is not worth listing after so much of it."""
        self._skipped += number

    def relation(self, position: int) -> tuple[int, ...]:
        """Cite a relation by its position; gives its place in the list, () where the list is full."""
        return self._cite(("relation", position, self.window), position)

    def node(self, node_id: int) -> tuple[int, ...]:
        """Cite a node by its id; gives its place in the list, () where the list is full."""
        return self._cite(("node", node_id, None), node_id)

    def _cite(self, key: tuple[str, int, Spans | None], which: int) -> tuple[int, ...]:
        if key not in self._places:
            place = len(self.listed) if len(self.listed) < MAX_CITED else None
            self._places[key] = place
            if place is not None:
                self.listed.append(self._relation(which) if key[0] == "relation" else self._node(which))
        found = self._places[key]
        return () if found is None else (found,)

    def _relation(self, position: int) -> RelationCitation:
        graph = self.index.graph
        relation = graph.relations[position]
        fps = graph.source.fps
        timed = bool(relation.spans) or self.window is not None
        spans = self.index.spans(position, self.window) or self.index.spans(position) if timed else ()
        return RelationCitation(
            relation=position,
            subject=relation.subject,
            predicate=graph.predicate_name(relation),
            object=relation.object,
            label=graph.sentence(relation),
            score=float(relation.score),
            spans=spans,
            seconds=() if fps is None else tuple(span.seconds(fps) for span in spans),
        )

    def _node(self, node_id: int) -> NodeCitation:
        position = self.index.position(node_id)
        frame, box = self.index.first_box(position)
        return NodeCitation(
            node=node_id,
            label=self.index.graph.label(node_id),
            score=float(self.index.nodes[position].score),
            frame=frame,
            box=box,
        )
