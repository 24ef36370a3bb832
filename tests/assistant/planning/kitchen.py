"""A kitchen to plan in: a person with a cup, a table with things on it, a refrigerator, a dog with a bottle."""

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Vocabulary

WORDS = Vocabulary(
    ("person", "cup", "book", "dining table", "refrigerator", "apple", "dog", "bottle", "box", "ball"),
    ("floor", "water"),
    ("on", "in", "holding", "beside", "looking at"),
)
NAMES = ("person", "cup", "book", "dining table", "refrigerator", "apple", "dog", "bottle", "box", "floor", "cup")
PERSON, CUP, BOOK, TABLE, FRIDGE, APPLE, DOG, BOTTLE, BOX, FLOOR, HELD_CUP = range(11)
TIES = (
    *((PERSON, "on", FLOOR), (TABLE, "on", FLOOR), (FRIDGE, "on", FLOOR), (DOG, "on", FLOOR)),
    *((CUP, "on", BOOK), (BOOK, "on", TABLE), (BOX, "on", TABLE), (APPLE, "in", FRIDGE)),
    *((DOG, "holding", BOTTLE), (PERSON, "holding", HELD_CUP), (PERSON, "looking at", TABLE)),
)


def kitchen(ties=TIES, names=NAMES, attributes=None, scores=None):
    """The graph; attributes by node id, scores by position of the relation."""
    nodes = tuple(
        Node(
            at,
            WORDS.category_id(name),
            Segment.from_box((at, 0, at + 1, 1), 20, 40),
            1.0,
            (attributes or {}).get(at, {}),
        )
        for at, name in enumerate(names)
    )
    relations = tuple(
        Relation(subject, WORDS.predicate_id(predicate), other, (scores or {}).get(at, 1.0))
        for at, (subject, predicate, other) in enumerate(ties)
    )
    return SceneGraph(Source("image", "kitchen.png", 20, 40), nodes, relations, WORDS)
