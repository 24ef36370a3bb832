"""Where nodes are in metres: the 4-D tracks of a graph as arrays.

A track gives a centre and a size for every frame in which depth was measured. Tracks are in world
coordinates where the camera has poses and in camera coordinates otherwise (then the two views are one).
Places in the view `world` are those of the source; widths, heights, depths and directions are those of
one who stands upright in it: which axis points up, the source says.
"""

from collections.abc import Iterator

import numpy as np
from jaxtyping import Bool, Float64, Int64

from assistant.steps import EXTENTS, SpaceDirection
from scenegraph import Node, Source, Track4D
from scenegraph.placement import world_frame
from scenegraph.spans import Spans, from_frames, to_frames

MAX_CELLS = 5_000_000
"""Nodes times frames that are laid out as arrays (some 300 MB); longer sources are refused, not swapped."""

MOVED = 0.1
"""Metres: the centre of a body that breathes, nods or is seen from another side moves by some centimetres."""

SURELY = 3.0
"""Standard deviations beyond which a move is no error, of fifty measured frames in which one may be far off."""

BETWEEN = -0.5
"""Cosine of 120 degrees: of three things in a triangle with equal sides none is between the others."""

_AXES: dict[SpaceDirection, tuple[int, int]] = {
    "left of": (0, -1),
    "right of": (0, 1),
    "above": (1, -1),
    "below": (1, 1),
    "in front of": (2, -1),
    "behind": (2, 1),
}
"""Axis and sign: x to the right, y down, z away from the one who looks."""

_LEVEL: dict[str, tuple[tuple[int, int, int], tuple[int, int, int]]] = {
    "-y": ((0, -1, 0), (0, 0, 1)),
    "y": ((0, 1, 0), (0, 0, -1)),
    "z": ((0, 0, 1), (0, 1, 0)),
}
"""By the axis that points up (`Source.up`): up, and ahead of one who has the axis x to the right."""


class Space:
    """Tracks of the nodes of one graph, by node position.

    Attributes:
        world: float64 (nodes, frames, 3), centres in metres; NaN where nothing was measured.
        camera: the same in the coordinates of the camera of each frame.
        extents: float64 (nodes, frames, 3), width, height and depth in metres; NaN where nothing was measured.
        errors: float64 (nodes, frames), the largest of the three standard deviations of the centre;
            NaN where none is known.
        measured: whether any node was measured at all.
    """

    def __init__(self, nodes: list[Node], source: Source) -> None:
        self._upright = world_frame(*np.array(_LEVEL[source.up], dtype=np.float64))
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
            sides = track.extents @ np.abs(self._upright).T
            self.extents[at, own] = np.where(np.isnan(track.extents).any(axis=1)[:, None], np.nan, sides)
            if track.uncertainty is not None:
                self.errors[at, own] = track.uncertainty.max(axis=1)
        self.measured = self.too_long or bool((~np.isnan(self.world)).any())
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
        """Mean centres in a view and their errors (0 where none is known).

        The axes are x right, y down, z forward; in the view `world` those of the source. In the view `facing`,
        one who stands at the camera has turned about the vertical axis to look at the mean centre of the nodes
        `facing`; NaN where those are nowhere measured.
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
    ) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"], Int64[np.ndarray, " n"]]:
        """Metres from measured frame to measured frame, their error, and the frames that this takes.

        NaN below two frames. The error takes those of all frames as independent.
        """
        length, error, duration = np.full(len(at), np.nan), np.full(len(at), np.nan), np.zeros(len(at), dtype=np.int64)
        for row, (frames, places, errors) in enumerate(self._ways(at, window)):
            if len(frames) > 1:
                length[row] = np.sqrt((np.diff(places, axis=0) ** 2).sum(axis=-1)).sum()
                error[row] = np.sqrt((errors[1:] ** 2 + errors[:-1] ** 2).sum())
                duration[row] = frames[-1] - frames[0]
        return length, error, duration

    def displaced(
        self, at: Int64[np.ndarray, " n"], window: Spans | None
    ) -> tuple[Float64[np.ndarray, " n"], Float64[np.ndarray, " n"]]:
        """Metres from the first to the last measured place, and their error; NaN below two frames."""
        length, error = np.full((2, len(at)), np.nan)
        for row, (frames, places, errors) in enumerate(self._ways(at, window)):
            if len(frames) > 1:
                length[row] = np.sqrt(((places[-1] - places[0]) ** 2).sum())
                error[row] = np.hypot(errors[0], errors[-1])
        return length, error

    def moved(
        self, at: Int64[np.ndarray, " n"], window: Spans | None
    ) -> tuple[Bool[np.ndarray, " n"], Bool[np.ndarray, " n"]]:
        """Whether each node was ever farther from its first place than `MOVED` and the errors allow; whether known."""
        moved, known = np.zeros((2, len(at)), dtype=bool)
        for row, (frames, places, errors) in enumerate(self._ways(at, window)):
            away = np.sqrt(((places - places[:1]) ** 2).sum(axis=-1))
            spread = np.nan_to_num(np.hypot(errors, errors[:1]))
            moved[row] = bool((away > np.maximum(MOVED, SURELY * spread)).any())
            known[row] = len(frames) > 1
        return moved & known, known

    def offsets(
        self,
        first: Int64[np.ndarray, " n"],
        second: Int64[np.ndarray, " m"],
        view: str,
        window: Spans | None,
        facing: Int64[np.ndarray, " k"] | None,
    ) -> tuple[Float64[np.ndarray, "n m 3"], Float64[np.ndarray, "n m"]]:
        """From each of the second to each of the first in metres, right, down and ahead in a view, and the errors.

        In the view `from` one stands at the mean centre of the nodes `facing` and looks at the second:
        forward is the horizontal way to it, and what is uncertain about that way turns the others.
        """
        stands = view == "from"
        ours, theirs = (
            self.places(own, "camera" if stands else view, window, None if stands else facing)
            for own in (first, second)
        )
        apart = ours[0][:, None] - theirs[0][None]
        if view == "world":
            apart = apart @ self._upright.T
        errors = np.hypot(ours[1][:, None], theirs[1][None])
        if not stands or facing is None:
            return apart, errors
        centres, own = self.places(facing, "camera", window, None)
        ahead = theirs[0] - _mean(centres.T)
        length = np.hypot(ahead[:, 0], ahead[:, 2])
        across, along = (
            np.divide(ahead[:, axis], length, out=np.full(len(length), np.nan), where=length > 0) for axis in (0, 2)
        )
        turned = apart.copy()
        turned[..., 0] = apart[..., 0] * along - apart[..., 2] * across
        turned[..., 2] = apart[..., 0] * across + apart[..., 2] * along
        turn = np.hypot(_mean(own), theirs[1]) / np.where(length > 0, length, np.nan)
        return turned, np.hypot(errors, np.hypot(apart[..., 0], apart[..., 2]) * turn)

    def latest(
        self, at: Int64[np.ndarray, " n"], others: Int64[np.ndarray, " m"] | None, view: str, window: Spans | None
    ) -> tuple[Int64[np.ndarray, "n m"], Float64[np.ndarray, "n m 3"], Float64[np.ndarray, "n m"]]:
        """The last frame in which both are measured (-1 for none), the way from the other, and its error.

        Ways are right, down and ahead. With `others` None there is one column: the way from the camera.
        """
        tracks = self.world if view == "world" else self.camera
        known = ~np.isnan(tracks).any(axis=-1) & self._frames(window)
        columns = 1 if others is None else len(others)
        frames = np.full((len(at), columns), -1, dtype=np.int64)
        ways, errors = np.full((len(at), columns, 3), np.nan), np.full((len(at), columns), np.nan)
        for row, node in enumerate(at):
            for column in range(columns):
                both = known[node] if others is None else known[node] & known[others[column]]
                if not both.any() or (others is not None and others[column] == node):
                    continue
                frame = int(np.flatnonzero(both)[-1])
                frames[row, column] = frame
                ways[row, column] = tracks[node, frame]
                errors[row, column] = self.errors[node, frame]
                if others is not None:
                    ways[row, column] -= tracks[others[column], frame]
                    errors[row, column] = np.hypot(errors[row, column], self.errors[others[column], frame])
        return frames, ways @ self._upright.T if view == "world" else ways, errors

    def frames(self, node: int, other: int | None, quantity: str, window: Spans | None) -> Spans:
        """The frames that a quantity of a node (or between two) rests on."""
        tracks = {
            "distance": self.camera,
            **dict.fromkeys(EXTENTS, self.extents),
        }
        values = tracks.get(quantity, self.world) if other is None else self.world
        known = ~np.isnan(values[node]).any(axis=-1) & self._frames(window)
        if other is not None:
            beside = ~np.isnan(values[other]).any(axis=-1) & self._frames(window)
            known = known | beside if quantity in ("x", "y", "z") else known & beside  # of the mean place of each
        return from_frames(known)

    def _ways(
        self, at: Int64[np.ndarray, " n"], window: Spans | None
    ) -> Iterator[tuple[Int64[np.ndarray, " t"], Float64[np.ndarray, "t 3"], Float64[np.ndarray, " t"]]]:
        """Frames, centres and errors of every node, in the frames in which it is measured."""
        chosen = self._frames(window)
        for position in at:
            frames = np.flatnonzero(chosen & ~np.isnan(self.world[position, :, 0]))
            yield frames, self.world[position, frames], self.errors[position, frames]

    def _frames(self, window: Spans | None) -> Bool[np.ndarray, " frames"]:
        frames = self.world.shape[1]
        return np.ones(frames, dtype=bool) if window is None else to_frames(window, frames)


def lies(
    ways: Float64[np.ndarray, "n m 3"], errors: Float64[np.ndarray, "n m"], direction: SpaceDirection
) -> tuple[Bool[np.ndarray, "n m"], Bool[np.ndarray, "n m"]]:
    """Whether a way (from the other to the one) leads in a direction, or in the opposite one, by more than its error.

    In front of is nearer to the one who looks. NaN ways lead nowhere.
    """
    axis, sign = _AXES[direction]
    apart, bound = sign * ways[..., axis], errors + 1e-6
    return apart > bound, -apart > bound


def axis_of(direction: SpaceDirection) -> int:
    """The axis that a direction is along: x to the right, y down, z ahead."""
    return _AXES[direction][0]


def between(
    nodes: Float64[np.ndarray, "n axes"], first: Float64[np.ndarray, "a axes"], second: Float64[np.ndarray, "b axes"]
) -> Bool[np.ndarray, "n a b"]:
    """Whether each centre lies between two others: they lie more than 120 degrees apart, seen from it."""
    ways = [side[None] - nodes[:, None] for side in (first, second)]
    lengths = [np.sqrt((way**2).sum(axis=-1)) for way in ways]
    product = np.einsum("nad,nbd->nab", *ways)
    return product < BETWEEN * lengths[0][:, :, None] * lengths[1][:, None, :] - 1e-9


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
