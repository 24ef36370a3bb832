"""Graphs of a camera or of a video while it runs.

A camera does not wait: frames that come while the model works are dropped, so that what is shown is
the newest, however slow the model. Of a video file no frame is dropped.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from jaxtyping import UInt8

from scenegraph import InputError, SceneGraph
from scenegraph.drawing import draw
from scenegraph.video_files import read_video

Picture = UInt8[np.ndarray, "height width 3"]

WINDOW = 30
"""Frames over which the rate is measured."""
_PATIENCE = 10.0
"""Seconds without a frame after which a camera counts as gone."""


@dataclass(frozen=True)
class Moment:
    """One frame: its number in the source from 0, the picture (RGB), its graph, and frames a second so far."""

    number: int
    picture: Picture
    graph: SceneGraph
    rate: float


def watch(
    source: str, predict: Callable[[Picture], SceneGraph], every: int = 1, limit: int | None = None
) -> Iterator[Moment]:
    """The graph of every frame as it is made.

    Args:
        source: the number of a camera ("0"), the path of a video, or an address that OpenCV opens.
        predict: `Predictor.predict` or `ExportedModel.predict`.
        every: look at every so manyth frame of a video.
        limit: stop after so many graphs.

    Raises:
        InputError: the source cannot be opened, or it ends without a single frame.
    """
    finished: deque[float] = deque([time.monotonic()], maxlen=WINDOW + 1)
    made = 0
    for number, picture in frames(source):
        if number % every:
            continue
        graph = predict(picture)
        finished.append(time.monotonic())
        rate = (len(finished) - 1) / max(finished[-1] - finished[0], 1e-9)
        yield Moment(number, picture, graph, rate)
        made += 1
        if limit is not None and made >= limit:
            return
    if not made:
        raise InputError(f"{source}: ended without a frame that could be read")


def frames(source: str) -> Iterator[tuple[int, Picture]]:
    """(number, RGB picture) of all frames of a video, or of the newest of a camera each time.

    Raises:
        InputError: the source cannot be opened.
    """
    is_camera = source.isdecimal()
    if not (is_camera or "://" in source):
        if not Path(source).is_file():
            raise InputError(f"{source}: there is no such video file; give a file or the number of a camera, such as 0")
        yield from enumerate(read_video(source))
        return
    capture = cv2.VideoCapture(int(source) if is_camera else source)
    try:
        if not capture.isOpened():
            raise InputError(f"{source}: {'no such camera' if is_camera else 'is no video that OpenCV can read'}")
        for number, picture in _newest(capture):
            yield number, np.ascontiguousarray(picture[:, :, ::-1])
    finally:
        capture.release()


def _all(capture: cv2.VideoCapture) -> Iterator[tuple[int, Picture]]:
    number = 0
    while True:
        there, picture = capture.read()
        if not there:
            return
        yield number, picture
        number += 1


def _newest(capture: cv2.VideoCapture) -> Iterator[tuple[int, Picture]]:
    """Reads in a thread of its own and keeps one frame."""
    latest: deque[tuple[int, Picture]] = deque(maxlen=1)
    arrived, over = threading.Event(), threading.Event()

    def read() -> None:
        try:
            for entry in _all(capture):
                latest.append(entry)
                arrived.set()
                if over.is_set():
                    return
        finally:
            over.set()
            arrived.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        while arrived.wait(_PATIENCE):
            arrived.clear()
            if latest:
                yield latest.pop()
            if over.is_set() and not latest:
                return
    finally:
        over.set()
        reader.join(_PATIENCE)


def annotated(moment: Moment, relations: int = 6) -> Picture:
    """The drawing of a frame with its best relations and the rate."""
    drawn = draw(moment.graph, moment.picture, relations=relations).copy()
    text, size = f"{moment.rate:.1f} frames a second", max(0.4, drawn.shape[1] / 1600)
    for colour, width in (((0, 0, 0), 3), ((255, 255, 255), 1)):
        cv2.putText(drawn, text, (8, int(40 * size)), cv2.FONT_HERSHEY_SIMPLEX, size, colour, width, cv2.LINE_AA)
    return drawn
