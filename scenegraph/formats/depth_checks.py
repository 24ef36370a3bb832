"""What can be wrong with a picture and its depth map, for the validators of RGB-D data."""

from pathlib import Path

import numpy as np
from jaxtyping import Float

from scenegraph.errors import InputError
from scenegraph.formats.problems import Finding, Findings
from scenegraph.images import image_size, read_image

PLAUSIBLE = (0.1, 100.0)
"""Metres. Outside of it the median of a frame is more likely of another scale: no RGB-D sensor and no
street scene has half of its pixels nearer or farther."""


def is_plausible(metres: float) -> bool:
    """Whether a frame may have such a median depth."""
    return PLAUSIBLE[0] <= metres <= PLAUSIBLE[1]


def colour_findings(path: Path, size: tuple[int, int], frame: int) -> Findings:
    """Problems of one colour picture, which is read whole: a file that is cut off still has a size.

    Args:
        path: of the picture.
        size: (height, width) of the first one.
        frame: its number, for the message.
    """
    try:
        own = image_size(path)
        if own == size:
            read_image(path, size)
        else:
            yield Finding("colour", f"frame {frame} is {own} pixels (height, width); frame 0 is {size}")
    except InputError as error:
        yield Finding("colour", str(error))


def depth_findings(
    depth: Float[np.ndarray, "rows columns"], size: tuple[int, int], where: str, remedy: str
) -> Findings:
    """Problems of one depth map in metres, 0 where there is none.

    Args:
        depth: as read.
        size: (height, width) of the colour picture.
        where: its frame and file, for the message.
        remedy: what to do about another scale.
    """
    if depth.shape != size:
        yield Finding(
            "depth",
            f"{where}: depth is {depth.shape} (height, width), colour is {size}; register depth to colour, "
            "or make both of one size",
        )
    if np.isnan(depth).any() or np.isinf(depth).any() or (depth < 0).any():
        wrong = int((~np.isfinite(depth) | (depth < 0)).sum())
        yield Finding("depth", f"{where}: {wrong} pixels are NaN, infinite or negative; expected 0 for none")
    measured = depth[np.isfinite(depth) & (depth > 0)]
    if not measured.size:
        yield Finding("depth", f"{where}: no pixel has a depth; is the file empty, or another one?")
        return
    median = float(np.median(measured))
    if not is_plausible(median):
        yield Finding("depth", f"{where}: the median depth is {median:.3g} m; {remedy}", "warning")
