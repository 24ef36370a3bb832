"""How RGB-D folders name their files, and which colour belongs to which depth and pose."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float64

from scenegraph.checked_json import inside, read_text
from scenegraph.decoding import some
from scenegraph.errors import InputError
from scenegraph.formats.trajectories import Poses, read_open3d, read_pose, read_tum

MAX_GAP = 0.02
"""Seconds between colour, depth and pose of one frame of a TUM folder, as its own tools have it."""

MILLIMETRES, TUM_UNITS = 1000.0, 5000.0
"""Stored units a metre."""

_PICTURES = (".png", ".jpg", ".jpeg")
_OTHER_DEPTH = (".npy", ".npz", ".exr", ".tiff", ".tif", ".pfm", ".pgm", ".h5")
"""Endings under which others store depth, mostly as floating-point metres."""

_COLOUR_FOLDERS = ("color", "rgb", "image")
_TRAJECTORIES = ("trajectory.log", "scene/trajectory.log")


@dataclass(frozen=True)
class Listing:
    """The frames of a folder in their order.

    Attributes:
        layout: name of the layout.
        colour: colour pictures.
        depth: as many depth pictures.
        units: of depth a metre, usual for the layout.
        poses: camera-to-world, or None where the folder has none.
        fps: pictures a second, None where no time is known.
        left_out: colour pictures without depth or pose at their time.
    """

    layout: str
    colour: tuple[Path, ...]
    depth: tuple[Path, ...]
    units: float
    poses: Poses | None
    fps: float | None = None
    left_out: int = 0


def listing(root: Path, layout: str = "auto") -> Listing:
    """Find the frames of a folder.

    Raises:
        InputError: the layout is unknown, nothing of it is there, or a frame lacks a part.
    """
    if not root.is_dir():
        raise InputError(f"{root}: there is no such folder")
    if layout == "auto":
        layout = _layout(root)
    if layout not in LAYOUTS:
        raise InputError(f"layout {layout!r}; expected {', '.join(LAYOUTS)} or 'auto'")
    found = LAYOUTS[layout](root)
    if not found.colour:
        raise InputError(f"{root}: no frame of the layout {layout!r} is there")
    return found


def _layout(root: Path) -> str:
    if any(root.glob("frame-*.color.*")):
        return "7-scenes"
    if (root / "rgb.txt").is_file() and (root / "depth.txt").is_file():
        return "tum"
    if (root / "depth").is_dir() and any((root / name).is_dir() for name in _COLOUR_FOLDERS):
        return "open3d"
    raise InputError(
        f"{root}: no RGB-D folder: neither frame-000000.color.png (7-scenes), rgb.txt and depth.txt (tum), nor the "
        "folders color and depth (open3d)"
    )


def _seven_scenes(root: Path) -> Listing:
    colour = _numbered(path for path in root.glob("frame-*.color.*") if path.suffix.lower() in _PICTURES)
    stems = [path.name.split(".color.")[0] for path in colour]
    depth = tuple(root / f"{stem}.depth.png" for stem in stems)
    _refuse_other_depth([path.with_suffix("") for path in depth], root)
    _all_there(depth, root, "depth")
    poses = [root / f"{stem}.pose.txt" for stem in stems]
    if not any(path.is_file() for path in poses):
        return Listing("7-scenes", colour, depth, MILLIMETRES, None)
    _all_there(poses, root, "pose")
    return Listing("7-scenes", colour, depth, MILLIMETRES, np.stack([read_pose(path) for path in poses]))


def _open3d(root: Path) -> Listing:
    folder = next((root / name for name in _COLOUR_FOLDERS if (root / name).is_dir()), root / "color")
    colour, depth = _pictures(folder), _pictures(root / "depth")
    if not depth:
        _refuse_other_depth([root / "depth" / path.stem for path in colour], root)
    if len(colour) != len(depth):
        raise InputError(
            f"{root}: {len(colour)} pictures in {folder.name} and {len(depth)} in depth; every frame needs both"
        )
    named = [(_numbers(c.stem), _numbers(d.stem)) for c, d in zip(colour, depth, strict=True)]
    # Some write the time into the name as well; then the order alone tells.
    if all(len(a) == len(b) == 1 for a, b in named):
        wrong = [c.name for c, (a, b) in zip(colour, named, strict=True) if a != b]
        if wrong:
            raise InputError(f"{root}: colour without depth of the same number: {some(wrong)}")
    path = next((root / name for name in _TRAJECTORIES if (root / name).is_file()), None)
    poses = None if path is None else read_open3d(path)
    if poses is not None and len(poses) != len(colour):
        raise InputError(f"{path}: {len(poses)} poses for {len(colour)} frames; expected one each")
    return Listing("open3d", colour, depth, MILLIMETRES, poses)


def _tum(root: Path) -> Listing:
    (times, names), (depth_times, depth_names) = (_timed(root / name) for name in ("rgb.txt", "depth.txt"))
    nearest = _nearest(times, depth_times)
    near = np.abs(depth_times[nearest] - times) <= MAX_GAP
    path, poses = root / "groundtruth.txt", None
    if path.is_file():
        pose_times, poses = read_tum(path)
        posed = _nearest(times, pose_times)
        near &= np.abs(pose_times[posed] - times) <= MAX_GAP
        poses = poses[posed][near]
    kept = np.flatnonzero(near).tolist()
    if not kept:
        raise InputError(f"{root}: no colour picture has depth and pose within {MAX_GAP} s; are the clocks the same?")
    colour = tuple(inside(root, names[at], "rgb.txt") for at in kept)
    depth = tuple(inside(root, depth_names[nearest[at]], "depth.txt") for at in kept)
    _all_there((*colour, *depth), root, "picture")
    steps = np.diff(times[near])
    fps = float(1 / np.median(steps)) if len(steps) else None
    return Listing("tum", colour, depth, TUM_UNITS, poses, fps, len(names) - len(kept))


LAYOUTS: dict[str, Callable[[Path], Listing]] = {"7-scenes": _seven_scenes, "tum": _tum, "open3d": _open3d}
"""Layout to the function that finds its frames."""


def _timed(path: Path) -> tuple[Float64[np.ndarray, " n"], list[str]]:
    """Times, ascending, and names of a list of pictures."""
    rows = [line.split() for line in read_text(path).splitlines() if line.strip() and not line.startswith("#")]
    if not rows or any(len(row) != 2 for row in rows):
        raise InputError(f"{path}: expected lines of a time and the name of a picture")
    try:
        times = np.array([row[0] for row in rows], dtype=np.float64)
    except ValueError:
        raise InputError(f"{path}: expected times in seconds before the names") from None
    back = np.flatnonzero(~(np.diff(times) > 0))
    if len(back) or not np.isfinite(times).all():
        at = int(back[0]) + 1 if len(back) else 0
        raise InputError(f"{path}: frames out of order at {rows[at][1]} ({rows[at][0]}); sort the lines by time")
    return times, [row[1] for row in rows]


def _nearest(times: Float64[np.ndarray, " n"], others: Float64[np.ndarray, " m"]) -> np.ndarray:
    """Positions of the nearest of some other times."""
    after = np.clip(np.searchsorted(others, times), 1, max(len(others) - 1, 1))
    after = np.minimum(after, len(others) - 1)
    before = np.maximum(after - 1, 0)
    return np.where(np.abs(others[before] - times) <= np.abs(others[after] - times), before, after)


def _numbers(stem: str) -> list[int]:
    return [int(digits) for digits in re.findall(r"[0-9]{1,15}", stem)]


def _numbered(paths: Iterable[Path]) -> tuple[Path, ...]:
    """By the first number in the name, so that 10 follows 9."""
    return tuple(sorted(paths, key=lambda path: (_numbers(path.name)[:1], path.name)))


def _pictures(folder: Path) -> tuple[Path, ...]:
    if not folder.is_dir():
        raise InputError(f"{folder}: there is no such folder")
    return _numbered(path for path in folder.iterdir() if path.suffix.lower() in _PICTURES and path.name[0] != ".")


def _refuse_other_depth(stems: Sequence[Path], root: Path) -> None:
    """Say what to do about depth that is stored as something else than a 16-bit picture."""
    others = [
        found for stem in stems for suffix in _OTHER_DEPTH if (found := stem.with_name(stem.name + suffix)).is_file()
    ]
    if others:
        raise InputError(
            f"{root}: depth is stored as {others[0].relative_to(root).as_posix()} ({len(others)} such files); expected "
            "PNG with 16 bits a pixel: store metres times 1000, rounded, and 0 where there is none or NaN"
        )


def _all_there(paths: Sequence[Path], root: Path, what: str) -> None:
    missing = [path.relative_to(root).as_posix() for path in paths if not path.is_file()]
    if missing:
        raise InputError(
            f"{root}: {len(missing)} frames lack their {what}: {some(missing)}; copy them again, or take "
            "the colour pictures of these frames away"
        )
