"""Relations over time as files state them, and what of them a graph can hold.

Annotations of videos name predicates that no list has, objects that no frame shows, and spans that
end after the last frame. A graph cannot hold these; nothing of it disappears unseen.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from scenegraph.formats.problems import Finding, Findings
from scenegraph.graph import Relation
from scenegraph.spans import Span
from scenegraph.vocabulary import Vocabulary


class StoredRelation(NamedTuple):
    """A relation of a file: ids of its objects, the predicate's name, half-open spans, and the row as stored."""

    subject: int
    predicate: str
    object: int
    spans: Sequence[Span]
    stored: Any


def usable(
    rows: Iterable[StoredRelation], vocabulary: Vocabulary, seen: Container[int], num_frames: int
) -> tuple[list[Relation], dict[str, Any]]:
    """The relations that a graph can hold, in file order, and notes about the rest for its metadata.

    Spans are cut at the last frame; overlapping ones stay as they are.

    Args:
        rows: the relations of the file; their objects are listed there.
        vocabulary: names of the file.
        seen: ids of the objects that some frame shows.
        num_frames: frames of the video.

    Returns:
        Relations, and `dropped_relations` (each as stored, with the reason) and `clipped_spans` (a
        count) where there are any.
    """
    relations, dropped, clipped = [], [], 0
    for row in rows:
        inside = tuple(Span(span.start, min(span.stop, num_frames)) for span in row.spans if span.start < num_frames)
        unseen = [end for end in (row.subject, row.object) if end not in seen]
        if row.predicate not in vocabulary.predicates:
            dropped.append(
                {"relation": row.stored, "reason": f"the predicate {row.predicate!r} is not in the vocabulary"}
            )
        elif unseen:
            dropped.append({"relation": row.stored, "reason": f"object {unseen[0]} is not seen in any frame"})
        elif not inside:
            dropped.append({"relation": row.stored, "reason": "no frame of it lies in the video"})
        else:
            clipped += sum(span.stop > num_frames for span in row.spans)
            relations.append(Relation(row.subject, vocabulary.predicate_id(row.predicate), row.object, 1.0, inside))
    notes: dict[str, Any] = {"dropped_relations": dropped} if dropped else {}
    return relations, notes | ({"clipped_spans": clipped} if clipped else {})


_NOTED = {
    "unseen_objects": ("objects", "{} objects are seen in no frame; readers leave them out"),
    "dropped_relations": ("relations", "{} relations cannot be held by a graph; readers leave them out"),
    "clipped_spans": ("relations", "{} spans end after the last frame; readers cut them"),
    "clipped_boxes": ("boxes", "{} boxes leave the picture; readers cut them"),
    "unlisted_ids": ("masks", "pixels have {} ids that no object has; readers leave them unlabelled"),
}


def noted(metadata: Mapping[str, Any]) -> Findings:
    """The notes that a reader left in a graph's metadata, as warnings of a validator."""
    for key, (place, message) in _NOTED.items():
        if key in metadata:
            value = metadata[key]
            count = value if isinstance(value, int) else len(value)
            first = f", for example {value[0]}" if not isinstance(value, int) else ""
            yield Finding(place, message.format(count) + first, "warning")
