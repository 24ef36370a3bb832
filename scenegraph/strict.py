"""The strict protocol: a prediction is one graph on one id map.

* Nodes are matched one-to-one: same class, mask IoU above 0.5 (PredCls: by their ids).
* Rows are ranked by score; rows of equal score keep the order of the graph. A triple that is
  repeated counts as one row, at its best score.
* With graph constraint (R, mR, F1) an ordered pair has one row, its best predicate. Without (ngR,
  ngmR) every predicate of a pair is a row of its own.
* A true relation is a distinct (subject, predicate, object); all of them are in the denominator. A
  pair with two true predicates therefore counts twice, and with graph constraint at most one of the
  two can be found: `ceiling` says how much that and the segmenter leave.
* A relation of a node with itself is a row and a truth like any other: only a predicted relation of
  the matching node with itself finds it.
* A picture without predictions counts 0. A picture without true relations has no recall and counts
  only for panoptic quality.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int64

from scenegraph.arrays import GraphArrays
from scenegraph.errors import InputError
from scenegraph.recall import NEVER, RecallSums, ranks_of
from scenegraph.vocabulary import Vocabulary

REPEATED = ("best", "reject")
"""What to do with a triple that is predicted more than once: keep its best score, or raise an InputError."""


@dataclass(frozen=True, eq=False)
class StrictResult:
    """What the protocol says about one picture.

    For every distinct true relation `truths` (subject, predicate, object; node positions): `ranks`
    at which it was found with graph constraint, `free_ranks` without, `reachable` whether both its
    nodes were matched, `choosable` the same but one relation a pair only. `pair_ranks` has one entry
    a distinct true pair. Ranks count from 0; `NEVER` means not found. `rows_removed` counts
    predicted relations that were repeated or lost a node to overlaps.
    """

    truths: Int64[np.ndarray, "truths 3"]
    ranks: Int64[np.ndarray, " truths"]
    free_ranks: Int64[np.ndarray, " truths"]
    reachable: Bool[np.ndarray, " truths"]
    choosable: Bool[np.ndarray, " truths"]
    pair_ranks: Int64[np.ndarray, " pairs"]
    rows_removed: int
    nodes_removed: int


def measure(
    truth: GraphArrays,
    prediction: GraphArrays,
    truth_of: Int64[np.ndarray, " predicted_nodes"],
    repeated: str = "best",
    where: str = "the prediction",
) -> StrictResult:
    """Rank the rows of one picture and find its true relations among them.

    Args:
        truth: the true graph.
        prediction: the predicted graph, without overlaps.
        truth_of: true node position of every predicted node, -1 where it has none.
        repeated: one of `REPEATED`.
        where: name of the picture for the message.

    Raises:
        InputError: a triple is repeated and `repeated` is "reject".
    """
    base = 1 + int(np.concatenate([truth.triples[:, 1], prediction.triples[:, 1]]).max(initial=0))
    nodes = len(truth.categories)
    distinct, constrained = ranking(prediction)
    removed = len(prediction.triples) - len(distinct)
    if removed and repeated == "reject":
        raise InputError(f'{where}: repeated relations ({removed}); repeated="best" keeps the best score of each')
    rows, best = prediction.triples[distinct], prediction.triples[constrained]

    truths = truth.triples[_first_of(_keys(truth.triples, nodes, base))]
    wanted = _keys(truths, nodes, base)
    pairs = truths[:, 0] * nodes + truths[:, 2]
    first_of_pair = _first_of(pairs)
    node_matched = np.zeros(nodes, dtype=bool)
    node_matched[truth_of[truth_of >= 0]] = True
    matched = node_matched[truths[:, 0]] & node_matched[truths[:, 2]]
    choosable = np.zeros(len(truths), dtype=bool)
    choosable[first_of_pair] = matched[first_of_pair]
    best, rows = _in_truth(best, truth_of), _in_truth(rows, truth_of)
    return StrictResult(
        truths=truths,
        ranks=ranks_of(wanted, _keys(best, nodes, base)),
        free_ranks=ranks_of(wanted, _keys(rows, nodes, base)),
        reachable=matched,
        choosable=choosable,
        pair_ranks=ranks_of(pairs[first_of_pair], np.where(best[:, 0] < 0, -1, best[:, 0] * nodes + best[:, 2])),
        rows_removed=removed,
        nodes_removed=0,
    )


def ranking(prediction: GraphArrays) -> tuple[Int64[np.ndarray, " rows"], Int64[np.ndarray, " best"]]:
    """The rows of a prediction by score, the best first: positions of its relations.

    Returns:
        The distinct triples, each at its best score; and of these one row an ordered pair, its best
        (graph constraint), which is the order that the ranks of `measure` count in.
    """
    base = 1 + int(prediction.triples[:, 1].max(initial=0))
    nodes = len(prediction.categories)
    order = np.argsort(-prediction.scores, kind="stable")
    distinct = order[_first_of(_keys(prediction.triples[order], nodes, base))]
    rows = prediction.triples[distinct]
    return distinct, distinct[_first_of(rows[:, 0] * nodes + rows[:, 2])]


class StrictSums:
    """Running sums of the strict protocol, under its name.

    `subsets` are named groups of predicate names, reported apart.

    Raises:
        InputError: a subset names an unknown predicate.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        ks: tuple[int, ...],
        subsets: Mapping[str, Sequence[str]],
        name: str = "strict",
    ) -> None:
        num_predicates = len(vocabulary.predicates)
        self.name = name
        self.constrained = RecallSums(num_predicates, ks)
        self.free = RecallSums(num_predicates, ks)
        self.pairs = RecallSums(1, ks)
        self.choosable = RecallSums(num_predicates, (1,))
        self.reachable = RecallSums(num_predicates, (1,))
        self.subsets = {
            subset: (np.array([vocabulary.predicate_id(each) for each in names], int), RecallSums(num_predicates, ks))
            for subset, names in subsets.items()
        }
        self.rows_removed = 0
        self.nodes_removed = 0

    def add(self, result: StrictResult) -> None:
        """Add one picture."""
        predicates = result.truths[:, 1]
        self.constrained.add(result.ranks, predicates)
        self.free.add(result.free_ranks, predicates)
        self.pairs.add(result.pair_ranks, np.zeros_like(result.pair_ranks))
        self.choosable.add(_as_ranks(result.choosable), predicates)
        self.reachable.add(_as_ranks(result.reachable), predicates)
        for members, sums in self.subsets.values():
            inside = np.isin(predicates, members)
            sums.add(result.ranks[inside], predicates[inside])
        self.rows_removed += result.rows_removed
        self.nodes_removed += result.nodes_removed

    def merge(self, other: "StrictSums") -> None:
        """Add the pictures of other sums."""
        for name in ("constrained", "free", "pairs", "choosable", "reachable"):
            getattr(self, name).merge(getattr(other, name))
        for name, (_, sums) in self.subsets.items():
            sums.merge(other.subsets[name][1])
        self.rows_removed += other.rows_removed
        self.nodes_removed += other.nodes_removed

    def values(self) -> dict[str, float]:
        """Every number of the protocol, as "strict/NAME"."""
        values: dict[str, float] = {}
        for name, numbers in (
            ("R", self.constrained.recall()),
            ("mR", self.constrained.mean_recall()),
            ("F1", self.constrained.f1()),
            ("ngR", self.free.recall()),
            ("ngmR", self.free.mean_recall()),
            ("pair_recall", self.pairs.recall()),
        ):
            values |= _at_ks(f"{self.name}/{name}", self.constrained.ks, numbers)
        values[f"{self.name}/ceiling"] = float(self.choosable.recall()[0])
        values[f"{self.name}/ng_ceiling"] = float(self.reachable.recall()[0])
        values[f"{self.name}/ng_mean_ceiling"] = float(self.reachable.mean_recall()[0])
        values[f"{self.name}/images"] = float(self.constrained.images)
        values[f"{self.name}/truths"] = float(self.constrained.truths.sum())
        values[f"{self.name}/predicates"] = float(len(self.constrained.occurring))
        values[f"{self.name}/rows_removed"] = float(self.rows_removed)
        values[f"{self.name}/nodes_removed"] = float(self.nodes_removed)
        for subset, (_, sums) in self.subsets.items():
            for name, numbers in (("R", sums.recall()), ("mR", sums.mean_recall()), ("F1", sums.f1())):
                values |= _at_ks(f"{self.name}[{subset}]/{name}", sums.ks, numbers)
            values[f"{self.name}[{subset}]/predicates"] = float(len(sums.occurring))
        return values


def _at_ks(name: str, ks: tuple[int, ...], numbers: Float64[np.ndarray, " ks"]) -> dict[str, float]:
    return {f"{name}@{k}": float(number) for k, number in zip(ks, numbers, strict=True)}


def _as_ranks(reached: Bool[np.ndarray, " truths"]) -> Int64[np.ndarray, " truths"]:
    return np.where(reached, 0, NEVER)


def _first_of(keys: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, " distinct"]:
    """Where each distinct key comes first, in order."""
    return np.sort(np.unique(keys, return_index=True)[1])


def _in_truth(
    rows: Int64[np.ndarray, "rows 3"], truth_of: Int64[np.ndarray, " predicted_nodes"]
) -> Int64[np.ndarray, "rows 3"]:
    """Rows with true node positions; -1 at both ends where one of them was not matched."""
    ends = truth_of[rows[:, [0, 2]]]
    ends[(ends < 0).any(axis=1)] = -1
    return np.stack([ends[:, 0], rows[:, 1], ends[:, 1]], axis=1)


def _keys(rows: Int64[np.ndarray, "rows 3"], nodes: int, base: int) -> Int64[np.ndarray, " rows"]:
    """One number a triple; -1 for rows with an unmatched end."""
    return np.where(rows[:, 0] < 0, -1, (rows[:, 0] * nodes + rows[:, 2]) * base + rows[:, 1])
