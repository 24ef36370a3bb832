"""Average precision and mIoU of labelled points: by hand, by a plain second computation, and under attack."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegraph import InputError
from scenegraph.point_quality import (
    THRESHOLDS,
    ClassSums,
    InstanceSums,
    average_precision,
    compare_instances,
)


def scored(truth, kinds, masks, predicted, scores, min_points=1, classes=3):
    sums = InstanceSums(classes)
    sums.add(
        compare_instances(
            np.array(truth), np.array(kinds), np.array(masks, bool), np.array(predicted, int),
            np.array(scores, float), min_points,
        )
    )  # fmt: skip
    return sums


def stretch(start, stop, length=20):
    mask = np.zeros(length, bool)
    mask[start:stop] = True
    return mask


# Two instances of class 0: points 0-9 and 10-19.
TWO = np.repeat([0, 1], 10)


def test_by_hand():
    """The better score covers 6 of 10 points (IoU 0.6), the other all of its instance."""
    values = scored(TWO, [0, 0], [stretch(0, 6), stretch(10, 20)], [0, 0], [0.9, 0.8]).values()
    # Up to 0.55 both are found: 1. From 0.6 on the first is an error: precision 0 at recall 0, then 1/2 at 1/2.
    assert values["points/AP50"] == values["points/AP25"] == 1
    late = 0.5 * (0.0 + 0.5) * 0.5
    assert values["points/AP"] == pytest.approx((2 * 1 + 7 * late) / 9)


def test_the_curve_by_hand():
    """Hit, error, hit of two instances: (0, 1), (1/2, 1), (1/2, 1/2), (1, 2/3)."""
    hits = np.array([True, False, True])
    assert average_precision(np.array([0.9, 0.8, 0.7]), hits, 2) == pytest.approx(0.5 + 0.5 * (1 / 2 + 2 / 3) / 2)
    # Of equal scores only the last point is on the curve: (0, 1), (1, 2/3).
    assert average_precision(np.full(3, 0.5), hits, 2) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.zeros(0), np.zeros(0, bool), 2) == 0


def test_a_second_hit_is_an_error():
    once = scored(TWO, [0, 0], [stretch(0, 10), stretch(10, 20)], [0, 0], [0.9, 0.5]).values()
    twice = scored(TWO, [0, 0], [stretch(0, 10), stretch(0, 10), stretch(10, 20)], [0, 0, 0], [0.9, 0.9, 0.5]).values()
    assert once["points/AP"] == 1 and twice["points/AP"] < 1


def test_small_instances_and_unlabelled_points_do_not_count():
    truth = np.repeat([0, 1, -1], [10, 2, 8])
    masks = [stretch(0, 10), stretch(10, 12), stretch(12, 20)]
    values = scored(truth, [0, 0], masks, [0, 0, 0], [0.5, 0.9, 0.8], min_points=3).values()
    assert values["points/AP"] == 1 and values["points/instances"] == 1
    # 4 of 8 points are unlabelled: more than the threshold 0.25, not more than 0.5.
    half = scored(truth, [0, 0], [stretch(0, 10), stretch(8, 16)], [0, 1], [0.5, 0.9], min_points=3, classes=2)
    assert half._results[0].state[1].tolist() == [-1, *[0] * 9]


def test_classes_are_apart_and_named_by_their_number():
    values = scored(TWO, [0, 2], [stretch(0, 10), stretch(10, 20)], [0, 1], [0.9, 0.9]).values()
    assert values["points/AP"] == 0.5 and values["points/AP classes"] == 2


def test_labels_instead_of_masks():
    label = np.repeat([1, 0, -1], [10, 6, 4])
    masks = [label == 0, label == 1]
    kinds, scores = np.array([0, 0]), np.array([0.4, 0.9])
    results = [compare_instances(TWO, np.array([0, 0]), each, kinds, scores, 1) for each in (label, np.array(masks))]
    assert np.array_equal(results[0].state, results[1].state)


def test_zero_sizes():
    nothing = np.zeros(0, int)
    sums = InstanceSums(2)
    sums.add(compare_instances(nothing, nothing, np.zeros((0, 0), bool), nothing, np.zeros(0)))
    assert np.isnan(sums.values()["points/AP"]) and np.isnan(InstanceSums(0).values()["points/AP"])
    sums.add(compare_instances(TWO, np.array([0, 0]), np.zeros((0, 20), bool), nothing, np.zeros(0), 1))
    assert sums.values()["points/AP"] == 0
    classes = ClassSums(2)
    classes.add(nothing, nothing)
    assert np.isnan(classes.values()["points/mIoU"])


def test_bad_input():
    with pytest.raises(InputError, match="19 points"):
        scored(TWO[:19], [0, 0], [stretch(0, 10)], [0], [0.9])
    with pytest.raises(InputError, match="expected one of each"):
        scored(TWO, [0, 0], [stretch(0, 10)], [0], [0.9, 0.1])
    with pytest.raises(InputError, match="positions of its instances"):
        scored(TWO, [0], [stretch(0, 10)], [0], [0.9])
    with pytest.raises(InputError, match="not a number"):
        scored(TWO, [0, 0], [stretch(0, 10)], [0], [np.nan])
    with pytest.raises(InputError, match="0 to 1"):
        ClassSums(2).add(np.array([2]), np.array([0]))
    with pytest.raises(InputError, match="3 points"):
        ClassSums(2).add(np.zeros(3, int), np.zeros(2, int))
    with pytest.raises(InputError, match="class lists"):
        ClassSums(2).merge(ClassSums(3))
    with pytest.raises(InputError, match="class lists"):
        InstanceSums(2).merge(InstanceSums(3))


def test_confusion_by_hand():
    sums, other = ClassSums(3), ClassSums(3)
    sums.add(np.array([0, 0, 0, 1]), np.array([0, 0, 1, 1]))
    other.add(np.array([1, -1, 1]), np.array([-1, 0, 2]))
    sums.merge(other)
    # Class 0: 2 of 3. Class 1: 1 right, 3 true, 2 predicted: 1 of 4. Class 2 is not in the truth.
    assert sums.values() == {
        "points/mIoU": pytest.approx((2 / 3 + 1 / 4) / 2),
        "points/accuracy": 0.5,
        "points/mean accuracy": pytest.approx((2 / 3 + 1 / 3) / 2),
        "points/classes": 2,
    }


def plain_ap(truth, kinds, masks, predicted, scores, threshold, category, min_points):
    """The published evaluation, written out with loops (thresholds from 0.5)."""
    rows, missed = [], 0
    big = [t for t in range(len(kinds)) if kinds[t] == category and (truth == t).sum() >= min_points]
    chosen = [p for p in range(len(masks)) if predicted[p] == category and masks[p].sum() >= min_points]

    def iou(t, p):
        return ((truth == t) & masks[p]).sum() / ((truth == t) | masks[p]).sum()

    for t in big:
        found = [scores[p] for p in chosen if iou(t, p) > threshold]
        missed += not found
        rows += [(score, place == 0) for place, score in enumerate(sorted(found, reverse=True))]
    for p in chosen:
        if not any(iou(t, p) > threshold for t in big):
            small = [t for t in range(len(kinds)) if kinds[t] == category and t not in big]
            on_nothing = (masks[p] & ((truth == -1) | np.isin(truth, small))).sum()
            if on_nothing / masks[p].sum() <= threshold:
                rows.append((scores[p], False))
    if not big:
        return np.nan
    points = [(0.0, 1.0)]
    for limit in sorted({score for score, _ in rows}, reverse=True):
        kept = [hit for score, hit in rows if score >= limit]
        points.append((sum(kept) / (sum(hit for _, hit in rows) + missed), sum(kept) / len(kept)))
    return sum((b[0] - a[0]) * (a[1] + b[1]) / 2 for a, b in pairwise(points))


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_as_the_published_evaluation(seed):
    random = np.random.default_rng(seed)
    n, m, points = random.integers(1, 5), random.integers(0, 6), 30
    truth, kinds = random.integers(-1, n, points), random.integers(0, 2, n)
    masks = np.zeros((m, points), bool)
    for mask in masks:  # near a true instance, with noise
        mask[:] = (truth == random.integers(0, n)) ^ (random.random(points) < 0.1)
    predicted, scores = random.integers(0, 2, m), random.integers(1, 5, m) / 5
    table = scored(truth, kinds, masks.reshape(m, points), predicted, scores, 3, 2).per_category()
    for category in range(2):
        for at, threshold in enumerate(THRESHOLDS):
            if threshold >= 0.5:
                plain = plain_ap(truth, kinds, masks, predicted, scores, threshold, category, 3)
                assert table[category, at] == pytest.approx(plain, nan_ok=True), (category, threshold)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6))
def test_attacks_never_gain(seed):
    """Copies, masks of everything, and noise under every score: no published or single threshold rises."""
    random = np.random.default_rng(seed)
    truth = random.integers(-1, 4, 40)
    kinds = random.integers(0, 2, 4)
    masks = np.array([(truth == t) ^ (random.random(40) < 0.15) for t in range(4)])
    scores = random.random(4)
    honest = scored(truth, kinds, masks, kinds, scores, 3, 2).values()
    things = truth == np.arange(4)[:, None]
    noise = random.random((9, 40)) < 0.1
    both, either = noise[:, None] & things, noise[:, None] | things
    overlap = (both.sum(-1) / np.maximum(either.sum(-1), 1)).max(1)
    noise = noise[overlap < 0.25]  # what covers a small thing by chance has found it
    attacks = {
        "copied": (np.concatenate([masks, masks]), np.tile(kinds, 2), np.tile(scores, 2)),
        "copied below": (np.concatenate([masks, masks]), np.tile(kinds, 2), np.concatenate([scores, scores / 2])),
        "everything": (np.concatenate([masks, np.ones((2, 40), bool)]), [*kinds, 0, 1], [*scores, 1.0, 1.0]),
        "noise": (np.concatenate([masks, noise]), [*kinds, *[0] * len(noise)], [*scores, *[0.01] * len(noise)]),
    }
    for name, attack in attacks.items():
        values = scored(truth, kinds, *attack, 3, 2).values()
        assert values["points/AP50"] <= honest["points/AP50"] + 1e-12, name
        assert values["points/AP"] <= honest["points/AP"] + 1e-12, name
