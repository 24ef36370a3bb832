"""Small hand-made graphs that the tests of every package share."""

import numpy as np

from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary

VOCABULARY = Vocabulary(
    things=("person", "dog", "ball"),
    stuff=("grass", "sky"),
    predicates=("on", "holding", "beside", "chasing"),
)


def rectangle(height, width, x1, y1, x2, y2) -> Mask:
    """A mask of the pixels x1 <= x < x2, y1 <= y < y2."""
    array = np.zeros((height, width), dtype=bool)
    array[y1:y2, x1:x2] = True
    return Mask.from_array(array)


def park() -> SceneGraph:
    """20 x 30 picture: sky above grass; person 0 on the grass holds ball 2; dog 1 chases the ball."""

    def place(x1, y1, x2, y2):
        return Segment(rectangle(20, 30, x1, y1, x2, y2))

    nodes = (
        Node(0, 0, place(2, 4, 8, 16), 0.9),
        Node(1, 1, place(20, 10, 28, 16), 0.8),
        Node(2, 2, place(10, 8, 13, 11), 0.7, {"colour": "red"}),
        Node(3, 3, place(0, 16, 30, 20), 0.95),
        Node(4, 4, place(0, 0, 30, 4), 0.99),
    )
    relations = (
        Relation(0, 0, 3, 0.9),
        Relation(0, 1, 2, 0.8),
        Relation(1, 3, 2, 0.7),
        Relation(1, 0, 3, 0.6),
    )
    return SceneGraph(Source("image", "park.png", 20, 30), nodes, relations, VOCABULARY)


def park_video() -> SceneGraph:
    """10 frames at 5 a second: the person holds the ball in 0-3 and again in 8-9; the dog chases it in 4-7."""

    def tube(frames, x1, y1, x2, y2):
        return Tube({frame: Segment(rectangle(20, 30, x1, y1, x2, y2)) for frame in frames})

    nodes = (
        Node(1, 0, tube(range(10), 2, 4, 8, 16)),
        Node(2, 1, tube(range(2, 10), 20, 10, 28, 16)),
        Node(3, 2, tube(range(10), 10, 8, 13, 11)),
        Node(4, 3, tube(range(10), 0, 16, 30, 20)),
    )
    relations = (
        Relation(1, 0, 4, spans=(Span(0, 10),)),
        Relation(1, 1, 3, spans=(Span(0, 4), Span(8, 10))),
        Relation(2, 3, 3, spans=(Span(4, 8),)),
    )
    return SceneGraph(Source("video", "park.mp4", 20, 30, 10, 5.0), nodes, relations, VOCABULARY)
