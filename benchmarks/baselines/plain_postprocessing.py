"""The published post-processing of PSGTR in plain loops over rows, pairs and masks, every mask at full size.

Written from the description of its steps (Yang et al. 2022, PSG): the baseline of
benchmarks/postprocessing.py.
"""

import torch
from torch.nn import functional

SCORE, PREDICATE, MASK, OVERLAP, ROWS = 0.5, 0.3, 0.85, 0.5, 100


def iou(first, second):
    """IoU of two masks; 0 if both are empty."""
    union = (first | second).sum().item()
    return (first & second).sum().item() / union if union else 0.0


def postprocess(classes, masks, predicates, size, num_things):
    """Map of segments, their categories, and rows (subject segment, predicate, object segment).

    Args:
        classes: logits [2, q, k] of subjects and objects, background last.
        masks: logits [2, q, h, w].
        predicates: logits [q, p], background first.
        size: (height, width) of the map.
        num_things: categories below it are things.
    """
    scores, categories = classes.softmax(-1)[..., :-1].max(-1)
    grid = predicates.softmax(-1)[:, 1:]
    best, places = grid.flatten().topk(ROWS)
    rows = []
    for probability, place in zip(best.tolist(), places.tolist(), strict=True):
        query, predicate = divmod(place, grid.shape[1])
        large = [functional.interpolate(masks[end, query][None, None], size=size)[0, 0] for end in (0, 1)]
        row = {
            "predicate": predicate,
            "probability": probability,
            "scores": [scores[end, query].item() for end in (0, 1)],
            "categories": [categories[end, query].item() for end in (0, 1)],
            "logits": large,
            "masks": [logits.sigmoid() > MASK for logits in large],
        }
        if not any(repeats(row, kept) for kept in rows):
            rows.append(row)
    lost = classes.shape[-1] - 3
    kept = [
        row
        for row in rows
        if min(row["scores"]) > SCORE and row["probability"] > PREDICATE and lost not in row["categories"]
    ]
    return merge(kept, size, num_things)


def repeats(row, kept):
    """Whether a row has the names and the masks of a better one."""
    if row["predicate"] != kept["predicate"] or row["categories"] != kept["categories"]:
        return False
    return all(iou(row["masks"][end], kept["masks"][end]) > OVERLAP for end in (0, 1))


def merge(rows, size, num_things):
    """One map of the ends of all rows."""
    ends = [(row, end) for end in (0, 1) for row in rows]
    if not ends:
        return torch.zeros(size, dtype=torch.int64), [1], []
    ids = torch.stack([row["logits"][end] for row, end in ends]).argmax(0)
    owner = list(range(len(ends)))
    for first in range(len(ends)):
        if owner[first] != first:
            continue
        row, end = ends[first]
        for second in range(first + 1, len(ends)):
            other, other_end = ends[second]
            if owner[second] != second or row["categories"][end] != other["categories"][other_end]:
                continue
            if row["categories"][end] >= num_things or iou(row["masks"][end], other["masks"][other_end]) > OVERLAP:
                owner[second] = first
    for place, first in enumerate(owner):
        if place != first:
            ids[ids == place] = first
    found = [first for first in range(len(ends)) if (ids == first).any()]
    numbered = torch.zeros_like(ids)
    for number, first in enumerate(found):
        numbered[ids == first] = number
    related = []
    for place, row in enumerate(rows):
        subject, other = owner[place], owner[place + len(rows)]
        if subject in found and other in found:
            related.append((found.index(subject), row["predicate"], found.index(other)))
    return numbered, [ends[first][0]["categories"][ends[first][1]] for first in found], related
