"""What is wrong with a pvsg.json, video by video."""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tqdm import tqdm

from scenegraph.checked_json import described, is_number, is_whole
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.problems import Finding, Findings, Problem
from scenegraph.formats.pvsg.reader import PVSGFile, present_ids, stored_relation
from scenegraph.formats.pvsg.writer import MAX_OBJECTS
from scenegraph.panoptic import read_id_map
from scenegraph.vocabulary import Vocabulary


def validate(
    path: str | Path, root: str | Path | None = None, masks: bool = True, frames: bool = True, progress: bool = True
) -> list[Problem]:
    """Check every record of a pvsg.json, and the pictures that it needs.

    Args:
        path: the JSON file.
        root: the folder of the pictures; that of the JSON file if not given.
        masks: read every mask PNG and compare its ids and size with the record.
        frames: look for the frames of every video and compare their number with the record.
        progress: show a bar on stderr.

    Returns:
        Problems in file order. What the public files are known to hold and readers leave out
        (predicates outside the vocabulary, objects never seen, spans past the end) is of severity
        "warning".

    Raises:
        InputError: the file cannot be read as a pvsg.json at all.
    """
    file = PVSGFile.open(path, root)
    problems = _of_the_whole(file)
    bar = tqdm(range(len(file)), desc="checking", unit="video", disable=not progress, leave=False)
    for index in bar:
        record = file.record(index)
        findings = [*_meta_findings(record), *_object_findings(record, file.vocabulary)]
        findings += _relation_findings(record, file.vocabulary)
        if frames:
            findings += _frame_findings(file, index, record)
        if masks:
            findings += _mask_findings(file, index, record)
        problems += [Problem(file.item(index), *finding) for finding in findings]
    return problems


def _of_the_whole(file: PVSGFile) -> list[Problem]:
    problems = []
    ids = [video.video_id for video in file.videos]
    listed = [video for parts in file.split.values() for videos in parts.values() for video in videos]
    for where, names in (("data", ids), ("split", listed)):
        repeated = [name for name, count in Counter(names).items() if count > 1]
        if repeated:
            problems.append(Problem(file.path.name, where, f"videos stand there more than once: {some(repeated)}"))
    missing = [video for video in listed if video not in set(ids)]
    if missing:
        message = f"{len(missing)} of {len(listed)} videos have no record: {some(missing)}"
        problems.append(Problem(file.path.name, "split", message, "warning"))
    for index, video in enumerate(file.videos):
        if video.split is None:
            problems.append(Problem(file.item(index), "split", "the video is in no split", "warning"))
    if not len(file):
        problems.append(Problem(file.path.name, "data", "there is no record"))
    return problems


def _meta_findings(record: dict[str, Any]) -> Findings:
    meta = record.get("meta")
    if not isinstance(meta, dict):
        yield Finding("meta", f"expected an object, found {described(meta)}")
        return
    for key in ("height", "width", "num_frames"):
        if not is_whole(meta.get(key), 1):
            yield Finding(f"meta.{key}", f"expected a whole number above 0, found {described(meta.get(key))}")
    if not (is_number(meta.get("fps")) and meta["fps"] > 0):
        yield Finding("meta.fps", f"expected a number above 0, found {described(meta.get('fps'))}")


def _object_findings(record: dict[str, Any], vocabulary: Vocabulary) -> Findings:
    objects = record.get("objects")
    if not isinstance(objects, list):
        yield Finding("objects", f"expected a list, found {described(objects)}")
        return
    ids = []
    for position, coded in enumerate(objects):
        where = f"objects[{position}]"
        if not isinstance(coded, dict):
            yield Finding(where, f"expected an object, found {described(coded)}")
            continue
        object_id, category = coded.get("object_id"), coded.get("category")
        if not is_whole(object_id, 1, MAX_OBJECTS):
            yield Finding(f"{where}.object_id", f"expected 1 to {MAX_OBJECTS}, found {described(object_id)}")
        elif object_id in ids:
            yield Finding(f"{where}.object_id", f"{object_id} is used twice")
        ids.append(object_id)
        if category not in vocabulary.categories:
            yield Finding(f"{where}.category", f"{described(category)} is not in the vocabulary")
        elif "is_thing" in coded and bool(coded["is_thing"]) != (category in vocabulary.things):
            kind = "a thing" if category in vocabulary.things else "stuff"
            yield Finding(f"{where}.is_thing", f"{described(coded['is_thing'])}, but {category!r} is {kind}")
        if not isinstance(coded.get("status", []), list):
            yield Finding(f"{where}.status", f"expected a list, found {described(coded['status'])}")
    if ids != list(range(1, len(ids) + 1)):
        message = "object ids are not 1, 2, 3 ... in this order, on which the published loader relies"
        yield Finding("objects", message, "warning")


def _listed_ids(record: dict[str, Any]) -> set[int]:
    objects = record.get("objects")
    ids = (coded.get("object_id") for coded in objects if isinstance(coded, dict)) if isinstance(objects, list) else ()
    return {object_id for object_id in ids if is_whole(object_id)}


def _num_frames(record: dict[str, Any]) -> int | None:
    meta = record.get("meta")
    frames = meta.get("num_frames") if isinstance(meta, dict) else None
    return frames if is_whole(frames, 1) else None


def _relation_findings(record: dict[str, Any], vocabulary: Vocabulary) -> Findings:
    relations, listed, num_frames = record.get("relations"), _listed_ids(record), _num_frames(record)
    if not isinstance(relations, list):
        yield Finding("relations", f"expected a list, found {described(relations)}")
        return
    if not relations:
        yield Finding("relations", "there is none", "warning")
    for position, row in enumerate(relations):
        where = f"relations[{position}]"
        try:
            subject, target, predicate, spans = stored_relation(row, where)
        except InputError as error:
            yield Finding(where, str(error).removeprefix(f"{where}: "))
            continue
        for name, end in (("subject", subject), ("object", target)):
            if end not in listed:
                yield Finding(where, f"{row[:3]} has {name} {end}, which is not listed in objects")
        if predicate not in vocabulary.predicates:
            yield Finding(where, f"the predicate {predicate!r} is not in the vocabulary; readers drop it", "warning")
        if not spans:
            yield Finding(where, "there is no span; readers drop the relation", "warning")
        late = [list(pair) for span, pair in zip(spans, row[3], strict=True) if num_frames and span.stop > num_frames]
        if late:
            last = (num_frames or 0) - 1
            yield Finding(where, f"spans {some(late)} end after the last frame, {last}; readers cut them", "warning")


def _frame_findings(file: PVSGFile, index: int, record: dict[str, Any]) -> Findings:
    num_frames = _num_frames(record)
    try:
        numbers = {int(path.stem) for path in file.frame_paths(index)}
    except InputError as error:
        yield Finding("frames", str(error))
        return
    if num_frames is not None and len(numbers) != num_frames:
        yield Finding("frames", f"there are {len(numbers)} pictures; the record says {num_frames}")
    missing = sorted(set(range(max(numbers, default=-1) + 1)) - numbers)
    if missing:
        yield Finding("frames", f"{len(missing)} pictures are missing between the others: {some(missing)}")


def _mask_findings(file: PVSGFile, index: int, record: dict[str, Any]) -> Findings:
    try:
        paths = file.mask_paths(index)
    except InputError as error:
        yield Finding("masks", str(error))
        return
    listed, num_frames = _listed_ids(record), _num_frames(record)
    meta = record.get("meta")
    size = (meta.get("height"), meta.get("width")) if isinstance(meta, dict) else None
    seen: set[int] = set()
    strangers: dict[int, list[int]] = {}
    for frame, path in paths.items():
        try:
            ids = read_id_map(path)
        except InputError as error:
            yield Finding("masks", str(error))
            continue
        if ids.shape != size:
            yield Finding("masks", f"frame {frame} is {ids.shape} pixels (height, width); the record says {size}")
        present = set(present_ids(ids).tolist()) - {0}
        seen |= present
        if present - listed:
            strangers[frame] = sorted(present - listed)
    yield from _stranger_findings(strangers)
    if num_frames is not None:
        yield from _number_findings(paths, num_frames)
    if listed - seen:
        message = f"ids {some(sorted(listed - seen))} have no mask in any frame; readers leave them out"
        yield Finding("objects", message, "warning")


def _stranger_findings(strangers: dict[int, list[int]]) -> Findings:
    if strangers:
        ids = sorted({stranger for found in strangers.values() for stranger in found})
        message = f"pixels have the ids {some(ids)}, which are not listed in objects (frames {some(list(strangers))})"
        yield Finding("masks", message)


def _number_findings(frames: Iterable[int], num_frames: int) -> Findings:
    late = [frame for frame in frames if frame >= num_frames]
    if late:
        yield Finding(
            "masks", f"frames {some(late)} lie after the last frame, {num_frames - 1}; readers leave them out"
        )
    missing = sorted(set(range(num_frames)) - set(frames))
    if missing:
        yield Finding("masks", f"{len(missing)} of {num_frames} frames have no mask: {some(missing)}", "warning")
