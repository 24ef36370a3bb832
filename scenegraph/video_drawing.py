"""Scene graphs over time as videos: the tinted picture, and below it a bar for each relation with a cursor."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import UInt8
from PIL import Image
from tqdm import tqdm

from scenegraph.drawing import STUFF_SHARE, Rectangle, write_names
from scenegraph.errors import InputError
from scenegraph.graph import SceneGraph
from scenegraph.palette import colour
from scenegraph.relation_list import load_font
from scenegraph.stage import Picture, Stage
from scenegraph.timeline import Timeline, rows_of
from scenegraph.video_files import VideoWriter

LONG_SIDE = (720, 1280)
"""Pixels of the picture's long side, least and most: readable, and quick to encode."""

LEAST_WIDTH = 640
"""Pixels: the bars of a narrow video need as many."""

USUAL_FPS = 5.0
"""Pictures a second where the source does not say."""

_CELLS = 110
"""Of the long side when places for names are looked for: fewer than for one picture, for there are many frames."""

_PAPER = (255, 255, 255)


def drawn_frames(
    graph: SceneGraph,
    pictures: Iterable[Picture],
    relations: int = 12,
    start: int = 0,
    names: bool = True,
    opacity: float = 0.45,
    font: str | Path | None = None,
) -> Iterator[UInt8[np.ndarray, "drawn_height drawn_width 3"]]:
    """The drawing of every frame, all of one size, one at a time.

    Segments are tinted and named in the colours of their nodes; a name stays where it is as long as
    that is a good place. Each relation has a bar where it holds, the subject's colour above the
    object's; the names of those that hold now stand out.

    Args:
        graph: of a video or an RGB-D video.
        pictures: its frames, RGB or grey, from `start` on; drawing ends with them.
        relations: how many bars, best scores first; 0 for none.
        start: which frame of the source the first picture is.
        names: write the names of the nodes into the picture.
        opacity: of the tint of things, 0 to 1; stuff is tinted less.
        font: a TrueType file for names in scripts that Pillow's own font lacks.

    Raises:
        InputError: the graph is of an image, a picture has other proportions than the source, or
            there are more pictures than frames.
    """
    if graph.source.kind == "image":
        raise InputError(f"{graph.source.uri!r} is an image; `draw` makes its picture")
    letters = load_font(font, 1)
    rows, left_out = rows_of(graph, relations)
    shades = {node.id: colour(node.id) for node in graph.nodes}
    first = dict.fromkeys(end for row in rows for end in (row.subject, row.object))
    timeline: Timeline | None = None
    places: dict[int, Rectangle] = {}
    for frame, picture in enumerate(pictures, start=start):
        stage = Stage.of(graph, picture, frame, letters, LONG_SIDE)
        strengths = [
            opacity if graph.vocabulary.is_thing(node.category) else STUFF_SHARE * opacity for node in stage.nodes
        ]
        stage.tint([shades[node.id] for node in stage.nodes], strengths)
        canvas = stage.finished()
        if names:
            places = write_names(canvas, graph, stage, list(first), shades, before=places, cells=_CELLS)
        if timeline is None:
            width = max(canvas.width, LEAST_WIDTH)
            timeline = Timeline(graph, rows, left_out, shades, width, replace(letters, size=max(12, round(width / 62))))
        yield _composed(canvas, timeline.at(frame) if rows else None)


def write_video(
    graph: SceneGraph,
    pictures: Iterable[Picture],
    path: str | Path,
    relations: int = 12,
    start: int = 0,
    frames: int | None = None,
    font: str | Path | None = None,
    progress: bool = True,
) -> int:
    """Draw a video into a file; memory does not grow with its length.

    Args:
        graph: of a video or an RGB-D video.
        pictures: its frames from `start` on.
        path: .mp4, .webm, .avi, .mkv, .gif, or a folder for a PNG a frame; see `VideoWriter`.
        relations: how many bars.
        start: first frame to draw.
        frames: how many; to the end if None.
        font: see `drawn_frames`.
        progress: show a bar on stderr.

    Returns:
        Frames drawn.

    Raises:
        InputError: as `drawn_frames`; or the pictures end before the frames do. Nothing is left then.
    """
    rest = graph.source.num_frames - start
    if not 0 <= start < graph.source.num_frames or (frames is not None and frames < 1):
        last = graph.source.num_frames - 1
        raise InputError(f"frames from {start} on, {frames} of them; the source has frames 0-{last}")
    wanted = rest if frames is None else min(frames, rest)
    made = 0
    bar = tqdm(total=wanted, desc="drawing", unit="frame", disable=not progress, leave=False)
    with bar, VideoWriter(path, graph.source.fps or USUAL_FPS, first=start) as writer:
        chosen = (picture for picture, _ in zip(pictures, range(wanted), strict=False))
        for drawn in drawn_frames(graph, chosen, relations, start, font=font):
            writer.add(drawn)
            made += 1
            bar.update()
        if made < wanted:
            raise InputError(
                f"{made} pictures for the frames {start} to {start + wanted - 1}; is the video cut off, or another one?"
            )
    return made


def _composed(canvas: Image.Image, panel: Image.Image | None) -> UInt8[np.ndarray, "height width 3"]:
    """Picture and bars, with sides that codecs take: even numbers of pixels."""
    width = max(canvas.width, panel.width if panel else 0)
    height = canvas.height + (panel.height if panel else 0)
    whole = Image.new("RGB", (width + width % 2, height + height % 2), _PAPER)
    whole.paste(canvas, ((width - canvas.width) // 2, 0))
    if panel:
        whole.paste(panel, (0, canvas.height))
    return np.asarray(whole)
