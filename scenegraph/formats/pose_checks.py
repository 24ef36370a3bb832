"""Whether depth and poses of a recording belong together: frames are projected into each other."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from jaxtyping import Float

from scenegraph.cameras import Camera
from scenegraph.decoding import some
from scenegraph.formats.depth_checks import is_plausible
from scenegraph.formats.problems import Finding, Findings

Depth = Float[np.ndarray, "height width"]
"""Metres along the camera's axis, 0: none."""

View = tuple[int, Depth]
"""The number of a frame and its depth."""

_POINTS = 10_000
"""About as many pixels of a frame are projected, in even steps."""

_LEAST_SHARED = 500
"""Points that must fall on measured pixels for a pair to count."""

_SCALES = (0.001, 0.01, 0.1, 0.2, 0.5, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""Factors by which depth is often wrong: powers of ten between metres and millimetres, TUM, half, and back."""

_SIZES = (0.5, 2.0)
"""Pictures are often halved, and their intrinsics forgotten."""

_SUSPECT, _CLEARLY = 0.015, 0.5
"""Another reading of the data is suggested where the error is above this share of the depth, and the
other reading makes it less than half as large. Sensors measure 0.3 to 1 % across a room."""

_FAINT = 0.005
"""Frames that lie near each other differ little in any scale. Above this share of the depth (between it and
`_SUSPECT` noise is possible too) another reading that is so much better is a warning, not an error."""

_GOOD = 0.02
"""Another reading is suggested only if it makes the error this small: of two wrong ones neither is advice."""

_DOUBTFUL, _FALSE, _USELESS = 0.025, 0.05, 0.1
"""From the first error on a recording is doubtful, even if no other reading is better, and from the last on no place
is right. The one between is for single frames."""

_ALONE = 1.5
"""In order, a frame is nearer to both neighbours than these are to each other."""

_JUMP = 4.0
"""A frame that differs from its neighbours so many times as much as a quarter of all frames do at most is
suspected to stand in the wrong place: a camera that turns quickly, or blur, make two or three times as much."""


def pose_error(camera: Camera, first: View, second: View, factor: float = 1.0) -> float:
    """How far the points of one frame lie from the depth of another, as a share of the depth (median).

    About the noise of the sensor where depth, intrinsics and poses belong together; NaN where the
    frames share too little.

    Args:
        camera: with poses.
        first: number and depth in metres of a frame.
        second: those of another.
        factor: by which depth is multiplied before.

    >>> still = Camera(10.0, 10.0, 20.0, 20.0, np.tile(np.eye(4), (2, 1, 1)))
    >>> wall = np.full((240, 240), 2.0, dtype=np.float32)
    >>> pose_error(still, (0, wall), (1, wall))
    0.0
    """
    step = max(1, round((first[1].size / _POINTS) ** 0.5))
    z = first[1][::step, ::step].astype(np.float64) * factor
    rows, columns = (np.arange(0, side, step) for side in first[1].shape)
    x, y = (columns - camera.cx) / camera.fx * z, ((rows - camera.cy) / camera.fy)[:, None] * z
    points = np.stack([x, y, z], axis=-1)[z > 0]
    seen = camera.to_camera(camera.to_world(points, first[0]), second[0])
    pixels = camera.project(seen)
    height, width = second[1].shape
    near = (pixels > -0.5) & (pixels < (width - 0.5, height - 0.5))  # false for NaN
    inside = near.all(axis=-1)
    hit = np.round(pixels[inside]).astype(np.int64)
    measured = second[1][hit[:, 1], hit[:, 0]] * factor
    valid = measured > 0
    if valid.sum() < _LEAST_SHARED:
        return float("nan")
    return float(np.median(np.abs(seen[inside, 2][valid] - measured[valid]) / measured[valid]))


@dataclass
class Neighbours:
    """How well every frame fits the one before it, while frames are read one after the other.

    Attributes:
        camera: with poses.
        errors: `pose_error` between a frame and the one before it, by frame.
        around: the same between the frames before and after a frame.
        name: of a frame, for messages.
    """

    camera: Camera
    errors: dict[int, float] = field(default_factory=dict)
    around: dict[int, float] = field(default_factory=dict)
    name: Callable[[int], str] = str
    _before: list[View] = field(default_factory=list)

    def add(self, frame: int, depth: Depth) -> None:
        """The next frame."""
        if self._before:
            self.errors[frame] = pose_error(self.camera, self._before[-1], (frame, depth))
        if len(self._before) == 2:
            self.around[self._before[1][0]] = pose_error(self.camera, self._before[0], (frame, depth))
        self._before = [*self._before[-1:], (frame, depth)]

    def _alone(self, frame: int) -> float:
        """From which error on a frame fits neither neighbour, though these fit each other."""
        around = self.around.get(frame, float("nan"))
        return float("inf") if np.isnan(around) else max(_FAINT, _ALONE * around)

    def findings(self) -> Findings:
        """Frames that fit neither the one before nor the one after, though others do: they stand in the wrong place."""
        known = [error for error in self.errors.values() if not np.isnan(error)]
        if not known:
            return
        usual = float(np.quantile(known, 0.25, method="lower"))
        limit = max(_SUSPECT, _JUMP * usual)
        strays = {
            frame: max(error, self.errors[frame + 1])
            for frame, error in self.errors.items()
            if min(error, self.errors.get(frame + 1, 0.0)) > min(limit, self._alone(frame))
        }
        if strays:
            worst = max(strays.values())
            names = some([self.name(frame) for frame in strays])
            yield Finding(
                "poses",
                f"frames {names}: depth and poses differ from the frames before and after by up to {worst:.1%} "
                f"(median), those of other frames by {usual:.1%}; are the files in order, or has one the depth or the "
                "pose of another?",
                "error" if worst > _FALSE else "warning",
            )


class _Reading(NamedTuple):
    """How else depth, intrinsics or poses could be meant.

    Attributes:
        field: what is wrong if this is right.
        text: what to do; `{}` stands for how well it fits.
        camera: with other intrinsics or poses.
        factor: of the depth.
    """

    field: str
    text: str
    camera: Camera
    factor: float = 1.0


def pose_findings(
    depth_of: Callable[[int], Depth], count: int, neighbours: Neighbours, units: float | None = None
) -> Findings:
    """Whether frames stand in the wrong place, or another scale, size or direction would fit better.

    Args:
        depth_of: the depth of a frame.
        count: frames.
        neighbours: all frames have been added to it.
        units: stored units of depth a metre, where a user can give others.
    """
    strays, camera = list(neighbours.findings()), neighbours.camera
    yield from strays
    if any(finding.severity == "error" for finding in strays):
        return  # what else could be said would be of frames that are mixed up
    pairs, error = _telling_pairs(depth_of, count, camera)
    if error <= _FAINT or not pairs:
        return
    depth = pairs[0][0][1]
    if np.count_nonzero(depth > 0) < _LEAST_SHARED:
        return
    differ = f"depth and poses differ by {error:.1%} (median)"
    if np.isinf(error):
        differ = "neighbouring frames share nothing by their depth and poses"
    readings = list(_readings(camera, depth, units))
    errors = [_error(pairs, reading.camera, reading.factor) for reading in readings]
    best = int(np.argmin(errors))
    if errors[best] < min(_CLEARLY * error, _GOOD):
        text = readings[best].text.format(f"they differ by {errors[best]:.1%}")
        yield Finding(readings[best].field, f"{differ}; {text}", "error" if error > _SUSPECT else "warning")
    elif error > _DOUBTFUL:
        message = f"{differ}: intrinsics, scale or poses do not belong together, or frames are out of order"
        yield Finding("poses", message, "error" if _USELESS < error < np.inf else "warning")


def _readings(camera: Camera, depth: Depth, units: float | None) -> Iterator[_Reading]:
    """Scales of depth or of the poses, poses inverted or in reverse, intrinsics of pictures of another size."""
    median = float(np.median(depth[depth > 0]))
    for factor in _SCALES:
        if is_plausible(median) and not is_plausible(median * factor):
            text = f"with shifts of the poses divided by {factor:g} {{}}: expected metres, divide them"
            yield _Reading("poses", text, camera, factor)
        elif units is None:
            yield _Reading("depth", f"with depth times {factor:g} {{}}: is it stored in another scale?", camera, factor)
        else:
            text = f"with {units / factor:g} units a metre in place of {units:g} {{}}: give that scale"
            yield _Reading("depth", text, camera, factor)
    poses = np.asarray(camera.poses)
    inverted, reverse = (replace(camera, poses=each) for each in (np.linalg.inv(poses), poses[::-1]))
    yield _Reading("poses", "with inverted poses {}; expected camera-to-world poses: invert them", inverted)
    yield _Reading("poses", "with the poses in reverse {}: frames or poses are out of order", reverse)
    for factor in _SIZES:
        scaled = Camera(camera.fx * factor, camera.fy * factor, camera.cx * factor, camera.cy * factor, camera.poses)
        text = f"with intrinsics times {factor:g} {{}}: they are of pictures of another size, scale them"
        yield _Reading("intrinsics", text, scaled)


def _telling_pairs(
    depth_of: Callable[[int], Depth], count: int, camera: Camera
) -> tuple[list[tuple[View, View]], float]:
    """Pairs of frames that lie as far apart as still share something, and their error; infinite if none does."""
    shared: list[tuple[View, View]] = []
    for gap in sorted({count // 2, count // 4, count // 16, 1} - {0}, reverse=True):
        pairs = [(first, first + gap) for first in dict.fromkeys((0, (count - gap) // 2, count - gap - 1))]
        shared = [((a, depth_of(a)), (b, depth_of(b))) for a, b in pairs if 0 <= a < b < count]
        error = _error(shared, camera)
        if np.isfinite(error):
            return shared, error
    return shared, float("inf")


def _error(pairs: list[tuple[View, View]], camera: Camera, factor: float = 1.0) -> float:
    """The median over pairs of frames; infinite if none shares enough."""
    errors = [pose_error(camera, first, second, factor) for first, second in pairs]
    known = [error for error in errors if not np.isnan(error)]
    return float(np.median(known)) if known else float("inf")
