"""Graphs of a video of which single frames are annotated: a list of triples and boxes a frame."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from scenegraph.checked_json import located
from scenegraph.formats.box_tubes import BoxTubes
from scenegraph.formats.stored_relations import StoredRelation, usable
from scenegraph.graph import Node, SceneGraph, Source
from scenegraph.regions import Segment, Tube
from scenegraph.spans import from_frames
from scenegraph.vocabulary import Vocabulary

PERSON = "person"

Name = tuple[str, int]
"""A thing of a video: its class, and its number among those of the class in a frame."""

Triple = tuple[Name, str, Name]


class AnnotatedFrame(NamedTuple):
    """What is annotated in one picture: its number in the video, boxes (xyxy) and triples."""

    number: int
    boxes: dict[Name, Sequence[float]]
    triples: list[Triple]


def graph_of(
    frames: Sequence[AnnotatedFrame],
    source: Source,
    vocabulary: Vocabulary,
    metadata: dict[str, Any],
    unlocated: frozenset[str] = frozenset(),
) -> SceneGraph:
    """The graph of a video: a node a name, a relation a triple, spans of the frames that state it.

    Args:
        frames: in their order; frame i of the graph is the i-th of them.
        source: with as many frames.
        vocabulary: all names.
        metadata: more of it.
        unlocated: classes whose boxes the data leaves out. Such a thing stands for the whole picture
            in the frames that name it and is marked with the attribute `located: false`.

    Raises:
        InputError: a box is none, or a name is not in the vocabulary.
    """
    names: dict[Name, int] = {}
    held: dict[Triple, list[int]] = {}
    for at, frame in enumerate(frames):
        for triple in frame.triples:
            held.setdefault(triple, []).append(at)
        for name in (*frame.boxes, *(end for triple in frame.triples for end in (triple[0], triple[2]))):
            names.setdefault(name, len(names))
    boxes = BoxTubes(*source.size)
    for at, frame in enumerate(frames):
        for name, box in frame.boxes.items():
            with located(f"picture {frame.number}: {name[0]}"):
                boxes.add(names[name], at, box)
    tubes = boxes.tubes()
    everywhere = Segment.from_box((0.0, 0.0, float(source.width), float(source.height)), *source.size)
    for name, number in names.items():
        if name[0] in unlocated and number not in tubes:
            stated = {at for triple, ats in held.items() if name in (triple[0], triple[2]) for at in ats}
            tubes[number] = Tube(dict.fromkeys(stated, everywhere))
    nodes = [
        Node(
            number,
            vocabulary.category_id(name[0]),
            tubes[number],
            attributes={"located": False} if tubes[number].segment(tubes[number].frames[0]) is everywhere else {},
        )
        for name, number in names.items()
        if number in tubes
    ]
    rows = [_row(triple, ats, names, len(frames)) for triple, ats in held.items()]
    relations, notes = usable(rows, vocabulary, tubes.keys(), source.num_frames)
    unseen = [name for (name, _), number in names.items() if number not in tubes]
    metadata = {**metadata, "frame_numbers": [frame.number for frame in frames], **notes}
    metadata |= {"unseen_objects": unseen} if unseen else {}
    metadata |= {"clipped_boxes": boxes.clipped} if boxes.clipped else {}
    return SceneGraph(source, tuple(nodes), tuple(relations), vocabulary, metadata)


def _row(triple: Triple, held: list[int], names: dict[Name, int], num_frames: int) -> StoredRelation:
    subject, predicate, object_ = triple
    active = np.zeros(num_frames, dtype=bool)
    active[held] = True
    stored = [subject[0], predicate, object_[0]]
    return StoredRelation(names[subject], predicate, names[object_], from_frames(active), stored)
