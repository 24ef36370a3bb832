"""Where nodes are in metres: the 4-D tracks of a graph as arrays.

A track gives a centre and a size for every frame in which depth was measured. Tracks are in world
coordinates where the camera has poses and in camera coordinates otherwise (then the two views are one).
"""

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.steps import SpaceDirection
from scenegraph import Node, Source, Track4D
from scenegraph.spans import Spans, to_frames

MAX_CELLS = 5_000_000
"""Nodes times frames that are laid out as arrays (some 300 MB); longer sources are refused, not swapped."""

_AXES: dict[SpaceDirection, tuple[int, int]] = {
    "left of": (0, -1),
    "right of": (0, 1),
    "above": (1, -1),
    "below": (1, 1),
    "in front of": (2, -1),
    "behind": (2, 1),
}
"""Axis and sign: x to the right, y down, z away from the one who looks."""


class Space:
    """Tracks of the nodes of one graph, by node position.

    Attributes:
        world: float64 (nodes, frames, 3), centres in metres; NaN where nothing was measured.
        camera: the same in the coordinates of the camera of each frame.
        extents: float64 (nodes, frames, 3), sizes in metres; NaN where nothing was measured.
        errors: float64 (nodes, frames), the largest of the three standard deviations of the centre;
            NaN where none is known.
    """

    def __init__(self, nodes: list[Node], source: Source) -> None:
        tracked = [(at, node.region) for at, node in enumerate(nodes) if isinstance(node.region, Track4D)]
        frames = source.num_frames if tracked else 0
        self.too_long = len(nodes) * frames > MAX_CELLS
        shape = (len(nodes), 0 if self.too_long else frames)
        self.world = np.full((*shape, 3), np.nan)
        self.extents = np.full((*shape, 3), np.nan)
        self.errors = np.full(shape, np.nan)
        for at, track in tracked if not self.too_long else ():
            own = list(track.frames)
            self.world[at, own] = np.where(np.isnan(track.positions).any(axis=1)[:, None], np.nan, track.positions)
            self.extents[at, own] = np.where(np.isnan(track.extents).any(axis=1)[:, None], np.nan, track.extents)
            if track.uncertainty is not None:
                self.errors[at, own] = track.uncertainty.max(axis=1)
        poses = None if source.camera is None else source.camera.poses
        self.camera = self.world if poses is None else _seen_from(self.world, poses)

    def distances(
        self, first: Int64[np.ndarray, " n"], second: Int64[np.ndarray, " m"], window: Spans | None
    ) -> tuple[Float64[np.ndarray, "n m"], Float64[np.ndarray, "n m"]]:
        """Metres between centres and their standard deviation: means over the frames in which both are measured."""
        chosen = self._frames(window)
        ahead, back = self.world[first][:, chosen], self.world[second][:, chosen]
        errors = self.errors[first][:, chosen], self.errors[second][:, chosen]
        lengths = np.sqrt(((ahead[:, None] - back[None]) ** 2).sum(axis=-1))
        spread = np.sqrt(errors[0][:, None] ** 2 + errors[1][None] ** 2)
        spread[np.isnan(lengths)] = np.nan
        return _mean(lengths), _mean(spread)

    def places(
        self, at: Int64[np.ndarray, " n"], view: str, window: Spans | None, facing: Int64[np.ndarray, " k"] | None
    ) -> tuple[Float64[np.ndarray, "n 3"], Float64[np.ndarray, " n"]]:
        """Mean centres in a view (x right, y down, z forward) and their errors (0 where none is known).

        In the view `facing`, one who stands at the camera has turned about the vertical axis to look at
        the mean centre of the nodes `facing`; NaN where those are nowhere measured.
        """
        chosen = self._frames(window)
        tracks = (self.world if view == "world" else self.camera)[at][:, chosen]
        centres = _mean(np.moveaxis(tracks, 1, -1))
        measured = ~np.isnan(tracks).any(axis=-1)
        errors = _mean(np.where(measured, np.nan_to_num(self.errors[at][:, chosen]), np.nan))
        if facing is not None:
            target = _mean(self.places(facing, "camera", window, None)[0].T)
            length = np.hypot(target[0], target[2])
            across, along = (target[0] / length, target[2] / length) if length > 0 else (np.nan, np.nan)
            x, z = centres[:, 0].copy(), centres[:, 2].copy()
            centres[:, 0], centres[:, 2] = x * along - z * across, x * across + z * along
        return centres, errors

    def lengths(self, at: Int64[np.ndarray, " n"], window: Spans | None) -> Float64[np.ndarray, "n 3"]:
        """Mean width, height and depth in metres, NaN where nothing was measured."""
        return _mean(np.moveaxis(self.extents[at][:, self._frames(window)], 1, -1))

    def ranges(
        self, at: Int64[np.ndarray, " n"], window: Spans | None
    ) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
        """Mean distance from the camera in metres, and its error (0 where none is known)."""
        chosen = self._frames(window)
        away = np.sqrt((self.camera[at][:, chosen] ** 2).sum(axis=-1))
        errors = np.where(np.isnan(away), np.nan, np.nan_to_num(self.errors[at][:, chosen]))
        return _mean(away), _mean(errors)

    def travelled(
        self, at: Int64[np.ndarray, " n"], window: Spans | None
    ) -> tuple[Float64[np.ndarray, " n"], Int64[np.ndarray, " n"]]:
        """Metres from measured frame to measured frame, and the frames that this takes; NaN below two of them."""
        chosen = self._frames(window)
        length, duration = np.full(len(at), np.nan), np.zeros(len(at), dtype=np.int64)
        for row, position in enumerate(at):
            frames = np.flatnonzero(chosen & ~np.isnan(self.world[position, :, 0]))
            if len(frames) > 1:
                steps = np.diff(self.world[position, frames], axis=0)
                length[row] = np.sqrt((steps**2).sum(axis=-1)).sum()
                duration[row] = frames[-1] - frames[0]
        return length, duration

    def _frames(self, window: Spans | None) -> Bool[np.ndarray, " frames"]:
        frames = self.world.shape[1]
        return np.ones(frames, dtype=bool) if window is None else to_frames(window, frames)


def lies(
    first: tuple[Float64[np.ndarray, "n 3"], Float64[np.ndarray, " n"]],
    second: tuple[Float64[np.ndarray, "m 3"], Float64[np.ndarray, " m"]],
    direction: SpaceDirection,
) -> Bool[np.ndarray, "n m"]:
    """Whether place i (centre and error) lies in a direction of place j, by more than both errors together.

    In front of is nearer to the one who looks. NaN places lie nowhere.
    """
    axis, sign = _AXES[direction]
    apart = sign * (first[0][:, None, axis] - second[0][None, :, axis])
    errors = np.sqrt(first[1][:, None] ** 2 + second[1][None] ** 2)
    return apart > errors + 1e-6


def _seen_from(
    world: Float64[np.ndarray, "nodes frames 3"], poses: Float64[np.ndarray, "poses 4 4"]
) -> Float64[np.ndarray, "nodes frames 3"]:
    """World points in the camera coordinates of their frames; NaN in frames without a pose."""
    seen = np.full_like(world, np.nan)
    known = min(len(poses), world.shape[1])
    moved = world[:, :known] - poses[None, :known, :3, 3]
    seen[:, :known] = np.einsum("ntc,tcd->ntd", moved, poses[:known, :3, :3])
    return seen


def _mean(values: Float64[np.ndarray, "*n frames"]) -> Float64[np.ndarray, "*n"]:
    """Means along the last axis of what is not NaN; NaN where there is nothing."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    total = np.where(known, values, 0.0).sum(axis=-1)
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)
