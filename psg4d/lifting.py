"""From masks and depth to metres: where the segments of a frame are, how large, and how sure that is.

All segments of a frame are measured together: pixels are counted into bins by segment, and sorted once
an axis, never mask by mask. Two things make depth at the border of a mask wrong, and both are left out:
pixels in mid-air between an object and what is behind it, which sensors invent, and pixels of the
background, where a mask is too large.

>>> ids = np.full((60, 80), -1)
>>> ids[20:40, 30:50] = 0
>>> box = lift(ids, np.full((60, 80), 2.0, dtype=np.float32), Camera(100.0, 100.0, 39.5, 29.5), count=1)
>>> box.positions.round(2).tolist(), box.extents.round(2).tolist()
([[0.0, 0.0, 2.0]], [[0.4, 0.4, 0.0]])
"""

from typing import NamedTuple

import numpy as np
from jaxtyping import Bool, Float, Float64, Int64, Integer

from scenegraph import Camera, InputError
from scenegraph.cameras import check_pose

LEAST_PIXELS = 5
"""A segment with fewer measured pixels has no place."""

JUMP = 0.05
"""Share of the depth by which neighbours of one surface differ at most. At the border of a mask a larger
step is that to the background; elsewhere it may be a floor seen at a flat angle."""

BORDER = 2
"""Pixels next to a border in which steps are looked for: what sensors and masks blur."""

BIN = 0.025
"""Width of a bin of depth, as a share of the depth. An empty bin separates an object from the background."""

NEAREST, FARTHEST = 0.05, 1000.0
"""Metres; depth beyond is counted into the outermost bin."""

PART = 0.2
"""A part behind a gap in depth belongs to a segment if it has this share of the pixels of the largest part:
a person behind a bar, but no background at the border, which is a rim of few pixels."""

NARROW = 0.7
"""A body is taken to be this much deep as it is narrow: balls, cups and posts are round (1), people and
animals flatter (about 0.5)."""

BACK = 0.25
"""Standard deviation of the centre of a body along the line of sight, as a share of its narrow side: its
back may be anywhere between the surface that is seen and twice as far as assumed."""

CUT = 0.5
"""Standard deviation of the centre, as a share of what is seen of the size, where one side is cut off by
the edge of the picture or by something nearer: as much again may well be hidden."""

SAMPLE = 2000
"""Pixels of a segment that are measured at most: of a wall more say the same."""

TRIM = 0.01
"""Share of the pixels that lie beyond each end of an extent: single wrong depths must not set it."""


class DepthNoise(NamedTuple):
    """Standard deviation of a measured depth z in metres: `constant` + `quadratic` z^2.

    Structured light and time of flight: 1.2 mm + 1.9 mm at 1 m and more with its square (Nguyen, Izadi
    and Lovell, Modeling Kinect sensor noise, 3DIMPVT 2012, equation 3, without its small offset).
    """

    constant: float = 0.0012
    quadratic: float = 0.0019

    def at(self, depth: Float[np.ndarray, "*n"]) -> Float64[np.ndarray, "*n"]:
        """Metres at depths in metres.

        >>> DepthNoise().at(np.array([1.0, 4.0])).round(4).tolist()
        [0.0031, 0.0316]
        """
        return self.constant + self.quadratic * np.asarray(depth, dtype=np.float64) ** 2


KINECT = DepthNoise()
RENDERED = DepthNoise(0.0, 0.0)
"""Depth of a renderer has no noise."""


class Lifted(NamedTuple):
    """The segments of a frame in metres; rows of NaN where no depth was measured.

    Attributes:
        positions: centres.
        extents: sizes along the axes.
        uncertainty: standard deviation of the centres.
        pixels: measured pixels that were used.
    """

    positions: Float64[np.ndarray, "n 3"]
    extents: Float64[np.ndarray, "n 3"]
    uncertainty: Float64[np.ndarray, "n 3"]
    pixels: Int64[np.ndarray, " n"]


def lift(
    ids: Integer[np.ndarray, "height width"],
    depth: Float[np.ndarray, "height width"],
    camera: Camera,
    count: int,
    pose: Float[np.ndarray, "4 4"] | None = None,
    solid: Bool[np.ndarray, " count"] | None = None,
    noise: DepthNoise = KINECT,
) -> Lifted:
    """Measure all segments of one frame.

    Args:
        ids: number of the segment of each pixel, 0 to `count` - 1; any other: none.
        depth: metres along the camera's axis; 0 or NaN: none.
        camera: intrinsics; its poses are not used.
        count: how many segments there are.
        pose: camera-to-world of this frame. Axes and places are those of the world with it, of the camera
            without.
        solid: which segments are bodies, that have a back which is not seen: they are taken to be at least
            as deep as they are narrow. None: no segment; what is measured is the surface that is seen.
        noise: of the sensor.

    Raises:
        InputError: depth has another size than the ids, or is negative; or the pose is no rigid transform.
    """
    check_depth(depth, ids.shape)
    if pose is not None:
        check_pose(pose, "the pose of the frame")
    labels = np.where((ids >= 0) & (ids < count) & np.isfinite(depth) & (depth > 0), ids, -1)
    used = np.flatnonzero(_surface(labels, depth).ravel())
    label = labels.ravel()[used]
    kept = _connected(label, depth.ravel()[used], count)
    used, label = used[kept], label[kept].astype(np.int64)
    pixels = np.bincount(label, minlength=count)
    chosen = _sample(used, label, pixels)
    used, label, sampled = used[chosen], label[chosen], np.bincount(label[chosen], minlength=count)
    rows, columns = np.divmod(used, ids.shape[1])
    z = depth.ravel()[used].astype(np.float64)
    seen = np.stack([(columns - camera.cx) / camera.fx * z, (rows - camera.cy) / camera.fy * z, z], axis=-1)
    rotation, origin = (np.eye(3), np.zeros(3)) if pose is None else (pose[:3, :3], pose[:3, 3])
    points = seen if pose is None else seen @ rotation.T + origin
    low, high = _ends(points, label, sampled)
    measured = Lifted((low + high) / 2, high - low, _sampling(points, label, sampled), pixels)
    return _finished(measured, seen, label, camera, rotation, origin, noise, solid, _cut_off(labels, depth, count))


def check_depth(depth: Float[np.ndarray, "rows columns"], size: tuple[int, ...], where: str = "depth") -> None:
    """Refuse depth that is not that of a picture of a (height, width).

    Raises:
        InputError: another size, or numbers below 0.
    """
    if depth.shape != size:
        raise InputError(
            f"{where} is {depth.shape} (height, width), the picture is {tuple(size)}; register depth to colour, or "
            "make both of one size"
        )
    if (depth < 0).any():
        raise InputError(f"{where}: {int((depth < 0).sum())} pixels are below 0 m; expected metres, 0 for none")


def _surface(
    labels: Integer[np.ndarray, "height width"], depth: Float[np.ndarray, "height width"]
) -> Bool[np.ndarray, "height width"]:
    """Labelled pixels without those near a border at which depth steps inside of their own segment."""
    near = np.zeros(labels.shape, dtype=bool)
    steps = np.zeros(labels.shape, dtype=bool)
    with np.errstate(invalid="ignore"):
        for axis in (0, 1):
            ahead, behind = _shifted(axis)
            same = labels[ahead] == labels[behind]
            far = np.abs(depth[ahead] - depth[behind]) > JUMP * np.minimum(depth[ahead], depth[behind])
            near[ahead] |= ~same
            near[behind] |= ~same
            steps[ahead] |= same & far
            steps[behind] |= same & far
    for _ in range(BORDER - 1):
        grown = near.copy()
        for axis in (0, 1):
            ahead, behind = _shifted(axis)
            grown[ahead] |= near[behind]
            grown[behind] |= near[ahead]
        near = grown
    return (labels >= 0) & ~(near & steps)


def _cut_off(
    labels: Integer[np.ndarray, "height width"], depth: Float[np.ndarray, "height width"], count: int
) -> Float64[np.ndarray, "n 2"]:
    """Share of the border, left or right and above or below, beyond which something nearer or nothing is seen."""
    ratios = np.zeros((count, 2))
    for axis in (0, 1) if labels.size else ():
        ahead, behind = _shifted(axis)
        for own, other in ((ahead, behind), (behind, ahead)):
            border = (labels[own] != labels[other]) & (labels[own] >= 0)
            edge = (slice(None),) * axis + (0 if own is ahead else -1,)
            outermost = labels[edge]
            at_edge = np.bincount(outermost[outermost >= 0], minlength=count)
            whole = np.bincount(labels[own][border], minlength=count) + at_edge
            nearer = border & (depth[other] > 0) & (depth[other] < (1 - JUMP) * depth[own])
            part = np.bincount(labels[own][nearer], minlength=count) + at_edge
            ratios[:, 1 - axis] = np.maximum(ratios[:, 1 - axis], part / np.maximum(whole, 1))
    return ratios


def _shifted(axis: int) -> tuple[tuple[slice, ...], tuple[slice, ...]]:
    rest = (slice(None),) * axis
    return (*rest, slice(1, None)), (*rest, slice(None, -1))


def _connected(
    label: Integer[np.ndarray, " pixels"], depth: Float[np.ndarray, " pixels"], count: int
) -> Bool[np.ndarray, " pixels"]:
    """Pixels of the largest part of their segment, where gaps in depth separate parts, or of one nearly as large."""
    bins = int(np.log(FARTHEST / NEAREST) / BIN) + 1
    place = np.clip(np.log(np.maximum(depth, NEAREST) / NEAREST) / BIN, 0, bins - 1).astype(np.int64)
    cell = label.astype(np.int64) * bins + place
    counts = np.bincount(cell, minlength=count * bins).reshape(count, bins)
    filled = counts > 0
    # An object of few pixels may leave single bins empty; a gap is two.
    filled[:, 1:-1] |= filled[:, :-2] & filled[:, 2:]
    starts = filled.copy()
    starts[:, 1:] &= ~filled[:, :-1]
    starts[:, :1] = True  # parts never continue in the next segment
    part = np.cumsum(starts.ravel()).reshape(count, bins) - 1
    sizes = np.bincount(part.ravel(), weights=counts.ravel(), minlength=0)
    largest = np.maximum.reduceat(sizes, part[:, 0]) if count else sizes
    enough = sizes[part] >= PART * largest[:, None]
    return enough.ravel()[cell]


def _sample(
    used: Int64[np.ndarray, " pixels"], label: Int64[np.ndarray, " pixels"], pixels: Int64[np.ndarray, " n"]
) -> Bool[np.ndarray, " pixels"]:
    """About `SAMPLE` pixels of every larger segment, evenly spread by multiplicative hashing (Knuth, volume 3, 6.4)."""
    share = SAMPLE / np.maximum(pixels, 1)
    if (share >= 1).all():
        return np.ones(len(used), dtype=bool)
    return (used.astype(np.uint32) * np.uint32(2654435769)) < (np.minimum(share, 1) * (2**32 - 1))[label]


def _ends(
    points: Float64[np.ndarray, "pixels 3"], label: Int64[np.ndarray, " pixels"], pixels: Int64[np.ndarray, " n"]
) -> tuple[Float64[np.ndarray, "n 3"], Float64[np.ndarray, "n 3"]]:
    """Both ends of every segment along every axis, without the outermost pixels."""
    low, high = (np.full((len(pixels), 3), np.nan) for _ in range(2))
    known = pixels >= LEAST_PIXELS
    if not known.any():
        return low, high
    first = (np.cumsum(pixels) - pixels)[known]
    beyond = (TRIM * (pixels[known] - 1)).astype(np.int64)
    for axis in range(3):
        # One sort for all: the segment before the point, the place in the segment behind it.
        values = points[:, axis]
        base, span = values.min(), max(float(np.ptp(values)), 1e-9) * 1.001
        keys = np.sort(label + (values - base) / span)
        for end, places in ((low, first + beyond), (high, first + pixels[known] - 1 - beyond)):
            end[known, axis] = (keys[places] - np.flatnonzero(known)) * span + base
    return low, high


def _sampling(
    points: Float64[np.ndarray, "pixels 3"], label: Int64[np.ndarray, " pixels"], pixels: Int64[np.ndarray, " n"]
) -> Float64[np.ndarray, "n 3"]:
    """Standard deviation of the middle of n samples along each axis.

    The middle of the outermost of n uniform samples of a length has the standard deviation
    length / sqrt(2 (n + 1) (n + 2)), about std sqrt(6) / n (David and Nagaraja, Order Statistics, 2003,
    section 2.5). Neighbouring pixels are no independent samples; those of one side of the mask are, so
    that n is the root of the pixels.
    """
    return _spread(points, label, pixels) * np.sqrt(6.0 / np.maximum(pixels, 1))[:, None]


def _spread(
    points: Float64[np.ndarray, "pixels k"], label: Int64[np.ndarray, " pixels"], pixels: Int64[np.ndarray, " n"]
) -> Float64[np.ndarray, "n k"]:
    """Standard deviation of the points of every segment along every axis."""
    amount = np.maximum(pixels, 1)
    spread = np.empty((len(pixels), points.shape[1]))
    for axis in range(points.shape[1]):
        mean = np.bincount(label, points[:, axis], len(pixels)) / amount
        spread[:, axis] = np.bincount(label, (points[:, axis] - mean[label]) ** 2, len(pixels)) / amount
    return np.sqrt(spread)


def _finished(
    measured: Lifted,
    seen: Float64[np.ndarray, "pixels 3"],
    label: Int64[np.ndarray, " pixels"],
    camera: Camera,
    rotation: Float[np.ndarray, "3 3"],
    origin: Float[np.ndarray, "3"],
    noise: DepthNoise,
    solid: Bool[np.ndarray, " n"] | None,
    cut: Float64[np.ndarray, "n 2"],
) -> Lifted:
    """With the backs of bodies, the noise of depth and of the borders of pixels, and what is cut off."""
    pixels, known = measured.pixels, measured.pixels >= LEAST_PIXELS
    sampled = np.bincount(label, minlength=len(pixels))
    away = measured.positions - origin
    z = away @ rotation[:, 2]
    ray = away / np.maximum(np.linalg.norm(away, axis=1), 1e-9)[:, None]
    # Depth errors move a point along its ray; those of one frame are alike, so they do not average out.
    variance = measured.uncertainty**2 + (noise.at(z)[:, None] * ray) ** 2
    variance += ((z / np.sqrt(12.0))[:, None] * (np.array([1 / camera.fx, 1 / camera.fy, 0.0]) @ rotation.T)) ** 2
    across, up, deep = (_spread(seen, label, sampled) * np.sqrt(12.0)).T
    for side, size in enumerate((across, up)):
        variance += (CUT * (cut[:, side] * size)[:, None] * rotation[:, side]) ** 2
    positions, extents = measured.positions, measured.extents
    if solid is not None and solid.any():
        narrow = np.where(solid, np.minimum(across, up), 0.0)[:, None]
        hidden = np.maximum(NARROW * narrow - deep[:, None], 0.0) * solid[:, None]
        positions = positions + ray * hidden / 2
        extents = extents + np.abs(ray) * hidden
        variance += (BACK * narrow * ray) ** 2
    uncertainty = np.sqrt(variance)
    for rows in (positions, extents, uncertainty):
        rows[~known] = np.nan
    return Lifted(positions, extents, uncertainty, np.where(known, pixels, 0))
