"""Graphs of objects with boxes in metres and no picture, as maps of robots have them.

A node stands for the whole of a picture of one pixel (`located: false`), and has its place as a
`Track4D`. Maps have z up; the camera that a graph is given stands at the origin, level, and looks along
+y, so that left, right, above and in front of mean something.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from jaxtyping import Float64

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.graph import Node, Relation, SceneGraph, Source
from scenegraph.regions import Segment, Track4D, Tube
from scenegraph.vocabulary import Vocabulary

LEVEL = np.array([[1.0, 0, 0, 0], [0, 0, 1, 0], [0, -1, 0, 0], [0, 0, 0, 1]])
"""Camera-to-world: x right, y down (world -z), z ahead (world +y)."""


@dataclass(frozen=True)
class PlacedObject:
    """An object of a map: id, class, centre and size in metres along the axes of the map (NaN: not known)."""

    id: int
    name: str
    position: Sequence[float]
    extent: Sequence[float]
    attributes: Mapping[str, Any] = field(default_factory=dict)


def graph_of_objects(
    uri: str, objects: Sequence[PlacedObject], triples: Sequence[tuple[int, str, int]], metadata: Mapping[str, Any]
) -> SceneGraph:
    """A graph of one frame; classes and predicates in the order of their first use.

    Raises:
        InputError: a relation names an object that is not there, or ids repeat.
    """
    names = tuple(dict.fromkeys(each.name for each in objects))
    predicates = tuple(dict.fromkeys(predicate for _, predicate, _ in triples))
    vocabulary = Vocabulary(names, (), predicates)
    segment = Segment.from_box((0, 0, 1, 1), 1, 1)
    nodes = []
    for each in objects:
        region = Track4D(Tube({0: segment}), _row(each.position), _row(each.extent))
        attributes = {"located": False} | dict(each.attributes)
        nodes.append(Node(each.id, names.index(each.name), region, attributes=attributes))
    known = {each.id for each in objects}
    for subject, predicate, object_ in triples:
        for end in (subject, object_):
            if end not in known:
                raise InputError(f"the relation {predicate!r} names object {end}, which is not there")
    relations = tuple(
        Relation(subject, predicates.index(predicate), object_)
        for subject, predicate, object_ in dict.fromkeys(triples)
    )
    camera = Camera(1.0, 1.0, 0.0, 0.0, LEVEL[None])
    return SceneGraph(Source("rgbd", uri, 1, 1, 1, None, camera, "z"), tuple(nodes), relations, vocabulary, metadata)


def rotated_extent(extent: Sequence[float], rotation: Float64[np.ndarray, "3 3"]) -> list[float]:
    """Size along the axes of the map of a box that is turned in it.

    >>> rotated_extent([2.0, 1.0, 3.0], np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]]))
    [1.0, 2.0, 3.0]
    """
    sizes: list[float] = (np.abs(rotation) @ np.asarray(extent, dtype=np.float64)).tolist()
    return sizes


def _row(numbers: Sequence[float]) -> Float64[np.ndarray, "1 3"]:
    return np.array([numbers], dtype=np.float64)
