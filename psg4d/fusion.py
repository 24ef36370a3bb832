"""RGB-D frames into one labelled cloud: a mean point, colour, normal and node for every small cube of space.

Memory is bounded by the cubes (voxels) that surfaces pass through, not by frames or pixels: a frame is
reduced to its voxels as it comes, and the node of a voxel is found by a running majority vote (Boyer and
Moore, MJRTY, 1981/1991), which needs one candidate and one number.

>>> fusion = Fusion(voxel=0.1)
>>> fusion.add(np.full((48, 64), 2.0, dtype=np.float32), Camera(50.0, 50.0, 31.5, 23.5))
>>> len(fusion.cloud()) < 48 * 64
True
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from jaxtyping import Float, Float32, Float64, Int32, Int64, Integer, UInt8

from psg4d.lifting import JUMP, check_depth
from scenegraph import Camera, InputError
from scenegraph.cameras import check_pose
from scenegraph.point_cloud import UNLABELLED, PointCloud

VOXEL = 0.02
"""Metres: the size that PSG4D and ScanNet use for rooms; streets need 0.1."""

MAX_VOXELS = 20_000_000
"""About 1.5 GB; a larger scene needs larger voxels."""

_AXIS_BITS = 21
_HALF = 1 << (_AXIS_BITS - 1)
_PENDING = 500_000
"""Rows that wait before they are merged: merging one by one would sort the whole scene for every frame."""

_GREY = 160
_REACH = 2
"""Pixels to both sides from which a normal is taken: the noise of neighbours is as large as their distance."""


class _Voxels(NamedTuple):
    """Distinct voxels, ascending by key, and what is summed up in them."""

    keys: Int64[np.ndarray, " n"]
    sums: Float32[np.ndarray, "n 10"]  # count, offset from the corner, colour, normal
    nodes: Int32[np.ndarray, " n"]
    votes: Float32[np.ndarray, " n"]


class Fusion:
    """Collects frames.

    Args:
        voxel: length of the sides of the cubes in metres.
        farthest: depth beyond is left out, in metres; sensors for rooms measure badly beyond 4 or 5.
        max_voxels: more are refused, so that a wrong scale cannot fill the memory.

    Raises:
        InputError: the voxel size is not above 0.
    """

    def __init__(self, voxel: float = VOXEL, farthest: float = np.inf, max_voxels: int = MAX_VOXELS) -> None:
        if not (np.isfinite(voxel) and voxel > 0):
            raise InputError(f"a voxel of {voxel} m; expected a length above 0, such as 0.02")
        self.voxel, self.farthest, self.max_voxels = voxel, farthest, max_voxels
        self._store = _empty()
        self._pending: list[_Voxels] = []

    def add(
        self,
        depth: Float[np.ndarray, "height width"],
        camera: Camera,
        pose: Float[np.ndarray, "4 4"] | None = None,
        colours: UInt8[np.ndarray, "height width 3"] | None = None,
        nodes: Integer[np.ndarray, "height width"] | None = None,
    ) -> None:
        """Add a frame.

        Args:
            depth: metres along the camera's axis; 0 or NaN: none.
            camera: intrinsics.
            pose: camera-to-world; points stay in camera coordinates without.
            colours: RGB of the pixels, grey if None.
            nodes: node id of the pixels, `UNLABELLED` for none.

        Raises:
            InputError: colours or nodes have another size than depth, depth is negative, the pose is no rigid
                transform, or there are too many voxels.
        """
        for name, array in (("colour", colours), ("node ids", nodes)):
            if array is not None and array.shape[:2] != depth.shape:
                raise InputError(
                    f"{name} are {array.shape[:2]} pixels (height, width), depth is {depth.shape}; register depth to "
                    "colour, or make both of one size"
                )
        check_depth(depth, depth.shape)
        if pose is not None:
            check_pose(pose, "the pose of the frame")
        points = camera.points(depth)
        normals = surface_normals(points)
        seen = np.isfinite(depth) & (depth > 0) & (depth <= self.farthest)
        rows = np.zeros((int(seen.sum()), 10), dtype=np.float32)
        places, normals = points[seen], normals[seen]
        if pose is not None:
            places, normals = places @ pose[:3, :3].T + pose[:3, 3], normals @ pose[:3, :3].T
        cells = np.floor(places / self.voxel)
        if len(cells) and np.abs(cells).max() >= _HALF:
            raise InputError(
                f"points up to {np.abs(places).max():.3g} m away do not fit into voxels of {self.voxel} m; "
                "is the scale of depth or poses right?"
            )
        rows[:, 0] = 1
        rows[:, 1:4] = places - cells * self.voxel
        rows[:, 4:7] = _GREY if colours is None else colours[seen]
        rows[:, 7:] = np.nan_to_num(normals)
        own = np.full(len(rows), UNLABELLED, dtype=np.int32) if nodes is None else nodes[seen].astype(np.int32)
        self._pending.append(_reduced(_Voxels(_packed(cells), rows, own, rows[:, 0])))
        if sum(len(each.keys) for each in self._pending) > max(_PENDING, len(self._store.keys) // 2):
            self._merge()

    def __len__(self) -> int:
        """Voxels so far."""
        self._merge()
        return len(self._store.keys)

    def cloud(self) -> PointCloud:
        """One point a voxel: the mean of what was measured in it."""
        self._merge()
        keys, sums, nodes, _ = self._store
        count = np.maximum(sums[:, :1], 1)
        points = _unpacked(keys) * self.voxel + sums[:, 1:4] / count
        lengths = np.linalg.norm(sums[:, 7:], axis=1, keepdims=True)
        normals = np.divide(sums[:, 7:], lengths, out=np.full((len(keys), 3), np.nan, np.float32), where=lengths > 0.1)
        return PointCloud.of(points, (sums[:, 4:7] / count).round(), nodes, normals)

    def _merge(self) -> None:
        if not self._pending:
            return
        together = _Voxels(*(np.concatenate(arrays) for arrays in zip(self._store, *self._pending, strict=True)))
        self._pending.clear()
        self._store = _reduced(together)
        if len(self._store.keys) > self.max_voxels:
            raise InputError(
                f"{len(self._store.keys):,} voxels of {self.voxel} m; at most {self.max_voxels:,} are kept. "
                "Give larger voxels, or a farthest depth; is the scale of depth right?"
            )


def surface_normals(points: Float64[np.ndarray, "height width 3"]) -> Float32[np.ndarray, "height width 3"]:
    """Normals of a map of points, towards the camera at the origin; NaN at borders and steps in depth."""
    height, width, _ = points.shape
    points = points.astype(np.float32)  # half the time; depth has fewer digits than that
    normals = np.full(points.shape, np.nan, dtype=np.float32)
    if height <= 2 * _REACH or width <= 2 * _REACH:
        return normals
    inner = slice(_REACH, -_REACH)
    across = points[inner, 2 * _REACH :] - points[inner, : -2 * _REACH]
    down = points[2 * _REACH :, inner] - points[: -2 * _REACH, inner]
    crossed = np.cross(down, across)
    lengths = np.linalg.norm(crossed, axis=-1, keepdims=True)
    with np.errstate(divide="ignore"):
        inverse = 1 / points[..., 2]
    # Along a plane 1/z is linear in the pixels, however flat the angle; at a step it is not.
    middle = inverse[inner, inner]
    bends = [
        inverse[inner, 2 * _REACH :] + inverse[inner, : -2 * _REACH] - 2 * middle,
        inverse[2 * _REACH :, inner] + inverse[: -2 * _REACH, inner] - 2 * middle,
    ]
    smooth = (np.abs(bends).max(axis=0) < JUMP * middle)[..., None] & (lengths > 0)
    unit = np.divide(crossed, lengths, out=np.full(crossed.shape, np.nan), where=smooth)
    facing = np.sign((unit * points[inner, inner]).sum(axis=-1, keepdims=True))
    normals[inner, inner] = -unit * facing
    return normals


def reprojection_error(
    cloud: PointCloud, camera: Camera, depths: Iterable[Float[np.ndarray, "height width"]]
) -> Float64[np.ndarray, " frames"]:
    """How far the points of a cloud lie from the depth that each frame measured at their pixel: medians in metres.

    Args:
        cloud: in world coordinates.
        camera: with a pose for each of the frames.
        depths: of the frames, in metres.

    Returns:
        NaN for frames that see no point at a measured pixel.
    """
    points, errors = cloud.points.astype(np.float64), []
    for frame, depth in enumerate(depths):
        seen = camera.to_camera(points, frame)
        pixels = camera.project(seen)
        height, width = depth.shape
        inside = ((pixels > -0.5) & (pixels < (width - 0.5, height - 0.5))).all(axis=1)  # false for NaN
        x, y = np.round(pixels[inside]).astype(np.int64).T
        measured, z = depth[y, x], seen[inside, 2]
        known = measured > 0
        errors.append(float(np.median(np.abs(z[known] - measured[known]))) if known.any() else np.nan)
    return np.array(errors)


def _packed(cells: Float64[np.ndarray, "n 3"]) -> Int64[np.ndarray, " n"]:
    x, y, z = (cells.astype(np.int64) + _HALF).T
    return (x << 2 * _AXIS_BITS) | (y << _AXIS_BITS) | z


def _unpacked(keys: Int64[np.ndarray, " n"]) -> Int64[np.ndarray, "n 3"]:
    last = (1 << _AXIS_BITS) - 1
    return np.stack([keys >> 2 * _AXIS_BITS, (keys >> _AXIS_BITS) & last, keys & last], axis=1) - _HALF


def _empty() -> _Voxels:
    return _Voxels(np.zeros(0, np.int64), np.zeros((0, 10), np.float32), np.zeros(0, np.int32), np.zeros(0, np.float32))


def _reduced(rows: _Voxels) -> _Voxels:
    """One row a voxel: sums, and the node with the most votes, less those of the second."""
    if not len(rows.keys):
        return rows
    order = np.lexsort((rows.nodes, rows.keys))
    keys, nodes = rows.keys[order], rows.nodes[order]
    new_voxel = np.r_[True, keys[1:] != keys[:-1]]
    firsts = np.flatnonzero(new_voxel)
    sums = np.add.reduceat(rows.sums[order], firsts)
    pairs = np.flatnonzero(new_voxel | np.r_[True, nodes[1:] != nodes[:-1]])
    votes = np.add.reduceat(rows.votes[order], pairs)
    voxel = np.searchsorted(firsts, pairs, side="right") - 1
    # Pairs by voxel, the one with the most votes last.
    ranked = np.lexsort((votes, voxel))
    last = np.flatnonzero(np.r_[voxel[1:] != voxel[:-1], True])
    best, second = ranked[last], ranked[np.maximum(last - 1, 0)]
    contested = (last > 0) & (voxel[second] == voxel[best])
    margin = votes[best] - np.where(contested, votes[second], 0)
    return _Voxels(keys[firsts], sums, nodes[pairs[best]], margin.astype(np.float32))
