"""The tables and numbers that the page shows of a comparison (`explorer.comparisons` lists them)."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
from jaxtyping import Bool, Int64

from explorer.comparing import KS, THRESHOLDS
from explorer.comparisons import NOT_COMPARED, NOT_FOUND
from scenegraph.recall import RecallSums

NAMES = tuple(f"{round(100 * threshold)}" for threshold in THRESHOLDS)
"""Thresholds in the names of columns."""


@dataclass(frozen=True)
class Placed:
    """A set of relations as the index has them, by ascending item.

    `distinct` tells the rows that are the first of their item to say what they say.
    """

    items: Int64[np.ndarray, " relations"]
    predicates: Int64[np.ndarray, " relations"]
    distinct: Bool[np.ndarray, " relations"]
    first: Int64[np.ndarray, " items_and_one"]

    @classmethod
    def of(cls, relations: pa.Table, num_items: int) -> "Placed":
        """From a relations table of the index, with its `item` and `predicate_id`."""
        columns = ("item", "subject_node", "predicate_id", "object_node")
        items, subjects, predicates, objects = (relations[name].to_numpy().astype(np.int64) for name in columns)
        first = np.concatenate(([0], np.bincount(items, minlength=num_items).cumsum()))
        distinct = np.zeros(len(items), dtype=bool)
        distinct[np.unique(np.stack([items, subjects, predicates, objects]), axis=1, return_index=True)[1]] = True
        return cls(items, predicates, distinct, first)

    def rows(self, item: int) -> slice:
        """The rows of an item."""
        return slice(int(self.first[item]), int(self.first[item + 1]))


def score_tables(
    comparison: pa.Table,
    rows: dict[str, int],
    truth: Placed,
    predicted: Placed,
    predicates: tuple[str, ...],
    due: Bool[np.ndarray, " items"],
) -> tuple[dict[str, pa.Table], dict[str, Any]]:
    """The tables of a compared set by their names, and its numbers for the manifest.

    Args:
        comparison: one row an item, from `comparisons.compare_set`.
        rows: item id to its row in the index.
        truth: the true relations.
        predicted: the relations of the set.
        predicates: names by id.
        due: the items with a readable true graph that the set should have a graph of (`Plan.due`).

    Of an item that is due and has no readable graph nothing is found, as with a graph without relations; `missing`
    says how many. Others without a graph are left out: predictions are often made for one split of a data set, and
    `items` says over how many the numbers are.
    """
    ranks = np.full((len(NAMES), len(truth.items)), NOT_COMPARED, dtype=np.uint16)
    order = np.full(len(predicted.items), NOT_FOUND, dtype=np.uint16)
    finds = np.full((len(NAMES), len(predicted.items)), -1, dtype=np.int32)
    pairs: list[tuple[int, int, int]] = []
    compared = np.zeros(len(truth.first) - 1, dtype=bool)
    missing = due.copy()
    for row in comparison.to_pylist():
        item = rows[row["item_id"]]
        missing[item] = False
        true, own = truth.rows(item), predicted.rows(item)
        if row["problem"]:
            continue
        compared[item] = True
        found = np.array(row["truth_ranks"], dtype=np.int64).reshape(len(NAMES), -1)
        placed = np.array(row["order"], dtype=np.int64)
        ranks[:, true] = found
        order[own][placed] = np.arange(len(placed))
        for number, each in enumerate(found):
            hit = np.flatnonzero((each < len(placed)) & truth.distinct[true])
            finds[number, own][placed[each[hit]]] = hit
        nodes = row["nodes"]
        pairs += [(item, a, b) for a, b in zip(nodes[::2], nodes[1::2], strict=True)]
    compared |= missing
    ranks[:, missing[truth.items]] = NOT_FOUND
    tables = {
        "comparison": comparison,
        "truth_ranks": pa.table({f"rank_{name}": each for name, each in zip(NAMES, ranks, strict=True)}),
        "ranks": pa.table({"rank": order} | {f"truth_{name}": each for name, each in zip(NAMES, finds, strict=True)}),
        "pairs": _columns(("item", "truth_node", "node"), np.array(sorted(pairs), dtype=np.int32).reshape(-1, 3)),
    }
    counts = truth.distinct & compared[truth.items]
    tables["scores"] = _item_scores(ranks, counts, truth)
    tables["predicates"], numbers = _recalls(ranks, counts, truth, predicates)
    numbers |= {
        "thresholds": list(THRESHOLDS),
        "ks": list(KS),
        "items": int(compared.sum()),
        "missing": int(missing.sum()),
        "failed": len(comparison) + int(missing.sum()) - int(compared.sum()),
        "problems": [f"{row['item_id']}: {row['problem']}" for row in comparison.to_pylist() if row["problem"]][:20],
    }
    return tables, numbers


def _item_scores(ranks: np.ndarray, counts: np.ndarray, truth: Placed) -> pa.Table:
    """How many distinct true relations every item has, and how many of them are found."""
    size = len(truth.first) - 1
    columns = {
        "item": np.arange(size, dtype=np.uint32),
        "truths": np.bincount(truth.items[counts], minlength=size).astype(np.uint16),
    }
    for name, each in zip(NAMES, ranks, strict=True):
        for k in KS:
            columns[f"found_{name}_{k}"] = np.bincount(truth.items[counts & (each < k)], minlength=size).astype(
                np.uint16
            )
    return pa.table(columns)


def _recalls(
    ranks: np.ndarray, counts: np.ndarray, truth: Placed, predicates: tuple[str, ...]
) -> tuple[pa.Table, dict[str, Any]]:
    """R@K, mR@K and the recall of every predicate, as `groundgraph evaluate` gives them."""
    sums = [RecallSums(len(predicates), KS) for _ in NAMES]
    for item in range(len(truth.first) - 1):
        rows = truth.rows(item)
        kept = counts[rows]
        for each, given in zip(sums, ranks, strict=True):
            each.add(given[rows][kept].astype(np.int64), truth.predicates[rows][kept])
    occurring = np.flatnonzero(sums[0].predicate_images)
    columns: dict[str, Any] = {
        "predicate": [predicates[number] for number in occurring],
        "predicate_id": occurring.astype(np.uint16),
        "truths": sums[0].truths[occurring].astype(np.uint32),
        "items": sums[0].predicate_images[occurring].astype(np.uint32),
    }
    for name, each in zip(NAMES, sums, strict=True):
        recalls = each.per_predicate()[:, occurring]
        columns |= {f"recall_{name}_{k}": recall.astype(np.float32) for k, recall in zip(KS, recalls, strict=True)}
    numbers = {
        "recall": [_rounded(each.recall()) for each in sums],
        "mean_recall": [_rounded(each.mean_recall()) for each in sums],
    }
    return pa.table(columns), numbers


def _rounded(values: np.ndarray) -> list[float | None]:
    return [None if np.isnan(value) else round(float(value), 6) for value in values]


def _columns(names: tuple[str, ...], values: np.ndarray) -> pa.Table:
    return pa.table(dict(zip(names, values.T, strict=True)))
