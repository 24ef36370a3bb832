"""`groundgraph predict` of videos: from a clip to its scene graph over time."""

import argparse
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError, SceneGraph
from scenegraph.storage import made_folder
from scenegraph.video_files import VIDEO_SUFFIXES, early_end

if TYPE_CHECKING:
    from pvsg.predictor import VideoPredictor

_ONLY_PHOTOS = ("segments", "segments_info", "categories", "tile", "overlap")
"""Options that say nothing about videos."""

_MADE_BY = ("model", "checkpoint", "segmenter", "settings", "top_k", "rate", "units", "intrinsics")
"""Metadata that must be equal for `--resume` to keep a graph."""


def is_video(path: Path) -> bool:
    """Whether a path is taken for a video."""
    return path.suffix.lower() in VIDEO_SUFFIXES and not path.is_dir()


def are_videos(paths: Sequence[Path], arguments: argparse.Namespace) -> bool:
    """Whether folders or GIFs are among the paths, and the checkpoint is of videos: then each of them is one.

    Raises:
        InputError: the checkpoint cannot be read.
    """
    either = any(path.is_dir() or path.suffix.lower() == ".gif" for path in paths)
    if not either or arguments.checkpoint is None or not arguments.checkpoint.exists():
        return False
    from psg.checkpoints import takes_tracks

    return takes_tracks(arguments.checkpoint)


def one_by_one(arguments: argparse.Namespace) -> Callable[[Path], dict[str, Any]]:
    """What writes the graph of one video.

    Raises:
        InputError: as `predictor_of`.
    """
    predictor = predictor_of(arguments)
    return lambda video: predict(video, predictor, arguments)


def predictor_of(arguments: argparse.Namespace) -> "VideoPredictor":
    """What makes a graph of a video.

    Raises:
        InputError: options are missing or mean nothing here, or what they name cannot be used.
    """
    given = [f"--{name.replace('_', '-')}" for name in _ONLY_PHOTOS if getattr(arguments, name) is not None]
    if given:
        raise InputError(f"{given[0]}: is for photos; videos take --checkpoint and, if wanted, --segmenter and --fps")
    if arguments.checkpoint is None:
        raise InputError("a video needs --checkpoint PATH; tools/train.py configs/pvsg.py makes one")
    if not arguments.checkpoint.exists():  # before seconds of imports
        raise InputError(f"{arguments.checkpoint}: there is no such checkpoint file; tools/train.py makes one")
    from pvsg.predictor import VideoPredictor

    return VideoPredictor(arguments.checkpoint, arguments.segmenter, arguments.device)


def predict(video: Path, predictor: "VideoPredictor", arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the graph of one video, unless `--resume` finds it written; returns what was written.

    Raises:
        InputError: the video cannot be used, or the folder cannot be written.
    """
    name = video.resolve().name if video.is_dir() else video.stem
    path = arguments.out / f"{name}.scenegraph.json"
    made = {**predictor.description, "top_k": arguments.top_k, "rate": arguments.fps}
    graph = finished(path, video, made) if arguments.resume else None
    if graph is None:
        found = predictor.predict(video, arguments.fps)
        if message := early_end(video, found.source.num_frames, found.metadata.get("promised_frames")):
            print(message, file=sys.stderr)
        best = found.relations[: arguments.top_k]
        graph = replace(found, relations=best, metadata={**found.metadata, **made})
        save(graph, path)
    return entry_of(video, path, graph)


def save(graph: SceneGraph, path: Path) -> None:
    """Write a graph, into a folder that is made if it is missing.

    Raises:
        InputError: the folder or the file cannot be written.
    """
    from scenegraph import files

    made_folder(path.parent)
    files.save(graph, path)


def finished(path: Path, video: Path, made: dict[str, Any]) -> SceneGraph | None:
    """The graph that an earlier, equal run wrote of a video, or None."""
    from scenegraph import files

    if not path.is_file() or (video.is_file() and video.stat().st_mtime > path.stat().st_mtime):
        return None
    try:
        graph = files.load(path)
    except InputError:
        return None
    return graph if all(graph.metadata.get(key) == made.get(key) for key in _MADE_BY) else None


def entry_of(video: Path, path: Path, graph: SceneGraph) -> dict[str, Any]:
    """What was found, as JSON values."""
    rows = [
        {"relation": graph.sentence(row), "score": round(row.score, 4), "spans": [list(span) for span in row.spans]}
        for row in graph.relations
    ]
    return {
        "video": str(video),
        "graph": str(path),
        "frames": graph.source.num_frames,
        "fps": graph.source.fps,
        "nodes": [graph.label(node.id) for node in graph.nodes],
        "relations": rows,
    }


def print_entry(entry: dict[str, Any], shown: int) -> None:
    """What was found, for people; `shown` relations with their times."""
    print(
        f"{entry['video']}: {entry['frames']} frames, {len(entry['nodes'])} tracks, {len(entry['relations'])} relations"
    )
    for label, place in entry.get("places", {}).items() if shown else ():
        print(f"  {label}: " + ("no depth" if place is None else "at ({:.2f}, {:.2f}, {:.2f}) m".format(*place)))
    for row in entry["relations"][:shown]:
        rate = entry["fps"] or 1.0
        unit = "s" if entry["fps"] else "frames"
        times = ", ".join(f"{start / rate:g}-{stop / rate:g}" for start, stop in row["spans"])
        print(f"  {row['score']:.2f}  {row['relation']}  ({times} {unit})")
    print(f"  {entry['graph']}")
