"""Relations from where things are: no weights, no training, from any panoptic map.

The rules read the picture as people do: what a thing's foot touches carries it; what lies lower in
the picture is nearer; what touches nothing but a wall is fixed to it or stands before it. A few
roles of categories (ground, water, sky, wall, container, ...) come from words in their names, so any
vocabulary in English will do. Only predicates that can be seen in the layout are predicted; what
people do (holding, looking at, riding) is left to models that learn.
"""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from psg.layout import measure
from psg.roles import Roles
from psg.rules import Scene
from scenegraph import InputError, Relation, SceneGraph

NAMES: dict[str, tuple[str, ...]] = {
    "on": ("on",),
    "in": ("in", "inside"),
    "over": ("over", "above"),
    "under": ("under", "below", "beneath"),
    "in front of": ("in front of",),
    "behind": ("behind",),
    "beside": ("beside", "next to", "near"),
    "attached to": ("attached to",),
    "hanging from": ("hanging from",),
    "enclosing": ("enclosing", "surrounding", "around"),
}
"""What each rule may be called; the first name that the vocabulary has is used, a rule without one is left out."""

_INVERSE = {"over": "under", "in front of": "behind"}
"""Names for the other end; used only where the vocabulary lacks the first."""

MIN_SCORE = 0.5
"""Below it the geometry speaks against the predicate as much as for it."""


def predict_relations(graph: SceneGraph, min_score: float = MIN_SCORE, top_k: int | None = None) -> SceneGraph:
    """The graph with spatial relations found from its segments; relations it has are replaced.

    A pair gets at most one relation, in the direction in which people say it (the cup on the table,
    the person in front of the wall). The score is the share to which the layout fulfils the rule: of
    "on", for example, how much of the subject's foot touches the object. Relations stand in
    descending order of it.

    Args:
        graph: an image graph; nodes without masks are compared by their boxes.
        min_score: relations with a lower score are left out.
        top_k: at most this many relations.

    Returns:
        A graph with the same nodes. If the vocabulary has predicates, only its names are used; if it
        has none, it gets those of the rules.

    Raises:
        InputError: the graph is no image graph, or its vocabulary has predicates but none of `NAMES`.
    """
    if graph.source.kind != "image":
        raise InputError(f"relations from the layout need an image graph; {graph.source.uri!r} is {graph.source.kind}")
    vocabulary = graph.vocabulary
    if not vocabulary.predicates:
        direct = tuple(names[0] for rule, names in NAMES.items() if rule not in _INVERSE.values())
        vocabulary = replace(vocabulary, predicates=direct)
    predicates = _predicate_ids(vocabulary.predicates)
    found: list[Relation] = []
    if len(graph.nodes) > 1:
        scene = Scene(measure(graph), Roles.of(graph))
        found = [relation for relation in _best(graph, scene, predicates) if relation.score >= min_score]
    return replace(graph, vocabulary=vocabulary, relations=tuple(found[:top_k]))


def _predicate_ids(predicates: tuple[str, ...]) -> dict[str, tuple[int, bool]]:
    """Rule to (predicate id, whether subject and object change places)."""
    ids = {}
    for rule in Scene.RULES:
        for name, turned in ((rule, False), (_INVERSE.get(rule), True)):
            known = [word for word in NAMES.get(name, ()) if word in predicates]
            if known and rule not in ids:
                ids[rule] = (predicates.index(known[0]), turned)
    if not ids:
        raise InputError(
            "the vocabulary has none of the predicates that can be seen in a layout: "
            + ", ".join(name for names in NAMES.values() for name in names)
        )
    return ids


def _best(graph: SceneGraph, scene: Scene, predicates: dict[str, tuple[int, bool]]) -> Iterator[Relation]:
    """One relation for every unordered pair: the rule and the direction that hold best; best pairs first."""
    rules = list(predicates)
    scores = np.stack([scene.fulfilment(rule) for rule in rules])
    rule = scores.argmax(axis=0)
    best = scores.max(axis=0)
    upper = np.triu(np.ones_like(best, dtype=bool), k=1)
    forward = best >= best.T
    subjects, objects = np.nonzero((upper & forward) | (upper & ~forward).T)
    order = np.argsort(-best[subjects, objects], kind="stable")
    for i, j in zip(subjects[order], objects[order], strict=True):
        predicate, turned = predicates[rules[rule[i, j]]]
        ends = (graph.nodes[j].id, graph.nodes[i].id) if turned else (graph.nodes[i].id, graph.nodes[j].id)
        yield Relation(ends[0], predicate, ends[1], float(best[i, j]))
