"""A picture with enough in it to be asked about, under names as PSG writes them."""

import numpy as np

from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary

VOCABULARY = Vocabulary(
    things=(
        *("person", "bicycle", "car", "bench", "bird", "cat", "dog", "horse", "umbrella", "sports ball", "cup"),
        *("sandwich", "dining table", "kite", "potted plant"),
    ),
    stuff=("road", "water-other", "wall-brick", "tree-merged", "fence-merged", "sky-other-merged", "grass-merged"),
    predicates=(
        *("over", "in front of", "beside", "on", "in", "walking on", "running on", "standing on", "sitting on"),
        *("wearing", "holding", "looking at", "eating", "chasing", "playing with", "talking to", "riding", "parked on"),
        "kicking",
    ),
)

HEIGHT, WIDTH = 48, 64

NODES = (
    # id, category, box x1 y1 x2 y2, score, attributes
    (0, "person", (14, 8, 20, 22), 0.95, {}),
    (1, "person", (28, 16, 33, 34), 0.9, {}),
    (2, "horse", (10, 18, 26, 34), 0.92, {"colour": "brown"}),
    (3, "dog", (40, 26, 47, 33), 0.88, {}),
    (4, "sports ball", (50, 30, 53, 33), 0.7, {"color": "red"}),
    (5, "umbrella", (12, 4, 22, 9), 0.8, {}),
    (6, "grass-merged", (0, 32, 44, 44), 0.97, {}),
    (7, "sky-other-merged", (0, 0, 64, 4), 0.99, {}),
    (8, "dining table", (34, 36, 42, 42), 0.75, {"material": "wooden"}),
    (9, "cup", (36, 34, 38, 36), 0.6, {}),
    (10, "bench", (46, 36, 58, 42), 0.85, {}),
    (11, "person", (48, 30, 52, 40), 0.9, {}),
    (12, "sandwich", (52, 33, 54, 35), 0.55, {}),
    (13, "tree-merged", (0, 5, 10, 30), 0.9, {}),
    (14, "car", (54, 20, 63, 28), 0.93, {"colour": "blue"}),
    (15, "road", (48, 26, 64, 32), 0.9, {}),
)
RELATIONS = (
    (0, "riding", 2, 0.9),
    (0, "holding", 5, 0.8),
    (2, "walking on", 6, 0.7),
    (1, "standing on", 6, 0.85),
    (1, "looking at", 0, 0.6),
    (1, "beside", 2, 0.75),
    (3, "chasing", 4, 0.65),
    (3, "running on", 6, 0.7),
    (9, "on", 8, 0.8),
    (8, "on", 6, 0.7),
    (11, "sitting on", 10, 0.9),
    (11, "eating", 12, 0.7),
    (2, "in front of", 13, 0.6),
    (14, "parked on", 15, 0.9),
)


def riders() -> SceneGraph:
    """A person with an umbrella rides a horse; another looks on; a dog chases a ball; a third one eats on a bench."""
    nodes = []
    for node_id, category, (x1, y1, x2, y2), score, attributes in NODES:
        mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
        mask[y1:y2, x1:x2] = True
        segment = Segment(Mask.from_array(mask))
        nodes.append(Node(node_id, VOCABULARY.category_id(category), segment, score, attributes))
    relations = tuple(
        Relation(subject, VOCABULARY.predicate_id(predicate), other, score)
        for subject, predicate, other, score in RELATIONS
    )
    return SceneGraph(Source("image", "riders.jpg", HEIGHT, WIDTH), tuple(nodes), relations, VOCABULARY)


VIDEO_VOCABULARY = Vocabulary(
    things=("adult", "child", "ball", "table", "cake", "cup", "dog", "cat"),
    stuff=("floor", "wall"),
    predicates=(
        *("biting", "chasing", "eating", "holding", "looking at", "next to", "on", "sitting on", "standing on"),
        *("throwing", "running on"),
    ),
)

VIDEO_NODES = (
    # id, category, first and last frame, box
    (1, "adult", 0, 39, (4, 6, 12, 30)),
    (2, "child", 0, 39, (20, 14, 27, 32)),
    (3, "ball", 10, 39, (30, 28, 33, 31)),
    (4, "table", 0, 39, (44, 18, 60, 32)),
    (5, "cake", 0, 39, (49, 13, 55, 18)),
    (6, "floor", 0, 39, (0, 32, 64, 48)),
    (7, "cup", 0, 29, (10, 12, 13, 15)),
    (8, "adult", 25, 39, (14, 5, 20, 30)),
    (9, "dog", 12, 39, (34, 24, 42, 33)),
)
VIDEO_RELATIONS = (
    (1, "holding", 7, ((0, 10), (20, 30))),
    (1, "standing on", 6, ()),
    (2, "sitting on", 6, ((0, 15),)),
    (2, "standing on", 6, ((15, 40),)),
    (2, "throwing", 3, ((16, 18),)),
    (9, "chasing", 3, ((18, 28),)),
    (9, "biting", 3, ((28, 32),)),
    (5, "on", 4, ()),
    (2, "eating", 5, ((32, 40),)),
    (8, "looking at", 2, ((30, 40),)),
)


def birthday() -> SceneGraph:
    """40 frames at 5 a second: a child sits, stands up, throws a ball that a dog catches, and eats cake."""
    nodes = []
    for node_id, category, first, last, (x1, y1, x2, y2) in VIDEO_NODES:
        mask = np.zeros((HEIGHT, WIDTH), dtype=bool)
        mask[y1:y2, x1:x2] = True
        segment = Segment(Mask.from_array(mask))
        tube = Tube(dict.fromkeys(range(first, last + 1), segment))
        nodes.append(Node(node_id, VIDEO_VOCABULARY.category_id(category), tube))
    relations = tuple(
        Relation(subject, VIDEO_VOCABULARY.predicate_id(predicate), other, spans=tuple(Span(*span) for span in spans))
        for subject, predicate, other, spans in VIDEO_RELATIONS
    )
    return SceneGraph(
        Source("video", "birthday.mp4", HEIGHT, WIDTH, 40, 5.0), tuple(nodes), relations, VIDEO_VOCABULARY
    )
