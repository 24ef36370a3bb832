"""Toyworld as data sets on disk, made on first use.

Pictures are made by several processes and written by one, in the order of their seeds: the files do
not depend on the number of processes. A run that was killed continues where it stopped.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import UInt8
from tqdm import tqdm

from scenegraph import InputError, SceneGraph
from scenegraph.formats.psg import PSGFile, PSGWriter
from scenegraph.formats.psg4d import GTAFile, GTAWriter, HOIFile, HOIWriter
from scenegraph.formats.pvsg import PVSGFile, PVSGWriter
from toyworld import scenes
from toyworld.making import SMALLEST_SIZE, made, unfinished
from toyworld.names import PSG, PSG4D, PVSG, Dialect
from toyworld.narration import captions, qa_pairs, summary
from toyworld.questions import questions, write_questions

Size = tuple[int, int]

GENERATION = 5
"""Raised whenever the same seed gives another picture, so that old data sets are made anew."""

MOST = 1 << 24
"""Pictures a split and a seed may have; splits and seeds never share a world."""

QUESTIONS = "questions.jsonl"
"""Beside every data set: questions about its held-out graphs (toyworld.questions)."""


@dataclass(frozen=True)
class _Format:
    """A file format: the name of its annotations, its writer and reader, and what it calls things."""

    file: str
    writer: Any
    reader: Any
    dialect: Dialect
    held_out: str
    unit: str
    prefix: str = ""


_PSG = _Format("psg.json", PSGWriter, PSGFile, PSG, "test", "pictures")
_PVSG = _Format("pvsg.json", PVSGWriter, PVSGFile, PVSG, "val", "videos")
_PSG4D = {
    "gta": _Format("sailvos3d.json", GTAWriter, GTAFile, PSG4D, "val", "RGB-D videos"),
    "hoi": _Format("psg4d_hoi.json", HOIWriter, HOIFile, PSG4D, "val", "RGB-D videos", prefix="TOYWORLD/"),
}


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

    def add(writer: PSGWriter, item: _Picture, held_out: bool) -> None:
        writer.add(*item, test=held_out)

    return _ensure(_PSG, Path(root), settings, partial(_picture, size=size), add, progress, workers, chunk=8)


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
    make = partial(_film, frames=frames, fps=fps, size=size, dialect=PVSG, rgbd=False)

    def add(writer: PVSGWriter, film: _Film, held_out: bool) -> None:
        graph, shots = film
        pictures = (frame.rgb for frame in shots)
        texts = {"captions": captions(graph), "qa_pairs": qa_pairs(graph), "summary": summary(graph)}
        writer.add(graph, pictures, "val" if held_out else "train", "vidor", **texts)

    return _ensure(_PVSG, Path(root), settings, make, add, progress, workers, chunk=1)


def ensure_psg4d(
    root: str | Path,
    layout: str = "gta",
    train: int = 200,
    test: int = 40,
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
    if layout not in _PSG4D:
        raise InputError(f"layout {layout!r}; expected 'gta' or 'hoi'")
    form = _PSG4D[layout]
    settings = _settings(f"psg4d-{layout}", train, test, seed, size, frames=frames, fps=fps)
    make = partial(_film, frames=frames, fps=fps, size=size, dialect=PSG4D, rgbd=True)

    def add(writer: GTAWriter | HOIWriter, film: _Film, held_out: bool) -> None:
        graph, shots = film
        graph = replace(graph, source=replace(graph.source, uri=form.prefix + graph.source.uri))
        writer.add(graph, ((frame.rgb, frame.depth) for frame in shots), "val" if held_out else "train")

    return _ensure(form, Path(root), settings, make, add, progress, workers, chunk=1)


_Picture = tuple[SceneGraph, UInt8[np.ndarray, "height width 3"]]


def _picture(number: int, size: Size) -> _Picture:
    """A picture as what is sent between processes: no more than is written."""
    scene = scenes.image(number, size)
    return scene.graph, scene.rgb


_Film = tuple[SceneGraph, list[scenes.Frame]]


def _film(number: int, frames: int, fps: float, size: Size, dialect: Dialect, rgbd: bool) -> _Film:
    """A clip as what can be sent between processes."""
    clip = scenes.video(number, frames, fps, size, dialect, rgbd)
    return clip.graph, list(clip)


def _settings(kind: str, train: int, test: int, seed: int, size: Size, **more: float) -> dict[str, Any]:
    """What makes a data set what it is.

    Raises:
        InputError: a number is out of range.
    """
    if size[0] < SMALLEST_SIZE[0] or size[1] < SMALLEST_SIZE[1]:
        raise InputError(f"pictures of {size[0]} x {size[1]} pixels; expected at least 64 x 80 (height x width)")
    for split, count in (("train", train), ("test", test)):
        seeds(split, count, seed)
    for name, value in more.items():
        if not value > 0:
            raise InputError(f"{name} {value}; expected more than 0")
    whole = {"kind": kind, "train": train, "test": test, "seed": seed, "size": list(size), **more}
    return {**whole, "generation": GENERATION}


def _ensure(
    form: _Format,
    root: Path,
    settings: dict[str, Any],
    make: Callable[[int], Any],
    add: Callable[[Any, Any, bool], None],
    progress: bool,
    workers: int,
    chunk: int,
) -> Path:
    """Make what is missing of a data set; returns the path of its annotations."""
    path = root / form.file
    numbers = [
        (number, split == "test")
        for split in ("train", "test")
        for number in seeds(split, settings[split], settings["seed"])
    ]
    with unfinished(root, path, settings) as missing:
        if missing:
            with form.writer(root, form.dialect.vocabulary) as writer:
                left = [(number, test) for number, test in numbers if f"{form.prefix}{number:08d}" not in writer.done]
                bar = tqdm(
                    desc=f"toyworld {form.unit}",
                    total=len(numbers),
                    initial=len(numbers) - len(left),
                    unit=f" {form.unit}",
                    disable=not progress,
                )
                with bar, made(make, [number for number, _ in left], workers, chunk) as results:
                    for (_, test), result in zip(left, results, strict=True):
                        add(writer, result, test)
                        bar.update()
        if not (root / QUESTIONS).is_file():
            # Asked of the graphs as the files hold them: no question rests on what the format leaves out.
            file = form.reader.open(path)
            held_out = file.indices(form.held_out)
            write_questions(root / QUESTIONS, [q for index in held_out for q in questions(file.graph(index), index)])
    return path
