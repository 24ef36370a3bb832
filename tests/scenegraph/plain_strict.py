"""The strict protocol and its pictures for tests: random graphs, and a plain slow implementation.

The slow one follows the sentences of `scenegraph.strict` with Python loops over pixels, rows and
pairs; it shares no code with the fast one.
"""

import numpy as np
from hypothesis import strategies as st

from scenegraph import Mask, Node, Relation, SceneGraph, Segment, Source
from scenegraph.panoptic import masks_from_ids
from tests.factories import VOCABULARY

HEIGHT, WIDTH = 4, 5


def graph(ids, categories, relations, uri="a.png"):
    """Nodes from an id map (-1 is void; id = position) and (subject, predicate, object, score) rows."""
    masks = masks_from_ids(np.asarray(ids), np.arange(len(categories)))
    nodes = tuple(
        Node(place, int(kind), Segment(mask)) for place, (kind, mask) in enumerate(zip(categories, masks, strict=True))
    )
    return SceneGraph(
        Source("image", uri, *np.shape(ids)), nodes, tuple(Relation(*row) for row in relations), VOCABULARY
    )


@st.composite
def graphs(draw, max_nodes=4, max_relations=12, distinct=False):
    """Graphs on one id map; `distinct` gives every pair at most one relation."""
    count = draw(st.integers(0, max_nodes))
    ids = np.array(
        draw(st.lists(st.integers(-1, max(count - 1, -1)), min_size=HEIGHT * WIDTH, max_size=HEIGHT * WIDTH))
    )
    categories = draw(st.lists(st.integers(0, 1), min_size=count, max_size=count))
    rows = st.tuples(
        st.integers(0, max(count - 1, 0)),
        st.integers(0, 2),
        st.integers(0, max(count - 1, 0)),
        st.sampled_from([0.1, 0.3, 0.5, 0.7, 0.9, 0.95]),
    )
    key = (lambda row: (row[0], row[2])) if distinct else None
    relations = draw(st.lists(rows, max_size=max_relations, unique_by=key)) if count else []
    return graph(ids.reshape(HEIGHT, WIDTH), categories, relations)


@st.composite
def pairs(draw, **options):
    """A truth and a prediction that has often something to do with it."""
    truth = draw(graphs(**options))
    if draw(st.booleans()):
        return truth, draw(graphs(**options))
    rows = [
        (each.subject, draw(st.sampled_from([each.predicate, 0])), each.object, draw(st.sampled_from([0.2, 0.6, 0.8])))
        for each in truth.relations
    ]
    rows = draw(st.permutations(rows))
    return truth, SceneGraph(truth.source, truth.nodes, tuple(Relation(*row) for row in rows), VOCABULARY)


def pixels(node):
    return {tuple(each) for each in np.argwhere(node.region.mask.array()).tolist()}


def match(truth, prediction):
    """Predicted node id to true node id."""
    partner = {}
    for node in prediction.nodes:
        for true in truth.nodes:
            mine, theirs = pixels(node), pixels(true)
            if mine and node.category == true.category and len(mine & theirs) / len(mine | theirs) > 0.5:
                partner[node.id] = true.id
    return partner


def ranking(prediction):
    """Distinct triples, best score first, ties in the order of the graph."""
    best = {}
    for row in prediction.relations:
        if row.triple not in best or row.score > best[row.triple]:
            best[row.triple] = row.score
    order = []
    while len(order) < len(best):
        left = [row for row in prediction.relations if row.triple not in order and row.score == best[row.triple]]
        order.append(max(left, key=lambda row: row.score).triple)
    return order


def evaluate(pictures, ks, partners=match):
    """The recalls of the strict protocol over (truth, prediction), by name."""
    tables = {name: {k: [] for k in ks} for name in ("R", "ngR", "pair_recall")}
    by_predicate = {name: {k: {} for k in ks} for name in ("mR", "ngmR")}
    ceilings = {"ceiling": [], "ng_ceiling": []}
    for truth, prediction in pictures:
        wanted = list(dict.fromkeys(row.triple for row in truth.relations))
        if not wanted:
            continue
        partner = partners(truth, prediction)
        rows = ranking(prediction)
        seen, best = set(), []
        for subject, predicate, target in rows:
            if (subject, target) not in seen:
                seen.add((subject, target))
                best.append((subject, predicate, target))
        true_pairs = {(s, o) for s, _, o in wanted}
        for k in ks:
            top = {(partner.get(s), p, partner.get(o)) for s, p, o in best[:k]}
            free = {(partner.get(s), p, partner.get(o)) for s, p, o in rows[:k]}
            for name, mean_name, found in (("R", "mR", top), ("ngR", "ngmR", free)):
                tables[name][k].append(sum(each in found for each in wanted) / len(wanted))
                for predicate in {each[1] for each in wanted}:
                    own = [each for each in wanted if each[1] == predicate]
                    share = sum(each in found for each in own) / len(own)
                    by_predicate[mean_name][k].setdefault(predicate, []).append(share)
            pairs_found = {(s, o) for s, _, o in top}
            tables["pair_recall"][k].append(len(true_pairs & pairs_found) / len(true_pairs))
        reachable = [each for each in wanted if each[0] in partner.values() and each[2] in partner.values()]
        ceilings["ng_ceiling"].append(len(reachable) / len(wanted))
        ceilings["ceiling"].append(len({(s, o) for s, _, o in reachable}) / len(wanted))
    values = {f"{name}@{k}": _mean(numbers) for name, table in tables.items() for k, numbers in table.items()}
    for name, table in by_predicate.items():
        for k, predicates in table.items():
            values[f"{name}@{k}"] = _mean([_mean(numbers) for numbers in predicates.values()])
    return values | {name: _mean(numbers) for name, numbers in ceilings.items()}


def _mean(numbers):
    return sum(numbers) / len(numbers) if numbers else float("nan")


def with_masks(source_graph, masks):
    """The same graph with other masks, in the order of the nodes."""
    nodes = tuple(
        Node(node.id, node.category, Segment(mask), node.score)
        for node, mask in zip(source_graph.nodes, masks, strict=True)
    )
    return SceneGraph(source_graph.source, nodes, source_graph.relations, source_graph.vocabulary)


def full_mask() -> Mask:
    return Mask.from_array(np.ones((HEIGHT, WIDTH), dtype=bool))
