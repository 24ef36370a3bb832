"""What can be wrong with a depth map, for the validators of RGB-D data."""

import numpy as np
from jaxtyping import Float

from scenegraph.formats.problems import Finding, Findings

PLAUSIBLE = (0.1, 100.0)
"""Metres. Outside of it the median of a frame is more likely of another scale: no RGB-D sensor and no
street scene has half of its pixels nearer or farther."""


def depth_findings(
    depth: Float[np.ndarray, "rows columns"], size: tuple[int, int], frame: int, remedy: str
) -> Findings:
    """Problems of one depth map in metres, 0 where there is none.

    Args:
        depth: as read.
        size: (height, width) of the colour picture.
        frame: its number, for the message.
        remedy: what to do about another scale.
    """
    if depth.shape != size:
        yield Finding(
            "depth",
            f"frame {frame}: depth is {depth.shape} (height, width), colour is {size}; register depth to colour, "
            "or make both of one size",
        )
    if np.isnan(depth).any() or np.isinf(depth).any() or (depth < 0).any():
        wrong = int((~np.isfinite(depth) | (depth < 0)).sum())
        yield Finding("depth", f"frame {frame}: {wrong} pixels are NaN, infinite or negative; expected 0 for none")
    measured = depth[np.isfinite(depth) & (depth > 0)]
    if not measured.size:
        yield Finding("depth", f"frame {frame}: no pixel has a depth; is the file empty, or another one?")
        return
    median = float(np.median(measured))
    if not PLAUSIBLE[0] <= median <= PLAUSIBLE[1]:
        yield Finding("depth", f"frame {frame}: the median depth is {median:.3g} m; {remedy}", "warning")
