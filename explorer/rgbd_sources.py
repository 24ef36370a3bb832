"""RGB-D videos as a source of an index: graphs, frames, and depth that the page makes points of."""

import hashlib
import io
import json
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
from jaxtyping import Float
from PIL import Image

from explorer import layout
from explorer.sources import Entry, GraphFiles, GraphSource, Pictures, Reading, Told, file_stamp
from scenegraph import InputError
from scenegraph.formats.psg4d import GTAFile, HOIFile
from scenegraph.storage import write_atomically

POINTS = 24_000
"""Points of a frame at most: more than a canvas of the page has room for."""

MILLIMETRES = 1000
FARTHEST = 65.535
"""Metres that two bytes of millimetres reach; what is farther is left out, as is what has no depth."""


class PSG4DRecords:
    """The videos of a psg4d_hoi.json or a sailvos3d.json."""

    def __init__(self, path: str | Path) -> None:
        path = Path(path)
        self.file: HOIFile | GTAFile = (HOIFile if path.name == "psg4d_hoi.json" else GTAFile).open(path)
        self.path = path
        self.root = path.parent

    def stamp(self) -> str:
        """From the size and time of the file."""
        return file_stamp(self.path)

    def entries(self, number: int) -> Iterator[Entry]:
        """One entry a video; the file's stamp is part of every signature."""
        stamp = self.stamp()
        splits = {name: part for part, names in self.file.split.items() for name in names}
        for position, video in enumerate(self.file.videos):
            signature = hashlib.blake2b(json.dumps([stamp, video]).encode(), digest_size=8).hexdigest()
            yield Entry(video.replace("/", "_"), video, signature, number, position, splits.get(video, ""))

    def read(self, position: int) -> Reading:
        """The annotated graph with its camera and masks."""
        return Reading(self.file.graph(position))

    def pictures(self, position: int, told: Told, finder: Pictures) -> list[Path]:
        """The colour pictures of the video; none if one of them is missing."""
        try:
            return finder.all_named(self.file.frame_paths(position))
        except InputError:
            return []

    def depth(self, position: int, frame: int) -> Float[np.ndarray, "height width"]:
        """Metres along the camera's axis, 0 where there is none."""
        return self.file.depth(position, frame)


Depths = Callable[[int], Float[np.ndarray, "height width"]]
"""Metres along the camera's axis by frame, 0 where there is none."""


def depths_of(source: GraphSource, entry: Entry, told: Told, finder: Pictures) -> Depths | None:
    """Where the depth of an item comes from: its data set, or the recording that its graph names."""
    if isinstance(source, PSG4DRecords):
        return partial(source.depth, entry.position)
    if told.kind == "rgbd" and isinstance(source, GraphFiles):
        recording = source.recording(entry.position, told, finder)
        return None if recording is None else recording.depth
    return None


def write_depths(depths: Depths | None, signature: str, frames: int, index: Path, key: str) -> int:
    """Write the depth of every frame for the page, unless it is there; how many frames have it.

    A file holds millimetres as red * 256 + green, at every n-th pixel of the depth map: a PNG that a browser
    decodes to exact numbers.

    Raises:
        InputError: a file could not be written.
    """
    if depths is None:
        return 0
    mark = layout.depth_path(index, key, 0).with_name("signature")
    try:
        if mark.read_text() == f"{signature} {frames}":
            return frames
    except OSError:
        pass
    mark.parent.mkdir(parents=True, exist_ok=True)
    for frame in range(frames):
        try:
            content = depth_png(depths(frame))
        except InputError:
            return 0  # the page shows the video without points
        write_atomically(layout.depth_path(index, key, frame), content, durable=False)
    write_atomically(mark, f"{signature} {frames}".encode(), durable=False)
    return frames


def depth_png(metres: Float[np.ndarray, "height width"]) -> bytes:
    """A depth map as the page reads it.

    >>> image = Image.open(io.BytesIO(depth_png(np.full((2, 3), 1.5))))
    >>> image.size, image.getpixel((0, 0))
    ((3, 2), (5, 220, 0))
    """
    step = max(1, int(np.ceil(np.sqrt(metres.size / POINTS))))
    sampled = np.asarray(metres, dtype=np.float64)[step // 2 :: step, step // 2 :: step]
    known = np.isfinite(sampled) & (sampled > 0) & (sampled < FARTHEST)
    stored = np.where(known, np.rint(np.where(known, sampled, 0) * MILLIMETRES), 0).astype(np.uint16)
    pixels = np.stack([stored >> 8, stored & 255, np.zeros_like(stored)], axis=-1).astype(np.uint8)
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, format="PNG", compress_level=6)
    return buffer.getvalue()
