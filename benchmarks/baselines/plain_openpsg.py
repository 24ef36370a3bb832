"""The matching steps of the published evaluation (OpenPSG), written plainly as the baseline.

Own code after the description of the steps: decoded masks, one boolean array each; the two masks of
every row put side by side in one array; a Python loop over the true relations and over the rows with
their names, each with a mask IoU; then, for every K, the union of the hits, in all and by predicate.
Once for sgdet and once for phrdet.
"""

from functools import reduce

import numpy as np


def mask_iou(first, second):
    """Pixels in both over pixels in either."""
    return np.logical_and(first, second).sum() / np.logical_or(first, second).sum()


def rows_with_masks(triples, labels, masks):
    """Names and masks of every (subject, predicate, object): [rows, 3] and [rows, 2, height, width]."""
    subject, predicate, target = triples.T
    names = np.column_stack((labels[subject], predicate, labels[target]))
    return names, np.array(masks)[np.column_stack((subject, target))]


def hits_of_rows(true_names, names, true_masks, masks, unions):
    """For every predicted row the list of the true relations that it hits."""
    hits = [[] for _ in names]
    equal = (true_names[:, None, :] == names[None, :, :]).all(axis=2)
    for truth in np.flatnonzero(equal.any(axis=1)):
        for row in np.flatnonzero(equal[truth]):
            if unions:
                joined = np.logical_or(masks[row, 0], masks[row, 1])
                found = mask_iou(np.logical_or(true_masks[truth, 0], true_masks[truth, 1]), joined) >= 0.5
            else:
                subject = mask_iou(true_masks[truth, 0], masks[row, 0])
                found = subject >= 0.5 and mask_iou(true_masks[truth, 1], masks[row, 1]) >= 0.5
            if found:
                hits[row].append(int(truth))
    return hits


class PlainOpenPSG:
    """Lists of per-picture recalls, as the published code keeps them."""

    def __init__(self, num_predicates, ks):
        self.ks = ks
        self.num_predicates = num_predicates
        self.recalls = {kind: {k: [] for k in ks} for kind in ("R", "phrdet R")}
        self.by_predicate = {kind: {k: [[] for _ in range(num_predicates)] for k in ks} for kind in ("mR", "phrdet mR")}

    def add(self, true_triples, true_labels, true_masks, triples, labels, masks):
        """One picture: triples are (subject, predicate, object) positions, masks boolean arrays."""
        true_names, true_pairs = rows_with_masks(true_triples, true_labels, true_masks)
        names, pairs = rows_with_masks(triples, labels, masks)
        for prefix, unions in (("", False), ("phrdet ", True)):
            hits = hits_of_rows(true_names, names, true_pairs, pairs, unions)
            for k in self.ks:
                found = reduce(np.union1d, hits[:k], np.array([], dtype=np.int64)).astype(np.int64)
                self.recalls[f"{prefix}R"][k].append(len(found) / len(true_triples))
                counts, hit_counts = [0] * self.num_predicates, [0] * self.num_predicates
                for predicate in true_triples[:, 1]:
                    counts[predicate] += 1
                for truth in found:
                    hit_counts[true_triples[truth, 1]] += 1
                for predicate, count in enumerate(counts):
                    if count:
                        self.by_predicate[f"{prefix}mR"][k][predicate].append(hit_counts[predicate] / count)

    def values(self):
        """R and mR by name, as "R@20"."""
        values = {f"{kind}@{k}": float(np.mean(table[k])) for kind, table in self.recalls.items() for k in self.ks}
        for kind, table in self.by_predicate.items():
            for k, lists in table.items():
                values[f"{kind}@{k}"] = sum(np.mean(numbers) if numbers else 0.0 for numbers in lists) / len(lists)
        return values
