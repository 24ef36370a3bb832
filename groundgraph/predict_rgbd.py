"""`groundgraph predict` of RGB-D recordings: from colour, depth and poses to a scene graph in space and time."""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from groundgraph import predict_video
from scenegraph import InputError, SceneGraph, Track4D

DATA_SETS = ("sailvos3d.json", "psg4d_hoi.json")

_OPTIONS = ("masks", "video", "units", "intrinsics", "unchecked")
"""Options of this module, which say nothing about photos and videos."""

_OTHERS = ("segments", "segments_info", "categories", "tile", "overlap", "fps")
"""Options that say nothing about recordings."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options for RGB-D recordings."""
    group = parser.add_argument_group("RGB-D recordings (a folder with depth, sailvos3d.json or psg4d_hoi.json)")
    group.add_argument("--masks", metavar="DIR", type=Path, help="given masks, in place of a segmenter; see below")
    group.add_argument("--video", metavar="N", type=int, help="which video of a data set (default: 0)")
    group.add_argument("--units", metavar="N", type=float, help="stored units of depth a metre (1000: millimetres)")
    group.add_argument("--unchecked", action="store_true", default=None, help="do not check depth and poses first")
    names = ("FX", "FY", "CX", "CY")
    group.add_argument("--intrinsics", metavar=names, nargs=4, type=float, help="of the camera, in pixels")


def refuse_options(arguments: argparse.Namespace) -> None:
    """Options of recordings where there is none.

    Raises:
        InputError: one is given.
    """
    given = [f"--{name}" for name in _OPTIONS if getattr(arguments, name) is not None]
    if given:
        raise InputError(
            f"{given[0]}: is for RGB-D recordings; expected a folder with frame-000000.color.png and .depth.png "
            "(7-Scenes), rgb.txt and depth.txt (TUM) or color/ and depth/ (Open3D), or a PSG4D data set"
        )


def is_recording(path: Path) -> bool:
    """Whether a path is taken for an RGB-D recording."""
    if not path.is_dir():
        return path.name in DATA_SETS
    if any(path.glob("frame-*.color.*")):
        return any(path.glob("frame-*.depth.*"))
    depth = (path / "depth.txt").is_file() or (path / "depth").is_dir()
    return depth and ((path / "rgb.txt").is_file() or any((path / name).is_dir() for name in ("color", "rgb", "image")))


def one_by_one(arguments: argparse.Namespace) -> Callable[[Path], dict[str, Any]]:
    """What writes the graph of one recording.

    Raises:
        InputError: options mean nothing here, nothing says where the segments are, or what they name is missing.
    """
    wrong = [f"--{name.replace('_', '-')}" for name in _OTHERS if getattr(arguments, name) is not None]
    if wrong:
        raise InputError(f"{wrong[0]}: is not for RGB-D recordings; they take --checkpoint, --segmenter and --masks")
    if arguments.checkpoint is None and arguments.segmenter is None and arguments.masks is None:
        raise InputError(
            "an RGB-D recording needs --masks DIR (given masks), --segmenter rgbd:CHECKPOINT, or --checkpoint PATH "
            "(tools/train.py configs/psg4d.py makes one)"
        )
    if arguments.checkpoint is not None and not arguments.checkpoint.exists():  # before seconds of imports
        raise InputError(f"{arguments.checkpoint}: there is no such checkpoint file; tools/train.py makes one")
    from psg4d.predictor import RGBDPredictor

    predictor = RGBDPredictor(arguments.checkpoint, arguments.segmenter, arguments.masks, arguments.device)
    return lambda path: _predict(path, predictor, arguments)


def _predict(path: Path, predictor: Any, arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the graph of one recording, unless `--resume` finds it written; returns what was written."""
    from psg4d.recordings import Recording
    from scenegraph.formats.rgbd import require_sound

    name = path.resolve().name if path.is_dir() else f"{path.stem}-{arguments.video or 0}"
    out = arguments.out / f"{name}.scenegraph.json"
    made = {**predictor.description, "top_k": arguments.top_k, "rate": None}
    made |= {"units": arguments.units, "intrinsics": arguments.intrinsics}
    graph = predict_video.finished(out, path, made) if arguments.resume else None
    if graph is None:
        intrinsics = None if arguments.intrinsics is None else tuple(arguments.intrinsics)
        if path.is_dir() and not arguments.unchecked:
            for warning in require_sound(path, arguments.units, intrinsics):
                print(f"warning: {warning}", file=sys.stderr)
        recording = Recording.open(path, arguments.video or 0, units=arguments.units, intrinsics=intrinsics)
        graph = predictor.predict(recording)
        best = graph.relations[: arguments.top_k]
        graph = replace(graph, relations=best, metadata={**graph.metadata, **made})
        predict_video.save(graph, out)
    entry = predict_video.entry_of(path, out, graph)
    return entry | {"places": {graph.label(node.id): _place(graph, node.id) for node in graph.nodes}}


def _place(graph: SceneGraph, number: int) -> list[float] | None:
    """Mean position in metres; None where no depth was measured."""
    region = graph.node(number).region
    if not isinstance(region, Track4D):
        return None
    known = region.positions[~np.isnan(region.positions).any(axis=1)]
    return [round(float(each), 3) for each in known.mean(axis=0)] if len(known) else None
