"""A small psg.json data set of drawn pictures, in which the relations can be seen."""

import numpy as np

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary
from scenegraph.formats.psg import PSGWriter
from scenegraph.panoptic import masks_from_ids

WORDS = Vocabulary(
    things=("person", "dog"), stuff=("grass", "sky"), predicates=("on", "left of", "right of", "over", "beside")
)
COLOURS = np.array([(60, 160, 60), (120, 180, 250), (220, 40, 40), (240, 200, 40)], dtype=np.uint8)
HEIGHT, WIDTH = 64, 80


def drawn(number: int) -> tuple[SceneGraph, np.ndarray]:
    """A person and a dog (each in its colour) on grass under the sky; who is left of whom varies."""
    generator = np.random.default_rng(number)
    horizon = int(generator.integers(20, 30))
    ids = np.zeros((HEIGHT, WIDTH), dtype=np.int32)
    ids[:horizon] = 1
    first, second = (int(start) for start in generator.permutation([8, 48]) + generator.integers(0, 8, 2))
    ids[horizon - 10 : horizon + 22, first : first + 14] = 2
    ids[horizon + 8 : horizon + 24, second : second + 20] = 3
    image = (COLOURS[ids].astype(np.int16) + generator.integers(-15, 15, (HEIGHT, WIDTH, 3))).clip(0, 255)
    masks = masks_from_ids(ids, range(4))
    nodes = tuple(Node(i, category, Segment(masks[i])) for i, category in enumerate((2, 3, 0, 1)))
    side = 1 if first < second else 2
    relations = (
        *(Relation(2, 0, 0), Relation(3, 0, 0), Relation(1, 3, 0)),
        *(Relation(2, side, 3), Relation(3, 3 - side, 2), Relation(2, 4, 3)),
    )
    source = Source("image", f"{number:06d}", HEIGHT, WIDTH)
    return SceneGraph(source, nodes, relations, WORDS), image.astype(np.uint8)


def write(root, train: int = 8, test: int = 4):
    """The data set below a folder; returns the path of its psg.json."""
    with PSGWriter(root, WORDS) as writer:
        for number in range(train + test):
            graph, image = drawn(number)
            writer.add(graph, image, test=number >= train)
    return root / "psg.json"
