"""PVSG's data set from its public archives: checked, unpacked, frames extracted.

What is done is not done again, so that the same call goes on after an interruption.
"""

import io
import json
import multiprocessing
import shutil
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PIL import Image
from tqdm import tqdm

from scenegraph.checked_json import plain_name
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.problems import Problem
from scenegraph.formats.pvsg.archives import ARCHIVES, SOURCES, Archive, check_md5, missing_bytes, unpack
from scenegraph.formats.pvsg.reader import PVSGFile
from scenegraph.storage import discard_unfinished, made_folder, write_atomically
from scenegraph.video_files import read_video

ANNOTATIONS = "pvsg.json"

WHERE = (
    "The archives and pvsg.json are linked from the README of the repository LilyDaytoy/OpenPVSG (folder data_zip); "
    "their terms are those of VidOR, EPIC-KITCHENS and Ego4D."
)

CHECKED = ".checked_md5.json"
"""Remembers which archives were compared, by size and time."""

Picture = Literal["png", "jpg"]

_BYTES_A_PIXEL = {"png": 1.8, "jpg": 0.4}
"""Of a frame on disk, for the check of free space; measured frames of indoor videos need less."""

_SPARE = 1 << 30
"""Bytes that stay free."""

_OPTIONS = {"png": {"format": "PNG", "compress_level": 1}, "jpg": {"format": "JPEG", "quality": 95, "subsampling": 0}}


@dataclass(frozen=True)
class Extraction:
    """A video whose frames are to be extracted."""

    video: str
    path: Path
    folder: Path
    size: tuple[int, int]
    num_frames: int
    fps: float
    picture: Picture


def prepare(
    root: str | Path,
    archives: str | Path | None = None,
    sources: Sequence[str] = (),
    picture: Picture = "png",
    md5: bool = True,
    workers: int = 2,
    progress: bool = True,
) -> list[Problem]:
    """Make the folders of pvsg.json from the public archives.

    Args:
        root: folder of the data set, made if needed: `root/pvsg.json`, `root/vidor/frames/ID/0000.png`, ...
        archives: folder with `VidOR/vidor_videos.zip` and the others, and pvsg.json; `root/data_zip` if
            not given.
        sources: vidor, epic_kitchen, ego4d; those of which an archive is there if none is named.
        picture: "png" as published, or "jpg", about a fifth of the size.
        md5: compare the archives with their published MD5 (once).
        workers: processes that extract frames.
        progress: show bars on stderr.

    Returns:
        What is not as pvsg.json says: videos without masks, fewer frames than stated, pictures of
        another size, files that belong to no video.

    Raises:
        InputError: an archive is missing, broken or another one, or there is too little room on the
            disk; what was done stays.
    """
    root = Path(root)
    given = root / "data_zip" if archives is None else Path(archives)
    annotations = _annotations(root, given)
    chosen = _chosen(given, sources)
    file = PVSGFile.open(annotations, root)
    for number, video in enumerate(file.videos):
        if plain_name(video.video_id) != video.video_id:
            raise InputError(f"{annotations}: data[{number}].video_id: {video.video_id!r} is no name of a folder")
    videos = {source: [v.video_id for v in file.videos if v.source == source] for source in SOURCES}
    made_folder(root)
    discard_unfinished(root)
    if md5:
        for archive in chosen:
            _check_once(root, given / archive.path, archive.md5, progress)
    jobs = [job for source in dict.fromkeys(a.source for a in chosen) for job in _extractions(file, source, picture)]
    _check_room(root, given, chosen, videos, jobs)
    problems: list[Problem] = []
    for archive in chosen:
        found = unpack(root, archive, given / archive.path, set(videos[archive.source]), progress)
        problems += _archive_problems(archive, found.videos, found.strangers, videos[archive.source])
    problems += _extract(jobs, workers, progress)
    if annotations != root / ANNOTATIONS:
        write_atomically(root / ANNOTATIONS, annotations.read_bytes())
    return problems


def _annotations(root: Path, given: Path) -> Path:
    for folder in (root, given):
        if (folder / ANNOTATIONS).is_file():
            return folder / ANNOTATIONS
    raise InputError(f"{given / ANNOTATIONS}: there is no such file, nor in {root}. {WHERE}")


def _chosen(given: Path, sources: Sequence[str]) -> list[Archive]:
    """The archives to work on.

    Raises:
        InputError: a source is unknown, or one of its archives is missing.
    """
    for source in sources:
        if source not in SOURCES:
            raise InputError(f"source {source!r}; expected {', '.join(SOURCES)}")
    there = {archive.source for archive in ARCHIVES if (given / archive.path).is_file()}
    wanted = [archive for archive in ARCHIVES if archive.source in (sources or there)]
    missing = [archive for archive in wanted or ARCHIVES if not (given / archive.path).is_file()]
    if missing:
        listed = "".join(f"\n  {given / archive.path}" for archive in missing)
        raise InputError(f"these archives are missing:{listed}\n{WHERE}")
    return wanted


def _check_once(root: Path, path: Path, md5: str, progress: bool) -> None:
    status = path.stat()
    stamp = [str(path.resolve()), status.st_size, status.st_mtime_ns, md5]
    note = root / CHECKED
    try:
        known = json.loads(note.read_text())
    except (OSError, ValueError):
        known = []
    if not isinstance(known, list) or stamp not in known:
        check_md5(path, md5, progress)
        kept = known if isinstance(known, list) else []
        write_atomically(note, json.dumps([*kept, stamp]).encode())


def _extractions(file: PVSGFile, source: str, picture: Picture) -> Iterator[Extraction]:
    """The videos of a source whose frames are not there yet."""
    for index, video in enumerate(file.videos):
        folder = file.root / source / "frames" / video.video_id
        if video.source != source or folder.is_dir():
            continue
        about = file.source(index)
        path = file.root / source / "videos" / f"{video.video_id}.mp4"
        yield Extraction(video.video_id, path, folder, about.size, about.num_frames, about.fps or 5.0, picture)


def _check_room(
    root: Path, given: Path, chosen: Sequence[Archive], videos: dict[str, list[str]], jobs: Sequence[Extraction]
) -> None:
    needed = sum(missing_bytes(root, a, given / a.path, set(videos[a.source])) for a in chosen)
    needed += round(sum(j.num_frames * j.size[0] * j.size[1] * _BYTES_A_PIXEL[j.picture] for j in jobs))
    free = shutil.disk_usage(root).free
    if needed + _SPARE > free:
        raise InputError(
            f"{root}: about {needed / 1e9:,.1f} GB are needed and {free / 1e9:,.1f} GB are free; make room, "
            "prepare one source at a time (--source vidor), or keep frames as JPEG (--frames jpg)"
        )


def _archive_problems(
    archive: Archive, found: set[str], strangers: Sequence[str], expected: Sequence[str]
) -> list[Problem]:
    problems = []
    if strangers:
        message = f"{len(strangers)} files belong to no video of {ANNOTATIONS} and were left: {some(list(strangers))}"
        problems.append(Problem(archive.path, "files", message, "warning"))
    missing = [video for video in expected if video not in found]
    if missing:
        message = f"there are no {archive.kind} of {len(missing)} videos: {some(missing)}"
        problems.append(Problem(archive.path, "files", message))
    return problems


def _extract(jobs: Sequence[Extraction], workers: int, progress: bool) -> list[Problem]:
    there = [job for job in jobs if job.path.is_file()]
    problems: list[Problem] = []
    total = sum(job.num_frames for job in there)
    bar = tqdm(total=total, desc="extracting frames", unit="frame", disable=not progress, leave=False)
    with bar:
        for job, found in zip(there, _extracted(there, workers), strict=True):
            problems += found
            bar.update(job.num_frames)
    return problems


def _extracted(jobs: Sequence[Extraction], workers: int) -> Iterator[list[Problem]]:
    if workers <= 1 or len(jobs) <= 1:
        yield from map(extract, jobs)
        return
    # Forking a process that has used OpenCV's threads may hang.
    with ProcessPoolExecutor(min(workers, len(jobs)), multiprocessing.get_context("spawn")) as pool:
        try:
            yield from pool.map(extract, jobs)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def extract(job: Extraction) -> list[Problem]:
    """Extract the frames of a video into its folder, which appears when it is whole.

    Returns:
        What differs from the record: fewer pictures, another size.
    """
    unfinished = job.folder.with_name(f".{job.folder.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    made_folder(unfinished)
    problems, count, size = [], 0, None
    try:
        for count, picture in enumerate(read_video(job.path, job.fps), start=1):
            if count > job.num_frames:
                break
            size = size or picture.shape[:2]
            buffer = io.BytesIO()
            Image.fromarray(picture).save(buffer, **_OPTIONS[job.picture])  # type: ignore[arg-type]
            write_atomically(unfinished / f"{count - 1:04d}.{job.picture}", buffer.getvalue(), durable=False)
        if size is not None:
            unfinished.replace(job.folder)
    except InputError as error:
        return [Problem(f"video {job.video}", "video", str(error))]
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    if count < job.num_frames:
        message = f"{count} pictures at {job.fps:g} a second; the record says {job.num_frames}. Is the video cut off?"
        problems.append(Problem(f"video {job.video}", "frames", message))
    if size is not None and size != job.size:
        message = f"pictures of {size} pixels (height, width); the record says {job.size}"
        problems.append(Problem(f"video {job.video}", "frames", message))
    return problems
