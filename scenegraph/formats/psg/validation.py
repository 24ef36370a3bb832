"""What is wrong with a psg.json, item by item."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image
from tqdm import tqdm

from scenegraph.checked_json import described, inside, is_number, is_whole
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.problems import Finding, Findings, Problem
from scenegraph.formats.psg.reader import PSGFile
from scenegraph.panoptic import read_id_map
from scenegraph.vocabulary import Vocabulary

_BOX_TOLERANCE = 1.0
"""Pixels by which an annotated box may leave the picture: files of older tools use inclusive edges."""

_ORIENTATION, _QUARTER_TURNS = 0x0112, (5, 6, 7, 8)
"""The EXIF tag of a camera's rotation, and its values that swap height and width."""

_MAX_ID = (1 << 24) - 1


def validate(
    path: str | Path, root: str | Path | None = None, masks: bool = True, images: bool = True, progress: bool = True
) -> list[Problem]:
    """Check every record of a psg.json, and the pictures that it names.

    Args:
        path: the JSON file.
        root: the folder of the pictures; that of the JSON file if not given.
        masks: read every panoptic PNG and compare its ids, areas and size with the record.
        images: look for every picture and compare its size (from the header) with the record.
        progress: show a bar on stderr.

    Returns:
        Problems in file order. Pictures without relations, repeated relations and the like are of
        severity "warning": the public file has them.

    Raises:
        InputError: the file cannot be read as a psg.json at all.
    """
    file = PSGFile.open(path, root)
    problems = _of_the_whole(file)

    def check(index: int) -> list[Problem]:
        record = file.record(index)
        findings = [*_record_findings(record, file.vocabulary), *_file_findings(record, file.root, masks, images)]
        return [Problem(file.item(index), *finding) for finding in findings]

    # Decoding PNGs leaves Python's lock, so threads share the work; without files they would only wait.
    workers = min(8, os.cpu_count() or 1) if masks or images else 1
    with ThreadPoolExecutor(workers) as pool:
        checks = pool.map(check, range(len(file))) if workers > 1 else map(check, range(len(file)))
        bar = tqdm(checks, total=len(file), desc="checking", unit="image", disable=not progress, leave=False)
        for found in bar:
            problems.extend(found)
    return problems


def _of_the_whole(file: PSGFile) -> list[Problem]:
    problems = []
    where = file.path.name
    places: dict[str, list[int]] = {}
    for index, image_id in enumerate(file.image_ids):
        places.setdefault(image_id, []).append(index)
    for repeated in (indices for indices in places.values() if len(indices) > 1):
        message = f"the id stands in {len(repeated)} records: {some(repeated)}"
        problems.append(Problem(file.item(repeated[1]), "image_id", message))
    unknown = sorted(file.test_ids.difference(file.image_ids))
    if unknown:
        message = f"{len(unknown)} ids have no record: {some(unknown)}"
        problems.append(Problem(where, "test_image_ids", message, "warning"))
    for key, names in (
        ("thing_classes and stuff_classes", file.vocabulary.categories),
        ("predicate_classes", file.vocabulary.predicates),
    ):
        if not names:
            problems.append(Problem(where, key, "there is no class"))
    if not len(file):
        problems.append(Problem(where, "data", "there is no record"))
    return problems


def _record_findings(record: dict[str, Any], vocabulary: Vocabulary) -> Findings:
    for key in ("file_name", "pan_seg_file_name"):
        if not isinstance(record.get(key), str):
            yield Finding(key, f"expected a text, found {described(record.get(key))}")
    for key in ("height", "width"):
        if not is_whole(record.get(key), 1):
            yield Finding(key, f"expected a whole number above 0, found {described(record.get(key))}")
    segments = record.get("segments_info")
    if not isinstance(segments, list):
        yield Finding("segments_info", f"expected a list, found {described(segments)}")
        segments = []
    elif not segments:
        yield Finding("segments_info", "there is no segment", "warning")
    yield from _segment_findings(segments, vocabulary)
    yield from _annotation_findings(record, segments)
    yield from _relation_findings(record.get("relations"), len(segments), vocabulary)


def _segment_findings(segments: Sequence[Any], vocabulary: Vocabulary) -> Findings:
    seen: dict[int, int] = {}
    for position, segment in enumerate(segments):
        where = f"segments_info[{position}]"
        if not isinstance(segment, dict):
            yield Finding(where, f"expected an object, found {described(segment)}")
            continue
        segment_id, category = segment.get("id"), segment.get("category_id")
        if not is_whole(segment_id, 1, _MAX_ID):
            yield Finding(f"{where}.id", f"expected 1 to {_MAX_ID}, found {described(segment_id)}")
        elif segment_id in seen:
            yield Finding(f"{where}.id", f"{segment_id} is the id of segments_info[{seen[segment_id]}] too")
        else:
            seen[segment_id] = position
        if not is_whole(category, 0, len(vocabulary.categories) - 1):
            expected = f"expected 0 to {len(vocabulary.categories) - 1}"
            yield Finding(f"{where}.category_id", f"{expected}, found {described(category)}")
        elif "isthing" in segment and bool(segment["isthing"]) != vocabulary.is_thing(category):
            name, kind = vocabulary.categories[category], "a thing" if vocabulary.is_thing(category) else "stuff"
            yield Finding(f"{where}.isthing", f"{described(segment['isthing'])}, but {name!r} is {kind}")


def _annotation_findings(record: dict[str, Any], segments: Sequence[Any]) -> Findings:
    annotations = record.get("annotations")
    if not isinstance(annotations, list):
        yield Finding("annotations", f"expected a list, found {described(annotations)}")
        return
    if len(annotations) != len(segments):
        yield Finding("annotations", f"{len(annotations)} entries for {len(segments)} segments; expected one for each")
        return
    for position, (annotation, segment) in enumerate(zip(annotations, segments, strict=True)):
        where = f"annotations[{position}]"
        if not isinstance(annotation, dict):
            yield Finding(where, f"expected an object, found {described(annotation)}")
            continue
        if isinstance(segment, dict) and annotation.get("category_id") != segment.get("category_id"):
            theirs = described(segment.get("category_id"))
            yield Finding(
                f"{where}.category_id", f"{described(annotation.get('category_id'))}, but the segment has {theirs}"
            )
        if annotation.get("bbox_mode", 0) != 0:
            yield Finding(f"{where}.bbox_mode", f"{described(annotation['bbox_mode'])}; expected 0 (x1, y1, x2, y2)")
        yield from _box_findings(annotation.get("bbox"), f"{where}.bbox", record)


def _box_findings(box: Any, where: str, record: dict[str, Any]) -> Findings:
    if not isinstance(box, list) or len(box) != 4 or not all(is_number(edge) for edge in box):
        yield Finding(where, f"expected x1, y1, x2, y2, found {described(box)}")
        return
    x1, y1, x2, y2 = box
    if x2 <= x1 or y2 <= y1:
        yield Finding(where, f"{box} is empty; expected x1 < x2 and y1 < y2")
        return
    height, width = record.get("height"), record.get("width")
    if not (is_whole(height, 1) and is_whole(width, 1)):
        return
    if min(x1, y1) < -_BOX_TOLERANCE or x2 > width + _BOX_TOLERANCE or y2 > height + _BOX_TOLERANCE:
        yield Finding(where, f"{box} leaves the picture of {width} x {height} pixels (width x height)")


def _relation_findings(relations: Any, segments: int, vocabulary: Vocabulary) -> Findings:
    if not isinstance(relations, list):
        yield Finding("relations", f"expected a list, found {described(relations)}")
        return
    if not relations:
        yield Finding("relations", "there is none; training and evaluation leave this image out", "warning")
    seen: set[tuple[int, ...]] = set()
    repeated, reflexive = [], []
    for position, row in enumerate(relations):
        where = f"relations[{position}]"
        if not isinstance(row, list) or len(row) != 3 or not all(is_whole(number) for number in row):
            yield Finding(where, f"expected [subject index, object index, predicate], found {described(row)}")
            continue
        for name, number, count in zip(
            ("subject", "object", "predicate"), row, (segments, segments, len(vocabulary.predicates)), strict=True
        ):
            if not 0 <= number < count:
                yield Finding(where, f"{row} has {name} {number}; expected 0 to {count - 1}")
        if row[0] == row[1]:
            reflexive.append(position)
        if tuple(row) in seen:
            repeated.append(position)
        seen.add(tuple(row))
    if reflexive:
        yield Finding("relations", f"a segment is related to itself at positions {some(reflexive)}", "warning")
    if repeated:
        yield Finding("relations", f"earlier relations are repeated at positions {some(repeated)}", "warning")


def _file_findings(record: dict[str, Any], root: Path, masks: bool, images: bool) -> Findings:
    size = (record.get("height"), record.get("width"))
    name, png = record.get("file_name"), record.get("pan_seg_file_name")
    if images and isinstance(name, str):
        try:
            found = _picture_sizes(inside(root, name, "file_name"))
            if size not in found:
                yield Finding("file_name", f"{name} is {min(found)} pixels (height, width); the record says {size}")
        except InputError as error:
            yield Finding("file_name", str(error))
    if masks and isinstance(png, str):
        try:
            ids = read_id_map(inside(root, png, "pan_seg_file_name"))
        except InputError as error:
            yield Finding("pan_seg_file_name", str(error))
            return
        if ids.shape != size:
            yield Finding("pan_seg_file_name", f"{png} is {ids.shape} pixels (height, width); the record says {size}")
            return
        segments = record.get("segments_info")
        yield from _png_findings(ids, png, segments if isinstance(segments, list) else [])


def _png_findings(ids: np.ndarray, png: str, segments: Sequence[Any]) -> Findings:
    values, counts = np.unique(ids, return_counts=True)
    areas = dict(zip(values.tolist(), counts.tolist(), strict=True))
    ids_listed = (segment.get("id") for segment in segments if isinstance(segment, dict))
    listed = {segment_id for segment_id in ids_listed if is_whole(segment_id)}
    unlisted = sorted(set(areas) - listed - {0})
    if unlisted:
        yield Finding("pan_seg_file_name", f"pixels of {png} have the ids {some(unlisted)}, which are not listed")
    for position, segment in enumerate(segments):
        if not isinstance(segment, dict) or not is_whole(segment.get("id")):
            continue
        found, noted = areas.get(segment["id"], 0), segment.get("area")
        if not found:
            yield Finding(f"segments_info[{position}].id", f"{segment['id']} has no pixel in {png}")
        elif noted is not None and noted != found:
            message = f"{described(noted)}, but {png} has {found} pixels of id {segment['id']}"
            yield Finding(f"segments_info[{position}].area", message, "warning")


def _picture_sizes(path: Path) -> set[tuple[int, int]]:
    """(height, width) from the header of a picture, as stored and as a camera's rotation turns it."""
    try:
        with Image.open(path) as picture:
            stored = picture.height, picture.width
            turned = picture.getexif().get(_ORIENTATION, 1) in _QUARTER_TURNS
            return {stored, stored[::-1]} if turned else {stored}
    except FileNotFoundError:
        raise InputError(f"{path}: there is no such file") from None
    except (OSError, SyntaxError, ValueError) as error:
        raise InputError(f"{path}: not a readable picture ({error})") from None
