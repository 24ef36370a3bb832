"""The published steps of OpenPVSG's full test, written plainly as the baseline.

Own code after the description of the steps: for every true relation, for every row of equal names in
the order of its rank, for every frame of the true spans, the panoptic PNG of the frame is opened, the
two true masks are cut out of it, and the mask IoU of subject and object is taken; until a row reaches
a share of 0.5.
"""

import numpy as np
from PIL import Image


def mask_iou(first, second):
    """Pixels in both over pixels in either."""
    either = np.logical_or(first, second).sum()
    return np.logical_and(first, second).sum() / either if either else 0.0


def share_of_frames(paths, relation, row, masks):
    """The published "volume IoU" of one true relation and one row."""
    subject, _, target, frames = relation
    hits = seen = 0
    for frame in frames:
        ids = np.array(Image.open(paths[frame]))
        true = ids == subject, ids == target
        if not (true[0].any() and true[1].any()):
            continue
        seen += 1
        predicted = masks[row[0]].get(frame), masks[row[2]].get(frame)
        if predicted[0] is None or predicted[1] is None or not row[3][frame]:
            continue
        if mask_iou(true[0], predicted[0]) >= 0.5 and mask_iou(true[1], predicted[1]) >= 0.5:
            hits += 1
    return hits / seen if seen else 0.0


def tries(paths, true_categories, relations, categories, rows, masks):
    """(truth, rank, share) of every row that is looked at, in that order.

    Args:
        paths: the panoptic PNG of every frame.
        true_categories: class by id.
        relations: (subject id, predicate, object id, frames).
        categories: class of every predicted tube.
        rows: (subject, predicate, object, active frames), best first.
        masks: decoded masks of every predicted tube by frame.
    """
    found = []
    for truth, relation in enumerate(relations):
        names = true_categories[relation[0]], relation[1], true_categories[relation[2]]
        for rank, row in enumerate(rows):
            if (categories[row[0]], row[1], categories[row[2]]) != names:
                continue
            share = share_of_frames(paths, relation, row, masks)
            found.append((truth, rank, share))
            if share >= 0.5:
                break
    return found
