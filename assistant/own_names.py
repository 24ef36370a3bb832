"""Names of their own that nodes have in the data: a track called "Van1", a person called "Alice"."""

from collections import Counter

from assistant.index import GraphIndex
from assistant.lexicon import Lexicon
from assistant.text import ENGLISH, words

ATTRIBUTE = "name"
"""What readers call the attribute (OpenLABEL, Spark-DSG)."""

MAX_WORDS = 5
"""What the grammar reads as one label."""


def own_names(index: GraphIndex, lexicon: Lexicon) -> dict[str, int]:
    """Node ids by their own names, as the words of a question have them.

    Left out is what would change the meaning of other words: a name that two nodes have, that is the label of
    another node, or all of whose words mean something already ("car" for one of three cars, "the dog").

    Args:
        index: the graph.
        lexicon: the words of the vocabulary and of the user, without those of attributes.

    >>> from scenegraph import Node, SceneGraph, Segment, Source, Vocabulary
    >>> place = Segment.from_box((0, 0, 4, 4), 8, 8)
    >>> names = ("Van1", "car", "Twin", "Twin")
    >>> nodes = [Node(at, 0, place, attributes={"name": name}) for at, name in enumerate(names)]
    >>> graph = SceneGraph(Source("image", "a.png", 8, 8), tuple(nodes), (), Vocabulary(("car",), (), ()))
    >>> from assistant.lexicon import lexicon_of
    >>> own_names(GraphIndex(graph), lexicon_of(graph.vocabulary))
    {'van1': 0}
    """
    found: list[tuple[str, int]] = []
    for node in index.nodes:
        name = node.attributes.get(ATTRIBUTE)
        said = words(name) if isinstance(name, str) else []
        if not 0 < len(said) <= MAX_WORDS or all(word in ENGLISH or lexicon.knows(word) for word in said):
            continue
        if not any(character.isalpha() for character in said[0]):
            continue
        label = "-".join((" ".join(said[:-1]), said[-1])) if len(said) > 1 else said[0]
        if index.called.get(label, node.id) == node.id:
            found.append((" ".join(said), node.id))
    times = Counter(name for name, _ in found)
    return {name: node for name, node in found if times[name] == 1}
