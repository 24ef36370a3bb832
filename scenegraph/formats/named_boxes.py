"""Pictures whose objects have free names, boxes of left, top, width, height, and lists of attributes."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import Any, NamedTuple

from scenegraph.checked_json import field, is_number
from scenegraph.errors import InputError
from scenegraph.formats.box_tubes import BoxTubes
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.vocabulary import Vocabulary


class NamedBox(NamedTuple):
    """An object of a picture: its id, name, box (left, top, width, height in pixels) and attributes."""

    id: int
    name: str
    box: tuple[float, float, float, float]
    attributes: Sequence[str] = ()


class Triple(NamedTuple):
    """A relation by the ids of its objects and the predicate's name."""

    subject: int
    predicate: str
    object: int


def read_box(record: Mapping[str, Any], where: str) -> tuple[float, float, float, float]:
    """The keys x, y, w and h of a record.

    Raises:
        InputError: one is missing or no number.
    """
    x, y, width, height = (float(field(record, key, "number", where)) for key in ("x", "y", "w", "h"))
    return x, y, width, height


def spoken_name(name: str) -> str:
    """A name as annotators wrote it, in lower case and without stray spaces.

    >>> spoken_name("  Parked  ON ")
    'parked on'
    """
    return " ".join(name.lower().split())


def extent(objects: Iterable[NamedBox]) -> tuple[int, int]:
    """(height, width) of the smallest picture that holds all boxes, where no file gives its size."""
    corners = [(box[1] + box[3], box[0] + box[2]) for _, _, box, _ in objects]
    return max([1, *(ceil(low) for low, _ in corners)]), max([1, *(ceil(right) for _, right in corners)])


def vocabulary_of(objects: Iterable[NamedBox], triples: Iterable[Triple]) -> Vocabulary:
    """The names that one picture uses, sorted; all of them are things."""
    categories, predicates = {each.name for each in objects}, {each.predicate for each in triples}
    return Vocabulary(tuple(sorted(categories)), (), tuple(sorted(predicates)))


def picture_graph(
    source: Source,
    objects: Iterable[NamedBox],
    triples: Iterable[Triple],
    vocabulary: Vocabulary,
    metadata: Mapping[str, Any],
) -> SceneGraph:
    """The graph of a picture.

    Attributes have no names in such data: a node has them as `attribute`, `attribute 2` and so on.
    What the graph cannot hold is in its metadata: `unseen_objects` (without area in the picture, or
    with a name that the vocabulary lacks), `dropped_relations` and `clipped_boxes` (a count).

    Raises:
        InputError: an id is used for two objects.
    """
    boxes = BoxTubes(*source.size)
    known: dict[int, NamedBox] = {}
    unseen: list[dict[str, Any]] = []
    for each in objects:
        if each.id in known:
            raise InputError(f"object {each.id} is listed twice")
        known[each.id] = each
        x, y, width, height = each.box
        if each.name not in vocabulary.things or width <= 0 or height <= 0:
            unseen.append({"id": each.id, "name": each.name})
            continue
        boxes.add(each.id, 0, (x, y, x + width, y + height))
    tubes = boxes.tubes()
    named = {each["id"] for each in unseen}
    unseen += [
        {"id": number, "name": each.name}
        for number, each in known.items()
        if number not in tubes and number not in named
    ]
    nodes = [
        Node(number, vocabulary.category_id(known[number].name), segment, attributes=_numbered(known[number]))
        for number, tube in tubes.items()
        if (segment := tube.segment(0)) is not None
    ]
    ties, dropped = [], []
    for triple in triples:
        if triple.subject in tubes and triple.object in tubes and triple.predicate in vocabulary.predicates:
            ties.append(Relation(triple.subject, vocabulary.predicate_id(triple.predicate), triple.object))
        else:
            dropped.append({"relation": list(triple), "reason": "an object or the predicate is not in the graph"})
    notes = {"unseen_objects": unseen, "dropped_relations": dropped, "clipped_boxes": boxes.clipped}
    return SceneGraph(
        source,
        tuple(nodes),
        tuple(ties),
        vocabulary,
        {**metadata, **{key: value for key, value in notes.items() if value}},
    )


def whole_number(value: Any, where: str) -> int:
    """An id that is a whole number or a text of digits, as both occur.

    Raises:
        InputError: it is neither, or negative.
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 16:
        return int(value)
    if is_number(value) and value == int(value) and value >= 0:
        return int(value)
    raise InputError(f"{where}: {str(value)[:40]!r} is no id; expected a whole number, 0 or more")


def _numbered(given: NamedBox) -> dict[str, str]:
    distinct = dict.fromkeys(given.attributes)
    return {f"attribute {at}" if at > 1 else "attribute": value for at, value in enumerate(distinct, 1)}
