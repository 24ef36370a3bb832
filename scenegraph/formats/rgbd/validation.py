"""What is wrong with an RGB-D folder: files, depth, and whether depth and poses agree."""

from dataclasses import replace
from pathlib import Path

import numpy as np
from jaxtyping import Float32
from tqdm import tqdm

from scenegraph.cameras import Camera
from scenegraph.errors import InputError
from scenegraph.formats.depth_checks import depth_findings
from scenegraph.formats.problems import Finding, Findings, Problem, Severity, limited
from scenegraph.formats.rgbd.folder import Intrinsics, RGBDFolder
from scenegraph.images import image_size

_POINTS = 10_000
"""About as many pixels of a frame are projected, in even steps."""

_LEAST_SHARED = 500
"""Points that must fall on measured pixels for a pair to count."""

_SCALES = (0.001, 0.01, 0.1, 0.2, 0.5, 2.0, 5.0, 10.0, 100.0, 1000.0)
"""Factors by which depth is often wrong: powers of ten between metres and millimetres, TUM, half, and back."""

_SUSPECT, _CLEARLY = 0.015, 0.5
"""Another reading of the data is suggested where the error is above this share of the depth, and the
other reading makes it less than half as large. Sensors measure 0.3 to 1 % across a room."""

_FAINT = 0.005
"""Frames that lie near each other differ little in any scale. Above this share of the depth (between it and
`_SUSPECT` noise is possible too) another reading that is so much better is a warning, not an error."""

_FALSE = 0.05
"""From this error on something is wrong, even if no other reading is better."""


def validate(
    root: str | Path,
    layout: str = "auto",
    units: float | None = None,
    intrinsics: Intrinsics | None = None,
    progress: bool = True,
) -> list[Problem]:
    """Read every frame of a folder, and project some of them into each other.

    Returns:
        Problems in the order of the frames. That depth fits the poses better in another scale, or
        with the poses inverted, is an error too; a warning where the frames lie so near each other that
        it might be noise.

    Raises:
        InputError: the folder cannot be opened at all: no frames, no intrinsics, a pose that is none.
    """
    folder = RGBDFolder.open(root, layout, units, intrinsics)
    bar = tqdm(range(len(folder)), desc="checking", unit="frame", disable=not progress, leave=False)
    findings = list(limited(_one_frame(folder, frame) for frame in bar))
    if folder.camera.poses is None:
        findings.append(Finding("poses", "there are none; places are known in the camera's frame only", "warning"))
    elif not any(finding.severity == "error" for finding in findings):
        findings += _pose_findings(folder)
    if folder.frames.left_out:
        message = f"{folder.frames.left_out} colour pictures have no depth or pose at their time; they are left out"
        findings.append(Finding("frames", message, "warning"))
    return [Problem(folder.root.name, *finding) for finding in findings]


def require_sound(
    root: str | Path, units: float | None = None, intrinsics: Intrinsics | None = None, progress: bool = True
) -> None:
    """Refuse a folder in which `validate` finds errors.

    Args:
        root: the folder.
        units: stored units of depth a metre; what is usual for the layout if None.
        intrinsics: fx, fy, cx, cy in pixels; from the folder if None.
        progress: show a bar on stderr.

    Raises:
        InputError: the first of them.
    """
    found = validate(root, units=units, intrinsics=intrinsics, progress=progress)
    errors = [problem for problem in found if problem.severity == "error"]
    if errors:
        more = f" (and {len(errors) - 1} more)" if len(errors) > 1 else ""
        raise InputError(
            f"{root}: {errors[0].field}: {errors[0].message}{more}; `groundgraph data check rgbd` lists them, "
            "--unchecked goes on with what there is"
        )


def pose_error(
    camera: Camera,
    first: tuple[int, Float32[np.ndarray, "height width"]],
    second: tuple[int, Float32[np.ndarray, "height width"]],
    factor: float = 1.0,
) -> float:
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


def _one_frame(folder: RGBDFolder, frame: int) -> list[Finding]:
    found: list[Finding] = []
    try:
        size = image_size(folder.frames.colour[frame])
        if size != folder.size:
            message = f"frame {frame} is {size} pixels (height, width); frame 0 is {folder.size}"
            found.append(Finding("colour", message))
        remedy = f"is {folder.units:g} units a metre the right scale?"
        found += depth_findings(folder.depth(frame), folder.size, frame, remedy)
    except InputError as error:
        found.append(Finding("depth", str(error)))
    return found


def _pose_findings(folder: RGBDFolder) -> Findings:
    """Whether another scale or inverted poses would fit the depth better."""
    pairs, error = _telling_pairs(folder)
    if not error > _FAINT:  # NaN: nothing to compare
        return
    severity: Severity = "error" if error > _SUSPECT else "warning"
    poses = np.linalg.inv(np.asarray(folder.camera.poses))
    inverted = _error(folder, pairs, replace(folder.camera, poses=poses))
    scales = {factor: _error(folder, pairs, folder.camera, factor) for factor in _SCALES}
    factor = min(scales, key=lambda each: scales[each])
    if scales[factor] < min(inverted, _CLEARLY * error):
        yield Finding(
            "depth",
            f"depth and poses differ by {error:.1%} (median); with {folder.units / factor:g} units a metre in place of "
            f"{folder.units:g} they differ by {scales[factor]:.1%}: give that scale",
            severity,
        )
    elif inverted < _CLEARLY * error:
        yield Finding(
            "poses",
            f"depth and poses differ by {error:.1%} (median), with inverted poses by {inverted:.1%}; expected "
            "camera-to-world poses: invert them",
            severity,
        )
    elif error > _FALSE:
        message = f"depth and poses differ by {error:.1%} (median): intrinsics, scale or poses do not belong together"
        yield Finding("poses", message, "warning")


def _telling_pairs(folder: RGBDFolder) -> tuple[list[tuple[int, int]], float]:
    """Pairs of frames that lie as far apart as still share something, and their error; NaN if none does."""
    count = len(folder)
    for gap in dict.fromkeys((count // 2, count // 4, count // 16, 1)):
        pairs = [(first, first + gap) for first in dict.fromkeys((0, (count - gap) // 2, count - gap - 1)) if gap]
        shared = [pair for pair in pairs if 0 <= pair[0] < pair[1] < count]
        error = _error(folder, shared, folder.camera)
        if np.isfinite(error):
            return shared, error
    return [], float("nan")


def _error(folder: RGBDFolder, pairs: list[tuple[int, int]], camera: Camera, factor: float = 1.0) -> float:
    """The median over pairs of frames; infinite if none shares enough."""
    errors = [pose_error(camera, (a, folder.depth(a)), (b, folder.depth(b)), factor) for a, b in pairs]
    known = [error for error in errors if not np.isnan(error)]
    return float(np.median(known)) if known else float("inf")
