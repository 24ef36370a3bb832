"""The published challenge submission and its grade, kept so that old submissions can be compared.

A submission is a folder with `relation.json`, a list with one entry a test picture in the order of
the data set: `relations` [[subject, object, predicate], ...] best first (segment positions 0-based,
predicates 1-based), `segments_info` [{"id", "category_id" 1-based}], `pan_seg_file_name`; and with
`panseg/`, the id maps as PNG. The grade is the published one with its properties:

* only the first 20 relations of a picture are looked at;
* predicate 0 (the "no relation" of the models) is graded as the first predicate;
* for panoptic quality, pixels whose id is not listed keep the id, read as 1000 x instance + class:
  black is an object of the first class, and a class that does not exist cannot be graded;
* two segments of one id share their pixels in the relations, and the later one has them in the map.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Int64
from tqdm import tqdm

from scenegraph.arrays import GraphArrays
from scenegraph.checked_json import checked, field, inside, is_whole, located, read
from scenegraph.errors import InputError
from scenegraph.formats.psg import PSGFile
from scenegraph.legacy_openpsg import LegacySums, measure
from scenegraph.masks import MaskSet, intersections
from scenegraph.panoptic import masks_from_ids, read_id_map
from scenegraph.panoptic_quality import QualityResult, QualitySums, compare
from scenegraph.regions import Segment

GRADED_RELATIONS = 20
INSTANCE = 1000
"""A pixel of the graded map is instance * 1000 + class."""

PUBLISHED_KS = (20, 50, 100)


def grade(
    truth: PSGFile, submission: str | Path, ks: Sequence[int] = PUBLISHED_KS, progress: bool = False
) -> dict[str, float]:
    """Grade a submission as the published tool does; fractions, not percent.

    Args:
        truth: the data set; its test pictures that have relations are graded.
        submission: the folder with `relation.json` and `panseg`.
        ks: numbers of rows for recall; the published grade is that at 20.
        progress: show a bar.

    Returns:
        The numbers of `LegacySums.values` and `QualitySums.values`.

    Raises:
        InputError: the submission does not fit the data set or the format; where the published tool
            stops with an error, this does with a message.
    """
    folder = Path(submission)
    entries = checked(read(folder / "relation.json"), "list", "relation.json")
    indices = truth.indices("test")
    if len(entries) != len(indices):
        raise InputError(
            f"{folder / 'relation.json'}: {len(entries)} entries; the data set has {len(indices)} test pictures with "
            "relations, and the submission must have one entry for each, in order"
        )
    categories = len(truth.vocabulary.categories)
    recall = LegacySums(len(truth.vocabulary.predicates), tuple(ks))
    quality = QualitySums(np.arange(categories) < len(truth.vocabulary.things))
    for position in tqdm(range(len(entries)), desc="grading", unit="image", disable=not progress, leave=False):
        true = GraphArrays.of(truth.graph(indices[position], unique_relations=True))
        with located(f"relation.json: [{position}]"):
            entry = checked(entries[position], "object", "the entry")
            name = field(entry, "pan_seg_file_name", "text")
            ids = read_id_map(inside(folder / "panseg", name, "pan_seg_file_name")).astype(np.int64)
            rows = _rows(entry, ids, categories, len(truth.vocabulary.predicates))
            recall.add(measure(true, rows))
            quality.add(_quality(true, ids, entry, categories))
    return recall.values() | quality.values()


def _rows(
    entry: dict[str, Any], ids: Int64[np.ndarray, "height width"], categories: int, predicates: int
) -> GraphArrays:
    """Segments and the first rows of an entry, with 0-based classes and predicates."""
    segments = _segments(entry, categories)
    rows = []
    for place, row in enumerate(field(entry, "relations", "list")[:GRADED_RELATIONS]):
        if not isinstance(row, list) or len(row) != 3 or not all(is_whole(each) for each in row):
            raise InputError(f"relations[{place}]: expected [subject, object, predicate], three whole numbers")
        subject, target, predicate = row
        if not (0 <= subject < len(segments) and 0 <= target < len(segments) and 0 <= predicate <= predicates):
            raise InputError(
                f"relations[{place}]: {row}; expected segment positions 0-{len(segments) - 1} and a predicate "
                f"1-{predicates} (0 stands for none)"
            )
        rows.append((subject, max(predicate - 1, 0), target))
    if not rows:
        raise InputError("relations: the list is empty, which the published grader cannot grade; give at least one")
    masks = masks_from_ids(ids, [each for each, _ in segments])
    return GraphArrays(
        categories=np.array([category for _, category in segments], dtype=np.int64),
        node_scores=np.ones(len(segments)),
        crowd=np.zeros(len(segments), dtype=bool),
        segments=tuple(Segment(mask) for mask in masks),
        triples=np.array(rows, dtype=np.int64).reshape(-1, 3),
        scores=np.ones(len(rows)),
    )


def _segments(entry: dict[str, Any], categories: int) -> list[tuple[int, int]]:
    """(id in the map, 0-based class) of the listed segments."""
    segments = []
    for place, segment in enumerate(field(entry, "segments_info", "list")):
        where = f"segments_info[{place}]"
        checked(segment, "object", where)
        category = field(segment, "category_id", "whole number", where)
        if not 1 <= category <= categories:
            raise InputError(f"{where}.category_id: {category}; expected 1-{categories} (1-based)")
        segments.append((field(segment, "id", "whole number", where), category - 1))
    return segments


def _quality(
    truth: GraphArrays, ids: Int64[np.ndarray, "height width"], entry: dict[str, Any], categories: int
) -> QualityResult:
    """Panoptic quality of the map that the published grader makes of an entry."""
    present, places = np.unique(ids, return_inverse=True)
    graded = present.copy()
    instances: dict[int, int] = {}
    for segment, category in _segments(entry, categories):
        graded[present == segment] = category + INSTANCE * instances.get(category, 0)
        instances[category] = instances.get(category, 0) + 1
    classes = graded % INSTANCE
    if classes.max(initial=0) > categories:
        wrong = present[classes.argmax()]
        raise InputError(
            f"the map holds id {wrong}, which segments_info does not list and the published grader reads as class "
            f"{wrong % INSTANCE} of {categories}; list every segment of the map"
        )
    # The number after the last class is void, written as 0; there it joins the first object of class 0, if any.
    graded[classes == categories] = 0
    values = np.unique(graded[(classes < categories)])
    masks = MaskSet(masks_from_ids(graded[places].reshape(ids.shape), values))
    assert truth.masks is not None  # read from the panoptic PNG
    shared = intersections(truth.masks, masks)
    return compare(
        shared,
        truth.masks.areas,
        masks.areas,
        truth.categories,
        values % INSTANCE,
        void=masks.areas - shared.sum(axis=0),
        crowd=truth.crowd,
    )
