"""How often every predicate stands in every picture of a psg.json."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int64

from scenegraph import InputError
from scenegraph.checked_json import field, located
from scenegraph.formats.psg import PSGFile
from scenegraph.formats.psg.reader import relation_rows


def counts_by_picture(file: PSGFile, indices: Sequence[int]) -> Int64[np.ndarray, "pictures predicates"]:
    """Relations of every predicate in every picture; a relation that is repeated counts once.

    Reads the JSON alone, no picture.

    Raises:
        InputError: a record is broken; the message names it.
    """
    counts = np.zeros((len(indices), len(file.vocabulary.predicates)), dtype=np.int64)
    for row, index in enumerate(indices):
        record = file.record(index)
        with located(f"{file.path.name}: {file.item(index)}"):
            triples = set(relation_rows(record, len(field(record, "segments_info", "list"))))
            predicates = np.array([predicate for _, _, predicate in triples], dtype=np.int64)
            if predicates.size and not (predicates.min() >= 0 and predicates.max() < counts.shape[1]):
                raise InputError(f"a relation has a predicate outside the vocabulary, 0-{counts.shape[1] - 1}")
            counts[row] = np.bincount(predicates, minlength=counts.shape[1])
    return counts
