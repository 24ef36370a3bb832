"""The numbers of an evaluation, by name, as tables for people and as JSON."""

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from scenegraph.errors import InputError
from scenegraph.panoptic_quality import QualitySums
from scenegraph.recall import RecallSums

_LEGACY = "legacy openpsg/"


@dataclass(frozen=True)
class PredicateRow:
    """Strict recall of one predicate: `recall` and `free_recall` (without graph constraint) by K.

    Recalls are averaged over the pictures that contain the predicate, NaN where none does.
    """

    name: str
    truths: int
    images: int
    recall: dict[int, float]
    free_recall: dict[int, float]


@dataclass(frozen=True, eq=False)
class Report:
    """What `Evaluation.report` returns.

    `values` holds fractions in 0 to 1 and counts by name ("strict/R@20", "PQ", "legacy openpsg/R@20");
    NaN where nothing can be said because no picture has a true relation.
    """

    values: dict[str, float]
    ks: tuple[int, ...]
    protocol: str
    predicates: tuple[str, ...]
    categories: tuple[str, ...]
    recall: RecallSums = field(repr=False)
    free_recall: RecallSums = field(repr=False)
    quality: QualitySums | None = field(repr=False)

    @property
    def per_predicate(self) -> tuple[PredicateRow, ...]:
        """One row a predicate of the vocabulary, in its order."""
        recall, free = self.recall.per_predicate().T, self.free_recall.per_predicate().T
        return tuple(
            PredicateRow(
                name=name,
                truths=int(self.recall.truths[place]),
                images=int(self.recall.predicate_images[place]),
                recall=dict(zip(self.ks, recall[place].tolist(), strict=True)),
                free_recall=dict(zip(self.ks, free[place].tolist(), strict=True)),
            )
            for place, name in enumerate(self.predicates)
        )

    def subset(self, predicates: Iterable[str]) -> dict[str, float]:
        """Strict scores over some predicates only.

        mR@K is the mean of those that occur. "pooled R@K" is the share found of all their true
        relations in all pictures together; R@K, averaged over pictures, needs the group to be
        named before: `Evaluation(subsets=...)`.

        Raises:
            InputError: a name is no predicate.
        """
        wanted = list(predicates)
        unknown = [name for name in wanted if name not in self.predicates]
        if unknown:
            raise InputError(f"no predicates of this vocabulary: {', '.join(map(repr, unknown))}")
        members = np.array(sorted({self.predicates.index(name) for name in wanted}), dtype=np.int64)
        occurring = np.intersect1d(members, self.recall.occurring)
        truths = int(self.recall.truths[occurring].sum())
        found = self.recall.found[:, occurring].sum(axis=1)
        table = self.recall.per_predicate()[:, occurring]
        values = {"predicates": float(len(occurring)), "truths": float(truths)}
        for place, k in enumerate(self.ks):
            values[f"pooled R@{k}"] = float(found[place] / truths) if truths else math.nan
            values[f"mR@{k}"] = float(table[place].mean()) if len(occurring) else math.nan
        return values

    def table(self) -> str:
        """The numbers under the names of their protocols, as text."""
        value = self.values
        lines = [f"{value['images']:.0f} pictures, {value['images_without_prediction']:.0f} of them without prediction"]
        lines += ["", self.protocol]
        lines += self._at_ks("strict/", ("R", "mR", "F1", "ngR", "ngmR", "pair_recall"))
        lines.append(
            f"  ceiling R {value['strict/ceiling']:.4f}, ngR {value['strict/ng_ceiling']:.4f}, "
            f"ngmR {value['strict/ng_mean_ceiling']:.4f} (matched nodes, all predicates right)"
        )
        lines.append(
            f"  {value['strict/truths']:.0f} true relations in {value['strict/images']:.0f} pictures; mR over "
            f"{value['strict/predicates']:.0f} predicates that occur; removed {value['strict/rows_removed']:.0f} rows, "
            f"{value['strict/nodes_removed']:.0f} nodes"
        )
        for name in sorted({key.rpartition("/")[0] for key in value if key.startswith("strict[")}):
            lines += ["", f"{name}: these predicates only, {value[f'{name}/predicates']:.0f} occur"]
            lines += self._at_ks(f"{name}/", ("R", "mR", "F1"))
        if self.quality is not None:
            lines += ["", f"panoptic quality {'all':>17}{'things':>9}{'stuff':>9}"]
            for name in ("PQ", "SQ", "RQ"):
                numbers = (value[name], value[f"{name}_things"], value[f"{name}_stuff"])
                lines.append(f"  {name:22}" + "".join(_cell(number) for number in numbers))
        if f"{_LEGACY}images_counted" in value:
            lines += ["", "legacy openpsg (as published: masks and rows may repeat; only to compare with old tables)"]
            lines += self._at_ks(_LEGACY, ("R", "mR", "phrdet R", "phrdet mR", "A"))
            counted, skipped = value[f"{_LEGACY}images_counted"], value[f"{_LEGACY}images_skipped"]
            lines.append(f"  averaged over {counted:.0f} pictures; {skipped:.0f} without predictions left out")
        return "\n".join(lines)

    def predicate_table(self) -> str:
        """Strict recall of every predicate that occurs, the most frequent first, as text."""
        rows = sorted((row for row in self.per_predicate if row.truths), key=lambda row: -row.truths)
        width = max((len(row.name) for row in rows), default=9)
        lines = [f"{'predicate':{width}}   truths" + "".join(f"{f'R@{k}':>9}" for k in self.ks)]
        lines += [f"{row.name:{width}}{row.truths:9d}" + "".join(_cell(row.recall[k]) for k in self.ks) for row in rows]
        return "\n".join(lines)

    def json(self) -> str:
        """`{"protocol", "values", "per_predicate"}` as JSON; null stands for NaN."""
        rows = [
            {
                "predicate": row.name,
                "truths": row.truths,
                "images": row.images,
                "R": {str(k): _or_null(number) for k, number in row.recall.items()},
                "ngR": {str(k): _or_null(number) for k, number in row.free_recall.items()},
            }
            for row in self.per_predicate
        ]
        values = {name: _or_null(number) for name, number in self.values.items()}
        return json.dumps({"protocol": self.protocol, "values": values, "per_predicate": rows}, indent=1)

    def _at_ks(self, prefix: str, names: tuple[str, ...]) -> list[str]:
        known = [name for name in names if f"{prefix}{name}@{self.ks[0]}" in self.values]
        lines = [f"  {'':22}" + "".join(f"{f'@{k}':>9}" for k in self.ks)]
        for name in known:
            lines.append(f"  {name:22}" + "".join(_cell(self.values[f"{prefix}{name}@{k}"]) for k in self.ks))
        return lines


def _cell(number: float) -> str:
    return f"{'-':>9}" if math.isnan(number) else f"{number:9.4f}"


def _or_null(number: float) -> float | None:
    return None if math.isnan(number) else number
