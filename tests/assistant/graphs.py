"""Random small graphs, images and videos, with several nodes a category and several relations a pair."""

import numpy as np

from scenegraph import Node, Relation, SceneGraph, Segment, Source, Span, Tube, Vocabulary

VOCABULARY = Vocabulary(
    things=("person", "dog", "sports ball", "dining table"),
    stuff=("grass-merged", "wall-brick"),
    predicates=("on", "sitting on", "holding", "beside", "chasing", "in front of"),
)
HEIGHT, WIDTH, FRAMES = 40, 60, 12


def _segment(random) -> Segment:
    x1, y1 = random.integers(0, WIDTH - 8), random.integers(0, HEIGHT - 8)
    box = (float(x1), float(y1), float(x1 + random.integers(2, 8)), float(y1 + random.integers(2, 8)))
    return Segment.from_box(box, HEIGHT, WIDTH)


def _spans(random) -> tuple[Span, ...]:
    if random.random() < 0.3:
        return ()
    cuts = np.unique(random.integers(0, FRAMES + 1, size=4))
    return tuple(Span(int(a), int(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False))


def random_graph(seed: int, kind: str = "image", nodes: int = 7, relations: int = 10) -> SceneGraph:
    """A graph of a seed; ids are neither dense nor in order."""
    random = np.random.default_rng(seed)
    ids = random.permutation(np.arange(0, nodes * 3))[:nodes].tolist()
    made = []
    for node_id in ids:
        if kind == "image":
            region = _segment(random)
        else:
            first = int(random.integers(0, FRAMES - 1))
            last = int(random.integers(first, FRAMES))
            region = Tube({frame: _segment(random) for frame in range(first, last + 1)})
        attributes = {"colour": str(random.choice(["red", "blue"]))} if random.random() < 0.3 else {}
        made.append(Node(node_id, int(random.integers(0, 6)), region, round(float(random.random()), 3), attributes))
    ties = []
    for _ in range(relations if nodes else 0):
        subject, other = random.choice(ids), random.choice(ids)
        spans = _spans(random) if kind == "video" else ()
        predicate, score = int(random.integers(0, 6)), round(float(random.random()), 3)
        ties.append(Relation(int(subject), predicate, int(other), score, spans))
    source = Source(kind, "random", HEIGHT, WIDTH, FRAMES if kind == "video" else 1, 4.0 if kind == "video" else None)
    return SceneGraph(source, tuple(made), tuple(ties), VOCABULARY)


def renamed(graph: SceneGraph, seed: int) -> tuple[SceneGraph, dict[int, int]]:
    """The same graph with other ids in the same order, its nodes and relations listed in another order."""
    random = np.random.default_rng(seed)
    old = sorted(node.id for node in graph.nodes)
    fresh = np.cumsum(random.integers(1, 9, size=len(old))).tolist()
    new = dict(zip(old, fresh, strict=True))
    nodes = [Node(new[n.id], n.category, n.region, n.score, n.attributes) for n in graph.nodes]
    ties = [Relation(new[r.subject], r.predicate, new[r.object], r.score, r.spans) for r in graph.relations]
    nodes = [nodes[at] for at in random.permutation(len(nodes))]
    ties = [ties[at] for at in random.permutation(len(ties))]
    return SceneGraph(graph.source, tuple(nodes), tuple(ties), graph.vocabulary), new
