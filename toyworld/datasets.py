"""Toyworld as data sets on disk, made on first use.

Pictures are made by several processes and written by one, in the order of their seeds: the files do
not depend on the number of processes. A run that was killed continues where it stopped.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

from tqdm import tqdm

from scenegraph import InputError, SceneGraph
from scenegraph.formats.psg import PSGFile, PSGWriter
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from scenegraph.storage import write_atomically
from toyworld import scenes
from toyworld.names import PSG, PSG4D, PVSG, Dialect
from toyworld.narration import captions, qa_pairs, summary
from toyworld.questions import questions, write_questions

Size = tuple[int, int]
Made = TypeVar("Made")

GENERATION = 2
"""Raised whenever the same seed gives another picture, so that old data sets are made anew."""

MOST = 1 << 24
"""Pictures a split and a seed may have; splits and seeds never share a world."""

QUESTIONS = "questions.jsonl"
"""Beside every data set: questions about its held-out graphs (toyworld.questions)."""

_SETTINGS = "toyworld.json"
_CHUNK = 8


def seeds(split: str, count: int, seed: int = 0) -> range:
    """The seeds of the worlds of a split; those of different splits and of different seeds are disjoint.

    >>> seeds("train", 2), seeds("test", 2), seeds("train", 2, seed=1)
    (range(0, 2), range(16777216, 16777218), range(33554432, 33554434))
    """
    if not 0 <= count <= MOST:
        raise InputError(f"{count} worlds asked for; a split has 0 to {MOST}")
    if seed < 0:
        raise InputError(f"seed {seed}; expected 0 or more")
    first = (2 * seed + ("train", "test").index(split)) * MOST
    return range(first, first + count)


def ensure_psg(
    root: str | Path,
    train: int = 12_000,
    test: int = 1_000,
    seed: int = 0,
    size: Size = (128, 160),
    progress: bool = True,
    workers: int = 2,
) -> Path:
    """Still pictures as a psg.json data set; made unless the same one is there already.

    Args:
        root: its folder, made if needed. Another data set there is never overwritten.
        train: pictures of the training split.
        test: pictures of the test split, of worlds that the training split does not have.
        seed: another seed gives other worlds.
        size: height and width in pixels, at least 64 x 80 so that every thing can be 8 pixels large.
        progress: show a bar.
        workers: processes that render; the result does not depend on it.

    Returns:
        The path of psg.json.

    Raises:
        InputError: the folder holds something else, a number is out of range, or the disk is full.
    """
    settings = _settings("psg", train, test, seed, size)
    root = Path(root)
    path = root / "psg.json"
    if _complete(root, path, settings):
        return _with_questions(path, PSGFile)
    with PSGWriter(root, PSG.vocabulary) as writer:
        wanted = _wanted(train, test, seed)
        missing = [(number, held_out) for number, held_out in wanted if _name(number) not in writer.done]
        made = _made(partial(scenes.image, size=size), [number for number, _ in missing], workers, _CHUNK)
        with made as pictures, _bar(wanted, missing, "toyworld pictures", " pictures", progress) as bar:
            for (_, held_out), scene in zip(missing, pictures, strict=True):
                writer.add(scene.graph, scene.rgb, test=held_out)
                bar.update()
    return _with_questions(path, PSGFile)


def ensure_pvsg(
    root: str | Path,
    train: int = 200,
    test: int = 40,
    seed: int = 0,
    size: Size = (128, 160),
    frames: int = 50,
    fps: float = 5.0,
    progress: bool = True,
    workers: int = 2,
) -> Path:
    """Videos as a pvsg.json data set with captions, questions and summaries; as `ensure_psg` otherwise.

    Training videos are the split "train", held-out ones the split "val"; all lie in the source "vidor".

    Args:
        root: its folder.
        train: training videos.
        test: held-out videos.
        seed: another seed gives other worlds.
        size: height and width in pixels.
        frames: frames a video.
        fps: frames a second.
        progress: show a bar.
        workers: processes that render.

    Returns:
        The path of pvsg.json.

    Raises:
        InputError: as for `ensure_psg`.
    """
    settings = _settings("pvsg", train, test, seed, size, frames=frames, fps=fps)
    root = Path(root)
    path = root / "pvsg.json"
    if _complete(root, path, settings):
        return _with_questions(path, PVSGFile)
    with PVSGWriter(root, PVSG.vocabulary) as writer:
        wanted = _wanted(train, test, seed)
        missing = [(number, held_out) for number, held_out in wanted if _name(number) not in writer.done]
        make = partial(_film, frames=frames, fps=fps, size=size, dialect=PVSG, rgbd=False)
        made = _made(make, [number for number, _ in missing], workers, chunk=1)
        with made as films, _bar(wanted, missing, "toyworld videos", " videos", progress) as bar:
            for (_, held_out), (graph, pictures) in zip(missing, films, strict=True):
                texts = {"captions": captions(graph), "qa_pairs": qa_pairs(graph), "summary": summary(graph)}
                rgb = [frame.rgb for frame in pictures]
                writer.add(graph, rgb, "val" if held_out else "train", "vidor", **texts)
                bar.update()
    return _with_questions(path, PVSGFile)


def ensure_psg4d(
    root: str | Path,
    layout: str = "gta",
    train: int = 120,
    test: int = 30,
    seed: int = 0,
    size: Size = (128, 160),
    frames: int = 50,
    fps: float = 5.0,
    progress: bool = True,
    workers: int = 2,
) -> Path:
    """RGB-D videos in a layout of PSG4D, "gta" or "hoi"; as `ensure_pvsg` otherwise.

    Returns:
        The path of sailvos3d.json or of psg4d_hoi.json.

    Raises:
        InputError: the layout is unknown, or as for `ensure_psg`.
    """
    if layout not in ("gta", "hoi"):
        raise InputError(f"layout {layout!r}; expected 'gta' or 'hoi'")
    settings = _settings(f"psg4d-{layout}", train, test, seed, size, frames=frames, fps=fps)
    root = Path(root)
    path = root / ("sailvos3d.json" if layout == "gta" else "psg4d_hoi.json")
    reader = GTAFile if layout == "gta" else HOIFile
    if _complete(root, path, settings):
        return _with_questions(path, reader)
    prefix = "" if layout == "gta" else "TOYWORLD/"
    with (GTAWriter if layout == "gta" else HOIWriter)(root, PSG4D.vocabulary) as writer:
        wanted = _wanted(train, test, seed)
        missing = [(number, held_out) for number, held_out in wanted if prefix + _name(number) not in writer.done]
        make = partial(_film, frames=frames, fps=fps, size=size, dialect=PSG4D, rgbd=True)
        made = _made(make, [number for number, _ in missing], workers, chunk=1)
        with made as films, _bar(wanted, missing, "toyworld RGB-D videos", " videos", progress) as bar:
            for (_, held_out), (graph, pictures) in zip(missing, films, strict=True):
                placed = replace(graph, source=replace(graph.source, uri=prefix + graph.source.uri))
                pairs = ((frame.rgb, frame.depth) for frame in pictures)
                writer.add(placed, pairs, "val" if held_out else "train")
                bar.update()
    return _with_questions(path, reader)


def _with_questions(path: Path, reader: type[PSGFile | PVSGFile | GTAFile | HOIFile]) -> Path:
    """The path, after writing questions about the held-out graphs beside it where there are none yet.

    The graphs are read from the files: no question rests on what the format does not hold.
    """
    questions_path = path.with_name(QUESTIONS)
    if not questions_path.is_file():
        file = reader.open(path)
        held_out = file.indices("test" if reader is PSGFile else "val")
        asked = [question for index in held_out for question in questions(file.graph(index), index)]
        write_questions(questions_path, asked)
    return path


def _film(
    number: int, frames: int, fps: float, size: Size, dialect: Dialect, rgbd: bool
) -> tuple[SceneGraph, list[scenes.Frame]]:
    """A clip as what can be sent between processes."""
    clip = scenes.video(number, frames, fps, size, dialect, rgbd)
    return clip.graph, list(clip)


def _name(number: int) -> str:
    return f"{number:08d}"


def _wanted(train: int, test: int, seed: int) -> list[tuple[int, bool]]:
    """Seeds of all worlds of a data set, each with whether it is held out."""
    return [
        *((number, False) for number in seeds("train", train, seed)),
        *((number, True) for number in seeds("test", test, seed)),
    ]


def _settings(kind: str, train: int, test: int, seed: int, size: Size, **more: Any) -> dict[str, Any]:
    if size[0] < 64 or size[1] < 80:
        raise InputError(f"pictures of {size[0]} x {size[1]} pixels; expected at least 64 x 80 (height x width)")
    return {
        **{"kind": kind, "train": train, "test": test, "seed": seed, "size": list(size), "generation": GENERATION},
        **more,
    }


def _complete(root: Path, path: Path, settings: dict[str, Any]) -> bool:
    """Whether the data set is there; writes down what is about to be made otherwise.

    Raises:
        InputError: the folder holds another data set.
    """
    note = root / _SETTINGS
    known = json.loads(note.read_text()) if note.is_file() else None
    if known is not None and known != settings:
        changed = [
            f"{key} {known.get(key)} (now {value})" for key, value in settings.items() if known.get(key) != value
        ]
        raise InputError(
            f"{root}: made with other settings: {', '.join(changed)}; choose another folder or delete this one"
        )
    if known is None and root.is_dir() and any(root.iterdir()):
        raise InputError(f"{root}: is not empty and holds no toyworld data; choose another folder")
    if known is not None and path.is_file():
        return True
    try:
        root.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"{root}: the folder could not be made ({error.strerror or error})") from None
    write_atomically(note, json.dumps(settings, indent=1).encode())
    return False


@contextmanager
def _made(make: Callable[[int], Made], numbers: Sequence[int], workers: int, chunk: int) -> Iterator[Iterator[Made]]:
    """What `make` gives for each number, in order, made by some processes."""
    if workers <= 1 or len(numbers) <= chunk:
        yield map(make, numbers)
        return
    # spawn: forking a process that runs torch threads can hang.
    with get_context("spawn").Pool(min(workers, len(numbers))) as pool:
        yield pool.imap(make, numbers, chunksize=chunk)


def _bar(wanted: Sequence[Any], missing: Sequence[Any], what: str, unit: str, progress: bool) -> tqdm:
    done = len(wanted) - len(missing)
    return tqdm(total=len(wanted), initial=done, desc=what, unit=unit, disable=not progress)
