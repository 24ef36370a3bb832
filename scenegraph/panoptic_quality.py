"""Panoptic quality: PQ = SQ x RQ (Kirillov et al., Panoptic Segmentation, CVPR 2019, equation 1).

Follows COCO's reference evaluation: a true and a predicted segment match if they have one class and
an IoU above 0.5, where predicted pixels on void are left out of the union; crowd segments are never
matched; an unmatched prediction is no error if more than half of it lies on void or on the crowd
segment of its class.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float64, Int, Int64, Integer

from scenegraph.arrays import GraphArrays
from scenegraph.errors import InputError
from scenegraph.panoptic import joint_histogram

VOID = 0
"""The id of unlabelled pixels in COCO's panoptic maps."""

_IGNORED_SHARE = 0.5
"""A prediction that lies on void and crowd by more than this is not counted as an error."""


@dataclass(frozen=True, eq=False)
class QualityResult:
    """One picture: class of every matched pair with its IoU, of every error and of every miss."""

    matched: Int64[np.ndarray, " tp"]
    iou: Float64[np.ndarray, " tp"]
    false_positives: Int64[np.ndarray, " fp"]
    false_negatives: Int64[np.ndarray, " fn"]


def compare(
    shared: Int64[np.ndarray, "n m"],
    truth_areas: Int64[np.ndarray, " n"],
    predicted_areas: Int64[np.ndarray, " m"],
    truth_categories: Int[np.ndarray, " n"],
    predicted_categories: Int[np.ndarray, " m"],
    void: Int64[np.ndarray, " m"],
    crowd: Bool[np.ndarray, " n"] | None = None,
) -> QualityResult:
    """Compare the segments of two non-overlapping maps.

    Args:
        shared: pixels of every true segment under every predicted one.
        truth_areas: pixels of the true segments.
        predicted_areas: pixels of the predicted segments.
        truth_categories: their classes.
        predicted_categories: their classes.
        void: pixels of every predicted segment where the truth is unlabelled.
        crowd: which true segments stand for a crowd; none if left out.
    """
    crowd = np.zeros(len(truth_areas), dtype=bool) if crowd is None else crowd
    union = truth_areas[:, None] + predicted_areas[None, :] - shared - void[None, :]
    iou = np.divide(shared, union, out=np.zeros(shared.shape), where=union > 0)
    same = truth_categories[:, None] == predicted_categories[None, :]
    truth, prediction = np.nonzero(same & (iou > 0.5) & ~crowd[:, None])

    ignored = void.astype(np.float64)
    for segment in _crowd_of_each_class(truth_categories, crowd):
        ignored += np.where(predicted_categories == truth_categories[segment], shared[segment], 0)
    unmatched = np.ones(len(predicted_areas), dtype=bool)
    unmatched[prediction] = False
    unmatched &= ~(ignored > _IGNORED_SHARE * predicted_areas)
    missed = ~crowd
    missed[truth] = False
    return QualityResult(
        matched=truth_categories[truth].astype(np.int64),
        iou=iou[truth, prediction],
        false_positives=predicted_categories[unmatched].astype(np.int64),
        false_negatives=truth_categories[missed].astype(np.int64),
    )


def compare_graphs(truth: GraphArrays, prediction: GraphArrays, shared: Int64[np.ndarray, "n m"]) -> QualityResult:
    """Compare the nodes of two graphs without overlaps.

    Pixels without a true node are void. Nodes without pixels are not in an id map, so they are left out.

    Args:
        truth: nodes with masks.
        prediction: nodes with masks.
        shared: pixels of every true node under every predicted one (`masks.intersections`).
    """
    assert truth.masks is not None and prediction.masks is not None  # `shared` was made of them
    truth_areas, predicted_areas = truth.masks.areas, prediction.masks.areas
    there, predicted = truth_areas > 0, predicted_areas > 0
    shared = shared[there][:, predicted]
    return compare(
        shared,
        truth_areas[there],
        predicted_areas[predicted],
        truth.categories[there],
        prediction.categories[predicted],
        void=predicted_areas[predicted] - shared.sum(axis=0),
        crowd=truth.crowd[there],
    )


def compare_maps(
    truth: Integer[np.ndarray, "height width"],
    prediction: Integer[np.ndarray, "its_height its_width"],
    truth_segments: Mapping[int, int],
    predicted_segments: Mapping[int, int],
    crowd: Sequence[int] = (),
) -> QualityResult:
    """Compare two id maps with their segment tables, in which id 0 means void.

    Args:
        truth: id map.
        prediction: id map.
        truth_segments: class of every true segment, by id.
        predicted_segments: class of every predicted segment, by id.
        crowd: ids of the true segments that stand for a crowd.

    Raises:
        InputError: the maps differ in size, or a map and its table do not name the same ids.
    """
    true_ids, true_places, truth_areas = _segments(truth, truth_segments, "true")
    predicted_ids, predicted_places, predicted_areas = _segments(prediction, predicted_segments, "predicted")
    shared = joint_histogram(true_places, predicted_places, len(true_ids), len(predicted_ids))
    return compare(
        shared,
        truth_areas,
        predicted_areas,
        np.array([truth_segments[each] for each in true_ids], dtype=np.int64),
        np.array([predicted_segments[each] for each in predicted_ids], dtype=np.int64),
        void=predicted_areas - shared.sum(axis=0),
        crowd=np.isin(true_ids, np.array(crowd, dtype=np.int64)),
    )


class QualitySums:
    """Running sums of panoptic quality: four numbers a class, however many pictures are added."""

    def __init__(self, is_thing: Bool[np.ndarray, " categories"]) -> None:
        self.is_thing = np.asarray(is_thing, dtype=bool)
        self.true_positives, self.false_positives, self.false_negatives = np.zeros((3, len(is_thing)), dtype=np.int64)
        self.iou = np.zeros(len(is_thing))

    def add(self, result: QualityResult) -> None:
        """Add one picture."""
        np.add.at(self.true_positives, result.matched, 1)
        np.add.at(self.iou, result.matched, result.iou)
        np.add.at(self.false_positives, result.false_positives, 1)
        np.add.at(self.false_negatives, result.false_negatives, 1)

    def merge(self, other: "QualitySums") -> None:
        """Add the pictures of other sums.

        Raises:
            InputError: they were made for other classes.
        """
        if not np.array_equal(self.is_thing, other.is_thing):
            raise InputError("panoptic quality of different class lists cannot be merged")
        for name in ("true_positives", "false_positives", "false_negatives", "iou"):
            setattr(self, name, getattr(self, name) + getattr(other, name))

    def per_category(self) -> dict[str, Float64[np.ndarray, " categories"]]:
        """PQ, SQ and RQ of every class; NaN for a class that neither map ever has."""
        counted = self.true_positives + 0.5 * self.false_positives + 0.5 * self.false_negatives
        absent = np.where(counted > 0, 0.0, np.nan)
        return {
            "PQ": np.divide(self.iou, counted, out=absent.copy(), where=counted > 0),
            "SQ": np.divide(self.iou, self.true_positives, out=absent.copy(), where=self.true_positives > 0),
            "RQ": np.divide(self.true_positives, counted, out=absent.copy(), where=counted > 0),
        }

    def values(self) -> dict[str, float]:
        """PQ, SQ, RQ over all classes that occur, and over things and stuff; fractions."""
        values: dict[str, float] = {}
        tables = self.per_category()
        groups = {"": np.ones_like(self.is_thing), "_things": self.is_thing, "_stuff": ~self.is_thing}
        for group, members in groups.items():
            for name, table in tables.items():
                known = table[members & ~np.isnan(table)]
                values[f"{name}{group}"] = float(known.mean()) if len(known) else float("nan")
        return values


def _crowd_of_each_class(categories: Int[np.ndarray, " n"], crowd: Bool[np.ndarray, " n"]) -> list[int]:
    """One crowd segment a class, the last one: what the reference looks at if there are several."""
    return list({int(categories[segment]): int(segment) for segment in np.flatnonzero(crowd)}.values())


def _segments(
    ids: Integer[np.ndarray, "height width"], table: Mapping[int, int], side: str
) -> tuple[list[int], Int64[np.ndarray, "height width"], Int64[np.ndarray, " n"]]:
    """Ids in the order of the table, the map with positions in that list (-1 for void), and pixels of each."""
    present, places, counts = np.unique(ids, return_inverse=True, return_counts=True)
    listed = [each for each in table if each != VOID]
    found = {int(each) for each in present if each != VOID}
    if found != set(listed):
        unlisted, missing = sorted(found - set(listed))[:5], sorted(set(listed) - found)[:5]
        raise InputError(
            f"the {side} map and its segment table do not fit: ids in the map but not in the table {unlisted}, "
            f"in the table but not in the map {missing}"
        )
    position = {each: place for place, each in enumerate(listed)}
    renamed = np.array([position.get(int(each), -1) for each in present], dtype=np.int64)
    areas = np.zeros(len(listed), dtype=np.int64)
    areas[renamed[renamed >= 0]] = counts[renamed >= 0]
    return listed, renamed[places].reshape(ids.shape), areas
