"""How spans overlap: intersection over union, and intersection over the prediction."""

from assistant.benchmarks.items import Span


def iou(truth: Span, predicted: Span) -> float:
    """Intersection over the hull of two spans, as NExT-GQA and FunQA measure; 0 where they do not meet.

    >>> iou((0, 10), (5, 15)), iou((0, 1), (2, 3))
    (0.3333333333333333, 0.0)
    """
    hull = max(truth[1], predicted[1]) - min(truth[0], predicted[0])
    return max(shared(truth, predicted), 0.0) / hull if hull > 0 else 0.0


def iop(truth: Span, predicted: Span) -> float:
    """Intersection over the length of the prediction (NExT-GQA, section 4.1); a moment counts 1 if it is inside.

    >>> iop((0, 10), (5, 15)), iop((0, 10), (4, 4)), iop((0, 10), (11, 11))
    (0.5, 1.0, 0.0)
    """
    length = predicted[1] - predicted[0]
    if length <= 0:
        return float(truth[0] <= predicted[0] <= truth[1])
    return max(shared(truth, predicted), 0.0) / length


def shared(first: Span, second: Span) -> float:
    """Length of the intersection; negative is the gap between them."""
    return min(first[1], second[1]) - max(first[0], second[0])
