"""`groundgraph live`: graphs of a camera or a video while it runs, with frames a second."""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegraph import InputError, Source

if TYPE_CHECKING:
    from psg.live import Moment
    from scenegraph import SceneGraph

EPILOG = """\
examples:
  groundgraph live 0 --model best.pth --show                    # camera 0, in a window; q ends it
  groundgraph live street.mp4 --model pairflash.onnx --out street_graph.mp4
  groundgraph live street.mp4 --model best.pth --json > street.jsonl     # one JSON object a frame, for programs
  groundgraph live 0 --model work_dirs/pvsg --show              # tracks, and what holds between them now

Without --show, --out or --json the best relations are printed about once a second. A camera's frames that come
while the model works are dropped; of a file none is. Ctrl-C ends it and keeps what was written.
"""

EXPORTED = frozenset({".onnx", ".pt2"})
PRINTED = 3
"""Relations in a printed line."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of the command."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = EPILOG
    parser.add_argument("source", metavar="SOURCE", help="the number of a camera, or a video file")
    parser.add_argument(
        "--model", metavar="FILE", type=Path, required=True, help="a checkpoint, or a file of `groundgraph export`"
    )
    parser.add_argument("--out", metavar="VIDEO", type=Path, help="write the drawings as a video (.mp4, .avi, .mkv)")
    parser.add_argument("--fps", type=float, default=10.0, help="frames a second of that video (default: %(default)s)")
    parser.add_argument("--show", action="store_true", help="show the drawings in a window")
    parser.add_argument("--json", action="store_true", help="print every graph's relations as a line of JSON")
    parser.add_argument("--every", type=int, default=1, help="look at every Nth frame (default: %(default)s)")
    parser.add_argument("--frames", metavar="N", type=int, help="stop after N frames")
    parser.add_argument("--relations", type=int, default=6, help="relations to draw (default: %(default)s)")
    parser.add_argument("--device", help="cpu, cuda, cuda:1 ... for a checkpoint (default: a GPU if there is one)")


def run(arguments: argparse.Namespace) -> int:
    """Watch until the source ends, the window is closed, or Ctrl-C."""
    for name, value, least in (("--every", arguments.every, 1), ("--frames", arguments.frames, 1)):
        if value is not None and value < least:
            raise InputError(f"{name} {value}: expected {least} or more")
    if not arguments.fps > 0:
        raise InputError(f"--fps {arguments.fps}: expected more than 0")
    if arguments.show and sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & set(os.environ):
        raise InputError("--show: there is no display here; use --out VIDEO or --json")
    with ExitStack() as open_files:
        predict = predictor(arguments.model, arguments.device, open_files)
        from psg.live import annotated, watch
        from scenegraph.video_files import VideoWriter

        recording = None
        if arguments.out:
            recording = open_files.enter_context(VideoWriter(arguments.out, arguments.fps, keep=True))
        moments = watch(arguments.source, predict, arguments.every, arguments.frames)
        for moment in reported(moments, arguments.json, quiet=bool(arguments.show or arguments.out)):
            if recording is None and not arguments.show:
                continue
            drawn = annotated(moment, arguments.relations)
            if recording is not None:
                recording.add(drawn)
            if arguments.show and not shown(drawn, arguments.source):
                break
    if arguments.out:
        print(arguments.out, file=sys.stderr)
    return 0


def predictor(path: Path, device: str | None, open_files: ExitStack) -> Callable[[Any], Any]:
    """From a picture to its graph, by a checkpoint or by an exported file.

    A relation model of videos follows what it sees: what holds is known some frames later
    (`pvsg.predictor.VideoStream.delay`).

    Args:
        path: of the model.
        device: for a checkpoint.
        open_files: what a model of videos writes while it runs is closed with it.

    Raises:
        InputError: the file cannot be used.
    """
    if not path.exists():  # before the seconds that importing a model takes
        raise InputError(f"{path}: there is no such file; tools/train.py makes checkpoints")
    if path.suffix in EXPORTED:
        from psg.export import ExportedModel

        return ExportedModel(path).predict
    from psg.checkpoints import takes_tracks

    if takes_tracks(path):
        from pvsg.predictor import VideoPredictor

        stream = open_files.enter_context(VideoPredictor(path, device=device).stream(stride=1))
        return lambda picture: as_picture(stream.update(picture))
    from psg.predictor import Predictor

    return Predictor.from_checkpoint(path, device).predict


def as_picture(moment: "SceneGraph") -> "SceneGraph":
    """The newest frame of a video's graph as the graph of a picture: what is seen in it, and what holds."""
    frame = moment.source.num_frames - 1
    return replace(
        moment,
        source=Source("image", moment.source.uri, *moment.source.size),
        nodes=tuple(replace(node, region=node.region.segment(frame)) for node in moment.nodes),
        relations=tuple(replace(relation, spans=()) for relation in moment.relations),
    )


def reported(moments: "Iterator[Moment]", as_json: bool, quiet: bool) -> "Iterator[Moment]":
    """The moments, printed as they pass, and how many there were at what rate at the end."""
    start = printed = time.monotonic()
    count = 0
    for moment in moments:
        count += 1
        now = time.monotonic()
        if as_json:
            print(json.dumps(record(moment), ensure_ascii=False), flush=True)
        elif count == 1 or now - printed >= 1.0:
            printed = now
            sentences = [row["relation"] for row in record(moment)["relations"][:PRINTED]]
            line = f"frame {moment.number}: {moment.rate:.1f} frames a second; " + "; ".join(sentences)
            print(line, file=sys.stderr if quiet else sys.stdout, flush=True)
        yield moment
    seconds = time.monotonic() - start
    print(f"{count} frames, {count / max(seconds, 1e-9):.1f} a second", file=sys.stderr)


def record(moment: "Moment") -> dict[str, Any]:
    """What is printed of a frame: segments and relations, the best first."""
    graph = moment.graph
    best = sorted(graph.relations, key=lambda relation: -relation.score)
    return {
        "frame": moment.number,
        "frames_a_second": round(moment.rate, 2),
        "nodes": [graph.label(node.id) for node in graph.nodes],
        "relations": [{"relation": graph.sentence(each), "score": round(each.score, 4)} for each in best],
    }


def shown(picture: Any, title: str) -> bool:
    """Put a picture into the window; False once the user pressed q or Escape, or closed it.

    Raises:
        InputError: this OpenCV has no windows.
    """
    import cv2

    try:
        cv2.imshow(title, picture[:, :, ::-1])
        pressed = cv2.waitKey(1) & 0xFF
        return pressed not in (ord("q"), 27) and cv2.getWindowProperty(title, cv2.WND_PROP_VISIBLE) >= 1
    except cv2.error:
        raise InputError("--show: this OpenCV has no windows (opencv-python-headless); use --out VIDEO") from None
